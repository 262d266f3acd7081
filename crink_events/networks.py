"""The network of the four: who does how much with whom, as frames and as a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crink_events import counts
from crink_events.extras import need

if TYPE_CHECKING:
    import networkx as nx

    from crink_events.loading import Day, Folder


@dataclass(frozen=True)
class Network:
    """Nodes and edges with their weights.

    Attributes
    ----------
    nodes
        One row an actor: ``iso3``, ``ccode``, ``gwcode``, the counts of
        :func:`crink_events.panel` with ``unit="actor"``, and ``covered``. With ``by``, totals over
        the codes that were asked for.
    edges
        One row a dyad, or a directed dyad, for which an act was found; with ``by``, one for
        each code as well: ``source`` and ``target`` (ISO 3166-1 alpha-3), the keys and counts of
        the panel, and ``covered``. Dyads for which none was found make no edge; the ledger of
        coverage says what that means.
    directed
        Whether edges go from who acts to whom it is done to, for or with.
    by
        The vocabulary that edges are divided by, or None.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    directed: bool
    by: str | None

    def to_networkx(self, cut: str = "standard") -> nx.Graph:
        """Give the network as a graph of networkx.

        Parameters
        ----------
        cut
            ``"strict"``, ``"standard"`` or ``"broad"``: which count is the ``weight`` of an edge.
            Edges without an act in this cut are left out; all four nodes stay.

        Returns
        -------
        networkx.Graph
            ``DiGraph`` if directed; ``MultiGraph`` or ``MultiDiGraph`` with ``by``, keyed by the
            code. Nodes are ISO codes; counts are attributes of nodes and edges as ``int``, None
            where missing.

        Raises
        ------
        ValueError
            If there is no such cut.
        ImportError
            If networkx is not installed; ``pip install "crink-events[network]"`` brings it.

        Examples
        --------
        >>> import crink_events as ce
        >>> graph = ce.network(since="2022").to_networkx("strict")
        >>> graph.number_of_nodes()
        4
        """
        weight = "n_" + counts.choice("cut", cut, [name[2:] for name in counts.CUTS])
        nx = need("networkx", "network")
        kinds = {
            (False, False): nx.Graph,
            (True, False): nx.DiGraph,
            (False, True): nx.MultiGraph,
            (True, True): nx.MultiDiGraph,
        }
        graph = kinds[self.directed, self.by is not None]()
        graph.graph.update(self.edges.attrs)
        for row in _rows(self.nodes):
            graph.add_node(row.pop("iso3"), **row)
        for row in _rows(self.edges):
            if row[weight]:
                ends = row.pop("source"), row.pop("target")
                key = {} if self.by is None else {"key": row[self.by]}
                graph.add_edge(*ends, **key, **row, weight=row[weight])
        return graph


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    plain = frame.astype(object).where(frame.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def network(
    *,
    directed: bool = False,
    by: str | None = None,
    since: Day | None = None,
    until: Day | None = None,
    dyad: str | Iterable[str] | None = None,
    act: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    valence: str | Iterable[str] | None = None,
    as_of: Day | None = None,
    proposed: bool = False,
    extra: Folder | Iterable[Folder] | None = None,
) -> Network:
    """Count acts between the four over one span of time, as nodes and edges.

    The counts are those of :func:`crink_events.panel` with a single period; its rules on dyads,
    directions, evidence, zeros and missing values hold.

    Parameters
    ----------
    directed
        Whether edges go one way, from who acts to whom it is done to, for or with.
    by
        ``"act"``, ``"domain"`` or ``"valence"``: an edge for each code.
    since, until, dyad, act, domain, valence, as_of, proposed, extra
        As in :func:`crink_events.panel`. ``n_crossing`` counts acts that may go on after ``until``.

    Returns
    -------
    Network
        ``nodes`` and ``edges`` as frames; ``to_networkx()`` as a graph. Centralities are
        networkx's: ``networkx.degree_centrality`` and others.

    Raises
    ------
    ValueError
        If ``by``, a dyad, code or day is not valid, or a filter is an empty list.
    DataError
        If the compiled data are missing or damaged, or an extension is not valid.

    Examples
    --------
    >>> import crink_events as ce
    >>> net = ce.network(since="2022", directed=True, by="domain")
    >>> list(net.edges.columns[:3])
    ['source', 'target', 'dyad']
    >>> len(net.nodes)
    4
    """
    if by is not None:
        counts.choice("by", by, counts.CATEGORIES)
    filters: dict[str, Any] = {
        "since": since,
        "until": until,
        "act": act,
        "domain": domain,
        "valence": valence,
        "as_of": as_of,
        "proposed": proposed,
        "extra": extra,
    }
    tied = counts.select("directed_dyad" if directed else "dyad", dyad=dyad, **filters)
    edges = _count(tied, by)
    edges = edges[edges["n_broad"].fillna(0) > 0]
    edges = edges.rename(columns={"iso3_1": "source", "iso3_2": "target"}).reset_index(drop=True)
    first = ["source", "target", "dyad"]
    edges = edges[[*first, *(name for name in edges.columns if name not in first)]]
    edges.attrs.update(_made(tied, "edges", by, directed=directed))
    # Nodes count the acts that make the edges, whichever way the pairs were named.
    pairs = None if dyad is None else tied.units["dyad"].astype("str").unique().tolist()
    acting = counts.select("actor", dyad=pairs, **filters)
    nodes = _count(acting, None)
    nodes.attrs.update(_made(acting, "nodes", None, directed=directed))
    return Network(nodes=nodes, edges=edges, directed=directed, by=by)


def _made(
    chosen: counts.Selection, table: str, by: str | None, *, directed: bool
) -> dict[str, Any]:
    return chosen.attrs | {"table": table, "by": by, "directed": directed}


def _count(chosen: counts.Selection, by: str | None) -> pd.DataFrame:
    end = chosen.events["end_date"]
    crossing = (end.isna() | (end > chosen.until)).to_numpy(dtype=bool)
    place = np.zeros(len(chosen.events), dtype="int64")
    n, names = counts.tally(chosen, place, crossing, 1, by)
    first, last = (
        np.array([day.to_datetime64()], dtype="datetime64[ms]")
        for day in (chosen.since, chosen.until)
    )
    searched = counts.covered(chosen, first, last, by, len(names))
    out = chosen.units.loc[chosen.units.index.repeat(len(names))].reset_index(drop=True)
    if by is not None:
        every = chosen.events[by].cat.categories
        out[by] = pd.Categorical(names * len(chosen.units), categories=every)
    out = pd.concat([out, counts.missing_where_not_searched(n, searched)], axis=1)
    out["covered"] = searched
    return out
