"""Dates that are written as one number: 20240131, 202401311530."""

from typing import Any

import numpy as np
import numpy.typing as npt

_MICROSECONDS = 1_000_000
# Digits -> how many of year, month, day, hour, minute, second. Ten digits may be Unix seconds of 2030 and later: few of those are dates.
_WIDTHS = {4: 1, 6: 2, 8: 3, 10: 4, 12: 5, 14: 6}
_YEARS = (1900, 2100)


def read_date_numbers(numbers: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> npt.NDArray[np.int64] | None:
    """Microseconds since 1970; None unless all of them are dates between 1900 and 2100, of equally many digits.

    >>> read_date_numbers(np.array([19700102, 19700103])).tolist(), read_date_numbers(np.array([19700102, 1700000000]))
    ([86400000000, 172800000000], None)
    """
    width = len(str(int(numbers[0]))) if len(numbers) and 1 <= numbers[0] < 1e15 else 0
    if width not in _WIDTHS or not ((numbers >= _YEARS[0] * 10 ** (width - 4)) & (numbers < (_YEARS[1] + 1) * 10 ** (width - 4))).all():
        return None
    rest = numbers.astype(np.int64)
    if (rest != numbers).any():
        return None
    parts: list[Any] = []
    for _ in range(_WIDTHS[width] - 1):
        rest, part = np.divmod(rest, 100)
        parts.append(part)
    parts = [*parts[::-1], *(1, 1, 0, 0, 0)[len(parts) :]]
    month, day, hour, minute, second = parts
    months = (rest - 1970) * 12 + month - 1
    begin, end = (value.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for value in (months, months + 1))
    days = begin + day - 1
    if not ((month >= 1) & (month <= 12) & (day >= 1) & (days < end) & (hour < 24) & (minute < 60) & (second < 60)).all():
        return None
    return (days * 86400 + hour * 3600 + minute * 60 + second) * _MICROSECONDS  # type: ignore[no-any-return]
