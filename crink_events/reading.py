"""CSV files as text cells with their physical lines, and as typed columns.

Cells are read as text first. A record number is not a line once a cell holds a line break, so
every record keeps the physical line on which it begins, and every cell can say its own. What is
wrong with one record never hides the next: reading goes on behind it.
"""

import csv
import io
import re
from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise, repeat
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from crink_events.contract import TYPES, Field, ForeignKey, Package, Table, Value, read_file
from crink_events.report import Issue, count, nearest

if TYPE_CHECKING:
    import pandas as pd

#: A cell of more characters than this is a quoting accident, not a value.
CELL_LIMIT = 131_072
#: What other files begin with that end up under a table's name.
_OTHER_FILES = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\x1f\x8b": "compressed with gzip",
    b"version https://git-lfs": "a pointer of Git LFS, whose content was not fetched",
    b"<!DOCTYPE": "a page of the web",
    b"<!doctype": "a page of the web",
    b"<html": "a page of the web",
}
#: What a merge leaves where two versions of a line must be decided between.
_MERGE_MARKS = ("<<<<<<< ", "||||||| ", "=======", ">>>>>>> ")
_CELL = r'(?:[^",]*|"(?:[^"]|"")*")'
_RECORD = re.compile(f"{_CELL}(?:,{_CELL})*")
_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


class _Cells(NamedTuple):
    table: Table
    records: Sequence[list[str]]
    lines: Sequence[int]
    starts: Sequence[int]
    odd: frozenset[int] = frozenset()
    absent: frozenset[str] = frozenset()
    certain: frozenset[str | ForeignKey] = frozenset()


