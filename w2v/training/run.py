"""One training run, from text to a model on disk."""

import contextlib
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from w2v.checks import one_of
from w2v.config import CorpusConfig, TrainConfig, refuse_unknown_options, with_options
from w2v.corpus.encoded_corpus import CorpusSource, EncodedCorpus
from w2v.corpus.source_checks import choose_source
from w2v.errors import ConfigError, OutputError
from w2v.lock import lock_directory
from w2v.machine import PeakMemory, checked_threads, usable_cores
from w2v.storage import atomic_directory, check_output
from w2v.text_tables import short_number
from w2v.training.checkpoints.checkpoint import (
    Position,
    list_checkpoints,
    load_checkpoint,
    read_position,
    remove_checkpoint,
    require_same_corpus,
    restore_model,
)
from w2v.training.checkpoints.checkpoint_writer import DEFAULT_SCHEDULE, CheckpointSchedule
from w2v.training.checkpoints.resume import discard_checkpoints, find_intact_checkpoint, remove_finished_partial, remove_unfinished
from w2v.training.compile_ahead import compiling_ahead
from w2v.training.contract import DEVICES, SpanTrainer, make_trainer
from w2v.training.epoch_evaluation import find_test_sets, require_unique_names
from w2v.training.epochs import Epochs
from w2v.training.finished_model import final_position, find_finished_model, is_complete, keep_settings
from w2v.training.gpu.card import is_card_likely, require_card
from w2v.training.grow import grow_model, keep_logit_bias, require_growable
from w2v.training.model import Model, start_width
from w2v.training.options import EpochReport as EpochReport
from w2v.training.options import Hooks as Hooks
from w2v.training.options import RunOptions
from w2v.training.plan import Plan, make_plan
from w2v.training.run_report import make_manifest, make_report
from w2v.training.shown_training import ShownTraining
from w2v.training.stopping import explain_interruption, save_interrupted, stop_signals
from w2v.training.training_corpus import read_corpus
from w2v.vectors.evaluation import TestSet
from w2v.vectors.model_directory import KIND, StoredModel, load_model, write_model
from w2v.vectors.word_model import WordModel
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary


