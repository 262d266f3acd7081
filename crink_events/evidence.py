"""What was publicly known of each event on a day: evidence, voices, dyads. Nobody types these.

Pure functions of frames, defined in the codebook ("Derived"). A *side* is one of the four states
that has to speak for an event to count as acknowledged, or the authority of a third-party act or
of a vote. A side's stance is its newest ``asserts``, ``denies`` or ``retracts``; on one day
``asserts`` wins over ``denies``, and ``denies`` over ``retracts``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from crink_events.contract import Field, Table
from crink_events.roles import (
    AUTHORITY_SPEAKS,
    FOUR,
    MUTUAL,
    PREDECESSORS,
    SPEAKING,
    SUBJECTS_PAIR,
    VOTING,
)

#: How well an event is established, strongest rule first; the first that fits is the answer.
LADDER = (
    "retracted",
    "acknowledged",
    "contested",
    "partly_acknowledged",
    "documented",
    "assessed",
    "corroborated",
    "single_source",
    "announced",
)

#: Bases on which an independent claimant documents an event.
DOCUMENTARY = ("document", "imagery", "wreckage", "customs", "tracking", "leak", "record")

#: The columns that :func:`attribute` reads; a loader need not convert the others.
READS: dict[str, tuple[str, ...]] = {
    "events": ("event_id", "act"),
    "participants": ("event_id", "actor_id", "role", "via"),
    "claims": (
        "event_id",
        "claimant_id",
        "stance",
        "about",
        "public_on",
        "basis",
        "source_id",
        "also_in",
        "origin",
    ),
    "sources": ("source_id", "publisher_id"),
    "publishers": ("publisher_id", "state_voice"),
    "actors": ("actor_id", "kind", "parent", "iso3", "state_owned"),
}

_TURNS = {"retracts": 0, "denies": 1, "asserts": 2}
_PUBLIC_BODIES = ("state", "organ", "igo", "coalition")


#: The derived columns of the wide events, after those of the table ``events``.
DERIVED: tuple[Field, ...] = (
    Field(
        "evidence",
        "Evidence",
        "How well the event is established by the claims about its occurrence. Missing where it"
        " has only been denied or declined.",
        "string",
        "acknowledged",
        vocabulary="evidence",
        enum=LADDER,
    ),
    Field(
        "acknowledged_by",
        "Acknowledged by",
        "Sides whose newest stance asserts the event.",
        "list",
        "PRK;RUS",
    ),
    Field("denied_by", "Denied by", "Sides whose newest stance denies the event.", "list", "RUS"),
    Field(
        "first_public",
        "First public",
        "Day of the first claim about the occurrence.",
        "date",
        "2024-10-08",
    ),
    Field(
        "last_public",
        "Last public",
        "Day of the newest claim about the occurrence.",
        "date",
        "2025-04-28",
    ),
    Field("n_claims", "Claims", "Number of claims of any kind.", "integer", 12),
    Field(
        "n_origins",
        "Origins",
        "Number of independent origins that assert the event.",
        "integer",
        5,
    ),
    Field("n_sources", "Sources", "Number of documents that carry a claim.", "integer", 14),
    Field("n_publishers", "Publishers", "Number of their publishers.", "integer", 9),
    Field(
        "state_media_only",
        "State media only",
        "Whether every source is by a publisher that is the voice of one of the four.",
        "boolean",
        False,
    ),
    Field(
        "participants",
        "Participants",
        "Actors that take part in any role, in alphabetical order.",
        "list",
        "PRK;RUS",
    ),
    Field("chn", "China", "Whether China takes part in any role.", "boolean", False),
    Field("irn", "Iran", "Whether Iran takes part in any role.", "boolean", False),
    Field("prk", "North Korea", "Whether North Korea takes part in any role.", "boolean", True),
    Field("rus", "Russia", "Whether Russia (the Soviet Union) takes part.", "boolean", True),
    Field(
        "dyads",
        "Dyads",
        "Pairs of the four that the event counts for, by the table of roles.",
        "list",
        "PRK-RUS",
    ),
)

#: The table of spreads, which exists in builds only.
SPREADS = Table(
    name="spreads",
    title="Spreads",
    description="What claimants' figures of each item of an event run from and to. Nothing is"
    " summed.",
    path="",
    schema_path="",
    fields=(
        Field("event_id", "Event", "The event that the amounts belong to.", "string", "a-b"),
        Field("item", "Item", "What is counted.", "string", "troops"),
        Field("measure", "Measure", "Kind of amount.", "string", "personnel"),
        Field("unit", "Unit", "Unit of the figures.", "string", "person"),
        Field("aggregation", "Aggregation", "What the figures add up.", "string", "stock"),
        Field("lowest", "Lowest", "Lowest figure, bounds included.", "number", 10000.0),
        Field("highest", "Highest", "Highest figure, bounds included.", "number", 12000.0),
        Field("n_figures", "Figures", "Number of figures.", "integer", 3),
        Field("n_claimants", "Claimants", "Number of claimants that give one.", "integer", 2),
    ),
    primary_key=("event_id", "item", "measure", "unit", "aggregation"),
    foreign_keys=(),
)


def roots(actors: pd.DataFrame) -> pd.Series:
    """Give each actor's topmost parent; the Soviet Union's is Russia.

    Parameters
    ----------
    actors
        Table ``actors``: ``actor_id``, ``parent`` (strings, parent missing at the top).

    Returns
    -------
    pandas.Series
        Root by ``actor_id``.
    """
    found = _roots(actors)
    return pd.Series(list(found.values()), index=pd.Index(list(found)), dtype="str")


def _roots(actors: pd.DataFrame) -> dict[str, str]:
    parent = _mapping(actors, "actor_id", "parent")

    def root(actor: str) -> str:
        seen = set()
        while isinstance(parent.get(actor), str) and actor not in seen:
            seen.add(actor)
            actor = parent[actor]
        return PREDECESSORS.get(actor, actor)

    return {actor: root(actor) for actor in parent}


def sides(
    events: pd.DataFrame, participants: pd.DataFrame, root: Mapping[str, str]
) -> dict[str, set[str]]:
    """Give who must speak for each event; events without a side are absent.

    Parameters
    ----------
    events, participants
        Tables ``events`` (``event_id``, ``act``) and ``participants`` (``event_id``,
        ``actor_id``, ``role``).
    root
        Topmost parent of each actor, as :func:`roots` gives it.
    """
    acts = _mapping(events, "event_id", "act")
    found: dict[str, set[str]] = {}
    for event, actor, role in _rows(participants, "event_id", "actor_id", "role"):
        if acts[event] in AUTHORITY_SPEAKS:
            if role == "authority":
                found.setdefault(event, set()).add(root[actor])
        elif role in SPEAKING and PREDECESSORS.get(actor, actor) in FOUR:
            found.setdefault(event, set()).add(PREDECESSORS.get(actor, actor))
    return found


def _rows(
    frame: pd.DataFrame, *names: str, at: np.ndarray | slice = slice(None)
) -> Iterator[tuple[Any, ...]]:
    """Walk over columns as plain objects, in all rows or in those at some positions.

    What depends on no day is found once, in plain loops: for some thousands of rows they cost less
    than pandas needs to start its joins. What is asked day by day is vectorised.
    """
    return zip(*(frame[name].to_numpy(object)[at] for name in names), strict=True)


def _mapping(frame: pd.DataFrame, key: str, name: str) -> dict[str, Any]:
    return dict(_rows(frame, key, name))


def _parts(events: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    acts = pd.Series(
        events["act"].to_numpy(dtype=object), index=events["event_id"].to_numpy(dtype=object)
    )
    actor = participants["actor_id"].astype("str")
    return pd.DataFrame(
        {
            "event_id": participants["event_id"].astype("str"),
            "actor_id": actor,
            "state": actor.replace(PREDECESSORS),
            "role": participants["role"].astype("str"),
            "act": participants["event_id"].map(acts).astype("str"),
        }
    )


def dyads(events: pd.DataFrame, participants: pd.DataFrame) -> pd.Series:
    """Give the dyads of each event by the table of roles.

    Returns
    -------
    pandas.Series
        Sorted list of dyads (``CHN-RUS``) by ``event_id``; events without one are absent.
    """
    parts = _parts(events, participants)
    parts = parts[parts["state"].isin(FOUR)]
    pairs = parts.merge(parts, on="event_id", suffixes=("", "_2"))
    pairs = pairs[pairs["state"] != pairs["state_2"]]
    one, two, act = pairs["role"], pairs["role_2"], pairs["act"]
    counted = (
        (one.isin(MUTUAL) & two.isin(MUTUAL) & (act != "vote"))
        | ((one == "guest") & (two == "host"))
        | (one.isin(VOTING) & (two == "subject"))
        | ((one == "subject") & (two == "subject") & act.isin(SUBJECTS_PAIR))
    )
    pairs = pairs[counted]
    first = np.minimum(pairs["state"].to_numpy(object), pairs["state_2"].to_numpy(object))
    second = np.maximum(pairs["state"].to_numpy(object), pairs["state_2"].to_numpy(object))
    named = pd.DataFrame({"event_id": pairs["event_id"], "dyad": first + "-" + second})
    named = named.drop_duplicates().sort_values(["event_id", "dyad"])
    return named.groupby("event_id")["dyad"].agg(list)


@dataclass(frozen=True)
class Voices:
    """Who says what about the occurrence of which event: all that does not depend on the day.

    A *voice* is a side, a claimant, or the press of one publisher, within one event. The arrays
    that begin with ``claim_`` have one entry a claim, sorted by voice, day and weight of the
    stance, so that the last of a voice is its newest; those with ``voice_`` one a voice, those
    with ``read_`` one for each document that carries a claim.
    """

    events: pd.Index
    claim_event: np.ndarray
    claim_voice: np.ndarray
    claim_origin: np.ndarray
    claim_day: np.ndarray
    claim_stance: np.ndarray
    claim_turn: np.ndarray
    claim_documents: np.ndarray
    claim_public_body: np.ndarray
    voice_event: np.ndarray
    voice_side: np.ndarray
    origin_event: np.ndarray
    n_sides: np.ndarray
    any_event: np.ndarray
    any_day: np.ndarray
    read_event: np.ndarray
    read_day: np.ndarray
    read_outlet: np.ndarray
    read_state_voice: np.ndarray
    outlet_event: np.ndarray


def attribute(tables: Mapping[str, pd.DataFrame]) -> Voices:
    """Find the voice and the origin of every claim about an occurrence.

    Parameters
    ----------
    tables
        Frames of ``events``, ``participants``, ``claims``, ``sources``, ``publishers`` and
        ``actors``.
    """
    events, claims, actors = tables["events"], tables["claims"], tables["actors"]
    ids = pd.Index(events["event_id"].astype("str"), name="event_id")
    number = {event: n for n, event in enumerate(ids.to_numpy(object))}
    root = _roots(actors)
    speaking = sides(events, tables["participants"], root)
    speaker = _speakers(tables, root)
    kind = _mapping(actors, "actor_id", "kind")
    publisher = _mapping(tables["sources"], "source_id", "publisher_id")
    days = claims["public_on"].to_numpy("datetime64[D]")
    about = claims["about"].to_numpy(object) == "occurrence"
    kept = np.flatnonzero(about & ~np.isnat(days))
    names = ("event_id", "claimant_id", "source_id", "origin")
    # Keys are texts, not tuples: thousands of containers would call the garbage collector.
    voices: dict[str, int] = {}
    origins: dict[str, int] = {}
    event_at: list[int] = []
    voice_at: list[int] = []
    origin_at: list[int] = []
    bodies: list[bool] = []
    voice_event: list[int] = []
    voice_side: list[str | None] = []
    origin_event: list[int] = []
    for event, claimant, source, slug in _rows(claims, *names, at=kept):
        alone = f"PRESS:{publisher[source]}" if claimant == "PRESS" else claimant
        side = speaker(event, claimant)
        is_side = side in speaking.get(event, ())
        event_at.append(number[event])
        bodies.append(kind[claimant] in _PUBLIC_BODIES)
        key = f"{event}\t{f'side:{side}' if is_side else alone}"
        voice_at.append(voices.setdefault(key, len(voices)))
        if len(voices) > len(voice_event):
            voice_event.append(number[event])
            voice_side.append(side if is_side else None)
        key = f"{event}\t{slug if isinstance(slug, str) else alone}"
        origin_at.append(origins.setdefault(key, len(origins)))
        if len(origins) > len(origin_event):
            origin_event.append(number[event])
    at, voice, origin = (np.array(codes, dtype=int) for codes in (event_at, voice_at, origin_at))
    body = np.array(bodies, dtype=bool)
    stance = claims["stance"].to_numpy(object)[kept]
    turn = np.array([_TURNS.get(code, -1) for code in stance], dtype="int8")
    documents = np.array(
        [code in DOCUMENTARY for (code,) in _rows(claims, "basis", at=kept)], dtype=bool
    )
    order = np.lexsort((turn, days[kept], voice, at))
    return Voices(
        events=ids,
        claim_event=at[order],
        claim_voice=voice[order],
        claim_origin=origin[order],
        claim_day=days[kept][order],
        claim_stance=stance[order],
        claim_turn=turn[order],
        claim_documents=documents[order],
        claim_public_body=body[order],
        voice_event=np.array(voice_event, dtype=int),
        voice_side=np.array(voice_side, dtype=object),
        origin_event=np.array(origin_event, dtype=int),
        n_sides=np.array([len(speaking.get(event, ())) for event in number], dtype=int),
        any_event=np.array([number[event] for (event,) in _rows(claims, "event_id")], dtype=int),
        any_day=days,
        **_read(tables, number),
    )


def _speakers(
    tables: Mapping[str, pd.DataFrame], root: Mapping[str, str]
) -> Callable[[str, str], str]:
    """Give for whom a claimant speaks on an event: its state or body, or itself, if a firm.

    A firm speaks for the state that owns it, and in its own dealings only.
    """
    actors = _rows(tables["actors"], "actor_id", "kind", "iso3", "state_owned")
    home = {
        actor: (iso3, pd.notna(owned) and bool(owned))
        for actor, kind, iso3, owned in actors
        if kind == "firm"
    }
    via = _rows(tables["participants"], "event_id", "via")
    dealings = {(event, firm) for event, firms in via for firm in firms}

    def speaker(event: str, claimant: str) -> str:
        if claimant not in home:
            return root[claimant]
        state, owned = home[claimant]
        return state if owned and (event, claimant) in dealings else claimant

    return speaker


def _read(tables: Mapping[str, pd.DataFrame], number: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Give the fields of :class:`Voices` about documents: one entry a document of an event."""
    claims, sources, publishers = tables["claims"], tables["sources"], tables["publishers"]
    days = claims["public_on"].to_numpy("datetime64[D]")
    dated = np.flatnonzero(~np.isnat(days))
    source_number = {name: n for n, (name,) in enumerate(_rows(sources, "source_id"))}
    outlet_number = {name: n for n, (name,) in enumerate(_rows(publishers, "publisher_id"))}
    event, source, row = [], [], []
    names = ("event_id", "source_id", "also_in")
    for n, (event_id, first, also) in enumerate(_rows(claims, *names, at=dated)):
        for name in (first, *also):
            event.append(number[event_id])
            source.append(source_number[name])
            row.append(n)
    document = np.array(event, dtype=int) * max(len(sources), 1) + np.array(source, dtype=int)
    day = days[dated][np.array(row, dtype=int)]
    # The first of each document is the one of its earliest day.
    order = np.lexsort((day, document))
    document, first_of = np.unique(document[order], return_index=True)
    read_event, read_source = np.divmod(document, max(len(sources), 1))
    publisher = np.array(
        [outlet_number[name] for (name,) in _rows(sources, "publisher_id")], dtype=int
    )
    of_four = np.array([voice in FOUR for (voice,) in _rows(publishers, "state_voice")], dtype=bool)
    outlet = publisher[read_source] if len(document) else np.zeros(0, dtype=int)
    pairs, read_outlet = np.unique(
        read_event * max(len(publishers), 1) + outlet, return_inverse=True
    )
    return {
        "read_event": read_event,
        "read_day": day[order][first_of],
        "read_outlet": read_outlet,
        "read_state_voice": of_four[outlet] if len(document) else np.zeros(0, dtype=bool),
        "outlet_event": pairs // max(len(publishers), 1),
    }


