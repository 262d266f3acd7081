"""The notebook of the founding questions runs from top to bottom, and is kept without outputs."""

from __future__ import annotations

import re

import nbclient
import nbformat
import pytest

import crink_events as ce
from tests.conftest import ROOT

PATH = ROOT / "docs" / "questions.ipynb"


@pytest.fixture(scope="module")
def executed() -> nbformat.NotebookNode:
    notebook = nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]
    client = nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": ROOT}})
    return client.execute()


def test_it_is_kept_without_outputs() -> None:
    notebook = nbformat.read(PATH, as_version=4)  # type: ignore[no-untyped-call]
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_every_cell_runs_and_shows_something(executed: nbformat.NotebookNode) -> None:
    code = [cell for cell in executed.cells if cell.cell_type == "code"]
    for cell in code:
        kinds = {output.output_type for output in cell.outputs}
        assert "error" not in kinds
        warned = [o.text for o in cell.outputs if o.get("name") == "stderr"]
        assert warned == []
        if not cell.source.startswith("def "):
            assert kinds, cell.source


def test_it_answers_all_twelve_questions(executed: nbformat.NotebookNode) -> None:
    text = "\n".join(cell.source for cell in executed.cells if cell.cell_type == "markdown")
    assert [int(n) for n in re.findall(r"^## (\d+)\.", text, re.MULTILINE)] == list(range(1, 13))
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    titles = re.findall(r"^## \d+\. (.*)$", text, re.MULTILINE)
    for title in titles:
        assert title in page, title


def test_the_card_of_the_troops_is_in_it(executed: nbformat.NotebookNode) -> None:
    outputs = [o for cell in executed.cells for o in cell.get("outputs", [])]
    pages = [o.data["text/html"] for o in outputs if "text/html" in o.get("data", {})]
    cards = [page for page in pages if 'class="crink-card"' in page]
    assert ce.event("prk-troops-russia-2024", as_of="2024-11-30")._repr_html_() in cards
