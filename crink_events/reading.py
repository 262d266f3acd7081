"""CSV files as text cells with their physical lines, and as typed frames.

Cells are read as text first. A record number is not a line once a cell holds a line break, so
every record keeps the physical line on which it begins, and every cell can say its own.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crink_events.contract import TYPES, Package, Table, Value
from crink_events.report import Issue

if TYPE_CHECKING:
    import pandas as pd

#: A cell of more characters than this is a quoting accident, not a value.
CELL_LIMIT = 131_072
# Everything below the blank except tab-free LF, and the format characters that hide or turn text.
_CONTROL = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Cells:
    """A table as text.

    Attributes
    ----------
    table
        The table of the contract.
    records
        The cells of each sound record, in file order.
    lines
        The physical line on which each sound record begins.
    starts
        The physical line of *every* record of the file by its number from 1, header and broken
        records included: what a tool that counts records must be translated with.
    """

    table: Table
    records: list[list[str]]
    lines: list[int]
    starts: list[int]

    def line(self, row: int, column: int) -> int:
        """Give the physical line on which a cell begins."""
        before = self.records[row][:column]
        return self.lines[row] + sum(cell.count("\n") for cell in before)

    def key(self, row: int) -> str:
        """Give the primary key of a record as text."""
        names = self.table.field_names
        return "/".join(self.records[row][names.index(name)] for name in self.table.primary_key)

    def issue(self, row: int, field: str, rule: str, message: str, **more: Any) -> Issue:
        """Make an issue of one cell, with its place, key and value."""
        column = self.table.field_names.index(field)
        return Issue(
            file=self.table.path,
            line=self.line(row, column),
            column=field,
            rule=rule,
            message=message,
            key=self.key(row),
            value=self.records[row][column][:200],
            **more,
        )


def read_cells(package: Package, table: Table) -> tuple[Cells | None, list[Issue]]:
    """Read one table as text.

    Parameters
    ----------
    package
        The contract, which knows the folder.
    table
        The table to read.

    Returns
    -------
    tuple
        The cells, or None where the file or its header cannot be used, and what is wrong with
        the file, its header, its records and its characters.
    """
    issues: list[Issue] = []
    text = _decode(package, table, issues)
    if text is None:
        return None, issues
    records, starts = _records(table, text, issues)
    if not records:
        if not issues:
            message = "the file is empty"
            issues.append(Issue(table.path, 1, "", "file-error", message, hint="add the header"))
        return None, issues
    if not _header_is_sound(table, records[0], issues):
        return None, issues
    cells = Cells(table, [], [], starts)
    width = len(table.fields)
    for record, line in zip(records[1:], starts[1:], strict=False):
        if not any(cell.strip() for cell in record):
            issues.append(
                Issue(table.path, line, "", "blank-row", "the row is blank", hint="remove it")
            )
        elif len(record) != width:
            issues.append(_width_issue(table, record, line))
        else:
            cells.records.append(record)
            cells.lines.append(line)
    issues.extend(_characters(cells))
    return cells, issues


def _decode(package: Package, table: Table, issues: list[Issue]) -> str | None:
    path = table.path

    def issue(line: int, rule: str, message: str, hint: str = "") -> None:
        issues.append(Issue(path, line, "", rule, message, hint=hint))

    try:
        data = (package.root / path).read_bytes()
    except OSError as error:
        issue(0, "file-error", f"cannot be read: {error.strerror or type(error).__name__}")
        return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        issue(1, "encoding-error", "the file is UTF-16, not UTF-8", "save it as UTF-8")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        issue(1, "byte-order-mark", "begins with a byte order mark", "save it without")
        data = data[3:]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        issue(line, "encoding-error", message, "save the file as UTF-8")
        return None
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        count = text.count("\r")
        issue(line, "line-ending", f"{count} carriage returns, the first here", "use LF alone")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text and not text.endswith("\n"):
        issue(text.count("\n") + 1, "line-ending", "the last line has no end", "add a line break")
    return text


def _records(table: Table, text: str, issues: list[Issue]) -> tuple[list[list[str]], list[int]]:
    """Split a text into records; a broken quotation ends the reading, with the record's line."""
    records: list[list[str]] = []
    starts: list[int] = []
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return records, starts
        except csv.Error as error:
            issues.append(
                Issue(
                    table.path,
                    start,
                    "",
                    "quoting-error",
                    f"the record that begins here cannot be read: {error}",
                    hint="double the quotation marks inside a quoted cell",
                )
            )
            return records, starts
        records.append(record)
        starts.append(start)


