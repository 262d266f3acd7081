"""Rules about actors: what an id stands for, and to whom it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from crink_events.roles import PREDECESSORS
from crink_events.rules.registry import Data, Finding, has_cycle, rule
from crink_events.rules.states import COW, GW


@rule(
    "actor-parents",
    "actors",
    why="An actor cannot be a part of itself.",
    hint="mend `parent`",
    fails="actors UN: parent=UNSC",
    passes="actors UN: parent=",
)
def actor_parents(data: Data) -> Iterator[Finding]:
    edges = {
        actor: [parent] for _, actor, parent in data.rows("actors", "actor_id", "parent") if parent
    }
    cyclic = has_cycle(edges)
    for row, actor in data.rows("actors", "actor_id"):
        if actor in cyclic:
            yield Finding("actors", row, "parent", "the parents run in a circle")


def _a(kind: str | None) -> str:
    """Say a kind of actor with its article."""
    kind = kind or "actor without a kind"
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind.replace('_', ' ')}"


@rule(
    "actor-kind",
    "actors",
    why="The form of an id says what it stands for; curators pick by it.",
    hint="ISO code for a state, `RUS-MFA` style and a parent for an organ, a slug for a firm",
    fails="actors KOR-NIS: parent=",
    passes="actors gazprom: parent=",
)
def actor_kind(data: Data) -> Iterator[Finding]:
    fields = ("actor_id", "kind", "parent", "iso3")
    for row, actor, kind, parent, iso3 in data.rows("actors", *fields):
        if not actor:
            continue
        if kind in ("state", "territory") and iso3 != actor:
            yield Finding("actors", row, "iso3", f"the code of {_a(kind)} is its id, {actor}")
        elif kind == "organ" and parent is None:
            yield Finding("actors", row, "parent", "an organ has a parent")
        elif kind == "organ" and iso3 and not actor.startswith(f"{iso3}-"):
            yield Finding("actors", row, "actor_id", f"the id does not begin with {iso3}-")
        elif kind in ("firm", "ngo") and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", actor):
            yield Finding("actors", row, "actor_id", f"{_a(kind)} has a slug in small letters")


@rule(
    "state-codes",
    "actors",
    why="Panels merge by COW and GW numbers; only states have them.",
    hint="leave them blank for other actors",
    fails="actors gazprom: cow_code=365",
    passes="actors RUS: gw_code=",
)
def state_codes(data: Data) -> Iterator[Finding]:
    for row, kind, cow, gw in data.rows("actors", "kind", "cow_code", "gw_code"):
        for name, code in (("cow_code", cow), ("gw_code", gw)):
            if kind not in ("state", "territory") and code is not None:
                yield Finding("actors", row, name, f"{_a(kind)} has no `{name}`")


@rule(
    "state-number",
    "actors",
    why="A number that two states share merges their rows in every panel.",
    hint="look the number up; the Soviet Union and Russia alone share one",
    fails="actors CHN: cow_code=731",
    passes="actors SUN: cow_code=365",
)
def state_number(data: Data) -> Iterator[Finding]:
    fields = ("actor_id", "kind", "cow_code", "gw_code")
    seen: dict[tuple[str, int], str] = {}
    for row, actor, kind, cow, gw in data.rows("actors", *fields):
        if kind not in ("state", "territory"):
            continue
        for name, code, numbers in (("cow_code", cow, COW), ("gw_code", gw, GW)):
            if code is None or not actor:
                continue
            owner = PREDECESSORS.get(actor, actor)
            wanted = numbers.get(actor, code)
            if code != wanted:
                yield Finding("actors", row, name, f"{actor} has {wanted}, not {code}")
            elif (first := seen.setdefault((name, code), owner)) != owner:
                yield Finding("actors", row, name, f"{code} is the number of {first} already")


@rule(
    "parent-at-home",
    "actors",
    why="Claims of an organ are claims of the state at the top of its parents.",
    hint="name the parent in the same state",
    fails="actors KOR-NIS: parent=CHN",
    passes="actors UNSC: parent=UN",
)
def parent_at_home(data: Data) -> Iterator[Finding]:
    for row, actor, kind, iso3 in data.rows("actors", "actor_id", "kind", "iso3"):
        if kind not in ("organ", "firm") or not iso3:
            continue
        top, steps = actor, 0
        while (at := data.actors.get(top)) is not None and steps < 20:
            parent = data.value("actors", at, "parent")
            if parent is None:
                break
            top, steps = parent, steps + 1
        at = data.actors.get(top)
        if at is None or top == actor or data.value("actors", at, "kind") != "state":
            continue
        if PREDECESSORS.get(top, top) != PREDECESSORS.get(iso3, iso3):
            message = f"the parents lead to {top}, and `iso3` is {iso3}"
            yield Finding("actors", row, "parent", message)


@rule(
    "firm-owned",
    "actors",
    why="Only of firms is it asked whether a state owns them.",
    hint="leave `state_owned` blank",
    fails="actors KOR-NIS: state_owned=true",
    passes="actors gazprom: state_owned=false",
)
def firm_owned(data: Data) -> Iterator[Finding]:
    for row, kind, owned in data.rows("actors", "kind", "state_owned"):
        if kind != "firm" and owned is not None:
            yield Finding("actors", row, "state_owned", f"{_a(kind)} has no owner of that sort")


@rule(
    "actor-valid",
    "actors",
    why="An actor cannot end before it begins.",
    hint="mend the dates",
    fails="actors SUN: valid_from=1992-01-01",
    passes="actors SUN: valid_from=1922-12-30",
)
def actor_valid(data: Data) -> Iterator[Finding]:
    for row, start, end in data.rows("actors", "valid_from", "valid_to"):
        if start and end and end < start:
            yield Finding("actors", row, "valid_to", f"ends on {end}, begins on {start}")


@rule(
    "alias-of-one",
    "actors",
    why="An alias of two actors lets two curators pick different ones.",
    hint="keep it with the actor that it names",
    fails="actors gazprom: aliases=north korea",
    passes="actors gazprom: aliases=ПАО Газпром",
)
def alias_of_one(data: Data) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    ids = {actor.casefold(): actor for actor in data.actors if actor}
    for row, actor, name, aliases in data.rows("actors", "actor_id", "name", "aliases"):
        for alias in [name, *(aliases or [])]:
            if not alias:
                continue
            if alias.casefold() in ids and ids[alias.casefold()] != actor:
                message = f'"{alias}" is the id of another actor'
                yield Finding("actors", row, "aliases" if alias != name else "name", message)
                continue
            first = seen.setdefault(alias.casefold(), actor)
            if first != actor:
                message = f'"{alias}" names "{first}" already'
                yield Finding("actors", row, "aliases" if alias != name else "name", message)
        if name and name.casefold() in {alias.casefold() for alias in aliases or ()}:
            yield Finding("actors", row, "aliases", f'"{name}" is the name itself')


@rule(
    "state-numbered",
    "actors",
    why="A state without its number drops out of every merge with other data.",
    hint="fill in its number of the Correlates of War",
    severity="warning",
    fails="actors SGP: cow_code=",
    passes="actors VNM: gw_code=",
)
def state_numbered(data: Data) -> Iterator[Finding]:
    for row, actor, kind, cow in data.rows("actors", "actor_id", "kind", "cow_code"):
        if kind == "state" and cow is None and actor in COW:
            yield Finding("actors", row, "cow_code", f"{actor} has the number {COW[actor]}")
