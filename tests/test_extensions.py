"""Private extensions: read, judged with the published rows at their own lines, loaded beside them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import CliRunner

import crink_events as ce
from crink_events import building, cards, extensions, loading, published
from crink_events.cli import main
from crink_events.descriptors import read_contract
from crink_events.extensions import (
    InvalidExtensionError,
    is_extension,
    merged_tables,
    read_extension,
    validate_extension,
)
from crink_events.extensions.verdict import Own, _caused
from crink_events.reading import read_cells
from crink_events.report import Issue
from crink_events.validation import validate
from tests.conftest import ROOT, Bench, Row

EXAMPLE = Path(__file__).parent / "extension"
QUICK = ("contract", "rules")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = Bench(tmp_path_factory.mktemp("release"))
    building.build(bench.root, bench.root / "build")
    return bench.root / "build"


@pytest.fixture(autouse=True)
def _small_release(release: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The good package in the place of the release: what is published, but small."""
    monkeypatch.setattr(published, "DATA", release)
    monkeypatch.setattr(loading, "_DATA", release)
    caches = (loading._manifest, loading._arrow, loading._voices, loading._beside)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


class Lab:
    """A copy of the example, open to edits."""

    def __init__(self, root: Path) -> None:
        self.root = root
        shutil.copytree(EXAMPLE, root)

    def path(self, table: str) -> Path:
        return self.root / "data" / f"{table}.csv"

    def rows(self, table: str) -> list[Row]:
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write(self, table: str, rows: list[Row]) -> Lab:
        with self.path(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return self

    def edit(self, table: str, number: int, **values: str) -> Lab:
        rows = self.rows(table)
        rows[number] |= values
        return self.write(table, rows)

    def add(self, table: str, **values: str) -> Lab:
        """Append a row; a table that the example does not have is begun and named."""
        if not self.path(table).exists():
            header = (ROOT / "data" / f"{table}.csv").read_text(encoding="utf-8").split("\n")[0]
            blank = dict.fromkeys(header.split(","), "")
            self.write(table, [blank | values])
            index = self.index()
            index["resources"].append({"name": table, "path": f"data/{table}.csv"})
            return self.describe(**index)
        rows = self.rows(table)
        return self.write(table, [*rows, dict.fromkeys(rows[0], "") | values])

    def index(self) -> dict[str, Any]:
        text = (self.root / "datapackage.json").read_text(encoding="utf-8")
        index: dict[str, Any] = json.loads(text)
        return index

    def describe(self, **values: object) -> Lab:
        text = json.dumps(self.index() | values, indent=2)
        (self.root / "datapackage.json").write_text(text, encoding="utf-8")
        return self

    def errors(self, layers: tuple[str, ...] = QUICK) -> list[Issue]:
        report = validate_extension(self.root, layers)
        return [issue for issue in report.issues if issue.severity == "error"]


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    return Lab(tmp_path / "our-lab")


def places(issues: list[Issue]) -> list[tuple[str, int, str, str]]:
    return [(issue.file, issue.line, issue.column, issue.rule) for issue in issues]


def test_the_example_is_valid() -> None:
    report = validate_extension(EXAMPLE)
    assert report.valid, report.to_text()
    assert {issue.rule for issue in report.issues} == {"one-publisher"}
    assert all(issue.file == "data/events.csv" for issue in report.issues)
    assert report.rows == {
        "events": 2, "participants": 4, "claims": 3, "links": 1, "sources": 1, "publishers": 1,
    }  # fmt: skip
    assert report.layers == ("contract", "rules", "pandera", "frictionless")


def test_the_example_fits_the_release_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "DATA", ROOT / "crink_events" / "_data")
    report = validate_extension(EXAMPLE, QUICK)
    assert report.valid, report.to_text()


def test_what_is_an_extension(tmp_path: Path) -> None:
    assert is_extension(EXAMPLE)
    assert not is_extension(ROOT)
    assert not is_extension(tmp_path)
    (tmp_path / "datapackage.json").write_bytes(b"\xff{")
    assert not is_extension(tmp_path)


# --------------------------------------------------------------------------- loading


