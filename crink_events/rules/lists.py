"""Rules about list fields, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crink_events.contract import Field
from crink_events.rules.registry import Data, Finding, rule


def _lists(data: Data) -> Iterator[tuple[str, Field, int, list[str]]]:
    """Give every list that is not blank: table, field, row and items."""
    for name, typed in data.tables.items():
        for field in typed.cells.table.fields:
            if field.type == "list":
                for row, items in data.rows(name, field.name):
                    if items is not None:
                        yield name, field, row, items


@rule(
    "list-blank",
    "",
    why="A blank item is a delimiter too many, and counts as an item.",
    hint="separate items by one semicolon, without blanks around it",
)
def list_blank(data: Data) -> Iterator[Finding]:
    for table, field, row, items in _lists(data):
        if any(item != item.strip() or not item for item in items):
            message = "the list has an item that is blank or has blanks around it"
            yield Finding(table, row, field.name, message)


@rule(
    "list-repeat",
    "",
    why="An item that stands twice is counted twice.",
    hint="keep it once",
)
def list_repeat(data: Data) -> Iterator[Finding]:
    for table, field, row, items in _lists(data):
        for item in sorted({item for item in items if items.count(item) > 1}):
            yield Finding(table, row, field.name, f'"{item}" stands twice in the list')


@rule(
    "list-shape",
    "",
    why="An item of a list is held to a pattern, as a cell is.",
    hint="write each item as the example of the field shows",
)
def list_shape(data: Data) -> Iterator[Finding]:
    for table, field, row, items in _lists(data):
        for item in items:
            if field.item_pattern and item and not re.fullmatch(field.item_pattern, item):
                message = f'"{item[:60]}" does not match {field.item_pattern}'
                yield Finding(table, row, field.name, message)


@rule(
    "list-code",
    "codes",
    why="Items of a coded list are codes of its vocabulary.",
    hint="see `crink-events codebook`",
)
def list_code(data: Data) -> Iterator[Finding]:
    known = {(name, code) for _, name, code in data.rows("codes", "vocabulary", "code")}
    for table, field, row, items in _lists(data):
        for item in items:
            if field.vocabulary and item and (field.vocabulary, item.strip()) not in known:
                message = f'"{item}" is not in the vocabulary {field.vocabulary}'
                yield Finding(table, row, field.name, message)


@rule(
    "list-reference",
    "actors sources",
    why="An item that refers to a record must find it, as a foreign key must.",
    hint="add the record, or mend the id",
)
def list_reference(data: Data) -> Iterator[Finding]:
    known = {"actors": data.actors, "sources": data.sources}
    for table, field, row, items in _lists(data):
        for item in items:
            target = field.item_reference
            if target and item.strip() and item.strip() not in known[target.table]:
                yield Finding(table, row, field.name, f'"{item}" is not in "{target.table}"')
