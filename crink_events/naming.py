"""Ids in the style of those that are there: slugs of events and of sources."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from crink_events.known import Row, Tables

_FILLER_WORDS = """
a an and as at be by for from has have in into is it its of on or over say says than that the
their to with after before
"""
_FILLERS = frozenset(_FILLER_WORDS.split())
#: Roles of those who act upon others.
LEADING = frozenset(["initiator", "ratifier", "supplier", "sender", "authority", "acceding"])


def slug(text: str) -> str:
    """Give the words of a text as a slug.

    Examples
    --------
    >>> slug("Al Arabiya — Türkiye's edition")
    'al-arabiya-turkiyes-edition'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return "-".join(re.findall(r"[a-z0-9]+", plain.lower().replace("'", "")))


def title_words(text: str, without: Iterable[str] = ()) -> list[str]:
    """Give the words of a title that carry meaning, in order, without repeats.

    Examples
    --------
    >>> title_words("Russia's navy and China's hold a drill", ["Russia", "China"])
    ['navy', 'hold', 'drill']
    """
    plain = re.sub(r"['\u2019]s?\b", "", text)
    left_out = _FILLERS | {word for name in without for word in slug(name).split("-")}
    words = [word for word in slug(plain).split("-") if word and word not in left_out]
    return list(dict.fromkeys(words))


def _names(tables: Tables, actors: Sequence[str]) -> list[str]:
    """Give the names of actors; not the capitals that stand for governments."""
    found = list(actors)
    for name in actors:
        row = tables.row("actors", name) or {}
        aliases = [alias for alias in row.get("aliases", "").split(";") if "(" not in alias]
        found += [row.get("name", ""), *aliases]
    return found


def propose_id(
    tables: Tables, title: str, act: str, start: str, participants: Sequence[Row]
) -> str:
    """Propose an id in the style of those that are there: actors, words of the title, year.

    Who acts upon others comes first; equals are in the order of the alphabet.

    Parameters
    ----------
    tables
        What is there; the id is made unlike any of its events.
    title, act, start
        Of the event; the act stands in where the title has no words of its own.
    participants
        Rows with ``actor_id`` and ``role``; observers do not count.
    """
    cast = [row for row in participants if row["role"] != "observer"]
    cast.sort(key=lambda row: (row["role"] not in LEADING, row["actor_id"]))
    actors = list(dict.fromkeys(row["actor_id"] for row in cast))[:3]
    words = [
        word
        for word in title_words(title, _names(tables, actors))
        if not word.isdigit() or (len(word) > 3 and word != start[:4])
    ]
    head = "-".join(slug(name) for name in actors)
    limit = (tables.field("events", "event_id").max_length or 80) - len("-2024-06-19-99")
    parts = [head] if head else []
    for word in words[:3] or [slug(act)]:
        if len("-".join([*parts, word])) <= limit:
            parts.append(word)
    stem = "-".join(parts)[:limit].strip("-")
    known = set(tables.ids("events"))
    # A second event of the year has its month in its id, and so on.
    for length in (4, 7, 10):
        if f"{stem}-{start[:length]}" not in known:
            return f"{stem}-{start[:length]}"
    return unlike(f"{stem}-{start}", known)


def unlike(name: str, known: Iterable[str]) -> str:
    """Give a name a number, if it is known already.

    Examples
    --------
    >>> unlike("tass-undated-visit", ["tass-undated-visit"])
    'tass-undated-visit-2'
    """
    taken = set(known)
    if name not in taken:
        return name
    return next(f"{name}-{n}" for n in range(2, len(taken) + 3) if f"{name}-{n}" not in taken)


def source_word(tables: Tables, source: Row, event: str, participants: Sequence[Row]) -> str:
    """Choose the word that ends a source's id.

    Parameters
    ----------
    tables
        What is there.
    source
        The source, with its title and publisher.
    event
        Title of the event that it is read for; a word that both titles share is best.
    participants
        Of that event; their names say nothing of a page among others.
    """
    publisher = tables.row("publishers", source["publisher_id"]) or {}
    actors = [row["actor_id"] for row in participants]
    names = [*_names(tables, actors), source["publisher_id"], publisher.get("name", "")]
    titles = (title_words(title, names) for title in (source["title"], event))
    own, others = ([w for w in words if not w.isdigit()] for words in titles)
    shared = [word for word in own if word in others]
    longest = sorted(own or others, key=len, reverse=True)
    return next(iter(shared or longest), "page")
