"""Rows of a text that is laid out in another way than word2vec's, for a repair: lines are split in Python, numbers parsed together."""

import csv
import io
import itertools
import re
from collections.abc import Iterator

import numpy as np

from w2v.errors import FormatError
from w2v.formats.compressed_files import VectorFile
from w2v.formats.read_options import BYTE_ORDER_MARK, MAX_WORD_BYTES, quote
from w2v.formats.rows.decimals import nearest_float32
from w2v.formats.rows.loaded_rows import LoadedRows
from w2v.formats.rows.table_fields import split_lines
from w2v.formats.rows.table_layout import Layout
from w2v.formats.rows.text_lines import largest_row, parse_rows

_BATCH_VALUES = 1 << 18
_ENDS_IN_WORD = re.compile(rb"\s+")


def read_table(source: VectorFile, layout: Layout, head: bytes) -> LoadedRows:
    """Read all rows, or as many as were asked for; what is no row is left out and reported.

    Parameters
    ----------
    head : what has been read of the file already, from its beginning

    Raises
    ------
    FormatError
        a quoted field that does not end.
    """
    options = source.options
    options.on_change(f"{source.path}: expected a word and its numbers, one space apart: read as {layout}")
    if head.startswith(BYTE_ORDER_MARK):
        options.on_change(f"{source.path}, line 1: found a byte order mark: left out")
    lines = _lines(source, head.removeprefix(BYTE_ORDER_MARK), largest_row(layout.dim))
    if layout.has_header:
        options.on_change(f"{source.path}, line 1: read as a header: {quote(next(lines).strip())}")
    rows = LoadedRows(source, layout.dim, None, 1 + layout.has_header)
    cells = split_lines(lines, layout.separator, is_quoted=layout.is_quoted)
    size = max(1, _BATCH_VALUES // layout.dim)
    try:
        while not rows.is_done and (batch := list(itertools.islice(cells, size))):
            _add(rows, layout, batch)
    except csv.Error as error:
        raise FormatError(f"{rows.location()}: a quoted field must end: {error}") from None
    if layout.n_rows not in (None, rows.n_seen) and not rows.is_done:
        options.on_change(f"{rows.location()}: the header announces {layout.n_rows} words: the file has {rows.n_seen} rows: read so")
    return rows


def _lines(source: VectorFile, head: bytes, longest: int) -> Iterator[bytes]:
    """The lines of a file; what is longer than any row can be is cut there."""
    begun = io.BytesIO(head)
    while line := begun.readline(longest):
        yield line if line.endswith(b"\n") else line + source.stream.readline(longest)
    while line := source.stream.readline(longest):
        yield line


def _add(rows: LoadedRows, layout: Layout, batch: list[list[bytes]]) -> None:
    """Take the rows of a batch; runs of them that are right are parsed at once."""
    words: list[bytes] = []
    numbers: list[bytes] = []

    def flush() -> None:
        if words:
            _add_right(rows, layout.dim, words, numbers)
            words.clear()
            numbers.clear()

    for cells in batch:
        found = layout.split(cells)
        if found is None or len(found[0]) > MAX_WORD_BYTES:
            flush()
            if rows.is_done:
                return
            what = quote(b" ".join(cells)) if any(cells) else "a blank line"
            rows.options.tolerate(f"{rows.location()}: expected a word and {layout.dim} numbers: found {what}", "the line is left out")
            rows.skip()
        else:
            words.append(_ENDS_IN_WORD.sub(b" ", found[0]))
            numbers.append(b"\t".join(found[1]))
    flush()


def _add_right(rows: LoadedRows, dim: int, words: list[bytes], numbers: list[bytes]) -> None:
    values = rows.reserve(len(words))
    text = b"\n".join(numbers) + b"\n"
    bounds = np.empty((len(values), 2), np.int64)
    hard = np.empty((len(values) * dim, 4), np.int64)
    n_hard = parse_rows(np.frombuffer(text, np.uint8), 0, len(text) + 1, ord("\t"), False, values, bounds, hard)[1]
    for row, column, first, last in hard[:n_hard].tolist():
        values[row, column] = nearest_float32(text[first:last].decode())
    rows.add(rows.options.decode(words[: len(values)], lambda row, _: rows.location(rows.n_seen + row)))
