"""Rules about events: dates, places, status, valence, records."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from crink_events.roles import FOUR, PREDECESSORS, VOTING
from crink_events.rules.registry import Data, Finding, rule

_DAY = dt.timedelta(days=1)


@rule(
    "dates-in-order",
    "events",
    why="An event cannot end before it begins.",
    hint="swap or mend the dates",
)
def dates_in_order(data: Data) -> Iterator[Finding]:
    for row, start, end in data.rows("events", "start_date", "end_date"):
        if start and end and end < start:
            yield Finding("events", row, "end_date", f"ends on {end}, before it begins on {start}")


def _fits(precision: str, start: dt.date, end: dt.date) -> bool:
    after = end + _DAY
    if precision == "week":
        return start.weekday() == 0 and end - start == 6 * _DAY
    if precision == "month":
        return start.day == 1 and after.day == 1 and (end - start).days < 31
    if precision == "quarter":
        return (
            start.day == 1
            and start.month % 3 == 1
            and (after.year * 12 + after.month) - (start.year * 12 + start.month) == 3
            and after.day == 1
        )
    if precision == "year":
        return (start.month, start.day, end.month, end.day, end.year - start.year) == (
            1, 1, 12, 31, 0,
        )  # fmt: skip
    if precision == "by":
        return start == end
    if precision == "range":
        return start < end
    return True


@rule(
    "bounds-fit-precision",
    "events",
    why="Bounds that do not fit their precision invent days that no source gives.",
    hint="a week begins on a Monday; a month, quarter or year on its first day; `by` is one day;"
    " any other bounds are a `range`",
)
def bounds_fit_precision(data: Data) -> Iterator[Finding]:
    fields = ("start_date", "end_date", "date_precision")
    for row, start, end, precision in data.rows("events", *fields):
        if start and end and end >= start and not _fits(precision, start, end):
            message = f"{start} to {end} is no {precision}"
            yield Finding("events", row, "date_precision", message)


@rule(
    "open-end",
    "events",
    why="What goes on has no last day, and what is over has one.",
    hint="leave `end_date` blank exactly where `date_precision` is `under_way`",
)
def open_end(data: Data) -> Iterator[Finding]:
    for row, end, precision in data.rows("events", "end_date", "date_precision"):
        if precision == "under_way" and end:
            yield Finding("events", row, "end_date", "`under_way` has an end date")
        elif precision and precision != "under_way" and not end:
            yield Finding("events", row, "end_date", f"`{precision}` has no end date")


_ENDLESS = {"under_way", "suspended", "unknown", "announced", "partial"}


@rule(
    "status-fits-dates",
    "events",
    why="An act that is completed has ended; one that goes on has not.",
    hint="a status of `under_way` goes with a date precision of `under_way`",
)
def status_fits_dates(data: Data) -> Iterator[Finding]:
    for row, status, precision in data.rows("events", "status", "date_precision"):
        if precision == "under_way" and status not in _ENDLESS:
            message = f"the status is {status} but the dates are under way"
            yield Finding("events", row, "status", message)
        elif status == "under_way" and precision != "under_way":
            message = f"the status is under_way but the date precision is {precision}"
            yield Finding("events", row, "status", message)


@rule(
    "not-in-the-future",
    "events claims sources",
    why="Nobody can have read that an act took place before it did.",
    hint="an act to come is `announced` or `proposed`",
)
def not_in_the_future(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "start_date", "end_date", "status")
    for row, event, start, end, status in data.rows("events", *fields):
        if status not in ("completed", "partial", "under_way"):
            continue
        read = [
            data.value("sources", data.sources[source], "read_on")
            for claim in data.of_event("claims", event)
            if (source := data.value("claims", claim, "source_id")) in data.sources
        ]
        newest = max((day for day in read if day), default=None)
        if newest and start and start > newest:
            message = f"begins on {start}, after its newest source was read on {newest}"
            yield Finding("events", row, "start_date", message)
        elif newest and end and end > newest:
            message = f"ends on {end}, after its newest source was read on {newest}"
            yield Finding("events", row, "end_date", message)


@rule(
    "summary-length",
    "events",
    why="A summary is read at a glance; what needs more words is in the claims.",
    hint="at most 60 words",
)
def summary_length(data: Data) -> Iterator[Finding]:
    for row, summary in data.rows("events", "summary"):
        words = len((summary or "").split())
        if words > 60:
            yield Finding("events", row, "summary", f"the summary has {words} words")


@rule(
    "country-fits-place",
    "events",
    why="Only the sea, a call and an unknown place have no country.",
    hint="`place_country` is blank exactly for `sea`, `virtual` and `none`",
)
def country_fits_place(data: Data) -> Iterator[Finding]:
    for row, country, precision in data.rows("events", "place_country", "geo_precision"):
        nowhere = precision in ("sea", "virtual", "none")
        if nowhere and country:
            message = f"`{precision}` has a country"
            yield Finding("events", row, "place_country", message)
        elif precision and not nowhere and not country:
            message = f"`{precision}` has no country"
            yield Finding("events", row, "place_country", message)


@rule(
    "place-named",
    "events",
    why="A precision says how exactly a place is known; without its name there is none.",
    hint="name the place, or use `country`, `virtual` or `none`",
)
def place_named(data: Data) -> Iterator[Finding]:
    for row, place, precision in data.rows("events", "place", "geo_precision"):
        if place is None and precision and precision not in ("country", "virtual", "none"):
            yield Finding("events", row, "place", f"`{precision}` names no place")


@rule(
    "coordinates",
    "events",
    why="Half a coordinate is no place, and no place has no coordinates.",
    hint="give both or neither, and a `geo_precision` other than `none` and `virtual`",
)
def coordinates(data: Data) -> Iterator[Finding]:
    fields = ("latitude", "longitude", "geo_precision")
    for row, latitude, longitude, precision in data.rows("events", *fields):
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            yield Finding("events", row, missing, f"the {missing} is missing")
        elif latitude is not None and precision in ("none", "virtual"):
            yield Finding("events", row, "geo_precision", f"`{precision}` has coordinates")


@rule(
    "merged-into",
    "events",
    why="A merged record must lead to the one that survives, in one step.",
    hint="fill `merged_into` exactly where `record_status` is `merged`, with an active event",
)
def merged_into(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "record_status", "merged_into")
    for row, event, status, target in data.rows("events", *fields):
        if (status == "merged") != (target is not None):
            message = f"the record is {status} and `merged_into` is {target or 'blank'}"
            yield Finding("events", row, "merged_into", message)
        elif target == event:
            yield Finding("events", row, "merged_into", "the event is merged into itself")
        elif target in data.events:
            other = data.value("events", data.events[target], "record_status")
            if other != "active":
                yield Finding("events", row, "merged_into", f'"{target}" is {other} itself')


@rule(
    "valence-fits-act",
    "events codes",
    why="The act decides the valence unless a coder gives a reason.",
    hint="use the act's default, or say why not in `note`",
)
def valence_fits_act(data: Data) -> Iterator[Finding]:
    default = {
        code: data.value("codes", row, "default_valence") for code, row in data.codes("act").items()
    }
    fields = ("act", "valence", "note")
    for row, act, valence, note in data.rows("events", *fields):
        expected = default.get(act)
        if expected and valence and valence != expected and not note:
            message = f"`{act}` is {expected} by default, and `note` gives no reason for {valence}"
            yield Finding("events", row, "valence", message)


@rule(
    "vote-valence",
    "events participants",
    why="The valence of a vote follows from the votes of the four, not from the coder.",
    hint="another of the four against the subject: friction; one with it and none against:"
    " cooperation; all abstained: limit",
)
def vote_valence(data: Data) -> Iterator[Finding]:
    for row, event, act, valence, note in data.rows("events", "event_id", "act", "valence", "note"):
        if act != "vote" or note:
            continue
        subjects, votes = set(), {}
        for part in data.of_event("participants", event):
            actor = data.value("participants", part, "actor_id")
            role = data.value("participants", part, "role")
            if role == "subject":
                subjects.add(actor)
            elif role in VOTING:
                votes[actor] = role
        others = {role for actor, role in votes.items() if actor in FOUR and actor not in subjects}
        # What a vote for the text means for its subject is in the text; only the case in which
        # nobody took a side can be told from the votes alone.
        if others and others <= {"abstained", "not_voting"} and valence != "limit":
            message = f"the others of the four took no side, and the valence is {valence}"
            yield Finding("events", row, "valence", message)
        elif others - {"abstained", "not_voting"} and valence == "limit":
            took = ", ".join(sorted(others - {"abstained", "not_voting"}))
            yield Finding("events", row, "valence", f"one of the four {took}; that is no limit")


@rule(
    "agreement-named",
    "events",
    why="Signing, ratifying and entering into force happen to an instrument.",
    hint="add the instrument to `agreements` and name it",
)
def agreement_named(data: Data) -> Iterator[Finding]:
    for row, act, agreement, status in data.rows("events", "act", "agreement_id", "status"):
        planned = status in ("proposed", "announced", "cancelled", "lapsed", "unknown")
        if act in ("sign", "ratify", "enter_into_force") and agreement is None and not planned:
            yield Finding("events", row, "agreement_id", f"`{act}` names no agreement")


@rule(
    "possible-duplicate",
    "events participants quantities links",
    why="Two curators may have coded one act under two names.",
    hint="merge them, or link them if they are two",
    severity="warning",
)
def possible_duplicate(data: Data) -> Iterator[Finding]:
    known = _known_apart(data)
    groups: dict[tuple[str, str, frozenset[tuple[str, str]]], list[int]] = defaultdict(list)
    fields = ("event_id", "act", "domain", "record_status")
    for row, event, act, domain, status in data.rows("events", *fields):
        sides = frozenset(
            (PREDECESSORS.get(actor, actor), data.value("participants", part, "role"))
            for part in data.of_event("participants", event)
            if (actor := data.value("participants", part, "actor_id"))
        )
        if act and sides and status == "active":
            groups[act, domain, sides].append(row)
    for rows in groups.values():
        for one, two in combinations(rows, 2):
            first, second = (data.value("events", row, "event_id") for row in (one, two))
            if frozenset((first, second)) in known or not _overlap(data, one, two):
                continue
            items = [_items(data, event) for event in (first, second)]
            if all(items) and items[0].isdisjoint(items[1]):
                continue  # different goods
            message = f'same act, domain, sides and days as "{first}"'
            yield Finding("events", two, "event_id", message)


def _known_apart(data: Data) -> set[frozenset[str]]:
    """Give the pairs of events that a link, or a whole that they are both part of, tells apart."""
    apart: set[frozenset[str]] = set()
    parts: dict[str, list[str]] = defaultdict(list)
    for _, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
        if start and end:
            apart.add(frozenset((start, end)))
            if relation == "part_of":
                parts[end].append(start)
    for siblings in parts.values():
        apart.update(frozenset(pair) for pair in combinations(siblings, 2))
    return apart


def _items(data: Data, event: str) -> set[str]:
    return {data.value("quantities", row, "item") for row in data.of_event("quantities", event)}


def _overlap(data: Data, one: int, two: int) -> bool:
    spans = []
    for row in (one, two):
        start = data.value("events", row, "start_date")
        end = data.value("events", row, "end_date")
        if start is None:
            return False
        spans.append((start, end or dt.date.max))
    (first, last), (begin, finish) = spans
    return bool(first <= finish and begin <= last)
