"""Faults of every kind, one at a time: each is found at its line and column, without a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from crink_events.validation import validate
from tests.conftest import Bench

Edit = Callable[[Bench], object]


def text(file: str, old: str, new: str) -> Edit:
    return lambda b: b.replace(file, old, new)


def raw(file: str, change: Callable[[bytes], bytes]) -> Edit:
    def run(bench: Bench) -> None:
        path = bench.root / file
        path.write_bytes(change(path.read_bytes()))

    return run


def descriptor(file: str, change: Callable[[dict], object]) -> Edit:  # type: ignore[type-arg]
    def run(bench: Bench) -> None:
        path = bench.root / file
        value = json.loads(path.read_text(encoding="utf-8"))
        change(value)
        path.write_text(json.dumps(value, indent=2), encoding="utf-8")

    return run


def folder(bench: Bench) -> None:
    bench.path("links").unlink()
    bench.path("links").mkdir()


def unlinked(bench: Bench) -> None:
    bench.path("links").unlink()


EVENTS = "data/events.csv"
LINKS = "data/links.csv"
CLAIMS = "data/claims.csv"
INDEX = "datapackage.json"
SCHEMA = "schemas/links.json"
FIELDS = "schemas/quantities.json"
DRILL = "gulf-of-oman-drill-2024"

#: name: (how, file, line, column, rule); a column of None is not compared.
CSV_FAULTS: dict[str, tuple[Edit, str, int, str | None, str]] = {
    "missing file": (unlinked, LINKS, 0, "", "file-error"),
    "empty file": (raw(LINKS, lambda _: b""), LINKS, 1, "", "file-error"),
    "folder for a file": (
        folder,
        LINKS, 0, "", "file-error",
    ),
    "latin-1": (raw(LINKS, lambda d: d + b"caf\xe9,part_of,b,\n"), LINKS, 4, "", "encoding-error"),
    "utf-16": (raw(LINKS, lambda d: d.decode().encode("utf-16")), LINKS, 1, "", "encoding-error"),
    "byte order mark": (raw(LINKS, lambda d: b"\xef\xbb\xbf" + d), LINKS, 1, "", "byte-order-mark"),
    "carriage returns": (
        raw(LINKS, lambda d: d.replace(b"\n", b"\r\n")), LINKS, 1, "", "line-ending",
    ),
    "no last line end": (raw(LINKS, lambda d: d[:-1]), LINKS, 3, "", "line-ending"),
    "NUL": (text(LINKS, "part_of", "part\x00_of"), LINKS, 3, "relation", "control-character"),
    "zero width": (
        text(EVENTS, "Gulf of Oman", "Gulf\u200bof Oman"), EVENTS, 3, "place", "control-character",
    ),
    "right to left": (
        text(EVENTS, "Gulf of Oman", "Gulf\u202eof Oman"), EVENTS, 3, "place", "control-character",
    ),
    "not NFC": (
        text(EVENTS, "Gulf of Oman", "Gulf of Oma\u0301n"), EVENTS, 3, "place", "not-normalised",
    ),
    "leading blank": (text(LINKS, ",part_of", ", part_of"), LINKS, 3, "relation", "untrimmed"),
    "no-break space": (
        text(LINKS, ",part_of,", ",part_of\u00a0,"), LINKS, 3, "relation", "untrimmed",
    ),
    "header renamed": (text(LINKS, "relation", "relatoin"), LINKS, 1, "relatoin", "extra-label"),
    "header missing": (text(LINKS, "relation,", ""), LINKS, 1, "relation", "missing-label"),
    "header twice": (
        text(LINKS, "relation,", "relation,relation,"), LINKS, 1, "relation", "duplicate-label",
    ),
    "header reordered": (
        text(LINKS, "relation,to_event", "to_event,relation"),
        LINKS, 1, "to_event", "incorrect-label",
    ),
    "header blank": (text(LINKS, "relation,", ","), LINKS, 1, "", "extra-label"),
    "header in capitals": (text(LINKS, "relation", "Relation"), LINKS, 1, "Relation", "extra-label"),
    "cell too many": (text(LINKS, ",part_of", ",,part_of"), LINKS, 3, "", "extra-cell"),
    "cell too few": (text(LINKS, ",part_of", "part_of"), LINKS, 3, "note", "missing-cell"),
    "blank row": (raw(LINKS, lambda d: d + b"\n"), LINKS, 4, "", "blank-row"),
    "row of commas": (raw(LINKS, lambda d: d + b",,,\n"), LINKS, 4, "", "blank-row"),
    "stray quote": (text(LINKS, "rus-prk", '"rus-prk'), LINKS, 3, "", "quoting-error"),
    "quote after quote": (
        text(LINKS, "rus-prk-treaty-signed", '"rus"-prk-treaty-signed'),
        LINKS, 3, "", "quoting-error",
    ),
    "semicolons": (
        raw(LINKS, lambda d: d.replace(b",", b";")), LINKS, 1, None, "extra-label",
    ),
    "huge cell": (
        raw(LINKS, lambda d: d[:-1] + b"x" * 10_000_000 + b"\n"), LINKS, 3, "", "quoting-error",
    ),
    "no such day": (text(EVENTS, "2024-03-11", "2024-02-30"), EVENTS, 4, "start_date", "type-error"),
    "day of a spreadsheet": (
        text(EVENTS, "2024-03-11", "45362"), EVENTS, 4, "start_date", "type-error",
    ),
    "day the other way": (
        text(EVENTS, "2024-03-11", "11.03.2024"), EVENTS, 4, "start_date", "type-error",
    ),
    "month": (text(EVENTS, "2024-03-11", "2024-03"), EVENTS, 4, "start_date", "type-error"),
    "digits of another script": (
        text(EVENTS, "2024-03-11", "٢٠٢٤-03-11"), EVENTS, 4, "start_date", "type-error",
    ),
    "word for a number": (
        lambda b: b.edit("events", 3, latitude="51,7"), EVENTS, 5, "latitude", "type-error",
    ),
    "not a number": (
        lambda b: b.edit("events", 3, latitude="nan"), EVENTS, 5, "latitude", "type-error",
    ),
    "out of range": (
        lambda b: b.edit("events", 3, latitude="951.7", longitude="36.2"),
        EVENTS, 5, "latitude", "constraint-error",
    ),
    "decimal claim number": (
        lambda b: b.edit("claims", 0, claim_no="1.0"), CLAIMS, 2, "claim_no", "type-error",
    ),
    "claim number zero": (
        lambda b: b.edit("claims", 0, claim_no="0"), CLAIMS, 2, "claim_no", "constraint-error",
    ),
    "boolean in words": (
        lambda b: b.edit("agreements", 0, binding="yes"),
        "data/agreements.csv", 2, "binding", "type-error",
    ),
    "unknown code": (
        lambda b: b.edit("events", 2, act="exercize"), EVENTS, 4, "act", "constraint-error",
    ),
    "code in capitals": (
        lambda b: b.edit("events", 2, act="Exercise"), EVENTS, 4, "act", "constraint-error",
    ),
    "look-alike letter": (
        lambda b: b.edit("events", 2, act="ехercise"), EVENTS, 4, "act", "constraint-error",
    ),
    "required blank": (
        lambda b: b.edit("events", 2, act=""), EVENTS, 4, "act", "constraint-error",
    ),
    "title too long": (
        lambda b: b.edit("events", 2, title="x" * 101), EVENTS, 4, "title", "constraint-error",
    ),
    "three themes": (
        lambda b: b.edit("events", 2, themes="deterrence;manpower;connectivity"),
        EVENTS, 4, "themes", "constraint-error",
    ),
    "slug with capitals": (
        lambda b: b.edit("events", 2, series="Gulf Drills"), EVENTS, 4, "series", "constraint-error",
    ),
    "newline after a slug": (
        lambda b: b.edit("events", 2, series="gulf-drills\n"),
        EVENTS, 4, "series", "constraint-error",
    ),
    "address twice": (
        lambda b: b.edit("sources", 1, url=b.rows("sources")[0]["url"]),
        "data/sources.csv", 3, "url", "unique-error",
    ),
    "ftp address": (
        lambda b: b.edit("sources", 1, url="ftp://a.b/c"),
        "data/sources.csv", 3, "url", "constraint-error",
    ),
    "key twice": (
        lambda b: b.edit("claims", 1, claim_no="1"), CLAIMS, 3, "claim_no", "primary-key",
    ),
    "rows out of order": (
        lambda b: b.write("links", b.rows("links")[::-1]), LINKS, 3, "from_event", "row-order",
    ),
    "unknown event": (
        lambda b: b.edit("links", 1, to_event="rus-prk-summit-2042"),
        LINKS, 3, "to_event", "foreign-key",
    ),
    "unknown actor": (
        lambda b: b.edit("claims", 0, claimant_id="XYZ"), CLAIMS, 2, "claimant_id", "foreign-key",
    ),
    "unknown claim of an amount": (
        lambda b: b.edit("quantities", 0, claim_no="99"),
        "data/quantities.csv", 2, "claim_no", "foreign-key",
    ),
    "after a line break in a cell": (
        lambda b: (b.edit("events", 0, note="one\ntwo"), b.edit("events", 2, act="zzz")),
        EVENTS, 5, "act", "constraint-error",
    ),
    "after a line break in its own row": (
        lambda b: b.edit("events", 0, title="one\ntwo", act="zzz"),
        EVENTS, 3, "act", "constraint-error",
    ),
}  # fmt: skip


def _set(*path: str | int, to: object) -> Callable[[dict], object]:  # type: ignore[type-arg]
    def change(value: dict) -> None:  # type: ignore[type-arg]
        for part in path[:-1]:
            value = value[part]
        value[path[-1]] = to

    return change


def _pop(*path: str | int) -> Callable[[dict], object]:  # type: ignore[type-arg]
    def change(value: dict) -> None:  # type: ignore[type-arg]
        for part in path[:-1]:
            value = value[part]
        del value[path[-1]]

    return change


#: name: (how, file, text of the line that must be named)
CONTRACT_FAULTS: dict[str, tuple[Edit, str, str]] = {
    "not JSON": (text(SCHEMA, '"fields": [', '"fields": [,'), SCHEMA, '"fields": [,'),
    "cut off": (raw(SCHEMA, lambda d: d[:300]), SCHEMA, ""),
    "key twice": (
        text(SCHEMA, '"title": "From",', '"title": "From",\n"title": "Von",'), SCHEMA, "Von",
    ),
    "comment": (text(SCHEMA, '"title": "From",', '// "title": "From",'), SCHEMA, "//"),
    "NaN": (text(FIELDS, '"minimum": 1', '"minimum": NaN'), FIELDS, "NaN"),
    "unknown key of a field": (
        text(SCHEMA, '"title": "From"', '"titel": "From"'), SCHEMA, "titel",
    ),
    "unknown constraint": (
        text(FIELDS, '"minimum": 1', '"minimun": 1'), FIELDS, "minimun",
    ),
    "unknown key of the schema": (
        text(SCHEMA, '"primaryKey"', '"primaryKeys"'), SCHEMA, "primaryKeys",
    ),
    "unknown key of the package": (
        text(INDEX, '"version": ', '"versoin": '), INDEX, "versoin",
    ),
    "unknown key of a resource": (
        text(INDEX, '"mediatype": ', '"media": '), INDEX, '"media"',
    ),
    "unknown type": (text(SCHEMA, '"type": "string"', '"type": "strng"'), SCHEMA, "strng"),
    "type against the name": (
        descriptor(FIELDS, _set("fields", 11, "type", to="string")), FIELDS, '"type": "string"',
    ),
    "example of another type": (
        descriptor(FIELDS, _set("fields", 2, "example", to="one")), FIELDS, '"example": "one"',
    ),
    "example outside the enum": (
        text(SCHEMA, '"example": "part_of"', '"example": "part"'), SCHEMA, '"example": "part"',
    ),
    "enum without a used code": (text(SCHEMA, '"part_of", ', ""), SCHEMA, '"example": "part_of"'),
    "enum with a code twice": (
        text(SCHEMA, '"part_of", ', '"part_of", "part_of", '), SCHEMA, '"part_of", "part_of"',
    ),
    "enum that codes do not know": (
        text(SCHEMA, '"part_of", ', '"part_of", "zzz", '), SCHEMA, '"zzz"',
    ),
    "vocabulary without enum": (
        descriptor(SCHEMA, _pop("fields", 1, "constraints", "enum")), SCHEMA, "{",
    ),
    "pattern that is none": (
        descriptor(SCHEMA, _set("fields", 0, "constraints", "pattern", to="^([a-z$")),
        SCHEMA, "[a-z$",
    ),
    "pattern without anchors": (
        descriptor(SCHEMA, _set("fields", 0, "constraints", "pattern", to="a|b")),
        SCHEMA, "a|b",
    ),
    "required that is no boolean": (
        descriptor(SCHEMA, _set("fields", 0, "constraints", "required", to="yes")),
        SCHEMA, '"required": "yes"',
    ),
    "constraint of another type": (
        descriptor(SCHEMA, _set("fields", 0, "constraints", "minimum", to=1)),
        SCHEMA, '"minimum": 1',
    ),
    "field twice": (
        descriptor(SCHEMA, _set("fields", 3, "name", to="relation")), SCHEMA, '"name": "relation"',
    ),
    "field without description": (
        descriptor(SCHEMA, _pop("fields", 3, "description")), SCHEMA, "{",
    ),
    "blank title": (
        descriptor(SCHEMA, _set("fields", 3, "title", to=" ")), SCHEMA, '"title": " "',
    ),
    "primary key of no field": (
        descriptor(SCHEMA, _set("primaryKey", 1, to="relatoin")), SCHEMA, '"relatoin"',
    ),
    "primary key not required": (
        descriptor(SCHEMA, _pop("fields", 1, "constraints", "required")), SCHEMA, '"constraints"',
    ),
    "foreign key of no field": (
        descriptor(SCHEMA, _set("foreignKeys", 0, "fields", 0, to="from")), SCHEMA, '"from"',
    ),
    "foreign key to no table": (
        descriptor(SCHEMA, _set("foreignKeys", 0, "reference", "resource", to="event")),
        SCHEMA, '"resource": "event"',
    ),
    "foreign key to no key": (
        descriptor(SCHEMA, _set("foreignKeys", 0, "reference", "fields", 0, to="title")),
        SCHEMA, '"fields": [',
    ),
    "foreign key taken away": (
        descriptor("schemas/claims.json", _pop("foreignKeys", 0)),
        "schemas/claims.json", '"name": "event_id"',
    ),
    "missing values": (
        descriptor(SCHEMA, _set("missingValues", to=["", "NA"])), SCHEMA, '"missingValues"',
    ),
    "no dialect": (descriptor(INDEX, _pop("resources", 0, "dialect")), INDEX, "{"),
    "other delimiter": (
        descriptor(INDEX, _set("resources", 0, "dialect", "delimiter", to=";")),
        INDEX, '"delimiter": ";"',
    ),
    "no header": (
        descriptor(INDEX, _set("resources", 0, "dialect", "header", to=False)),
        INDEX, '"header": false',
    ),
    "other encoding": (
        descriptor(INDEX, _set("resources", 0, "encoding", to="latin-1")), INDEX, "latin-1",
    ),
    "path that leaves": (
        descriptor(INDEX, _set("resources", 0, "path", to="../events.csv")),
        INDEX, "../events.csv",
    ),
    "absolute path": (
        descriptor(INDEX, _set("resources", 0, "schema", to="/etc/passwd")), INDEX, "/etc/passwd",
    ),
    "schema that is not there": (
        descriptor(INDEX, _set("resources", 0, "schema", to="schemas/event.json")),
        INDEX, "schemas/event.json",
    ),
    "schema of another table": (
        descriptor(INDEX, _set("resources", 0, "schema", to="schemas/links.json")),
        INDEX, "schemas/links.json",
    ),
    "resource twice": (
        descriptor(INDEX, lambda v: v["resources"].append(v["resources"][5])),
        INDEX, '"name": "links"',
    ),
    "no resources": (
        descriptor(INDEX, _set("resources", to=[])), INDEX, '"resources": []',
    ),
    "resources that are no list": (
        descriptor(INDEX, _set("resources", to={})), INDEX, '"resources": {}',
    ),
    "old profile": (
        descriptor(INDEX, _set("$schema", to="https://datapackage.org/profiles/1.0/x.json")),
        INDEX, "profiles/1.0",
    ),
    "version that is none": (
        descriptor(INDEX, _set("version", to="next")), INDEX, '"version": "next"',
    ),
    "words that differ": (
        text(SCHEMA, '"title": "Links"', '"title": "Joints"'), SCHEMA, "Joints",
    ),
    "list without delimiter": (
        descriptor("schemas/claims.json", _pop("fields", 10, "delimiter")),
        "schemas/claims.json", "{",
    ),
    "list that refers to nothing": (
        descriptor(
            "schemas/claims.json", _set("fields", 10, "itemReference", "resource", to="source")
        ),
        "schemas/claims.json", '"itemReference"',
    ),
    "required taken away": (
        descriptor(FIELDS, _pop("fields", 3, "constraints", "required")), FIELDS, "    {",
    ),
    "pattern taken away": (
        descriptor(FIELDS, _pop("fields", 3, "constraints", "pattern")), FIELDS, "    {",
    ),
    "bound widened": (
        descriptor(FIELDS, _set("fields", 1, "constraints", "minimum", to=0)), FIELDS, "    {",
    ),
    "primary key shortened": (
        descriptor(FIELDS, _pop("primaryKey", 1)), FIELDS, '"primaryKey": [',
    ),
    "foreign keys emptied": (
        descriptor(SCHEMA, _set("foreignKeys", to=[])), SCHEMA, '"foreignKeys": []',
    ),
    "table taken away": (descriptor(INDEX, _pop("resources", 5)), INDEX, '"resources": ['),
    "deeply nested": (
        raw(SCHEMA, lambda _: b'{"a":' * 5000 + b"1" + b"}" * 5000), SCHEMA, "",
    ),
    "a list for the schema": (raw(SCHEMA, lambda _: b"[]"), SCHEMA, "[]"),
    "a number for a field": (
        descriptor(SCHEMA, _set("fields", 0, to=5)), SCHEMA, "5",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CSV_FAULTS)
def test_fault_in_a_table(name: str, bench: Bench) -> None:
    change, file, line, column, rule = CSV_FAULTS[name]
    change(bench)
    report = validate(bench.root, ["contract"])
    assert not report.valid
    places = [(i.file, i.line, i.rule) for i in report.issues]
    assert (file, line, rule) in places, "\n".join(map(str, report.issues))
    if column is not None:
        columns = [
            i.column for i in report.issues if (i.file, i.line, i.rule) == (file, line, rule)
        ]
        assert column in columns


@pytest.mark.parametrize("name", CONTRACT_FAULTS)
def test_fault_in_the_contract(name: str, bench: Bench) -> None:
    change, file, expected = CONTRACT_FAULTS[name]
    change(bench)
    report = validate(bench.root, ["contract"])
    assert not report.valid
    lines = (bench.root / file).read_text(encoding="utf-8").splitlines()
    named = [lines[issue.line - 1] for issue in report.issues if issue.file == file and issue.line]
    assert any(expected in line for line in named), "\n".join(map(str, report.issues))
    assert all(issue.column.isdigit() for issue in report.issues if issue.file.endswith(".json"))


#: Faults that the reference must see as well, under the same name and at the same place.
SEEN_BY_ALL = [
    "cell too many", "cell too few", "blank row", "no such day", "decimal claim number",
    "unknown code", "required blank", "title too long", "three themes", "out of range",
    "address twice", "key twice", "unknown event", "unknown claim of an amount",
    "after a line break in a cell",
]  # fmt: skip


@pytest.mark.parametrize("name", SEEN_BY_ALL)
def test_layers_agree_on_place_and_kind(name: str, bench: Bench) -> None:
    change, file, line, _, rule = CSV_FAULTS[name]
    change(bench)
    report = validate(bench.root)
    assert [i for i in report.issues if i.rule == "engine-error"] == []
    contract = validate(bench.root, ["contract"])
    kinds = {i.rule for i in contract.issues}
    # What the reference adds are consequences of the one fault, never another verdict.
    extra = [i for i in report.issues if i not in contract.issues and i.rule not in kinds]
    assert all(i.rule in ("primary-key", "foreign-key", "constraint-error") for i in extra)
    alone = _frictionless_alone(bench)
    assert (file, line, rule) in {(i.file, i.line, i.rule) for i in alone}, alone


def _frictionless_alone(bench: Bench) -> list:  # type: ignore[type-arg]
    from crink_events.descriptors import read_contract
    from crink_events.layers import frictionless
    from crink_events.validation import read_package

    package = read_contract(bench.root)
    tables, _ = read_package(package)
    return list(frictionless.check(package, tables))


@pytest.mark.parametrize(
    "name",
    ["unknown code", "required blank", "title too long", "three themes", "out of range",
     "address twice", "key twice", "claim number zero"],
)  # fmt: skip
def test_pandera_sees_it_alone(name: str, bench: Bench) -> None:
    from crink_events.descriptors import read_contract
    from crink_events.layers import pandera
    from crink_events.validation import read_package

    change, file, line, column, rule = CSV_FAULTS[name]
    change(bench)
    tables, _ = read_package(read_contract(bench.root))
    found = {(i.file, i.line, i.column, i.rule) for i in pandera.check(tables)}
    assert (file, line, column, rule) in found
