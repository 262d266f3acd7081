"""Drafts: what a curator says of an event and its claims, before it becomes rows.

A draft comes from options, from answers to questions, or from a TOML file. Each value remembers
under which name it was said, so that a fault can be told in the curator's own words.
"""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crink_events.contract import Field, Package
from crink_events.report import nearest

#: Fields that a draft does not say: they follow from the rest.
_DERIVED = {
    "events": {"record_status", "merged_into"},
    "participants": {"event_id"},
    "claims": {"event_id", "claim_no", "also_in", "source_id"},
    "quantities": {"event_id", "quantity_no"},
    "links": set[str](),
    "sources": set[str](),
}
#: What a page says of a publisher that is not known yet, as `publisher_name` and so on.
PUBLISHER = ("name", "country", "ownership", "state_voice", "evidence_url")
_SECTIONS = ("participants", "claims", "quantities", "links")


class DraftError(Exception):
    """A draft cannot become rows.

    ``problems`` says what is wrong with it, ``missing`` names what is not said yet.
    """

    def __init__(self, problems: Sequence[str], missing: Sequence[str] = ()) -> None:
        self.problems = tuple(problems)
        self.missing = tuple(dict.fromkeys(missing))
        # Places in a file are long; options fit into a line.
        between = "\n  " if any(" " in name for name in self.missing) else ", "
        last = [f"missing: {between.lstrip(', ')}{between.join(self.missing)}"] if missing else []
        super().__init__("\n".join([*problems, *last]))


@dataclass
class Part:
    """One record of a draft.

    Attributes
    ----------
    values
        Cells by field, as text; what was not said is not there.
    place
        Where the record stands, such as ``draft.toml, [[claims]] 2``; empty for options.
    names
        Under which name a field was or could be said, such as ``--act``; other fields are named
        by the place.
    """

    values: dict[str, str] = field(default_factory=dict)
    place: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """Give a value; blank if it was not said."""
        return self.values.get(name, "")

    def name(self, name: str) -> str:
        """Name a field as the curator said it, or would say it.

        Examples
        --------
        >>> Part({}, "draft.toml, [event]", {"act": "--act"}).name("title")
        'draft.toml, [event] title'
        """
        return self.names.get(name) or f"{self.place} {name}".strip()


@dataclass
class Claim:
    """A claim, the page that carries it, and other pages that carry the same statement."""

    part: Part
    source: Part
    also: list[Part] = field(default_factory=list)


@dataclass
class Draft:
    """One event with what belongs to it, or claims for an event that is there already."""

    event: Part = field(default_factory=Part)
    participants: list[Part] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    quantities: list[Part] = field(default_factory=list)
    links: list[Part] = field(default_factory=list)


# --------------------------------------------------------------------------- TOML, read


def read(data: bytes, name: str, package: Package, claims_only: bool = False) -> Draft:
    """Read a draft from TOML.

    Parameters
    ----------
    data
        The file's bytes.
    name
        The file's name, for messages.
    package
        The contract; its fields are the keys.
    claims_only
        Whether the draft adds claims to an event, so that it has no ``[event]``.

    Raises
    ------
    DraftError
        If the text is no TOML, or has keys or values that a draft does not have.
    """
    try:
        # A number stays as it was written; 1e6 and 0.10 are not ours to rewrite.
        tree = tomllib.loads(data.decode("utf-8-sig"), parse_float=str)
    except (ValueError, RecursionError) as error:
        raise DraftError([f"{name} is no TOML: {error}"]) from None
    reader = _Reader(name, package)
    known = ("claims", "quantities") if claims_only else ("event", *_SECTIONS)
    reader.keys(tree, known, name)
    draft = Draft()
    event = tree.get("event", {})
    if "event" in known and reader.is_table(event, f"{name}, [event]"):
        draft.event = reader.part(event, "events", f"{name}, [event]")
    for section in _SECTIONS:
        if section not in known:
            continue
        for number, entry in enumerate(reader.entries(tree, section), start=1):
            place = f"{name}, [[{section}]] {number}"
            if not reader.is_table(entry, place):
                continue
            if section == "claims":
                draft.claims.append(reader.claim(entry, place))
            else:
                getattr(draft, section).append(reader.part(entry, section, place))
    if reader.problems:
        raise DraftError(reader.problems)
    return draft


