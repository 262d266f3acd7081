"""The ladder of evidence, who must speak, and who pairs with whom: worked out by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crink_events import evidence
from crink_events.roles import ACT_ROLES, FOUR

ACTORS = pd.DataFrame(
    [
        ("CHN", "state", None, "CHN", None),
        ("IRN", "state", None, "IRN", None),
        ("KOR", "state", None, "KOR", None),
        ("KOR-NIS", "organ", "KOR", "KOR", None),
        ("PRESS", "generic", None, None, None),
        ("PRK", "state", None, "PRK", None),
        ("PRK-MFA", "organ", "PRK", "PRK", None),
        ("RUS", "state", None, "RUS", None),
        ("RUS-MFA", "organ", "RUS", "RUS", None),
        ("RUS-PRES", "organ", "RUS", "RUS", None),
        ("SUN", "state", None, "SUN", None),
        ("UN", "igo", None, None, None),
        ("UNSC", "organ", "UN", None, None),
        ("USA", "state", None, "USA", None),
        ("USA-TREAS", "organ", "USA", "USA", None),
        ("gazprom", "firm", None, "RUS", True),
        ("teapot", "firm", None, "CHN", False),
        ("car", "ngo", None, None, None),
    ],
    columns=["actor_id", "kind", "parent", "iso3", "state_owned"],
)
SOURCES = pd.DataFrame(
    [("tass-1", "tass"), ("tass-2", "tass"), ("reuters-1", "reuters"), ("bbc-1", "bbc")],
    columns=["source_id", "publisher_id"],
)
PUBLISHERS = pd.DataFrame(
    [("tass", "RUS"), ("reuters", None), ("bbc", None)], columns=["publisher_id", "state_voice"]
)
DAY = dt.date(2024, 1, 1)

#: claimant, stance, day of January 2024, and what differs from the usual
Said = tuple[Any, ...]


def frames(
    said: list[Said], act: str = "deploy", roles: str = "PRK:sender RUS:host", via: str = ""
) -> dict[str, pd.DataFrame]:
    events = pd.DataFrame({"event_id": ["e"], "act": [act]})
    parts = [part.split(":") for part in roles.split()]
    participants = pd.DataFrame(
        {
            "event_id": "e",
            "actor_id": [actor for actor, _ in parts],
            "role": [role for _, role in parts],
            "via": [[via] if via else [] for _ in parts],
        }
    )
    claims = []
    for number, (claimant, stance, day, *rest) in enumerate(said, start=1):
        more: dict[str, Any] = rest[0] if rest else {}
        claims.append(
            {
                "event_id": "e",
                "claim_no": number,
                "claimant_id": claimant,
                "stance": stance,
                "about": "occurrence",
                "public_on": pd.Timestamp(2024, 1, day),
                "basis": "none_given",
                "source_id": "reuters-1",
                "also_in": [],
                "origin": None,
            }
            | more
        )
    return {
        "events": events,
        "participants": participants,
        "claims": pd.DataFrame(claims),
        "sources": SOURCES,
        "publishers": PUBLISHERS,
        "actors": ACTORS,
    }


def answer(said: list[Said], day: int | None = None, **more: str) -> dict[str, Any]:
    as_of = None if day is None else pd.Timestamp(2024, 1, day)
    derived = evidence.derive(frames(said, **more), as_of)
    return {} if derived.empty else dict(derived.iloc[0])


TROOPS: list[Said] = [
    ("KOR-NIS", "asserts", 3),
    ("RUS-PRES", "denies", 5),
    ("PRESS", "asserts", 6, {"basis": "imagery"}),
    ("RUS-MFA", "asserts", 20),
    ("PRK", "asserts", 22),
]

LADDER_CASES: dict[str, tuple[list[Said], int | None, str | None]] = {
    "nothing public yet": (TROOPS, 2, None),
    "a third state says so": (TROOPS, 3, "assessed"),
    "a side denies": (TROOPS, 5, "contested"),
    "imagery does not end a denial": (TROOPS, 19, "contested"),
    "one side confirms": (TROOPS, 20, "partly_acknowledged"),
    "both confirm": (TROOPS, 22, "acknowledged"),
    "the release": (TROOPS, None, "acknowledged"),
    "one paper": ([("PRESS", "asserts", 1)], None, "single_source"),
    "two papers": (
        [("PRESS", "asserts", 1), ("PRESS", "asserts", 2, {"source_id": "bbc-1"})],
        None, "corroborated",
    ),
    "two papers with one origin": (
        [
            ("PRESS", "asserts", 1, {"origin": "leak"}),
            ("PRESS", "asserts", 2, {"source_id": "bbc-1", "origin": "leak"}),
        ],
        None, "single_source",
    ),
    "wreckage": ([("car", "asserts", 1, {"basis": "wreckage"})], None, "documented"),
    "a document of a side is no independent one": (
        [("RUS", "asserts", 1, {"basis": "document"})], None, "partly_acknowledged",
    ),
    "announced": ([("RUS", "announces", 1)], None, "announced"),
    "only denied": ([("RUS", "denies", 1)], None, None),
    "only declined": ([("RUS", "declines", 1)], None, None),
    "no comment changes nothing": (
        [("KOR-NIS", "asserts", 1), ("RUS", "declines", 2)], None, "assessed",
    ),
    "a qualification changes nothing": (
        [("RUS", "denies", 1), ("KOR-NIS", "asserts", 2), ("RUS", "qualifies", 3)],
        None, "contested",
    ),
    "on one day asserting wins": (
        [("RUS", "denies", 1), ("RUS-MFA", "asserts", 1), ("PRK", "asserts", 1)],
        None, "acknowledged",
    ),
    "the newer word counts": (
        [("RUS", "asserts", 1), ("PRK", "asserts", 1), ("RUS", "denies", 9)], None, "contested",
    ),
    "everyone takes it back": (
        [("PRESS", "asserts", 1), ("PRESS", "retracts", 2)], None, "retracted",
    ),
    "who asserted it denies it": (
        [("RUS", "asserts", 1), ("RUS", "denies", 2)], None, "retracted",
    ),
    "one of two takes it back": (
        [
            ("PRESS", "asserts", 1),
            ("PRESS", "retracts", 2),
            ("PRESS", "asserts", 2, {"source_id": "bbc-1"}),
        ],
        None, "single_source",
    ),
    "a claim about a figure is no claim of occurrence": (
        [("KOR-NIS", "asserts", 1, {"about": "quantity"}), ("PRESS", "asserts", 2)],
        None, "single_source",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LADDER_CASES)
def test_ladder(name: str) -> None:
    said, day, expected = LADDER_CASES[name]
    found = answer(said, day).get("evidence")
    assert (None if pd.isna(found) else found) == expected


def test_voices_of_sides() -> None:
    early, late = answer(TROOPS, 19), answer(TROOPS)
    assert (early["acknowledged_by"], early["denied_by"]) == ([], ["RUS"])
    assert (late["acknowledged_by"], late["denied_by"]) == (["PRK", "RUS"], [])


def test_counts() -> None:
    said = [
        ("PRESS", "asserts", 1, {"also_in": ["bbc-1"], "origin": "wire"}),
        ("PRESS", "asserts", 2, {"source_id": "tass-1", "origin": "wire"}),
        ("KOR-NIS", "asserts", 4),
        ("KOR-NIS", "asserts", 9, {"about": "quantity", "source_id": "tass-2"}),
    ]
    found = answer(said)
    assert (found["n_claims"], found["n_origins"]) == (4, 2)
    assert (found["n_sources"], found["n_publishers"]) == (4, 3)
    assert found["first_public"] == pd.Timestamp(2024, 1, 1)
    assert found["last_public"] == pd.Timestamp(2024, 1, 4)
    assert not found["state_media_only"]
    assert answer([("RUS", "asserts", 1, {"source_id": "tass-1"})])["state_media_only"]


def test_authority_is_the_side_of_a_designation() -> None:
    roles = "USA:authority PRK:subject RUS:subject"
    said: list[Said] = [("USA-TREAS", "asserts", 1), ("RUS-MFA", "denies", 2)]
    found = answer(said, act="designate", roles=roles)
    assert found["evidence"] == "acknowledged"
    assert found["acknowledged_by"] == ["USA"]
    assert found["denied_by"] == []


def test_record_of_the_body_acknowledges_a_vote() -> None:
    roles = "UNSC:authority PRK:subject CHN:abstained RUS:vetoed"
    found = answer([("UN", "asserts", 1)], act="vote", roles=roles)
    assert found["evidence"] == "acknowledged"
    by_press = answer([("PRESS", "asserts", 1)], act="vote", roles=roles)
    assert by_press["evidence"] == "single_source"


def test_soviet_union_counts_as_russia() -> None:
    found = answer(
        [("RUS", "asserts", 1), ("PRK", "asserts", 1)], act="sign",
        roles="SUN:signatory PRK:signatory",
    )  # fmt: skip
    assert found["evidence"] == "acknowledged"
    assert found["dyads"] == ["PRK-RUS"]
    assert found["rus"]
    assert found["participants"] == ["PRK", "SUN"]


@pytest.mark.parametrize(
    ("claimant", "via", "expected"),
    [
        ("gazprom", "gazprom", "partly_acknowledged"),
        ("gazprom", "", "single_source"),
        ("teapot", "teapot", "single_source"),
    ],
)
def test_only_a_state_owned_firm_speaks_and_only_of_its_dealings(
    claimant: str, via: str, expected: str
) -> None:
    found = answer(
        [(claimant, "asserts", 1)], act="trade", roles="RUS:supplier CHN:recipient", via=via
    )
    assert found["evidence"] == expected


#: act, roles, dyads
DYAD_CASES = [
    ("exercise", "IRN:host CHN:participant RUS:participant", ["CHN-IRN", "CHN-RUS", "IRN-RUS"]),
    ("exercise", "IRN:host RUS:participant CHN:observer", ["IRN-RUS"]),
    ("exercise", "RUS:host CHN:participant PRK:invitee", ["CHN-RUS"]),
    ("meet", "CHN:host RUS:guest PRK:guest IRN:guest", ["CHN-IRN", "CHN-PRK", "CHN-RUS"]),
    ("transfer", "IRN:supplier RUS:recipient CHN:transit", ["IRN-RUS"]),
    ("criticise", "IRN:initiator RUS:target", ["IRN-RUS"]),
    ("ratify", "RUS:ratifier PRK:counterparty", ["PRK-RUS"]),
    ("designate", "USA:authority CHN:subject IRN:subject", ["CHN-IRN"]),
    ("vote", "UNSC:authority PRK:subject CHN:abstained RUS:vetoed", ["CHN-PRK", "PRK-RUS"]),
    (
        "vote",
        "UNGA:authority RUS:subject RUS:voted_against PRK:voted_against CHN:abstained",
        ["CHN-RUS", "PRK-RUS"],
    ),
    ("vote", "UNSC:authority IRN:subject CHN:proposer RUS:proposer CHN:voted_for", ["CHN-IRN"]),
    ("context", "CHN:subject RUS:subject", []),
    ("meet", "RUS:host USA:participant", []),
]


@pytest.mark.parametrize(("act", "roles", "expected"), DYAD_CASES)
def test_dyads(act: str, roles: str, expected: list[str]) -> None:
    tables = frames([("PRESS", "asserts", 1)], act, roles)
    found = evidence.dyads(tables["events"], tables["participants"]).to_dict()
    assert found.get("e", []) == expected


def test_roles_know_every_act_and_role_of_the_schemas() -> None:
    from crink_events.descriptors import read_contract
    from tests.conftest import ROOT

    codes = read_contract(ROOT).vocabularies
    assert set(ACT_ROLES) == set(codes["act"])
    assert set().union(*(roles.allowed for roles in ACT_ROLES.values())) == set(codes["role"])
    assert all(needs[0] <= act.allowed for act in ACT_ROLES.values() for needs in act.needs)


STANCES = ["asserts", "announces", "denies", "declines", "qualifies", "retracts"]
CLAIMANTS = ["RUS", "RUS-MFA", "PRK", "KOR-NIS", "PRESS", "car"]
SAID = st.lists(
    st.tuples(
        st.sampled_from(CLAIMANTS),
        st.sampled_from(STANCES),
        st.integers(1, 28),
        st.fixed_dictionaries(
            {
                "basis": st.sampled_from(["none_given", "imagery", "own_act"]),
                "source_id": st.sampled_from(SOURCES["source_id"].tolist()),
                "origin": st.sampled_from([None, "leak"]),
            }
        ),
    ),
    min_size=1,
    max_size=8,
)


def _comparable(found: dict[str, Any]) -> dict[str, Any]:
    return {k: None if not isinstance(v, list) and pd.isna(v) else v for k, v in found.items()}


@settings(max_examples=40, deadline=None)
@given(SAID, st.integers(1, 27), SAID)
def test_later_claims_never_change_an_earlier_day(
    said: list[Said], day: int, later: list[Said]
) -> None:
    after = [(c, s, min(28, day + 1 + d % 5), more) for c, s, d, more in later]
    before = answer(said, day)
    assert _comparable(answer(said + after, day)) == _comparable(before)


@settings(max_examples=40, deadline=None)
@given(SAID)
def test_the_release_is_the_newest_day(said: list[Said]) -> None:
    assert _comparable(answer(said)) == _comparable(answer(said, 28))


@settings(max_examples=40, deadline=None)
@given(SAID)
def test_a_denial_never_removes_an_event(said: list[Said]) -> None:
    known = answer(said)["evidence"]
    denied = answer([*said, ("RUS", "denies", 28, {})])["evidence"]
    assert pd.isna(known) or not pd.isna(denied)


@settings(max_examples=40, deadline=None)
@given(SAID, st.permutations(range(8)))
def test_order_of_rows_does_not_matter(said: list[Said], order: list[int]) -> None:
    shuffled = [said[n] for n in order if n < len(said)]
    assert _comparable(answer(shuffled)) == _comparable(answer(said))


def test_spreads_are_not_sums() -> None:
    tables = frames([("KOR-NIS", "asserts", 1), ("PRESS", "asserts", 2)])
    tables["quantities"] = pd.DataFrame(
        {
            "event_id": "e",
            "quantity_no": [1, 2, 3],
            "claim_no": [1, 2, 2],
            "item": ["troops", "troops", "killed"],
            "measure": ["personnel", "personnel", "casualties"],
            "low": [None, 10_000.0, None],
            "best": [12_000.0, None, 300.0],
            "high": [None, None, None],
            "unit": "person",
            "aggregation": ["stock", "stock", "cumulative"],
        }
    )
    found = evidence.spreads(tables).set_index("item")
    assert tuple(found.loc["troops", ["lowest", "highest"]]) == (10_000, 12_000)
    assert tuple(found.loc["troops", ["n_figures", "n_claimants"]]) == (2, 2)
    assert found.loc["killed", "highest"] == 300


def test_dyads_are_of_the_four() -> None:
    assert list(FOUR) == sorted(FOUR)
