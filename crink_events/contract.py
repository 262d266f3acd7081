"""The contract: `datapackage.json` and the Table Schemas, as one typed object.

A type, a required field, an enum, a range, a pattern, a key or a foreign key is written in
``schemas/`` and nowhere else. pandas dtypes, the Arrow schema, Pandera's columns and the codebook
derive from :class:`Field`. :mod:`crink_events.descriptors` reads it from the files and says what is
wrong with them. The contract follows Data Package v2 (https://datapackage.org) with three keys
of its own, described in ``docs/contract.md``: ``vocabulary``, ``itemReference``, ``itemPattern``.
"""

import datetime as dt
import errno
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crink_events import places
from crink_events.report import nearest
from crink_events.texts import Fault, is_plain

if TYPE_CHECKING:
    import pandera.pandas as pandera
    import pyarrow as pa

Value = str | int | float | bool | dt.date | list[str]

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


# --------------------------------------------------------------------------- types of cells

_ISO = "write the day as YYYY-MM-DD"
#: The first day of a spreadsheet's calendar, which counts days from it.
_DAY_ZERO = dt.date(1899, 12, 30)
_POINTED = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})")


def _date(text: str) -> dt.date:
    if not DATE.fullmatch(text) or not text.isascii():
        raise ValueError(_date_hint(text))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("the calendar has no such day") from None


def _date_hint(text: str) -> str:
    """Say what a text that is no date may have been."""
    if not text.isascii():
        return f"{_ISO}, in the digits 0 to 9"
    if re.fullmatch(r"\d{5}", text) and 20_000 < int(text) < 60_000:
        day = _DAY_ZERO + dt.timedelta(days=int(text))
        return f"a spreadsheet's number of a day, {day}; {_ISO}"
    if re.fullmatch(r"\d{4}(-\d{2})?", text):
        return (
            f"{_ISO}; of an event in a month or a year give first and last day, and say so in"
            " `date_precision`; elsewhere find the day, or leave it blank"
        )
    pointed = _POINTED.fullmatch(text)
    if pointed and int(pointed[1]) > 12 >= int(pointed[3]):
        return f"{_ISO}: {pointed[4]}-{int(pointed[3]):02}-{int(pointed[1]):02}?"
    loose = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    if loose:
        return f"{_ISO}: {loose[1]}-{int(loose[2]):02}-{int(loose[3]):02}?"
    return _ISO


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or not text.isascii():
        raise ValueError("write a whole number in digits alone, such as 12")
    if len(text) > 18:
        raise ValueError("the number does not fit into 64 bits")
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise ValueError("write a number in digits, with a point before decimals, such as 1250.5")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("the number is too large")
    return number


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("write true or false, in small letters")
    return text == "true"


class _Type(NamedTuple):
    """What a Table Schema type is to pandas, to Arrow and to a reader of cells."""

    pandas: str
    arrow: str
    parse: Callable[[str], Value] | None
    constraints: frozenset[str]


_ORDERED = frozenset({"required", "unique", "minimum", "maximum"})
TYPES: dict[str, _Type] = {
    "string": _Type(
        "str",
        "string",
        None,
        frozenset({"required", "unique", "enum", "pattern", "minLength", "maxLength"}),
    ),
    "integer": _Type("Int64", "int64", _integer, _ORDERED),
    "number": _Type("float64", "float64", _number, _ORDERED),
    "boolean": _Type("boolean", "bool", _boolean, frozenset({"required"})),
    "date": _Type("datetime64[ms]", "date32", _date, frozenset({"required", "unique"})),
    "list": _Type("object", "list", None, frozenset({"required", "minLength", "maxLength"})),
}


# --------------------------------------------------------------------------- the model


class Constraint(NamedTuple):
    """What a constraint demands: Table Schema's name, the breach in words, and the test."""

    name: str
    words: str
    test: Callable[[Any], bool]


#: A key that is referred to: the table and its fields.
Reference = tuple[str, tuple[str, ...]]


