"""Every rule of the codebook: its failing example breaks it, its passing example does not."""

from __future__ import annotations

import pytest

from crink_events.kinds import KINDS
from crink_events.rules import RULES
from crink_events.validation import validate
from tests.conftest import Bench
from tests.edits import apply


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