def test_rows_stand_beside_the_published_ones() -> None:
    alone, both = ce.load_events(), ce.load_events(extra=EXAMPLE)
    assert list(both.columns) == [*alone.columns, "package"]
    assert both.drop(columns="package").dtypes.equals(alone.dtypes)
    assert both["package"].cat.categories.tolist() == ["crink-events", "example-lab"]
    own = both[both["package"] == "example-lab"]
    assert own["event_id"].tolist() == ["example-lab-talks-2024", "example-lab-drill-2024"]
    assert own["evidence"].tolist() == ["partly_acknowledged", "single_source"]
    assert own["dyads"].tolist() == [["PRK-RUS"], ["PRK-RUS"]]
    assert (both["start_date"].diff().dropna() >= pd.Timedelta(0)).all()
    assert both.attrs["extensions"] == {"example-lab": "0.1.0"}
    assert both.attrs["version"] == alone.attrs["version"]


@pytest.mark.parametrize("table", [*read_contract(ROOT).tables, "spreads"])
def test_every_table_has_its_dtypes_and_its_origin(table: str) -> None:
    alone, both = ce.load(table), ce.load(table, extra=EXAMPLE)
    assert list(both.columns) == [*alone.columns, "package"]
    assert both.drop(columns="package").dtypes.equals(alone.dtypes)
    path = EXAMPLE / "data" / f"{table}.csv"
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            own = len(list(csv.DictReader(file)))
    else:
        own = 0
    assert (both["package"] == "example-lab").sum() == own == len(both) - len(alone)


def test_filters_see_the_rows() -> None:
    found = ce.load_events(dyad="PRK-RUS", since="2024-07-01", until="2024-07-31", extra=EXAMPLE)
    assert set(found["package"]) == {"example-lab"}
    by_organ = ce.load_events(actor="RUS-MFA", extra=EXAMPLE)
    assert "example-lab-talks-2024" in set(by_organ["event_id"])
    early = ce.load_events(as_of="2024-07-03", extra=EXAMPLE)
    assert "example-lab-talks-2024" not in set(early["event_id"])
    known = row(ce.load_events(as_of="2024-07-04", extra=EXAMPLE), "example-lab-talks-2024")
    assert known["evidence"] == "partly_acknowledged"
    assert known["package"] == "example-lab"


def test_nothing_leaks_into_loads_without_extra() -> None:
    before = ce.load_events(), ce.load("claims")
    own = ce.load_events(extra=EXAMPLE)
    own["title"] = "overwritten"
    after = ce.load_events(), ce.load("claims")
    for one, two in zip(before, after, strict=True):
        pd.testing.assert_frame_equal(one, two)
        assert one.attrs == two.attrs
        assert "package" not in two
    assert "overwritten" not in set(ce.load_events(extra=EXAMPLE)["title"])


def row(frame: pd.DataFrame, event_id: str) -> dict[str, Any]:
    """Give the row of one event by column."""
    (found,) = frame[frame["event_id"] == event_id].to_dict("records")
    return {str(name): value for name, value in found.items()}


def test_evidence_of_a_published_event_changes_with_the_claim_alone(lab: Lab) -> None:
    treaty = "rus-prk-treaty-signed"
    release, both = ce.load_events(), ce.load_events(extra=lab.root)
    pd.testing.assert_frame_equal(
        both[both["package"].eq("crink-events") & both["event_id"].ne(treaty)]
        .drop(columns="package")
        .reset_index(drop=True),
        release[release["event_id"].ne(treaty)].reset_index(drop=True),
        check_flags=False,
    )
    alone, joint = row(release, treaty), row(both, treaty)
    assert joint["package"] == "crink-events"
    assert joint["n_claims"] == alone["n_claims"] + 1
    assert joint["n_publishers"] == alone["n_publishers"] + 1
    assert joint["evidence"] == alone["evidence"] == "acknowledged"
    lab.edit("claims", 2, claimant_id="RUS-MFA", stance="denies", about="occurrence", value="")
    lab.edit("claims", 2, public_on="2025-01-02", public_is="latest", basis="own_act")
    denied = row(ce.load_events(extra=lab.root), treaty)
    # Russia asserted it before: its newest word is what counts now.
    assert denied["evidence"] == "contested"
    assert denied["denied_by"] == ["RUS"]
    pd.testing.assert_frame_equal(ce.load_events(), release)


