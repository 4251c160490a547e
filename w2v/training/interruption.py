"""Stopping a training without losing what it has learned."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

from w2v.training.checkpoint import Position
from w2v.training.plan import Plan


class InterruptedTrainingError(KeyboardInterrupt):
    """Training was stopped by Ctrl-C or SIGTERM; the message says what was kept."""


def stopped_in_training(partial: Path | None, position: Position, plan: Plan) -> InterruptedTrainingError:
    """What was trained is saved in `partial` (None: kept nowhere)."""
    where = f"epoch {position.epoch + 1} of {plan.config.epochs}, span {position.span} of {plan.n_spans}"
    kept = f"saved in {partial}: run the same command with --resume to go on" if partial else "nothing was kept: no output was named"
    return InterruptedTrainingError(f"stopped in {where}; {kept}")


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
