"""The contract's own checks: constraints and keys, with the standard library alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crink_events.contract import Field, Table
from crink_events.reading import Typed
from crink_events.report import Issue, nearest


def check(tables: Mapping[str, Typed]) -> Iterator[Issue]:
    """Check every table against the constraints and keys of its schema.

    Parameters
    ----------
    tables
        Every table that could be read. References to a table that could not are not judged.
    """
    for typed in tables.values():
        table = typed.cells.table
        for field in table.fields:
            yield from _cells(typed, field)
        yield from _primary_key(typed)
        yield from _foreign_keys(typed, tables)


def _cells(typed: Typed, field: Field) -> Iterator[Issue]:
    cells = typed.cells
    position = cells.table.field_names.index(field.name)
    seen: dict[object, int] = {}
    for row, value in enumerate(typed.columns[field.name]):
        text = cells.records[row][position]
        if not text:
            if field.required:
                message = f'"{field.name}" must not be blank'
                yield cells.issue(row, field.name, "constraint-error", message)
            continue
        if value is None:
            continue  # a type error already says so
        for name, words, test in field.constraints:
            if not test(value):
                hint = nearest(text, field.enum) if name == "enum" and field.enum else ""
                message = f'"{text[:60]}" {words}'
                yield cells.issue(row, field.name, "constraint-error", message, hint=hint)
        if field.unique and not isinstance(value, list):
            first = seen.setdefault(value, row)
            if first != row:
                message = f"the same value stands in line {cells.line(first, position)}"
                yield cells.issue(row, field.name, "unique-error", message)


def _texts(typed: Typed, fields: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    positions = [typed.cells.table.field_names.index(name) for name in fields]
    for row, record in enumerate(typed.cells.records):
        yield row, tuple(record[position] for position in positions)


def _primary_key(typed: Typed) -> Iterator[Issue]:
    cells = typed.cells
    key = cells.table.primary_key
    seen: dict[tuple[str, ...], int] = {}
    previous: tuple[object, ...] | None = None
    types = [cells.table.field(name).type for name in key]
    for row, texts in _texts(typed, key):
        first = seen.setdefault(texts, row)
        if first != row:
            message = f"the key {'/'.join(texts)} stands already in line {cells.lines[first]}"
            yield cells.issue(row, key[-1], "primary-key", message)
            continue
        values = [typed.columns[name][row] for name in key]
        if any(value is None for value in values):
            continue
        order = tuple(
            value if kind == "integer" else text
            for value, text, kind in zip(values, texts, types, strict=True)
        )
        if previous is not None and order < previous:
            message = f"{'/'.join(texts)} comes before the row above it"
            yield cells.issue(row, key[0], "row-order", message, hint="sort the rows by key")
        else:
            previous = order


def _foreign_keys(typed: Typed, tables: Mapping[str, Typed]) -> Iterator[Issue]:
    cells = typed.cells
    table: Table = cells.table
    for key in table.foreign_keys:
        other = tables.get(key.table or table.name)
        if other is None:
            continue
        known = {texts for _, texts in _texts(other, key.references)}
        name = other.cells.table.name
        for row, texts in _texts(typed, key.fields):
            if not all(texts) or texts in known:
                continue
            wanted = "/".join(texts)
            hint = nearest(texts[0], [k[0] for k in known]) if len(texts) == 1 else ""
            message = f'"{wanted}" is not in "{name}"'
            yield cells.issue(row, key.fields[-1], "foreign-key", message, hint=hint)
