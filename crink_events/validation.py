"""Validation: the contract, the files, the layers and the codebook's rules; one verdict."""

from __future__ import annotations

import datetime as dt
import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from crink_events.contract import Package
from crink_events.descriptors import ContractError, read_contract, table_names
from crink_events.kinds import KINDS, STRUCTURE
from crink_events.layers import contract, lock, shares
from crink_events.reading import Cells, Typed, read_cells, read_types
from crink_events.report import Issue, Report, merge, nearest

#: Layers by name: the contract engine, the codebook's rules, Pandera's columns and Frictionless.
#: The last two need the ``validate`` extra.
LAYERS = ("contract", "rules", "pandera", "frictionless")


class MissingExtraError(RuntimeError):
    """A layer needs a package that is not installed."""


def read_package(package: Package) -> tuple[dict[str, Typed], list[Issue]]:
    """Read every table of a package as typed columns.

    Returns
    -------
    tuple
        The tables that could be read, and what is wrong with files, headers and records.
    """
    tables, issues = _read(package)
    return {name: read_types(cells) for name, cells in tables.items()}, issues


def _read(package: Package) -> tuple[dict[str, Cells], list[Issue]]:
    tables: dict[str, Cells] = {}
    issues: list[Issue] = []
    for table in package.tables.values():
        cells, found = read_cells(package, table)
        issues.extend(found)
        if cells is not None:
            tables[table.name] = cells
    return tables, issues


def validate(
    root: Path | str,
    layers: Sequence[str] = LAYERS,
    today: dt.date | None = None,
    progress: Callable[[str], object] | None = None,
    processes: int = 1,
) -> Report:
    """Check a package against its contract and the codebook.

    Parameters
    ----------
    root
        Folder with ``datapackage.json``.
    layers
        Which layers run: ``contract`` (the contract's own checks), ``rules`` (the codebook's),
        ``pandera`` and ``frictionless``.
    today
        The day by which everything must have happened; missing means the day of the call. A
        package that was made later counts with the day on which it was made.
    progress
        Is called with the name of each step before it begins.
    processes
        How many processes may share the tables where the contract engine runs alone. More than
        one copies the calling process (see :mod:`crink_events.forking`).

    Returns
    -------
    Report
        All issues in one pass. A contract that is broken, or is not the one that this version
        knows, is reported alone: what it demands of the data is not known.

    Raises
    ------
    MissingExtraError
        If a layer's package is not installed; the message names the command that installs it.
    ValueError
        If a layer is unknown.
    """
    _require(layers)
    progress = progress or _silent
    names = tuple(name for name in LAYERS if name in layers)
    progress("the contract")
    try:
        package = read_contract(root)
        changes = list(lock.changes(package))
    except ContractError as error:
        # Where a resource was lost, what refers to it is in error. Another package has others.
        lost = list(lock.missing(Path(root), table_names(root)))
        changes = [*error.issues, *(lost if len(lost) < 3 else [])]
    if changes:
        return Report(merge(changes), {}, ("contract",))
    with _without_collection():
        if names == ("contract",):
            return _quickly(package, progress, processes)
        return _validate(package, root, layers=names, today=today, progress=progress)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Pause the search for unused cycles: millions of cells would be walked again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _quickly(package: Package, progress: Callable[[str], object], processes: int) -> Report:
    checked = shares.check(package, processes, progress)
    issues = [*checked.issues, *_stray_files(package)]
    return Report(merge(_without_echoes(issues, checked.lost)), checked.rows, ("contract",))


