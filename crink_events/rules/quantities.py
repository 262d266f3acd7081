"""Rules about quantities: bounds, units, periods."""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Iterator

from crink_events.report import count
from crink_events.rules.registry import Data, Finding, moved, rule

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
        named = {"low": low, "best": best, "high": high}
        filled = {name: value for name, value in named.items() if value is not None}
        if not filled:
            yield Finding("quantities", row, "best", "no amount is given")
        elif list(filled.values()) != sorted(filled.values()):
            said = ", ".join(f"{name} {value}" for name, value in filled.items())
            message = f"{said} are out of order"
            yield Finding("quantities", row, "best" if best is not None else "low", message)


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
        if aggregation != "planned" and end and public and end > moved(public, 1):
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
    "quantities events",
    why="Gaps in the numbers look like lost rows.",
    hint="number the amounts of an event from 1",
    fails="- quantities chn-rus-trade-2023/1",
    passes="- quantities chn-rus-trade-2023/8",
)
def quantity_numbers(data: Data) -> Iterator[Finding]:
    last: dict[str, int] = {}
    for row, event, number in data.rows("quantities", "event_id", "quantity_no"):
        if event not in data.events or number is None:
            continue
        before = last.get(event, 0)
        if number != before + 1:
            message = f"amount {number} follows {before}"
            message = message if before else f"the first amount has the number {number}"
            yield Finding("quantities", row, "quantity_no", message)
        last[event] = number


@rule(
    "whole-numbers",
    "quantities",
    why="Persons, ships and votes come whole.",
    hint="give the figure as it was stated, in full; a rate has another measure",
    fails="quantities prk-sappers-builders-russia-2025/3: best=5000.5",
    passes="quantities prk-sappers-builders-russia-2025/3: best=5001",
)
def whole_numbers(data: Data) -> Iterator[Finding]:
    fields = ("unit", "measure", "low", "best", "high")
    for row, unit, measure, *values in data.rows("quantities", *fields):
        if unit not in ("item", "person", "vote") or measure == "capacity":
            continue
        for name, value in zip(("low", "best", "high"), values, strict=True):
            if value is not None and value % 1:
                yield Finding("quantities", row, name, f"{value} is no whole number of {unit}s")


@rule(
    "share-of-whole",
    "quantities",
    why="Shares are percentages; 0.5 is half a percent, and 500 is five times the whole.",
    hint="50 for half; a growth or a multiple goes to `note`",
    severity="warning",
    fails="quantities chn-rus-trade-2023/1: measure=share | unit=percent | best=0.5",
    passes="quantities chn-rus-trade-2023/1: measure=share | unit=percent | best=50",
)
def share_of_whole(data: Data) -> Iterator[Finding]:
    for row, measure, *values in data.rows("quantities", "measure", "low", "best", "high"):
        for name, value in zip(("low", "best", "high"), values, strict=True):
            if measure == "share" and value is not None and (0 < value < 1 or value > 200):
                yield Finding("quantities", row, name, f"a share of {value:g} percent")


#: More than any force of the world has.
_MANY = 10_000_000


@rule(
    "persons-counted",
    "quantities",
    why="No army has ten million soldiers; a number of that size has zeros too many.",
    hint="write the figure as it was stated, in persons",
    severity="warning",
    fails="quantities prk-sappers-builders-russia-2025/3: best=5000000000",
    passes="quantities prk-sappers-builders-russia-2025/3: best=5000",
)
def persons_counted(data: Data) -> Iterator[Finding]:
    for row, measure, *values in data.rows("quantities", "measure", "low", "best", "high"):
        for name, value in zip(("low", "best", "high"), values, strict=True):
            if measure in ("personnel", "casualties") and value is not None and value > _MANY:
                yield Finding("quantities", row, name, f"{value:,.0f} persons")


