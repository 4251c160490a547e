"""The trainer: an iterator of finished spans.

An epoch is a list of spans (`plan.py`); threads take the next free one, update the shared matrices without locks (Hogwild, Recht et
al. 2011) and hold no Python lock while they do. There is no queue of text between reader and workers: the corpus is ids in a mapped file.
The caller drives: it takes finished spans one by one, shows progress, saves, and may stop between any two. All spans of an
epoch are finished before the next one starts, so an epoch's end and every stop is one consistent moment.
"""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import DivergedError
from w2v.jit import specialize
from w2v.training.kernel.hot_rows import HotRows
from w2v.training.kernel.layout import aligned_zeros
from w2v.training.kernel.random import GOLDEN, stream_key
from w2v.training.kernel.span import (
    KEPT,
    LOSS_PAIRS,
    LOSS_SUM,
    N_STATISTICS,
    NON_FINITE,
    PAIRS,
    Noise,
    Scratch,
    train_span,
)
from w2v.training.kernel.subsampling import Text, Windows, subsample
from w2v.training.kernel.window import host_tiles
from w2v.training.model import Model
from w2v.training.plan import Plan

KEEP, NEGATIVES = 1, 2  # purposes of random streams, see `stream_key`


@dataclass(frozen=True)
class SpanReport:
    """One finished span.

    Attributes
    ----------
    epoch, span : which one, from 0
    tokens : corpus tokens in it, before subsampling
    centers, pairs : windows and (center, context) pairs trained
    loss_sum, loss_pairs : loss (float64) summed over the pairs of the sampled windows, and how many those are
    alpha : learning rate at its start
    """

    epoch: int
    span: int
    tokens: int
    centers: int
    pairs: int
    loss_sum: float
    loss_pairs: int
    alpha: float


class Trainer:
    """Trains `model` on `corpus` by `plan` with `threads` threads."""

    def __init__(self, corpus: EncodedCorpus, model: Model, plan: Plan, threads: int) -> None:
        self.corpus, self.model, self.plan, self.threads = corpus, model, plan, threads
        self._memory: queue.SimpleQueue[ThreadMemory] = queue.SimpleQueue()
        for _ in range(threads):
            self._memory.put(ThreadMemory(plan, threads))
        self._train_span: Callable[..., None] | None = None

    def compile(self) -> None:
        """Compile the kernels, or load them from the cache; `spans` does it otherwise."""
        memory = self._memory.get()
        text, start, stop = span_text(self.corpus, self.plan, 0, 0, 0)
        arguments = self._span_arguments(0, 0, text, start, list_windows(text, start, stop, self.plan, memory), 0.0, 0.0, memory)
        self._train_span = specialize(train_span, arguments, (self.model.dim, self.plan.negatives + 1))
        self._memory.put(memory)

    def facts(self) -> dict[str, Any]:
        """What a report says of the trainer."""
        return {"device": "cpu"}

    def spans(self, epoch: int, first: int = 0, should_stop: Callable[[], bool] = lambda: False) -> Iterator[SpanReport]:
        """Train the spans of one epoch from `first` on; yields each when it is finished, in the order of finishing.

        Once `should_stop` says so, no further span is begun; those that run are finished and yielded. What was yielded is then exactly
        the first spans of the epoch, and exactly what the model holds.

        Raises
        ------
        DivergedError
            non-finite logits: names epoch, span and learning rate.
        """
        if self._train_span is None:
            self.compile()
        ahead = iter(range(first, self.plan.n_spans))
        running: list[Future[SpanReport]] = []
        with ThreadPoolExecutor(self.threads, "w2v-train") as pool:
            while True:
                if should_stop():
                    ahead = iter(())
                    running = [future for future in reversed(running) if not future.cancel()]  # the last ones first: no gaps
                # one more than there are threads, so that none idles while the caller looks at a report
                while len(running) <= self.threads and (span := next(ahead, None)) is not None:
                    running.append(pool.submit(self._train, epoch, span))
                if not running:
                    return
                done = wait(running, return_when=FIRST_COMPLETED).done
                running = [future for future in running if future not in done]
                yield from (future.result() for future in done)

    def _train(self, epoch: int, span: int) -> SpanReport:
        plan, memory = self.plan, self._memory.get()
        start, stop = plan.span(span)
        text, text_start, text_stop = span_text(self.corpus, plan, epoch, start, stop)
        windows = list_windows(text, text_start, text_stop, plan, memory)
        alpha, alpha_stop = plan.alpha(epoch, start), plan.alpha(epoch, stop)
        memory.statistics[:] = 0
        step = (alpha_stop - alpha) / max(1, windows.end - windows.begin)
        arguments = self._span_arguments(epoch, span, text, text_start, windows, alpha, step, memory)
        self._train_span(*arguments, self.model.dim, plan.negatives + 1)  # type: ignore[misc]
        statistics = memory.statistics.copy()
        self._memory.put(memory)
        return report_span(plan, epoch, span, alpha, statistics)

    def _span_arguments(
        self, epoch: int, span: int, text: Text, start: int, windows: Windows, alpha: float, alpha_step: float, memory: ThreadMemory
    ) -> tuple[object, ...]:
        """All that `train_span` takes, but for its literals."""
        plan, model = self.plan, self.model
        private_rows = memory.hot_rows.beside(model.inputs, model.outputs)
        return (
            text, start, windows, plan.window, span_noise(plan, epoch, span), model.inputs, model.outputs, alpha, alpha_step,
            private_rows, memory.scratch, memory.statistics, None,
        )  # fmt: skip


