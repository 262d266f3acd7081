"""Rules about participants: who takes part, in which role."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from crink_events.roles import ACT_ROLES, FOUR, PREDECESSORS, SUBJECTS_PAIR, VOTING
from crink_events.rules.registry import Data, Finding, rule


def _parts(data: Data) -> Iterator[tuple[int, str, list[tuple[int, str, str]]]]:
    """Give each event's row, act, and its participants as (row, actor, role)."""
    for row, event, act in data.rows("events", "event_id", "act"):
        parts = [
            (
                part,
                data.value("participants", part, "actor_id"),
                data.value("participants", part, "role"),
            )
            for part in data.of_event("participants", event)
        ]
        yield row, act, parts


@rule(
    "two-actors",
    "events participants",
    why="An event is something between two, or said by an authority about a subject.",
    hint="add the other participant",
    fails="- participants rus-prk-summit-2024/RUS/participant",
    passes="participants rus-prk-summit-2024/RUS/participant: actor_id=UKR | role=guest | via=",
)
def two_actors(data: Data) -> Iterator[Finding]:
    for row, _, parts in _parts(data):
        actors = {actor for _, actor, _ in parts}
        if len(parts) > 1 and len(actors) == 1:
            message = f"two different actors are needed; all {len(parts)} rows are {actors.pop()}"
            yield Finding("events", row, "event_id", message)
        elif len(actors) < 2:
            yield Finding("events", row, "event_id", f"{len(parts)} participants, two are needed")


@rule(
    "one-of-the-four",
    "events participants",
    why="An event without China, Russia, Iran or North Korea is out of scope.",
    hint="name the one that takes part, or leave the event out",
    fails=(
        "- participants usa-designation-verus-2023/PRK/subject\n"
        "- participants usa-designation-verus-2023/RUS/subject\n"
        "+ participants: event_id=usa-designation-verus-2023 | actor_id=KOR | role=subject\n"
        "+ participants: event_id=usa-designation-verus-2023 | actor_id=UKR | role=subject"
    ),
    passes="participants usa-designation-verus-2023/PRK/subject: actor_id=KOR",
)
def one_of_the_four(data: Data) -> Iterator[Finding]:
    for row, _, parts in _parts(data):
        if not any(PREDECESSORS.get(actor, actor) in FOUR for _, actor, _ in parts):
            yield Finding("events", row, "event_id", "none of the four takes part")


@rule(
    "role-allowed",
    "events participants",
    why="Roles decide dyads and who must speak; a role that the act does not know breaks both.",
    hint="see the table of roles in the codebook",
    fails="participants rus-prk-treaty-signed/RUS/signatory: role=supplier",
    passes="+ participants: event_id=rus-prk-treaty-signed | actor_id=UKR | role=observer",
)
def role_allowed(data: Data) -> Iterator[Finding]:
    for _, act, parts in _parts(data):
        if act not in ACT_ROLES:
            continue
        allowed = ACT_ROLES[act].allowed
        for part, _, role in parts:
            if role and role not in allowed:
                known = ", ".join(sorted(allowed))
                message = f"`{act}` has no {role}; it has {known}"
                yield Finding("participants", part, "role", message)


@rule(
    "role-needed",
    "events participants",
    why="A transfer without supplier and recipient, or a vote without voters, is no such act.",
    hint="add the participant, or choose the act that fits",
    fails="participants rus-prk-treaty-signed/RUS/signatory: role=mediator",
    passes="+ participants: event_id=rus-prk-treaty-signed | actor_id=UKR | role=mediator",
)
def role_needed(data: Data) -> Iterator[Finding]:
    for row, act, parts in _parts(data):
        if act not in ACT_ROLES:
            continue
        for roles, count in ACT_ROLES[act].needs:
            found = sum(role in roles for _, _, role in parts)
            if found < count:
                wanted = " or ".join(sorted(roles))
                message = f"`{act}` needs {count} participant(s) as {wanted} and has {found}"
                yield Finding("events", row, "act", message)


@rule(
    "states-take-part",
    "participants actors",
    why="An organ acts for its state; as a participant of its own it would drop out of dyads.",
    hint="name the state, and the organ in `via`",
    fails="participants rus-prk-treaty-signed/RUS/signatory: actor_id=RUS-MFA | via=",
    passes="participants rus-prk-treaty-signed/RUS/signatory: via=RUS-MFA",
)
def states_take_part(data: Data) -> Iterator[Finding]:
    for row, actor in data.rows("participants", "actor_id"):
        if actor not in data.actors:
            continue
        place = data.actors[actor]
        home = data.value("actors", place, "iso3")
        if data.value("actors", place, "kind") == "organ" and home is not None:
            message = f'"{actor}" is an organ of {home}'
            yield Finding("participants", row, "actor_id", message)