@rule(
    "full-numbers",
    "quantities",
    why="Amounts of money are full numbers; 62.42 is not 62.42 billion.",
    hint="write 62420000000 for 62.42 billion",
    severity="warning",
    fails="quantities chn-rus-trade-2023/1: best=220",
    passes="quantities chn-rus-trade-2023/1: best=220000000",
)
def full_numbers(data: Data) -> Iterator[Finding]:
    fields = ("measure", "unit", "low", "best", "high")
    for row, measure, unit, *values in data.rows("quantities", *fields):
        for name, value in zip(("low", "best", "high"), values, strict=True):
            if measure == "value" and value is not None and 0 < value < 1000:
                yield Finding("quantities", row, name, f"only {value:g} {unit}")


@rule(
    "amount-twice",
    "quantities",
    why="An amount that stands twice is counted twice.",
    hint="keep one of the two rows, or say in `note` what the other counts",
    fails=(
        "+ quantities: event_id=prk-sappers-builders-russia-2025 | quantity_no=10 | claim_no=9 | "
        "item=troops | measure=personnel | best=1100 | unit=person | bound=approx | "
        "aggregation=planned\n"
        "+ quantities: event_id=prk-sappers-builders-russia-2025 | quantity_no=11 | claim_no=9 | "
        "item=troops | measure=personnel | best=1100 | unit=person | bound=approx | "
        "aggregation=planned"
    ),
    passes=(
        "+ quantities: event_id=prk-sappers-builders-russia-2025 | quantity_no=10 | claim_no=9 | "
        "item=troops | measure=personnel | best=1100 | unit=person | bound=approx | "
        "aggregation=planned"
    ),
)
def amount_twice(data: Data) -> Iterator[Finding]:
    fields = (
        "event_id", "claim_no", "item", "measure", "low", "best", "high", "unit", "aggregation",
        "period_start", "period_end", "note",
    )  # fmt: skip
    seen: dict[tuple[object, ...], int] = {}
    for row, *said in data.rows("quantities", *fields):
        if None in said[:3]:
            continue
        first = seen.setdefault(tuple(said), row)
        if first != row:
            number = data.value("quantities", first, "quantity_no")
            message = f"the same amount, of the same claim, as amount {number}"
            yield Finding("quantities", row, "quantity_no", message)


@rule(
    "amount-of-whom",
    "quantities claims",
    why="Who denies or declines to comment states no amount; a limited admission is another event.",
    hint="mend `claim_no`, or add the claim that states the amount",
    fails="claims prk-sappers-builders-russia-2025/9: stance=denies",
    passes="claims prk-sappers-builders-russia-2025/9: stance=announces",
)
def amount_of_whom(data: Data) -> Iterator[Finding]:
    stances = {
        (event, number): stance
        for _, event, number, stance in data.rows("claims", "event_id", "claim_no", "stance")
    }
    for row, event, number in data.rows("quantities", "event_id", "claim_no"):
        stance = stances.get((event, number))
        if stance in ("denies", "declines", "retracts"):
            yield Finding(
                "quantities", row, "claim_no", f"claim {number} {stance}, and states no amount"
            )


#: How often an item must stand before another one that differs by a letter is thought a slip.
_OFTEN = 3


@rule(
    "item-known",
    "quantities",
    why="Figures of one item are compared by its name; a letter more makes two of them.",
    hint="write the item as in the other rows, if it is the same",
    severity="warning",
    fails="quantities chn-rus-trade-2023/1: item=trade_turnovr",
    passes="quantities chn-rus-trade-2023/1: item=crude_oil",
)
def item_known(data: Data) -> Iterator[Finding]:
    counts = Counter(item for _, item in data.rows("quantities", "item") if item)
    often = [item for item, count in counts.items() if count >= _OFTEN]
    for row, item in data.rows("quantities", "item"):
        if counts[item] == 1 and (near := difflib.get_close_matches(item, often, 1, 0.88)):
            yield Finding("quantities", row, "item", f'"{item}" stands here alone; "{near[0]}"?')


#: How often an item must be counted in one way before another way is thought a slip.
_USUAL = 7
_COUNTS = frozenset(
    ["count", "personnel", "casualties", "vessels", "aircraft", "trips", "containers"]
)


