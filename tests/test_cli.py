"""The command line: what it prints, its exit codes, and no traceback for a user."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crink_events.cli import main
from tests.conftest import ROOT, Bench

COMMANDS = ["validate", "fix", "build", "tables", "list", "show", "codebook", "new"]
COMMANDS += ["timeline", "bibliography", "cite"]


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help(command: str, flag: str) -> None:
    result = run(command, flag)
    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: main {command}")


def test_help_names_every_command() -> None:
    output = run("-h").output
    assert all(command in output for command in COMMANDS)
    assert run("--version").output.startswith("crink-events ")


def test_validate(bench: Bench) -> None:
    result = run("validate", str(bench.root))
    assert result.exit_code == 0
    assert result.output.startswith("valid: ")
    assert "pandera, frictionless" in result.output


def test_validate_says_file_line_and_column(bench: Bench) -> None:
    bench.edit("events", 2, act="exercize")
    result = run("validate", str(bench.root))
    assert result.exit_code == 1
    first = result.output.splitlines()[0]
    assert first.startswith('data/events.csv:4:act constraint-error "exercize"')
    assert 'did you mean "exercise"?' in first
    assert "\x1b" not in result.output


def test_validate_as_json(bench: Bench) -> None:
    bench.edit("events", 2, act="exercize")
    result = run("validate", str(bench.root), "--format", "json")
    report = json.loads(result.output)
    assert (result.exit_code, report["valid"]) == (1, False)
    issue = report["issues"][0]
    assert (issue["file"], issue["line"], issue["column"]) == ("data/events.csv", 4, "act")
    assert (issue["key"], issue["value"]) == ("gulf-of-oman-drill-2024", "exercize")


def test_validate_caps_what_it_shows_and_counts_all(bench: Bench) -> None:
    rows = bench.rows("claims")
    bench.write("claims", [row | {"basis": "hearsay"} for row in rows])
    short = run("validate", str(bench.root), "--limit", "3").output
    assert short.count('"hearsay"') == 3
    assert f"constraint-error: {len(rows) - 3} more not shown ({len(rows)} in all)" in short
    full = run("validate", str(bench.root), "--limit", "0").output
    assert full.count('"hearsay"') == len(rows)


@pytest.mark.parametrize(
    "arguments",
    [
        ["validate", "no-such-folder"],
        ["validate", str(ROOT / "tests")],
        ["validate", "--format", "yaml"],
        ["list", "--dyad", "RUS-DPRK"],
        ["list", "--since", "yesterday"],
        ["show", "rus-prk-treaty-singed"],
        ["show"],
        ["show", "rus-prk-treaty-signed", "--as-of", "2999-01-01"],
        ["list", "--as-of", "2999-01-01"],
        ["timeline", "rus-prk-treaty-singed"],
        ["bibliography", "rus-prk-treaty-singed"],
        ["cite", "--style", "chicago"],
        ["codebook", "claim"],
        ["codebook", "claims", "--vocabulary", "act"],
        ["dance"],
    ],
)
def test_wrong_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "Error: " in result.output


def test_nearest_event_is_named() -> None:
    assert 'did you mean "rus-prk-treaty-signed"?' in run("show", "rus-prk-treaty-singed").output


def test_build(bench: Bench, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("build", str(bench.root), "--out", str(out))
    assert result.exit_code == 0
    assert "events.parquet" in result.output
    assert (out / "manifest.json").is_file()
    as_json = run("build", str(bench.root), "--out", str(out), "--format", "json")
    assert json.loads(as_json.output)["files"]["events.parquet"]["rows"] == 8
    assert (run("build", str(bench.root)).exit_code, (bench.root / "build").is_dir()) == (0, True)


def test_build_refuses_with_the_lines_of_validate(bench: Bench, tmp_path: Path) -> None:
    bench.edit("events", 2, act="exercize")
    refused = run("build", str(bench.root), "--out", str(tmp_path / "out"))
    assert refused.exit_code == 1
    assert refused.output == run("validate", str(bench.root)).output
    assert not (tmp_path / "out").exists()


def test_build_leaves_other_folders_alone(bench: Bench) -> None:
    result = run("build", str(bench.root), "--out", str(bench.root / "schemas"))
    assert result.exit_code == 1
    assert "is not a build" in result.output


def test_list() -> None:
    result = run("list", "--dyad", "PRK-RUS", "--act", "sign", "--since", "2024-01-01")
    assert "rus-prk-treaty-signed" in result.output
    rows = json.loads(run("list", "--act", "ratify", "--format", "json").output)
    assert {row["act"] for row in rows} == {"ratify"}
    assert isinstance(rows[0]["dyads"], list)
    lines = run("list", "--act", "ratify", "--format", "csv").output.splitlines()
    assert lines[0].startswith("event_id,title,")
    assert len(lines) == len(rows) + 1


def test_list_as_of() -> None:
    options = ["list", "--actor", "PRK", "--act", "deploy", "--format", "json"]
    early = json.loads(run(*options, "--as-of", "2024-10-20").output)
    assert {row["event_id"]: row["evidence"] for row in early}["prk-troops-russia-2024"] == (
        "contested"
    )
    late = json.loads(run(*options, "--until", "2024-12-31").output)
    assert {row["event_id"]: row["evidence"] for row in late}["prk-troops-russia-2024"] == (
        "acknowledged"
    )


def test_show() -> None:
    output = run("show", "rus-prk-treaty-signed").output
    assert "signatory     Russia (RUS) via President of Russia" in output
    assert "https://" in output
    assert re.search(r"^  part of +rus-prk-summit-2024  ", output, re.MULTILINE)
    card = json.loads(run("show", "rus-prk-treaty-signed", "--format", "json").output)
    assert card["event"]["act"] == "sign"
    days = [claim["public_on"] for claim in card["claims"]]
    assert days == sorted(days)
    assert all(claim["sources"][0]["url"].startswith("http") for claim in card["claims"])


def test_show_gives_amounts_with_their_bounds() -> None:
    output = run("show", "unsc-vote-1718-panel-2024").output
    assert "              for: 13 votes\n" in output


def test_show_as_of() -> None:
    output = run("show", "prk-troops-russia-2024", "--as-of", "2024-11-30").output
    assert "contested; denied by PRK, RUS" in output
    assert "2025-04-28" not in output
    early = run("show", "prk-troops-russia-2024", "--as-of", "2024-10-09")
    assert early.exit_code == 2
    assert "it is since 2024-10-10" in early.output


def test_timeline() -> None:
    arguments = ["timeline", "prk-troops-russia-2024", "--as-of", "2024-10-16"]
    lines = run(*arguments).output.splitlines()
    assert lines[0].startswith("2024-10-10  KOR-MND announces  - > announced  [prk-troops-")
    assert "announced > contested" in lines[-1]
    rows = json.loads(run(*arguments, "--format", "json").output)
    assert [row["stance"] for row in rows] == ["announces", "denies", "asserts"]
    text = run(*arguments, "--format", "csv").output
    assert text.startswith("day,day_is,event_id,title,claim_no,")


def test_bibliography() -> None:
    arguments = ["bibliography", "rus-prk-treaty-signed"]
    rows = json.loads(run(*arguments, "--format", "json").output)
    assert all(row["event_ids"] == ["rus-prk-treaty-signed"] for row in rows)
    lines = run(*arguments).output.splitlines()
    assert len(lines) == len(rows)
    assert "http" in lines[0]
    assert run(*arguments, "--format", "csv").output.splitlines()[0].endswith("claims,event_ids")


def test_cite() -> None:
    whole = run("cite").output
    assert "[data set]" in whole
    part = run("cite", "--act", "ratify").output
    assert re.search(r"\d+ rows of events, [0-9a-f]{12}\.", part)
    assert run("cite", "--act", "ratify", "--style", "bibtex").output.startswith("@dataset{")
    sources = run("cite", "rus-prk-treaty-signed", "--style", "csl-json", "--sources").output
    assert len(json.loads(sources)) > 3


def test_tables_and_codebook() -> None:
    names = {row["table"] for row in json.loads(run("tables", "--format", "json").output)}
    assert {"events", "claims", "spreads"} <= names
    assert "claims" in run("tables").output
    assert "stance (code stance, required)" in run("codebook", "claims").output
    assert run("codebook", "--vocabulary", "stance").output.splitlines()[0] == "stance"
    columns = json.loads(run("codebook", "events", "--format", "json").output)
    assert columns[0]["column"] == "event_id"
