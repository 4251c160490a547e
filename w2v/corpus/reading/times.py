"""Times of events: numbers, dates as numbers, or moments as people write them, as arrays that sort.

Where a column could be read in two ways, all of it decides: 12/1/2010 by a row whose day is over 12, 20240131 by being a date in every
row. Until then times are kept in a form that `TimeParser.settle` turns into the right one.
"""

import contextlib
import datetime
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.config import SESSION_GAP
from w2v.corpus.reading.date_numbers import read_date_numbers
from w2v.corpus.reading.plain_numbers import parse_number
from w2v.corpus.reading.time_formats import suggest_formats
from w2v.corpus.reading.time_patterns import (
    Moments,
    format_pattern,
    known_patterns,
    read_moments,
    swap_month_and_day,
)
from w2v.errors import CorpusError, argument

NUMBER, MOMENT = "a number", "an ISO 8601 time"
Times = npt.NDArray[np.int64] | npt.NDArray[np.float64]

_LARGEST = 2**62  # differences of two times fit into 64 bits
_MICROSECONDS = 1_000_000
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Unix seconds reach it in the year 5138, milliseconds reached it in 1973.
_NO_SECONDS = 10**11
_SMALLER_UNITS = ((10**14, "milliseconds", 10**3), (10**17, "microseconds", 10**6), (_LARGEST, "nanoseconds", 10**9))
_SHEET_DAYS = (20_000, 60_000)  # 1954 to 2064, as spreadsheets count days
_OTHER_NAMES = re.compile(r"\d\W+[^\W\d_]{3,}|[^\W\d_]{3,}\W+\d")  # a word beside a number, as months are
_NUMBER_AND_MORE = re.compile(r"[+-]?\d[\d.,_ ']*[^\W\d]{0,12}")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MICROSECOND = datetime.timedelta(microseconds=1)
_NONE = np.empty(0, np.int64)


