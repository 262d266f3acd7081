"""The contract engine and Frictionless, the reference, give one verdict on random packages.

A small package with random constraints is filled and then damaged at random. What both say of it
must be the same multiset of table, record, field and kind, but for the differences that are there
on purpose; each of those is shown below to be one, so that none goes stale.
"""

from __future__ import annotations

import csv
import io
import json
import random
import string
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crink_events.contract import Package
from crink_events.descriptors import PACKAGE_PROFILE, SCHEMA_PROFILE, read_contract
from crink_events.layers import contract, frictionless, shares
from crink_events.layers.certificate import Certificates
from crink_events.reading import Cells, read_cells
from crink_events.report import Issue

DIALECT = {
    "delimiter": ",",
    "header": True,
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminator": "\n",
}
#: Kinds that a Table Schema has; all others are the engine's own, which the reference cannot see.
COMMON = {
    "type-error", "constraint-error", "unique-error", "primary-key", "foreign-key",
    "extra-cell", "missing-cell", "blank-row",
}  # fmt: skip
Said = Counter[tuple[str, int, str, str]]


def schema(name: str, fields: list[dict[str, Any]], key: list[str], foreign: list[Any]) -> Any:
    return {
        "$schema": SCHEMA_PROFILE,
        "title": name,
        "description": name,
        "fields": [{"title": f["name"], "description": "-", **f} for f in fields],
        "missingValues": [""],
        "primaryKey": key,
        **({"foreignKeys": foreign} if foreign else {}),
    }


