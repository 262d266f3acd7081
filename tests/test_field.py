"""The data against the field: obligations as ATOP codes them, and codes of states."""

from __future__ import annotations

from importlib.resources import files
from itertools import combinations

import country_converter
import pandas as pd
import pytest

import crink_events as ce
from crink_events.roles import FOUR, PREDECESSORS

KINDS = ["defense", "offense", "neutrality", "nonaggression", "consultation"]


def obligations(year: int) -> dict[str, set[str]]:
    """Give the obligations of each dyad in all instruments that were in force in a year."""
    frame = ce.load("agreements").set_index("agreement_id", drop=False)
    # A treaty without a day of its end ends when the one that replaces it enters into force.
    successors = frame.dropna(subset="replaces").set_index("replaces")["in_force_on"]
    ended = frame["ended_on"].fillna(frame["agreement_id"].map(successors))
    # Statements bind from the day of their signature, if at all.
    begun = frame["in_force_on"].fillna(frame["signed_on"])
    held = frame[(begun.dt.year <= year) & ~(ended.dt.year < year)]
    found: dict[str, set[str]] = {}
    for parties, *kinds in zip(held["parties"], *(held[kind] for kind in KINDS), strict=True):
        owed = {kind for kind, code in zip(KINDS, kinds, strict=True) if code == "yes"}
        states = sorted({PREDECESSORS.get(party, party) for party in parties} & set(FOUR))
        for pair in combinations(states, 2):
            found.setdefault("-".join(pair), set()).update(owed)
    return {pair: owed for pair, owed in found.items() if owed}


def test_obligations_of_2018_are_those_of_atop() -> None:
    """Alliance Treaty Obligations and Provisions 5.1: the members' obligations in 2018."""
    assert obligations(2018) == {
        "CHN-PRK": {"defense", "nonaggression"},
        "CHN-RUS": {"nonaggression", "consultation"},
        "PRK-RUS": {"nonaggression", "consultation"},
        "IRN-RUS": {"neutrality", "nonaggression", "consultation"},
    }  # and none of China or North Korea with Iran


def test_the_treaty_of_2024_adds_defence() -> None:
    assert obligations(2025)["PRK-RUS"] == {"defense", "nonaggression", "consultation"}


@pytest.fixture(scope="module")
def converter() -> country_converter.CountryConverter:
    # Under pandas 3, version 1.3.2 reads Namibia's NA as missing and cannot start; the same table
    # read as text is handed to it instead.
    table = files("country_converter") / "country_data.tsv"
    with table.open(encoding="utf-8") as file:
        frame = pd.read_csv(file, sep="\t", dtype=str, keep_default_na=False)
    blank = frame[["GWcode", "obsolete"]] == ""
    frame[["GWcode", "obsolete"]] = frame[["GWcode", "obsolete"]].mask(blank)
    return country_converter.CountryConverter(country_data=frame)


#: Where country_converter differs from Gleditsch and Ward's list, which the data follow: it gives the
#: Czech Republic (316) Czechoslovakia's number, and Vietnam (816) that of the South.
DIFFERENT = {"CZE": 315, "VNM": 817}


def test_codes_of_states(converter: country_converter.CountryConverter) -> None:
    actors = ce.load("actors")
    states = actors[(actors["kind"] == "state") & (actors["actor_id"] != "SUN")]
    ids = states["actor_id"].tolist()
    assert ids == states["iso3"].tolist()
    known = converter.convert(ids, src="ISO3", to="ISO3", not_found=None)
    assert known == ids
    numbers = converter.convert(ids, src="ISO3", to="GWcode", not_found=None)
    for iso3, ours, theirs in zip(ids, states["gw_code"], numbers, strict=True):
        if iso3 in DIFFERENT:
            assert theirs == DIFFERENT[iso3], "mended there: drop the exception"
        elif pd.notna(ours):
            assert int(theirs) == ours, iso3


def test_the_four_have_one_number_in_both_lists() -> None:
    actors = ce.load("actors").set_index("actor_id")
    codes = actors.loc[[*FOUR, "SUN"], ["cow_code", "gw_code"]]
    assert codes["cow_code"].to_dict() == {
        "CHN": 710, "IRN": 630, "PRK": 731, "RUS": 365, "SUN": 365,
    }  # fmt: skip
    assert (codes["cow_code"] == codes["gw_code"]).all()
    frame = ce.panel("Y", since="2024")
    for side in ("1", "2"):
        told = dict(zip(frame[f"iso3_{side}"], frame[f"ccode{side}"], strict=True))
        assert told == {state: codes["cow_code"][state] for state in told}
