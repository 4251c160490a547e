"""word2vec's text format (also gensim's, and fastText's .vec): ``<words> <dim>``, then a line ``word number number ...`` each."""

from __future__ import annotations

from pathlib import Path

from w2v.formats.compressed_files import create_content, open_content
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.formats.rows.header import guess_header
from w2v.formats.rows.loaded_rows import RowCollector
from w2v.formats.rows.text_lines import read_rows, smallest_row
from w2v.formats.rows.text_writer import write_rows
from w2v.formats.writable_rows import blocks_to_write, check_announced, read_header
from w2v.vectors.word_vectors import WordVectors


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        naming file and line.
    """
    with open_content(path, options) as content:
        if options.repair:
            n_rows, dim, header_bytes, head = guess_header(content, is_usual=True)
        else:
            n_rows, dim, header_bytes = read_header(content)
            check_announced(content, n_rows, dim, header_bytes, smallest_row(dim))
            head = b""
        rows = RowCollector(content, dim, n_rows, first_line=2 if header_bytes else 1)
        read_rows(content, rows, header_bytes, head)
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
