"""What panels and networks count: which acts, of whom, by which evidence, and with which flags.

Pure functions of frames beside :func:`select`, which loads them. The rules are those of
``docs/panels.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crink_events import ledger, loading
from crink_events.evidence import LADDER
from crink_events.roles import DIRECTED, FOUR, PREDECESSORS

if TYPE_CHECKING:
    from crink_events.loading import Day, Folder

_STRICT = ("acknowledged", "documented")
_STANDARD = ("acknowledged", "partly_acknowledged", "documented", "assessed", "corroborated")
#: What each cut of the evidence counts; ``n_broad`` counts what has no evidence yet as well, that
#: is, what has only been denied or declined by the day asked for.
CUTS: dict[str, tuple[str, ...]] = {
    "n_strict": _STRICT,
    "n_standard": _STANDARD,
    "n_broad": LADDER,
}
#: Stages at which nothing was done. Codebook: "left out of counts unless asked for".
NOT_DONE = ("proposed", "announced", "cancelled", "lapsed", "not_occurred")
#: Columns that say of how many acts in ``n_broad`` something holds.
FLAGS = ("n_imprecise", "n_contested", "n_retracted", "n_crossing", "n_multilateral")
#: All columns of counts in their order.
MEASURES = (*CUTS, *FLAGS, "n_proposed")

UNITS = ("dyad", "directed_dyad", "actor")
CATEGORIES = ("act", "domain", "valence")
#: First day of the window of the codebook; earlier acts are recorded where later ones refer to
#: them.
WINDOW = pd.Timestamp("2000-01-01")


@dataclass(frozen=True)
class Selection:
    """The acts that are to be counted, for whom, and what is known of the search for them.

    Attributes
    ----------
    events
        One row an act in the window: ``event_id``, ``start_date``, ``end_date``, the codes, and a
        truth value for each column of counts but ``n_crossing``, which depends on the periods.
    units
        One row a unit: the columns that identify it.
    ties
        ``event`` and ``unit``, positions in the two frames above: who an act counts for, once.
    pairs
        For each unit the dyads whose search decides whether an empty cell is a zero.
    domains
        Domains that are counted.
    since, until
        First and last day of the window.
    ledger
        Table ``coverage``.
    attrs
        How the selection was made.
    """

    events: pd.DataFrame
    units: pd.DataFrame
    ties: pd.DataFrame
    pairs: list[list[str]]
    domains: list[str]
    since: pd.Timestamp
    until: pd.Timestamp
    ledger: pd.DataFrame
    attrs: dict[str, Any] = field(default_factory=dict)


# --------------------------------------------------------------------------- words


def choice(what: str, value: object, known: Sequence[str]) -> str:
    """Take one of a few words, or raise ValueError with all of them."""
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"{what}={value!r} is not valid; valid are {', '.join(known)}")
    return value


def given(what: str, value: str | Iterable[str] | None) -> list[str] | None:
    """Take the words of a filter; None means that there is none, and an empty list is an error."""
    if value is None:
        return None
    names = [value] if isinstance(value, str) or not isinstance(value, Iterable) else list(value)
    if not names:
        raise ValueError(f"{what} is an empty list, which nothing fits; leave it out for all")
    return [name for n, name in enumerate(names) if name not in names[:n]]


def codes(what: str, value: str | Iterable[str] | None, known: Sequence[str]) -> list[str]:
    """Take the codes of a filter in the order of the vocabulary; all of them without one."""
    names = given(what, value)
    if names is None:
        return list(known)
    for name in names:
        if name not in known:
            raise ValueError(loading.unknown_word(what, name, known))
    return [name for name in known if name in names]


def edge(what: str, value: Day, *, last: bool) -> pd.Timestamp:
    """Read a day; a year or a month stands for its first or its last day."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", value):
        month = value if "-" in value else f"{value}-{'12' if last else '01'}"
        first = loading.day_of(what, f"{month}-01")
        return first + pd.offsets.MonthEnd(0) if last else first
    return loading.day_of(what, value)


