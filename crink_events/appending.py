"""Putting new rows into the tables: checked in a copy first, then all files or none."""

from __future__ import annotations

import csv
import difflib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crink_events import formatting, validation
from crink_events.contract import Package
from crink_events.report import Issue

_LAYERS = ("contract", "rules")


class NotCanonicalError(Exception):
    """A table is not as `crink-events fix` leaves it: more than the new rows would change."""


@dataclass(frozen=True)
class Proposal:
    """What would be written, and what a check of it finds.

    Attributes
    ----------
    before
        The bytes of each file that would change, by its path inside the package.
    after
        The same files with the new rows.
    errors
        Errors that were not there before; with one of them nothing may be written.
    warnings
        Warnings that were not there before.
    old_errors
        How many errors the package had already.
    """

    before: Mapping[str, bytes]
    after: Mapping[str, bytes]
    errors: tuple[Issue, ...]
    warnings: tuple[Issue, ...]
    old_errors: int

    def diff(self) -> Iterator[str]:
        """Give the lines that go and come, under the name of each file."""
        for name, text in self.after.items():
            old, new = (data.decode().splitlines() for data in (self.before[name], text))
            yield name
            # The first two lines are the names of the files.
            for line in list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]:
                if not line.startswith("@@"):
                    yield f"  {line[0]} {line[1:]}"


def propose(package: Package, changed: Mapping[str, Sequence[Mapping[str, str]]]) -> Proposal:
    """Build the changed tables in a copy of the package, and check the copy.

    Parameters
    ----------
    package
        The package; its files are only read.
    changed
        All rows of each table that changes, in any order.

    Raises
    ------
    NotCanonicalError
        If one of these tables is not in its canonical form.
    OSError
        If a file cannot be read, or the copy not be written.
    """
    names = {package.tables[table].path: table for table in changed}
    _require_canonical(package, names)
    before = {name: (package.root / name).read_bytes() for name in names}
    with tempfile.TemporaryDirectory(prefix="crink-events-") as folder:
        copy = Path(folder)
        for name in package.files():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(package.root / name, copy / name)
        for name, table in names.items():
            with (copy / name).open("w", encoding="utf-8", newline="") as file:
                fields = package.tables[table].field_names
                writer = csv.DictWriter(file, fields, lineterminator="\n")
                writer.writeheader()
                writer.writerows(changed[table])
        for change in formatting.changes(copy)[0]:
            if change.file in names:
                (copy / change.file).write_bytes(change.text.encode())
        old = validation.validate(package.root, _LAYERS)
        new = validation.validate(copy, _LAYERS)
        after = {name: (copy / name).read_bytes() for name in names}
    fresh = list(_fresh(old.issues, new.issues))
    return Proposal(
        before,
        after,
        tuple(issue for issue in fresh if issue.severity == "error"),
        tuple(issue for issue in fresh if issue.severity == "warning"),
        old.errors,
    )


def _require_canonical(package: Package, names: Iterable[str]) -> None:
    found, hindrances = formatting.changes(package.root)
    for issue in hindrances:
        if issue.file in names:
            raise NotCanonicalError(f"{issue}\nmend it first; `crink-events validate` shows all")
    loose = [change.file for change in found if change.diff and change.file in names]
    if loose:
        raise NotCanonicalError(
            f"{', '.join(loose)}: more than the new rows would change; run `crink-events fix` first"
        )


def _fresh(old: Iterable[Issue], new: Iterable[Issue]) -> Iterator[Issue]:
    """Give the issues that were not there before.

    New rows move lines, and a new claim the numbers of those behind it: an issue is known again by
    its rule, field and record of the first part of the key, and by how often it occurs.
    """
    exact = {(issue.file, issue.column, issue.rule, issue.key, issue.message) for issue in old}
    known = Counter(_kind(issue) for issue in old)
    found: dict[tuple[str, ...], list[Issue]] = {}
    for issue in new:
        found.setdefault(_kind(issue), []).append(issue)
    for kind, issues in found.items():
        more = len(issues) - known[kind]
        # Those that say something new come first.
        issues.sort(key=lambda i: (i.file, i.column, i.rule, i.key, i.message) in exact)
        yield from sorted(issues[: max(0, more)])


def _kind(issue: Issue) -> tuple[str, ...]:
    return issue.file, issue.column, issue.rule, issue.severity, issue.key.split("/")[0]


def write(root: Path, proposal: Proposal) -> None:
    """Write all files of a proposal, or none.

    Every file is first written beside its target. Should a renaming fail or be interrupted, the
    targets that were replaced get their old bytes back.

    Raises
    ------
    OSError
        If a file cannot be written, or was changed since the proposal was made.
    """
    targets = {name: (root / name).resolve() for name in proposal.after}
    beside: list[Path] = []
    try:
        new = {name: _beside(targets[name], proposal.after[name], beside) for name in targets}
        old = {name: _beside(targets[name], proposal.before[name], beside) for name in targets}
        for name, path in targets.items():
            if path.read_bytes() != proposal.before[name]:
                raise OSError(f"{name} was changed meanwhile; nothing is written; run it again")
        begun: list[str] = []
        try:
            for name, path in targets.items():
                begun.append(name)
                new[name].replace(path)
        except BaseException:
            for name in begun:
                if targets[name].read_bytes() != proposal.before[name]:
                    old[name].replace(targets[name])
            raise
    finally:
        for path in beside:
            path.unlink(missing_ok=True)


def _beside(target: Path, data: bytes, made: list[Path]) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    path = Path(name)
    made.append(path)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    path.chmod(target.stat().st_mode)
    return path