@rule(
    "via-belongs",
    "participants actors",
    why="An organ can only act for its own state.",
    hint="move it to the participant that it belongs to; leave `via` blank where no organ is named",
    fails="participants rus-prk-treaty-signed/RUS/signatory: via=PRK-SAC",
    passes="participants rus-prk-treaty-signed/RUS/signatory: via=RUS-MFA;gazprom",
)
def via_belongs(data: Data) -> Iterator[Finding]:
    for row, actor, via in data.rows("participants", "actor_id", "via"):
        state = PREDECESSORS.get(actor, actor)
        if actor not in data.actors or data.value("actors", data.actors[actor], "kind") != "state":
            continue
        for organ in via or []:
            if organ not in data.actors:
                continue
            home = data.value("actors", data.actors[organ], "iso3")
            home = PREDECESSORS.get(home, home)
            kind = data.value("actors", data.actors[organ], "kind")
            if organ == actor:
                message = f"{actor} acts here itself; `via` names its organs and firms"
                yield Finding("participants", row, "via", message)
            elif kind == "state":
                message = f'"{organ}" is a state; `via` names its organs and firms'
                yield Finding("participants", row, "via", message)
            elif kind == "organ" and home != state:
                message = f'"{organ}" belongs to {home or "no state"}, not to {actor}'
                yield Finding("participants", row, "via", message)


@rule(
    "guest-has-host",
    "events participants",
    why="A guest is received by somebody.",
    hint="name the host, a third state too; where nobody receives, both are `participant`",
    fails=(
        "participants rus-prk-summit-2024/PRK/host: role=guest\n"
        "participants rus-prk-summit-2024/RUS/participant: role=guest"
    ),
    passes="participants rus-prk-summit-2024/RUS/participant: role=guest",
)
def guest_has_host(data: Data) -> Iterator[Finding]:
    for _, act, parts in _parts(data):
        if act != "meet" or any(role == "host" for _, _, role in parts):
            continue
        for part, actor, role in parts:
            if role == "guest":
                yield Finding("participants", part, "role", f"{actor} is a guest, of no host")


@rule(
    "third-party-acts",
    "events participants actors",
    why="Listings, seizures, disclosures and assessments are coded as acts of third parties.",
    hint="name the third party; an act of one of the four itself is another act",
    fails="participants usa-designation-verus-2023/RUS/subject: role=authority | via=",
    passes="participants usa-designation-verus-2023/USA/authority: actor_id=UKR | via=",
)
def third_party_acts(data: Data) -> Iterator[Finding]:
    for _, act, parts in _parts(data):
        if act not in SUBJECTS_PAIR:
            continue
        for part, actor, role in parts:
            if role != "authority" or actor not in data.actors:
                continue
            home = data.value("actors", data.actors[actor], "iso3") or actor
            if PREDECESSORS.get(home, home) in FOUR:
                message = f"`{act}` is an act of third parties, and {actor} is one of the four"
                yield Finding("participants", part, "actor_id", message)


@rule(
    "one-vote",
    "participants",
    why="A member votes once.",
    hint="keep the role that the body's record gives",
    fails="+ participants: event_id=unsc-vote-1718-panel-2024 | actor_id=CHN | role=voted_for",
    passes="+ participants: event_id=unsc-vote-1718-panel-2024 | actor_id=RUS | role=subject",
)
def one_vote(data: Data) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for row, event, actor, role in data.rows("participants", "event_id", "actor_id", "role"):
        if role in VOTING and event and actor:
            first = seen.setdefault((event, actor), role)
            if first != role:
                yield Finding("participants", row, "role", f"{actor} has {first} already")


@rule(
    "one-role",
    "participants",
    why="Who hosts or acts takes part; a second role of one actor is mostly a row copied.",
    hint="keep the role that says most",
    severity="warning",
    fails="+ participants: event_id=rus-prk-summit-2024 | actor_id=RUS | role=observer",
    passes="+ participants: event_id=unsc-vote-1718-panel-2024 | actor_id=RUS | role=proposer",
)
def one_role(data: Data) -> Iterator[Finding]:
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row, event, actor, role in data.rows("participants", "event_id", "actor_id", "role"):
        for other in seen[event, actor]:
            beside = "proposer" in (role, other) or (
                "subject" in (role, other) and not VOTING.isdisjoint((role, other))
            )
            if role and not beside and not VOTING.issuperset((role, other)):
                yield Finding("participants", row, "role", f"{actor} is {other} already")
        seen[event, actor].append(role)


