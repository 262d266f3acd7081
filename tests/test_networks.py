"""Networks: the panel of one period as nodes and edges, with and without networkx."""

from __future__ import annotations

import sys
from itertools import combinations
from typing import Any

import networkx as nx
import pandas as pd
import pytest

import crink_events as ce
from crink_events.counts import CUTS, MEASURES
from crink_events.networks import Network
from crink_events.roles import FOUR

YEARS: dict[str, Any] = {"since": "2022", "until": "2024"}


def test_edges_are_the_panel_of_one_period() -> None:
    net = ce.network(**YEARS)
    panel = ce.panel("Y", **YEARS).groupby("dyad", observed=False)[list(MEASURES)].sum()
    edges = net.edges.set_index("dyad")
    for name in (*CUTS, "n_imprecise", "n_contested", "n_multilateral"):
        assert edges[name].fillna(0).to_dict() == panel[name][panel["n_broad"] > 0].to_dict(), name
    # Only what goes on after the last day crosses the one period.
    assert (edges["n_crossing"] <= panel["n_crossing"].loc[list(edges.index)]).all()
    assert set(zip(net.edges["source"], net.edges["target"], strict=True)) <= {
        (one, two) for one, two in combinations(["RUS", "IRN", "CHN", "PRK"], 2)
    }


def test_nodes_are_the_panel_of_actors() -> None:
    nodes = ce.network(**YEARS).nodes.set_index("iso3")
    panel = ce.panel("Y", "actor", **YEARS).groupby("iso3")[list(CUTS)].sum()
    assert list(nodes.index) == ["RUS", "IRN", "CHN", "PRK"]
    pd.testing.assert_frame_equal(
        nodes[list(CUTS)].fillna(0).sort_index(), panel, check_dtype=False
    )


def test_directed_edges_by_code() -> None:
    net = ce.network(directed=True, by="act", **YEARS)
    assert not net.edges.duplicated(["source", "target", "act"]).any()
    deploy = net.edges[net.edges["act"] == "deploy"]
    ways = set(zip(deploy["source"], deploy["target"], strict=True))
    assert ("PRK", "RUS") in ways
    assert ("RUS", "PRK") not in ways
    whole = ce.network(directed=True, **YEARS).edges
    sums = net.edges.groupby(["source", "target"])["n_broad"].sum()
    assert sums.to_dict() == whole.set_index(["source", "target"])["n_broad"].to_dict()


def test_as_of_and_filters() -> None:
    asked: dict[str, Any] = {"act": "deploy", "since": "2024-10", "until": "2024-10"}
    assert ce.network(as_of="2024-10-01", **asked).edges.empty
    contested = ce.network(as_of="2024-10-31", **asked)
    assert contested.edges["n_contested"].tolist() == [1]
    assert contested.edges.attrs["as_of"] == "2024-10-31"
    one = ce.network(dyad="RUS-PRK", **YEARS)
    assert set(one.edges["dyad"]) == {"PRK-RUS"}
    assert set(one.nodes["iso3"]) == {"PRK", "RUS"}


def test_empty_networks_are_typed() -> None:
    empty, full = ce.network(since="2090"), ce.network(**YEARS)
    assert empty.edges.empty
    assert empty.edges.dtypes.equals(full.edges.dtypes)
    assert len(empty.nodes) == 4
    assert empty.to_networkx().number_of_edges() == 0
    assert empty.to_networkx().number_of_nodes() == 4


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"by": "role"}, "valid are act, domain, valence"),
        ({"dyad": "RUS-DPRK"}, 'did you mean "PRK-RUS"'),
        ({"domain": []}, "empty list"),
        ({"as_of": "2999-01-01"}, "future"),
    ],
)
def test_wrong_words(asked: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ce.network(**asked)


def test_graph() -> None:
    net = ce.network(**YEARS)
    graph = net.to_networkx("broad")
    assert type(graph) is nx.Graph
    assert set(graph) == set(FOUR)
    weights = net.edges.set_index(["source", "target"])["n_broad"].to_dict()
    assert {(a, b): w for a, b, w in graph.edges(data="weight")} == weights
    assert all(type(w) is int for *_, w in graph.edges(data="weight"))
    assert graph.nodes["RUS"]["ccode"] == 365
    assert graph.graph["version"] == ce.__version__
    strict = net.to_networkx("strict")
    assert strict.number_of_edges() <= graph.number_of_edges()
    assert all(w > 0 for *_, w in strict.edges(data="weight"))
    assert nx.degree_centrality(graph)["RUS"] == 1


def test_kinds_of_graphs() -> None:
    assert type(ce.network(directed=True, **YEARS).to_networkx()) is nx.DiGraph
    assert type(ce.network(by="domain", **YEARS).to_networkx()) is nx.MultiGraph
    graph = ce.network(directed=True, by="act", **YEARS).to_networkx("broad")
    assert type(graph) is nx.MultiDiGraph
    assert graph.has_edge("PRK", "RUS", "deploy")
    assert not graph.has_edge("RUS", "PRK", "deploy")
    with pytest.raises(ValueError, match="valid are strict, standard, broad"):
        ce.network(**YEARS).to_networkx("n_strict")


def test_without_networkx_the_frames_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "networkx", None)
    net = ce.network(**YEARS)
    assert isinstance(net, Network)
    assert len(net.edges)
    with pytest.raises(ImportError, match=r'pip install "crink-events\[network\]"'):
        net.to_networkx()
