"""JSON with places: every value knows its line, and broken documents say where they break."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crink_events.places import JsonError, parse

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(JSON, st.sampled_from([None, 0, 2]))
def test_values_are_those_of_the_standard_parser(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    assert parse(text)[0] == value


@given(st.dictionaries(st.text(min_size=1), st.integers(), min_size=1, max_size=6))
def test_each_key_has_its_line(value: dict[str, int]) -> None:
    _, places = parse(json.dumps(value, indent=1))
    assert [places[(key,)].line for key in value] == list(range(2, len(value) + 2))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", (1, 1)),
        ("{", (1, 2)),
        ('{"a": 1,}', (1, 9)),
        ('{"a": 1\n "b": 2}', (2, 2)),
        ("[1, 2", (1, 6)),
        ("[1,\n oops]", (2, 2)),
        ('{"a": 1, "a": 2}', (1, 10)),
        ("{} {}", (1, 4)),
        ("[Infinity]", (1, 2)),
        ('{"a": "x\ny"}', (1, 9)),
    ],
)
def test_broken_documents_say_where(text: str, place: tuple[int, int]) -> None:
    with pytest.raises(JsonError) as caught:
        parse(text)
    assert tuple(caught.value.place) == place
