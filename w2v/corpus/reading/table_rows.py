"""Rows of a table (csv, tsv, jsonl, parquet, or text in columns)."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from w2v.config import CorpusConfig
from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.parquet_columns import parquet_cells
from w2v.corpus.reading.raw_files import open_raw
from w2v.corpus.reading.records import read_fields
from w2v.corpus.reading.sources import BLOCK_BYTES, TextSource, decoded_blocks, find_sources


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
        yield from read_fields(source.kind, (text for _, text in blocks), columns, source.name, config.separator)


def read_table(path: Path, key: str, value: str, encoding: str = "utf-8") -> Iterator[tuple[str, str]]:
    """Cells of the columns `key` and `value`, without white space at their edges; empty ones are empty texts.

    Raises
    ------
    ConfigError
        an unknown encoding.
    CorpusError
        a file that cannot be read, a row without the cells, or no such column: those found are named.
    """
    config = CorpusConfig(group_by=key, item_field=value, encoding=encoding)  # finds columns as for events
    (source,) = find_sources([path], config)
    for _, (left, right) in read_rows(source, [key, value], config):
        yield left.strip(), right.strip()
