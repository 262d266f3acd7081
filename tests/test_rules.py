"""Every rule of the codebook: an example that breaks it, at its place, and one that passes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from crink_events.report import Issue
from crink_events.rules import RULES
from crink_events.validation import validate
from tests.conftest import Bench

Edit = Callable[[Bench], object]


class Case(NamedTuple):
    """What breaks a rule, where it must be seen, and what comes near but passes."""

    rule: str
    breaks: Edit
    file: str
    column: str
    key: str
    passes: Edit


TREATY = "rus-prk-treaty-signed"
DRILL = "gulf-of-oman-drill-2024"
VOTE = "unsc-vote-1718-panel-2024"
LISTING = "usa-designation-verus-2023"
SAPPERS = "prk-sappers-builders-russia-2025"
TRADE = "chn-rus-trade-2023"
SUMMIT = "rus-prk-summit-2024"


def edit(table: str, where: dict[str, str], **values: str) -> Edit:
    return lambda b: b.edit(table, b.number(table, **where), **values)


def event(event_id: str, **values: str) -> Edit:
    return edit("events", {"event_id": event_id}, **values)


def claim(event_id: str, number: str, **values: str) -> Edit:
    return edit("claims", {"event_id": event_id, "claim_no": number}, **values)


def amount(event_id: str, number: str, **values: str) -> Edit:
    return edit("quantities", {"event_id": event_id, "quantity_no": number}, **values)


def add(table: str, **values: str) -> Edit:
    return lambda b: b.add(table, **values)


def drop(table: str, **values: str) -> Edit:
    return lambda b: b.drop(table, lambda row: not values.items() <= row.items())


def both(*edits: Edit) -> Edit:
    def run(bench: Bench) -> None:
        for one in edits:
            one(bench)

    return run


def twin(bench: Bench) -> None:
    """Add an event with the act, sides and days of the treaty's signing."""
    new = {"event_id": "z-twin", "agreement_id": "rus-prk-csp-treaty-2024"}
    row = bench.rows("events")[bench.number("events", event_id=TREATY)]
    bench.add("events", **(row | new))
    for part in bench.rows("participants"):
        if part["event_id"] == TREATY:
            bench.add("participants", **(part | {"event_id": "z-twin"}))
    first = bench.rows("claims")[bench.number("claims", event_id=TREATY, claim_no="3")]
    bench.add("claims", **(first | {"event_id": "z-twin", "claim_no": "1"}))


NEW_SOURCE = {
    "source_id": "yonhap-20230817-zzz",
    "title": "Another page",
    "publisher_id": "yonhap",
    "published_on": "2023-08-17",
    "language": "en",
    "kind": "wire",
    "read_on": "2026-11-22",
}

