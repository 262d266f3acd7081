"""The codebook's rules: what needs two columns, two rows, two tables or the world.

A rule about a table is in the module of that table's name. Importing this package registers all.
"""

from crink_events.rules import (
    actors,
    agreements,
    claims,
    codes,
    codings,
    coverage,
    events,
    links,
    participants,
    quantities,
    sources,
    values,
    words,
)
from crink_events.rules.registry import RULES, Data, Finding, Rule, run

__all__ = [
    "RULES",
    "Data",
    "Finding",
    "Rule",
    "actors",
    "agreements",
    "claims",
    "codes",
    "codings",
    "coverage",
    "events",
    "links",
    "participants",
    "quantities",
    "run",
    "sources",
    "values",
    "words",
]
