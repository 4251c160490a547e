"""Write a graph by preferential attachment (Barabasi and Albert 1999): degrees follow a power law, as in networks of people.

    python scripts/generate_graph.py 1000000 20000000 big.edges

Each node, one after the other, is joined to EDGES / NODES others, drawn by their degrees; nodes are then numbered at random.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numba
import numpy as np

from w2v.storage import atomic_file

LINES_AT_ONCE = 1 << 20


@numba.njit  # not kept on disk: numba looks there for the module of a kernel, and a script is none
def attach(n_nodes: Any, per_node: Any, draws: Any, ends: Any) -> None:
    """Fill (2 * n_nodes * per_node,) int32 `ends` with both ends of all edges; Batagelj and Brandes 2005, algorithm 5."""
    for edge in range(n_nodes * per_node):
        ends[2 * edge] = edge // per_node
        ends[2 * edge + 1] = ends[np.int64(draws[edge] * (2 * edge + 1))]


def write_graph(path: Path, n_nodes: int, n_edges: int, seed: int = 1) -> None:
    """Write lines 'u v'."""
    random = np.random.default_rng(seed)
    per_node = max(1, n_edges // n_nodes)
    ends = np.empty(2 * n_nodes * per_node, np.int32)
    attach(n_nodes, per_node, random.random(n_nodes * per_node), ends)
    pairs = random.permutation(n_nodes).astype(np.int32)[ends].reshape(-1, 2)
    with atomic_file(path) as file:
        for start in range(0, len(pairs), LINES_AT_ONCE):
            file.write("".join([f"{u}\t{v}\n" for u, v in pairs[start : start + LINES_AT_ONCE].tolist()]).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("nodes", type=int)
    parser.add_argument("edges", type=int)
    parser.add_argument("out", type=Path)
    parser.add_argument("--seed", type=int, default=1, help="[%(default)s]")
    options = parser.parse_args()
    write_graph(options.out, options.nodes, options.edges, options.seed)


if __name__ == "__main__":
    main()
