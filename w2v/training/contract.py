"""What every trainer does, however it trains; `tests/training/test_every_trainer.py` holds each of them to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.training.gpu.card import DEVICES as DEVICES
from w2v.training.model import Model
from w2v.training.plan import Plan
from w2v.training.replicas.replica_trainer import ReplicaTrainer
from w2v.training.trainer import SpanReport, Trainer


class SpanTrainer(Protocol):
    """Trains `model` on `corpus` by `plan`, an epoch at a time, as an iterator of finished spans."""

    corpus: EncodedCorpus
    model: Model
    plan: Plan
    threads: int

    def compile(self) -> None:
        """Make ready, so that `spans` begins at once."""

    def spans(self, epoch: int, first: int = 0, should_stop: Callable[[], bool] = ...) -> Iterator[SpanReport]:
        """Train the spans of one epoch from `first` on, and yield each when it is finished.

        Once `should_stop` says so, no more spans are begun than the trainer needs to come to a moment where another one can go on. What
        was yielded is then exactly the first spans of the epoch, and exactly what the model holds.

        Raises
        ------
        DivergedError
            non-finite logits: names epoch, span and learning rate.
        """

    def facts(self) -> dict[str, Any]:
        """What the report of the run says of the trainer."""
        ...


def make_trainer(device: str, corpus: EncodedCorpus, model: Model, plan: Plan, threads: int) -> SpanTrainer:
    """The trainer that the device and the config of `plan` ask for; numba.cuda is imported for ``cuda`` only."""
    if device == "cuda":
        from w2v.training.gpu.gpu_trainer import GpuTrainer

        return GpuTrainer(corpus, model, plan, threads)
    kind = ReplicaTrainer if plan.config.deterministic else Trainer
    return kind(corpus, model, plan, threads)
