"""Codes, days and amounts in the words that a reader of a card sees."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

#: Relations of links, read from either end.
RELATIONS = {
    "part_of": ("part of", "has as part"),
    "implements": ("implements", "implemented by"),
    "follows_from": ("follows from", "led to"),
    "next_in_series": ("next edition after", "next edition"),
    "responds_to": ("responds to", "answered by"),
    "contradicts": ("contradicts", "contradicted by"),
    "replaces": ("replaces", "replaced by"),
    "revives": ("revives", "revived by"),
    "evidence_for": ("evidence for", "has evidence in"),
}

#: Bases of claims, where the code alone would puzzle a reader.
BASES = {
    "none_given": "no basis given",
    "own_act": "on its own act",
    "document": "by a document",
    "imagery": "by imagery",
    "wreckage": "by wreckage",
    "customs": "by customs data",
    "tracking": "by tracking",
    "leak": "by a leak",
    "intercept": "by an intercept",
    "record": "by a record",
    "anonymous": "unnamed sources",
    "reporting": "own reporting",
    "inference": "by inference",
}

#: What stands between two days or numbers: an en dash, as print has it.
DASH = "\N{EN DASH}"

_SEASONS = {1: "first", 4: "second", 7: "third", 10: "fourth"}


def plain(code: object) -> str:
    """Write a code as words.

    Examples
    --------
    >>> plain("not_occurred")
    'not occurred'
    """
    return str(code).replace("_", " ")


def day(value: str) -> str:
    """Write an ISO day in words.

    Examples
    --------
    >>> day("2024-06-19")
    '19 June 2024'
    """
    when = dt.date.fromisoformat(value)
    return f"{when.day} {calendar.month_name[when.month]} {when.year}"


def span(start: str, end: str, between: str = DASH) -> str:
    """Write two ISO days as briefly as they allow.

    Examples
    --------
    >>> span("2024-03-11", "2024-03-15")
    '11–15 March 2024'
    >>> span("2024-10-24", "2024-11-09")
    '24 October – 9 November 2024'
    >>> span("2023-12-30", "2024-01-02", " and ")
    '30 December 2023 and 2 January 2024'
    """  # noqa: RUF002
    one, two = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    if one == two:
        return day(start)
    if (one.year, one.month) == (two.year, two.month):
        return f"{one.day}{between}{day(end)}"
    # A dash between groups of words has blanks around it, one between numbers has none.
    wide = between if between.startswith(" ") else f" {between} "
    first = day(start) if one.year != two.year else f"{one.day} {calendar.month_name[one.month]}"
    return f"{first}{wide}{day(end)}"


def when(event: dict[str, Any]) -> str:
    """Say when an event was, in words that carry how exactly that is known.

    Parameters
    ----------
    event
        ``start_date``, ``end_date`` (ISO texts, or None) and ``date_precision``.

    Examples
    --------
    >>> when({"start_date": "2024-06-19", "end_date": "2024-06-19", "date_precision": "day"})
    '19 June 2024'
    >>> when({"start_date": "2023-10-01", "end_date": "2023-10-31", "date_precision": "month"})
    'in October 2023'
    >>> when({"start_date": "2024-05-01", "end_date": "2024-05-31", "date_precision": "range"})
    'between 1 and 31 May 2024'
    """
    start, end, precision = event["start_date"], event["end_date"], event["date_precision"]
    if precision == "under_way" or end is None:
        return f"since {day(start)}"
    if precision == "by":
        return f"by {day(end)}"
    if precision == "day":
        return span(start, end)
    one, two = dt.date.fromisoformat(start), dt.date.fromisoformat(end)
    last = dt.date(two.year, two.month, calendar.monthrange(two.year, two.month)[1])
    months = (two.year - one.year) * 12 + two.month - one.month + 1
    if one.day == 1 and two == last:
        if precision == "month" and months == 1:
            return f"in {calendar.month_name[one.month]} {one.year}"
        if precision == "quarter" and months == 3 and one.month in _SEASONS:
            return f"in the {_SEASONS[one.month]} quarter of {one.year}"
        if precision == "year" and months == 12 and one.month == 1:
            return f"in {one.year}"
    if precision == "week":
        return f"in the week of {span(start, end)}"
    return f"between {span(start, end, ' and ')}" if start != end else f"about {day(start)}"


def figure(amount: dict[str, Any]) -> str:
    """Write the figure of an amount with its bound and unit.

    Parameters
    ----------
    amount
        ``low``, ``best``, ``high`` (numbers or None), ``bound`` and ``unit``.

    Examples
    --------
    >>> figure({"low": 10_000, "best": None, "high": None, "bound": "at_least", "unit": "person"})
    'at least 10,000 persons'
    """
    low, best, high = (
        f"{amount[name]:,.10g}" if amount[name] is not None else "?"
        for name in ("low", "best", "high")
    )
    number = {
        "point": best,
        "approx": f"about {best}",
        "at_least": f"at least {low}",
        "at_most": f"at most {high}",
        "range": f"{low} to {high}",
    }[amount["bound"]]
    unit = {"person": "persons", "vote": "votes", "day": "days"}
    several = number not in ("1", "about 1")
    name = unit.get(amount["unit"], amount["unit"]) if several else amount["unit"]
    return f"{number} {name}".strip() if amount["unit"] != "item" else number


def period(amount: dict[str, Any]) -> str:
    """Say what an amount adds up, and for which time.

    Examples
    --------
    >>> period({"aggregation": "stock", "period_start": None, "period_end": "2024-10-31"})
    'on 31 October 2024'
    """
    start, end = amount["period_start"], amount["period_end"]
    time = span(start, end) if start and end else day(end) if end else ""
    kind = amount["aggregation"]
    if kind == "this_event":
        return f"by {time}" if time and not start else time
    if kind == "planned":
        return f"planned, {time}" if time else "planned"
    if kind == "cumulative":
        return f"in all by {day(end)}" if end else "in all"
    if kind == "stock":
        return f"on {time}" if time and not start else time
    return time
