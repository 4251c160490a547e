"""The lines of test sets as people keep them: which separator stands between the fields, and which fields are words and judgments."""

import csv
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from w2v.errors import FormatError

_SEPARATORS = ("\t", ";", "|", ",", None, ":")  # None: white space; in doubt the first
_WORD_TITLE = re.compile(r"(?:word|term|token|w)[ _-]?[12ab]?", re.IGNORECASE)
_VALUE_TITLE = re.compile(r"score|simil|simlex|relat|mean|gold|rating|judg|human", re.IGNORECASE)
_QUOTED_LINES = 3


class Line(NamedTuple):
    """A line that is neither blank nor a comment: its number, its text and its fields."""

    number: int
    text: str
    fields: tuple[str, ...]


class Columns(NamedTuple):
    """Which fields of a line are the two words and the judgment."""

    first: int
    second: int
    value: int

    def pair(self, fields: Sequence[str]) -> tuple[str, str, float] | None:
        """The words and the judgment; None where a word is missing or the judgment is no finite number."""
        if len(fields) <= max(self):
            return None
        first, second, value = fields[self.first], fields[self.second], parse_number(fields[self.value])
        return (first, second, value) if first and second and math.isfinite(value) else None


def read_lines(path: Path) -> list[tuple[int, str]]:
    """The lines of a file with their numbers, without blank ones and those that begin with #.

    Raises
    ------
    FormatError
        not UTF-8.
    """
    raw = path.read_bytes()
    try:
        lines = raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        number = raw.count(b"\n", 0, error.start) + 1
        raise FormatError(f"{path}, line {number}: must be UTF-8 ({error.reason}): save it as UTF-8") from None
    return [(number, line.rstrip("\r")) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith("#")]


def split_best(lines: Sequence[tuple[int, str]], count: Callable[[list[Line]], int]) -> list[Line]:
    """The fields of lines, between the separator for which `count` finds most lines that are as they should be."""
    split = [[Line(number, text, _split(text, separator)) for number, text in lines] for separator in _SEPARATORS]
    return max(split, key=count)  # of equals the first


def _split(text: str, separator: str | None) -> tuple[str, ...]:
    if separator is not None and '"' in text:
        return tuple(field.strip() for field in next(csv.reader([text], delimiter=separator, skipinitialspace=True), []))
    return tuple(text.split()) if separator is None else tuple(field.strip() for field in text.split(separator))


def parse_number(field: str) -> float:
    """A number with a point or a comma before its decimals; NaN for anything else."""
    try:
        return float(field.replace(",", ".") if "_" not in field else "nan")
    except ValueError:
        return math.nan


def find_columns(lines: Sequence[Line]) -> Columns | None:
    """The columns of pairs: two of words and behind them the first one of numbers; titles in the first line count more.

    SimLex-999 as it was published has ten columns, of which the fourth, SimLex999, is the judgment.
    """
    rows = [line.fields for line in lines]
    if not rows:
        return None
    ((width, _),) = Counter(map(len, rows)).most_common(1)
    same = [fields for fields in rows if len(fields) == width]
    enough = max(1, len(same) - 1) / 2  # the first line may be one of titles
    numeric = [sum(math.isfinite(parse_number(fields[column])) for fields in same) >= enough for column in range(width)]
    titles = same[0] if len(same) > 1 and same[0] == rows[0] and not any(map(math.isfinite, map(parse_number, same[0]))) else ()
    texts = [column for column in range(width) if not numeric[column]]
    named = [column for column, title in enumerate(titles) if _WORD_TITLE.fullmatch(title) and not numeric[column]]
    words = named if len(named) == 2 else texts[:2]
    values = [column for column in range(width) if numeric[column] and len(words) == 2 and column > words[1]]
    if not values:
        return None
    preferred = [column for column in values if titles and _VALUE_TITLE.search(titles[column])]
    return Columns(words[0], words[1], (preferred or values)[0])


def may_be_decimal_commas(lines: Sequence[Line], columns: Columns) -> bool:
    """Whether each line ends with two whole numbers that a comma separates, which could be one number with a decimal comma."""
    if columns.pair(lines[0].fields) is None and len(lines[0].fields) == len(lines[-1].fields):
        return False  # titles: each column has its own
    ends = [line.fields[columns.value :] for line in lines if columns.pair(line.fields)]
    return all(len(end) == 2 and end[0].isdigit() and end[1].isdigit() for end in ends) and all("," in line.text for line in lines)


def describe_left_out(path: Path, lines: Sequence[Line], left_out: Sequence[Line], what: str) -> list[str]:
    """A sentence about the lines of a file that are left out; none where there are none."""
    if not left_out:
        return []
    shown = ", ".join(f"line {line.number} {line.text[:40]!r}" for line in left_out[:_QUOTED_LINES])
    more = " …" * (len(left_out) > _QUOTED_LINES)
    are = f"is no {what} and is" if len(left_out) == 1 else f"are no {what} and are"
    return [f"{path}: {len(left_out):,} of {len(lines):,} lines {are} left out: {shown}{more}"]
