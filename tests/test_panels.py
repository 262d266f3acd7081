"""Panels: balance, cuts, directions, zeros and missing values, and words that are not valid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import crink_events as ce
from crink_events import counts, evidence, panels
from crink_events.counts import CATEGORIES, CUTS, FLAGS, MEASURES, UNITS
from crink_events.roles import DIRECTED, FOUR, MUTUAL, SUBJECTS_PAIR, VOTING
from tests.compiled import data_from, invented_coverage, release_with

EXTENSION = Path(__file__).parent / "extension"
SIZES = {"dyad": 6, "directed_dyad": 12, "actor": 4}
DYADS = [f"{one}-{two}" for one, two in combinations(FOUR, 2)]
KEYS = {
    "dyad": ["iso3_1", "iso3_2"],
    "directed_dyad": ["iso3_1", "iso3_2"],
    "actor": ["iso3"],
}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Give this dataset with a ledger in which some cells are zeros."""
    folder = release_with(tmp_path_factory.mktemp("panels"), "coverage", invented_coverage)
    with data_from(folder):
        yield folder


def total(frame: pd.DataFrame, name: str = "n_broad") -> int:
    return int(frame[name].fillna(0).sum())


def row(frame: pd.DataFrame, **values: Any) -> pd.Series:
    for name, value in values.items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return frame.iloc[0]


# --------------------------------------------------------------------------- shape


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(("freq", "periods"), [("Y", 3), ("Q", 12), ("M", 36)])
def test_every_unit_has_every_period(unit: str, freq: str, periods: int) -> None:
    frame = ce.panel(freq, unit, since="2022", until="2024")
    assert len(frame) == SIZES[unit] * periods
    assert not frame.duplicated([*KEYS[unit], "period_start"]).any()
    assert frame.groupby(KEYS[unit]).size().eq(periods).all()
    assert ("quarter" in frame, "month" in frame) == (freq == "Q", freq == "M")
    assert frame["complete"].all()


def test_types_and_keys() -> None:
    frame = ce.panel("M", since="2024", until="2024")
    names = [
        "dyad", "iso3_1", "iso3_2", "ccode1", "ccode2", "gwcode1", "gwcode2", "year", "month",
        "period_start", "period_end", *MEASURES, "covered", "complete",
    ]  # fmt: skip
    assert list(frame.columns) == names
    assert list(frame["dyad"].cat.categories) == DYADS
    assert {str(frame[name].dtype) for name in MEASURES} == {"Int64"}
    assert {str(frame[n].dtype) for n in ("ccode1", "gwcode2", "year", "month")} == {"int64"}
    assert {str(frame[n].dtype) for n in ("period_start", "period_end")} == {"datetime64[ms]"}
    assert {str(frame[n].dtype) for n in ("iso3_1", "iso3_2")} == {"str"}
    assert {str(frame[n].dtype) for n in ("covered", "complete")} == {"bool"}
    by = ce.panel("M", since="2024", until="2024", by="act")
    assert list(by["act"].cat.categories) == list(ce.load_events()["act"].cat.categories)
    actors = ce.panel(unit="actor", since="2024", until="2024")
    assert dict(zip(actors["iso3"], actors["ccode"], strict=True)) == {
        "RUS": 365, "IRN": 630, "CHN": 710, "PRK": 731,
    }  # fmt: skip
    assert (actors["ccode"] == actors["gwcode"]).all()


def test_the_first_side_of_a_dyad_has_the_lower_cow_number() -> None:
    frame = ce.panel(since="2024")
    assert (frame["ccode1"] < frame["ccode2"]).all()
    assert frame.sort_values(["ccode1", "ccode2", "year"]).index.equals(frame.index)
    chosen = row(frame, dyad="CHN-IRN", year=2024)
    assert (chosen["iso3_1"], chosen["iso3_2"]) == ("IRN", "CHN")


def test_attrs_say_how_it_was_made() -> None:
    frame = ce.panel(
        "Q", "actor", by="act", since="2020", until="2024-10-15", as_of="2024-10-31",
        domain="arms", dyad="rus-prk",
    )  # fmt: skip
    attrs = frame.attrs
    told = {name: attrs[name] for name in ("freq", "unit", "by", "since", "until", "as_of")}
    assert told == {
        "freq": "Q",
        "unit": "actor",
        "by": "act",
        "since": "2020-01-01",
        "until": "2024-10-15",
        "as_of": "2024-10-31",
    }
    assert attrs["filters"] == {"domain": ["arms"], "dyad": ["PRK-RUS"]}
    assert attrs["version"] == ce.__version__
    assert attrs["version"] in attrs["citation"]
    assert attrs["cuts"]["n_strict"] == ["acknowledged", "documented"]
    assert "status lapsed" in attrs["left_out"]
    assert ce.panel(since="2026", proposed=True).attrs["left_out"] == []


