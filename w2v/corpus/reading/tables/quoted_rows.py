"""Lines of a table -> rows of cells, whoever has written the quotes.

A line without a quote is cut at its delimiters. A quoted cell is read as RFC 4180 has it, may hold delimiters and line breaks, and has its
quotes doubled; where that gives no row of the table's width, with Spark's backslashes before quotes, or with blanks before the cell.
Quotes that fit none of these are text, as in `0,"Bread" is sold`, and end with their line.
"""

import csv
import functools
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from w2v.corpus.reading.blocks import LARGEST_RECORD
from w2v.errors import CorpusError, argument

_UNIT = "\x1f"  # stands for a delimiter of several characters
_BACKSLASHED = re.compile(r"\\(.)", re.DOTALL)
_LINES_OF_TABS = 1 << 20  # characters that are looked at for the end of a quote where quotes are text as a rule


class _Reading(NamedTuple):
    """Backslashes before quotes, blanks before quoted cells."""

    has_escapes: bool
    skips_blanks: bool


_READINGS = (_Reading(False, False), _Reading(True, False), _Reading(False, True))


class _BrokenRecordError(Exception):
    """What csv says of a record; `is_open`: a quote in it is never closed."""

    def __init__(self, message: str, is_open: bool = False) -> None:
        super().__init__(message)
        self.is_open = is_open


class _LargeFields:
    """While one reader or more is open, csv takes fields of `LARGEST_RECORD`: its limit of 128 KiB is one for the whole process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a generator may be closed by the garbage collector in the middle of this
        self._n_readers = 0
        self._usual_limit = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._n_readers:
                self._usual_limit = csv.field_size_limit(LARGEST_RECORD)
            self._n_readers += 1

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._n_readers -= 1
            if not self._n_readers:
                csv.field_size_limit(self._usual_limit)


_LARGE_FIELDS = _LargeFields()


def parse_rows(lines: Iterable[str], delimiter: str | None, name: str, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of each row; empty lines give none.

    Parameters
    ----------
    lines : each with its newline
    delimiter : one or more characters; None is any white space, between cells that are never quoted
    name : of the file, for messages
    first_line : number of the first of `lines`

    Raises
    ------
    CorpusError
        a record that cannot be parsed, with its line.
    """
    if delimiter is not None and len(delimiter) > 1:
        longer = delimiter
        lines, delimiter = (line.replace(longer, _UNIT) for line in lines), _UNIT
    with _LARGE_FIELDS:
        yield from _parse(iter(lines), delimiter, name, first_line)


def _parse(lines: Iterator[str], delimiter: str | None, name: str, number: int) -> Iterator[tuple[int, list[str]]]:
    ahead: deque[str] = deque()
    width: int | None = None
    readings: Sequence[_Reading] = _READINGS
    given: list[str] = []
    reader = _make_reader(given, delimiter)
    while line := ahead.popleft() if ahead else next(lines, ""):
        n_lines = 1
        if delimiter is None or '"' not in line:
            text = line.rstrip("\r\n")
            if "\r" in text and (width is None or delimiter != "\t"):
                remedy = f"lines that end with a carriage return alone must end with a newline: tr '\\r' '\\n' < {name}"
                raise CorpusError(f"{name}, line {number}: the record cannot be parsed as csv (a carriage return in a cell): {remedy}")
            cells = [text] if width == 1 and delimiter is not None else text.split(delimiter)
        else:
            text = line
            given.append(line)
            try:  # as nearly all records are
                cells = next(reader)
            except (csv.Error, IndexError):  # of `pop`: the record goes on
                cells, reader = [], _make_reader(given, delimiter)
            if len(cells) == width and not _has_blank_before_quote(line, cells, delimiter):
                yield number, cells
                number += 1
                continue
            cells, n_lines, found = _parse_quoted(line, ahead, lines, delimiter, width, readings, f"{name}, line {number}")
            if found is not None and found.has_escapes:
                readings = sorted(_READINGS, key=lambda reading: not reading.has_escapes)  # whoever wrote one wrote them all
            for _ in range(n_lines - 1):
                ahead.popleft()
        if text and cells:
            width = width or len(cells)
            yield number, cells
        number += n_lines


def _make_reader(given: list[str], delimiter: str | None) -> Iterator[list[str]]:
    """Parses the line that is in `given`: one reader for all lines takes a third of the time of one for each."""
    return csv.reader(iter(given.pop, None), delimiter=delimiter or ",", strict=True)


