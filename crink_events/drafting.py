"""From a draft to rows: codes completed, ids made, what follows from the rest filled in.

What is not said and does not follow is asked for; it is never made up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crink_events.drafts import PUBLISHER, Claim, Draft, DraftError, Part
from crink_events.known import Row, Tables, bare, cell, complete, host_of
from crink_events.naming import propose_id, slug, source_word, unlike
from crink_events.report import nearest


def participant(text: str) -> dict[str, str]:
    """Read a participant written as `ACTOR:ROLE` or `ACTOR:ROLE:VIA;VIA`.

    Raises
    ------
    ValueError
        If it has no role, or too many parts.

    Examples
    --------
    >>> participant("RUS:signatory:RUS-PRES;RUS-MFA")
    {'actor_id': 'RUS', 'role': 'signatory', 'via': 'RUS-PRES;RUS-MFA'}
    """
    parts = [part.strip() for part in text.split(":")]
    if not 2 <= len(parts) <= 3 or not all(parts[:2]):
        raise ValueError("is not written ACTOR:ROLE or ACTOR:ROLE:VIA;VIA")
    return dict(zip(("actor_id", "role", "via"), parts, strict=False))


def link(text: str) -> dict[str, str]:
    """Read a link from the new event, written as `RELATION:EVENT`.

    Raises
    ------
    ValueError
        If it is written otherwise.

    Examples
    --------
    >>> link("part_of:rus-prk-summit-2024")
    {'relation': 'part_of', 'to_event': 'rus-prk-summit-2024'}
    """
    relation, _, event = (part.strip() for part in text.partition(":"))
    if not relation or not event:
        raise ValueError("is not written RELATION:EVENT")
    return {"relation": relation, "to_event": event}


@dataclass(frozen=True)
class Added:
    """A new row, and the part of the draft that it was made from."""

    table: str
    values: Row
    part: Part


@dataclass
class Addition:
    """What a draft adds to the tables.

    Attributes
    ----------
    event_id
        The event, new or known.
    added
        The new rows.
    renumbered
        Numbers of the event's claims that were there: before and after.
    notes
        What a curator should know of how the draft was read.
    """

    event_id: str
    added: list[Added] = field(default_factory=list)
    renumbered: dict[int, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def rows(self, table: str) -> list[Row]:
        """Give the new rows of a table."""
        return [new.values for new in self.added if new.table == table]

    def part(self, table: str, key: Sequence[str], names: Sequence[str]) -> Part | None:
        """Find the part of the draft behind a row by its primary key."""
        for new in self.added:
            if new.table == table and [new.values[name] for name in names] == list(key):
                return new.part
        return None


def numbered(
    claims: Sequence[tuple[int, str]], days: Sequence[str]
) -> tuple[dict[int, int], list[int]]:
    """Give claims their numbers, by the day on which they became public.

    Parameters
    ----------
    claims
        Number and day of each claim that is there.
    days
        Days of the new claims; on one day they follow those that are there.

    Returns
    -------
    tuple
        The new number of each claim that is there, by its old one, and those of the new claims.

    Examples
    --------
    >>> numbered([(1, "2024-06-19"), (2, "2024-06-21")], ["2024-06-20"])
    ({1: 1, 2: 3}, [2])
    """
    entries = [(day, 0, place) for place, (_, day) in enumerate(sorted(claims))]
    entries += [(day, 1, place) for place, day in enumerate(days)]
    before = sorted(number for number, _ in claims)
    kept: dict[int, int] = {}
    new = [0] * len(days)
    for number, (_, is_new, place) in enumerate(sorted(entries), start=1):
        if is_new:
            new[place] = number
        else:
            kept[before[place]] = number
    return kept, new


def compose(draft: Draft, tables: Tables, today: dt.date, event_id: str | None = None) -> Addition:
    """Make the rows of a draft.

    Parameters
    ----------
    draft
        What was said.
    tables
        What is there.
    today
        The day on which pages count as read where the draft names none.
    event_id
        An event that is there, to which the draft adds claims; missing means a new event.

    Returns
    -------
    Addition
        The new rows, complete and with their types; rules are not checked.

    Raises
    ------
    DraftError
        If something required is missing or cannot be read; all of it is named at once.
    """
    composer = _Composer(draft, tables, today)
    return composer.claims_of(event_id) if event_id else composer.event()


def event_row(part: Part, tables: Tables) -> tuple[Row, list[str], list[str]]:
    """Make the row of an event, but for its id.

    Returns
    -------
    tuple
        The row, what is wrong with it, and the names of what is missing.
    """
    row, problems = _cells(part, tables, "events")
    act = tables.codes("act").get(row["act"], {})
    row["record_status"] = "active"
    row["valence"] = row["valence"] or act.get("default_valence", "")
    if row["date_precision"] != "under_way":
        row["end_date"] = row["end_date"] or row["start_date"]
    if row["start_date"] and row["start_date"] == row["end_date"]:
        row["date_precision"] = row["date_precision"] or "day"
    if not row["place"]:
        place = "country" if row["place_country"] else "none"
        row["geo_precision"] = row["geo_precision"] or place
    waits = {"event_id"}
    waits |= {"valence"} if not row["act"] else set()
    waits |= {"date_precision"} if not row["start_date"] else set()
    return row, problems, _missing(row, part, tables, "events", waits)


def settle(draft: Draft, tables: Tables) -> None:
    """Complete what a draft says of its event and participants, in place.

    Raises
    ------
    ValueError
        If a value cannot be read.
    """
    parts = [("events", draft.event), *(("participants", part) for part in draft.participants)]
    for table, part in parts:
        for name, text in part.values.items():
            part.values[name] = cell(tables, table, name, text)


def _cells(part: Part, tables: Tables, table: str) -> tuple[Row, list[str]]:
    """Give a row with what was said; what cannot be read is a problem and counts as said."""
    row: Row = {}
    problems = []
    for name in tables.package.tables[table].field_names:
        text = part.get(name)
        try:
            row[name] = cell(tables, table, name, text)
        except ValueError as error:
            problems.append(f'{part.name(name)}: "{text}" {error}')
            row[name] = text
    return row, problems


def _missing(
    row: Row, part: Part, tables: Tables, table: str, but: Iterable[str] = ()
) -> list[str]:
    return [
        part.name(entry.name)
        for entry in tables.package.tables[table].fields
        if entry.required and not row[entry.name] and entry.name not in but
    ]


class _Composer:
    """Makes rows of a draft's parts, and gathers what is wrong and what is missing."""

    def __init__(self, draft: Draft, tables: Tables, today: dt.date) -> None:
        self.draft = draft
        self.tables = tables
        self.today = today.isoformat()
        self.problems: list[str] = []
        self.missing: list[str] = []
        self.addition = Addition("")

    def event(self) -> Addition:
        part = self.draft.event
        row, problems, missing = event_row(part, self.tables)
        self.problems += problems
        self.missing += missing
        cast = [self._row(entry, "participants", {"event_id"}) for entry in self.draft.participants]
        if len(cast) < 2:
            self.missing.append("--participant or [[participants]] (two or more)")
        if not self.draft.claims:
            self.missing.append("--claimant or [[claims]] (one or more)")
        if row["event_id"] in self.tables.ids("events"):
            self.problems.append(
                f'{part.name("event_id")}: there is an event "{row["event_id"]}"; choose another'
                f" id, or add to it with: crink-events new claim {row['event_id']}"
            )
        if not row["event_id"] and not self.missing:
            row["event_id"] = propose_id(
                self.tables, row["title"], row["act"], row["start_date"], cast
            )
        self.addition.event_id = row["event_id"]
        self._add("events", row, part)
        for values, entry in zip(cast, self.draft.participants, strict=True):
            self._add("participants", values | {"event_id": row["event_id"]}, entry)
        self._claims([])
        for entry in self.draft.links:
            self._link(entry)
        return self._done()

    def claims_of(self, event_id: str) -> Addition:
        if self.tables.row("events", event_id) is None:
            hint = nearest(event_id, self.tables.ids("events")) or "see `crink-events list`"
            raise DraftError([f'there is no event "{event_id}"; {hint}'])
        self.addition.event_id = event_id
        if not self.draft.claims:
            self.missing.append("--claimant or [[claims]] (one or more)")
        rows = self.tables.of_event("claims", event_id)
        faulty = [row["claim_no"] for row in rows if not row["claim_no"].isdecimal()]
        if faulty:
            message = f'the claims of "{event_id}" are not numbered; mend data/claims.csv first'
            raise DraftError([message])
        self._claims([(int(row["claim_no"]), row["public_on"]) for row in rows])
        return self._done()

    def _done(self) -> Addition:
        if self.problems or self.missing:
            raise DraftError(self.problems, self.missing)
        return self.addition

    def _add(self, table: str, row: Row, part: Part) -> None:
        self.addition.added.append(Added(table, row, part))

    def _row(self, part: Part, table: str, derived: set[str]) -> Row:
        row, problems = _cells(part, self.tables, table)
        self.problems += problems
        self.missing += _missing(row, part, self.tables, table, derived)
        return row

    def _claims(self, there: list[tuple[int, str]]) -> None:
        rows = [self._claim(claim) for claim in self.draft.claims]
        kept, numbers = numbered(there, [row["public_on"] for row in rows])
        self.addition.renumbered = {old: new for old, new in kept.items() if old != new}
        for row, number, claim in zip(rows, numbers, self.draft.claims, strict=True):
            row["claim_no"] = str(number)
            self._add("claims", row, claim.part)
        self._quantities(numbers)

    def _claim(self, claim: Claim) -> Row:
        page = self._page(claim.source)
        part = Part(dict(claim.part.values), claim.part.place, claim.part.names)
        if not part.get("public_on"):
            # The codebook: else the page's day, else the day on which it was read.
            part.values["public_on"] = page.get("published_on") or page.get("read_on", "")
            part.values["public_is"] = part.get("public_is") or "latest"
        part.values["public_is"] = part.get("public_is") or "exact"
        part.values["about"] = part.get("about") or "occurrence"
        row = self._row(part, "claims", {"event_id", "claim_no", "source_id", "public_on"})
        row["event_id"] = self.addition.event_id
        row["source_id"] = page.get("source_id", "")
        others = [self._page(also).get("source_id", "") for also in claim.also]
        row["also_in"] = ";".join(dict.fromkeys(name for name in others if name))
        return row

    def _page(self, part: Part) -> Row:
        """Give the source of a page: one that is there, or a new row."""
        name, url = part.get("source_id"), part.get("url")
        known = self.tables.pages.get(bare(url)) if url else name
        new = [entry for entry in self.addition.rows("sources") if bare(entry["url"]) == bare(url)]
        if url and new:
            return new[0]
        found = self.tables.row("sources", known) if known else None
        if found is not None:
            said = [key for key in part.values if key not in ("url", "source_id") and part.get(key)]
            if said:
                self.addition.notes.append(
                    f'{url or name} is recorded as "{found["source_id"]}"; its row is kept as it is'
                )
            return found
        if name and not url:
            hint = nearest(name, self.tables.ids("sources")) or "a new one needs its url"
            self.problems.append(f'{part.name("source_id")}: there is no source "{name}"; {hint}')
            return {}
        return self._new_page(part)

    def _new_page(self, part: Part) -> Row:
        said = Part(dict(part.values), part.place, part.names)
        said.values["read_on"] = part.get("read_on") or self.today
        row = self._row(said, "sources", {"source_id", "publisher_id"})
        row["publisher_id"] = self._publisher(part) if host_of(row["url"]) else ""
        if not row["source_id"]:
            day = row["published_on"].replace("-", "") or "undated"
            stem = f"{row['publisher_id']}-{day}-{self._word(row)}"
            taken = [
                *self.tables.ids("sources"),
                *(r["source_id"] for r in self.addition.rows("sources")),
            ]
            row["source_id"] = unlike(stem, taken)
        self._add("sources", row, part)
        return row

    def _word(self, row: Row) -> str:
        name = self.addition.event_id
        cast = self.tables.of_event("participants", name) or self.addition.rows("participants")
        event = self.tables.row("events", name) or self.draft.event.values
        return source_word(self.tables, row, event.get("title", ""), cast)

    def _publisher(self, part: Part) -> str:
        known = self.tables.ids("publishers")
        new = {row["publisher_id"]: row for row in self.addition.rows("publishers")}
        host = host_of(part.get("url"))
        name = part.get("publisher_id") or self.tables.publisher_of(part.get("url")) or ""
        if name in known:
            return name
        by_host = [key for key, row in new.items() if host in row["domains"].split(";")]
        if by_host:
            return by_host[0]
        if name and not part.get("publisher_name"):
            try:
                return complete(name, known)
            except ValueError as error:
                self.problems.append(f'{part.name("publisher_id")}: "{name}" {error}')
        name = name or slug(part.get("publisher_name"))
        if name in known:
            return name
        values = {key: part.get(f"publisher_{key}") for key in PUBLISHER}
        names = {key: part.name(f"publisher_{key}") for key in PUBLISHER}
        values |= {"publisher_id": name, "domains": host}
        names |= {"publisher_id": part.name("publisher_id"), "domains": part.name("url")}
        entry = Part(values, part.place, names)
        row = self._row(entry, "publishers", {"publisher_id"})
        # Only an international body has no home state; a blank must be said.
        if "publisher_country" not in part.values and row["ownership"] != "igo":
            self.missing.append(names["country"])
        self._add("publishers", row, entry)
        return name

    def _quantities(self, numbers: list[int]) -> None:
        event = self.addition.event_id
        there = self.tables.of_event("quantities", event) if event else []
        last = max(
            (int(r["quantity_no"]) for r in there if r["quantity_no"].isdecimal()), default=0
        )
        for number, part in enumerate(self.draft.quantities, start=last + 1):
            row = self._row(part, "quantities", {"event_id", "quantity_no", "claim_no"})
            claim = row["claim_no"] or ("1" if len(numbers) == 1 else "")
            if not claim:
                self.missing.append(part.name("claim_no"))
            elif claim not in {str(place) for place in range(1, len(numbers) + 1)}:
                self.problems.append(
                    f'{part.name("claim_no")}: "{claim}" is no claim of this draft, which has'
                    f" {len(numbers)}"
                )
            else:
                row["claim_no"] = str(numbers[int(claim) - 1])
            row |= {"event_id": event, "quantity_no": str(number)}
            self._add("quantities", row, part)

    def _link(self, part: Part) -> None:
        row = self._row(part, "links", {"from_event", "to_event"})
        own = self.addition.event_id
        blank = [name for name in ("from_event", "to_event") if not row[name]]
        if len(blank) == 2:
            self.missing.append(part.name("to_event"))
            return
        if blank:
            row[blank[0]] = own
        elif own not in (row["from_event"], row["to_event"]):
            place = part.name("from_event")
            self.problems.append(f"{place}: one end of a link is the new event; leave it out")
        for name in ("from_event", "to_event"):
            if row[name] != own and self.tables.row("events", row[name]) is None:
                hint = nearest(row[name], self.tables.ids("events")) or "see `crink-events list`"
                self.problems.append(f'{part.name(name)}: there is no event "{row[name]}"; {hint}')
        self._add("links", row, part)


def changed_rows(tables: Tables, addition: Addition) -> dict[str, list[Row]]:
    """Give the rows of every table that an addition changes, in any order."""
    names = list(dict.fromkeys(new.table for new in addition.added))
    changed = {name: [*tables.rows[name], *addition.rows(name)] for name in names}
    if not addition.renumbered:
        return changed
    for name in ("claims", "quantities"):
        moved = [_moved(row, addition) for row in tables.rows[name]]
        if moved != tables.rows[name]:
            changed[name] = [*moved, *addition.rows(name)]
    return changed


def _moved(row: Row, addition: Addition) -> Row:
    number = row["claim_no"]
    if row["event_id"] != addition.event_id or not number.isdecimal():
        return row
    return row | {"claim_no": str(addition.renumbered.get(int(number), int(number)))}
