"""The contract engine: what the Table Schemas demand of cells, columns, keys and lists.

Semantics are those of Frictionless, the reference; where they differ on purpose stands in
``docs/contract.md`` and is held to by ``tests/test_parity.py``. Each text of a column is judged
once, however often it stands there; rows are looked at only where a text is at fault. The standard
library alone.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import cache, cached_property
from itertools import chain, pairwise
from typing import Any

from crink_events.contract import Field, ForeignKey
from crink_events.layers.columns import Judge
from crink_events.reading import Cells
from crink_events.report import Issue, nearest
from crink_events.texts import Fault

Key = tuple[Any, ...]
#: The name under which a certificate speaks of the primary key.
PRIMARY_KEY = "(primaryKey)"
#: Gives the keys of a table by its name and fields; None where they cannot be known.
Known = Callable[[str, tuple[str, ...]], Set[Key] | None]


def check(tables: Mapping[str, Cells], known: Known) -> Iterator[Issue]:
    """Check tables against their schemas.

    Parameters
    ----------
    tables
        The tables to check.
    known
        The keys of these and of all other tables of the package, such as :func:`keys_of` gives.
        References to a table whose keys are not known are not judged.
    """
    judge = Judge()
    for cells in tables.values():
        settled = cells.absent | cells.certain
        for position, field in enumerate(cells.table.fields):
            if field.name not in settled:
                yield from _column(cells, position, field, known, judge)
        if PRIMARY_KEY not in cells.certain:
            yield from _primary_key(cells)
        for key in cells.table.foreign_keys:
            if key not in cells.certain:
                yield from _foreign_key(cells, key, known)


def keys_of(tables: Mapping[str, Cells]) -> Known:
    """Give the keys of tables, each set made once."""

    @cache
    def known(name: str, fields: tuple[str, ...]) -> Set[Key] | None:
        cells = tables.get(name)
        if cells is None or cells.absent & set(fields):
            return None
        return set(_keys(cells, fields))

    return known


def _column(
    cells: Cells, position: int, field: Field, known: Known, judge: Judge
) -> Iterator[Issue]:
    column = cells.columns[position]
    texts = set(column)
    doubtful = judge.doubtful(field, texts)
    faults = {text: found for text in doubtful if (found := tuple(field.faults(text)))}
    if field.type == "list":
        for text, fault in _items(texts, field, known):
            faults[text] = (*faults.get(text, ()), fault)
    if faults:
        for row in [row for row, text in enumerate(column) if text in faults]:
            if row not in cells.odd:
                for rule, message, hint in faults[column[row]]:
                    yield cells.issue(row, field.name, rule, message, hint=hint)
    if field.unique and field.type != "list":
        yield from _unique(cells, position, field, len(texts))


def _unique(cells: Cells, position: int, field: Field, distinct: int) -> Iterator[Issue]:
    # Values of other types are equal in more ways than one: "+4" and "4".
    if field.type == "string" and distinct == len(cells.records):
        return
    seen: dict[Any, int] = {}
    for row, text in enumerate(cells.columns[position]):
        value = field.key(text)
        first = row if value is None else seen.setdefault(value, row)
        if first != row and row not in cells.odd:
            message = f"the same value stands in line {cells.line(first, position)}"
            hint = "keep one of the two, or mend the value"
            yield cells.issue(row, field.name, "unique-error", message, hint=hint)


def _items(texts: set[str], field: Field, known: Known) -> Iterator[tuple[str, Fault]]:
    """Find items that are no codes of their vocabulary, or no keys of the table they refer to."""
    reference = field.item_keys
    keys = known(*reference) if reference else None
    if reference is None or keys is None:
        return
    if field.vocabulary:
        rule, where = "list-code", f"the vocabulary {field.vocabulary}"
        items = {code for name, code in keys if name == field.vocabulary and code}
    else:
        rule, where = "list-reference", f'"{reference[0]}"'
        items = {key for (key,) in keys if key}
    if set(field.delimiter.join(texts).split(field.delimiter)) <= items | {""}:
        return
    near = Neighbours(items)
    for text in texts:
        for item in text.split(field.delimiter) if text else ():
            if item.strip() and item.strip() not in items:
                hint = _separated(item, items, field) or near(item.strip())
                hint = hint or f"add it to {where}, or mend it"
                yield text, Fault(rule, f'"{item[:60]}" is not in {where}', hint)


def _separated(item: str, known: Set[str], field: Field) -> str:
    """Say that an item is several, with other marks between them than the list has."""
    parts = [part.strip() for part in re.split(r"[;,|/&+]", item)]
    several = len(parts) > 1 and all(part in known for part in parts)
    return f'separate the items by "{field.delimiter}"' if several else ""


def _keys(cells: Cells, names: tuple[str, ...]) -> list[Key]:
    """Give the values of some fields by row, as keys compare them; None for blank or unreadable."""
    columns = []
    for name in names:
        field = cells.table.field(name)
        column: Sequence[str] = cells.columns[cells.table.field_names.index(name)]
        texts = set(column)
        # A text that is not blank is its own key.
        if field.type != "string" or "" in texts:
            column = list(map({text: field.key(text) for text in texts}.__getitem__, column))
        columns.append(column)
    return list(zip(*columns, strict=True))


def _primary_key(cells: Cells) -> Iterator[Issue]:
    names = cells.table.primary_key
    if cells.absent & set(names):
        return
    keys = _keys(cells, names)
    if len(set(keys)) == len(keys) and not any(None in key for key in keys) and _sorted(keys):
        return
    seen: dict[Key, int] = {}
    previous: Key | None = None
    for row, key in enumerate(keys):
        blank = all(value is None for value in key)
        first = row if blank else seen.setdefault(key, row)
        if row in cells.odd:
            continue
        if blank:
            message = "the key is blank or cannot be read"
            hint = f"fill {', '.join(names)}"
            yield cells.issue(row, names[-1], "primary-key", message, hint=hint)
        elif first != row:
            message = f"the key {cells.key(row)} stands already in line {cells.lines[first]}"
            hint = "give the record a key of its own, or remove it"
            yield cells.issue(row, names[-1], "primary-key", message, hint=hint)
        elif None not in key:
            if previous is not None and key < previous:
                message = f"{cells.key(row)} comes before the row above it"
                hint = "run `crink-events fix`, which sorts the rows by key"
                yield cells.issue(row, names[0], "row-order", message, hint=hint)
            else:
                previous = key


def _sorted(keys: list[Key]) -> bool:
    return all(one < two for one, two in pairwise(keys))


def _foreign_key(cells: Cells, key: ForeignKey, known: Known) -> Iterator[Issue]:
    name = key.table or cells.table.name
    there = known(name, key.references)
    if there is None or cells.absent & set(key.fields):
        return
    mine, known_here = _compared(cells, key.fields, there)
    wrong = set(mine) - known_here
    if not wrong:
        return
    near = _near_keys(there, wrong)
    hints: dict[Any, str] = {}
    for row in [row for row, value in enumerate(mine) if value in wrong]:
        if row in cells.odd:
            continue
        value = mine[row]
        if value not in hints:
            hints[value] = near(value) or f'add it to "{name}", or mend it'
        parts = value if isinstance(value, tuple) else (value,)
        wanted = "/".join("" if part is None else str(part) for part in parts)
        message = f'"{wanted}" is not in "{name}"'
        yield cells.issue(row, key.fields[-1], "foreign-key", message, hint=hints[value])


def _compared(
    cells: Cells, names: tuple[str, ...], there: Set[Key]
) -> tuple[Sequence[Any], Set[Any]]:
    """Give by row what is looked for, and what it may be: of one text, as most are, the text."""
    if len(names) == 1 and cells.table.field(names[0]).type == "string":
        column = cells.columns[cells.table.field_names.index(names[0])]
        return column, {"", *chain.from_iterable(there)}
    return _keys(cells, names), there | {(None,) * len(names)}


def _near_keys(known: Set[Key], wrong: Set[Any]) -> Callable[[Any], str]:
    """Suggest the key that was meant: of one part the nearest, of several what the last can be."""
    parts = len(next(iter(known), ()))
    if parts < 2:
        near = Neighbours({str(key[0]) for key in known if key[0] is not None})
        return lambda value: near(str(value[0] if isinstance(value, tuple) else value))
    last: dict[Key, list[str]] = {key[:-1]: [] for key in wrong}
    for key in known:
        if key[:-1] in last:
            last[key[:-1]].append(str(key[-1]))

    def choices(key: Key) -> str:
        some = sorted(last[key[:-1]])
        return f"of {key[0]} there is {', '.join(some[:8])}" if some else ""

    return choices


class Neighbours:
    """Suggests the known word that is nearest to a wrong one, fast among very many words.

    Words that differ in a letter or two begin or end alike, and stand near each other in
    alphabetical order, read from the front or from the back; only those are compared letter by
    letter. A report with very many wrong words suggests something for the first of them.
    """

    _ALIKE = 2
    _NEAR = 40
    _MOST = 200

    def __init__(self, known: Set[str]) -> None:
        self._known = known
        self._asked = 0

    @cached_property
    def _ends(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        """The words by their first letters; and written backwards, by their last."""
        front: dict[str, list[str]] = {}
        back: dict[str, list[str]] = {}
        for word in self._known:
            front.setdefault(word[: self._ALIKE], []).append(word)
            drow = word[::-1]
            back.setdefault(drow[: self._ALIKE], []).append(drow)
        return front, back

    def __call__(self, word: str) -> str:
        """Give the suggestion as a question, or nothing."""
        self._asked += 1
        if self._asked > self._MOST:
            return ""
        if len(self._known) <= 500:
            return nearest(word, self._known)
        front, back = self._ends
        drow = word[::-1]
        some = {*self._around(word, front), *(one[::-1] for one in self._around(drow, back))}
        return nearest(word, some)

    def _around(self, word: str, words: Mapping[str, list[str]]) -> list[str]:
        alike = words.get(word[: self._ALIKE], [])
        alike.sort()  # which costs little where it has been done before
        at = bisect(alike, word)
        return alike[max(0, at - self._NEAR) : at + self._NEAR]