def write(root: Path, schemas: dict[str, Any], tables: dict[str, str]) -> None:
    for folder in ("data", "schemas"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    resources = []
    for name, one in schemas.items():
        (root / "schemas" / f"{name}.json").write_text(json.dumps(one))
        (root / "data" / f"{name}.csv").write_text(tables[name], encoding="utf-8", newline="")
        resources.append({
            "name": name, "path": f"data/{name}.csv", "type": "table", "title": name,
            "description": name, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "dialect": DIALECT, "schema": f"schemas/{name}.json",
        })  # fmt: skip
    (root / "datapackage.json").write_text(json.dumps({
        "$schema": PACKAGE_PROFILE, "name": "p", "title": "p", "description": "p",
        "version": "0.0.1", "created": "2026-01-01T00:00:00Z",
        "licenses": [{"name": "CC0", "path": "https://example.org", "title": "-"}],
        "resources": resources,
    }))  # fmt: skip


def field(rng: random.Random, name: str) -> dict[str, Any]:
    """Make a field of a random type with random constraints, and an example that they allow."""
    kind = rng.choice(["string", "code", "slug", "integer", "number", "date", "boolean", "list"])
    constraints: dict[str, Any] = {"required": True} if rng.random() < 0.4 else {}
    one: dict[str, Any] = {"name": name, "type": kind, "constraints": constraints}
    if kind == "code":
        one |= {"type": "string", "example": "red"}
        constraints["enum"] = ["red", "green", "blue"]
    elif kind == "slug":
        one |= {"type": "string", "example": "ab"}
        constraints["pattern"] = "^([a-z]+(-[a-z]+)*)$"
    elif kind == "string":
        one["example"] = "abc"
        if rng.random() < 0.5:
            constraints["minLength"] = rng.choice([1, 2])
        if rng.random() < 0.5:
            constraints["maxLength"] = rng.choice([3, 6])
        if rng.random() < 0.3:
            constraints["unique"] = True
    elif kind in ("integer", "number"):
        one["example"] = 5
        if rng.random() < 0.5:
            constraints["minimum"] = rng.choice([0, 1] if kind == "integer" else [0.1, 1])
        if rng.random() < 0.5:
            constraints["maximum"] = rng.choice([9, 100] if kind == "integer" else [9.5, 100])
        if rng.random() < 0.3:
            constraints["unique"] = True
    elif kind == "date":
        one["example"] = "2024-06-19"
    elif kind == "boolean":
        one["example"] = True
    else:
        one |= {"itemType": "string", "delimiter": ";", "example": "a;b"}
        if rng.random() < 0.5:
            constraints["maxLength"] = 2
    return one


def value(rng: random.Random, one: dict[str, Any]) -> str:
    constraints = one["constraints"]
    if not constraints.get("required") and rng.random() < 0.2:
        return ""
    if "enum" in constraints:
        return str(rng.choice(constraints["enum"]))
    kind = one["type"]
    if "pattern" in constraints or kind == "string":
        return "".join(rng.choices(string.ascii_lowercase, k=3))
    if kind in ("integer", "number"):
        return str(rng.randint(1, 9)) + (f".{rng.randint(0, 9)}" if kind == "number" else "")
    if kind == "date":
        return f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return rng.choice(["true", "false"]) if kind == "boolean" else rng.choice(["a", "a;b"])


ODD = [
    "", "x", "007", "-3", "+4", "1e3", "1.5", "0.1", "9.5", "100", "101", "2024-02-30", "2024-06",
    "true", "yes", "red", "Red", "purple", "abcdefghij", "a,b", 'say "a"', "two\nlines", "é",
    "a;b;c", "a-b", "zzz", "12345678901234567", "5", "00",
]  # fmt: skip


def random_package(rng: random.Random, root: Path) -> None:
    """Write three tables that refer to each other, and damage them."""
    parent: list[dict[str, Any]] = [
        {"name": "code", "type": "string", "example": "a", "constraints": {"required": True}},
        *(field(rng, f"p{n}") for n in range(rng.randint(1, 4))),
        {"name": "above", "type": "string", "example": "a"},
    ]
    number = {"required": True, "minimum": 1}
    child: list[dict[str, Any]] = [
        {"name": "of", "type": "string", "example": "a", "constraints": {"required": True}},
        {"name": "place", "type": "integer", "example": 1, "constraints": number},
        *(field(rng, f"c{n}") for n in range(rng.randint(1, 4))),
    ]
    leaf: list[dict[str, Any]] = [
        {"name": "word", "type": "string", "example": "a", "constraints": {"required": True}},
        {"name": "of", "type": "string", "example": "a"},
        {"name": "place", "type": "integer", "example": 1},
        *(field(rng, f"l{n}") for n in range(rng.randint(0, 3))),
    ]

    def to(resource: str, fields: list[str], keys: list[str]) -> dict[str, Any]:
        return {"fields": fields, "reference": {"resource": resource, "fields": keys}}

    schemas = {
        "parent": schema("parent", parent, ["code"], [to("", ["above"], ["code"])]),
        "child": schema("child", child, ["of", "place"], [to("parent", ["of"], ["code"])]),
        "leaf": schema("leaf", leaf, ["word"], [to("child", ["of", "place"], ["of", "place"])]),
    }
    codes = sorted({"".join(rng.choices("abcdef", k=2)) for _ in range(rng.randint(0, 8))})
    pairs = [(code, n) for code in codes for n in range(1, rng.randint(1, 3))]
    rows = {
        "parent": [
            [c, *(value(rng, f) for f in parent[1:-1]), rng.choice([*codes, ""])] for c in codes
        ],
        "child": [[c, str(n), *(value(rng, f) for f in child[2:])] for c, n in pairs],
        "leaf": [
            [f"w{n}", *map(str, rng.choice([*pairs, ("", "")])), *(value(rng, f) for f in leaf[3:])]
            for n in range(rng.randint(0, 6))
        ],
    }
    for _ in range(rng.randint(0, 4)):
        some = rows[rng.choice(list(rows))]
        if not some:
            continue
        at = rng.randrange(len(some))
        how = rng.random()
        if how < 0.7:
            if some[at]:
                some[at][rng.randrange(len(some[at]))] = rng.choice(ODD)
        elif how < 0.78:
            some.append(list(some[at]))
        elif how < 0.84:
            some[at].append(rng.choice(ODD))
        elif how < 0.9:
            some[at] = some[at][:-1]
        elif how < 0.95:
            del some[at]
        else:
            some[at] = rng.choice([[], [""] * len(some[at])])
    tables = {}
    for name, one in schemas.items():
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([f["name"] for f in one["fields"]])
        writer.writerows(rows[name])
        tables[name] = out.getvalue()
    write(root, schemas, tables)


def engine(package: Package) -> tuple[Said, set[str]]:
    """Say what the engine finds, as the reference would, and the tables of which it says anything."""
    tables: dict[str, Cells] = {}
    issues = []
    for name, table in package.tables.items():
        cells, found = read_cells(package, table)
        issues += found
        assert cells is not None
        tables[name] = cells
    issues += contract.check(tables, contract.keys_of(tables))
    names = {table.path: name for name, table in package.tables.items()}
    said: Said = Counter()
    for issue in issues:
        if issue.rule in COMMON and tables[names[issue.file]].starts:
            name = names[issue.file]
            starts = list(tables[name].starts)
            number = max(n for n, line in enumerate(starts, start=1) if line <= issue.line)
            column = "" if issue.rule in ("extra-cell", "blank-row") else issue.column
            said[name, number, column, issue.rule] += 1
    return said, {names[issue.file] for issue in issues}


def shapes(package: Package) -> list[Issue]:
    return [issue for table in package.tables.values() for issue in read_cells(package, table)[1]]


def reference(root: Path, package: Package) -> Said:
    """Say what the reference finds, without the consequences that the engine leaves out."""
    found = frictionless.run(root)
    assert not [error for error in found if error["type"] == "engine-error"], found
    shape: dict[tuple[str, int], str] = {}
    said: Said = Counter()
    for error in found:
        if error["type"] in ("blank-row", "extra-cell", "missing-cell"):
            shape.setdefault((error["table"], error["row"]), error["type"])
    for error in found:
        at = (error["table"], error["row"])
        if at in shape:  # of a row of the wrong shape the engine says that, once, and no more
            column = error["field"] if shape[at] == "missing-cell" else ""
            if error["type"] == shape[at] and not any(key[:2] == at for key in said):
                said[(*at, column, error["type"])] += 1
            continue
        column = error["field"]
        if error["type"] == "primary-key":
            column = package.tables[error["table"]].primary_key[-1]
        elif error["type"] == "foreign-key":
            column = error["fields"][-1]
        said[(*at, column, error["type"])] += 1
    return said


def certified(package: Package) -> set[str]:
    """Name the tables of which all is certain."""
    found = Certificates(package, package.tables)
    found.judge(lambda name, keys: found.columns(name, keys) if name in found.tables else None)
    found.borrow({name: set(parts) for name, parts in found.certain.items()})
    blank = {issue.file for issue in found.issues}
    return {
        name
        for name in found.tables
        if found.cells(name) is None and package.tables[name].path not in blank
    }


def compare(seed: int, root: Path) -> tuple[int, int]:
    """Compare one package; give how many tables are clean, and how many got a certificate."""
    random_package(random.Random(seed), root)
    package = read_contract(root)
    mine, touched = engine(package)
    # With certificates the same is said of every cell, in the same words.
    plain, bulk = shares.check(package, bulk=False), shares.check(package, bulk=True)
    assert sorted(plain.issues) == sorted(bulk.issues), f"seed {seed}"
    assert (plain.rows, plain.lost) == (bulk.rows, bulk.lost), f"seed {seed}"
    if any(issue.rule == "quoting-error" for issue in shapes(package)):
        return 0, 0  # a record of several lines and the wrong width: a stray quote, the engine says
    theirs = reference(root, package)
    assert mine == theirs, f"seed {seed}: {mine - theirs} | {theirs - mine}"
    sure = certified(package)
    assert not sure & {name for name, *_ in theirs}, f"seed {seed}: a false certificate"
    assert not sure & touched, f"seed {seed}: a false certificate"
    return len(package.tables.keys() - touched), len(sure)


def run(seeds: range, folder: Path) -> None:
    clean = sure = 0
    for seed in seeds:
        one, two = compare(seed, folder / str(seed))
        clean += one
        sure += two
    # A table that refers to one that pyarrow cannot read has no certificate, clean as it may be.
    assert sure > 0.6 * clean > 0


def test_parity(tmp_path: Path) -> None:
    run(range(100), tmp_path)


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_two_texts_of_one_value_are_not_unique(kind: str, tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "code", "type": "string", "example": "a", "constraints": {"required": True}},
        {"name": "x", "type": kind, "example": 5, "constraints": {"unique": True}},
    ]
    write(tmp_path, {"t": schema("t", fields, ["code"], [])}, {"t": "code,x\na,+4\nb,4\n"})
    package = read_contract(tmp_path)
    assert engine(package)[0] == reference(tmp_path, package) != Counter()
    assert not certified(package)


