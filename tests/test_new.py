"""`crink-events new`: what it appends, what it refuses, and that it is all or nothing."""

from __future__ import annotations

import csv
import json
import re
import shlex
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from crink_events import appending, cli_new, twins
from crink_events.cli import main
from crink_events.descriptors import read_contract
from crink_events.drafting import numbered
from crink_events.drafts import DraftError, keys, read, scaffold, write
from crink_events.formatting import changes
from crink_events.known import Tables, actor, bare, complete
from crink_events.naming import propose_id
from crink_events.validation import validate
from tests.conftest import ROOT, Bench

NEW = "prk-rus-open-ferry-line-2025"
EVENT = [
    *("--title", "Russia and North Korea open a ferry line to Rason"),
    *("--summary", "A ferry sails from Vladivostok to Rason, the first of a weekly line."),
    *("--act", "proj", "--domain", "transp", "--status", "compl", "--start", "2025-08-05"),
    *("--date-anchor", "occ", "--place", "Rason", "--place-country", "North Korea"),
    *(
        "--geo-precision",
        "city",
        "--participant",
        "russia:host:RUS-MFA",
        "--participant",
        "prk:host",
    ),
]
CLAIM = [
    *("--claimant", "RUS-MFA", "--stance", "ass", "--basis", "own", "--public-on", "2025-08-06"),
    *("--url", "https://tass.com/economy/1234567", "--source-title", "Ferry line to Rason opened"),
    *("--published-on", "2025-08-06", "--language", "en", "--kind", "wire"),
]


def run(*arguments: str, answers: list[str] | None = None) -> Result:
    said = "".join(f"{answer}\n" for answer in answers or [])
    result = CliRunner().invoke(main, ["new", *arguments], input=said)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def event(bench: Bench, *more: str) -> Result:
    return run("event", str(bench.root), *EVENT, *CLAIM, *more)


def files(bench: Bench) -> dict[str, bytes]:
    """Give every byte below the folder, so that a stray temporary file is seen too."""
    return {
        str(path.relative_to(bench.root)): path.read_bytes()
        for path in sorted(bench.root.rglob("*"))
        if path.is_file()
    }


def lines(before: dict[str, bytes], bench: Bench) -> dict[str, list[str]]:
    """Give the lines that came, by file; a line that went is a failure."""
    came = {}
    for name, data in files(bench).items():
        old, new = before[name].decode().splitlines(), data.decode().splitlines()
        assert [line for line in new if line in set(old)] == old, name
        if added := [line for line in new if line not in set(old)]:
            came[name] = added
    return came


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli_new, "on_terminal", lambda: True)


# --------------------------------------------------------------------------- an event, by options


def test_event_by_options(bench: Bench) -> None:
    before = files(bench)
    result = event(bench)
    assert result.exit_code == 0, result.output
    source = [row for row in bench.rows("sources") if row["source_id"].startswith("tass-20250806-")]
    today = source[0]["read_on"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", today)
    assert lines(before, bench) == {
        "data/events.csv": [
            f"{NEW},Russia and North Korea open a ferry line to Rason,"
            '"A ferry sails from Vladivostok to Rason, the first of a weekly line.",project,'
            "transport,cooperation,completed,2025-08-05,2025-08-05,day,occurrence,Rason,PRK,,,city,"
            ",,,active,,"
        ],
        "data/participants.csv": [f"{NEW},PRK,host,,", f"{NEW},RUS,host,RUS-MFA,"],
        "data/sources.csv": [
            "tass-20250806-ferry,https://tass.com/economy/1234567,Ferry line to Rason opened,tass,"
            f"2025-08-06,en,wire,{today}"
        ],
        "data/claims.csv": [
            f"{NEW},1,RUS-MFA,asserts,occurrence,,2025-08-06,exact,own_act,tass-20250806-ferry,,,"
        ],
    }
    assert validate(bench.root).valid
    assert not any(change.diff for change in changes(bench.root)[0])
    assert "only tass carries it" in result.output  # a warning does not refuse
    assert f"next: crink-events build, then crink-events show {NEW}" in result.output


def test_missing_options_are_named_at_once(bench: Bench) -> None:
    before = files(bench)
    result = run("event", str(bench.root), "--title", "A title", "--participant", "RUS:host")
    assert result.exit_code == 2
    for flag in ("--summary", "--act", "--domain", "--status", "--start", "--date-anchor", "--url"):
        assert flag in result.output
    for flag in ("--participant", "--claimant", "--stance", "--basis", "--language", "--kind"):
        assert flag in result.output
    assert "--title" not in result.output
    assert files(bench) == before


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--act", "exercize"], '--act: "exercize" is not known; did you mean "exercise"?'),
        (["--act", "ex"], '--act: "ex" can be exercise or exit'),
        (["--start", "5 August"], '--start: "5 August" is no date: '),
        (["--participant", "RUS"], "is not written ACTOR:ROLE"),
        (["--claimant", "RUS-MFAA"], 'did you mean "RUS-MFA"?'),
        (["--place-country", "Atlantis"], "data/actors.csv"),
        (["--agreement", "rus-prk-csp-treaty-2042"], 'did you mean "rus-prk-csp-treaty-2024"?'),
        (["--link", "part_of:rus-prk-sumit-2024"], 'did you mean "rus-prk-summit-2024"?'),
        (["--link", "rus-prk-summit-2024"], "is not written RELATION:EVENT"),
        (["--not-twin", "rus-prk-sumit-2024"], 'did you mean "rus-prk-summit-2024"?'),
        (["--id", "rus-prk-summit-2024"], "crink-events new claim rus-prk-summit-2024"),
        (["--geo-precision", "", "--place", "Rason"], "missing: --geo-precision"),
        (["--end", "2025-08-07"], "missing: --date-precision"),
        (["--source", "tass-20250101-x", "--url", ""], "there is no source"),
    ],
)
def test_wrong_options(bench: Bench, options: list[str], words: str) -> None:
    before = files(bench)
    result = event(bench, *options)
    assert result.exit_code == 2
    assert words in result.output
    assert files(bench) == before


