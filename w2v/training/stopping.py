"""Stopping a training without losing what it has learned."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from w2v.errors import OutputError
from w2v.training.checkpoint import Position, list_checkpoints
from w2v.training.plan import Plan


class InterruptedTrainingError(KeyboardInterrupt):
    """Training was stopped by Ctrl-C or SIGTERM; the message says what was kept."""


def stopped_in_training(partial: Path | None, position: Position, plan: Plan) -> InterruptedTrainingError:
    """What was trained is saved in `partial` (None: kept nowhere)."""
    where = f"epoch {position.epoch + 1} of {plan.config.epochs}, span {position.span} of {plan.n_spans}"
    kept = f"saved in {partial}: run the same command with --resume to go on" if partial else "nothing was kept: no output was named"
    return InterruptedTrainingError(f"stopped in {where}; {kept}")


def not_saved(partial: Path, position: Position, plan: Plan, error: OSError) -> OutputError:
    """What was trained could not be saved; `partial` has what was saved before, if anything."""
    where = f"epoch {position.epoch + 1} of {plan.config.epochs}"
    return OutputError(f"stopped in {where}, which could not be saved: {error}; {_saved_before(partial)}")


def stopped_at_once(partial: Path | None) -> InterruptedTrainingError:
    """A second Ctrl-C did not wait for what was trained to be saved."""
    return InterruptedTrainingError(f"stopped at once, without saving; {_saved_before(partial)}")


def _saved_before(partial: Path | None) -> str:
    checkpoints = [] if partial is None else list_checkpoints(partial)
    return f"--resume goes on from {checkpoints[0]}, saved before" if checkpoints else "nothing was saved before"


def stopped_before_training(partial: Path | None) -> InterruptedTrainingError:
    """Nothing was trained; `partial` is what earlier runs saved."""
    kept = f"{partial} is as it was: run the same command again to go on" if partial else "nothing was kept: run the same command again"
    return InterruptedTrainingError(f"stopped before training began; {kept}")


class Stop(threading.Event):
    """Set by SIGINT and SIGTERM.

    Attributes
    ----------
    at_once : they raise KeyboardInterrupt instead, because there is nothing to save
    """

    def __init__(self) -> None:
        super().__init__()
        self.at_once = True


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
