"""Epoch after epoch: spans, checkpoints, losses, evaluation, until the end or a signal."""

import math
import time
from contextlib import ExitStack
from typing import Any

from w2v.errors import CorpusError, DivergedError
from w2v.training.checkpoints.checkpoint import Position, checkpoint_manifest
from w2v.training.checkpoints.checkpoint_writer import CheckpointWriter
from w2v.training.contract import SpanTrainer
from w2v.training.epoch_evaluation import Scores, evaluate_sets
from w2v.training.held_out_lines import count_held_out
from w2v.training.held_out_loss import held_out_loss
from w2v.training.options import EpochReport, RunOptions
from w2v.training.stopping import Stop
from w2v.training.trainer import EpochLoss
from w2v.vectors.word_vectors import WordVectors


class Epochs:
    """Trains from `position` on, which it changes.

    Attributes
    ----------
    evaluation_seconds : which are no seconds of training
    """

    def __init__(self, trainer: SpanTrainer, position: Position, stop: Stop, options: RunOptions) -> None:
        self.evaluation_seconds = 0.0
        self._trainer, self._position, self._stop, self._options = trainer, position, stop, options
        self._began = time.perf_counter() - position.seconds

    @property
    def is_finished(self) -> bool:
        """All epochs are trained, or the held-out loss has not fallen for `early_stop` of them."""
        config, losses = self._trainer.plan.config, self._position.held_out_losses
        patience = config.early_stop
        is_early = patience is not None and len(losses) > patience and min(losses[-patience:]) >= min(losses[:-patience])
        return self._position.epoch >= config.epochs or is_early

    def run(self, earlier_seconds: float) -> None:
        """Train until all is finished, or a signal came; the run has taken `earlier_seconds` before, mostly to read."""
        trainer, position, options = self._trainer, self._position, self._options
        self._began = time.perf_counter() - position.seconds
        try:
            with ExitStack() as stack:
                writer = None
                if options.partial is not None:
                    n_spans, on_message = trainer.plan.n_spans, options.hooks.on_message
                    writer = CheckpointWriter(options.partial, options.schedule, trainer.threads, n_spans, self._content, on_message)
                    stack.enter_context(writer).start(position, earlier_seconds)
                while not self.is_finished and not self._stop.is_set():
                    self._train_spans(writer)
                    wanted = not self._stop.is_set()
                    if position.span == trainer.plan.n_spans:
                        self._end_epoch()
                        is_last = position.epoch == trainer.plan.config.epochs
                        wanted = wanted and not is_last and writer is not None and writer.is_affordable(trainer.model)
                    if writer is not None and wanted and not self._stop.is_set():
                        writer.save(trainer.model, position)
                if writer is not None:
                    writer.wait()
            if self.is_finished and position.epoch < trainer.plan.config.epochs:
                options.hooks.on_message(self._why_early())
        finally:
            position.seconds = time.perf_counter() - self._began

    def _why_early(self) -> str:
        config, losses = self._trainer.plan.config, self._position.held_out_losses
        n, lowest, patience = len(losses), min(losses), f"{config.early_stop} epoch{'s' if config.early_stop != 1 else ''}"
        return (
            f"stopped early, after epoch {n} of {config.epochs}: the held-out loss has not fallen for {patience}, it was lowest after "
            f"epoch {losses.index(lowest) + 1} ({lowest:.4f}); the vectors are those of epoch {n}, the last one"
        )

    def _content(self, position: Position) -> dict[str, Any]:
        position.seconds = time.perf_counter() - self._began
        return checkpoint_manifest(position, self._trainer.plan, self._trainer.corpus)

    def _train_spans(self, writer: CheckpointWriter | None) -> None:
        """Train to the end of the epoch, a signal, or until a checkpoint is due."""
        position = self._position
        loss = EpochLoss(position.loss_sum, position.loss_pairs)

        def should_pause() -> bool:
            return self._stop.is_set() or (writer is not None and writer.is_due(position))

        for report in self._trainer.spans(position.epoch, position.span, should_pause):
            loss.add(report)
            position.span += 1
            position.loss_sum, position.loss_pairs = loss.loss_sum, loss.loss_pairs
            self._options.hooks.on_span(report)

    def _end_epoch(self) -> None:
        trainer, position = self._trainer, self._position
        plan, corpus = trainer.plan, trainer.corpus
        if not trainer.model.is_finite():
            raise DivergedError(f"training diverged: non-finite vectors after epoch {position.epoch + 1}: try a lower alpha=")
        if not position.loss_pairs:
            nothing = f"epoch {position.epoch + 1} had nothing to train on: subsampling left no two words of a line"
            raise CorpusError(f"{nothing}: give more text, or sample=0")
        held_out = held_out_loss(corpus, trainer.model, plan) if plan.config.held_out else None
        if held_out is not None and math.isnan(held_out):
            n_lines, n_tokens = count_held_out(corpus.sentence_offsets, plan.held_out)
            part = f"what is held out, {n_tokens:,} tokens in {n_lines:,} lines, has no two words of a line"
            raise CorpusError(f"{part}: raise the fraction, such as held_out={min(0.5, 4 * plan.config.held_out):g}")
        mean = EpochLoss(position.loss_sum, position.loss_pairs).mean
        position.losses.append(mean)
        if held_out is not None:
            position.held_out_losses.append(held_out)
        position.scores += [{}] * (position.epoch - len(position.scores))  # epochs of a run that did not evaluate
        position.scores.append(self._evaluate())
        if self._options.test_sets and not position.scores[-1]:
            self._options.hooks.on_message(f"epoch {position.epoch + 1} is left without its evaluation: a signal came")
        self._options.hooks.on_epoch(EpochReport(position.epoch, mean, held_out, position.scores[-1]))
        position.epoch, position.span, position.loss_sum, position.loss_pairs = position.epoch + 1, 0, 0.0, 0

    def _evaluate(self) -> Scores:
        """Evaluate the vectors as they are; a signal ends that at once, as there is nothing in it to save."""
        if not self._options.test_sets or self._stop.is_set():
            return {}
        began = time.perf_counter()
        try:
            self._stop.at_once = True
            return evaluate_sets(WordVectors(self._trainer.corpus.vocabulary, self._trainer.model.input_vectors), self._options.test_sets)
        except KeyboardInterrupt:
            self._stop.set()
            return {}
        finally:
            self._stop.at_once = False
            seconds = time.perf_counter() - began
            self.evaluation_seconds += seconds
            self._began += seconds
