"""Co-voting: alike, opposite, apart; by body and subject; as of a day; and never in the panel."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import crink_events as ce
from crink_events.roles import FOUR, VOTING
from crink_events.votes import CHOICES, COUNTS, _compare

DYADS = [f"{one}-{two}" for one, two in combinations(FOUR, 2)]


def one(frame: pd.DataFrame, dyad: str, **values: Any) -> dict[str, int]:
    for name, value in (values | {"dyad": dyad}).items():
        frame = frame[frame[name] == value]
    assert len(frame) == 1
    return {name[2:]: int(frame[name].iloc[0]) for name in COUNTS}


def test_one_vote() -> None:
    """On 24 February 2025 China abstained; Russia and North Korea voted against."""
    day: dict[str, Any] = {"since": "2025-02-24", "until": "2025-02-24", "body": "UNGA"}
    frame = ce.covoting(**day)
    assert len(frame) == 6
    assert one(frame, "PRK-RUS") == {"votes": 1, "alike": 1, "opposite": 0, "apart": 0, "absent": 0}
    assert one(frame, "CHN-RUS") == {"votes": 1, "alike": 0, "opposite": 0, "apart": 1, "absent": 0}
    assert one(frame, "CHN-PRK") == {"votes": 1, "alike": 0, "opposite": 0, "apart": 1, "absent": 0}
    assert one(frame, "IRN-PRK") == {"votes": 0, "alike": 0, "opposite": 0, "apart": 0, "absent": 0}


def test_a_veto_is_a_vote_against() -> None:
    """In March 2024 Russia vetoed the panel of experts and China abstained."""
    frame = ce.covoting(since="2024-03-28", until="2024-03-28")
    assert one(frame, "CHN-RUS") == {"votes": 1, "alike": 0, "opposite": 0, "apart": 1, "absent": 0}
    both = ce.covoting(since="2022-05-26", until="2022-05-26")  # both vetoed the draft
    assert one(both, "CHN-RUS") == {"votes": 1, "alike": 1, "opposite": 0, "apart": 0, "absent": 0}


def test_by_body_and_subject() -> None:
    total = ce.covoting()
    by = ce.covoting(by=["body", "subject"])
    assert not by.duplicated(["dyad", "body", "subject"]).any()
    assert set(by.groupby(["body", "subject"]).size()) == {6}
    for groups in ("body", "subject"):
        part = ce.covoting(by=groups)
        sums = part.groupby("dyad", observed=False)[list(COUNTS)].sum()
        assert sums.to_dict() == total.set_index("dyad")[list(COUNTS)].to_dict()
    assert one(by, "CHN-PRK", body="UNSC", subject="PRK")["votes"] == 0
    assert one(by, "CHN-RUS", body="UNSC", subject="PRK") == one(
        ce.covoting(body="UNSC", subject="PRK"), "CHN-RUS"
    )


def test_votes_before_the_window_count_and_days_bound_them() -> None:
    frames = [ce.covoting(until="2021"), ce.covoting(since="2022")]
    sums = sum(frame.set_index("dyad")[list(COUNTS)] for frame in frames)
    assert isinstance(sums, pd.DataFrame)
    pd.testing.assert_frame_equal(
        sums, ce.covoting().set_index("dyad")[list(COUNTS)], check_flags=False
    )


def test_as_of_a_day_only_what_was_known_then() -> None:
    early, late = ce.covoting(as_of="2022-02-28"), ce.covoting(as_of="2022-04-30")
    assert one(early, "PRK-RUS")["votes"] == 0
    assert one(late, "PRK-RUS")["votes"] > 0
    assert late.attrs["as_of"] == "2022-04-30"
    for name in COUNTS:
        assert (early[name] <= late[name]).all()


def test_voting_alike_is_no_act_of_a_dyad() -> None:
    """North Korea and Russia voted alike; the panel counts North Korea with the subject, Russia."""
    asked: dict[str, Any] = {"since": "2022-03-02", "until": "2022-03-02"}
    assert one(ce.covoting(**asked), "CHN-PRK")["votes"] == 1
    panel = ce.panel("M", act="vote", **asked).set_index("dyad")
    assert panel["n_broad"].isna().loc["CHN-PRK"]
    assert panel.loc["PRK-RUS", "n_broad"] == 1


def test_types_and_keys() -> None:
    frame = ce.covoting(by="body")
    assert list(frame["dyad"].cat.categories) == DYADS
    assert {str(frame[name].dtype) for name in COUNTS} == {"Int64"}
    assert (frame["ccode1"] < frame["ccode2"]).all()
    empty = ce.covoting(since="2090", by="body")
    assert empty.empty
    assert empty.dtypes.equals(frame.dtypes)
    assert ce.covoting(since="2090")["n_votes"].eq(0).all()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"by": "vote"}, "valid are body, subject"),
        ({"by": []}, "empty list"),
        ({"body": "UNSG"}, 'did you mean "UNSC"'),
        ({"body": []}, "empty list"),
        ({"subject": "RUSS"}, 'did you mean "RUS"'),
        ({"since": "2024", "until": "2023"}, "is after until"),
        ({"as_of": "2999-01-01"}, "future"),
    ],
)
def test_wrong_words(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ce.covoting(**asked)


def test_every_voting_role_is_a_choice() -> None:
    assert set(CHOICES) == VOTING


VOTES = st.dictionaries(st.sampled_from([*FOUR, "USA"]), st.sampled_from(sorted(VOTING)))


@given(votes=st.lists(VOTES, max_size=5))
def test_every_two_that_voted_are_compared_once(votes: list[dict[str, str]]) -> None:
    rows = [(f"v{n}", actor, role) for n, vote in enumerate(votes) for actor, role in vote.items()]
    columns = ["event_id", "actor_id", "role"]
    parts = pd.DataFrame(rows, columns=columns).astype("str")
    found = _compare(parts)
    pairs = [
        (n, f"{a}-{b}", CHOICES[vote[a]], CHOICES[vote[b]])
        for n, vote in enumerate(votes)
        for a, b in combinations(FOUR, 2)
        if a in vote and b in vote
    ]
    assert len(found) == len(pairs)
    assert found["n_absent"].sum() == sum("absent" in pair[2:] for pair in pairs)
    cast = [pair for pair in pairs if "absent" not in pair[2:]]
    assert found["n_votes"].sum() == len(cast)
    assert found["n_alike"].sum() == sum(a == b for *_, a, b in cast)
    assert found["n_opposite"].sum() == sum({a, b} == {"for", "against"} for *_, a, b in cast)
    parts_of = found[["n_alike", "n_opposite", "n_apart"]].sum(axis=1)
    assert (parts_of == found["n_votes"]).all()
