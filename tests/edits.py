"""Edits of the good package, as the rules' examples are written."""

from __future__ import annotations

from crink_events.descriptors import read_contract
from tests.conftest import ROOT, Bench, Row

KEYS = {name: table.primary_key for name, table in read_contract(ROOT).tables.items()}


def key(table: str, row: Row) -> str:
    return "/".join(row[name] for name in KEYS[table])


def cells(text: str) -> Row:
    pairs = (part.split("=", 1) for part in text.split(" | "))
    return {name: value.replace("\\n", "\n") for name, value in pairs}


def apply(bench: Bench, example: str) -> None:
    """Make the edits of an example (see :class:`crink_events.rules.Rule`)."""
    for line in example.split("\n"):
        mark, _, rest = line.partition(" ")
        if mark == "+":
            table, _, values = rest.partition(": ")
            bench.add(table, **cells(values))
        elif mark == "-":
            table, _, name = rest.partition(" ")
            before = len(bench.rows(table))
            bench.drop(table, lambda row, t=table, n=name: key(t, row) != n)  # type: ignore[misc]
            assert len(bench.rows(table)) == before - 1, line
        else:
            name, _, values = rest.partition(": ")
            found = [n for n, row in enumerate(bench.rows(mark)) if key(mark, row) == name]
            assert len(found) == 1, line
            bench.edit(mark, found[0], **cells(values))
        if mark in "+-":
            sort(bench, table)


def sort(bench: Bench, table: str) -> None:
    from crink_events.formatting import changes, write

    found, _ = changes(bench.root)
    for change in found:
        if change.diff and change.file == f"data/{table}.csv":
            write(bench.root, change)
