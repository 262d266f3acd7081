"""Rules about coverage: periods, and no day searched twice over."""

from __future__ import annotations

from collections.abc import Iterator

from crink_events.rules.registry import Data, Finding, rule


@rule(
    "coverage-period",
    "coverage",
    why="A period of search has a first and a last day, in this order.",
    hint="mend the dates",
    fails="coverage defence/PRK-RUS/2022-01-01: period_end=2021-12-31",
    passes="coverage defence/PRK-RUS/2022-01-01: period_end=2026-11-22",
)
def coverage_period(data: Data) -> Iterator[Finding]:
    fields = ("period_start", "period_end", "searched_on")
    for row, start, end, searched in data.rows("coverage", *fields):
        if start and end and end < start:
            yield Finding("coverage", row, "period_end", f"ends on {end}, begins on {start}")
        elif end and searched and end > searched:
            message = f"covers days to {end} but was searched on {searched}"
            yield Finding("coverage", row, "period_end", message)


@rule(
    "searched-by-then",
    "coverage",
    why="A search cannot have been made on a day that has not come.",
    hint="`searched_on` is the day of the search",
    fails="coverage defence/PRK-RUS/2022-01-01: searched_on=2999-01-01",
    passes="coverage defence/PRK-RUS/2022-01-01: searched_on=2026-01-01",
)
def searched_by_then(data: Data) -> Iterator[Finding]:
    for row, searched in data.rows("coverage", "searched_on"):
        if searched and searched > data.today:
            yield Finding("coverage", row, "searched_on", f"{searched} has not come")


@rule(
    "coverage-overlap",
    "coverage",
    why="Two tiers for one day leave open whether an empty cell is a zero.",
    hint="end the earlier period before the later one begins",
    fails=(
        "+ coverage: domain=defence | dyad=PRK-RUS | period_start=2025-12-31 | "
        "period_end=2026-06-30 | tier=targeted | languages=en | searched_on=2026-11-22"
    ),
    passes=(
        "+ coverage: domain=defence | dyad=PRK-RUS | period_start=2026-01-01 | "
        "period_end=2026-06-30 | tier=targeted | languages=en | searched_on=2026-11-22"
    ),
)
def coverage_overlap(data: Data) -> Iterator[Finding]:
    last: dict[tuple[str, str], object] = {}
    rows = sorted(
        (domain, dyad, start, end, row)
        for row, domain, dyad, start, end in data.rows(
            "coverage", "domain", "dyad", "period_start", "period_end"
        )
        if domain and dyad and start and end
    )
    for domain, dyad, start, end, row in rows:
        before = last.get((domain, dyad))
        if before is not None and start <= before:
            message = f"begins on {start}, but a period of {domain}, {dyad} runs to {before}"
            yield Finding("coverage", row, "period_start", message)
        last[domain, dyad] = end
