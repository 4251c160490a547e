"""Ways in which people write a moment, as regular expressions that read a whole column at a time.

A pattern has named groups: ``Y`` year, ``y`` its last two digits, ``m`` month, ``b`` its English name, ``d`` day, ``j`` day of the
year, ``a`` and ``c`` two numbers of which one is the month and one the day, ``H`` hour, ``p`` or ``q`` half of the day, ``M`` minute,
``S`` second, ``f`` its fraction, ``z`` offset. What is absent is the first of January 2000, midnight, and no offset.
"""

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_MICROSECONDS = 1_000_000
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_AFTERNOON = ("p", "下午", "午後", "오후")

_NAME = (
    r"(?P<b>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?"
    r"|dec(?:ember)?)"
)
_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_YEAR, _MONTH, _DAY = r"(?P<Y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_NTH = rf"{_DAY}(?:st|nd|rd|th)?"
_HALF = r"(?P<p>[ap])\.?m\.?"
_OFFSET = r"(?P<z>Z|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d\d)?|UTC|GMT)"
_ZONE = rf"(?:\ ?{_OFFSET}(?:\ ?\([^)\n]*\)|\[[^]\n]*\])?)?"  # JavaScript and Java put the zone's name behind its offset
_CLOCK = (
    r"(?:(?P<q>上午|下午|午前|午後|오전|오후)\ ?)?(?P<H>\d{1,2})(?::|[时時点點시]\ ?)(?P<M>\d{1,2})"
    rf"(?:(?::|[分분]\ ?)(?P<S>\d{{1,2}})(?:[.,](?P<f>\d{{1,9}}))?)?[分분秒초]?(?:\ ?{_HALF})?"
)
_TIME = rf"(?:(?:T|,?\ +|:|(?<=[日일])){_CLOCK}{_ZONE})?"

_DATES = (
    rf"{_YEAR}(?:[-/.]|[年년])\ ?{_MONTH}(?:[-/.]|[月월])\ ?{_DAY}[.日일]?",  # 2010-12-1, 2010/12/01, 2024年1月2日
    rf"{_NTH}(?:[-/]|\.?\ *){_NAME}\.?(?:[-/]|,?\ *){_YEAR}",  # 1-Dec-2010, 1 December 2010, 10/Oct/2000, 01DEC2010
    rf"{_NAME}(?:\.?\ +|[-/]){_NTH}(?:,?\ +|[-/]){_YEAR}",  # Dec 1, 2010
    rf"{_YEAR}[-/\ ]{_NAME}[-/\ ]{_DAY}",  # 2010-Dec-01
)
_UNIX = rf"{_NAME}\ +{_DAY}\ +{_CLOCK}{_ZONE}\ {_YEAR}"  # Wed Dec  1 08:26:00 UTC 2010
_NUMBERS = rf"(?P<a>\d{{1,2}})[-/.](?P<c>\d{{1,2}})[-/.]{_YEAR}(?:(?:,?\ +|T|:){_CLOCK}(?:\ ?(?P<z>UTC|GMT|Z))?)?"  # 12/1/2010 8:26

# %-directives of strptime
_DIRECTIVES = {
    "Y": _YEAR, "y": r"(?P<y>\d{2})", "m": _MONTH, "d": _DAY, "e": _DAY, "j": r"(?P<j>\d{1,3})", "b": _NAME, "B": _NAME, "h": _NAME,
    "a": _WEEKDAY, "A": _WEEKDAY, "H": r"(?P<H>\d{1,2})", "I": r"(?P<H>\d{1,2})", "p": _HALF, "M": r"(?P<M>\d{1,2})",
    "S": r"(?P<S>\d{1,2})", "f": r"(?P<f>\d{1,9})", "z": _OFFSET, "Z": "(?P<z>UTC|GMT|Z)", "%": "%",
}  # fmt: skip
_SHORT = {"T": "%H:%M:%S", "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M"}


class Moments(NamedTuple):
    """A column of moments.

    Attributes
    ----------
    values : int64, microseconds since 1970
    offsets : whether each has one; True or False where all are alike
    month_first, day_first : indices where ``a``, or ``c``, is no month; the values of ``12/1/2010`` are those of December
    either_order : index of one that could be read in either order, or None
    """

    values: npt.NDArray[np.int64]
    offsets: npt.NDArray[np.bool_]
    month_first: npt.NDArray[np.int64]
    day_first: npt.NDArray[np.int64]
    either_order: int | None


@functools.cache
def known_patterns() -> tuple[re.Pattern[str], ...]:
    """Those that are read without being asked for: each says which of its numbers is what, but for that of two numbers and a year."""
    start, end = rf"\[?(?:{_WEEKDAY}\.?,?\ +)?", r"\]?"
    return tuple(_compiled(start + pattern + end) for pattern in (*(date + _TIME for date in _DATES), _UNIX, _NUMBERS))


