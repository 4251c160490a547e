"""What the writers share: words in UTF-8 and their rows, some at a time, checked before they are written."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from w2v.errors import FormatError
from w2v.formats.read_options import MAX_WORD_BYTES
from w2v.npy import Matrix
from w2v.vectors.word_vectors import WordVectors

_BLOCK_VALUES = 1 << 18
_CARRY_ALL = ".npz, .safetensors, .parquet or .w2v"
# White space ends a word for word2vec.c, fastText and whoever splits lines at it; NUL ends a string in C.
_WORD_ENDS = re.compile("[ \t\n\v\f\r\0]")


def no_fault(word: str) -> None:
    """For the formats that carry every word."""


def fault_of_blanks(word: str) -> str | None:
    """For the formats where white space ends a word."""
    found = _WORD_ENDS.search(word)
    return f"it holds {found.group()!r}, which ends a word there" if found else None


def blocks_to_write(
    vectors: WordVectors, path: Path, fault: Callable[[str], str | None] = no_fault
) -> Iterator[tuple[list[bytes], Matrix]]:
    """Words in UTF-8 and their rows, contiguous, some at a time.

    Parameters
    ----------
    fault : why the format cannot carry a word, or None

    Raises
    ------
    FormatError
        a word that the format cannot carry, a number that is not finite, or nothing to write.
    """
    if not len(vectors):
        raise FormatError(f"{path} cannot be written: there are no words")
    n_rows = max(1, _BLOCK_VALUES // vectors.dim)
    for start in range(0, len(vectors), n_rows):
        words = vectors.words[start : start + n_rows]
        rows = np.ascontiguousarray(vectors.matrix[start : start + n_rows], np.float32)
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            raise FormatError(
                f"{path} cannot be written: the vector of {words[int(np.argmin(finite))]!r} holds a number that is not finite"
            )
        yield [encode_word(word, path, fault) for word in words], rows


def words_to_write(vectors: WordVectors, path: Path) -> list[bytes]:
    """All words in UTF-8, for a format that carries every word, after all rows have been checked.

    Raises
    ------
    FormatError
        as `blocks_to_write`.
    """
    return [word for words, _ in blocks_to_write(vectors, path) for word in words]


def encode_word(word: str, path: Path, fault: Callable[[str], str | None] = no_fault) -> bytes:
    """A word in UTF-8; see `blocks_to_write`."""
    found = "it is empty" if not word else fault(word)
    others = f", or write {_CARRY_ALL}, which carry it" if found and word else ""
    encoded = b""
    if found is None:
        try:
            encoded = word.encode()
        except UnicodeEncodeError:
            found = "it is not Unicode (half of a surrogate pair)"
        if len(encoded) > MAX_WORD_BYTES:
            found = f"it is longer than {MAX_WORD_BYTES} bytes"
    if found is not None:
        cannot = f"{path} cannot be written: its format cannot carry the word {word[:60]!r}: {found}"
        raise FormatError(f"{cannot}; name the words to keep with words=[...] of w2v.load{others}")
    return encoded