_VETO = ("CHN", "FRA", "GBR", "RUS", "SUN", "USA")


@rule(
    "veto-right",
    "participants",
    why="Five members of the Security Council have a veto, and nobody has one elsewhere.",
    hint="`voted_against`",
    fails="participants unsc-vote-1718-panel-2024/CHN/abstained: actor_id=JPN | role=vetoed | via=",
    passes="participants unsc-vote-1718-panel-2024/CHN/abstained: role=vetoed",
)
def veto_right(data: Data) -> Iterator[Finding]:
    for row, event, actor, role in data.rows("participants", "event_id", "actor_id", "role"):
        if role != "vetoed":
            continue
        bodies = {
            data.value("participants", part, "actor_id")
            for part in data.of_event("participants", event)
            if data.value("participants", part, "role") == "authority"
        }
        if actor not in _VETO:
            yield Finding("participants", row, "role", f"{actor} has no veto")
        elif bodies and "UNSC" not in bodies:
            yield Finding("participants", row, "role", f"{', '.join(sorted(bodies))} has no veto")


@rule(
    "press-takes-no-part",
    "participants actors",
    why="`PRESS` stands for reports; what only reports does not take part.",
    hint="name the actor, or leave the row out",
    fails="+ participants: event_id=rus-prk-summit-2024 | actor_id=PRESS | role=observer",
    passes="+ participants: event_id=rus-prk-summit-2024 | actor_id=UKR | role=observer",
)
def press_takes_no_part(data: Data) -> Iterator[Finding]:
    for row, actor in data.rows("participants", "actor_id"):
        place = data.actors.get(actor)
        if place is not None and data.value("actors", place, "kind") == "generic":
            yield Finding("participants", row, "actor_id", f'"{actor}" is no actor that takes part')


@rule(
    "signatory-is-party",
    "events participants agreements actors",
    why="Who signs or ratifies an instrument is a party to it.",
    hint="mend the participant, the event's `agreement_id`, or the agreement's `parties`",
    fails="events rus-prk-treaty-signed: agreement_id=irn-rus-treaty-2001\n"
    "+ agreements: agreement_id=irn-rus-treaty-2001 | title=Treaty of 2001 | kind=treaty | "
    "stage=ended | parties=IRN;RUS",
    passes="+ participants: event_id=rus-prk-treaty-signed | actor_id=UKR | role=observer",
)
def signatory_is_party(data: Data) -> Iterator[Finding]:
    parties = {
        name: {PREDECESSORS.get(party, party) for party in listed or ()}
        for _, name, listed in data.rows("agreements", "agreement_id", "parties")
    }
    rows = {name: row for row, name in data.rows("agreements", "agreement_id")}
    fields = ("event_id", "act", "agreement_id")
    for row, event, act, name in data.rows("events", *fields):
        if act not in ("sign", "ratify", "enter_into_force") or not parties.get(name):
            continue
        parts = {
            PREDECESSORS.get(actor, actor): part
            for part in data.of_event("participants", event)
            if data.value("participants", part, "role") in _PARTIES
            and (actor := data.value("participants", part, "actor_id"))
        }
        organs = {
            actor
            for actor in parts
            if actor in data.actors and data.value("actors", data.actors[actor], "kind") == "organ"
        }
        if organs:
            continue  # told as such
        strangers = parts.keys() - parties[name]
        listed = ", ".join(sorted(parties[name]))
        if strangers and len(strangers) > 1:
            message = f"{', '.join(sorted(strangers))} are no parties of {name} ({listed})"
            yield Finding("events", row, "agreement_id", message)
        for actor in sorted(strangers):
            message = f"{actor} is no party of {name} ({listed})"
            yield Finding("participants", parts[actor], "actor_id", message)
        absent = sorted(parties[name] - parts.keys())
        if strangers and absent:
            message = f"{', '.join(absent)} had no part in {event}"
            yield Finding("agreements", rows[name], "parties", message)
            if len(strangers) == 1:
                message = f"{name} is of {listed}; {', '.join(strangers)} is no party"
                yield Finding("events", row, "agreement_id", message)


_PARTIES = ("signatory", "ratifier", "counterparty")