def test_invalid_is_refused_under_the_name_of_the_option(bench: Bench) -> None:
    before = files(bench)
    result = event(bench, "--public-on", "2025-01-01")
    assert result.exit_code == 1
    assert re.search(r"--public-on: data/claims.csv:\d+:public_on claim-not-early", result.output)
    assert "nothing is written" in result.output
    assert files(bench) == before


def test_errors_that_were_there_are_left_alone(bench: Bench) -> None:
    number = bench.number("claims", event_id="rus-prk-summit-2024", claim_no="1")
    bench.edit("claims", number, claimant_id="RUS-XYZ")
    assert validate(bench.root, ("contract", "rules")).errors == 1
    result = event(bench)
    assert result.exit_code == 0
    assert "1 error that the package had already" in result.output
    assert "RUS-XYZ" not in result.output
    assert validate(bench.root, ("contract", "rules")).errors == 1


def test_loose_tables_are_refused(bench: Bench) -> None:
    rows = bench.rows("claims")
    bench.write("claims", rows[::-1])
    before = files(bench)
    result = event(bench)
    assert result.exit_code == 1
    assert "run `crink-events fix` first" in result.output
    assert files(bench) == before


def test_dry_run(bench: Bench) -> None:
    before = files(bench)
    result = event(bench, "--dry-run")
    assert result.exit_code == 0
    assert f"  + {NEW},PRK,host,," in result.output
    assert "5 rows" in result.output
    assert "nothing is written" in result.output
    assert files(bench) == before


def test_json(bench: Bench) -> None:
    result = CliRunner().invoke(
        main, ["new", "event", str(bench.root), *EVENT, *CLAIM, "--format", "json"]
    )
    told = json.loads(result.stdout)
    assert (told["event_id"], told["written"]) == (NEW, True)
    assert told["rows"] == {"events": 1, "participants": 2, "sources": 1, "claims": 1}
    assert sorted(told["files"]) == [
        *("data/claims.csv", "data/events.csv", "data/participants.csv", "data/sources.csv")
    ]


def test_a_known_page_is_used_again(bench: Bench) -> None:
    before = files(bench)
    url = "http://www.eir.news/2024/03/news/russia-blocks-extension-of-mandate-of-panel-of-experts-on-north-korea-sanctions-committeee"
    result = event(bench, "--url", url)
    assert result.exit_code == 0, result.output
    assert '"eir-20240329-veto"; its row is kept as it is' in result.output
    assert "data/sources.csv" not in lines(before, bench)
    assert bench.rows("claims")[bench.number("claims", event_id=NEW)]["source_id"] == (
        "eir-20240329-veto"
    )