def test_amounts_of_a_published_event_come_from_where_they_are_stated(lab: Lab) -> None:
    lab.edit("claims", 2, about="quantity", value="")
    lab.add(
        "quantities", event_id="rus-prk-treaty-signed", quantity_no="1001", claim_no="1001",
        item="ships", measure="count", best="2", unit="item", bound="point",
        aggregation="this_event",
    )  # fmt: skip
    assert lab.errors() == []
    spreads = ce.load("spreads", extra=lab.root)
    assert spreads.loc[spreads["package"] == "example-lab", "event_id"].tolist() == [
        "rus-prk-treaty-signed"
    ]


def test_several_extensions(lab: Lab, tmp_path: Path) -> None:
    other = Lab(tmp_path / "other")
    other.describe(name="other-lab", version="2.0.0")
    for table, key in (("events", "event_id"), ("links", "from_event")):
        other.write(
            table, [r | {key: r[key].replace("example", "other")} for r in other.rows(table)]
        )
    for table in ("participants", "claims"):
        rows = [
            r | {"event_id": r["event_id"].replace("example", "other")} for r in other.rows(table)
        ]
        other.write(table, rows)
    other.edit("claims", 2, claim_no="2001")
    with pytest.raises(loading.DataError) as refused:
        ce.load_events(extra=[lab.root, other.root])
    line = "other-lab/data/publishers.csv:2:publisher_id primary-key the key example-institute"
    assert line in str(refused.value)
    assert "stands already in line 2 of example-lab data/publishers.csv" in str(refused.value)
    for table in ("sources", "publishers"):
        other.path(table).unlink()
    index = other.index()
    index["resources"] = [r for r in index["resources"] if other.path(r["name"]).exists()]
    other.describe(**index)
    both = ce.load_events(extra=[lab.root, other.root])
    assert both["package"].value_counts().to_dict() == {
        "crink-events": 8, "example-lab": 2, "other-lab": 2,
    }  # fmt: skip
    assert both.attrs["extensions"] == {"example-lab": "0.1.0", "other-lab": "2.0.0"}
    other.describe(name="example-lab")
    with pytest.raises(ValueError, match='two extensions are called "example-lab"'):
        ce.load_events(extra=[lab.root, other.root])


def test_edits_are_seen(lab: Lab) -> None:
    assert "Renamed" not in set(ce.load_events(extra=lab.root)["title"])
    lab.edit("events", 0, title="Renamed")
    assert "Renamed" in set(ce.load_events(extra=lab.root)["title"])


def test_folders_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"there is no datapackage.json"):
        ce.load_events(extra=tmp_path)
    with pytest.raises(ValueError, match="is no extension"):
        ce.load("claims", extra=ROOT)
    with pytest.raises(ValueError, match="is no folder"):
        ce.load("claims", extra=3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match='did you mean "claims"'):
        ce.load("claim", extra=EXAMPLE)
    assert "package" not in ce.load("claims", extra=[])


def test_an_invalid_extension_is_refused_with_the_lines_of_the_report(lab: Lab) -> None:
    lab.edit("events", 1, act="meeet")
    with pytest.raises(loading.DataError) as refused:
        ce.load_events(extra=lab.root)
    assert 'data/events.csv:4:act constraint-error "meeet"' in str(refused.value)
    (lab.root / "datapackage.json").write_text("{")
    with pytest.raises(loading.DataError, match=r"datapackage.json:1:2 contract-error"):
        ce.load_events(extra=lab.root)


def test_another_release_is_announced(lab: Lab) -> None:
    lab.describe(extends={"name": "crink-events", "version": "0.0.9"})
    with pytest.warns(UserWarning, match=r"written for crink-events 0.0.9"):
        ce.load_events(extra=lab.root)


def test_merged_tables_are_sorted_and_say_their_origin() -> None:
    merged = merged_tables(EXAMPLE)
    assert set(merged.tables) == set(merged.package.tables)
    keys = [merged.tables["claims"].cells.key(row) for row in range(len(ce.load("claims")) + 3)]
    assert keys.index("rus-prk-treaty-signed/1001") == keys.index("rus-prk-treaty-signed/15") + 1
    assert merged.origins["claims"]["rus-prk-treaty-signed", 1001] == "example-lab"
    assert [extension.version for extension in merged.extensions] == ["0.1.0"]


