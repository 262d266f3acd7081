"""One changed cell: the report names its line and column, or the change is provably harmless."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from crink_events.descriptors import read_contract
from crink_events.reading import read_cells
from crink_events.report import Report
from crink_events.validation import validate
from tests.conftest import Bench

#: Rules about several cells at once that name another one than was changed, and why.
ELSEWHERE = {
    "names another cell of the same record": "a rule of several columns names the one to mend",
    "names another record": "what refers to the record, or is compared with it, is named",
}
DAMAGE = ["", " ", "Jun-24", "45463", "1.0E+05", "#REF!", "'2024", "=1+1", "<b>x</b>", "\u00a0",
          "cafÃ©", "e\u0301", "zzz-zzz", "-1", "2999-01-01"]  # fmt: skip


def mutate(rng: random.Random, text: str, column: list[str], other: list[str]) -> str:
    at = rng.randrange(len(text)) if text else 0
    options = [
        text[:at] + text[at + 1 :],
        text[:at] + text[at : at + 1] * 2 + text[at + 1 :],
        text + " ",
        text + "\u00a0",
        text[:at] + "\u0430" + text[at + 1 :],
        rng.choice(DAMAGE),
        rng.choice(column),
        rng.choice(other),
    ]
    return rng.choice(options)


def judge(report: Report, file: str, line: int, column: str, sound: bool) -> str:
    """Say how a change was answered: named, harmless, or named elsewhere (see ELSEWHERE)."""
    if any((i.file, i.line, i.column) == (file, line, column) for i in report.issues):
        return "named"
    if not report.issues and sound:
        return "harmless"
    if any((i.file, i.line) == (file, line) for i in report.issues):
        return "names another cell of the same record"
    return "names another record" if report.issues else "MISSED"


def run(seeds: range, bench: Bench) -> Counter[str]:
    package = read_contract(bench.root)
    counts: Counter[str] = Counter()
    for seed in seeds:
        rng = random.Random(seed)
        table = package.tables[rng.choice(sorted(package.tables))]
        rows = bench.rows(table.name)
        number = rng.randrange(len(rows))
        field = rng.choice(table.fields)
        column = [row[field.name] for row in rows]
        other = [row[rng.choice(table.field_names)] for row in rows]
        new = mutate(rng, column[number], column, other)
        if new == column[number]:
            continue
        before = bench.path(table.name).read_bytes()
        cells, _ = read_cells(package, table)
        assert cells is not None
        line = cells.line(number, table.field_names.index(field.name))
        bench.edit(table.name, number, **{field.name: new})
        report = validate(bench.root, ["contract", "rules"])
        sound = not list(field.faults(new))
        answer = judge(report, table.path, line, field.name, sound)
        if answer in ELSEWHERE:
            # A fault of the cell itself is always named at the cell.
            assert sound, f"seed {seed}: {table.name}.{field.name} {new!r}\n{report.to_text()}"
        assert answer != "MISSED", f"seed {seed}: {table.name}.{field.name} {new!r}"
        counts[answer] += 1
        bench.path(table.name).write_bytes(before)
    return counts


def test_one_cell(bench: Bench) -> None:
    counts = run(range(300), bench)
    assert counts["named"] > 100


@pytest.mark.slow
def test_one_cell_3000(bench: Bench) -> None:
    counts = run(range(1_000, 4_000), bench)
    assert counts.keys() == {"named", "harmless", *ELSEWHERE}
