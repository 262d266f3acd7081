"""The face of a card in a terminal, and the phrases that all faces share."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from crink_events import wording
from crink_events.cards.card import Card, Row
from crink_events.report import count


def text(card: Card, width: int = 96) -> str:
    """Write a card for a terminal.

    Parameters
    ----------
    card
        What :func:`crink_events.event` gives.
    width
        Width of the lines, in characters; addresses are not broken.
    """
    return "\n".join(_lines(card, width))


def _lines(card: Card, width: int) -> Iterator[str]:
    event = card.event
    yield card.title
    if event["record_status"] != "active":
        into = f" into {event['merged_into']}" if event["merged_into"] else ""
        yield f"This record was {event['record_status']}{into}."
    yield from textwrap.wrap(event["summary"], width)
    yield ""
    codes = (event[name] for name in ("act", "domain", "valence", "status"))
    act, domain, valence, status = map(wording.plain, codes)
    facts = [
        ("when", card.when),
        ("where", card.where),
        ("what", f"{act}, {domain}; {valence}; {status}"),
        ("evidence", evidence_in_words(card)),
        ("asserted by", ", ".join(card.asserted_by)),
        ("public", public_in_words(card)),
        *((wording.plain(part["role"]), who(part)) for part in card.participants),
        ("note", event["note"]),
    ]
    for name, value in facts:
        if value:
            yield from _hanging(f"{name:14}", value, width)
    if card.as_of:
        yield from ("", *textwrap.wrap(as_of_note(card), width))
    if card.history:
        yield from ("", "how sure, over time")
        for row in card.history:
            said = "; ".join(f"{_short(claim)} {claim['stance']}" for claim in row["said"])
            head = f"  {row['day']}  {wording.plain(row['evidence'] or 'not established'):20}"
            yield from _hanging(head, f"{_sides(row)}{said}", width)
    if card.amounts:
        yield from ("", "amounts, by claimant")
    for item in card.amounts:
        yield f"  {wording.plain(item['item'])}"
        for by in item["claimants"]:
            figures = "; ".join(figure_in_words(one) for one in by["figures"])
            yield from _hanging(f"    {_short(by):12} ", figures, width)
    yield from ("", f"claims, in order of publication ({len(card.claims)})")
    for claim in card.claims:
        yield from _claim(claim, width)
    if card.links:
        yield from ("", "links")
    for link in card.links:
        yield from _hanging(
            f"  {link['relation']:20}", f"{link['event_id']}  {link['title']}", width
        )


def _hanging(head: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    )


def who(part: Row) -> str:
    """Name a participant with what it acts through."""
    via = f" via {', '.join(part['via_names'])}" if part["via_names"] else ""
    known = part["name"] == part["actor_id"]
    return (part["name"] if known else f"{part['name']} ({part['actor_id']})") + via


def evidence_in_words(card: Card) -> str:
    """Say how well the event is established, and by whom it is acknowledged and denied."""
    sides = _sides({"acknowledged_by": card.acknowledged_by, "denied_by": card.denied_by})
    words = wording.plain(card.evidence or "not established")
    return f"{words}; {sides.rstrip(' :')}" if sides else words


def _sides(row: Row) -> str:
    said = [
        f"{what} by {', '.join(row[name])}"
        for what, name in (("acknowledged", "acknowledged_by"), ("denied", "denied_by"))
        if row[name]
    ]
    return f"{', '.join(said)}: " if said else ""


def public_in_words(card: Card) -> str:
    """Say since when the event is public, and on how much that rests."""
    event = card.event
    if not event["first_public"]:
        return ""
    first, last = event["first_public"], event["last_public"]
    span = f"first spoken of on {wording.day(first)}"
    if last != first:
        span += f", last on {wording.day(last)}"
    counts = ("n_claims", "claim"), ("n_origins", "asserting origin"), ("n_publishers", "publisher")
    return f"{span}; {', '.join(count(event[name], noun) for name, noun in counts)}"


def figure_in_words(one: Row) -> str:
    """Write one figure of a claimant: the number, what it adds up, and when it was given."""
    period = f" {one['period']}" if one["period"] else ""
    # The day of the claim says nothing more where the figure itself is of that day.
    dated = wording.day(one["public_on"])
    said = "" if dated in period else f" (said {dated})"
    denied = "denied: " if one["stance"] == "denies" else ""
    return f"{denied}{one['figure']}{period}{said}"


def as_of_note(card: Card) -> str:
    """Say what a card as of a day shows as of then, and what not."""
    return (
        f"As of {wording.day(str(card.as_of))}: claims, amounts, links and evidence are those that"
        " were public by then; title, summary, dates, status, participants and note are edited"
        " and stand as in the release."
    )


def _claim(claim: Row, width: int) -> Iterator[str]:
    latest = "" if claim["public_is"] == "exact" else " (or before)"
    package = f" in {claim['package']}" if "package" in claim else ""
    head = f"  {claim['public_on']}{latest}  "
    basis = wording.BASES.get(claim["basis"], claim["basis"])
    yield from _hanging(head, f"{stance_in_words(claim)} ({basis}){package}", width)
    indent = " " * 14
    if claim["note"]:
        yield from _hanging(indent, claim["note"], width)
    for amount in claim["quantities"]:
        period = wording.period(amount)
        more = f", {period}" if period else ""
        yield f"{indent}{wording.plain(amount['item'])}: {wording.figure(amount)}{more}"
    for source in claim["sources"]:
        yield f"{indent}{source['publisher']}: {source['url']}"


def named(claim: Row) -> str:
    """Name the claimant of a claim with its id."""
    name, known = str(claim["claimant"]), str(claim["claimant_id"])
    return name if known in (name, "PRESS") else f"{name} ({known})"


def _short(claim: Row) -> str:
    return str(claim["claimant"] if claim["claimant_id"] == "PRESS" else claim["claimant_id"])


def stance_in_words(claim: Row) -> str:
    """Say who takes which stance, on what, with which value."""
    about = "" if claim["about"] == "occurrence" else f" on the {wording.plain(claim['about'])}"
    value = f": {claim['value']}" if claim["value"] else ""
    return f"{named(claim)} {claim['stance']}{about}{value}"
