"""What a training run asks of whatever trains: the threads of the CPU, or a card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.training.gpu.card import DEVICES as DEVICES
from w2v.training.model import Model
from w2v.training.plan import Plan
from w2v.training.trainer import SpanReport, Trainer


class SpanTrainer(Protocol):
    """Trains `model` on `corpus` by `plan`, an epoch at a time, as an iterator of finished spans.

    When `spans` has ended, also because it should stop, `model` holds exactly what it has yielded: the first spans of the epoch.
    """

    corpus: EncodedCorpus
    model: Model
    plan: Plan
    threads: int

    def compile(self) -> None:
        """Make ready all that `spans` needs."""

    def spans(self, epoch: int, first: int = 0, should_stop: Callable[[], bool] = lambda: False) -> Iterator[SpanReport]:
        """Train the spans of one epoch from `first` on; once `should_stop` says so none is begun."""
        ...

    def facts(self) -> dict[str, Any]:
        """What the report of the run says of the trainer."""
        ...


def make_trainer(device: str, corpus: EncodedCorpus, model: Model, plan: Plan, threads: int) -> SpanTrainer:
    """The trainer of a device; numba.cuda is imported for ``cuda`` only."""
    if device == "cuda":
        from w2v.training.gpu.gpu_trainer import GpuTrainer

        return GpuTrainer(corpus, model, plan, threads)
    return Trainer(corpus, model, plan, threads)
