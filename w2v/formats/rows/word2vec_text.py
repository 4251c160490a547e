"""word2vec's text format (also gensim's, and fastText's .vec): ``<words> <dim>``, then a line ``word number number ...`` each."""

from collections.abc import Callable
from pathlib import Path

from w2v.formats.compressed_files import VectorFile, create_vector_file, open_vector_file
from w2v.formats.read_options import REPAIR, STRICT, ReadOptions
from w2v.formats.rows.foreign_rows import read_table
from w2v.formats.rows.header import READ_BYTES, Header, guess_header, read_header
from w2v.formats.rows.loaded_rows import LoadedRows
from w2v.formats.rows.table_guess import guess_layout
from w2v.formats.rows.text_lines import read_text_rows, smallest_row
from w2v.formats.rows.text_writer import write_rows
from w2v.formats.writable_rows import blocks_to_write, fault_of_blanks
from w2v.vectors.word_vectors import WordVectors


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        naming file and line.
    """
    return read_text(path, options, lambda source: read_header(source, smallest_row, f"; {REPAIR}: the rows decide"), has_header=True)


def read_text(path: Path, options: ReadOptions, read_first: Callable[[VectorFile], Header], *, has_header: bool) -> WordVectors:
    """Read a file of lines, with or without a header.

    Parameters
    ----------
    read_first : says what the first line tells; in a repair the first rows do
    """
    with open_vector_file(path, options) as source:
        if not options.repair:
            header = read_first(source)
        else:
            head = source.stream.read(READ_BYTES)
            layout, _ = guess_layout(head)
            if layout is not None and not layout.is_regular:
                return read_table(source, layout, head).to_vectors()
            header = guess_header(source, head, has_header=has_header)
        rows = LoadedRows(source, header.dim, header.n_rows, header.first_line)
        read_text_rows(source, rows, header.n_bytes, header.rest)
    return rows.to_vectors()


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; each number is the shortest decimal that reads back to the same float32.

    Raises
    ------
    FormatError
        a word that holds ASCII white space or NUL.
    """
    write_text(vectors, path, b"%d %d\n" % (len(vectors), vectors.dim))


def write_text(vectors: WordVectors, path: Path, header: bytes) -> None:
    """Write a file of lines behind its header."""
    with create_vector_file(path) as file:
        file.write(header)
        for words, rows in blocks_to_write(vectors, path, fault_of_blanks):
            write_rows(file, words, rows)
