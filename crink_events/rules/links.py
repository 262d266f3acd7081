"""Rules about links: no event depends on itself, and series run forward."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crink_events.rules.registry import Data, Finding, has_cycle, rule

_ACYCLIC = ("part_of", "implements", "follows_from", "next_in_series")
#: Relations from a later event to an earlier one.
_BACKWARD = ("next_in_series", "follows_from", "responds_to", "replaces", "revives")


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
    for row, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if relation != "next_in_series" or start not in data.events or end not in data.events:
            continue
        names = [data.value("events", data.events[event], "series") for event in (start, end)]
        if names[0] != names[1] or names[0] is None:
            message = f"the series are {names[0] or 'blank'} and {names[1] or 'blank'}"
            yield Finding("links", row, "relation", message)
