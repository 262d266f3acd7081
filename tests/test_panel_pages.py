"""The code of docs/panels.md and of README's section on panels runs, and says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from crink_events.cli import main
from crink_events.counts import MEASURES, NOT_DONE
from crink_events.roles import DIRECTED
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "panels.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## )", text, re.DOTALL | re.MULTILINE)
    assert found, title
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize(
    "text", [PAGE, section(README, "Panels")], ids=["docs/panels.md", "README.md"]
)
def test_the_python_runs(text: str) -> None:
    names: dict[str, object] = {}
    found = blocks(text, "python")
    assert found
    for block in found:  # a reader goes on with what stands above
        exec(block, names)


def test_the_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = [line for block in blocks(PAGE, "sh") for line in block.splitlines()]
    assert len(lines) >= 4
    for line in lines:
        program, *words = line.split()
        assert program == "crink-events"
        result = CliRunner().invoke(main, words)
        assert result.exit_code == 0, (line, result.output)


def test_the_page_has_every_column_and_rule() -> None:
    for name in (*MEASURES, *NOT_DONE):
        assert f"`{name}`" in PAGE, name
    directions = section(PAGE, "What is counted").split("### Directions")[1].split("###")[0]
    told = set()
    for row in re.findall(r"^\| (`.*?) \| (`\w+`) \|", directions, re.MULTILINE):
        told |= {(first, row[1].strip("`")) for first in re.findall(r"`(\w+)`", row[0])}
    assert told == DIRECTED
