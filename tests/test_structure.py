"""The shape of the project: directions of imports, one version, metadata that is used."""

from __future__ import annotations

import ast
import csv
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from crink_events.contract import TYPES
from crink_events.descriptors import read_contract
from crink_events.rules import RULES
from tests.conftest import ROOT

PACKAGE = ROOT / "crink_events"

#: Rooms from left to right; a module imports only from rooms to its left, or from its own.
ROOMS = [
    {"forking", "kinds", "lists", "places", "roles", "texts"},
    {"damage", "report"},
    {"contract"},
    {"descriptors", "published"},
    {"reading"},
    {"layers", "rules"},
    {"validation", "formatting"},
    # What a report looks like, and to whom.
    {"faces", "touched"},
    # What `crink-events new` is made of.
    {"drafts", "known"},
    {"naming"},
    {"drafting"},
    {"twins", "appending"},
    {"evidence"},
    {"building"},
    {"extensions"},
    {"catalogue"},
    # The border: what stands here knows Parquet files, and of the curator's half only words.
    {"loading"},
    {"extras", "frames", "wording"},
    # What a researcher asks of the tables.
    {"cards", "citing", "timelines", "ledger"},
    {"counts"},
    {"panels", "networks", "votes", "figures"},
    {"asking"},
    {"cli_parts"},
    {"cli_new", "cli_panels"},
    {"cli"},
    {"entry"},
    {"__init__"},
]
#: Of the curator's half, the researcher's half may use these alone.
SHARED = {"report", "roles", "evidence"}
#: The researcher's half.
RESEARCH = set().union(*ROOMS[ROOMS.index({"loading"}) : ROOMS.index({"asking"})])
#: Rows that are not compiled yet must be checked and compiled on their way to a frame. Loading may
#: reach for the curator's half inside a function then, and only where ``extra`` is given.
ON_DEMAND = {"loading": {"extensions", "published"}}


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts)


def room(name: str) -> int:
    for number, rooms in enumerate(ROOMS):
        if name in rooms:
            return number
    raise AssertionError(f"{name} has no room")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            parts = node.module.split(".")
            if parts[0] == "crink_events":
                found |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == "crink_events" and len(parts) > 1:
                    found.add(parts[1])
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_lead_to_the_left(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    for name in imported(path):
        if own == "cli":
            assert room(name) < room("cli")
        elif own in RESEARCH:
            assert name == own or room(name) < room(own)
            allowed = SHARED | RESEARCH | ON_DEMAND.get(own, set())
            assert name in allowed, f"{own} reaches over the border to {name}"
        else:
            assert name == own or room(name) < room(own), f"{own} imports {name}"


def test_every_module_has_a_room() -> None:
    names = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in modules()}
    assert names == set().union(*ROOMS)


