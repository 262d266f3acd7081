"""Real events on real days, answered by hand from their claims by the codebook."""

from __future__ import annotations

import csv
from collections import Counter

import pandas as pd
import pytest

import crink_events as ce
from crink_events.evidence import LADDER
from tests.conftest import ROOT, Row

#: ``evidence`` is blank where the event is public and nothing established, and "not public" before.
with (ROOT / "tests" / "worked_cases.csv").open(encoding="utf-8", newline="") as _file:
    CASES: list[Row] = list(csv.DictReader(_file))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['event_id']} {case['day']}")
def test_case(case: Row) -> None:
    events = ce.load_events(as_of=case["day"]).set_index("event_id")
    if case["evidence"] == "not public":
        assert case["event_id"] not in events.index
        return
    found = events.loc[case["event_id"]]
    assert ("" if pd.isna(found["evidence"]) else found["evidence"]) == case["evidence"]
    assert ";".join(found["acknowledged_by"]) == case["acknowledged_by"]
    assert ";".join(found["denied_by"]) == case["denied_by"]
    assert found["n_origins"] == int(case["n_origins"])


def test_every_rung_is_met() -> None:
    met = Counter(case["evidence"] for case in CASES)
    assert set(met) == {*LADDER, "", "not public"}
    assert len(CASES) >= 28
    assert all(case["why"] for case in CASES)
    keys = [(case["event_id"], case["day"]) for case in CASES]
    assert keys == list(dict.fromkeys(keys))


def test_card_and_timeline_give_the_same_answers() -> None:
    """Three ways lead to the evidence of a day: the frame, the card, and the timeline."""
    for case in CASES:
        if case["evidence"] == "not public":
            with pytest.raises(KeyError, match="was public on"):
                ce.event(case["event_id"], as_of=case["day"])
            continue
        card = ce.event(case["event_id"], as_of=case["day"])
        assert (card.evidence or "") == case["evidence"]
        assert (card.history[-1]["evidence"] or "") == case["evidence"]
        assert ";".join(card.history[-1]["denied_by"]) == case["denied_by"]
        said = ce.timeline(pd.DataFrame({"event_id": [case["event_id"]]}), as_of=case["day"])
        newest = said["evidence_after"].iloc[-1]
        assert ("" if pd.isna(newest) else newest) == case["evidence"]