class NumberedTimes(NamedTuple):
    """Times from a typed column: `NUMBER` or `MOMENT`, values as `TimeParser.parse` gives them, and which are missing; None for none."""

    kind: str
    values: Times
    missing: npt.NDArray[np.bool_] | None = None


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
    time_format : how the times are written, as strptime has it; None for numbers and what can be read in one way only
    kind : `NUMBER` or `MOMENT`, None before the first time
    lowest, highest : of all times; None before the first
    """

    time_format: str | None = None
    kind: str | None = None
    lowest: float | None = None
    highest: float | None = None
    _has_offset: bool | None = None
    _pattern: int | None = None  # of `known_patterns`; None for ISO 8601
    _day_first: bool | None = None
    _either_order: str | None = None  # the first time of which either number may be the month
    _are_dates: bool = True  # all numbers so far

    def parse(self, texts: Sequence[str]) -> Times:
        """(len(texts),) int64 or float64.

        Raises
        ------
        TimeError
            a text that is no time, or not of the kind of those before it.
        """
        if self.kind is None and texts:
            self.kind = MOMENT if self.time_format or parse_number(texts[0]) is None else NUMBER
        return self._noted(self._moments(texts) if self.kind == MOMENT else self._numbers(texts))

    def accept(self, given: NumberedTimes) -> Times:
        """Times that a file gives as numbers already.

        Raises
        ------
        TimeError
            not of the kind of those before them, or not finite.
        """
        kind, times, _ = given
        if self.time_format is not None and kind == NUMBER:
            return self.parse([f"{time:.0f}" if time == int(time) else str(time) for time in times.tolist()])
        if self.kind not in (None, kind):
            raise TimeError(0, f"a time must be {self.kind}, as those before are: found {kind}")
        self.kind = kind
        unfit = np.flatnonzero(~(np.abs(times.astype(np.float64)) < _LARGEST))
        if len(unfit):
            raise TimeError(int(unfit[0]), f"a time must be finite and below 2**62: found {times[unfit[0]]}")
        return self._noted(times)

    def _noted(self, times: Times) -> Times:
        if len(times):
            low, high = float(times.min()), float(times.max())
            self.lowest = low if self.lowest is None else min(low, self.lowest)
            self.highest = high if self.highest is None else max(high, self.highest)
            if self.kind == NUMBER and self._are_dates:
                self._are_dates = read_date_numbers(times) is not None and len(f"{self.lowest:.0f}") == len(f"{self.highest:.0f}")
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
        read = self._read(texts)
        if read is not None:
            return self._checked(read, texts)
        values = np.empty(len(texts), np.int64)  # of several kinds, or with a fault
        for index, text in enumerate(texts):
            one = self._read([text])
            if one is None:
                raise TimeError(index, self._fault(text))
            try:
                values[index] = self._checked(one, [text])[0]
            except TimeError as error:
                raise TimeError(index, str(error)) from None
        return values

    def _read(self, texts: Sequence[str]) -> Moments | None:
        """By the pattern of those before, or any other that takes all of `texts`."""
        if self.time_format is not None:
            return read_moments(format_pattern(self.time_format), texts)
        patterns = known_patterns()
        for number in (self._pattern, None, *range(len(patterns))):
            found = _read_iso(texts) if number is None else read_moments(patterns[number], texts)
            if found is not None:
                self._pattern = number
                return found
        return None

    def _checked(self, read: Moments, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """The values, if they go with those before them."""
        if self._has_offset is None:
            self._has_offset = bool(read.offsets[0])
        others = np.flatnonzero(read.offsets != self._has_offset)
        if len(others):
            found = f"{texts[others[0]]!r:.60} among others"
            raise TimeError(int(others[0]), f"all times or none must have an offset such as +01:00 or Z: found {found}")
        for first, indices in ((True, read.day_first), (False, read.month_first)):
            if len(indices) and self._day_first not in (None, first):
                index = int(indices[0])
                raise TimeError(
                    index, f"the month must stand where those before have it: found {texts[index]!r:.60}; {_advice(texts[index])}"
                )
            if len(indices):
                self._day_first = first
        if self._either_order is None and read.either_order is not None:
            self._either_order = texts[read.either_order]
        return read.values

    def _fault(self, text: str) -> str:
        if self.time_format is not None:
            return f"a time must be written as {argument('time_format')} says, {self.time_format!r}: found {text!r:.60}"
        if any(pattern.fullmatch(text) for pattern in known_patterns()):
            return f"a time must be one that exists: found {text!r:.60}; correct it, or remove the event"
        rule = "a number or ISO 8601" if self._has_offset is None else "ISO 8601, as those before are"
        return f"a time must be {rule}, such as 2026-11-21T14:05:00: found {text!r:.60}; {_advice(text)}"

    def settle(self, times: Times) -> Times:
        """Times of before, now that all were read: moments where they turned out to be some.

        Raises
        ------
        CorpusError
            no row tells which number is the month.
        """
        if self.kind == NUMBER and self._are_dates:
            dates = read_date_numbers(times)
            return times if dates is None else dates
        if self._either_order is not None and self._day_first is None:
            raise CorpusError(
                f"times such as {self._either_order!r:.60} may begin with the month or the day, and no row has a day over 12: "
                f"{_advice(self._either_order)}"
            )
        return swap_month_and_day(times.astype(np.int64)) if self._day_first else times

    def gap(self, text: str) -> float:
        """A `session_gap` in the unit of the settled times.

        Without a unit of its own it has that of the column, which is seconds for moments.

        Raises
        ------
        CorpusError
            it is in seconds, minutes, hours or days, and the numbers are too large for seconds; or it has no unit, and they are dates.
        """
        found = SESSION_GAP.fullmatch(text)
        if found is None:  # `CorpusConfig` has refused it
            raise CorpusError(f"session_gap must be a number, with s, m, h or d behind it or without: received {text!r}")
        number, unit = float(found[1]), found[2]
        low, high = self.lowest or 0.0, self.highest or 0.0
        if self._has_dates:
            if not unit:
                raise CorpusError(f"times such as {high:.0f} are dates: give the gap with a unit, such as {argument('session_gap', '30d')}")
            return number * _SECONDS[unit] * _MICROSECONDS
        if self.kind == MOMENT:
            return number * _SECONDS[unit or "s"] * _MICROSECONDS
        largest = max(abs(low), abs(high))
        if unit and largest >= _NO_SECONDS:
            name, factor = next((name, factor) for limit, name, factor in _SMALLER_UNITS if largest < limit)
            example = f"{number * _SECONDS[unit] * factor:.0f} for {text} of {name}"
            raise CorpusError(
                f"with session_gap {text} numbers as times must be seconds, and {largest:.0f} is too large for that: "
                f"give the gap as a number in the unit of the column, such as {example}"
            )
        if unit and _SHEET_DAYS[0] < low <= high < _SHEET_DAYS[1]:
            warnings.warn(
                f"times from {low:g} to {high:g} are read as seconds; if they are days, as spreadsheets count them, {text} is "
                f"{argument('session_gap', f'{number * _SECONDS[unit] / 86400:g}')}",
                stacklevel=2,
            )
        return number * _SECONDS[unit or "s"]

    @property
    def _has_dates(self) -> bool:
        return self.kind == NUMBER and self._are_dates and self.lowest is not None

    def describe(self, lowest: float, highest: float, gap: str | None) -> str | None:
        """How the settled times were read, for people, with their range; None for bare numbers."""
        how = {True: ", day/month/year", False: ", month/day/year", None: ""}[self._day_first]
        if self._has_dates:
            return f"{_shown(lowest)} to {_shown(highest)}, dates such as {self.highest:.0f}"
        if self.kind == MOMENT:
            return f"{_shown(lowest)} to {_shown(highest)}{how}"
        if gap is not None and gap[-1:] in _SECONDS:
            since = f"{_shown(lowest * _MICROSECONDS)} to {_shown(highest * _MICROSECONDS)}, seconds since 1970"
            return since if lowest > 10**8 else f"{lowest:.15g} to {highest:.15g} seconds"
        return None


def _read_iso(texts: Sequence[str]) -> Moments | None:
    """ISO 8601 as Python reads it, which is faster than a pattern."""
    values, offsets = np.empty(len(texts), np.int64), np.empty(len(texts), np.bool_)
    for index, text in enumerate(texts):
        try:
            moment = datetime.datetime.fromisoformat(text)
        except ValueError:
            return None
        offsets[index] = moment.tzinfo is not None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=datetime.UTC)
        values[index] = (moment - _EPOCH) // _MICROSECOND
    return Moments(values, offsets, _NONE, _NONE, None)


def _shown(microseconds: float) -> str:
    return str(np.datetime64(int(microseconds) // _MICROSECONDS, "s")).replace("T", " ")


def _advice(text: str) -> str:
    formats = suggest_formats(text)
    if not formats and _NUMBER_AND_MORE.fullmatch(text):
        return "numbers are written without a unit and without separators between their digits"
    if not formats and _OTHER_NAMES.search(text):
        return "write all so: names of months and days are known in English only"
    formats = formats or ["%m/%d/%Y %H:%M"]
    return "say how they are written, such as " + " or ".join(argument("time_format", text) for text in formats)
