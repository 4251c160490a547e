"""The layout of a text of words and numbers, found in its first lines.

A row is a word and ``dim`` numbers. Tabs, ``;``, ``|``, commas or any white space may stand between them, fields may be quoted, several
numbers may share a field (``king,"[0.1, 0.2]"``), and a first line may name the columns. What most of the first rows agree on is the
layout; what could be read in two ways is none.
"""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Sequence

from w2v.formats.read_options import BYTE_ORDER_MARK, MAX_DIM
from w2v.formats.rows.table_fields import (
    NUMBER,
    Cells,
    begin_with_numbers,
    ends_in_number,
    is_fraction,
    is_like,
    n_numbers,
    split_lines,
    trailing_numbers,
)
from w2v.formats.rows.table_layout import SEPARATORS, Layout

_SIZES = re.compile(rb"\s*([0-9]{1,18})[\s,;|]+([0-9]{1,18})(?:[\s,;|]+[0-9]+)?[\s,;|]*")
_WIDE_SPACE = rb"(?:\xc2\xa0|\xe2\x80[\x80-\x8a\xaf]|\xe3\x80\x80)"  # UTF-8 of U+00A0, U+2000 to U+200A, U+202F, U+3000
_GLUED = re.compile(
    rb"(?:[\s,;|:=\[({]|%b)[+-]?[0-9][0-9.eE+-]*$" % _WIDE_SPACE
)  # a number behind something else than what separates the others
_BEFORE_WORDS, _BEHIND_WORDS = b"([{\"'", b":,;|)]}\"'"  # no =, which ends words in base 64
_WORD_NAMES = frozenset({b"word", b"words", b"token", b"tokens", b"term", b"key", b"item", b"text", b"label", b"name"})
_OTHER_NAMES = frozenset({b"count", b"counts", b"freq", b"frequency", b"index", b"rank", b"id"})
_MANY = 10  # numbers of a row that are 0, 1, 2 … by chance: never
_SAMPLE = 1000  # lines
_NO_WORDS = "its rows hold numbers and no words: put a word before each row, or give a folder in which metadata.tsv has them"
_ROW_NUMBERS = "the rows begin with their numbers and no words: put the words there, or call the column word if they are such numbers"
_WIDE_SPACES = "no-break or wide spaces stand before its numbers: replace them by plain ones"
_ONE_OR_TWO = "whether 0,1 is one number or two is not clear: write decimal points, or name the columns in a first line"
_COUNT_OR_NUMBER = "whether the number behind the word is its count is not clear: name the columns in a first line, such as word, count"
_WHICH_COLUMN = "which column holds the words is not clear: call it word in a first line of names"


def guess_layout(head: bytes) -> tuple[Layout | None, str]:
    """The layout that most of the first rows have, or why it is not clear, as the end of a sentence (empty: there are no rows)."""
    lines = head.removeprefix(BYTE_ORDER_MARK).split(b"\n")[:_SAMPLE]
    if len(lines) > 1 and lines[-1] != b"":  # may be cut
        lines.pop()
    lines = [line for line in (line.rstrip(b"\r") for line in lines) if line.strip()]
    quotings = (True, False) if b'"' in b"".join(lines) else (False,)
    guesses = [_Guess(lines, separator, is_quoted) for separator in SEPARATORS for is_quoted in quotings]
    best = max(guesses, key=lambda guess: guess.share)  # in doubt the separator that stands in fewer words
    if best.share <= 1 / 2 and any(begin_with_numbers(lines, separator) for separator in SEPARATORS):
        return None, "a row must begin with its word"
    if not best.rows:
        n_wide = sum(bool(re.search(_WIDE_SPACE + NUMBER.pattern, line)) for line in lines)
        return None, _WIDE_SPACES if n_wide > len(lines) / 2 else ""
    reason = best.why_not_clear()
    return (None, reason) if reason else (best.layout(), "")


