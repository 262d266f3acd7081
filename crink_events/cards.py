"""One event with all that is known of it, as data and as text for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from crink_events import loading
from crink_events.report import nearest

if TYPE_CHECKING:
    from crink_events.loading import Folder


def card(event_id: str, extra: Folder | Iterable[Folder] | None = None) -> dict[str, Any]:
    """Gather an event with its participants, claims, amounts, links and sources.

    Parameters
    ----------
    event_id
        Id of the event.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    dict
        ``event`` (the wide row), ``participants``, ``claims`` (in order of publication, each with
        its ``quantities`` and ``sources``) and ``links`` (from and to the event). Days are ISO
        texts, blanks are None. With ``extra``, each row says its ``package``.

    Raises
    ------
    ValueError
        If there is no such event; the message names the nearest one. If ``extra`` is a folder
        that is no extension.

    Examples
    --------
    >>> from crink_events import cards
    >>> cards.card("rus-prk-treaty-signed")["event"]["act"]
    'sign'
    """
    events = loading.load("events", extra=extra)
    found = events[events["event_id"] == event_id]
    if found.empty:
        hint = nearest(event_id, events["event_id"].tolist())
        raise ValueError(f'there is no event "{event_id}"' + (f"; {hint}" if hint else ""))
    sources = {row["source_id"]: row for row in _rows(loading.load("sources", extra=extra))}
    amounts = _rows(_of("quantities", event_id, extra))
    claims = []
    for claim in _rows(_of("claims", event_id, extra)):
        names = [claim.pop("source_id"), *claim.pop("also_in")]
        stated = [row for row in amounts if row["claim_no"] == claim["claim_no"]]
        claims.append(claim | {"quantities": stated, "sources": [sources[n] for n in names]})
    links = loading.load("links", extra=extra)
    joined = links[(links["from_event"] == event_id) | (links["to_event"] == event_id)]
    return {
        "event": _rows(found)[0],
        "participants": _rows(_of("participants", event_id, extra)),
        "claims": claims,
        "links": _rows(joined),
    }


def _of(table: str, event_id: str, extra: Folder | Iterable[Folder] | None) -> Any:
    frame = loading.load(table, extra=extra)
    return frame[frame["event_id"] == event_id]


def _rows(frame: Any) -> list[dict[str, Any]]:
    return [{name: _plain(v) for name, v in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value


def text(card: dict[str, Any], width: int = 96) -> str:
    """Write a card for a terminal.

    Parameters
    ----------
    card
        What :func:`card` gives.
    width
        Width of the lines, in characters; addresses are not broken.
    """
    return "\n".join(_lines(card, width))


def _lines(card: dict[str, Any], width: int) -> Iterator[str]:
    event = card["event"]
    yield event["title"]
    yield from textwrap.wrap(event["summary"], width)
    yield ""
    yield f"{'when':14}{_when(event)}"
    place = ", ".join(part for part in (event["place"], event["place_country"]) if part)
    yield f"{'where':14}{place or 'not known'} ({event['geo_precision']})"
    yield f"{'what':14}{event['act']}, {event['domain']}; {event['valence']}; {event['status']}"
    said = "; ".join(
        f"{what} by {', '.join(names)}"
        for what, names in (
            ("acknowledged", event["acknowledged_by"]),
            ("denied", event["denied_by"]),
        )
        if names
    )
    yield f"{'evidence':14}{event['evidence'] or 'none'}" + (f"; {said}" if said else "")
    yield f"{'public':14}{event['first_public']} to {event['last_public']}"
    for part in card["participants"]:
        via = f" via {', '.join(part['via'])}" if part["via"] else ""
        yield f"{part['role']:14}{part['actor_id']}{via}"
    if event["note"]:
        yield from textwrap.wrap(f"{'note':14}{event['note']}", width, subsequent_indent=" " * 14)
    yield ""
    for claim in card["claims"]:
        yield from _claim(claim, width)
    for link in card["links"]:
        yield f"{link['from_event']} {link['relation']} {link['to_event']}"


def _when(event: dict[str, Any]) -> str:
    start, end, precision = event["start_date"], event["end_date"], event["date_precision"]
    if precision == "under_way":
        return f"from {start}, under way"
    if precision == "by":
        return f"by {start}"
    if precision == "day":
        return str(start) if start == end else f"{start} to {end}"
    return f"between {start} and {end} ({precision})"


def _claim(claim: dict[str, Any], width: int) -> Iterator[str]:
    latest = "" if claim["public_is"] == "exact" else " (no later than)"
    about = "" if claim["about"] == "occurrence" else f" on {claim['about']}"
    value = f": {claim['value']}" if claim["value"] else ""
    package = f" in {claim['package']}" if "package" in claim else ""
    head = (
        f"{claim['public_on']}{latest}  {claim['claimant_id']} {claim['stance']}{about}{value}"
        f" [{claim['basis']}]{package}"
    )
    yield from textwrap.wrap(head, width, subsequent_indent=" " * 12)
    if claim["note"]:
        indent = " " * 12
        yield from textwrap.wrap(
            claim["note"], width, initial_indent=indent, subsequent_indent=indent
        )
    for amount in claim["quantities"]:
        yield f"            {_amount(amount)}"
    for source in claim["sources"]:
        yield f"            {source['url']}"


def _amount(amount: dict[str, Any]) -> str:
    low, best, high = (
        f"{amount[name]:,.10g}" if amount[name] is not None else ""
        for name in ("low", "best", "high")
    )
    figure = {
        "point": best,
        "approx": f"about {best}",
        "at_least": f"at least {low}",
        "at_most": f"at most {high}",
        "range": f"{low} to {high}",
    }[amount["bound"]]
    total = amount["aggregation"].replace("_", " ")
    until = f" to {amount['period_end']}" if amount["period_end"] else ""
    return f"{amount['item'].replace('_', ' ')}: {figure} {amount['unit']} ({total}{until})"
