"""Certificates for clean tables, in bulk.

pyarrow reads a large table many times faster than rows can be looked at. A table whose columns,
keys and references all pass here is as the contract engine would find it: without an issue. The
certificate is narrow on purpose. What it does not understand gets none, and is explained row by
row by :mod:`crink_events.layers.contract`; it never says that anything is wrong.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Callable, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from crink_events import texts
from crink_events.contract import Field, ForeignKey, Package, Table
from crink_events.layers.columns import Judge
from crink_events.layers.contract import Key
from crink_events.reading import CELL_LIMIT

#: Columns with fewer distinct values than this are judged value by value.
_FEW = 20_000
_SAMPLE = 2_000
_SEPARATOR = "\x1f"
#: Forms that RE2 checks without rounding: few enough digits for a float to hold all of them.
_FORMS = {"integer": r"^(|-?[0-9]{1,18})$", "number": r"^(|-?[0-9]{1,12}(\.[0-9]{1,3})?)$"}


def _scalar(text: str) -> pa.StringScalar:
    """Give a text as Arrow knows it; `pa.scalar` would import pandas."""
    data = text.encode()
    ends = struct.pack("<ii", 0, len(data))
    return pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(ends), pa.py_buffer(data)])[0]


_BLANK = _scalar("")


class Certificates:
    """The tables of a package that are clean.

    Attributes
    ----------
    rows
        Number of records of each table that has a certificate.
    """

    def __init__(self, package: Package) -> None:
        self._package = package
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            found_all = pool.map(lambda table: _read(package, table), package.tables.values())
            read = dict(zip(package.tables, found_all, strict=True))
            self._tables: dict[str, pa.Table] = {
                name: found
                for name, found in read.items()
                if found is not None and _is_clean(package, package.tables[name], found, pool.map)
            }
            self.rows = {
                name: found.num_rows
                for name, found in self._tables.items()
                if self._refers(package.tables[name], found, pool.map)
            }

    def keys(self, name: str, fields: tuple[str, ...]) -> Set[Key] | None:
        """Give the keys of a clean table as the contract engine compares them."""
        if name not in self._tables:
            return None
        table = self._package.tables[name]
        columns = []
        for field in fields:
            key = table.field(field).key
            columns.append([key(text) for text in self._tables[name][field].to_pylist()])
        return set(zip(*columns, strict=True))

    def _refers(self, table: Table, found: pa.Table, run: Callable[..., Any]) -> bool:
        """Whether every reference of a table leads to a record of a clean table."""

        def leads(key: ForeignKey | Field) -> bool:
            if isinstance(key, ForeignKey):
                other = self._tables.get(key.table or table.name)
                return other is not None and _is_in(found, key.fields, other, key.references)
            return self._lists_lead(found[key.name], key)

        lists = [f for f in table.fields if f.type == "list" and (f.vocabulary or f.item_reference)]
        return all(run(leads, [*table.foreign_keys, *lists]))

    def _lists_lead(self, column: pa.ChunkedArray, field: Field) -> bool:
        target = field.item_reference
        other = self._tables.get("codes" if field.vocabulary else target.table if target else "")
        if other is None:
            return False
        if field.vocabulary:
            known = other["code"].filter(pc.equal(other["vocabulary"], _scalar(field.vocabulary)))
        else:
            known = other[target.field]  # type: ignore[union-attr]
        items = pc.list_flatten(pc.split_pattern(pc.unique(column), field.delimiter))
        return _holds(pc.or_(pc.equal(items, _BLANK), pc.is_in(items, known.combine_chunks())))


def _read(package: Package, table: Table) -> pa.Table | None:
    """Read a file whose bytes leave no doubt where its cells begin and end; else nothing."""
    try:
        data = (package.root / table.path).read_bytes()
    except OSError:
        return None
    header = (",".join(table.field_names) + "\n").encode()
    if not data.startswith(header) or not data.endswith(b"\n") or b"\r" in data or b"\0" in data:
        return None
    pieces = data.split(b'"')
    if not _is_well_quoted(pieces):
        return None
    broken = b"\n" in b"".join(pieces[1::2])
    del pieces
    try:
        return csv.read_csv(
            pa.BufferReader(data),
            parse_options=csv.ParseOptions(newlines_in_values=broken, ignore_empty_lines=False),
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
    return all(
        not piece or (piece[0] in b",\n" and piece[-1] in b",\n") for piece in pieces[2:-1:2]
    )


def _is_clean(package: Package, table: Table, found: pa.Table, run: Callable[..., Any]) -> bool:
    """Whether every cell and the primary key are as the schema demands."""
    borrowed = {key.fields[0] for key in table.foreign_keys if _is_like(package, table, key)}

    def is_clean(field: Field) -> bool:
        column = found[field.name]
        if field.name in borrowed:  # it is as clean as the key in which it will be found
            return not (field.required and _holds(pc.equal(column, _BLANK), pc.any))
        return _is_clean_column(field, column)

    cells = run(is_clean, table.fields)
    if not all(cells):
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
        if len(pc.unique(sample)) > len(sample) // 2:
            return _are_clean_texts(field, column)
    distinct = pc.unique(column)
    if len(distinct) <= _FEW:
        return _are_sound(field, distinct)
    if field.type in _FORMS:
        return _are_clean_numbers(field, distinct)
    return field.type in ("string", "list") and _are_clean_texts(field, distinct)


def _are_sound(field: Field, distinct: pa.Array) -> bool:
    doubtful = Judge().doubtful(field, set(distinct.to_pylist()))
    return not any(any(field.faults(text)) for text in doubtful)


def _is_unique(field: Field, column: pa.ChunkedArray) -> bool:
    filled = column.filter(pc.not_equal(column, _BLANK))
    values = pc.unique(filled)
    if field.type != "string":  # two texts can be one value
        values = set(map(field.key, values.to_pylist()))
    return len(values) == len(filled)


def _are_clean_texts(field: Field, column: pa.Array) -> bool:
    """Judge very many texts: those in plain ASCII by RE2, the others one by one."""
    pattern = field.item_pattern if field.type == "list" else field.pattern
    if pattern is not None and re.search(r"\\[^dDsSwW\W]|\(\?", pattern):
        return False  # what RE2 may read otherwise, even in ASCII
    one_by_one = pc.or_(
        pc.invert(pc.string_is_ascii(column)), pc.match_substring_regex(column, texts.SUSPECT)
    )
    if field.type == "list":
        one_by_one = pc.or_(one_by_one, pc.match_substring(column, field.delimiter))
    others = pc.unique(column.filter(one_by_one))
    if not _are_sound(field, others):
        return False
    column = column.filter(pc.invert(one_by_one))
    filled = column.filter(pc.not_equal(column, _BLANK))
    if field.required and len(filled) < len(column):
        return False
    if pattern is not None and not _holds(pc.match_substring_regex(filled, pattern)):
        return False
    low, high = field.min_length or 0, field.max_length
    if field.type == "list":  # each of them is one item
        low, high = (0 if low < 2 else CELL_LIMIT), (None if high else high)
    high = CELL_LIMIT if high is None else min(high, CELL_LIMIT)
    span = pc.min_max(pc.binary_length(filled)).as_py()
    return not len(filled) or low <= span["min"] <= span["max"] <= high


def _are_clean_numbers(field: Field, distinct: pa.Array) -> bool:
    if not _holds(pc.match_substring_regex(distinct, _FORMS[field.type])):
        return False
    if field.required and _holds(pc.equal(distinct, _BLANK), pc.any):
        return False
    numbers = distinct.filter(pc.not_equal(distinct, _BLANK))
    numbers = numbers.cast(pa.int64() if field.type == "integer" else pa.float64())
    span = pc.min_max(numbers).as_py()
    low, high = field.minimum, field.maximum
    return (low is None or span["min"] >= low) and (high is None or span["max"] <= high)


def _ordered(field: Field, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give a column of clean cells in the form in which it is sorted."""
    return column.cast(pa.int64()) if field.type == "integer" else column