def keys(package: Package, table: str) -> tuple[str, ...]:
    """Name the keys of a section: the fields of its table without those that are derived."""
    names = [n for n in package.tables[table].field_names if n not in _DERIVED[table]]
    if table == "sources":
        names += [f"publisher_{name}" for name in PUBLISHER]
    return tuple(names)


class _Reader:
    """Reads the parts of a draft and gathers what is wrong with them."""

    def __init__(self, name: str, package: Package) -> None:
        self.name = name
        self.package = package
        self.problems: list[str] = []

    def keys(self, table: Mapping[str, Any], known: Sequence[str], place: str) -> None:
        for key in table:
            if key not in known:
                hint = nearest(key, known) or f"known are {', '.join(known)}"
                self.problems.append(f'{place}: there is no key "{key}"; {hint}')

    def is_table(self, value: Any, place: str) -> bool:
        if isinstance(value, dict):
            return True
        self.problems.append(f"{place}: this must be a table of keys and values")
        return False

    def entries(self, table: Mapping[str, Any], key: str) -> list[Any]:
        value = table.get(key, [])
        if isinstance(value, list):
            return value
        self.problems.append(
            f"{self.name}: write [[{key}]] with two brackets; there can be several"
        )
        return []

    def part(
        self, table: Mapping[str, Any], kind: str, place: str, more: Sequence[str] = ()
    ) -> Part:
        known = keys(self.package, kind)
        self.keys(table, (*known, *more), place)
        part = Part({}, place)
        for key in known:
            if key in table:
                text = _text(table[key])
                if text is None:
                    self.problems.append(f"{place} {key}: this must be a text, number, day or list")
                else:
                    part.values[key] = text
        return part

    def claim(self, table: Mapping[str, Any], place: str) -> Claim:
        part = self.part(table, "claims", place, ("source", "source_id", "also_in"))
        source = Part({}, f"{place}, source")
        if "source_id" in table:
            source = self.page(table["source_id"], f"{place} source_id")
            if "source" in table:
                self.problems.append(f"{place}: give source_id or [claims.source], not both")
        elif "source" in table and self.is_table(table["source"], f"{place}, source"):
            source = self.part(table["source"], "sources", f"{place}, source")
        also = table.get("also_in", [])
        if not isinstance(also, list):
            also = str(also).split(";")
        pages = [
            self.page(page, f"{place}, also_in {number}")
            for number, page in enumerate(also, start=1)
        ]
        return Claim(part, source, pages)

    def page(self, value: Any, place: str) -> Part:
        if isinstance(value, str):
            return Part({"source_id": value}, place)
        return self.part(value, "sources", place) if self.is_table(value, place) else Part()


