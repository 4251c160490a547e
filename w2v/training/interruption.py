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
    """Training was stopped by Ctrl-C or SIGTERM; what was trained is saved in `partial` (None: kept nowhere)."""

    def __init__(self, partial: Path | None, position: Position, plan: Plan) -> None:
        where = f"epoch {position.epoch + 1} of {plan.config.epochs}, span {position.span} of {plan.n_spans}"
        kept = f"saved in {partial}: run the same command with --resume to go on" if partial else "nothing was kept: no output was named"
        super().__init__(f"stopped in {where}; {kept}")


@contextlib.contextmanager
def stop_signals() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set, so that training stops between two spans; a second SIGINT interrupts at once."""
    stop = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def handle(number: int, frame: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    previous = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
