"""Loading: typed frames, filters, and errors that name the nearest valid word."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import crink_events as ce
from crink_events import building, loading
from crink_events.descriptors import read_contract
from crink_events.evidence import DERIVED
from tests.conftest import GOOD, ROOT, Bench


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert GOOD.is_dir()
    bench = Bench(tmp_path_factory.mktemp("good"))
    building.build(bench.root, bench.root / "build")
    return bench.root / "build"


@pytest.fixture
def good(compiled: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """The good package as the data of the loader, in a folder that a test may damage."""
    folder = tmp_path / "pkg" / "_data"
    shutil.copytree(compiled, folder)
    monkeypatch.setattr(loading, "_DATA", folder)
    loading._manifest.cache_clear()
    loading._arrow.cache_clear()
    loading._voices.cache_clear()
    yield folder
    loading._manifest.cache_clear()
    loading._arrow.cache_clear()
    loading._voices.cache_clear()


def ids(frame: pd.DataFrame) -> set[str]:
    return set(frame["event_id"])


@pytest.mark.usefixtures("good")
def test_types() -> None:
    events = ce.load_events()
    assert isinstance(events["act"].dtype, pd.CategoricalDtype)
    assert "vote" in events["act"].cat.categories
    assert "attack" in events["act"].cat.categories, "the whole vocabulary, used or not"
    assert str(events["start_date"].dtype) == "datetime64[ms]"
    under_way = events[events["event_id"] == "prk-sappers-builders-russia-2025"]
    assert under_way["end_date"].isna().all()
    assert str(events["n_claims"].dtype) == "Int64"
    assert str(events["rus"].dtype) == "boolean"
    assert str(events["title"].dtype) == "str"
    assert all(isinstance(value, list) for value in events["dyads"])
    agreements = ce.load("agreements")
    assert str(agreements["term_years"].dtype) == "Int64"
    assert agreements["term_years"].isna().any()


@pytest.mark.usefixtures("good")
def test_dtypes_are_those_of_the_contract() -> None:
    for table in read_contract(ROOT).tables.values():
        frame = ce.load(table.name)
        for field in table.fields:
            assert str(frame[field.name].dtype) == field.pandas_dtype, (table.name, field.name)


@pytest.mark.usefixtures("good")
def test_attrs() -> None:
    for frame in (ce.load("claims"), ce.load_events(), ce.load_events(dyad="CHN-PRK")):
        assert frame.attrs["name"] == "crink-events"
        assert frame.attrs["licence"] == "CC-BY-4.0"
        assert frame.attrs["citation"] == ce.cite()
        assert frame.attrs["version"] in ce.cite()
    assert ce.load_events(as_of="2024-06-30").attrs["as_of"] == "2024-06-30"


@pytest.mark.usefixtures("good")
def test_frames_are_the_callers_own() -> None:
    first = ce.load_events()
    first["title"] = "overwritten"
    first["dyads"].iloc[0].append("XXX-YYY")
    assert "overwritten" not in set(ce.load_events()["title"])
    assert "XXX-YYY" not in set(ce.load_events()["dyads"].explode())


FILTERS = [
    ({"dyad": "PRK-RUS"}, {
        "rus-prk-summit-2024", "rus-prk-treaty-signed", "prk-sappers-builders-russia-2025",
        "unsc-vote-1718-panel-2024", "usa-designation-verus-2023",
    }),
    ({"dyad": "rus-prk", "act": "sign"}, {"rus-prk-treaty-signed"}),
    ({"dyad": ["CHN-RUS", "CHN-PRK"], "domain": "trade"}, {"chn-rus-trade-2023"}),
    ({"actor": "IRN"}, {"gulf-of-oman-drill-2023", "gulf-of-oman-drill-2024"}),
    ({"actor": "RUS-MOD"}, {
        "gulf-of-oman-drill-2023", "gulf-of-oman-drill-2024", "prk-sappers-builders-russia-2025",
    }),
    ({"actor": ["UNSC", "verus-llc"]}, {"unsc-vote-1718-panel-2024", "usa-designation-verus-2023"}),
    ({"valence": "third_party"}, {"usa-designation-verus-2023"}),
    ({"act": ["sign", "meet"]}, {"rus-prk-summit-2024", "rus-prk-treaty-signed"}),
    ({"since": "2025-12-31"}, {"prk-sappers-builders-russia-2025"}),
    ({"until": "2023-01-01"}, {"chn-rus-trade-2023"}),
    ({"since": "2023-08-16", "until": "2023-08-16"}, {
        "chn-rus-trade-2023", "usa-designation-verus-2023",
    }),
    ({"since": "1999-01-01", "until": "1999-12-31"}, set()),
]  # fmt: skip


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize(("filters", "expected"), FILTERS)
def test_filters(filters: dict[str, str], expected: set[str]) -> None:
    assert ids(ce.load_events(**filters)) == expected  # type: ignore[arg-type]


@pytest.mark.usefixtures("good")
def test_empty_results_are_typed() -> None:
    empty = ce.load_events(since="1999-01-01", until="1999-12-31")
    assert empty.empty
    assert empty.dtypes.equals(ce.load_events().dtypes)


@pytest.mark.usefixtures("good")
def test_as_of() -> None:
    release = ce.load_events()
    early = ce.load_events(as_of="2025-09-05")
    assert early.dtypes.equals(release.dtypes)
    sappers = early.set_index("event_id").loc["prk-sappers-builders-russia-2025"]
    assert sappers["evidence"] == "assessed"
    now = release.set_index("event_id").loc["prk-sappers-builders-russia-2025"]
    assert now["evidence"] == "acknowledged"
    assert "rus-prk-treaty-signed" not in ids(ce.load_events(as_of="2024-06-16"))
    newest = ce.load_events(as_of=loading.newest_day())
    names = ["event_id", *(field.name for field in DERIVED)]
    pd.testing.assert_frame_equal(newest[names], release[names], check_flags=False)


@pytest.mark.usefixtures("good")
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"act": "singn"}, 'did you mean "sign"'),
        ({"act": ["sign", "vot"]}, 'did you mean "vote"'),
        ({"domain": "defense"}, 'did you mean "defence"'),
        ({"valence": "Friction"}, 'did you mean "friction"'),
        ({"dyad": "RUS-DPRK"}, 'did you mean "PRK-RUS"'),
        ({"dyad": "CHN-CHN"}, "dyad"),
        ({"dyad": 3}, "dyad"),
        ({"actor": "RUS-MFAA"}, 'did you mean "RUS-MFA"'),
        ({"since": "June"}, "YYYY-MM-DD"),
        ({"until": "2024-02-30"}, "YYYY-MM-DD"),
        ({"as_of": 2024}, "YYYY-MM-DD"),
        ({"as_of": "2100-01-01"}, "is in the future: this release knows nothing after 2026-"),
        ({"since": "2024-02-02", "until": "2024-02-01"}, "after until"),
    ],
)
def test_wrong_words(filters: dict[str, str], expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        ce.load_events(**filters)  # type: ignore[arg-type]


@pytest.mark.usefixtures("good")
def test_wrong_tables() -> None:
    for call in (ce.load, ce.codebook):
        with pytest.raises(ValueError, match='did you mean "claims"'):
            call("claim")
    with pytest.raises(ValueError, match='did you mean "stance"'):
        loading.vocabulary("stances")


@pytest.mark.usefixtures("good")
def test_inactive_records_are_given_on_request(good: Path, tmp_path: Path) -> None:
    (tmp_path / "merged").mkdir()
    bench = Bench(tmp_path / "merged")
    bench.edit("events", 4, record_status="withdrawn")
    shutil.rmtree(good)
    building.build(bench.root, good)
    loading._manifest.cache_clear()
    loading._arrow.cache_clear()
    assert "rus-prk-summit-2024" not in ids(ce.load_events())
    assert "rus-prk-summit-2024" in ids(ce.load_events(inactive=True))


@pytest.mark.usefixtures("good")
def test_tables_and_codebook() -> None:
    tables = ce.tables().set_index("table")
    assert tables.loc["claims", "rows"] == len(ce.load("claims"))
    assert tables["description"].str.endswith(".").all()
    for name in tables.index:
        book = ce.codebook(name)
        assert list(book["column"]) == list(ce.load(name).columns)
        assert (book["description"].str.len() > 0).all()
    assert len(ce.codebook()) == len(ce.load("codes"))


def test_damage_is_named(good: Path) -> None:
    path = good / "claims.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(loading.DataError, match=r"claims.parquet is damaged"):
        ce.load("claims")
    path.unlink()
    with pytest.raises(loading.DataError, match=r"claims.parquet is missing"):
        ce.load("claims")
    (good / "manifest.json").write_text("{}")
    loading._manifest.cache_clear()
    with pytest.raises(loading.DataError, match=r"manifest.json is damaged"):
        ce.load("claims")
    (good / "manifest.json").unlink()
    with pytest.raises(loading.DataError, match="crink-events build"):
        ce.load("claims")


def test_edited_tables_are_announced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = Bench(tmp_path)
    folder = tmp_path / "crink_events" / "_data"
    building.build(bench.root, folder)
    monkeypatch.setattr(loading, "_DATA", folder)
    monkeypatch.setattr(loading, "_arrow", loading._arrow.__wrapped__)
    monkeypatch.setattr(loading, "_manifest", loading._manifest.__wrapped__)
    bench.path("events").touch()
    assert len(ce.load("events")) == 8, "a touched file is not an edited one"
    bench.replace("data/events.csv", "Gulf of Oman", "Sea of Oman")
    with pytest.warns(UserWarning, match=r"data/events.csv was edited"):
        ce.load("events")


def test_the_release_is_loaded_as_it_is() -> None:
    events = ce.load_events(inactive=True)
    lines = (ROOT / "data" / "events.csv").read_text(encoding="utf-8")
    assert len(events) == lines.count("\n") - 1
    manifest = json.loads((ROOT / "crink_events" / "_data" / "manifest.json").read_text())
    whole = "".join(entry["sha256"] for entry in manifest["files"].values())
    assert hashlib.sha256(whole.encode()).hexdigest()[:12] in ce.cite()
