"""Rules about quantities: bounds, units, periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from crink_events.rules.registry import Data, Finding, rule

#: Units that each measure can have.
UNITS: dict[str, frozenset[str]] = {
    "count": frozenset({"item"}),
    "mass": frozenset({"t", "kg"}),
    "value": frozenset({"USD", "CNY", "RUB", "EUR", "IRR"}),
    "volume": frozenset({"m3", "bbl"}),
    "personnel": frozenset({"person"}),
    "casualties": frozenset({"person"}),
    "vessels": frozenset({"item"}),
    "aircraft": frozenset({"item"}),
    "trips": frozenset({"item"}),
    "containers": frozenset({"item"}),
    "capacity": frozenset({"MW", "bpd", "t", "m3", "item", "kg"}),
    "length": frozenset({"km"}),
    "area": frozenset({"km2"}),
    "duration": frozenset({"day"}),
    "share": frozenset({"percent"}),
    "votes": frozenset({"vote"}),
}

#: Which of low, best and high each bound fills; True must be filled, False must be blank.
_FILLS: dict[str, tuple[bool | None, bool | None, bool | None]] = {
    "point": (False, True, False),
    "approx": (None, True, None),
    "at_least": (True, False, False),
    "at_most": (False, False, True),
    "range": (True, None, True),
}


@rule(
    "bounds-in-order",
    "quantities",
    why="A lower bound above the upper one leaves no amount.",
    hint="`low` ≤ `best` ≤ `high`",
    fails="quantities chn-rus-trade-2023/1: low=9 | best= | high=8 | bound=range",
    passes="quantities chn-rus-trade-2023/1: low=8 | best= | high=9 | bound=range",
)
def bounds_in_order(data: Data) -> Iterator[Finding]:
    for row, low, best, high in data.rows("quantities", "low", "best", "high"):
        filled = [value for value in (low, best, high) if value is not None]
        if not filled:
            yield Finding("quantities", row, "best", "no amount is given")
        elif filled != sorted(filled):
            message = f"low {low}, best {best}, high {high} are out of order"
            yield Finding("quantities", row, "best", message)


@rule(
    "bound-fills",
    "quantities",
    why="The kind of bound says which of the three figures the claimant gave.",
    hint="`point` and `approx` fill best; `at_least` low; `at_most` high; `range` low and high",
    fails="quantities chn-rus-trade-2023/1: bound=at_least",
    passes="quantities chn-rus-trade-2023/1: low=220000000000 | best= | bound=at_least",
)
def bound_fills(data: Data) -> Iterator[Finding]:
    for row, bound, *values in data.rows("quantities", "bound", "low", "best", "high"):
        if bound not in _FILLS:
            continue
        for name, value, filled in zip(("low", "best", "high"), values, _FILLS[bound], strict=True):
            if filled is not None and filled != (value is not None):
                message = f"`{bound}` {'needs' if filled else 'has no'} `{name}`"
                yield Finding("quantities", row, name, message)


@rule(
    "unit-fits-measure",
    "quantities",
    why="Amounts can be set side by side only in the units of their measure.",
    hint="see the units of the measure in the codebook",
    fails="quantities chn-rus-trade-2023/1: unit=t",
    passes="quantities chn-rus-trade-2023/1: unit=EUR",
)
def unit_fits_measure(data: Data) -> Iterator[Finding]:
    for row, measure, unit in data.rows("quantities", "measure", "unit"):
        if measure in UNITS and unit and unit not in UNITS[measure]:
            known = ", ".join(sorted(UNITS[measure]))
            message = f"`{measure}` is not measured in {unit} but in {known}"
            yield Finding("quantities", row, "unit", message)


@rule(
    "running-total",
    "quantities",
    why="A running total or a flow means nothing without the day that it runs to.",
    hint="give `period_end`: the day that the claimant counts to, or the day of the claim",
    fails="quantities chn-rus-trade-2023/1: aggregation=cumulative | period_end=",
    passes="quantities chn-rus-trade-2023/1: aggregation=stock | period_end=",
)
def running_total(data: Data) -> Iterator[Finding]:
    for row, aggregation, end in data.rows("quantities", "aggregation", "period_end"):
        if aggregation in ("cumulative", "flow") and end is None:
            yield Finding("quantities", row, "period_end", f"`{aggregation}` has no period end")


@rule(
    "period-in-order",
    "quantities",
    why="A period cannot end before it begins.",
    hint="swap or mend the dates",
    fails="quantities chn-rus-trade-2023/1: period_end=2022-12-31",
    passes="quantities chn-rus-trade-2023/1: period_end=2023-01-01",
)
def period_in_order(data: Data) -> Iterator[Finding]:
    for row, start, end in data.rows("quantities", "period_start", "period_end"):
        if start and end and end < start:
            yield Finding("quantities", row, "period_end", f"ends on {end}, begins on {start}")


@rule(
    "counted-by-then",
    "quantities claims",
    why="Nobody can count what is yet to come; such an amount is planned.",
    hint="mend `period_end`, or make the aggregation `planned`",
    fails="quantities prk-sappers-builders-russia-2025/3: period_end=2025-09-04",
    passes="quantities prk-sappers-builders-russia-2025/3: period_end=2025-09-03",
)
def counted_by_then(data: Data) -> Iterator[Finding]:
    claims = {
        (event, number): public
        for _, event, number, public in data.rows("claims", "event_id", "claim_no", "public_on")
    }
    fields = ("event_id", "claim_no", "aggregation", "period_end")
    for row, event, number, aggregation, end in data.rows("quantities", *fields):
        public = claims.get((event, number))
        # A claim of a day can speak of that day in its own time zone.
        if aggregation != "planned" and end and public and end > public + dt.timedelta(days=1):
            message = f"counts to {end}, but the claim was public on {public}"
            yield Finding("quantities", row, "period_end", message)


@rule(
    "not-negative",
    "quantities",
    why="Amounts are counted from zero.",
    hint="say in `note` what a loss or a decrease is measured against",
    fails="quantities chn-rus-trade-2023/1: best=-5",
    passes="quantities chn-rus-trade-2023/1: best=0",
)
def not_negative(data: Data) -> Iterator[Finding]:
    for row, *values in data.rows("quantities", "low", "best", "high"):
        for name, value in zip(("low", "best", "high"), values, strict=True):
            if value is not None and value < 0:
                yield Finding("quantities", row, name, f"`{name}` is negative")


@rule(
    "quantity-numbers",
    "quantities",
    why="Gaps in the numbers look like lost rows.",
    hint="number the amounts of an event from 1",
    fails="- quantities chn-rus-trade-2023/1",
    passes="- quantities chn-rus-trade-2023/8",
)
def quantity_numbers(data: Data) -> Iterator[Finding]:
    last: dict[str, int] = {}
    for row, event, number in data.rows("quantities", "event_id", "quantity_no"):
        if event is None or number is None:
            continue
        before = last.get(event, 0)
        if number != before + 1:
            yield Finding("quantities", row, "quantity_no", f"amount {number} follows {before}")
        last[event] = number
