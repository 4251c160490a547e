"""Rows of a table (csv, tsv, jsonl, parquet, or text in columns)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from w2v.config import CorpusConfig
from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.parquet_columns import parquet_cells
from w2v.corpus.reading.raw_files import open_raw
from w2v.corpus.reading.records import find_columns, read_fields
from w2v.corpus.reading.sources import BLOCK_BYTES, TextSource, decoded_blocks, detect_source, file_columns


def read_rows(source: TextSource, columns: Sequence[str], config: CorpusConfig) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line (or parquet's row, from 1) and cells of each row, as they stand there; a null is empty.

    Raises
    ------
    CorpusError
        a file that cannot be read, or a row without the cells.
    """
    if source.kind == "parquet" and source.path is not None:
        yield from parquet_cells(source.path, columns, source.name)
        return
    decoder = TextDecoder(source.name, config.encoding, config.errors)
    with open_raw(source.path, source.name, BLOCK_BYTES) as raw:
        source, blocks = decoded_blocks(source, raw, decoder, config, (b"\n",))
        yield from read_fields(source.kind, (text for _, text in blocks), columns, source.name, config.cell_delimiter, in_header=True)


def read_table(path: Path, key: str, value: str, encoding: str = "utf-8", delimiter: str | None = None) -> Iterator[tuple[str, str]]:
    """Cells of the columns `key` and `value`, without white space at their edges; empty ones are empty texts.

    Raises
    ------
    ConfigError
        an unknown encoding.
    CorpusError
        a file that cannot be read, a row without the cells, or no such column: those found are named.
    """
    config = CorpusConfig(tokenizer="items", encoding=encoding, delimiter=delimiter)
    source = detect_source(path, config)
    if columns := file_columns(source, path, config, [key, value]):
        find_columns(source.kind, [key, value], columns, source.name, in_header=True)
    for _, (left, right) in read_rows(source, [key, value], config):
        yield left.strip(), right.strip()
