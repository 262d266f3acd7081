"""Who said what when, and what that changed: claims in the order in which they became public."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from crink_events import loading
from crink_events.frames import event_frame

if TYPE_CHECKING:
    import pandas as pd

    from crink_events.loading import Day, Folder

#: Columns of a timeline, in their order.
COLUMNS = (
    "day",
    "day_is",
    "event_id",
    "title",
    "claim_no",
    "claimant_id",
    "claimant",
    "stance",
    "about",
    "value",
    "basis",
    "evidence_before",
    "evidence_after",
    "source_id",
)


def timeline(
    frame: pd.DataFrame | None = None,
    *,
    as_of: Day | None = None,
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """Give the claims about events in order of publication, with what each day changed.

    Parameters
    ----------
    frame
        Rows of events, claims, quantities or participants, filtered at will: the claims about
        their events are given, or only those claims where the frame has ``claim_no``. Without it,
        all claims about active events.
    as_of
        Only what was public by this day. Without it, the day as of which ``frame`` was loaded.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    pandas.DataFrame
        One row a claim, in order of ``day``, ``event_id`` and ``claim_no``: ``day``
        (datetime64[ms], when it became public), ``day_is`` (category: ``exact``, or ``latest``
        where it was public by then), ``event_id``, ``title`` (str), ``claim_no`` (Int64),
        ``claimant_id``, ``claimant`` (str, id and name; of press reports, the publisher),
        ``stance``, ``about`` (category), ``value`` (str), ``basis`` (category),
        ``evidence_before`` and ``evidence_after`` (category: the evidence of the event at the end
        of the day before, and of that day; missing where it had been neither asserted nor
        announced), ``source_id`` (str). All claims of one day share their before and after. Only
        claims about the occurrence can change the evidence.

    Raises
    ------
    TypeError
        If ``frame`` is not one of ours.
    ValueError
        If some of its events are unknown, or ``as_of`` is no day that the release knows of.

    Examples
    --------
    >>> import crink_events as ce
    >>> troops = ce.load_events().query("event_id == 'prk-troops-russia-2024'")
    >>> said = ce.timeline(troops)
    >>> said[said["evidence_before"] != said["evidence_after"]]["day"].min()
    Timestamp('2024-10-10 00:00:00')
    """
    import pandas as pd

    claims = loading.load("claims", extra=extra).drop(columns="also_in")
    events = loading.load("events", extra=extra)[["event_id", "title", "record_status"]]
    if frame is None:
        active = events[events["record_status"] == "active"]
        claims = claims[claims["event_id"].isin(active["event_id"])]
    else:
        claims = _of(event_frame(frame, extra), claims)
        as_of = frame.attrs.get("as_of") if as_of is None else as_of
    day = loading.as_of_day(as_of, extra)
    if day is not None:
        claims = claims[claims["public_on"] <= day]
    claims = claims.rename(columns={"public_on": "day", "public_is": "day_is"})
    claims["title"] = claims["event_id"].map(events.set_index("event_id")["title"])
    claims["claimant"] = _claimants(claims, extra)
    claims = claims.sort_values(["day", "event_id", "claim_no"], ignore_index=True)
    known = loading.history(extra).sort_values("day", kind="stable")
    for column, same_day in (("evidence_before", False), ("evidence_after", True)):
        # Both sides are sorted by day; the newest day of the event before or on that of the claim.
        found = pd.merge_asof(
            claims[["day", "event_id"]],
            known[["day", "event_id", "evidence"]],
            on="day",
            by="event_id",
            allow_exact_matches=same_day,
        )
        claims[column] = found["evidence"].array
    columns = [*COLUMNS, *(["package"] if "package" in claims.columns else [])]
    out = claims[columns]
    out.attrs.update(claims.attrs | {"table": "timeline"})
    if day is not None:
        out.attrs["as_of"] = str(day.date())
    return out


def _claimants(claims: pd.DataFrame, extra: Folder | Iterable[Folder] | None) -> pd.Series:
    """Name the claimants; the press is a claimant of its own in each publisher."""
    names = loading.texts("actors", "actor_id", "name", extra)
    publisher = loading.texts("sources", "source_id", "publisher_id", extra)
    outlets = loading.texts("publishers", "publisher_id", "name", extra)
    press = "press (" + claims["source_id"].map(publisher).map(outlets) + ")"
    return claims["claimant_id"].map(names).where(claims["claimant_id"] != "PRESS", press)


def _of(frame: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    if "claim_no" not in frame.columns:
        return claims[claims["event_id"].isin(frame["event_id"])]
    wanted = frame[["event_id", "claim_no"]].drop_duplicates()
    return claims.merge(wanted.astype({"claim_no": "Int64"}), on=["event_id", "claim_no"])