def test_a_new_publisher(bench: Bench) -> None:
    url = ["--url", "https://www.primorye-news.example.com/ferry"]
    result = event(bench, *url)
    assert result.exit_code == 2
    assert "missing: --publisher-name, --publisher-ownership, --publisher-country" in result.output
    more = ["--publisher-country", "Russia", "--publisher-ownership", "priv"]
    result = event(bench, *url, "--publisher-name", "Primorye News", *more)
    assert result.exit_code == 0, result.output
    row = bench.rows("publishers")[bench.number("publishers", publisher_id="primorye-news")]
    assert (row["country"], row["ownership"]) == ("RUS", "private")
    assert row["domains"] == "primorye-news.example.com"
    assert bench.number("sources", source_id="primorye-news-20250806-ferry") >= 0
    assert validate(bench.root, ("contract", "rules")).valid


def test_day_of_a_claim_follows_the_codebook(bench: Bench) -> None:
    assert event(bench, "--public-on", "").exit_code == 0
    row = bench.rows("claims")[bench.number("claims", event_id=NEW)]
    assert (row["public_on"], row["public_is"]) == ("2025-08-06", "latest")


# --------------------------------------------------------------------------- twins


def test_a_twin_is_refused_and_can_be_told_apart(bench: Bench) -> None:
    assert event(bench).exit_code == 0
    before = files(bench)
    again = [
        "--title",
        "Ferry service begins",
        "--start",
        "2025-08-07",
        "--public-on",
        "2025-08-08",
    ]
    again += ["--url", "https://tass.com/economy/1234568", "--published-on", "2025-08-08"]
    result = event(bench, *again)
    assert result.exit_code == 1
    assert f"  {NEW}  2025-08-05  project  PRK:host RUS:host" in result.output
    assert "Russia and North Korea open a ferry line to Rason" in result.output
    assert "2 days apart" in result.output
    assert files(bench) == before
    assert event(bench, *again, "--not-twin", NEW).exit_code == 0
    assert validate(bench.root, ("contract", "rules")).valid


def test_a_link_tells_apart(bench: Bench) -> None:
    assert event(bench).exit_code == 0
    again = ["--title", "Second ferry", "--start", "2025-08-06", "--link", f"follows_from:{NEW}"]
    result = event(bench, *again)
    assert result.exit_code == 0, result.output
    assert bench.number("links", relation="follows_from", to_event=NEW) >= 0


@pytest.mark.parametrize(
    "other",
    [
        ["--act", "meet", "--title", "Ministers talk about ferries"],  # another act
        ["--start", "2025-09-20", "--title", "A second line opens"],  # another month
        ["--participant", "CHN:host", "--participant", "IRN:host", "--title", "A bridge"],
    ],
)
def test_plainly_different_events_are_no_twins(bench: Bench, other: list[str]) -> None:
    assert event(bench).exit_code == 0
    more = ["--public-on", "2025-09-21", "--published-on", "2025-09-21", "--dry-run"]
    result = event(bench, "--url", "https://tass.com/economy/1234568", *more, *other)
    assert "It may be recorded already" not in result.output
    assert result.exit_code == 0, result.output


def test_twins_in_the_dataset_are_few() -> None:
    tables = Tables.read(read_contract(ROOT))
    met = 0
    for row in tables.rows["events"]:
        if row["record_status"] != "active":
            continue
        cast = tables.of_event("participants", row["event_id"])
        ids = [twin.event["event_id"] for twin in twins.find(row, cast, tables)]
        assert row["event_id"] in ids  # itself, drafted again
        met += len(ids) > 1
    assert met < 0.1 * len(tables.rows["events"])


# --------------------------------------------------------------------------- all or nothing


@pytest.mark.parametrize("fault", [OSError("disk is full"), KeyboardInterrupt()])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_failed_renaming_restores_all(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, number: int, fault: BaseException
) -> None:
    before = files(bench)
    replace, calls = Path.replace, []

    def fail(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == number:
            raise fault
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail)
    result = event(bench)
    assert result.exit_code == 1
    assert len(calls) == number + number - 1  # those that were replaced are put back
    assert files(bench) == before


