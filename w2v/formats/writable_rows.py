"""What the row formats share: the header, the words, and rows to write."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from w2v.errors import FormatError
from w2v.formats.build_vectors import Matrix
from w2v.formats.compressed_files import Content
from w2v.vectors.word_vectors import WordVectors

MAX_WORD_BYTES = 1 << 16  # a longer "word" is a damaged file
MAX_DIM = 1 << 16
READ_BYTES = 1 << 20  # the whole first row is in one read; larger blocks were no faster
_WRITE_VALUES = 1 << 18
HEADER = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18}) ?\r?\n")
NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")  # one road through each text: no backtracking
_MAX_HEADER_BYTES = 64
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

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
    found = HEADER.fullmatch(line)
    n_rows, dim = (int(number) for number in found.groups()) if found else (0, 0)
    if not n_rows or not 1 <= dim <= MAX_DIM:
        hint = "; remove its byte order mark" if line.startswith(BYTE_ORDER_MARK) else ""
        wanted = f"the number of words and the dim (1 to {MAX_DIM}), such as '9000 100'"
        raise FormatError(f"{content.path}, line 1: expected {wanted}: found {show(line)}{hint}")
    return n_rows, dim, len(line)


def check_announced(content: Content, n_rows: int, dim: int, header_bytes: int, row_bytes: int) -> int:
    """The rows to expect: refuse a header that announces more rows of at least `row_bytes` than the file can hold, or repair it.

    Raises
    ------
    FormatError
        too many rows, unless the options repair.
    """
    needed = header_bytes + n_rows * row_bytes
    if needed <= content.max_bytes:
        return n_rows
    size = f"has {content.max_bytes}" if content.is_exact else f"holds at most {content.max_bytes}, compressed as it is"
    fault = f"{content.path}, line 1: {n_rows} words of dim {dim} need at least {needed} bytes: the file {size}"
    content.options.tolerate(fault, "read as far as it goes")
    return (content.max_bytes - header_bytes) // row_bytes


def show(found: bytes) -> str:
    """A piece of a file for a message: quoted, and not too long."""
    text = repr(found[:40].decode("utf-8", "backslashreplace")).replace("\\\\x", "\\x")  # escaped once is enough
    return text + ("…" if len(found) > 40 else "")


def blocks_to_write(vectors: WordVectors, path: Path) -> Iterator[tuple[list[bytes], Matrix]]:
    """Words in UTF-8 and their rows, for the formats where white space ends a word; see `blocks_of_rows`."""
    return blocks_of_rows(vectors, path, _fault)


def blocks_of_rows(vectors: WordVectors, path: Path, fault: Callable[[str], str | None]) -> Iterator[tuple[list[bytes], Matrix]]:
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
    n_rows = max(1, _WRITE_VALUES // vectors.dim)
    for start in range(0, len(vectors), n_rows):
        words = vectors.words[start : start + n_rows]
        rows = np.ascontiguousarray(vectors.matrix[start : start + n_rows], np.float32)
        finite = np.isfinite(rows).all(axis=1)
        if not finite.all():
            raise FormatError(
                f"{path} cannot be written: the vector of {words[int(np.argmin(finite))]!r} holds a number that is not finite"
            )
        yield [_encode_word(word, path, fault) for word in words], rows


def _fault(word: str) -> str | None:
    found = _UNWRITABLE.search(word)
    return f"it holds {found.group()!r}, which ends a word there" if found else None


def _encode_word(word: str, path: Path, fault: Callable[[str], str | None]) -> bytes:
    found = "it is empty" if not word else fault(word)
    encoded = b""
    if found is None:
        try:
            encoded = word.encode()
        except UnicodeEncodeError:
            found = "it is not Unicode (half of a surrogate pair)"
        if len(encoded) > MAX_WORD_BYTES:
            found = f"it is longer than {MAX_WORD_BYTES} bytes"
    if found is not None:
        raise FormatError(f"{path} cannot be written: its format cannot carry the word {word[:60]!r}: {found}")
    return encoded
