"""Roles: which of them an act allows and needs, who pairs in dyads, and who must speak.

One table for the rules that check the data and for the evidence that is computed from them.
Defined in the codebook (``docs/codebook.md``, "Roles").
"""

from __future__ import annotations

from typing import NamedTuple

#: The four states of the dataset, in alphabetical order of their ISO 3166-1 codes.
FOUR = ("CHN", "IRN", "PRK", "RUS")
#: The Soviet Union counts as Russia, as in the Correlates of War and Gleditsch-Ward lists.
PREDECESSORS = {"SUN": "RUS"}

#: Roles whose holders pair with each other in dyads.
MUTUAL = frozenset(
    [
        "host",
        "participant",
        "signatory",
        "supplier",
        "recipient",
        "sender",
        "initiator",
        "target",
        "proposer",
        "facilitator",
        "mediator",
        "acceding",
        "ratifier",
        "counterparty",
    ]
)
#: Voting roles: each of the four pairs with each other subject of the four.
VOTING = frozenset(["voted_for", "voted_against", "vetoed", "abstained", "not_voting"])
#: Roles whose holders must assert an event before it counts as acknowledged.
SPEAKING = frozenset(
    [
        "host",
        "participant",
        "signatory",
        "supplier",
        "recipient",
        "sender",
        "initiator",
        "proposer",
        "facilitator",
        "mediator",
        "acceding",
        "guest",
        "ratifier",
    ]
)
#: Acts in which the ``authority`` is the side: acts of third parties, and votes.
AUTHORITY_SPEAKS = frozenset(["designate", "interdict", "disclose", "assess", "vote"])
#: Acts of third parties about a tie, whose subjects pair with each other.
SUBJECTS_PAIR = frozenset(["designate", "interdict", "disclose", "assess"])

#: Pairs of roles in which the first acts on, for or towards the second. Two states that hold such a
#: pair make a directed dyad one way; all others that pair make one both ways.
DIRECTED = frozenset(
    [
        ("supplier", "recipient"),
        ("sender", "host"),
        ("initiator", "target"),
        ("ratifier", "counterparty"),
        *((role, "subject") for role in VOTING),
    ]
)

#: Roles that any act may have beside its own.
_ALWAYS = frozenset(["mediator", "facilitator", "observer"])


class ActRoles(NamedTuple):
    """The roles of one act.

    Attributes
    ----------
    allowed
        Roles that its participants may have.
    needs
        Alternatives and how many participants must together have one of them.
    """

    allowed: frozenset[str]
    needs: tuple[tuple[frozenset[str], int], ...]


def _act(allowed: str, *needs: tuple[str, int]) -> ActRoles:
    own = frozenset(allowed.split())
    return ActRoles(own | _ALWAYS, tuple((frozenset(roles.split()), n) for roles, n in needs))


_EXCHANGE = "supplier recipient"
_TOGETHER = "host participant"
_ACTS_ON = _act("initiator target", ("initiator", 1), ("target", 1))
_THIRD_PARTY = _act("authority subject", ("authority", 1), ("subject", 1))
_DRILL = _act(f"{_TOGETHER} invitee proposer", (_TOGETHER, 2))
_DEAL = _act(f"{_EXCHANGE} participant transit", (f"{_EXCHANGE} participant", 2))
_WORK = _act(f"{_EXCHANGE} {_TOGETHER}", (f"{_EXCHANGE} {_TOGETHER}", 2))

ACT_ROLES: dict[str, ActRoles] = {
    "sign": _act("signatory host guest proposer", ("signatory", 2)),
    "ratify": _act("ratifier counterparty", ("ratifier", 1), ("counterparty", 1)),
    "enter_into_force": _act("signatory", ("signatory", 2)),
    "pledge": _act("initiator target participant", ("initiator participant", 1)),
    "meet": _act(f"{_TOGETHER} guest invitee", (f"{_TOGETHER} guest", 2)),
    "endorse": _act("initiator target participant", ("initiator participant", 1)),
    "recognise": _ACTS_ON,
    "exercise": _DRILL,
    "patrol": _DRILL,
    "access": _act("host sender proposer", ("host", 1), ("sender", 1)),
    "transfer": _act(f"{_EXCHANGE} transit proposer", (_EXCHANGE, 1)),
    "produce": _WORK,
    "train": _WORK,
    "deploy": _act("sender host transit proposer", ("sender", 1), ("host", 1)),
    "trade": _DEAL,
    "finance": _DEAL,
    "evade": _act(f"{_EXCHANGE} participant transit", (f"{_EXCHANGE} participant", 1)),
    "share": _act(f"{_EXCHANGE} participant proposer", (f"{_EXCHANGE} participant", 2)),
    "police": _act(f"initiator target {_TOGETHER}", (f"initiator {_TOGETHER}", 1)),
    "relief": _act(f"{_EXCHANGE} transit", ("supplier", 1), ("recipient", 1)),
    "project": _WORK,
    "join": _act("acceding authority participant", ("acceding", 1), ("authority", 1)),
    "decline": _ACTS_ON,
    "withhold": _ACTS_ON,
    "omit": _ACTS_ON,
    "sideline": _ACTS_ON,
    "cancel": _act("initiator target participant", ("initiator participant", 1)),
    "restrict": _ACTS_ON,
    "enforce": _ACTS_ON,
    "criticise": _ACTS_ON,
    "incident": _act("initiator target participant", ("initiator target participant", 2)),
    "attack": _ACTS_ON,
    "spy": _ACTS_ON,
    "exit": _act("initiator target authority", ("initiator", 1)),
    "designate": _THIRD_PARTY,
    "interdict": _act("authority subject transit", ("authority", 1), ("subject", 1)),
    "disclose": _THIRD_PARTY,
    "assess": _THIRD_PARTY,
    "vote": _act(
        "voted_for voted_against vetoed abstained not_voting subject authority proposer",
        ("authority", 1),
        ("subject", 1),
        ("voted_for voted_against vetoed abstained not_voting", 1),
    ),
    # What dates the grouping from outside can have any cast.
    "context": _act(
        f"{_TOGETHER} {_EXCHANGE} signatory initiator target authority subject guest",
    ),
}