def test_a_change_meanwhile_is_not_lost(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all = appending.write

    def edited(root: Path, proposal: appending.Proposal) -> None:
        bench.replace("data/events.csv", "Putin visits", "Putin  visits")
        write_all(root, proposal)

    monkeypatch.setattr(appending, "write", edited)
    result = event(bench)
    assert result.exit_code == 1
    assert "data/events.csv was changed meanwhile" in result.output
    assert "Putin  visits" in bench.path("events").read_text()
    assert NEW not in bench.path("participants").read_text()


# --------------------------------------------------------------------------- drafts

DRAFT = """
[event]
title = "Russia and North Korea open a ferry line to Rason"
summary = "A ferry sails from Vladivostok to Rason."
act = "project"
domain = "transport"
status = "completed"
start_date = 2025-08-05
date_anchor = "occurrence"
themes = ["connect"]

[[participants]]
actor_id = "Russia"
role = "host"
via = ["RUS-MFA"]

[[participants]]
actor_id = "PRK"
role = "host"

[[claims]]
claimant_id = "PRESS"
stance = "asserts"
about = "quantity"
basis = "reporting"
public_on = 2025-08-09
also_in = ["tass-20240617-ushakov"]
[claims.source]
url = "https://www.nknews.org/ferry"
language = "en"
kind = "newspaper"

[[claims]]
claimant_id = "RUS-MFA"
stance = "asserts"
basis = "own_act"
public_on = 2025-08-06
[claims.source]
url = "https://tass.com/economy/1234567"
title = "Ferry line"
published_on = 2025-08-06
language = "en"
kind = "wire"
[[claims.also_in]]
url = "https://www.nknews.org/ferry"

[[quantities]]
claim_no = 1
item = "passengers"
measure = "personnel"
best = 150.0
unit = "person"
bound = "approx"
aggregation = "this_event"

[[links]]
relation = "follows_from"
to_event = "rus-prk-summit-2024"
"""


def draft(bench: Bench, text: str, *more: str) -> Result:
    path = bench.root.parent / f"{bench.root.name}-draft.toml"
    path.write_text(text, encoding="utf-8")
    return run("event", str(bench.root), "--from", str(path), *more)


def test_event_from_a_draft(bench: Bench) -> None:
    before = files(bench)
    result = draft(bench, DRAFT, "--status", "partial")
    assert result.exit_code == 0, result.output
    came = lines(before, bench)
    first, second = came["data/claims.csv"]
    assert first.startswith(f"{NEW},1,RUS-MFA,")
    assert first.endswith("tass-20250806-ferry,nk-news-undated-ferry,,")
    assert second.startswith(f"{NEW},2,PRESS,")
    assert "nk-news-undated-ferry,tass-20240617-ushakov" in second
    # The amount follows its claim, which is the second by its day.
    assert came["data/quantities.csv"] == [
        f"{NEW},1,2,passengers,personnel,,150.0,,person,approx,this_event,,,"
    ]
    assert came["data/links.csv"] == [f"{NEW},follows_from,rus-prk-summit-2024,"]
    row = bench.rows("events")[bench.number("events", event_id=NEW)]
    assert (row["status"], row["themes"], row["geo_precision"]) == (
        "partial",
        "connectivity",
        "none",
    )
    assert len(came["data/sources.csv"]) == 2
    assert validate(bench.root).valid


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("act =", "actt =", '[event]: there is no key "actt"; did you mean "act"?'),
        ("[[links]]", "[[link]]", 'there is no key "link"; did you mean "links"?'),
        ("[[links]]", "[links]", "write [[links]] with two brackets"),
        ("language =", "langauge =", '[[claims]] 1, source: there is no key "langauge"'),
        ("claim_no = 1", "claim_no = 3", "is no claim of this draft, which has 2"),
        ("claim_no = 1", "", "[[quantities]] 1 claim_no"),
        ("2025-08-05", "2025-08-05T10:00:00", "start_date: this must be a text"),
        ("2025-08-05", "2025-08-55", "is no TOML"),
        ('role = "host"', 'role = "hostess"', 'did you mean "host"?'),
        ("to_event", "from_event", "link-direction"),
        ('"rus-prk-summit-2024"', '"x"\nfrom_event = "y"', "one end of a link is the new event"),
        ("150.0", '"many"', '[[quantities]] 1 best: "many" is no number'),
    ],
)
def test_wrong_drafts(bench: Bench, old: str, new: str, words: str) -> None:
    before = files(bench)
    assert old in DRAFT
    result = draft(bench, DRAFT.replace(old, new, 1))
    assert result.exit_code in (1, 2)
    assert words in result.output
    assert files(bench) == before