def _header_is_sound(table: Table, header: list[str], issues: list[Issue]) -> bool:
    wanted = list(table.field_names)
    if header == wanted:
        return True
    found: list[Issue] = []

    def issue(rule: str, column: str, message: str, hint: str = "") -> None:
        found.append(Issue(table.path, 1, column, rule, message, hint=hint))

    for number, label in enumerate(header):
        if label in header[:number]:
            issue("duplicate-label", label, f'the column "{label}" stands twice')
        elif label not in wanted:
            at = wanted[number] if number < len(wanted) else ""
            hint = f'column {number + 1} is "{at}"' if at else "the schema has no such column"
            issue("extra-label", label, f'there is no field "{label}"', hint)
    for label in wanted:
        if label not in header:
            issue("missing-label", label, f'the column "{label}" is missing')
    if not found:
        pairs = zip(header, wanted, strict=True)
        for number, (label, field) in enumerate(pairs, start=1):
            if label != field:
                message = f'column {number} is "{label}" and must be "{field}"'
                issue("incorrect-label", label, message, "keep the order of the schema")
    issues.extend(found)
    return False


def _width_issue(table: Table, record: list[str], line: int) -> Issue:
    width = len(table.fields)
    many = len(record) > width
    column = "" if many else table.fields[len(record)].name
    return Issue(
        file=table.path,
        line=line,
        column=column,
        rule="extra-cell" if many else "missing-cell",
        message=f"the row has {len(record)} cells and must have {width}",
        key=record[0],
        value=record[width][:200] if many else "",
        hint="quote cells that contain a comma" if many else "look for a lost comma",
    )


def _characters(cells: Cells) -> Iterator[Issue]:
    """Find blanks around values, invisible characters, and text that is not in NFC."""
    names = cells.table.field_names
    for row, record in enumerate(cells.records):
        for column, cell in enumerate(record):
            if not cell:
                continue
            if cell != cell.strip():
                yield cells.issue(row, names[column], "untrimmed", "blanks around the value")
            if cell.isascii() and cell.isprintable():
                continue
            hidden = _CONTROL.search(cell)
            if hidden:
                message = f"the character U+{ord(hidden[0]):04X} is invisible"
                yield cells.issue(row, names[column], "control-character", message)
            if not unicodedata.is_normalized("NFC", cell):
                message = "the text is not in Unicode form NFC"
                yield cells.issue(row, names[column], "not-normalised", message)


@dataclass(frozen=True)
class Typed:
    """A table with values for texts: ``columns[field][row]``; None for blank or unreadable."""

    cells: Cells
    columns: dict[str, list[Value | None]]

    def frame(self) -> pd.DataFrame:
        """Give the columns as a pandas frame.

        The index numbers the records from 0. Codes are strings, not categoricals, so that a code
        outside its vocabulary stays visible; lists are Python lists, and blank lists are empty.
        """
        import pandas as pd

        series = {}
        for field in self.cells.table.fields:
            values: list[Any] = self.columns[field.name]
            if field.type == "list":
                values = [value or [] for value in values]
            series[field.name] = pd.Series(values, dtype=TYPES[field.type].pandas)
        return pd.DataFrame(series)


def read_types(cells: Cells) -> tuple[Typed, list[Issue]]:
    """Read the cells of a table as values.

    Returns
    -------
    tuple
        The values by field, and a ``type-error`` for each cell that is not of its type.
    """
    issues: list[Issue] = []
    columns: dict[str, list[Value | None]] = {}
    for position, field in enumerate(cells.table.fields):
        values: list[Value | None] = []
        for row, record in enumerate(cells.records):
            text = record[position]
            if not text:
                values.append(None)
                continue
            try:
                values.append(field.parse(text))
            except ValueError as error:
                values.append(None)
                message = f'"{text[:60]}" is no {field.type}'
                issues.append(cells.issue(row, field.name, "type-error", message, hint=str(error)))
        columns[field.name] = values
    return Typed(cells, columns), issues