class ItemReference(NamedTuple):
    """Where the items of a list field must be found."""

    table: str
    field: str


class ForeignKey(NamedTuple):
    """Fields whose values must be found together in another table (or in the same one)."""

    fields: tuple[str, ...]
    table: str
    references: tuple[str, ...]


class _Field(NamedTuple):
    name: str
    title: str
    description: str
    type: str
    example: Any
    vocabulary: str | None = None
    item_reference: ItemReference | None = None
    item_pattern: str | None = None
    delimiter: str = ";"
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] | None = None
    pattern: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    min_length: int | None = None
    max_length: int | None = None


class Field(_Field):
    """One column of a table, and everything that is demanded of its cells."""

    def parse(self, text: str) -> Value:
        """Read a cell that is not blank.

        Raises
        ------
        ValueError
            If the text is not of this field's type; the message says how the type is written.

        Examples
        --------
        >>> field = Field("day", "Day", "", "date", "2024-06-19")
        >>> field.parse("2024-06-19")
        datetime.date(2024, 6, 19)
        """
        if self.type == "list":
            return text.split(self.delimiter)
        parse = TYPES[self.type].parse
        return parse(text) if parse else text

    def key(self, text: str) -> Any:
        """Give what a cell is compared by in keys; None where it is blank or unreadable."""
        if not text or self.type == "string":
            return text or None
        try:
            value = self.parse(text)
        except ValueError:
            return None
        return Decimal(text) if self.type == "number" else value

    @property
    def item_keys(self) -> Reference | None:
        """Table and fields of the keys among which the items of a list must be found."""
        if self.type != "list":
            return None
        if self.vocabulary:
            return "codes", ("vocabulary", "code")
        target = self.item_reference
        return (target.table, (target.field,)) if target else None

    @cached_property
    def constraints(self) -> tuple[Constraint, ...]:
        """What a value must satisfy."""
        found: list[Constraint] = []
        if self.enum is not None:
            allowed = frozenset(self.enum)
            name = f"vocabulary {self.vocabulary}" if self.vocabulary else "enum"
            found.append(Constraint("enum", f"is not in the {name}", lambda v: v in allowed))
        if self.pattern is not None:
            match = re.compile(self.pattern).fullmatch
            words = f"does not match {self.pattern}"
            found.append(Constraint("pattern", words, lambda v: match(v) is not None))
        if self.minimum is not None:
            low = _exact(self.minimum)
            found.append(Constraint("minimum", f"is less than {low}", lambda v: bool(v >= low)))
        if self.maximum is not None:
            high = _exact(self.maximum)
            found.append(Constraint("maximum", f"is more than {high}", lambda v: bool(v <= high)))
        unit = "items" if self.type == "list" else "characters"
        if self.min_length is not None:
            short = self.min_length
            words = f"has fewer than {short} {unit}"
            found.append(Constraint("minLength", words, lambda v: len(v) >= short))
        if self.max_length is not None:
            long = self.max_length
            words = f"has more than {long} {unit}"
            found.append(Constraint("maxLength", words, lambda v: len(v) <= long))
        return tuple(found)

    def faults(self, text: str) -> Iterator[Fault]:
        """Say what is wrong with a cell of this column, judged by itself.

        Parameters
        ----------
        text
            The cell as it stands in the file.

        Examples
        --------
        >>> field = Field("no", "Number", "", "integer", 1, minimum=1)
        >>> [fault.message for fault in field.faults("0")]
        ['"0" is less than 1']
        """
        if not text:
            if self.required:
                hint = f"fill it, such as: {self.example}"
                yield Fault("constraint-error", f'"{self.name}" must not be blank', hint)
            return
        try:
            value = self.parse(text)
        except ValueError as error:
            yield Fault("type-error", f'"{text[:60]}" is no {self.type}', str(error))
        else:
            # Exact, where a float would round a value onto its bound.
            exact = Decimal(text) if self.type == "number" else value
            for constraint in self.constraints:
                if not constraint.test(exact):
                    message = f'"{text[:60]}" {constraint.words}'
                    yield Fault("constraint-error", message, self._hint(constraint, text))
            if isinstance(value, list):
                yield from self._items(value)
        if not is_plain(text):
            from crink_events import damage

            yield from damage.faults(text)

    def _hint(self, constraint: Constraint, text: str) -> str:
        """Say what to do about a broken constraint."""
        if constraint.name in ("minLength", "maxLength"):
            return "shorten it" if constraint.name == "maxLength" else "say more"
        if constraint.name in ("minimum", "maximum"):
            return f"write a number of at least {self.minimum}" + (
                "" if self.maximum is None else f" and at most {self.maximum}"
            )
        foreign = [c for c in text if not c.isascii() and c.isalpha()]
        if foreign:
            names = {f'"{c}" is {unicodedata.name(c, "no Latin letter")}' for c in foreign}
            return f"type it in plain Latin letters: {', '.join(sorted(names))}"
        if self.enum is not None:
            if nearest(text.strip(), self.enum):
                return nearest(text.strip(), self.enum)
            known = ", ".join(self.enum[:8])
            return f"one of {known}" + (", …" if len(self.enum) > 8 else "")
        return f"write it in the form of: {self.example}"

    def _items(self, items: list[str]) -> Iterator[Fault]:
        """Say what is wrong with the items of a list, judged by themselves."""
        if any(item != item.strip() or not item for item in items):
            message = "the list has an item that is blank or has blanks around it"
            hint = f'separate items by one "{self.delimiter}", without blanks around it'
            yield Fault("list-blank", message, hint)
        for item in sorted({item for item in items if items.count(item) > 1}):
            yield Fault("list-repeat", f'"{item}" stands twice in the list', "keep it once")
        for item in items:
            if self.item_pattern and item and not re.fullmatch(self.item_pattern, item):
                message = f'"{item[:60]}" does not match {self.item_pattern}'
                hint = f"write each item in the form of: {self.example}"
                yield Fault("list-shape", message, hint)

    @property
    def pandas_dtype(self) -> str:
        """Name of the pandas dtype; ``category`` where the values are a closed vocabulary."""
        return "category" if self.enum is not None else TYPES[self.type].pandas

    def arrow_field(self) -> "pa.Field":
        """Give the Arrow field, with title and description as its metadata."""
        import pyarrow as pa

        kinds = {
            "string": pa.string(),
            "int64": pa.int64(),
            "float64": pa.float64(),
            "bool": pa.bool_(),
            "date32": pa.date32(),
            "list": pa.list_(pa.string()),
        }
        kind = kinds[TYPES[self.type].arrow]
        if self.enum is not None:
            kind = pa.dictionary(pa.int16(), pa.string())
        metadata = {"title": self.title, "description": self.description}
        if self.vocabulary:
            metadata["vocabulary"] = self.vocabulary
        return pa.field(self.name, kind, nullable=not self.required, metadata=metadata)

    def pandera_column(self) -> "pandera.Column":
        """Give the Pandera column; its checks carry Table Schema's names of constraints.

        Needs the ``validate`` extra.
        """
        import pandera.pandas as pandera

        checks = [
            pandera.Check(test, element_wise=True, name=name, error=words)
            for name, words, test in self.constraints
        ]
        return pandera.Column(
            None if self.type == "list" else TYPES[self.type].pandas,
            checks=checks,
            nullable=not self.required,
            unique=self.unique,
            name=self.name,
        )


