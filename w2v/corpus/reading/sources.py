"""Opening anything that holds text, and streaming it as blocks of UTF-8.

    files, folders, pipes, stdin -> raw_files (hash, count) -> compression -> decoding (check, cut)
                                                                  |-> text: as it is
                                                                  |-> blocks: without WikiExtractor's <doc> lines
                                                                  `-> structured, parquet: one field of each record

Memory does not depend on the length of files or lines. Nothing structured is trained on by accident: records need their
field named, and what is not text is refused with what to do.
"""

import itertools
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from w2v.compression import detect_compression, unpack
from w2v.config import CorpusConfig
from w2v.corpus.reading.blocks import WHITE_SPACE, cut_blocks, drop_doc_lines
from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.file_kinds import HEAD_BYTES, detect_kind, last_suffix, noun
from w2v.corpus.reading.folders import list_files, missing_file
from w2v.corpus.reading.parquet_columns import parquet_columns, parquet_texts
from w2v.corpus.reading.raw_files import RawFile, open_raw
from w2v.corpus.reading.records import (
    join_texts,
    join_tokens,
    read_baskets,
    read_columns,
    read_texts,
)
from w2v.corpus.reading.source_fields import check_fields, is_baskets, wanted_fields
from w2v.errors import CorpusError

BLOCK_BYTES = 1 << 20
STDIN = "-"
_HEADER_BYTES = 1 << 16  # read at once while only names of columns are wanted
_USUAL_RATIO = 3  # of text to its compressed size


@dataclass(frozen=True)
class Block:
    """A piece of a source's text.

    Attributes
    ----------
    text : valid UTF-8 without BOM and NUL bytes, about `BLOCK_BYTES`; ends between two code points, and between two tokens
        unless a run without ASCII white space (with a separator: without separator and newline) exceeds 64 KiB.
        A source's last block ends with a newline
    source : name for messages
    offset : of `text` in the source's text, in bytes: for UTF-8 the place in the (unpacked) file, for other encodings in the
        file as UTF-8, for records in the text taken from them; exact at the block's start, before anything is dropped or replaced
    is_tokens : it is tokens already, between `records.TOKEN_BREAK`, and ends with a newline
    """

    text: bytes
    source: str
    offset: int
    is_tokens: bool = False


@dataclass(frozen=True)
class TextSource:
    """One input, looked at but not yet read.

    Attributes
    ----------
    path : None is stdin
    kind : ``"text"``, ``"columns"`` (text that is a table), ``"wikiextractor"``, ``"csv"``, ``"tsv"``, ``"jsonl"`` or ``"parquet"``
    compression : None, ``"gzip"``, ``"bzip2"``, ``"xz"`` or ``"zstd"``
    size : bytes on disk; None for stdin and pipes, whose kind and compression show when they are read
    """

    path: Path | None
    kind: str = "text"
    compression: str | None = None
    size: int | None = None

    @property
    def name(self) -> str:
        """The path for messages, also where it is not valid UTF-8; ``stdin``."""
        return "stdin" if self.path is None else os.fsencode(self.path).decode(errors="replace")


def find_sources(inputs: Sequence[str | os.PathLike[str]], config: CorpusConfig) -> list[TextSource]:
    """Look at all inputs before any is read.

    Parameters
    ----------
    inputs : files, folders (all files below, sorted; hidden ones skipped), pipes, ``-`` for stdin
    config : its encoding, text_field and the columns of events are needed

    Raises
    ------
    CorpusError
        an input that does not exist, is not text, or does not go with text_field.
    OSError
        a file that cannot be opened.
    """
    sources: list[TextSource] = []
    for entry in inputs:
        if not os.fspath(entry):  # which `Path` takes for the folder where the program runs
            raise CorpusError("'' does not exist: the name of an input is empty")
        path = Path(os.fsdecode(entry))
        if str(path) == STDIN:
            if any(source.path is None for source in sources):
                raise CorpusError("stdin can be read once only: give - once")
            sources.append(TextSource(None))
            continue
        try:
            status = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise missing_file(os.fsdecode(entry)) from None
        if stat.S_ISDIR(status.st_mode):
            sources.extend(_inspect(file, config) for file in list_files(path))
        elif stat.S_ISREG(status.st_mode):
            sources.append(_inspect(path, config))
        elif stat.S_ISFIFO(status.st_mode):
            sources.append(TextSource(path))
        else:
            raise CorpusError(f"{path} must be a file, a folder or a pipe")
    if not sources:
        raise CorpusError("there is nothing to read: give a file, a folder, or - for stdin")
    return sources


