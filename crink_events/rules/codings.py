"""Rules about codings: what a coder may write, and that two have written it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from crink_events.lists import SETS
from crink_events.report import nearest
from crink_events.rules.registry import Data, Finding, rule


@rule(
    "coding-value",
    "codings codes actors",
    why="Codings are compared as texts; one that is no code agrees with nobody.",
    hint="a code of the variable, a day, actors, or `ACTOR:role`, separated by `;`",
    fails="+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-a | value=meat\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-b | value=meet",
    passes="+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-a | value=sign\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-b | value=meet",
)
def coding_value(data: Data) -> Iterator[Finding]:
    pairs = {"roles": set(data.codes("role")), "stances": set(data.codes("stance"))}
    codes = {
        name: set(data.codes(name))
        for name in {variable for _, variable in data.rows("codings", "variable")}
        if name
    }
    for row, variable, value in data.rows("codings", "variable", "value"):
        if not value or not variable:
            continue
        if variable in ("start_date", "end_date"):
            if not _is_day(value):
                yield Finding("codings", row, "value", f'"{value}" is no day')
        elif variable in SETS:
            items = value.split(";")
            for item in sorted({item for item in items if items.count(item) > 1}):
                yield Finding("codings", row, "value", f'"{item}" stands twice in the set')
            for item in items:
                actor, _, code = item.partition(":")
                if actor not in data.actors:
                    yield Finding("codings", row, "value", f'"{actor}" is not in actors')
                elif variable in pairs and code not in pairs[variable]:
                    message = (
                        f'"{code}" is none of the {variable}; {nearest(code, pairs[variable])}'
                    )
                    yield Finding("codings", row, "value", message.rstrip("; "))
        elif codes[variable] and value not in codes[variable]:
            message = f'"{value}" is not in the vocabulary {variable}'
            message += f"; {nearest(value, codes[variable])}"
            yield Finding("codings", row, "value", message.rstrip("; "))


def _is_day(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


@rule(
    "coded-days-in-order",
    "codings",
    why="A coder who has an event end before it begins has exchanged or mistyped the days.",
    hint="compare with what the coder wrote",
    severity="warning",
    fails="+ codings: event_id=rus-prk-summit-2024 | variable=end_date | coder=r1-a | "
    "value=2024-06-18\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=end_date | coder=r1-b | "
    "value=2024-06-19\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=start_date | coder=r1-a | "
    "value=2024-06-19\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=start_date | coder=r1-b | "
    "value=2024-06-19",
    passes="+ codings: event_id=rus-prk-summit-2024 | variable=end_date | coder=r1-a | "
    "value=2024-06-19\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=end_date | coder=r1-b | "
    "value=2024-06-19\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=start_date | coder=r1-a | "
    "value=2024-06-19\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=start_date | coder=r1-b | "
    "value=2024-06-19",
)
def coded_days_in_order(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "coder", "variable", "value")
    days = {
        (event, coder, variable): (row, value)
        for row, event, coder, variable, value in data.rows("codings", *fields)
        if variable in ("start_date", "end_date") and value and _is_day(value)
    }
    for (event, coder, variable), (row, end) in days.items():
        _, start = days.get((event, coder, "start_date"), (row, ""))
        if variable == "end_date" and end < start:
            yield Finding("codings", row, "value", f"{coder} has it end on {end}, begin on {start}")


#: The two coders of a round.
_PAIR = ("-a", "-b")


@rule(
    "coders-in-pairs",
    "codings",
    why="Agreement is between two, `a` and `b`; what one wrote alone measures nothing.",
    hint="add what the other coder of the round wrote, blank if nothing",
    severity="warning",
    fails="+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-a | value=meet",
    passes="+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-a | value=meet\n"
    "+ codings: event_id=rus-prk-summit-2024 | variable=act | coder=r1-b | value=meet",
)
def coders_in_pairs(data: Data) -> Iterator[Finding]:
    rounds: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, event, variable, coder in data.rows("codings", "event_id", "variable", "coder"):
        if event and variable and coder:
            rounds[event, variable, coder.split("-")[0]].append(row)
    for (_, variable, name), rows in rounds.items():
        others = [row for row in rows if data.value("codings", row, "coder")[-2:] not in _PAIR]
        for row in others:
            message = f"the coders of the round {name} are {name}-a and {name}-b"
            yield Finding("codings", row, "coder", message)
        if len(rows) == 1 and not others:
            message = f"one coder alone has {variable} in the round {name}"
            yield Finding("codings", rows[0], "coder", message)