def _text(value: Any) -> str | None:
    """Give a TOML value as the text of a cell; None if a cell cannot hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return str(value).strip()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ";".join(item.strip() for item in value)
    return None


# --------------------------------------------------------------------------- TOML, written


def scaffold(package: Package, claims_only: bool = False) -> str:
    """Write an empty draft, with what the contract says of each key as comments.

    Required keys stand open; the others are commented out.

    Examples
    --------
    >>> from crink_events.descriptors import read_contract
    >>> scaffold(read_contract("."), claims_only=True).splitlines()[0]
    '# Fill in, take out what does not apply, then: crink-events new claim EVENT_ID --from FILE'
    """
    command = "claim EVENT_ID" if claims_only else "event"
    lines = [
        f"# Fill in, take out what does not apply, then: crink-events new {command} --from FILE",
        "# Codes may be cut short as long as they stay clear. Days are YYYY-MM-DD.",
    ]
    sections = [("[[claims]]", "claims"), ("[claims.source]", "sources")]
    if not claims_only:
        sections = [("[event]", "events"), ("[[participants]]", "participants"), *sections]
    for header, table in sections:
        lines += ["", *_SAID.get(header, ()), header, *_blanks(package, table)]
    optional = [("[[claims.also_in]]", "sources"), ("[[quantities]]", "quantities")]
    if not claims_only:
        optional.append(("[[links]]", "links"))
    for header, table in optional:
        lines += ["", *_SAID[header], f"# {header}"]
        if header != "[[claims.also_in]]":
            lines += [line if line[0] == "#" else f"# {line}" for line in _blanks(package, table)]
    return "\n".join(lines) + "\n"


#: What the contract does not say of a section.
_SAID = {
    "[[participants]]": ("# Write this section once for each participant; two at the least.",),
    "[[claims]]": ("# One for each statement, denials too. Repeat it with its source.",),
    "[claims.source]": (
        "# The page that was read. If its url is known already, the rest is not needed;",
        "# the publisher_ keys are for a publisher that is not known yet.",
    ),
    "[[claims.also_in]]": ("# Another page with the same statement; the keys of a source.",),
    "[[quantities]]": ("# One for each amount. Here claim_no is the place of its claim above.",),
    "[[links]]": ("# One for each link; the end that is left out is the new event.",),
}
#: Required by the contract, but there is a default.
_DEFAULTED = {
    "event_id": "made from actors, title and year if blank",
    "source_id": "made from publisher, day and title if blank",
    "valence": "that of the act if blank",
    "date_precision": "day if blank and the days are one",
    "geo_precision": "none if blank and no place is named",
    "about": "occurrence if blank",
    "public_on": "the page's day if blank, or else the day on which it was read",
    "public_is": "exact if `public_on` is given",
    "read_on": "today if blank",
    "publisher_id": "found by the url if blank",
    "claim_no": "1 if blank and there is one claim",
    "from_event": "the new event if blank",
}


def _blanks(package: Package, table: str) -> Iterator[str]:
    fields = {entry.name: entry for entry in package.tables[table].fields}
    for key in keys(package, table):
        entry = fields.get(key)
        if entry is None:
            name = key.removeprefix("publisher_")
            known = package.tables["publishers"].field(name)
            yield f'# {key} = ""  # {known.description}'
        else:
            yield from _blank(entry)


def _blank(entry: Field) -> Iterator[str]:
    about = entry.description
    if entry.enum:
        about += f" One of: {', '.join(entry.enum)}."
    if entry.name in _DEFAULTED:
        about += f" Default: {_DEFAULTED[entry.name]}."
    open_to_fill = entry.required and entry.name not in _DEFAULTED
    value = "[]" if entry.type == "list" else '""'
    yield f"# {about}"
    yield f"{'' if open_to_fill else '# '}{entry.name} = {value}"


def write(draft: Draft) -> str:
    r"""Write a draft as TOML, so that what was typed can be mended and used again.

    Examples
    --------
    >>> print(write(Draft(Part({"title": 'The "no limits" text'}))), end="")
    [event]
    title = "The \"no limits\" text"
    """
    blocks = [_block("[event]", draft.event)] if draft.event.values else []
    blocks += [_block("[[participants]]", part) for part in draft.participants]
    for claim in draft.claims:
        blocks.append(_block("[[claims]]", claim.part))
        blocks.append(_block("[claims.source]", claim.source))
        blocks += [_block("[[claims.also_in]]", page) for page in claim.also]
    blocks += [_block("[[quantities]]", part) for part in draft.quantities]
    blocks += [_block("[[links]]", part) for part in draft.links]
    return "\n".join(blocks)


def _block(header: str, part: Part) -> str:
    # A JSON string without escapes of its own is a TOML string.
    lines = [f"{key} = {json.dumps(text, ensure_ascii=False)}" for key, text in part.values.items()]
    return "\n".join([header, *lines]) + "\n"
