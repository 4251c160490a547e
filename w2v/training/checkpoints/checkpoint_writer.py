"""Checkpoints while a training runs: when one is due, and a thread that writes it while training goes on."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from w2v.errors import ConfigError, DivergedError
from w2v.machine import available_memory
from w2v.npy import Matrix
from w2v.training.checkpoints.checkpoint import Position, write_checkpoint
from w2v.training.model import Model

DEFAULT_SCHEDULE = "10m"
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_SCHEDULE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)([smh])|([0-9]{1,9})spans?")
_MOST_COST = 0.03  # of the time, for the checkpoints at the ends of epochs
# Until one was measured: a copy, a write and a sha256 took 0.1 s for 57 MB, and the smallest one 4 ms.
_EXPECTED_BYTES_PER_SECOND, _EXPECTED_SECONDS = 5e8, 0.005


@dataclass(frozen=True)
class CheckpointSchedule:
    """How often to save: after so many seconds, or after so many spans."""

    seconds: float | None = None
    spans: int | None = None

    @classmethod
    def parse(cls, text: str) -> CheckpointSchedule:
        """``30s``, ``10m``, ``2h`` or ``5spans``.

        Raises
        ------
        ConfigError
            anything else, or zero.
        """
        found = _SCHEDULE.fullmatch(text) if isinstance(text, str) else None
        if found is not None:
            number, unit, spans = found.groups()
            schedule = cls(spans=int(spans)) if spans else cls(seconds=float(number) * _SECONDS[unit])
            if schedule.spans or schedule.seconds:
                return schedule
        raise ConfigError(f"checkpoint_every must be a time or a number of spans above 0, such as 30s, 10m or 5spans: received {text!r}")


class CheckpointWriter:
    """Saves a model that goes on changing; a context manager, which waits for what is being written.

    The model is copied while no span runs, and the copy is written by a thread. Where memory is too short for a copy, training stands
    still until the model itself is written. A disk that fails or is full does not end a training: the checkpoints before stay, it is said
    once, and tried again when the next one is due.

    Parameters
    ----------
    partial : the folder for the checkpoints
    schedule : the longest time or the most spans between two
    threads : that train, which the writing thread takes its share of time from
    content : what the manifest says of a position
    on_message : receives one line when a disk fails, and one when it works again
    """

    def __init__(
        self,
        partial: Path,
        schedule: CheckpointSchedule,
        threads: int,
        n_spans: int,
        content: Callable[[Position], dict[str, Any]],
        on_message: Callable[[str], None] = lambda text: None,
    ) -> None:
        self._partial, self._schedule, self._threads, self._n_spans, self._content = partial, schedule, threads, n_spans, content
        self._writer = ThreadPoolExecutor(1, "w2v-checkpoint")
        self._on_message = on_message
        self._last: Future[float] | None = None  # its result: seconds of training that it took away
        self._cost: float | None = None  # of the last one that was written
        self._is_failing = False
        self._run_began = self._saved_at = time.monotonic()
        self._saved_spans = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._writer.shutdown()

    def start(self, position: Position, earlier_seconds: float) -> None:
        """Training begins at `position`; the run has taken `earlier_seconds` already, mostly to read."""
        self._saved_at = time.monotonic()
        self._run_began = self._saved_at - earlier_seconds
        self._saved_spans = self._spans(position)

    def is_due(self, position: Position) -> bool:
        """Time to let the running spans come to their end, and save; never while another one is being written."""
        if self._is_busy():
            return False
        self.wait()
        if self._schedule.spans is not None:
            # those that run are finished first
            return self._spans(position) - self._saved_spans >= max(1, self._schedule.spans - self._threads)
        return time.monotonic() - self._saved_at >= (self._schedule.seconds or 0.0)

    def is_affordable(self, model: Model) -> bool:
        """At an epoch's end: a checkpoint would take less than 3 % of the time since the last one."""
        if self._is_busy():
            return False
        self.wait()
        if self._cost is not None:
            cost, since = self._cost, self._saved_at
        else:
            cost, since = _EXPECTED_SECONDS + _size(model) / _EXPECTED_BYTES_PER_SECOND, self._run_began
        return cost <= _MOST_COST * (time.monotonic() - since)

    def save(self, model: Model, position: Position) -> None:
        """Begin to write; no span may run.

        Raises
        ------
        DivergedError
            the model holds non-finite values; it shows when the next one is due.
        """
        self.wait()
        began = time.monotonic()
        matrices, content, free = (model.input_vectors, model.output_vectors), self._content(position), available_memory()
        has_room = free is None or free > 2 * _size(model)
        if has_room:
            matrices = (matrices[0].copy(), matrices[1].copy())
        self._saved_at, self._saved_spans = began, self._spans(position)
        self._last = self._writer.submit(self._write, *matrices, content, time.monotonic() - began)
        if not has_room:
            self.wait()

    def wait(self) -> None:
        """Wait until the last one is written, and report what went wrong with it.

        Raises
        ------
        DivergedError
            the model held non-finite values.
        """
        last, self._last = self._last, None
        if last is None:
            return
        try:
            self._cost = last.result()
        except OSError as error:
            if not self._is_failing:
                self._on_message(f"no checkpoint was saved: {error}; training goes on, and tries again when the next one is due")
            self._is_failing = True
        else:
            if self._is_failing:
                self._on_message("checkpoints are saved again")
            self._is_failing = False

    def _write(self, input_vectors: Matrix, output_vectors: Matrix, content: dict[str, Any], seconds: float) -> float:
        began = time.thread_time()
        for matrix in (input_vectors, output_vectors):
            if not np.isfinite(matrix).all():
                raise DivergedError("training diverged: non-finite vectors, which are not saved: try a lower alpha=")
        write_checkpoint(self._partial, input_vectors, output_vectors, content)
        return seconds + (time.thread_time() - began) / self._threads

    def _is_busy(self) -> bool:
        return self._last is not None and not self._last.done()

    def _spans(self, position: Position) -> int:
        return position.epoch * self._n_spans + position.span


def _size(model: Model) -> int:
    return 2 * 4 * model.n_words * model.dim
