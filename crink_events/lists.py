"""Lists whose order says nothing: they are written sorted, so that equal lists are equal texts.

The standard library alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: The variables of which a coder writes a set.
SETS = frozenset({"participants", "roles", "stances"})
#: The list of each table whose order says nothing. In other lists what comes first may matter more.
_SORTED = {"agreements": "parties", "coverage": "languages", "codings": "value"}


def unsorted(table: str, columns: Mapping[str, Sequence[str]]) -> dict[int, tuple[str, str]]:
    """Give the lists of a table that are to be sorted and are not, by row.

    A list with blanks or an item twice is left alone: what its items are is not sure.

    Parameters
    ----------
    table
        Name of the table.
    columns
        Its cells as they stand in the file, by field.

    Returns
    -------
    dict
        The field, and the list as it should be.

    Examples
    --------
    >>> unsorted("agreements", {"parties": ["PRK;RUS", "RUS;PRK", "RUS; PRK"]})
    {1: ('parties', 'PRK;RUS')}
    """
    if table not in _SORTED:
        return {}
    field = _SORTED[table]
    found = {}
    for row, text in enumerate(columns[field]):
        if ";" not in text or (table == "codings" and columns["variable"][row] not in SETS):
            continue
        items = text.split(";")
        whole = all(item and item == item.strip() for item in items)
        if whole and len(set(items)) == len(items) and items != sorted(items):
            found[row] = field, ";".join(sorted(items))
    return found
