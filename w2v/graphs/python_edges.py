"""Graphs of matrices, frames and edges in Python."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from w2v.errors import CorpusError
from w2v.graphs.graph import Graph, build_graph

SHAPES = {2: "u v", 3: "u v weight"}


def from_matrix(matrix: Any, directed: bool) -> Graph:
    if len(matrix.shape) != 2 or matrix.shape[0] != matrix.shape[1]:
        raise CorpusError(f"the matrix of a graph must be square: received {' x '.join(map(str, matrix.shape))}")
    if not directed:
        rows = matrix.tocsr()
        if (rows != rows.T).nnz:
            raise CorpusError("the matrix of an undirected graph must be symmetric: give directed=True")
    kept = (matrix.data != 0) & (directed | (matrix.row <= matrix.col))  # of an undirected edge one direction
    values = np.asarray(matrix.data[kept], np.float64)
    heads, tails = (np.asarray(ends[kept], np.int32) for ends in (matrix.row, matrix.col))
    names = [str(number) for number in range(matrix.shape[0])]
    return build_graph(names, heads, tails, None if (values == 1).all() else values, directed=directed)


def from_edges(edges: Iterable[Any], directed: bool, nodes: Iterable[Any] = ()) -> Graph:
    """A graph of pairs, or of triples with a weight; names are made texts."""
    numbers: dict[str, int] = {}
    for place, node in enumerate(nodes):
        if numbers.setdefault(_name(node), place) != place:
            raise CorpusError(f"two nodes must not have the same name: two are called {str(node)!r:.80}; rename one")
    ends: list[int] = []
    weights: list[float] = []
    width = 0
    for place, edge in enumerate(edges):
        parts = tuple(edge) if isinstance(edge, Sequence | np.ndarray) and not isinstance(edge, str | bytes) else ()
        width = width or len(parts)
        if len(parts) not in SHAPES or len(parts) != width:
            raise CorpusError(f"edge {place} (the first is 0) must be (u, v), or all (u, v, weight): received {edge!r:.80}")
        if any(node is None or node != node or node == "" for node in parts[:2]):  # NaN, of a table's empty cells
            raise CorpusError(f"edge {place} (the first is 0) must lead from node to node: received {edge!r:.80}; leave it out")
        ends += (numbers.setdefault(_name(part), len(numbers)) for part in parts[:2])
        if width == 3:
            try:
                weights.append(float(parts[2]))
            except (TypeError, ValueError):
                raise CorpusError(f"the weight of edge {place} (the first is 0) must be a number: received {parts[2]!r:.80}") from None
    pairs = np.array(ends, np.int32).reshape(-1, 2)
    return build_graph(list(numbers), pairs[:, 0], pairs[:, 1], np.array(weights) if weights else None, directed=directed)


def _name(node: Any) -> str:
    """What a node is called. Numbers of an array with weights are no integers, but called as such."""
    return str(int(node)) if isinstance(node, float | np.floating) and node.is_integer() else str(node)
