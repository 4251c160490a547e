"""word2vec's binary format: ``<words> <dim>\\n``, then for each word its bytes, a space and dim little-endian float32.

word2vec.c writes a newline behind each row and gensim writes none; both tools read both, and so does this reader. The writer
writes word2vec.c's.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from w2v.formats.compressed_files import Content, create_content, open_content
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.formats.rows.loaded_rows import RowCollector, decode_words
from w2v.formats.writable_rows import MAX_WORD_BYTES, READ_BYTES, blocks_to_write, check_announced, read_header, show
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
    with open_content(path, options) as content:
        n_rows, dim, header_bytes = read_header(content)
        n_rows = check_announced(content, n_rows, dim, header_bytes, _row_bytes(1, dim))
        rows = RowCollector(content, dim, n_rows, first_line=None)
        _read_rows(content, rows, header_bytes, n_rows)
    return rows.finish()


def _row_bytes(word_bytes: int, dim: int) -> int:
    return word_bytes + 1 + 4 * dim


def _read_rows(content: Content, rows: RowCollector, offset: int, n_rows: int) -> None:
    """Read all rows, or as many as were asked for; where one is wrong, nothing tells where the next begins."""
    dim = rows.dim
    data = content.file.read(READ_BYTES)
    first_end = data.find(b" ") + _row_bytes(0, dim)
    gap = 1 if data[first_end : first_end + 1] == b"\n" else 0
    fault = ""
    while not fault:
        values = rows.room(len(data) // _row_bytes(1, dim) + 1)
        bounds = np.empty((len(values), 2), np.int64)
        n_copied, position, is_wrong = copy_rows(np.frombuffer(data, np.uint8), gap, values.view(np.uint8), bounds)
        if sys.byteorder == "big":
            values[:n_copied].byteswap(inplace=True)
        rows.add(decode_words(rows, data, bounds[:n_copied], offset))
        if rows.is_done:
            return
        offset += position
        data = data[position:]
        if is_wrong:
            fault = f"expected a word of 1 to {MAX_WORD_BYTES} bytes, a space and {4 * dim} bytes: found {show(data)}"
            break
        read = content.file.read(READ_BYTES)
        data += read
        if rows.n_seen == n_rows:
            if not data:
                return
            fault = f"the header announces {n_rows} words: more follows, {show(data)}"
        elif not read:
            fault = f"the header announces {n_rows} words of dim {dim}: the file ends {len(data)} bytes into this one"
    content.options.tolerate(f"{rows.where()} (byte {offset}): {fault}", "left out, with all that follows")


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
    with create_content(path) as file:
        file.write(b"%d %d\n" % (len(vectors), vectors.dim))
        for words, rows in blocks_to_write(vectors, path):
            numbers = rows.astype("<f4", copy=False).tobytes()
            width = 4 * vectors.dim
            file.write(b"".join([b"%b %b\n" % (word, numbers[row * width : (row + 1) * width]) for row, word in enumerate(words)]))
