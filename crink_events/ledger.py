"""The ledger of coverage: what was searched, and what therefore may be called a zero."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crink_events import loading

if TYPE_CHECKING:
    from crink_events.loading import Folder

#: Tiers of which an empty cell is a zero (``codebook()``, vocabulary ``tier``).
SEARCHED = ("systematic", "targeted")

_DAY = np.timedelta64(1, "D")


def coverage(*, extra: Folder | Iterable[Folder] | None = None) -> pd.DataFrame:
    """Say how far each domain of each dyad was searched, and what was found there.

    A panel gives 0 only where the tier is ``systematic`` or ``targeted`` for all days of a cell.
    Elsewhere a cell in which nothing was found is missing, and a cell in which something was found
    holds what was found, which need not be all.

    Parameters
    ----------
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    pandas.DataFrame
        One row for each period of each domain and dyad in the ledger, and one with a blank
        ``tier`` for each domain and dyad that the ledger does not name, so that all are there.
        Sorted by ``domain``, ``dyad`` and ``period_start``.

        ===============  ==============  ====================================================
        ``domain``       category        domain searched
        ``dyad``         category        pair searched
        ``period_start`` datetime64[ms]  first day searched; blank where there is no entry
        ``period_end``   datetime64[ms]  last day searched; blank where there is no entry
        ``tier``         category        how thoroughly; blank where there is no entry
        ``n_events``     Int64           events of any kind that begin in the period (all of the
                                         domain and dyad where there is no entry); an event of
                                         several dyads is in the row of each
        ``languages``    object          list of ISO 639-1 codes of the pages searched
        ``searched_on``  datetime64[ms]  day of the search
        ``note``         str             what was searched and what was not
        ===============  ==============  ====================================================

    Examples
    --------
    >>> import crink_events as ce
    >>> ledger = ce.coverage()
    >>> ledger.groupby(["domain", "dyad"], observed=False).size().min() >= 1
    True
    """
    found = loading.load("coverage", extra=extra)
    domains, dyads = (found[name].cat.categories for name in ("domain", "dyad"))
    every = pd.MultiIndex.from_product([domains, dyads], names=["domain", "dyad"]).to_frame(False)
    every = every.astype({name: found[name].dtype for name in ("domain", "dyad")})
    out = every.merge(found, on=["domain", "dyad"], how="left")
    out["languages"] = [value if isinstance(value, list) else [] for value in out["languages"]]
    out["n_events"] = pd.array(_n_events(out, loading.load_events(extra=extra)), dtype="Int64")
    names = ["domain", "dyad", "period_start", "period_end", "tier", "n_events", "languages"]
    names += ["searched_on", "note", *(["package"] if extra is not None else [])]
    out = out[names].sort_values(["domain", "dyad", "period_start"], ignore_index=True)
    out.attrs.update(found.attrs)
    return out


def _n_events(ledger: pd.DataFrame, events: pd.DataFrame) -> list[int]:
    pairs = events[["domain", "start_date", "dyads"]].explode("dyads").dropna(subset="dyads")
    starts = {key: days.to_numpy() for key, days in _grouped(pairs)}
    none = np.array([], dtype="datetime64[ms]")
    counts = []
    columns = (ledger[name] for name in ("domain", "dyad", "period_start", "period_end"))
    for domain, dyad, first, last in zip(*columns, strict=True):
        days = starts.get((domain, dyad), none)
        if pd.notna(first):
            days = days[(days >= first.to_datetime64()) & (days <= last.to_datetime64())]
        counts.append(len(days))
    return counts


def _grouped(pairs: pd.DataFrame) -> Any:
    return pairs.groupby(["domain", "dyads"], observed=True)["start_date"]


def searched(
    ledger: pd.DataFrame,
    dyads: Sequence[str],
    domains: Sequence[str],
    first: np.ndarray,
    last: np.ndarray,
) -> np.ndarray:
    """Say for which dyads, domains and periods every day was searched.

    Parameters
    ----------
    ledger
        Table ``coverage``: ``domain``, ``dyad``, ``period_start``, ``period_end``, ``tier``.
    dyads, domains
        Pairs and domains to ask for, in the order of the answer.
    first, last
        First and last day of each period (``datetime64``), both included.

    Returns
    -------
    numpy.ndarray
        Truth values of shape (dyads, domains, periods).
    """
    rows = ledger[ledger["tier"].isin(SEARCHED)].sort_values("period_start")
    spans: dict[tuple[str, str], list[tuple[Any, Any]]] = {}
    columns = (
        rows["dyad"].astype("str"),
        rows["domain"].astype("str"),
        rows["period_start"].to_numpy("datetime64[D]"),
        rows["period_end"].to_numpy("datetime64[D]"),
    )
    for dyad, domain, start, end in zip(*columns, strict=True):
        known = spans.setdefault((dyad, domain), [])
        # Searches that follow each other without a gap are one; those of an extension may overlap.
        if known and start <= known[-1][1] + _DAY:
            known[-1] = (known[-1][0], max(known[-1][1], end))
        else:
            known.append((start, end))
    out = np.zeros((len(dyads), len(domains), len(first)), dtype=bool)
    for i, dyad in enumerate(dyads):
        for j, domain in enumerate(domains):
            for start, end in spans.get((dyad, domain), ()):
                out[i, j] |= (first >= start) & (last <= end)
    return out


def text(ledger: pd.DataFrame) -> str:
    """Write the ledger for a terminal: a line a domain, and in it each dyad's tier and events.

    Parameters
    ----------
    ledger
        What :func:`coverage` gives.
    """
    dyads = ledger["dyad"].cat.categories.tolist()
    cells: dict[str, dict[str, list[str]]] = {}
    names = ("domain", "dyad", "tier", "n_events")
    for domain, dyad, tier, n in zip(*(ledger[name] for name in names), strict=True):
        known = tier if isinstance(tier, str) else "-"
        cells.setdefault(domain, {}).setdefault(dyad, []).append(f"{known} {n}")
    lines = [f"{'domain':14}" + "".join(f"{dyad:20}" for dyad in dyads)]
    for domain, row in cells.items():
        # Several periods of one domain and dyad stand below each other.
        for number in range(max(len(row[dyad]) for dyad in dyads)):
            parts = (row[d][number] if number < len(row[d]) else "" for d in dyads)
            lines.append(f"{'' if number else domain:14}" + "".join(f"{part:20}" for part in parts))
    lines += [
        "",
        f"{' or '.join(SEARCHED)}: a cell of a panel in which nothing was found is 0.",
        "opportunistic, or -: it is missing. Beside each tier: the events that were found.",
    ]
    return "\n".join(line.rstrip() for line in lines)
