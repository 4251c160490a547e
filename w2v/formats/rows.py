"""What the row formats share: the header, the words, and rows that are collected without trusting what a header announces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError
from w2v.formats.compression import Content
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

Matrix = npt.NDArray[np.float32]

MAX_WORD_BYTES = 1 << 16  # a longer "word" is a damaged file
MAX_DIM = 1 << 16
READ_BYTES = 1 << 20  # the whole first row is in one read; larger blocks were no faster
_WRITE_VALUES = 1 << 18
_HEADER = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18}) ?\r?\n")
_MAX_HEADER_BYTES = 64
_FIRST_VALUES = 1 << 20

# White space ends a word for word2vec.c, fastText and whoever splits lines at it; NUL ends a string in C.
_UNWRITABLE = re.compile("[ \t\n\v\f\r\0]")


def read_header(content: Content) -> tuple[int, int, int]:
    """Number of rows, dim, and length in bytes of the line ``<rows> <dim>`` that word2vec's formats begin with.

    Raises
    ------
    FormatError
        no such line, or sizes that cannot be.
    """
    line = content.file.readline(_MAX_HEADER_BYTES)
    found = _HEADER.fullmatch(line)
    n_rows, dim = (int(number) for number in found.groups()) if found else (0, 0)
    if not n_rows or not 1 <= dim <= MAX_DIM:
        hint = "; remove its byte order mark" if line.startswith(b"\xef\xbb\xbf") else ""
        wanted = f"the number of words and the dim (1 to {MAX_DIM}), such as '9000 100'"
        raise FormatError(f"{content.path}, line 1: expected {wanted}: found {show(line)}{hint}")
    return n_rows, dim, len(line)


def check_announced(content: Content, n_rows: int, dim: int, header_bytes: int, row_bytes: int) -> None:
    """Refuse a header that announces more rows of at least `row_bytes` than the file can hold."""
    needed = header_bytes + n_rows * row_bytes
    if needed > content.max_bytes:
        size = f"has {content.max_bytes}" if content.is_exact else f"holds at most {content.max_bytes}, compressed as it is"
        raise FormatError(f"{content.path}, line 1: {n_rows} words of dim {dim} need at least {needed} bytes: the file {size}")


def show(found: bytes) -> str:
    """A piece of a file for a message: quoted, and not too long."""
    text = repr(found[:40].decode("utf-8", "backslashreplace")).replace("\\\\x", "\\x")  # escaped once is enough
    return text + ("…" if len(found) > 40 else "")


class RowCollector:
    """Words and rows of a file that is being read.

    Parameters
    ----------
    content : the file; if its size is exact, `n_rows` has been compared with it and all rows are allocated at once
    n_rows : what the header announces; None without a header
    first_line : the line of row 0, for messages; None in a binary file

    Attributes
    ----------
    words : grows with the rows
    """

    def __init__(self, content: Content, dim: int, n_rows: int | None, first_line: int | None) -> None:
        self.dim = dim
        self.n_rows = n_rows
        self.words: list[str] = []
        self._path = content.path
        self._first_line = first_line
        capacity = max(1, _FIRST_VALUES // dim)
        if n_rows is not None:
            capacity = n_rows if content.is_exact else min(capacity, n_rows)
        self._matrix: Matrix = np.empty((capacity, dim), np.float32)

    def room(self, n_rows: int) -> Matrix:
        """The next `n_rows` rows of the matrix, fewer where the header ends, to be filled; earlier views are void."""
        done = len(self.words)
        needed = done + n_rows
        grown = max(needed, len(self._matrix) * 3 // 2)
        if self.n_rows is not None:
            needed, grown = min(needed, self.n_rows), min(grown, self.n_rows)
        if needed > len(self._matrix):
            self._resize(grown)
        return self._matrix[done:needed]

    def _resize(self, n_rows: int) -> None:
        # In place, where the system can: a second matrix beside the first would double the memory.
        self._matrix.resize((n_rows, self.dim), refcheck=False)

    def add(self, words: list[str]) -> None:
        """Take the rows that were filled.

        Raises
        ------
        FormatError
            a number that is not finite.
        """
        done = len(self.words)
        finite = np.isfinite(self._matrix[done : done + len(words)]).all(axis=1)
        if not finite.all():
            row = int(np.argmin(finite))
            value = next(value for value in self._matrix[done + row] if not np.isfinite(value))
            what = "a number too large for float32" if self._first_line is not None else f"the number {value}"
            raise FormatError(f"{self.where(done + row)}: the numbers of {words[row]!r} must be finite: found {what}")
        self.words += words

    def where(self, row: int | None = None) -> str:
        """File and line (or number of the word) of a row, or of the next one to add, for messages."""
        row = len(self.words) if row is None else row
        if self._first_line is not None:
            return f"{self._path}, line {self._first_line + row}"
        return f"{self._path}, word {row + 1}"

    def finish(self) -> WordVectors:
        """The vectors, with counts of 0: these formats carry none.

        Raises
        ------
        FormatError
            a word occurs twice.
        """
        if len(self.words) < len(self._matrix):
            self._resize(len(self.words))
        try:
            vocabulary = Vocabulary(self.words, np.zeros(len(self.words), np.int64))
        except FormatError:
            first: dict[str, int] = {}
            row = next(row for row, word in enumerate(self.words) if first.setdefault(word, row) != row)
            word = self.words[row]
            message = f"{self.where(row)}: each word must occur once: {word!r} is also at {self.where(first[word])}"
            raise FormatError(message) from None
        return WordVectors(vocabulary, self._matrix)


def decode_words(collector: RowCollector, text: bytes, bounds: npt.NDArray[np.int64], offset: int) -> list[str]:
    """The words at ``bounds[i, 0]:bounds[i, 1]`` of `text`, which begins at byte `offset` of the content.

    Raises
    ------
    FormatError
        bytes that are not UTF-8.
    """
    words = []
    try:
        for start, end in bounds.tolist():
            words.append(text[start:end].decode())
    except UnicodeDecodeError as error:
        where = f"{collector.where(len(collector.words) + len(words))} (byte {offset + start + error.start})"
        raise FormatError(f"{where}: words must be UTF-8: found {show(text[start:end])}") from None
    return words


def blocks_to_write(vectors: WordVectors, path: Path) -> Iterator[tuple[list[bytes], Matrix]]:
    """Words in UTF-8 and their rows, contiguous, some at a time.

    Raises
    ------
    FormatError
        a word that the row formats cannot carry, a number that is not finite, or nothing to write.
    """
    if not len(vectors):
        raise FormatError(f"{path} cannot be written: there are no words")
    n_rows = max(1, _WRITE_VALUES // vectors.dim)
    for start in range(0, len(vectors), n_rows):
        words = vectors.words[start : start + n_rows]
        rows = np.ascontiguousarray(vectors.matrix[start : start + n_rows], np.float32)
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            raise FormatError(
                f"{path} cannot be written: the vector of {words[int(np.argmin(finite))]!r} holds a number that is not finite"
            )
        yield [_encode_word(word, path) for word in words], rows


def _encode_word(word: str, path: Path) -> bytes:
    fault = None
    encoded = b""
    if not word:
        fault = "it is empty"
    elif found := _UNWRITABLE.search(word):
        fault = f"it holds {found.group()!r}, which ends a word there"
    else:
        try:
            encoded = word.encode()
        except UnicodeEncodeError:
            fault = "it is not Unicode (half of a surrogate pair)"
        if len(encoded) > MAX_WORD_BYTES:
            fault = f"it is longer than {MAX_WORD_BYTES} bytes"
    if fault is not None:
        raise FormatError(f"{path} cannot be written: its format cannot carry the word {word[:60]!r}: {fault}")
    return encoded
