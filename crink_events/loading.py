"""The compiled tables as typed pandas frames: offline, checked, with their citation.

Frames are plain ``DataFrame``s. Codes are categoricals with the whole vocabulary, days are
``datetime64[ms]``, counts are nullable ``Int64``, truth values nullable ``boolean``, lists are
Python lists (empty where blank). ``df.attrs`` carries name, version, licence and citation.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd
    import pyarrow as pa

    from crink_events.evidence import Voices
    from crink_events.extensions import Compiled

    Day = str | dt.date | pd.Timestamp
    Folder = str | os.PathLike[str]

_DATA = Path(__file__).with_name("_data")


#: Extensions to load beside the release: their folders, and when what they hold was last changed.
_Extras = tuple[tuple[Path, tuple[tuple[str, int, int], ...]], ...]


class DataError(RuntimeError):
    """The compiled data, or those of an extension, cannot be used; the message says what to do."""


# --------------------------------------------------------------------------- files


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    try:
        text = (_DATA / "manifest.json").read_text(encoding="utf-8")
        manifest: dict[str, Any] = json.loads(text)
        manifest["files"]["events.parquet"]["sha256"]
    except OSError:
        message = "the compiled tables are missing; run `crink-events build` in a checkout"
        raise DataError(f"{message}, or reinstall crink-events") from None
    except (ValueError, KeyError, TypeError):
        raise DataError("manifest.json is damaged; reinstall crink-events") from None
    _warn_if_stale(manifest)
    return manifest


def _warn_if_stale(manifest: dict[str, Any]) -> None:
    """Say so when the CSV files of a checkout were edited after they were compiled."""
    root = _DATA.parent.parent
    try:
        built = (_DATA / "manifest.json").stat().st_mtime_ns
        names = [n for n in manifest["inputs"] if (root / n).stat().st_mtime_ns > built]
    except OSError:
        return  # an installed package has no CSV files beside it
    for name in names:
        # A checkout touches files without changing them.
        if hashlib.sha256((root / name).read_bytes()).hexdigest() != manifest["inputs"][name]:
            import warnings

            message = f"{name} was edited after the tables were compiled; run `crink-events build`"
            warnings.warn(message, stacklevel=4)
            return


def _entry(table: str) -> tuple[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = _manifest()["files"]
    name = f"{table}.parquet"
    if name not in files:
        known = [entry["table"] for entry in files.values()]
        raise ValueError(unknown_word("table", table, known))
    return name, files[name]


def unknown_word(what: str, word: object, known: Sequence[str], nearest_to: str = "") -> str:
    """Say that a word is none that is known, with the nearest, or all where they are few."""
    from crink_events.report import nearest

    hint = nearest(nearest_to or str(word), known)
    rest = f"; {hint}" if hint else f"; valid are {', '.join(known)}" if len(known) <= 20 else ""
    return f"there is no {what} {word!r}{rest}"


@lru_cache(maxsize=32)
def _arrow(table: str) -> pa.Table:
    """Read a file once; its hash is checked before a cell of it is used."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    name, entry = _entry(table)
    try:
        data = (_DATA / name).read_bytes()
    except OSError:
        raise DataError(f"{name} is missing; reinstall crink-events") from None
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        message = f"{name} is damaged: its SHA-256 is not the one in manifest.json"
        raise DataError(f"{message}; reinstall crink-events")
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)


def _frame(
    table: str,
    extras: _Extras = (),
    columns: Sequence[str] | None = None,
    where: tuple[str, Iterable[str]] | None = None,
) -> pd.DataFrame:
    import pandas as pd
    import pyarrow as pa

    arrow = _table(table, extras)
    if columns is not None:
        arrow = arrow.select(list(columns))
    if where is not None:
        import pyarrow.compute as pc

        column, values = where
        arrow = arrow.filter(pc.is_in(arrow[column], pa.array(list(values), pa.string())))
    special: dict[str, Any] = {}
    for name, column in zip(arrow.column_names, arrow.columns, strict=True):
        kind = column.type
        if pa.types.is_list(kind):
            special[name] = column.to_pylist()
        elif pa.types.is_int64(kind):
            special[name] = _nullable(pd, column, "Int64")
        elif pa.types.is_boolean(kind):
            special[name] = _nullable(pd, column, "boolean")
    # Strings, codes, days and floats convert at once; that is what makes the first load quick.
    plain = [name for name in arrow.column_names if name not in special]
    simple = arrow.select(plain)
    frame: pd.DataFrame = simple.to_pandas(
        date_as_object=False, ignore_metadata=True, use_threads=False
    )
    if special:
        frame = pd.concat([frame, pd.DataFrame(special)], axis=1)[arrow.column_names]
    frame.attrs.update(_attrs(table, extras))
    return frame