CASES = [
    Case(
        "dates-in-order",
        event(TREATY, end_date="2024-06-18"),
        "events", "end_date", TREATY,
        event(TREATY, end_date="2024-06-20"),
    ),
    Case(
        "bounds-fit-precision",
        event(DRILL, date_precision="week", start_date="2024-03-12", end_date="2024-03-18"),
        "events", "date_precision", DRILL,
        event(DRILL, date_precision="week", start_date="2024-03-11", end_date="2024-03-17"),
    ),
    Case(
        "open-end",
        event(SAPPERS, end_date="2025-12-12"),
        "events", "end_date", SAPPERS,
        event(SAPPERS, end_date=""),
    ),
    Case(
        "status-fits-dates",
        event(SAPPERS, status="completed"),
        "events", "status", SAPPERS,
        event(SAPPERS, status="suspended"),
    ),
    Case(
        "not-in-the-future",
        event(DRILL, start_date="2027-03-11", end_date="2027-03-15"),
        "events", "start_date", DRILL,
        event(DRILL, start_date="2027-03-11", end_date="2027-03-15", status="announced"),
    ),
    Case(
        "summary-length",
        event(TREATY, summary="word " * 60 + "word"),
        "events", "summary", TREATY,
        event(TREATY, summary="word " * 59 + "word"),
    ),
    Case(
        "country-fits-place",
        event(DRILL, place_country="IRN"),
        "events", "place_country", DRILL,
        event(DRILL, place_country="IRN", geo_precision="near"),
    ),
    Case(
        "place-named",
        event(SUMMIT, place=""),
        "events", "place", SUMMIT,
        event(SUMMIT, place="", geo_precision="country"),
    ),
    Case(
        "coordinates",
        event(SAPPERS, latitude="51.7"),
        "events", "longitude", SAPPERS,
        event(SAPPERS, latitude="51.7", longitude="36.2"),
    ),
    Case(
        "merged-into",
        event(SUMMIT, record_status="merged"),
        "events", "merged_into", SUMMIT,
        event(SUMMIT, record_status="merged", merged_into=TREATY),
    ),
    Case(
        "valence-fits-act",
        event(DRILL, valence="friction", note=""),
        "events", "valence", DRILL,
        event(DRILL, valence="limit", note="a partner stayed away"),
    ),
    Case(
        "vote-valence",
        both(
            event(VOTE, note="", valence="limit"),
        ),
        "events", "valence", VOTE,
        event(VOTE, note="", valence="cooperation"),
    ),
    Case(
        "agreement-named",
        event(TREATY, agreement_id=""),
        "events", "agreement_id", TREATY,
        event(TREATY, agreement_id="", status="announced"),
    ),
    Case(
        "possible-duplicate",
        twin,
        "events", "event_id", "z-twin",
        both(
            twin, add("links", from_event="z-twin", relation="follows_from", to_event=TREATY)
        ),
    ),
    Case(
        "two-actors",
        drop("participants", event_id=SUMMIT, actor_id="RUS"),
        "events", "event_id", SUMMIT,
        both(
            drop("participants", event_id=SUMMIT, actor_id="RUS"),
            add("participants", event_id=SUMMIT, actor_id="UKR", role="guest"),
        ),
    ),
    Case(
        "one-of-the-four",
        both(
            edit("participants", {"event_id": LISTING, "actor_id": "PRK"}, actor_id="KOR"),
            edit("participants", {"event_id": LISTING, "actor_id": "RUS"}, actor_id="UKR", via=""),
        ),
        "events", "event_id", LISTING,
        edit("participants", {"event_id": LISTING, "actor_id": "PRK"}, actor_id="KOR"),
    ),
    Case(
        "role-allowed",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, role="supplier"),
        "participants", "role", f"{TREATY}/RUS/supplier",
        add("participants", event_id=TREATY, actor_id="UKR", role="observer"),
    ),
    Case(
        "role-needed",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, role="mediator"),
        "events", "act", TREATY,
        add("participants", event_id=TREATY, actor_id="UKR", role="mediator"),
    ),
    Case(
        "states-take-part",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, actor_id="RUS-MFA", via=""),
        "participants", "actor_id", f"{TREATY}/RUS-MFA/signatory",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, via="RUS-MFA"),
    ),
    Case(
        "via-belongs",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, via="PRK-SAC"),
        "participants", "via", f"{TREATY}/RUS/signatory",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, via="RUS-MFA;gazprom"),
    ),
    Case(
        "occurrence-claimed",
        claim(LISTING, "1", about="purpose", value="to end arms deals"),
        "events", "event_id", LISTING,
        claim(LISTING, "1", stance="announces"),
    ),
    Case(
        "claim-order",
        claim(SUMMIT, "2", public_on="2024-06-16"),
        "claims", "public_on", f"{SUMMIT}/2",
        claim(SUMMIT, "1", public_on="2024-06-16"),
    ),
    Case(
        "claim-not-early",
        claim(LISTING, "1", public_on="2023-08-14"),
        "claims", "public_on", f"{LISTING}/1",
        claim(LISTING, "1", public_on="2023-08-15"),
    ),
    Case(
        "claim-read",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, read_on="2023-08-15"),
        "claims", "public_on", f"{LISTING}/1",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, read_on="2023-08-17"),
    ),
    Case(
        "claim-published",
        claim(LISTING, "1", public_on="2023-08-19"),
        "claims", "public_on", f"{LISTING}/1",
        claim(LISTING, "1", public_on="2023-08-18"),
    ),
    Case(
        "claim-value",
        claim(SUMMIT, "5", value="18 to 19 June"),
        "claims", "value", f"{SUMMIT}/5",
        claim(SUMMIT, "5", value="2024-06-18/2024-06-19"),
    ),
    Case(
        "claimed-quantity",
        drop("quantities", event_id=SAPPERS, quantity_no="9"),
        "claims", "about", f"{SAPPERS}/9",
        both(
            drop("quantities", event_id=SAPPERS, quantity_no="9"),
            claim(SAPPERS, "9", stance="qualifies"),
        ),
    ),
    Case(
        "source-once",
        claim(LISTING, "1", also_in="yonhap-20230817-mkrtychev"),
        "claims", "also_in", f"{LISTING}/1",
        claim(LISTING, "1", also_in="today-sg-20230816-sanctions"),
    ),
    Case(
        "press-has-no-acts",
        claim(LISTING, "1", claimant_id="PRESS"),
        "claims", "basis", f"{LISTING}/1",
        claim(LISTING, "1", claimant_id="PRESS", basis="reporting"),
    ),
    Case(
        "one-publisher",
        claim(LISTING, "1", also_in=""),
        "events", "event_id", LISTING,
        claim(LISTING, "1", also_in="today-sg-20230816-sanctions"),
    ),
    Case(
        "bounds-in-order",
        amount(TRADE, "1", bound="range", low="9", best="", high="8"),
        "quantities", "best", f"{TRADE}/1",
        amount(TRADE, "1", bound="range", low="8", best="", high="9"),
    ),
    Case(
        "bound-fills",
        amount(TRADE, "1", bound="at_least"),
        "quantities", "low", f"{TRADE}/1",
        amount(TRADE, "1", bound="at_least", low="220000000000", best=""),
    ),
    Case(
        "unit-fits-measure",
        amount(TRADE, "1", unit="t"),
        "quantities", "unit", f"{TRADE}/1",
        amount(TRADE, "1", unit="EUR"),
    ),
    Case(
        "running-total",
        amount(TRADE, "1", aggregation="cumulative", period_end=""),
        "quantities", "period_end", f"{TRADE}/1",
        amount(TRADE, "1", aggregation="stock", period_end=""),
    ),
    Case(
        "period-in-order",
        amount(TRADE, "1", period_end="2022-12-31"),
        "quantities", "period_end", f"{TRADE}/1",
        amount(TRADE, "1", period_end="2023-01-01"),
    ),
    Case(
        "counted-by-then",
        amount(SAPPERS, "3", period_end="2025-09-04"),
        "quantities", "period_end", f"{SAPPERS}/3",
        amount(SAPPERS, "3", period_end="2025-09-03"),
    ),
    Case(
        "not-negative",
        amount(TRADE, "1", best="-5"),
        "quantities", "best", f"{TRADE}/1",
        amount(TRADE, "1", best="0"),
    ),
    Case(
        "quantity-numbers",
        drop("quantities", event_id=TRADE, quantity_no="1"),
        "quantities", "quantity_no", f"{TRADE}/2",
        drop("quantities", event_id=TRADE, quantity_no="8"),
    ),
    Case(
        "agreement-in-order",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, ended_on="2000-01-01"),
        "agreements", "ended_on", "rus-prk-treaty-2000",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, in_force_on=""),
    ),
    Case(
        "agreement-by-then",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, ended_on="2999-01-01"),
        "agreements", "ended_on", "rus-prk-treaty-2000",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, ended_on="2024-12-05"),
    ),
    Case(
        "stage-fits-days",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, stage="in_force"),
        "agreements", "stage", "rus-prk-treaty-2000",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, ended_on=""),
    ),
    Case(
        "agreement-parties",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, parties="PRK"),
        "agreements", "parties", "rus-prk-treaty-2000",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, parties="PRK;SUN"),
    ),
    Case(
        "agreement-replaces",
        edit(
            "agreements",
            {"agreement_id": "rus-prk-treaty-2000"},
            replaces="rus-prk-csp-treaty-2024",
        ),
        "agreements", "replaces", "rus-prk-csp-treaty-2024",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, replaces=""),
    ),
    Case(
        "signature-agrees",
        edit("agreements", {"agreement_id": "rus-prk-csp-treaty-2024"}, signed_on="2024-06-18"),
        "events", "start_date", TREATY,
        both(
            edit(
                "agreements", {"agreement_id": "rus-prk-csp-treaty-2024"}, signed_on="2024-06-18"
            ),
            event(TREATY, note="the text bears an earlier day"),
        ),
    ),
    Case(
        "link-cycle",
        add("links", from_event=SUMMIT, relation="part_of", to_event=TREATY),
        "links", "to_event", f"{TREATY}/part_of/{SUMMIT}",
        add("links", from_event=SUMMIT, relation="evidence_for", to_event=TREATY),
    ),
    Case(
        "link-to-itself",
        add("links", from_event=VOTE, relation="contradicts", to_event=VOTE),
        "links", "to_event", f"{VOTE}/contradicts/{VOTE}",
        add("links", from_event=VOTE, relation="contradicts", to_event=TREATY),
    ),
    Case(
        "link-direction",
        add("links", from_event=TRADE, relation="responds_to", to_event=VOTE),
        "links", "to_event", f"{TRADE}/responds_to/{VOTE}",
        add("links", from_event=VOTE, relation="responds_to", to_event=TRADE),
    ),
    Case(
        "series-agrees",
        event(DRILL, series=""),
        "links", "relation", f"{DRILL}/next_in_series/gulf-of-oman-drill-2023",
        event(DRILL, series="maritime-security-belt"),
    ),
    Case(
        "web-address",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, url="https://nowhere"),
        "sources", "url", "yonhap-20230817-mkrtychev",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, url="http://en.yna.co.kr/a"),
    ),
    Case(
        "same-address",
        add("sources", **NEW_SOURCE, url="http://www.en.yna.co.kr/view/AEN20230817000200325/#top"),
        "sources", "url", "yonhap-20230817-zzz",
        add("sources", **NEW_SOURCE, url="https://en.yna.co.kr/view/AEN20230817000200326"),
    ),
    Case(
        "host-of-publisher",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, url="https://yna.example.com/"),
        "sources", "publisher_id", "yonhap-20230817-mkrtychev",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, url="https://m.yna.co.kr/a"),
    ),
    Case(
        "source-read",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, read_on="2023-08-16"),
        "sources", "read_on", "yonhap-20230817-mkrtychev",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, read_on="2023-08-17"),
    ),
    Case(
        "read-by-then",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, read_on="2999-01-01"),
        "sources", "read_on", "yonhap-20230817-mkrtychev",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, read_on="2026-11-22"),
    ),
    Case(
        "source-id-day",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, published_on="2023-08-18"),
        "sources", "source_id", "yonhap-20230817-mkrtychev",
        edit("sources", {"source_id": "yonhap-20230817-mkrtychev"}, title="Other words"),
    ),
    Case(
        "unused-source",
        claim(LISTING, "1", also_in=""),
        "sources", "source_id", "today-sg-20230816-sanctions",
        claim(LISTING, "1", note="the same pages"),
    ),
    Case(
        "domain-of-one",
        edit("publishers", {"publisher_id": "yonhap"}, domains="yna.co.kr;tass.com"),
        "publishers", "domains", "yonhap",
        edit("publishers", {"publisher_id": "yonhap"}, domains="yna.co.kr;yonhap.example.com"),
    ),
    Case(
        "actor-parents",
        both(
            edit("actors", {"actor_id": "UN"}, parent="UNSC"),
        ),
        "actors", "parent", "UN",
        edit("actors", {"actor_id": "UNSC"}, parent="UN"),
    ),
    Case(
        "actor-kind",
        edit("actors", {"actor_id": "KOR-NIS"}, parent=""),
        "actors", "parent", "KOR-NIS",
        edit("actors", {"actor_id": "gazprom"}, parent=""),
    ),
    Case(
        "state-codes",
        edit("actors", {"actor_id": "gazprom"}, cow_code="365"),
        "actors", "cow_code", "gazprom",
        edit("actors", {"actor_id": "RUS"}, gw_code=""),
    ),
    Case(
        "firm-owned",
        edit("actors", {"actor_id": "KOR-NIS"}, state_owned="true"),
        "actors", "state_owned", "KOR-NIS",
        edit("actors", {"actor_id": "gazprom"}, state_owned="false"),
    ),
    Case(
        "actor-valid",
        edit("actors", {"actor_id": "SUN"}, valid_from="1992-01-01", valid_to="1991-12-26"),
        "actors", "valid_to", "SUN",
        edit("actors", {"actor_id": "SUN"}, valid_from="1922-12-30", valid_to="1991-12-26"),
    ),
    Case(
        "alias-of-one",
        edit("actors", {"actor_id": "gazprom"}, aliases="north korea"),
        "actors", "aliases", "gazprom",
        edit("actors", {"actor_id": "gazprom"}, aliases="ПАО Газпром"),
    ),
    Case(
        "code-in-schema",
        add(
            "codes", vocabulary="unit", code="zzz", position="19", label="Z", definition="No unit."
        ),
        "codes", "code", "unit/zzz",
        add(
            "codes", vocabulary="zzz", code="zzz", position="1", label="Z", definition="A word."
        ),
    ),
    Case(
        "code-positions",
        edit("codes", {"vocabulary": "about", "code": "content"}, position="60"),
        "codes", "position", "about/content",
        edit("codes", {"vocabulary": "about", "code": "content"}, label="Words"),
    ),
    Case(
        "act-worked-out",
        edit("codes", {"vocabulary": "act", "code": "sign"}, example=SUMMIT),
        "codes", "example", "act/sign",
        edit("codes", {"vocabulary": "act", "code": "sign"}, example=TREATY),
    ),
    Case(
        "coverage-period",
        edit("coverage", {"domain": "defence"}, period_end="2021-12-31"),
        "coverage", "period_end", "defence/PRK-RUS/2022-01-01",
        edit("coverage", {"domain": "defence"}, period_end="2026-11-22"),
    ),
    Case(
        "searched-by-then",
        edit("coverage", {"domain": "defence"}, searched_on="2999-01-01"),
        "coverage", "searched_on", "defence/PRK-RUS/2022-01-01",
        edit("coverage", {"domain": "defence"}, searched_on="2026-01-01"),
    ),
    Case(
        "coverage-overlap",
        add(
            "coverage", domain="defence", dyad="PRK-RUS", period_start="2025-12-31",
            period_end="2026-06-30", tier="targeted", languages="en", searched_on="2026-11-22",
        ),
        "coverage", "period_start", "defence/PRK-RUS/2025-12-31",
        add(
            "coverage", domain="defence", dyad="PRK-RUS", period_start="2026-01-01",
            period_end="2026-06-30", tier="targeted", languages="en", searched_on="2026-11-22",
        ),
    ),
    Case(
        "list-blank",
        claim(LISTING, "1", also_in="today-sg-20230816-sanctions;;ukrainska-pravda-20230816-sanctions"),
        "claims", "also_in", f"{LISTING}/1",
        claim(LISTING, "1", also_in="today-sg-20230816-sanctions;ukrainska-pravda-20230816-sanctions"),
    ),
    Case(
        "list-repeat",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, parties="PRK;RUS;PRK"),
        "agreements", "parties", "rus-prk-treaty-2000",
        edit("agreements", {"agreement_id": "rus-prk-treaty-2000"}, parties="RUS;PRK"),
    ),
    Case(
        "list-shape",
        edit("coverage", {"domain": "defence"}, languages="en;RU"),
        "coverage", "languages", "defence/PRK-RUS/2022-01-01",
        edit("coverage", {"domain": "defence"}, languages="en;ko"),
    ),
    Case(
        "list-code",
        event(TREATY, themes="deterence"),
        "events", "themes", TREATY,
        event(TREATY, themes="deterrence"),
    ),
    Case(
        "list-reference",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, via="RUS-XYZ"),
        "participants", "via", f"{TREATY}/RUS/signatory",
        edit("participants", {"event_id": TREATY, "actor_id": "RUS"}, via="RUS-SC"),
    ),
]  # fmt: skip


