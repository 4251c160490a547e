"""Random walks over a graph, written as an encoded corpus: a walk is a sentence, a node is a word."""

import queue
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import KIND, EncodedCorpus, IdWriter, write_vocabulary_and_manifest
from w2v.corpus.encoding_passes import rank_written_ids
from w2v.corpus.workers import Workers
from w2v.errors import CorpusError
from w2v.graphs.edges import as_graph
from w2v.graphs.graph import Graph
from w2v.graphs.walk_kernels import alias_rows, count_visits, walk
from w2v.machine import checked_threads
from w2v.storage import atomic_directory
from w2v.training.kernel.random import stream_key
from w2v.vocabulary import Vocabulary, rank_words

_WALKED_AT_ONCE = 1 << 20  # nodes
_ORDER, _STEPS = 11, 12  # purposes of random streams
CONFIG = CorpusConfig(tokenizer="whitespace", min_count=1)


@dataclass(frozen=True, kw_only=True)
class WalkConfig:
    """How walks go. The defaults are those of the papers.

    Attributes
    ----------
    walks_per_node : walks that start at each node
    walk_length : nodes of a walk
    p, q : return and in-out parameters of node2vec; 1 and 1 is DeepWalk
    seed : of all draws

    Raises
    ------
    ConfigError
        a number out of range.
    """

    walks_per_node: int = 10
    walk_length: int = 80
    p: float = 1.0
    q: float = 1.0
    seed: int = 1

    def __post_init__(self) -> None:
        for name in ("walks_per_node", "walk_length"):
            object.__setattr__(self, name, integer(name, getattr(self, name), 1 if name == "walks_per_node" else 2, 1 << 20))
        for name in ("p", "q"):
            object.__setattr__(self, name, number(name, getattr(self, name), "a number from 0.001 to 1000", lambda x: 1e-3 <= x <= 1e3))
        object.__setattr__(self, "seed", integer("seed", self.seed, 0, 2**63 - 1))


def write_walks(
    graph: Any,
    out: str | Path,
    config: WalkConfig | None = None,
    *,
    threads: int | None = None,
    overwrite: bool = False,
    on_walks: Callable[[int], None] | None = None,
) -> EncodedCorpus:
    """Walk over a graph; the walks do not depend on the number of threads.

    Every pass starts once at each node, in an order of its own (Perozzi et al. 2014, algorithm 1).

    Parameters
    ----------
    graph : a `Graph`, or what `as_graph` makes one of
    out : the encoded corpus to make, which `w2v.train` takes
    on_walks : called with the number of walks made since its last call, by any thread

    Raises
    ------
    CorpusError
        a graph of one node.
    OutputError, OSError
        `out` exists, or cannot be written. Nothing half-written stays.
    """
    graph, config, threads = as_graph(graph), config or WalkConfig(), checked_threads(threads)
    if len(graph) < 2:
        raise CorpusError("a graph to walk on must have two nodes or more: it has one")
    with atomic_directory(Path(out), overwrite=overwrite, kind=KIND) as folder, Workers(threads) as workers:
        visits = _walk(folder, graph, config, threads, workers, on_walks)
        order = np.array(rank_words(graph.names, visits.tolist()), np.int64)
        ranks = np.empty(len(graph), np.int32)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        n_tokens, n_sentences = rank_written_ids(folder, ranks, workers)
        vocabulary = Vocabulary([graph.names[node] for node in order.tolist()], visits[order])
        facts = {
            "n_words": len(graph), "tokens_read": n_tokens, "distinct_words": len(graph), "n_tokens": n_tokens, "n_sentences": n_sentences,
            "sources": [], "replaced": 0, "walks": {**asdict(config), "edges": graph.n_edges, "directed": graph.directed},
        }  # fmt: skip
        write_vocabulary_and_manifest(folder, CONFIG, vocabulary, facts)
    return EncodedCorpus.open(out)


def _walk(
    folder: Path, graph: Graph, config: WalkConfig, threads: int, workers: Workers, on_walks: Callable[[int], None] | None
) -> npt.NDArray[np.int64]:
    """Write the nodes of all walks, and LINE behind each; returns (n_nodes,) int64, how often each was visited."""
    n_nodes, length = len(graph), config.walk_length
    alias = np.empty(0, np.uint64) if graph.weights is None else alias_rows(graph.offsets, graph.weights)
    walks = max(1, _WALKED_AT_ONCE // length)  # of a piece
    pieces = -(-n_nodes // walks)  # of a pass
    key = np.uint64(stream_key(config.seed, _STEPS))
    memory: queue.SimpleQueue[tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]] = queue.SimpleQueue()
    all_visits = [np.zeros(n_nodes, np.int64) for _ in range(threads)]
    for visits in all_visits:
        memory.put((np.empty(min(walks, n_nodes) * (length + 1), np.int32), visits))

    with IdWriter(folder, with_offsets=False) as writer:
        for number_ in range(config.walks_per_node):
            order = np.random.default_rng(stream_key(config.seed, _ORDER, number_)).permutation(n_nodes).astype(np.int32)

            def walk_piece(piece: int, number_: int = number_, order: npt.NDArray[np.int32] = order) -> None:
                ids, visits = memory.get()
                starts = order[piece * walks : (piece + 1) * walks]
                first = number_ * n_nodes + piece * walks
                n = walk(graph.offsets, graph.neighbors, alias, starts, first, length, 1 / config.p, 1 / config.q, key, ids)
                writer.put(number_ * pieces + piece, ids[:n])
                count_visits(ids[:n], visits)
                memory.put((ids, visits))
                if on_walks is not None:
                    on_walks(len(starts))

            workers.map(walk_piece, range(pieces))
    return np.asarray(np.sum(all_visits, axis=0))
