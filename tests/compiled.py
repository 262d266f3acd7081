"""Other data than the release for the loader: this dataset, or the good package, with edits."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from crink_events import building, loading
from tests.conftest import ROOT

Row = dict[str, str]


@contextmanager
def data_from(folder: Path) -> Iterator[None]:
    """Let the loader read another build."""
    before = loading._DATA
    try:
        loading._DATA = folder
        _forget()
        yield
    finally:
        loading._DATA = before
        _forget()


def _forget() -> None:
    for value in vars(loading).values():
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def release_with(root: Path, table: str, edit: Callable[[list[Row]], list[Row]]) -> Path:
    """Compile this dataset with one table edited, and give the folder of the build."""
    for name in ("data", "schemas"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy(ROOT / "datapackage.json", root)
    path = root / "data" / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    columns = list(rows[0])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(edit(rows))
    building.build(root, root / "build")
    return root / "build"


#: Periods that touch, that leave a gap, and that end early; and what each is worth.
SPANS = {
    "all": [("2000-01-01", "2026-06-30", "systematic")],
    "touching": [
        ("2000-01-01", "2011-12-31", "opportunistic"),
        ("2012-01-01", "2022-02-23", "targeted"),
        ("2022-02-24", "2026-06-30", "systematic"),
    ],
    "gap": [
        ("2015-01-01", "2019-06-30", "targeted"),
        ("2019-07-02", "2025-12-31", "systematic"),
    ],
    "none": [],
}


def invented_coverage(rows: list[Row]) -> list[Row]:
    """Invent a ledger in which some cells are zeros, by every way in which they can be."""
    domains = sorted({row["domain"] for row in rows})
    dyads = sorted({row["dyad"] for row in rows})
    made = []
    for d, domain in enumerate(domains):
        for p, dyad in enumerate(dyads):
            kind = ("touching", "gap", "none", "all")[(d * 5 + p) % 4]
            if domain == "defence" or dyad == "CHN-RUS":
                kind = "all"  # all units of a domain, all domains of a dyad
            elif dyad == "PRK-RUS":
                kind = "touching"
            made += [
                {
                    "domain": domain,
                    "dyad": dyad,
                    "period_start": start,
                    "period_end": end,
                    "tier": tier,
                    "languages": "en",
                    "searched_on": "2026-11-22",
                    "note": "invented for the tests",
                }
                for start, end, tier in SPANS[kind]
            ]
    return sorted(made, key=lambda row: (row["domain"], row["dyad"], row["period_start"]))