def test_importing_loads_neither_pandas_nor_pyarrow() -> None:
    code = (
        "import sys, crink_events; dir(crink_events);"
        "print(sorted({'pandas', 'pyarrow', 'numpy', 'click'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loading_the_release_leaves_the_curators_half_alone() -> None:
    code = (
        "import sys, crink_events as ce; ce.load_events(); ce.load('claims');"
        "print(sorted(n for n in sys.modules if n.startswith('crink_events.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['crink_events.loading']"


def test_command_line_starts_with_click_alone() -> None:
    code = (
        "import sys, crink_events.cli;"
        "print(sorted({'pandas', 'pyarrow', 'numpy', 'pandera', 'json'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_researchers_need_three_packages() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {entry.split(">")[0] for entry in project["dependencies"]}
    assert names == {"pandas", "pyarrow", "click"}


def test_one_version() -> None:
    import crink_events

    version = read_contract(ROOT).version
    assert crink_events.__version__ == version
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in cff
    assert f"\n## {version} " in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_every_table_makes_schemas() -> None:
    for table in read_contract(ROOT).tables.values():
        arrow = table.arrow_schema()
        assert arrow.names == list(table.field_names)
        assert all(field.metadata[b"description"] for field in arrow)
        assert list(table.pandera_schema().columns) == arrow.names
        for field in table.fields:
            assert field.pandas_dtype in {"category", *(t.pandas for t in TYPES.values())}


def test_enums_equal_the_codes() -> None:
    with (ROOT / "data" / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for vocabulary, enum in read_contract(ROOT).vocabularies.items():
        found = [row for row in rows if row["vocabulary"] == vocabulary]
        found.sort(key=lambda row: int(row["position"]))
        assert [row["code"] for row in found] == list(enum)


def test_ladder_equals_the_codes() -> None:
    from crink_events.evidence import LADDER

    with (ROOT / "data" / "codes.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["vocabulary"] == "evidence"]
    rows.sort(key=lambda row: int(row["position"]))
    assert [row["code"] for row in rows] == list(LADDER)


def test_pages_made_from_the_contract_are_up_to_date() -> None:
    script = ROOT / "scripts" / "docs"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_agreement_in_the_method_is_what_the_codings_say() -> None:
    script = ROOT / "scripts" / "agreement"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    method = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    for line in done.stdout.splitlines()[1:]:
        turn, variable, events, equal, *_, figure = line.split()
        row = f"| {turn} | `{variable}` | {events} | {equal} | {figure} |"
        assert row in method, row


def test_readme_counts_the_rows_as_they_are() -> None:
    import crink_events as ce

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    told = {
        name: int(n.replace(",", "")) for name, n in re.findall(r"\| `(\w+)` \| ([\d,]+) \|", text)
    }
    rows = ce.tables().set_index("table")["rows"].drop("spreads").to_dict()
    assert told == rows
    built = dict(re.findall(r"^(\w+)\.parquet +([\d,]+) rows", text, re.MULTILINE))
    del built["spreads"]
    assert {name: int(n.replace(",", "")) for name, n in built.items()} == rows


def test_readme_counts_the_evidence_as_it_is() -> None:
    import crink_events as ce

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    said = text[text.index("**Evidence is computed") :].split("\n- ")[0].replace("\n", " ")
    events = ce.load_events()
    assert f"Of {len(events):,} events" in said
    for code, count in events["evidence"].value_counts().items():
        assert re.search(rf"\b{count:,} [^,`]*`{code}`", said), (code, count)
    share = (events["n_publishers"] > 1).mean()
    assert f"{share:.0%} of the events rest on two".replace("%", " %") in text


def test_series_page_names_the_editions_that_are_recorded() -> None:
    """The years of each series are those of the data, and none of them is said to be missing."""
    text = (ROOT / "docs" / "series.md").read_text(encoding="utf-8")
    with (ROOT / "data" / "events.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    lines = re.findall(r"^\| `([\w-]+)` \| [^|]+ \| ([^|]*) \| ([^|]*) \|", text, re.MULTILINE)
    for series, held, missing in lines:
        years = Counter(row["start_date"][:4] for row in rows if row["series"] == series)
        told = re.findall(r"(\d{4})(?: \((\d+)\))?", held)
        assert {year: int(count or 1) for year, count in told} == dict(years), series
        gone = set(re.findall(r"(?:^|, )(\d{4})(?=,|$| )", missing))
        assert not gone & set(years), series
    drills = Counter(row["series"] for row in rows if row["act"] in ("exercise", "patrol"))
    named = {series for series, _, _ in lines}
    assert {name for name, count in drills.items() if name and count > 1} <= named


def test_leads_that_were_refused_have_a_reason() -> None:
    with (ROOT / "data" / "leads-refused.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    refs = [row["ref"] for row in rows]
    assert refs == sorted(set(refs))
    assert all(re.fullmatch(r"L\d{3}", ref) for ref in refs)
    assert all(row["reason"].strip() for row in rows)


def test_the_readme_counts_defects_and_rules() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    defects = len([path for path in (ROOT / "tests" / "bad").iterdir() if path.is_dir()])
    assert [int(n) for n in re.findall(r"(\d+) ways to break", text)] == [defects]
    assert [int(n) for n in re.findall(r"(\d+) rules of the codebook", text)] == [len(RULES)]
