"""Stopping a training without losing what it has learned."""

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from w2v.errors import OutputError
from w2v.training.checkpoints.checkpoint import Position, checkpoint_manifest, list_checkpoints, write_checkpoint
from w2v.training.contract import SpanTrainer


class InterruptedTrainingError(KeyboardInterrupt):
    """Training was stopped by Ctrl-C or SIGTERM; the message says what was kept."""


class Stop(threading.Event):
    """Set by SIGINT and SIGTERM.

    Attributes
    ----------
    at_once : they raise KeyboardInterrupt instead, because there is nothing to save
    """

    def __init__(self) -> None:
        super().__init__()
        self.at_once = True


def save_interrupted(trainer: SpanTrainer, position: Position, partial: Path | None) -> NoReturn:
    """Save what was trained until a signal came.

    Parameters
    ----------
    partial : the folder for the checkpoint; None saves nothing

    Raises
    ------
    InterruptedTrainingError
        always: what was saved.
    OutputError
        it could not be saved: what was saved before, if anything.
    """
    plan, model = trainer.plan, trainer.model
    epoch = f"epoch {position.epoch + 1} of {plan.config.epochs}"
    where = f"stopped in {epoch}, span {position.span} of {plan.n_spans}"
    if partial is None:
        raise InterruptedTrainingError(f"{where}; nothing was kept: no output was named")
    try:
        write_checkpoint(partial, model.input_vectors, model.output_vectors, checkpoint_manifest(position, plan, trainer.corpus))
    except OSError as error:
        raise OutputError(f"stopped in {epoch}, which could not be saved: {error}; {_saved_before(partial)}") from error
    raise InterruptedTrainingError(f"{where}; saved in {partial}: run the same again with resume=True to go on")


def _saved_before(partial: Path | None) -> str:
    checkpoints = [] if partial is None else list_checkpoints(partial)
    return f"resume=True goes on from {checkpoints[0]}, saved before" if checkpoints else "nothing was saved before"


@contextlib.contextmanager
def stop_signals() -> Iterator[Stop]:
    """An event that SIGINT and SIGTERM set, so that training stops between two spans; a second SIGINT interrupts at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def handle(number: int, frame: object) -> None:
        if stop.at_once or (stop.is_set() and number == signal.SIGINT):
            raise KeyboardInterrupt
        stop.set()

    previous = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def explain_interruption(stop: Stop, partial: Path | None) -> Iterator[None]:
    """Turn a KeyboardInterrupt, which did not wait for a checkpoint, into an error that says what is kept in `partial`."""
    try:
        yield
    except InterruptedTrainingError:
        raise
    except KeyboardInterrupt:
        if not stop.at_once:  # the second Ctrl-C
            raise InterruptedTrainingError(f"stopped at once, without saving; {_saved_before(partial)}") from None
        is_kept = partial is not None and list_checkpoints(partial)
        kept = f"{partial} is as it was: run the same again to go on" if is_kept else "nothing was kept: run the same again"
        raise InterruptedTrainingError(f"stopped before training began; {kept}") from None