def _nullable(pd: Any, column: pa.ChunkedArray, dtype: str) -> Any:
    import numpy as np

    missing = column.is_null().to_numpy()
    values = column.fill_null(False if dtype == "boolean" else 0).to_numpy()
    kind = pd.arrays.BooleanArray if dtype == "boolean" else pd.arrays.IntegerArray
    return kind(np.array(values), np.array(missing))


def _attrs(table: str, extras: _Extras = ()) -> dict[str, Any]:
    manifest = _manifest()
    attrs = {
        "name": manifest["package"],
        "table": table,
        "version": manifest["version"],
        "licence": manifest["licence"],
        "citation": citation(),
    }
    return attrs | {"extensions": dict(_beside(extras).versions)} if extras else attrs


# --------------------------------------------------------------------------- extensions


def _extras(extra: Folder | Iterable[Folder] | None) -> _Extras:
    """Name the folders of extensions with the state of their files, which is what caches go by."""
    if extra is None:
        return ()
    folders: list[object] = [extra]
    if isinstance(extra, Iterable) and not isinstance(extra, str):
        folders = list(extra)
    found: dict[Path, tuple[tuple[str, int, int], ...]] = {}
    for folder in folders:
        if not isinstance(folder, (str, os.PathLike)):
            raise ValueError(f"extra={folder!r} is no folder; name it by its path")
        root = Path(folder).absolute()
        files = [root / "datapackage.json", *sorted((root / "data").glob("*.csv"))]
        states = [(file.name, file.stat()) for file in files if file.is_file()]
        found[root] = tuple((name, state.st_mtime_ns, state.st_size) for name, state in states)
    return tuple(found.items())


@lru_cache(maxsize=4)
def _beside(extras: _Extras) -> Compiled:
    """Check and compile extensions together with the release, once for each state of their files.

    The curator's half does that; a load of the release alone does not import it.
    """
    import warnings

    from crink_events import extensions
    from crink_events.published import PublishedError

    try:
        found = extensions.compiled([root for root, _ in extras], _DATA)
    except extensions.InvalidExtensionError as error:
        message = f"the extension is not valid\n{error.report.to_text()}"
        raise DataError(message) from None
    except PublishedError as error:
        raise DataError(str(error)) from None
    for issue in found.warnings:
        warnings.warn(str(issue), stacklevel=5)
    return found


def _table(table: str, extras: _Extras) -> pa.Table:
    if not extras:
        return _arrow(table)
    _entry(table)  # names the nearest table where there is no such one
    return _beside(extras).tables[table]


# --------------------------------------------------------------------------- public


def tables() -> pd.DataFrame:
    """List the tables of this release.

    Returns
    -------
    pandas.DataFrame
        ``table`` (str), ``title`` (str), ``rows`` (int64), ``description`` (str).

    Examples
    --------
    >>> import crink_events as ce
    >>> "claims" in set(ce.tables()["table"])
    True
    """
    import pandas as pd

    found = []
    for entry in _manifest()["files"].values():
        metadata = _arrow(entry["table"]).schema.metadata
        found.append(
            {
                "table": entry["table"],
                "title": metadata[b"title"].decode(),
                "rows": entry["rows"],
                "description": metadata[b"description"].decode(),
            }
        )
    return pd.DataFrame(found)