@rule(
    "item-measured-alike",
    "quantities",
    why="What is counted in persons in all other rows is no number of ships in one.",
    hint="mend `measure`, or name the item more exactly",
    severity="warning",
    fails="quantities gulf-of-oman-drill-2024/1: measure=aircraft",
    passes="quantities gulf-of-oman-drill-2024/1: measure=aircraft | item=jets",
)
def item_measured_alike(data: Data) -> Iterator[Finding]:
    measures: dict[str, Counter[str]] = defaultdict(Counter)
    for _, item, measure in data.rows("quantities", "item", "measure"):
        if item and measure in _COUNTS:
            measures[item][measure] += 1
    for row, item, measure in data.rows("quantities", "item", "measure"):
        if not item or measure not in _COUNTS or measures[item][measure] > 1:
            continue
        usual, count = measures[item].most_common(1)[0]
        if usual != measure and count >= _USUAL:
            message = f"`{item}` is counted as {usual} in {count} other rows"
            yield Finding("quantities", row, "measure", message)


#: Seats of the bodies whose votes are recorded.
SEATS = {"UNSC": 15, "UNGA": 193, "IAEA-BOG": 35, "UNHRC": 47}
_TALLIES = {
    "for": ("voted_for",),
    "against": ("voted_against", "vetoed"),
    "abstained": ("abstained",),
}
_ITEMS = (*_TALLIES, "not_voting")


@rule(
    "tally-item",
    "quantities",
    why="Tallies are set side by side by the names of their items.",
    hint="`for`, `against`, `abstained` or `not_voting`",
    fails=(
        "+ quantities: event_id=unsc-vote-1718-panel-2024 | quantity_no=4 | claim_no=1 | "
        "item=in_favour | measure=votes | best=13 | unit=vote | bound=point | "
        "aggregation=this_event"
    ),
    passes=(
        "+ quantities: event_id=unsc-vote-1718-panel-2024 | quantity_no=4 | claim_no=2 | "
        "item=for | measure=votes | best=13 | unit=vote | bound=point | aggregation=this_event"
    ),
)
def tally_item(data: Data) -> Iterator[Finding]:
    for row, item, measure in data.rows("quantities", "item", "measure"):
        if measure == "votes" and item and item not in _ITEMS:
            yield Finding("quantities", row, "item", f'"{item}" is no item of a tally')


@rule(
    "tally-adds-up",
    "events participants quantities",
    why="A body has no more votes than seats, and no fewer than the members that are named.",
    hint="compare the body's record, the tally and the roles of the participants",
    fails="quantities unsc-vote-1718-panel-2024/2: best=0",
    passes="quantities unsc-vote-1718-panel-2024/1: best=12",
)
def tally_adds_up(data: Data) -> Iterator[Finding]:
    for _, event, act in data.rows("events", "event_id", "act"):
        if act == "vote":
            yield from _too_many(data, event)
            yield from _too_few(data, event)


def _tally(data: Data, event: str) -> list[tuple[int, int, str, float]]:
    """Give the row, claim, item and figure of each exact tally of a vote."""
    fields = ("claim_no", "item", "best", "measure", "bound")
    found = []
    for row in data.of_event("quantities", event):
        claim, item, best, measure, bound = (data.value("quantities", row, name) for name in fields)
        if measure == "votes" and bound == "point" and best is not None and item in _ITEMS:
            found.append((row, claim, item, best))
    return found


def _too_many(data: Data, event: str) -> Iterator[Finding]:
    parts = data.of_event("participants", event)
    bodies = [
        data.value("participants", part, "actor_id")
        for part in parts
        if data.value("participants", part, "role") == "authority"
    ]
    seats = max((SEATS.get(body, 0) for body in bodies), default=0)
    tally = _tally(data, event)
    for claim in {claim for _, claim, _, _ in tally}:
        said = [(row, item, best) for row, of, item, best in tally if of == claim]
        total = sum(best for _, _, best in said)
        if not seats or total <= seats:
            continue
        # A figure that other claims contradict is the one that is wrong.
        lone = [
            (row, item, best)
            for row, item, best in said
            if any(item == other and best != figure for _, _, other, figure in tally)
        ]
        for row, _, best in lone or said:
            message = f"{best:g} of {total:g} votes, and {bodies[0]} has {seats}"
            yield Finding("quantities", row, "best", message)


