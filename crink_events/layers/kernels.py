"""Arrow's kernels, without what makes them comfortable.

``pyarrow.compute`` gives each of its three hundred functions a wrapper with documentation, which
takes a third of the time that pyarrow needs to start. The kernels are called by name here; those
of a missing module are looked for in the public one.
"""

from __future__ import annotations

import struct
from typing import Any

import pyarrow as pa

try:
    from pyarrow import _compute as compute
except ImportError:
    from pyarrow import compute

_call = compute.call_function


def scalar(text: str) -> pa.StringScalar:
    """Give a text as Arrow knows it; `pa.scalar` would import pandas."""
    return text_of(pa.py_buffer(text.encode()))[0]


def text_of(data: pa.Buffer) -> pa.StringArray:
    """Give bytes as one text of Arrow, without a copy."""
    ends = struct.pack("<ii", 0, data.size)
    return pa.Array.from_buffers(pa.string(), 1, [None, pa.py_buffer(ends), data])


BLANK = scalar("")


def equal(one: Any, two: Any) -> Any:
    """Compare value by value."""
    return _call("equal", [one, two])


def less(one: Any, two: Any) -> Any:
    """Compare value by value."""
    return _call("less", [one, two])


def either(*masks: Any) -> Any:
    """Give where any of some masks holds."""
    found, *rest = masks
    for mask in rest:
        found = _call("or", [found, mask])
    return found


def both(one: Any, two: Any) -> Any:
    """Give where both masks hold."""
    return _call("and", [one, two])


def no(mask: Any) -> Any:
    """Give where a mask does not hold."""
    return _call("invert", [mask])


def every(mask: Any) -> bool:
    """Whether a mask holds everywhere; of nothing it does."""
    options = compute.ScalarAggregateOptions(min_count=0)
    return bool(_call("all", [mask], options).as_py())


def some(mask: Any) -> bool:
    """Whether a mask holds anywhere."""
    options = compute.ScalarAggregateOptions(min_count=0)
    return bool(_call("any", [mask], options).as_py())


def where(values: Any, mask: Any) -> Any:
    """Keep the values for which a mask holds."""
    return _call("filter", [values, mask])


def unique(values: Any) -> pa.Array:
    """Give the different values."""
    return _call("unique", [values])


def is_in(values: Any, known: Any) -> Any:
    """Give where a value is one of those that are known."""
    return _call("is_in", [values], compute.SetLookupOptions(value_set=known))


def matches(texts: Any, pattern: str) -> Any:
    """Give where RE2 finds a pattern."""
    options = compute.MatchSubstringOptions(pattern)
    return _call("match_substring_regex", [texts], options)


def contains(texts: Any, part: str) -> Any:
    """Give where a text has a part."""
    return _call("match_substring", [texts], compute.MatchSubstringOptions(part))


def is_ascii(texts: Any) -> Any:
    """Give where a text is in ASCII."""
    return _call("string_is_ascii", [texts])


def sizes(texts: Any) -> Any:
    """Give the bytes of each text."""
    return _call("binary_length", [texts])


def breaks(texts: Any) -> Any:
    """Count the line breaks of each text."""
    return _call("count_substring", [texts], compute.MatchSubstringOptions("\n"))


def span(values: Any) -> tuple[Any, Any]:
    """Give the least and the greatest value."""
    found = _call("min_max", [values])
    return found["min"].as_py(), found["max"].as_py()


def items(lists: Any, delimiter: str) -> Any:
    """Give the items of lists that are written as texts."""
    split = _call("split_pattern", [lists], compute.SplitPatternOptions(delimiter))
    return _call("list_flatten", [split])


def joined(columns: list[Any], separator: str) -> Any:
    """Give the texts of some columns as one, row by row."""
    return _call("binary_join_element_wise", [*columns, scalar(separator)])


def cast(values: Any, kind: pa.DataType) -> Any:
    """Read texts as values of another type."""
    return _call("cast", [values], compute.CastOptions(kind))
