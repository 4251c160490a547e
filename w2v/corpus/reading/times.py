"""Times of events: numbers, or ISO 8601, as arrays that sort."""

import contextlib
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.config import SESSION_GAP
from w2v.corpus.reading.plain_numbers import parse_number
from w2v.errors import CorpusError

NUMBER, MOMENT = "a number", "an ISO 8601 time"
Times = npt.NDArray[np.int64] | npt.NDArray[np.float64]

_LARGEST = 2**62  # differences of two times fit into 64 bits
_MICROSECONDS = 1_000_000
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Unix seconds reach it in the year 5138, milliseconds reached it in 1973.
_NO_SECONDS = 10**11
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)


class NumberedTimes(NamedTuple):
    """Times from a typed column: `NUMBER` or `MOMENT`, and the values as `TimeParser.parse` gives them."""

    kind: str
    values: Times


class TimeError(CorpusError):
    """A time that cannot be read; `index` is its place in the batch."""

    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index = index


@dataclass
class TimeParser:
    """Reads a column of times; the first one says whether all are numbers or moments.

    Numbers without a fraction are int64 and exact, with one float64; moments are int64, microseconds since 1970 in UTC.

    Attributes
    ----------
    kind : `NUMBER` or `MOMENT`, None before the first time
    """

    kind: str | None = None
    _has_offset: bool | None = None

    def parse(self, texts: Sequence[str]) -> Times:
        """(len(texts),) int64 or float64.

        Raises
        ------
        TimeError
            a text that is no time, or not of the kind of those before it.
        """
        if texts and self.kind is None:
            self.kind = MOMENT if parse_number(texts[0]) is None else NUMBER
        return self._moments(texts) if self.kind == MOMENT else self._numbers(texts)

    def accept(self, given: NumberedTimes) -> Times:
        """Times that a file gives as numbers already.

        Raises
        ------
        TimeError
            not of the kind of those before them, or not finite.
        """
        kind, times = given
        if self.kind not in (None, kind):
            raise TimeError(0, f"a time must be {self.kind}, as those before are: found {kind}")
        self.kind = kind
        unfit = np.flatnonzero(~(np.abs(times.astype(np.float64)) < _LARGEST))
        if len(unfit):
            raise TimeError(int(unfit[0]), f"a time must be finite and below 2**62: found {times[unfit[0]]}")
        return times

    def _numbers(self, texts: Sequence[str]) -> Times:
        together = "".join(texts)
        if together.isdecimal() and together.isascii():  # as most are: five times as fast as one by one
            with contextlib.suppress(ValueError, OverflowError):
                whole = np.array(list(map(int, texts)), np.int64)
                if whole.max() < _LARGEST:
                    return whole
        numbers = [parse_number(text) for text in texts]
        for index, number in enumerate(numbers):
            if number is None or not abs(number) < _LARGEST:
                raise TimeError(index, f"a time must be {NUMBER}, as those before are, and below 2**62: found {texts[index]!r:.60}")
        if all(isinstance(number, int) for number in numbers):
            return np.array(numbers, np.int64)
        return np.array(numbers, np.float64)

    def _moments(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        times = np.empty(len(texts), np.int64)
        for index, text in enumerate(texts):
            try:
                moment = datetime.datetime.fromisoformat(text)
            except ValueError:
                rule = "a number or ISO 8601" if self._has_offset is None else "ISO 8601, as those before are"
                raise TimeError(index, f"a time must be {rule}, such as 2026-11-21T14:05:00: found {text!r:.60}") from None
            has_offset = moment.tzinfo is not None
            if self._has_offset is None:
                self._has_offset = has_offset
            if has_offset != self._has_offset:
                raise TimeError(index, f"all times or none must have an offset such as +01:00 or Z: found {text!r:.60} among others")
            if not has_offset:
                moment = moment.replace(tzinfo=datetime.UTC)
            times[index] = (moment - _EPOCH) // _MICROSECOND
        return times

    def gap(self, text: str, largest: float) -> float:
        """A `session_gap` in the unit of the times; without a unit of its own it has that of the column, which is seconds for moments.

        Parameters
        ----------
        largest : of all times, in size

        Raises
        ------
        CorpusError
            it is in seconds, minutes, hours or days, and the numbers are too large for seconds.
        """
        found = SESSION_GAP.fullmatch(text)
        if found is None:  # `CorpusConfig` has refused it
            raise CorpusError(f"session_gap must be a number, with s, m, h or d behind it or without: received {text!r}")
        number, unit = float(found[1]), found[2]
        if self.kind == MOMENT:
            return number * _SECONDS[unit or "s"] * _MICROSECONDS
        if unit and largest >= _NO_SECONDS:
            raise CorpusError(
                f"with session_gap {text} numbers as times must be seconds, and {largest:.0f} is too large for that: "
                "give the gap as a number in the unit of the column, such as 1800000 for half an hour of milliseconds"
            )
        return number * _SECONDS[unit or "s"]