def test_without_bounds_the_window_of_the_codebook_and_what_is_known() -> None:
    attrs = ce.panel().attrs
    assert attrs["since"] == "2000-01-01"
    newest = max(ce.load("coverage")["period_end"].max(), ce.load_events()["start_date"].max())
    assert attrs["until"] == str(newest.date())
    assert ce.panel(as_of="2024-10-31").attrs["until"] == "2024-10-31"
    last = ce.panel(as_of="2024-10-31")
    assert not row(last, dyad="PRK-RUS", year=2024)["complete"]
    assert row(last, dyad="PRK-RUS", year=2023)["complete"]


def test_years_and_months_stand_for_their_days() -> None:
    short = ce.panel("M", since="2022-02", until="2024")
    long = ce.panel("M", since="2022-02-01", until="2024-12-31")
    pd.testing.assert_frame_equal(short, long)
    assert ce.panel(until="2024-02", since="2024").attrs["until"] == "2024-02-29"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("freq", ["Y", "M"])
@pytest.mark.parametrize("by", [None, "domain"])
def test_empty_panels_are_typed(freq: str, unit: str, by: str | None) -> None:
    empty = ce.panel(freq, unit, by=by, since="2090")
    assert empty.empty
    assert empty.dtypes.equals(ce.panel(freq, unit, by=by, since="2026").dtypes)
    assert ce.panel(freq, unit, by=by, as_of="1999-12-31").empty


# --------------------------------------------------------------------------- what is counted


def test_an_act_is_counted_in_the_period_in_which_it_begins() -> None:
    """Russia's ratification of the treaty ran from October to November 2024."""
    frame = ce.panel("M", act="ratify", dyad="PRK-RUS", since="2024-10", until="2024-12")
    october, november, december = (row(frame, month=month) for month in (10, 11, 12))
    assert (october["n_broad"], october["n_crossing"]) == (1, 1)
    assert (november["n_broad"], november["n_crossing"]) == (1, 0)  # North Korea's own
    assert pd.isna(december["n_broad"])
    assert pd.isna(december["n_crossing"])
    yearly = ce.panel(act="ratify", dyad="PRK-RUS", since="2024", until="2024")
    assert (yearly["n_broad"].iloc[0], yearly["n_crossing"].iloc[0]) == (2, 0)


def test_what_is_under_way_crosses_its_period() -> None:
    frame = ce.panel("Y", domain="arms", act="transfer", dyad="PRK-RUS", since="2022", until="2022")
    assert frame["n_crossing"].iloc[0] >= 1  # munitions, first reported in November 2022


def test_plans_are_left_out_unless_asked_for() -> None:
    """Three-way drills were proposed in July 2023 and never held."""
    asked: dict[str, Any] = {"act": "exercise", "since": "2023-07", "until": "2023-07"}
    frame = ce.panel("M", dyad=["CHN-PRK", "PRK-RUS"], **asked)
    assert frame["n_proposed"].tolist() == [1, 1]
    assert frame["n_broad"].isna().all()
    counted = ce.panel("M", dyad=["CHN-PRK", "PRK-RUS"], proposed=True, **asked)
    assert counted["n_broad"].tolist() == [1, 1]
    assert counted["n_multilateral"].tolist() == [1, 1]


def test_what_had_only_been_announced_by_a_day_is_a_plan_on_that_day() -> None:
    """The visit of June 2024 was announced a day ahead."""
    asked: dict[str, Any] = {"dyad": "PRK-RUS", "since": "2024-06", "until": "2024-06"}
    before = ce.panel("M", act="meet", as_of="2024-06-17", **asked)
    assert before["n_proposed"].iloc[0] == 1
    after = ce.panel("M", act="meet", **asked)
    assert after["n_broad"].iloc[0] > (0 if pd.isna(n := before["n_broad"].iloc[0]) else n)


