"""word2vec's text format (also gensim's, and fastText's .vec): ``<words> <dim>``, then a line ``word number number ...`` each."""

from __future__ import annotations

from pathlib import Path

from w2v.formats.compression import create_content, open_content
from w2v.formats.rows import RowCollector, blocks_to_write, check_announced, read_header
from w2v.formats.text_rows import read_rows, smallest_row, write_rows
from w2v.vectors.word_vectors import WordVectors


def read(path: Path) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        naming file and line.
    """
    with open_content(path) as content:
        n_rows, dim, header_bytes = read_header(content)
        check_announced(content, n_rows, dim, header_bytes, smallest_row(dim))
        rows = RowCollector(content, dim, n_rows, first_line=2)
        read_rows(content, rows, header_bytes)
    return rows.finish()


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; each number is the shortest decimal that reads back to the same float32.

    Raises
    ------
    FormatError
        a word that holds ASCII white space or NUL.
    """
    with create_content(path) as file:
        file.write(b"%d %d\n" % (len(vectors), vectors.dim))
        for words, rows in blocks_to_write(vectors, path):
            write_rows(file, words, rows)
