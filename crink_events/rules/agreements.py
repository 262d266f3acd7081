"""Rules about agreements: stages and days."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from crink_events.roles import PREDECESSORS
from crink_events.rules.registry import Data, Finding, has_cycle, rule


@rule(
    "agreement-in-order",
    "agreements",
    why="An instrument is signed, then in force, then ended.",
    hint="mend the dates",
    fails="agreements rus-prk-treaty-2000: ended_on=2000-01-01",
    passes="agreements rus-prk-treaty-2000: in_force_on=",
)
def agreement_in_order(data: Data) -> Iterator[Finding]:
    names = ("signed_on", "in_force_on", "ended_on")
    for row, *days in data.rows("agreements", *names):
        filled = [(name, day) for name, day in zip(names, days, strict=True) if day]
        for (before, first), (name, day) in pairwise(filled):
            if day < first:
                message = f"`{name}` {day} is before `{before}` {first}"
                yield Finding("agreements", row, name, message)


@rule(
    "agreement-by-then",
    "agreements",
    why="A day that has not come is no day on which something was signed or ended.",
    hint="leave the day blank until it has come",
    fails="agreements rus-prk-treaty-2000: ended_on=2999-01-01",
    passes="agreements rus-prk-treaty-2000: ended_on=2024-12-05",
)
def agreement_by_then(data: Data) -> Iterator[Finding]:
    names = ("signed_on", "in_force_on", "ended_on")
    for row, *days in data.rows("agreements", *names):
        for name, day in zip(names, days, strict=True):
            if day and day > data.today:
                yield Finding("agreements", row, name, f"`{name}` {day} has not come")


@rule(
    "stage-fits-days",
    "agreements",
    why="The stage is the furthest that the days attest.",
    hint="a day of entry into force makes it `in_force`, a day of ending `ended`",
    fails="agreements rus-prk-treaty-2000: stage=in_force",
    passes="agreements rus-prk-treaty-2000: ended_on=",
)
def stage_fits_days(data: Data) -> Iterator[Finding]:
    fields = ("stage", "signed_on", "in_force_on", "ended_on")
    for row, stage, signed, in_force, ended in data.rows("agreements", *fields):
        if ended and stage != "ended":
            yield Finding("agreements", row, "stage", f"ended on {ended} but is {stage}")
        elif in_force and stage in ("negotiated", "signed"):
            yield Finding("agreements", row, "stage", f"in force since {in_force} but is {stage}")
        elif signed and stage == "negotiated":
            yield Finding("agreements", row, "stage", f"signed on {signed} but is {stage}")


@rule(
    "replaced-has-ended",
    "agreements",
    why="An instrument that another in force has replaced by its own terms is in force no more.",
    hint="`ended`, and its last day in `ended_on` where a page gives it; or mend `replaces`",
    fails="agreements rus-prk-treaty-2000: stage=in_force | ended_on=",
    passes="agreements rus-prk-treaty-2000: ended_on=",
)
def replaced_has_ended(data: Data) -> Iterator[Finding]:
    rows = {name: row for row, name in data.rows("agreements", "agreement_id")}
    for _, name, stage, other in data.rows("agreements", "agreement_id", "stage", "replaces"):
        if stage != "in_force" or other not in rows or other == name:
            continue
        old = rows[other]
        ended = data.value("agreements", old, "ended_on")
        if data.value("agreements", old, "stage") == "in_force" and not ended:
            message = f"in_force, and {name}, which replaces it, is in force"
            yield Finding("agreements", old, "stage", message)


#: Words with which a title begins that say what kind of text it is.
_KINDS = {
    "memorandum": "mou",
    "treaty": "treaty",
    "joint statement": "joint_statement",
    "joint declaration": "joint_statement",
    "contract": "contract",
}


@rule(
    "kind-fits-title",
    "agreements",
    why="A text that is called a treaty or a memorandum is one.",
    hint="mend `kind`, or give the title in the text's own words",
    fails="agreements rus-prk-treaty-2000: kind=agreement",
    passes="agreements rus-prk-treaty-2000: kind=agreement | title=Accord on neighbourliness",
)
def kind_fits_title(data: Data) -> Iterator[Finding]:
    for row, title, kind in data.rows("agreements", "title", "kind"):
        for words, expected in _KINDS.items():
            if kind and kind != expected and re.match(rf"{words}\b", title or "", re.IGNORECASE):
                message = f'{kind}, and the title begins with "{title[: len(words)]}"'
                yield Finding("agreements", row, "kind", message)


_OBLIGATIONS = ("defense", "offense", "neutrality", "nonaggression", "consultation")


@rule(
    "obligation-fits-kind",
    "agreements",
    why="Contracts and memoranda promise goods and contacts, seldom help in war.",
    hint="check the obligation against the text, or mend `kind`",
    severity="warning",
    fails="agreements rus-prk-treaty-2000: kind=mou | title=Memorandum on neighbourliness",
    passes="agreements rus-prk-treaty-2000: kind=agreement | title=Accord on neighbourliness",
)
def obligation_fits_kind(data: Data) -> Iterator[Finding]:
    for row, kind, *values in data.rows("agreements", "kind", *_OBLIGATIONS):
        if kind not in ("contract", "mou"):
            continue
        for name, value in zip(_OBLIGATIONS, values, strict=True):
            if value in ("yes", "conditional"):
                message = f"`{name}` is {value}, and the text is a {kind}"
                yield Finding("agreements", row, name, message)


@rule(
    "agreement-parties",
    "agreements",
    why="An agreement binds two or more.",
    hint="list the parties, sorted",
    fails="agreements rus-prk-treaty-2000: parties=PRK",
    passes="agreements rus-prk-treaty-2000: parties=PRK;SUN",
)
def agreement_parties(data: Data) -> Iterator[Finding]:
    for row, parties in data.rows("agreements", "parties"):
        if parties and len(set(parties)) < 2:
            yield Finding("agreements", row, "parties", "an agreement has two parties or more")


@rule(
    "agreement-replaces",
    "agreements",
    why="An instrument cannot replace itself, nor one that replaces it.",
    hint="the newer instrument names the older one",
    fails="agreements rus-prk-treaty-2000: replaces=rus-prk-csp-treaty-2024",
    passes="agreements rus-prk-treaty-2000: replaces=",
)
def agreement_replaces(data: Data) -> Iterator[Finding]:
    edges = {
        name: [other]
        for _, name, other in data.rows("agreements", "agreement_id", "replaces")
        if other
    }
    cyclic = has_cycle(edges)
    for row, name in data.rows("agreements", "agreement_id"):
        if name in cyclic:
            yield Finding("agreements", row, "replaces", "the replacements run in a circle")


@rule(
    "signature-agrees",
    "agreements events",
    why="The day of an instrument and of the event in which it was signed are one day.",
    hint="mend one of them, or say in the event's `note` why they differ",
    fails="agreements rus-prk-csp-treaty-2024: signed_on=2024-06-18",
    passes=(
        "events rus-prk-treaty-signed: note=the text bears an earlier day\n"
        "agreements rus-prk-csp-treaty-2024: signed_on=2024-06-18"
    ),
)
def signature_agrees(data: Data) -> Iterator[Finding]:
    column = {"sign": "signed_on", "enter_into_force": "in_force_on"}
    rows = {name: row for row, name in data.rows("agreements", "agreement_id")}
    fields = ("event_id", "act", "agreement_id", "start_date", "date_precision", "note", "status")
    for row, event, act, name, start, precision, note, status in data.rows("events", *fields):
        if act not in column or name not in rows or precision != "day" or note:
            continue
        day = data.value("agreements", rows[name], column[act])
        if day and status == "completed" and day != start:
            message = f"`{column[act]}` of {name} is {day}"
            yield Finding("events", row, "start_date", message)
            message = f'"{event}" is of {start}'
            yield Finding("agreements", rows[name], column[act], message)


@rule(
    "parties-are-states",
    "agreements actors",
    why="An organ signs for its state, which is the party.",
    hint="name the state; firms are parties of contracts",
    fails="agreements rus-prk-treaty-2000: parties=PRK;RUS-PRES",
    passes="agreements rus-prk-treaty-2000: parties=PRK;gazprom",
)
def parties_are_states(data: Data) -> Iterator[Finding]:
    for row, parties in data.rows("agreements", "parties"):
        for party in parties or ():
            at = data.actors.get(party)
            home = None if at is None else data.value("actors", at, "iso3")
            if at is not None and data.value("actors", at, "kind") == "organ" and home:
                yield Finding("agreements", row, "parties", f'"{party}" is an organ of {home}')


@rule(
    "text-is-public",
    "agreements",
    why="A text that a page prints is public.",
    hint="`text_public` is true, or `text_source` is blank",
    fails="agreements rus-prk-csp-treaty-2024: text_public=false",
    passes="agreements rus-prk-csp-treaty-2024: text_public=false | text_source=",
)
def text_is_public(data: Data) -> Iterator[Finding]:
    for row, public, source in data.rows("agreements", "text_public", "text_source"):
        if public is False and source:
            yield Finding("agreements", row, "text_public", f'"{source}" has the text')


@rule(
    "replaces-like",
    "agreements actors",
    why="A treaty replaces an older one of the same parties.",
    hint="name the older instrument of these parties",
    severity="warning",
    fails="agreements rus-prk-treaty-2000: parties=IRN;RUS",
    passes="agreements rus-prk-treaty-2000: parties=PRK;SUN",
)
def replaces_like(data: Data) -> Iterator[Finding]:
    rows = {name: row for row, name in data.rows("agreements", "agreement_id")}
    fields = ("agreement_id", "parties", "signed_on", "replaces")
    for row, name, parties, signed, other in data.rows("agreements", *fields):
        if other not in rows or not parties:
            continue
        if data.value("agreements", rows[other], "replaces") == name:
            continue  # a circle, which is told elsewhere
        before = data.value("agreements", rows[other], "signed_on")
        theirs = data.value("agreements", rows[other], "parties") or ()
        if signed and before and before > signed:
            message = f'"{other}" is of {before}, and this is of {signed}'
            yield Finding("agreements", row, "replaces", message)
        elif (
            theirs
            and all(party in data.actors for party in theirs)
            and not (_states(theirs) <= _states(parties))
        ):
            message = f'"{other}" is of {", ".join(theirs)}'
            yield Finding("agreements", row, "replaces", message)


def _states(parties: list[str]) -> set[str]:
    return {PREDECESSORS.get(party, party) for party in parties}


@rule(
    "agreement-once",
    "agreements",
    why="Two agreements of one title are one that stands twice, or lack what tells them apart.",
    hint="merge the two, or say in the titles what tells them apart",
    severity="warning",
    fails=(
        "agreements rus-prk-treaty-2000: title=Treaty on friendship\n"
        "agreements rus-prk-csp-treaty-2024: title=Treaty on friendship"
    ),
    passes="agreements rus-prk-treaty-2000: title=Treaty on friendship",
)
def agreement_once(data: Data) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for row, name, title in data.rows("agreements", "agreement_id", "title"):
        if title and seen.setdefault(title.casefold(), name) != name:
            message = f'"{seen[title.casefold()]}" has the same title'
            yield Finding("agreements", row, "title", message)


@rule(
    "signed-took-place",
    "events agreements",
    why="What an agreement says was signed or is in force was signed, or entered into force.",
    hint="mend `status`, or the days of the agreement",
    severity="warning",
    fails="events rus-prk-treaty-signed: status=not_occurred",
    passes="events rus-prk-treaty-signed: status=completed",
)
def signed_took_place(data: Data) -> Iterator[Finding]:
    days = {
        name: (signed, force)
        for _, name, signed, force in data.rows(
            "agreements", "agreement_id", "signed_on", "in_force_on"
        )
    }
    for row, act, status, name in data.rows("events", "act", "status", "agreement_id"):
        signed, force = days.get(name, (None, None))
        done = {"sign": signed, "enter_into_force": force}.get(act)
        if done and status in ("not_occurred", "lapsed", "cancelled", "proposed"):
            message = f"the agreement gives {done}, and the status is {status}"
            yield Finding("events", row, "status", message)
