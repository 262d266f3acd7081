"""Frictionless over the package: the reference implementation of Data Package.

Needs the ``validate`` extra. Frictionless counts records; :class:`crink_events.reading.Cells`
turns its numbers into physical lines. It stops at 1,000 errors a table; the other layers do not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from crink_events.contract import Package
from crink_events.reading import Typed
from crink_events.report import Issue

# Kinds that the reading of the files words better, with the same name or another.
_OURS = {
    "blank-label": "extra-label",
    "blank-header": "file-error",
    "source-error": "file-error",
    "scheme-error": "file-error",
}


def check(package: Package, tables: Mapping[str, Typed]) -> Iterator[Issue]:
    """Let Frictionless validate the package and translate what it says."""
    import frictionless

    descriptor = str(package.root / "datapackage.json")
    try:
        report = frictionless.Package(descriptor).validate()
    except frictionless.FrictionlessException as error:
        yield Issue("datapackage.json", 0, "", "engine-error", f"frictionless: {error.error.note}")
        return
    for general in report.errors:
        yield Issue("datapackage.json", 0, "", "engine-error", f"frictionless: {general.message}")
    known = {*tables, *(typed.cells.table.path for typed in tables.values())}
    for task in report.tasks:
        table = package.tables[task.name]
        for found in task.errors:
            yield from _issue(table.path, tables.get(task.name), found, known)


def _issue(path: str, typed: Typed | None, error: object, known: set[str]) -> Iterator[Issue]:
    kind = str(getattr(error, "type", "engine-error"))
    kind = _OURS.get(kind, kind)
    number = getattr(error, "row_number", None)
    column = str(getattr(error, "field_name", "") or "")
    note = str(getattr(error, "note", "")) or kind
    if kind == "foreign-key" and (getattr(error, "reference_name", "") or path) not in known:
        return  # the table referred to could not be read, which is reported once
    if typed is None or number is None:
        yield Issue(path, 0 if number is None else number, column, kind, note)
        return
    cells = typed.cells
    line = cells.starts[number - 1] if number <= len(cells.starts) else 0
    if kind == "primary-key":
        column = cells.table.primary_key[-1]
    elif kind == "foreign-key":
        names = getattr(error, "field_names", None) or [""]
        column = str(names[-1])
    if line in cells.lines:
        row = cells.lines.index(line)
        if column in cells.table.field_names:
            yield cells.issue(row, column, kind, note)
            return
    yield Issue(path, line, column, kind, note)
