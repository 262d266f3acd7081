"""Everything that is checked, in one list: kinds of issue and rules of the codebook."""

from __future__ import annotations

from typing import NamedTuple

from crink_events.extensions import KINDS as EXTENSION_KINDS
from crink_events.kinds import KINDS, WARNINGS
from crink_events.report import nearest
from crink_events.rules import RULES


class Entry(NamedTuple):
    """One thing that is checked.

    Attributes
    ----------
    id
        Name of the rule, as reports print it.
    severity
        ``error`` or ``warning``.
    where
        ``contract``, ``extensions``, or the table whose module of ``rules`` has it.
    why
        The reason.
    hint
        What to do about it; empty for kinds, which say it case by case.
    fails, passes
        An example of each; for a rule, as an edit of a valid package.
    """

    id: str
    severity: str
    where: str
    why: str
    hint: str
    fails: str
    passes: str


def entries() -> list[Entry]:
    """List all that is checked.

    Examples
    --------
    >>> entries()[0].id
    'package-error'
    """
    found = []
    for where, kinds in (("contract", KINDS), ("extensions", EXTENSION_KINDS)):
        for name, kind in kinds.items():
            warns = name in WARNINGS or (where == "extensions" and name != "extension-scope")
            severity = "warning" if warns else "error"
            found.append(Entry(name, severity, where, kind.why, "", kind.fails, kind.passes))
    for rule in RULES.values():
        where = rule.check.__module__.rsplit(".", 1)[-1]
        found.append(
            Entry(rule.id, rule.severity, where, rule.why, rule.hint, rule.fails, rule.passes)
        )
    return found


def entry(name: str) -> Entry:
    """Give one of them.

    Raises
    ------
    ValueError
        If there is none of this name; the message names the nearest.
    """
    known = {found.id: found for found in entries()}
    if name not in known:
        hint = nearest(name, known) or "see `crink-events rules`"
        raise ValueError(f'there is no rule "{name}"; {hint}')
    return known[name]


def text(found: Entry) -> str:
    """Say all about one of them."""
    lines = [
        f"{found.id} ({found.severity}, {found.where})",
        found.why,
        *([f"what to do: {found.hint}"] if found.hint else []),
        f"fails:  {found.fails}".replace("\n", "\n        "),
        f"passes: {found.passes}".replace("\n", "\n        "),
    ]
    return "\n".join(lines)
