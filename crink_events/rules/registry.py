"""How a rule is written down, what it sees, and how all of them are run."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from crink_events.contract import Package
from crink_events.reading import Typed
from crink_events.report import Issue, Severity

#: The row of a finding that is about a table as a whole.
HEADER = -1


class Finding(NamedTuple):
    """A cell that breaks a rule, and how; of a table as a whole the row is :data:`HEADER`."""

    table: str
    row: int
    field: str
    message: str


@dataclass(frozen=True)
class Data:
    """The typed tables, with the look-ups that rules share.

    A rule reads columns as tuples of values; None is blank (or unreadable, which a type error has
    reported already). Lists are Python lists; a blank list is None. ``today`` is the last day of
    which a row can speak: today's, or the day on which the package was made if that is later.
    """

    package: Package
    tables: Mapping[str, Typed]
    today: dt.date
    _by_event: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def rows(self, table: str, *fields: str) -> Iterator[tuple[Any, ...]]:
        """Give ``(row, value, ...)`` for every record of a table."""
        columns = self.tables[table].columns
        count = len(self.tables[table].cells.records)
        return zip(range(count), *(columns[name] for name in fields), strict=True)

    def value(self, table: str, row: int, name: str) -> Any:
        """Give one value."""
        return self.tables[table].columns[name][row]

    def of_event(self, table: str, event_id: str) -> list[int]:
        """Give the rows of a table that belong to an event."""
        if table not in self._by_event:
            found: dict[str, list[int]] = defaultdict(list)
            for row, event in self.rows(table, "event_id"):
                found[event].append(row)
            self._by_event[table] = found
        return self._by_event[table].get(event_id, [])

    @cached_property
    def events(self) -> dict[str, int]:
        """Row of each event by its id."""
        return {event: row for row, event in self.rows("events", "event_id")}

    @cached_property
    def sources(self) -> dict[str, int]:
        """Row of each source by its id."""
        return {source: row for row, source in self.rows("sources", "source_id")}

    @cached_property
    def actors(self) -> dict[str, int]:
        """Row of each actor by its id."""
        return {actor: row for row, actor in self.rows("actors", "actor_id")}

    def codes(self, vocabulary: str) -> dict[str, int]:
        """Row of each code of a vocabulary."""
        return {
            code: row
            for row, name, code in self.rows("codes", "vocabulary", "code")
            if name == vocabulary and code
        }


def moved(day: dt.date, days: int) -> dt.date:
    """Move a day; the calendar's own ends stay where they are.

    Examples
    --------
    >>> moved(dt.date(2024, 2, 29), 1), moved(dt.date.max, 1) == dt.date.max
    (datetime.date(2024, 3, 1), True)
    """
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return dt.date.max if days > 0 else dt.date.min


Check = Callable[[Data], Iterable[Finding]]


@dataclass(frozen=True)
class Rule:
    """One rule of the codebook.

    Attributes
    ----------
    id
        Name of the rule, as reports print it.
    tables
        Tables that the rule reads; it is not run when one of them could not be read.
    why
        The reason, for curators.
    hint
        What to do about a finding.
    fails, passes
        An example of each, as an edit of a valid package, a line a record:
        ``events rus-prk-treaty-signed: end_date=2024-06-18 | note=`` sets cells of the record with
        that key, ``+ links: from_event=…`` adds one, ``- claims rus-prk-summit-2024/2`` drops one.
        The tests make them.
    severity
        ``error`` or ``warning``.
    check
        Finds the cells that break the rule.
    """

    id: str
    tables: tuple[str, ...]
    why: str
    hint: str
    fails: str
    passes: str
    severity: Severity
    check: Check


RULES: dict[str, Rule] = {}


def rule(
    name: str,
    tables: str,
    *,
    why: str,
    hint: str,
    fails: str,
    passes: str,
    severity: Severity = "error",
) -> Callable[[Check], Check]:
    """Register a function as a rule of the codebook."""

    def register(check: Check) -> Check:
        if name in RULES:
            raise ValueError(f"two rules are called {name}")
        RULES[name] = Rule(name, tuple(tables.split()), why, hint, fails, passes, severity, check)
        return check

    return register


def run(data: Data) -> Iterator[Issue]:
    """Run every rule whose tables are there."""
    for entry in RULES.values():
        if not all(table in data.tables for table in entry.tables):
            continue
        for found in entry.check(data):
            cells = data.tables[found.table].cells
            if found.row == HEADER:
                message, severity, hint = found.message, entry.severity, entry.hint
                yield Issue(cells.table.path, 1, "", entry.id, message, severity, hint=hint)
                continue
            if found.row in cells.odd:
                continue  # its cells may stand in the wrong columns
            yield cells.issue(
                found.row,
                found.field,
                entry.id,
                found.message,
                severity=entry.severity,
                hint=entry.hint,
            )


def _pruned(edges: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Take nodes away that lead nowhere, until none is left, and turn the edges round."""
    back: dict[str, set[str]] = defaultdict(set)
    for start, ends in edges.items():
        for end in ends:
            back[end].add(start)
    left = {node: len(edges.get(node, ())) for node in {*edges, *back}}
    ready = [node for node, count in left.items() if not count]
    while ready:
        for before in back.pop(ready.pop(), ()):
            left[before] -= 1
            if not left[before]:
                ready.append(before)
    return {end: {start for start in starts if left[start]} for end, starts in back.items()}


def has_cycle(edges: Mapping[str, Iterable[str]]) -> set[str]:
    """Name the nodes of a directed graph that lie on a cycle.

    Examples
    --------
    >>> sorted(has_cycle({"a": ["b"], "b": ["a"], "c": ["a"]}))
    ['a', 'b']
    """
    on_cycle = set()
    # What nothing leads to, or what leads nowhere, lies on no cycle: chains go at once.
    edges = _pruned(_pruned({node: set(ends) for node, ends in edges.items()}))
    for start in edges:
        seen: set[str] = set()
        stack = list(edges[start])
        while stack:
            node = stack.pop()
            if node == start:
                on_cycle.add(start)
                break
            if node not in seen:
                seen.add(node)
                stack.extend(edges.get(node, ()))
    return on_cycle
