"""Judging a whole column at once.

Most columns are without a fault, and that can be told of all their texts together far faster than
of one after the other. What is told here is told safely: a text that is not doubtful has no fault
by :meth:`crink_events.contract.Field.faults`; a doubtful one may have one. The standard library
alone.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Collection, Iterator, Set
from decimal import Decimal
from itertools import filterfalse

from crink_events.contract import DATE, Field
from crink_events.texts import PLACEHOLDERS, SLUG, are_slugs, suspicious


class Judge:
    """Finds the doubtful texts of columns, and judges none twice for columns of like demands.

    Keys stand in the columns of many tables; they are judged where they stand first.
    """

    def __init__(self) -> None:
        self._sound: dict[tuple[object, ...], set[str]] = {}

    def doubtful(self, field: Field, texts: Set[str]) -> Collection[str]:
        """Give the texts of a column that may have a fault, judged by themselves.

        Parameters
        ----------
        field
            The column.
        texts
            Its different cells, as they stand in the file.

        Examples
        --------
        >>> day = Field("day", "Day", "", "date", "2024-06-19")
        >>> list(Judge().doubtful(day, {"2024-06-19", "2024-06-31", ""}))
        ['2024-06-31']
        """
        sound = self._sound.setdefault(_demands(field), set())
        filled = texts - sound - {""}
        found = _doubtful(field, filled) if filled else []
        sound.update(filled - set(found))
        return [*found, ""] if field.required and "" in texts else found


def _demands(field: Field) -> tuple[object, ...]:
    """Give all that a field demands of its cells, but whether they may be blank."""
    shape = (field.type, field.enum, field.pattern, field.item_pattern, field.delimiter)
    return (*shape, field.minimum, field.maximum, field.min_length, field.max_length)


def _doubtful(field: Field, filled: Set[str]) -> Collection[str]:
    if field.enum is not None:
        return filled - frozenset(field.enum)
    if field.type == "string" and field.pattern == SLUG and are_slugs(filled):
        return PLACEHOLDERS.intersection(filled) | set(_of_odd_length(field, filled))
    if field.type == "string":
        return suspicious(filled) | set(_unfit(field, filled))
    if field.type == "date":
        return _no_days(filled)
    if field.type == "list":
        return suspicious(filled) if _are_lists(field, filled) else filled
    return [text for text in filled if not _is_sound(field, text)]


def _is_sound(field: Field, text: str) -> bool:
    try:
        value = field.parse(text)
    except ValueError:
        return False
    exact = Decimal(text) if field.type == "number" and field.constraints else value
    # What a spreadsheet has rounded is still a number; nothing else can be wrong with its letters.
    return all(one.test(exact) for one in field.constraints) and "E" not in text


def _unfit(field: Field, filled: Collection[str]) -> Iterator[str]:
    yield from _of_odd_length(field, filled)
    if field.pattern is not None:
        yield from filterfalse(re.compile(field.pattern).fullmatch, filled)


def _of_odd_length(field: Field, filled: Collection[str]) -> Iterator[str]:
    low = field.min_length or 0
    high = sys.maxsize if field.max_length is None else field.max_length
    if min(map(len, filled)) < low or max(map(len, filled)) > high:
        yield from (text for text in filled if not low <= len(text) <= high)


def _no_days(filled: Collection[str]) -> Collection[str]:
    if all(map(DATE.fullmatch, filled)) and all(map(str.isascii, filled)):
        try:
            for _ in map(dt.date.fromisoformat, filled):
                pass
        except ValueError:
            pass
        else:
            return ()
    return [text for text in filled if not _is_day(text)]


def _is_day(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return DATE.fullmatch(text) is not None and text.isascii()


def _are_lists(field: Field, filled: Collection[str]) -> bool:
    """Judge the items of all lists as one set, and each list of several by its own.

    The blanks, marks and letters are left to those of the whole text, in which the items stand.
    """
    lists = [text.split(field.delimiter) for text in filled if field.delimiter in text]
    longest = max(map(len, lists), default=1)
    if (field.min_length or 0) > 1 or longest > (field.max_length or longest):
        return False
    if any(len(set(items)) < len(items) for items in lists):
        return False
    items = set(field.delimiter.join(filled).split(field.delimiter))
    if not all(items) or any(item[0] == " " or item[-1] == " " for item in items):
        return False
    pattern = field.item_pattern
    return pattern is None or all(map(re.compile(pattern).fullmatch, items))
