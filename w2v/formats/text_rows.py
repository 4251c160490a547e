"""Lines ``word number number ...``: what word2vec's text format, fastText's .vec and GloVe's files consist of.

Fields stand one space apart; a space at the end of the line (word2vec.c and fastText write one) and CRLF are accepted, and
nothing else: no tabs, no blank lines, no last line without its newline, which is what a cut file looks like.
"""

from __future__ import annotations

import re
from typing import IO

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError
from w2v.formats.compression import Content
from w2v.formats.decimals import HARD, NOT_A_NUMBER, WIDEST, nearest_float32, parse_float32, write_float32
from w2v.formats.rows import MAX_WORD_BYTES, READ_BYTES, Matrix, RowCollector, decode_words, show
from w2v.jit import jit

NUMBER_BYTES = 64  # a line may hold the longest word and, on average, numbers as long as this
_HARD_NUMBERS = 1 << 14
_SPACE, _NEWLINE, _RETURN = (ord(character) for character in " \n\r")
_NUMBER = re.compile(rb"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def smallest_row(dim: int) -> int:
    """Bytes of the shortest line: one byte for the word, a space and a digit for each number, a newline."""
    return 2 + 2 * dim


def largest_row(dim: int) -> int:
    """Bytes of the longest line that is read; an endless one must not fill the memory."""
    return MAX_WORD_BYTES + NUMBER_BYTES * dim


@jit()
def parse_rows(text, start, longest, values, bounds, hard):  # type: ignore[no-untyped-def]
    """Parse lines until `text`, `values` or `hard` is used up, or a line is wrong.

    Parameters
    ----------
    text : (n,) uint8, whole lines: the last byte is a newline
    start : where the first line begins
    longest : bytes of the longest line that is allowed, its newline included
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
        while text[position] != _SPACE and text[position] != _NEWLINE:
            position += 1
        bounds[row, 0] = line
        bounds[row, 1] = position
        right = 0 < position - line <= MAX_WORD_BYTES
        column = 0
        while right and column < dim:
            right = text[position] == _SPACE
            if right:
                first = position + 1
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
        if right and text[position] == _SPACE:
            position += 1
        if right and text[position] == _RETURN:
            position += 1
        if not right or text[position] != _NEWLINE or position - line >= longest:
            return row, before, line, True
        line = position + 1
        row += 1
    return row, n_hard, line, False


def read_rows(content: Content, rows: RowCollector, offset: int, head: bytes = b"") -> None:
    """Read all lines to the end of the file.

    Parameters
    ----------
    offset : bytes of the content before the first line
    head : what has been read from `content` behind `offset` already

    Raises
    ------
    FormatError
        naming file, line and byte.
    """
    hard = np.empty((max(_HARD_NUMBERS, rows.dim), 4), np.int64)
    text = head
    while True:
        read = content.file.read(READ_BYTES)
        text += read
        end = text.rfind(b"\n") + 1
        _add_lines(text[:end], rows, offset, hard)
        offset += end
        text = text[end:]
        if not read:
            break
        if len(text) > largest_row(rows.dim):
            raise FormatError(f"{rows.where()} (byte {offset}): {_too_long(rows.dim)}")
    if text:
        raise FormatError(
            f"{rows.where()} (byte {offset}): the last line must end with a newline: the file is cut off at {show(text[-20:])}"
        )
    if rows.n_rows is not None and len(rows.words) < rows.n_rows:
        raise FormatError(f"{rows.where()}: the header announces {rows.n_rows} words: the file ends after {len(rows.words)}")


def _add_lines(text: bytes, rows: RowCollector, offset: int, hard: npt.NDArray[np.int64]) -> None:
    """Parse whole lines; `offset` is the first one's, `hard` is scratch."""
    codes = np.frombuffer(text, np.uint8)
    position = 0
    while position < len(text):
        values = rows.room((len(text) - position) // smallest_row(rows.dim) + 1)
        if not len(values):
            where = f"{rows.where()} (byte {offset + position})"
            raise FormatError(f"{where}: the header announces {rows.n_rows} words: more follows, {show(text[position:])}")
        bounds = np.empty((len(values), 2), np.int64)
        n_parsed, n_hard, position, is_wrong = parse_rows(codes, position, largest_row(rows.dim), values, bounds, hard)
        for row, column, first, last in hard[:n_hard].tolist():
            values[row, column] = nearest_float32(text[first:last].decode())
        rows.add(decode_words(rows, text, bounds[:n_parsed], offset))
        if is_wrong:
            line = text[position : text.index(b"\n", position)]
            raise FormatError(f"{rows.where()} (byte {offset + position}): {explain_line(line, rows.dim)}")


def explain_line(line: bytes, dim: int) -> str:
    """What is wrong with a line that `parse_rows` refused."""
    word, *numbers = line.removesuffix(b"\r").removesuffix(b" ").split(b" ")
    expected = f"expected a word and {dim} numbers, one space apart"
    if not word:
        return f"{expected}: found {'a space first' if line.strip() else 'a blank line'}"
    if len(word) > MAX_WORD_BYTES:
        return f"{expected}: found a word of {len(word)} bytes, more than {MAX_WORD_BYTES}"
    for index, number in enumerate(numbers[:dim]):
        if not _NUMBER.fullmatch(number):
            hint = ": a word may hold no space" if index == 0 and len(numbers) > dim else ""
            return f"{expected}: number {index + 1} is {show(number)}{hint}"
    if len(numbers) != dim:
        return f"{expected}: found {len(numbers)} numbers"
    return _too_long(dim)


def _too_long(dim: int) -> str:
    return f"a line of dim {dim} must be shorter than {largest_row(dim)} bytes: found a longer one"


@jit()
def format_rows(words, word_ends, values, bits, out):  # type: ignore[no-untyped-def]
    """Write lines into `out`; returns how many bytes.

    Parameters
    ----------
    words : (n_bytes,) uint8, the words without separators
    word_ends : (n_rows,) int64, where each word ends in `words`
    values : (n_rows, dim) float32, finite
    bits : (n_rows, dim) uint32, the same memory
    out : (n_bytes + n_rows * (1 + dim * WIDEST),) uint8 or longer, filled
    """
    position = 0
    start = 0
    for row in range(values.shape[0]):
        for source in range(start, word_ends[row]):
            out[position] = words[source]
            position += 1
        start = word_ends[row]
        for column in range(values.shape[1]):
            out[position] = _SPACE
            position = write_float32(values[row, column], bits[row, column], out, position + 1)
        out[position] = _NEWLINE
        position += 1
    return position


def write_rows(file: IO[bytes], words: list[bytes], rows: Matrix) -> None:
    """Write one block of lines."""
    joined = b"".join(words)
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    out: npt.NDArray[np.uint8] = np.empty(len(joined) + len(words) * (1 + rows.shape[1] * (1 + WIDEST)), np.uint8)
    n_bytes = format_rows(np.frombuffer(joined, np.uint8), ends, rows, rows.view(np.uint32), out)
    file.write(out[:n_bytes].tobytes())
