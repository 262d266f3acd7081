"""Frames that callers hand back: whether they are ours, and which rows they hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from crink_events import loading
from crink_events.report import nearest

if TYPE_CHECKING:
    import pandas as pd

    from crink_events.loading import Folder

#: What tells the rows of a frame apart, the longest key first: a frame of amounts that was merged
#: with its claims is one of amounts. Frames of the panel half have keys of their own.
KEYS = {
    "quantities": ("event_id", "quantity_no"),
    "claims": ("event_id", "claim_no"),
    "participants": ("event_id", "actor_id", "role"),
    "events": ("event_id",),
}


class RowSet(NamedTuple):
    """Which rows a frame holds, whatever their order and their other columns.

    Attributes
    ----------
    table
        The table whose key the frame has.
    rows
        Number of rows, each counted once.
    digest
        SHA-256 of the sorted keys, in hexadecimal.
    """

    table: str
    rows: int
    digest: str


class UnknownEventError(ValueError, KeyError):
    """There is no such event, or nothing was public of it yet; the message says which."""

    def __str__(self) -> str:
        return ValueError.__str__(self)  # KeyError would put the message into quotes


def known_event(event_id: object, extra: Folder | Iterable[Folder] | None = None) -> str:
    """Make sure that there is an event of this id.

    Raises
    ------
    UnknownEventError
        If there is none; the message names the nearest ones.

    Examples
    --------
    >>> from crink_events.frames import known_event
    >>> known_event("rus-prk-treaty-signed")
    'rus-prk-treaty-signed'
    """
    ids = loading.event_ids(extra)
    name = str(event_id)
    if name in ids:
        return name
    hint = nearest(name, ids)
    # Words of an id in another order, a few of them, or their beginnings, are far from it as texts.
    words = set(name.lower().replace("_", "-").replace(" ", "-").split("-")) - {""}
    alike = [
        known
        for known in ids
        if words and all(any(part.startswith(word) for part in known.split("-")) for word in words)
    ]
    if alike and not hint:
        hint = f"did you mean {', '.join(alike[:3])}?"
    raise UnknownEventError(f'there is no event "{name}"; {hint or "load_events() lists all"}')


def event_frame(frame: object, extra: Folder | Iterable[Folder] | None = None) -> pd.DataFrame:
    """Make sure that a frame is one of ours.

    Parameters
    ----------
    frame
        What the caller gave: rows of events, claims, quantities, participants or a timeline,
        filtered, merged or sorted at will.
    extra
        Folder of a private extension, or several, whose events count as known.

    Returns
    -------
    pandas.DataFrame
        The same frame.

    Raises
    ------
    TypeError
        If it is no frame, has no column ``event_id``, or none of its ids is an event of ours.
    ValueError
        If some of its ids are no events; the message names them.

    Examples
    --------
    >>> import crink_events as ce
    >>> from crink_events.frames import event_frame
    >>> len(event_frame(ce.load_events(dyad="PRK-RUS").head(3)))
    3
    """
    import pandas as pd

    wanted = "a frame with the column event_id is expected, such as load_events() gives"
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{type(frame).__name__} given; {wanted}")
    if "event_id" not in frame.columns:
        names = ", ".join(str(name) for name in frame.columns[:6]) or "no columns"
        more = ", …" if len(frame.columns) > 6 else ""
        raise TypeError(f"a frame with {names}{more} given; {wanted}")
    known = set(loading.event_ids(extra))
    given = frame["event_id"].unique().tolist()
    wrong = [name for name in given if name not in known]
    if wrong and len(wrong) == len(given):
        raise TypeError(f"no event of ours is named {wrong[0]!r}; {wanted}")
    if wrong:
        shown = ", ".join(repr(name) for name in wrong[:5]) + (", …" if len(wrong) > 5 else "")
        hint = nearest(str(wrong[0]), sorted(known)) if len(wrong) == 1 else ""
        beside = "" if extra or not frame.attrs.get("extensions") else "; name its folder: extra="
        raise ValueError(f"there is no event {shown}" + (f"; {hint}" if hint else "") + beside)
    return frame


def table_of(frame: pd.DataFrame) -> str:
    """Name the table whose key the rows of a frame of ours have."""
    # An events frame has neither numbers nor roles; whoever merges brings the longer key along.
    for table, key in KEYS.items():
        if all(name in frame.columns for name in key):
            return table
    raise TypeError("a frame without event_id has no rows of ours")


def row_set(frame: pd.DataFrame) -> RowSet:
    """Say which rows a frame of ours holds.

    Examples
    --------
    >>> import crink_events as ce
    >>> from crink_events.frames import row_set
    >>> claims = ce.load("claims")
    >>> row_set(claims) == row_set(claims.iloc[::-1])
    True
    """
    table = table_of(frame)
    keys = frame[list(KEYS[table])].drop_duplicates()
    lines = sorted("\t".join(map(str, row)) for row in keys.itertuples(index=False, name=None))
    digest = hashlib.sha256("\n".join([table, *lines]).encode()).hexdigest()
    return RowSet(table, len(lines), digest)