class Table(NamedTuple):
    """One table: its file, fields and keys."""

    name: str
    title: str
    description: str
    path: str
    schema_path: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    def field(self, name: str) -> Field:
        """Give a field by its name (``KeyError`` if there is none)."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    @property
    def field_names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def references(self) -> set[Reference]:
        """The keys to which rows of this table refer."""
        foreign = {(key.table or self.name, key.references) for key in self.foreign_keys}
        return foreign | {key for field in self.fields if (key := field.item_keys)}

    @property
    def types(self) -> dict[str, str]:
        """Type of each field by its name."""
        return {field.name: field.type for field in self.fields}

    def arrow_schema(self) -> "pa.Schema":
        """Give the Arrow schema, with descriptions and the primary key as metadata."""
        import pyarrow as pa

        return pa.schema(
            [field.arrow_field() for field in self.fields],
            metadata={
                "table": self.name,
                "title": self.title,
                "description": self.description,
                "primary_key": json.dumps(self.primary_key),
            },
        )

    def pandera_schema(self) -> "pandera.DataFrameSchema":
        """Give the Pandera schema: columns in order, and the primary key as joint uniqueness."""
        import pandera.pandas as pandera

        return pandera.DataFrameSchema(
            {field.name: field.pandera_column() for field in self.fields},
            strict=True,
            ordered=True,
            unique=list(self.primary_key),
            name=self.name,
        )


class _Package(NamedTuple):
    root: Path
    name: str
    title: str
    description: str
    version: str
    licence: str
    created: dt.date
    tables: Mapping[str, Table]


class Package(_Package):
    """The whole contract, as read from a folder."""

    @cached_property
    def _places(self) -> dict[str, Mapping[places.Pointer, places.Place]]:
        return {}

    def place(self, file: str, pointer: places.Pointer) -> places.Place:
        """Give the line and column of a value of the contract, or of the nearest above it."""
        if file not in self._places:
            text = (self.root / file).read_text(encoding="utf-8-sig")
            self._places[file] = places.parse(text)[1]
        return places.nearest_place(self._places[file], pointer)

    @property
    def vocabularies(self) -> dict[str, tuple[str, ...]]:
        """Closed vocabularies and their codes, as the schemas list them."""
        found: dict[str, tuple[str, ...]] = {}
        for table in self.tables.values():
            for field in table.fields:
                if field.vocabulary and field.enum is not None:
                    found[field.vocabulary] = field.enum
        return found

    def files(self) -> Iterator[str]:
        """Name every file of the package: the index, the schemas, the data."""
        yield "datapackage.json"
        for table in self.tables.values():
            yield table.schema_path
            yield table.path

    def demands(self) -> dict[str, dict[str, Any]]:
        """Say what the contract demands, by table and part, as JSON would say it.

        Returns
        -------
        dict
            For each table each demand of a field as ``field/key``, and ``(fields)`` (their
            order), ``(primaryKey)`` and ``(foreignKeys)``. Titles, descriptions and examples do
            not count: they demand nothing.
        """
        found: dict[str, dict[str, Any]] = {}
        for name, table in self.tables.items():
            parts: dict[str, Any] = {
                f"{field.name}/{_IN_JSON[key]}": _plain(value)
                for field in table.fields
                for key, value in zip(field._fields, field, strict=True)
                if key in _IN_JSON and value != field._field_defaults.get(key)
            }
            parts["(fields)"] = list(table.field_names)
            parts["(primaryKey)"] = list(table.primary_key)
            parts["(foreignKeys)"] = list(map(_plain, table.foreign_keys))
            found[name] = parts
        return found

    def fingerprint(self) -> str:
        """Hash all that the contract demands: SHA-256 over its JSON."""
        import hashlib

        text = json.dumps(self.demands(), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def read_file(path: Path) -> bytes:
    """Read a file whole, unless it is a pipe or a device, which may never end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(errno.EINVAL, "it is no regular file")
    return path.read_bytes()


def _in_json(name: str) -> str:
    """Give the name that a key has in a schema."""
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


_WORDS = ("name", "title", "description", "example")
#: The keys of a field that demand something, and their names in a schema.
_IN_JSON = {name: _in_json(name) for name in Field._fields if name not in _WORDS}


def _plain(value: Any) -> Any:
    """Give a value as JSON would give it back."""
    if isinstance(value, tuple):
        named = getattr(value, "_asdict", None)
        return {k: _plain(v) for k, v in named().items()} if named else list(value)
    return value


def _exact(bound: float) -> int | Decimal:
    return bound if isinstance(bound, int) else Decimal(str(bound))
