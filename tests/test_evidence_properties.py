"""What must hold of the ladder for any claims: Hypothesis makes small tables of all kinds.

Beside the laws stands a second reading of the codebook: plain loops over dictionaries, one
sentence of the codebook a line, which must agree with the vectorised functions.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from crink_events import evidence
from crink_events.evidence import DOCUMENTARY, LADDER
from crink_events.roles import ACT_ROLES, AUTHORITY_SPEAKS, FOUR, SPEAKING

Row = dict[str, Any]
Tables = dict[str, list[Row]]

BEGIN = dt.date(2024, 1, 1)
DAYS = 6
#: The stances that turn something are drawn more often; few claimants speak again and again.
TURNS = ("asserts", "asserts", "asserts", "denies", "denies", "retracts", "retracts")
STANCES = (*TURNS, "announces", "declines", "qualifies")
BASES = ("own_act", "none_given", "imagery", "customs", "anonymous", "reporting", "intercept")
OUTSIDE = ("KOR", "USA", "UN")
PUBLISHERS = [
    {"publisher_id": "tass", "state_voice": "RUS"},
    {"publisher_id": "reuters", "state_voice": None},
    {"publisher_id": "bbc", "state_voice": None},
]
SOURCES = [
    {"source_id": f"{name}-{n}", "publisher_id": name}
    for name in ("tass", "reuters", "bbc")
    for n in (1, 2)
]
#: Acts with a usual cast, so that sides are there to speak; others come on top.
ACTS = {
    "deploy": "PRK:sender RUS:host",
    "transfer": "IRN:supplier RUS:recipient",
    "sign": "SUN:signatory PRK:signatory",
    "ratify": "RUS:ratifier PRK:counterparty",
    "meet": "CHN:host RUS:guest PRK:guest",
    "designate": "USA:authority CHN:subject IRN:subject",
    "vote": "UNSC:authority PRK:subject CHN:abstained RUS:vetoed",
    "pledge": "RUS:initiator PRK:target",
}
#: Strength of what is known, for "never lowers": `contested` and `retracted` are apart.
STRENGTH = [None, "announced", "single_source", "corroborated", "assessed", "documented"]
STRENGTH += ["partly_acknowledged", "acknowledged"]


def actor(actor_id: str, kind: str, parent: str | None = None, **more: Any) -> Row:
    row: Row = {"actor_id": actor_id, "kind": kind, "parent": parent, "iso3": None}
    return row | {"state_owned": None} | more


@st.composite
def actors(draw: st.DrawFn) -> list[Row]:
    """States, organs of organs, firms of either sort, and the press."""
    rows = [actor(name, "state", iso3=name) for name in (*FOUR, "KOR", "USA", "SUN")]
    rows += [actor("UN", "igo"), actor("UNSC", "organ", "UN"), actor("PRESS", "generic")]
    rows += [actor("car", "ngo"), actor("rebels", "armed_group")]
    for state in draw(st.lists(st.sampled_from([*FOUR, *OUTSIDE]), max_size=4, unique=True)):
        rows.append(actor(f"{state}-GOV", "organ", state))
        if draw(st.booleans()):
            rows.append(actor(f"{state}-MFA", "organ", f"{state}-GOV"))
    for state in draw(st.lists(st.sampled_from(FOUR), max_size=2, unique=True)):
        owned = draw(st.sampled_from([True, False, None]))
        rows.append(actor(f"firm-{state.lower()}", "firm", iso3=state, state_owned=owned))
    return rows


@st.composite
def cast(draw: st.DrawFn, event_id: str, act: str, known: list[Row]) -> list[Row]:
    firms = [row["actor_id"] for row in known if row["kind"] == "firm"]
    states = [row["actor_id"] for row in known if row["kind"] in ("state", "igo")]
    holder = st.tuples(
        st.sampled_from(states),
        st.sampled_from(sorted(ACT_ROLES[act].allowed)),
        st.lists(st.sampled_from(firms), max_size=1) if firms else st.just([]),
    )
    usual = [tuple(part.split(":")) for part in ACTS[act].split()]
    parts = {(name, role): via for name, role in usual for via in [draw(holder)[2]]}
    parts |= {(name, role): via for name, role, via in draw(st.lists(holder, max_size=2))}
    return [
        {"event_id": event_id, "actor_id": name, "role": role, "via": via}
        for (name, role), via in parts.items()
    ]


def claim(events: list[Row], known: list[Row]) -> st.SearchStrategy[Row]:
    return claim_by(events, [row["actor_id"] for row in known])


@st.composite
def claim_by(draw: st.DrawFn, events: list[Row], claimants: list[str]) -> Row:
    sources = [row["source_id"] for row in SOURCES]
    return {
        "event_id": draw(st.sampled_from([row["event_id"] for row in events])),
        "claimant_id": draw(st.sampled_from(claimants)),
        "stance": draw(st.sampled_from(STANCES)),
        "about": draw(st.sampled_from(["occurrence"] * 7 + ["quantity"])),
        "public_on": BEGIN + dt.timedelta(draw(st.integers(0, DAYS))),
        "basis": draw(st.sampled_from(BASES)),
        "source_id": draw(st.sampled_from(sources)),
        "also_in": draw(st.lists(st.sampled_from(sources), max_size=1)),
        "origin": draw(st.sampled_from([None, None, "leak", "wire"])),
    }


@st.composite
def tables(draw: st.DrawFn) -> Tables:
    known = draw(actors())
    acts = draw(st.lists(st.sampled_from(sorted(ACTS)), min_size=1, max_size=2))
    events = [{"event_id": f"e{n}", "act": act} for n, act in enumerate(acts)]
    parts = [row for e in events for row in draw(cast(e["event_id"], e["act"], known))]
    # Who matters to rungs: sides and their organs, or those who speak for no state, or anybody.
    acting, every = [row["actor_id"] for row in parts], [row["actor_id"] for row in known]
    apart = ["PRESS", "car", "rebels"]
    pools = [apart, acting, [*acting, *apart], [*acting, *every], every]
    pool = draw(st.sampled_from(pools))
    pool = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=4))
    said = draw(st.lists(claim_by(events, pool), min_size=1, max_size=10))
    return {"events": events, "participants": parts, "claims": said, "actors": known}


def frames(made: Tables) -> dict[str, pd.DataFrame]:
    claims = pd.DataFrame(made["claims"])
    claims["public_on"] = pd.to_datetime(claims["public_on"])
    return {
        "events": pd.DataFrame(made["events"]),
        "participants": pd.DataFrame(made["participants"]),
        "claims": claims,
        "actors": pd.DataFrame(made["actors"]).astype({"iso3": "str", "parent": "str"}),
        "sources": pd.DataFrame(SOURCES),
        "publishers": pd.DataFrame(PUBLISHERS),
    }


def answers(made: Tables, day: dt.date | None = None) -> dict[str, Row]:
    derived = evidence.derive(frames(made), None if day is None else pd.Timestamp(day))
    rows = derived.to_dict("index")
    return {
        str(event): {
            str(name): None if not isinstance(value, list) and pd.isna(value) else value
            for name, value in row.items()
        }
        for event, row in rows.items()
    }


def plus(made: Tables, *claims: Row) -> Tables:
    return made | {"claims": [*made["claims"], *claims]}


# --------------------------------------------------------------------------- a second reading


PUBLISHER = {row["source_id"]: row["publisher_id"] for row in SOURCES}


def by_the_book(made: Tables, day: dt.date) -> Iterator[tuple[str, Row]]:
    """Answer by the codebook, sentence by sentence."""
    known = {row["actor_id"]: row for row in made["actors"]}

    def top(name: str) -> str:
        while known[name]["parent"]:
            name = known[name]["parent"]
        return "RUS" if name == "SUN" else name  # SUN counts as RUS

    for event in made["events"]:
        name, act = event["event_id"], event["act"]
        parts = [row for row in made["participants"] if row["event_id"] == name]
        if act in AUTHORITY_SPEAKS:  # third-party acts and votes: the authority
            sides = {top(p["actor_id"]) for p in parts if p["role"] == "authority"}
        else:  # the four's states that must speak
            states = {"RUS" if p["actor_id"] == "SUN" else p["actor_id"]: p for p in parts}
            sides = {
                "RUS" if p["actor_id"] == "SUN" else p["actor_id"]
                for p in parts
                if p["role"] in SPEAKING
            } & {state for state in states if state in FOUR}
        firms = {firm for p in parts for firm in p["via"]}
        # Claims about the occurrence that were public by then.
        said = [
            row
            for row in made["claims"]
            if row["event_id"] == name and row["about"] == "occurrence" and row["public_on"] <= day
        ]
        if not said:
            continue

        def speaker(row: Row, firms: set[str] = firms) -> str:
            who = known[row["claimant_id"]]
            if who["kind"] == "firm":  # state-owned firms in their own dealings
                own = who["state_owned"] and row["claimant_id"] in firms
                return str(who["iso3"]) if own else str(row["claimant_id"])
            return top(str(row["claimant_id"]))

        def voice(row: Row, sides: set[str] = sides, speaker: Any = speaker) -> str:
            if speaker(row) in sides:
                return f"side {speaker(row)}"
            if row["claimant_id"] == "PRESS":
                return f"press {PUBLISHER[row['source_id']]}"
            return str(row["claimant_id"])

        stance: dict[str, str] = {}
        for voices in {voice(row) for row in said}:
            turns = [
                (row["public_on"], ("retracts", "denies", "asserts").index(row["stance"]))
                for row in said
                if voice(row) == voices and row["stance"] in ("asserts", "denies", "retracts")
            ]
            if turns:  # the newest; on one day asserts wins
                stance[voices] = ("retracts", "denies", "asserts")[max(turns)[1]]
        had = {voice(row) for row in said if row["stance"] == "asserts"}
        standing = [
            row for row in said if row["stance"] == "asserts" and stance[voice(row)] == "asserts"
        ]
        own = [row for row in standing if not voice(row).startswith("side ")]
        yes = sorted(s for s in sides if stance.get(f"side {s}") == "asserts")
        no = sorted(s for s in sides if stance.get(f"side {s}") == "denies")
        origins = {
            row["origin"]
            or (
                f"press {PUBLISHER[row['source_id']]}"
                if row["claimant_id"] == "PRESS"
                else row["claimant_id"]
            )
            for row in standing
        }
        bodies = ("state", "organ", "igo", "coalition")
        rules = {
            "retracted": bool(had) and not any(stance[v] == "asserts" for v in had),
            "acknowledged": bool(sides) and yes == sorted(sides),
            "contested": bool(no) and "asserts" in stance.values(),
            "partly_acknowledged": bool(yes),
            "documented": any(row["basis"] in DOCUMENTARY for row in own),
            "assessed": any(known[row["claimant_id"]]["kind"] in bodies for row in own),
            "corroborated": len(origins) >= 2,
            "single_source": len(origins) == 1,
            "announced": any(row["stance"] == "announces" for row in said),
        }
        rung = next((rung for rung in LADDER if rules[rung]), None)
        yield (
            name,
            {
                "evidence": rung,
                "acknowledged_by": yes,
                "denied_by": no,
                "n_origins": len(origins),
            },
        )


@settings(max_examples=250, deadline=None)
@given(tables(), st.integers(-1, DAYS))
def test_the_second_reading_agrees(made: Tables, after: int) -> None:
    day = BEGIN + dt.timedelta(after)
    found = answers(made, day)
    names = ("evidence", "acknowledged_by", "denied_by", "n_origins")
    short = {event: {name: row[name] for name in names} for event, row in found.items()}
    assert short == dict(by_the_book(made, day))


# --------------------------------------------------------------------------- laws


@settings(max_examples=60, deadline=None)
@given(st.data(), tables(), st.integers(0, DAYS - 1))
def test_a_later_claim_never_changes_an_earlier_day(
    data: st.DataObject, made: Tables, after: int
) -> None:
    day = BEGIN + dt.timedelta(after)
    late = data.draw(claim(made["events"], made["actors"]))
    late["public_on"] = day + dt.timedelta(data.draw(st.integers(1, 30)))
    assert answers(plus(made, late), day) == answers(made, day)


@settings(max_examples=60, deadline=None)
@given(st.data(), tables())
def test_a_denial_never_removes_an_event(data: st.DataObject, made: Tables) -> None:
    denial = data.draw(claim(made["events"], made["actors"])) | {"stance": "denies"}
    before, after = answers(made), answers(plus(made, denial))
    assert set(before) <= set(after)
    for event, row in before.items():
        # Nor does it leave an event without evidence that had some.
        assert row["evidence"] is None or after[event]["evidence"] is not None


@settings(max_examples=80, deadline=None)
@given(st.data(), tables())
def test_independent_confirmation_never_lowers_the_ladder(
    data: st.DataObject, made: Tables
) -> None:
    """Except into `contested`, and that by the denial of a side."""
    made = made | {"actors": [*made["actors"], actor("new-body", "organ", "KOR")]}
    fresh = data.draw(claim(made["events"], made["actors"]))
    fresh |= {"claimant_id": "new-body", "stance": "asserts", "about": "occurrence"}
    event = fresh["event_id"]
    parts = [p for p in made["participants"] if p["actor_id"] != "KOR"]  # no side of its own
    made = made | {"participants": parts or [
        {"event_id": event, "actor_id": "RUS", "role": "host", "via": []}
    ]}  # fmt: skip
    before, after = answers(made).get(event), answers(plus(made, fresh))[event]
    was, now = before["evidence"] if before else None, after["evidence"]
    if now == "contested":
        assert after["denied_by"]
    elif was == "contested":
        raise AssertionError("a confirmation ended a contest")
    else:
        assert now != "retracted"
        low = -1 if was == "retracted" else STRENGTH.index(was)
        assert STRENGTH.index(now) >= low


@settings(max_examples=60, deadline=None)
@given(st.data(), tables())
def test_two_claims_of_one_origin_count_once(data: st.DataObject, made: Tables) -> None:
    one = data.draw(claim(made["events"], made["actors"]))
    one |= {"claimant_id": "car", "stance": "asserts", "about": "occurrence", "origin": "same"}
    day = BEGIN + dt.timedelta(DAYS + 1)  # the newest word of its claimant
    one |= {"public_on": day}
    first = answers(plus(made, one))[one["event_id"]]
    for other in ("car", "PRESS"):
        again = one | {"claimant_id": other, "source_id": "bbc-2"}
        second = answers(plus(made, one, again))[one["event_id"]]
        # Another claim of the press may bring back what that outlet had denied before.
        earlier = [row for row in made["claims"] if row["claimant_id"] == other]
        if not earlier:
            assert second["n_origins"] == first["n_origins"]
            assert second["evidence"] == first["evidence"]


@settings(max_examples=60, deadline=None)
@given(tables(), st.integers(0, 400))
def test_the_day_of_the_release_is_no_day_at_all(made: Tables, later: int) -> None:
    newest = max(row["public_on"] for row in made["claims"])
    assert answers(made, newest + dt.timedelta(later)) == answers(made)


@settings(max_examples=60, deadline=None)
@given(tables())
def test_history_is_what_was_known_day_by_day(made: Tables) -> None:
    voices = evidence.attribute(frames(made))
    told = evidence.history(voices)
    names = ["evidence", "acknowledged_by", "denied_by", "n_origins"]
    for row in told.to_dict("records"):
        then = evidence.known_on(voices, row["day"]).loc[row["event_id"]]
        for name in names:
            same = row[name] == then[name] or (pd.isna(row[name]) and pd.isna(then[name]))
            assert same, (name, row, then.to_dict())
    spoken = {
        (row["event_id"], pd.Timestamp(row["public_on"]))
        for row in made["claims"]
        if row["about"] == "occurrence"
    }
    assert set(zip(told["event_id"], told["day"], strict=True)) == spoken


@settings(max_examples=40, deadline=None)
@given(st.data(), tables())
def test_order_of_rows_does_not_matter(data: st.DataObject, made: Tables) -> None:
    mixed = {name: data.draw(st.permutations(rows)) for name, rows in made.items()}
    assert answers(mixed) == answers(made)
