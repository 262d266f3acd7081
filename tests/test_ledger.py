"""The ledger of coverage: every domain and dyad is there, and its zeros are earned."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import crink_events as ce
from crink_events import ledger
from tests.compiled import data_from, invented_coverage, release_with


def test_every_domain_and_dyad_is_in_the_ledger() -> None:
    frame, raw = ce.coverage(), ce.load("coverage")
    pairs = frame.groupby(["domain", "dyad"], observed=False).size()
    assert len(pairs) == 18 * 6
    assert pairs.min() == 1
    known = frame.dropna(subset="tier")
    assert len(known) == len(raw)
    names = ["domain", "dyad", "period_start"]
    pd.testing.assert_frame_equal(
        known[raw.columns].sort_values(names, ignore_index=True),
        raw.sort_values(names, ignore_index=True),
        check_flags=False,
    )


def test_the_ledger_counts_what_was_found() -> None:
    frame = ce.coverage()
    events = ce.load_events()
    arms = frame[(frame["domain"] == "arms") & (frame["dyad"] == "PRK-RUS")]
    found = events[(events["domain"] == "arms")]
    found = found[[("PRK-RUS" in dyads) for dyads in found["dyads"]]]
    columns = (arms[name] for name in ("period_start", "period_end", "n_events"))
    for first, last, n in zip(*columns, strict=True):
        assert n == found["start_date"].between(first, last).sum()
    unsearched = frame[frame["tier"].isna()]
    assert unsearched["period_start"].isna().all()
    assert unsearched["languages"].map(len).eq(0).all()


def test_text_says_what_a_zero_needs() -> None:
    lines = ledger.text(ce.coverage()).splitlines()
    assert lines[0].split() == [
        "domain", "CHN-IRN", "CHN-PRK", "CHN-RUS", "IRN-PRK", "IRN-RUS", "PRK-RUS",
    ]  # fmt: skip
    assert any(line.startswith("missile_space") for line in lines)
    assert lines[-2].startswith("systematic or targeted")


def test_several_periods_stand_below_each_other(tmp_path: Path) -> None:
    with data_from(release_with(tmp_path, "coverage", invented_coverage)):
        frame = ce.coverage()
        text = ledger.text(frame)
    several = frame.groupby(["domain", "dyad"], observed=False).size()
    assert several.max() == 3
    assert len(text.splitlines()) > 18 + 4


SPAN = st.tuples(st.integers(0, 60), st.integers(0, 30))
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["arms", "trade"]),
        st.sampled_from(["CHN-IRN", "PRK-RUS"]),
        SPAN,
        st.sampled_from(["systematic", "targeted", "opportunistic"]),
    ),
    max_size=8,
)
FIRST = dt.date(2024, 1, 1)


@given(rows=ROWS, asked=st.lists(SPAN, min_size=1, max_size=5))
def test_searched_means_every_day_was(
    rows: list[tuple[str, str, tuple[int, int], str]], asked: list[tuple[int, int]]
) -> None:
    def day(number: int) -> pd.Timestamp:
        return pd.Timestamp(FIRST + dt.timedelta(days=number))

    frame = pd.DataFrame(
        {
            "domain": pd.array([row[0] for row in rows], dtype="str"),
            "dyad": pd.array([row[1] for row in rows], dtype="str"),
            "period_start": pd.to_datetime([day(row[2][0]) for row in rows]),
            "period_end": pd.to_datetime([day(sum(row[2])) for row in rows]),
            "tier": pd.array([row[3] for row in rows], dtype="str"),
        }
    )
    first = np.array([day(start) for start, _ in asked], dtype="datetime64[ms]")
    last = np.array([day(start + length) for start, length in asked], dtype="datetime64[ms]")
    dyads, domains = ["CHN-IRN", "PRK-RUS"], ["arms", "trade"]
    found = ledger.searched(frame, dyads, domains, first, last)
    assert found.shape == (2, 2, len(asked))
    for i, dyad in enumerate(dyads):
        for j, domain in enumerate(domains):
            days = {
                start + n
                for d, p, (start, length), tier in rows
                if (d, p) == (domain, dyad) and tier in ledger.SEARCHED
                for n in range(length + 1)
            }
            for k, (start, length) in enumerate(asked):
                assert found[i, j, k] == days.issuperset(range(start, start + length + 1))
