"""Twins: events that are there already and may be the one that is drafted.

Tuned on the dataset itself: of its events taken out and drafted again, few meet another that
is like a twin, and none of those is plainly different.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import NamedTuple

from crink_events.known import Row, Tables
from crink_events.naming import LEADING, title_words
from crink_events.roles import PREDECESSORS

#: Acts between which two curators may choose differently for one and the same event.
_COMPATIBLE = tuple(
    frozenset(acts.split())
    for acts in (
        "exercise patrol",
        "transfer trade relief finance",
        "decline withhold omit sideline",
        "restrict enforce",
        "incident attack",
        "disclose assess",
        "endorse pledge",
        "cancel exit",
        "produce project",
    )
)
#: Roles that do not tell one event from another.
_BESIDE = frozenset(["observer", "transit", "mediator", "facilitator", "proposer", "invitee"])
#: Days by which curators' dates of one act can differ.
_WINDOW = 3
#: A campaign of months overlaps with others of its kind; then the titles must be alike too.
_LONG = 60
#: Visits and editions of other years have titles alike; a year may be a slip.
_YEAR = 400
_ALIKE = 0.8
_SOMEWHAT_ALIKE = 0.4


class Twin(NamedTuple):
    """An event that may be the drafted one.

    Attributes
    ----------
    event
        Its row.
    participants
        Its rows of participants.
    why
        What makes it alike.
    """

    event: Row
    participants: list[Row]
    why: str


def find(
    event: Row, participants: Sequence[Row], tables: Tables, apart: Collection[str] = ()
) -> list[Twin]:
    """Find the events that may be the drafted one.

    Parameters
    ----------
    event
        Row of the drafted event: act, days and title, and its agreement if it has one.
    participants
        Its participants, with actors and roles.
    tables
        What is there.
    apart
        Ids of events that the curator knows to be others.

    Returns
    -------
    list of Twin
        The likeliest first.
    """
    found = []
    cast: dict[str, list[Row]] = {}
    for row in tables.rows["participants"]:
        cast.setdefault(row["event_id"], []).append(row)
    for other in tables.rows["events"]:
        if other["record_status"] == "withdrawn" or other["event_id"] in apart:
            continue
        others = cast.get(other["event_id"], [])
        score, why = _alike(event, participants, other, others)
        if why:
            found.append((score, Twin(other, others, why)))
    return [
        twin for _, twin in sorted(found, key=lambda pair: (-pair[0], pair[1].event["event_id"]))
    ]


def _alike(
    event: Row, participants: Sequence[Row], other: Row, others: Sequence[Row]
) -> tuple[float, str]:
    """Say how much two events are alike, and why; nothing if they are plainly two."""
    agreements = {event.get("agreement_id", ""), other["agreement_id"]}
    if not _compatible(event["act"], other["act"]) or len(agreements - {""}) > 1:
        return 0, ""
    if _opposed(participants, others):
        return 0, ""
    sides, other_sides = _sides(participants), _sides(others)
    shared = sides & other_sides
    overlap = len(shared) / len(sides | other_sides or {""})
    words = _likeness(event["title"], other["title"])
    score = overlap + words
    apart, length = _days(event, other)
    if words >= _ALIKE and shared and (apart is None or apart <= _YEAR):
        return score, "a title very much like it"
    if len(shared) < 2 or overlap < 0.6:
        return 0, ""
    if _elsewhere(event, other) and words < _SOMEWHAT_ALIKE:
        return 0, ""
    window = _WINDOW if event["act"] == other["act"] and length <= _LONG else 0
    if apart is None or apart > window or (length > _LONG and words < _SOMEWHAT_ALIKE):
        return 0, ""
    act = "the same act" if event["act"] == other["act"] else f"a like act ({other['act']})"
    days = "days that overlap" if apart == 0 else f"{apart} day{'s' if apart > 1 else ''} apart"
    return score, f"{act} by {', '.join(sorted(shared))}, {days}"


def _compatible(one: str, two: str) -> bool:
    return one == two or any(one in family and two in family for family in _COMPATIBLE)


def _sides(participants: Sequence[Row]) -> set[str]:
    return {
        PREDECESSORS.get(row["actor_id"], row["actor_id"])
        for row in participants
        if row["role"] not in _BESIDE
    }


def _opposed(one: Sequence[Row], two: Sequence[Row]) -> bool:
    """Say whether others lead in one event than in the other."""
    leaders = [{row["actor_id"] for row in rows if row["role"] in LEADING} for rows in (one, two)]
    return all(leaders) and leaders[0].isdisjoint(leaders[1])


def _elsewhere(one: Row, two: Row) -> bool:
    """Say whether both events have a place, and no word of the one's is the other's."""
    places = [set(title_words(row.get("place", ""))) for row in (one, two)]
    return all(places) and places[0].isdisjoint(places[1])


def _likeness(one: str, two: str) -> float:
    """Say how many words two titles share; none if they name different numbers or years."""
    first, second = set(title_words(one)), set(title_words(two))
    if {w for w in first if w.isdigit()} != {w for w in second if w.isdigit()}:
        return 0
    return len(first & second) / len(first | second or {""})


def _days(one: Row, two: Row) -> tuple[int | None, int]:
    """Give the days between two events, 0 if they overlap, and the length of the longer one."""
    try:
        (first, last), (begin, finish) = (_span(row) for row in (one, two))
    except ValueError:
        return None, 0
    apart = max(0, (begin - last).days, (first - finish).days)
    return apart, max((last - first).days, (finish - begin).days)


def _span(row: Row) -> tuple[dt.date, dt.date]:
    start = dt.date.fromisoformat(row["start_date"])
    return start, dt.date.fromisoformat(row["end_date"]) if row["end_date"] else dt.date.max
