"""Rules about links: no event depends on itself, and series run forward."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from crink_events.rules.registry import Data, Finding, has_cycle, rule

_ACYCLIC = ("part_of", "implements", "follows_from", "next_in_series")
#: Relations from a later event to an earlier one.
_BACKWARD = (
    "next_in_series", "implements", "follows_from", "responds_to", "replaces", "revives",
)  # fmt: skip


@rule(
    "link-cycle",
    "links",
    why="An event cannot be a part, a consequence or a later edition of itself.",
    hint="turn or remove one of the links",
    fails=(
        "+ links: from_event=rus-prk-summit-2024 | relation=part_of | "
        "to_event=rus-prk-treaty-signed"
    ),
    passes=(
        "+ links: from_event=rus-prk-summit-2024 | relation=evidence_for | "
        "to_event=rus-prk-treaty-signed"
    ),
)
def link_cycle(data: Data) -> Iterator[Finding]:
    for relation in _ACYCLIC:
        edges: dict[str, list[str]] = defaultdict(list)
        for _, start, kind, end in data.rows("links", "from_event", "relation", "to_event"):
            if kind == relation and start and end:
                edges[start].append(end)
        cyclic = has_cycle(edges)
        for row, start, kind, end in data.rows("links", "from_event", "relation", "to_event"):
            if kind == relation and start in cyclic and end in cyclic:
                message = f"`{relation}` leads from {start} back to itself"
                yield Finding("links", row, "to_event", message)


@rule(
    "link-to-itself",
    "links",
    why="A link joins two events.",
    hint="remove the link",
    fails=(
        "+ links: from_event=unsc-vote-1718-panel-2024 | relation=contradicts | "
        "to_event=unsc-vote-1718-panel-2024"
    ),
    passes=(
        "+ links: from_event=unsc-vote-1718-panel-2024 | relation=contradicts | "
        "to_event=rus-prk-treaty-signed"
    ),
)
def link_to_itself(data: Data) -> Iterator[Finding]:
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if start == end and relation not in _ACYCLIC:
            yield Finding("links", row, "to_event", "the link leads to the event that it is from")


@rule(
    "link-direction",
    "links events",
    why="These relations lead from a later event to an earlier one.",
    hint="swap `from_event` and `to_event`, or mend a date",
    fails=(
        "+ links: from_event=chn-rus-trade-2023 | relation=responds_to | "
        "to_event=unsc-vote-1718-panel-2024"
    ),
    passes=(
        "+ links: from_event=unsc-vote-1718-panel-2024 | relation=responds_to | "
        "to_event=chn-rus-trade-2023"
    ),
)
def link_direction(data: Data) -> Iterator[Finding]:
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if relation not in _BACKWARD or start not in data.events or end not in data.events:
            continue
        later = data.value("events", data.events[start], "start_date")
        earlier = data.value("events", data.events[end], "start_date")
        if later and earlier and later < earlier:
            message = f"`{relation}` leads from {later} to the later {earlier}"
            yield Finding("links", row, "to_event", message)


@rule(
    "series-agrees",
    "links events",
    why="Editions of one exercise share the name of their series.",
    hint="give both events the same `series`",
    fails="events gulf-of-oman-drill-2024: series=",
    passes="events gulf-of-oman-drill-2024: series=maritime-security-belt",
)
def series_agrees(data: Data) -> Iterator[Finding]:
    sizes = Counter(series for _, series in data.rows("events", "series") if series)
    told: set[int] = set()
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if relation != "next_in_series" or start not in data.events or end not in data.events:
            continue
        places = [data.events[event] for event in (start, end)]
        names = [data.value("events", place, "series") for place in places]
        odd = not data.tables["events"].cells.odd.isdisjoint(places)
        if odd or (names[0] == names[1] and names[0]):
            continue  # the same, or cells of a row that stand in the wrong columns
        message = f"the series are {names[0] or 'blank'} and {names[1] or 'blank'}"
        if None in names:
            lone = [n for n, name in enumerate(names) if name is None]
        else:
            lone = [n for n, name in enumerate(names) if sizes[name] == 1]
        if len(lone) == 0 or not any(names):
            # Two series that others share, or none: the link is wrong.
            yield Finding("links", row, "to_event" if any(names) else "relation", message)
            continue
        for n in lone:
            if places[n] not in told:
                told.add(places[n])
                here, there = names[n] or "blank", names[1 - n] or "blank"
                message = f"the series is {here}, and {there} in the next edition"
                yield Finding("events", places[n], "series", message)


@rule(
    "one-link",
    "links",
    why="Of two relations of one pair one says less, or the opposite.",
    hint="keep the relation that says most",
    severity="warning",
    fails=(
        "+ links: from_event=rus-prk-treaty-signed | relation=follows_from | "
        "to_event=rus-prk-summit-2024"
    ),
    passes=(
        "+ links: from_event=unsc-vote-1718-panel-2024 | relation=responds_to | "
        "to_event=chn-rus-trade-2023"
    ),
)
def one_link(data: Data) -> Iterator[Finding]:
    seen: dict[frozenset[str], tuple[str, str]] = {}
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        # The next edition of a series may replace or revive the one before.
        if not start or not end or start == end or relation == "next_in_series":
            continue
        first = seen.setdefault(frozenset((start, end)), (start, relation))
        circle = first == (end, relation) and relation in _ACYCLIC  # told as one
        if first != (start, relation) and not circle:
            message = f"the two are linked already, by {first[1]} from {first[0]}"
            yield Finding("links", row, "relation", message)


@rule(
    "one-edition-before",
    "links",
    why="An edition comes next after one other.",
    hint="keep the link to the edition just before",
    severity="warning",
    fails=(
        "+ links: from_event=gulf-of-oman-drill-2024 | relation=next_in_series | "
        "to_event=chn-rus-trade-2023"
    ),
    passes=(
        "+ links: from_event=gulf-of-oman-drill-2024 | relation=follows_from | "
        "to_event=chn-rus-trade-2023"
    ),
)
def one_edition_before(data: Data) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if relation != "next_in_series" or not start or not end:
            continue
        for side, (one, other) in {"to_event": (start, end), "from_event": (end, start)}.items():
            first = seen.setdefault((side, one), other)
            if first != other:
                verb = "comes after" if side == "to_event" else "comes before"
                yield Finding("links", row, side, f"{one} {verb} {first} already")


#: Days by which a part may lie outside its whole before one looks twice.
_APART = 366


@rule(
    "part-in-whole",
    "links events",
    why="A part takes place while the whole does.",
    hint="check the dates, or whether the relation is `follows_from`",
    severity="warning",
    fails="links rus-prk-treaty-signed/part_of/rus-prk-summit-2024: to_event=chn-rus-trade-2023\n"
    "events chn-rus-trade-2023: start_date=2021-01-01 | end_date=2021-12-31",
    passes="events rus-prk-summit-2024: start_date=2024-06-18",
)
def part_in_whole(data: Data) -> Iterator[Finding]:
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if relation != "part_of" or start not in data.events or end not in data.events:
            continue
        part, whole = (
            [data.value("events", data.events[event], name) for name in ("start_date", "end_date")]
            for event in (start, end)
        )
        if not part[0] or not whole[0]:
            continue
        after = (part[0] - (whole[1] or part[0])).days
        before = (whole[0] - (part[1] or whole[0])).days
        if max(after, before) > _APART:
            message = f"the part begins on {part[0]}, and the whole on {whole[0]}"
            yield Finding("links", row, "to_event", message)


_MOMENTS = ("sign", "ratify", "enter_into_force", "vote")


@rule(
    "whole-has-parts",
    "links events",
    why="A signature or a vote is over at once; it is part of a meeting, and has no parts.",
    hint="swap `from_event` and `to_event`, or choose `follows_from` or `implements`",
    fails=(
        "+ links: from_event=unsc-vote-1718-panel-2024 | relation=part_of | "
        "to_event=rus-prk-treaty-signed"
    ),
    passes=(
        "+ links: from_event=unsc-vote-1718-panel-2024 | relation=part_of | "
        "to_event=rus-prk-summit-2024"
    ),
)
def whole_has_parts(data: Data) -> Iterator[Finding]:
    links = {
        (start, end)
        for _, start, relation, end in data.rows("links", "from_event", "relation", "to_event")
        if relation == "part_of"
    }
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if relation != "part_of" or end not in data.events:
            continue
        act = data.value("events", data.events[end], "act")
        if act in _MOMENTS and (end, start) not in links:  # or told as a circle
            message = f"the whole, {end}, is a `{act}`, which has no parts"
            yield Finding("links", row, "to_event", message)


@rule(
    "link-to-active",
    "links events",
    why="Who follows a link finds a record that no longer counts.",
    hint="lead the link to the record that survives, or remove it",
    severity="warning",
    fails="events gulf-of-oman-drill-2023: record_status=withdrawn | note=coded twice",
    passes="events chn-rus-trade-2023: record_status=withdrawn | note=coded twice",
)
def link_to_active(data: Data) -> Iterator[Finding]:
    for row, start, end in data.rows("links", "from_event", "to_event"):
        states = [
            data.value("events", data.events[event], "record_status")
            if event in data.events
            else None
            for event in (start, end)
        ]
        for name, event, state, other in (
            ("from_event", start, states[0], states[1]),
            ("to_event", end, states[1], states[0]),
        ):
            if state in ("withdrawn", "merged") and other == "active":
                yield Finding("links", row, name, f'"{event}" is {state}')
