"""Every rule of the codebook: its failing example breaks it, its passing example does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from crink_events.kinds import KINDS
from crink_events.rules import RULES
from crink_events.validation import validate
from tests.conftest import GOOD, Bench
from tests.edits import apply

TABLES = sorted(path.stem for path in (GOOD / "data").glob("*.csv"))


def found(bench: Bench, rule: str) -> list[str]:
    report = validate(bench.root, ["contract", "rules"])
    return [str(issue) for issue in report.issues if issue.rule == rule]


@pytest.mark.parametrize("rule", RULES)
def test_failing_example_breaks_the_rule(rule: str, bench: Bench) -> None:
    # Place and words are held to by the golden defect of the rule's name.
    apply(bench, RULES[rule].fails)
    assert found(bench, rule)


@pytest.mark.parametrize("rule", RULES)
def test_passing_example_is_left_alone(rule: str, bench: Bench) -> None:
    apply(bench, RULES[rule].passes)
    assert found(bench, rule) == []


def blanks(bench: Bench, table: str, picks: Callable[[int], Iterable[slice]]) -> None:
    """Blank cells of a table, column by column; the contract reports it, and every rule bears it."""
    good = bench.rows(table)
    for name in good[0]:
        for pick in picks(len(good)):
            rows = [dict(row) for row in good]
            for row in rows[pick]:
                row[name] = ""
            bench.write(table, rows)
            report = validate(bench.root, ["contract", "rules"])
            assert report.layers == ("contract", "rules")


@pytest.mark.parametrize("table", TABLES)
def test_rules_bear_blanks(table: str, bench: Bench) -> None:
    blanks(bench, table, lambda n: (slice(None), slice(1), slice(n - 1, n)))


@pytest.mark.slow
@pytest.mark.parametrize("table", TABLES)
def test_rules_bear_a_blank_in_any_cell(table: str, bench: Bench) -> None:
    blanks(bench, table, lambda n: (slice(row, row + 1) for row in range(n)))


def test_rules_and_kinds_say_why() -> None:
    assert not RULES.keys() & KINDS.keys()
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert rule.hint
        assert rule.severity in ("error", "warning")
    for kind in KINDS.values():
        assert kind.why.endswith(".")
        assert kind.fails != kind.passes


def test_good_package_is_valid(bench: Bench) -> None:
    report = validate(bench.root)
    assert report.issues == ()
    assert report.rows["events"] == 8
    assert report.layers == ("contract", "rules", "pandera", "frictionless")
