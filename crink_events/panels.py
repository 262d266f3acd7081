"""Panels: how many acts each dyad or actor has in each period, by three cuts of the evidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from crink_events import counts

if TYPE_CHECKING:
    from crink_events.loading import Day, Folder

FREQUENCIES = ("Y", "Q", "M")


def panel(
    freq: str = "Y",
    unit: str = "dyad",
    *,
    by: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    dyad: str | Iterable[str] | None = None,
    act: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    valence: str | Iterable[str] | None = None,
    as_of: Day | None = None,
    proposed: bool = False,
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """Count acts by dyad, directed dyad or actor and by year, quarter or month.

    The panel is balanced: every unit has a row for every period, and for every category with
    ``by``. A count is 0 only where :func:`crink_events.coverage` says that every day, dyad and
    domain of the cell was searched; where nothing was found and not all of it was searched, it is
    missing; where something was found, it is what was found.

    Parameters
    ----------
    freq
        ``"Y"``, ``"Q"`` or ``"M"``: calendar years, quarters or months.
    unit
        ``"dyad"`` (6), ``"directed_dyad"`` (12) or ``"actor"`` (4). A directed dyad goes from who
        acts to whom it is done to, for or with: supplier to recipient, sender to host, initiator
        to target, ratifier to counterparty, voter to subject of the vote. Where two states hold no
        such pair of roles (a meeting, a treaty, a drill), the act counts both ways. Of actors
        those acts count that make a dyad with another of the four, each once.
    by
        ``"act"``, ``"domain"`` or ``"valence"``: a row for each code of the vocabulary.
    since, until
        First and last day (both included) on which a counted act begins; a year (``"2022"``) or a
        month (``"2022-02"``) stands for its first or its last day. Without them: from 2000-01-01,
        the window of the codebook, to the last day searched or the start of the newest act,
        whichever is later, or ``as_of``, if that is earlier.
    dyad
        Only these pairs, such as ``"PRK-RUS"``. For directed dyads the first acts on the second;
        otherwise the order does not matter. For actors: only acts of these pairs.
    act, domain, valence
        Only acts with one of these codes.
    as_of
        Only what was publicly known on this day: evidence is computed from the claims that were
        public by then. Status and days are those of the release.
    proposed
        Also count acts that were only proposed or announced.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    pandas.DataFrame
        Sorted by its keys. Sides are ordered by COW number for dyads, as in the files of the
        Correlates of War.

        ====================== ============== ==================================================
        ``dyad``               category       pair in alphabetical order, also of directed dyads
        ``iso3_1, iso3_2``     str            ISO 3166-1 alpha-3 codes (actors: ``iso3``)
        ``ccode1, ccode2``     int64          COW numbers (actors: ``ccode``)
        ``gwcode1, gwcode2``   int64          Gleditsch-Ward numbers (actors: ``gwcode``)
        ``year``               int64          year; with ``quarter`` or ``month`` by ``freq``
        ``period_start``       datetime64[ms] first day of the calendar period
        ``period_end``         datetime64[ms] last day of the calendar period
        ``act``, ...           category       with ``by``: the code
        ``n_strict``           Int64          acts acknowledged or documented
        ``n_standard``         Int64          also partly acknowledged, assessed, corroborated
        ``n_broad``            Int64          all, whatever the evidence
        ``n_imprecise``        Int64          of ``n_broad``: ``date_precision`` is not ``day``
        ``n_contested``        Int64          of ``n_broad``: a side denies, another asserts
        ``n_retracted``        Int64          of ``n_broad``: taken back by all who asserted it
        ``n_crossing``         Int64          of ``n_broad``: may lie or go on beyond the period
        ``n_multilateral``     Int64          of ``n_broad``: counts for more than one dyad
        ``n_proposed``         Int64          only proposed, announced, lapsed, cancelled, or not
                                              done; not in the columns above without ``proposed``
        ``covered``            bool           whether all of the cell was searched
        ``complete``           bool           whether the period lies in ``since`` to ``until``
        ====================== ============== ==================================================

        An act counts in the period in which ``start_date`` lies. ``df.attrs`` says how the panel
        was made: version, ``freq``, ``unit``, ``by``, ``since``, ``until``, ``as_of``,
        ``filters``, ``proposed``, ``cuts``, ``left_out``, ``placement``, ``missing``.

    Raises
    ------
    ValueError
        If ``freq``, ``unit``, ``by``, a dyad, code or day is not valid, or a filter is an empty
        list; the message names the valid or the nearest ones.
    DataError
        If the compiled data are missing or damaged, or an extension is not valid.

    Notes
    -----
    Three- and four-party acts are in the row of each of their dyads. The sum over dyads is
    therefore no number of acts: count :func:`crink_events.load_events` for that.

    The evidence is defined in the codebook ("Derived, as known on a day"), the dyads in its table
    of roles; ``docs/panels.md`` says what the counts can bear.

    Examples
    --------
    >>> import crink_events as ce
    >>> yearly = ce.panel("Y", since="2022", until="2025", domain="defence")
    >>> len(yearly)
    24
    >>> ways = ce.panel("M", "directed_dyad", act="transfer", since="2023", until="2023")
    >>> len(ways)
    144
    """
    counts.choice("freq", freq, FREQUENCIES)
    if by is not None:
        counts.choice("by", by, counts.CATEGORIES)
    chosen = counts.select(
        unit,
        since=since,
        until=until,
        dyad=dyad,
        act=act,
        domain=domain,
        valence=valence,
        as_of=as_of,
        proposed=proposed,
        extra=extra,
    )
    periods = _periods(chosen.since, chosen.until, freq)
    start = chosen.events["start_date"].dt.to_period(freq)
    end = chosen.events["end_date"].dt.to_period(freq)
    # What is under way has no end, and goes on beyond its period.
    crossing = (end.isna() | (end > start)).to_numpy(dtype=bool)
    where = periods.get_indexer(pd.PeriodIndex(start))
    n, names = counts.tally(chosen, where, crossing, len(periods), by)
    first = np.maximum(_days(periods.start_time), chosen.since.to_datetime64())
    last = np.minimum(_days(periods.end_time), chosen.until.to_datetime64())
    searched = counts.covered(chosen, first, last, by, len(names))
    out = _grid(chosen.units, periods, freq)
    whole = _days(periods.start_time) >= chosen.since.to_datetime64()
    whole &= _days(periods.end_time) <= chosen.until.to_datetime64()
    complete = np.tile(np.repeat(whole, len(names)), len(chosen.units))
    if by is not None:
        out = out.loc[out.index.repeat(len(names))].reset_index(drop=True)
        every = chosen.events[by].cat.categories
        out[by] = pd.Categorical(names * (len(chosen.units) * len(periods)), categories=every)
    out = pd.concat([out, counts.missing_where_not_searched(n, searched)], axis=1)
    out["covered"], out["complete"] = searched, complete
    out.attrs.update(
        chosen.attrs
        | {
            "table": "panel",
            "freq": freq,
            "by": by,
            "placement": "an act counts in the period of its start_date",
            "missing": "0 only where coverage() is systematic or targeted for all of a cell",
        }
    )
    return out


def _periods(since: pd.Timestamp, until: pd.Timestamp, freq: str) -> pd.PeriodIndex:
    if since > until:  # nothing is recorded that late
        return pd.PeriodIndex([], freq=freq)
    return pd.period_range(since, until, freq=freq)


def _days(times: pd.DatetimeIndex) -> np.ndarray:
    return times.to_numpy().astype("datetime64[D]").astype("datetime64[ms]")


def _grid(units: pd.DataFrame, periods: pd.PeriodIndex, freq: str) -> pd.DataFrame:
    out = units.loc[units.index.repeat(len(periods))].reset_index(drop=True)
    parts = {"year": periods.year}
    if freq == "Q":
        parts["quarter"] = periods.quarter
    elif freq == "M":
        parts["month"] = periods.month
    for name, values in parts.items():
        out[name] = np.tile(np.asarray(values, dtype="int64"), len(units))
    out["period_start"] = np.tile(_days(periods.start_time), len(units))
    out["period_end"] = np.tile(_days(periods.end_time), len(units))
    return out


def text(frame: pd.DataFrame) -> str:
    """Write a panel for a terminal: periods in lines, units in columns.

    Parameters
    ----------
    frame
        What :func:`panel` gives. A cell is ``strict/standard/broad``, one number where all three
        are equal, and a dot where nothing was found and not all was searched. Lines of dots are
        left out.
    """
    by = [name for name in counts.CATEGORIES if name in frame.columns]
    unit = frame["iso3"] if "iso3" in frame.columns else frame["dyad"].astype("str")
    if frame.attrs["unit"] == "directed_dyad":
        unit = frame["iso3_1"] + ">" + frame["iso3_2"]
    period = frame["year"].astype("str")
    if "quarter" in frame.columns:
        period = period + "Q" + frame["quarter"].astype("str")
    if "month" in frame.columns:
        period = period + "-" + frame["month"].astype("str").str.zfill(2)
    head = (period + " " + frame[by[0]].astype("str")) if by else period
    cells = [_cell(row) for row in zip(*(frame[name] for name in counts.CUTS), strict=True)]
    lines: dict[str, dict[str, str]] = {}
    for key, column, cell in zip(head, unit, cells, strict=True):
        lines.setdefault(key, {})[column] = cell
    columns = list(dict.fromkeys(unit))
    width = max(map(len, lines), default=0)
    out = [" " * width + "".join(f"{name:>10}" for name in columns)]
    out += [
        f"{key:{width}}" + "".join(f"{row[name]:>10}" for name in columns)
        for key, row in sorted(lines.items(), key=lambda line: line[0].split(" ")[0])
        if set(row.values()) != {"."}
    ]
    out += ["", "strict/standard/broad; a dot: nothing was found, and not all was searched."]
    return "\n".join(line.rstrip() for line in out)


def _cell(row: tuple[object, ...]) -> str:
    if pd.isna(row[-1]):  # type: ignore[call-overload]
        return "."
    numbers = ["." if pd.isna(n) else str(n) for n in row]  # type: ignore[call-overload]
    return numbers[0] if len(set(numbers)) == 1 else "/".join(numbers)