def window(
    since: Day | None, until: Day | None, newest: pd.Timestamp
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Give the first and the last day; without ``until`` nothing may be left after ``since``."""
    first = WINDOW if since is None else edge("since", since, last=False)
    if until is None:
        return first, newest
    final = edge("until", until, last=True)
    if first > final and since is None:
        raise ValueError(f"until {until} is before {first.date()}; give since as well")
    if first > final:
        raise ValueError(f"since {since} is after until {until}")
    return first, final


# --------------------------------------------------------------------------- whom acts count for


def units(unit: str, dyad: str | Iterable[str] | None, actors: pd.DataFrame) -> pd.DataFrame:
    """List the units with their keys, those of lower COW numbers first.

    Parameters
    ----------
    unit
        One of :data:`UNITS`.
    dyad
        Pairs to keep. For ``directed_dyad`` a pair is one way: from the first to the second. Of
        actors those that belong to one of the pairs are kept.
    actors
        Table ``actors``: ``actor_id``, ``cow_code``, ``gw_code``.

    Returns
    -------
    pandas.DataFrame
        ``dyad`` (category) with ``iso3_1``, ``iso3_2``, ``ccode1``, ``ccode2``, ``gwcode1`` and
        ``gwcode2``; or ``iso3``, ``ccode`` and ``gwcode``.
    """
    numbers = actors.set_index("actor_id")[["cow_code", "gw_code"]].loc[list(FOUR)].astype("int64")
    four = numbers.sort_values("cow_code").index.tolist()
    wanted = given("dyad", dyad)
    if unit == "actor":
        pairs = None if wanted is None else {loading.dyad_of(name) for name in wanted}
        kept = [a for a in four if pairs is None or any(a in pair.split("-") for pair in pairs)]
        out = pd.DataFrame({"iso3": pd.array(kept, dtype="str")})
        out["ccode"] = numbers["cow_code"].loc[kept].to_numpy()
        out["gwcode"] = numbers["gw_code"].loc[kept].to_numpy()
        return out
    if unit == "dyad":
        ordered = list(combinations(four, 2))
        if wanted is not None:
            pairs = {loading.dyad_of(name) for name in wanted}
            ordered = [pair for pair in ordered if name_of(*pair) in pairs]
    else:
        ordered = list(permutations(four, 2))
        if wanted is not None:
            ways = {_way(name) for name in wanted}
            ordered = [pair for pair in ordered if pair in ways]
    every = [f"{one}-{two}" for one, two in combinations(FOUR, 2)]
    names = pd.Categorical([name_of(*pair) for pair in ordered], categories=every)
    out = pd.DataFrame({"dyad": names})
    sides = [[pair[side] for pair in ordered] for side in (0, 1)]
    for side, states in enumerate(sides, start=1):
        out[f"iso3_{side}"] = pd.array(states, dtype="str")
    for column, number in (("ccode", "cow_code"), ("gwcode", "gw_code")):
        for side, states in enumerate(sides, start=1):
            out[f"{column}{side}"] = numbers[number].loc[states].to_numpy()
    return out


def name_of(one: str, two: str) -> str:
    """Name a dyad: its two codes in alphabetical order."""
    return f"{min(one, two)}-{max(one, two)}"


def _way(name: object) -> tuple[str, str]:
    parts = [PREDECESSORS.get(part, part) for part in str(name).upper().split("-")]
    known = {f"{one}-{two}": (one, two) for one, two in permutations(FOUR, 2)}
    word = "-".join(parts)
    if word not in known:
        raise ValueError(loading.unknown_word("directed dyad", name, list(known), nearest_to=word))
    return known[word]


def ties(
    unit: str,
    events: pd.DataFrame,
    participants: pd.DataFrame,
    of: pd.DataFrame,
    only: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Say for which units each act counts, each of them once.

    Parameters
    ----------
    unit
        One of :data:`UNITS`.
    events
        ``event_id`` and ``dyads`` (lists, by the table of roles), on an index from 0.
    participants
        ``event_id``, ``actor_id`` and ``role``; only read for directed dyads.
    of
        What :func:`units` gives for the unit.
    only
        For actors: dyads whose acts count; all without it.

    Returns
    -------
    pandas.DataFrame
        ``event`` and ``unit``, positions in the two frames.
    """
    if unit == "directed_dyad":
        found = directions(events, participants)
        keys = pd.MultiIndex.from_frame(of[["iso3_1", "iso3_2"]])
        asked = pd.MultiIndex.from_frame(found[["iso3_1", "iso3_2"]])
        event, number = found["event"].to_numpy(), keys.get_indexer(asked)
    else:
        pairs = events["dyads"].explode().dropna().astype("str")
        if unit == "actor":
            pairs = pairs if only is None else pairs[pairs.isin(list(only))]
            states = pairs.str.split("-").explode().reset_index().drop_duplicates()
            event, number = states["index"].to_numpy(), _position(states["dyads"], of["iso3"])
        else:
            event, number = pairs.index.to_numpy(), _position(pairs, of["dyad"])
    out = pd.DataFrame({"event": event, "unit": number}, dtype="int64")
    return out[out["unit"] >= 0].reset_index(drop=True)


def _position(words: pd.Series, of: pd.Series) -> np.ndarray:
    return pd.Index(of.astype("str")).get_indexer(pd.Index(words.astype("str")))


def directions(events: pd.DataFrame, participants: pd.DataFrame) -> pd.DataFrame:
    """Say which way each dyad of each act goes.

    Where the two states hold a pair of roles in :data:`crink_events.roles.DIRECTED`, the act goes
    from the holder of the first to that of the second; where they hold none, both ways.

    Returns
    -------
    pandas.DataFrame
        ``event`` (position in ``events``), ``iso3_1`` (who acts), ``iso3_2`` (on whom).
    """
    dyads = events["dyads"].explode().dropna().astype("str")
    one, two = dyads.str.slice(0, 3), dyads.str.slice(4)
    ways = pd.concat(
        [
            pd.DataFrame({"event": dyads.index, "dyad": dyads, "iso3_1": a, "iso3_2": b})
            for a, b in ((one, two), (two, one))
        ],
        ignore_index=True,
    )
    number = pd.Series(events.index, index=events["event_id"].astype("str"))
    held = pd.DataFrame(
        {
            "event": participants["event_id"].astype("str").map(number),
            "state": participants["actor_id"].astype("str").replace(PREDECESSORS),
            "role": participants["role"].astype("str"),
        }
    ).dropna(subset="event")
    held["event"] = held["event"].astype("int64")
    both = ways
    for side in ("1", "2"):
        there = held.rename(columns={"state": f"iso3_{side}", "role": f"role_{side}"})
        both = both.merge(there, on=["event", f"iso3_{side}"])
    roles = zip(both["role_1"], both["role_2"], strict=True)
    both["one_way"] = np.array([pair in DIRECTED for pair in roles], dtype=bool)
    any_way = both.groupby(["event", "dyad"])["one_way"].transform("any").astype(bool)
    names = ["event", "iso3_1", "iso3_2"]
    kept: pd.DataFrame = both.loc[both["one_way"] | ~any_way, names].drop_duplicates()
    return kept.sort_values(names, ignore_index=True)


# --------------------------------------------------------------------------- what counts


def done(events: pd.DataFrame) -> pd.Series:
    """Say which acts count: neither only planned by their status nor, so far, only announced."""
    return ~(events["status"].isin(NOT_DONE) | (events["evidence"] == "announced"))


def marks(events: pd.DataFrame, *, proposed: bool) -> pd.DataFrame:
    """Give for each act and column of counts whether it counts there, crossing left aside.

    Parameters
    ----------
    events
        ``status``, ``evidence``, ``date_precision`` and ``dyads``.
    proposed
        Whether what was only proposed or announced counts like the rest.
    """
    acts = done(events)
    counted = acts | proposed
    evidence = events["evidence"]
    out = pd.DataFrame({name: counted & evidence.isin(rungs) for name, rungs in CUTS.items()})
    out["n_broad"] = counted
    out["n_imprecise"] = counted & (events["date_precision"] != "day")
    out["n_contested"] = counted & (evidence == "contested")
    out["n_retracted"] = counted & (evidence == "retracted")
    out["n_multilateral"] = counted & (events["dyads"].map(len) > 1)
    out["n_proposed"] = ~acts
    return out.astype(bool)


def select(
    unit: str,
    *,
    since: Day | None = None,
    until: Day | None = None,
    dyad: str | Iterable[str] | None = None,
    act: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    valence: str | Iterable[str] | None = None,
    as_of: Day | None = None,
    proposed: bool = False,
    extra: Folder | Iterable[Folder] | None = None,
) -> Selection:
    """Load the acts that fit, with who they count for.

    Raises
    ------
    ValueError
        If a unit, dyad, code or day is not valid, or a filter is an empty list.
    """
    choice("unit", unit, UNITS)
    events = loading.load_events(as_of=as_of, extra=extra)
    known_on = events.attrs.get("as_of")
    coverage = loading.load("coverage", extra=extra)
    newest = max(coverage["period_end"].max(), events["start_date"].max())
    if known_on is not None:
        newest = min(newest, pd.Timestamp(known_on))
    first, last = window(since, until, newest)
    asked = {"act": act, "domain": domain, "valence": valence}
    chosen = {
        name: codes(name, value, events[name].cat.categories.tolist())
        for name, value in asked.items()
    }
    of = units(unit, dyad, loading.load("actors", extra=extra))
    keep = events["start_date"].between(first, last)
    for name, value in asked.items():
        if value is not None:
            keep &= events[name].isin(chosen[name])
    attrs = {str(name): value for name, value in events.attrs.items() if name != "table"}
    filters = {name: chosen[name] for name, value in asked.items() if value is not None}
    if dyad is not None:
        filters["dyad"] = _told(unit, of, dyad)
    acts = events[keep].reset_index(drop=True)
    names = ["event_id", "start_date", "end_date", *CATEGORIES]
    participants = loading.load("participants", extra=extra)
    return Selection(
        events=pd.concat([acts[names], marks(acts, proposed=proposed)], axis=1),
        units=of,
        ties=ties(unit, acts, participants, of, filters.get("dyad")),
        pairs=_pairs(unit, of, filters.get("dyad")),
        domains=chosen["domain"],
        since=first,
        until=last,
        ledger=coverage,
        attrs=attrs
        | {
            "unit": unit,
            "since": str(first.date()),
            "until": str(last.date()),
            "as_of": known_on,
            "filters": filters,
            "proposed": proposed,
            "cuts": {name: list(rungs) for name, rungs in CUTS.items()},
            "left_out": []
            if proposed
            else ["evidence announced", *(f"status {s}" for s in NOT_DONE)],
        },
    )


def _told(unit: str, of: pd.DataFrame, dyad: str | Iterable[str]) -> list[str]:
    if unit == "directed_dyad":
        return [f"{one}-{two}" for one, two in zip(of["iso3_1"], of["iso3_2"], strict=True)]
    return sorted({loading.dyad_of(name) for name in given("dyad", dyad) or ()})


def _pairs(unit: str, of: pd.DataFrame, kept: list[str] | None) -> list[list[str]]:
    if unit != "actor":
        return [[str(name)] for name in of["dyad"]]
    every = [name_of(one, two) for one, two in combinations(FOUR, 2)]
    asked = every if kept is None else kept
    return [[pair for pair in asked if state in pair.split("-")] for state in of["iso3"]]


# --------------------------------------------------------------------------- counting


def tally(
    selection: Selection, period: np.ndarray, crossing: np.ndarray, n_periods: int, by: str | None
) -> tuple[pd.DataFrame, list[str]]:
    """Count acts by unit, period and category.

    Parameters
    ----------
    selection
        What :func:`select` gives.
    period
        Number of the period of each act, from 0.
    crossing
        Whether each act reaches beyond its period.
    n_periods
        Number of periods.
    by
        One of :data:`CATEGORIES`, or None for totals.

    Returns
    -------
    pandas.DataFrame
        One row for each unit, period and category, in this order, with :data:`MEASURES` as
        ``int64``.
    list of str
        The categories; one empty name for totals.
    """
    events, ties_ = selection.events, selection.ties
    names, category = [""], np.zeros(len(events), dtype="int64")
    if by is not None:
        names = selection.attrs["filters"].get(by) or events[by].cat.categories.tolist()
        category = pd.Index(names).get_indexer(pd.Index(events[by].astype("str")))
    event, unit = ties_["event"].to_numpy(), ties_["unit"].to_numpy()
    cell = (unit * n_periods + period[event]) * len(names) + category[event]
    size = len(selection.units) * n_periods * len(names)
    out = {}
    for name in MEASURES:
        mark = events["n_broad"].to_numpy() & crossing if name == "n_crossing" else None
        counted = (events[name].to_numpy() if mark is None else mark)[event]
        out[name] = np.bincount(cell[counted], minlength=size)
    return pd.DataFrame(out), names


def covered(
    selection: Selection, first: np.ndarray, last: np.ndarray, by: str | None, n_names: int
) -> np.ndarray:
    """Say which cells were searched through: every day, dyad and domain of them.

    Returns
    -------
    numpy.ndarray
        One truth value for each unit, period and category, in the order of :func:`tally`.
    """
    dyads = sorted({pair for pairs in selection.pairs for pair in pairs})
    known = ledger.searched(selection.ledger, dyads, selection.domains, first, last)
    place = {pair: n for n, pair in enumerate(dyads)}
    cells = []
    for pairs in selection.pairs:
        every = known[[place[pair] for pair in pairs]].all(axis=0)  # domains by periods
        if by == "domain":
            cells.append(every.T.ravel())
        else:
            cells.append(np.repeat(every.all(axis=0), n_names))
    return np.concatenate(cells) if cells else np.zeros(0, dtype=bool)


def missing_where_not_searched(counts: pd.DataFrame, found: np.ndarray) -> pd.DataFrame:
    """Turn zeros into missing values where nobody searched.

    Each cut is judged for itself, and so is ``n_proposed``: what was not looked for and not found
    is not known to be absent. Flags describe what ``n_broad`` counts, and are missing with it.
    """
    out = {}
    for name in counts:
        known = counts["n_broad" if name in FLAGS else str(name)].to_numpy()
        unknown = ~found & (known == 0)
        out[name] = pd.array(np.where(unknown, 0, counts[name].to_numpy()), dtype="Int64")
        out[name][unknown] = pd.NA
    return pd.DataFrame(out, index=counts.index)
