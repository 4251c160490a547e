"""One training run, from text to a model on disk: reading, training, stopping, going on, saving."""

from __future__ import annotations

import contextlib
import platform
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded import EncodedCorpus, encode, is_encoded_corpus
from w2v.corpus.inputs import reading_estimate
from w2v.corpus.sources import find_sources
from w2v.errors import ConfigError, DivergedError
from w2v.lock import lock_directory
from w2v.storage import check_output, existing_directory, move_directory
from w2v.training.checkpoint import Position, load_checkpoint, require_equal, save_checkpoint
from w2v.training.earlier import discard_checkpoint, partial_path, remove_checkpoint, require_same_sources
from w2v.training.interruption import InterruptedTrainingError, stop_signals
from w2v.training.loss import held_out_loss
from w2v.training.memory import PeakMemory
from w2v.training.model import Model
from w2v.training.plan import Plan, make_plan
from w2v.training.trainer import EpochLoss, SpanReport, Trainer, usable_cores
from w2v.vectors.model_directory import KIND, load_model, write_model
from w2v.vectors.word_vectors import WordVectors
from w2v.version import __version__
from w2v.vocabulary import Vocabulary

Source = Any  # a path, several paths, an iterable of token lists, or an EncodedCorpus


@dataclass(frozen=True)
class EpochReport:
    """One finished epoch: from 0, its mean loss, and the held-out loss (None without a held-out part)."""

    epoch: int
    loss: float
    held_out_loss: float | None


@dataclass(frozen=True)
class TrainedModel:
    """A finished training.

    Attributes
    ----------
    path : the model directory, None when it was kept in memory
    vocabulary, config : what was trained
    model : both matrices; None when a finished model was found
    report : what `w2v train --json` prints
    """

    path: Path | None
    vocabulary: Vocabulary
    config: TrainConfig
    vectors: WordVectors
    report: dict[str, Any]


@dataclass
class Hooks:
    """What a caller wants to hear of: `on_message` one line for people, `on_start` the plan, then every span and epoch."""

    on_message: Callable[[str], None] = lambda text: None
    on_start: Callable[[EncodedCorpus, Plan, Position], None] = lambda corpus, plan, position: None
    on_span: Callable[[SpanReport], None] = lambda report: None
    on_epoch: Callable[[EpochReport], None] = lambda report: None


