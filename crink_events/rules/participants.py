"""Rules about participants: who takes part, in which role."""

from __future__ import annotations

from collections.abc import Iterator

from crink_events.roles import ACT_ROLES, FOUR, PREDECESSORS
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
        if len({actor for _, actor, _ in parts}) < 2:
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
    hint="move it to the participant that it belongs to",
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
            if kind == "organ" and home != state:
                message = f'"{organ}" belongs to {home or "no state"}, not to {actor}'
                yield Finding("participants", row, "via", message)