def found(bench: Bench, rule: str) -> list[Issue]:
    return [issue for issue in validate(bench.root, ["contract"]).issues if issue.rule == rule]


def test_every_rule_has_examples() -> None:
    assert {case.rule for case in CASES} == set(RULES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_broken_example_is_found_at_its_place(case: Case, bench: Bench) -> None:
    case.breaks(bench)
    issues = found(bench, case.rule)
    where = [(issue.file, issue.column, issue.key) for issue in issues]
    assert (f"data/{case.file}.csv", case.column, case.key) in where
    issue = issues[where.index((f"data/{case.file}.csv", case.column, case.key))]
    line = bench.path(case.file).read_text(encoding="utf-8").splitlines()[issue.line - 1]
    assert all(part in line for part in case.key.split("/"))
    assert issue.severity == RULES[case.rule].severity
    assert issue.hint


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule)
def test_passing_example_is_left_alone(case: Case, bench: Bench) -> None:
    case.passes(bench)
    assert found(bench, case.rule) == []


def test_rules_say_why() -> None:
    for rule in RULES.values():
        assert rule.why.endswith(".")
        assert rule.severity in ("error", "warning")


def test_good_package_is_valid(bench: Bench) -> None:
    report = validate(bench.root)
    assert report.issues == ()
    assert report.rows["events"] == 8
