"""The card of an event: its parts, its faces, what a day hides, and that nothing slips through."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

import crink_events as ce
from crink_events import building, loading, wording
from crink_events.cards import Card, UnknownEventError
from tests.conftest import Bench

TROOPS = "prk-troops-russia-2024"


class Page(HTMLParser):
    """Collects the tags, the addresses and the text of a fragment, and whether tags close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        assert not [name for name, _ in attrs if name.startswith("on")]
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_card_of_the_troops_tells_who_knew_what_in_november_2024() -> None:
    card = ce.event(TROOPS, as_of="2024-11-30")
    assert (card.evidence, card.acknowledged_by, card.denied_by) == (
        "contested",
        [],
        ["PRK", "RUS"],
    )
    said = [name for name in card.asserted_by if "Intelligence" in name]
    assert said == [
        "National Intelligence Service of South Korea",
        "Main Directorate of Intelligence of Ukraine",
    ]
    assert [(row["day"], row["evidence"], row["denied_by"]) for row in card.history] == [
        ("2024-10-10", "announced", ["RUS"]),
        ("2024-10-16", "contested", ["RUS"]),
        ("2024-10-21", "contested", ["PRK", "RUS"]),
    ]
    assert max(claim["public_on"] for claim in card.claims) <= "2024-11-30"
    (troops,) = (item for item in card.amounts if item["item"] == "troops")
    named = {by["claimant_id"]: [f["figure"] for f in by["figures"]] for by in troops["claimants"]}
    assert named["UKR-HUR"] == ["about 11,000 persons"]
    assert named["USA-WH"] == ["at least 3,000 persons"]
    assert {item["item"] for item in card.amounts} == {"troops"}, "losses were told later"
    for face in (str(card), card._repr_html_()):
        assert "2025-0" not in face.replace(card.event["note"], "")
        assert "As of 30 November 2024" in face


def test_the_card_of_the_release() -> None:
    card = ce.event(TROOPS)
    assert card.evidence == "acknowledged"
    assert card.as_of is None
    assert card.history[-1]["said"] == [
        {
            "claimant_id": "PRK-WPK",
            "claimant": "Workers' Party of Korea",
            "stance": "asserts",
        },
        {"claimant_id": "RUS-PRES", "claimant": "President of Russia", "stance": "asserts"},
    ]
    days = [claim["public_on"] for claim in card.claims]
    assert days == sorted(days)
    assert "As of" not in str(card)
    assert repr(card) == f"<Card {TROOPS}: acknowledged>"
    assert repr(ce.event(TROOPS, as_of="2024-10-10")).endswith("announced as of 2024-10-10>")


def test_the_newest_day_gives_the_card_of_the_release() -> None:
    day = loading.newest_day()
    for event_id in (TROOPS, "rus-prk-treaty-signed", "unsc-vote-1718-panel-2024"):
        whole, then = ce.event(event_id), ce.event(event_id, as_of=day)
        assert then.to_dict() | {"as_of": None} == whole.to_dict()


def test_every_event_has_both_faces() -> None:
    """Every tenth event: parts are plain data, tags close, all links lead to the web."""
    sources = set(ce.load("sources")["url"])
    for event_id in ce.load("events")["event_id"].tolist()[::10]:
        card = ce.event(event_id)
        assert json.loads(json.dumps(card.to_dict())) == card.to_dict()
        text = str(card)
        assert text.startswith(card.title)
        assert "None" not in text
        assert "nan" not in re.split(r"\W", text)
        assert max(map(len, (row for row in text.splitlines() if "http" not in row))) <= 100
        page = Page(card._repr_html_())
        assert page.open == []
        assert page.tags <= {"a", "b", "br", "div", "span", "style", "table", "td", "th", "tr"}
        assert set(page.links) <= sources
        assert all(link.startswith(("http://", "https://")) for link in page.links)
        shown = "".join(page.words)
        assert card.when in shown
        assert "None" not in shown


