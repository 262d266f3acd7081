"""What was publicly known of each event on a day: evidence, voices, dyads. Nobody types these.

Pure functions of frames, defined in the codebook ("Derived"). A *side* is one of the four states
that has to speak for an event to count as acknowledged, or the authority of a third-party act or
of a vote. A side's stance is its newest ``asserts``, ``denies`` or ``retracts``; on one day
``asserts`` wins over ``denies``, and ``denies`` over ``retracts``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from crink_events.contract import Field
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

_TURNS = {"retracts": 0, "denies": 1, "asserts": 2}
_PUBLIC_BODIES = ("state", "organ", "igo", "coalition")


def _derived(name: str, title: str, description: str, kind: str, example: object) -> Field:
    vocabulary = {"evidence": "evidence"}.get(name)
    enum = LADDER if name == "evidence" else None
    return Field(name, title, description, kind, example, vocabulary=vocabulary, enum=enum)


#: The derived columns of the wide events, after those of the table ``events``.
DERIVED: tuple[Field, ...] = (
    _derived(
        "evidence",
        "Evidence",
        "How well the event is established by the claims about its occurrence. Missing where it"
        " has only been denied or declined.",
        "string",
        "acknowledged",
    ),
    _derived(
        "acknowledged_by",
        "Acknowledged by",
        "Sides whose newest stance asserts the event.",
        "list",
        "PRK;RUS",
    ),
    _derived(
        "denied_by", "Denied by", "Sides whose newest stance denies the event.", "list", "RUS"
    ),
    _derived(
        "first_public",
        "First public",
        "Day of the first claim about the occurrence.",
        "date",
        "2024-10-08",
    ),
    _derived(
        "last_public",
        "Last public",
        "Day of the newest claim about the occurrence.",
        "date",
        "2025-04-28",
    ),
    _derived("n_claims", "Claims", "Number of claims of any kind.", "integer", 12),
    _derived(
        "n_origins",
        "Origins",
        "Number of independent origins that assert the event.",
        "integer",
        5,
    ),
    _derived("n_sources", "Sources", "Number of documents that carry a claim.", "integer", 14),
    _derived("n_publishers", "Publishers", "Number of their publishers.", "integer", 9),
    _derived(
        "state_media_only",
        "State media only",
        "Whether every source is by a publisher that is the voice of one of the four.",
        "boolean",
        False,
    ),
    _derived(
        "participants",
        "Participants",
        "Actors that take part in any role, in alphabetical order.",
        "list",
        "PRK;RUS",
    ),
    _derived("chn", "China", "Whether China takes part in any role.", "boolean", False),
    _derived("irn", "Iran", "Whether Iran takes part in any role.", "boolean", False),
    _derived("prk", "North Korea", "Whether North Korea takes part in any role.", "boolean", True),
    _derived("rus", "Russia", "Whether Russia (the Soviet Union) takes part.", "boolean", True),
    _derived(
        "dyads",
        "Dyads",
        "Pairs of the four that the event counts for, by the table of roles.",
        "list",
        "PRK-RUS",
    ),
)

#: Columns of the table of spreads: what claimants' figures of one item run from and to.
SPREADS: tuple[Field, ...] = (
    Field("event_id", "Event", "The event that the amounts belong to.", "string", "a-b"),
    Field("item", "Item", "What is counted.", "string", "troops"),
    Field("measure", "Measure", "Kind of amount.", "string", "personnel"),
    Field("unit", "Unit", "Unit of the figures.", "string", "person"),
    Field("aggregation", "Aggregation", "What the figures add up.", "string", "stock"),
    Field("lowest", "Lowest", "Lowest figure of any claimant, bounds included.", "number", 10000.0),
    Field("highest", "Highest", "Highest figure of any claimant.", "number", 12000.0),
    Field("n_figures", "Figures", "Number of figures.", "integer", 3),
    Field("n_claimants", "Claimants", "Number of claimants that give one.", "integer", 2),
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
    ids = actors["actor_id"].to_numpy(dtype=object)
    parent = dict(zip(ids, actors["parent"].to_numpy(dtype=object), strict=True))

    def root(actor: str) -> str:
        seen = set()
        while isinstance(parent.get(actor), str) and actor not in seen:
            seen.add(actor)
            actor = parent[actor]
        return PREDECESSORS.get(actor, actor)

    return pd.Series([root(actor) for actor in ids], index=pd.Index(ids), dtype="str")


def sides(
    events: pd.DataFrame, participants: pd.DataFrame, root: Mapping[str, str] | pd.Series
) -> pd.DataFrame:
    """Give who must speak for each event: ``event_id`` and ``side``, one row a side."""
    parts = _parts(events, participants)
    authority = parts["act"].isin(AUTHORITY_SPEAKS)
    one_of_four = parts["state"].isin(FOUR) & parts["role"].isin(SPEAKING) & ~authority
    acting = parts[one_of_four].assign(side=parts["state"])
    ruling = parts[authority & (parts["role"] == "authority")]
    ruling = ruling.assign(side=ruling["actor_id"].map(root))
    both = pd.concat([acting, ruling])[["event_id", "side"]]
    return both.drop_duplicates().sort_values(["event_id", "side"], ignore_index=True)


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


def voices(
    events: pd.DataFrame,
    participants: pd.DataFrame,
    claims: pd.DataFrame,
    sources: pd.DataFrame,
    actors: pd.DataFrame,
    as_of: dt.date | pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Give every claim about an occurrence with the voice that it belongs to.

    Parameters
    ----------
    events, participants, claims, sources, actors
        Tables of the package.
    as_of
        Only claims public by this day (missing: all).

    Returns
    -------
    pandas.DataFrame
        The claims with ``voice`` (``side:RUS``, a claimant, or ``PRESS:reuters``), ``side``
        (missing for others), ``origin``, ``public_body`` and ``current`` (the voice's newest
        stance; missing where it has none).
    """
    about = claims["about"].astype("str") == "occurrence"
    known = claims[about & _by(claims["public_on"], as_of)].copy()
    for column in ("event_id", "claimant_id", "stance", "basis", "source_id", "origin"):
        known[column] = known[column].astype("str")
    root = roots(actors)
    lookup = actors.set_index(actors["actor_id"].astype("str"))
    known["speaker"] = known["claimant_id"].map(root)
    firm = known["claimant_id"].map(lookup["kind"].astype("str")) == "firm"
    known.loc[firm, "speaker"] = _firms(known[firm], participants, lookup)
    known["side"] = known.merge(
        sides(events, participants, root).assign(speaker=lambda f: f["side"]),
        on=["event_id", "speaker"],
        how="left",
    )["side"].to_numpy()
    publisher = pd.Series(
        sources["publisher_id"].to_numpy(dtype=object), index=sources["source_id"].astype("str")
    )
    press = "PRESS:" + known["source_id"].map(publisher).astype("str")
    alone = known["claimant_id"].where(known["claimant_id"] != "PRESS", press)
    known["voice"] = ("side:" + known["side"]).where(known["side"].notna(), alone)
    known["origin"] = known["origin"].where(known["origin"].notna(), alone)
    kinds = known["claimant_id"].map(lookup["kind"].astype("str"))
    known["public_body"] = kinds.isin(_PUBLIC_BODIES)
    return known.merge(_current(known), on=["event_id", "voice"], how="left")