def test_a_count_as_of_a_day_is_what_was_known_then() -> None:
    """Troops in Russia: contested while Russia's side denied, acknowledged half a year later."""
    asked: dict[str, Any] = {
        "act": "deploy",
        "dyad": "PRK-RUS",
        "since": "2024-10",
        "until": "2024-10",
    }
    unknown, contested, acknowledged = (
        ce.panel("M", as_of=day, **asked).iloc[0]
        for day in ("2024-10-01", "2024-10-31", "2025-04-28")
    )
    assert pd.isna(unknown["n_broad"])
    assert (contested["n_broad"], contested["n_contested"]) == (1, 1)
    assert pd.isna(contested["n_strict"])
    assert (acknowledged["n_strict"], acknowledged["n_contested"]) == (1, 0)


def test_multilateral_acts_are_in_each_dyad_once_and_flagged() -> None:
    """China, Iran and Russia drilled together in the Gulf of Oman in March 2024."""
    asked: dict[str, Any] = {"act": "exercise", "since": "2024-03", "until": "2024-03"}
    frame = ce.panel("M", **asked).set_index("dyad")
    for dyad in ("CHN-IRN", "CHN-RUS", "IRN-RUS"):
        assert frame.loc[dyad, "n_multilateral"] == 1
    actors = ce.panel("M", "actor", **asked).set_index("iso3")
    assert actors.loc[["CHN", "IRN", "RUS"], "n_multilateral"].tolist() == [1, 1, 1]
    ways = ce.panel("M", "directed_dyad", **asked)
    assert total(ways, "n_multilateral") == 6


def test_withdrawn_records_do_not_count(tmp_path: Path) -> None:
    name = "rus-prk-treaty-signed"

    def withdraw(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        return [r | ({"record_status": "withdrawn"} if r["event_id"] == name else {}) for r in rows]

    asked: dict[str, Any] = {
        "act": "sign",
        "dyad": "PRK-RUS",
        "since": "2024-06",
        "until": "2024-06",
    }
    before = total(ce.panel("M", **asked))
    with data_from(release_with(tmp_path, "events", withdraw)):
        assert total(ce.panel("M", **asked)) == before - 1


# --------------------------------------------------------------------------- directions


@pytest.mark.parametrize(
    ("act", "first", "second"),
    [("transfer", "PRK", "RUS"), ("deploy", "PRK", "RUS"), ("transfer", "IRN", "RUS")],
)
def test_one_sided_acts_go_one_way(act: str, first: str, second: str) -> None:
    """North Korea's troops and shells, and Iran's drones, went to Russia and not back."""
    frame = ce.panel(unit="directed_dyad", act=act, since="2022", until="2024")
    there = frame[(frame["iso3_1"] == first) & (frame["iso3_2"] == second)]
    assert total(there) > 0
    events = ce.load_events(act=act, since="2022-01-01", until="2024-12-31")
    pair = "-".join(sorted([first, second]))
    events = events[[pair in dyads for dyads in events["dyads"]]]
    parts = ce.load("participants")
    giving = parts[parts["role"].isin(["supplier", "sender"]) & (parts["actor_id"] == first)]
    given = events[events["event_id"].isin(giving["event_id"]) & counts.done(events)]
    assert total(there) == given["start_date"].between("2022-01-01", "2024-12-31").sum()


def test_the_sum_of_ways_is_not_symmetric() -> None:
    frame = ce.panel(unit="directed_dyad", act="deploy", since="2024", until="2024")
    sums = frame.groupby(["iso3_1", "iso3_2"])["n_broad"].sum()
    assert sums["PRK", "RUS"] > sums["RUS", "PRK"] == 0
    for act in ("meet", "sign", "exercise", "patrol"):
        frame = ce.panel(unit="directed_dyad", act=act)
        sums = frame.groupby(["iso3_1", "iso3_2"])["n_broad"].sum()
        assert all(sums[a, b] == sums[b, a] for a, b in combinations(FOUR, 2)), act


def test_votes_go_from_voter_to_subject() -> None:
    frame = ce.panel(unit="directed_dyad", act="vote", by="valence")
    sums = frame.groupby(["iso3_1", "iso3_2"])["n_broad"].sum()
    assert sums["CHN", "PRK"] > 0  # in the Security Council
    assert sums["PRK", "CHN"] == 0  # there is no vote about China


ROLES = sorted(MUTUAL | VOTING | {"guest", "subject", "observer", "authority", "transit"})
ACTS = ["transfer", "vote", "meet", "designate", "exercise"]
PARTS = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from([*FOUR, "SUN", "USA"]), st.sampled_from(ROLES)),
    max_size=24,
)


@cache
def every_unit() -> dict[str, pd.DataFrame]:
    return {unit: counts.units(unit, None, ce.load("actors")) for unit in UNITS}


