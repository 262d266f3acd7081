"""Citations and bibliographies: exactly these rows, stable, and readable by other programs."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

import crink_events as ce
from crink_events import citing, loading
from crink_events.frames import row_set

TROOPS = "prk-troops-russia-2024"


@pytest.fixture(scope="module")
def pacts() -> pd.DataFrame:
    return ce.load_events(dyad="PRK-RUS", act=["sign", "ratify"])


# --------------------------------------------------------------------------- bibliography


def test_the_sources_behind_events(pacts: pd.DataFrame) -> None:
    found = ce.bibliography(pacts)
    claims = ce.load("claims")
    claims = claims[claims["event_id"].isin(pacts["event_id"])]
    assert set(found["source_id"]) == {*claims["source_id"], *claims["also_in"].explode().dropna()}
    assert set(found["event_ids"].explode()) == set(pacts["event_id"])
    assert found["claims"].sum() == len(claims) + claims["also_in"].str.len().sum()
    assert found["publisher"].notna().all()
    dated = found["published_on"].dropna()
    assert dated.is_monotonic_increasing
    assert found["published_on"].isna().to_numpy()[len(dated) :].all()


def test_the_sources_behind_claims_and_amounts_are_theirs_alone() -> None:
    claims = ce.load("claims")
    one = claims[(claims["event_id"] == TROOPS) & (claims["claimant_id"] == "NATO")]
    found = ce.bibliography(one)
    assert set(found["source_id"]) == {*one["source_id"], *one["also_in"].explode().dropna()}
    amounts = ce.load("quantities")
    killed = amounts[(amounts["event_id"] == TROOPS) & (amounts["item"] == "killed")]
    behind = claims.merge(killed[["event_id", "claim_no"]].drop_duplicates())
    sources = {*behind["source_id"], *behind["also_in"].explode().dropna()}
    assert set(ce.bibliography(killed)["source_id"]) == sources
    said = ce.timeline(one)
    assert set(ce.bibliography(said)["source_id"]) == set(found["source_id"])
    parts = ce.load("participants").query("event_id == @TROOPS")
    assert len(ce.bibliography(parts)) > len(found)


def test_the_sources_of_a_day() -> None:
    early = ce.load_events(as_of="2024-10-20", act="deploy")
    found = ce.bibliography(early)
    assert len(found) < len(ce.bibliography(ce.load_events(act="deploy")))
    assert ce.bibliography(as_of="2024-10-20")["source_id"].is_unique


def test_all_sources_that_carry_a_claim() -> None:
    found = ce.bibliography()
    assert set(found["source_id"]) <= set(ce.load("sources")["source_id"])
    assert set(found["event_ids"].explode()) == set(ce.load("events")["event_id"])


def test_empty_bibliographies_are_typed(pacts: pd.DataFrame) -> None:
    empty = ce.bibliography(pacts.head(0))
    assert empty.empty
    assert empty.dtypes.equals(ce.bibliography(pacts).dtypes)


@pytest.mark.parametrize("function", [ce.bibliography, ce.cite])
def test_frames_that_are_not_ours(function: object) -> None:
    assert callable(function)
    with pytest.raises(TypeError, match="str given; a frame with the column event_id"):
        function(TROOPS)
    with pytest.raises(TypeError, match="a frame with source_id, url"):
        function(ce.load("sources"))
    with pytest.raises(TypeError, match="no event of ours"):
        function(pd.DataFrame({"event_id": ["a", "b"]}))
    with pytest.raises(ValueError, match="there is no event 'b'"):
        function(pd.DataFrame({"event_id": [TROOPS, "b"]}))


# --------------------------------------------------------------------------- row sets


def test_the_hash_of_rows_is_stable(pacts: pd.DataFrame) -> None:
    known = row_set(pacts)
    assert known.table == "events"
    assert known.rows == len(pacts)
    shuffled = pacts.sample(frac=1, random_state=1)
    assert row_set(shuffled) == known
    assert row_set(pd.concat([pacts, pacts])) == known
    assert row_set(pacts[["event_id"]].assign(mine=1)) == known
    assert row_set(pacts.iloc[1:]).digest != known.digest


def test_the_key_tells_the_table() -> None:
    amounts = ce.load("quantities")
    said = ce.load("claims")[["event_id", "claim_no", "claimant_id"]]
    assert row_set(amounts.merge(said)) == row_set(amounts)
    assert row_set(amounts).table == "quantities"
    assert row_set(ce.load("participants")).table == "participants"
    assert row_set(ce.timeline()).table == "claims"


# --------------------------------------------------------------------------- citations


def test_citations_name_version_content_and_rows(pacts: pd.DataFrame) -> None:
    of = loading.release()
    for style in citing.STYLES:
        whole, part = ce.cite(style=style), ce.cite(pacts, style=style)
        for text in (whole, part):
            assert of["version"] in text
            assert of["content"][:12] in text
        assert row_set(pacts).digest[:12] in part
        assert f"{len(pacts)} rows of events" in part
        assert ce.cite(pacts.iloc[::-1], style=style) == part
        early = ce.load_events(as_of="2024-10-31", act="sign")
        assert "as known on 2024-10-31" in ce.cite(early, style=style)
    assert ce.cite() == loading.citation()
    assert ce.load_events().attrs["citation"] == ce.cite()


def test_csl_json_has_the_sources(pacts: pd.DataFrame) -> None:
    release, *sources = json.loads(ce.cite(pacts, style="csl-json", sources=True))
    assert release["type"] == "dataset"
    found = ce.bibliography(pacts)
    assert [item["id"] for item in sources] == found["source_id"].tolist()
    assert [item["URL"] for item in sources] == found["url"].tolist()
    assert all(item["author"][0]["literal"] for item in sources)
    dated = [item for item in sources if "issued" in item]
    assert all(len(item["issued"]["date-parts"][0]) == 3 for item in dated)


def test_bibtex_is_read_by_another_program(pacts: pd.DataFrame) -> None:
    from pybtex.database import parse_string

    entries = parse_string(ce.cite(pacts, style="bibtex", sources=True), "bibtex").entries
    found = ce.bibliography(pacts).set_index("source_id")
    assert len(entries) == len(found) + 1
    for name, row in found.iterrows():
        fields = entries[str(name)].fields
        assert fields["url"] == row["url"]
        assert fields["urldate"] == str(row["read_on"].date())


def test_bibtex_escapes_what_tex_would_run() -> None:
    item = {
        "id": "x",
        "type": "webpage",
        "author": [{"literal": "A & B_c"}],
        "title": "$9 {bn} #1 100% a_b ~ ^ \\input{x} Россия",
        "URL": "https://a.example/b_c%20d?e=1&f={g}#h~i",
        "accessed": {"date-parts": [[2026, 1, 2]]},
    }
    text = citing._bibtex(item)
    assert r"author = {{A \& B\_c}}," in text
    assert r"\$9 \{bn\} \#1 100\% a\_b" in text
    assert r"\textbackslash{}input\{x\} Россия" in text
    assert "url = {https://a.example/b_c%20d?e=1&f=%7Bg%7D#h~i}," in text
    assert "urldate = {2026-01-02}," in text


def test_apa(pacts: pd.DataFrame) -> None:
    lines = ce.cite(pacts, style="apa", sources=True).splitlines()
    of = loading.release()
    found = ce.bibliography(pacts)
    assert len(lines) == len(found) + 1
    assert lines[0].startswith(f"The crink-events contributors. ({of['newest'][:4]}). CRINK events")
    assert lines[0].endswith("[Data set].")
    for line, row in zip(lines[1:], found.to_dict("records"), strict=True):
        day = row["published_on"]
        when = f"{day.year}, {day:%B} {day.day}" if pd.notna(day) else "n.d."
        assert line.startswith(f"{row['publisher']}. ({when}). ")
        assert line.endswith(row["url"])
        assert ("Retrieved" in line) == pd.isna(day)
        if pd.notna(row["title"]):
            assert row["title"].rstrip(".?!") in line


def test_text_lists_the_sources(pacts: pd.DataFrame) -> None:
    lines = ce.cite(pacts, sources=True).splitlines()
    assert lines[0] == ce.cite(pacts)
    assert all(" (read 20" in line and "http" in line for line in lines[1:])
    assert len(lines) == len(ce.bibliography(pacts)) + 1


def test_wrong_styles_are_named() -> None:
    with pytest.raises(ValueError, match='did you mean "bibtex"'):
        ce.cite(style="bibtext")
    with pytest.raises(ValueError, match="there are text, bibtex, apa, csl-json"):
        ce.cite(style="42")


def test_a_missing_library_is_named_with_what_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "citeproc", None)
    with pytest.raises(ImportError, match=r'pip install "crink-events\[cite\]"'):
        ce.cite(style="apa")
    assert ce.cite(style="bibtex")
    assert ce.cite(style="csl-json")
