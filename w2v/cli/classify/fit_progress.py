"""What a person sees while a classifier is fitted: a bar over all epochs, a line for each; on stderr."""

from typing import Any, Self

import click

from w2v.downstream.classifier.fitting import FitEpoch, FitHooks
from w2v.progress import progress_bar


class FitProgress:
    """`hooks` for `TextClassifier.fit`; closes its bar when it is left."""

    def __init__(self) -> None:
        self.hooks = FitHooks(on_start=self._start, on_step=self._step, on_epoch=self._epoch)
        self._bar: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def _start(self, epochs: int, steps: int) -> None:
        self._bar = progress_bar("training", epochs * steps, " steps")

    def _step(self) -> None:
        if self._bar is not None:
            self._bar.update()

    def _epoch(self, epoch: FitEpoch) -> None:
        if self._bar is not None:
            self._bar.clear()
        kept = "" if epoch.validation_loss is None else f"; kept back: loss {epoch.validation_loss:.4f}"
        if epoch.validation_accuracy is not None:
            kept += f", accuracy {epoch.validation_accuracy:.3f}"
        click.echo(f"epoch {epoch.epoch}: loss {epoch.loss:.4f}, accuracy {epoch.accuracy:.3f}{kept}", err=True)
