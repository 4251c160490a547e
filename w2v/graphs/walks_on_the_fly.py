"""Random walks that are made while a model trains: a corpus of which nothing is stored."""

import hashlib
import json
from dataclasses import asdict
from typing import Any, NoReturn

import numpy as np

from w2v.corpus.encoded_corpus import EncodedCorpus, Part
from w2v.corpus.encoding_passes import rank_ids
from w2v.corpus.workers import Workers
from w2v.errors import CorpusError
from w2v.graphs.edges import as_graph
from w2v.graphs.graph import Graph, Nodes
from w2v.graphs.random_walks import CONFIG, WalkConfig, Walks, rank_nodes, walk_facts
from w2v.machine import checked_threads


def walks_on_the_fly(graph: Any, config: WalkConfig | None = None, *, threads: int | None = None) -> EncodedCorpus:
    """A corpus of walks for `w2v.train`, which makes them while it trains, in the memory of each thread.

    The walks of the first epoch are those that `write_walks` writes of the same graph and config; each further epoch goes on with fresh
    ones, as if there were so many more walks a node. Nodes are counted on the first walk of each, times `walks_per_node`. A walk that
    ends early, where no edge leads on, counts in full for the learning rate. Held-out lines and growing a model need stored walks.

    Parameters
    ----------
    graph : a `Graph`, or what `as_graph` makes one of
    threads : that count

    Returns
    -------
    EncodedCorpus
        whose ``tokens`` are nowhere.

    Raises
    ------
    CorpusError
        a graph of one node.

    Examples
    --------
    >>> import w2v
    >>> w2v.walks_on_the_fly([("a", "b"), ("b", "c"), ("c", "a")], w2v.WalkConfig(walks_per_node=50))
    <EncodedCorpus: 12,000 tokens in 150 sentences, 3 words, made while training>
    """
    graph, config = as_graph(graph), config or WalkConfig()
    walks, threads = Walks(graph, config), checked_threads(threads)
    with Workers(threads) as workers:
        # one walk of each node: ten took ten times as long, and the counts deviate less than those of a text's rare words do
        visits = walks.count(len(graph), workers, threads, lambda piece, ids: None)
    return _WalksOnTheFly(walks, visits * config.walks_per_node)


class _WalksOnTheFly(EncodedCorpus):
    """Position `walk_length * w + i` of an epoch is node i of its walk w; where a walk ends early, nothing is at its last positions."""

    def __init__(self, walks: Walks, visits: Any) -> None:
        self._walks, (self.vocabulary, self._ranks) = walks, rank_nodes(walks.graph, visits)
        self.path, self.config = None, CONFIG
        self.manifest = {"files": _hashes(walks), **walk_facts(walks, int(visits.sum()), walks.n_walks)}

    @property
    def n_tokens(self) -> int:
        return int(self.manifest["n_tokens"])

    @property
    def n_sentences(self) -> int:
        return self._walks.n_walks

    @property
    def n_positions(self) -> int:
        return self._walks.n_walks * self._walks.config.walk_length

    @property
    def longest_sentence(self) -> int:
        return min(self._walks.config.walk_length, self.n_tokens)

    def __repr__(self) -> str:
        size = f"{self.n_tokens:,} tokens in {self.n_sentences:,} sentences, {len(self.vocabulary):,} words"
        return f"<EncodedCorpus: {size}, made while training>"

    def part(self, epoch: int, start: int, stop: int) -> Part:
        length, earlier = self._walks.config.walk_length, epoch * self._walks.n_walks
        first, end = start // length, max(start // length + 1, -(-stop // length))
        ids: Nodes = np.empty((end - first) * (length + 1), np.int32)
        ids = self._walks.walk(earlier + first, earlier + end, ids)
        offsets = np.zeros(end - first + 1, np.int64)
        n_tokens, _ = rank_ids(ids, self._ranks, offsets[1:])
        tokens = ids[:n_tokens]
        for array in (tokens, offsets):  # as the arrays of a stored corpus are: kernels are compiled for one kind
            array.flags.writeable = False

        def place(position: int, walk: int) -> int:
            return int(min(offsets[walk - first] + position - walk * length, offsets[walk - first + 1]))

        return Part(tokens, offsets, place(start, first), place(stop, end - 1), first * length)

    def __getattr__(self, name: str) -> NoReturn:
        if name in ("tokens", "sentence_offsets"):
            raise CorpusError("walks that are made on the fly are not stored, which held_out and init_from need: write_walks stores them")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


def _hashes(walks: Walks) -> dict[str, Any]:
    """What a training that goes on compares, in place of files."""
    graph = walks.graph
    return {
        "graph": {"sha256": _hash_graph(graph)},
        "walks": {"sha256": hashlib.sha256(json.dumps(asdict(walks.config)).encode()).hexdigest()},
    }


def _hash_graph(graph: Graph) -> str:
    found = hashlib.sha256()
    for array in (graph.offsets, graph.neighbors, *([] if graph.weights is None else [graph.weights])):
        found.update(np.ascontiguousarray(array).data)
    for name in graph.names:
        found.update(f"{name}\n".encode())
    return found.hexdigest()
