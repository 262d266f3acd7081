"""Rules about days, numbers and lists, wherever they stand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from crink_events import lists
from crink_events.rules.registry import HEADER, Data, Finding, rule

#: Before it none of the four was the state that it is in this dataset.
_FIRST = dt.date(1900, 1, 1)
#: What must have come; other rules say so.
_PAST = frozenset(["read_on", "searched_on", "signed_on", "in_force_on", "ended_on"])
#: Years from now, beyond which nobody plans.
_AHEAD = 100


@rule(
    "day-of-our-calendar",
    "",
    why="A year far from ours is of another calendar, or lacks or has turned a digit.",
    hint="look whether digits are missing or turned, as in 1894 for 1984; or write the day of the"
    " Gregorian calendar: 1404-07-10 in Iran is 2025-10-02",
    fails="agreements rus-prk-treaty-2000: signed_on=0200-02-09",
    passes="agreements rus-prk-treaty-2000: signed_on=2000-02-10",
)
def day_of_our_calendar(data: Data) -> Iterator[Finding]:
    last = data.today.year + _AHEAD
    for name, typed in data.tables.items():
        for field in typed.cells.table.fields:
            if field.type != "date":
                continue
            for row, day in data.rows(name, field.name):
                if day and (day < _FIRST or (day.year > last and field.name not in _PAST)):
                    yield Finding(name, row, field.name, _told(day))


def _told(day: dt.date) -> str:
    calendars = {"Iran": 621, "Korea": 1911, "Thailand": -543}
    meant = [
        f"{day.year + years} if the year is {land}'s"
        for land, years in calendars.items()
        if 1950 <= day.year + years <= 2050
    ]
    return f"the year {day.year} is not of our time" + (f"; {meant[0]}" if meant else "")


_PLAIN = re.compile(r"-?(0(?=\.)|[1-9]\d*)(\.\d+)?|0").fullmatch
_READ = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?").fullmatch


@rule(
    "number-form",
    "",
    why="One number is written in one way, so that equal cells are equal numbers.",
    hint="digits, and a point before decimals; no `+`, no zeros in front",
    fails="quantities chn-rus-trade-2023/1: best=+220000000000",
    passes="quantities chn-rus-trade-2023/1: best=220000000000.5",
)
def number_form(data: Data) -> Iterator[Finding]:
    for name, typed in data.tables.items():
        for at, field in enumerate(typed.cells.table.fields):
            if field.type not in ("integer", "number"):
                continue
            for row, text in enumerate(typed.cells.columns[at]):
                # What is no number at all is a type error.
                if text and not _PLAIN(text) and _READ(text) and text.isascii():
                    yield Finding(name, row, field.name, f'"{text}" has a plainer form')


@rule(
    "list-order",
    "",
    why="Where order says nothing lists are sorted, so that equal lists are equal texts.",
    hint="run `crink-events fix`",
    fails="agreements rus-prk-treaty-2000: parties=RUS;PRK",
    passes="claims rus-prk-summit-2024/1: note=RUS;PRK",
)
def list_order(data: Data) -> Iterator[Finding]:
    for name, typed in data.tables.items():
        names = typed.cells.table.field_names
        columns = dict(zip(names, typed.cells.columns, strict=True))
        for row, (field, text) in lists.unsorted(name, columns).items():
            yield Finding(name, row, field, f'the list is not sorted; it is "{text}"')


@rule(
    "table-filled",
    "",
    why="A table that has lost all its rows looks like one of which nothing was found.",
    hint="look for the rows in an earlier version; or leave it, if there never were any",
    severity="warning",
    fails="- codings rus-prk-treaty-signed/act/r1-a\n- codings rus-prk-treaty-signed/act/r1-b",
    passes="+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-a | value=meet\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-b | value=meet\n"
    "- codings rus-prk-treaty-signed/act/r1-a\n- codings rus-prk-treaty-signed/act/r1-b",
)
def table_filled(data: Data) -> Iterator[Finding]:
    for name, typed in data.tables.items():
        if not typed.cells.records:
            yield Finding(name, HEADER, "", "the table has a header and no rows")