def estimate_bytes(sources: Iterable[TextSource]) -> int | None:
    """Bytes of text to expect, for progress and memory estimates: compressed sizes count three times; None with stdin or pipes."""
    total = 0
    for source in sources:
        if source.size is None:
            return None
        total += source.size * (1 if source.compression is None else _USUAL_RATIO)
    return total


class TextReader:
    """The text of all sources, in order, as blocks. A line of one source never joins the next one's.

    Parameters
    ----------
    sources : from `find_sources`
    config : its encoding, errors, text_field and separator are needed
    on_bytes : called with the number of bytes read from disk since its last call

    Attributes
    ----------
    replaced : U+FFFD put in for broken bytes, and spaces for NULs, so far

    Raises
    ------
    CorpusError
        while it is iterated: broken text or data, with file, line and byte.
    OSError
        while it is iterated: a file that cannot be read, with its name.
    """

    def __init__(self, sources: Sequence[TextSource], config: CorpusConfig, on_bytes: Callable[[int], None] | None = None) -> None:
        self.replaced = 0
        self._sources = tuple(sources)
        self._config = config
        self._on_bytes = on_bytes
        self._hashes: list[dict[str, Any]] = []

    def __iter__(self) -> Iterator[Block]:
        self.replaced = 0
        self._hashes = []
        for source in self._sources:
            before = self.replaced
            name = source.name
            decoder = TextDecoder(name, self._config.encoding, self._config.errors)
            with open_raw(source.path, name, BLOCK_BYTES, self._on_bytes) as raw:
                for offset, text, is_tokens in _texts(source, raw, decoder, self._config):
                    self.replaced = before + decoder.replaced
                    yield Block(text, name, offset, is_tokens)
                self.replaced = before + decoder.replaced
                path = STDIN if source.path is None else name
                self._hashes.append({"path": path, "size": raw.size, "sha256": raw.sha256()})

    def hashes(self) -> list[dict[str, Any]]:
        """For each source that was read to its end: path, size (bytes read from disk) and sha256 of those bytes."""
        return [dict(entry) for entry in self._hashes]


def _inspect(path: Path, config: CorpusConfig) -> TextSource:
    """Recognize a regular file, and check that it goes with config."""
    source = detect_source(path, config)
    kind = check_fields(source.kind, source.name, config, lambda kind: file_columns(replace(source, kind=kind), path, config))
    return replace(source, kind=kind)


def detect_source(path: Path, config: CorpusConfig) -> TextSource:
    """What a regular file is, by its first bytes and its name.

    Raises
    ------
    CorpusError
        nothing that can be read.
    """
    source = TextSource(path, size=path.stat().st_size)
    with open_raw(path, source.name, HEAD_BYTES) as raw:
        compression = detect_compression(raw.buffered.peek())
        head = next(unpack(raw.buffered, compression, source.name, HEAD_BYTES), b"")
    kind = detect_kind(source.name, last_suffix(path, compression), head, config.encoding)
    return replace(source, kind=kind, compression=compression)


def file_columns(source: TextSource, path: Path, config: CorpusConfig, fields: Sequence[str] | None = None) -> list[str]:
    """Names of a table's columns, or the keys of the first record; empty for an empty file.

    Parameters
    ----------
    fields : the columns that are asked for, which help to find the delimiter; None: as config has them

    Raises
    ------
    CorpusError
        the file does not begin with a record.
    """
    if source.kind == "parquet":
        if source.compression is not None:
            raise CorpusError(f"{source.name} is a parquet file inside {source.compression}: unpack it first")
        return parquet_columns(path, source.name)
    decoder = TextDecoder(source.name, config.encoding, config.errors)
    with open_raw(path, source.name, _HEADER_BYTES) as raw:
        chunks = unpack(raw.buffered, source.compression, source.name, _HEADER_BYTES)
        texts = (text for _, text in decoder.blocks(chunks, _HEADER_BYTES, WHITE_SPACE))
        fields = wanted_fields(config) if fields is None else fields
        return read_columns(source.kind, texts, source.name, config.cell_delimiter, fields, in_header=config.item_field is None)


