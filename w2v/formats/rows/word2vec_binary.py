"""word2vec's binary format: ``<words> <dim>\\n``, then for each word its bytes, a space and dim little-endian float32.

word2vec.c writes a newline behind each row and gensim writes none; both tools read both, and so does this reader. The writer
writes word2vec.c's.
"""

import sys
from pathlib import Path

import numpy as np

from w2v.formats.compressed_files import VectorFile, create_vector_file, open_vector_file
from w2v.formats.read_options import MAX_WORD_BYTES, STRICT, ReadOptions, quote
from w2v.formats.rows.header import READ_BYTES, read_header
from w2v.formats.rows.loaded_rows import LoadedRows
from w2v.formats.writable_rows import blocks_to_write, fault_of_blanks
from w2v.jit import jit
from w2v.vectors.word_vectors import WordVectors

_SPACE, _NEWLINE = ord(" "), ord("\n")


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        naming file, word and byte.
    """
    with open_vector_file(path, options) as source:
        header = read_header(source, lambda dim: _row_bytes(1, dim))
        rows = LoadedRows(source, header.dim, header.n_rows, first_line=None)
        _read_rows(source, rows, header.n_bytes)
    return rows.to_vectors()


def _row_bytes(word_bytes: int, dim: int) -> int:
    return word_bytes + 1 + 4 * dim


def _read_rows(source: VectorFile, rows: LoadedRows, offset: int) -> None:
    """Read all rows, or as many as were asked for; where one is wrong, nothing tells where the next begins."""
    n_rows, dim = rows.n_rows, rows.dim
    data = source.stream.read(READ_BYTES)
    first_end = data.find(b" ") + _row_bytes(0, dim)
    gap = 1 if data[first_end : first_end + 1] == b"\n" else 0
    fault = ""
    while not fault:
        values = rows.reserve(len(data) // _row_bytes(1, dim) + 1)
        bounds = np.empty((len(values), 2), np.int64)
        n_copied, position, is_wrong = copy_rows(np.frombuffer(data, np.uint8), gap, values.view(np.uint8), bounds)
        if sys.byteorder == "big":
            values[:n_copied].byteswap(inplace=True)
        rows.add(rows.decode_words(data, bounds[:n_copied], offset))
        if rows.is_done:
            return
        offset += position
        data = data[position:]
        if is_wrong:
            fault = f"expected a word of 1 to {MAX_WORD_BYTES} bytes, a space and {4 * dim} bytes: found {quote(data)}"
            break
        read = source.stream.read(READ_BYTES)
        data += read
        if rows.n_seen == n_rows:
            if not data:
                return
            fault = f"the header announces {n_rows} words: more follows, {quote(data)}"
        elif not read:
            fault = f"the header announces {n_rows} words of dim {dim}: the file ends {len(data)} bytes into this one"
    source.options.tolerate(f"{rows.location()} (byte {offset}): {fault}", "left out, with all that follows")


@jit()
def copy_rows(data, gap, values, bounds):  # type: ignore[no-untyped-def]
    """Copy rows until `values` is full, the next row is not all there, or it is wrong.

    Parameters
    ----------
    data : (n,) uint8, begins with a row
    gap : bytes between rows, each a newline: 0 or 1
    values : (n_rows, 4 * dim) uint8, filled
    bounds : (n_rows, 2) int64, filled: where each word begins and ends

    Returns
    -------
    n_rows : rows copied
    position : where the next row begins
    is_wrong : whether that row is wrong: no word, a newline in it, too long a word, or no newline behind the row
    """
    n_rows, n_bytes = values.shape
    start = 0
    for row in range(n_rows):
        end = start
        while end < data.size and data[end] != _SPACE and data[end] != _NEWLINE and end - start <= MAX_WORD_BYTES:
            end += 1
        if end == data.size:
            return row, start, False
        if data[end] != _SPACE or not 0 < end - start <= MAX_WORD_BYTES:
            return row, start, True
        first = end + 1
        after = first + n_bytes + gap
        if after > data.size:
            return row, start, False
        if gap and data[after - 1] != _NEWLINE:
            return row, start, True
        bounds[row, 0] = start
        bounds[row, 1] = end
        values[row, :] = data[first : first + n_bytes]
        start = after
    return n_rows, start, False


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file, as word2vec.c does.

    Raises
    ------
    FormatError
        a word that holds ASCII white space or NUL.
    """
    with create_vector_file(path) as file:
        file.write(b"%d %d\n" % (len(vectors), vectors.dim))
        for words, rows in blocks_to_write(vectors, path, fault_of_blanks):
            numbers = rows.astype("<f4", copy=False).tobytes()
            width = 4 * vectors.dim
            file.write(b"".join([b"%b %b\n" % (word, numbers[row * width : (row + 1) * width]) for row, word in enumerate(words)]))
