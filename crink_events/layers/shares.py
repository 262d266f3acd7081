"""The contract engine over a whole package, whose tables are shared among processes.

Each process reads and judges tables of its own. What leads from one table to another is judged
last, by the keys that the processes give each other. Of a large package, tables are first asked for
certificates (:mod:`crink_events.layers.certificate`), and what gets none is explained.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import ExitStack
from functools import cache, partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple

from crink_events import forking
from crink_events.contract import Package, Reference, Table
from crink_events.layers import contract, lock
from crink_events.reading import Cells, read_cells
from crink_events.report import Issue

if TYPE_CHECKING:
    from crink_events.layers.certificate import Certificates, Keys

#: A package with more work than this (bytes of CSV, about) is certified in bulk; below, the start
#: of pyarrow costs more than it saves.
BULK = 8_000_000
#: A package with less work than this is checked sooner than shared.
_SHARED = 500_000
_SAMPLE = 65_536
#: More processes would wait for the one that has the largest table.
_MOST = 4

#: Keys of the records that stand in a file and cannot be read, by table.
Lost = Mapping[str, Set[str]]
_CODES: Reference = ("codes", ("vocabulary", "code"))


class Checked(NamedTuple):
    """What the engine found: issues, records by table, and records that could not be read."""

    issues: list[Issue]
    rows: dict[str, int]
    lost: Lost


def check(
    package: Package,
    processes: int = 1,
    progress: Callable[[str], object] | None = None,
    *,
    bulk: bool | None = None,
) -> Checked:
    """Check every table of a package.

    Parameters
    ----------
    package
        The contract, which knows the folder.
    processes
        How many processes may run at once.
    progress
        Is called with the name of each step before it begins.
    bulk
        Whether tables are asked for certificates; missing means: in a large package.
    """
    progress = progress or (lambda _: None)
    weights = {name: _weight(package, table) for name, table in package.tables.items()}
    weight = sum(weights.values())
    groups = _groups(weights, min(processes, _MOST) if weight > _SHARED else 1)
    bulk = weight > BULK if bulk is None else bulk
    try:
        parts = _together(package, groups, bulk, progress)
    except forking.ChildError:  # it was killed, or had no memory: nothing is lost
        parts = _together(package, [list(weights)], bulk, progress)
    rows: dict[str, int] = {}
    for part in parts:
        rows |= part.rows
    return Checked(
        [issue for part in parts for issue in part.issues],
        {name: rows[name] for name in package.tables if name in rows},
        {name: keys for part in parts for name, keys in part.lost.items()},
    )


def _weight(package: Package, table: Table) -> int:
    """Say how much work a table is: its bytes, and for each cell as much as for ten of them."""
    path = package.root / table.path
    if not path.is_file():
        return 0
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            some = file.read(_SAMPLE)
    except OSError:  # told when it is read
        return 0
    return size + 10 * len(table.fields) * some.count(b"\n") * size // max(len(some), 1)


def _groups(weights: Mapping[str, int], number: int) -> list[list[str]]:
    """Share tables out so that all groups have about as much work, the largest table first."""
    groups: list[list[str]] = [[] for _ in range(number)]
    for name in sorted(weights, key=lambda name: (-weights[name], name)):
        min(groups, key=lambda group: sum(weights[one] for one in group)).append(name)
    return [group for group in groups if group] or [[]]


def _together(
    package: Package,
    groups: Sequence[Sequence[str]],
    bulk: bool,
    progress: Callable[[str], object],
) -> list[Checked]:
    mine, *others = groups
    with ExitStack() as stack:
        works = [partial(_beside, package, group, bulk) for group in others]
        children = [stack.enter_context(forking.child(work)) for work in works]

        def exchange(mine: dict[Any, Any]) -> dict[Any, Any]:
            told = [child.receive() for child in children]
            for number, child in enumerate(children):
                rest = (other for place, other in enumerate(told) if place != number)
                child.send(dict(ChainMap(mine, *rest)))
            return dict(ChainMap(*told))

        share = _Share(package, mine, exchange, progress)
        parts = [share.check(bulk)]
        parts[0].issues.extend(lock.undefined(package, share.known(*_CODES)))
        for child in children:
            issues, rows, keys = child.receive()
            parts.append(Checked([Issue(*issue) for issue in issues], rows, keys))
        return parts


def _beside(package: Package, names: Sequence[str], bulk: bool, parent: forking.Channel) -> None:
    """Check some tables for another process."""

    def exchange(mine: dict[Any, Any]) -> dict[Any, Any]:
        parent.send(mine)
        return parent.receive()  # type: ignore[no-any-return]

    found = _Share(package, names, exchange, lambda _: None).check(bulk)
    parent.send(([tuple(issue) for issue in found.issues], found.rows, found.lost))


class _Share:
    """The tables that one process checks."""

    def __init__(
        self,
        package: Package,
        names: Sequence[str],
        exchange: Callable[[dict[Any, Any]], dict[Any, Any]],
        progress: Callable[[str], object],
    ) -> None:
        self._package = package
        self._names = names
        self._exchange = exchange
        self._progress = progress
        self._certificates: Certificates | None = None
        self._cells: dict[str, Cells] = {}
        self._issues: list[Issue] = []
        self._others: dict[Reference, Keys] = {}
        self._explained = contract.keys_of(self._cells)
        self._wanted = {_CODES} | {
            reference
            for name, table in package.tables.items()
            if name not in names
            for reference in table.references
        }

    def check(self, bulk: bool) -> Checked:
        """Judge the tables, with the keys of those that other processes have."""
        if bulk:
            rows = self._certify()
        else:
            rows = {}
            self._explain(self._names)
            self._others = self._exchange(self._keys())
        self._issues.extend(contract.check(self._cells, cache(self.known)))
        rows |= {name: len(cells.records) for name, cells in self._cells.items()}
        return Checked(self._issues, rows, lost(self._cells, self._issues))

    def _certify(self) -> dict[str, int]:
        """Count the records of tables of which all is certain; keep the others as cells."""
        from crink_events.layers.certificate import Certificates

        self._progress("certificates")
        found = self._certificates = Certificates(self._package, self._names)
        self._issues.extend(found.issues)
        self._explain(name for name in self._names if name not in found.tables)
        self._others = self._exchange(self._keys())
        found.judge(self._given)
        fields = {
            name: {part for part in parts if isinstance(part, str)}
            for name, parts in found.certain.items()
        }
        found.borrow(fields | self._exchange(fields))
        rows = {}
        for name, table in found.tables.items():
            cells = found.cells(name)
            if cells is None:
                rows[name] = table.num_rows
            else:
                self._cells[name] = cells
        return rows

    def _explain(self, names: Iterable[str]) -> None:
        """Read tables of which every cell must be looked at."""
        for name in names:
            self._progress(name)
            cells, found = read_cells(self._package, self._package.tables[name])
            self._issues.extend(found)
            if cells is not None:
                self._cells[name] = cells

    def _keys(self) -> dict[Reference, "Keys"]:
        """Give the keys of these tables to which others refer."""
        return {one: self._given(*one) for one in self._wanted if one[0] in self._names}

    def _given(self, name: str, fields: tuple[str, ...]) -> "Keys":
        if self._certificates is not None and name in self._certificates.tables:
            return self._certificates.columns(name, fields)
        if name in self._names:
            return self._explained(name, fields)
        return self._others.get((name, fields))

    def known(self, name: str, fields: tuple[str, ...]) -> Set[contract.Key] | None:
        """Give the keys of any table as the engine compares them."""
        found = self._given(name, fields)
        if not isinstance(found, list):
            return found
        from crink_events.layers.certificate import as_keys

        return as_keys(self._package.tables[name], fields, found)


def lost(tables: Mapping[str, Cells], issues: Iterable[Issue]) -> Lost:
    """Name the records that stand in a file and cannot be read."""
    found: dict[str, set[str]] = {}
    for issue in issues:
        if issue.rule == "quoting-error" and issue.key:
            found.setdefault(PurePosixPath(issue.file).stem, set()).add(issue.key)
    for name, cells in tables.items():
        if cells.odd:
            found.setdefault(name, set()).update(filter(None, map(cells.key, cells.odd)))
    return found
