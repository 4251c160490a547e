"""GloVe's text format: lines ``word number number ...`` without a header."""

from __future__ import annotations

from pathlib import Path

from w2v.errors import FormatError
from w2v.formats.compressed_files import Content, create_content, open_content
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.formats.rows.header import guess_header
from w2v.formats.rows.loaded_rows import RowCollector
from w2v.formats.rows.text_lines import explain_line, largest_row, read_rows
from w2v.formats.rows.text_writer import write_rows
from w2v.formats.writable_rows import BYTE_ORDER_MARK, MAX_DIM, blocks_to_write
from w2v.vectors.word_vectors import WordVectors


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file; the first line tells the dim.

    Raises
    ------
    FormatError
        naming file and line.
    """
    with open_content(path, options) as content:
        if options.repair:
            n_rows, dim, offset, head = guess_header(content, is_usual=False)
        else:
            n_rows, offset = None, 0
            dim, head = _first_line(content)
        rows = RowCollector(content, dim, n_rows, first_line=2 if n_rows is not None else 1)
        read_rows(content, rows, offset, head)
    return rows.finish()


def _first_line(content: Content) -> tuple[int, bytes]:
    line = content.file.readline(largest_row(MAX_DIM))
    if line.startswith(BYTE_ORDER_MARK):
        raise FormatError(f"{content.path}, line 1: found a byte order mark: remove it")
    if not line.endswith(b"\n"):
        raise FormatError(f"{content.path}, line 1: the line must end with a newline: it does not within {len(line)} bytes")
    dim = line.rstrip().count(b" ")
    if not 1 <= dim <= MAX_DIM:
        raise FormatError(f"{content.path}, line 1: {explain_line(line[:-1], min(max(dim, 1), MAX_DIM))}")
    return dim, line


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; each number is the shortest decimal that reads back to the same float32.

    Raises
    ------
    FormatError
        a word that holds ASCII white space or NUL, or a first word that begins with U+FEFF.
    """
    with create_content(path) as file:
        if vectors.words and vectors.words[0].startswith(BYTE_ORDER_MARK.decode()):
            raise FormatError(
                f"{path} cannot be written: without a header, the first word {vectors.words[0]!r} looks like a byte order mark"
            )
        for words, rows in blocks_to_write(vectors, path):
            write_rows(file, words, rows)
