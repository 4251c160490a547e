"""Random walks over a graph, written as an encoded corpus: a walk is a sentence, a node is a word."""

import queue
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number
from w2v.config import CorpusConfig
from w2v.corpus.counting import LINE
from w2v.corpus.encoded_corpus import KIND, EncodedCorpus, IdWriter, write_vocabulary_and_manifest
from w2v.corpus.encoding_passes import rank_written_ids
from w2v.corpus.workers import Workers
from w2v.errors import CorpusError
from w2v.graphs.edges import as_graph
from w2v.graphs.graph import Graph, Nodes
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


class Walks:
    """All walks over a graph, by number; each is a function of its number, and nothing of them is kept.

    Every pass starts once at each node, in an order of its own (Perozzi et al. 2014, algorithm 1). For several threads at once.

    Raises
    ------
    CorpusError
        a graph of one node.
    """

    def __init__(self, graph: Graph, config: WalkConfig) -> None:
        if len(graph) < 2:
            raise CorpusError("a graph to walk on must have two nodes or more: it has one")
        self.graph, self.config = graph, config
        self._alias = np.empty(0, np.uint64) if graph.weights is None else alias_rows(graph.offsets, graph.weights)
        self._key = np.uint64(stream_key(config.seed, _STEPS))
        self._orders: dict[int, Nodes] = {}
        self._lock = threading.Lock()

    @property
    def n_walks(self) -> int:
        """Walks of `walks_per_node` passes."""
        return len(self.graph) * self.config.walks_per_node

    def walk(self, first: int, stop: int, ids: Nodes) -> Nodes:
        """The nodes of the walks [first, stop), and LINE behind each; written to `ids`, which has room for them."""
        graph, config = self.graph, self.config
        n = walk(
            graph.offsets, graph.neighbors, self._alias, self._starts(first, stop), first, config.walk_length, 1 / config.p, 1 / config.q,
            self._key, ids,
        )  # fmt: skip
        return ids[:n]

    def count(self, n_walks: int, workers: Workers, threads: int, use: Callable[[int, Nodes], None]) -> npt.NDArray[np.int64]:
        """Make the first walks, piece by piece, for `use` of any thread; returns (n_nodes,) int64, how often each was visited."""
        n_nodes, length = len(self.graph), self.config.walk_length
        at_once = max(1, min(n_walks, _WALKED_AT_ONCE // length))
        memory: queue.SimpleQueue[tuple[Nodes, npt.NDArray[np.int64]]] = queue.SimpleQueue()
        all_visits = [np.zeros(n_nodes, np.int64) for _ in range(threads)]
        for visits in all_visits:
            memory.put((np.empty(at_once * (length + 1), np.int32), visits))

        def walk_piece(piece: int) -> None:
            ids, visits = memory.get()
            found = self.walk(piece * at_once, min(n_walks, (piece + 1) * at_once), ids)
            use(piece, found)
            count_visits(found, visits)
            memory.put((ids, visits))

        workers.map(walk_piece, range(-(-n_walks // at_once)))
        return np.asarray(np.sum(all_visits, axis=0))

    def _starts(self, first: int, stop: int) -> Nodes:
        n_nodes = len(self.graph)
        parts = [np.empty(0, np.int32)]
        while first < stop:
            number_, place = divmod(first, n_nodes)
            parts.append(self._order(number_)[place : place + stop - first])
            first += len(parts[-1])
        return np.concatenate(parts)

    def _order(self, number_: int) -> Nodes:
        """The nodes in the order in which a pass starts at them. That of the pass before stays, which other threads may be in."""
        with self._lock:
            if number_ not in self._orders:
                if len(self._orders) > 1:
                    del self._orders[next(iter(self._orders))]
                key = stream_key(self.config.seed, _ORDER, number_)
                self._orders[number_] = np.random.default_rng(key).permutation(len(self.graph)).astype(np.int32)
            return self._orders[number_]


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
    walks = Walks(graph, config)
    with atomic_directory(Path(out), overwrite=overwrite, kind=KIND) as folder, Workers(threads) as workers:
        with IdWriter(folder, with_offsets=False) as writer:

            def write(piece: int, ids: Nodes) -> None:
                writer.put(piece, ids)
                if on_walks is not None:
                    on_walks(int(np.count_nonzero(ids == LINE)))

            visits = walks.count(walks.n_walks, workers, threads, write)
        vocabulary, ranks = rank_nodes(graph, visits)
        n_tokens, n_sentences = rank_written_ids(folder, ranks, workers)
        write_vocabulary_and_manifest(folder, CONFIG, vocabulary, walk_facts(walks, n_tokens, n_sentences))
    return EncodedCorpus.open(out)


def rank_nodes(graph: Graph, visits: npt.NDArray[np.int64]) -> tuple[Vocabulary, Nodes]:
    """Nodes as words, the most visited one first, and (n_nodes,) int32, the rank of each."""
    order = np.array(rank_words(graph.names, visits.tolist()), np.int64)
    ranks = np.empty(len(graph), np.int32)
    ranks[order] = np.arange(len(order), dtype=np.int32)
    return Vocabulary([graph.names[node] for node in order.tolist()], visits[order]), ranks


def walk_facts(walks: Walks, n_tokens: int, n_sentences: int) -> dict[str, Any]:
    """What the manifest of a corpus of walks says."""
    graph = walks.graph
    return {
        "n_words": len(graph), "tokens_read": n_tokens, "distinct_words": len(graph), "n_tokens": n_tokens, "n_sentences": n_sentences,
        "sources": [], "replaced": 0, "walks": {**asdict(walks.config), "edges": graph.n_edges, "directed": graph.directed},
    }  # fmt: skip