@functools.cache
def format_pattern(time_format: str) -> re.Pattern[str]:
    """The pattern of a format as strptime has it; white space stands for any number of blanks.

    Raises
    ------
    ValueError
        a directive that is not known, or comes twice.
    """
    for short, long in _SHORT.items():
        time_format = time_format.replace("%" + short, long)
    parts = re.findall(r"%.?|\s+|[^%\s]+", time_format)
    if not any(part[0] == "%" and part != "%%" for part in parts):
        raise ValueError("it has no directive such as %Y")
    found: list[str] = []
    for part in parts:
        if part[0] == "%":
            if part[1:] not in _DIRECTIVES:
                raise ValueError(f"{part} is not known")
            found.append(_DIRECTIVES[part[1:]])
        else:
            found.append(r"[ \t]+" if part.isspace() else re.escape(part))
    try:
        return _compiled("".join(found), fixed_digits=re.search("%[YymdHIMSj]%[YymdHIMSj]", time_format) is not None)
    except re.error:
        raise ValueError("each part must come once") from None


def _compiled(pattern: str, fixed_digits: bool = False) -> re.Pattern[str]:
    if fixed_digits:  # nothing stands between the numbers
        pattern = pattern.replace(r"\d{1,2}", r"\d{2}")
    return re.compile(rf"^(?:{pattern})$", re.MULTILINE | re.IGNORECASE | re.ASCII)


def read_moments(pattern: re.Pattern[str], texts: Sequence[str]) -> Moments | None:
    """All of `texts`, none with a line break; None where one is not of that pattern or does not exist, such as 30 February."""
    found = pattern.findall("\n".join(texts))
    if len(found) != len(texts):
        return None
    cells = zip(*found, strict=True) if pattern.groups > 1 else [found]
    columns: dict[str, Sequence[str]] = dict(zip(pattern.groupindex, cells, strict=True))
    n = len(texts)

    def numbers(name: str, default: int) -> npt.NDArray[np.int64]:
        found = columns.get(name)
        return np.full(n, default, np.int64) if found is None else np.array([int(cell or 0) for cell in found], np.int64)

    first, second = numbers("a", 1), numbers("c", 1)
    day_first = first > 12
    month, day = numbers("m", 1), numbers("d", 1)
    if "a" in columns:
        month, day = np.where(day_first, second, first), np.where(day_first, first, second)
    if "b" in columns:
        month = np.array([_MONTHS.index(name[:3].lower()) + 1 for name in columns["b"]], np.int64)
    year = numbers("Y", 2000)
    if "y" in columns:
        year = numbers("y", 0)
        year += np.where(year < 69, 2000, 1900)  # as POSIX has it
    days = _days(year, month, day, numbers("j", 1))
    seconds = _seconds(numbers("H", 0), numbers("M", 0), numbers("S", 0), columns.get("p"), columns.get("q"))
    if days is None or seconds is None:
        return None
    fractions = np.array([int(f"{cell:0<6.6}") for cell in columns["f"]], np.int64) if "f" in columns else 0
    zones = columns.get("z", ("",) * n)
    offsets = {zone: _offset(zone) for zone in set(zones)}
    values = (days * 86400 + seconds - np.array([offsets[zone] for zone in zones], np.int64)) * _MICROSECONDS + fractions
    either = np.flatnonzero((first <= 12) & (second <= 12) & (first != second))
    return Moments(
        values,
        np.array([bool(zone) for zone in zones]),
        np.flatnonzero(second > 12),
        np.flatnonzero(day_first),
        int(either[0]) if len(either) else None,
    )


def _days(
    year: npt.NDArray[np.int64], month: npt.NDArray[np.int64], day: npt.NDArray[np.int64], of_year: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64] | None:
    """Days since 1970; None where a day does not exist."""
    if not ((month >= 1) & (month <= 12) & (year >= 1)).all():
        return None
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    begin, end = (value.astype("datetime64[D]").astype(np.int64) for value in (months, months + 1))
    days = begin + day - 1 + of_year - 1
    next_year = (year - 1969).astype("datetime64[Y]").astype("datetime64[D]").astype(np.int64)
    return days if ((day >= 1) & (begin + day <= end) & (of_year >= 1) & (days < next_year)).all() else None


def _seconds(
    hour: npt.NDArray[np.int64],
    minute: npt.NDArray[np.int64],
    second: npt.NDArray[np.int64],
    *halves: Sequence[str] | None,
) -> npt.NDArray[np.int64] | None:
    """Seconds since midnight; None where a time does not exist."""
    for half in halves:
        if half is not None and any(half):
            given = np.array([bool(text) for text in half])
            afternoon = np.array([text.lower() in _AFTERNOON for text in half])
            if (given & (hour > 12) & ~afternoon).any():
                return None
            hour = np.where(given & (hour <= 12), hour % 12 + 12 * afternoon, hour)
    seconds = hour * 3600 + minute * 60 + second
    return seconds if ((seconds <= 86400) & (minute < 60) & (second <= 60)).all() else None  # 24:00, and a leap second


def _offset(zone: str) -> int:
    """Seconds east of Greenwich."""
    digits = re.sub(r"[^\d]", "", zone)
    if not digits:
        return 0
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    return (-1 if "-" in zone else 1) * (hours * 3600 + minutes * 60)


def swap_month_and_day(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The moments of a column ``a/c/Y`` that were read with the month first, with the day first; days over 12 were no months."""
    days = values // (86400 * _MICROSECONDS)
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    swapped = (months - (month - 1) + (day - 1)).astype("datetime64[D]").astype(np.int64) + month - 1
    return np.where(day <= 12, values + (swapped - days) * (86400 * _MICROSECONDS), values)
