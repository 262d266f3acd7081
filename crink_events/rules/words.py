"""Rules about words, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crink_events.rules.registry import Data, Finding, rule

#: Tables whose texts are names and titles as others write them.
_AS_WRITTEN = ("sources", "publishers", "actors")
_CURLY = re.compile("[\u2018-\u201f\u00ab\u00bb\u2039\u203a\u2032\u2033]")


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
    for name, typed in data.tables.items():
        if name in _AS_WRITTEN:
            continue
        for field in typed.cells.table.fields:
            if field.type != "string" or field.enum is not None or field.pattern is not None:
                continue
            for row, text in data.rows(name, field.name):
                curly = None if text is None or text.isascii() else _CURLY.search(text)
                if curly:
                    message = f"the quotation mark {curly[0]} is not straight"
                    yield Finding(name, row, field.name, message)
