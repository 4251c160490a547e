"""Two columns of a table (csv, tsv, jsonl, parquet, or text in columns), row after row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from w2v.config import CorpusConfig
from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.parquet_columns import parquet_events
from w2v.corpus.reading.raw_files import open_raw
from w2v.corpus.reading.records import read_fields
from w2v.corpus.reading.sources import BLOCK_BYTES, decoded_blocks, find_sources


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
    source = find_sources([path], config)[0]
    if source.kind == "parquet":
        for _, (keys, values), _ in parquet_events(path, [key, value], None, source.name):
            yield from _stripped(zip(keys, values, strict=True))
        return
    with open_raw(path, source.name, BLOCK_BYTES) as raw:
        source, blocks = decoded_blocks(source, raw, TextDecoder(source.name, config.encoding, config.errors), config, (b"\n",))
        rows = read_fields(source.kind, (text for _, text in blocks), [key, value], source.name)
        yield from _stripped((left, right) for _, (left, right) in rows)


def _stripped(pairs: Iterator[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    return ((left.strip(), right.strip()) for left, right in pairs)
