"""The canonical form of the CSV files: rows sorted by key, LF, minimal quotes, NFC, trimmed cells.

Lists whose order says nothing (:mod:`crink_events.lists`) are sorted; in the others the first item
may be the main one, and their order is kept. Nothing else is touched: a value whose meaning is not
known here stays as it is, and a file that cannot be read record by record is left alone.
"""

from __future__ import annotations

import csv
import difflib
import io
import os
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from crink_events import lists
from crink_events.contract import Package, read_file
from crink_events.descriptors import read_contract
from crink_events.reading import Cells, read_cells
from crink_events.report import Issue

#: What the canonical form mends. Any other issue of a file's form keeps its hands off the file.
MENDED = frozenset(
    {"byte-order-mark", "line-ending", "untrimmed", "not-normalised", "row-order", "blank-row"}
)


class Change(NamedTuple):
    """A file and its canonical form.

    Attributes
    ----------
    file
        Path inside the package.
    text
        The canonical form.
    diff
        The lines of a unified diff, empty where the file is canonical already.
    """

    file: str
    text: str
    diff: tuple[str, ...]


def canonical(cells: Cells) -> str:
    """Write a table in its canonical form.

    Raises
    ------
    ValueError
        If a number in the primary key cannot be read, so that the rows cannot be sorted.
    """
    table = cells.table
    records = [
        [unicodedata.normalize("NFC", cell).strip() for cell in record] for record in cells.records
    ]
    names = table.field_names
    columns = {name: [record[at] for record in records] for at, name in enumerate(names)}
    for row, (name, text) in lists.unsorted(table.name, columns).items():
        records[row][names.index(name)] = text
    keys = [(names.index(name), table.field(name)) for name in table.primary_key]

    def order(record: list[str]) -> list[object]:
        # Integers sort as numbers; every other type sorts as the text that stands in the file.
        return [
            field.parse(record[place]) if field.type == "integer" else record[place]
            for place, field in keys
        ]

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(sorted(records, key=order))  # type: ignore[arg-type]
    return out.getvalue()


def changes(root: Path | str) -> tuple[list[Change], list[Issue]]:
    """Compare every table of a package with its canonical form.

    Returns
    -------
    tuple
        The tables with what would change, and the issues that keep a table as it is.

    Raises
    ------
    ContractError
        If the contract cannot be read.
    """
    package = read_contract(root)
    found: list[Change] = []
    hindrances: list[Issue] = []
    for table in package.tables.values():
        cells, issues = read_cells(package, table)
        blocking = [issue for issue in issues if issue.rule not in MENDED]
        if cells is not None:
            blocking += _unsortable(cells)
        if blocking or cells is None:
            hindrances.extend(blocking)
            continue
        found.append(_change(package, cells))
    return found, hindrances


def _unsortable(cells: Cells) -> Iterator[Issue]:
    """Find bytes that cannot be written back, and numbers of the key that cannot be sorted."""
    for position, field in enumerate(cells.table.fields):
        wanted = {"encoding-error"}
        if field.name in cells.table.primary_key:
            wanted.add("type-error")
        column = cells.columns[position]
        faults = {t: [f for f in field.faults(t) if f.rule in wanted] for t in set(column)}
        for row, text in enumerate(column):
            for rule, message, hint in faults[text]:
                yield cells.issue(row, field.name, rule, message, hint=hint)


def _change(package: Package, cells: Cells) -> Change:
    name = cells.table.path
    text = canonical(cells)
    data = read_file(package.root / name)
    if data == text.encode():
        return Change(name, text, ())
    before = data.decode("utf-8-sig").splitlines(keepends=True)
    return Change(name, text, tuple(_diff(name, before, text.splitlines(keepends=True))))


def _diff(name: str, before: list[str], after: list[str]) -> Iterator[str]:
    lines = difflib.unified_diff(before, after, name, f"{name} (canonical)", n=0)
    for line in lines:
        yield line.rstrip("\n").replace("\r", "␍")
    if before == after:
        yield f"{name}: begins with a byte order mark"


def write(root: Path | str, change: Change) -> None:
    """Put the canonical form in the place of a file, in one step."""
    path = Path(root) / change.file
    handle, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(change.text)
        Path(name).chmod(path.stat().st_mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
