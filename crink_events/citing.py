"""Citations of the release, of a set of its rows, and of the sources behind exactly these rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crink_events import loading
from crink_events.extras import need
from crink_events.frames import RowSet, event_frame, row_set
from crink_events.report import nearest

if TYPE_CHECKING:
    import pandas as pd

    from crink_events.loading import Day, Folder

#: Forms of a citation.
STYLES = ("text", "bibtex", "apa", "csl-json")
_AUTHOR = "The crink-events contributors"
_APA = Path(__file__).with_name("apa.csl")
#: Columns of a bibliography beside those of ``sources``.
_MORE = ("publisher", "claims", "event_ids")


def bibliography(
    frame: pd.DataFrame | None = None,
    *,
    as_of: Day | None = None,
    extra: Folder | Iterable[Folder] | None = None,
) -> pd.DataFrame:
    """List the sources behind exactly these rows.

    Parameters
    ----------
    frame
        Rows of claims, quantities or a timeline: the sources of these very claims. Rows of events
        or participants: those of all claims about their events. Without it, all sources.
    as_of
        Only claims that were public by this day. Without it, the day as of which ``frame`` was
        loaded.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    pandas.DataFrame
        One row a source, in order of ``published_on`` (undated ones last) and ``source_id``: the
        columns of ``sources``, ``publisher`` (str, its name), ``claims`` (Int64, how many of the
        claims it carries) and ``event_ids`` (lists, the events that these are about). Empty, with
        all columns and dtypes, for a frame without rows.

    Raises
    ------
    TypeError
        If ``frame`` is not one of ours.
    ValueError
        If some of its events are unknown, or ``as_of`` is no day that the release knows of.

    Examples
    --------
    >>> import crink_events as ce
    >>> pacts = ce.load_events(dyad="PRK-RUS", act="sign", since="2024-01-01")
    >>> set(ce.bibliography(pacts)["event_ids"].explode()) == set(pacts["event_id"])
    True
    """
    carried = _carried(frame, as_of, extra)
    sources = loading.load("sources", extra=extra)
    names = loading.texts("publishers", "publisher_id", "name", extra)
    grouped = carried.groupby("source_id", sort=False)["event_id"]
    counts, events = grouped.size(), grouped.agg(lambda ids: sorted(set(ids)))
    out = sources[sources["source_id"].isin(counts.index)].copy()
    out["publisher"] = out["publisher_id"].map(names).astype("str")
    out["claims"] = out["source_id"].map(counts).astype("Int64")
    out["event_ids"] = out["source_id"].map(events).astype(object)
    columns = [name for name in sources.columns if name != "package"]
    packages = [name for name in sources.columns if name == "package"]
    out = out.sort_values(["published_on", "source_id"], ignore_index=True)
    out = out[[*columns, *_MORE, *packages]]
    out.attrs.update(sources.attrs | {"table": "bibliography"})
    return out


def _carried(
    frame: pd.DataFrame | None, as_of: Day | None, extra: Folder | Iterable[Folder] | None
) -> pd.DataFrame:
    """Give the claims behind a frame, one row for each source that carries one."""
    import pandas as pd

    names = ["event_id", "claim_no", "public_on", "source_id", "also_in"]
    claims = loading.load("claims", extra=extra)[names]
    if frame is not None:
        event_frame(frame, extra)
        as_of = frame.attrs.get("as_of") if as_of is None else as_of
        if "claim_no" in frame.columns:
            wanted = frame[["event_id", "claim_no"]].drop_duplicates()
            claims = claims.merge(wanted.astype({"claim_no": "Int64"}))
        else:
            claims = claims[claims["event_id"].isin(frame["event_id"])]
    day = loading.as_of_day(as_of, extra)
    if day is not None:
        claims = claims[claims["public_on"] <= day]
    first = claims[["event_id", "source_id"]]
    also = claims[["event_id", "also_in"]].explode("also_in").dropna()
    carried = pd.concat([first, also.rename(columns={"also_in": "source_id"})])
    return carried.astype({"event_id": "str", "source_id": "str"})


def cite(
    frame: pd.DataFrame | None = None,
    *,
    style: str = "text",
    sources: bool = False,
    as_of: Day | None = None,
    extra: Folder | Iterable[Folder] | None = None,
) -> str:
    """Cite this release, or exactly the rows that you used of it.

    Parameters
    ----------
    frame
        Rows of events, claims, quantities, participants or a timeline. The citation then says how
        many rows of which table they are, and names them by a hash: SHA-256 over the sorted keys
        of the rows, which neither the order of rows nor other columns change.
    style
        ``"text"``: a line; ``"bibtex"``: entries ``@dataset`` and ``@online`` for biber and other
        readers of UTF-8; ``"apa"``: the manner of the American Psychological Association, through
        citeproc-py (extra ``cite``); ``"csl-json"``: items for Zotero, pandoc and every other
        processor of the Citation Style Language.
    sources
        Cite the sources behind the rows too, as :func:`bibliography` finds them.
    as_of
        The day as of which the rows were loaded, where ``frame.attrs`` does not say so.
    extra
        Folder of a private extension, or several, as in :func:`crink_events.load`.

    Returns
    -------
    str
        The citation; with ``sources``, theirs follow, one a line (text, apa) or entry.

    Raises
    ------
    TypeError
        If ``frame`` is not one of ours.
    ValueError
        If there is no such style, or some events are unknown.
    ImportError
        If ``style="apa"`` is asked for without citeproc-py.

    Examples
    --------
    >>> import crink_events as ce
    >>> ce.cite().startswith("The crink-events contributors")
    True
    >>> pacts = ce.load_events(dyad="PRK-RUS", act="sign")
    >>> ce.cite(pacts) == ce.cite(pacts.iloc[::-1])
    True
    """
    if style not in STYLES:
        hint = nearest(str(style), STYLES) or f"there are {', '.join(STYLES)}"
        raise ValueError(f"there is no style {style!r}; {hint}")
    rows = None
    if frame is not None:
        rows = row_set(event_frame(frame, extra))
        as_of = frame.attrs.get("as_of") if as_of is None else as_of
    day = loading.as_of_day(as_of, extra)
    known = None if day is None else str(day.date())
    of = loading.release()
    if style == "text" and not sources:
        return _text(of, rows, known)
    items = [_release_item(of, rows, known)]
    if sources:
        items += [
            _source_item(row) for row in _records(bibliography(frame, as_of=day, extra=extra))
        ]
    if style == "csl-json":
        return json.dumps(items, ensure_ascii=False, indent=2)
    if style == "bibtex":
        return "\n\n".join(map(_bibtex, items))
    if style == "apa":
        return "\n".join(_apa(items))
    return "\n".join([_text(of, rows, known), *(_line(item) for item in items[1:])])


def _part(rows: RowSet | None, as_of: str | None) -> str:
    """Say which part of the release is cited."""
    said = []
    if rows is not None:
        noun = "row" if rows.rows == 1 else "rows"
        said.append(f"{rows.rows:,} {noun} of {rows.table}, {rows.digest[:12]}")
    if as_of is not None:
        said.append(f"as known on {as_of}")
    return ", ".join(said)


def _text(of: dict[str, str], rows: RowSet | None, as_of: str | None) -> str:
    part = _part(rows, as_of)
    plain = loading.citation()
    # One sentence more, before the licence, so that the citation of the whole stands in both.
    end = f" Licence {of['licence']}."
    return plain.removesuffix(end) + (f" {part[0].upper()}{part[1:]}." if part else "") + end


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    import pandas as pd

    rows = frame.drop(columns="event_ids").to_dict("records")
    return [{str(n): None if pd.isna(v) else v for n, v in row.items()} for row in rows]


def _date(day: Any) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _release_item(of: dict[str, str], rows: RowSet | None, as_of: str | None) -> dict[str, Any]:
    part = _part(rows, as_of)
    version = f"{of['version']}, content {of['content'][:12]}" + (f"; {part}" if part else "")
    key = f"{of['package']}-{of['version']}" + (f"-{rows.digest[:8]}" if rows else "")
    return {
        "id": key,
        "type": "dataset",
        "title": of["title"],
        "author": [{"literal": _AUTHOR}],
        "issued": {"date-parts": [[int(of["newest"][:4])]]},
        "version": version,
        "genre": "Data set",
        "license": of["licence"],
    }


#: Kinds of sources as the Citation Style Language names them; all others are web pages.
_TYPES = {
    "newspaper": "article-newspaper",
    "wire": "article-newspaper",
    "trade_press": "article-magazine",
    "think_tank": "report",
    "academic": "report",
    "reference": "entry-encyclopedia",
    "official_text": "report",
}


def _source_item(row: dict[str, Any]) -> dict[str, Any]:
    item = {
        "id": row["source_id"],
        "type": _TYPES.get(row["kind"], "webpage"),
        "author": [{"literal": row["publisher"]}],
        "URL": row["url"],
        "language": row["language"],
        "accessed": _date(row["read_on"]),
    }
    if row["title"]:
        item["title"] = row["title"]
    if row["published_on"] is not None:
        item["issued"] = _date(row["published_on"])
    return item


def _line(item: dict[str, Any]) -> str:
    year, title = _day(item.get("issued")) or "n.d.", item.get("title") or "[no title]"
    read = _day(item["accessed"])
    return f"{item['author'][0]['literal']} ({year}). {title}. {item['URL']} (read {read})"


def _day(date: dict[str, Any] | None) -> str:
    if date is None:
        return ""
    return "-".join(f"{part:02}" for part in date["date-parts"][0])


# --------------------------------------------------------------------------- styles

#: What TeX reads as a command. The libraries at hand leave some of these alone and write others
#: into addresses, where they do not belong.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def _bibtex(item: dict[str, Any]) -> str:
    author = item["author"][0]["literal"]
    fields = {
        "author": "{" + _tex(author) + "}",  # in braces of its own: not a person's name
        "title": _tex(item.get("title", "")),
        "date": _day(item.get("issued")),
        "version": _tex(item.get("version", "")),
        "url": _address(item.get("URL", "")),
        "urldate": _day(item.get("accessed")),
        "note": _tex(f"Licence {item['license']}") if "license" in item else "",
    }
    kind = "dataset" if item["type"] == "dataset" else "online"
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{kind}{{{item['id']},", *lines, "}"])


def _tex(text: str) -> str:
    return "".join(_TEX.get(character, character) for character in text)


def _address(url: str) -> str:
    """Encode what would end a field or an entry; the rest of an address is verbatim to TeX."""
    return re.sub(r"[{}\\\s]", lambda found: f"%{ord(found[0]):02X}", url)


def _apa(items: Sequence[dict[str, Any]]) -> list[str]:
    need("citeproc", "cite")
    import warnings

    from citeproc import (
        Citation,
        CitationItem,
        CitationStylesBibliography,
        CitationStylesStyle,
        formatter,
    )
    from citeproc.source.json import CiteProcJSON

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fields that the style does not print
        style = CitationStylesStyle(str(_APA), validate=False)
        library = CitationStylesBibliography(style, CiteProcJSON(list(items)), formatter.plain)
        for item in items:
            library.register(Citation([CitationItem(item["id"])]))
        return [str(entry) for entry in library.bibliography()]