def _by(days: pd.Series, as_of: dt.date | pd.Timestamp | None) -> pd.Series:
    if as_of is None:
        return days.notna()
    return days <= pd.Timestamp(as_of)


def _firms(claims: pd.DataFrame, participants: pd.DataFrame, actors: pd.DataFrame) -> pd.Series:
    """Say for which state a firm speaks: for one that owns it, in its own dealings only."""
    via = participants[["event_id", "via"]].explode("via").dropna()
    dealings = set(zip(via["event_id"], via["via"], strict=True))
    owned = actors["state_owned"].fillna(False).astype(bool)
    home = actors["iso3"].astype("str")
    speakers = [
        home[firm] if owned[firm] and (event, firm) in dealings else firm
        for event, firm in zip(claims["event_id"], claims["claimant_id"], strict=True)
    ]
    return pd.Series(speakers, index=claims.index, dtype="str")


def _current(claims: pd.DataFrame) -> pd.DataFrame:
    turns = claims[claims["stance"].isin(_TURNS)]
    turns = turns.assign(turn=turns["stance"].map(_TURNS).astype("int8"))
    turns = turns.sort_values(["event_id", "voice", "public_on", "turn"], kind="stable")
    newest = turns.drop_duplicates(["event_id", "voice"], keep="last")
    return newest[["event_id", "voice", "stance"]].rename(columns={"stance": "current"})


