"""The wheel: it carries Parquet compiled from the data, and an invalid dataset makes none."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

PARTS = ["crink_events", "data", "schemas", "datapackage.json", "hatch_build.py", "pyproject.toml"]
PAPERS = ["README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in PARTS + PAPERS:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("_data", "__pycache__")
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy(source, folder)
    return folder


def wheel(checkout: Path, kind: str = "wheel") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", "dist"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def test_the_installed_package_works_from_an_empty_folder(checkout: Path, tmp_path: Path) -> None:
    done = wheel(checkout)
    assert done.returncode == 0, done.stderr
    (archive,) = (checkout / "dist").glob("*.whl")
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    with zipfile.ZipFile(archive) as opened:
        names = opened.namelist()
        opened.extractall(site)
    assert "crink_events/_data/events.parquet" in names
    assert "crink_events/_data/package.zip" in names
    assert "crink_events/py.typed" in names
    assert not [name for name in names if name.startswith(("tests", "data", "schemas"))]
    licences = [name for name in names if "licenses" in name]
    assert any(name.endswith("licenses/LICENSE") for name in licences)
    assert any(name.endswith("data/LICENSE") for name in licences)
    code = (
        "import crink_events as ce; frame = ce.load_events(dyad='PRK-RUS', act='sign');"
        "print(ce.__file__); print(*frame['event_id'])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=empty,
        env={"PYTHONPATH": str(site), "PATH": "", "PYTHONNOUSERSITE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    where, events = ran.stdout.splitlines()
    assert where.startswith(str(site))
    assert "rus-prk-treaty-signed" in events.split()


def test_an_invalid_dataset_makes_no_wheel(checkout: Path) -> None:
    path = checkout / "data" / "events.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(",exercise,", ",exercize,", 1), encoding="utf-8")
    done = wheel(checkout)
    assert done.returncode != 0
    assert not list(checkout.glob("dist/*.whl"))
    said = done.stdout + done.stderr
    assert "no wheel is made of it" in said
    assert 'act constraint-error "exercize" is not in the vocabulary act' in said
    assert "Traceback" not in said


def test_a_checkout_is_installed_with_its_modules_compiled(checkout: Path) -> None:
    done = wheel(checkout, "wheel:editable")
    assert done.returncode == 0, done.stderr
    assert (checkout / "crink_events" / "_data" / "events.parquet").is_file()
    assert list((checkout / "crink_events" / "__pycache__").glob("entry.*.pyc"))
    assert list((checkout / "crink_events" / "layers" / "__pycache__").glob("shares.*.pyc"))
