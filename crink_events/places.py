"""JSON with places: which line and column each value of a document stands on.

The standard parser gives a place for broken syntax only. A contract can be good JSON and still
be wrong, and then its author needs the line of the wrong value as well.
"""

import json
import re
from collections.abc import Mapping
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

#: Half a letter, which no file can hold.
_ODD = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\n\r]*")

Pointer = tuple[str | int, ...]


class Place(NamedTuple):
    """A position in a text file, both counted from 1."""

    line: int
    column: int


class JsonError(ValueError):
    """A text that is not a JSON document, with the place where it stops being one."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.place = place


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_SCALAR = json.JSONDecoder(parse_constant=_refuse)


def parse(text: str) -> tuple[Any, dict[Pointer, Place]]:
    r"""Parse a JSON document and remember where each of its values begins.

    Parameters
    ----------
    text
        The document.

    Returns
    -------
    tuple
        The value, and the place of every value in it by its pointer. A value in an object has the
        place of its key, which is what an editor should show.

    Raises
    ------
    JsonError
        For broken syntax, and for a key that stands twice in one object: the standard parser
        silently keeps the last of them.

    Examples
    --------
    >>> value, places = parse('{"a": [1,\n 2]}')
    >>> value, places[("a", 1)]
    ({'a': [1, 2]}, Place(line=2, column=2))
    """
    places: dict[Pointer, Place] = {}

    def place(at: int) -> Place:
        return Place(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))

    def skip(at: int) -> int:
        match = _SPACE.match(text, at)
        return match.end() if match else at

    def fail(message: str, at: int) -> JsonError:
        return JsonError(message, place(min(at, len(text))))

    def string(at: int) -> tuple[str, int]:
        try:
            value, end = scanstring(text, at + 1, True)
        except json.JSONDecodeError as error:
            raise fail(error.msg, error.pos) from None
        odd = _ODD.search(value)
        if odd:
            raise fail(f"U+{ord(odd[0]):04X} is no letter of a text", at)
        return value, end

    def read(at: int, pointer: Pointer) -> tuple[Any, int]:
        if len(pointer) > 100:
            raise fail("nested too deeply", at)
        places.setdefault(pointer, place(at))
        head = text[at : at + 1]
        if head == "{":
            return members(at, pointer)
        if head == "[":
            return items(at, pointer)
        if head == '"':
            return string(at)
        try:
            value, end = _SCALAR.raw_decode(text, at)
        except json.JSONDecodeError as error:
            raise fail(error.msg, error.pos) from None
        except ValueError as error:
            raise fail(str(error), at) from None
        return value, end

    def members(at: int, pointer: Pointer) -> tuple[dict[str, Any], int]:
        result: dict[str, Any] = {}
        at = skip(at + 1)
        if text[at : at + 1] == "}":
            return result, at + 1
        while True:
            if text[at : at + 1] != '"':
                raise fail("a key in double quotes is expected here", at)
            key, end = string(at)
            if key in result:
                raise fail(f'the key "{key}" stands twice in one object', at)
            places[(*pointer, key)] = place(at)
            end = skip(end)
            if text[end : end + 1] != ":":
                raise fail('":" is expected here', end)
            result[key], at = read(skip(end + 1), (*pointer, key))
            at = skip(at)
            if text[at : at + 1] == "}":
                return result, at + 1
            if text[at : at + 1] != ",":
                raise fail('"," or "}" is expected here', at)
            at = skip(at + 1)

    def items(at: int, pointer: Pointer) -> tuple[list[Any], int]:
        result: list[Any] = []
        at = skip(at + 1)
        if text[at : at + 1] == "]":
            return result, at + 1
        while True:
            value, at = read(at, (*pointer, len(result)))
            result.append(value)
            at = skip(at)
            if text[at : at + 1] == "]":
                return result, at + 1
            if text[at : at + 1] != ",":
                raise fail('"," or "]" is expected here', at)
            at = skip(at + 1)

    value, end = read(skip(0), ())
    end = skip(end)
    if end != len(text):
        raise fail("nothing may follow the document", end)
    return value, places


def nearest_place(places: Mapping[Pointer, Place], pointer: Pointer) -> Place:
    """Give the place of a value, or of the nearest value above it that has one."""
    while pointer and pointer not in places:
        pointer = pointer[:-1]
    return places.get(pointer, Place(1, 1))


def load(text: str) -> Any:
    """Parse a JSON document as :func:`parse` does, without places, and much faster.

    Raises
    ------
    JsonError
        As :func:`parse` does.
    """
    if "\\ud" in text.lower():
        return parse(text)[0]  # half a letter may stand there
    try:
        return json.loads(text, object_pairs_hook=_members, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return parse(text)[0]  # which says where


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a key stands twice")
    return members
