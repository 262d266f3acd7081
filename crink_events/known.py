"""What is there: the tables of a package as text, and the words under which it is known.

A code that was cut short, an actor's name or a page's address leads to the one record that is
meant, or to a message that names the nearest.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlsplit

from crink_events.contract import Field, Package
from crink_events.reading import read_cells
from crink_events.report import nearest

Row = dict[str, str]


@dataclass(frozen=True)
class Tables:
    """The tables of a package as text, with the look-ups that a draft needs."""

    package: Package
    rows: Mapping[str, list[Row]]

    @classmethod
    def read(cls, package: Package) -> Tables:
        """Read every table; one that cannot be read has no rows."""
        rows: dict[str, list[Row]] = {}
        for name, table in package.tables.items():
            cells, _ = read_cells(package, table)
            records = cells.records if cells is not None else []
            rows[name] = [dict(zip(table.field_names, record, strict=True)) for record in records]
        return cls(package, rows)

    def field(self, table: str, name: str) -> Field:
        """Give a field of the contract."""
        return self.package.tables[table].field(name)

    def ids(self, table: str) -> list[str]:
        """Name the records of a table that has a key of one field."""
        key = self.package.tables[table].primary_key[0]
        return [row[key] for row in self.rows[table]]

    def row(self, table: str, name: str) -> Row | None:
        """Give a record by its key of one field."""
        key = self.package.tables[table].primary_key[0]
        return next((row for row in self.rows[table] if row[key] == name), None)

    def of_event(self, table: str, event_id: str) -> list[Row]:
        """Give the rows of a table that belong to an event."""
        return [row for row in self.rows[table] if row["event_id"] == event_id]

    def codes(self, vocabulary: str) -> dict[str, Row]:
        """Give the rows of a vocabulary by code, in their order."""
        rows = [row for row in self.rows["codes"] if row["vocabulary"] == vocabulary]
        rows.sort(key=lambda row: int(row["position"]) if row["position"].isdecimal() else 0)
        return {row["code"]: row for row in rows}

    def target(self, table: str, name: str) -> str | None:
        """Name the table in which the values of a field must be found; None if there is none."""
        reference = self.field(table, name).item_reference
        if reference:
            return reference.table
        for key in self.package.tables[table].foreign_keys:
            if key.fields == (name,):
                return key.table
        return None

    @cached_property
    def actor_words(self) -> dict[str, str]:
        """Under which words an actor is known: id, name and aliases, in small letters."""
        words: dict[str, str] = {}
        for row in self.rows["actors"]:
            for word in (row["name"], *row["aliases"].split(";")):
                words.setdefault(word.casefold(), row["actor_id"])
        return words | {name.casefold(): name for name in self.ids("actors")}

    @cached_property
    def pages(self) -> dict[str, str]:
        """Id of each source by its bare address."""
        return {bare(row["url"]): row["source_id"] for row in self.rows["sources"]}

    def publisher_of(self, url: str) -> str | None:
        """Find who publishes under an address, by the longest host that fits."""
        host = host_of(url)
        found = [
            (len(known), row["publisher_id"])
            for row in self.rows["publishers"]
            for known in row["domains"].split(";")
            if known and (host == known or host.endswith("." + known))
        ]
        return max(found)[1] if found else None

    def usual(self, table: str, name: str, **like: str) -> str:
        """Give the most frequent value of a field among like rows; blank if there are none."""
        counts = Counter(
            row[name] for row in self.rows[table] if row[name] and like.items() <= row.items()
        )
        return counts.most_common(1)[0][0] if counts else ""


def host_of(url: str) -> str:
    """Give the host name of an address, without `www.`; blank if there is none.

    Examples
    --------
    >>> host_of("https://www.tass.com/politics/1868051")
    'tass.com'
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


#: Parameters that say how a reader came to a page, or who the reader is.
_CLICK = r"(?:utm_[a-z]+|fbclid|gclid|yclid|igshid|mc_[ce]id)"


