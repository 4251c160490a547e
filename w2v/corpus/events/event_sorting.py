"""Sorting events by group and time, outside memory where there are many.

Groups are numbers in the order in which they first appear, so that sorting needs no comparison of names, and the number of events of each
group is known when all are read. Events are collected into runs of `RUN_EVENTS`; a full one is sorted by group and written to disk.
At the end ranges of groups that hold one run's number of events are cut out of all runs, sorted by time and given out, one
after the other. A run costs 16 bytes an event while it is in memory and about three times that while it is sorted; only a group that
is longer than a run takes more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.corpus.reading.times import Times
from w2v.npy import NpyWriter, map_npy

RUN_EVENTS = 1 << 21


class Events(NamedTuple):
    """Columns of equal length: groups and items (int32), and times where they have some."""

    groups: npt.NDArray[np.int32]
    items: npt.NDArray[np.int32]
    times: Times | None

    def take(self, chosen: Any) -> Events:
        """The chosen events; a view for a slice."""
        return Events(self.groups[chosen], self.items[chosen], None if self.times is None else self.times[chosen])


def concatenate(parts: list[Events]) -> Events:
    """One after the other; times are floats if any are."""
    times = [part.times for part in parts if part.times is not None]
    return Events(
        np.concatenate([part.groups for part in parts]),
        np.concatenate([part.items for part in parts]),
        np.concatenate(times) if times else None,  # type: ignore[arg-type]
    )


class EventSorter:
    """Takes events in any order and gives them back group by group, a group's by time, those of equal time as they came.

    Parameters
    ----------
    folder : where runs are written; it is the caller's to remove
    """

    def __init__(self, folder: Path, run_events: int | None = None) -> None:
        self._folder = folder
        self._run_events = run_events or RUN_EVENTS
        self._waiting: list[Events] = []
        self._n_waiting = 0
        self._runs: list[Events] = []
        self._counts: npt.NDArray[np.int64] = np.zeros(1, np.int64)  # of each group

    @property
    def n_groups(self) -> int:
        return int(np.count_nonzero(self._counts))

    def add(self, events: Events) -> None:
        """Take more events.

        Raises
        ------
        OSError
            a run cannot be written.
        """
        if not len(events.groups):
            return
        counts = np.bincount(events.groups)
        if len(counts) > len(self._counts):
            self._counts = np.concatenate((self._counts, np.zeros(len(counts) + len(self._counts) // 2, np.int64)))
        self._counts[: len(counts)] += counts
        self._waiting.append(events)
        self._n_waiting += len(events.groups)
        if self._n_waiting >= self._run_events:
            self._runs.append(self._written(self._sorted_run(), len(self._runs)))

    def _sorted_run(self) -> Events:
        events = concatenate(self._waiting)
        self._waiting, self._n_waiting = [], 0
        if (events.groups[1:] >= events.groups[:-1]).all():
            return events
        return events.take(np.argsort(events.groups, kind="stable"))

    def _written(self, run: Events, number: int) -> Events:
        """The run as mapped files."""
        columns = {}
        for name, column in run._asdict().items():
            if column is not None:
                path = self._folder / f"run{number}-{name}.npy"
                with NpyWriter(path, column.dtype) as file:
                    file.write(column)
                column = map_npy(path, column.dtype, (len(column),))
            columns[name] = column
        return Events(**columns)

    def sorted(self, settle: Callable[[Times], Times] = lambda times: times) -> Iterator[Events]:
        """All events that were added, in pieces of whole groups. To be called once.

        Parameters
        ----------
        settle : makes of the times that were added those to sort by
        """
        if self._waiting:
            self._runs.append(self._sorted_run())
        ends = np.cumsum(self._counts)
        first, before = 0, 0
        while self._runs and before < ends[-1]:
            stop = max(first + 1, int(np.searchsorted(ends, before + self._run_events, "right")))
            yield self._piece(first, stop, settle)
            first, before = stop, int(ends[stop - 1])

    def _piece(self, first: int, stop: int, settle: Callable[[Times], Times]) -> Events:
        """The events of the groups [first, stop)."""
        parts = []
        borders = np.array((first, stop), np.int32)  # of the type of the groups, which numpy would convert otherwise
        for run in self._runs:
            low, high = np.searchsorted(run.groups, borders).tolist()
            if low < high:
                parts.append(run.take(slice(low, high)))
        events = concatenate(parts)
        if events.times is not None:
            events = events._replace(times=settle(events.times))
            return events.take(np.lexsort((events.times, events.groups)))  # type: ignore[arg-type]
        return events if len(parts) == 1 else events.take(np.argsort(events.groups, kind="stable"))
