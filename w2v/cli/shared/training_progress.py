"""What a person sees while a model trains: the corpus in three lines, a bar, a line for each epoch; all on stderr."""

import math
import sys
from typing import Any, Self

import click
import numpy as np
from tqdm import tqdm

from w2v.cli.shared.option_names import with_options
from w2v.corpus.dropped_text import describe_dropped_text
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.events.event_sequences import describe_events
from w2v.text_tables import printable
from w2v.training.checkpoints.checkpoint import Position
from w2v.training.held_out_lines import count_held_out
from w2v.training.options import EpochReport, Hooks
from w2v.training.plan import Plan
from w2v.training.sampling import keep_probability
from w2v.training.trainer import EpochLoss, SpanReport

# Measured on 10 MB of Wikipedia: 2.63 2.41 2.37 2.36 2.38 while training, and 2.72 2.58 2.50 2.44 2.37 on the same lines after each epoch.
_WHY_IT_RISES = (
    "the loss while training is taken on text like what was trained a moment before, and may rise when the learning rate falls; "
    "--held-out 0.01 shows the loss on lines that are never trained"
)


class TrainingProgress:
    """`hooks` for `train`; closes its bar when it is left."""

    def __init__(self) -> None:
        self.hooks = Hooks(on_message=self._print_message, on_start=self._on_start, on_span=self._on_span, on_epoch=self._on_epoch)
        self._bar: tqdm[None] | None = None
        context = click.get_current_context(silent=True)  # here, for messages come from other threads as well
        self._command = None if context is None else context.command
        self._loss = EpochLoss()
        self._last_loss, self._is_explained = math.inf, False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _print(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        click.echo(text, err=True)

    def _print_message(self, text: str) -> None:
        """What the library says, which names arguments."""
        self._print(text if self._command is None else with_options(text, self._command))

    def _on_start(self, corpus: EncodedCorpus, plan: Plan, position: Position) -> None:
        manifest, counts = corpus.manifest, corpus.vocabulary.counts
        sample = plan.config.sample or 0.0
        # a model that grows has the counts of all its text, of which this corpus is a part
        kept = float(np.dot(counts, keep_probability(counts, sample))) * corpus.n_tokens / max(1, int(counts.sum()))
        read = manifest.get("tokens_read", corpus.n_tokens)
        self._print(printable(f"sample tokens: {' '.join(manifest.get('sample_tokens', [])[:5])}"))
        self._print(
            f"{read:,} tokens read, {corpus.n_tokens:,} in the vocabulary of {len(corpus.vocabulary):,} words (min-count "
            f"{corpus.config.min_count}), about {kept:,.0f} of them trained on in an epoch (sample {sample:g})"
        )
        for line in describe_dropped_text(manifest, corpus.config, corpus.vocabulary):
            self._print_message(printable(line))
        if "phrases" in manifest:
            self._print(f"{manifest['phrases']['found']:,} of these words are phrases")
        if "events" in manifest:
            self._print(describe_events(manifest["events"]))
        if "grown" in manifest:
            grown = manifest["grown"]
            self._print(f"growing a model: {grown['known_words']:,} known words, {grown['new_words']:,} new")
        if plan.config.held_out:
            n_lines, n_tokens = count_held_out(corpus.sentence_offsets, plan.held_out)
            parts = f"lines, or parts of lines over {plan.held_out.stretch:,} tokens"
            self._print(f"held out, at random: {n_tokens:,} tokens in {n_lines:,} {parts}")
        done = position.epoch * plan.n_tokens + position.span * plan.span_tokens
        if done:
            self._print(f"going on in epoch {position.epoch + 1} of {plan.config.epochs}")
        self._bar = tqdm(
            total=plan.config.epochs * plan.n_tokens, initial=done, unit=" words", unit_scale=True, desc="training",
            file=sys.stderr, disable=None, mininterval=0.2, dynamic_ncols=True,
        )  # fmt: skip

    def _on_span(self, report: SpanReport) -> None:
        self._loss.add(report)
        if self._bar is not None:
            self._bar.set_postfix_str(f"loss {self._loss.mean:.3f}, alpha {report.alpha:.4f}", refresh=False)
            self._bar.update(report.tokens)

    def _on_epoch(self, report: EpochReport) -> None:
        loss = f"loss {report.loss:.4f} while training"
        if report.held_out_loss is not None:
            loss = f"held-out loss {report.held_out_loss:.4f} ({loss})"
        scores = "".join(f", {name} {_score(found)}" for name, found in report.scores.items())
        self._print(f"epoch {report.epoch + 1}: {loss}{scores}")
        if report.held_out_loss is None and report.loss > self._last_loss and not self._is_explained:
            self._is_explained = True
            self._print(_WHY_IT_RISES)
        self._last_loss = report.loss
        self._loss = EpochLoss()


def _score(found: dict[str, Any]) -> str:
    value = found.get("spearman", found.get("accuracy"))
    return f"none (0 of {found['total']:,} covered)" if value is None else f"{value:.4f}"