def span_text(corpus: EncodedCorpus, plan: Plan, epoch: int, start: int, stop: int) -> tuple[Text, int, int]:
    """What holds the positions [start, stop) of the corpus, and where they lie in it; each epoch has other tokens kept and other radii.

    Random bits are those of the corpus's positions, whatever part of it is at hand.
    """
    part = corpus.part(epoch, start, stop)
    key = stream_key(plan.config.seed, KEEP, epoch) + int(GOLDEN) * part.first_position  # as `position_hash` adds them up
    text = Text(part.tokens, part.sentence_offsets, plan.keep, np.uint64(key % 2**64), plan.held_out)
    return text, part.start, part.stop


def list_windows(text: Text, start: int, stop: int, plan: Plan, memory: ThreadMemory) -> Windows:
    """`subsample` into the memory of a thread."""
    windows: Windows = subsample(text, start, stop, plan.window, plan.fixed_window, plan.session, memory.kept, memory.first, memory.last)
    return windows


def span_noise(plan: Plan, epoch: int, span: int) -> Noise:
    """How the negatives of a span are drawn."""
    key = np.uint64(stream_key(plan.config.seed, NEGATIVES, epoch, span))
    return Noise(plan.alias, plan.config.negative_reuse, plan.distance, key, np.float32(plan.config.logit_bias))


def report_span(plan: Plan, epoch: int, span: int, alpha: float, statistics: npt.NDArray[np.float64]) -> SpanReport:
    """The report of a finished span from what `train_span` counted.

    Raises
    ------
    DivergedError
        non-finite logits: names epoch, span and learning rate.
    """
    found = statistics.tolist()
    if found[NON_FINITE]:
        raise diverged(plan, epoch, span, alpha)
    start, stop = plan.span(span)
    return SpanReport(epoch, span, stop - start, int(found[KEPT]), int(found[PAIRS]), found[LOSS_SUM], int(found[LOSS_PAIRS]), alpha)


def diverged(plan: Plan, epoch: int, span: int, alpha: float) -> DivergedError:
    """What to raise where logits are not finite."""
    place = f"epoch {epoch + 1}, span {span + 1} of {plan.n_spans}, learning rate {alpha:.4g}"
    return DivergedError(f"training diverged: non-finite values in {place}: try a lower alpha=")


class ThreadMemory:
    """What one thread needs besides the model: about 12 bytes a token of a span, and its hot rows."""

    def __init__(self, plan: Plan, threads: int) -> None:
        n_kept = plan.span_tokens + 2 * plan.window
        self.kept, self.first, self.last = (np.zeros(n_kept, np.int32) for _ in range(3))
        tiles = host_tiles(plan.negatives + 1)
        n_contexts = 2 * plan.window + 1 + tiles.contexts
        self.scratch = Scratch(
            contexts=aligned_zeros(n_contexts, np.intp),
            targets=aligned_zeros(plan.negatives + 1, np.intp),
            negatives=aligned_zeros(plan.distance * plan.negatives, np.intp),
            logits=aligned_zeros(n_contexts * tiles.slots),
            steps=aligned_zeros(n_contexts * tiles.slots),
            tile_contexts=tiles.contexts,
            slots=tiles.slots,
        )
        self.hot_rows = HotRows(plan.n_hot if threads > 1 else 0, plan.config.dim, threads)
        self.statistics: npt.NDArray[np.float64] = aligned_zeros(N_STATISTICS, np.float64)


@dataclass
class EpochLoss:
    """Sums the losses of an epoch's spans."""

    loss_sum: float = 0.0
    loss_pairs: int = 0

    def add(self, report: SpanReport) -> None:
        self.loss_sum += report.loss_sum
        self.loss_pairs += report.loss_pairs

    @property
    def mean(self) -> float:
        return self.loss_sum / self.loss_pairs if self.loss_pairs else float("nan")