def test_a_draft_that_is_no_text(bench: Bench) -> None:
    path = bench.root.parent / f"{bench.root.name}-draft.toml"
    path.write_bytes(b"\xff\xfe\x00")
    result = run("event", str(bench.root), "--from", str(path))
    assert (result.exit_code, "is no TOML" in result.output) == (2, True)


@pytest.mark.parametrize("claims_only", [False, True])
def test_scaffold_is_a_draft(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, claims_only: bool
) -> None:
    package = read_contract(bench.root)
    arguments = ["claim"] if claims_only else ["event", str(bench.root)]
    text = scaffold(package, claims_only)
    monkeypatch.chdir(bench.root)
    assert run(*arguments, "--scaffold").output == text
    assert read(text.encode(), "draft.toml", package, claims_only).claims
    # Every key and section that is commented out is known too.
    opened = re.sub(r"(?m)^# (?=\w+ = |\[\[)", "", text)
    whole = tomllib.loads(opened)
    assert read(opened.encode(), "draft.toml", package, claims_only)
    assert set(whole["claims"][0]["source"]) == set(keys(package, "sources"))


def test_a_draft_is_written_as_it_is_read(bench: Bench) -> None:
    package = read_contract(bench.root)
    first = read(DRAFT.encode(), "draft.toml", package)
    again = read(write(first).encode(), "draft.toml", package)
    assert write(again) == write(first)
    assert again.claims[0].also[0].values == {"source_id": "tass-20240617-ushakov"}


def test_claims_draft_has_no_event(bench: Bench) -> None:
    package = read_contract(bench.root)
    with pytest.raises(DraftError, match='there is no key "event"'):
        read(DRAFT.encode(), "draft.toml", package, claims_only=True)


# --------------------------------------------------------------------------- a claim

OLD = "prk-sappers-builders-russia-2025"


def test_a_claim_between_others_moves_their_amounts(bench: Bench) -> None:
    amounts = {
        row["quantity_no"]: row["claim_no"]
        for row in bench.rows("quantities")
        if row["event_id"] == OLD
    }
    claims = [row for row in bench.rows("claims") if row["event_id"] == OLD]
    late = [row["claim_no"] for row in claims if row["public_on"] > "2025-10-21"]
    said = ["--claimant", "PRESS", "--stance", "qualifies", "--basis", "reporting"]
    said += ["--public-on", "2025-10-21", "--source", "tass-20251021-khinshtein"]
    result = run("claim", OLD, str(bench.root), *said)
    assert result.exit_code == 0, result.output
    after = [row for row in bench.rows("claims") if row["event_id"] == OLD]
    assert [row["claim_no"] for row in after] == [str(n + 1) for n in range(len(claims) + 1)]
    # On one day it comes after those that are there.
    assert after[4]["claimant_id"] == "PRESS"
    moved = {
        row["quantity_no"]: row["claim_no"]
        for row in bench.rows("quantities")
        if row["event_id"] == OLD
    }
    assert moved == {q: str(int(c) + (c in late)) for q, c in amounts.items()}
    assert moved != amounts
    assert validate(bench.root, ("contract", "rules")).valid


def test_an_old_error_stays_old_under_a_new_number(bench: Bench) -> None:
    number = bench.number("claims", event_id=OLD, claim_no="9")
    bench.edit("claims", number, claimant_id="KOR-XYZ")
    said = ["--claimant", "PRESS", "--stance", "qualifies", "--basis", "reporting"]
    said += ["--public-on", "2025-10-21", "--source", "tass-20251021-khinshtein"]
    result = run("claim", OLD, str(bench.root), *said)
    assert result.exit_code == 0, result.output
    assert bench.number("claims", event_id=OLD, claim_no="10", claimant_id="KOR-XYZ") >= 0


def test_the_last_claim_moves_nothing(bench: Bench) -> None:
    before = files(bench)
    result = run("claim", "rus-prk-summit-2024", str(bench.root), *CLAIM)
    assert result.exit_code == 0, result.output
    came = lines(before, bench)
    assert list(came) == ["data/claims.csv", "data/sources.csv"]
    assert came["data/claims.csv"][0].startswith("rus-prk-summit-2024,6,RUS-MFA,")


