"""Pandera over typed frames, with columns derived from the contract.

Needs the ``validate`` extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crink_events.reading import Typed
from crink_events.report import Issue

#: Pandera's words for a failed check, where they are not a constraint of the contract.
_KINDS = {"not_nullable": "constraint-error", "field_uniqueness": "unique-error"}


def check(tables: Mapping[str, Typed]) -> Iterator[Issue]:
    """Check every table with its Pandera schema, all failures in one pass."""
    for typed in tables.values():
        yield from _check(typed)


def _check(typed: Typed) -> Iterator[Issue]:
    from pandera.errors import SchemaErrors

    table = typed.cells.table
    # Blank lists are missing values to a schema; in the frame of the rules they are empty.
    frame = typed.frame()
    for field in table.fields:
        if field.type == "list":
            frame[field.name] = frame[field.name].where(frame[field.name].str.len() > 0, None)
    try:
        table.pandera_schema().validate(frame, lazy=True)
    except SchemaErrors as errors:
        # A composite failure has one case a field of the key; the constraints layer words it.
        later: dict[tuple[str, ...], set[int]] = {}
        for case in errors.failure_cases.to_dict("records"):
            yield from _issue(typed, case, later)


def _issue(
    typed: Typed, case: dict[str, object], later: dict[tuple[str, ...], set[int]]
) -> Iterator[Issue]:
    table = typed.cells.table

    def repeats(row: int, *fields: str) -> bool:
        if fields not in later:
            later[fields] = _repeats(typed, fields)
        return row in later[fields]

    row, check, column = case["index"], str(case["check"]), str(case["column"])
    if check == "multiple_fields_uniqueness":
        if (
            isinstance(row, int)
            and column == table.primary_key[-1]
            and repeats(row, *table.primary_key)
        ):
            yield typed.cells.issue(row, column, "primary-key", "the key stands twice")
        return
    if not isinstance(row, int) or column not in table.field_names:
        message = f"{check}: {case['failure_case']}"
        yield Issue(table.path, 0, column, "engine-error", message)
        return
    if row in typed.cells.odd:
        return  # its cells may stand in the wrong columns
    cell = typed.cells.records[row][table.field_names.index(column)]
    if check == "not_nullable" and cell:
        return  # the cell is not blank but unreadable, and a type error says so
    if check == "field_uniqueness" and not repeats(row, column):
        return
    kind = _KINDS.get(check, "constraint-error")
    yield typed.cells.issue(row, column, kind, f'"{cell[:60]}" fails {check}')


def _repeats(typed: Typed, fields: tuple[str, ...]) -> set[int]:
    """Name the rows whose values stand in an earlier row: only the later of two is at fault."""
    places = [typed.cells.table.field_names.index(name) for name in fields]
    seen: set[tuple[str, ...]] = set()
    found = set()
    for row, record in enumerate(typed.cells.records):
        values = tuple(record[place] for place in places)
        if values in seen:
            found.add(row)
        seen.add(values)
    return found