# --------------------------------------------------------------------------- faults of rows


def test_faults_stand_at_the_extensions_own_lines(lab: Lab) -> None:
    lab.edit("events", 1, act="meeet")  # behind a cell with a line break
    lab.edit("participants", 3, via="RUS-MFAA")
    lab.edit("claims", 0, public_on="2024-13-01")
    lab.edit("sources", 0, url="https://example.com/x")
    expected = [
        ("data/claims.csv", 2, "public_on", "type-error"),
        ("data/events.csv", 4, "act", "constraint-error"),
        ("data/participants.csv", 5, "via", "list-reference"),
        ("data/sources.csv", 2, "publisher_id", "host-of-publisher"),
    ]
    assert places(lab.errors()) == expected
    assert places(lab.errors(("contract", "rules", "pandera", "frictionless"))) == expected


def test_the_line_of_a_cell_behind_a_line_break(lab: Lab) -> None:
    lab.edit("events", 0, act="driill")
    (issue,) = lab.errors()
    # The summary in front of it has a line break; the cell begins on the second line.
    assert places([issue]) == [("data/events.csv", 3, "act", "constraint-error")]
    assert issue.key == "example-lab-drill-2024"


def test_forms_are_judged_in_the_extensions_own_files(lab: Lab) -> None:
    rows = lab.rows("participants")
    lab.write("participants", [rows[1], rows[0], *rows[2:]])
    claims = lab.path("claims")
    claims.write_bytes(claims.read_bytes().replace(b",invented\n", b", invented\n", 1))
    links = lab.path("links")
    links.write_bytes(links.read_bytes().replace(b"\n", b"\r\n"))
    sources = lab.path("sources")
    sources.write_bytes(sources.read_bytes().rstrip(b"\n") + b",one,cell\n")
    assert places(lab.errors()) == [
        ("data/claims.csv", 2, "note", "untrimmed"),
        ("data/links.csv", 1, "", "line-ending"),
        ("data/participants.csv", 3, "event_id", "row-order"),
        ("data/sources.csv", 2, "", "extra-cell"),
    ]


@pytest.mark.parametrize(
    "content", [b"", b"event_id,title\nx,y\n", b"\xff\xfea\x00", b"one;two\n1;2\n", b"\xff\n"]
)
def test_a_file_that_cannot_be_read_is_reported_alone(lab: Lab, content: bytes) -> None:
    lab.path("events").write_bytes(content)
    for layers in (QUICK, ("contract", "rules", "pandera", "frictionless")):
        found = lab.errors(layers)
        assert found
        assert {issue.file for issue in found} == {"data/events.csv"}, found


def test_bytes_that_are_not_utf_8(lab: Lab) -> None:
    path = lab.path("events")
    path.write_bytes(path.read_bytes().replace(b"Vladivostok,RUS", b"Vladivost\xf3k,RUS"))
    assert places(lab.errors()) == [("data/events.csv", 4, "place", "encoding-error")]


def test_a_published_key_is_the_published_rows(lab: Lab) -> None:
    lab.add("events", **(lab.rows("events")[1] | {"event_id": "rus-prk-treaty-signed"}))
    found = [issue for issue in lab.errors() if issue.rule == "primary-key"]
    assert places(found) == [("data/events.csv", 5, "event_id", "primary-key")]
    assert "stands already in line 7 of the published data/events.csv" in found[0].message


def test_a_key_that_stands_twice_in_the_extension(lab: Lab) -> None:
    lab.add("publishers", **(lab.rows("publishers")[0] | {"domains": ""}))
    found = [issue for issue in lab.errors() if issue.rule == "primary-key"]
    assert places(found) == [("data/publishers.csv", 3, "publisher_id", "primary-key")]
    assert found[0].message.endswith("stands already in line 2")


def test_references_lead_to_published_rows_or_to_own_ones(lab: Lab) -> None:
    lab.edit("participants", 0, actor_id="PRC")
    lab.edit("links", 0, to_event="rus-prk-treaty-singed")
    found = [issue for issue in lab.errors() if issue.rule == "foreign-key"]
    assert places(found) == [
        ("data/links.csv", 2, "to_event", "foreign-key"),
        ("data/participants.csv", 2, "actor_id", "foreign-key"),
    ]
    assert found[0].hint == 'did you mean "rus-prk-treaty-signed"?'


