"""Timelines: order, what changed when, days, and frames that are not ours."""

from __future__ import annotations

import pandas as pd
import pytest

import crink_events as ce
from crink_events import evidence, loading
from crink_events.timelines import COLUMNS

TROOPS = "prk-troops-russia-2024"


def of(*event_ids: str) -> pd.DataFrame:
    return pd.DataFrame({"event_id": pd.Series(event_ids, dtype="str")})


def test_columns_and_types() -> None:
    frame = ce.timeline()
    assert tuple(frame.columns) == COLUMNS
    assert str(frame["day"].dtype) == "datetime64[ms]"
    assert str(frame["claim_no"].dtype) == "Int64"
    for name in ("stance", "about", "basis", "day_is", "evidence_before", "evidence_after"):
        assert isinstance(frame[name].dtype, pd.CategoricalDtype), name
    assert list(frame["evidence_after"].cat.categories) == list(evidence.LADDER)
    assert frame.attrs["table"] == "timeline"
    assert frame.attrs["citation"] == ce.cite()


def test_order_and_completeness() -> None:
    frame = ce.timeline()
    keys = frame[["day", "event_id", "claim_no"]]
    pd.testing.assert_frame_equal(keys, keys.sort_values(keys.columns.tolist(), ignore_index=True))
    claims, events = ce.load("claims"), ce.load_events()
    assert len(frame) == claims["event_id"].isin(events["event_id"]).sum()
    assert frame["title"].notna().all()
    assert frame["claimant"].notna().all()
    press = frame[frame["claimant_id"] == "PRESS"]["claimant"]
    assert press.str.fullmatch(r"press \(.+\)").all()


def test_what_changed_and_when() -> None:
    frame = ce.timeline(of(TROOPS))
    before = frame["evidence_before"].astype("str").fillna("-")
    after = frame["evidence_after"].astype("str").fillna("-")
    turns = frame[before != after]
    assert turns["day"].dt.strftime("%Y-%m-%d").unique().tolist() == [
        "2024-10-10",
        "2024-10-16",
        "2025-04-28",
    ]
    assert set(turns["about"]) <= {"occurrence"}


def test_the_last_word_is_the_evidence_of_the_release() -> None:
    frame = ce.timeline()
    last = frame.groupby("event_id")["evidence_after"].last()
    events = ce.load_events().set_index("event_id")["evidence"]
    known = events.dropna()
    assert last[known.index].astype("str").tolist() == known.astype("str").tolist()


@pytest.mark.parametrize("day", ["2023-01-29", "2024-10-20", "2025-04-27"])
def test_a_day_cuts_and_changes_nothing_before(day: str) -> None:
    whole, cut = ce.timeline(), ce.timeline(as_of=day)
    assert cut.attrs["as_of"] == day
    expected = whole[whole["day"] <= day].reset_index(drop=True)
    pd.testing.assert_frame_equal(cut, expected)


def test_the_day_of_a_frame_holds() -> None:
    early = ce.load_events(as_of="2024-10-20", act="deploy")
    frame = ce.timeline(early)
    assert frame["day"].max() <= pd.Timestamp("2024-10-20")
    assert frame.attrs["as_of"] == "2024-10-20"


def test_frames_of_claims_give_these_claims() -> None:
    claims = ce.load("claims")
    denials = claims[(claims["event_id"] == TROOPS) & (claims["stance"] == "denies")]
    frame = ce.timeline(denials)
    assert set(frame["claim_no"]) == set(denials["claim_no"])
    assert set(frame["evidence_after"]) == {"announced", "contested"}


def test_empty_frames_are_typed() -> None:
    empty, whole = ce.timeline(of()), ce.timeline()
    assert empty.empty
    assert empty.dtypes.equals(whole.dtypes)
    assert ce.timeline(of(TROOPS), as_of="1999-01-01").dtypes.equals(whole.dtypes)


def test_frames_that_are_not_ours() -> None:
    with pytest.raises(TypeError, match="list given; a frame with the column event_id"):
        ce.timeline(["rus-prk-treaty-signed"])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a frame with a, b given"):
        ce.timeline(pd.DataFrame({"a": [1], "b": [2]}))
    with pytest.raises(TypeError, match="a frame with from_event, relation, to_event"):
        ce.timeline(ce.load("links"))
    with pytest.raises(TypeError, match="no event of ours is named 'x'"):
        ce.timeline(of("x"))
    with pytest.raises(ValueError, match="rus-prk-treaty-singed'; did you mean"):
        ce.timeline(of(TROOPS, "rus-prk-treaty-singed"))
    with pytest.raises(ValueError, match="in the future"):
        ce.timeline(as_of="2999-01-01")


def test_history_of_the_release_is_what_each_day_gives() -> None:
    known = loading.history()
    for day in known["day"].drop_duplicates().sort_values().iloc[::60]:
        then = ce.load_events(as_of=day, inactive=True).set_index("event_id")
        last = known[known["day"] <= day].groupby("event_id").tail(1).set_index("event_id")
        assert set(last.index) == set(then.index)
        then = then.loc[last.index]
        for name in ("acknowledged_by", "denied_by", "n_origins"):
            assert last[name].tolist() == then[name].tolist()
        assert last["evidence"].astype("str").equals(then["evidence"].astype("str"))
