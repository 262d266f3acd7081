"""The contract: `datapackage.json` and the Table Schemas, as one typed object.

A type, a required field, an enum, a range, a pattern, a key or a foreign key is written in
``schemas/`` and nowhere else. pandas dtypes, the Arrow schema, Pandera's columns and the codebook
derive from :class:`Field`. :mod:`crink_events.descriptors` reads it from the files and says what is
wrong with them. The contract follows Data Package v2 (https://datapackage.org) with three keys
of its own, described in ``docs/contract.md``: ``vocabulary``, ``itemReference``, ``itemPattern``.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from crink_events import places

if TYPE_CHECKING:
    import pandera.pandas as pandera
    import pyarrow as pa

Value = str | int | float | bool | dt.date | list[str]

DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


# --------------------------------------------------------------------------- types of cells


def _date(text: str) -> dt.date:
    if not DATE.fullmatch(text) or not text.isascii():
        raise ValueError("a date is written YYYY-MM-DD")
    return dt.date.fromisoformat(text)


def _integer(text: str) -> int:
    if not _INTEGER.fullmatch(text) or not text.isascii():
        raise ValueError("an integer is written in digits alone")
    if len(text) > 18:
        raise ValueError("the integer does not fit into 64 bits")
    return int(text)


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text) or not text.isascii():
        raise ValueError("a number is written in digits, with a point before decimals")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("the number is too large")
    return number


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("a boolean is written true or false")
    return text == "true"


class _Type(NamedTuple):
    """What a Table Schema type is to pandas, to Arrow and to a reader of cells."""

    pandas: str
    arrow: str
    parse: Callable[[str], Value] | None
    constraints: frozenset[str]


_ORDERED = frozenset({"required", "unique", "enum", "minimum", "maximum"})
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
    "date": _Type("datetime64[ms]", "date32", _date, _ORDERED),
    "list": _Type("object", "list", None, frozenset({"required", "minLength", "maxLength"})),
}


# --------------------------------------------------------------------------- the model


@dataclass(frozen=True)
class Reference:
    """Where the items of a list field must be found."""

    table: str
    field: str


@dataclass(frozen=True)
class ForeignKey:
    """Fields whose values must be found together in another table (or in the same one)."""

    fields: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Field:
    """One column of a table, and everything that is demanded of its cells."""

    name: str
    title: str
    description: str
    type: str
    example: Any
    vocabulary: str | None = None
    item_reference: Reference | None = None
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

    @cached_property
    def constraints(self) -> tuple[tuple[str, str, Callable[[Any], bool]], ...]:
        """What a value must satisfy: constraint, what it demands in words, and the test."""
        found: list[tuple[str, str, Callable[[Any], bool]]] = []
        if self.enum is not None:
            allowed = frozenset(self.enum)
            name = f"vocabulary {self.vocabulary}" if self.vocabulary else "enum"
            found.append(("enum", f"is not in the {name}", lambda v: v in allowed))
        if self.pattern is not None:
            match = re.compile(self.pattern).fullmatch
            found.append(
                ("pattern", f"does not match {self.pattern}", lambda v: match(v) is not None)
            )
        if self.minimum is not None:
            low = self.minimum
            found.append(("minimum", f"is less than {low}", lambda v: bool(v >= low)))
        if self.maximum is not None:
            high = self.maximum
            found.append(("maximum", f"is more than {high}", lambda v: bool(v <= high)))
        unit = "items" if self.type == "list" else "characters"
        if self.min_length is not None:
            short = self.min_length
            words = f"has fewer than {short} {unit}"
            found.append(("minLength", words, lambda v: len(v) >= short))
        if self.max_length is not None:
            long = self.max_length
            words = f"has more than {long} {unit}"
            found.append(("maxLength", words, lambda v: len(v) <= long))
        return tuple(found)

    @property
    def pandas_dtype(self) -> str:
        """Name of the pandas dtype; ``category`` where the values are a closed vocabulary."""
        return "category" if self.enum is not None else TYPES[self.type].pandas

    def arrow_field(self) -> pa.Field:
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

    def pandera_column(self) -> pandera.Column:
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


@dataclass(frozen=True)
class Table:
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

    def arrow_schema(self) -> pa.Schema:
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

    def pandera_schema(self) -> pandera.DataFrameSchema:
        """Give the Pandera schema: columns in order, and the primary key as joint uniqueness."""
        import pandera.pandas as pandera

        return pandera.DataFrameSchema(
            {field.name: field.pandera_column() for field in self.fields},
            strict=True,
            ordered=True,
            unique=list(self.primary_key),
            name=self.name,
        )


@dataclass(frozen=True)
class Package:
    """The whole contract, as read from a folder."""

    root: Path
    name: str
    title: str
    description: str
    version: str
    licence: str
    created: dt.date
    tables: Mapping[str, Table]
    places: Mapping[str, Mapping[places.Pointer, places.Place]]

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

    def digests(self) -> dict[str, dict[str, str]]:
        """Hash what the contract demands, by table and part.

        Returns
        -------
        dict
            For each table the digest of each field by its name, and of ``(fields)`` (their
            order), ``(primaryKey)`` and ``(foreignKeys)``. Titles, descriptions and examples do
            not count: they demand nothing.
        """
        words = ("title", "description", "example")
        found: dict[str, dict[str, str]] = {}
        for name, table in self.tables.items():
            parts: dict[str, Any] = {
                field.name: {
                    key.name: getattr(field, key.name)
                    for key in dataclasses.fields(field)
                    if key.name not in words
                }
                for field in table.fields
            }
            parts["(fields)"] = table.field_names
            parts["(primaryKey)"] = table.primary_key
            parts["(foreignKeys)"] = [vars(key) for key in table.foreign_keys]
            found[name] = {part: _digest(value)[:12] for part, value in parts.items()}
        return found

    def fingerprint(self) -> str:
        """Hash all that the contract demands: SHA-256 over its digests."""
        return _digest(self.digests())


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=vars)
    return hashlib.sha256(text.encode()).hexdigest()
