"""GloVe's text format: lines ``word number number ...`` without a header."""

from __future__ import annotations

from pathlib import Path

from w2v.errors import FormatError
from w2v.formats.compression import create_content, open_content
from w2v.formats.rows import MAX_DIM, RowCollector, blocks_to_write
from w2v.formats.text_rows import explain_line, largest_row, read_rows, write_rows
from w2v.vectors.word_vectors import WordVectors

_BYTE_ORDER_MARK = "\ufeff"


def read(path: Path) -> WordVectors:
    """Read a file; the first line tells the dim.

    Raises
    ------
    FormatError
        naming file and line.
    """
    with open_content(path) as content:
        line = content.file.readline(largest_row(MAX_DIM))
        if line.startswith(_BYTE_ORDER_MARK.encode()):
            raise FormatError(f"{path}, line 1: found a byte order mark: remove it")
        if not line.endswith(b"\n"):
            raise FormatError(f"{path}, line 1: the line must end with a newline: it does not within {len(line)} bytes")
        dim = line.rstrip().count(b" ")
        if not 1 <= dim <= MAX_DIM:
            raise FormatError(f"{path}, line 1: {explain_line(line[:-1], min(max(dim, 1), MAX_DIM))}")
        rows = RowCollector(content, dim, None, first_line=1)
        read_rows(content, rows, offset=0, head=line)
    return rows.finish()


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; each number is the shortest decimal that reads back to the same float32.

    Raises
    ------
    FormatError
        a word that holds ASCII white space or NUL, or a first word that begins with U+FEFF.
    """
    with create_content(path) as file:
        if vectors.words and vectors.words[0].startswith(_BYTE_ORDER_MARK):
            raise FormatError(
                f"{path} cannot be written: without a header, the first word {vectors.words[0]!r} looks like a byte order mark"
            )
        for words, rows in blocks_to_write(vectors, path):
            write_rows(file, words, rows)