@pytest.mark.slow
def test_parity_of_3000(tmp_path: Path) -> None:
    run(range(1_000, 4_000), tmp_path)


#: Differences on purpose: a type, a cell that the engine refuses and the reference accepts, and why.
LOOSE: list[tuple[str, str, str]] = [
    ("date", "2024-3-5", "days and months have two digits"),
    ("date", "٢٠٢٤-06-19", "digits of other scripts sort elsewhere"),
    ("integer", "1_000", "underscores are for programs"),
    ("integer", " 5", "blanks around a value"),
    ("integer", "٥", "digits of other scripts"),
    ("integer", "9" * 20, "no column of 64 bits holds it"),
    ("number", "1_0.5", "underscores are for programs"),
    ("number", " 5.5", "blanks around a value"),
    ("number", "NaN", "NaN compares with nothing"),
    ("number", "Infinity", "an amount is finite"),
    ("boolean", "True", "booleans are written in one way"),
    ("boolean", "1", "booleans are written in one way"),
    ("pattern", "abc\n", "a line break at the end of a code is not seen"),
]


@pytest.mark.parametrize(("kind", "text", "why"), LOOSE)
def test_what_the_reference_reads_loosely(kind: str, text: str, why: str, tmp_path: Path) -> None:
    constraints = {"pattern": "^([a-z]+)$"} if kind == "pattern" else {}
    example = {"date": "2024-06-19", "boolean": True, "pattern": "abc"}.get(kind, 5)
    fields: list[dict[str, Any]] = [
        {"name": "code", "type": "string", "example": "a", "constraints": {"required": True}},
        {"name": "x", "type": "string" if kind == "pattern" else kind, "example": example,
         "constraints": constraints},
    ]  # fmt: skip
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([["code", "x"], ["a", text]])
    write(tmp_path, {"t": schema("t", fields, ["code"], [])}, {"t": out.getvalue()})
    package = read_contract(tmp_path)
    assert {kind for *_, kind in engine(package)[0]} <= {"type-error", "constraint-error"}
    assert engine(package)[0], why
    assert not reference(tmp_path, package), why
    assert not certified(package)


