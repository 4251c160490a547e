"""Lines ``word number number ...``: what word2vec's text format, fastText's .vec and GloVe's files consist of.

Fields stand one space apart; a space at the end of the line (word2vec.c and fastText write one) and CRLF are accepted, and
nothing else: no tabs, no blank lines, no last line without its newline, which is what a cut file looks like.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError
from w2v.formats.compressed_files import VectorFile
from w2v.formats.read_options import MAX_WORD_BYTES, quote
from w2v.formats.rows.decimals import HARD, NOT_A_NUMBER, nearest_float32, parse_float32
from w2v.formats.rows.header import READ_BYTES
from w2v.formats.rows.loaded_rows import LoadedRows
from w2v.formats.rows.table_fields import NUMBER, ends_in_number, is_like
from w2v.jit import jit

NUMBER_BYTES = 64  # a line may hold the longest word and, on average, numbers as long as this
_NOT_CLEAR = ": as which line is of which word is not clear, both files must have as many lines, and a single column of words no title"
_HARD_NUMBERS = 1 << 14
_NEWLINE, _RETURN = (ord(character) for character in "\n\r")


def smallest_row(dim: int) -> int:
    """Bytes of the shortest line: one byte for the word, a space and a digit for each number, a newline."""
    return 2 + 2 * dim


def largest_row(dim: int) -> int:
    """Bytes of the longest line that is read; an endless one must not fill the memory."""
    return MAX_WORD_BYTES + NUMBER_BYTES * dim


@jit()
def parse_rows(text, start, longest, separator, has_words, values, bounds, hard):  # type: ignore[no-untyped-def]
    """Parse lines until `text`, `values` or `hard` is used up, or a line is wrong.

    Parameters
    ----------
    text : (n,) uint8, whole lines: the last byte is a newline
    start : where the first line begins
    longest : bytes of the longest line that is allowed, its newline included
    separator : the byte between two fields
    has_words : whether a line begins with a word, or with its first number
    values : (n_rows, dim) float32, filled
    bounds : (n_rows, 2) int64, filled: where each word begins and ends
    hard : (n, 4) int64 with n >= dim, filled: row, column, start and end of each number that `nearest_float32` has to decide

    Returns
    -------
    n_rows : lines parsed
    n_hard : rows of `hard` filled
    position : where the next line, or the wrong one, begins
    is_wrong : whether that line is wrong; `explain_line` says why
    """
    n_rows, dim = values.shape
    n_hard = 0
    row = 0
    line = start
    while row < n_rows and line < text.size and n_hard + dim <= hard.shape[0]:
        before = n_hard
        position = line
        while has_words and text[position] != separator and text[position] != _NEWLINE:
            position += 1
        bounds[row, 0] = line
        bounds[row, 1] = position
        right = 0 < position - line <= MAX_WORD_BYTES or not has_words
        column = 0
        while right and column < dim:
            is_first = column == 0 and not has_words
            right = is_first or text[position] == separator
            if right:
                first = position + (not is_first)
                value, position, status = parse_float32(text, first)
                values[row, column] = value
                right = status != NOT_A_NUMBER
                if status == HARD:
                    hard[n_hard, 0] = row
                    hard[n_hard, 1] = column
                    hard[n_hard, 2] = first
                    hard[n_hard, 3] = position
                    n_hard += 1
                column += 1
        if right and has_words and text[position] == separator:
            position += 1
        if right and text[position] == _RETURN:
            position += 1
        if not right or text[position] != _NEWLINE or position - line >= longest:
            return row, before, line, True
        line = position + 1
        row += 1
    return row, n_hard, line, False


def read_text_rows(source: VectorFile, rows: LoadedRows, offset: int, head: bytes = b"", words: Sequence[str] | None = None) -> None:
    """Read all lines to the end of the file, or as many as were asked for.

    Parameters
    ----------
    offset : bytes of the content before the first line
    head : what has been read from `content` behind `offset` already
    words : of the lines, which then hold numbers only, a tab apart; None: each line begins with its word, fields a space apart

    Raises
    ------
    FormatError
        naming file, line and byte, unless the options repair.
    """
    lines = _Lines(rows, offset, words)
    text = head
    while True:
        read = source.stream.read(READ_BYTES)
        text += read
        end = text.rfind(b"\n") + 1
        lines.add(text[:end])
        text = text[end:]
        if not read or rows.is_done:
            break
        if len(text) > largest_row(rows.dim):
            rows.options.tolerate(f"{lines.location(0)}: {_too_long(rows.dim)}", "the rest is left out")
            return
    if text and not rows.is_done:
        lines.add_unfinished(text)
    if rows.n_rows is not None and rows.n_seen != rows.n_rows and not rows.is_done:
        what = "the header announces" if words is None else "there are"
        fault = f"{rows.location()}: {what} {rows.n_rows} words: the file ends after {rows.n_seen}"
        if words is not None:
            raise FormatError(f"{fault}{_NOT_CLEAR}")
        rows.options.tolerate(fault, "read as far as it goes")


class _Lines:
    """Parses blocks of whole lines into `rows`, the first of which begins at byte `offset` of the source."""

    def __init__(self, rows: LoadedRows, offset: int, words: Sequence[str] | None) -> None:
        self._rows = rows
        self._offset = offset
        self._words = words
        self._separator = b" " if words is None else b"\t"
        self._hard = np.empty((max(_HARD_NUMBERS, rows.dim), 4), np.int64)

    def location(self, position: int) -> str:
        """The next row, at `position` of the block, for messages."""
        return f"{self._rows.location()} (byte {self._offset + position})"

    def add(self, text: bytes) -> None:
        """Parse lines, the last of which ends with its newline."""
        codes = np.frombuffer(text, np.uint8)
        position = 0
        while position < len(text) and not self._rows.is_done:
            position = self._add_some(text, codes, position)
        self._offset += len(text)

    def _add_some(self, text: bytes, codes: npt.NDArray[np.uint8], position: int) -> int:
        rows = self._rows
        values = rows.reserve((len(text) - position) // smallest_row(rows.dim) + 1)
        if self._words is not None:
            values = values[: len(self._words) - rows.n_seen]
        if not len(values):
            what = "the header announces" if self._words is None else "there are"
            fault = f"{self.location(position)}: {what} {rows.n_rows} words: more follows, {quote(text[position:])}"
            if self._words is not None:
                raise FormatError(f"{fault}{_NOT_CLEAR}")
            rows.options.tolerate(fault, "left out")
            return len(text)
        bounds = np.empty((len(values), 2), np.int64)
        n_parsed, n_hard, end, is_wrong = parse_rows(
            codes, position, largest_row(rows.dim), ord(self._separator), self._words is None, values, bounds, self._hard
        )
        if self._words is None and text.find(b"\t", position, end) >= 0:
            n_parsed, end, is_wrong = _before_tab_and_number(text, bounds[:n_parsed], end, is_wrong)
        for row, column, first, last in self._hard[:n_hard].tolist():
            values[row, column] = nearest_float32(text[first:last].decode())
        if self._words is None:
            rows.add(rows.decode_words(text, bounds[:n_parsed], self._offset))
        else:
            rows.add(list(self._words[rows.n_seen : rows.n_seen + n_parsed]))
        if is_wrong:
            stop = text.index(b"\n", end)
            self._add_wrong(text[end:stop], end)
            end = stop + 1
        return int(end)

    def add_unfinished(self, line: bytes) -> None:
        """Take the last line although it has no newline, where it may be whole and `repair` is on."""
        rows = self._rows
        fault = f"{self.location(0)}: the last line must end with a newline: the file is cut off at {quote(line[-20:])}"
        if rows.n_rows is not None and rows.n_seen + 1 != rows.n_rows:
            rows.options.tolerate(fault, "the line is left out")
            rows.skip()
        else:
            rows.options.tolerate(fault, "read as the last line")
            self.add(line + b"\n")

    def _add_wrong(self, line: bytes, position: int) -> None:
        """Take a line with a word of several parts, or with wider gaps, if `repair` is on; leave out any other."""
        rows = self._rows
        fault = f"{self.location(position)}: {explain_line(line, rows.dim, self._separator)}"
        fields = line.split()
        parts, numbers = fields[: -rows.dim], fields[-rows.dim :]
        is_right = len(numbers) == rows.dim and all(map(NUMBER.fullmatch, numbers))
        if is_right and (bool(parts) and not any(is_like(part, numbers) for part in parts[1:])) == (self._words is None):
            encoded = b" ".join(parts)
            if self._words is None:
                (word,) = rows.options.decode([encoded], lambda *_: self.location(position))
            else:
                word = self._words[rows.n_seen]
            if len(encoded) <= MAX_WORD_BYTES:
                rows.options.tolerate(fault, f"read as the word {word[:60]!r}")
                rows.add_row(word, [nearest_float32(number.decode()) for number in numbers])
                return
        rows.options.tolerate(fault, "the line is left out")
        rows.skip()


def _before_tab_and_number(text: bytes, bounds: npt.NDArray[np.int64], end: int, is_wrong: bool) -> tuple[int, int, bool]:
    """How many rows come before one whose word ends with a tab and a number, which is the first of its numbers, and where that one is."""
    for row, (first, last) in enumerate(bounds.tolist()):
        if ends_in_number(text[first:last]):
            return row, first, True
    return len(bounds), end, is_wrong


def explain_line(line: bytes, dim: int, separator: bytes = b" ") -> str:
    """What is wrong with a line that `parse_rows` refused; with tabs between its fields it has no word."""
    word, *numbers = line.removesuffix(b"\r").removesuffix(b" ").split(separator)
    if separator == b"\t":
        expected = f"expected {dim} numbers, one tab apart"
        numbers = [word, *numbers]
    else:
        expected = f"expected a word and {dim} numbers, one space apart"
        if not word:
            return f"{expected}: found {'a space first' if line.strip() else 'a blank line'}"
        if len(word) > MAX_WORD_BYTES:
            return f"{expected}: found a word of {len(word)} bytes, more than {MAX_WORD_BYTES}"
    for index, number in enumerate(numbers[:dim]):
        if not NUMBER.fullmatch(number):
            hint = ": a word may hold no space" if separator == b" " and index == 0 and len(numbers) > dim else ""
            return f"{expected}: number {index + 1} is {quote(number)}{hint}"
    if len(numbers) != dim:
        return f"{expected}: found {len(numbers)} numbers"
    if separator == b" " and ends_in_number(word):
        *_, number = word.split(b"\t")
        return f"{expected}: found a tab before {quote(number)}"
    return _too_long(dim)


def _too_long(dim: int) -> str:
    return f"a line of dim {dim} must be shorter than {largest_row(dim)} bytes: found a longer one"
