"""Co-voting: how often two of the four vote alike. It says nothing of what they do together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from crink_events import counts, loading
from crink_events.roles import FOUR, PREDECESSORS

if TYPE_CHECKING:
    from crink_events.loading import Day, Folder

#: What a role says in a vote. A veto is a vote against.
CHOICES = {
    "voted_for": "for",
    "voted_against": "against",
    "vetoed": "against",
    "abstained": "abstain",
    "not_voting": "absent",
}
BY = ("body", "subject")
COUNTS = ("n_votes", "n_alike", "n_opposite", "n_apart", "n_absent")


def covoting(
    *,
    by: str | Iterable[str] | None = None,
    body: str | Iterable[str] | None = None,
    subject: str | Iterable[str] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    as_of: Day | None = None,
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """Count how often each pair of the four voted alike, opposite or apart.

    Only the votes in the data: those in UN organs and the IAEA Board on one of the four or on the
    war in Ukraine. Two that vote alike are no dyad of the vote, and none of these counts is in
    :func:`crink_events.panel`, where a vote counts for each voter with the vote's subject.

    Parameters
    ----------
    by
        ``"body"``, ``"subject"`` or both: a row for each pair and body that voted, or subject.
    body
        Only votes of these bodies, such as ``"UNSC"``.
    subject
        Only votes about these actors, such as ``"RUS"``, for the war in Ukraine too.
    since, until
        First and last day of the votes, as in :func:`crink_events.panel`, but without a first day
        if none is given.
    as_of
        Only votes that were publicly known on this day.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    pandas.DataFrame
        All six pairs, for each value of ``by`` that occurs: ``dyad`` (category), ``iso3_1``,
        ``iso3_2`` (str), ``ccode1``, ``ccode2``, ``gwcode1``, ``gwcode2`` (int64), ``body`` and
        ``subject`` (str) where asked for, and as ``Int64``:

        ==============  ===============================================================
        ``n_votes``     votes in which both voted for, against, or abstained
        ``n_alike``     of these: both the same
        ``n_opposite``  of these: one for, one against
        ``n_apart``     of these: one abstained, the other did not
        ``n_absent``    votes in which both have a seat and one at least did not vote
        ==============  ===============================================================

        A veto is a vote against. A vote about two subjects is in the row of each. 0 means that the
        data hold no such vote, not that there was none.

    Raises
    ------
    ValueError
        If ``by``, a body, subject or day is not valid, or a filter is an empty list.

    Examples
    --------
    >>> import crink_events as ce
    >>> pairs = ce.covoting(body="UNSC").set_index("dyad")
    >>> int(pairs.loc["CHN-PRK", "n_votes"])  # North Korea has had no seat there
    0
    """
    groups = counts.given("by", by) or []
    for name in groups:
        counts.choice("by", name, BY)
    every = loading.load_events(as_of=as_of, extra=extra)
    is_vote = (every["act"] == "vote") & counts.done(every)
    parts = loading.load("participants", extra=extra)[["event_id", "actor_id", "role"]]
    parts = parts.astype("str").merge(every.loc[is_vote, ["event_id", "start_date"]])
    held = parts[["event_id"]].drop_duplicates()
    for name, role, wanted in (("body", "authority", body), ("subject", "subject", subject)):
        found = parts[parts["role"] == role].rename(columns={"actor_id": name})
        names = counts.given(name, wanted)
        for one in names or ():
            known = sorted(found[name].unique())
            if one not in known:
                raise ValueError(loading.unknown_word(name, one, known))
        if names is not None:
            found = found[found[name].isin(names)]
            held = held[held["event_id"].isin(found["event_id"])]
        if name in groups:
            held = held.merge(found[["event_id", name]], on="event_id")
    first, last = _window(since, until, parts["start_date"])
    parts = parts[parts["start_date"].between(first, last)]
    held = held[held["event_id"].isin(parts["event_id"])]
    pairs = _compare(parts).merge(held, on="event_id")
    of = counts.units("dyad", None, loading.load("actors", extra=extra))
    out = of
    if groups:
        cells = held[groups].drop_duplicates().sort_values(groups)
        out = of.merge(cells, how="cross")
    totals = pairs.groupby(["dyad", *groups])[list(COUNTS)].sum().reset_index()
    out = out.assign(dyad=out["dyad"].astype("str")).merge(totals, on=["dyad", *groups], how="left")
    out["dyad"] = pd.Categorical(out["dyad"], categories=of["dyad"].cat.categories)
    out = out.astype(dict.fromkeys(COUNTS, "Int64") | dict.fromkeys(groups, "str"))
    out[list(COUNTS)] = out[list(COUNTS)].fillna(0)
    attrs = {name: value for name, value in every.attrs.items() if name != "table"}
    filters = {"body": counts.given("body", body), "subject": counts.given("subject", subject)}
    out.attrs.update(
        attrs
        | {
            "table": "covoting",
            "by": groups,
            "since": None if since is None else str(first.date()),
            "until": str(last.date()) if until is not None else None,
            "as_of": every.attrs.get("as_of"),
            "filters": {name: value for name, value in filters.items() if value is not None},
        }
    )
    return out


def _window(
    since: Day | None, until: Day | None, days: pd.Series
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Without bounds, all votes: those before the window of the panels as well."""
    first, last = counts.window(since, until, pd.Timestamp.max.normalize())
    if since is None and len(days):
        first = min(first, days.min())
    return first, last


def _compare(parts: pd.DataFrame) -> pd.DataFrame:
    """Compare the choices of every two of the four in every vote."""
    cast = pd.DataFrame(
        {
            "event_id": parts["event_id"],
            "state": parts["actor_id"].replace(PREDECESSORS),
            "choice": parts["role"].map(CHOICES),
        }
    ).dropna(subset="choice")
    cast = cast[cast["state"].isin(FOUR)].drop_duplicates(["event_id", "state"])
    both = cast.merge(cast, on="event_id", suffixes=("", "_2"))
    both = both[both["state"] < both["state_2"]]
    one, two = both["choice"], both["choice_2"]
    voted = (one != "absent") & (two != "absent")
    abstains = (one == "abstain") | (two == "abstain")
    return pd.DataFrame(
        {
            "event_id": both["event_id"],
            "dyad": both["state"] + "-" + both["state_2"],
            "n_votes": voted,
            "n_alike": voted & (one == two),
            "n_opposite": voted & (one != two) & ~abstains,
            "n_apart": voted & (one != two) & abstains,
            "n_absent": ~voted,
        }
    )
