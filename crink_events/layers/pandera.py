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
        for case in errors.failure_cases.to_dict("records"):
            yield from _issue(typed, case)


def _issue(typed: Typed, case: dict[str, object]) -> Iterator[Issue]:
    table = typed.cells.table
    row, check, column = case["index"], str(case["check"]), str(case["column"])
    if check == "multiple_fields_uniqueness":
        if isinstance(row, int) and column == table.primary_key[-1] and not _is_first(typed, row):
            yield typed.cells.issue(row, column, "primary-key", "the key stands twice")
        return
    if not isinstance(row, int) or column not in table.field_names:
        message = f"{check}: {case['failure_case']}"
        yield Issue(table.path, 0, column, "engine-error", message)
        return
    cell = typed.cells.records[row][table.field_names.index(column)]
    if check == "not_nullable" and cell:
        return  # the cell is not blank but unreadable, and a type error says so
    if check == "field_uniqueness" and _is_first(typed, row, (column,)):
        return
    kind = _KINDS.get(check, "constraint-error")
    yield typed.cells.issue(row, column, kind, f'"{cell[:60]}" fails {check}')


def _is_first(typed: Typed, row: int, fields: tuple[str, ...] | None = None) -> bool:
    """Whether no earlier record has the same values: only the later one of two is at fault."""
    names = typed.cells.table.field_names
    places = [names.index(name) for name in fields or typed.cells.table.primary_key]
    wanted = [typed.cells.records[row][place] for place in places]
    return all([other[place] for place in places] != wanted for other in typed.cells.records[:row])