@dataclass(frozen=True)
class TrainedModel(WordModel):
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
    source: CorpusSource | None = None,
    config: TrainConfig | None = None,
    corpus_config: CorpusConfig | None = None,
    *,
    texts: Iterable[str] | None = None,
    out: str | Path | None = None,
    threads: int | None = None,
    device: str = "cpu",
    overwrite: bool = False,
    resume: bool = False,
    init_from: str | Path | None = None,
    checkpoint_every: str = DEFAULT_SCHEDULE,
    evaluate: TestSet | Sequence[TestSet] = (),
    progress: bool = False,
    hooks: Hooks | None = None,
    **options: Any,
) -> TrainedModel:
    """Train word vectors.

    Parameters
    ----------
    source : a text file, a folder, "-" for stdin, several of them, an encoded corpus (directory or `EncodedCorpus`), or any
        iterable of token lists
    texts : instead of `source`, any iterable of strings: a list, a column of a frame, a generator. Each is read as the text of a file
        would be, a newline ends a sentence; ``errors="replace"`` skips None and NaN
    config : how to train
    corpus_config : how to read; not with an encoded corpus, which knows
    out : the model directory; None keeps the model in memory
    threads : None takes the cores that this process may use. With one thread, or with ``deterministic=True`` and
        any number, the result is bit-reproducible on one kind of CPU
    device : what trains: ``"cpu"``, or ``"cuda"``, one NVIDIA card, which the extra `cuda` is for; no two trainings there give the same
        bits. A training may go on on another device
    overwrite : replace an existing model at `out`, which stays until the new one is complete
    resume : go on from `out`.partial; start where there is none; a finished model of the same settings is returned as it is.
        With more epochs than before, also of a finished model, the learning rate goes on along the line of the new number: linear
        from alpha to min_alpha over all epochs, so that it rises once, where training goes on
    init_from : a model directory to grow: its words keep their vectors to start from, new words are added, counts are summed
    checkpoint_every : longest time or most spans between two checkpoints: ``30s``, ``10m``, ``5spans``. One is also written at the end
        of an epoch, where that costs less than 3 % of the time
    evaluate : test sets to evaluate after each epoch: what `read_set` returns, files, or ``"bundled"`` for those that gensim brings; the
        report has the scores, and what it takes is no time of training
    progress : a bar while text is read and, without `hooks`, while the model trains, and a line an epoch: on stderr, or in the notebook
    hooks : callbacks while training
    options : fields of `TrainConfig` and `CorpusConfig`, set in `config` and `corpus_config`: ``train(tokens, dim=50, min_count=1)``

    Raises
    ------
    ConfigError, CorpusError, CheckpointError, OutputError, DivergedError
        each with what to do.
    InterruptedTrainingError
        Ctrl-C; a KeyboardInterrupt.
    """
    refuse_unknown_options("train", options, TrainConfig, CorpusConfig)
    corpus_source: CorpusSource = choose_source(source, texts, resume=resume)
    shown = ShownTraining() if progress and hooks is None else None
    initial = None if init_from is None else load_model(init_from, verify=True)
    config = with_options(TrainConfig, "config", config, options) or TrainConfig()
    run = RunOptions(
        config=config if initial is None else keep_logit_bias(initial, config),
        corpus_config=with_options(CorpusConfig, "corpus_config", corpus_config, options),
        out=None if out is None else Path(out),
        threads=checked_threads(threads),
        device=one_of("device", device, DEVICES),
        overwrite=overwrite,
        resume=resume,
        initial=initial,
        schedule=CheckpointSchedule.parse(checkpoint_every),
        test_sets=find_test_sets(evaluate),
        progress=progress,
        hooks=hooks or (Hooks() if shown is None else shown.hooks),
    )
    _check_options(run)
    seconds: dict[str, float] = {}
    with stop_signals() as stop, PeakMemory() as memory, shown or contextlib.nullcontext():
        finished = find_finished_model(corpus_source, run)
        if finished is not None and is_complete(finished, run):
            return _return_finished(finished, run)
        replace = overwrite or finished is not None
        with _hold_output(run, replace), explain_interruption(stop, run.partial):
            run = keep_settings(run, finished)
            # more threads than cores only get into each other's way: each has rows of its own in the caches
            threads = min(run.threads, usable_cores())
            ahead = compiling_ahead(run.config, threads) if run.device == "cpu" else contextlib.nullcontext(lambda: None)
            with ahead as wait_for_kernels:
                with _timed(seconds, "read"):
                    corpus = read_corpus(corpus_source, run)
                with _timed(seconds, "compile"):
                    plan = make_plan(corpus, run.config)
                    if run.config.epochs is None:
                        chosen = f"{plan.config.epochs} epochs, chosen for {short_number(corpus.n_tokens)} tokens"
                        run.hooks.on_message(f"{chosen}; epochs= takes another number")
                    model, position = _start_model(corpus, plan, run, finished)
                    wait_for_kernels()
                    trainer = make_trainer(run.device, corpus, model, plan, threads)
                    trainer.compile()
            stop.at_once = False
            run.hooks.on_start(corpus, plan, position)
            epochs = Epochs(trainer, position, stop, run)
            epochs.run(sum(seconds.values()))
            seconds["train"] = position.seconds
            if run.test_sets:
                seconds["evaluate"] = epochs.evaluation_seconds
            if not epochs.is_finished:
                save_interrupted(trainer, position, run.partial)
            return _save_model(trainer, run, replace, make_report(trainer, position, seconds, memory))


