"""Rules about events: dates, places, status, valence, records."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from crink_events.roles import ACT_ROLES, FOUR, PREDECESSORS, VOTING
from crink_events.rules.registry import Data, Finding, moved, rule
from crink_events.rules.states import TOWNS_OF_THEIR_NAME, is_inside

_DAY = dt.timedelta(days=1)


@rule(
    "dates-in-order",
    "events",
    why="An event cannot end before it begins.",
    hint="swap or mend the dates",
    fails="events rus-prk-treaty-signed: end_date=2024-06-18",
    passes="events rus-prk-treaty-signed: end_date=2024-06-20",
)
def dates_in_order(data: Data) -> Iterator[Finding]:
    for row, start, end in data.rows("events", "start_date", "end_date"):
        if start and end and end < start:
            yield Finding("events", row, "end_date", f"ends on {end}, before it begins on {start}")


def _fits(precision: str, start: dt.date, end: dt.date) -> bool:
    after = moved(end, 1)
    if precision == "week":
        return start.weekday() == 0 and end - start == 6 * _DAY
    if precision == "month":
        return start.day == 1 and after.day == 1 and (end - start).days < 31
    if precision == "quarter":
        return (
            start.day == 1
            and start.month % 3 == 1
            and (after.year * 12 + after.month) - (start.year * 12 + start.month) == 3
            and after.day == 1
        )
    if precision == "year":
        return (start.month, start.day, end.month, end.day, end.year - start.year) == (
            1, 1, 12, 31, 0,
        )  # fmt: skip
    if precision == "by":
        return start == end
    if precision == "range":
        return start < end
    return True


@rule(
    "bounds-fit-precision",
    "events",
    why="Bounds that do not fit their precision invent days that no source gives.",
    hint="a week begins on a Monday; a month, quarter or year on its first day; `by` is one day;"
    " any other bounds are a `range`",
    fails=(
        "events gulf-of-oman-drill-2024: start_date=2024-03-12 | end_date=2024-03-18 | "
        "date_precision=week"
    ),
    passes="events gulf-of-oman-drill-2024: end_date=2024-03-17 | date_precision=week",
)
def bounds_fit_precision(data: Data) -> Iterator[Finding]:
    fields = ("start_date", "end_date", "date_precision")
    for row, start, end, precision in data.rows("events", *fields):
        if start and end and end >= start and not _fits(precision, start, end):
            message = f"{start} to {end} does not fit `{precision}`"
            yield Finding("events", row, "date_precision", message)


@rule(
    "open-end",
    "events",
    why="What goes on has no last day, and what is over has one.",
    hint="leave `end_date` blank exactly where `date_precision` is `under_way`",
    fails="events prk-sappers-builders-russia-2025: end_date=2025-12-12",
    passes="events prk-sappers-builders-russia-2025: end_date=",
)
def open_end(data: Data) -> Iterator[Finding]:
    for row, end, precision in data.rows("events", "end_date", "date_precision"):
        if precision == "under_way" and end:
            yield Finding("events", row, "end_date", "`under_way` has an end date")
        elif precision and precision != "under_way" and not end:
            yield Finding("events", row, "end_date", f"`{precision}` has no end date")


_ENDLESS = {"under_way", "suspended", "unknown", "announced", "partial"}


@rule(
    "status-fits-dates",
    "events",
    why="An act that is completed has ended; one that goes on has not.",
    hint="a status of `under_way` goes with a date precision of `under_way`",
    fails="events prk-sappers-builders-russia-2025: status=completed",
    passes="events prk-sappers-builders-russia-2025: status=suspended",
)
def status_fits_dates(data: Data) -> Iterator[Finding]:
    for row, status, precision in data.rows("events", "status", "date_precision"):
        if precision == "under_way" and status not in _ENDLESS:
            message = f"the status is {status} but the dates are under way"
            yield Finding("events", row, "status", message)
        elif status == "under_way" and precision != "under_way":
            message = f"the status is under_way but the date precision is {precision}"
            yield Finding("events", row, "status", message)


@rule(
    "not-in-the-future",
    "events claims sources",
    why="Nobody can have read that an act took place before it did.",
    hint="an act to come is `announced` or `proposed`",
    fails="events gulf-of-oman-drill-2024: start_date=2027-03-11 | end_date=2027-03-15",
    passes=(
        "events gulf-of-oman-drill-2024: status=announced | start_date=2027-03-11 | "
        "end_date=2027-03-15"
    ),
)
def not_in_the_future(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "start_date", "end_date", "status")
    for row, event, start, end, status in data.rows("events", *fields):
        if status not in ("completed", "partial", "under_way"):
            continue
        read = [
            data.value("sources", data.sources[source], "read_on")
            for claim in data.of_event("claims", event)
            if (source := data.value("claims", claim, "source_id")) in data.sources
        ]
        newest = max((day for day in read if day), default=None)
        if newest and start and start > newest:
            message = f"begins on {start}, after its newest source was read on {newest}"
            yield Finding("events", row, "start_date", message)
        elif newest and end and end > newest:
            message = f"ends on {end}, after its newest source was read on {newest}"
            yield Finding("events", row, "end_date", message)


#: Words that a summary may have.
_WORDS = 60


@rule(
    "summary-length",
    "events",
    why="A summary is read at a glance; what needs more words is in the claims.",
    hint="at most 60 words",
    fails=(
        "events rus-prk-treaty-signed: summary=word word word word word word word word word "
        "word word word word word word word word word word word word word word word word "
        "word word word word word word word word word word word word word word word word "
        "word word word word word word word word word word word word word word word word "
        "word word word word"
    ),
    passes=(
        "events rus-prk-treaty-signed: summary=word word word word word word word word word "
        "word word word word word word word word word word word word word word word word "
        "word word word word word word word word word word word word word word word word "
        "word word word word word word word word word word word word word word word word "
        "word word word"
    ),
)
def summary_length(data: Data) -> Iterator[Finding]:
    for row, summary in data.rows("events", "summary"):
        words = len((summary or "").split())
        if words > _WORDS:
            yield Finding("events", row, "summary", f"the summary has {words} words")


@rule(
    "country-fits-place",
    "events",
    why="Only the sea, a call and an unknown place have no country.",
    hint="`place_country` is blank exactly for `sea`, `virtual` and `none`",
    fails="events gulf-of-oman-drill-2024: place_country=IRN",
    passes="events gulf-of-oman-drill-2024: place_country=IRN | geo_precision=near",
)
def country_fits_place(data: Data) -> Iterator[Finding]:
    for row, country, precision in data.rows("events", "place_country", "geo_precision"):
        nowhere = precision in ("sea", "virtual", "none")
        if nowhere and country:
            message = f"`{precision}` has a country"
            yield Finding("events", row, "place_country", message)
        elif precision and not nowhere and not country:
            message = f"`{precision}` has no country"
            yield Finding("events", row, "place_country", message)


@rule(
    "place-named",
    "events",
    why="A precision says how exactly a place is known; without its name there is none.",
    hint="name the place, or use `country`, `virtual` or `none`",
    fails="events rus-prk-summit-2024: place=",
    passes="events rus-prk-summit-2024: place= | geo_precision=country",
)
def place_named(data: Data) -> Iterator[Finding]:
    for row, place, precision in data.rows("events", "place", "geo_precision"):
        if place is None and precision and precision not in ("country", "virtual", "none"):
            yield Finding("events", row, "place", f"`{precision}` names no place")


@rule(
    "coordinates",
    "events",
    why="Half a coordinate is no place, and a point on the map is no country and no province.",
    hint="give both, of a town or site; leave both blank for what is larger, and for no place",
    fails="events prk-sappers-builders-russia-2025: latitude=51.7",
    passes=(
        "events prk-sappers-builders-russia-2025: latitude=51.7 | longitude=36.2 | "
        "geo_precision=city"
    ),
)
def coordinates(data: Data) -> Iterator[Finding]:
    fields = ("latitude", "longitude", "geo_precision")
    for row, latitude, longitude, precision in data.rows("events", *fields):
        if (latitude is None) != (longitude is None):
            missing = "latitude" if latitude is None else "longitude"
            yield Finding("events", row, missing, f"the {missing} is missing")
        elif latitude is not None and precision in ("none", "virtual"):
            yield Finding("events", row, "geo_precision", f"`{precision}` has coordinates")
        elif latitude is not None and precision in ("country", "province", "region"):
            message = f"{latitude} {longitude} is a point, and the precision is {precision}"
            yield Finding("events", row, "latitude", message)


@rule(
    "merged-into",
    "events",
    why="A merged record must lead to the one that survives, in one step.",
    hint="fill `merged_into` exactly where `record_status` is `merged`, with an active event",
    fails="events rus-prk-summit-2024: record_status=merged",
    passes="events rus-prk-summit-2024: record_status=merged | merged_into=rus-prk-treaty-signed",
)
def merged_into(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "record_status", "merged_into")
    for row, event, status, target in data.rows("events", *fields):
        if (status == "merged") != (target is not None):
            message = f"the record is {status} and `merged_into` is {target or 'blank'}"
            yield Finding("events", row, "merged_into", message)
        elif target == event:
            yield Finding("events", row, "merged_into", "the event is merged into itself")
        elif target in data.events:
            other = data.value("events", data.events[target], "record_status")
            if other != "active":
                yield Finding("events", row, "merged_into", f'"{target}" is {other} itself')


#: How parts of a note begin that tell of days, or of who was there.
_NO_REASON = re.compile(
    r"(?:end (?:as|on|by)|end:|days? of|bounds?:|arrival\b|departure\b|multinational\b)",
    re.IGNORECASE,
)
#: A part of a note that names a place.
_A_PLACE = re.compile(r"(?:(?:at|in|off|near) )?[A-Z][\w'-]*(?: [A-Z][\w'-]*)*")


def _gives_reason(note: str | None) -> bool:
    """Tell whether a note says more than days, places and names.

    Examples
    --------
    >>> _gives_reason("a partner stayed away"), _gives_reason("end as planned; Port Arthur")
    (True, False)
    """
    parts = (part.strip() for part in re.split(r"[;.]", note or ""))
    return any(
        part and not _NO_REASON.match(part) and not _A_PLACE.fullmatch(part) for part in parts
    )


@rule(
    "valence-fits-act",
    "events codes",
    why="The act decides the valence unless a coder gives a reason.",
    hint="use the act's default, or say why not in `note`; days and places are no reason",
    fails="events gulf-of-oman-drill-2024: valence=friction | note=",
    passes="events gulf-of-oman-drill-2024: valence=limit | note=a partner stayed away",
)
def valence_fits_act(data: Data) -> Iterator[Finding]:
    default = {
        code: data.value("codes", row, "default_valence") for code, row in data.codes("act").items()
    }
    fields = ("act", "valence", "note")
    rows: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for _, act, valence, note in data.rows("events", *fields):
        rows[act].append((valence, note))
    for act, place in data.codes("act").items():
        said = {valence for valence, _ in rows[act]}
        if len(rows[act]) > 4 and len(said) == 1 and default[act] and default[act] not in said:
            # All coders agree; then it is rather the table of codes that is wrong.
            message = f"all {len(rows[act])} events with `{act}` are {said.pop()}"
            yield Finding("codes", place, "default_valence", message)
            del default[act]
    for row, act, valence, note in data.rows("events", *fields):
        expected = default.get(act)
        if expected and valence and valence != expected and not _gives_reason(note):
            message = f"`{act}` is {expected} by default, and `note` gives no reason for {valence}"
            yield Finding("events", row, "valence", message)


_SAYS_VALENCE = re.compile(
    r"valence|overrid|\b(?:cooperation|limit|friction|third.party|context)\b", re.IGNORECASE
)


@rule(
    "valence-said-why",
    "events codes",
    why="A note about something else reads as if it were the reason of an unusual valence.",
    hint="begin the reason with the valence, as in `limit: a partner stayed away`; or use the"
    " act's default",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: valence=limit",
    passes="events gulf-of-oman-drill-2024: valence=limit | note=limit: a partner stayed away",
)
def valence_said_why(data: Data) -> Iterator[Finding]:
    default = {
        code: data.value("codes", row, "default_valence") for code, row in data.codes("act").items()
    }
    for row, act, valence, note in data.rows("events", "act", "valence", "note"):
        expected = default.get(act)
        if not expected or not valence or valence == expected or not _gives_reason(note):
            continue  # the default, or no reason at all
        if not _SAYS_VALENCE.search(note):
            message = f"`{act}` is {expected} by default, and `note` does not speak of the valence"
            yield Finding("events", row, "valence", message)


@rule(
    "vote-valence",
    "events participants",
    why="The valence of a vote follows from the votes of the four, not from the coder.",
    hint="another of the four against the subject: friction; one with it and none against:"
    " cooperation; all abstained: limit",
    fails="events unsc-vote-1718-panel-2024: valence=limit",
    passes="events unsc-vote-1718-panel-2024: valence=cooperation",
)
def vote_valence(data: Data) -> Iterator[Finding]:
    for row, event, act, valence in data.rows("events", "event_id", "act", "valence"):
        if act != "vote":
            continue
        subjects, votes = set(), {}
        for part in data.of_event("participants", event):
            actor = data.value("participants", part, "actor_id")
            role = data.value("participants", part, "role")
            if role == "subject":
                subjects.add(actor)
            elif role in VOTING:
                votes[actor] = role
        others = {
            actor: role for actor, role in votes.items() if actor in FOUR and actor not in subjects
        }
        took = {
            actor: role for actor, role in others.items() if role not in ("abstained", "not_voting")
        }
        # A text is about its subject and seldom for it: who votes against it votes with the
        # subject. What a vote for the text means is in the text.
        if others and not took and valence != "limit":
            message = f"the others of the four took no side, and the valence is {valence}"
            yield Finding("events", row, "valence", message)
        elif took and valence == "limit":
            roles = ", ".join(sorted(set(took.values())))
            yield Finding("events", row, "valence", f"one of the four {roles}; that is no limit")
        elif took and "voted_for" not in took.values() and valence != "cooperation":
            message = (
                f"{', '.join(sorted(took))} voted against the text, none of the others of the four"
                f" for it, and the valence is {valence}"
            )
            yield Finding("events", row, "valence", message)


#: Where the bodies vote.
_SEATS = {
    "UNSC": ("New York", "USA"),
    "UNGA": ("New York", "USA"),
    "IAEA-BOG": ("Vienna", "AUT"),
    "UNHRC": ("Geneva", "CHE"),
}


@rule(
    "vote-at-seat",
    "events participants",
    why="A body votes at its seat: the Security Council in New York, the Board of the IAEA in"
    " Vienna.",
    hint="mend the place, or the `authority`",
    fails="events unsc-vote-1718-panel-2024: place=Vienna",
    passes="events unsc-vote-1718-panel-2024: place= | place_country= | geo_precision=none",
)
def vote_at_seat(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "act", "place", "place_country")
    for row, event, act, place, country in data.rows("events", *fields):
        if act != "vote":
            continue
        for part in data.of_event("participants", event):
            body = data.value("participants", part, "actor_id")
            role = data.value("participants", part, "role")
            if role != "authority" or body not in _SEATS:
                continue
            town, state = _SEATS[body]
            if place and not place.startswith(town):
                yield Finding("events", row, "place", f"{body} votes in {town}, not in {place}")
            elif country and country != state:
                message = f"{body} votes in {town} ({state}), not in {country}"
                yield Finding("events", row, "place_country", message)


@rule(
    "agreement-named",
    "events",
    why="Signing, ratifying and entering into force happen to an instrument.",
    hint="add the instrument to `agreements` and name it",
    fails="events rus-prk-treaty-signed: agreement_id=",
    passes="events rus-prk-treaty-signed: status=announced | agreement_id=",
)
def agreement_named(data: Data) -> Iterator[Finding]:
    for row, act, agreement, status in data.rows("events", "act", "agreement_id", "status"):
        planned = status in ("proposed", "announced", "cancelled", "lapsed", "unknown")
        if act in ("sign", "ratify", "enter_into_force") and agreement is None and not planned:
            yield Finding("events", row, "agreement_id", f"`{act}` names no agreement")


@rule(
    "inside-country",
    "events",
    why="A point lies in the country that the row names; swapped or unsigned degrees do not.",
    hint="latitude is north, longitude east; south and west have a minus; or mend `place_country`",
    fails=(
        "events prk-sappers-builders-russia-2025: latitude=36.2 | longitude=51.7 | "
        "geo_precision=city"
    ),
    passes=(
        "events prk-sappers-builders-russia-2025: latitude=51.7 | longitude=36.2 | "
        "geo_precision=city"
    ),
)
def inside_country(data: Data) -> Iterator[Finding]:
    fields = ("place_country", "latitude", "longitude", "geo_precision")
    for row, country, latitude, longitude, precision in data.rows("events", *fields):
        # What is near a country may lie at sea.
        if None in (country, latitude, longitude) or precision == "near":
            continue
        if is_inside(country, latitude, longitude) or abs(latitude) > 90 or abs(longitude) > 180:
            continue
        message = f"{latitude} {longitude} is not in {country}"
        if is_inside(country, longitude, latitude):
            message += "; latitude and longitude may be swapped"
        east_west = is_inside(country, latitude, -longitude)
        north_south = is_inside(country, -latitude, longitude)
        message += f"; has it lost its sign, {-longitude}?" if east_west else ""
        message += f"; has it lost its sign, {-latitude}?" if north_south else ""
        yield Finding("events", row, "longitude" if east_west else "latitude", message)


@rule(
    "town-no-country",
    "events actors",
    why="A precision of a town or site under the name of a state says more than is known.",
    hint="name the town, or make `geo_precision` `country` and leave the coordinates blank",
    fails="events rus-prk-summit-2024: place=North Korea",
    passes="events rus-prk-summit-2024: place=North Korea | geo_precision=country",
)
def town_no_country(data: Data) -> Iterator[Finding]:
    states = {
        name: actor
        for _, actor, name, kind in data.rows("actors", "actor_id", "name", "kind")
        if kind == "state" and actor not in TOWNS_OF_THEIR_NAME
    }
    for row, place, precision in data.rows("events", "place", "geo_precision"):
        if place in states and precision in ("site", "city", "district"):
            yield Finding("events", row, "place", f'"{place}" is a state, and no {precision}')


@rule(
    "id-year",
    "events",
    why="A year in an id says when the event was; another year in its dates is often a slip.",
    hint="check the year of the dates; an id that was released stays as it is",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: start_date=2014-03-11 | end_date=2014-03-15",
    passes="events gulf-of-oman-drill-2024: start_date=2024-03-12",
)
def id_year(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "act", "start_date", "end_date")
    for row, event, act, start, end in data.rows("events", *fields):
        year = _year_of_id(event)
        # Resolutions have numbers that look like years.
        if not year or act == "vote" or not start or not end or start > data.today:
            continue
        if not start.year <= year <= end.year:
            message = f"{start} to {end}, and the id says {year}"
            yield Finding("events", row, "start_date", message)


def _year_of_id(event: str | None) -> int | None:
    match = re.search(r"-((?:19|20)\d\d)(?:-\d\d){0,2}$", event or "")
    return int(match[1]) if match else None


_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
#: Titles whose years may be those of a text, of a plan, or of what an act looks back to.
_OTHER_YEARS = re.compile(
    r"treaty|agreement|resolution|sanction|since|until|accused|\b(?:of|to|by|for) (?:19|20)\d\d\b",
    re.IGNORECASE,
)


@rule(
    "title-year",
    "events",
    why="A year in a title mostly says when the event was.",
    hint="check the year of the title, and of the dates",
    severity="warning",
    fails="events gulf-of-oman-drill-2023: title=China, Iran and Russia hold the drill Belt 2013",
    passes="events gulf-of-oman-drill-2023: title=The three hold the first drill since 2013",
)
def title_year(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "title", "start_date", "end_date")
    for row, event, title, start, end in data.rows("events", *fields):
        years = [int(year) for year in _YEAR.findall(title or "")]
        if not years or not start or start > data.today or _OTHER_YEARS.search(title):
            continue
        if _year_of_id(event) in years:
            continue  # the title agrees with the id; where the dates do not, that is told
        last = (end or data.today).year
        if not any(start.year - 1 <= year <= last + 1 for year in years):
            message = f"the title says {years[0]}, and the event begins on {start}"
            yield Finding("events", row, "title", message)


#: Acts whose dates can be those of a signature, of an entry into force, or of a delivery.
_ANCHORED = {
    "signature": {"sign", "ratify", "pledge", "endorse", "context", "join", "finance"},
    "entry_into_force": {"enter_into_force", "join", "exit", "restrict", "enforce", "context"},
    "delivery": {
        "transfer", "trade", "relief", "evade", "project", "withhold", "finance", "share",
        "produce", "interdict", "context", "deploy", "access",
    },
    "order": {
        "designate", "withhold", "enforce", "restrict", "pledge", "context", "interdict", "decline",
        "cancel", "exit", "deploy", "relief", "finance", "recognise", "sideline", "join", "spy",
        "police", "ratify", "disclose", "criticise",
    },
}  # fmt: skip


@rule(
    "anchor-fits-act",
    "events",
    why="The anchor says of what the dates are; a meeting has no day of delivery.",
    hint="`occurrence` is the usual anchor",
    severity="warning",
    fails="events rus-prk-summit-2024: date_anchor=entry_into_force",
    passes="events rus-prk-summit-2024: date_anchor=announcement",
)
def anchor_fits_act(data: Data) -> Iterator[Finding]:
    for row, act, anchor in data.rows("events", "act", "date_anchor"):
        if act and act not in _ANCHORED.get(anchor, {act}):
            yield Finding("events", row, "date_anchor", f"`{act}` is dated by its {anchor}")


#: Acts that fall into few domains.
_DOMAINS = {
    "exercise": {"defence", "security", "humanitarian", "cyber", "missile_space"},
    "patrol": {"defence", "security"},
    "deploy": {"defence", "security", "labour"},
    "relief": {"humanitarian"},
    "spy": {"security", "cyber", "defence", "arms", "missile_space", "nuclear", "dual_use"},
}


@rule(
    "domain-fits-act",
    "events",
    why="Forces that drill, patrol or go abroad do so for defence or security, not for trade.",
    hint="mend `domain`, or `act`",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: domain=trade",
    passes="events gulf-of-oman-drill-2024: domain=security",
)
def domain_fits_act(data: Data) -> Iterator[Finding]:
    for row, act, domain in data.rows("events", "act", "domain"):
        known = _DOMAINS.get(act)
        if known and domain and domain not in known:
            message = f"`{act}` is of {' or '.join(sorted(known))}, and this of {domain}"
            yield Finding("events", row, "domain", message)


@rule(
    "says-why-withdrawn",
    "events",
    why="A row that no longer counts stays, and its readers ask why.",
    hint="say in `note` why it was withdrawn",
    severity="warning",
    fails="events rus-prk-summit-2024: record_status=withdrawn | note=",
    passes="events rus-prk-summit-2024: record_status=withdrawn | note=the page was taken down",
)
def says_why_withdrawn(data: Data) -> Iterator[Finding]:
    for row, status, note in data.rows("events", "record_status", "note"):
        if status == "withdrawn" and not note:
            yield Finding("events", row, "note", "the event is withdrawn, and `note` is blank")


@rule(
    "plain-title",
    "events",
    why="A title says in plain words who did what; it is no headline of an outlet.",
    hint="a short sentence without its point, in small letters, in your own words",
    severity="warning",
    fails="events rus-prk-summit-2024: title=Putin visits Pyongyang - TASS",
    passes="events rus-prk-summit-2024: title=Putin visits Pyongyang, TASS reports",
)
def plain_title(data: Data) -> Iterator[Finding]:
    for row, title in data.rows("events", "title"):
        if title is None:
            continue
        tail = re.search(r" [-|\u2013\u2014] (\w[\w. ]{1,30})$", title)
        if title.isupper() and len(title.split()) > 2:
            yield Finding("events", row, "title", "the title is in capitals")
        elif title.endswith((".", ",", ";", ":")):
            yield Finding("events", row, "title", f'the title ends with "{title[-1]}"')
        elif len(title.split()) < 3:
            yield Finding("events", row, "title", f'"{title}" does not say who did what')
        elif tail:
            yield Finding("events", row, "title", f'"{tail[1]}" is no part of what happened')


@rule(
    "own-summary",
    "events",
    why="A summary says in sentences what the title does not, and speaks of this event alone.",
    hint="write the summary of this event, to its last point",
    severity="warning",
    fails="events rus-prk-summit-2024: summary=Putin visits Pyongyang for talks with Kim Jong Un",
    passes="events rus-prk-summit-2024: summary=The two talk for hours.",
)
def own_summary(data: Data) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row, event, title, summary in data.rows("events", "event_id", "title", "summary"):
        if not summary:
            continue
        first = seen.setdefault(summary, event)
        if first != event:
            yield Finding("events", row, "summary", f'the words are those of "{first}"')
        elif summary == title:
            yield Finding("events", row, "summary", "the summary repeats the title")
        elif len(summary.split()) <= _WORDS and not summary.rstrip("\"')").endswith(
            (".", "?", "!")
        ):
            yield Finding("events", row, "summary", f'it breaks off after "{summary[-20:]}"')


@rule(
    "sentence-once",
    "events",
    why="A sentence that stands twice in a summary was pasted, and another may be missing.",
    hint="write it once",
    fails="events rus-prk-summit-2024: summary=The two talk for hours. The two talk for hours.",
    passes="events rus-prk-summit-2024: summary=The two talk for hours. They sign a treaty.",
)
def sentence_once(data: Data) -> Iterator[Finding]:
    for row, summary in data.rows("events", "summary"):
        seen = set()
        for sentence in re.split(r"(?<=[.!?])\s+", summary or ""):
            if sentence in seen:
                yield Finding("events", row, "summary", f'"{sentence}" stands twice')
            seen.add(sentence)


#: Acts of hours or days, and how many days they last at most.
_SHORT = {
    "meet", "sign", "exercise", "patrol", "vote", "access", "endorse", "criticise", "designate",
    "disclose", "assess", "recognise", "enter_into_force", "decline", "pledge", "attack",
}  # fmt: skip
_LONGEST = 62


@rule(
    "short-act",
    "events",
    why="Visits, drills and signatures last for days; months are mostly a year or month mistyped.",
    hint="check both dates; what goes on has a precision of `under_way`, bounds are a `range`",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: end_date=2024-08-15",
    passes="events gulf-of-oman-drill-2024: end_date=2024-04-15",
)
def short_act(data: Data) -> Iterator[Finding]:
    fields = ("act", "start_date", "end_date", "date_precision")
    for row, act, start, end, precision in data.rows("events", *fields):
        if precision != "day" or act not in _SHORT or not start or not end:
            continue
        if (end - start).days > _LONGEST:
            message = f"`{act}` for {(end - start).days} days, from {start} to {end}"
            yield Finding("events", row, "start_date", message)
            yield Finding("events", row, "end_date", message)


@rule(
    "still-to-come",
    "events claims",
    why="An act that a side says it has done is neither proposed nor announced.",
    hint="mend `status`; or, if it is the plan that is stated, the stance is `announces`",
    severity="warning",
    fails="events rus-prk-summit-2024: status=announced",
    passes="events rus-prk-summit-2024: status=partial",
)
def still_to_come(data: Data) -> Iterator[Finding]:
    for row, event, status in data.rows("events", "event_id", "status"):
        if status in ("proposed", "announced") and (who := _told_by(data, event, "own_act")):
            message = f"the status is {status}, and {who} asserts it as an act of its own"
            yield Finding("events", row, "status", message)


def _told_by(data: Data, event: str, basis: str | None = None) -> str | None:
    """Give who asserts, on that basis or on any, that the act of an event took place."""
    for claim in data.of_event("claims", event):
        about, stance, its, who = (
            data.value("claims", claim, name)
            for name in ("about", "stance", "basis", "claimant_id")
        )
        if (about, stance) == ("occurrence", "asserts") and basis in (None, its):
            return str(who)
    return None


#: Acts that go on, halts and refusals: that one began does not say whether it has ended.
_HALTS_AND_FLOWS = {
    "decline", "evade", "finance", "omit", "produce", "relief", "share", "trade", "transfer",
    "withhold",
}  # fmt: skip


@rule(
    "stage-as-claimed",
    "events claims",
    why="What is claimed to have happened has the stage that is claimed, whoever denies it.",
    hint="`completed` or `under_way`, and the denial is a claim; or, if it is the plan that is"
    " stated, the stance is `announces`",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: status=unknown",
    passes="events gulf-of-oman-drill-2024: act=withhold | status=unknown",
)
def stage_as_claimed(data: Data) -> Iterator[Finding]:
    for row, event, act, status in data.rows("events", "event_id", "act", "status"):
        if status != "unknown" or act in _HALTS_AND_FLOWS:
            continue
        if who := _told_by(data, event):
            message = f"the status is unknown, and {who} asserts that it took place"
            yield Finding("events", row, "status", message)


#: Days after which a plan of which nothing more is known has lapsed, with room to spare.
_LAPSED = 731


@rule(
    "plan-lapsed",
    "events claims sources",
    why="A plan of which nothing is known years after its day has lapsed.",
    hint="`lapsed`; `unknown` where no side made the plan; or what became of it",
    severity="warning",
    fails="events chn-rus-trade-2023: status=proposed",
    passes="events chn-rus-trade-2023: status=lapsed",
)
def plan_lapsed(data: Data) -> Iterator[Finding]:
    newest = max((day for _, day in data.rows("sources", "read_on") if day), default=None)
    for row, event, status, end in data.rows("events", "event_id", "status", "end_date"):
        if status not in ("proposed", "announced") or not end or not newest:
            continue
        if moved(end, _LAPSED) < newest and not _told_by(data, event, "own_act"):  # or told as done
            message = f"{status}, to end on {end}; the newest page was read on {newest}"
            yield Finding("events", row, "status", message)


#: Degrees between two coordinates of one town or site that are the same place.
_SAME_PLACE = 0.5


@rule(
    "place-agrees",
    "events",
    why="One town lies in one country, at one point of the map.",
    hint="mend the cell; of two towns of one name, write the province behind the name",
    fails="events rus-prk-summit-2024: place_country=RUS",
    passes="events rus-prk-summit-2024: place=Pyongyang (airport) | place_country=RUS",
)
def place_agrees(data: Data) -> Iterator[Finding]:
    places: dict[str, list[int]] = defaultdict(list)
    for row, place, precision in data.rows("events", "place", "geo_precision"):
        if place and precision in ("site", "city"):
            places[place].append(row)
    for place, rows in places.items():
        for name, same in (
            ("place_country", _is_equal),
            ("latitude", _is_near),
            ("longitude", _is_near),
        ):
            values = {row: data.value("events", row, name) for row in rows}
            filled = {row: value for row, value in values.items() if value is not None}
            for row, others in _apart(filled, same).items():
                message = f"{values[row]} for {place}, and {others} in other rows"
                yield Finding("events", row, name, message)


def _is_equal(one: Any, two: Any) -> bool:
    return bool(one == two)


def _is_near(one: Any, two: Any) -> bool:
    return bool(abs(one - two) <= _SAME_PLACE)


def _apart(values: dict[int, Any], same: Callable[[Any, Any], bool]) -> dict[int, Any]:
    """Give the rows whose value most others contradict, and what those have.

    Of two camps of one size both are given: one of them is wrong.
    """
    found = {}
    for row, value in values.items():
        others = [other for other in values.values() if not same(value, other)]
        if others and len(others) * 2 >= len(values):
            found[row] = others[0]
    return found


@rule(
    "period-as-days",
    "events",
    why="A page that says `in June` gives no days; bounds that fill a period are seldom exact.",
    hint="`date_precision` is `month`, `quarter` or `year`, unless a page names both days",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: start_date=2024-03-01 | end_date=2024-03-31",
    passes="events gulf-of-oman-drill-2024: start_date=2024-03-01 | end_date=2024-03-30",
)
def period_as_days(data: Data) -> Iterator[Finding]:
    fields = ("start_date", "end_date", "date_precision")
    for row, start, end, precision in data.rows("events", *fields):
        if precision != "day" or not start or not end or start == end:
            continue
        if start.day == 1 and end < dt.date.max and (end + dt.timedelta(days=1)).day == 1:
            message = f"{start} to {end} fills whole months, and the precision is day"
            yield Finding("events", row, "date_precision", message)


@rule(
    "one-line-title",
    "events sources agreements actors publishers",
    why="Titles and names stand in lists, one a line.",
    hint="write it in one line",
    fails="events rus-prk-summit-2024: title=Putin visits Pyongyang\\nfor talks",
    passes="events rus-prk-summit-2024: note=one\\ntwo",
)
def one_line_title(data: Data) -> Iterator[Finding]:
    for table, name in (
        ("events", "title"),
        ("events", "place"),
        ("sources", "title"),
        ("agreements", "title"),
        ("actors", "name"),
        ("publishers", "name"),
    ):
        for row, text in data.rows(table, name):
            if text and "\n" in text:
                yield Finding(table, row, name, f"the {name} is broken into lines")


@rule(
    "possible-duplicate",
    "events participants quantities links",
    why="Two curators may have coded one act under two names.",
    hint="merge them, or link them if they are two",
    severity="warning",
    fails=(
        "+ events: event_id=z-twin | title=Russia and North Korea sign comprehensive "
        "strategic partnership treaty | summary=Putin and Kim Jong Un sign in Pyongyang a "
        "treaty whose Article 4 promises military and other help at once, with all means, to "
        "a party that is attacked, with reference to Article 51 of the UN Charter and to "
        "both countries' laws. | act=sign | domain=political | valence=cooperation | "
        "status=completed | start_date=2024-06-19 | end_date=2024-06-19 | date_precision=day "
        "| date_anchor=signature | place=Pyongyang | place_country=PRK | geo_precision=city "
        "| agreement_id=rus-prk-csp-treaty-2024 | themes=multipolarity;regime_security | "
        "record_status=active\n"
        "+ participants: event_id=z-twin | actor_id=PRK | role=signatory | via=PRK-SAC\n"
        "+ participants: event_id=z-twin | actor_id=RUS | role=signatory | via=RUS-PRES\n"
        "+ claims: event_id=z-twin | claim_no=1 | claimant_id=RUS-PRES | stance=asserts | "
        "about=occurrence | public_on=2024-06-19 | public_is=exact | basis=own_act | "
        "source_id=daily-tribune-ph-20240619-treaty | also_in=report-az-undated-kim"
    ),
    passes=(
        "+ events: event_id=z-twin | title=Russia and North Korea sign comprehensive "
        "strategic partnership treaty | summary=Putin and Kim Jong Un sign in Pyongyang a "
        "treaty whose Article 4 promises military and other help at once, with all means, to "
        "a party that is attacked, with reference to Article 51 of the UN Charter and to "
        "both countries' laws. | act=sign | domain=political | valence=cooperation | "
        "status=completed | start_date=2024-06-19 | end_date=2024-06-19 | date_precision=day "
        "| date_anchor=signature | place=Pyongyang | place_country=PRK | geo_precision=city "
        "| agreement_id=rus-prk-csp-treaty-2024 | themes=multipolarity;regime_security | "
        "record_status=active\n"
        "+ participants: event_id=z-twin | actor_id=PRK | role=signatory | via=PRK-SAC\n"
        "+ participants: event_id=z-twin | actor_id=RUS | role=signatory | via=RUS-PRES\n"
        "+ claims: event_id=z-twin | claim_no=1 | claimant_id=RUS-PRES | stance=asserts | "
        "about=occurrence | public_on=2024-06-19 | public_is=exact | basis=own_act | "
        "source_id=daily-tribune-ph-20240619-treaty | also_in=report-az-undated-kim\n"
        "+ links: from_event=z-twin | relation=follows_from | to_event=rus-prk-treaty-signed"
    ),
)
def possible_duplicate(data: Data) -> Iterator[Finding]:
    known = _Apart(data)
    groups: dict[tuple[str, str, frozenset[tuple[str, str]]], list[int]] = defaultdict(list)
    fields = ("event_id", "act", "domain", "record_status")
    for row, event, act, domain, status in data.rows("events", *fields):
        sides = frozenset(
            (PREDECESSORS.get(actor, actor), data.value("participants", part, "role"))
            for part in data.of_event("participants", event)
            if (actor := data.value("participants", part, "actor_id"))
        )
        if act and sides and status == "active":
            groups[act, domain, sides].append(row)
    columns: dict[str, list[Any]] = data.tables["events"].columns
    ids, starts, ends = (columns[name] for name in ("event_id", "start_date", "end_date"))
    for rows in groups.values():
        dated = sorted((starts[row], row) for row in rows if starts[row])
        for place, (_, one) in enumerate(dated):
            last = ends[one] or dt.date.max
            for begin, two in dated[place + 1 :]:
                if begin > last:
                    break  # and so do all that follow
                _, second = sorted((one, two))
                first = one if second == two else two
                if known.tell_apart(ids[first], ids[second]):
                    continue
                items = [_items(data, ids[row]) for row in (first, second)]
                if all(items) and items[0].isdisjoint(items[1]):
                    continue  # different goods
                message = f'same act, domain, sides and days as "{ids[first]}"'
                yield Finding("events", second, "event_id", message)


class _Apart:
    """The pairs of events that a link, or a whole that both are part of, tells apart."""

    def __init__(self, data: Data) -> None:
        self._links: set[frozenset[str]] = set()
        self._wholes: dict[str, set[str]] = defaultdict(set)
        for _, start, relation, end in data.rows("links", "from_event", "relation", "to_event"):
            if start and end:
                self._links.add(frozenset((start, end)))
                if relation == "part_of":
                    self._wholes[start].add(end)

    def tell_apart(self, one: str, two: str) -> bool:
        siblings = not self._wholes.get(one, set()).isdisjoint(self._wholes.get(two, ()))
        return siblings or frozenset((one, two)) in self._links


def _items(data: Data, event: str) -> set[str]:
    return {data.value("quantities", row, "item") for row in data.of_event("quantities", event)}


@rule(
    "one-name-a-point",
    "events",
    why="One town has one name here, so that its events are found together.",
    hint="use one spelling, or mend the coordinates",
    severity="warning",
    fails=(
        "events rus-prk-summit-2024: latitude=39.03 | longitude=125.75\n"
        "events rus-prk-treaty-signed: latitude=39.03 | longitude=125.75 | place=Pyongyan"
    ),
    passes="events rus-prk-summit-2024: latitude=39.03 | longitude=125.75",
)
def one_name_a_point(data: Data) -> Iterator[Finding]:
    names: dict[tuple[float, float], str] = {}
    fields = ("place", "latitude", "longitude", "geo_precision")
    for row, place, latitude, longitude, precision in data.rows("events", *fields):
        if not place or latitude is None or longitude is None or precision != "city":
            continue
        first = names.setdefault((latitude, longitude), place)
        if first != place:
            yield Finding("events", row, "place", f'the same point is called "{first}" elsewhere')


@rule(
    "one-act-a-series",
    "events",
    why="Editions of one series are acts of one kind.",
    hint="mend `act`, or `series`",
    severity="warning",
    fails="events gulf-of-oman-drill-2024: act=patrol",
    passes="events gulf-of-oman-drill-2024: act=exercise",
)
def one_act_a_series(data: Data) -> Iterator[Finding]:
    acts: dict[str, str] = {}
    for row, series, act in data.rows("events", "series", "act"):
        # What is no code of an act is told by the contract.
        if series and act in ACT_ROLES and acts.setdefault(series, act) != act:
            yield Finding(
                "events", row, "act", f"{act}, and the series {series} is of {acts[series]}"
            )
