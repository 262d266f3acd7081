"""Rules about words, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crink_events.rules.registry import Data, Finding, rule

#: Tables whose texts are names and titles as others write them.
_AS_WRITTEN = ("sources", "publishers", "actors")
_CURLY = re.compile("[\u2018-\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033]")


#: What stands where something is still to be written.
_OPEN = re.compile(r"\b(?:TODO|FIXME|XXX|TBD|TBC)\b|[Ll]orem ipsum|\?\?")
#: What a program wrote where a sign was meant. No sentence has a backslash.
_ESCAPES = re.compile(r"\\\w{0,5}|_x000[0-9A-F]_|%20|%[CDE][0-9A-F]%")
_LINK = re.compile(r"\[[^\]]*\]\(https?:|https?://|\bwww\.")
#: Bold words, headings and code, as Markdown marks them.
_MARKED = re.compile(r"\*\*\w[^*]{0,30}|^#{1,6} \w+|```", re.MULTILINE)
#: Words that stand for nothing where they are the whole of a text; in coded cells some are codes.
_NOTHING = re.compile(
    r"(?:unknown|not (?:known|specified|stated|given|available)|unspecified|various|undisclosed|"
    r"n\.?\s?d\.?|no data|no info(?:rmation)?|to be (?:added|confirmed|determined))[.?]?",
    re.IGNORECASE,
)
#: A word in whose middle a question mark stands, in scripts that part words by blanks.
_LOST = re.compile(
    r"(?<!\S)[^\s/]*{0}\?{0}[^\s/]*(?!\S)".format("[A-Za-z\u00c0-\u024f\u0400-\u052f]")
)


@rule(
    "unfinished",
    "",
    why="A note to oneself is printed as if it were a finding.",
    hint="write what is known, or leave it out",
    fails="events rus-prk-treaty-signed: note=TODO check the day",
    passes="events rus-prk-treaty-signed: note=the day is to be checked against the text",
)
def unfinished(data: Data) -> Iterator[Finding]:
    yield from _with(data, _OPEN, "{} is still to be written")


@rule(
    "program-escape",
    "",
    why="An escape of a program stands where a sign was meant, and is shown as it is.",
    hint="write the sign itself",
    fails="events rus-prk-treaty-signed: note=Russia\\u2019s text",
    passes="events rus-prk-treaty-signed: note=Russia's text",
)
def program_escape(data: Data) -> Iterator[Finding]:
    yield from _with(data, _ESCAPES, "{} is an escape")


@rule(
    "address-in-words",
    "",
    why="Addresses stand in sources, where they are checked; in words they go stale unseen.",
    hint="add the page to `sources` and cite it in the claim",
    severity="warning",
    fails="events rus-prk-treaty-signed: note=see https://tass.com/world/1",
    passes="events rus-prk-treaty-signed: note=see the page of the agency",
)
def address_in_words(data: Data) -> Iterator[Finding]:
    yield from _with(data, _LINK, "{} stands in words")


@rule(
    "marks-in-words",
    "",
    why="Marks of Markdown are shown as they are where the text is not a page of Markdown.",
    hint="write plain text, without marks",
    severity="warning",
    fails="events rus-prk-treaty-signed: note=**Article 4** is new",
    passes="events rus-prk-treaty-signed: note=Article 4 is new",
)
def marks_in_words(data: Data) -> Iterator[Finding]:
    yield from _with(data, _MARKED, "the marks of {} are not read by anything")


@rule(
    "words-for-nothing",
    "",
    why="A word that says that nothing is known is counted as a value, and found as a place.",
    hint="leave the cell blank, or fill it",
    fails="events rus-prk-treaty-signed: place=unknown",
    passes="events rus-prk-treaty-signed: note=it is unknown who wrote the text",
)
def words_for_nothing(data: Data) -> Iterator[Finding]:
    for name, field in _free_texts(data):
        for row, text in data.rows(name, field):
            if text and _NOTHING.fullmatch(text):
                # Of a status, the claim's value is its code, which may be `unknown`.
                coded = field == "value" and data.value(name, row, "about") == "status"
                if not coded:
                    yield Finding(name, row, field, f'"{text}" says nothing')


@rule(
    "letter-lost",
    "",
    why="A question mark inside a word stands for a letter that an encoding did not have.",
    hint="write the word with its own letters",
    severity="warning",
    fails="actors gazprom: name=Gazpr?m",
    passes="actors gazprom: name=Gazprom? Lukoil",
)
def letter_lost(data: Data) -> Iterator[Finding]:
    for name, field in _free_texts(data):
        for row, text in data.rows(name, field):
            lost = _LOST.search(text) if text and "?" in text else None
            if lost:
                yield Finding(name, row, field, f'"{lost[0]}" has a question mark inside')


def _free_texts(data: Data) -> Iterator[tuple[str, str]]:
    """Name the texts that are no codes, addresses or keys: one's own, and names and titles."""
    for name, typed in data.tables.items():
        for field in typed.cells.table.fields:
            free = field.type == "string" and field.enum is None and field.pattern is None
            if free and name not in ("codes", "codings"):
                yield name, field.name


