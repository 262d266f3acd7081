"""The packages that are measured with: valid in full, the same each time, their faults known."""

from __future__ import annotations

from pathlib import Path

import pytest

from crink_events.formatting import changes
from crink_events.validation import validate
from tests.conftest import ROOT
from tests.synthetic import write_package


def texts(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_package_is_valid_in_full(tmp_path: Path) -> None:
    written = write_package(tmp_path / "package", 60)
    report = validate(tmp_path / "package")
    # Of made-up rows some are doubtful, and none is wrong.
    assert [issue for issue in report.issues if issue.severity == "error"] == []
    assert report.rows == written.rows
    assert written.faults == []
    assert not [change.file for change in changes(tmp_path / "package")[0] if change.diff]


def test_the_contract_is_that_of_the_dataset(tmp_path: Path) -> None:
    write_package(tmp_path / "package", 1)
    contract = texts(tmp_path / "package")
    for name in (
        "datapackage.json",
        *(f"schemas/{path.name}" for path in (ROOT / "schemas").iterdir()),
    ):
        assert contract[name] == (ROOT / name).read_bytes()


def test_rows_are_of_many_kinds(tmp_path: Path) -> None:
    written = write_package(tmp_path / "package", 1000)
    of_events = {"events", "participants", "claims", "quantities", "links", "sources"}
    assert 9 < sum(written.rows[name] for name in of_events) / 1000 < 12
    issues = validate(tmp_path / "package", ("contract", "rules")).issues
    assert not [issue for issue in issues if issue.severity == "error"]
    found = texts(tmp_path / "package")
    for name, words in {
        "events": [
            b",under_way,",
            b",year,",
            b",week,",
            b",by,",
            b",merged,",
            b",withdrawn,",
            b",vote,",
        ],
        "claims": [b'session."\n', b",denies,", b",PRESS,"],
        "sources": ["Россия".encode(), "中俄".encode(), "ایران".encode()],
        "quantities": [b",range,", b",percent,"],
        "links": [b",next_in_series,", b",part_of,"],
        "participants": [b",abstained,", b";"],
    }.items():
        for word in words:
            assert word in found[f"data/{name}.csv"], (name, word)


def test_a_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("three", 8)):
        write_package(tmp_path / name, 40, seed=seed, broken=0.02)
    assert texts(tmp_path / "one") == texts(tmp_path / "two")
    assert texts(tmp_path / "one") != texts(tmp_path / "three")


@pytest.mark.parametrize("seed", [0, 1])
def test_every_fault_is_named_at_its_place(tmp_path: Path, seed: int) -> None:
    written = write_package(tmp_path / "package", 200, seed=seed, broken=0.05)
    report = validate(tmp_path / "package", ("contract", "rules"))
    named = {(issue.file, issue.line, issue.column, issue.rule) for issue in report.issues}
    assert len(written.faults) > 80
    assert len({fault.rule for fault in written.faults}) >= 12
    assert [fault for fault in written.faults if fault not in named] == []
