"""What the pages of docs/ show is what the code does."""

from __future__ import annotations

import csv
import doctest
import re

from crink_events.evidence import LADDER
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "how-sure.md"


def test_the_examples_of_how_sure_run() -> None:
    options = doctest.NORMALIZE_WHITESPACE
    found = doctest.testfile(str(PAGE), module_relative=False, optionflags=options)
    assert found.failed == 0
    assert found.attempted > 8


def test_how_sure_explains_every_rung_in_order() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert tuple(re.findall(r"^\| `(\w+)` \| ", text, re.MULTILINE)[1:]) == LADDER


def test_how_sure_counts_the_worked_cases() -> None:
    with (ROOT / "tests" / "worked_cases.csv").open(encoding="utf-8", newline="") as file:
        cases = list(csv.DictReader(file))
    events = len({case["event_id"] for case in cases})
    assert f"{len(cases)} days of {events} events" in PAGE.read_text(encoding="utf-8")