@settings(max_examples=100, deadline=None)
@given(parts=PARTS, acts=st.lists(st.sampled_from(ACTS), min_size=5, max_size=5))
def test_directions_follow_the_table_of_roles(
    parts: list[tuple[int, str, str]], acts: list[str]
) -> None:
    events = pd.DataFrame({"event_id": [f"e-{n}" for n in range(5)], "act": acts})
    columns = {"event_id": "str", "actor_id": "str", "role": "str"}
    participants = pd.DataFrame(
        [(f"e-{n}", actor, role) for n, actor, role in parts], columns=list(columns)
    ).astype(columns)
    dyads = evidence.dyads(events, participants)
    events["dyads"] = [dyads.get(name, []) for name in events["event_id"]]
    found = counts.directions(events, participants)
    assert not found.duplicated().any()
    ways = set(zip(found["event"], found["iso3_1"], found["iso3_2"], strict=True))
    held: dict[tuple[int, str], set[str]] = {}
    for n, actor, role in parts:
        held.setdefault((n, actor.replace("SUN", "RUS")), set()).add(role)
    expected = set()
    for n, pairs in enumerate(events["dyads"]):
        for pair in pairs:
            one, two = pair.split("-")
            goes = {
                (a, b)
                for a, b in ((one, two), (two, one))
                for first in held[n, a]
                for second in held[n, b]
                if (first, second) in DIRECTED
            }
            expected |= {(n, a, b) for a, b in goes or {(one, two), (two, one)}}
    assert ways == expected
    tied = {unit: counts.ties(unit, events, participants, of) for unit, of in every_unit().items()}
    assert not any(frame.duplicated().any() for frame in tied.values())
    assert len(tied["dyad"]) == sum(map(len, events["dyads"]))


def test_directed_roles_are_roles_that_pair() -> None:
    pairing = MUTUAL | VOTING | {"guest", "subject"}
    assert {role for pair in DIRECTED for role in pair} <= pairing
    assert not any((two, one) in DIRECTED for one, two in DIRECTED)
    assert "vote" not in SUBJECTS_PAIR


# --------------------------------------------------------------------------- zero or missing


@pytest.mark.usefixtures("ledger")
def test_zero_where_all_was_searched_and_missing_elsewhere() -> None:
    frame = ce.panel("Y", by="domain", since="2000", until="2026-06-30")
    found = frame["n_broad"].fillna(0) > 0
    assert (frame.loc[frame["covered"] & ~found, "n_broad"] == 0).all()
    assert frame.loc[~frame["covered"] & ~found, "n_broad"].isna().all()
    assert (~frame["covered"] & found).any(), "what was found stands where nobody searched, too"
    for name in (*CUTS, "n_proposed"):
        assert not (~frame["covered"] & (frame[name] == 0)).any(), name
        assert frame.loc[frame["covered"], name].notna().all(), name
    for name in FLAGS:
        assert (frame[name].isna() == frame["n_broad"].isna()).all(), name


@pytest.mark.usefixtures("ledger")
def test_a_total_is_a_zero_only_if_every_domain_and_dyad_was_searched() -> None:
    years: dict[str, Any] = {"since": "2000", "until": "2026-06-30"}
    dyads = ce.panel(**years)
    assert dyads.loc[dyads["dyad"] == "CHN-RUS", "covered"].all()
    assert not dyads.loc[dyads["dyad"] == "IRN-PRK", "covered"].any()
    touching = dyads[(dyads["dyad"] == "PRK-RUS")].set_index("year")["covered"]
    assert touching.loc[2012:].all(), "two tiers that touch leave no gap"
    assert not touching.loc[:2011].any()
    defence = ce.panel(unit="actor", domain="defence", **years)
    assert defence["covered"].all()
    assert not ce.panel(unit="actor", domain=["defence", "arms"], **years)["covered"].all()
    pair = ce.panel(unit="actor", dyad="CHN-RUS", **years)
    assert pair["covered"].all(), "only the searches of the pairs that count matter"
    assert not ce.panel(domain="defence", since="2000", until="2026-12-31")["covered"].all()


def test_what_was_not_searched_is_never_zero_in_the_release() -> None:
    frame = ce.panel("M", by="domain")
    known = ce.coverage()
    searched = known[known["tier"].isin(["systematic", "targeted"])]
    pairs = set(zip(searched["domain"], searched["dyad"], strict=True))
    zero = frame[frame["n_broad"] == 0]
    assert set(zip(zero["domain"], zero["dyad"], strict=True)) <= pairs


