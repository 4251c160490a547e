"""The deterministic trainer: replicas on the threads of one machine.

Threads take replicas, then parts of the rows to combine, in any order; neither the order nor the number of threads changes a bit.
"""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import numpy as np

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.jit import specialize
from w2v.training.model import Model
from w2v.training.plan import Plan
from w2v.training.replicas.combination import Directions, combine_rows
from w2v.training.replicas.curvature import add_curvature, find_directions, use_weights, word_scales
from w2v.training.replicas.replica import Replica
from w2v.training.replicas.row_copies import RowCopies
from w2v.training.replicas.scheme import SLOPE, Round, rounds
from w2v.training.trainer import SpanReport

_CHUNK = 2048  # words of one replica that a thread combines at a time, with those of the others between them


class ReplicaTrainer:
    """Trains `model` on `corpus` by `plan` with `plan.config.replicas` replicas, on `threads` threads."""

    def __init__(self, corpus: EncodedCorpus, model: Model, plan: Plan, threads: int) -> None:
        self.corpus, self.model, self.plan, self.threads = corpus, model, plan, threads
        self._n_replicas = plan.config.replicas or 1
        self._copies = RowCopies(plan, self._n_replicas, model.n_words)
        self._replicas = [Replica(corpus, plan, self._copies, index) for index in range(self._n_replicas)]
        self._weights = use_weights(plan, corpus.vocabulary.counts)
        self._curvatures = [np.zeros((model.dim, model.dim)) for _ in range(2)]
        self._directions: list[Directions] = []
        self._combine_rows: Callable[..., None] | None = None

    def compile(self) -> None:
        """Compile the kernels, or load them from the cache; `spans` does it otherwise."""
        with ThreadPoolExecutor(1) as pool:
            self._measure_curvature(pool)
            for replica in self._replicas:
                replica.compile(self.model)
        arguments = self._combining(0, 0, 0, 0.0)
        self._combine_rows = specialize(combine_rows, arguments, (self.model.dim,))

    def facts(self) -> dict[str, Any]:
        """What a report says of the trainer."""
        return {"device": "cpu"}

    def spans(self, epoch: int, first: int = 0, should_stop: Callable[[], bool] = lambda: False) -> Iterator[SpanReport]:
        """Train the spans of one epoch from `first` on; yields them in order, those of a round once it is combined.

        `should_stop` is asked where the curvature is measured, each time before a few rounds. What was yielded is then exactly the first
        spans of the epoch, and exactly what the model holds.

        Raises
        ------
        DivergedError
            non-finite logits: names epoch, span and learning rate.
        CheckpointError
            no training stops before the span `first`.
        """
        if self._combine_rows is None:
            self.compile()
        with ThreadPoolExecutor(self.threads, "w2v-train") as pool:
            for turn in rounds(self.plan, self._n_replicas, epoch, first):
                if turn.is_renewal and should_stop():
                    return
                reports = self._train(pool, turn)
                if turn.is_renewal:
                    self._measure_curvature(pool)
                self._combine(pool, turn)
                yield from reports

    def _train(self, pool: Executor, turn: Round) -> list[SpanReport]:
        for replica in self._replicas[len(turn.spans) :]:
            replica.rest()
        running = [
            pool.submit(replica.train, self.model, turn.epoch, span, turn.alpha, turn.alpha_stop)
            for replica, span in zip(self._replicas, turn.spans, strict=False)
        ]
        return [future.result() for future in running]

    def _combine(self, pool: Executor, turn: Round) -> None:
        """Threads take words from one to another that the first replica has used; no row is in two parts."""
        n = int(self._copies.n_rows[0])
        borders = [0, *self._copies.words[0, _CHUNK:n:_CHUNK].tolist(), self.model.n_words]
        parts = [
            self._combining(matrix, begin, end, SLOPE * turn.alpha) for begin, end in itertools.pairwise(borders) for matrix in range(2)
        ]
        list(pool.map(lambda part: self._combine_rows(*part, self.model.dim), parts))  # type: ignore[misc]

    def _combining(self, matrix: int, begin: int, end: int, slope: float) -> tuple[object, ...]:
        """All that `combine_rows` takes, but for its literal; `matrix` is 0 for inputs, 1 for outputs."""
        model, copies = self.model, self._copies
        shared = (model.inputs, model.outputs)[matrix]
        own, uses = ((copies.inputs, copies.uses_in), (copies.outputs, copies.uses_out))[matrix]
        return shared, own, copies.words, copies.n_rows, uses, begin, end, slope, self._directions[matrix]

    def _measure_curvature(self, pool: Executor) -> None:
        """Renew the directions from what the first replica has trained: rows of one matrix move along those of the other."""
        stride, n, copies = self.model.stride, 2 * self.threads, self._copies
        words = copies.words[0, : copies.n_rows[0]]
        others = ((copies.outputs, copies.uses_out, 1.0 + self.plan.negatives), (copies.inputs, copies.uses_in, 1.0))
        tasks = []
        for (rows, uses, total), weights, curvature in zip(others, self._weights, self._curvatures, strict=True):
            scales = word_scales(weights, words, uses[0], total)
            parts = range(min(n, self.model.dim))
            tasks += [pool.submit(add_curvature, rows[0], scales, stride, part, n, curvature) for part in parts]
        for task in tasks:
            task.result()
        self._directions = [find_directions(curvature) for curvature in self._curvatures]
