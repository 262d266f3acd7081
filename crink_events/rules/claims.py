"""Rules about claims: order, days, values, and what an event needs of them."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from crink_events.report import letters_apart
from crink_events.roles import ACT_ROLES, PREDECESSORS
from crink_events.rules.registry import Data, Finding, moved, rule

#: Days are local to the venue and to the claimant; the two can differ by one.
_TIME_ZONES = 1
_SPAN = re.compile(r"(\d{4}-\d{2}-\d{2})(?:/(\d{4}-\d{2}-\d{2}))?")


@rule(
    "occurrence-claimed",
    "events claims",
    why="An event that nobody claims has no evidence.",
    hint="add the claim that the event rests on, `about` its occurrence",
    fails="claims usa-designation-verus-2023/1: about=purpose | value=to end arms deals",
    passes="claims usa-designation-verus-2023/1: stance=announces",
)
def occurrence_claimed(data: Data) -> Iterator[Finding]:
    for row, event in data.rows("events", "event_id"):
        claims = data.of_event("claims", event)
        said = [
            data.value("claims", claim, "stance")
            for claim in claims
            if data.value("claims", claim, "about") == "occurrence"
        ]
        if not said:
            yield Finding("events", row, "event_id", "no claim is about its occurrence")
        elif not {"asserts", "announces"} & set(said):
            yield Finding("events", row, "event_id", "no claim asserts or announces it")


@rule(
    "claim-order",
    "claims events",
    why="Claims are read in the order in which they became public.",
    hint="number the claims of an event from 1, by `public_on`",
    fails="claims rus-prk-summit-2024/2: public_on=2024-06-16",
    passes="claims rus-prk-summit-2024/1: public_on=2024-06-16",
)
def claim_order(data: Data) -> Iterator[Finding]:
    last: dict[str, tuple[int, dt.date | None]] = {}
    for row, event, number, public in data.rows("claims", "event_id", "claim_no", "public_on"):
        if event not in data.events or number is None:
            continue
        before, day = last.get(event, (0, None))
        if number != before + 1:
            message = f"claim {number} follows claim {before}"
            message = message if before else f"the first claim has the number {number}"
            yield Finding("claims", row, "claim_no", message)
        elif day and public and public < day:
            message = f"claim {number} is public on {public}, before claim {before} on {day}"
            yield Finding("claims", row, "public_on", message)
        last[event] = (number, public or day)


@rule(
    "claim-not-early",
    "events claims",
    why="Nobody can assert an act before it was possible.",
    hint="a statement about an act to come `announces` it; or mend a date",
    fails="claims usa-designation-verus-2023/1: public_on=2023-08-14",
    passes="claims usa-designation-verus-2023/1: public_on=2023-08-15",
)
def claim_not_early(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "stance", "about", "public_on")
    days: dict[str, list[dt.date]] = defaultdict(list)
    for row, event, stance, about, public in data.rows("claims", *fields):
        if stance not in ("asserts", "retracts") or about != "occurrence" or not public:
            continue
        start = (
            data.value("events", data.events[event], "start_date") if event in data.events else None
        )
        days[event].append(public)
        if start and moved(public, _TIME_ZONES) < start:
            message = f"asserts on {public} an event that begins on {start}"
            yield Finding("claims", row, "public_on", message)
    # Where all that assert it come too early, it is rather the event's own day that is wrong.
    for row, event, start in data.rows("events", "event_id", "start_date"):
        if (
            start
            and start <= data.today
            and len(days[event]) > 1
            and moved(max(days[event]), _TIME_ZONES) < start
        ):
            message = f"begins on {start}, after all {len(days[event])} claims that assert it"
            yield Finding("events", row, "start_date", message)


@rule(
    "claim-read",
    "claims sources",
    why="A claim cannot have become public after its page was read.",
    hint="mend `public_on`, or `read_on` of the source",
    fails="sources yonhap-20230817-mkrtychev: read_on=2023-08-15",
    passes="sources yonhap-20230817-mkrtychev: read_on=2023-08-17",
)
def claim_read(data: Data) -> Iterator[Finding]:
    for row, public, source, also in data.rows("claims", "public_on", "source_id", "also_in"):
        for name in [source, *(also or [])]:
            read = (
                data.value("sources", data.sources[name], "read_on")
                if name in data.sources
                else None
            )
            if public and read and public > read:
                message = f'public on {public}, after "{name}" was read on {read}'
                yield Finding("claims", row, "public_on", message)


@rule(
    "claim-published",
    "claims sources",
    why="A page seldom carries a statement made after the day that it bears.",
    hint="check the statement's day and the page's",
    severity="warning",
    fails="claims usa-designation-verus-2023/1: public_on=2023-08-19",
    passes="claims usa-designation-verus-2023/1: public_on=2023-08-18",
)
def claim_published(data: Data) -> Iterator[Finding]:
    for row, public, source in data.rows("claims", "public_on", "source_id"):
        if source not in data.sources or not public:
            continue
        published = data.value("sources", data.sources[source], "published_on")
        if published and public > moved(published, _TIME_ZONES):
            message = f'public on {public}, but "{source}" bears the date {published}'
            yield Finding("claims", row, "public_on", message)


#: Days by which another page may be older than the statement that it is said to carry.
_EARLIER = 7


@rule(
    "carried-before",
    "claims sources",
    why="A page cannot carry a statement that was made a week after it.",
    hint="take the page out of `also_in`, or check the days",
    severity="warning",
    fails=(
        "claims prk-sappers-builders-russia-2025/1: also_in=ukrainska-pravda-20250617-shoigu;"
        "nk-news-20250617-shoigu;mehr-20230317-photo"
    ),
    passes=(
        "claims prk-sappers-builders-russia-2025/1: also_in=nk-news-20250617-shoigu;"
        "ukrainska-pravda-20250617-shoigu"
    ),
)
def carried_before(data: Data) -> Iterator[Finding]:
    for row, public, pages in data.rows("claims", "public_on", "also_in"):
        for page in pages or ():
            if page not in data.sources or not public:
                continue
            published = data.value("sources", data.sources[page], "published_on")
            if published and public > moved(published, _EARLIER):
                message = f'public on {public}, and "{page}" is of {published}'
                yield Finding("claims", row, "also_in", message)


_NEEDS_VALUE = ("date", "place", "participants", "content", "purpose", "status")


@rule(
    "claim-value",
    "claims codes actors",
    why="A claim about a column gives its value in that column's own form.",
    hint="a day or first/last day, a status code, actor ids, or own words for content and purpose",
    fails="claims rus-prk-summit-2024/5: value=18 to 19 June",
    passes="claims rus-prk-summit-2024/5: value=2024-06-18/2024-06-19",
)
def claim_value(data: Data) -> Iterator[Finding]:
    status = data.codes("status")
    names = {
        name.lower(): actor
        for _, actor, main, aliases in data.rows("actors", "actor_id", "name", "aliases")
        for name in (main, *(aliases or ()))
        if name
    } | {actor.lower(): actor for actor in data.actors if actor}
    for row, about, value in data.rows("claims", "about", "value"):
        if value is None:
            if about in _NEEDS_VALUE:
                yield Finding("claims", row, "value", f"a claim about `{about}` has no value")
        elif about == "date" and not _is_span(value):
            message = f'"{value}" is neither a day nor first/last day'
            yield Finding("claims", row, "value", message)
        elif about == "status" and value not in status:
            yield Finding("claims", row, "value", f'"{value}" is no status')
        elif about == "participants":
            for name in filter(None, map(_named_actor, value.split(";"))):
                if name not in data.actors:
                    yield Finding("claims", row, "value", f'"{name}" is not in actors')
            if ids := _ids_of_names(value, names):
                message = f'"{value}" are names; the ids are {";".join(ids)}'
                yield Finding("claims", row, "value", message)
        elif about in ("occurrence", "quantity"):
            message = f"a claim about `{about}` has no value; words go to `note`, amounts to"
            yield Finding("claims", row, "value", f"{message} `quantities`")


def _named_actor(item: str) -> str | None:
    """Give the state or organ that an item of a list of participants begins with."""
    match = re.match(r"([A-Z]{3}(?:-[A-Z0-9]{2,10})?)(?: |$)", item.strip())
    return match[1] if match else None


def _ids_of_names(value: str, names: Mapping[str, str]) -> list[str]:
    """Give the ids of the actors that a list names in words; none where it says something else."""
    words = re.split(r"\s*[;,]\s*(?:and\s+)?|\s+and\s+", value.strip())
    found = [names[word.lower()] for word in words if word.lower() in names]
    return found if len(found) == len(words) and found != words else []


def _is_span(value: str) -> bool:
    match = _SPAN.fullmatch(value)
    if not match:
        return False
    try:
        days = [dt.date.fromisoformat(day) for day in match.groups() if day]
    except ValueError:
        return False
    return days == sorted(days)


@rule(
    "claimed-quantity",
    "claims quantities",
    why="A claim about an amount states one.",
    hint="add the amount to `quantities`",
    fails="- quantities prk-sappers-builders-russia-2025/9",
    passes=(
        "claims prk-sappers-builders-russia-2025/9: stance=qualifies\n"
        "- quantities prk-sappers-builders-russia-2025/9"
    ),
)
def claimed_quantity(data: Data) -> Iterator[Finding]:
    stated = {(event, claim) for _, event, claim in data.rows("quantities", "event_id", "claim_no")}
    for row, event, number, about, stance in data.rows(
        "claims", "event_id", "claim_no", "about", "stance"
    ):
        if about == "quantity" and stance == "asserts" and (event, number) not in stated:
            yield Finding("claims", row, "about", "no amount of this claim is in `quantities`")


@rule(
    "source-once",
    "claims",
    why="A page that carries a claim carries it once.",
    hint="take it out of `also_in`",
    fails="claims usa-designation-verus-2023/1: also_in=yonhap-20230817-mkrtychev",
    passes="claims usa-designation-verus-2023/1: also_in=today-sg-20230816-sanctions",
)
def source_once(data: Data) -> Iterator[Finding]:
    for row, source, also in data.rows("claims", "source_id", "also_in"):
        if source in (also or []):
            yield Finding("claims", row, "also_in", f'"{source}" is the source already')


@rule(
    "press-has-no-acts",
    "claims",
    why="An outlet reports; only those who act can speak of their own act.",
    hint="name who says it, or give the basis of the report",
    fails="claims usa-designation-verus-2023/1: claimant_id=PRESS",
    passes="claims usa-designation-verus-2023/1: claimant_id=PRESS | basis=reporting",
)
def press_has_no_acts(data: Data) -> Iterator[Finding]:
    for row, claimant, basis in data.rows("claims", "claimant_id", "basis"):
        if claimant == "PRESS" and basis == "own_act":
            yield Finding("claims", row, "basis", "`PRESS` has no act of its own")


#: Acts of many, of whom not all who took part are listed as participants.
_OPEN_TO_MANY = ("exercise", "meet", "join", "vote")


@rule(
    "own-act-of-whom",
    "events participants claims actors",
    why="Only who takes part in an act can speak of it as its own.",
    hint="mend the claimant; choose `none_given` or another basis; or add its state to the"
    " participants",
    fails="claims usa-designation-verus-2023/1: claimant_id=KOR",
    passes="claims usa-designation-verus-2023/1: claimant_id=KOR | basis=none_given",
)
def own_act_of_whom(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "claimant_id", "basis")
    for row, event, claimant, basis in data.rows("claims", *fields):
        if basis != "own_act" or claimant not in data.actors or event not in data.events:
            continue
        generic = data.value("actors", data.actors[claimant], "kind") == "generic"
        act = data.value("events", data.events[event], "act")
        if generic or act in _OPEN_TO_MANY:
            continue
        sides: set[str] = set()
        for part in data.of_event("participants", event):
            via = data.value("participants", part, "via") or ()
            for actor in (data.value("participants", part, "actor_id"), *via):
                sides |= _behind(data, actor)
        if sides and sides.isdisjoint(_behind(data, claimant)):
            message = f"the basis is own_act, and {claimant} takes no part in the act"
            yield Finding("claims", row, "claimant_id", message)


def _behind(data: Data, actor: str | None) -> set[str]:
    """Give an actor, its parents, and the states that they belong to."""
    found: set[str] = set()
    while actor in data.actors and actor not in found:
        home = data.value("actors", data.actors[actor], "iso3")
        found |= {actor} | ({PREDECESSORS.get(home, home)} if home else set())
        actor = data.value("actors", data.actors[actor], "parent")
    return found


#: Acts that leave a trace in customs statistics, or parts that can be examined.
_LEAVES_TRACES = frozenset(
    [
        "trade", "transfer", "restrict", "evade", "withhold", "produce", "finance", "relief",
        "assess", "disclose", "interdict", "designate", "enforce", "attack", "incident", "context",
    ]
)  # fmt: skip


@rule(
    "basis-fits-act",
    "events claims",
    why="Customs count goods, and wreckage shows weapons; neither shows a visit or a call.",
    hint="name what the claim rests on, such as `own_act`, `document` or `reporting`",
    fails="claims rus-prk-summit-2024/3: basis=customs",
    passes="claims rus-prk-summit-2024/3: basis=imagery",
)
def basis_fits_act(data: Data) -> Iterator[Finding]:
    for row, event, basis in data.rows("claims", "event_id", "basis"):
        if basis not in ("customs", "wreckage") or event not in data.events:
            continue
        act = data.value("events", data.events[event], "act")
        if act in ACT_ROLES and act not in _LEAVES_TRACES:
            yield Finding("claims", row, "basis", f"{basis}, as a basis for `{act}`")


@rule(
    "origin-once",
    "claims",
    why="Claims of one origin are counted once, by its name; a letter more makes two of it.",
    hint="write the origin as in the other claim, if it is the same",
    severity="warning",
    fails="claims gulf-of-oman-drill-2024/8: origin=ap-20240312x",
    passes="claims gulf-of-oman-drill-2024/8: origin=ap-20240313",
)
def origin_once(data: Data) -> Iterator[Finding]:
    first: dict[str, list[str]] = defaultdict(list)
    for row, event, origin in data.rows("claims", "event_id", "origin"):
        if not origin or origin in first[event]:
            continue
        if near := next((other for other in first[event] if _is_slip(origin, other)), None):
            yield Finding("claims", row, "origin", f'"{origin}", and "{near}" in another claim')
        first[event].append(origin)


#: Letters below which words that differ by one are rather two names, as `abc` and `nbc`.
_SHORT_WORD = 4


def _is_slip(one: str, two: str) -> bool:
    """Tell whether two origins differ by one sign that is no digit, in a word of some length.

    Examples
    --------
    >>> _is_slip("kcna-20240620-text", "kcna-20240620-test"), _is_slip("abc-2026", "nbc-2026")
    (True, False)
    >>> _is_slip("kcna-20240620", "kcna-20240621")
    False
    """
    pairs = zip(one.split("-"), two.split("-"), strict=False)
    words = [pair for pair in pairs if pair[0] != pair[1]]
    short = len(words) == 1 and min(map(len, words[0])) < _SHORT_WORD
    same_digits = [*filter(str.isdigit, one)] == [*filter(str.isdigit, two)]
    return same_digits and not short and letters_apart(one, two) == 1


@rule(
    "one-publisher",
    "events claims sources",
    why="Two publishers are asked for wherever they can be found.",
    hint="look for a second publisher",
    severity="warning",
    fails="claims usa-designation-verus-2023/1: also_in=",
    passes="claims usa-designation-verus-2023/1: also_in=today-sg-20230816-sanctions",
)
def one_publisher(data: Data) -> Iterator[Finding]:
    for row, event in data.rows("events", "event_id"):
        publishers, kinds = set(), set()
        for claim in data.of_event("claims", event):
            also = data.value("claims", claim, "also_in") or []
            for name in [data.value("claims", claim, "source_id"), *also]:
                if name in data.sources:
                    place = data.sources[name]
                    publishers.add(data.value("sources", place, "publisher_id"))
                    kinds.add(data.value("sources", place, "kind"))
        if len(publishers) == 1:
            yield Finding("events", row, "event_id", f"only {publishers.pop()} carries it")
        elif kinds == {"reference"}:
            yield Finding("events", row, "event_id", "only works of reference carry it")


@rule(
    "claim-twice",
    "claims",
    why="One statement is one row; the pages that carry it stand in `also_in`.",
    hint="keep one of the two claims, or mend what was to differ",
    fails=(
        "+ claims: event_id=rus-prk-summit-2024 | claim_no=6 | claimant_id=RUS | stance=asserts | "
        "about=date | value=2024-06-18/2024-06-19 | public_on=2024-11-04 | public_is=exact | "
        "basis=own_act | source_id=tass-20241104-yevstigneyeva"
    ),
    passes=(
        "+ claims: event_id=rus-prk-summit-2024 | claim_no=6 | claimant_id=PRK | stance=asserts | "
        "about=date | value=2024-06-18/2024-06-19 | public_on=2024-11-04 | public_is=exact | "
        "basis=own_act | source_id=tass-20241104-yevstigneyeva"
    ),
)
def claim_twice(data: Data) -> Iterator[Finding]:
    fields = ("event_id", "claimant_id", "stance", "about", "value", "public_on", "source_id")
    seen: dict[tuple[object, ...], int] = {}
    for row, number, *said in data.rows("claims", "claim_no", *fields):
        if None in (number, said[0], said[1], said[5], said[6]):
            continue
        # Extensions number from a thousand of their own, and may have read the same page.
        first = seen.setdefault((number // 1000, *said), row)
        if first != row:
            other = data.value("claims", first, "claim_no")
            message = f"the same statement, on the same page, as claim {other}"
            yield Finding("claims", row, "claim_no", message)


@rule(
    "retracts-what",
    "claims actors",
    why="Only who has asserted something can take it back, and each change of stance is a row.",
    hint="add the claim that is taken back, or choose `denies`",
    fails="claims rus-prk-summit-2024/5: about=occurrence | stance=retracts | value= | "
    "claimant_id=KOR-NIS",
    passes="claims rus-prk-summit-2024/5: about=occurrence | stance=retracts | value=",
)
def retracts_what(data: Data) -> Iterator[Finding]:
    said: set[tuple[str, str, str | None]] = set()
    fields = ("event_id", "claimant_id", "stance", "about")
    for row, event, claimant, stance, about in data.rows("claims", *fields):
        voice = _voice(data, claimant)
        if stance in ("asserts", "announces"):
            said.add((event, about, voice))
        elif stance == "retracts" and (event, about, voice) not in said:
            message = f"`{claimant}` has not asserted it before"
            yield Finding("claims", row, "stance", message)


def _voice(data: Data, claimant: str | None) -> str | None:
    """Give the state that a claimant speaks for, or the claimant itself."""
    if claimant not in data.actors:
        return claimant
    return data.value("actors", data.actors[claimant], "iso3") or claimant


#: Years between an event and a day that somebody claims for it, above which one looks twice.
_FAR = 2


@rule(
    "date-claimed-near",
    "events claims",
    why="Claims of another day differ by days or months; years are rather a slip of the pen.",
    hint="check the year of the claim and of the event",
    severity="warning",
    fails="claims rus-prk-summit-2024/5: value=2014-06-18/2014-06-19",
    passes="claims rus-prk-summit-2024/5: value=2024-05-18/2024-05-19",
)
def date_claimed_near(data: Data) -> Iterator[Finding]:
    for row, event, about, value in data.rows("claims", "event_id", "about", "value"):
        if about != "date" or value is None or not _is_span(value) or event not in data.events:
            continue
        first, last = value[:4], value[-10:-6]
        start = data.value("events", data.events[event], "start_date")
        end = data.value("events", data.events[event], "end_date")
        late = end and int(first) - end.year > _FAR
        if start and (late or start.year - int(last) > _FAR):
            yield Finding("claims", row, "value", f"{value}, for an event that begins on {start}")


@rule(
    "exact-day",
    "claims sources",
    why="The day on which a page was read is not the day of the statement on it.",
    hint="`public_is` is `latest`, unless the page names that very day",
    severity="warning",
    fails="claims gulf-of-oman-drill-2023/7: public_is=exact",
    passes="claims gulf-of-oman-drill-2023/7: public_is=latest",
)
def exact_day(data: Data) -> Iterator[Finding]:
    fields = ("public_on", "public_is", "source_id")
    for row, public, exact, source in data.rows("claims", *fields):
        if exact != "exact" or not public or source not in data.sources:
            continue
        at = data.sources[source]
        undated = data.value("sources", at, "published_on") is None
        if undated and data.value("sources", at, "read_on") == public:
            message = f'exact, and the day on which "{source}" was read'
            yield Finding("claims", row, "public_is", message)
