"""Questions on a terminal: what a draft does not say yet, checked answer by answer."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

import click

from crink_events import drafting, known, naming, twins
from crink_events.drafts import Claim, Draft, Part
from crink_events.known import Row, Tables
from crink_events.roles import ACT_ROLES

#: Acts that happen to an instrument.
_INSTRUMENTS = ("sign", "ratify", "enter_into_force", "exit")


@dataclass(frozen=True)
class Asker:
    """Asks for what is missing and writes the answers into the parts of a draft.

    Attributes
    ----------
    tables
        What is there: codes, ids and what is usual come from it.
    err
        Whether questions go to standard error, since standard output is for a machine.
    """

    tables: Tables
    err: bool = False
    _pages: set[str] = field(default_factory=set)

    def say(self, text: str) -> None:
        """Print a line where the questions are."""
        click.echo(text, err=self.err)

    def confirm(self, text: str) -> bool:
        """Ask a question whose answer is yes or, by default, no."""
        return click.confirm(text, err=self.err)

    def event(self, draft: Draft, apart: set[str]) -> None:
        """Ask for an event, its participants and its claims.

        Parameters
        ----------
        draft
            Filled in place, answer by answer.
        apart
            Events that are known to be others; the curator's answers are added.

        Raises
        ------
        click.Abort
            If the curator stops, or finds that the event is there already.
        """
        part = draft.event
        self.say("Enter `?` for the codes of a question; codes may be cut short. Ctrl-C ends.\n")
        self._ask(part, "events", "title", "Title, in your own words")
        self._ask(part, "events", "act", "Act (code)")
        self._ask(part, "events", "start_date", "First day (YYYY-MM-DD)")
        if part.get("date_precision") != "under_way":
            self._ask(part, "events", "end_date", "Last day", part.get("start_date"))
        if part.get("end_date") != part.get("start_date"):
            self._ask(part, "events", "date_precision", "How these days are to be read (code)")
        self._participants(draft)
        row, _, _ = drafting.event_row(part, self.tables)
        self.twins(row, [entry.values for entry in draft.participants], apart)
        self._ask(part, "events", "summary", "Summary, at most 60 words")
        self._ask(part, "events", "domain", "Domain (code): the object of the act")
        self._ask(part, "events", "status", "Status (code): the stage that the act reached")
        usual = self.tables.usual("events", "date_anchor", act=part.get("act"))
        self._ask(part, "events", "date_anchor", "What the dates mark (code)", usual)
        self._ask(part, "events", "place", "Place (blank: none known)", optional=True)
        default = "" if part.get("place") else "none"
        self._ask(part, "events", "geo_precision", "How exactly it is known (code)", default)
        if part.get("geo_precision") not in ("sea", "virtual", "none"):
            self._ask(part, "events", "place_country", "Country of the place")
        if part.get("act") in _INSTRUMENTS:
            self._ask(part, "events", "agreement_id", "Agreement (its id)", optional=True)
        self.claims(draft)

    def _participants(self, draft: Draft) -> None:
        act = draft.event.get("act")
        if len(draft.participants) >= 2:
            return
        if act in ACT_ROLES:
            self.say(f"Roles of {act}: {', '.join(sorted(ACT_ROLES[act].allowed))}.")
        while True:
            number = len(draft.participants) + 1
            text = f"Participant {number} as ACTOR:ROLE or ACTOR:ROLE:VIA;VIA"
            answer = self._answer(
                text + (" (blank: no more)" if number > 2 else ""),
                lambda said: self._participant(said, act),
                optional=number > 2,
                codes=lambda: sorted(ACT_ROLES[act].allowed) if act in ACT_ROLES else [],
            )
            if not answer:
                return
            values = drafting.participant(answer)
            draft.participants.append(Part(values, f"participant {number}"))

    def _participant(self, text: str, act: str) -> str:
        values = {
            name: known.cell(self.tables, "participants", name, said)
            for name, said in drafting.participant(text).items()
        }
        if act in ACT_ROLES and values["role"] not in ACT_ROLES[act].allowed:
            raise ValueError(f"gives a role that {act} does not have")
        return ":".join(values.values())

    def claims(self, draft: Draft) -> None:
        """Ask for what is missing of the claims that a draft begins, and for more of them."""
        open_claims = [claim for claim in draft.claims if not _said(claim)]
        for claim in open_claims:
            self._claim(claim, first=claim is draft.claims[0])
        while open_claims and self.confirm("Another claim?"):
            self._another(draft)

    def _another(self, draft: Draft) -> None:
        place = f"claim {len(draft.claims) + 1}"
        claim = Claim(Part({}, place), Part({}, f"{place}, source"))
        draft.claims.append(claim)
        self._claim(claim, first=False)

    def _claim(self, claim: Claim, first: bool) -> None:
        part = claim.part
        self.say("\nA claim: who says so, since when, on what basis, on which page.")
        page_is_said = bool(claim.source.values)
        self._page(claim.source, "Address of the page that you read")
        self._ask(part, "claims", "claimant_id", "Claimant: who says it, not who prints it")
        self._ask(part, "claims", "stance", "Stance (code)")
        if not first:
            self._ask(part, "claims", "about", "About (code)", "occurrence")
        if part.get("about") not in ("", "occurrence", "quantity"):
            self._ask(part, "claims", "value", "What is claimed, in the form of that column")
        text = "Day of the statement (blank: not known, the page's day counts)"
        self._ask(part, "claims", "public_on", text, optional=True)
        self._ask(part, "claims", "basis", "Basis (code)")
        while not page_is_said:
            page = Part({}, f"{part.place}, page {len(claim.also) + 2}")
            self._page(page, "Another page with the same statement (blank: none)", optional=True)
            if not page.get("url"):
                return
            claim.also.append(page)

    def _page(self, part: Part, text: str, optional: bool = False) -> None:
        if part.get("source_id") and not part.get("url"):
            return
        self._ask(part, "sources", "url", text, optional=optional)
        url = part.get("url")
        there = self.tables.pages.get(known.bare(url)) if url else None
        if there:
            self.say(f'  recorded already as "{there}"')
        if there or not url or known.bare(url) in self._pages:
            return
        self._pages.add(known.bare(url))
        self._ask(
            part, "sources", "title", "Its title, as it stands (blank: not shown)", optional=True
        )
        self._ask(part, "sources", "published_on", "Day that it bears (blank: none)", optional=True)
        publisher = part.get("publisher_id") or self.tables.publisher_of(url) or ""
        if publisher:
            self.say(f"  published by {publisher}")
        else:
            self.say(f"  the publisher of {known.host_of(url)} is not known yet")
            self._ask(part, "publishers", "name", "Its name", key="publisher_name")
            country = "Its home state (blank: an international body)"
            self._ask(
                part, "publishers", "country", country, optional=True, key="publisher_country"
            )
            self._ask(
                part, "publishers", "ownership", "Its ownership (code)", key="publisher_ownership"
            )
        for name, words in (
            ("language", "Language (two letters)"),
            ("kind", "Kind of page (code)"),
        ):
            usual = self.tables.usual("sources", name, publisher_id=publisher) if publisher else ""
            self._ask(part, "sources", name, words, usual)

    def event_id(self, draft: Draft) -> None:
        """Propose an id and let the curator choose another."""
        row, _, _ = drafting.event_row(draft.event, self.tables)
        cast = [part.values for part in draft.participants]
        proposed = naming.propose_id(self.tables, row["title"], row["act"], row["start_date"], cast)
        self._ask(draft.event, "events", "event_id", "Id of the event", proposed)

    def twins(self, event: Row, cast: Sequence[Row], apart: set[str]) -> None:
        """Show the events that may be the drafted one, and ask whether it is another.

        Raises
        ------
        click.Abort
            If it is not.
        """
        found = twins.find(event, cast, self.tables, apart)
        if not found:
            return
        for line in told(found):
            self.say(line)
        if not self.confirm("Is yours another event?"):
            self.say(f"Add a claim to it: crink-events new claim {found[0].event['event_id']}")
            raise click.Abort
        apart.update(twin.event["event_id"] for twin in found)

    def _ask(
        self,
        part: Part,
        table: str,
        name: str,
        text: str,
        default: str = "",
        *,
        optional: bool = False,
        key: str = "",
    ) -> None:
        key = key or name
        if key in part.values:
            return

        def read(said: str) -> str:
            value = known.cell(self.tables, table, name, said)
            if key == "event_id" and value in self.tables.ids("events"):
                raise ValueError("is the id of an event that is there")
            return value

        vocabulary = self.tables.field(table, name).vocabulary
        part.values[key] = self._answer(
            text,
            read,
            default,
            optional=optional,
            codes=lambda: self._codes(vocabulary) if vocabulary else [],
        )

    def _codes(self, vocabulary: str) -> Collection[str]:
        return [
            f"{code:20} {textwrap.shorten(row['definition'], 76, placeholder=' …')}"
            for code, row in self.tables.codes(vocabulary).items()
        ]

    def _answer(
        self,
        text: str,
        read: Callable[[str], str],
        default: str = "",
        *,
        optional: bool = False,
        codes: Callable[[], Collection[str]] = list,
    ) -> str:
        """Ask until an answer can be read."""
        while True:
            said: str = click.prompt(
                text,
                default=default if default or optional else None,
                show_default=bool(default),
                err=self.err,
            )
            if said.strip() == "?":
                for line in codes() or ["no list of codes belongs to this question"]:
                    self.say(f"  {line}")
                continue
            try:
                return read(said) if said.strip() else ""
            except ValueError as error:
                self.say(f'  "{said}" {error}')


def _said(claim: Claim) -> bool:
    """Say whether a claim and its page are there but for what may be blank."""
    needed = ("claimant_id", "stance", "basis")
    page = claim.source.get("url") or claim.source.get("source_id")
    return bool(page) and all(claim.part.get(name) for name in needed)


def told(found: Sequence[twins.Twin]) -> Iterator[str]:
    """Give the lines that show likely twins: id, days, act, participants, title, reason."""
    yield "It may be recorded already:"
    for twin in found:
        row = twin.event
        days = " to ".join(
            dict.fromkeys(day for day in (row["start_date"], row["end_date"]) if day)
        )
        cast = " ".join(f"{entry['actor_id']}:{entry['role']}" for entry in twin.participants)
        yield f"  {row['event_id']}  {days}  {row['act']}  {cast}"
        yield f"      {row['title']}"
        yield f"      {twin.why}"
