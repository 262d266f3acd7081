"""Packages of any size that are valid in full, and broken ones that know their faults.

What the tests and ``scripts/bench`` measure with: the contract, the codes, actors and publishers of
this dataset, and invented events about them. The rows are as varied as the real ones (acts, roles,
spans of every precision, places, lists, blank cells, other scripts, quoted commas and line breaks)
and obey every rule of the codebook, so that each issue of a broken package comes from a fault.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
import shutil
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, permutations
from pathlib import Path
from typing import NamedTuple

from crink_events.descriptors import read_contract
from crink_events.roles import FOUR

ROOT = Path(__file__).parent.parent

Row = list[str]


class Fault(NamedTuple):
    """A fault that was put into a package, and where a report must name it."""

    file: str
    line: int
    column: str
    rule: str


class Written(NamedTuple):
    """What was written: records by table (blank lines are none), and the faults among them."""

    rows: dict[str, int]
    faults: list[Fault]


# --------------------------------------------------------------------------- days

_FIRST = dt.date(2000, 1, 1)
_DATES = [_FIRST + dt.timedelta(days=n) for n in range((dt.date(2027, 1, 1) - _FIRST).days)]
_DAYS = [day.isoformat() for day in _DATES]
_STAMPS = [text.replace("-", "") for text in _DAYS]
#: Events end before the sources were read, and those before the package was made.
_LAST = (dt.date(2026, 6, 30) - _FIRST).days
#: Plans of which nothing has been known since have lapsed by the day on which sources were read.
_LAPSED = (dt.date(2025, 1, 1) - _FIRST).days
_READ = ((dt.date(2026, 10, 1) - _FIRST).days, (dt.date(2026, 11, 20) - _FIRST).days)


def _periods(starts: Callable[[dt.date], bool]) -> tuple[list[int], list[int]]:
    """Give the first and the last days of the whole periods of the calendar."""
    first = [n for n, day in enumerate(_DATES) if starts(day)]
    return first[:-1], [n - 1 for n in first[1:]]


#: Longer periods first: of those that fit into a span, one of the longest is tried before others.
_CALENDAR = (
    ("year", 0.06, _periods(lambda day: (day.month, day.day) == (1, 1))),
    ("quarter", 0.04, _periods(lambda day: day.month % 3 == 1 and day.day == 1)),
    ("month", 0.07, _periods(lambda day: day.day == 1)),
    ("week", 0.05, _periods(lambda day: day.weekday() == 0)),
)


# --------------------------------------------------------------------------- words

#: Of each act: how common it is, its domains, and its casts. A, B and C are three of the four, X is
#: another state.
_ACTS: dict[str, tuple[int, str, tuple[str, ...]]] = {
    "sign": (7, "political arms energy trade transport", ("signatory=A signatory=B",)),
    "ratify": (3, "political defence trade", ("ratifier=A counterparty=B",)),
    "enter_into_force": (2, "political trade", ("signatory=A signatory=B",)),
    "pledge": (3, "political defence energy", ("initiator=A target=B",)),
    "meet": (
        12,
        "political defence energy trade multilateral security",
        (
            "host=A guest=B",
            "participant=A participant=B",
            "host=X participant=A participant=B",
            "host=A participant=B participant=C",
        ),
    ),
    "endorse": (5, "political defence territory sanctions", ("initiator=A target=B",)),
    "recognise": (1, "territory political", ("initiator=A target=B",)),
    "exercise": (
        8,
        "defence security",
        (
            "participant=A participant=B",
            "host=A participant=B",
            "host=A participant=B participant=C observer=X",
        ),
    ),
    "patrol": (4, "defence", ("participant=A participant=B", "host=A participant=B")),
    "access": (2, "defence transport", ("host=A sender=B",)),
    "transfer": (
        10,
        "arms dual_use energy missile_space nuclear",
        ("supplier=A recipient=B", "supplier=A recipient=B transit=X"),
    ),
    "produce": (2, "arms missile_space", ("supplier=A recipient=B",)),
    "train": (2, "defence security", ("host=A participant=B",)),
    "deploy": (3, "defence labour", ("sender=A host=B",)),
    "trade": (8, "trade energy labour", ("supplier=A recipient=B", "participant=A participant=B")),
    "finance": (3, "finance trade", ("supplier=A recipient=B",)),
    "evade": (2, "sanctions energy", ("supplier=A recipient=B transit=X",)),
    "share": (2, "cyber defence information", ("supplier=A recipient=B",)),
    "police": (1, "security cyber", ("initiator=A participant=B",)),
    "relief": (2, "humanitarian", ("supplier=A recipient=B",)),
    "project": (3, "energy transport missile_space", ("participant=A participant=B",)),
    "join": (1, "multilateral", ("acceding=A authority=SCO", "acceding=A authority=BRICS")),
    "decline": (2, "political defence energy", ("initiator=A target=B",)),
    "withhold": (2, "finance energy nuclear", ("initiator=A target=B",)),
    "omit": (1, "political energy", ("initiator=A target=B",)),
    "sideline": (1, "political defence", ("initiator=A target=B",)),
    "cancel": (1, "energy arms", ("initiator=A target=B",)),
    "restrict": (2, "trade dual_use", ("initiator=A target=B",)),
    "enforce": (1, "trade sanctions", ("initiator=A target=B",)),
    "criticise": (4, "territory nuclear political", ("initiator=A target=B",)),
    "incident": (2, "security territory", ("participant=A participant=B",)),
    "attack": (1, "defence", ("initiator=A target=B",)),
    "spy": (2, "cyber security", ("initiator=A target=B",)),
    "exit": (1, "multilateral", ("initiator=A authority=SCO target=B",)),
    "designate": (8, "sanctions", ("authority=X subject=A subject=B",)),
    "interdict": (2, "arms sanctions", ("authority=X subject=A subject=B",)),
    "disclose": (2, "arms cyber", ("authority=X subject=A subject=B",)),
    "assess": (3, "political arms defence", ("authority=X subject=A subject=B",)),
    "vote": (
        7,
        "sanctions territory nuclear humanitarian",
        (
            "authority=UN subject=A voted_against=B voted_against=C",
            "authority=UN subject=A voted_for=B voted_for=X",
            "authority=UN subject=A abstained=B abstained=C",
            "authority=IAEA subject=A voted_against=B abstained=C",
        ),
    ),
    "context": (2, "political sanctions", ("participant=A target=X",)),
}
_OTHERS = ("BLR", "DEU", "GBR", "IND", "JPN", "KAZ", "KOR", "PAK", "TUR", "UKR", "USA", "VNM")
_RECURRING = frozenset(["exercise", "patrol", "train"])
_INSTRUMENTAL = frozenset(["sign", "ratify", "enter_into_force"])
_PLANNED = frozenset(["proposed", "announced", "cancelled", "lapsed", "unknown"])
_DENIED = ("asserts",) * 10 + ("denies", "qualifies", "declines")
_STATUS = ("completed",) * 30 + (
    "partial", "proposed", "announced", "suspended", "cancelled", "lapsed", "not_occurred", "unknown",
)  # fmt: skip

#: Name, country, latitude, longitude; coordinates are those of cities, as the codebook asks.
_CITIES = (
    ("Moscow", "RUS", "55.752", "37.6178"),
    ("Beijing", "CHN", "39.9075", "116.3972"),
    ("Pyongyang", "PRK", "39.0339", "125.7543"),
    ("Tehran", "IRN", "35.6944", "51.4215"),
    ("Ürümqi", "CHN", "43.801", "87.6005"),
    ("Vladivostok", "RUS", "43.1056", "131.8735"),
    ("Petropavlovsk-Kamchatsky", "RUS", "53.0452", "158.6483"),
    ("Bandar Abbas", "IRN", "27.1865", "56.2808"),
    ("Bandar-e Anzalī", "IRN", "37.4724", "49.4573"),
    ("Rasŏn", "PRK", "42.2449", "130.2977"),
    ("St Petersburg", "RUS", "59.9386", "30.3141"),
    ("Samarkand", "UZB", "39.6546", "66.9644"),
    ("New York", "USA", "40.7143", "-74.006"),
    ("Geneva", "CHE", "46.2022", "6.1457"),
    ("Vienna", "AUT", "48.2085", "16.3721"),
    ("Brasília", "BRA", "-15.7797", "-47.9297"),
    ("Johannesburg", "ZAF", "-26.2023", "28.0436"),
    ("Hanoi", "VNM", "21.0245", "105.8412"),
    ("Astrakhan", "RUS", "46.3497", "48.0408"),
    ("Dalian", "CHN", "38.9122", "121.6022"),
)
_SITES = (
    ("Vostochny, launch complex 1A", "RUS"),
    ("Būshehr nuclear power plant", "IRN"),
    ("Tumangang–Khasan bridge", "PRK"),
    ("Zhanjiang naval base", "CHN"),
)
_SEAS = ("Gulf of Oman", "Sea of Japan", "Caspian Sea", "East China Sea", "Baltic Sea, off Gotland")
_REGIONS = (("Primorye", "RUS"), ("Xinjiang", "CHN"), ("Hormozgān", "IRN"), ("Kursk", "RUS"))

_TITLES = {
    "ru": (
        "Россия и КНДР обсудили «всеобъемлющее партнёрство»: раунд {n}",
        "Товарооборот вырос на {n} процента, сообщила таможня",
        "Учения «Морской пояс безопасности», день {n}",
    ),
    "zh": ("中俄举行第{n}轮战略安全磋商", "中方：制裁无助于解决问题（{n}）", "海关总署：进口增长{n}%"),
    "fa": ("ایران و روسیه توافق {n} ساله امضا کردند", "رزمایش مشترک در دریای عمان، روز {n}"),
    "ko": ("북러, 제{n}차 회담 개최", "국정원 “파병 규모 {n}천명”"),
    "ar": ("إيران وروسيا توقعان الاتفاق رقم {n}", "مناورات بحرية مشتركة في خليج عُمان ({n})"),
    "es": ("China y Rusia firman {n} acuerdos; «una alianza sin límites»",),
    "en": (
        "Foreign ministers meet, sign {n} documents",
        'Ministry: "{n} per cent more", and no limits',
        "Ship-to-ship transfer seen off port, says report {n}",
        "Fact box: what is known of delivery {n}",
        "UN panel lists {n} vessels, two banks and a trading company",
        "Joint statement on the {n}th anniversary",
    ),
}  # fmt: skip
_LANGUAGES = {
    "RUS": "ru", "CHN": "zh", "IRN": "fa", "PRK": "ko", "KOR": "ko", "SAU": "ar", "IRQ": "ar",
    "LBN": "ar", "ESP": "es", "ARG": "es", "VEN": "es",
}  # fmt: skip
_KINDS = {
    "state": "wire", "party": "newspaper", "public": "broadcaster", "private": "newspaper",
    "igo": "official_statement", "ngo": "think_tank", "academic": "academic", "community": "other",
}  # fmt: skip
_TOPICS = ("talks", "turnover", "drill", "listing", "vote", "shipment", "denial", "loan", "treaty")
_NOTES = (
    "end as planned",
    "days local to the venue; by Moscow time a day earlier",
    'the page says "about", the ministry gives no figure',
    "see the claim of Iran's customs (IRICA), in rials",
)
_LONG_NOTE = "Two accounts differ.\nThe host counts from arrival, the guest from the first session."
_DETAIL = (
    "Both sides give the same account of it, and a joint statement is published on the same day.",
    "State media of one side report it first; the other confirms two days later.",
    "Figures differ between the two customs services, which count freight and insurance apart.",
    "Observers of neither side were present, and no text has been published.",
)
_PURPOSES = (
    "to pay for oil in roubles, yuan and rials",
    "to answer pressure from outside",
    "to train crews, it is said",
)
#: Item, measure, unit, and the power of ten up to which its amounts run.
_ITEMS = (
    ("ships", "vessels", "item", 2),
    ("troops", "personnel", "person", 4),
    ("aircraft", "aircraft", "item", 2),
    ("artillery_shells", "count", "item", 7),
    ("drones", "count", "item", 4),
    ("crude_oil", "capacity", "bpd", 6),
    ("coal", "mass", "t", 6),
    ("pipeline_gas", "volume", "m3", 11),
    ("trade_turnover", "value", "USD", 11),
    ("loan", "value", "CNY", 10),
    ("payments_in_roubles", "share", "percent", 2),
    ("containers", "containers", "item", 5),
    ("killed", "casualties", "person", 3),
    ("against", "votes", "vote", 2),
)
_BOUNDS = ("point",) * 6 + ("approx", "approx", "at_least", "at_most", "range")
_SUMS = ("this_event",) * 6 + ("planned", "cumulative", "flow", "flow", "stock")
_ABOUT = ("occurrence",) * 9 + (
    "content", "content", "quantity", "quantity", "date", "purpose", "status", "participants", "place",
)  # fmt: skip
_BASES = ("own_act",) * 5 + ("none_given", "document", "record", "tracking", "customs", "imagery")
#: Acts for which there are customs statistics.
_THROUGH_CUSTOMS = frozenset(["trade", "transfer", "evade", "produce", "restrict", "enforce"])
_RELATIONS = (
    "part_of", "implements", "follows_from", "follows_from", "responds_to", "contradicts",
    "replaces", "revives", "evidence_for",
)  # fmt: skip
_THEMES = (
    "commemoration", "connectivity", "deterrence", "energy_security", "hard_currency",
    "market_access", "multipolarity", "sanctions_relief", "war_materiel",
)  # fmt: skip


# --------------------------------------------------------------------------- the plan of events


class _Cast(NamedTuple):
    """An act, its domain and who takes part as what: what may not happen twice on one day."""

    act: str
    domain: str
    parts: tuple[tuple[str, str], ...]


class _Event(NamedTuple):
    """One event: its cast and span; an end of None goes on."""

    id: str
    cast: _Cast
    start: int
    end: int | None
    precision: str
    series: str


def _casts() -> tuple[list[_Cast], list[float]]:
    """List every cast, and how often it occurs: acts by their weight, some sides more than others."""
    casts: list[_Cast] = []
    weights: list[float] = []
    for act, (weight, domains, patterns) in _ACTS.items():
        found: dict[_Cast, None] = {}
        for domain in domains.split():
            for pattern in patterns:
                for three in permutations(FOUR, 3):
                    for other in _OTHERS if "=X" in pattern else _OTHERS[:1]:
                        names = dict(zip("ABC", three, strict=True), X=other)
                        pairs = (part.split("=") for part in pattern.split())
                        parts = tuple(sorted((names.get(who, who), role) for role, who in pairs))
                        found[_Cast(act, domain, parts)] = None
        # Weights that fall as those of Zipf, over sides in a mixed order.
        order = list(found)
        random.Random(act).shuffle(order)
        shares = [1 / (rank + 5) for rank in range(len(order))]
        casts += order
        weights += [weight * share / sum(shares) for share in shares]
    return casts, weights


def _span(rng: random.Random, first: int, last: int) -> tuple[int, int, str]:
    """Choose a span and its precision within the days that an event has for itself."""
    chance = rng.random()
    for precision, share, (starts, ends) in _CALENDAR:
        chance -= share
        if chance < 0:
            place = bisect_left(starts, first)
            fitting = bisect_left(ends, last + 1, lo=place) - place
            if fitting > 0:
                place += int(rng.random() * fitting)
                return starts[place], ends[place], precision
            chance = 1.0
    start = first + int(rng.random() * (last - first + 1))
    length = min(last - start, int(rng.random() * 9))
    if chance < 0.10:
        return start, start, "by"
    if chance < 0.20 and length:
        return start, start + length, "range"
    return start, start + (length if chance > 0.90 else 0), "day"


def _plan(rng: random.Random, count: int) -> list[_Event]:
    """Spread events over casts and years, so that no two of one cast overlap; sorted by id."""
    casts, weights = _casts()
    numbers = Counter(
        rng.choices(range(len(casts)), cum_weights=list(accumulate(weights)), k=count)
    )
    names: set[str] = set()
    events = []
    for number, times in sorted(numbers.items()):
        cast = casts[number]
        if times > _LAST:
            raise ValueError(f"{count} events are more than there are days for")
        sides = "-".join(dict.fromkeys(who.lower() for who, _ in cast.parts if who in FOUR))
        act, domain = cast.act.replace("_", "-"), cast.domain.replace("_", "-")
        for turn in range(times):
            first, after = turn * _LAST // times, (turn + 1) * _LAST // times
            end: int | None
            start, end, precision = _span(rng, first, after - 1)
            if turn == times - 1 and cast.act not in _INSTRUMENTAL and rng.random() < 0.3:
                end, precision = None, "under_way"
            name = base = f"{sides}-{act}-{domain}-{_STAMPS[start]}"
            repeat = 1
            while name in names:
                repeat += 1
                name = f"{base}-{repeat}"
            names.add(name)
            # An exercise has yearly editions, not thousands.
            series = f"{sides}-{act}-{number}-{turn // 20}" if cast.act in _RECURRING else ""
            events.append(_Event(name, cast, start, end, precision, series))
    return sorted(events)


# --------------------------------------------------------------------------- rows


def _read(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _Publisher(NamedTuple):
    id: str
    host: str
    kind: str
    language: str


class _Source(NamedTuple):
    id: str
    publisher: str
    day: int


@dataclass
class _Writer:
    """Makes the rows of all tables, event by event."""

    rng: random.Random
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    undated: dict[int, _Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        actors = _read("actors")
        self.names = {actor["actor_id"]: actor["name"] for actor in actors}
        self.organs: dict[str, list[str]] = defaultdict(list)
        for actor in actors:
            if actor["kind"] == "organ" and actor["iso3"]:
                self.organs[actor["iso3"]].append(actor["actor_id"])
        self.publishers = [
            _Publisher(
                row["publisher_id"],
                row["domains"].split(";")[0],
                _KINDS[row["ownership"]],
                _LANGUAGES.get(row["country"], "en"),
            )
            for row in _read("publishers")
        ]
        # Of the order of the alphabet nothing follows for how often an outlet is read.
        random.Random(0).shuffle(self.publishers)
        codes = _read("codes")
        self.valence = {
            row["code"]: row["default_valence"] for row in codes if row["vocabulary"] == "act"
        }
        self.rows["codes"] = [list(row.values()) for row in codes]
        for name in ("actors", "publishers", "coverage"):
            self.rows[name] = [list(row.values()) for row in _read(name)]

    def pick(self, values: tuple[str, ...] | list[str]) -> str:
        return values[int(self.rng.random() * len(values))]

    def write(self, events: list[_Event], undated: int) -> None:
        """Fill the tables; ``undated`` is how many pages without a date several events share."""
        for number, event in enumerate(events):
            self.event(number, event, events, undated)
        self.links(events)
        shown: dict[str, str] = {}
        for event in events:
            shown.setdefault(event.cast.act, event.id)
        for row in self.rows["codes"]:
            if row[0] == "act":
                row[5] = shown.get(row[1], "an event of this act, in words")
        # The other tables are in order already, and claims are numbered: 10 comes after 9.
        for name in ("agreements", "sources", "links", "codings"):
            self.rows[name].sort()

    def event(self, number: int, event: _Event, events: list[_Event], undated: int) -> None:
        rng, cast = self.rng, event.cast
        status = "under_way" if event.end is None else self.pick(_STATUS)
        if status in ("proposed", "announced") and event.end is not None and event.end < _LAPSED:
            status = "lapsed"
        note = self.note(0.2)
        valence = self.valence[cast.act] or _valence_of_vote(cast)
        if note and cast.act != "vote" and rng.random() < 0.1:
            valence, note = "limit", f"limit: {note}"
        record, merged = "active", ""
        if _is_gone(number) and len(events) > 2:
            target = number + 1 if number + 1 < len(events) else number - 1
            record, merged = ("merged", events[target].id) if number % 2 else ("withdrawn", "")
        place, country, north, east, precision = self.place(cast)
        # Blank for those that a call or a treaty has no place for.
        words = cast.act.replace("_", " ")
        sides = [self.names[who] for who, _ in cast.parts]
        where = f", {place}" if place else ""
        title = f"{' and '.join(sides[:2])}: {words}, {cast.domain.replace('_', ' ')}{where}"
        summary = (
            f"{', '.join(sides)} are in this {words} of {_DAYS[event.start][:7]}{where}. "
            f"{self.pick(_DETAIL)}"
        )
        sources = self.sources(event, undated)
        agreement = ""
        if cast.act in _INSTRUMENTAL and status not in _PLANNED:
            agreement = self.agreement(event, sources[0].id)
        themes = ";".join(rng.sample(_THEMES, int(rng.random() * 3))) if rng.random() < 0.3 else ""
        self.rows["events"].append(
            [
                event.id, title[:100].rstrip(), summary, cast.act, cast.domain, valence, status,
                _DAYS[event.start], "" if event.end is None else _DAYS[event.end], event.precision,
                "signature" if cast.act == "sign" else "occurrence", place, country, north, east,
                precision, event.series, agreement, themes, record, merged, note,
            ]
        )  # fmt: skip
        for who, role in cast.parts:
            organs = self.organs.get(who)
            via = ""
            if organs and rng.random() < 0.5:
                via = ";".join(sorted({self.pick(organs), self.pick(organs)}))
            self.rows["participants"].append([event.id, who, role, via, self.note(0.04)])
        stated = self.claims(event, sources, status, place)
        self.quantities(event, stated)
        if number % 100 == 0:
            self.codings(self.rows["events"][-1], cast)

    def note(self, share: float) -> str:
        return self.pick(_NOTES) if self.rng.random() < share else ""

    def place(self, cast: _Cast) -> tuple[str, str, str, str, str]:
        chance = self.rng.random()
        if chance < 0.60:
            name, country, north, east = _CITIES[int(self.rng.random() * len(_CITIES))]
            return name, country, north, east, "city"
        if chance < 0.72:
            return "", "", "", "", "none"
        if chance < 0.80:
            states = [who for who, _ in cast.parts if len(who) == 3]
            return "", states[0], "", "", "country"
        if chance < 0.88:
            return self.pick(_SEAS), "", "", "", "sea"
        if chance < 0.94:
            name, country = _SITES[int(self.rng.random() * len(_SITES))]
            return name, country, "", "", self.pick(("site", "near"))
        if chance < 0.97:
            return "", "", "", "", "virtual"
        name, country = _REGIONS[int(self.rng.random() * len(_REGIONS))]
        return name, country, "", "", self.pick(("region", "province"))

    # ----------------------------------------------------------------------- sources and claims

    def sources(self, event: _Event, undated: int) -> list[_Source]:
        """Give two or three pages of different publishers, oldest first."""
        rng = self.rng
        day = (event.start if event.end is None else event.end) + int(rng.random() * 4)
        found = [self.source(day, "")]
        day += int(rng.random() * 15)
        shared = self.shared(int(rng.random() * undated)) if rng.random() < 0.1 else None
        if shared and shared.publisher != found[0].publisher:
            found.append(_Source(shared.id, shared.publisher, day))
        else:
            found.append(self.source(day, found[0].publisher))
        if rng.random() < 0.1:
            found.append(self.source(day + int(rng.random() * 5), found[1].publisher))
        return found

    def shared(self, number: int) -> _Source:
        """Give a page without a date that several events rest on."""
        if number not in self.undated:
            self.undated[number] = self.source(0, "", dated=False)
        return self.undated[number]

    def source(self, day: int, not_by: str, *, dated: bool = True) -> _Source:
        rng = self.rng
        while True:
            chance = rng.random()
            publisher = self.publishers[int(chance * chance * len(self.publishers))]
            if publisher.id != not_by:
                break
        dated = dated and rng.random() < 0.75
        number = len(self.rows["sources"]) + 1
        topic = self.pick(_TOPICS)
        name = f"{publisher.id}-{_STAMPS[day] if dated else 'undated'}-{topic}-{number}"
        language = publisher.language if rng.random() < 0.7 else "en"
        title = self.pick(_TITLES[language]).format(n=number % 97) if rng.random() < 0.8 else ""
        path = f"{_DAYS[day].replace('-', '/')}/{topic}-{number}.html"
        if number % 3 == 0:
            path = f"{language}/news/{number},{topic}?id={number}&lang={language}"
        read = _DAYS[_READ[0] + int(rng.random() * (_READ[1] - _READ[0]))]
        self.rows["sources"].append(
            [
                name, f"https://{publisher.host}/{path}", title, publisher.id,
                _DAYS[day] if dated else "", language, publisher.kind, read,
            ]
        )  # fmt: skip
        return _Source(name, publisher.id, day)

    def claims(
        self, event: _Event, sources: list[_Source], status: str, place: str
    ) -> list[tuple[int, int]]:
        """Write the claims of an event; give the claims that state an amount, with their days."""
        rng = self.rng
        count = 2 + (rng.random() < 0.65) + (rng.random() < 0.3)
        first = "announces" if status in ("proposed", "announced") else "asserts"
        stated = []
        said: set[tuple[str, ...]] = set()
        for number in range(1, count + 1):
            source = sources[min(number, len(sources)) - 1]
            side = event.cast.parts[number % len(event.cast.parts)][0]
            claimant, basis = side, self.pick(_BASES)
            if basis == "customs" and event.cast.act not in _THROUGH_CUSTOMS:
                basis = "leak"
            chance = rng.random()
            if chance < 0.25:
                claimant, basis = "PRESS", "reporting"
            elif chance < 0.65 and side in self.organs:
                claimant = self.pick(self.organs[side])
            about, stance = "occurrence", first
            if number > 1:
                about, stance = self.pick(_ABOUT), self.pick(_DENIED)
            value = self.value(about, event, status, place)
            if about == "place" and not value:
                about = "occurrence"
            also = ""
            if number == 1 and rng.random() < 0.35:
                also = sources[1].id
            elif number == 2 and len(sources) == 3:
                also = sources[2].id
            if number == 3 and len(sources) == 3:
                also = sources[0].id
            note = self.note(0.15) if rng.random() > 0.01 else _LONG_NOTE
            origin = f"{claimant.lower()}-{_STAMPS[source.day]}" if rng.random() < 0.1 else ""
            if (claimant, stance, about, value, source.id) in said:
                about, value = "content", f"statement {number}"
            said.add((claimant, stance, about, value, source.id))
            self.rows["claims"].append(
                [
                    event.id, str(number), claimant, stance, about, value, _DAYS[source.day],
                    "exact" if rng.random() < 0.7 else "latest", basis, source.id, also, origin,
                    note,
                ]
            )  # fmt: skip
            states = about == "quantity" or rng.random() < 0.28
            if states and stance in ("asserts", "announces"):
                stated.append((number, source.day))
        return stated

    def value(self, about: str, event: _Event, status: str, place: str) -> str:
        if about == "date":
            start = _DAYS[event.start]
            return start if event.end in (None, event.start) else f"{start}/{_DAYS[event.end]}"
        if about == "place":
            return place
        if about == "participants":
            return ";".join(dict.fromkeys(who for who, _ in event.cast.parts))
        if about == "status":
            return status
        return self.pick(_PURPOSES) if about in ("content", "purpose") else ""

    def quantities(self, event: _Event, stated: list[tuple[int, int]]) -> None:
        rng = self.rng
        number = 0
        for claim, day in stated:
            first = int(rng.random() * len(_ITEMS))
            # A second amount is of the next item: none stands twice.
            for place in range(first, first + 1 + (rng.random() < 0.3)):
                number += 1
                item, measure, unit, power = _ITEMS[place % len(_ITEMS)]
                amount = int(10 ** (rng.random() * power)) + 1
                bound, total = self.pick(_BOUNDS), self.pick(_SUMS)
                low = str(amount) if bound in ("at_least", "range") else ""
                high = str(2 * amount) if bound in ("at_most", "range") else ""
                best = str(amount) if bound in ("point", "approx") else ""
                if best and unit == "percent":
                    best += f".{amount % 9 + 1}"
                start = end = ""
                if total in ("cumulative", "flow"):
                    last = day if event.end is None else min(event.end, day)
                    start, end = _DAYS[event.start], _DAYS[last]
                elif total == "stock":
                    end = _DAYS[day]
                self.rows["quantities"].append(
                    [
                        event.id, str(number), str(claim), item, measure, low, best, high, unit,
                        bound, total, start, end, self.note(0.1),
                    ]
                )  # fmt: skip

    # ----------------------------------------------------------------------- the rest

    def agreement(self, event: _Event, source: str) -> str:
        number = len(self.rows["agreements"])
        name = f"{event.id}-text"
        act, day = event.cast.act, event.start
        known = event.precision == "day"
        signed = in_force = ""
        if act == "sign":
            signed = _DAYS[day] if known else ""
        else:
            signed = _DAYS[day - 150] if day >= 150 else ""
            in_force = _DAYS[day] if known and act == "enter_into_force" else ""
        stage = "in_force" if act == "enter_into_force" else "signed"
        kind = self.pick(("treaty", "agreement", "mou", "roadmap", "protocol"))
        duties = ("no", "unclear", "") if kind == "mou" else ("yes", "no", "conditional", "")
        # One in ten replaces the one before it, which replaces none and is not in force.
        before = self.rows["agreements"][-1] if number % 10 == 9 else ["", "", "", "signed"]
        replaces = before[0] if before[3] == "signed" else ""
        title = f"{kind.capitalize()} on {event.cast.domain}, {_DAYS[day]}"
        parties = ";".join(sorted({who for who, _ in event.cast.parts}))
        self.rows["agreements"].append(
            [
                name, title, kind, stage, self.pick(("true", "false", "")), parties, signed,
                in_force, "", self.pick(("", "5", "10", "25")), self.pick(("true", "false", "")),
                *(self.pick(duties) for _ in range(5)), "art. 1: aims; art. 2: consultations", "true", source, replaces,
                self.note(0.2),
            ]
        )  # fmt: skip
        return name

    def links(self, events: list[_Event]) -> None:
        """Link editions of a series, and a third of the events to one some way before them."""
        rng, rows = self.rng, self.rows["links"]
        ordered = sorted(events, key=lambda event: (event.start, event.id))
        editions: dict[str, str] = {}
        for place, event in enumerate(ordered):
            if event.series:
                if event.series in editions:
                    rows.append([event.id, "next_in_series", editions[event.series], ""])
                editions[event.series] = event.id
            if place and rng.random() < 0.3:
                other = ordered[place - 1 - int(rng.random() * min(place, 200))]
                relation = self.pick(_RELATIONS)
                if relation == "part_of" and other.cast.act in ("vote", *_INSTRUMENTAL):
                    relation = "follows_from"
                rows.append([event.id, relation, other.id, self.note(0.1)])

    def codings(self, event: Row, cast: _Cast) -> None:
        values = {
            "act": event[3], "domain": event[4], "valence": event[5], "status": event[6],
            "start_date": event[7], "end_date": event[8], "date_precision": event[9],
            "date_anchor": event[10], "geo_precision": event[15],
            "participants": ";".join(dict.fromkeys(who for who, _ in cast.parts)),
            "roles": ";".join(f"{who}:{role}" for who, role in cast.parts), "stances": "",
        }  # fmt: skip
        for variable, value in values.items():
            for coder in ("r1-a", "r1-b"):
                self.rows["codings"].append([event[0], variable, coder, value])


def _is_gone(number: int) -> bool:
    # Never two in a row: the next one is the event that a merged one is merged into.
    return number % 97 == 50


def _valence_of_vote(cast: _Cast) -> str:
    roles = {role for _, role in cast.parts}
    if "voted_against" in roles:
        return "cooperation"
    return "friction" if "voted_for" in roles else "limit"


# --------------------------------------------------------------------------- faults


class _Kind(NamedTuple):
    """A fault of one cell: its column, the rule that finds it, what becomes of the cell."""

    column: str
    rule: str
    change: Callable[[str], str]
    filled: bool = False


def _becomes(column: str, rule: str, value: str, *, filled: bool = False) -> _Kind:
    return _Kind(column, rule, lambda _: value, filled)


#: Only cells on which no other row rests, so that a fault makes one issue, or few.
#: A name alone is a fault of a row: a cell too many or too few, the row twice, a blank row before it.
_FAULTS: dict[str, tuple[_Kind | str, ...]] = {
    "events": (
        _becomes("start_date", "type-error", "2024-02-30"),
        _becomes("domain", "constraint-error", "armes"),
        _becomes("title", "constraint-error", ""),
        _Kind("title", "constraint-error", lambda cell: cell + "!" * (101 - len(cell))),
        _becomes("place_country", "foreign-key", "XXX", filled=True),
        _becomes("latitude", "type-error", "north", filled=True),
        _becomes("longitude", "constraint-error", "181.5", filled=True),
        _Kind("summary", "untrimmed", lambda cell: cell + " "),
        _Kind("place", "control-character", lambda cell: cell[:2] + "\u200b" + cell[2:], True),
        _Kind("place", "not-normalised", lambda cell: cell + " cafe\u0301", True),
        _becomes("themes", "list-code", "prestige"),
        _becomes("end_date", "dates-in-order", "1999-12-31", filled=True),
        "blank-row",
    ),
    "participants": (
        _becomes("role", "constraint-error", "donor"),
        "extra-cell",
        _becomes("via", "list-reference", "RUS-OKHRANA"),
        "primary-key",
        "missing-cell",
        _becomes("note", "untrimmed", " twice"),
    ),
    "claims": (
        _becomes("public_on", "type-error", "13.05.2023"),
        _becomes("stance", "constraint-error", "assert"),
        _becomes("basis", "constraint-error", ""),
        _becomes("claimant_id", "foreign-key", "USA-NASA"),
        _becomes("source_id", "foreign-key", "tass-20230513-lost"),
        _becomes("also_in", "list-reference", "no-such-page"),
        _becomes("value", "constraint-error", "very " * 80 + "long"),
        _becomes("note", "untrimmed", "see below "),
        "blank-row",
    ),
    "quantities": (
        _becomes("best", "type-error", "about twelve", filled=True),
        _becomes("measure", "constraint-error", "amount"),
        _becomes("unit", "constraint-error", ""),
        _becomes("bound", "constraint-error", "around"),
        _becomes("claim_no", "foreign-key", "99"),
        _becomes("period_end", "type-error", "2023-13-01", filled=True),
        _becomes("item", "constraint-error", "Artillery shells"),
        _becomes("low", "type-error", "1,000", filled=True),
        "extra-cell",
        "missing-cell",
    ),
    "agreements": (
        _becomes("term_years", "constraint-error", "150"),
        _becomes("binding", "type-error", "yes"),
        _becomes("parties", "constraint-error", ""),
        _becomes("signed_on", "type-error", "June 2024", filled=True),
    ),
    "links": (
        _becomes("to_event", "foreign-key", "no-such-event"),
        "extra-cell",
        "primary-key",
        _becomes("note", "untrimmed", "\tindented"),
        "missing-cell",
    ),
    "sources": (
        _becomes("url", "constraint-error", "ftp://example.org/page"),
        "unique-error",
        _becomes("publisher_id", "foreign-key", "tas"),
        _becomes("published_on", "type-error", "2023-00-10", filled=True),
        _becomes("language", "constraint-error", "english"),
        _becomes("kind", "constraint-error", "blog"),
        _Kind("title", "constraint-error", lambda cell: cell + "…" * 301),
        _becomes("read_on", "constraint-error", ""),
        _Kind("title", "untrimmed", lambda cell: f" {cell}", True),
    ),
    "codings": (_becomes("coder", "constraint-error", "anna"), "extra-cell", "primary-key"),
}


def _break(
    rng: random.Random, table: str, names: list[str], rows: list[Row], share: float
) -> Iterator[tuple[Row, str, str]]:
    """Give the rows with, where one is broken, the column and rule of its fault."""
    kinds = _FAULTS.get(table, ())
    chosen = set(rng.sample(range(len(rows)), round(len(rows) * share))) if kinds else set()
    turn = 0
    for number, row in enumerate(rows):
        if number not in chosen:
            yield row, "", ""
            continue
        while True:
            kind = kinds[turn % len(kinds)]
            turn += 1
            # The row above must be there, and keep its address.
            if kind == "unique-error" and (not number or number - 1 in chosen):
                continue
            if isinstance(kind, str) or row[names.index(kind.column)] or not kind.filled:
                break
        if isinstance(kind, _Kind):
            place = names.index(kind.column)
            yield [*row[:place], kind.change(row[place]), *row[place + 1 :]], kind.column, kind.rule
        elif kind == "extra-cell":
            yield [*row, "surplus"], "", kind
        elif kind == "missing-cell":
            yield row[:-1], names[-1], kind
        elif kind == "unique-error":
            # The address of the row above.
            yield [row[0], rows[number - 1][1], *row[2:]], names[1], kind
        elif kind == "primary-key":
            yield row, "", ""
            # The last field of the key, which has three in every table with this fault.
            yield row, names[2], kind
        else:
            yield [], "", kind
            yield row, "", ""


# --------------------------------------------------------------------------- the package


def write_package(root: Path, events: int, *, seed: int = 0, broken: float = 0.0) -> Written:
    """Write a synthetic package, about ten rows an event, in canonical form.

    Parameters
    ----------
    root
        A folder that is made, or that has no package yet.
    events
        Number of events; up to about 1,500,000 there are days for.
    seed
        Packages of one seed, size and share of faults are byte for byte the same.
    broken
        Share of the rows of each table about events that carry one fault each, of mixed kinds. The
        faults stand at places that follow from nothing else, but may have issues of rules in their
        train: an event that loses a participant lacks a role.

    Returns
    -------
    Written
        Records by table, and the faults with the places at which a report must name them.
    """
    rng = random.Random(seed)
    writer = _Writer(rng)
    writer.write(_plan(rng, events), undated=events // 50 + 1)
    (root / "data").mkdir(parents=True)
    shutil.copytree(ROOT / "schemas", root / "schemas")
    shutil.copy(ROOT / "datapackage.json", root)
    counts: dict[str, int] = {}
    faults: list[Fault] = []
    for path in sorted(ROOT / table.path for table in read_contract(ROOT).tables.values()):
        with path.open(encoding="utf-8", newline="") as file:
            names = next(csv.reader(file))
        table, place = path.stem, f"data/{path.name}"
        rows = writer.rows.pop(table, [])
        line, count = 2, 0
        with (root / place).open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file, lineterminator="\n")
            out.writerow(names)
            if not broken:
                out.writerows(rows)
                counts[table] = len(rows)
                continue
            for row, column, rule in _break(rng, table, names, rows, broken):
                out.writerow(row)
                if rule:
                    faults.append(Fault(place, line, column, rule))
                # Line breaks stand in last cells only: a row's cells begin on its own line.
                line += 1 + sum(cell.count("\n") for cell in row)
                count += bool(row)
        counts[table] = count
    return Written(counts, faults)