def _with(data: Data, pattern: re.Pattern[str], message: str) -> Iterator[Finding]:
    """Find a pattern in the texts that are one's own."""
    for name, field in _own_texts(data):
        for row, text in data.rows(name, field):
            match = None if text is None else pattern.search(text)
            if match:
                yield Finding(name, row, field, message.format(f'"{match[0]}"'))


def _own_texts(data: Data) -> Iterator[tuple[str, str]]:
    for name, typed in data.tables.items():
        if name in _AS_WRITTEN:
            continue
        for field in typed.cells.table.fields:
            if field.type == "string" and field.enum is None and field.pattern is None:
                yield name, field.name


@rule(
    "straight-quotes",
    "",
    why="In one's own words quotation marks are straight; word processors bend them, and two forms"
    " of one mark are two for every search.",
    hint="type ' or \"",
    fails="events rus-prk-treaty-signed: note=Article 4 is called \u201calliance-like\u201d abroad",
    passes='events rus-prk-treaty-signed: note=Article 4 is called "alliance-like" abroad',
)
def straight_quotes(data: Data) -> Iterator[Finding]:
    for name, field in _own_texts(data):
        for row, text in data.rows(name, field):
            curly = None if text is None or text.isascii() else _CURLY.search(text)
            if curly:
                message = f"the quotation mark {curly[0]} is not straight"
                yield Finding(name, row, field, message)


#: Letters of scripts in which one's own titles and summaries are not written.
_FOREIGN = re.compile("[\u0370-\u1dff\u2e80-\ud7ff\uf900-\ufdff]")
_TWICE = re.compile(r"\b([A-Za-z]{2,}) \1\b")


@rule(
    "own-language",
    "events",
    why="Titles and summaries are in English, so that all can read and search them.",
    hint="write it in English; names in Latin letters",
    fails="events rus-prk-summit-2024: summary=\u041f\u0443\u0442\u0438\u043d in Pyongyang.",
    passes="events rus-prk-summit-2024: summary=Russia's president in Pyongyang.",
)
def own_language(data: Data) -> Iterator[Finding]:
    for name in ("title", "summary"):
        for row, text in data.rows("events", name):
            foreign = None if text is None or text.isascii() else _FOREIGN.search(text)
            if foreign:
                yield Finding("events", row, name, f'"{foreign[0]}" is no Latin letter')


@rule(
    "word-twice",
    "",
    why="A word that stands twice in a row is a slip, and may hide another that was meant.",
    hint="write it once",
    severity="warning",
    fails="events rus-prk-treaty-signed: note=it enters into into force later",
    passes="events rus-prk-treaty-signed: note=it enters into force later",
)
def word_twice(data: Data) -> Iterator[Finding]:
    yield from _with(data, _TWICE, "{} is one word twice")
