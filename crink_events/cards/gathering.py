"""Gather what the tables say about one event."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crink_events import loading, wording
from crink_events.cards.card import Card, Row
from crink_events.frames import UnknownEventError, known_event

if TYPE_CHECKING:
    import pandas as pd

    from crink_events.loading import Day, Folder


def event(
    event_id: str,
    *,
    as_of: Day | None = None,
    extra: Folder | Iterable[Folder] | None = None,
) -> Card:
    """Show one event: what, when, where, who, every claim with its source, and how sure it is.

    Parameters
    ----------
    event_id
        Id of the event.
    as_of
        Only what was public by this day: claims, amounts, sources, evidence, and links to events
        of which something was public. The edited columns (title, summary, status, dates) and the
        participants stand as in the release.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    Card
        Rich in a notebook, plain text under ``print``, with its parts as attributes.

    Raises
    ------
    UnknownEventError
        If there is no such event (the message names the nearest ones), or nothing of it was
        public on that day. It is both a ``ValueError`` and a ``KeyError``.
    ValueError
        If ``as_of`` is no day, or one after the newest that the release knows of.

    Examples
    --------
    >>> import crink_events as ce
    >>> card = ce.event("rus-prk-treaty-signed")
    >>> card.when, card.evidence
    ('19 June 2024', 'acknowledged')
    """
    row = _rows(_of("events", known_event(event_id, extra), extra))[0]
    day = loading.as_of_day(as_of, extra)
    known = loading.history(extra)
    first = known.drop_duplicates("event_id").set_index("event_id")["day"]
    claims, cut = _of("claims", event_id, extra), None
    if day is not None:
        cut = str(day.date())
        if event_id not in first.index or first[event_id] > day:
            since = f"; it is since {first[event_id].date()}" if event_id in first.index else ""
            raise UnknownEventError(f'nothing of "{event_id}" was public on {cut}{since}')
        row = _as_known(event_id, day, extra)
        claims = claims[claims["public_on"] <= day]
        known = known[known["day"] <= day]
    names = loading.texts("actors", "actor_id", "name", extra)
    said = _claims(claims, event_id, names, extra)
    shown = (names.get(str(row["place_country"]), row["place_country"]),)
    place = [part for part in (row["place"], *shown) if part]
    return Card(
        event_id=event_id,
        title=row["title"],
        when=wording.when(row),
        where=f"{', '.join(place) or 'not known'} ({wording.plain(row['geo_precision'])})",
        evidence=row["evidence"],
        acknowledged_by=row["acknowledged_by"],
        denied_by=row["denied_by"],
        asserted_by=_asserting(said),
        as_of=cut,
        event=row,
        participants=_participants(event_id, names, extra),
        claims=said,
        amounts=_amounts(said),
        links=_links(event_id, first if day is None else first[first <= day], extra),
        history=_history(known[known["event_id"] == event_id], said),
    )


def _as_known(event_id: str, day: pd.Timestamp, extra: Folder | Iterable[Folder] | None) -> Row:
    events = loading.load_events(as_of=day, inactive=True, extra=extra)
    return _rows(events[events["event_id"] == event_id])[0]


def _of(table: str, event_id: str, extra: Folder | Iterable[Folder] | None) -> pd.DataFrame:
    return loading.rows_of(table, "event_id", [event_id], extra)


def _participants(
    event_id: str, names: Mapping[str, str], extra: Folder | Iterable[Folder] | None
) -> list[Row]:
    found = []
    for row in _rows(_of("participants", event_id, extra)):
        via = [names.get(name, name) for name in row["via"]]
        found.append(row | {"name": names.get(row["actor_id"], row["actor_id"]), "via_names": via})
    return found


def _claims(
    claims: pd.DataFrame,
    event_id: str,
    names: Mapping[str, str],
    extra: Folder | Iterable[Folder] | None,
) -> list[Row]:
    publishers = loading.texts("publishers", "publisher_id", "name", extra)
    wanted = {*claims["source_id"], *claims["also_in"].explode().dropna()}
    read = {}
    for row in _rows(loading.rows_of("sources", "source_id", wanted, extra)):
        read[row["source_id"]] = row | {"publisher": publishers[row["publisher_id"]]}
    amounts = _rows(_of("quantities", event_id, extra))
    found = []
    for claim in _rows(claims.sort_values(["public_on", "claim_no"])):
        carried = [claim.pop("source_id"), *claim.pop("also_in")]
        stated = [row for row in amounts if row["claim_no"] == claim["claim_no"]]
        found.append(
            claim
            | {"claimant": _claimant(claim["claimant_id"], names, read[carried[0]])}
            | {"quantities": stated, "sources": [read[name] for name in carried]}
        )
    return found


def _claimant(claimant_id: str, names: Mapping[str, str], source: Row) -> str:
    """Name a claimant; the press is a claimant of its own in each publisher."""
    if claimant_id == "PRESS":
        return f"press ({source['publisher']})"
    return names.get(claimant_id, claimant_id)


def _asserting(claims: list[Row]) -> list[str]:
    """Name whose newest word asserts the occurrence, in the order in which they first did."""
    newest: dict[str, tuple[str, str]] = {}
    first: dict[str, int] = {}
    for number, claim in enumerate(claims):
        if claim["about"] != "occurrence" or claim["stance"] not in _RANK:
            continue
        name, stance = claim["claimant"], claim["stance"]
        if stance == "asserts":
            first.setdefault(name, number)
        day, before = newest.get(name, ("", ""))
        # On one day asserting wins over denying, and denying over taking back.
        if claim["public_on"] > day or _RANK[stance] > _RANK[before]:
            newest[name] = (claim["public_on"], stance)
    return [name for name in first if newest[name][1] == "asserts"]


_RANK = {"retracts": 0, "denies": 1, "asserts": 2}


def _amounts(claims: list[Row]) -> list[Row]:
    """Put the figures of each item side by side, claimant by claimant; nothing is added up."""
    items: dict[tuple[str, str, str], dict[str, Row]] = {}
    for claim in claims:
        for amount in claim["quantities"]:
            key = (amount["item"], amount["measure"], amount["unit"])
            by = items.setdefault(key, {}).setdefault(
                claim["claimant"],
                {"claimant_id": claim["claimant_id"], "claimant": claim["claimant"], "figures": []},
            )
            by["figures"].append(
                {
                    "public_on": claim["public_on"],
                    "stance": claim["stance"],
                    "figure": wording.figure(amount),
                    "period": wording.period(amount),
                    "aggregation": amount["aggregation"],
                    "note": amount["note"],
                }
            )
    return [
        {"item": item, "measure": measure, "unit": unit, "claimants": list(by.values())}
        for (item, measure, unit), by in items.items()
    ]


def _links(event_id: str, known: pd.Series, extra: Folder | Iterable[Folder] | None) -> list[Row]:
    links = loading.load("links", extra=extra)
    titles = loading.texts("events", "event_id", "title", extra)
    joined = links[(links["from_event"] == event_id) | (links["to_event"] == event_id)]
    found = []
    for row in _rows(joined):
        forth = row["from_event"] == event_id
        other = row["to_event"] if forth else row["from_event"]
        if other in known.index:
            words = wording.RELATIONS[row["relation"]][0 if forth else 1]
            found.append({**row, "relation": words, "event_id": other, "title": titles[other]})
    return found


#: Stances that can change what is known; the others are heard and change nothing.
_TURNING = ("asserts", "denies", "retracts", "announces")


def _history(known: pd.DataFrame, claims: list[Row]) -> list[Row]:
    found: list[Row] = []
    names = ("evidence", "acknowledged_by", "denied_by")
    for row in _rows(known.drop(columns="event_id")):
        if found and all(found[-1][name] == row[name] for name in names):
            continue
        said = [
            {name: claim[name] for name in ("claimant_id", "claimant", "stance")}
            for claim in claims
            if claim["public_on"] == row["day"] and claim["about"] == "occurrence"
        ]
        turning = [claim for claim in said if claim["stance"] in _TURNING]
        found.append(row | {"said": turning or said})
    return found


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(name): _plain(v) for name, v in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, list):
        return value
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return value.item() if hasattr(value, "item") else value
