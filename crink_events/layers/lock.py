"""What the contract demands, held against what this version of the code, and the codes, know."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Set
from functools import cache
from pathlib import Path
from typing import Any

from crink_events.contract import Package, Table
from crink_events.places import Place, Pointer, nearest_place, parse
from crink_events.report import Issue

#: What a field demands beside its constraints.
_OF_FIELD = ("type", "vocabulary", "itemReference", "itemPattern", "delimiter")
_HINT = "undo the change; or, if it is meant, let `scripts/docs` write the new contract.lock"
LOCK = Path(__file__).parent.parent / "contract.lock"


def changes(package: Package) -> Iterator[Issue]:
    """Find what the contract demands otherwise than this version of the code knows it.

    The rules, the evidence and the loader rely on the contract. A constraint that was dropped by
    a slip would let anything pass; one that is changed on purpose is a new version of both.
    """
    found = package.demands()
    yield from missing(package.root, package.tables)
    for name, parts in _known().items():
        if name not in found:
            continue
        table = package.tables[name]
        changed = [
            part
            for part in sorted({*parts, *found[name]})
            if parts.get(part) != found[name].get(part)
        ]
        for what, pointer in dict(_named(table, parts, part) for part in changed).items():
            message = f"{what} is not as this version of crink-events knows it"
            place = package.place(table.schema_path, pointer)
            yield _issue(table.schema_path, place, message, _HINT)


def missing(root: Path, listed: Collection[str]) -> Iterator[Issue]:
    """Find the tables that this version of the code knows and ``datapackage.json`` does not list.

    Nothing is found where it lists none, which is told by who reads it.
    """
    lost = sorted(_known().keys() - set(listed))
    if listed and lost:
        text = (root / "datapackage.json").read_text(encoding="utf-8-sig")
        place = nearest_place(parse(text)[1], ("resources",))
        for name in lost:
            yield _issue("datapackage.json", place, f'the table "{name}" is missing', _HINT)


@cache
def _known() -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = json.loads(LOCK.read_text(encoding="utf-8"))
    return known


def _named(table: Table, parts: Mapping[str, str], part: str) -> tuple[str, Pointer]:
    """Say in words what a part is, and where it stands or should stand."""
    name, _, key = part.partition("/")
    if not key:
        return f'"{part.strip("()")}"', (part.strip("()"),)
    if name not in table.field_names:
        return f'the field "{name}", which is gone,', ("fields",)
    at: Pointer = ("fields", table.field_names.index(name))
    if not any(known.startswith(f"{name}/") for known in parts):
        return f'the field "{name}"', at
    place = (*at, key) if key in _OF_FIELD else (*at, "constraints", key)
    return f'"{key}" of the field "{name}"', place


def undefined(package: Package, defined: Set[tuple[str, str]] | None) -> Iterator[Issue]:
    """Find the codes of the schemas that the table of codes does not define.

    Parameters
    ----------
    package
        The contract.
    defined
        Vocabulary and code of every code that is defined; None where that is not known.
    """
    if defined is None:
        return
    for table in package.tables.values():
        for number, field in enumerate(table.fields):
            if not field.vocabulary or field.enum is None:
                continue
            for position, code in enumerate(field.enum):
                if (field.vocabulary, code) in defined:
                    continue
                pointer = ("fields", number, "constraints", "enum", position)
                message = f'"{code}" of {field.vocabulary} is not defined in codes'
                hint = "define it in the table of codes, or take it out of the enum"
                place = package.place(table.schema_path, pointer)
                yield _issue(table.schema_path, place, message, hint)


def _issue(file: str, place: Place, message: str, hint: str) -> Issue:
    return Issue(file, place.line, str(place.column), "contract-error", message, hint=hint)