def _parse_quoted(
    line: str, ahead: deque[str], lines: Iterator[str], delimiter: str, width: int | None, readings: Sequence[_Reading], place: str
) -> tuple[list[str], int, _Reading | None]:
    """Cells of the record that begins with `line`, its number of lines (those behind the first stay in `ahead`), and how it was read."""
    broken = None
    other: tuple[list[str], int, _Reading] | None = None
    for reading in readings:
        if reading.skips_blanks and f'{delimiter} "' not in line:
            continue
        try:
            cells, n_lines = _parse_record(line, ahead, lines, delimiter, reading)
        except _BrokenRecordError as error:
            broken = broken or error
            continue
        if n_lines > 1 and delimiter == "\t" and _are_rows(line, ahead, n_lines, width):
            continue
        if not reading.skips_blanks and _has_blank_before_quote(line, cells, delimiter):
            other = other or (cells, n_lines, reading)
            continue
        if width is None or len(cells) == width:
            return cells, n_lines, reading
        other = other or (cells, n_lines, reading)
    if other is not None:
        return other
    text = line.rstrip("\r\n")
    cells = [text] if width == 1 else _cut_stray(text, _half_quoted(delimiter))
    if width is not None and len(cells) != width and len(others := _cut_stray(text, _quoted_inside(delimiter))) == width:
        cells = others
    if delimiter == "\t" or broken is None or (not broken.is_open and width in (None, len(cells))):
        return cells, 1, None
    rule = "cells that hold the delimiter, quotes or line breaks must be quoted, and the quotes inside them doubled"
    raise CorpusError(f"{place}: the record cannot be parsed as csv ({broken}): {rule}, or name another {argument('delimiter')}")


def _parse_record(line: str, ahead: deque[str], lines: Iterator[str], delimiter: str, reading: _Reading) -> tuple[list[str], int]:
    record, n_lines, length = [line], 1, len(line)
    n_quotes = _count_quotes(line, reading.has_escapes)
    limit = _LINES_OF_TABS if delimiter == "\t" else LARGEST_RECORD
    while n_quotes % 2:
        if n_lines > len(ahead):
            if not (following := next(lines, "")):
                break
            ahead.append(following)
        following = ahead[n_lines - 1]
        record.append(following)
        n_quotes += _count_quotes(following, reading.has_escapes) if '"' in following else 0
        n_lines, length = n_lines + 1, length + len(following)
        if length > limit:
            raise _BrokenRecordError(f"field larger than field limit ({limit})", is_open=True)
    text = "".join(record)
    if reading.has_escapes:
        text = _BACKSLASHED.sub(lambda found: '""' if found[1] == '"' else found[1] if found[1] == "\\" else found[0], text)
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=reading.skips_blanks))
    except csv.Error as error:
        raise _BrokenRecordError(str(error), is_open="unexpected end" in str(error)) from None
    return (rows[0] if rows else []), n_lines


def _has_blank_before_quote(line: str, cells: Sequence[str], delimiter: str) -> bool:
    """Whether blanks before a quoted cell were taken for text of it."""
    return f'{delimiter} "' in line and any(cell.startswith(" ") and cell.lstrip(" ").startswith('"') for cell in cells)


def _count_quotes(line: str, has_escapes: bool) -> int:
    return (_BACKSLASHED.sub("", line) if has_escapes else line).count('"')


def _are_rows(line: str, ahead: deque[str], n_lines: int, width: int | None) -> bool:
    """Whether lines that a quoted cell would join are rows of their own: corpora between tabs have quotes as text."""
    joined = (line, *(ahead[k] for k in range(n_lines - 1)))
    return width is not None and all(part.count("\t") == width - 1 for part in joined)


@functools.cache
def _half_quoted(delimiter: str) -> re.Pattern[str]:
    """A cell such as ``"a, b" c``."""
    return re.compile(f'(?:"(?:[^"]|"")*")?[^{re.escape(delimiter)}]*')


@functools.cache
def _quoted_inside(delimiter: str) -> re.Pattern[str]:
    """A cell such as ``"a "b, c" d"``, whose own quotes stand at its edges."""
    delimiter = re.escape(delimiter)
    return re.compile(f'".*?"(?={delimiter}|$)|[^{delimiter}]*')


def _cut_stray(line: str, cell: re.Pattern[str]) -> list[str]:
    """Cells of one line; its quotes are text, but those around a whole cell."""
    cells: list[str] = []
    position = 0
    while position <= len(line) and (found := cell.match(line, position)):
        text = found.group()
        cells.append(text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text)
        position = found.end() + 1
    return cells