# --------------------------------------------------------------------------- properties

LAST = dt.date(2026, 11, 20)
DAYS = st.dates(min_value=dt.date(1999, 6, 1), max_value=LAST)
DOMAINS = st.none() | st.lists(
    st.sampled_from(["defence", "arms", "political", "sanctions", "cyber"]), min_size=1, unique=True
)
#: A long span in some examples, six years at most in the others: balanced panels grow fast.
SPANS = st.tuples(DAYS, st.integers(0, 6 * 366) | st.just(9999)).map(
    lambda pair: [pair[0], min(pair[0] + dt.timedelta(days=pair[1]), LAST)]
)
PROPERTIES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.usefixtures("ledger")
@PROPERTIES
@given(
    freq=st.sampled_from(panels.FREQUENCIES),
    unit=st.sampled_from(UNITS),
    by=st.none() | st.sampled_from(CATEGORIES),
    span=SPANS,
    domain=DOMAINS,
    as_of=st.none() | DAYS,
    proposed=st.booleans(),
)
def test_properties(
    freq: str,
    unit: str,
    by: str | None,
    span: list[Any],
    domain: list[str] | None,
    as_of: Any,
    proposed: bool,
) -> None:
    since, until = span
    asked: dict[str, Any] = {
        "since": since, "until": until, "domain": domain, "as_of": as_of, "proposed": proposed,
    }  # fmt: skip
    frame = ce.panel(freq, unit, by=by, **asked)
    # Balanced, each cell once.
    periods = len(pd.period_range(since, until, freq=freq))
    names = len(frame[by].cat.categories) if by else 1
    names = len(domain) if by == "domain" and domain else names
    assert len(frame) == SIZES[unit] * periods * names
    keys = [*KEYS[unit], "period_start", *([by] if by else [])]
    assert not frame.duplicated(keys).any()
    # Wider cuts hold narrower ones, and flags are part of what they flag.
    n = frame[list(MEASURES)].fillna(0)
    assert (n["n_strict"] <= n["n_standard"]).all()
    assert (n["n_standard"] <= n["n_broad"]).all()
    for name in FLAGS:
        assert (n[name] <= n["n_broad"]).all(), name
    if proposed:
        assert (n["n_proposed"] <= n["n_broad"]).all()
    # Categories add up to the total, and so do periods to the whole span.
    whole = ce.panel(freq, unit, **asked)
    cell = [*KEYS[unit], "period_start"]
    sums = frame.groupby(cell)[list(MEASURES)].sum()
    pd.testing.assert_frame_equal(sums, whole.fillna(0).groupby(cell)[list(MEASURES)].sum())
    # Every act is there once: in n_broad, or in n_proposed.
    events = ce.load_events(as_of=as_of, domain=domain)
    events = events[events["start_date"].between(pd.Timestamp(since), pd.Timestamp(until))]
    if unit == "dyad":
        seen = events["dyads"].explode().dropna().value_counts()
        there = n["n_broad"] + (0 if proposed else n["n_proposed"])
        told = there.groupby(frame["dyad"], observed=False).sum()
        assert {k: int(v) for k, v in told.items() if v} == seen.to_dict()
    # A way holds at most what its dyad holds, and the two ways together at least that.
    if unit == "directed_dyad":
        pair = ce.panel(freq, "dyad", **asked)
        for dyad in DYADS:
            count = total(pair[pair["dyad"] == dyad])
            ways = whole[whole["dyad"] == dyad]
            sides = [total(ways[ways["iso3_1"] == side]) for side in dyad.split("-")]
            assert max(sides) <= count <= sum(sides)


@pytest.mark.usefixtures("ledger")
@PROPERTIES
@given(
    dyads=st.lists(st.sampled_from(DYADS), min_size=1, max_size=4),
    freq=st.sampled_from(panels.FREQUENCIES),
    span=SPANS,
)
def test_a_reversed_pair_is_the_same_pair(dyads: list[str], freq: str, span: list[Any]) -> None:
    turned = ["-".join(reversed(dyad.split("-"))) for dyad in dyads]
    for unit in ("dyad", "actor"):
        one = ce.panel(freq, unit, dyad=dyads, since=span[0], until=span[1])
        two = ce.panel(freq, unit, dyad=turned, since=span[0], until=span[1])
        pd.testing.assert_frame_equal(one, two)


