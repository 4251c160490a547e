"""What ``train(progress=True)`` shows: a bar, and a line for each epoch; on stderr, or in the notebook."""

import sys
from typing import Any, Self

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.progress import progress_bar
from w2v.training.checkpoints.checkpoint import Position
from w2v.training.options import EpochReport, Hooks
from w2v.training.plan import Plan
from w2v.training.trainer import SpanReport


class ShownTraining:
    """`hooks` for `train`; closes its bar when it is left."""

    def __init__(self) -> None:
        self.hooks = Hooks(on_message=self._say, on_start=self._start, on_span=self._advance, on_epoch=self._end_epoch)
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _start(self, corpus: EncodedCorpus, plan: Plan, position: Position) -> None:
        done = position.epoch * plan.n_spans + position.span
        self._bar = progress_bar("training", plan.config.epochs * plan.n_spans, " spans", initial=done)

    def _advance(self, report: SpanReport) -> None:
        self._bar.update()

    def _end_epoch(self, report: EpochReport) -> None:
        self._bar.clear()
        held_out = "" if report.held_out_loss is None else f", held-out loss {report.held_out_loss:.4f}"
        self._say(f"epoch {report.epoch + 1}: loss {report.loss:.4f} while training{held_out}")

    def _say(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)  # noqa: T201
