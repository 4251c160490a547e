"""What one training run is asked to do, and what its caller wants to hear while it runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.training.checkpoints.checkpoint import Position
from w2v.training.checkpoints.checkpoint_writer import CheckpointSchedule
from w2v.training.checkpoints.resume import partial_path
from w2v.training.epoch_evaluation import Scores
from w2v.training.plan import Plan
from w2v.training.trainer import SpanReport
from w2v.vectors.evaluation_sets import AnalogySet, PairSet
from w2v.vectors.model_directory import StoredModel


@dataclass(frozen=True)
class EpochReport:
    """One finished epoch: from 0, its mean loss, the held-out loss (None without a held-out part), and the scores of test sets."""

    epoch: int
    loss: float
    held_out_loss: float | None
    scores: Scores


@dataclass
class Hooks:
    """What a caller wants to hear of: `on_message` one line for people, `on_start` the plan, then every span and epoch."""

    on_message: Callable[[str], None] = lambda text: None
    on_start: Callable[[EncodedCorpus, Plan, Position], None] = lambda corpus, plan, position: None
    on_span: Callable[[SpanReport], None] = lambda report: None
    on_epoch: Callable[[EpochReport], None] = lambda report: None


@dataclass(frozen=True)
class RunOptions:
    """The arguments of `train`, checked.

    Attributes
    ----------
    device : of DEVICES, what trains
    initial : the model to grow
    schedule : when a checkpoint is due
    test_sets : to evaluate after each epoch
    """

    config: TrainConfig
    corpus_config: CorpusConfig | None
    out: Path | None
    threads: int
    device: str
    overwrite: bool
    resume: bool
    initial: StoredModel | None
    schedule: CheckpointSchedule
    test_sets: Sequence[PairSet | AnalogySet]
    progress: bool
    hooks: Hooks

    @property
    def partial(self) -> Path | None:
        """Where the run keeps what it has so far; None where it keeps everything in memory."""
        return None if self.out is None else partial_path(self.out)