def _texts(source: TextSource, raw: RawFile, decoder: TextDecoder, config: CorpusConfig) -> Iterator[tuple[int, bytes, bool]]:
    """Offset and text of one source's blocks, and whether they are tokens already."""
    breaks = text_breaks(config)
    field = config.text_field or ""
    named = f"the {noun(source.kind)} {field!r}" if field else "a basket"
    if source.kind == "parquet" and source.path is not None:
        while raw.buffered.read(BLOCK_BYTES):  # for its hash: pyarrow reads here and there
            pass
        return _record_blocks(parquet_texts(source.path, field, source.name), decoder, config, f"{source.name}, row", named)
    source, blocks = decoded_blocks(source, raw, decoder, config, breaks)
    texts = (text for _, text in blocks)
    if source.kind == "text":
        return ((offset, text, False) for offset, text in blocks)
    if source.kind == "wikiextractor":
        return ((offset, text, False) for offset, text in drop_doc_lines(blocks))
    records: Iterable[tuple[int, Any]]
    if is_baskets(source.kind, config):
        records = read_baskets(texts, source.name, config.separator or ",")
    else:
        records = read_texts(source.kind, texts, field, source.name, config.cell_delimiter)
    return _record_blocks(records, decoder, config, f"{source.name}, line", named)


def decoded_blocks(
    source: TextSource, raw: RawFile, decoder: TextDecoder, config: CorpusConfig, breaks: Sequence[bytes]
) -> tuple[TextSource, Iterator[tuple[int, bytes]]]:
    """A source that is no parquet file, its kind known now if it is a stream, and offset and text of its blocks as they stand there."""
    if source.size is None:
        source = replace(source, compression=detect_compression(raw.buffered.peek()))
    chunks = unpack(raw.buffered, source.compression, source.name, BLOCK_BYTES)
    if source.size is None:
        head = next(chunks, b"")
        chunks = itertools.chain((head,), chunks)
        source = _detect_stream(source, head, config)
    return source, decoder.blocks(chunks, BLOCK_BYTES, breaks)


def text_breaks(config: CorpusConfig) -> Sequence[bytes]:
    """Characters behind which text may be cut."""
    return WHITE_SPACE if config.separator is None else (b"\n", config.separator.encode())


def _detect_stream(source: TextSource, head: bytes, config: CorpusConfig) -> TextSource:
    """Stdin and pipes, which give their bytes once only, are recognized while they are read."""
    kind = detect_kind(source.name, "", head[:HEAD_BYTES], config.encoding)
    if kind == "parquet":
        raise CorpusError(f"{source.name} gives a parquet file, which a pipe cannot: name the file itself")

    def read_names(kind: str) -> list[str]:
        if kind != "columns":  # the reader itself looks
            return []
        decoder = TextDecoder(source.name, config.encoding, "replace")  # the last character may be cut off
        texts = (text for _, text in decoder.blocks([head], BLOCK_BYTES, (b"\n",)))
        return read_columns(kind, texts, source.name, config.cell_delimiter, wanted_fields(config), in_header=True)

    return replace(source, kind=check_fields(kind, source.name, config, read_names))


def _record_blocks(
    records: Iterable[tuple[int, Any]], decoder: TextDecoder, config: CorpusConfig, place: str, field: str
) -> Iterator[tuple[int, bytes, bool]]:
    records = iter(records)
    first = next(records, None)
    if first is None:
        return
    records = itertools.chain((first,), records)
    is_tokens = isinstance(first[1], list)
    if is_tokens:
        pieces = join_tokens(records, place, field, are_items=config.tokenizer == "items")
    else:
        pieces = join_texts(records, decoder.encode_field)
    offset = 0
    for text in cut_blocks(pieces, BLOCK_BYTES, (b"\n",) if is_tokens else text_breaks(config)):
        yield offset, text, is_tokens
        offset += len(text)
