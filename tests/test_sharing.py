"""What other repositories use of this one: the GitHub Action and the pre-commit hooks."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from crink_events import cli
from tests.conftest import ROOT

ACTION = ROOT / "action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
#: Stands in for the command: says how it was called, and ends as it is told.
STUB = """#!{python}
import os, sys
print(*sys.argv[1:], sep="\\n")
sys.exit(int(os.environ.get("STUB_EXIT", "0")))
"""


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return found


def hooks() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(HOOKS.read_text(encoding="utf-8"))
    return found


def step(name: str) -> dict[str, Any]:
    (found,) = [step for step in action()["runs"]["steps"] if step["name"] == name]
    return dict(found)


def command(name: str) -> click.Command:
    return cli.main.commands[name]


def options(name: str) -> set[str]:
    return {option for param in command(name).params for option in param.opts}


# --------------------------------------------------------------------------- the action


def test_the_action_is_composite_and_says_what_its_inputs_are() -> None:
    found = action()
    assert found["runs"]["using"] == "composite"
    assert set(found["inputs"]) == {"path", "quick", "changed-since", "args", "python-version"}
    for name, entry in found["inputs"].items():
        assert entry["description"], name
        assert isinstance(entry["default"], str), name
    assert [step["name"] for step in found["runs"]["steps"]] == [
        "Set up Python",
        "Install crink-events",
        "crink-events validate",
    ]


def test_no_input_becomes_a_part_of_a_script() -> None:
    for entry in action()["runs"]["steps"]:
        assert "${{" not in entry.get("run", "")
        assert ("run" in entry) == ("shell" in entry)
    assert step("Set up Python")["if"] == "inputs.python-version != ''"


def test_the_action_installs_itself_with_pinned_versions() -> None:
    script = step("Install crink-events")["run"]
    assert '"$GITHUB_ACTION_PATH[validate]"' in script
    assert '--constraint "$GITHUB_ACTION_PATH/constraints.txt"' in script
    assert (ROOT / "constraints.txt").is_file()


def test_options_of_the_action_are_options_of_the_command() -> None:
    script = step("crink-events validate")["run"]
    used = set(re.findall(r"--[a-z][a-z-]+", script))
    assert used == {"--format", "--quick", "--changed-since"}
    assert used <= options("validate")
    (form,) = [param for param in command("validate").params if "--format" in param.opts]
    assert isinstance(form.type, click.Choice)
    assert "github" in form.type.choices


@pytest.fixture
def runner(tmp_path: Path) -> Path:
    """A runner's folder with the stub where the first step of the action installs the command."""
    folder = tmp_path / "runner" / "crink-events" / "bin"
    folder.mkdir(parents=True)
    stub = folder / "crink-events"
    stub.write_text(STUB.format(python=sys.executable), encoding="utf-8")
    stub.chmod(0o755)
    return tmp_path / "runner"


def run(
    runner: Path, folder: Path, inputs: Mapping[str, str], code: int = 0
) -> tuple[int, list[str]]:
    """Run the last step as GitHub does, with inputs in the place of its expressions."""
    entry = step("crink-events validate")
    given = {name: value["default"] for name, value in action()["inputs"].items()}
    given |= inputs
    variables = {}
    for name, expression in entry["env"].items():
        match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", expression)
        assert match, expression
        variables[name] = given[match[1]]
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", entry["run"]],
        cwd=folder,
        env=variables
        | {
            "PATH": os.environ["PATH"],
            "RUNNER_TEMP": str(runner),
            "GITHUB_ACTION_PATH": str(ROOT),
            "STUB_EXIT": str(code),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout.splitlines()


CALLS = [
    ({}, ["--format", "github", "--", "."]),
    ({"path": "our lab"}, ["--format", "github", "--", "our lab"]),
    ({"quick": "true"}, ["--format", "github", "--quick", "--", "."]),
    (
        {"changed-since": "origin/main"},
        ["--format", "github", "--changed-since=origin/main", "--", "."],
    ),
    ({"args": "--limit  3"}, ["--format", "github", "--limit", "3", "--", "."]),
    ({"args": "--limit\n3\n"}, ["--format", "github", "--limit", "3", "--", "."]),
]


@pytest.mark.parametrize(("inputs", "expected"), CALLS)
def test_the_command_gets_what_the_caller_asks_for(
    runner: Path, tmp_path: Path, inputs: dict[str, str], expected: list[str]
) -> None:
    assert run(runner, tmp_path, inputs) == (0, ["validate", *expected])


@pytest.mark.parametrize("words", ["$(touch hacked)", "`touch hacked`", "; touch hacked", "*"])
@pytest.mark.parametrize("name", ["path", "args", "changed-since"])
def test_words_of_a_caller_are_not_run(runner: Path, tmp_path: Path, name: str, words: str) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "file").touch()
    code, said = run(runner, folder, {name: words})
    assert code == 0
    assert words in " ".join(said)
    assert [path.name for path in folder.iterdir()] == ["file"]


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_step_ends_as_the_command_does(runner: Path, tmp_path: Path, code: int) -> None:
    assert run(runner, tmp_path, {}, code)[0] == code


def test_a_wrong_input_is_told(runner: Path, tmp_path: Path) -> None:
    code, said = run(runner, tmp_path, {"quick": "yes"})
    assert code == 2
    assert said == ["::error::the input quick is true or false"]


# --------------------------------------------------------------------------- the hooks


def test_hooks_call_the_command_as_it_is() -> None:
    assert [hook["id"] for hook in hooks()] == ["crink-events-validate", "crink-events-fix"]
    for hook in hooks():
        program, name, *words = shlex.split(hook["entry"])
        assert program == "crink-events"
        assert set(words) <= options(name)
        assert hook["language"] == "python"
        assert hook["pass_filenames"] is False
        assert hook["name"]
        assert hook["description"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("data/events.csv", {"crink-events-validate", "crink-events-fix"}),
        ("our-lab/data/events.csv", {"crink-events-validate", "crink-events-fix"}),
        ("our-lab/datapackage.json", {"crink-events-validate", "crink-events-fix"}),
        ("schemas/events.json", {"crink-events-validate"}),
        ("README.md", set()),
        ("data/LICENSE", set()),
        ("metadata/events.csv", set()),
    ],
)
def test_hooks_run_where_a_file_of_a_package_changed(path: str, expected: set[str]) -> None:
    assert {hook["id"] for hook in hooks() if re.search(hook["files"], path)} == expected


def test_the_page_uses_what_there_is() -> None:
    page = (ROOT / "docs" / "extensions.md").read_text(encoding="utf-8")
    workflow, config = (
        yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    )
    (used,) = [
        entry for entry in workflow["jobs"]["validate"]["steps"] if "crink-events" in entry["uses"]
    ]
    assert set(used["with"]) <= set(action()["inputs"])
    assert {hook["id"] for hook in config["repos"][0]["hooks"]} == {hook["id"] for hook in hooks()}
    for name in action()["inputs"]:
        assert f"| `{name}` |" in page
