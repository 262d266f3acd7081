"""`validate --quick` without click says what click's command says, and leaves the rest to it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from crink_events import entry, faces
from tests.conftest import ROOT, Bench

MAIN = "from crink_events.{} import main; main()"


def run(module: str, *arguments: str, code: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code + MAIN.format(module), *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=60
    )


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["validate", "--quick"], (".", "text", 20)),
        (["validate", "--quick", "a/b"], ("a/b", "text", 20)),
        (["validate", "a", "--limit", "0", "--format", "json", "--quick"], ("a", "json", 0)),
        (["validate"], None),
        (["fix", "--quick"], None),
        (["validate", "--quick", "--quick"], None),
        (["validate", "--quick", "a", "b"], None),
        (["validate", "--quick", "--format", "yaml"], None),
        (["validate", "--quick", "--format"], None),
        (["validate", "--quick", "--limit", "-1"], None),
        (["validate", "--quick", "--limit", "٣"], None),
        (["validate", "--quick", "--limit=0"], None),
        (["validate", "--quick", "--table", "events"], None),
        (["validate", "--quick", "--help"], None),
        ([], None),
    ],
)
def test_what_is_understood(words: list[str], asked: tuple[str, str, int] | None) -> None:
    assert entry._asked(words) == asked


@pytest.mark.parametrize("face", faces.FACES)
@pytest.mark.parametrize("broken", [True, False])
def test_the_same_words_as_click(face: str, broken: bool, bench: Bench) -> None:
    if broken:
        bench.edit("events", 0, act="pledged", title=" x")
    arguments = ["validate", "--quick", "--format", face, str(bench.root)]
    quick, whole = run("entry", *arguments), run("cli", *arguments)
    assert (quick.stdout, quick.returncode) == (whole.stdout, whole.returncode)
    assert quick.returncode == int(broken)
    assert quick.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (["validate", "--quick", "no/such/folder"], 2, "does not exist"),
        (["validate", "--quick", "tests"], 2, "no datapackage.json"),
        (["validate", "--quick", "--format", "yaml"], 2, "yaml"),
        (["validat"], 2, "No such command"),
        (["--version"], 0, "crink-events"),
        (["validate", "--quick", "tests/extension"], 0, "valid"),
    ],
)
def test_all_else_is_left_to_click(arguments: list[str], code: int, word: str) -> None:
    done = run("entry", *arguments)
    assert done.returncode == code
    assert word in done.stdout + done.stderr


def test_it_begins_without_what_takes_long() -> None:
    code = (
        "import os, sys\n"
        "def end(code):\n"
        "    slow = {'click', 'dataclasses', 'hashlib', 'inspect', 'pandas', 'pickle', 'pyarrow'}\n"
        "    print(sorted(slow & set(sys.modules)), sys.modules.get('numpy'))\n"
        "    sys.stdout.flush()\n"
        "    real(code)\n"
        "real, os._exit = os._exit, end\n"
    )
    done = run("entry", "validate", "--quick", code=code)
    assert done.stdout.splitlines()[-1] == "[] None", done.stderr


def test_ctrl_c_and_a_reader_that_has_gone() -> None:
    code = (
        "import crink_events.validation as v\n"
        "def stop(*a, **k): raise KeyboardInterrupt\n"
        "v.validate = stop\n"
    )
    done = run("entry", "validate", "--quick", code=code)
    assert (done.returncode, done.stderr.strip()) == (1, "Aborted!")
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-c", MAIN.format("entry"), "validate", "--quick"]
    with os.fdopen(writing, "w") as out:
        gone = subprocess.run(
            command, check=False, stdout=out, stderr=subprocess.PIPE, cwd=ROOT, timeout=60
        )
    assert gone.returncode == 1
    assert gone.stderr == b""


def test_a_folder_that_may_not_be_read() -> None:
    code = (
        "import pathlib\n"
        "def shut(self): raise PermissionError(13, 'Permission denied')\n"
        "pathlib.Path.is_file = shut\n"
    )
    done = run("entry", "validate", "--quick", "tests", code=code)
    assert done.returncode == 2
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_letters_that_a_terminal_lacks(bench: Bench) -> None:
    bench.edit("events", 0, act="Союз")
    command = [sys.executable, "-c", MAIN.format("entry"), "validate", "--quick"]
    done = subprocess.run(
        [*command, str(bench.root)],
        check=False,
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"\u0421" in done.stdout


def test_the_console_script_leads_here() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"crink-events": "crink_events.entry:main"}
    assert Path(entry.__file__).name == "entry.py"
