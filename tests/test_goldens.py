"""The catalogue of defects: each folder of ``tests/bad/`` breaks the good package in one way.

A folder holds ``defect.toml`` (why it matters, and which layers see it alone), the changed files, and
``report.txt``, the whole report that is expected, word for word. After a change of words that is
meant, ``pytest tests/test_goldens.py -m "slow or not slow" --accept`` writes the reports anew; read
the difference.
"""

from __future__ import annotations

import datetime as dt
import difflib
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crink_events.kinds import KINDS
from crink_events.layers import frictionless
from crink_events.rules import RULES
from crink_events.validation import LAYERS, validate
from tests.conftest import Bench
from tests.edits import apply

BAD = Path(__file__).parent / "bad"
DEFECTS = sorted(path.name for path in BAD.iterdir())
TODAY = dt.date(2026, 11, 22)


def told(name: str) -> dict[str, Any]:
    return tomllib.loads((BAD / name / "defect.toml").read_text(encoding="utf-8"))


def changed(name: str) -> list[Path]:
    return [path for path in (BAD / name).rglob("*") if path.is_file() and len(path.parts) > 0]


def break_as_told(bench: Bench, name: str) -> None:
    defect = told(name)
    for file in defect.get("remove", []):
        (bench.root / file).unlink()
    for file in defect.get("folder", []):
        (bench.root / file).unlink()
        (bench.root / file).mkdir()
    for path in changed(name):
        if path.parent != BAD / name or path.name == "datapackage.json":
            shutil.copy(path, bench.root / path.relative_to(BAD / name))
    for file, megabytes in defect.get("grow", {}).items():
        # A cell too large for a repository: the last cell of the file, drawn out.
        with (bench.root / file).open("r+b") as out:
            out.seek(-1, 2)
            out.write(b"x" * (megabytes * 1_000_000) + b"\n")


@contextmanager
def _in_this_process(root: Path) -> Iterator[Path]:
    # Frictionless takes longer to start than to read a small package; one start does for all.
    yield root


def lines(name: str) -> list[str]:
    return (BAD / name / "report.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", DEFECTS)
def test_report(name: str, bench: Bench) -> None:
    """The contract engine and the rules say all that all layers say together."""
    break_as_told(bench, name)
    report = validate(bench.root, ["contract", "rules"], today=TODAY)
    assert report.to_text(limit=0).split("\n")[:-1] == lines(name)[:-1]
    assert report.issues
    for issue in report.issues:
        assert issue.hint, issue
        assert issue.rule in KINDS or issue.rule in RULES
        assert issue.line > 0 or issue.rule in ("file-error", "package-error")
    # A change of the schemas leaves the copies behind: then they say more than one defect.
    assert len({issue.rule for issue in report.issues}) <= told(name).get("kinds", 1)


SLOW = [
    # The reference reads a package in half a second: one defect in eight goes with every run.
    pytest.param(name, marks=[] if number % 8 == 0 else [pytest.mark.slow])
    for number, name in enumerate(DEFECTS)
]


@pytest.mark.parametrize("name", SLOW)
def test_all_layers(
    name: str, bench: Bench, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(frictionless, "beside", _in_this_process)
    monkeypatch.setattr(frictionless, "collect", cache(frictionless.run))
    break_as_told(bench, name)
    defect = told(name)
    report = validate(bench.root, today=TODAY)
    text = report.to_text(limit=0) + "\n"
    path = BAD / name / "report.txt"
    if request.config.getoption("--accept"):
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_text(encoding="utf-8")
    assert defect["why"].endswith(".")
    if report.layers == ("contract",):  # a broken contract is reported alone
        assert defect["seen_by"] == ["contract"]
        return
    seen = {layer for layer in LAYERS if validate(bench.root, [layer], today=TODAY).issues}
    assert seen == set(defect["seen_by"])
    # What a layer cannot see has a reason, and a reason that has gone stale is an error.
    assert set(defect["unseen"]) == set(LAYERS) - seen
    assert all(defect["unseen"].values())


def test_every_kind_and_rule_has_a_defect() -> None:
    reported = set()
    for name in DEFECTS:
        for line in lines(name)[:-1]:
            reported |= set(line.split(" ")[1:2])
    # No package makes a layer fail on purpose; tests/test_validation.py does.
    assert {*RULES, *KINDS} - reported == {"engine-error"}


@pytest.mark.parametrize("name", sorted(RULES))
def test_rules_break_as_their_examples_do(name: str, bench: Bench, tmp_path_factory: Any) -> None:
    other = Bench(tmp_path_factory.mktemp("example"))
    break_as_told(bench, name)
    apply(other, RULES[name].fails)
    for path in sorted((bench.root / "data").iterdir()):
        assert path.read_bytes() == (other.root / "data" / path.name).read_bytes()


@pytest.mark.parametrize("name", DEFECTS)
def test_change_is_minimal(name: str, bench: Bench) -> None:
    for path in changed(name):
        file = path.relative_to(BAD / name)
        if path.name in ("defect.toml", "report.txt") or "whole" in told(name):
            continue
        old = (bench.root / file).read_text(encoding="utf-8", errors="replace").splitlines(True)
        new = path.read_text(encoding="utf-8", errors="replace").splitlines(True)
        touched = [
            line
            for line in difflib.unified_diff(old, new, n=0, lineterm="")
            if line[:1] in "+-" and line[:3] not in ("+++", "---")
        ]
        assert 0 < len(touched) <= 8, "\n".join(touched)