def _too_few(data: Data, event: str) -> Iterator[Finding]:
    tally = _tally(data, event)
    for item, roles in _TALLIES.items():
        named = [
            part
            for part in data.of_event("participants", event)
            if data.value("participants", part, "role") in roles
        ]
        figures = [(row, best) for row, _, of, best in tally if of == item]
        low = [(row, best) for row, best in figures if best < len(named)]
        for row, best in low:
            message = f"only {best:g} `{item}`, but {count(len(named), 'participant')} named so"
            yield Finding("quantities", row, "best", message)
        if low and len(low) == len(figures):  # then it may be the roles that are wrong
            for part in named:
                message = f"{len(named)} such roles, and the tally gives {low[0][1]:g} {item}"
                yield Finding("participants", part, "role", message)


#: Days by which a count may end before the event that it is an amount of.
_BEFORE = 366


@rule(
    "period-of-event",
    "quantities events",
    why="Amounts are of the event itself; what ended years before is background, or a slip.",
    hint="check the year of the period",
    severity="warning",
    fails="quantities chn-rus-trade-2023/3: period_start=2013-01-01 | period_end=2013-12-31",
    passes="quantities chn-rus-trade-2023/3: period_start=2022-01-01 | period_end=2022-12-31",
)
def period_of_event(data: Data) -> Iterator[Finding]:
    for row, event, end in data.rows("quantities", "event_id", "period_end"):
        at = data.events.get(event)
        start = None if at is None else data.value("events", at, "start_date")
        if start and end and (start - end).days > _BEFORE:
            message = f"counts to {end}, and the event begins on {start}"
            yield Finding("quantities", row, "period_end", message)


@rule(
    "duration-of-event",
    "quantities events",
    why="What an event lasts is told by its days; three times as long is of another event.",
    hint="compare the duration with the days of the event; its unit is the day",
    severity="warning",
    fails=(
        "+ quantities: event_id=gulf-of-oman-drill-2024 | quantity_no=9 | claim_no=1 | "
        "item=drill | measure=duration | best=40 | unit=day | bound=point | "
        "aggregation=this_event"
    ),
    passes=(
        "+ quantities: event_id=gulf-of-oman-drill-2024 | quantity_no=9 | claim_no=1 | "
        "item=drill | measure=duration | best=5 | unit=day | bound=point | "
        "aggregation=this_event"
    ),
)
def duration_of_event(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "measure", "unit", "low", "best", "high")
    for row, event, measure, unit, *values in data.rows("quantities", *fields):
        at = data.events.get(event)
        if at is None or measure != "duration" or unit != "day":
            continue
        start = data.value("events", at, "start_date")
        end = data.value("events", at, "end_date")
        if not start or not end or end < start:
            continue
        if data.value("events", at, "date_anchor") != "occurrence":
            continue  # an order or a text sets a term, which runs on
        days = (end - start).days + 1
        for name, value in zip(("low", "best", "high"), values, strict=True):
            if value is not None and value > 3 * days:
                message = f"{value:g} days, and the event has {days}: {start} to {end}"
                yield Finding("quantities", row, name, message)


@rule(
    "amount-of-nothing",
    "quantities",
    why="No soldiers, ships or aircraft are seldom a statement; mostly digits are missing.",
    hint="check the figure; that nothing came is said in a claim",
    severity="warning",
    fails="quantities prk-sappers-builders-russia-2025/1: best=0 | low= | high= | bound=point",
    passes="quantities prk-sappers-builders-russia-2025/1: best=1 | low= | high= | bound=point",
)
def amount_of_nothing(data: Data) -> Iterator[Finding]:
    for row, measure, best, high in data.rows("quantities", "measure", "best", "high"):
        if measure in ("personnel", "vessels", "aircraft") and 0 in (best, high):
            name = "best" if best == 0 else "high"
            yield Finding("quantities", row, name, f"0 is no number of {measure}")