def test_of_directed_dyads_a_reversed_pair_is_the_other_way() -> None:
    there = ce.panel(unit="directed_dyad", dyad="PRK-RUS", act="transfer")
    back = ce.panel(unit="directed_dyad", dyad="RUS-PRK", act="transfer")
    assert set(there["iso3_1"]) == {"PRK"}
    assert set(back["iso3_1"]) == {"RUS"}
    assert total(there) != total(back)
    both = ce.panel(unit="directed_dyad", dyad=["PRK-RUS", "sun-prk"], act="transfer")
    assert total(both) == total(there) + total(back)


@pytest.mark.usefixtures("ledger")
@PROPERTIES
@given(days=st.tuples(DAYS, DAYS, DAYS).map(sorted), unit=st.sampled_from(UNITS))
def test_two_spans_add_up(days: list[Any], unit: str) -> None:
    first, middle, last = map(pd.Timestamp, days)
    parts = [ce.panel("M", unit, since=first, until=middle)]
    if middle < last:
        parts.append(ce.panel("M", unit, since=middle + pd.Timedelta(days=1), until=last))
    whole = ce.panel("M", unit, since=first, until=last)
    for name in (*CUTS, "n_proposed"):
        assert sum(total(part, name) for part in parts) == total(whole, name)


# --------------------------------------------------------------------------- bad input

BAD: list[tuple[dict[str, Any], str]] = [
    ({"freq": "W"}, "valid are Y, Q, M"),
    ({"freq": None}, "valid are Y, Q, M"),
    ({"unit": "dyads"}, "valid are dyad, directed_dyad, actor"),
    ({"by": "role"}, "valid are act, domain, valence"),
    ({"by": ["act"]}, "valid are act, domain, valence"),
    ({"dyad": "RUS-DPRK"}, 'did you mean "PRK-RUS"'),
    ({"dyad": "RUS-DPRK", "unit": "directed_dyad"}, 'did you mean "RUS-PRK"'),
    ({"dyad": "RUS-DPRK", "unit": "actor"}, 'did you mean "PRK-RUS"'),
    ({"dyad": "CHN-CHN"}, "dyad"),
    ({"dyad": 3}, "dyad"),
    ({"dyad": []}, "dyad is an empty list"),
    ({"act": ()}, "act is an empty list"),
    ({"act": "transfers"}, 'did you mean "transfer"'),
    ({"domain": []}, "domain is an empty list"),
    ({"domain": ["arms", "defense"]}, 'did you mean "defence"'),
    ({"valence": "Friction"}, 'did you mean "friction"'),
    ({"since": "2024", "until": "2023"}, "since 2024 is after until 2023"),
    ({"until": "1999"}, "give since as well"),
    ({"since": "2024-13"}, "YYYY-MM-DD"),
    ({"since": "June"}, "YYYY-MM-DD"),
    ({"until": 2024}, "YYYY-MM-DD"),
    ({"as_of": "2999-01-01"}, "future"),
    ({"as_of": "soon"}, "YYYY-MM-DD"),
    ({"extra": 3}, "folder"),
]


@pytest.mark.parametrize(("asked", "told"), BAD)
def test_wrong_words(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ce.panel(**asked)


def test_rows_of_an_extension_count_beside_the_release() -> None:
    """The example has a drill of 2 July 2024 of Russia and North Korea."""
    asked: dict[str, Any] = {"dyad": "PRK-RUS", "since": "2024-07", "until": "2024-07"}
    release = ce.panel("M", act="exercise", **asked)
    beside = ce.panel("M", act="exercise", extra=EXTENSION, **asked)
    assert total(beside) == total(release) + 1
    assert list(beside.columns) == list(release.columns)
    assert list(beside.attrs["extensions"]) == ["example-lab"]
    net = ce.network(act="exercise", extra=EXTENSION, **asked)
    assert total(net.edges) == total(beside)


def test_text_leaves_out_what_is_not_known() -> None:
    text = panels.text(ce.panel("Q", "directed_dyad", act="transfer", since="2023", until="2024"))
    lines = text.splitlines()
    assert lines[0].split() == [
        "RUS>IRN", "RUS>CHN", "RUS>PRK", "IRN>RUS", "IRN>CHN", "IRN>PRK",
        "CHN>RUS", "CHN>IRN", "CHN>PRK", "PRK>RUS", "PRK>IRN", "PRK>CHN",
    ]  # fmt: skip
    assert lines[-1].startswith("strict/standard/broad")
    assert all(set(line.split()[1:]) != {"."} for line in lines[1:-2])
    assert "2024-06 sign" in panels.text(ce.panel("M", by="act", since="2024", until="2024"))
    assert panels.text(ce.panel(since="2090"))
