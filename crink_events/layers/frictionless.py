"""Frictionless over the package: the reference implementation of Data Package.

Needs the ``validate`` extra. Frictionless runs in a process of its own, beside the other layers.
It counts records; :class:`crink_events.reading.Cells` turns its numbers into physical lines. It
stops at 1,000 errors a table; the other layers do not.
"""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crink_events.contract import Package, read_file
from crink_events.reading import Cells
from crink_events.report import Issue

Found = list[dict[str, Any]]

# Kinds that the contract engine words better, with the same name or another.
_OURS = {
    "blank-label": "extra-label",
    "blank-header": "file-error",
    "source-error": "file-error",
    "scheme-error": "file-error",
}


def run(root: Path | str) -> Found:
    """Let Frictionless validate a package in this process.

    Returns
    -------
    list
        For each error its ``type`` and ``note``, and where it has them ``table``, ``row`` (the
        number of the record), ``field``, ``fields`` and ``reference`` (the table referred to).
    """
    import frictionless
    from frictionless.formats.csv import settings

    # As it does itself once in a process, where another limit may be set since.
    csv.field_size_limit(settings.FIELD_SIZE_LIMIT)
    try:
        report = frictionless.Package(str(Path(root) / "datapackage.json")).validate()
    except frictionless.FrictionlessException as error:
        return [{"type": "engine-error", "note": error.error.note}]
    except Exception as error:
        return [{"type": "engine-error", "note": f"{type(error).__name__}: {error}"}]
    found = [{"type": "engine-error", "note": error.message} for error in report.errors]
    for task in report.tasks:
        found += [
            {
                "table": task.name,
                "type": str(error.type),
                "note": str(error.note),
                "row": getattr(error, "row_number", None),
                "field": str(getattr(error, "field_name", "") or ""),
                "fields": list(getattr(error, "field_names", None) or []),
                "reference": getattr(error, "reference_name", "") or "",
            }
            for error in task.errors
        ]
    return found


@contextmanager
def beside(root: Path | str) -> Iterator[subprocess.Popen[str]]:
    """Start Frictionless in a process of its own; it ends with the block, whatever happens."""
    place = str(Path(__file__).parent.parent.parent)
    paths = [place, *filter(None, [os.environ.get("PYTHONPATH")])]
    # -P: a file of the folder one stands in must not be imported for a module.
    command = [sys.executable, "-P", "-W", "ignore", "-m", "crink_events.layers.frictionless"]
    process = subprocess.Popen(  # noqa: S603 (the command is our own)
        [*command, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths), "PYTHONUTF8": "1"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def collect(process: subprocess.Popen[str]) -> Found:
    """Wait for the process of :func:`beside`, and give what it found."""
    out, errors = process.communicate()
    try:
        found: Found = json.loads(out)
    except ValueError:
        last = (errors.strip().splitlines() or [f"exit code {process.returncode}"])[-1]
        return [{"type": "engine-error", "note": last}]
    return found


def issues(
    package: Package, tables: Mapping[str, Cells], found: Found, unsound: Collection[str] = ()
) -> Iterator[Issue]:
    """Translate what Frictionless found.

    Parameters
    ----------
    package, tables
        The contract and the cells, for places.
    found
        What :func:`run` gave.
    unsound
        Files of which another layer has said that they cannot be read column by column; the
        reference reads on in them, and what it finds are consequences.
    """
    unread = {name for name, table in package.tables.items() if table.path in unsound}
    for error in found:
        table = error.get("table")
        if table is None:
            note = f"frictionless: {error['note']}"
            hint = "run `crink-events validate --only contract`, and mend what it names first"
            yield Issue("datapackage.json", 0, "", "engine-error", note, hint=hint)
        elif table not in unread and (error["reference"] or table) not in unread:
            yield from _issue(package, package.tables[table].path, tables.get(table), error)


def _issue(
    package: Package, path: str, cells: Cells | None, error: dict[str, Any]
) -> Iterator[Issue]:
    kind = _OURS.get(error["type"], error["type"])
    number, column, note = error["row"], error["field"], error["note"] or kind
    # What is wrong with a file that this one refers to is said of that file.
    if kind == "file-error" and cells is not None and "No such file" in error["note"]:
        return
    if kind == "encoding-error" and "codec" in note and _is_utf8(package.root / path):
        return
    if cells is None or number is None or number > len(cells.starts):
        yield Issue(path, number or 0, column, kind, note)
        return
    line = cells.starts[number - 1]
    if kind == "primary-key":
        column = cells.table.primary_key[-1]
    elif kind == "foreign-key":
        column = error["fields"][-1]
    row = cells.rows.get(line)
    if row is not None and column in cells.table.field_names:
        if row not in cells.odd:
            yield cells.issue(row, column, kind, note)
    elif row is not None or kind != "primary-key":
        # A blank row has no key either, as a consequence.
        yield Issue(path, line, column, kind, note)


def _is_utf8(path: Path) -> bool:
    try:
        read_file(path).decode()
    except (OSError, UnicodeError):
        return False
    return True


if __name__ == "__main__":
    print(json.dumps(run(sys.argv[1])))  # noqa: T201