def train(
    source: Source,
    config: TrainConfig | None = None,
    *,
    corpus_config: CorpusConfig | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    overwrite: bool = False,
    resume: bool = False,
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
    resume : go on from `out`.partial; start where there is none; a finished model of the same settings is returned as it is
    progress : a bar on stderr while text is read
    hooks : callbacks while training

    Raises
    ------
    ConfigError, CorpusError, CheckpointError, OutputError, DivergedError
        each with what to do.
    InterruptedTrainingError
        Ctrl-C; a KeyboardInterrupt.
    """
    run = _Run(
        config=config or TrainConfig(),
        corpus_config=corpus_config,
        out=None if out is None else Path(out),
        threads=_checked_threads(threads),
        overwrite=overwrite,
        resume=resume,
        progress=progress,
        hooks=hooks or Hooks(),
    )
    return run(source)


def _checked_threads(threads: int | None) -> int:
    if threads is None:
        return usable_cores()
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= 1024:
        raise ConfigError(f"threads must be an integer from 1 to 1024: received {threads!r}")
    return threads


@dataclass
class _Run:
    config: TrainConfig
    corpus_config: CorpusConfig | None
    out: Path | None
    threads: int
    overwrite: bool
    resume: bool
    progress: bool
    hooks: Hooks
    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, source: Source) -> TrainedModel:
        with PeakMemory() as self.memory:
            if self.out is None:
                if self.resume or self.overwrite:
                    raise ConfigError("resume and overwrite need out, the model directory")
                return self._train(source, None)
            finished = self._finished_model(source, self.out)
            if finished is not None:
                return finished
            check_output(self.out, overwrite=self.overwrite, kind=KIND)
            partial = partial_path(self.out)
            partial.parent.mkdir(parents=True, exist_ok=True)
            with lock_directory(partial):
                if not self.resume:
                    discard_checkpoint(partial, self.overwrite)
                try:
                    return self._train(source, partial)
                finally:
                    if not existing_directory(partial / "checkpoint").exists():  # nothing to go on from
                        shutil.rmtree(partial, ignore_errors=True)

    # -- what lies at the output ---------------------------------------------------------------------------------------

    def _finished_model(self, source: Source, out: Path) -> TrainedModel | None:
        """With `resume`, the model at `out` when it is the one that this run would make."""
        if not self.resume or self.overwrite or not existing_directory(out).exists():
            return None
        stored = load_model(out, verify=True)
        manifest = stored.manifest
        corpus_config = CorpusConfig.from_json(manifest["corpus_config"])
        require_equal(manifest["train_config"], self.config.for_tokenizer(corpus_config.tokenizer).to_json(), str(out))
        if not isinstance(source, EncodedCorpus) and not _is_corpus_path(source):
            require_equal(corpus_config.to_json(), (self.corpus_config or CorpusConfig()).to_json(), str(out))
            require_same_sources(manifest["corpus"]["sources"], source, str(out))
        self.hooks.on_message(f"{out} is trained already with these settings")
        return TrainedModel(out, stored.vocabulary, self.config, stored.vectors, manifest["report"])

    # -- the stages ----------------------------------------------------------------------------------------------------

    def _train(self, source: Source, partial: Path | None) -> TrainedModel:
        with self._timed("read"):
            corpus = self._corpus(source, partial)
            plan = make_plan(corpus, self.config)
        with self._timed("compile"):
            model, position = self._model(corpus, plan, partial)
            trainer = Trainer(corpus, model, plan, self.threads)
            trainer.compile()
        self.hooks.on_start(corpus, plan, position)
        began = time.perf_counter() - position.seconds
        try:
            with stop_signals() as stop:
                self._epochs(trainer, position, stop)
        finally:
            position.seconds = self.seconds["train"] = time.perf_counter() - began
        if position.epoch < plan.config.epochs and not self._early(position, plan):
            if partial is not None:
                save_checkpoint(partial / "checkpoint", model, position, plan.config, corpus.vocabulary.hash())
            raise InterruptedTrainingError(partial, position, plan)
        return self._finish(corpus, plan, model, position, partial)

    def _corpus(self, source: Source, partial: Path | None) -> EncodedCorpus:
        if isinstance(source, EncodedCorpus) or _is_corpus_path(source):
            if self.corpus_config is not None:
                raise ConfigError("an encoded corpus knows how it was read: leave the corpus options away, or give the text")
            return source if isinstance(source, EncodedCorpus) else EncodedCorpus.open(Path(source), verify=True)
        config = self.corpus_config or CorpusConfig()
        home = None if partial is None else partial / "corpus"
        if home is not None and self.resume and home.exists():
            corpus = EncodedCorpus.open(home, verify=True)
            require_equal(corpus.config.to_json(), config.to_json(), str(home))
            require_same_sources(corpus.manifest["sources"], source, str(home))
            return corpus
        if _names_files(source):
            source = find_sources([source] if isinstance(source, (str, Path)) else source, config)
            self.hooks.on_message(reading_estimate(source))
        return encode(source, home, config, threads=self.threads, progress=self.progress, overwrite=True)

    def _model(self, corpus: EncodedCorpus, plan: Plan, partial: Path | None) -> tuple[Model, Position]:
        n_words = len(corpus.vocabulary)
        checkpoint = None if partial is None else existing_directory(partial / "checkpoint")
        if self.resume and checkpoint is not None and checkpoint.exists():
            return load_checkpoint(checkpoint, plan.config, corpus.vocabulary.hash(), n_words)
        return Model.start(n_words, plan.config.dim, plan.config.seed), Position()

    def _epochs(self, trainer: Trainer, position: Position, stop: threading.Event) -> None:
        plan, corpus = trainer.plan, trainer.corpus
        while position.epoch < plan.config.epochs and not self._early(position, plan):
            loss = EpochLoss(position.loss_sum, position.loss_pairs)
            for report in trainer.spans(position.epoch, position.span, stop.is_set):
                loss.add(report)
                position.span += 1
                position.loss_sum, position.loss_pairs = loss.loss_sum, loss.loss_pairs
                self.hooks.on_span(report)
            if position.span < plan.n_spans:
                return
            if not trainer.model.is_finite():
                raise DivergedError(f"training diverged: non-finite vectors after epoch {position.epoch + 1}: try a lower --alpha")
            held_out = held_out_loss(corpus, trainer.model, plan) if plan.n_train < corpus.n_tokens else None
            position.losses.append(loss.mean)
            if held_out is not None:
                position.held_out_losses.append(held_out)
            self.hooks.on_epoch(EpochReport(position.epoch, loss.mean, held_out))
            position.epoch, position.span, position.loss_sum, position.loss_pairs = position.epoch + 1, 0, 0.0, 0
            if stop.is_set():
                return

    def _early(self, position: Position, plan: Plan) -> bool:
        """The held-out loss has not fallen for `early_stop` epochs."""
        losses, patience = position.held_out_losses, plan.config.early_stop
        return patience is not None and len(losses) > patience and min(losses[-patience:]) >= min(losses[:-patience])

    def _finish(self, corpus: EncodedCorpus, plan: Plan, model: Model, position: Position, partial: Path | None) -> TrainedModel:
        report = self._report(corpus, position)
        if self.out is None or partial is None:
            vectors = WordVectors(corpus.vocabulary, np.ascontiguousarray(model.input_vectors), tokenizer=corpus.config)
        else:
            began = time.perf_counter()
            manifest = {
                "train_config": plan.config.to_json(),
                "corpus_config": corpus.config.to_json(),
                "corpus": {key: corpus.manifest[key] for key in ("n_tokens", "n_sentences", "vocabulary_sha256", "sources")},
                "report": report,
                "versions": versions(),
            }
            folder = partial / "model"
            shutil.rmtree(folder, ignore_errors=True)  # what a killed run left
            folder.mkdir()
            write_model(
                folder,
                vocabulary=corpus.vocabulary,
                input_vectors=model.input_vectors,
                output_vectors=model.output_vectors,
                manifest=manifest,
            )
            move_directory(folder, self.out)
            remove_checkpoint(partial)
            report["seconds"]["save"] = time.perf_counter() - began
            vectors = load_model(self.out).vectors
        return TrainedModel(self.out, corpus.vocabulary, plan.config, vectors, report)

    def _report(self, corpus: EncodedCorpus, position: Position) -> dict[str, Any]:
        trained = corpus.n_tokens * position.epoch
        report = {
            "vocabulary": len(corpus.vocabulary),
            "tokens": corpus.n_tokens,
            "epochs": position.epoch,
            "seconds": {**self.seconds, "save": 0.0},
            "words_per_second": trained / max(self.seconds["train"], 1e-9),
            "loss": position.losses,
            "peak_rss_bytes": self.memory.rss,
            "peak_anonymous_bytes": self.memory.anonymous,
        }
        return {**report, "held_out_loss": position.held_out_losses} if position.held_out_losses else report

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - began


def versions() -> dict[str, str]:
    """What made a model: w2v, Python, numpy, numba, llvmlite, the processor."""
    import llvmlite
    import numba

    return {
        "w2v": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "llvmlite": llvmlite.__version__,
        "platform": platform.platform(),
    }


def _names_files(source: Source) -> bool:
    paths = [source] if isinstance(source, (str, Path)) else source
    return isinstance(paths, (list, tuple)) and bool(paths) and all(isinstance(path, (str, Path)) for path in paths)


def _is_corpus_path(source: Source) -> bool:
    return isinstance(source, (str, Path)) and is_encoded_corpus(Path(source))