class _Guess:
    """What the first lines are, if a separator stands between their fields.

    Attributes
    ----------
    rows : those of the usual dim: the fields before the numbers, and the numbers
    share : of the lines that they are
    """

    def __init__(self, lines: Sequence[bytes], separator: bytes | None, is_quoted: bool) -> None:
        self.lines, self.separator, self.is_quoted = lines, separator, is_quoted
        self.rows: list[tuple[Cells, Cells]] = []
        self.share = 0.0
        try:
            split = [cells for cells in split_lines(lines, separator, is_quoted=is_quoted) if cells]
        except csv.Error:
            return
        self.sizes = _SIZES.fullmatch(lines[0]) if len(lines) > 1 else None
        announced = int(self.sizes[2]) if self.sizes else 0
        found = [trailing_numbers(cells, separator)[1] for cells in split]
        dims = Counter(n_numbers(numbers, announced) for numbers in found[bool(self.sizes) :] if numbers)
        self.dim = max(dims, key=lambda dim: (dims[dim], dim == announced), default=0)
        if not 1 <= self.dim <= MAX_DIM:
            return
        has_sizes = self.sizes is not None and announced == self.dim
        self.has_header = len(split) > 1 and (has_sizes or _names_columns(split[0], found[0], self.dim))
        self.names = split[0] if self.has_header and not self.sizes else []
        self.is_named_row = bool(self.names) and len(found[0]) == self.dim
        self.body = split[self.has_header :]
        self._find_rows()

    def _find_rows(self) -> None:
        rows = []
        for cells in self.body:
            n_cells, numbers = trailing_numbers(cells, self.separator, self.dim)
            front = cells[: len(cells) - n_cells]
            if len(numbers) == self.dim and not any(is_like(cell, numbers) for cell in front[1:]):
                rows.append((front, numbers))
        if not rows or 2 * sum(bool(_GLUED.search(front[-1])) for front, _ in rows) > len(rows):
            return
        ((self.n_front, _),) = Counter(len(front) for front, _ in rows).most_common(1)
        self.rows = rows if self.separator is None else [row for row in rows if len(row[0]) == self.n_front]
        is_prose = self.separator is None and self.dim == 1  # there a number stands behind several words
        self.share = sum(len(front) == 1 or not is_prose for front, _ in self.rows) / len(self.body)

    def why_not_clear(self) -> str:
        """Why the rows could be read in two ways; empty where they cannot."""
        if all(is_fraction(front[0]) and len(front) == 1 for front, _ in self.rows):
            return _NO_WORDS
        if self.names and not b"".join(self.names[: max(0, len(self.names) - self.dim)]) and self._are_numbered():
            return _ROW_NUMBERS
        is_comma = self.separator == b","
        if not is_comma and self.dim == 1 and all(b"," in cells[-1] for cells in self.body):
            return _ONE_OR_TWO
        all_whole = all(number.lstrip(b"+").isdigit() for _, numbers in self.rows for number in numbers)
        if is_comma and not self.names and all_whole and self.dim % 2 == 0:
            return _ONE_OR_TWO
        if not self.sizes and not self._n_left_out() and may_be_counts([numbers for _, numbers in self.rows]):
            return _COUNT_OR_NUMBER
        return _WHICH_COLUMN if self._word_column() is None else ""

    def _are_numbered(self) -> bool:
        """Whether the rows, two or more, begin with 0, 1, 2 … or 1, 2, 3 … alone."""
        fronts = [front for front, _ in self.rows]
        return len(fronts) > 1 and any(fronts == [[b"%d" % (i + start)] for i in range(len(fronts))] for start in (0, 1))

    def layout(self) -> Layout:
        """The layout, where it is clear."""
        left_out, column = self._n_left_out(), self._word_column() or 0
        is_table = self.separator is not None or column > 0
        around = around_words([front[column] if is_table else b" ".join(front) for front, _ in self.rows])
        is_odd = is_table or self.is_quoted or any(around) or left_out or self.is_named_row
        n_regular = sum(_is_regular(line, self.dim) for line in self.lines[self.has_header :])
        return Layout(
            separator=self.separator,
            is_quoted=self.is_quoted,
            is_regular=not is_odd and 2 * n_regular >= len(self.body),
            share=self.share,
            dim=self.dim - left_out,
            n_front=self.n_front if is_table else None,
            word_column=column,
            left_out=left_out,
            around=around,
            has_header=self.has_header,
            n_rows=int(self.sizes[1]) if self.sizes and self.has_header else None,
        )

    def _n_left_out(self) -> int:
        """How many of the first number columns are named as belonging to no vector; row names may have no title."""
        first = self.n_front - (len(self.names) < len(self.body[-1]))
        behind = self.names[first:] if len(self.names) > 1 else []
        return next((i for i, name in enumerate(behind) if name.lower() not in _OTHER_NAMES), 0)

    def _word_column(self) -> int | None:
        """Which of the fields before the numbers is the word; None where that is not clear."""
        fronts = [front for front, _ in self.rows]
        width = min(map(len, fronts))
        named = [column for column, name in enumerate(self.names[:width]) if name.lower() in _WORD_NAMES]
        texts = [column for column in range(width) if not all(NUMBER.fullmatch(front[column]) for front in fronts)]
        if width == 1 or (self.separator is None and (len(texts) != 1 or width < max(map(len, fronts)))):
            return 0
        return named[0] if named else texts[0] if len(texts) == 1 else None


