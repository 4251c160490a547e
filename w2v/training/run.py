"""One training run, from text to a model on disk: reading, training, stopping, going on, saving."""

from __future__ import annotations

import contextlib
import functools
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import CheckpointError, ConfigError, OutputError
from w2v.lock import lock_directory
from w2v.machine import PeakMemory, checked_threads, usable_cores
from w2v.storage import atomic_directory, check_output, existing_directory
from w2v.training.checkpoint import (
    Position,
    describe,
    list_checkpoints,
    load_checkpoint,
    read_position,
    remove_checkpoint,
    require_continuable,
    require_equal,
    require_same_corpus,
    restore_model,
    write_checkpoint,
)
from w2v.training.checkpoint_writer import DEFAULT_INTERVAL, Interval
from w2v.training.epoch_evaluation import require_names_apart
from w2v.training.epochs import EpochReport as EpochReport
from w2v.training.epochs import Epochs
from w2v.training.epochs import Hooks as Hooks
from w2v.training.grow import grow_model, require_growable
from w2v.training.model import Model, start_width
from w2v.training.plan import Plan, make_plan
from w2v.training.report import make_manifest, make_report
from w2v.training.resume import clean, discard_checkpoints, newest_sound, partial_path, remove_leftovers, require_same_sources
from w2v.training.stopping import (
    InterruptedTrainingError,
    Stop,
    not_saved,
    stop_signals,
    stopped_at_once,
    stopped_before_training,
    stopped_in_training,
)
from w2v.training.trainer import Trainer
from w2v.training.training_corpus import CorpusReader, Source, names_corpus, require_same_base
from w2v.vectors.evaluation_sets import AnalogySet, PairSet
from w2v.vectors.model_directory import KIND, StoredModel, load_model, write_model
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary


@dataclass(frozen=True)
class TrainedModel:
    """A finished training.

    Attributes
    ----------
    path : the model directory, None when it was kept in memory
    vocabulary, config : what was trained
    report : what `w2v train --json` prints
    """

    path: Path | None
    vocabulary: Vocabulary
    config: TrainConfig
    vectors: WordVectors
    report: dict[str, Any]

    def __repr__(self) -> str:
        size = f"{len(self.vocabulary):,} words x {self.vectors.dim:,} dimensions"
        seen = f"{self.report['epochs']:,} epochs of {self.report['tokens']:,} tokens"
        return f"<TrainedModel: {size}, {seen}, {'in memory' if self.path is None else f'at {self.path}'}>"


def train(
    source: Source,
    config: TrainConfig | None = None,
    *,
    corpus_config: CorpusConfig | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    overwrite: bool = False,
    resume: bool = False,
    init_from: str | Path | None = None,
    checkpoint_every: str = DEFAULT_INTERVAL,
    evaluate: Sequence[PairSet | AnalogySet] = (),
    progress: bool = False,
    hooks: Hooks | None = None,
) -> TrainedModel:
    """Train word vectors.

    Parameters
    ----------
    source : a text file, a folder, "-" for stdin, several of them, an encoded corpus (directory or `EncodedCorpus`), or any
        iterable of token lists
    config : how to train
    corpus_config : how to read; not with an encoded corpus, which knows
    out : the model directory; None keeps the model in memory
    threads : None takes the cores that this process may use. With one thread the result is bit-reproducible on one kind of CPU
    overwrite : replace an existing model at `out`, which stays until the new one is complete
    resume : go on from `out`.partial; start where there is none; a finished model of the same settings is returned as it is.
        With more epochs than before, also of a finished model, the learning rate goes on along the line of the new number: linear
        from alpha to min_alpha over all epochs, so that it rises once, where training goes on
    init_from : a model directory to grow: its words keep their vectors to start from, new words are added, counts are summed
    checkpoint_every : longest time or most spans between two checkpoints: ``30s``, ``10m``, ``5spans``. One is also written at the end
        of an epoch, where that costs less than 3 % of the time
    evaluate : test sets to evaluate after each epoch (`evaluation_sets.read_set`); the report has the scores, and what it takes is
        no time of training
    progress : a bar on stderr while text is read
    hooks : callbacks while training

    Raises
    ------
    ConfigError, CorpusError, CheckpointError, OutputError, DivergedError
        each with what to do.
    InterruptedTrainingError
        Ctrl-C; a KeyboardInterrupt.
    """
    require_names_apart(evaluate)
    run = _Run(
        config=config or TrainConfig(),
        corpus_config=corpus_config,
        out=None if out is None else Path(out),
        threads=checked_threads(threads),
        overwrite=overwrite,
        resume=resume,
        base=None if init_from is None else load_model(init_from, verify=True),
        every=Interval.parse(checkpoint_every),
        evaluate=evaluate,
        progress=progress,
        hooks=hooks or Hooks(),
    )
    with stop_signals() as run.stop, PeakMemory() as run.memory:
        return run(source)