def _increases(columns: Sequence[pa.ChunkedArray]) -> bool:
    """Whether the rows increase strictly: then they are sorted, and none stands twice."""
    below: Any = None
    for column in reversed(columns):
        one, two = column.slice(0, len(column) - 1), column.slice(1)
        less = pc.less(one, two)
        below = less if below is None else pc.or_(less, pc.and_(pc.equal(one, two), below))
    return len(columns[0]) < 2 or _holds(below)


def _is_in(
    mine: pa.Table, fields: Sequence[str], other: pa.Table, references: Sequence[str]
) -> bool:
    """Whether every key that is not blank is found, written in the same way."""
    keys, known = _joined(mine, fields), _joined(other, references)
    blank = pc.equal(keys, _scalar(_SEPARATOR * (len(fields) - 1)))
    return _holds(pc.or_(blank, pc.is_in(keys, known.combine_chunks())))


def _joined(table: pa.Table, fields: Sequence[str]) -> pa.ChunkedArray:
    columns = [table[name] for name in fields]
    if len(fields) == 1:
        return columns[0]
    return pc.binary_join_element_wise(*columns, _scalar(_SEPARATOR))


def _holds(values: Any, of: Callable[..., Any] = pc.all) -> bool:
    """Whether all (or any) of some truth values hold; of none, all do."""
    return bool(of(values, min_count=0).as_py())
