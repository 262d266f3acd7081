"""Rules about codes: the vocabularies and the schemas say the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from crink_events.report import nearest
from crink_events.roles import ACT_ROLES
from crink_events.rules.registry import Data, Finding, rule


@rule(
    "code-in-schema",
    "codes",
    why="A code that no schema knows can never be used.",
    hint="add it to the enum of every field of the vocabulary, or remove it here",
    fails="+ codes: vocabulary=unit | code=zzz | position=19 | label=Z | definition=No unit.",
    passes="+ codes: vocabulary=zzz | code=zzz | position=1 | label=Z | definition=A word.",
)
def code_in_schema(data: Data) -> Iterator[Finding]:
    enums = data.package.vocabularies
    for row, vocabulary, code in data.rows("codes", "vocabulary", "code"):
        if vocabulary in enums and code not in enums[vocabulary]:
            yield Finding("codes", row, "code", f'no schema has "{code}" in {vocabulary}')


@rule(
    "code-positions",
    "codes",
    why="Positions order the categories of a vocabulary, as the schemas list them.",
    hint="number the codes of a vocabulary from 1, in the order of the enum",
    fails="codes about/content: position=60",
    passes="codes about/content: label=Words",
)
def code_positions(data: Data) -> Iterator[Finding]:
    enums = data.package.vocabularies
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row, vocabulary, code, position in data.rows("codes", "vocabulary", "code", "position"):
        if vocabulary and position is not None:
            found[vocabulary].append((position, row, code))
    for vocabulary, entries in found.items():
        wanted = {code: n for n, code in enumerate(enums.get(vocabulary, ()), start=1)}
        for number, (position, row, code) in enumerate(sorted(entries), start=1):
            expected = wanted.get(code, number)
            if position != expected:
                message = f'"{code}" is number {position} of {vocabulary} and must be {expected}'
                yield Finding("codes", row, "position", message)


@rule(
    "act-worked-out",
    "codes events",
    why="Each act is shown by a real event, and maps to the field's other ontologies.",
    hint="name an event with this act (or work one out in words), its PLOVER and CAMEO codes, and"
    " its default valence",
    fails="codes act/sign: example=rus-prk-summit-2024",
    passes="codes act/sign: example=rus-prk-treaty-signed",
)
def act_worked_out(data: Data) -> Iterator[Finding]:
    for act, row in data.codes("act").items():
        example = data.value("codes", row, "example")
        if example is None:
            yield Finding("codes", row, "example", f"`{act}` has no worked example")
        elif " " not in example:
            if example not in data.events:
                yield Finding("codes", row, "example", f'there is no event "{example}"')
            elif (of := data.value("events", data.events[example], "act")) != act:
                yield Finding("codes", row, "example", f'"{example}" is a `{of}`')
        if act != "vote" and data.value("codes", row, "default_valence") is None:
            yield Finding("codes", row, "default_valence", f"`{act}` has no default valence")
        note = data.value("codes", row, "note")
        for ontology in ("plover", "cameo"):
            if data.value("codes", row, ontology) is None and note is None:
                message = f"`{act}` has no {ontology} code, and `note` does not say why"
                yield Finding("codes", row, ontology, message)
        if act not in ACT_ROLES:
            yield Finding("codes", row, "code", f"the table of roles does not know `{act}`")


_PLOVER = """
    AGREE CONSULT SUPPORT COOPERATE AID YIELD CONCEDE RETREAT REQUEST ACCUSE REJECT THREATEN
    PROTEST SANCTION MOBILIZE COERCE ASSAULT
"""
#: Event types of PLOVER: the manual, draft 0.8, and CONCEDE, as later texts call YIELD.
PLOVER = frozenset(_PLOVER.split())


@rule(
    "plover-known",
    "codes",
    why="A crosswalk to a type that PLOVER does not have leads nowhere.",
    hint="the type in capitals, its mode behind a slash, several with `; ` between them",
    fails="codes act/meet: plover=CONSULTT/visit",
    passes="codes act/meet: plover=CONSULT/visit",
)
def plover_known(data: Data) -> Iterator[Finding]:
    for row, plover in data.rows("codes", "plover"):
        for item in (plover or "").split("; "):
            name = item.split("/")[0]
            if name and name not in PLOVER:
                message = f'PLOVER has no type "{name}"; {nearest(name, PLOVER)}'.rstrip("; ")
                yield Finding("codes", row, "plover", message)


@rule(
    "code-says-its-own",
    "codes",
    why="Two codes of one vocabulary that read alike cannot be told apart.",
    hint="write what this code means, and the other does not",
    fails="codes act/meet: label=Sign",
    passes="codes about/content: label=Sign",
)
def code_says_its_own(data: Data) -> Iterator[Finding]:
    for name in ("label", "definition"):
        seen: dict[tuple[str, str], str] = {}
        for row, vocabulary, code, text in data.rows("codes", "vocabulary", "code", name):
            # A label may serve in several vocabularies; a definition in none but its own.
            where = vocabulary if name == "label" else ""
            first = seen.setdefault((where, text), code) if text and code else code
            if first != code:
                yield Finding("codes", row, name, f'the {name} is that of "{first}"')
