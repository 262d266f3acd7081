"""The canonical form: what it mends, what it leaves alone, and that it is reached in one step."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from crink_events.cli import main
from crink_events.formatting import changes, write
from crink_events.validation import validate
from tests.conftest import ROOT, Bench


def fixed(bench: Bench) -> None:
    found, hindrances = changes(bench.root)
    assert hindrances == []
    for change in found:
        if change.diff:
            write(bench.root, change)


def test_the_repository_and_the_good_package_are_canonical(bench: Bench) -> None:
    for root in (ROOT, bench.root):
        found, hindrances = changes(root)
        assert hindrances == []
        assert [change.file for change in found if change.diff] == []


DISORDER = {
    "rows": lambda b: b.write("claims", b.rows("claims")[::-1]),
    "line ends": lambda b: b.path("events").write_bytes(
        b.path("events").read_bytes().replace(b"\n", b"\r\n")
    ),
    "no last line end": lambda b: b.path("events").write_bytes(b.path("events").read_bytes()[:-1]),
    "byte order mark": lambda b: b.path("events").write_bytes(
        b"\xef\xbb\xbf" + b.path("events").read_bytes()
    ),
    "blanks": lambda b: b.replace("data/events.csv", ",exercise,", ", exercise ,"),
    "decomposed letters": lambda b: b.edit("events", 0, note="Cafe\u0301"),
    "needless quotes": lambda b: b.replace("data/events.csv", ",exercise,", ',"exercise",'),
    "lists": lambda b: b.edit("agreements", 0, parties="RUS;PRK"),
    "blank row": lambda b: b.path("links").write_bytes(b.path("links").read_bytes() + b"\n"),
}


@pytest.mark.parametrize("name", DISORDER)
def test_disorder_is_mended_in_one_step(name: str, bench: Bench) -> None:
    DISORDER[name](bench)
    assert [change.diff for change in changes(bench.root)[0] if change.diff]
    fixed(bench)
    assert validate(bench.root, ["contract", "rules"]).issues == ()
    assert [change.diff for change in changes(bench.root)[0] if change.diff] == []


def test_values_stay_as_they_are(bench: Bench) -> None:
    bench.edit("events", 2, act="exercize", start_date="March 2024", themes="a; b")
    before = bench.rows("events")
    bench.write("events", before[::-1])
    fixed(bench)
    assert bench.rows("events") == before


@pytest.mark.parametrize(
    ("old", "new"),
    [(",part_of", ",,part_of"), ("rus-prk-treaty", '"rus-prk-treaty'), ("relation", "relatoin")],
)
def test_a_file_that_cannot_be_read_is_left_alone(old: str, new: str, bench: Bench) -> None:
    bench.replace("data/links.csv", old, new)
    before = bench.path("links").read_bytes()
    result = CliRunner().invoke(main, ["fix", str(bench.root)])
    assert result.exit_code == 1
    assert "data/links.csv" in result.output
    assert bench.path("links").read_bytes() == before


def test_a_number_in_the_key_must_be_one(bench: Bench) -> None:
    bench.edit("claims", 0, claim_no="one")
    before = bench.path("claims").read_bytes()
    assert CliRunner().invoke(main, ["fix", str(bench.root)]).exit_code == 1
    assert bench.path("claims").read_bytes() == before


def test_command(bench: Bench) -> None:
    bench.write("claims", bench.rows("claims")[::-1])
    before = bench.path("claims").read_bytes()
    check = CliRunner().invoke(main, ["fix", "--check", str(bench.root)])
    assert check.exit_code == 1
    assert "+chn-rus-trade-2023,1," in check.output
    assert bench.path("claims").read_bytes() == before
    assert CliRunner().invoke(main, ["fix", str(bench.root)]).exit_code == 0
    again = CliRunner().invoke(main, ["fix", "--check", str(bench.root)])
    assert (again.exit_code, again.output) == (0, "")
