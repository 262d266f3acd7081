"""Certificates: pyarrow reads what Python's reader reads, and lines are those of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.compute
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crink_events.contract import Field
from crink_events.descriptors import read_contract
from crink_events.layers import kernels, shares
from crink_events.layers.certificate import Certificates
from crink_events.layers.columns import Judge
from crink_events.reading import read_cells
from tests.test_parity import schema, write

FIELDS: list[dict[str, Any]] = [
    {"name": "a", "type": "string", "example": "x", "constraints": {"required": True}},
    {"name": "b", "type": "string", "example": "x"},
    {"name": "c", "type": "string", "example": "x"},
]


def package(root: Path, text: str) -> None:
    write(root, {"t": schema("t", FIELDS, ["a"], [])}, {"t": "a,b,c\n" + text})


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text('",\nxy', max_size=40).map(lambda text: text + "\n"))
@example(text='x,"y\n,,",x\n')
@example(text='x,"y\nx,y\n",x\n')
@example(text='x,"y""\n""x",x\n\n,,\nx,y,"x"\n')
@example(text='x,y"x,y\n')
@example(text='x,"y"x,y\n')
def test_what_pyarrow_reads_is_what_stands_there(text: str, tmp_path: Path) -> None:
    package(tmp_path, text)
    contract = read_contract(tmp_path)
    found = Certificates(contract, ["t"])
    cells, issues = read_cells(contract, contract.tables["t"])
    if "t" not in found.tables:
        return
    assert cells is not None
    assert found.tables["t"].to_pylist() == [
        dict(zip("abc", record, strict=True)) for record in cells.records
    ]
    assert sorted(found.issues) == sorted(issues)
    found.certain["t"] = set()
    told = found.cells("t")
    assert told is not None
    assert list(told.lines) == list(cells.lines)
    assert list(told.records) == cells.records
    assert [list(column) for column in told.columns] == [list(c) for c in cells.columns]


def test_plain_files_are_read_by_pyarrow(tmp_path: Path) -> None:
    package(tmp_path, 'x,"a ""word"", or\ntwo",y\n,,\nz,,\n')
    found = Certificates(read_contract(tmp_path), ["t"])
    assert found.tables["t"].num_rows == 2
    assert [issue.line for issue in found.issues] == [4]


def test_keys_of_two_parts_are_not_confounded(tmp_path: Path) -> None:
    # Parts are joined by U+001F; a file that has this character is not read in bulk.
    package(tmp_path, "x\x1fy,z,z\n")
    assert "t" not in Certificates(read_contract(tmp_path), ["t"]).tables


def test_one_fault_in_a_column_leaves_the_others_certain(tmp_path: Path) -> None:
    package(tmp_path, "".join(f"x{n:03},{'=y' if n == 7 else 'y'},z\n" for n in range(50)))
    contract = read_contract(tmp_path)
    found = Certificates(contract, ["t"])
    found.judge(lambda _name, _fields: None)
    assert found.certain["t"] == {"a", "c", "(primaryKey)"}
    (issue,) = shares.check(contract, bulk=True).issues
    assert (issue.line, issue.column, issue.rule, issue.key) == (9, "b", "formula", "x007")


def test_a_length_of_nothing_is_a_limit_too() -> None:
    field = Field("a", "A", "", "string", "x", max_length=0)
    assert set(Judge().doubtful(field, {"", "a", "bc"})) == {"a", "bc"}


@pytest.mark.parametrize("name", ["call_function", "MatchSubstringOptions", "SetLookupOptions"])
def test_kernels_are_those_of_the_public_module(name: str) -> None:
    assert getattr(vars(kernels)["compute"], name) is getattr(pyarrow.compute, name)
