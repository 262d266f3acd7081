"""Certificates for clean tables, in bulk.

pyarrow reads a large table many times faster than rows can be looked at. A table whose columns,
keys and references all pass here is as the contract engine would find it: without an issue. The
certificate is narrow on purpose. What it does not understand gets none, and is explained row by
row by :mod:`crink_events.layers.contract`; it never says that anything is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

import pyarrow as pa
from pyarrow import csv

from crink_events import texts
from crink_events.contract import Field, ForeignKey, Package, Table, read_file
from crink_events.layers import kernels
from crink_events.layers.columns import Judge
from crink_events.layers.contract import Key
from crink_events.reading import CELL_LIMIT

#: Columns with fewer distinct values than this are judged value by value.
_FEW = 20_000
_SAMPLE = 2_000
_SEPARATOR = "\x1f"
#: What stands before and behind a cell.
_ENDS = frozenset(b",\n")
#: Forms that RE2 checks without rounding: few enough digits for a float to hold all of them.
_FORMS = {"integer": r"^(|-?[0-9]{1,18})$", "number": r"^(|-?[0-9]{1,12}(\.[0-9]{1,3})?)$"}


#: The columns of a key.
Columns = list[pa.ChunkedArray]
#: The keys of a table: columns where pyarrow could read it, none where they cannot be known.
Keys = Set[Key] | Columns | None
Given = Callable[[str, tuple[str, ...]], Keys]


class Certificates:
    """Tables that pyarrow can read, and what is certain of them.

    Attributes
    ----------
    tables
        Those that could be read: no record has a cell too many or too few.
    """

    def __init__(self, package: Package, names: Iterable[str]) -> None:
        self._package = package
        found = {name: _read(package, package.tables[name]) for name in names}
        self.tables = {name: table for name, table in found.items() if table is not None}

    def columns(self, name: str, fields: tuple[str, ...]) -> Columns:
        """Give the columns of a key."""
        return [self.tables[name][field] for field in fields]

    def clean(self) -> set[str]:
        """Name the tables whose cells and primary keys are as the schemas demand."""
        tables = self._package.tables
        return {n for n, found in self.tables.items() if _is_clean(self._package, tables[n], found)}

    def leading(self, names: Iterable[str], given: Given) -> list[str]:
        """Name those of some tables all of whose references lead to a record.

        Parameters
        ----------
        names
            The tables.
        given
            Gives the keys that are referred to.
        """
        tables = self._package.tables
        return [name for name in names if _leads(tables[name], self.tables[name], given)]


def as_keys(table: Table, fields: tuple[str, ...], columns: Columns) -> Set[Key]:
    """Give the keys of a table as the contract engine compares them."""
    keys = [table.field(field).key for field in fields]
    found = [map(key, column.to_pylist()) for key, column in zip(keys, columns, strict=True)]
    return set(zip(*found, strict=True))


def _leads(table: Table, found: pa.Table, given: Given) -> bool:
    for key in table.foreign_keys:
        known = given(key.table or table.name, key.references)
        if not isinstance(known, list) or not _is_in(_columns(found, key.fields), known):
            return False
    for field in table.fields:
        reference = field.item_keys
        if reference is None:
            continue
        known = given(*reference)
        if not isinstance(known, list) or not _lists_lead(found[field.name], field, known):
            return False
    return True


def _lists_lead(column: pa.ChunkedArray, field: Field, columns: Columns) -> bool:
    known = columns[-1]
    if field.vocabulary:
        known = kernels.where(known, kernels.equal(columns[0], kernels.scalar(field.vocabulary)))
    items = kernels.items(kernels.unique(column), field.delimiter)
    return kernels.every(kernels.either(_are_blank(items), kernels.is_in(items, known)))


def _read(package: Package, table: Table) -> pa.Table | None:
    """Read a file whose bytes leave no doubt where its cells begin and end; else nothing."""
    try:
        data = read_file(package.root / table.path)
    except OSError:
        return None
    header = (",".join(table.field_names) + "\n").encode()
    if not data.startswith(header) or not data.endswith(b"\n") or b"\r" in data or b"\0" in data:
        return None
    if not _is_well_quoted(data.split(b'"')):
        return None
    return _parse(table, data, newlines=False) or _parse(table, data, newlines=True)


def _parse(table: Table, data: bytes, *, newlines: bool) -> pa.Table | None:
    """Let pyarrow read the records, which takes longer where cells may have line breaks.

    One that it does not expect, at the end of one of its blocks, stops it.
    """
    try:
        return csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(newlines_in_values=newlines, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(table.field_names, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None


def _is_well_quoted(pieces: Sequence[bytes]) -> bool:
    """Whether quotation marks enclose whole cells, or are doubled inside one.

    Between two marks the pieces lie by turns outside and inside of cells. One that lies outside is
    blank (two marks that stand for one) or begins behind a cell and ends before one.
    """
    if len(pieces) == 1:
        return True
    if len(pieces) % 2 == 0 or pieces[0][-1:] not in (b",", b"\n"):
        return False
    if pieces[-1][:1] not in (b",", b"\n"):
        return False
    outside = list(filter(None, pieces[2:-1:2]))
    return {piece[0] for piece in outside} <= _ENDS >= {piece[-1] for piece in outside}


def _is_clean(package: Package, table: Table, found: pa.Table) -> bool:
    """Whether every cell and the primary key are as the schema demands."""
    borrowed = {key.fields[0] for key in table.foreign_keys if _is_like(package, table, key)}

    def is_clean(field: Field) -> bool:
        column = found[field.name]
        if field.name in borrowed:  # it is as clean as the key in which it will be found
            return not (field.required and kernels.some(_are_blank(column)))
        return _is_clean_column(field, column)

    if not all(map(is_clean, table.fields)):
        return False
    try:
        return _increases([_ordered(table.field(name), found[name]) for name in table.primary_key])
    except pa.ArrowInvalid:
        return False  # such as "+4", which the contract reads as a number and Arrow does not


def _is_like(package: Package, table: Table, key: ForeignKey) -> bool:
    """Whether a reference of one field demands no more than the key of another table."""
    if len(key.fields) > 1 or key.table in ("", table.name):
        return False
    mine, other = table.field(key.fields[0]), package.tables[key.table].field(key.references[0])
    same = (mine.type, mine.pattern, mine.enum) == (other.type, other.pattern, other.enum)
    lengths = (mine.min_length, mine.max_length) == (other.min_length, other.max_length)
    return same and lengths and mine.type == "string" and not mine.unique


def _is_clean_column(field: Field, column: pa.ChunkedArray) -> bool:
    if field.unique and not _is_unique(field, column):
        return False
    if field.type in ("string", "list") and field.enum is None:
        sample = column.slice(0, _SAMPLE)
        if len(kernels.unique(sample)) > len(sample) // 2:
            return _are_clean_texts(field, column)
    distinct = kernels.unique(column)
    if len(distinct) <= _FEW:
        return _are_sound(field, distinct)
    if field.type in _FORMS:
        return _are_clean_numbers(field, distinct)
    return field.type in ("string", "list") and _are_clean_texts(field, distinct)


def _are_sound(field: Field, distinct: pa.Array) -> bool:
    doubtful = Judge().doubtful(field, set(distinct.to_pylist()))
    return not any(any(field.faults(text)) for text in doubtful)


def _is_unique(field: Field, column: pa.ChunkedArray) -> bool:
    filled = kernels.where(column, kernels.no(_are_blank(column)))
    values = kernels.unique(filled)
    if field.type != "string":  # two texts can be one value
        values = set(map(field.key, values.to_pylist()))
    return len(values) == len(filled)


def _are_clean_texts(field: Field, column: pa.Array) -> bool:
    """Judge very many texts: those in plain ASCII by RE2, the others one by one."""
    pattern = field.item_pattern if field.type == "list" else field.pattern
    if pattern is not None and re.search(r"\\[^dDsSwW\W]|\(\?", pattern):
        return False  # what RE2 may read otherwise, even in ASCII
    one_by_one = kernels.either(
        kernels.no(kernels.is_ascii(column)), kernels.matches(column, texts.SUSPECT)
    )
    if field.type == "list":
        one_by_one = kernels.either(one_by_one, kernels.contains(column, field.delimiter))
    others = kernels.unique(kernels.where(column, one_by_one))
    if not _are_sound(field, others):
        return False
    column = kernels.where(column, kernels.no(one_by_one))
    filled = kernels.where(column, kernels.no(_are_blank(column)))
    if field.required and len(filled) < len(column):
        return False
    if pattern is not None and not kernels.every(kernels.matches(filled, pattern)):
        return False
    low, high = field.min_length or 0, field.max_length
    if field.type == "list":  # each of them is one item
        low, high = (0 if low < 2 else CELL_LIMIT), (None if high else high)
    high = CELL_LIMIT if high is None else min(high, CELL_LIMIT)
    shortest, longest = kernels.span(kernels.sizes(filled))
    return not len(filled) or low <= shortest <= longest <= high


def _are_clean_numbers(field: Field, distinct: pa.Array) -> bool:
    if not kernels.every(kernels.matches(distinct, _FORMS[field.type])):
        return False
    if field.required and kernels.some(_are_blank(distinct)):
        return False
    numbers = kernels.where(distinct, kernels.no(_are_blank(distinct)))
    numbers = kernels.cast(numbers, pa.int64() if field.type == "integer" else pa.float64())
    least, greatest = kernels.span(numbers)
    low, high = field.minimum, field.maximum
    return (low is None or least >= low) and (high is None or greatest <= high)


def _ordered(field: Field, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column of clean cells in the form in which it is sorted."""
    return kernels.cast(column, pa.int64()) if field.type == "integer" else column


def _increases(columns: Sequence[pa.ChunkedArray]) -> bool:
    """Whether the rows increase strictly: then they are sorted, and none stands twice."""
    below: Any = None
    for column in reversed(columns):
        one, two = column.slice(0, len(column) - 1), column.slice(1)
        less = kernels.less(one, two)
        if below is not None:
            less = kernels.either(less, kernels.both(kernels.equal(one, two), below))
        below = less
    return len(columns[0]) < 2 or kernels.every(below)


def _columns(table: pa.Table, fields: Sequence[str]) -> Columns:
    return [table[name] for name in fields]


def _is_in(mine: Columns, known: Columns) -> bool:
    """Whether every key that is not blank is found, written in the same way."""
    keys = _joined(mine)
    blank = kernels.equal(keys, kernels.scalar(_SEPARATOR * (len(mine) - 1)))
    return kernels.every(kernels.either(blank, kernels.is_in(keys, _joined(known))))


def _joined(columns: Columns) -> pa.ChunkedArray:
    return columns[0] if len(columns) == 1 else kernels.joined(columns, _SEPARATOR)


def _are_blank(texts: Any) -> Any:
    return kernels.equal(texts, kernels.BLANK)