def test_rules_see_both_packages(lab: Lab) -> None:
    with published.unpacked() as folder, (folder / "data" / "sources.csv").open() as file:
        known = next(csv.DictReader(file))
    lab.add(
        "sources", source_id="example-institute-undated-again", url=known["url"],
        publisher_id="example-institute", language="en", kind="think_tank", read_on="2026-11-22",
    )  # fmt: skip
    found = {(i.file, i.line, i.rule, i.message) for i in lab.errors()}
    assert ("data/sources.csv", 3, "unused-source", "nothing rests on this source") in found
    same = f'the same page as "{known["source_id"]}"'
    assert ("data/sources.csv", 3, "same-address", same) in found


def test_a_fault_of_a_published_row_stands_where_it_is_caused(lab: Lab) -> None:
    """A link that closes a circle makes published links part of it."""
    lab.add(
        "links",
        from_event="rus-prk-summit-2024",
        relation="part_of",
        to_event="rus-prk-treaty-signed",
    )
    found = lab.errors()
    assert places(found) == [("data/links.csv", 3, "to_event", "link-cycle")] * len(found)
    assert len(found) == 1


def test_a_cause_is_found_by_what_the_row_speaks_of() -> None:
    extension, _ = read_extension(EXAMPLE)
    assert extension is not None
    with extensions.folder.alone(extension, None) as package:
        cells = {name: read_cells(package, package.tables[name])[0] for name in extension.files}
    own = Own(extension, {name: c for name, c in cells.items() if c}, "")
    spoken_of = Issue("data/events.csv", 7, "title", "x", "odd", key="rus-prk-treaty-signed")
    named = Issue("data/events.csv", 2, "title", "x", 'as "example-lab-talks-2024"', key="a")
    neither = Issue("data/actors.csv", 9, "name", "x", "odd", key="RUS")
    found = list(_caused([spoken_of, spoken_of, named, neither], [own], []))
    assert [(i.file, i.line, i.message) for i in found] == [
        ("data/claims.csv", 4, "odd, in the published data/events.csv:7"),
        ("data/events.csv", 4, 'as "example-lab-talks-2024", in the published data/events.csv:2'),
        ("datapackage.json", 1, "odd, in the published data/actors.csv:9"),
    ]