def ladder(known: pd.DataFrame, sides: pd.DataFrame) -> pd.Series:
    """Say how well each event is established.

    Parameters
    ----------
    known
        Claims with their voices, from :func:`voices`.
    sides
        Who must speak, from :func:`sides`.

    Returns
    -------
    pandas.Series
        A code of the vocabulary ``evidence`` by ``event_id``; missing where nothing asserts or
        announces the event.
    """
    event = known["event_id"]
    is_side = known["side"].notna()
    asserting = known["current"] == "asserts"
    said = (known["stance"] == "asserts") & asserting
    own = said & ~is_side

    def count(mask: pd.Series, column: str) -> pd.Series:
        return known[mask].groupby(event[mask])[column].nunique()

    frame = pd.DataFrame(index=pd.Index(event.unique(), name="event_id"))
    ever = known["stance"] == "asserts"
    # Whoever asserted an event and then denies it has taken the assertion back as well.
    back = ever & known["current"].isin(["retracts", "denies"])
    counts = {
        "had": count(ever, "voice"),
        "back": count(back, "voice"),
        "asserting": count(asserting, "voice"),
        "sides_assert": count(asserting & is_side, "side"),
        "sides_deny": count((known["current"] == "denies") & is_side, "side"),
        "documented": count(own & known["basis"].isin(DOCUMENTARY), "voice"),
        "assessed": count(own & known["public_body"], "voice"),
        "origins": count(said, "origin"),
        "announced": count(known["stance"] == "announces", "voice"),
        "sides": sides.groupby("event_id")["side"].nunique(),
    }
    for name, series in counts.items():
        frame[name] = series.reindex(frame.index, fill_value=0)
    conditions = [
        (frame["had"] > 0) & (frame["had"] == frame["back"]),
        (frame["sides"] > 0) & (frame["sides_assert"] == frame["sides"]),
        (frame["sides_deny"] > 0) & (frame["asserting"] > 0),
        frame["sides_assert"] > 0,
        frame["documented"] > 0,
        frame["assessed"] > 0,
        frame["origins"] > 1,
        frame["origins"] == 1,
        frame["announced"] > 0,
    ]
    met = np.column_stack([condition.to_numpy() for condition in conditions])
    names = np.array([*LADDER, None], dtype=object)
    answer = names[np.where(met.any(axis=1), met.argmax(axis=1), len(LADDER))]
    return pd.Series(pd.Categorical(answer, categories=list(LADDER)), index=frame.index)


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
    events, participants = tables["events"], tables["participants"]
    claims, sources = tables["claims"], tables["sources"]
    actors = tables["actors"]
    known = voices(events, participants, claims, sources, actors, as_of)
    speaking = sides(events, participants, roots(actors))
    ids = events["event_id"].astype("str")
    index = pd.Index(ids[ids.isin(known["event_id"])], name="event_id")
    out = pd.DataFrame(index=index)
    out["evidence"] = ladder(known, speaking).reindex(index)
    for name, stance in (("acknowledged_by", "asserts"), ("denied_by", "denies")):
        said = known[(known["current"] == stance) & known["side"].notna()]
        out[name] = _lists(said.groupby("event_id")["side"].agg(lambda s: sorted(set(s))), index)
    days = known.groupby("event_id")["public_on"]
    out["first_public"] = days.min().reindex(index)
    out["last_public"] = days.max().reindex(index)
    public = claims[_by(claims["public_on"], as_of)]
    origins = known[(known["stance"] == "asserts") & (known["current"] == "asserts")]
    read = _read(public, sources, tables["publishers"])
    counts = {
        "n_claims": public.groupby(public["event_id"].astype("str")).size(),
        "n_origins": origins.groupby("event_id")["origin"].nunique(),
        "n_sources": read.groupby("event_id")["source_id"].nunique(),
        "n_publishers": read.groupby("event_id")["publisher_id"].nunique(),
    }
    for name, series in counts.items():
        out[name] = series.reindex(index, fill_value=0).astype("Int64")
    voice_only = read.groupby("event_id")["state_voice"].agg("all")
    out["state_media_only"] = voice_only.reindex(index, fill_value=False).astype("boolean")
    parts = _parts(events, participants)
    names = parts.groupby("event_id")["actor_id"].agg(lambda s: sorted(set(s)))
    out["participants"] = _lists(names, index)
    for state in FOUR:
        there = parts["event_id"][parts["state"] == state]
        out[state.lower()] = pd.array(index.isin(there), dtype="boolean")
    out["dyads"] = _lists(dyads(events, participants), index)
    return out


def _lists(series: pd.Series, index: pd.Index) -> list[list[str]]:
    found = series.to_dict()
    return [found.get(name, []) for name in index]


def _read(claims: pd.DataFrame, sources: pd.DataFrame, publishers: pd.DataFrame) -> pd.DataFrame:
    """Give the documents that carry the claims of each event, one row a document."""
    first = claims[["event_id", "source_id"]].astype("str")
    also = claims[["event_id", "also_in"]].explode("also_in").dropna()
    also = also.rename(columns={"also_in": "source_id"}).astype("str")
    pairs = pd.concat([first, also]).drop_duplicates()
    publisher = pd.Series(
        sources["publisher_id"].to_numpy(dtype=object), index=sources["source_id"].astype("str")
    )
    voice = pd.Series(
        publishers["state_voice"].astype("str").isin(FOUR).to_numpy(),
        index=publishers["publisher_id"].astype("str"),
    )
    pairs["publisher_id"] = pairs["source_id"].map(publisher).astype("str")
    pairs["state_voice"] = pairs["publisher_id"].map(voice).fillna(False).astype(bool)
    return pairs


def spreads(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Give what claimants' figures of each item run from and to; nothing is summed.

    Returns
    -------
    pandas.DataFrame
        Columns of :data:`SPREADS`, one row for each event, item, measure, unit and aggregation.
    """
    key = ["event_id", "item", "measure", "unit", "aggregation"]
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