@rule(
    "actor-of-its-time",
    "actors events participants claims agreements",
    why="Who has ceased to be, or has not begun, neither acts nor speaks.",
    hint="name the successor, or mend the dates",
    fails="participants rus-prk-summit-2024/RUS/participant: actor_id=SUN | via=",
    passes="participants rus-prk-summit-2024/RUS/participant: via=",
)
def actor_of_its_time(data: Data) -> Iterator[Finding]:
    spans = {
        actor: (start or dt.date.min, end or dt.date.max)
        for _, actor, start, end in data.rows("actors", "actor_id", "valid_from", "valid_to")
        if start or end
    }

    def told(actor: str, first: dt.date, last: dt.date) -> str | None:
        begin, end = spans.get(actor, (dt.date.min, dt.date.max))
        if first > end:
            return f"{actor} ended on {end}, and this is of {first}"
        return f"{actor} began on {begin}, and this is of {last}" if last < begin else None

    for row, event, actor, via in data.rows("participants", "event_id", "actor_id", "via"):
        at = data.events.get(event)
        start = None if at is None else data.value("events", at, "start_date")
        # `by` gives a last day alone.
        if at is None or not start or data.value("events", at, "date_precision") == "by":
            continue
        last = data.value("events", at, "end_date") or dt.date.max
        for name, field in ((actor, "actor_id"), *((organ, "via") for organ in via or ())):
            if message := told(name, start, last):
                yield Finding("participants", row, field, message)
    fields = ("claimant_id", "public_on", "public_is")
    for row, claimant, public, exact in data.rows("claims", *fields):
        if public and exact == "exact" and (message := told(claimant, public, public)):
            yield Finding("claims", row, "claimant_id", message)
    for row, parties, signed in data.rows("agreements", "parties", "signed_on"):
        for party in parties or ():
            if signed and (message := told(party, signed, signed)):
                yield Finding("agreements", row, "parties", message)


@rule(
    "two-of-the-four",
    "events participants",
    why="What one of the four does with, for or against others is out of scope, but for what others"
    " do about it.",
    hint="name the other one of China, Russia, Iran and North Korea, or mend `valence`",
    fails="participants chn-rus-trade-2023/RUS/participant: actor_id=KAZ",
    passes="participants usa-designation-verus-2023/PRK/subject: actor_id=KOR",
)
def two_of_the_four(data: Data) -> Iterator[Finding]:
    for row, _, parts in _parts(data):
        valence = data.value("events", row, "valence")
        actors = {actor for _, actor, _ in parts if actor}
        # An organ in the place of its state, and one actor alone, are told by other rules.
        states = {PREDECESSORS.get(actor, actor.split("-")[0]) for actor in actors}
        found = states & set(FOUR) if len(actors) > 1 else set()
        # A body stands for its members, of which others of the four may be.
        body = any(role == "authority" for _, _, role in parts)
        if not body and valence in ("cooperation", "limit", "friction") and len(found) == 1:
            message = f"of the four {next(iter(found))} alone takes part, and this is {valence}"
            yield Finding("events", row, "event_id", message)


@rule(
    "recipient-has-supplier",
    "events participants",
    why="What is received comes from somebody; without a supplier there is no direction.",
    hint="give the role `supplier` to who gives",
    fails="participants chn-rus-trade-2023/CHN/participant: role=recipient",
    passes=(
        "participants chn-rus-trade-2023/CHN/participant: role=recipient\n"
        "participants chn-rus-trade-2023/RUS/participant: role=supplier"
    ),
)
def recipient_has_supplier(data: Data) -> Iterator[Finding]:
    for _, _, parts in _parts(data):
        roles = {role for _, _, role in parts}
        for row, actor, role in parts:
            if role == "recipient" and "supplier" not in roles:
                message = f"{actor} receives, and nobody supplies"
                yield Finding("participants", row, "role", message)


@rule(
    "voters-are-states",
    "participants actors",
    why="States vote in a body; the body itself does not.",
    hint="name the state, or give the role that is meant",
    fails="+ participants: event_id=unsc-vote-1718-panel-2024 | actor_id=UN | role=voted_for",
    passes="+ participants: event_id=unsc-vote-1718-panel-2024 | actor_id=KOR | role=voted_for",
)
def voters_are_states(data: Data) -> Iterator[Finding]:
    for row, actor, role in data.rows("participants", "actor_id", "role"):
        if role in VOTING and actor in data.actors:
            kind = data.value("actors", data.actors[actor], "kind")
            if kind and kind != "state":
                yield Finding("participants", row, "role", f"{actor} is of the kind {kind}")
