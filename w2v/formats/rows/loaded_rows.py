"""Rows of a file as they are read: collected without trusting what a header announces."""

import array
import base64

import numpy as np
import numpy.typing as npt

from w2v.formats.build_vectors import first_occurrences, refuse_no_words
from w2v.formats.compressed_files import VectorFile
from w2v.formats.read_options import BASE64
from w2v.npy import Matrix
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

_FIRST_VALUES = 1 << 20


class LoadedRows:
    """Words and rows of a file that is being read; those that were asked for are kept.

    Parameters
    ----------
    content : the file; if its size is exact, `n_rows` has been compared with it and all rows are allocated at once
    n_rows : what the header announces; None without a header
    first_line : the line of row 0, for messages; None in a binary file

    Attributes
    ----------
    words : of the rows kept
    n_seen : rows of the file so far, kept or not
    """

    def __init__(self, source: VectorFile, dim: int, n_rows: int | None, first_line: int | None) -> None:
        self.dim = dim
        self.n_rows = n_rows
        self.options = source.options
        self.words: list[str] = []
        self.n_seen = 0
        self._is_base64: bool | None = None  # as the first word says
        self._path = source.path
        self._first_line = first_line
        self._seen_at = array.array("q")  # which row of the file each row kept was
        # Lines can be told apart without the header; in a binary file it counts, also where faults are repaired.
        is_trusted = n_rows is not None and (first_line is None or not self.options.repair)
        ends = [end for end in (n_rows if is_trusted else None, self.options.limit) if end is not None]
        self._last = min(ends) if ends else None
        capacity = max(1, _FIRST_VALUES // dim)
        if self._last is not None:
            capacity = self._last if is_trusted and source.is_exact else min(capacity, self._last)
        self._matrix: Matrix = np.empty((capacity, dim), np.float32)

    @property
    def is_done(self) -> bool:
        """Whether as many rows have been read as were asked for."""
        return self.options.limit is not None and self.n_seen >= self.options.limit

    def decode_words(self, text: bytes, bounds: npt.NDArray[np.int64], offset: int) -> list[str]:
        """The words of the next rows, at ``bounds[i, 0]:bounds[i, 1]`` of `text`, which begins at byte `offset` of the file.

        Raises
        ------
        FormatError
            bytes that are not UTF-8, unless the options replace them.
        """
        pairs = zip(bounds[:, 0].tolist(), bounds[:, 1].tolist(), strict=True)  # not a list of two for each word: 10 times slower
        return self.options.decode(
            [text[start:end] for start, end in pairs],
            lambda row, byte: f"{self.location(self.n_seen + row)} (byte {offset + int(bounds[row, 0]) + byte})",
        )

    def reserve(self, n_rows: int) -> Matrix:
        """The next `n_rows` rows of the matrix, fewer where the header ends, to be filled; earlier views are void."""
        done = len(self.words)
        left = None if self._last is None else self._last - self.n_seen
        needed = done + (n_rows if left is None else min(n_rows, left))
        grown = max(needed, len(self._matrix) * 3 // 2)
        if left is not None:
            grown = min(grown, done + left)
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
            a number that is not finite, unless the options repair.
        """
        if self._is_base64 is None and words:
            self._is_base64 = words[0].startswith(BASE64.decode())
        if self._is_base64:
            words = list(map(_from_base64, words))
        done = len(self.words)
        rows = self._matrix[done : done + len(words)]
        kept = np.isfinite(rows).all(axis=1)
        for row in np.flatnonzero(~kept).tolist():
            value = next(value for value in rows[row] if not np.isfinite(value))
            what = "a number too large for float32" if self._first_line is not None else f"the number {value}"
            fault = f"{self.location(self.n_seen + row)}: the numbers of {words[row]!r} must be finite: found {what}"
            self.options.tolerate(fault, "the row is left out")
        if self.options.words is not None:
            kept &= np.fromiter((word in self.options.words for word in words), bool, len(words))
        if kept.all():
            self.words += words
            self._seen_at.extend(range(self.n_seen, self.n_seen + len(words)))
        else:
            chosen = np.flatnonzero(kept)
            rows[: len(chosen)] = rows[chosen]
            self.words += [words[row] for row in chosen.tolist()]
            self._seen_at.extend((self.n_seen + chosen).tolist())
        self.n_seen += len(words)

    def add_row(self, word: str, numbers: npt.ArrayLike) -> None:
        """Take one row that was not parsed in place."""
        self.reserve(1)[0] = numbers
        self.add([word])

    def skip(self) -> None:
        """Leave a row of the file out."""
        self.n_seen += 1

    def location(self, row: int | None = None) -> str:
        """File and line (or number of the word) of a row of the file, or of the next one, for messages."""
        row = self.n_seen if row is None else row
        if self._first_line is not None:
            return f"{self._path}, line {self._first_line + row}"
        return f"{self._path}, word {row + 1}"

    def to_vectors(self) -> WordVectors:
        """The vectors, with counts of 0: these formats carry none.

        Raises
        ------
        FormatError
            nothing is left, or a word occurs twice (the options may repair that).
        """
        refuse_no_words(self._path, self.words, self.options)
        unique = first_occurrences(self.words, self.options, lambda row: self.location(self._seen_at[row]))
        if len(unique) < len(self.words):
            self._matrix[: len(unique)] = self._matrix[unique]
            self.words = [self.words[row] for row in unique.tolist()]
        if len(self.words) < len(self._matrix):
            self._resize(len(self.words))
        return WordVectors(Vocabulary(self.words, np.zeros(len(self.words), np.int64)), self._matrix)


def _from_base64(word: str) -> str:
    """The word that deeplearning4j wrote as ``B64:`` and its UTF-8 in base 64; any other as it is."""
    mark, text = word[: len(BASE64)], word[len(BASE64) :]
    try:
        return (base64.b64decode(text, validate=True).decode() or word) if mark == BASE64.decode() else word
    except ValueError:
        return word
