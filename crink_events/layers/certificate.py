"""Certificates for the columns, keys and references of tables, in bulk.

pyarrow reads a large table many times faster than rows can be looked at. What passes here is as
the contract engine would find it: without an issue. The certificate is narrow on purpose. What it
does not understand gets none, and that column or key alone is then explained, row by row, by
:mod:`crink_events.layers.contract`; it never says that anything is wrong but a blank row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property, partial
from itertools import accumulate
from typing import Any

import pyarrow as pa
from pyarrow import csv

from crink_events import texts
from crink_events.contract import Field, ForeignKey, Package, Table
from crink_events.layers import kernels
from crink_events.layers.columns import Judge
from crink_events.layers.contract import PRIMARY_KEY, Key
from crink_events.reading import CELL_LIMIT, Cells, blank_row
from crink_events.report import Issue

#: Columns with fewer distinct values than this are judged value by value.
_FEW = 20_000
_SAMPLE = 2_000
_PLACEHOLDERS = f"^({'|'.join(sorted(filter(str.isalnum, texts.PLACEHOLDERS)))})$"
#: Stands between the parts of a key; no file that has it is read here.
_SEPARATOR = "\x1f"
#: Offsets of Arrow's texts have 32 bits.
_MOST_BYTES = 2**31 - 1
#: Forms that RE2 checks without rounding: few enough digits for a float to hold all of them.
_FORMS = {"integer": r"^(|-?[0-9]{1,18})$", "number": r"^(|-?[0-9]{1,12}(\.[0-9]{1,3})?)$"}


#: The columns of a key.
Columns = list[pa.ChunkedArray]
#: The keys of a table: columns where pyarrow could read it, none where they cannot be known.
Keys = Set[Key] | Columns | None
Given = Callable[[str, tuple[str, ...]], Keys]


#: What is certain of a table: fields by their names, foreign keys, the primary key.
Parts = set[str | ForeignKey]


class Certificates:
    """Tables that pyarrow can read, and what is certain of them.

    Attributes
    ----------
    tables
        Those that could be read: no record has a cell too many or too few.
    certain
        What is certain of each of them.
    issues
        Their blank rows.
    """

    def __init__(self, package: Package, names: Iterable[str]) -> None:
        self._package = package
        tables = [package.tables[name] for name in names]
        # All files are read into the same memory, one after the other.
        room = bytearray(max(map(partial(_size, package), tables), default=0))
        found = {table.name: _read(package, table, room) for table in tables}
        self.tables = {name: table for name, table in found.items() if table is not None}
        self.certain: dict[str, Parts] = {}
        self.issues: list[Issue] = []
        self._lines: dict[str, Sequence[int]] = {}
        for name in self.tables:
            self._drop_blank_rows(name)

    def _drop_blank_rows(self, name: str) -> None:
        found, table = self.tables[name], self._package.tables[name]
        mask = _blank_rows(found)
        if mask is None:
            self._lines[name] = _Lines(found)
            return
        blank = [row for row, is_blank in enumerate(mask.to_pylist()) if is_blank]
        lines = _Lines(found)
        self.issues += [blank_row(table, lines[row]) for row in blank]
        self._lines[name] = _Lines(found, blank)
        self.tables[name] = kernels.where(found, kernels.no(mask))

    def columns(self, name: str, fields: tuple[str, ...]) -> Columns:
        """Give the columns of a key."""
        return _columns(self.tables[name], fields)

    def judge(self, given: Given) -> None:
        """Judge cells, keys and references, but cells that are found among those of other tables.

        Parameters
        ----------
        given
            Gives the keys that are referred to.
        """
        for name, found in self.tables.items():
            table = self._package.tables[name]
            certain: Parts = {
                key
                for key in table.foreign_keys
                if _leads(_columns(found, key.fields), given(key.table or name, key.references))
            }
            borrowed = {field.name for field, _, _ in _borrowed(self._package, table, certain)}
            certain |= {
                field.name
                for field in table.fields
                if field.name not in borrowed and _is_certain(field, found[field.name], given)
            }
            if _is_in_order(table, found, certain):
                certain.add(PRIMARY_KEY)
            self.certain[name] = certain

    def borrow(self, others: Mapping[str, Parts]) -> None:
        """Judge the cells that are left: they are as certain as those among which they are found.

        Parameters
        ----------
        others
            What is certain of all tables that could be read.
        """
        for name, certain in self.certain.items():
            for field, other, key in _borrowed(self._package, self._package.tables[name], certain):
                column = self.tables[name][field.name]
                blank = field.required and kernels.some(_are_blank(column))
                if not blank and (key in others.get(other, ()) or _is_clean(field, column)):
                    certain.add(field.name)

    def cells(self, name: str) -> Cells | None:
        """Give a table as text, to be read where something is not certain; none where all is."""
        table, certain = self._package.tables[name], self.certain[name]
        if certain >= {PRIMARY_KEY, *table.field_names, *table.foreign_keys}:
            return None
        return _Found(self.tables[name], table, self._lines[name], certain)


class _Found(Cells):
    """A table that pyarrow has read, whose cells are looked at only where they are asked for."""

    def __new__(cls, found: pa.Table, table: Table, lines: Sequence[int], certain: Parts) -> _Found:
        made = super().__new__(cls, table, _Rows(found), lines, (), certain=frozenset(certain))
        made.columns = _Texts(found)
        return made


class _Rows(Sequence[list[str]]):
    def __init__(self, found: pa.Table) -> None:
        self._found = found

    def __len__(self) -> int:
        return int(self._found.num_rows)

    def __getitem__(self, row: Any) -> Any:
        return [column[row].as_py() for column in self._found.columns]


class _Texts(Sequence[Sequence[str]]):
    def __init__(self, found: pa.Table) -> None:
        self._found = found
        self._texts: dict[int, list[str]] = {}

    def __len__(self) -> int:
        return int(self._found.num_columns)

    def __getitem__(self, place: Any) -> Any:
        if place not in self._texts:
            self._texts[place] = self._found.column(place).to_pylist()
        return self._texts[place]


class _Lines(Sequence[int]):
    """The line on which each record begins, behind the header and the line breaks of others."""

    def __init__(self, found: pa.Table, without: Sequence[int] = ()) -> None:
        self._found = found
        self._without = without

    def __len__(self) -> int:
        return int(self._found.num_rows) - len(self._without)

    def __getitem__(self, row: Any) -> Any:
        place = self._kept[row]
        return place + 2 + (self._breaks[place] if self._breaks else 0)

    @cached_property
    def _kept(self) -> Sequence[int]:
        rows, without = range(self._found.num_rows), set(self._without)
        return [row for row in rows if row not in without] if without else rows

    @cached_property
    def _breaks(self) -> list[int]:
        counts = [kernels.breaks(column) for column in self._found.columns]
        many = [found.to_pylist() for found in counts if kernels.span(found)[1]]
        return list(accumulate(map(sum, zip(*many, strict=True)), initial=0)) if many else []


def _size(package: Package, table: Table) -> int:
    path = package.root / table.path
    return path.stat().st_size if path.is_file() else 0


def as_keys(table: Table, fields: tuple[str, ...], columns: Columns) -> Set[Key]:
    """Give the keys of a table as the contract engine compares them."""
    keys = [table.field(field).key for field in fields]
    found = [map(key, column.to_pylist()) for key, column in zip(keys, columns, strict=True)]
    return set(zip(*found, strict=True))


def _leads(mine: Columns, known: Keys) -> bool:
    """Whether every key that is not blank is found, written in the same way."""
    if not isinstance(known, list):
        return False
    keys = _joined(mine)
    blank = kernels.equal(keys, kernels.scalar(_SEPARATOR * (len(mine) - 1)))
    return kernels.every(kernels.either(blank, kernels.is_in(keys, _joined(known))))


def _is_certain(field: Field, column: pa.ChunkedArray, given: Given) -> bool:
    """Whether cells are as the schema demands, and the items of lists lead to a record."""
    if field.item_keys is not None:
        known = given(*field.item_keys)
        if not isinstance(known, list) or not _lists_lead(column, field, known):
            return False
    return _is_clean(field, column)


def _borrowed(package: Package, table: Table, certain: Parts) -> Iterator[tuple[Field, str, str]]:
    """Name the fields whose every cell is found in another table, where no less is demanded."""
    for key in table.foreign_keys:
        if key in certain and _is_like(package, table, key):
            yield table.field(key.fields[0]), key.table, key.references[0]


def _lists_lead(column: pa.ChunkedArray, field: Field, columns: Columns) -> bool:
    known = columns[-1]
    if field.vocabulary:
        known = kernels.where(known, kernels.equal(columns[0], kernels.scalar(field.vocabulary)))
    items = kernels.items(kernels.unique(column), field.delimiter)
    return kernels.every(kernels.either(_are_blank(items), kernels.is_in(items, known)))


def _read(package: Package, table: Table, room: bytearray) -> pa.Table | None:
    """Read a file whose bytes leave no doubt where its cells begin and end; else nothing."""
    path = package.root / table.path
    try:
        if not path.is_file():  # such as a pipe, which may never end
            return None
        with path.open("rb", buffering=0) as file:
            size = file.readinto(room)
            if not size or size > _MOST_BYTES or file.read(1):  # it has grown
                return None
    except OSError:
        return None
    view = memoryview(room)[:size]
    data = pa.py_buffer(view)
    header = (",".join(table.field_names) + "\n").encode()
    if view[: len(header)] != header or view[-1] != ord("\n"):
        return None
    if not kernels.every(kernels.matches(kernels.text_of(data), _form(len(table.fields)))):
        return None
    try:
        found = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=False),
            parse_options=csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(table.field_names, pa.string()),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowException:
        return None
    if kernels.some(kernels.equal(found.column(0), kernels.scalar(table.field_names[0]))):
        return None  # the header may stand there again
    return None if any(map(_is_too_long, found.columns)) else found


def _form(width: int) -> str:
    """Give the form of a file in which every quotation mark has its place, for RE2.

    It encloses a whole cell or is doubled inside one; and no line but the first of a cell has as
    many commas as a record, which would be records behind a stray mark.
    """
    text, line = r'(?:[^"\n\r\0\x1f]|"")*', r'(?:[^",\n\r\0\x1f]|"")*'
    quoted = rf'"{text}(?:\n{line}(?:,{line}){{0,{max(width - 2, 0)}}})*"'
    return rf'\A(?:(?:[^",\n\r\0\x1f]*|{quoted})[,\n])*\z'


def _is_too_long(column: pa.ChunkedArray) -> bool:
    return len(column) > 0 and kernels.span(kernels.sizes(column))[1] > CELL_LIMIT


def _blank_rows(found: pa.Table) -> pa.ChunkedArray | None:
    """Give where no cell of a row is filled; nothing where each row has one."""
    blank = None
    for column in found.columns:
        blank = _are_blank(column) if blank is None else kernels.both(blank, _are_blank(column))
        if not kernels.some(blank):  # as nearly always, already in the first column
            return None
    return blank


def _is_in_order(table: Table, found: pa.Table, certain: Parts) -> bool:
    """Whether the keys of the rows increase strictly: they are sorted, and none stands twice."""
    fields = [table.field(name) for name in table.primary_key]
    if not found.num_rows:
        return True
    if not all(field.type == "string" or field.name in certain for field in fields):
        return False
    if not any(found[field.name][0].as_py() for field in fields):
        return False  # the first of them is blank
    try:
        return _increases([_ordered(field, found[field.name]) for field in fields])
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


def _is_clean(field: Field, column: pa.ChunkedArray) -> bool:
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
    if field.type == "string" and pattern == texts.SLUG:
        # Of this form nothing is suspicious but a few words.
        one_by_one = kernels.either(
            kernels.no(kernels.matches(column, pattern)), kernels.matches(column, _PLACEHOLDERS)
        )
        pattern = None
    else:
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
    low = field.min_length or 0
    high = CELL_LIMIT if field.max_length is None else field.max_length
    if field.type == "list":  # each of them is one item
        low, high = (0 if low < 2 else CELL_LIMIT), CELL_LIMIT
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


def _joined(columns: Columns) -> pa.ChunkedArray:
    return columns[0] if len(columns) == 1 else kernels.joined(columns, _SEPARATOR)


def _are_blank(texts: Any) -> Any:
    return kernels.equal(texts, kernels.BLANK)