class Cells(_Cells):
    """A table as text.

    Attributes
    ----------
    table
        The table of the contract.
    records
        The cells of each record that is not blank, in file order and in the order of the fields.
    lines
        The physical line on which each of these records begins.
    starts
        The physical line of *every* record of the file by its number from 1, header and blank
        records included: what a tool that counts records must be translated with. Empty where
        broken quotation leaves no such numbers.
    odd
        Rows (indices of ``records``) with a cell too many or too few. Their key still counts;
        their cells may stand in the wrong columns and are not judged.
    absent
        Fields whose column is not in the file; their cells are blank here.
    certain
        What has a certificate and need not be judged again: fields by their names, foreign keys,
        and the primary key as ``(primaryKey)``.
    """

    @cached_property
    def columns(self) -> Sequence[Sequence[str]]:
        """The cells by field, in the order of the fields."""
        return list(zip(*self.records, strict=True)) or [()] * len(self.table.fields)

    @cached_property
    def _key_positions(self) -> list[int]:
        names = self.table.field_names
        return [names.index(name) for name in self.table.primary_key]

    @cached_property
    def rows(self) -> dict[int, int]:
        """The row of each physical line on which a record begins."""
        return {line: row for row, line in enumerate(self.lines)}

    def line(self, row: int, column: int) -> int:
        """Give the physical line on which a cell begins."""
        before = self.records[row][:column]
        return self.lines[row] + sum(cell.count("\n") for cell in before)

    def key(self, row: int) -> str:
        """Give the primary key of a record as text."""
        return "/".join(self.records[row][position] for position in self._key_positions)

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
        the file, its header and the shape of its records. What is wrong inside a cell is found
        by the layers.
    """
    issues: list[Issue] = []
    text = _decode(package, table, issues)
    if text is None:
        return None, issues
    records, starts = _records(table, text, issues)
    if not records:
        message = "the file is empty"
        hint = f"write the header: {','.join(table.field_names)}"
        issues.append(Issue(table.path, 1, "", "file-error", message, hint=hint))
        return None, issues
    positions = _positions(table, records, issues)
    if positions is None:
        return None, issues
    numbered = starts if not any(issue.rule == "quoting-error" for issue in issues) else ()
    width = len(records[0])
    lines: Sequence[int] = starts[1:]
    body = records[1:]
    odd: frozenset[int] = frozenset()
    if not (set(map(len, body)) <= {width} and all(map(any, body))) or records[0] in body:
        body, lines, odd = _even(table, records[0], body, lines, issues)
    if positions != list(range(width)):
        body = [[record[at] if at >= 0 else "" for at in positions] for record in body]
    absent = frozenset(
        field.name for field, at in zip(table.fields, positions, strict=True) if at < 0
    )
    return Cells(table, body, lines, numbered, odd, absent), issues


def _decode(package: Package, table: Table, issues: list[Issue]) -> str | None:
    path = table.path

    def issue(line: int, rule: str, message: str, hint: str) -> None:
        issues.append(Issue(path, line, "", rule, message, hint=hint))

    try:
        data = read_file(package.root / path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        issue(0, "file-error", f"cannot be read: {reason}", "put the file there")
        return None
    for mark, what in _OTHER_FILES.items():
        if data[:512].lstrip().startswith(mark):
            hint = "put the table there, saved as CSV"
            issue(1, "file-error", f"the file is no CSV but {what}", hint)
            return None
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (data[:64].count(0) >= 16):
        issue(1, "encoding-error", "the file is UTF-16, not UTF-8", "save it as UTF-8")
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        issue(1, "byte-order-mark", "begins with a byte order mark", "run `crink-events fix`")
        data = data[3:]
    # A byte that is not UTF-8 becomes a lone surrogate, which is reported at its cell.
    text = data.decode("utf-8", "surrogateescape")
    if "\r" in text:
        line = text.count("\n", 0, text.index("\r")) + 1
        message = f"{text.count(chr(13))} carriage returns, the first here"
        issue(line, "line-ending", message, "run `crink-events fix`: lines end with LF alone")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text and not text.endswith("\n"):
        line = text.count("\n") + 1
        hint = "run `crink-events fix`; if the end of the file is lost, put it back first"
        issue(line, "line-ending", "the last line has no end", hint)
        text += "\n"
    return text


def _records(table: Table, text: str, issues: list[Issue]) -> tuple[list[list[str]], Sequence[int]]:
    """Split a text into records with the lines on which they begin."""
    csv.field_size_limit(CELL_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if '"' not in text:
            records = list(reader)
            return records, range(1, len(records) + 1)
        # The number of a line is read behind each record, in C.
        counted = list(zip(reader, map(attrgetter("line_num"), repeat(reader)), strict=False))
    except csv.Error:
        return _recover(table, text, issues)
    if _has_stray_mark(text):
        return _recover(table, text, issues)
    records = [record for record, _ in counted]
    starts = [1, *(line + 1 for _, line in counted)]
    if reader.line_num > len(records):
        width = len(table.fields)
        for record, (start, after) in zip(records, pairwise(starts), strict=True):
            if after - start > 1 and _swallows(record, width, after - start):
                return _recover(table, text, issues)
    return records, starts[:-1]


def _recover(table: Table, text: str, issues: list[Issue]) -> tuple[list[list[str]], list[int]]:
    """Split a text record by record; one whose quotes are broken costs its own line only."""
    lines = text.split("\n")[:-1]
    records: list[list[str]] = []
    starts: list[int] = []
    at = 0
    while at < len(lines):
        reader = csv.reader((line + "\n" for line in lines[at:]), strict=True)
        base = at
        while at < len(lines):
            try:
                record = next(reader)
            except csv.Error as error:
                issues.append(_quoting_issue(table, at + 1, lines[at], str(error)))
                at += 1
                break
            end = base + reader.line_num
            if end - at > 1 and _swallows(record, len(table.fields), end - at):
                swallowed = f"a quotation mark here swallows {end - at - 1} of the lines below"
                issues.append(_quoting_issue(table, at + 1, lines[at], swallowed))
                at += 1
                break
            if _RECORD.fullmatch("\n".join(lines[at:end])):
                records.append(record)
                starts.append(at + 1)
            else:
                stray = "a quotation mark stands inside a cell that is not quoted as a whole"
                issues.append(_quoting_issue(table, at + 1, lines[at], stray))
            at = end
    return records, starts


def _has_stray_mark(text: str) -> bool:
    """Whether a quotation mark neither encloses a whole cell nor is doubled inside one.

    Between two marks the pieces lie by turns outside and inside of cells. One that lies outside is
    blank (two marks that stand for one) or begins behind a cell and ends before one.
    """
    first, *pieces, last = text.split('"')
    outside = list(filter(None, pieces[1::2]))
    before = {first[-1:] or "\n", *(piece[-1] for piece in outside)}
    behind = {last[0], *(piece[0] for piece in outside)}
    return not before | behind <= {",", "\n"}


def _swallows(record: list[str], width: int, height: int) -> bool:
    """Whether a record of several lines looks like several records behind a stray quote."""
    if len(record) != width:
        return True
    commas = width - 1
    return any(
        line.count(",") >= commas
        for cell in record
        if "\n" in cell
        for line in cell.split("\n")[1:height]
    )


def _quoting_issue(table: Table, line: int, text: str, message: str) -> Issue:
    column = ""
    if "field larger than" in message:
        column = _long_column(table, text)
        message = f"a cell has more than {CELL_LIMIT:,} characters"
        hint = "shorten it, or look for a quotation mark that is never closed"
    else:
        if "unexpected end" in message:
            message = "a quotation mark opens here and is never closed"
        elif "expected after" in message:
            message = "a quotation mark stands inside a cell that is not quoted as a whole"
        hint = 'quote the whole cell and double the quotation marks inside it: "a ""word"" in it"'
    key = text.split(",", 1)[0].strip('"')[:60]
    return Issue(
        table.path, line, column, "quoting-error", message, key=key, value=text[:200], hint=hint
    )


def _long_column(table: Table, text: str) -> str:
    """Name the column of the cell that is too long, if it can be told from its line."""
    csv.field_size_limit(len(text) + 1)
    sizes = map(len, next(csv.reader([text])))
    csv.field_size_limit(CELL_LIMIT)
    long = (f.name for f, size in zip(table.fields, sizes, strict=False) if size > CELL_LIMIT)
    return next(long, "")


def _positions(table: Table, records: list[list[str]], issues: list[Issue]) -> list[int] | None:
    """Find each field's column by its name (-1: absent); None where no name is known.

    Where the same names stand in another order, either the columns were moved with them, or the
    names alone: then the cells fit the schema's order better, and are read in it.
    """
    header, wanted = records[0], list(table.field_names)
    if header == wanted:
        return list(range(len(wanted)))

    def issue(rule: str, column: str, message: str, hint: str) -> None:
        issues.append(Issue(table.path, 1, column, rule, message, hint=hint))

    if not set(header) & set(wanted):
        hint = f"the first line must be: {','.join(wanted)}"
        for mark, name in _DELIMITERS.items():
            if len(header) == 1 and header[0].split(mark)[0] in wanted:
                hint = f"cells are separated by {name} here; save the file with commas"
        issue("missing-label", wanted[0], "the first line names none of the fields", hint)
        return None
    missing = [label for label in wanted if label not in header]
    for number, label in enumerate(header):
        if label in header[:number]:
            issue("duplicate-label", label, f'the column "{label}" stands twice', "remove one")
        elif label not in wanted:
            hint = nearest(label, missing) or "remove the column; the schema has no such field"
            issue("extra-label", label, f'there is no field "{label}"', hint)
    for label in missing:
        hint = f'add the column "{label}"; it may be blank only where it is not required'
        issue("missing-label", label, f'the column "{label}" is missing', hint)
    positions = [header.index(label) if header.count(label) == 1 else -1 for label in wanted]
    if not missing and len(header) == len(wanted):
        hint = "keep the order of the schema"
        in_order = list(range(len(wanted)))
        if _misfits(table, records, in_order) < _misfits(table, records, positions):
            positions, hint = in_order, "the cells are in the order of the schema; mend the names"
        for number, (label, field) in enumerate(zip(header, wanted, strict=True), start=1):
            if label != field:
                message = f'column {number} is "{label}" and must be "{field}"'
                issue("incorrect-label", label, message, hint)
    return positions


def _misfits(table: Table, records: list[list[str]], positions: list[int]) -> int:
    """Count the cells of the first records that are at fault when columns are read in an order."""
    return sum(
        any(True for _ in field.faults(record[at]))
        for record in records[1:100]
        if len(record) == len(positions)
        for field, at in zip(table.fields, positions, strict=True)
    )


def _even(
    table: Table,
    header: list[str],
    body: list[list[str]],
    lines: Sequence[int],
    issues: list[Issue],
) -> tuple[list[list[str]], Sequence[int], frozenset[int]]:
    """Drop blank records, and mark those that are none or have a cell too many or too few."""
    width = len(header)
    blank = {row for row, record in enumerate(body) if not any(record)}
    issues.extend(blank_row(table, lines[row]) for row in sorted(blank))
    if blank:
        lines = [line for row, line in enumerate(lines) if row not in blank]
        body = [record for row, record in enumerate(body) if row not in blank]
    odd = [row for row, size in enumerate(map(len, body)) if size != width]
    for row in odd:
        issues.append(_width_issue(table, body[row], lines[row], width))
        body[row] = (body[row] + [""] * (width - len(body[row])))[:width]
    again = [row for row, record in enumerate(body) if record == header]
    issues.extend(_header_again(table, lines[row]) for row in again)
    return body, lines, frozenset([*odd, *again])


def _header_again(table: Table, line: int) -> Issue:
    hint = "delete the line; the file has its header at the top"
    message = "the header stands here again"
    return Issue(table.path, line, "", "repeated-header", message, hint=hint)


def blank_row(table: Table, line: int) -> Issue:
    """Make the issue of a row without a cell that is not blank."""
    message, hint = "the row is blank", "run `crink-events fix`, or remove the line"
    return Issue(table.path, line, "", "blank-row", message, hint=hint)


def _width_issue(table: Table, record: list[str], line: int, width: int) -> Issue:
    many = len(record) > width
    at = min(len(record), width - 1)
    column = "" if many or at >= len(table.fields) else table.fields[at].name
    return Issue(
        file=table.path,
        line=line,
        column=column,
        rule="extra-cell" if many else "missing-cell",
        message=f"the row has {count(len(record), 'cell')} and must have {width}",
        key="/".join(record[: len(table.primary_key)]),
        value=record[width][:200] if many else "",
        hint=_width_hint(record, width),
    )


def _width_hint(record: list[str], width: int) -> str:
    """Say what may have made a row too wide or too narrow."""
    if record[0].startswith(_MERGE_MARKS):
        return "a merge was left undecided: keep the rows of one side, and delete its marks"
    if len(record) in (2 * width - 1, 2 * width):
        return "two records may stand on this line: break it between them"
    if len(record) > width:
        return "quote cells that contain a comma"
    for mark, name in _DELIMITERS.items():
        if record[0].count(mark) >= width - len(record):
            return f"cells are separated by {name} here; put commas between them"
    return "look for a lost comma"


class Typed(NamedTuple):
    """A table with values for texts: ``columns[field][row]``; None for blank or unreadable."""

    cells: Cells
    columns: dict[str, list[Value | None]]

    def frame(self) -> "pd.DataFrame":
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


def read_types(cells: Cells) -> Typed:
    """Read the cells of a table as values; the layers report those that are not of their type."""
    columns: dict[str, list[Value | None]] = {}
    for field, column in zip(cells.table.fields, cells.columns, strict=True):
        known = {text: _value(field, text) for text in set(column)}
        columns[field.name] = list(map(known.__getitem__, column))
    return Typed(cells, columns)


def _value(field: Field, text: str) -> Value | None:
    if not text:
        return None
    try:
        text.encode()  # a byte that was not UTF-8 cannot go into a frame
        return field.parse(text)
    except ValueError:  # of which UnicodeError is one
        return None