@pytest.fixture
def released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A small release with a withdrawn record and a title that HTML must escape."""
    (tmp_path / "package").mkdir()
    bench = Bench(tmp_path / "package")
    bench.edit("events", 4, record_status="withdrawn")
    number = bench.number("events", event_id="rus-prk-treaty-signed")
    bench.edit("events", number, title="Treaty & \"quoted\" 'single'")
    building.build(bench.root, tmp_path / "_data")
    monkeypatch.setattr(loading, "_DATA", tmp_path / "_data")
    caches = (loading._manifest, loading._arrow, loading._voices)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


def evil_card() -> Card:
    """A card all of whose texts are markup; the build would refuse most of them."""
    card = ce.event("rus-prk-treaty-signed")

    def spoil(value: object) -> object:
        if isinstance(value, dict):
            fixed = ("stance", "basis", "about", "record_status", "public_is", "bound")
            return {
                name: part
                if name in fixed or re.match(r"\d{4}-\d\d-\d\d$", str(part))
                else spoil(part)
                for name, part in value.items()
            }
        if isinstance(value, list):
            return [spoil(part) for part in value]
        return EVIL if isinstance(value, str) else value

    fields = {name: spoil(getattr(card, name)) for name in Card.__dataclass_fields__}
    for claim in fields["claims"]:  # type: ignore[attr-defined]
        claim["quantities"] = []
        for source in claim["sources"]:
            source["url"] = "javascript:alert(1)"
    return Card(**fields)  # type: ignore[arg-type]


def test_nothing_in_a_card_becomes_markup() -> None:
    page = Page(evil_card()._repr_html_())
    assert page.links == []
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert "<script>alert(1)</script>" in "".join(page.words)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " https://a.example", "ftp://a.example", ""]
)
def test_only_web_addresses_are_links(url: str) -> None:
    card = ce.event("rus-prk-treaty-signed")
    card.claims[0]["sources"][0]["url"] = url
    page = Page(card._repr_html_())
    assert url not in page.links
    assert card.claims[0]["sources"][0]["publisher"] in "".join(page.words)


@pytest.mark.usefixtures("released")
def test_titles_are_escaped_and_withdrawn_records_say_so() -> None:
    html = ce.event("rus-prk-treaty-signed")._repr_html_()
    assert "Treaty &amp; &quot;quoted&quot; &#x27;single&#x27;" in html
    card = ce.event("rus-prk-summit-2024")
    assert "This record was withdrawn." in str(card)
    assert "This record was withdrawn." in card._repr_html_()


def test_unknown_events_are_named_with_the_nearest() -> None:
    for error in (UnknownEventError, KeyError, ValueError):
        with pytest.raises(error, match='there is no event "rus-prk-treaty-singed"; did you mean'):
            ce.event("rus-prk-treaty-singed")
    with pytest.raises(UnknownEventError, match="prk-troops"):
        ce.event("troops russia 2024")
    with pytest.raises(UnknownEventError, match=r"load_events\(\) lists all"):
        ce.event("zzzz")
    with pytest.raises(UnknownEventError, match="it is since 2024-10-10"):
        ce.event(TROOPS, as_of="2024-10-09")
    with pytest.raises(ValueError, match="in the future"):
        ce.event(TROOPS, as_of="2999-01-01")
    with pytest.raises(UnknownEventError, match="there is no event"):
        ce.event(7)  # type: ignore[arg-type]


def test_links_are_read_from_either_end() -> None:
    ends = {"rus-prk-treaty-signed": "part of", "rus-prk-summit-2024": "has as part"}
    for event_id, words in ends.items():
        (other,) = set(ends) - {event_id}
        links = {(link["relation"], link["event_id"]) for link in ce.event(event_id).links}
        assert (words, other) in links
    relations = set(ce.codebook().query("vocabulary == 'relation'")["code"])
    assert set(wording.RELATIONS) == relations
    assert set(wording.BASES) == set(ce.codebook().query("vocabulary == 'basis'")["code"])


def test_links_to_what_was_not_public_yet_are_hidden() -> None:
    early = {
        link["event_id"] for link in ce.event("rus-prk-treaty-signed", as_of="2024-06-20").links
    }
    late = {link["event_id"] for link in ce.event("rus-prk-treaty-signed").links}
    assert "rus-prk-summit-2024" in early
    assert TROOPS in late - early


WHEN = [
    ("2024-06-19", "2024-06-19", "day", "19 June 2024"),
    ("2024-03-10", "2024-03-15", "day", "10\N{EN DASH}15 March 2024"),
    ("2024-03-28", "2024-04-02", "day", "28 March \N{EN DASH} 2 April 2024"),
    ("2023-12-30", "2024-01-02", "day", "30 December 2023 \N{EN DASH} 2 January 2024"),
    ("2023-10-01", "2023-10-31", "month", "in October 2023"),
    ("2024-02-01", "2024-02-29", "month", "in February 2024"),
    ("2023-10-01", "2023-11-30", "month", "between 1 October and 30 November 2023"),
    ("2023-07-01", "2023-09-30", "quarter", "in the third quarter of 2023"),
    ("2023-01-01", "2023-12-31", "year", "in 2023"),
    ("2022-01-01", "2023-12-31", "year", "between 1 January 2022 and 31 December 2023"),
    ("2025-05-19", "2025-05-25", "week", "in the week of 19\N{EN DASH}25 May 2025"),
    ("2024-05-01", "2024-05-31", "range", "between 1 and 31 May 2024"),
    ("2023-07-25", "2023-07-27", "range", "between 25 and 27 July 2023"),
    ("2023-03-10", "2023-03-10", "by", "by 10 March 2023"),
    ("2022-11-02", None, "under_way", "since 2 November 2022"),
]


@pytest.mark.parametrize(("start", "end", "precision", "expected"), WHEN)
def test_when_in_words(start: str, end: str | None, precision: str, expected: str) -> None:
    event = {"start_date": start, "end_date": end, "date_precision": precision}
    assert wording.when(event) == expected


def test_precisions_are_those_of_the_codes() -> None:
    codes = set(ce.codebook().query("vocabulary == 'date_precision'")["code"])
    assert codes == {row[2] for row in WHEN}


AMOUNTS = [
    ({"best": 1, "bound": "point", "unit": "vote"}, "1 vote"),
    ({"best": 13, "bound": "point", "unit": "vote"}, "13 votes"),
    ({"best": 2.5, "bound": "approx", "unit": "t"}, "about 2.5 t"),
    ({"low": 10_000, "bound": "at_least", "unit": "person"}, "at least 10,000 persons"),
    ({"high": 9e6, "bound": "at_most", "unit": "item"}, "at most 9,000,000"),
    ({"low": 5, "best": 6, "high": 7, "bound": "range", "unit": "km"}, "5 to 7 km"),
]


@pytest.mark.parametrize(("amount", "expected"), AMOUNTS)
def test_figures_in_words(amount: dict[str, object], expected: str) -> None:
    assert wording.figure({"low": None, "best": None, "high": None} | amount) == expected


def test_amounts_are_never_added_up() -> None:
    stated = ce.load("quantities").query("event_id == @TROOPS")
    shown = [
        f for item in ce.event(TROOPS).amounts for by in item["claimants"] for f in by["figures"]
    ]
    assert len(shown) == len(stated)


def test_fields_are_the_callers_own() -> None:
    ce.event(TROOPS).claims.clear()
    assert ce.event(TROOPS).claims
