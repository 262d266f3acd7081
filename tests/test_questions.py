"""The founding questions, each with the query that answers it from events, claims and links.

Run ``pytest tests/test_questions.py -s`` to read the answers; ``docs/questions.md`` tells them in
words. The assertions say what the sources behind the rows say.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import crink_events as ce


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    names = ("claims", "links", "agreements", "quantities", "participants", "sources", "coverage")
    return {name: ce.load(name) for name in names} | {"events": ce.load_events()}


def show(frame: pd.DataFrame) -> pd.DataFrame:
    with pd.option_context("display.width", 160, "display.max_colwidth", 60):
        print("\n" + frame.to_string(index=False, max_rows=60))
    return frame


def events(tables: dict[str, pd.DataFrame], *names: str) -> pd.DataFrame:
    """Give events by id, in the order asked for; each must be there."""
    found = tables["events"].set_index("event_id", drop=False)
    return found.loc[list(names)]


def claims(tables: dict[str, pd.DataFrame], *names: str, **codes: str) -> pd.DataFrame:
    frame = tables["claims"]
    keep = frame["event_id"].isin(names)
    for column, code in codes.items():
        keep &= frame[column] == code
    return frame[keep]


def figures(tables: dict[str, pd.DataFrame], *names: str) -> pd.DataFrame:
    """Give amounts with who states them and when."""
    said = tables["claims"][["event_id", "claim_no", "claimant_id", "public_on"]]
    merged = tables["quantities"].merge(said, on=["event_id", "claim_no"])
    return merged[merged["event_id"].isin(names)].sort_values("public_on")


def links(tables: dict[str, pd.DataFrame], **columns: str) -> pd.DataFrame:
    frame = tables["links"]
    for name, value in columns.items():
        frame = frame[frame[name] == value]
    return frame


def roles(tables: dict[str, pd.DataFrame], event_id: str) -> dict[str, set[str]]:
    parts = tables["participants"]
    parts = parts[parts["event_id"] == event_id]
    found = parts.groupby("role", observed=True)["actor_id"]
    return {str(role): set(actors) for role, actors in found}


def day(value: Any) -> str:
    return str(pd.Timestamp(value).date())


def test_q01_russia_dprk_treaty(tables: dict[str, pd.DataFrame]) -> None:
    steps = events(
        tables,
        "rus-prk-treaty-signed",
        "rus-prk-treaty-ratified-rus",
        "rus-prk-treaty-ratified-prk",
        "rus-prk-treaty-in-force",
    )
    show(steps[["event_id", "act", "start_date", "end_date", "place", "evidence"]])
    assert [day(d) for d in steps["end_date"]] == [
        "2024-06-19", "2024-11-09", "2024-11-11", "2024-12-04",
    ]  # fmt: skip
    assert steps["place"].iloc[0] == "Pyongyang"
    texts = claims(tables, "rus-prk-treaty-signed", about="content")["value"]
    show(texts.to_frame())
    assert texts.str.contains("art. 4").any()
    assert texts.str.contains("Article 51|art. 51|Art. 51", regex=True).any()
    treaties = tables["agreements"].set_index("agreement_id")
    treaty = treaties.loc[steps["agreement_id"].iloc[0]]
    assert treaty["defense"] == "yes"
    old = links(tables, from_event="rus-prk-treaty-signed", relation="revives")["to_event"]
    assert set(old) == {"sun-prk-treaty-signed"}
    ended = events(tables, "rus-prk-1961-treaty-ended").iloc[0]
    assert day(ended["end_date"]) == "1996-09-10"
    other = claims(tables, "rus-prk-1961-treaty-ended", about="date")
    assert len(other), "other dates for the end of the pact are kept as claims"


def test_q02_similar_pacts(tables: dict[str, pd.DataFrame]) -> None:
    iran = events(
        tables,
        "irn-rus-treaty-signed",
        "irn-rus-treaty-ratified-rus",
        "irn-rus-treaty-ratified-irn",
        "irn-rus-treaty-in-force",
    )
    show(iran[["event_id", "start_date", "end_date", "evidence"]])
    signed = iran["start_date"].iloc[0]
    assert (day(signed), signed.day_name()) == ("2025-01-17", "Friday")
    assert [day(d) for d in iran["start_date"][1:]] == ["2025-04-08", "2025-05-21", "2025-10-02"]
    pact = tables["agreements"].set_index("agreement_id").loc[iran["agreement_id"].iloc[0]]
    assert pact["defense"] == "no"
    clause = claims(tables, "irn-rus-treaty-signed", "irn-rus-treaty-ratified-rus", about="content")
    show(clause[["claimant_id", "stance", "value"]])
    assert clause["value"].str.contains("mutual defence|military aid|alliance").any()
    china = events(
        tables, "chn-rus-treaty-signed", "chn-rus-treaty-extended", "chn-rus-joint-statement-2022"
    )
    show(china[["event_id", "act", "start_date", "evidence"]])
    assert [day(d) for d in china["start_date"]] == ["2001-07-16", "2021-06-28", "2022-02-04"]


def test_obligations_of_2018_are_those_of_atop(tables: dict[str, pd.DataFrame]) -> None:
    """Alliance Treaty Obligations and Provisions 5.1, for the instruments in force in 2018."""
    treaties = tables["agreements"].set_index("agreement_id")
    kinds = ["defense", "offense", "neutrality", "nonaggression", "consultation"]
    promised = {
        name: {kind for kind in kinds if treaties.loc[name, kind] == "yes"}
        for name in (
            "chn-prk-treaty-1961", "chn-rus-treaty-2001", "rus-prk-treaty-2000",
            "irn-rus-treaty-2001", "chn-irn-joint-statement-2016",
        )
    }  # fmt: skip
    assert promised == {
        "chn-prk-treaty-1961": {"defense", "nonaggression"},
        "chn-rus-treaty-2001": {"nonaggression", "consultation"},
        "rus-prk-treaty-2000": {"nonaggression", "consultation"},
        "irn-rus-treaty-2001": {"neutrality", "nonaggression", "consultation"},
        "chn-irn-joint-statement-2016": set(),
    }


def test_q03_gulf_of_oman(tables: dict[str, pd.DataFrame]) -> None:
    drills = tables["events"][tables["events"]["series"] == "maritime-security-belt"]
    show(drills[["event_id", "start_date", "end_date", "status", "dyads"]])
    held = drills[drills["status"] == "completed"].set_index("event_id")
    with_china = held[held["dyads"].map(lambda pairs: "CHN-IRN" in pairs)]
    assert list(with_china["start_date"].dt.year) == [2019, 2022, 2023, 2024, 2025]
    assert "CHN-IRN" not in held["dyads"]["gulf-of-oman-drill-2021"]
    march = held.loc["gulf-of-oman-drill-2024"]
    assert (day(march["start_date"]), day(march["end_date"])) == ("2024-03-11", "2024-03-15")
    watching = roles(tables, "gulf-of-oman-drill-2024")["observer"]
    assert {"PAK", "KAZ", "AZE", "OMN", "ZAF"} <= watching
    ships = figures(tables, *held.index)
    ships = ships[ships["item"] == "ships"]
    show(ships[["event_id", "claimant_id", "low", "best", "high"]])
    assert set(ships["event_id"]) >= {"gulf-of-oman-drill-2019", "gulf-of-oman-drill-2024"}
    # Three years in a row: 2022, 2023 and 2024; not an unbroken row since the first of 2019.
    years = set(with_china["start_date"].dt.year)
    assert {2022, 2023, 2024} <= years
    assert {2020, 2021}.isdisjoint(years)
    counted = claims(tables, "gulf-of-oman-drill-2024", about="content")["value"]
    assert counted.str.contains("fourth").any()
    assert counted.str.contains("sixth").any()


def test_q04_shells_and_missiles(tables: dict[str, pd.DataFrame]) -> None:
    names = ("prk-munitions-transfer-rus", "prk-ballistic-missiles-transfer-rus")
    both = events(tables, *names)
    show(both[["event_id", "evidence", "acknowledged_by", "denied_by", "first_public"]])
    assert both["evidence"].isin(["contested", "documented"]).all()
    assert both["denied_by"].map(bool).all()
    said = claims(tables, *names, about="occurrence")
    show(said[["public_on", "claimant_id", "stance", "basis"]])
    assert {"PRK", "PRK-MND", "PRK-MFA"} & set(said[said["stance"] == "denies"]["claimant_id"])
    counts = figures(tables, *names)
    show(counts[["public_on", "claimant_id", "item", "low", "best", "high", "aggregation"]])
    korean = counts[counts["claimant_id"].str.startswith("KOR")]
    assert korean["item"].isin(["containers", "artillery_shells"]).any()
    assert korean["claimant_id"].isin(["KOR-NIS", "KOR-MND", "KOR-JCS"]).all()
    assert "USA-WH" in set(said["claimant_id"])


def test_q05_troops(tables: dict[str, pd.DataFrame]) -> None:
    name = "prk-troops-russia-2024"
    said = claims(tables, name, about="occurrence")
    show(said[["public_on", "claimant_id", "stance", "basis"]])
    assert day(said["public_on"].min()) <= "2024-10-13"
    course = {
        on: ce.load_events(actor="PRK", act="deploy", as_of=on)
        .set_index("event_id")["evidence"]
        .get(name)
        for on in ("2024-10-01", "2024-10-20", "2025-04-26", "2025-04-28")
    }
    print(course)
    assert course == {
        "2024-10-01": None,
        "2024-10-20": "contested",
        # Russia confirms; North Korea's denial of October stands for two more days.
        "2025-04-26": "contested",
        "2025-04-28": "acknowledged",
    }
    losses = figures(tables, name)
    losses = losses[losses["measure"].isin(["casualties", "personnel"])]
    show(losses[["public_on", "claimant_id", "item", "low", "best", "high"]])
    assert losses[losses["item"].isin(["killed", "killed_or_wounded"])]["claimant_id"].nunique() > 1
    chinese = claims(tables, name, "chn-own-matter-rus-prk-troops-2024", claimant_id="CHN-MFA")
    show(chinese[["public_on", "stance", "value", "note"]])
    assert len(chinese)


def test_q06_iranian_drones(tables: dict[str, pd.DataFrame]) -> None:
    names = ("irn-drones-transfer-rus", "irn-drones-before-war-rus", "irn-rus-alabuga-production")
    found = events(tables, *names)
    show(found[["event_id", "status", "evidence", "acknowledged_by", "denied_by", "first_public"]])
    admitted = claims(tables, "irn-drones-before-war-rus", claimant_id="IRN-MFA", stance="asserts")
    assert "2022-11-05" in {day(d) for d in admitted["public_on"]}
    assert "IRN" in found["denied_by"]["irn-drones-transfer-rus"]
    assert len(
        links(tables, from_event="irn-drones-before-war-rus", to_event="irn-drones-transfer-rus")
    )
    missiles = events(tables, "irn-ballistic-missiles-rus").iloc[0]
    assert "IRN" in missiles["denied_by"]
    assert found.loc["irn-rus-alabuga-production", "act"] == "produce"


def test_q07_what_came_back(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["events"]
    given = frame[
        frame["act"].isin(
            ["transfer", "project", "share", "pledge", "withhold", "relief", "finance"]
        )
        & (frame["irn"] | frame["prk"])
        & frame["rus"]
    ]
    parts = tables["participants"]
    giving = parts[(parts["actor_id"] == "RUS") & parts["role"].isin(["supplier", "initiator"])]
    given = given[given["event_id"].isin(giving["event_id"])]
    show(given[["event_id", "act", "status", "evidence"]])
    assert {
        "rus-irn-s300-delivered",
        "rus-irn-yak130-delivered",
        "rus-irn-su35-withheld",
        "rus-irn-khayyam-launch-2022",
        "rus-prk-oil-above-cap-2024",
        "rus-prk-air-defence-missiles-2024",
        "rus-prk-satellite-pledge-2023",
    } <= set(given["event_id"])
    assert {"rus-prk-food-containers-2023"} <= set(frame["event_id"])


def test_q08_china_between(tables: dict[str, pd.DataFrame]) -> None:
    yearly = figures(tables, *(f"chn-rus-trade-{year}" for year in range(2021, 2026)))
    chinese = yearly[(yearly["claimant_id"] == "CHN-GACC") & (yearly["item"] == "trade_turnover")]
    show(chinese[["event_id", "claimant_id", "best", "unit", "aggregation", "period_end"]])
    usd = chinese[(chinese["unit"] == "USD") & (chinese["period_end"].dt.month == 12)]
    by_year = usd.groupby("event_id")["best"].max() / 1e9
    assert by_year["chn-rus-trade-2023"] == pytest.approx(240.1, abs=0.2)
    assert by_year["chn-rus-trade-2024"] > by_year["chn-rus-trade-2023"]
    assert by_year["chn-rus-trade-2025"] < by_year["chn-rus-trade-2024"]
    votes = tables["events"][(tables["events"]["act"] == "vote") & tables["events"]["rus"]]
    chinese_votes = tables["participants"][
        tables["participants"]["event_id"].isin(votes["event_id"])
        & (tables["participants"]["actor_id"] == "CHN")
    ]
    show(chinese_votes[["event_id", "role"]])
    ukraine = chinese_votes.set_index("event_id")["role"]
    assert ukraine["unga-vote-es-11-1"] == "abstained"
    assert ukraine["unga-vote-es-11-3"] == "voted_against"
    banks = tables["events"][
        (tables["events"]["act"] == "withhold") & (tables["events"]["domain"] == "finance")
    ]
    show(banks[["event_id", "start_date", "evidence"]])
    assert "chn-chouzhou-bank-halts-russia-2024" in set(banks["event_id"])
    words = tables["events"][(tables["events"]["act"] == "decline") & tables["events"]["chn"]]
    show(words[["event_id", "title"]])
    assert "chn-own-matter-rus-prk-troops-2024" in set(words["event_id"])


def test_q09_proposed_drills(tables: dict[str, pd.DataFrame]) -> None:
    name = "rus-prk-chn-naval-drill-proposal"
    event = events(tables, name).iloc[0]
    said = claims(tables, name)
    show(said[["public_on", "claimant_id", "stance", "about", "value"]])
    assert event["status"] in ("lapsed", "unknown")
    assert "RUS" in roles(tables, name)["proposer"]
    korean = said[(said["claimant_id"] == "KOR-NIS") & (said["about"] == "occurrence")]
    assert "2023-09-04" in {day(d) for d in korean["public_on"]}
    assert event["dyads"] == ["CHN-PRK", "CHN-RUS", "PRK-RUS"]


def test_q10_third_parties(tables: dict[str, pd.DataFrame]) -> None:
    listed = tables["events"][tables["events"]["act"] == "designate"]
    pairs = listed.explode("dyads").groupby("dyads").size()
    show(pairs.reset_index(name="designations"))
    assert set(pairs.index) >= {"CHN-IRN", "CHN-RUS", "IRN-RUS", "PRK-RUS"}
    coined = events(tables, "halifax-forum-crink-2023").iloc[0]
    assert (coined["act"], coined["start_date"].year) == ("context", 2023)
    four = tables["events"]
    assessed = four[
        (four["act"] == "assess") & four["chn"] & four["rus"] & four["irn"] & four["prk"]
    ]
    show(assessed[["event_id", "start_date", "title"]])
    assert {"usa-odni-threat-assessment-2024", "usa-odni-threat-assessment-2025"} <= set(
        assessed["event_id"]
    )
    summits = events(tables, "usa-prk-summit-singapore-2018", "usa-prk-summit-hanoi-2019")
    assert [day(d) for d in summits["start_date"]] == ["2018-06-12", "2019-02-27"]
    assert (summits["dyads"].map(len) == 0).all(), "context makes no dyad"


def test_q11_limits(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["events"]
    limits = frame[frame["valence"].isin(["limit", "friction"])]
    show(limits.groupby(["act", "valence"], observed=True).size().reset_index(name="events"))
    assert {
        "rus-irn-s300-ban-2010",
        "rus-irn-su35-withheld",
        "unsc-vote-1929",
        "unsc-vote-1718",
        "rus-irn-help-request-2025",
        "chn-prk-coal-ban-2017",
    } <= set(limits["event_id"])
    votes = limits[limits["act"] == "vote"]
    for name in votes["event_id"]:
        part = roles(tables, name)
        others = {"CHN", "RUS", "IRN", "PRK"} - part["subject"]
        with_subject = part.get("vetoed", set()) & others
        assert not with_subject, f"{name} has a veto in favour of its subject"


def test_q12_hub_and_pace(tables: dict[str, pd.DataFrame]) -> None:
    frame = tables["events"].explode("dyads").dropna(subset="dyads")
    frame = frame[~frame["status"].isin(["proposed", "announced", "lapsed", "cancelled"])]
    per_dyad = frame.groupby("dyads").size()
    show(per_dyad.reset_index(name="events"))
    russian = per_dyad[per_dyad.index.str.contains("RUS")].sum()
    print(f"with Russia: {russian} of {per_dyad.sum()}")
    assert russian / per_dyad.sum() > 0.5
    yearly = frame.groupby([frame["start_date"].dt.year, "dyads"]).size().unstack(fill_value=0)
    show(yearly.loc[2015:].reset_index())
    before = frame[frame["start_date"].dt.year.between(2018, 2021)]
    after = frame[frame["start_date"].dt.year.between(2022, 2025)]
    print(f"2018-2021: {len(before)}, 2022-2025: {len(after)}")
    assert len(after) > len(before)
    # The caveat: most of the field has not been searched, so an empty cell is no zero, and the
    # years from 2022 on were searched more densely than those before.
    ledger = tables["coverage"]
    searched = ledger.loc[ledger["tier"] != "opportunistic", "domain"]
    assert set(searched) == {"defence", "security"}