def _validate(
    package: Package,
    root: Path | str,
    layers: tuple[str, ...],
    today: dt.date | None,
    progress: Callable[[str], object],
) -> Report:
    with ExitStack() as stack:
        process = None
        if not all(map(_may_be_read, _paths(package))):
            layers = tuple(name for name in layers if name != "frictionless")
        if "frictionless" in layers:
            from crink_events.layers import frictionless

            process = stack.enter_context(frictionless.beside(root))
        progress("the files")
        tables, reading = _read(package)
        found: list[list[Issue]] = []
        if "contract" in layers:
            progress("the contract engine")
            known = contract.keys_of(tables)
            codes = known("codes", ("vocabulary", "code"))
            checked = contract.check(tables, known)
            stray = _stray_files(package)
            found.append([*reading, *stray, *lock.undefined(package, codes), *checked])
        sound = {name: cells for name, cells in tables.items() if not cells.absent}
        if "rules" in layers or "pandera" in layers:
            progress("types")
            typed = {name: read_types(cells) for name, cells in sound.items()}
        if "rules" in layers:
            from crink_events import rules

            progress("the codebook's rules")
            data = rules.Data(package, typed, max(today or dt.date.today(), package.created))
            found.append(list(rules.run(data)))
        if "pandera" in layers:
            from crink_events.layers import pandera

            progress("Pandera")
            found.append(list(pandera.check(typed)))
        if process is not None:
            progress("Frictionless")
            told = {i.file for layer in found for i in layer if i.rule in STRUCTURE}
            errors = frictionless.collect(process)
            found.append(list(frictionless.issues(package, tables, errors, told)))
    rows = {name: len(cells.records) for name, cells in tables.items()}
    lost = shares.lost(tables, reading)
    return Report(merge(*(_without_echoes(layer, lost) for layer in found)), rows, layers)


def _require(layers: Sequence[str]) -> None:
    import importlib.util

    for name in layers:
        if name not in LAYERS:
            raise ValueError(f'there is no layer "{name}"; {nearest(name, LAYERS)}')
        if name in ("pandera", "frictionless") and importlib.util.find_spec(name) is None:
            command = "pip install 'crink-events[validate]'"
            raise MissingExtraError(f"{name} is not installed; install it with: {command}")


def _silent(step: str) -> None:
    """Show nothing."""


def _paths(package: Package) -> list[Path]:
    return [package.root / table.path for table in package.tables.values()]


_TABLE_LIKE = re.compile(
    r"\.(?:csv|tsv|xlsx?|ods|numbers|parquet)\b|\.(?:orig|rej|bak|swp|tmp)$|~$|^\.?~", re.IGNORECASE
)


#: Curators' notes beside the tables: leads that were refused, with the reason.
_NOTES = frozenset({"leads-refused.csv"})


def _stray_files(package: Package) -> Iterator[Issue]:
    """Find files beside the tables that look like one and that no resource names."""
    named = set(_paths(package))
    for folder in sorted({path.parent for path in _paths(package)}):
        if not folder.is_dir():
            continue
        for path in sorted(folder.iterdir()):
            if path in named or path.name in _NOTES or not _TABLE_LIKE.search(path.name):
                continue
            file = path.relative_to(package.root).as_posix()
            message = "no resource names this file; its rows are read by nobody"
            hint = "take it away, or move its rows into the table"
            yield Issue(file, 1, "", "stray-file", message, severity="warning", hint=hint)


def _may_be_read(path: Path) -> bool:
    """Tell pipes and devices, which may never end, from what the reference can be given."""
    return not path.exists() or path.is_file() or path.is_dir()


def _without_echoes(issues: Iterable[Issue], lost: shares.Lost) -> Iterator[Issue]:
    """Leave out what is found missing only because its record cannot be read, which is reported.

    That are references to such a record, and findings of rules that would have read it for the
    same event. All else stays.
    """
    if not lost:
        yield from issues
        return
    keys = frozenset().union(*lost.values())
    for issue in issues:
        first = issue.key.split("/")[0]
        if issue.rule in ("foreign-key", "list-reference"):
            echo = not keys.isdisjoint(
                {issue.value, *issue.value.split(";"), f"{first}/{issue.value}"}
            )
        elif issue.rule in KINDS:
            echo = False
        else:
            named = {*issue.key.split("/"), *issue.value.split(";"), *issue.value.split("/")}
            unread = {
                key.split("/")[0] for name in _reads(issue.rule) for key in lost.get(name, ())
            }
            echo = not named.isdisjoint(unread)
        if not echo:
            yield issue


def _reads(rule: str) -> tuple[str, ...]:
    """Name the tables that a rule of the codebook reads."""
    from crink_events.rules import RULES

    return RULES[rule].tables if rule in RULES else ()