#: Differences on purpose: bytes that the engine refuses and the reference accepts, and why.
BYTES: dict[str, tuple[Callable[[str], bytes], str]] = {
    "byte-order-mark": (lambda t: b"\xef\xbb\xbf" + t.encode(), "it drops the mark"),
    "line-ending": (lambda t: t.replace("\n", "\r\n").encode(), "it reads any end of a line"),
    "quoting-error": (lambda t: t.replace("b1", '"b"1').encode(), "its reader guesses"),
    "row-order": (lambda t: t.replace("a1", "z1").encode(), "order is no constraint"),
    "untrimmed": (lambda t: t.replace("b1,x", "b1, x").encode(), "text is text"),
    "mojibake": (lambda t: t.replace("b1,x", "b1,cafÃ©").encode(), "text is text"),
}


@pytest.mark.parametrize("kind", BYTES)
def test_what_the_reference_does_not_look_at(kind: str, tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "code", "type": "string", "example": "a", "constraints": {"required": True}},
        {"name": "x", "type": "string", "example": "x"},
    ]
    write(tmp_path, {"t": schema("t", fields, ["code"], [])}, {"t": "code,x\na1,x\nb1,x\n"})
    change, why = BYTES[kind]
    path = tmp_path / "data" / "t.csv"
    path.write_bytes(change(path.read_text(encoding="utf-8")))
    package = read_contract(tmp_path)
    cells, issues = read_cells(package, package.tables["t"])
    assert cells is not None
    found = {
        i.rule for i in [*issues, *contract.check({"t": cells}, contract.keys_of({"t": cells}))]
    }
    assert found == {kind}
    assert not frictionless.run(tmp_path), why
    assert not certified(package)
