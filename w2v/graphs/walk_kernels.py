"""Kernels of random walks. Walks go in step, a few hundred side by side, so that their cache misses are waited for together.

First order (DeepWalk; Perozzi et al. 2014): the next node is a neighbor of the last one, by the edges' weights, drawn by Walker's
alias method from 8 bytes an edge. Second order (node2vec; Grover and Leskovec 2016): a neighbor x of v, where the walk came from t, has
its weight times 1/p if x is t, 1 if there is an edge from x to t, else 1/q. It is drawn as in first order and then accepted or drawn
again (rejection; KnightKing, Yang et al. 2019), which needs no table for each pair of edges.
"""

from typing import Any

import numpy as np

from w2v.corpus.counting import LINE
from w2v.jit import jit
from w2v.training.kernel.random import GOLDEN, mix
from w2v.training.sampling import fill_aliases

_U = np.uint64
_32, _MASK = _U(32), _U(0xFFFFFFFF)
_ABREAST = 256  # walks
_UNIT = 2.0**-32


@jit()
def alias_rows(offsets: Any, weights: Any) -> Any:
    """Walker's tables of all rows, each as `training.sampling.alias_table` has it: (n_edges,) uint64, places within the row."""
    table = np.empty(weights.shape[0], np.uint64)
    widest = 0
    for node in range(offsets.shape[0] - 1):
        widest = max(widest, offsets[node + 1] - offsets[node])
    scaled, order = np.empty(widest, np.float64), np.empty(widest, np.int64)
    for node in range(offsets.shape[0] - 1):
        begin = offsets[node]
        degree = offsets[node + 1] - begin
        total = 0.0
        for k in range(degree):
            total += weights[begin + k]
        for k in range(degree):
            scaled[k] = weights[begin + k] / total * degree
        fill_aliases(scaled[:degree], order[:degree], table[begin : begin + degree])
    return table


@jit(inline="always")
def _draw(offsets, neighbors, alias, node, bits):  # type: ignore[no-untyped-def]
    """A neighbor of a node that has some; `alias` is empty where all edges weigh the same."""
    begin = offsets[node]
    place = ((bits >> _32) * _U(offsets[node + 1] - begin)) >> _32
    if alias.shape[0]:
        entry = alias[begin + np.int64(place)]
        if (bits & _MASK) > entry >> _32:
            place = entry & _MASK
    return neighbors[begin + np.int64(place)]


@jit()
def _has_edge(offsets: Any, neighbors: Any, source: Any, target: Any) -> Any:
    low, high = offsets[source], offsets[source + 1]
    while low < high:
        middle = (low + high) >> 1
        if neighbors[middle] < target:
            low = middle + 1
        else:
            high = middle
    return low < offsets[source + 1] and neighbors[low] == target


@jit()
def walk(
    offsets: Any, neighbors: Any, alias: Any, starts: Any, first_walk: Any, length: Any, back: Any, out_of_reach: Any, key: Any, ids: Any
) -> Any:
    """Walk from each start.

    Parameters
    ----------
    offsets, neighbors : of the `Graph`
    alias : `alias_rows`, or empty
    starts : (n,) int32, nodes
    first_walk : number of the first of these walks; a walk is a function of its number, its start and `key` alone
    length : nodes of a walk; it is shorter where it comes to a node that no edge leaves
    back, out_of_reach : 1/p and 1/q; both 1 is first order
    key : uint64
    ids : (n * (length + 1) or more,) int32, written: the nodes of each walk, and LINE behind them

    Returns
    -------
    number of ids
    """
    is_first_order = back == 1.0 and out_of_reach == 1.0
    highest = max(1.0, back, out_of_reach)
    states = np.empty(_ABREAST, np.uint64)
    room = np.empty((_ABREAST, length), np.int32)
    n_ids = 0
    for begin in range(0, starts.shape[0], _ABREAST):
        n = min(_ABREAST, starts.shape[0] - begin)
        for w in range(n):
            states[w] = mix(key + GOLDEN * _U(first_walk + begin + w))
            room[w, 0] = starts[begin + w]
        for step in range(1, length):
            for w in range(n):
                node = np.int64(room[w, step - 1])
                if node < 0 or offsets[node] == offsets[node + 1]:
                    room[w, step] = -1
                    continue
                states[w] += GOLDEN
                found = _draw(offsets, neighbors, alias, node, mix(states[w]))
                if not is_first_order and step > 1 and offsets[node + 1] - offsets[node] > 1:
                    previous = room[w, step - 2]
                    while True:
                        states[w] += GOLDEN
                        chance = np.float64(mix(states[w]) >> _32) * _UNIT * highest
                        if found == previous:
                            accepted = chance < back
                        elif chance < min(1.0, out_of_reach):
                            accepted = True  # whichever it is
                        elif chance >= max(1.0, out_of_reach):
                            accepted = False
                        else:
                            accepted = _has_edge(offsets, neighbors, found, previous) == (out_of_reach < 1.0)
                        if accepted:
                            break
                        states[w] += GOLDEN
                        found = _draw(offsets, neighbors, alias, node, mix(states[w]))
                room[w, step] = found
        for w in range(n):
            for step in range(length):
                if room[w, step] < 0:
                    break
                ids[n_ids] = room[w, step]
                n_ids += 1
            ids[n_ids] = LINE
            n_ids += 1
    return n_ids


@jit()
def count_visits(ids: Any, visits: Any) -> None:
    """Add each node of walks to (n_nodes,) int64 `visits`."""
    for node in ids:
        if node != LINE:
            visits[node] += 1
