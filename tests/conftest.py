"""What several tests share: a small good package, and a way to break it on purpose."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = Path(__file__).parent / "good"

Row = dict[str, str]


class Bench:
    """A copy of the good package in a folder of its own, open to edits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(GOOD / "data", root / "data")
        shutil.copytree(ROOT / "schemas", root / "schemas")
        shutil.copy(ROOT / "datapackage.json", root)

    def path(self, table: str) -> Path:
        return self.root / "data" / f"{table}.csv"

    def rows(self, table: str) -> list[Row]:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: list[Row]) -> None:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            names = next(csv.reader(file))
        with self.path(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def edit(self, table: str, number: int, **values: str) -> Bench:
        """Overwrite cells of a record, counted from 0; negative counts from the end."""
        rows = self.rows(table)
        assert values.keys() <= rows[0].keys()
        rows[number] |= values
        self.write(table, rows)
        return self

    def add(self, table: str, **values: str) -> Bench:
        """Append a record; what is not given is blank."""
        rows = self.rows(table)
        self.write(table, [*rows, dict.fromkeys(rows[0], "") | values])
        return self

    def drop(self, table: str, keep: Callable[[Row], bool]) -> Bench:
        """Keep only some records."""
        self.write(table, [row for row in self.rows(table) if keep(row)])
        return self

    def number(self, table: str, **values: str) -> int:
        """Find a record by its values."""
        for number, row in enumerate(self.rows(table)):
            if values.items() <= row.items():
                return number
        raise AssertionError(f"no record of {table} has {values}")

    def replace(self, file: str, old: str, new: str, count: int = 1) -> Bench:
        """Replace text in any file of the package."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} is not in {file}"
        path.write_text(text.replace(old, new, count), encoding="utf-8", newline="")
        return self


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="write the reports of tests/bad/ anew")
