"""Figures of one item as each claimant gives them, side by side; and what may be summed."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Any

import pandas as pd

from crink_events import counts, loading
from crink_events.report import nearest

if TYPE_CHECKING:
    from crink_events.loading import Day, Folder

#: Figures that hold earlier ones already, or of which a later one replaces an earlier one.
NEVER_SUMMED = ("cumulative", "stock")
#: Units of rates and shares: two of them have no sum.
RATES = ("bpd", "percent")

COLUMNS = (
    "item",
    "public_on",
    "public_is",
    "claimant_id",
    "claimant",
    "low",
    "best",
    "high",
    "unit",
    "bound",
    "measure",
    "aggregation",
    "period_start",
    "period_end",
    "stance",
    "basis",
    "event_id",
    "title",
    "claim_no",
    "quantity_no",
    "source_id",
    "note",
)


def items(*, extra: Folder | Iterable[Folder] | None = None) -> pd.DataFrame:
    """List the items that somebody gives a figure of.

    Returns
    -------
    pandas.DataFrame
        ``item`` (str), ``units`` (object, list of str), ``n_figures`` and ``n_events`` (int64), the
        most frequent first.

    Examples
    --------
    >>> from crink_events import figures
    >>> "artillery_shells" in set(figures.items()["item"])
    True
    """
    frame = loading.load("quantities", extra=extra)
    grouped = frame.assign(unit=frame["unit"].astype("str")).groupby("item")
    out = pd.DataFrame(
        {
            "units": grouped["unit"].agg(lambda units: sorted(set(units))),
            "n_figures": grouped.size(),
            "n_events": grouped["event_id"].nunique(),
        }
    ).reset_index()
    return out.sort_values(["n_figures", "item"], ascending=[False, True], ignore_index=True)


def quantities(
    item: str,
    *,
    event: str | Iterable[str] | None = None,
    dyad: str | Iterable[str] | None = None,
    claimant: str | Iterable[str] | None = None,
    as_of: Day | None = None,
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """Give every figure of an item, claimant by claimant, in the order in which they became public.

    Nothing is summed, averaged or converted: the codebook converts only where a page gives a unit
    that is none of its base units, and that is done when a row is written.

    Parameters
    ----------
    item
        What is counted, such as ``"artillery_shells"``.
    event
        Only figures of these events.
    dyad
        Only figures of events that count for one of these pairs; the order does not matter.
    claimant
        Only figures of these claimants, such as ``"KOR-NIS"``.
    as_of
        Only figures that were public on this day.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    pandas.DataFrame
        One row a figure, sorted by ``public_on``, ``event_id`` and ``quantity_no``; empty, with all
        columns and dtypes, if nothing fits.

        =============================== ============== =========================================
        ``item``                        str            what is counted
        ``public_on``, ``public_is``    datetime64,    day on which it became public, and whether
                                        category       that day is exact or the latest possible
        ``claimant_id``, ``claimant``   str            who gives the figure: id and name
        ``low``, ``best``, ``high``     float64        in ``unit``; blank as ``bound`` says
        ``unit``, ``bound``             category       base unit; how the words bound the figure
        ``measure``                     category       kind of amount
        ``aggregation``                 category       what the figure adds up
        ``period_start``, ``_end``      datetime64     days that it covers
        ``stance``, ``basis``           category       of the claim that states it
        ``event_id``, ``title``         str            the event
        ``claim_no``, ``quantity_no``   Int64          numbers within the event
        ``source_id``, ``note``         str            where it was read; what a reader must know
        =============================== ============== =========================================

    Raises
    ------
    ValueError
        If an item, event, dyad, claimant or day is not valid; the message names near ones.

    See Also
    --------
    total : Sum figures where that has a meaning.

    Examples
    --------
    >>> import crink_events as ce
    >>> shells = ce.quantities("artillery_shells")
    >>> shells["public_on"].is_monotonic_increasing
    True
    """
    events = loading.load_events(as_of=as_of, extra=extra)
    frame = loading.load("quantities", extra=extra)
    known = sorted(frame["item"].unique())
    if item not in known:
        raise ValueError(_no_item(item, known))
    claims = loading.load("claims", extra=extra)
    keep = frame["item"] == item
    if (names := counts.given("event", event)) is not None:
        ids = loading.load("events", extra=extra)["event_id"].tolist()
        for name in names:
            if name not in ids:
                raise ValueError(loading.unknown_word("event", name, ids))
        keep &= frame["event_id"].isin(names)
    if (pairs := counts.given("dyad", dyad)) is not None:
        wanted = {loading.dyad_of(name) for name in pairs}
        fits = [not wanted.isdisjoint(found) for found in events["dyads"]]
        keep &= frame["event_id"].isin(events["event_id"][fits])
    said = ["event_id", "claim_no", "claimant_id", "stance", "basis", "public_on", "public_is"]
    out = frame[keep].merge(claims[[*said, "source_id"]], on=["event_id", "claim_no"])
    out = out.merge(events[["event_id", "title"]], on="event_id")
    actors = loading.load("actors", extra=extra)
    if (speakers := counts.given("claimant", claimant)) is not None:
        ids = actors["actor_id"].tolist()
        for name in speakers:
            if name not in ids:
                raise ValueError(loading.unknown_word("claimant", name, ids))
        out = out[out["claimant_id"].isin(speakers)]
    if (day := events.attrs.get("as_of")) is not None:
        out = out[out["public_on"] <= pd.Timestamp(day)]
    called = actors[["actor_id", "name"]].rename(
        columns={"actor_id": "claimant_id", "name": "claimant"}
    )
    out = out.merge(called, on="claimant_id", how="left")
    names = [*COLUMNS, *(["package"] if extra is not None else [])]
    out = out.sort_values(["public_on", "event_id", "quantity_no"], ignore_index=True)[names]
    out.attrs.update(events.attrs | {"table": "quantities", "item": item})
    return out


def _no_item(item: object, known: list[str]) -> str:
    word = str(item).lower().replace(" ", "_").replace("-", "_")
    inside = [name for name in known if word and (word in name or name in word)]
    if inside:
        named = ", ".join(f'"{name}"' for name in inside[:5])
        return f"there is no item {item!r}; near are {named}"
    hint = nearest(word, known)
    return f"there is no item {item!r}; " + (hint or "`crink-events quantities` lists them")


def total(frame: pd.DataFrame) -> pd.DataFrame:
    """Sum figures, for each claimant and unit apart, where a sum has a meaning.

    Parameters
    ----------
    frame
        Rows of :func:`quantities`, of one item.

    Returns
    -------
    pandas.DataFrame
        One row for each claimant, measure, unit and aggregation: ``item``, ``claimant_id`` (str),
        ``measure``, ``unit``, ``aggregation`` (category), ``low``, ``best``, ``high`` (float64),
        ``n_figures`` (int64). ``PRESS`` stands for all outlets. ``best`` is missing if one of the
        figures has only bounds, and a bound is missing if one of them is open on that side.

    Raises
    ------
    TypeError
        If the frame is not one of :func:`quantities`.
    ValueError
        If a sum would count something twice or has no meaning: cumulative figures and stocks,
        rates and shares; plans together with what was done; two figures of one
        claimant for one event, unless their periods are apart; more than one item.

    Examples
    --------
    >>> import crink_events as ce
    >>> try:
    ...     ce.total(ce.quantities("containers"))
    ... except ValueError as error:
    ...     print(str(error).split(";")[0])
    figures that are cumulative are never summed
    """
    need = ["item", "claimant_id", "event_id", "low", "best", "high", "measure", "unit"]
    need += ["aggregation", "period_start", "period_end", "quantity_no"]
    lacking = [name for name in need if name not in getattr(frame, "columns", ())]
    if lacking:
        raise TypeError(f"this is no frame of quantities(): it lacks {', '.join(lacking)}")
    _check(frame)
    ranged = frame.assign(
        claimant_id=frame["claimant_id"].astype("str"),
        low=frame["low"].fillna(frame["best"]),
        high=frame["high"].fillna(frame["best"]),
    )
    keys = ["item", "claimant_id", "measure", "unit", "aggregation"]
    grouped = ranged.groupby(keys, observed=True)
    figures = ["low", "best", "high"]
    # A sum that leaves out what is not known would be no sum.
    known = grouped[figures].count().eq(grouped.size(), axis=0)
    out = grouped[figures].sum().where(known)
    out["n_figures"] = grouped.size()
    out = out.reset_index().astype({"n_figures": "int64"})
    out.attrs.update(frame.attrs | {"table": "total"})
    return out


def _check(frame: pd.DataFrame) -> None:
    """Raise ValueError with the reason why these figures have no sum."""
    found = set(frame["aggregation"].astype("str"))
    for name in NEVER_SUMMED:
        if name in found:
            why = "the later ones hold the earlier" if name == "cumulative" else "a later replaces"
            told = "are cumulative" if name == "cumulative" else "are stocks"
            rest = " ones" if name == "cumulative" else " an earlier one"
            raise ValueError(
                f"figures that {told} are never summed; {why}{rest}: choose one of them"
            )
    if rates := sorted(set(frame["unit"].astype("str")) & set(RATES)):
        raise ValueError(f"figures in {', '.join(rates)} have no sum")
    if "planned" in found and len(found) > 1:
        message = "what was planned and what was done are not summed"
        raise ValueError(f"{message}; keep one `aggregation`")
    if frame["item"].nunique() > 1:
        raise ValueError("figures of several items are not summed; keep one")
    _no_overlap(frame)


def _no_overlap(frame: pd.DataFrame) -> None:
    """Refuse two figures of a claimant that can be about the same thing."""
    flow = frame["aggregation"].astype("str") == "flow"
    once = frame[~flow]
    again = once[once.duplicated(["claimant_id", "event_id", "measure", "unit"], keep=False)]
    if len(again):
        row = again.iloc[0]
        raise ValueError(
            f"{row['claimant_id']} gives {again['event_id'].eq(row['event_id']).sum()} figures for"
            f" {row['event_id']}, which can be about the same; keep one a claimant and event"
        )
    spans = frame[flow].sort_values(["period_end", "period_start"])
    for (claimant, *_), rows in spans.groupby(["claimant_id", "measure", "unit"], observed=True):
        start, end = rows["period_start"], rows["period_end"]
        if len(rows) > 1 and (start.isna().any() or (start <= end.shift()).any()):
            raise ValueError(
                f"figures of {claimant} cover periods that overlap or have no first day, and would"
                " be counted twice; keep periods that are apart"
            )


def text(frame: pd.DataFrame) -> str:
    """Write figures for a terminal, one in a line: day, claimant, figure, event.

    Parameters
    ----------
    frame
        What :func:`quantities` gives.
    """
    if frame.empty:
        return "nobody gives such a figure"
    width = max(len(name) for name in frame["claimant_id"])
    lines = []
    for row in frame.to_dict("records"):
        day = f"{row['public_on']:%Y-%m-%d}" + (" " if row["public_is"] == "exact" else "*")
        lines.append(f"{day} {row['claimant_id']:{width}}  {_figure(row):44} [{row['event_id']}]")
    if (frame["public_is"] != "exact").any():
        lines.append("\n* public on that day or before")
    return "\n".join(lines)


def _figure(row: dict[Hashable, Any]) -> str:
    low, best, high = (
        "" if pd.isna(row[name]) else f"{row[name]:,.10g}" for name in ("low", "best", "high")
    )
    figure = {
        "point": best,
        "approx": f"about {best}",
        "at_least": f"at least {low}",
        "at_most": f"at most {high}",
        "range": f"{low} to {high}",
    }[row["bound"]]
    until = "" if pd.isna(row["period_end"]) else f" to {row['period_end']:%Y-%m-%d}"
    return f"{figure} {row['unit']} ({row['aggregation'].replace('_', ' ')}{until})"