def test_what_was_wrong_before_is_not_the_extensions_fault(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    bench.edit("events", 1, start_date="2024-12-31")
    (tmp_path / "build").mkdir()
    archive = published.pack(read_contract(bench.root))
    (tmp_path / "build" / "package.zip").write_bytes(archive)
    manifest = {"archive": {"sha256": hashlib.sha256(archive).hexdigest()}}
    (tmp_path / "build" / "manifest.json").write_text(json.dumps(manifest))
    monkeypatch.setattr(published, "DATA", tmp_path / "build")
    assert not validate(bench.root, QUICK).valid
    assert lab.errors() == []


def test_the_edited_form_of_a_published_event_is_closed(lab: Lab) -> None:
    lab.add("participants", event_id="rus-prk-treaty-signed", actor_id="IRN", role="observer")
    lab.add(
        "quantities", event_id="unsc-vote-1718-panel-2024", quantity_no="1001", claim_no="1",
        item="ships", measure="count", best="2", unit="item", bound="point",
        aggregation="this_event",
    )  # fmt: skip
    found = [issue for issue in lab.errors() if issue.rule == "extension-scope"]
    assert places(found) == [
        ("data/participants.csv", 6, "event_id", "extension-scope"),
        ("data/quantities.csv", 2, "claim_no", "extension-scope"),
    ]
    assert all(issue.hint for issue in found)


def test_coverage_of_ones_own_may_overlap_the_published_one(lab: Lab) -> None:
    with published.unpacked() as folder, (folder / "data" / "coverage.csv").open() as file:
        known = next(csv.DictReader(file))
    own = known | {"period_start": "2024-01-01", "period_end": "2024-12-31", "note": "searched"}
    lab.add("coverage", **own)
    assert lab.errors() == []
    lab.add("coverage", **(own | {"period_start": "2024-06-01"}))
    assert places(lab.errors()) == [("data/coverage.csv", 3, "period_start", "coverage-overlap")]


# --------------------------------------------------------------------------- datapackage.json


BROKEN = [
    ({"name": "Our Lab"}, 2, "no package name"),
    ({"name": "crink-events"}, 2, "is the published package"),
    ({"name": 3}, 2, "must be a text"),
    ({"version": "one"}, 5, "is no version"),
    ({"created": "yesterday"}, 6, "is no time"),
    ({"licenses": {}}, 7, "must be an array"),
    ({"licenses": [{"name": "x"}]}, 8, 'has no "path"'),
    ({"contributors": ["me"]}, 0, "must be an object"),
    ({"extends": "crink-events"}, 8, "must be an object"),
    ({"extends": {"name": "plover", "version": "0.1.0"}}, 9, '"crink-events"'),
    ({"extends": {"name": "crink-events"}}, 8, 'has no "version"'),
    ({"extends": {"name": "crink-events", "version": "latest"}}, 10, "is no version"),
    ({"extends": {"name": "crink-events", "version": 1}}, 10, "must be a text"),
    ({"resources": {}}, 0, "must be an array"),
    ({"resources": []}, 0, "no resource"),
    ({"resources": ["events"]}, 0, "must be an object"),
    ({"resources": [{"name": "events"}]}, 0, 'has no "path"'),
    ({"resources": [{"name": "evnets", "path": "data/events.csv"}]}, 0, 'no table "evnets"'),
    ({"resources": [{"name": "codes", "path": "data/codes.csv"}]}, 0, "alone"),
    ({"resources": [{"name": "events", "path": "../events.csv"}]}, 0, "leaves the extension"),
    ({"resources": [{"name": "events", "path": "/etc/passwd"}]}, 0, "leaves the extension"),
    ({"resources": [{"name": "events", "path": "events.csv"}]}, 0, "is not the file"),
    ({"resources": [{"name": "actors", "path": "data/actors.csv"}]}, 0, "cannot be read"),
    ({"resources": [{"name": "events", "path": "data/events.csv", "schema": "x"}]}, 0, "unknown"),
    ({"resources": [{"name": "events", "path": "data/events.csv"}] * 2}, 0, "two resources"),
    ({"resources": [{"name": None, "path": []}]}, 0, "must be a text"),
    ({"licence": "MIT"}, 0, 'unknown key "licence"'),
]  # fmt: skip


@pytest.mark.parametrize(("values", "line", "message"), BROKEN)
def test_a_broken_description_is_told_with_its_line(
    lab: Lab, values: dict[str, object], line: int, message: str
) -> None:
    lab.describe(**values)
    report = validate_extension(lab.root)
    found = [issue for issue in report.issues if message in issue.message or message in issue.hint]
    assert found, report.to_text()
    assert {issue.file for issue in found} == {"datapackage.json"}
    assert found[0].line == line or not line
    assert not report.valid
    assert report.layers == ("contract",)
    assert all(issue.hint for issue in found)


def test_all_faults_of_a_description_are_told_at_once(lab: Lab) -> None:
    lab.describe(name="Our Lab", version="x", resources=[], extends={"name": "plover"}, more=1)
    found = validate_extension(lab.root).issues
    assert len(found) == 6
    assert [issue.line for issue in found] == sorted(issue.line for issue in found)


@pytest.mark.parametrize(
    "text", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": 1, "a": 2}', b"[" * 5000, b"1" * 9000]
)
def test_a_description_that_is_none(lab: Lab, text: bytes) -> None:
    (lab.root / "datapackage.json").write_bytes(text)
    report = validate_extension(lab.root)
    assert not report.valid
    assert {issue.file for issue in report.issues} == {"datapackage.json"}
    result = CliRunner().invoke(main, ["validate", str(lab.root)])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    ("version", "age"), [("0.0.9", "newer"), ("9.0.0", "older"), ("0.0.10", "newer")]
)
def test_another_release_is_a_warning(lab: Lab, version: str, age: str) -> None:
    lab.describe(extends={"name": "crink-events", "version": version})
    report = validate_extension(lab.root, QUICK)
    (issue,) = [issue for issue in report.issues if issue.rule == "extension-version"]
    assert (issue.file, issue.line, issue.severity) == ("datapackage.json", 10, "warning")
    assert issue.message.endswith(f"is {age}")
    assert version in issue.hint
    assert report.valid


def test_a_file_that_nothing_names_is_a_warning(lab: Lab) -> None:
    shutil.copy(lab.path("claims"), lab.path("quantities"))
    report = validate_extension(lab.root, QUICK)
    (issue,) = [issue for issue in report.issues if issue.rule == "extension-file"]
    assert '"data/quantities.csv"' in issue.message
    assert report.valid


def test_a_missing_release_is_told(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(published, "DATA", tmp_path)
    (issue,) = validate_extension(lab.root).issues
    assert issue.rule == "package-error"
    assert "crink-events build" in issue.message
    with pytest.raises(InvalidExtensionError):
        merged_tables(lab.root)


# --------------------------------------------------------------------------- the command line


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(arguments))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_commands(lab: Lab) -> None:
    root = str(lab.root)
    code, text = run("validate", root)
    assert code == 0
    assert text.splitlines()[-1].startswith("valid: 12 records in 6 tables, 0 errors, 2 warnings")
    code, text = run("list", "--extra", root, "--since", "2024-07-01", "--until", "2024-07-31")
    assert code == 0
    assert "[example-lab-drill-2024]" in text
    code, text = run("show", "rus-prk-treaty-signed", "--extra", root)
    assert code == 0
    assert "in example-lab" in text
    assert "in example-lab" not in run("show", "rus-prk-treaty-signed")[1]
    code, text = run("build", root)
    assert code == 2
    assert "--extra" in text
    assert run("list", "--extra", str(ROOT / "docs"))[0] == 2
    lab.edit("events", 1, act="meeet")
    code, text = run("validate", root)
    assert code == 1
    assert "\ndata/events.csv:4:act constraint-error" in text
    assert run("list", "--extra", root)[0] == 1


def test_fix_puts_an_extension_in_its_canonical_form(lab: Lab) -> None:
    assert run("fix", str(lab.root), "--check") == (0, "")
    before = {path.name: path.read_bytes() for path in (lab.root / "data").iterdir()}
    rows = lab.rows("participants")
    lab.write("participants", rows[::-1])
    assert run("fix", str(lab.root), "--check")[0] == 1
    assert run("fix", str(lab.root))[0] == 0
    assert {path.name: path.read_bytes() for path in (lab.root / "data").iterdir()} == before
    (lab.root / "datapackage.json").write_text('{"extends": 1}')
    assert run("fix", str(lab.root))[0] == 1


def test_cards_say_where_a_claim_stands() -> None:
    card = cards.event("rus-prk-treaty-signed", extra=EXAMPLE)
    assert [claim["package"] for claim in card.claims].count("example-lab") == 1
    assert "in example-lab" in card._repr_html_()
    assert "package" not in cards.event("rus-prk-treaty-signed").event


# --------------------------------------------------------------------------- the page


def blocks(language: str) -> list[str]:
    page = (ROOT / "docs" / "extensions.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)


def test_the_page_shows_the_example() -> None:
    (index,) = blocks("json")
    assert json.loads(index) == json.loads((EXAMPLE / "datapackage.json").read_text())
    for block in blocks("csv"):
        for line in block.splitlines():
            assert any(line in path.read_text() for path in (EXAMPLE / "data").iterdir()), line


def test_the_page_names_every_kind() -> None:
    page = (ROOT / "docs" / "extensions.md").read_text(encoding="utf-8")
    for name in extensions.KINDS:
        assert f"`{name}`" in page


@pytest.mark.usefixtures("lab")
def test_the_python_of_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks("python")
    assert found
    for block in found:
        exec(block, {})


def test_the_commands_of_the_page_run(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lab.root.is_dir()
    monkeypatch.chdir(tmp_path)
    lines = [
        line.split("#")[0].split()
        for block in blocks("sh")
        for line in block.splitlines()
        if line.startswith("crink-events ")
    ]
    assert {line[1] for line in lines} >= {"validate", "fix", "list", "show"}
    for line in lines:
        assert run(*line[1:])[0] == 0, line
    assert os.listdir(tmp_path) == ["our-lab"]  # noqa: PTH208