def _check_options(options: RunOptions) -> None:
    require_unique_names(options.test_sets)
    if options.device == "cuda" and options.config.deterministic:
        raise ConfigError("no training on a card is deterministic, for it adds in any order: leave out deterministic=True or device='cuda'")
    if options.device == "cuda":
        require_card()
    elif is_card_likely():
        options.hooks.on_message('an NVIDIA card is here and unused: device="cuda" trains on it')
    if options.initial is not None:
        require_growable(options.initial, options.config)
    if options.out is None:
        if options.resume or options.overwrite:
            raise ConfigError("resume and overwrite need out, the model directory")
        if options.initial is not None:
            raise ConfigError("init_from needs out, the directory of the grown model")


def _return_finished(stored: StoredModel, options: RunOptions) -> TrainedModel:
    if options.partial is not None:
        remove_finished_partial(options.partial, stored.manifest["train_config"])
    options.hooks.on_message(f"{options.out} is trained already with these settings")
    config = TrainConfig.from_json(stored.manifest["train_config"])
    return TrainedModel(options.out, stored.vocabulary, config, stored.vectors, stored.manifest["report"])


@contextlib.contextmanager
def _hold_output(options: RunOptions, replace: bool) -> Iterator[None]:
    """Make sure that `out` may be written, and hold its partial folder for this run alone; without a checkpoint in it, it goes."""
    out, partial = options.out, options.partial
    if out is None or partial is None:
        yield
        return
    check_output(out, overwrite=replace, kind=KIND)
    partial.parent.mkdir(parents=True, exist_ok=True)
    with lock_directory(partial, options.hooks.on_message):
        remove_unfinished(partial)
        if not options.resume:
            discard_checkpoints(partial, options.overwrite)
        try:
            yield
        finally:
            if not list_checkpoints(partial):  # nothing to go on from
                shutil.rmtree(partial, ignore_errors=True)


@contextlib.contextmanager
def _timed(seconds: dict[str, float], stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    seconds[stage] = time.perf_counter() - began


def _start_model(corpus: EncodedCorpus, plan: Plan, options: RunOptions, finished: StoredModel | None) -> tuple[Model, Position]:
    """Where training starts: the newest intact checkpoint, the finished model, the model to grow, or random numbers."""
    n_words, dim = len(corpus.vocabulary), plan.config.dim
    checkpoint = None
    if options.resume and options.partial is not None:
        checkpoint = find_intact_checkpoint(options.partial, options.hooks.on_message)
    if finished is not None:
        position = final_position(finished)
        if checkpoint is None or read_position(checkpoint)[0].epoch < position.epoch:
            require_same_corpus(finished.manifest["corpus"].get("files_sha256"), corpus, str(options.out))
            return restore_model(finished.path, n_words, dim), position
    if checkpoint is not None:
        return load_checkpoint(checkpoint, plan.config, corpus)
    if options.initial is not None:
        return grow_model(options.initial, corpus, plan.config), Position()
    return Model.start(n_words, dim, plan.config.seed, start_width(corpus.config.tokenizer)), Position()


def _save_model(trainer: SpanTrainer, options: RunOptions, replace: bool, report: dict[str, Any]) -> TrainedModel:
    corpus, plan, model, out, partial = trainer.corpus, trainer.plan, trainer.model, options.out, options.partial
    if out is None or partial is None:
        vectors = WordVectors(corpus.vocabulary, np.ascontiguousarray(model.input_vectors), tokenizer=corpus.config)
        return TrainedModel(None, corpus.vocabulary, plan.config, vectors, report)
    began, manifest = time.perf_counter(), make_manifest(corpus, plan, report)
    matrices = {"input_vectors": model.input_vectors, "output_vectors": model.output_vectors}
    try:
        with atomic_directory(out, overwrite=replace, kind=KIND, inside=partial) as folder:
            write_model(folder, vocabulary=corpus.vocabulary, **matrices, manifest=manifest)
    except OSError as error:
        checkpoints = list_checkpoints(partial)
        if not checkpoints:
            raise
        raise OutputError(f"{error}; resume=True goes on from {checkpoints[0]}") from error
    for path in list_checkpoints(partial):
        remove_checkpoint(path)
    report["seconds"]["save"] = time.perf_counter() - began
    return TrainedModel(out, corpus.vocabulary, plan.config, load_model(out).vectors, report)