def bare(url: str) -> str:
    """Give an address without what does not change the page.

    That are scheme, `www.`, the form for telephones, the way one came, and the last slash.

    Examples
    --------
    >>> bare("https://www.tass.com/politics/1868051/#top")
    'tass.com/politics/1868051'
    """
    rest = re.sub(r"^https?://(www\.|m\.)?", "", url.strip()).split("#")[0]
    rest = re.sub(rf"([?&]){_CLICK}=[^&]*", r"\1", rest).rstrip("?&").rstrip("/")
    return rest.removesuffix("/amp")


# --------------------------------------------------------------------------- words and cells


def complete(word: str, known: Sequence[str]) -> str:
    """Complete a word that was cut short, as long as it is clear which one is meant.

    Raises
    ------
    ValueError
        If it begins several words, or none; the message names the nearest.

    Examples
    --------
    >>> complete("exer", ["exercise", "exit"])
    'exercise'
    >>> complete("ex", ["exercise", "exit"])
    Traceback (most recent call last):
    ValueError: can be exercise or exit
    """
    plain = word.strip().casefold()
    forms = {name.casefold(): name for name in known}
    for form in (plain, plain.replace(" ", "_").replace("-", "_"), plain.replace(" ", "-")):
        if form in forms:
            return forms[form]
    begun = [name for form, name in forms.items() if plain and form.startswith(plain)]
    if len(begun) == 1:
        return begun[0]
    if begun:
        more = " or others" if len(begun) > 8 else ""
        raise ValueError(f"can be {' or '.join(begun[:8])}{more}")
    listed = f"known are {', '.join(known)}" if len(known) <= 45 else "no name is near to it"
    raise ValueError(f"is not known; {nearest(word, known) or listed}")


def cell(tables: Tables, table: str, name: str, text: str) -> str:
    """Give a cell as it is written: codes and ids completed, types and constraints checked.

    Raises
    ------
    ValueError
        If it cannot be such a cell; the message continues a sentence that names the value.
    """
    entry = tables.field(table, name)
    if entry.type == "list":
        items = [item.strip() for item in text.split(entry.delimiter) if item.strip()]
        text = entry.delimiter.join(_word(tables, table, entry, item) for item in items)
    else:
        text = _word(tables, table, entry, text.strip())
    if not text:
        return text
    try:
        value = entry.parse(text)
    except ValueError as error:
        raise ValueError(f"is no {entry.type}: {error}") from None
    for _, words, test in entry.constraints:
        if not test(value):
            raise ValueError(words)
    return text


def _word(tables: Tables, table: str, entry: Field, text: str) -> str:
    target = tables.target(table, entry.name)
    if not text:
        return text
    if entry.vocabulary:
        return complete(text, entry.enum or list(tables.codes(entry.vocabulary)))
    if target == "actors":
        return actor(tables, text)
    # An event or a source that a draft names can be the draft's own.
    if target == "agreements":
        return complete(text, tables.ids(target))
    return text


def actor(tables: Tables, word: str) -> str:
    """Find an actor by id, name or alias, or by what begins one id alone.

    Raises
    ------
    ValueError
        If there is none; the message names the nearest, or says what to do.
    """
    found = tables.actor_words.get(word.strip().casefold())
    if found:
        return found
    ids = tables.ids("actors")
    # Of hundreds of actors, a letter or two can begin one alone by chance.
    if len(word.strip()) < 3 and word.strip() not in ids:
        raise ValueError("is too short to say which actor is meant")
    try:
        return complete(word, ids)
    except ValueError as error:
        by_name = nearest(word.casefold(), list(tables.actor_words))
        name = tables.actor_words.get(by_name.split('"')[1]) if by_name else None
        if name and "can be" not in str(error):
            raise ValueError(f'is not known; did you mean "{name}"?') from None
        if "no name is near" in str(error):
            raise ValueError("is no actor; a new one must first stand in data/actors.csv") from None
        raise
