"""The commands that count: what they print and write, and no traceback for a user."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

import crink_events as ce
from crink_events.cli import main

COMMANDS = ["panel", "network", "quantities", "covoting", "coverage"]


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def read_csv(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text))


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str) -> None:
    assert run(command, "-h").output.startswith(f"Usage: main {command}")
    assert command in run("-h").output


def test_panel_is_the_library_s() -> None:
    options = ["--freq", "Q", "--unit", "directed_dyad", "--by", "valence", "--since", "2024"]
    options += ["--until", "2024-10-15", "--domain", "arms", "--domain", "defence"]
    options += ["--dyad", "PRK-RUS", "--as-of", "2024-10-31", "--proposed"]
    expected = ce.panel(
        "Q", "directed_dyad", by="valence", since="2024", until="2024-10-15",
        domain=["arms", "defence"], dyad="PRK-RUS", as_of="2024-10-31", proposed=True,
    )  # fmt: skip
    rows = json.loads(run("panel", *options, "--format", "json").output)
    assert [row["n_broad"] for row in rows] == [
        None if pd.isna(n) else n for n in expected["n_broad"].tolist()
    ]
    assert rows[0]["period_start"].startswith("2024-01-01")
    told = read_csv(run("panel", *options, "--format", "csv").output)
    assert list(told.columns) == list(expected.columns)
    assert told["ccode1"].tolist() == expected["ccode1"].tolist()


def test_panel_as_text() -> None:
    lines = run("panel", "--since", "2022", "--until", "2024").output.splitlines()
    assert lines[0].split() == ["IRN-RUS", "CHN-RUS", "PRK-RUS", "CHN-IRN", "IRN-PRK", "CHN-PRK"]
    assert [line.split()[0] for line in lines[1:4]] == ["2022", "2023", "2024"]


@pytest.mark.parametrize("ending", ["csv", "json", "parquet", "txt"])
def test_output(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"panel.{ending}"
    result = run("panel", "--since", "2024", "--output", str(path))
    assert (result.exit_code, result.output) == (0, "")
    expected = ce.panel(since="2024")
    if ending == "parquet":
        found = pd.read_parquet(path)
        assert found.attrs["cuts"] == expected.attrs["cuts"], "how it was made goes with the file"
        pd.testing.assert_frame_equal(found, expected, check_dtype=False, check_categorical=False)
    elif ending == "csv":
        assert len(pd.read_csv(path)) == len(expected)
    elif ending == "json":
        assert len(json.loads(path.read_text(encoding="utf-8"))) == len(expected)
    else:
        assert "strict/standard/broad" in path.read_text(encoding="utf-8")


def test_network() -> None:
    both = json.loads(run("network", "--since", "2022", "--directed", "--format", "json").output)
    net = ce.network(since="2022", directed=True)
    assert [node["iso3"] for node in both["nodes"]] == net.nodes["iso3"].tolist()
    assert len(both["edges"]) == len(net.edges)
    edges = read_csv(run("network", "--since", "2022", "--by", "act", "--format", "csv").output)
    assert set(edges["act"]) == set(ce.network(since="2022", by="act").edges["act"])
    nodes = read_csv(run("network", "--table", "nodes", "--format", "csv").output)
    assert set(nodes["iso3"]) == {"CHN", "IRN", "PRK", "RUS"}
    assert "source target" in run("network", "--since", "2022").output
    assert "nothing was found" in run("network", "--since", "2090").output


def test_quantities() -> None:
    assert "artillery_shells" in run("quantities").output
    names = {row["item"] for row in json.loads(run("quantities", "--format", "json").output)}
    assert "crude_oil" in names
    output = run("quantities", "artillery_shells", "--claimant", "KOR-NIS").output
    assert "at least 1,000,000 item (cumulative to 2023-11-01)" in output
    rows = read_csv(run("quantities", "troops", "--dyad", "RUS-PRK", "--format", "csv").output)
    assert len(rows) == len(ce.quantities("troops", dyad="PRK-RUS"))
    assert "nobody gives" in run("quantities", "troops", "--as-of", "1999-01-01").output


def test_covoting() -> None:
    rows = json.loads(
        run(
            "covoting", "--by", "body", "--by", "subject", "--body", "UNSC", "--format", "json"
        ).output
    )
    assert {row["body"] for row in rows} == {"UNSC"}
    assert "n_alike" in run("covoting", "--since", "2022").output


def test_coverage() -> None:
    assert "tier" in read_csv(run("coverage", "--format", "csv").output).columns
    assert len(json.loads(run("coverage", "--format", "json").output)) >= 108
    assert run("coverage").output.splitlines()[0].startswith("domain")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["panel", "--dyad", "RUS-DPRK"], 'did you mean "PRK-RUS"?'),
        (["panel", "--freq", "W"], "'Y', 'Q', 'M'"),
        (["panel", "--since", "June"], "YYYY-MM-DD"),
        (["panel", "--as-of", "2999-01-01"], "future"),
        (["panel", "--domain", "defense"], 'did you mean "defence"?'),
        (["panel", "--format", "parquet"], "--output"),
        (["network", "--by", "role"], "'valence'"),
        (["quantities", "shells"], '"artillery_shells"'),
        (["quantities", "--dyad", "PRK-RUS"], "needs an ITEM"),
        (["covoting", "--body", "UNSG"], 'did you mean "UNSC"?'),
        (["coverage", "--extra", "no-such-folder"], "no-such-folder"),
    ],
)
def test_wrong_usage(arguments: list[str], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.output


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_file_that_cannot_be_written(tmp_path: Path, ending: str) -> None:
    result = run("panel", "--since", "2026", "--output", str(tmp_path / "none" / f"p.{ending}"))
    assert result.exit_code == 1
    assert "cannot be written" in result.output


def test_networks_need_no_networkx(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    assert run("network", "--since", "2024").exit_code == 0
