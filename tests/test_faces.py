"""The faces of a report: JSON by its schema, GitHub's commands, JUnit; filters keep the verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from click.testing import CliRunner

from crink_events import faces
from crink_events.cli import main
from crink_events.report import Issue, Report
from crink_events.touched import touched_since
from crink_events.validation import validate
from tests.conftest import ROOT, Bench

SCHEMA = json.loads((ROOT / "crink_events" / "report.schema.json").read_text(encoding="utf-8"))
QUICK = ("contract",)


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_json_follows_its_schema(bench: Bench) -> None:
    for change in ({}, {"act": "exercize"}, {"note": "caf\0"}, {"title": "x" * 101}):
        bench.edit("events", 2, **change)
        code, output = run("validate", "--quick", "--format", "json", bench.root)
        jsonschema.validate(json.loads(output), SCHEMA)
        assert code == bool(change)
        assert json.loads(output)["valid"] is not bool(change)
    bench.path("links").write_bytes(b"\xff\xfe\xff,caf\xe9\n")
    jsonschema.validate(json.loads(faces.to_json(validate(bench.root, QUICK))), SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"version": 1, "valid": "yes"}, SCHEMA)


def test_github_escapes_what_would_end_a_command() -> None:
    issue = Issue("data/a,b.csv", 3, "x:y", "type-error", "50 %\nof", "warning", hint="mend")
    whole = Issue("data/c.csv", 0, "", "file-error", "gone", hint="put it there")
    text = faces.to_github(Report((issue, whole), {}, QUICK), "lab/own")
    assert text.split("\n")[0] == (
        "::warning file=lab/own/data/a%2Cb.csv,line=3,title=type-error x%3Ay::50 %25\\nof (mend)"
    )
    assert text.split("\n")[1].startswith("::error file=lab/own/data/c.csv,title=file-error::gone")


def test_junit_counts_and_survives_control_characters(bench: Bench) -> None:
    bench.edit("events", 2, note="one \x1b[31m two\0", act="exercize")
    code, output = run("validate", "--quick", "--format", "junit", bench.root)
    root = ET.fromstring(output)
    assert code == 1
    assert root.attrib["failures"] == "2"
    suites = {suite.attrib["name"]: suite for suite in root}
    assert suites["data/links.csv"].attrib == {
        "name": "data/links.csv", "tests": "1", "failures": "0",
    }  # fmt: skip
    failing = {case.attrib["name"] for case in suites["data/events.csv"].iter("testcase")}
    assert failing == {"constraint-error", "control-character"}


def test_filters_choose_what_is_shown_and_keep_the_verdict(bench: Bench) -> None:
    bench.edit("events", 2, act="exercize").edit("claims", 0, claimant_id="XYZ")
    code, output = run("validate", "--quick", "--table", "claims", bench.root)
    assert code == 1
    assert "claimant_id" in output
    assert "exercize" not in output
    assert "2 errors, 0 warnings (1 of them not shown, as asked)" in output
    code, output = run("validate", "--quick", "--rule", "primary-key", bench.root)
    assert (code, output.count("\n")) == (1, 1)
    for option, word in (("--rule", "primary-kye"), ("--table", "claim")):
        code, output = run("validate", "--quick", option, word, bench.root)
        assert code == 2
        assert "did you mean" in output
    code, output = run("validate", "--quick", "--only", "rules", bench.root)
    assert code == 2


def test_only_one_layer(bench: Bench) -> None:
    bench.edit("events", 2, end_date="2024-03-01")
    assert run("validate", "--only", "contract", bench.root)[0] == 0
    assert run("validate", "--only", "frictionless", bench.root)[0] == 0
    code, output = run("validate", "--only", "pandera", bench.root)
    assert code == 1
    assert "dates-in-order" in output
    assert output.rstrip().endswith("checked by rules, pandera")


def test_quick_needs_no_pandas() -> None:
    code = (
        "import sys; from crink_events.validation import validate;"
        "validate('.', ['contract']);"
        "print(sorted({'pandas', 'pyarrow', 'numpy', 'pandera', 'frictionless'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


def test_rules_of_the_command_line() -> None:
    code, output = run("rules", "--format", "json")
    entries = json.loads(output)
    assert code == 0
    assert {"type-error", "dates-in-order", "extension-scope"} <= {entry["id"] for entry in entries}
    assert all(entry["why"] and entry["fails"] and entry["passes"] for entry in entries)
    assert "2024-06-18" in run("rules", "dates-in-order")[1]
    assert run("rules", "dates-in-ordre")[0] == 2


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", *who, "-C", str(root), *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(tmp_path: Path) -> Bench:
    (tmp_path / "the package").mkdir()
    bench = Bench(tmp_path / "the package")
    bench.edit("events", 0, note="one\ntwo", act="exercize")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-q", "-m", "one")
    return bench


def test_changed_since_shows_touched_records_only(repository: Bench) -> None:
    code, output = run("validate", "--quick", "--changed-since", "HEAD", repository.root)
    assert code == 1  # all is checked, and counts
    assert "exercize" not in output
    assert "1 of them not shown" in output
    repository.edit("events", 2, act="patroll")
    code, output = run("validate", "--quick", "--changed-since", "HEAD", repository.root)
    assert "patroll" in output
    assert "exercize" not in output
    # The second line of a record is the record.
    repository.edit("events", 0, note="one\nthree")
    _, output = run("validate", "--quick", "--changed-since", "HEAD", repository.root)
    assert "exercize" in output


def test_a_file_that_git_does_not_know_is_touched(repository: Bench) -> None:
    path = repository.path("links")
    git(repository.root, "rm", "-q", "--cached", "data/links.csv")
    git(repository.root, "commit", "-q", "-m", "two")
    wanted = touched_since(repository.root, "HEAD")
    assert wanted(Issue("data/links.csv", 2, "relation", "type-error", "-"))
    assert not wanted(Issue("data/events.csv", 2, "act", "type-error", "-"))
    assert path.is_file()


@pytest.mark.parametrize("revision", ["nothing", "--output=x", "HEAD~7"])
def test_a_revision_that_is_none(revision: str, repository: Bench) -> None:
    code, output = run("validate", "--quick", f"--changed-since={revision}", repository.root)
    assert code == 2
    assert "--changed-since" in output
    assert not (repository.root / "x").exists()


def test_no_repository(bench: Bench) -> None:
    code, output = run("validate", "--quick", "--changed-since", "HEAD", bench.root)
    assert code == 2
    assert "not a git repository" in output


def test_click_knows_the_same_faces() -> None:
    (form,) = (option for option in main.commands["validate"].params if option.name == "form")
    assert tuple(form.type.choices) == faces.FACES  # type: ignore[attr-defined]