def has_odd_words(head: bytes, *, has_header: bool = False) -> bool:
    """Whether what looks like words is none: numbers, words in quotation marks, a first line of names, a count behind each word.

    Parameters
    ----------
    has_header : whether the line of word2vec's sizes came before, which says how many numbers a row has
    """
    *lines, cut = head.split(b"\n")[:_SAMPLE]
    rows = [line.split() for line in lines or [cut] if line.strip()]
    words = [row[0] for row in rows]
    if any(around_words(words)):
        return True
    if has_header or not rows:
        return False
    if all(_GLUED.search(word) and b"." in word for word in words):  # king,0.1 0.2: the first number is no part of the word
        return True
    is_named = len(rows[0]) > 2 and rows[0][0].lower() in _WORD_NAMES and _names_columns(rows[0], rows[0][1:], len(rows[0]) - 1)
    return is_named or all(map(is_fraction, words)) or may_be_counts([row[1:] for row in rows])


def may_be_counts(rows: Sequence[Cells]) -> bool:
    """Whether the first number of each row is a whole one and the others, two or more, are not."""
    if len(rows) < 2 or not all(len(row) > 2 and row[0].isdigit() for row in rows):
        return False
    return any(len(row[0]) > 1 or row[0] > b"1" for row in rows) and all(is_fraction(number) for row in rows for number in row[1:])


def around_words(words: Sequence[bytes]) -> tuple[bytes, bytes]:
    """What stands before and behind each of several words: brackets, quotation marks, a colon; empty where they have nothing in common."""
    if len(words) < 2:
        return b"", b""
    return _common_start(words, _BEFORE_WORDS), _common_start([word[::-1] for word in words], _BEHIND_WORDS)[::-1]


def _common_start(words: Sequence[bytes], marks: bytes) -> bytes:
    """What all words begin with, as far as it consists of these marks."""
    pairs = zip(min(words), max(words), strict=False)  # what these two share, all others between them share
    return bytes(one for one, _ in itertools.takewhile(lambda pair: pair[0] == pair[1] and pair[0] in marks, pairs))


def _names_columns(row: Cells, numbers: Cells, dim: int) -> bool:
    """Whether a first row holds names: no row of so many numbers, or 0, 1, 2 … or 1, 2, 3 …, which tables call columns without a name."""
    if len(numbers) != dim:
        return not any(map(is_fraction, row))
    sure = dim >= _MANY or row[0].lower() in _WORD_NAMES | {b""}
    return sure and numbers in ([b"%d" % (i + start) for i in range(dim)] for start in (0, 1))


def _is_regular(line: bytes, dim: int) -> bool:
    """Whether the fields of a line are one space apart and its last ones numbers; a word may have several parts."""
    fields = line.removesuffix(b" ").split(b" ")
    return len(fields) > dim and all(fields) and all(map(NUMBER.fullmatch, fields[-dim:])) and not ends_in_number(fields[-dim - 1])
