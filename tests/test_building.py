"""Building: the same bytes, nothing half-written, an invalid dataset refused."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from crink_events import building, published
from crink_events.contract import TYPES
from crink_events.descriptors import read_contract
from crink_events.evidence import DERIVED
from tests.conftest import ROOT, Bench


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_same_bytes_on_repetition(bench: Bench, tmp_path: Path) -> None:
    building.build(bench.root, tmp_path / "one")
    building.build(bench.root, tmp_path / "two")
    assert hashes(tmp_path / "one") == hashes(tmp_path / "two")


def test_manifest_tells_the_truth(bench: Bench, tmp_path: Path) -> None:
    out = tmp_path / "out"
    manifest = building.build(bench.root, out)
    assert manifest == json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    found = hashes(out)
    found.pop("manifest.json")
    assert found.pop("package.zip") == manifest["archive"]["sha256"]
    assert (out / "package.zip").stat().st_size == manifest["archive"]["bytes"]
    assert {name: entry["sha256"] for name, entry in manifest["files"].items()} == found
    for name, entry in manifest["files"].items():
        assert pq.ParquetFile(out / name).metadata.num_rows == entry["rows"]
        assert (out / name).stat().st_size == entry["bytes"]
    for name, digest in manifest["inputs"].items():
        assert hashlib.sha256((bench.root / name).read_bytes()).hexdigest() == digest
    assert set(manifest["inputs"]) == set(read_contract(bench.root).files())


def test_the_archive_is_the_package_as_people_edit_it(bench: Bench, tmp_path: Path) -> None:
    package = read_contract(bench.root)
    first = published.pack(package)
    for name in package.files():
        os.utime(bench.root / name, (1, 1))
        (bench.root / name).chmod(0o600)
    assert published.pack(read_contract(bench.root)) == first
    building.build(bench.root, tmp_path / "out")
    assert published.read(tmp_path / "out") == first
    with zipfile.ZipFile(tmp_path / "out" / "package.zip") as archive:
        assert archive.namelist() == sorted(package.files())
        for name in package.files():
            assert archive.read(name) == (bench.root / name).read_bytes()


def test_a_damaged_archive_is_named(bench: Bench, tmp_path: Path) -> None:
    out = tmp_path / "out"
    building.build(bench.root, out)
    path = out / "package.zip"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(published.PublishedError, match=r"package.zip is damaged"):
        published.read(out)
    for broken in (path, out / "manifest.json"):
        broken.unlink()
        with pytest.raises(published.PublishedError, match="crink-events build"):
            published.read(out)


def test_tables_hold_what_the_csv_files_hold(bench: Bench, tmp_path: Path) -> None:
    building.build(bench.root, tmp_path / "out")
    for table in read_contract(bench.root).tables.values():
        written = pq.ParquetFile(tmp_path / "out" / f"{table.name}.parquet").read()
        rows = {
            tuple(str(row[name]) for name in table.primary_key): row for row in written.to_pylist()
        }
        texts = bench.rows(table.name)
        assert len(rows) == len(texts) == written.num_rows
        for text in texts:
            row = rows[tuple(text[name] for name in table.primary_key)]
            for field in table.fields:
                value, cell = row[field.name], text[field.name]
                if field.type == "list":
                    assert value == (cell.split(";") if cell else [])
                elif not cell:
                    assert value is None
                else:
                    assert value == field.parse(cell)


def test_arrow_types_and_metadata(bench: Bench, tmp_path: Path) -> None:
    building.build(bench.root, tmp_path / "out")
    package = read_contract(bench.root)
    for table in package.tables.values():
        schema = pq.ParquetFile(tmp_path / "out" / f"{table.name}.parquet").schema_arrow
        for field in table.fields:
            arrow = schema.field(field.name)
            assert arrow.metadata[b"description"].decode() == field.description
            if field.enum is not None:
                assert pa.types.is_dictionary(arrow.type)
            else:
                assert str(arrow.type).startswith(
                    TYPES[field.type].arrow.replace("float64", "double")
                )
        assert schema.metadata[b"version"].decode() == package.version
        assert schema.metadata[b"licence"] == b"CC-BY-4.0"
        assert json.loads(schema.metadata[b"primary_key"]) == list(table.primary_key)
        assert schema.metadata[b"contract"].decode() == package.fingerprint()


def test_vocabularies_are_whole(bench: Bench, tmp_path: Path) -> None:
    building.build(bench.root, tmp_path / "out")
    events = pq.ParquetFile(tmp_path / "out" / "events.parquet").read()
    acts = events["act"].combine_chunks().dictionary.to_pylist()
    assert acts == list(read_contract(bench.root).vocabularies["act"])


def test_wide_events(bench: Bench, tmp_path: Path) -> None:
    building.build(bench.root, tmp_path / "out")
    events = pd.read_parquet(tmp_path / "out" / "events.parquet").set_index("event_id")
    assert list(events.columns[-len(DERIVED) :]) == [field.name for field in DERIVED]
    assert events.loc["usa-designation-verus-2023", "evidence"] == "acknowledged"
    drill = events["dyads"]["gulf-of-oman-drill-2024"]
    assert list(drill) == ["CHN-IRN", "CHN-RUS", "IRN-RUS"]
    assert events["start_date"].is_monotonic_increasing


def test_invalid_data_are_refused_and_the_last_build_stays(bench: Bench, tmp_path: Path) -> None:
    out = tmp_path / "out"
    building.build(bench.root, out)
    before = hashes(out)
    bench.edit("events", 2, act="exercize")
    with pytest.raises(building.InvalidDataError, match=r"data/events.csv:4:act constraint-error"):
        building.build(bench.root, out)
    assert hashes(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_build_that_dies_leaves_the_last_one(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    building.build(bench.root, out)
    before = hashes(out)

    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pq, "write_table", die)
    with pytest.raises(KeyboardInterrupt):
        building.build(bench.root, out)
    assert hashes(out) == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_a_folder_of_something_else_is_not_replaced(bench: Bench, tmp_path: Path) -> None:
    other = tmp_path / "thesis"
    other.mkdir()
    (other / "chapter.txt").write_text("years of work")
    with pytest.raises(FileExistsError):
        building.build(bench.root, other)
    assert (other / "chapter.txt").read_text() == "years of work"


def test_the_repository_is_compiled_from_its_data() -> None:
    """What the loader reads is what the CSV files say, not an older build."""
    manifest = json.loads((ROOT / "crink_events" / "_data" / "manifest.json").read_text())
    stale = [
        name
        for name, digest in manifest["inputs"].items()
        if hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != digest
    ]
    assert stale == [], "run `crink-events build`"
