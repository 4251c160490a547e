"""`Graph`: nodes and, for each, its neighbors in one array (compressed sparse rows)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.errors import CorpusError

_NODE_BITS = np.uint64(32)
_LEAST_WEIGHT, _MOST_WEIGHT = 1e-30, 1e30  # float32 has 38 digits on either side; sums of edges that come often are within it
Nodes = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Graph:
    """Takes 4 bytes for each direction of an edge, and 4 more with weights.

    Attributes
    ----------
    names : of the nodes, by number
    offsets : (n_nodes + 1,) int64; the neighbors of node i are neighbors[offsets[i]:offsets[i + 1]], rising
    neighbors : (n_edges,) int32; an undirected edge is there twice, a loop once
    weights : (n_edges,) float32, above 0; None where all are 1
    directed : whether walks go along edges only
    """

    names: Sequence[str]
    offsets: npt.NDArray[np.int64]
    neighbors: Nodes
    weights: Weights | None
    directed: bool

    def __len__(self) -> int:
        return len(self.names)

    @property
    def n_edges(self) -> int:
        """Edges; each undirected one counts once."""
        if self.directed:
            return len(self.neighbors)
        loops = int(np.count_nonzero(self.neighbors == np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.offsets))))
        return (len(self.neighbors) + loops) // 2

    def __repr__(self) -> str:
        kinds = f"{'directed' if self.directed else 'undirected'}{'' if self.weights is None else ', weighted'}"
        return f"<Graph: {len(self):,} nodes, {self.n_edges:,} edges, {kinds}>"


def build_graph(names: Sequence[str], sources: Nodes, targets: Nodes, weights: npt.NDArray[np.float64] | None, *, directed: bool) -> Graph:
    """A graph of edges in any order. One that is given several times is one edge; its weights are added up.

    Parameters
    ----------
    names : of the nodes
    sources, targets : (n,) int32, numbers of nodes
    weights : (n,), finite and above 0, or None

    Raises
    ------
    CorpusError
        no edges, or a weight out of range.
    """
    if not len(sources):
        raise CorpusError("a graph must have edges: found none")
    if weights is not None and not (in_range := (weights >= _LEAST_WEIGHT) & (weights <= _MOST_WEIGHT)).all():
        wrong = int(np.argmin(in_range))
        edge = f"{names[sources[wrong]]} {names[targets[wrong]]}"
        rule = "a number above 0" if not 0 < weights[wrong] < np.inf else f"from {_LEAST_WEIGHT:g} to {_MOST_WEIGHT:g}"
        raise CorpusError(f"the weight of an edge must be {rule}: found {weights[wrong]:g} of the edge {edge}")
    if not directed:
        turned = sources != targets
        sources, targets = np.concatenate([sources, targets[turned]]), np.concatenate([targets, sources[turned]])
        weights = None if weights is None else np.concatenate([weights, weights[turned]])
    keys = sources.astype(np.uint64) << _NODE_BITS | targets.astype(np.uint64)
    summed = None
    if weights is None:
        keys.sort()
    else:
        order = np.argsort(keys, kind="stable")
        keys, weights = keys[order], weights[order]
    is_first = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
    if weights is not None:
        summed = np.add.reduceat(weights, np.flatnonzero(is_first)).astype(np.float32)
    keys = keys[is_first]
    offsets = np.zeros(len(names) + 1, np.int64)
    np.cumsum(np.bincount((keys >> _NODE_BITS).astype(np.int64), minlength=len(names)), out=offsets[1:])
    return Graph(names, offsets, keys.astype(np.uint32).view(np.int32), summed, directed)
