"""Edges of a graph that are kept from training, and as many pairs of nodes that have none between them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number
from w2v.errors import CorpusError
from w2v.graphs.graph import Graph, Nodes, build_graph
from w2v.jit import jit

_ENUMERATED = 2000  # nodes, of which all pairs are listed; of more of them pairs are drawn until they suffice


@dataclass(frozen=True)
class EdgeSplit:
    """A graph without some of its edges.

    Attributes
    ----------
    graph : the rest, of the same nodes
    edges, others : (n, 2) int32: held-out edges, at random, and pairs without an edge; the same number of each
    n_held_out : edges that were taken away, of which `edges` may be a part
    """

    graph: Graph
    edges: Nodes
    others: Nodes
    n_held_out: int


def split_edges(graph: Graph, share: float, seed: int, most: int) -> EdgeSplit:
    """Take a share of the edges away so that no part of the graph falls apart, as Grover and Leskovec 2016, section 4.4, do.

    A spanning forest stays, drawn at random, so that every node keeps an edge; loops stay.

    Parameters
    ----------
    share : of the edges, between 0 and 1; fewer where the forest leaves fewer
    most : pairs of each kind that are listed

    Raises
    ------
    ConfigError
        a share that is none.
    CorpusError
        a graph of trees, which any edge less would cut, or one of which nearly all pairs of nodes are edges.
    """
    share = number("share", share, "a number between 0 and 1", lambda x: 0 < x < 1)
    random = np.random.default_rng(integer("seed", seed, 0))
    heads = np.repeat(np.arange(len(graph), dtype=np.int32), np.diff(graph.offsets))
    once = np.flatnonzero(graph.directed | (heads <= graph.neighbors))  # of an undirected edge one direction
    heads, tails = heads[once], graph.neighbors[once]
    order = random.permutation(len(heads))
    spare = order[~spanning_forest(heads, tails, order, len(graph))[order]]
    spare = spare[heads[spare] != tails[spare]]
    held_out = spare[: max(2, round(share * np.count_nonzero(heads != tails)))]
    if len(held_out) < 2:
        raise CorpusError("edges to hold out must be two or more whose nodes stay connected without them: the graph has not so many cycles")
    listed = held_out[:most]
    others = _pairs_without_edge(graph, len(listed), random)
    listed = listed[: len(others)]
    stays = np.ones(len(heads), np.bool_)
    stays[held_out] = False
    weights = None if graph.weights is None else graph.weights[once][stays].astype(np.float64)
    rest = build_graph(graph.names, heads[stays], tails[stays], weights, directed=graph.directed)
    return EdgeSplit(rest, np.column_stack((heads[listed], tails[listed])), others, len(held_out))


@jit()
def spanning_forest(heads: Any, tails: Any, order: Any, n_nodes: Any) -> Any:
    """(n,) bool: the edges that join two parts when edges are added in `order` (Kruskal 1956)."""
    parents = np.arange(n_nodes)
    is_tree = np.zeros(heads.shape[0], np.bool_)
    for edge in order:
        u, v = np.int64(heads[edge]), np.int64(tails[edge])
        while parents[u] != u:
            parents[u] = parents[parents[u]]
            u = parents[u]
        while parents[v] != v:
            parents[v] = parents[parents[v]]
            v = parents[v]
        if u != v:
            parents[u] = v
            is_tree[edge] = True
    return is_tree


def _pairs_without_edge(graph: Graph, wanted: int, random: np.random.Generator) -> Nodes:
    """Different pairs, each equally likely."""
    n = np.int64(len(graph))
    edges = np.repeat(np.arange(n), np.diff(graph.offsets)) * n + graph.neighbors  # rising
    if n <= _ENUMERATED:
        pairs = np.setdiff1d(np.arange(n * n), edges, assume_unique=True)
        kept = pairs[(pairs // n != pairs % n) if graph.directed else (pairs // n < pairs % n)]
        found = random.permutation(kept)[:wanted]
    else:
        found = np.empty(0, np.int64)
        while len(found) < wanted:
            ends = random.integers(0, n, (2 * wanted, 2))
            ends = ends[ends[:, 0] != ends[:, 1]] if graph.directed else np.sort(ends[ends[:, 0] != ends[:, 1]], axis=1)
            pairs = ends[:, 0] * n + ends[:, 1]
            places = np.minimum(np.searchsorted(edges, pairs), len(edges) - 1)
            found = np.concatenate((found, pairs[edges[places] != pairs]))
            found = found[np.sort(np.unique(found, return_index=True)[1])]
        found = found[:wanted]
    if len(found) < 2:
        raise CorpusError("links can be told from pairs without one only where there are such pairs: nearly all nodes are joined")
    result: npt.NDArray[np.int32] = np.column_stack((found // n, found % n)).astype(np.int32)
    return result
