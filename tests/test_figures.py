"""Claimants' figures side by side, and what is never summed."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import crink_events as ce
from crink_events import figures
from crink_events.figures import COLUMNS


def made(*rows: dict[str, Any]) -> pd.DataFrame:
    """Invent rows of figures on the form of the real ones."""
    blank: dict[str, Any] = {
        "item": "ships",
        "claimant_id": "RUS-MOD",
        "event_id": "a",
        "measure": "vessels",
    }
    blank |= {"unit": "item", "aggregation": "this_event", "low": None, "best": None, "high": None}
    blank |= {"period_start": pd.NaT, "period_end": pd.NaT, "quantity_no": 1}
    frame = pd.DataFrame([blank | row for row in rows])
    kinds: dict[str, Any] = dict.fromkeys(["low", "best", "high"], "float64")
    kinds |= dict.fromkeys(["period_start", "period_end"], "datetime64[ms]")
    return frame.astype(kinds)


def flow(event: str, start: str | None, end: str, best: float, **more: Any) -> dict[str, Any]:
    period = {"period_start": pd.Timestamp(start) if start else pd.NaT}
    return {"event_id": event, "aggregation": "flow", "best": best, **more} | period | {
        "period_end": pd.Timestamp(end)
    }  # fmt: skip


def test_figures_stand_side_by_side_in_the_order_of_publication() -> None:
    frame = ce.quantities("troops", event="prk-troops-russia-2024")
    assert list(frame.columns) == list(COLUMNS)
    assert frame["claimant_id"].nunique() > 2
    assert frame["public_on"].is_monotonic_increasing
    assert set(frame["unit"]) == {"person"}
    raw = ce.load("quantities")
    raw = raw[(raw["item"] == "troops") & (raw["event_id"] == "prk-troops-russia-2024")]
    assert len(frame) == len(raw)
    for name in ("low", "best", "high"):  # as they were stated
        assert sorted(frame[name].dropna()) == sorted(raw[name].dropna())


def test_units_are_kept() -> None:
    frame = ce.quantities("trade_turnover")
    assert {"USD", "CNY"} <= set(frame["unit"])
    stated = ce.load("quantities").query("item == 'trade_turnover'")
    assert frame["unit"].value_counts().to_dict() == stated["unit"].value_counts().to_dict()


def test_filters() -> None:
    asked = ce.quantities("artillery_shells", dyad="RUS-PRK", claimant=["KOR-NIS", "KOR-MND"])
    assert set(asked["claimant_id"]) == {"KOR-NIS", "KOR-MND"}
    assert set(asked["event_id"]) == {"prk-munitions-transfer-rus"}
    early = ce.quantities("artillery_shells", as_of="2023-10-31")
    assert (early["public_on"] <= "2023-10-31").all()
    assert 0 < len(early) < len(ce.quantities("artillery_shells"))


def test_empty_results_are_typed() -> None:
    full, empty = ce.quantities("troops"), ce.quantities("troops", claimant="IRN-MFA")
    assert empty.empty
    assert empty.dtypes.equals(full.dtypes)
    assert ce.quantities("troops", as_of="1999-01-01").empty
    assert figures.text(empty) == "nobody gives such a figure"


@pytest.mark.parametrize(
    ("item", "asked", "told"),
    [
        ("shells", {}, '"artillery_shells"'),
        ("crude oil", {}, '"crude_oil"'),
        ("containrs", {}, 'did you mean "containers"'),
        ("zzz", {}, "crink-events quantities"),
        ("", {}, "no item"),
        (3, {}, "no item"),
        ("troops", {"event": "prk-troop-russia-2024"}, 'did you mean "prk-troops-russia-2024"'),
        ("troops", {"event": []}, "empty list"),
        ("troops", {"claimant": "KOR-NISS"}, 'did you mean "KOR-NIS"'),
        ("troops", {"dyad": "RUS-DPRK"}, 'did you mean "PRK-RUS"'),
        ("troops", {"as_of": "2999-01-01"}, "future"),
    ],
)
def test_wrong_words(item: str, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ce.quantities(item, **asked)


@pytest.mark.parametrize(
    ("name", "why"),
    [("cumulative", "cumulative are never summed"), ("stock", "are stocks are never summed")],
)
def test_running_totals_and_stocks_are_never_summed(name: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        ce.total(made({"best": 1, "aggregation": name}, {"event_id": "b", "best": 1}))


def test_every_cumulative_series_of_the_data_is_refused() -> None:
    frame = ce.load("quantities")
    never = frame[frame["aggregation"].isin(["cumulative", "stock"])]
    for item in never["item"].unique():
        with pytest.raises(ValueError, match="never summed"):
            ce.total(ce.quantities(item))


def test_what_may_be_summed_is_summed_for_each_claimant_and_unit() -> None:
    frame = made(
        {"best": 3},
        {"event_id": "b", "low": 2, "high": 4},
        {"claimant_id": "CHN-MND", "best": 5},
        {"claimant_id": "CHN-MND", "event_id": "b", "low": 1},
        flow("c", "2023-01-01", "2023-12-31", 10, unit="USD"),
        flow("d", "2024-01-01", "2024-12-31", 20, unit="USD"),
    )
    out = ce.total(frame)
    told = out[["claimant_id", "unit", "low", "best", "high", "n_figures"]].fillna(-1)
    assert sorted(told.itertuples(index=False, name=None)) == [
        ("CHN-MND", "item", 6, -1, -1, 2),  # one of the two is open above
        ("RUS-MOD", "USD", 30, 30, 30, 2),
        ("RUS-MOD", "item", 5, -1, 7, 2),  # one of the two has bounds only
    ]
    assert ce.total(frame.iloc[:0]).empty


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([{"aggregation": "planned", "best": 1}, {"best": 1}], "planned and what was done"),
        ([{"item": "ships", "best": 1}, {"item": "aircraft", "best": 1}], "several items"),
        ([{"best": 1}, {"best": 2}], "RUS-MOD gives 2 figures for a"),
        ([{"best": 1, "unit": "percent"}], "percent have no sum"),
        ([{"best": 1, "unit": "bpd"}], "bpd have no sum"),
        (
            [flow("a", "2023-01-01", "2023-12-31", 1), flow("b", "2023-12-01", "2024-12-31", 1)],
            "periods that overlap",
        ),
        ([flow("a", None, "2023-12-31", 1), flow("b", "2024-01-01", "2024-12-31", 1)], "overlap"),
    ],
)
def test_sums_that_would_count_twice_are_refused(rows: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        ce.total(made(*rows))


@pytest.mark.parametrize("frame", [None, 3, pd.DataFrame({"best": [1.0]})])
def test_a_frame_that_is_not_ours(frame: Any) -> None:
    with pytest.raises(TypeError, match="no frame of quantities"):
        ce.total(frame)


def test_text() -> None:
    lines = figures.text(ce.quantities("artillery_shells")).splitlines()
    assert any(
        "KOR-NIS" in line and "at least 1,000,000 item (cumulative to" in line for line in lines
    )
    assert all("prk-munitions-transfer-rus" in line for line in lines if "KOR-NIS" in line)


def test_items() -> None:
    items = figures.items().set_index("item")
    assert items.loc["trade_turnover", "units"] == ["CNY", "USD"]
    assert items["n_figures"].is_monotonic_decreasing
    assert items["n_figures"].sum() == len(ce.load("quantities"))
