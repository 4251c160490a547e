"""GloVe's text format: lines ``word number number ...`` without a header."""

from pathlib import Path

from w2v.errors import FormatError
from w2v.formats.compressed_files import VectorFile
from w2v.formats.read_options import BYTE_ORDER_MARK, MAX_DIM, REPAIR, STRICT, ReadOptions
from w2v.formats.rows.header import Header
from w2v.formats.rows.table_fields import ends_in_number
from w2v.formats.rows.text_lines import explain_line, largest_row
from w2v.formats.rows.word2vec_text import read_text, write_text
from w2v.vectors.word_vectors import WordVectors


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file; the first line tells the dim.

    Raises
    ------
    FormatError
        naming file and line.
    """
    return read_text(path, options, _first_line, has_header=False)


def _first_line(source: VectorFile) -> Header:
    line = source.stream.readline(largest_row(MAX_DIM))
    where = f"{source.path}, line 1"
    if line.startswith(BYTE_ORDER_MARK):
        raise FormatError(f"{where}: found a byte order mark: remove it; {REPAIR}: left out")
    if not line.endswith(b"\n"):
        found = f"the line must end with a newline: it does not within {len(line)} bytes"
        raise FormatError(f"{where}: {found}; {REPAIR}: the rows that can be read")
    dim = line.rstrip().count(b" ")
    if not 1 <= dim <= MAX_DIM or ends_in_number(line.partition(b" ")[0]):
        raise FormatError(f"{where}: {explain_line(line[:-1], min(max(dim, 1), MAX_DIM))}; {REPAIR}: the rows decide")
    return Header(None, dim, rest=line)


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; each number is the shortest decimal that reads back to the same float32.

    Raises
    ------
    FormatError
        a word that holds ASCII white space or NUL, or a first word that begins with U+FEFF.
    """
    if vectors.words and vectors.words[0].startswith(BYTE_ORDER_MARK.decode()):
        found = f"without a header, the first word {vectors.words[0][:60]!r} looks like a byte order mark: write .vec, which has one"
        raise FormatError(f"{path} cannot be written: {found}")
    write_text(vectors, path, b"")