def derive(
    tables: Mapping[str, pd.DataFrame], as_of: dt.date | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Compute the derived columns of every event that was publicly known on a day.

    Parameters
    ----------
    tables
        Frames of ``events``, ``participants``, ``claims``, ``sources``, ``publishers`` and
        ``actors``.
    as_of
        The day; missing means all claims, that is, the release.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`DERIVED`, by ``event_id``, in the order of ``events``. Events of which
        nothing was public yet are absent.
    """
    out = known_on(attribute(tables), as_of)
    events, participants = tables["events"], tables["participants"]
    parts = _parts(events, participants)
    names = parts.groupby("event_id")["actor_id"].agg(lambda s: sorted(set(s)))
    out["participants"] = _lists(names, out.index)
    for state in FOUR:
        there = parts["event_id"][parts["state"] == state]
        out[state.lower()] = pd.array(out.index.isin(there), dtype="boolean")
    out["dyads"] = _lists(dyads(events, participants), out.index)
    return out


def known_on(voices: Voices, as_of: dt.date | pd.Timestamp | None = None) -> pd.DataFrame:
    """Compute the derived columns that depend on the day: all but participants and dyads.

    Parameters
    ----------
    voices
        What :func:`attribute` gives.
    as_of
        The day; missing means all claims.
    """
    v, n = voices, len(voices.events)
    last = np.datetime64("9999-12-31") if as_of is None else np.datetime64(pd.Timestamp(as_of), "D")
    public = v.claim_day <= last
    current = np.full(len(v.voice_event), -1, dtype="int8")
    turning = public & (v.claim_turn >= 0)
    current[v.claim_voice[turning]] = v.claim_turn[turning]  # sorted: the newest comes last
    asserts = _TURNS["asserts"]
    said = public & (v.claim_stance == "asserts")
    standing = said & (current[v.claim_voice] == asserts)
    is_side = pd.notna(v.voice_side)
    own = standing & ~is_side[v.claim_voice]

    def voices_with(mask: np.ndarray) -> np.ndarray:
        """Mark the voices that have a claim of this sort."""
        found = np.zeros(len(current), dtype=bool)
        found[v.claim_voice[mask]] = True
        return found

    def per_event(mask: np.ndarray) -> np.ndarray:
        """Count voices by event."""
        return np.bincount(v.voice_event[mask], minlength=n)

    had = voices_with(said)
    origins = np.zeros(len(v.origin_event), dtype=bool)
    origins[v.claim_origin[standing]] = True
    n_origins = np.bincount(v.origin_event[origins], minlength=n)
    sides_assert = per_event(is_side & (current == asserts))
    sides_deny = per_event(is_side & (current == _TURNS["denies"]))
    # Whoever asserted an event and then denies it has taken the assertion back as well.
    back = per_event(had & (current >= 0) & (current != asserts))
    met = (
        (per_event(had) > 0) & (per_event(had) == back),
        (v.n_sides > 0) & (sides_assert == v.n_sides),
        (sides_deny > 0) & (per_event(current == asserts) > 0),
        sides_assert > 0,
        per_event(voices_with(own & v.claim_documents)) > 0,
        per_event(voices_with(own & v.claim_public_body)) > 0,
        n_origins > 1,
        n_origins == 1,
        per_event(voices_with(public & (v.claim_stance == "announces"))) > 0,
    )
    rungs = np.column_stack(met)
    rung = np.where(rungs.any(axis=1), rungs.argmax(axis=1), len(LADDER))
    there = np.bincount(v.claim_event[public], minlength=n) > 0
    out = pd.DataFrame(index=v.events[there])
    names = np.array([*LADDER, None], dtype=object)
    out["evidence"] = pd.Categorical(names[rung[there]], categories=list(LADDER))
    for name, turn in (("acknowledged_by", "asserts"), ("denied_by", "denies")):
        out[name] = _sides_with(v, is_side & (current == _TURNS[turn]), there)
    days = pd.Series(v.claim_day[public]).groupby(v.claim_event[public])
    out["first_public"] = days.min().to_numpy().astype("datetime64[ms]")
    out["last_public"] = days.max().to_numpy().astype("datetime64[ms]")
    read = v.read_day <= last
    outlets = np.zeros(len(v.outlet_event), dtype=bool)
    outlets[v.read_outlet[read]] = True
    known = v.any_event[v.any_day <= last]
    counts = {
        "n_claims": np.bincount(known, minlength=n),
        "n_origins": n_origins,
        "n_sources": np.bincount(v.read_event[read], minlength=n),
        "n_publishers": np.bincount(v.outlet_event[outlets], minlength=n),
    }
    for name, count in counts.items():
        out[name] = pd.array(count[there], dtype="Int64")
    outside = np.bincount(v.read_event[read & ~v.read_state_voice], minlength=n)
    out["state_media_only"] = pd.array(outside[there] == 0, dtype="boolean")
    return out


def history(voices: Voices) -> pd.DataFrame:
    """Compute what was known of each event on every day on which somebody spoke of it.

    Each day of each event is taken as an event of its own that has the claims until then, so that
    one pass over all of them gives the same answers as :func:`known_on` day by day.

    Parameters
    ----------
    voices
        What :func:`attribute` gives.

    Returns
    -------
    pandas.DataFrame
        ``event_id``, ``day`` (datetime64[ms]), and the columns of :func:`known_on` that rest on
        claims about the occurrence: ``evidence``, ``acknowledged_by``, ``denied_by``,
        ``n_origins``. One row for each event and day with such a claim, in order of events and
        days.
    """
    v = voices
    pairs = pd.DataFrame({"event": v.claim_event, "day": v.claim_day})
    pairs = pairs.drop_duplicates().sort_values(["event", "day"], ignore_index=True)
    event, day = pairs["event"].to_numpy(), pairs["day"].to_numpy("datetime64[D]")
    # Claims are sorted by event: those of one stand together, from `first` on.
    count = np.bincount(v.claim_event, minlength=len(v.events))
    first = np.cumsum(count) - count
    number = np.repeat(np.arange(len(pairs)), count[event])
    begin = np.repeat(np.cumsum(count[event]) - count[event], count[event])
    claim = np.repeat(first[event], count[event]) + np.arange(len(number)) - begin
    until = v.claim_day[claim] <= day[number]
    number, claim = number[until], claim[until]
    voice, voices_then = pd.factorize(number * len(v.voice_event) + v.claim_voice[claim])
    origin, origins_then = pd.factorize(number * len(v.origin_event) + v.claim_origin[claim])
    nothing = np.zeros(0, dtype=int)
    then = replace(
        v,
        events=pd.RangeIndex(len(pairs)),
        claim_event=number,
        claim_voice=voice,
        claim_origin=origin,
        claim_day=v.claim_day[claim],
        claim_stance=v.claim_stance[claim],
        claim_turn=v.claim_turn[claim],
        claim_documents=v.claim_documents[claim],
        claim_public_body=v.claim_public_body[claim],
        voice_event=voices_then // max(len(v.voice_event), 1),
        voice_side=v.voice_side[voices_then % max(len(v.voice_event), 1)],
        origin_event=origins_then // max(len(v.origin_event), 1),
        n_sides=v.n_sides[event],
        any_event=nothing,
        any_day=nothing.astype("datetime64[D]"),
        read_event=nothing,
        read_day=nothing.astype("datetime64[D]"),
        read_outlet=nothing,
        read_state_voice=nothing.astype(bool),
        outlet_event=nothing,
    )
    known = known_on(then)[["evidence", "acknowledged_by", "denied_by", "n_origins"]]
    known.insert(0, "event_id", v.events.to_numpy(object)[event])
    known.insert(1, "day", day.astype("datetime64[ms]"))
    return known.astype({"event_id": "str"}).reset_index(drop=True)


def _sides_with(voices: Voices, mask: np.ndarray, there: np.ndarray) -> list[list[str]]:
    found: list[list[str]] = [[] for _ in voices.events]
    for event, side in zip(voices.voice_event[mask], voices.voice_side[mask], strict=True):
        found[event].append(side)
    return [sorted(names) for names, known in zip(found, there, strict=True) if known]


def _lists(series: pd.Series, index: pd.Index) -> list[list[str]]:
    found = series.to_dict()
    return [found.get(name, []) for name in index]


def spreads(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give what claimants' figures of each item run from and to; nothing is summed.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`SPREADS`, one row for each event, item, measure, unit and aggregation.
    """
    key = list(SPREADS.primary_key)
    figures = tables["quantities"]
    claims = tables["claims"][["event_id", "claim_no", "claimant_id"]]
    figures = figures.merge(claims, on=["event_id", "claim_no"], how="left")
    for column in key:
        figures[column] = figures[column].astype("str")
    figures["lowest"] = figures[["low", "best", "high"]].min(axis=1)
    figures["highest"] = figures[["low", "best", "high"]].max(axis=1)
    grouped = figures.groupby(key, sort=True)
    out = grouped.agg(
        lowest=("lowest", "min"),
        highest=("highest", "max"),
        n_figures=("quantity_no", "count"),
        n_claimants=("claimant_id", "nunique"),
    ).reset_index()
    return out.astype({"n_figures": "Int64", "n_claimants": "Int64"})