def load(table: str, *, extra: Folder | Iterable[Folder] | None = None) -> pd.DataFrame:
    """Load a table of this release.

    Parameters
    ----------
    table
        Name of the table, as :func:`tables` lists them. ``events`` is the wide form, with the
        derived columns.
    extra
        Folder of a private extension, or several: its rows are given beside the published ones.

    Returns
    -------
    pandas.DataFrame
        The table with the columns that :func:`codebook` describes, sorted by its key; ``events``
        by ``start_date`` and ``event_id``. With ``extra``, one column more: ``package``
        (category), the name of the package that a row comes from; derived columns are computed
        from the claims of all, and ``attrs["extensions"]`` gives names and versions.

    Raises
    ------
    ValueError
        If there is no such table; the message names the nearest one. If ``extra`` is a folder
        that is no extension.
    DataError
        If the compiled file is missing or damaged, or an extension is not valid; the message then
        has the lines of ``crink-events validate``.

    Examples
    --------
    >>> import crink_events as ce
    >>> claims = ce.load("claims")
    >>> claims["stance"].cat.categories[0]
    'asserts'
    """
    return _frame(table, _extras(extra))


def load_events(
    *,
    dyad: str | Iterable[str] | None = None,
    actor: str | Iterable[str] | None = None,
    act: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    valence: str | Iterable[str] | None = None,
    since: Day | None = None,
    until: Day | None = None,
    as_of: Day | None = None,
    inactive: bool = False,
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """Load events, one row each, with the derived columns.

    Parameters
    ----------
    dyad
        Only events that count for one of these pairs of the four, such as ``"PRK-RUS"``; the
        order of the two does not matter.
    actor
        Only events in which one of these actors takes part, itself or as ``via``, such as
        ``"IRN"`` or ``"RUS-MFA"``.
    act, domain, valence
        Only events with one of these codes.
    since, until
        Only events that can have lain between these days (both included): the span of an event
        whose day is not known counts as a whole, and what is under way has no end.
    as_of
        Only what was publicly known on this day: the derived columns are computed from the claims
        that were public by then, and events without one are left out. The edited columns
        (``title``, ``status``, dates) stand as in the release. A day after the newest one that
        the release knows of is an error; on that day itself the answer is that of the release.
    inactive
        Also give records that were withdrawn or merged.
    extra
        Folder of a private extension, or several, as in :func:`load`.

    Returns
    -------
    pandas.DataFrame
        One row an event, in order of ``start_date`` and ``event_id``. Columns of the table
        ``events`` and the derived ones, see ``codebook("events")``. Empty, with all columns and
        dtypes, if nothing fits. With ``extra``, one column more: ``package`` (category).

    Raises
    ------
    ValueError
        If a dyad, actor, code or day is not valid; the message names the nearest valid one. If
        ``extra`` is a folder that is no extension.
    DataError
        If the compiled data are missing or damaged, or an extension is not valid.

    Examples
    --------
    >>> import crink_events as ce
    >>> pacts = ce.load_events(dyad="PRK-RUS", act="sign", since="2024-01-01")
    >>> "rus-prk-treaty-signed" in set(pacts["event_id"])
    True
    """
    import pandas as pd

    extras = _extras(extra)
    frame = _frame("events", extras)
    day = _as_of_day(as_of, extras)
    if day is not None:
        frame = _as_of(frame, day, extras)
    keep = pd.Series(data=True, index=frame.index)
    if not inactive:
        keep &= frame["record_status"] == "active"
    for name, wanted in (("act", act), ("domain", domain), ("valence", valence)):
        if wanted is not None:
            keep &= frame[name].isin(_codes(name, wanted, frame[name].cat.categories.tolist()))
    if dyad is not None:
        pairs = {dyad_of(name) for name in _names(dyad)}
        keep &= frame["dyads"].map(lambda found: not pairs.isdisjoint(found)).astype(bool)
    if actor is not None:
        keep &= frame["event_id"].isin(_events_of(actor, extras))
    if since is not None:
        first = day_of("since", since)
        keep &= frame["end_date"].isna() | (frame["end_date"] >= first)
    if until is not None:
        keep &= frame["start_date"] <= day_of("until", until)
    if since is not None and until is not None and day_of("since", since) > day_of("until", until):
        raise ValueError(f"since {since} is after until {until}")
    out = frame if keep.all() else frame[keep].reset_index(drop=True)
    out.attrs.update(_attrs("events", extras))
    if day is not None:
        out.attrs["as_of"] = str(day.date())
    return out


def rows_of(
    table: str,
    column: str,
    values: Iterable[str],
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """Load only the rows of a table that have one of these texts in a column.

    Examples
    --------
    >>> from crink_events import loading
    >>> len(loading.rows_of("events", "event_id", ["rus-prk-treaty-signed"]))
    1
    """
    return _frame(table, _extras(extra), where=(column, values))


def texts(
    table: str, key: str, column: str, extra: Folder | Iterable[Folder] | None = None
) -> dict[str, str]:
    """Map one column of texts to another, such as the ids of actors to their names.

    Examples
    --------
    >>> from crink_events import loading
    >>> loading.texts("actors", "actor_id", "name")["PRK"]
    'North Korea'
    """
    arrow = _table(table, _extras(extra))
    return dict(zip(arrow[key].to_pylist(), arrow[column].to_pylist(), strict=True))


def event_ids(extra: Folder | Iterable[Folder] | None = None) -> list[str]:
    """Give the ids of all events, those of withdrawn and merged records too."""
    ids: list[str] = _table("events", _extras(extra))["event_id"].to_pylist()
    return ids


def codebook(table: str | None = None) -> pd.DataFrame:
    """Describe the columns of a table, or list the codes of all vocabularies.

    Parameters
    ----------
    table
        Name of a table; without it, the table of codes is given.

    Returns
    -------
    pandas.DataFrame
        For a table, one row a column: ``column``, ``title``, ``type`` (of Arrow), ``required``,
        ``vocabulary`` (missing for free values), ``description``.

    Raises
    ------
    ValueError
        If there is no such table.

    Examples
    --------
    >>> import crink_events as ce
    >>> ce.codebook("claims").set_index("column").loc["stance", "vocabulary"]
    'stance'
    """
    import pandas as pd

    if table is None:
        return _frame("codes")
    rows = []
    for field in _arrow(table).schema:
        metadata = field.metadata or {}
        vocabulary = metadata.get(b"vocabulary")
        rows.append(
            {
                "column": field.name,
                "title": metadata.get(b"title", b"").decode(),
                "type": "code" if str(field.type).startswith("dictionary") else str(field.type),
                "required": not field.nullable,
                "vocabulary": vocabulary.decode() if vocabulary else None,
                "description": metadata.get(b"description", b"").decode(),
            }
        )
    return pd.DataFrame(rows).astype({"vocabulary": "str"})


def vocabulary(name: str) -> pd.DataFrame:
    """List the codes of one vocabulary in their order.

    Raises
    ------
    ValueError
        If there is no such vocabulary; the message names the nearest one.
    """
    codes = _frame("codes")
    known = codes["vocabulary"].unique().tolist()
    if name not in known:
        raise ValueError(unknown_word("vocabulary", name, known))
    return codes[codes["vocabulary"] == name].sort_values("position", ignore_index=True)


def release() -> dict[str, str]:
    """Give what names this release: for citations.

    Returns
    -------
    dict
        ``package``, ``title``, ``version``, ``licence``, ``content`` (SHA-256 over the hashes of
        all files) and ``newest`` (the last day that the release knows of, an ISO text).
    """
    return _named() | {"newest": str(newest_day().date())}


def _named() -> dict[str, str]:
    """Give what the manifest alone says: every frame carries it, and must not wait for tables."""
    manifest = _manifest()
    whole = "".join(entry["sha256"] for entry in manifest["files"].values())
    names = ("package", "title", "version", "licence")
    content = hashlib.sha256(whole.encode()).hexdigest()
    return {name: str(manifest[name]) for name in names} | {"content": content}


def citation() -> str:
    """Give the plain citation of this release, as ``attrs`` carries it."""
    of = _named()
    return (
        f"The crink-events contributors. {of['title']}."
        f" Version {of['version']}, content {of['content'][:12]} [data set]."
        f" Licence {of['licence']}."
    )


# --------------------------------------------------------------------------- as of a day


def newest_day(extra: Folder | Iterable[Folder] | None = None) -> pd.Timestamp:
    """Give the last day that the release knows of: on which a source was read or a claim made.

    Parameters
    ----------
    extra
        Folder of a private extension, or several, as in :func:`load`.

    Examples
    --------
    >>> from crink_events import loading
    >>> loading.newest_day() >= loading.load("claims")["public_on"].max()
    True
    """
    return _newest_day(_extras(extra))


def _newest_day(extras: _Extras) -> pd.Timestamp:
    import numpy as np
    import pandas as pd

    days = [
        np.nanmax(_table(table, extras)[name].to_numpy().astype("datetime64[D]"))
        for table, name in (("sources", "read_on"), ("claims", "public_on"))
    ]
    return pd.Timestamp(max(days))


def as_of_day(
    as_of: Day | None, extra: Folder | Iterable[Folder] | None = None
) -> pd.Timestamp | None:
    """Read the day of an ``as_of`` argument; None stays None, which means all that is known.

    Raises
    ------
    ValueError
        If it is no day, or one after the newest that the release knows of.

    Examples
    --------
    >>> from crink_events import loading
    >>> loading.as_of_day("2024-10-31")
    Timestamp('2024-10-31 00:00:00')
    """
    return _as_of_day(as_of, _extras(extra))


def _as_of_day(as_of: Day | None, extras: _Extras) -> pd.Timestamp | None:
    if as_of is None:
        return None
    day, newest = day_of("as_of", as_of), _newest_day(extras)
    if day > newest:
        message = f"as_of {day.date()} is in the future: this release knows nothing after"
        raise ValueError(f"{message} {newest.date()}; leave as_of out for all that it knows")
    return day


def history(extra: Folder | Iterable[Folder] | None = None) -> pd.DataFrame:
    """Give what was known of each event on every day on which somebody spoke of it.

    Returns
    -------
    pandas.DataFrame
        As :func:`crink_events.evidence.history`.
    """
    from crink_events import evidence

    return evidence.history(_voices(_extras(extra)))


# --------------------------------------------------------------------------- filters


def _names(value: str | Iterable[str]) -> list[str]:
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value]
    return list(value)


def _codes(what: str, wanted: str | Iterable[str], known: Sequence[str]) -> list[str]:
    names = _names(wanted)
    for name in names:
        if name not in known:
            raise ValueError(unknown_word(what, name, known))
    return names


def dyad_of(name: object) -> str:
    """Read a pair of the four in either order; ValueError for any other."""
    from crink_events.roles import FOUR, PREDECESSORS

    parts = [PREDECESSORS.get(part, part) for part in str(name).upper().split("-")]
    pair = "-".join(sorted(parts))
    known = [f"{one}-{two}" for n, one in enumerate(FOUR) for two in FOUR[n + 1 :]]
    if pair not in known:
        raise ValueError(unknown_word("dyad", name, known, nearest_to=pair))
    return pair


def _events_of(actor: str | Iterable[str], extras: _Extras) -> set[str]:
    known = _table("actors", extras)["actor_id"].to_pylist()
    wanted = set(_codes("actor", actor, known))
    parts = _table("participants", extras)
    columns = (parts[name].to_pylist() for name in ("event_id", "actor_id", "via"))
    return {
        event
        for event, name, via in zip(*columns, strict=True)
        if name in wanted or not wanted.isdisjoint(via)
    }


def day_of(what: str, value: Day) -> pd.Timestamp:
    """Read a day that a user gave, without its hour; ValueError where it is none."""
    import pandas as pd

    wrong = ValueError(f"{what}={value!r} is no day; write it as YYYY-MM-DD")
    # pandas reads "June" and 2024 as days of its own choice; a filter must not guess.
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise wrong
    if isinstance(value, (int, float)):
        raise wrong
    try:
        day = pd.Timestamp(value)
    except (ValueError, TypeError, OverflowError):
        raise wrong from None
    if pd.isna(day):
        raise wrong
    return day.tz_localize(None).normalize() if day.tzinfo else day.normalize()


@lru_cache(maxsize=4)
def _voices(extras: _Extras = ()) -> Voices:
    from crink_events import evidence

    return evidence.attribute(
        {table: _frame(table, extras, columns) for table, columns in evidence.READS.items()}
    )


def _as_of(frame: pd.DataFrame, day: pd.Timestamp, extras: _Extras) -> pd.DataFrame:
    import pandas as pd

    from crink_events import evidence

    derived = evidence.known_on(_voices(extras), day)
    place = derived.index.get_indexer(pd.Index(frame["event_id"]))
    known, place = frame[place >= 0], place[place >= 0]
    return known.assign(**{str(name): derived[name].array[place] for name in derived.columns})
