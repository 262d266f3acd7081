"""Validation: the contract, the files, three layers and the codebook's rules; one verdict."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from crink_events import places, rules
from crink_events.contract import Package
from crink_events.descriptors import ContractError, read_contract
from crink_events.layers import constraints
from crink_events.reading import Typed, read_cells, read_types
from crink_events.report import Issue, Report, merge, nearest

#: Layers by name; ``contract`` always runs, the others need the ``validate`` extra.
LAYERS = ("contract", "pandera", "frictionless")


class MissingExtraError(RuntimeError):
    """A layer needs a package that is not installed."""


def read_package(package: Package) -> tuple[dict[str, Typed], list[Issue]]:
    """Read every table of a package as typed columns.

    Returns
    -------
    tuple
        The tables that could be read, and what is wrong with files, records, cells and types.
    """
    tables: dict[str, Typed] = {}
    issues: list[Issue] = []
    for table in package.tables.values():
        cells, found = read_cells(package, table)
        issues.extend(found)
        if cells is not None:
            typed, found = read_types(cells)
            issues.extend(found)
            tables[table.name] = typed
    return tables, issues


def validate(
    root: Path | str, layers: Sequence[str] = LAYERS, today: dt.date | None = None
) -> Report:
    """Check a package against its contract and the codebook.

    Parameters
    ----------
    root
        Folder with ``datapackage.json``.
    layers
        Which layers run, of ``contract``, ``pandera`` and ``frictionless``. The contract's own
        checks and the codebook's rules always run.
    today
        The day by which everything must have happened; missing means the day of the call. A
        package that was made later counts with the day on which it was made.

    Returns
    -------
    Report
        All issues in one pass. A broken contract is reported alone: what it demands of the data
        is not known.

    Raises
    ------
    MissingExtraError
        If a layer's package is not installed; the message names the command that installs it.
    """
    _require(layers)
    names = tuple(name for name in LAYERS if name == "contract" or name in layers)
    try:
        package = read_contract(root)
    except ContractError as error:
        return Report(merge(error.issues), {}, names[:1])
    tables, issues = read_package(package)
    issues.extend(_check(package, tables, layers, today or dt.date.today()))
    rows = {name: len(typed.cells.records) for name, typed in tables.items()}
    return Report(merge(issues), rows, names)


def _require(layers: Sequence[str]) -> None:
    import importlib.util

    for name in layers:
        if name not in LAYERS:
            raise ValueError(f'there is no layer "{name}"; {nearest(name, LAYERS)}')
        if name != "contract" and importlib.util.find_spec(name) is None:
            command = "pip install 'crink-events[validate]'"
            raise MissingExtraError(f"{name} is not installed; install it with: {command}")


def _check(
    package: Package, tables: dict[str, Typed], layers: Sequence[str], today: dt.date
) -> Iterator[Issue]:
    # The contract's own words come first: of several layers that find one fault, they are kept.
    yield from _changes(package)
    yield from constraints.check(tables)
    yield from _enums(package, tables)
    yield from rules.run(rules.Data(package, tables, max(today, package.created)))
    if "pandera" in layers:
        from crink_events.layers import pandera

        yield from pandera.check(tables)
    if "frictionless" in layers:
        from crink_events.layers import frictionless

        yield from frictionless.check(package, tables)


def _changes(package: Package) -> Iterator[Issue]:
    """Find what the contract demands otherwise than this version of the code knows it.

    The rules, the evidence and the loader rely on the contract. A constraint that was dropped by
    a slip would let anything pass; one that is changed on purpose is a new version of both.
    """
    hint = "undo the change; or, if it is meant, let `scripts/docs` write the new contract.lock"
    known = json.loads(Path(__file__).with_name("contract.lock").read_text(encoding="utf-8"))
    found = package.digests()
    for name, parts in known.items():
        if name not in found:
            line, column = package.places["datapackage.json"][("resources",)]
            message = f'the table "{name}" is missing'
            yield Issue("datapackage.json", line, str(column), "contract-error", message, hint=hint)
            continue
        table = package.tables[name]
        for part in sorted({*parts, *found[name]}):
            if parts.get(part) == found[name].get(part):
                continue
            pointer: places.Pointer = (part.strip("()"),)
            what = f'"{part.strip("()")}"'
            if part in table.field_names:
                pointer = ("fields", table.field_names.index(part))
                what = f'the field "{part}"'
            elif part in parts and not part.startswith("("):
                pointer = ("fields",)
                what = f'the field "{part}", which is gone,'
            where = package.places[table.schema_path]
            line, column = where.get(pointer, places.Place(1, 1))
            message = f"{what} is not as this version of crink-events knows it"
            yield Issue(table.schema_path, line, str(column), "contract-error", message, hint=hint)


def _enums(package: Package, tables: dict[str, Typed]) -> Iterator[Issue]:
    """Find the codes of the schemas that ``codes`` does not define."""
    if "codes" not in tables:
        return
    columns = tables["codes"].columns
    defined = set(zip(columns["vocabulary"], columns["code"], strict=True))
    for table in package.tables.values():
        for number, field in enumerate(table.fields):
            if not field.vocabulary or field.enum is None:
                continue
            for place, code in enumerate(field.enum):
                if (field.vocabulary, code) in defined:
                    continue
                pointer = ("fields", number, "constraints", "enum", place)
                line, column = package.places[table.schema_path][pointer]
                message = f'"{code}" of {field.vocabulary} is not defined in codes'
                hint = "define it in the table of codes, or take it out of the enum"
                yield Issue(
                    table.schema_path, line, str(column), "contract-error", message, hint=hint
                )