def test_claims_from_a_draft_number_their_amounts_on(bench: Bench, tmp_path: Path) -> None:
    text = DRAFT[DRAFT.index("[[claims]]") : DRAFT.index("[[links]]")]
    path = tmp_path / "claims.toml"
    path.write_text(text, encoding="utf-8")
    result = run("claim", OLD, str(bench.root), "--from", str(path))
    assert result.exit_code == 0, result.output
    amounts = [row for row in bench.rows("quantities") if row["event_id"] == OLD]
    new = next(row for row in amounts if row["item"] == "passengers")
    assert new["quantity_no"] == str(len(amounts))
    claims = {row["claim_no"]: row for row in bench.rows("claims") if row["event_id"] == OLD}
    assert claims[new["claim_no"]]["public_on"] == "2025-08-09"
    assert validate(bench.root, ("contract", "rules")).valid


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name the event"),
        (["rus-prk-sumit-2024", ".", *CLAIM], 'did you mean "rus-prk-summit-2024"?'),
        (["rus-prk-summit-2024"], "missing: --url"),
    ],
)
def test_wrong_claims(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(bench.root)
    result = run("claim", *arguments)
    assert (result.exit_code, words in result.output) == (2, True)


# --------------------------------------------------------------------------- questions

ANSWERS = [
    *("Russia and North Korea open a ferry line to Rason", "pro", "project", "2025-08-05", ""),
    *("russia:host:RUS-MFA", "prk:signatory", "prk:host", "", "A ferry sails.", "?", "transp"),
    *("compl", "occ", "Rason", "city", "PRK"),
    *("https://tass.com/economy/1234567", "Ferry line", "2025-08-06", "", "", "RUS-MFA", "ass"),
    *("2025-08-06", "own", "https://www.nknews.org/ferry", "", "", "", "newsp", "", "n"),
]


@pytest.mark.usefixtures("terminal")
def test_questions(bench: Bench) -> None:
    result = run("event", str(bench.root), answers=[*ANSWERS, "", "y"])
    assert result.exit_code == 0, result.output
    assert '"pro" can be' in result.output
    assert "gives a role that project does not have" in result.output
    assert "transport" in result.output  # the codes that `?` lists
    assert f"Id of the event [{NEW}]" in result.output
    row = bench.rows("claims")[bench.number("claims", event_id=NEW)]
    assert row["source_id"] == "tass-20250806-ferry"
    assert row["also_in"] == "nk-news-undated-ferry"
    assert validate(bench.root, ("contract", "rules")).valid


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("answers", [[*ANSWERS, "", "n"], ANSWERS[:-3], ANSWERS[:3]])
def test_stopping_writes_nothing_and_keeps_what_was_typed(bench: Bench, answers: list[str]) -> None:
    before = files(bench)
    result = run("event", str(bench.root), answers=answers)
    assert result.exit_code == 1
    assert files(bench) == before
    typed = result.output.split("as a draft for --from:")[1].split("Aborted!")[0]
    assert tomllib.loads(typed)["event"]["act"] == "project"


@pytest.mark.usefixtures("terminal")
def test_another_id_can_be_chosen(bench: Bench) -> None:
    chosen = ["rus-prk-summit-2024", "No Slug", "rason-ferry-2025", "y"]
    result = run("event", str(bench.root), *EVENT, *CLAIM, answers=chosen)
    assert result.exit_code == 0, result.output
    assert "is the id of an event that is there" in result.output
    assert "does not match" in result.output
    assert bench.number("events", event_id="rason-ferry-2025") >= 0


@pytest.mark.usefixtures("terminal")
def test_a_twin_is_shown_before_the_rest_is_asked(bench: Bench) -> None:
    assert event(bench, "--yes").exit_code == 0
    before = files(bench)
    result = run("event", str(bench.root), answers=[*ANSWERS[:9], "n"])
    assert result.exit_code == 1
    assert "Is yours another event?" in result.output
    assert f"crink-events new claim {NEW}" in result.output
    assert "Summary" not in result.output
    assert files(bench) == before
    answers = [*ANSWERS[:9], "y", *ANSWERS[9:], "", "y"]
    answers = [a.replace("1234567", "1234568") for a in answers]
    result = run("event", str(bench.root), answers=answers)
    assert result.exit_code == 0, result.output
    assert result.output.count("Is yours another event?") == 1
    assert bench.number("events", event_id=f"{NEW}-08") >= 0


@pytest.mark.usefixtures("terminal")
def test_a_claim_by_questions(bench: Bench) -> None:
    answers = ["https://tass.com/economy/1234567", "Kim on the visit", "", "", "", "PRK", "ass"]
    answers += ["a good visit", "2025-08-06", "own", "", "n", "y"]
    known = ["--about", "content"]
    result = run("claim", "rus-prk-summit-2024", str(bench.root), *known, answers=answers)
    assert result.exit_code == 0, result.output
    row = bench.rows("claims")[bench.number("claims", event_id="rus-prk-summit-2024", claim_no="6")]
    assert (row["about"], row["value"]) == ("content", "a good visit")


# --------------------------------------------------------------------------- parts


def test_help_of_all_imports_no_part_of_it() -> None:
    code = (
        "import sys; from crink_events.cli import main; main(['--help'], standalone_mode=False);"
        "print(sorted({'crink_events.cli_new', 'tomllib', 'json', 'csv'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "new " in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_guide_is_true_to_the_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    block = textwrap.dedent(re.search(r"(?ms)^ *```\n(.*?)^ *```", text)[1])  # type: ignore[index]
    command, output = block.split("--yes\n")
    words = shlex.split(command.removeprefix("$ crink-events new ").replace("\\\n", " "))
    monkeypatch.chdir(ROOT)
    # The dataset itself: `--dry-run` keeps it as it is, should the twin be missed.
    assert run(*words, "--yes", "--dry-run").output == output


def test_the_shell_completes_codes_and_ids(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from click.shell_completion import ShellComplete

    shell = ShellComplete(main, {}, "crink-events", "_CRINK_EVENTS_COMPLETE")
    root = str(bench.root)

    def offered(*words: str) -> list[str]:
        *arguments, last = words
        return [item.value for item in shell.get_completions(list(arguments), last)]

    assert offered("new", "event", root, "--act", "exe") == ["exercise"]
    assert offered("new", "event", root, "--claimant", "rus-m") == ["RUS-MFA", "RUS-MOD"]
    assert offered("new", "event", root, "--publisher-ownership", "sta") == ["state"]
    monkeypatch.chdir(bench.root)
    assert offered("new", "claim", "rus-prk-s") == ["rus-prk-summit-2024"]
    assert offered("new", "event", "--not-twin", "gulf") == [
        *("gulf-of-oman-drill-2023", "gulf-of-oman-drill-2024")
    ]
    monkeypatch.chdir(bench.root / "data")
    assert offered("new", "event", "--act", "exe") == []


def test_codes_and_actors_are_completed(bench: Bench) -> None:
    tables = Tables.read(read_contract(bench.root))
    assert complete("under way", ["under_way", "unknown"]) == "under_way"
    assert complete("exit", ["exit", "exited"]) == "exit"
    for word in ("RUS-PRES", "rus-pres", "Kremlin", "President of Russia", "Кремль"):
        assert actor(tables, word) == "RUS-PRES"
    for word in ("r", "RU"):
        with pytest.raises(ValueError, match="too short"):
            actor(tables, word)


def test_claims_are_numbered_by_day() -> None:
    there = [(1, "2024-01-02"), (2, "2024-01-02"), (3, "2024-02-01")]
    assert numbered(there, ["2024-01-02", "2023-12-31", "2024-03-01"]) == (
        {1: 2, 2: 3, 3: 5},
        [4, 1, 6],
    )


def test_ids_are_unlike_those_that_are_there(bench: Bench) -> None:
    tables = Tables.read(read_contract(bench.root))
    cast = [{"actor_id": "RUS", "role": "supplier"}, {"actor_id": "CHN", "role": "recipient"}]
    title = "Russia delivers “Ürümqi” — class: 12 boats to China's navy"
    assert propose_id(tables, title, "transfer", "2024-05-06", cast) == (
        "rus-chn-delivers-urumqi-class-2024"
    )
    events = [row | {"event_id": "rus-chn-transfer-2024"} for row in tables.rows["events"][:1]]
    more = Tables(tables.package, {**tables.rows, "events": events})
    assert propose_id(more, "Russia, China", "transfer", "2024-05-06", cast) == (
        "rus-chn-transfer-2024-05"
    )
    long = propose_id(tables, "w" * 99, "transfer", "2024-05-06", cast)
    assert len(long) <= 80


def test_addresses_are_compared_as_the_rules_do() -> None:
    from crink_events.rules import sources

    for row in csv.DictReader((ROOT / "data" / "sources.csv").open(encoding="utf-8", newline="")):
        assert bare(row["url"]) == sources._bare(row["url"])
    assert bare("https://www.x.org/a/#b") == sources._bare("https://www.x.org/a/#b")