@dataclass
class _Run:
    config: TrainConfig
    corpus_config: CorpusConfig | None
    out: Path | None
    threads: int
    overwrite: bool
    resume: bool
    base: StoredModel | None  # to grow
    every: Interval
    evaluate: Sequence[PairSet | AnalogySet]
    progress: bool
    hooks: Hooks
    stop: Stop = field(default_factory=Stop)
    memory: PeakMemory = field(default_factory=PeakMemory)
    seconds: dict[str, float] = field(default_factory=dict)
    finished: StoredModel | None = None  # the model at `out`, which is to have more epochs

    @functools.cached_property
    def reader(self) -> CorpusReader:
        return CorpusReader(self.corpus_config, self.base, self.resume, self.threads, self.progress, self.hooks.on_message)

    def __call__(self, source: Source) -> TrainedModel:
        if self.base is not None:
            require_growable(self.base, self.config)
        if self.out is None:
            if self.resume or self.overwrite:
                raise ConfigError("resume and overwrite need out, the model directory")
            return self._train(source, None)
        partial = partial_path(self.out)
        if self.resume and not self.overwrite and existing_directory(self.out).exists():
            stored = load_model(self.out, verify=True)
            if self._is_finished(source, stored):
                remove_leftovers(partial, stored.manifest["train_config"])
                self.hooks.on_message(f"{self.out} is trained already with these settings")
                return TrainedModel(self.out, stored.vocabulary, self.config, stored.vectors, stored.manifest["report"])
            self.finished = stored
        check_output(self.out, overwrite=self.overwrite or self.finished is not None, kind=KIND)
        partial.parent.mkdir(parents=True, exist_ok=True)
        with lock_directory(partial):
            clean(partial)
            if not self.resume:
                discard_checkpoints(partial, self.overwrite)
            try:
                return self._train(source, partial)
            finally:
                if not list_checkpoints(partial):  # nothing to go on from
                    shutil.rmtree(partial, ignore_errors=True)

    def _is_finished(self, source: Source, stored: StoredModel) -> bool:
        """The model at `out` is the one that this run would make; False when only epochs are missing.

        Raises
        ------
        CheckpointError
            it is another one: the difference is shown.
        """
        manifest, what = stored.manifest, str(self.out)
        if any(manifest.get(key) is None for key in ("train_config", "corpus_config", "corpus", "report")):
            raise CheckpointError(
                f"{what} is a model that w2v did not train, so no training of it goes on: choose another name, or --overwrite"
            )
        corpus_config = CorpusConfig.from_json(manifest["corpus_config"])
        wanted = self.config.for_tokenizer(corpus_config.tokenizer).to_json()
        require_continuable(manifest["train_config"], wanted, what)
        require_same_base(manifest["report"], self.base, what)
        if not names_corpus(source):
            require_equal(corpus_config.to_json(), (self.corpus_config or CorpusConfig()).to_json(), what)
            require_same_sources(manifest["corpus"]["sources"], source, corpus_config, what)
        elif self.base is None:
            require_same_corpus(manifest["corpus"].get("files_sha256"), self.reader.open(source), what)
        return bool(manifest["train_config"] == wanted)

    # -- the stages ----------------------------------------------------------------------------------------------------

    def _train(self, source: Source, partial: Path | None) -> TrainedModel:
        try:
            with self._timed("read"):
                corpus = self.reader.read(source, partial)
                plan = make_plan(corpus, self.config)
            with self._timed("compile"):
                model, position = self._model(corpus, plan, partial)
                # more threads than cores only get into each other's way: each has rows of its own in the caches
                trainer = Trainer(corpus, model, plan, min(self.threads, usable_cores()))
                trainer.compile()
        except KeyboardInterrupt:
            raise stopped_before_training(partial if partial is not None and list_checkpoints(partial) else None) from None
        self.stop.at_once = False
        self.hooks.on_start(corpus, plan, position)
        try:
            return self._to_the_end(trainer, position, partial)
        except InterruptedTrainingError:
            raise
        except KeyboardInterrupt:
            raise stopped_at_once(partial) from None

    def _to_the_end(self, trainer: Trainer, position: Position, partial: Path | None) -> TrainedModel:
        corpus, plan, model = trainer.corpus, trainer.plan, trainer.model
        epochs = Epochs(trainer, position, self.stop, self.hooks, self.evaluate)
        epochs.run(partial, self.every, sum(self.seconds.values()))
        self.seconds["train"] = position.seconds
        if self.evaluate:
            self.seconds["evaluate"] = epochs.evaluation_seconds
        if not epochs.is_finished:
            raise self._stopped(partial, model, position, plan, corpus)
        return self._finish(corpus, plan, model, position, partial)

    def _model(self, corpus: EncodedCorpus, plan: Plan, partial: Path | None) -> tuple[Model, Position]:
        """What to go on from: the newest sound checkpoint, the finished model, the model to grow, or random numbers."""
        checkpoint = newest_sound(partial, self.hooks.on_message) if self.resume and partial is not None else None
        stored, dim = self.finished, plan.config.dim
        if stored is not None:
            report = stored.manifest["report"]
            losses, scores = (report["loss"], report.get("held_out_loss", [])), report.get("evaluation", [])
            position = Position(report["epochs"], 0, *losses, scores, seconds=report["seconds"]["train"])
            if checkpoint is None or read_position(checkpoint)[0].epoch < position.epoch:
                require_same_corpus(stored.manifest["corpus"].get("files_sha256"), corpus, str(self.out))
                return restore_model(stored.path, len(corpus.vocabulary), dim), position
        if checkpoint is not None:
            return load_checkpoint(checkpoint, plan.config, corpus)
        if self.base is not None:
            return grow_model(self.base, corpus, plan.config), Position()
        return Model.start(len(corpus.vocabulary), dim, plan.config.seed, start_width(corpus.config.tokenizer)), Position()

    def _stopped(
        self, partial: Path | None, model: Model, position: Position, plan: Plan, corpus: EncodedCorpus
    ) -> InterruptedTrainingError:
        """Save what was trained until a signal came."""
        if partial is not None:
            try:
                write_checkpoint(partial, model.input_vectors, model.output_vectors, describe(position, plan, corpus))
            except OSError as error:
                raise not_saved(partial, position, plan, error) from error
        return stopped_in_training(partial, position, plan)

    def _finish(self, corpus: EncodedCorpus, plan: Plan, model: Model, position: Position, partial: Path | None) -> TrainedModel:
        report = make_report(corpus, position, self.seconds, self.memory)
        if self.out is None or partial is None:
            vectors = WordVectors(corpus.vocabulary, np.ascontiguousarray(model.input_vectors), tokenizer=corpus.config)
            return TrainedModel(None, corpus.vocabulary, plan.config, vectors, report)
        began = time.perf_counter()
        try:
            self._save(self.out, partial, corpus.vocabulary, model, make_manifest(corpus, plan, report))
        except OSError as error:
            checkpoints = list_checkpoints(partial)
            if not checkpoints:
                raise
            raise OutputError(f"{error}; --resume goes on from {checkpoints[0]}") from error
        for path in list_checkpoints(partial):
            remove_checkpoint(path)
        report["seconds"]["save"] = time.perf_counter() - began
        return TrainedModel(self.out, corpus.vocabulary, plan.config, load_model(self.out).vectors, report)

    def _save(self, out: Path, partial: Path, vocabulary: Vocabulary, model: Model, manifest: dict[str, Any]) -> None:
        replace = self.overwrite or self.finished is not None
        vectors = {"input_vectors": model.input_vectors, "output_vectors": model.output_vectors}
        with atomic_directory(out, overwrite=replace, kind=KIND, inside=partial) as folder:
            write_model(folder, vocabulary=vocabulary, **vectors, manifest=manifest)

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - began
