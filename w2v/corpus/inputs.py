"""What can be encoded: text, and token lists; both as pieces that become canonical bytes (`scanner.py`)."""

import itertools
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.dropped_text import DroppedText
from w2v.corpus.page_memory import page_zeros
from w2v.corpus.reading.file_ranges import BUFFER_BYTES, PlainFile, is_readable_in_ranges
from w2v.corpus.reading.records import TOKEN_BREAK
from w2v.corpus.reading.sources import Block, TextReader, TextSource, estimate_bytes, text_breaks
from w2v.corpus.text_checks import make_text_check
from w2v.corpus.tokens.html_cleaning import clean_parts
from w2v.corpus.tokens.scanner import LINE_END, PADDING, TOKEN_END
from w2v.corpus.tokens.segmentation import segmenter_processes, warn_about_unreachable_words
from w2v.corpus.tokens.text_processes import TextProcesses
from w2v.corpus.tokens.token_pattern import pattern_processes
from w2v.corpus.tokens.tokenizers import Tokenizer
from w2v.machine import usable_cores

Canonical = tuple[npt.NDArray[np.uint8], int]

_SEGMENTED_HERE = 32_000_000  # bytes of Chinese; the processes for more take a second to start
_ENDS = bytes([TOKEN_END]), bytes([LINE_END])
_TOKENS_TO_ENDS = bytes.maketrans(TOKEN_BREAK + b"\n", _ENDS[0] + _ENDS[1])


def with_padding(text: bytes) -> Canonical:
    """Canonical bytes as a writable array with PADDING to spare, and how many they are."""
    n = len(text)
    array = np.empty(n + PADDING, np.uint8)
    array[:n] = np.frombuffer(text, np.uint8)
    return array, n


class PieceBuffers:
    """Room that a worker uses again for each piece: fresh memory would cost a page fault each 4 KiB."""

    def __init__(self) -> None:
        self.raw = page_zeros(BUFFER_BYTES, np.uint8)
        self.canonical = page_zeros(2 * BUFFER_BYTES + PADDING, np.uint8)


class Input(ABC):
    """Pieces in order; `canonical` and `place` may be called by several threads at once, the rest by one at a time.

    Attributes
    ----------
    is_slow : a piece may be long in coming
    compose : what a word becomes when all of the text was read; None: it stays as it is
    """

    is_slow = True
    compose: Callable[[str], str] | None = None

    @abstractmethod
    def __iter__(self) -> Iterator[Any]:
        """The pieces."""

    @abstractmethod
    def canonical(self, piece: Any, scratch: PieceBuffers) -> Canonical:
        """A writable array that holds a piece's canonical bytes, with PADDING to spare, and how many they are; of `scratch` if it can."""

    @abstractmethod
    def place(self, piece: Any, position: int) -> str:
        """What a user calls the place of a canonical byte."""

    def finish(self) -> None:  # noqa: B027 (most have nothing to do)
        """When all pieces were made canonical: refuse what only the whole text shows."""

    def close(self) -> None:  # noqa: B027
        """In the end, also after an error."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """What was read, for the manifest; complete after the last piece."""


@dataclass(frozen=True)
class TextPiece:
    """A part of a text: a block in hand, or a range of a file to be read.

    Attributes
    ----------
    number : among all pieces, from 0
    block, file, range : the block, or the file and the number of its range
    """

    number: int
    block: Block | None = None
    file: PlainFile | None = None
    range: int = 0


class TextInput(Input):
    """Text of files, folders and stdin. Who asks for canonical bytes reads plain files; all else is read here, in turn.

    Parameters
    ----------
    threads : how many may ask for canonical bytes at once
    on_bytes : called with the number of bytes read since its last call
    """

    def __init__(
        self, sources: Sequence[TextSource], config: CorpusConfig, threads: int = 1, on_bytes: Callable[[int], None] | None = None
    ) -> None:
        self._sources, self._config = sources, config
        self._on_bytes, self._lock = on_bytes, threading.Lock()
        self._processes = _processes(sources, config, threads)
        work = None if self._processes is None else self._processes.work
        by_pattern = config.token_pattern is not None
        self._tokenizer = Tokenizer(config, segment=None if by_pattern else work, match=work if by_pattern else None)
        self.compose = self._tokenizer.compose
        if config.dictionary is not None:
            warn_about_unreachable_words(config.dictionary, self._tokenizer.canonical)
        self._check = make_text_check(config)
        has_rules = config.tokenizer not in ("whitespace", "items") or by_pattern
        self._dropped = DroppedText(self._tokenizer.scan) if has_rules else None
        self._read: list[PlainFile | TextReader] = []
        self.is_slow = config.clean is not None or not all(is_readable_in_ranges(source, config.encoding) for source in sources)

    def __iter__(self) -> Iterator[TextPiece]:
        """Pieces that end between two tokens.

        Raises
        ------
        CorpusError
            text without spaces between words, for the tokenizer `words`.
        """
        numbers = itertools.count()
        for source in self._sources:
            if self._config.clean is None and is_readable_in_ranges(source, self._config.encoding):
                file = self._open(source)
                self._read.append(file)
                pieces = (TextPiece(next(numbers), file=file, range=k) for k in range(file.n_ranges))
            else:
                reader = TextReader([source], self._config, self._on_read)
                self._read.append(reader)
                blocks: Iterable[Block] = reader if self._config.clean is None else _clean_blocks(reader)
                pieces = (TextPiece(next(numbers), block) for block in self._cut(blocks))
            for piece in pieces:
                if self._check is not None:
                    self._check.check_early()
                yield piece

    def _open(self, source: TextSource) -> PlainFile:
        config = self._config
        if source.path is None or source.size is None:
            raise ValueError("a stream has no ranges")
        return PlainFile(
            source.path, source.name, source.size, encoding=config.encoding, errors=config.errors, breaks=text_breaks(config),
            first_cut=self._tokenizer.first_cut, is_wikiextractor=source.kind == "wikiextractor", on_bytes=self._on_read,
            prefers_lines=config.token_pattern is not None,
        )  # fmt: skip

    def _cut(self, reader: Iterable[Block]) -> Iterator[Block]:
        carried = b""
        for block in reader:
            if block.is_tokens:
                yield block
                continue
            text = carried + block.text
            cut = self._tokenizer.safe_cut(text) or len(text)  # without a place to cut, a token is too long, which will be noticed
            yield Block(text[:cut], block.source, block.offset - len(carried))
            carried = text[cut:]

    def _on_read(self, n: int) -> None:
        if self._on_bytes is not None:
            with self._lock:
                self._on_bytes(n)

    def canonical(self, piece: TextPiece, scratch: PieceBuffers) -> Canonical:
        if piece.file is not None:
            text, is_ascii, _ = piece.file.read(piece.range, scratch.raw)
        elif piece.block is not None and piece.block.is_tokens:
            return with_padding(piece.block.text.translate(_TOKENS_TO_ENDS))
        elif piece.block is not None:
            text, is_ascii = np.frombuffer(piece.block.text, np.uint8), piece.block.text.isascii()
        if self._check is not None:
            self._check.add(piece.number, text)
        array, n, n_emoji = self._tokenizer.scan(text, is_ascii, scratch.canonical)
        if self._dropped is not None:
            self._dropped.add(piece.number, text, n_emoji)
        return array, n

    def place(self, piece: TextPiece, position: int) -> str:
        if piece.file is not None:
            again, _, offset = piece.file.read(piece.range, PieceBuffers().raw)
            text, name = again.tobytes(), piece.file.name
        elif piece.block is not None:
            text, name, offset = piece.block.text, piece.block.source, piece.block.offset
            if piece.block.is_tokens:
                return f"{name}, byte {offset + position} of its tokens"
        return f"{name}, byte {offset + self._tokenizer.source_position(text, position)}"

    def finish(self) -> None:
        if self._check is not None:
            self._check.check()

    def close(self) -> None:
        for source in self._read:
            if isinstance(source, PlainFile):
                source.close()
        if self._processes is not None:
            self._processes.close()

    def facts(self) -> dict[str, Any]:
        hashes = [entry for source in self._read for entry in source.hashes()]
        return {"sources": hashes, "replaced": sum(source.replaced for source in self._read), **self._text_facts()}

    def _text_facts(self) -> dict[str, Any]:
        return {} if self._dropped is None else {"text": self._dropped.facts()}


def _processes(sources: Sequence[TextSource], config: CorpusConfig, threads: int) -> TextProcesses | None:
    """Processes for a large Chinese text or a pattern; None where this process will do."""
    n_processes = min(threads, usable_cores())
    if config.token_pattern is not None:
        return pattern_processes(n_processes, config.token_pattern, config.tokenizer, config.language)
    if config.tokenizer != "chinese" or threads == 1:
        return None
    n = estimate_bytes(sources)
    return None if n is not None and n < _SEGMENTED_HERE else segmenter_processes(n_processes, config.dictionary)


def _clean_blocks(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks of one source without HTML; offsets count what is left."""
    offset, name = 0, ""

    def texts() -> Iterator[str]:
        nonlocal name
        for block in blocks:
            name = block.source
            yield block.text.decode()

    for text in clean_parts(texts()):
        cleaned = text.encode()
        yield Block(cleaned, name, offset)
        offset += len(cleaned)


def reading_estimate(sources: Sequence[TextSource]) -> str:
    """What reading will need, in a line for the user."""
    n = estimate_bytes(sources)
    if n is None:
        return "reading a stream: the disk takes about as many bytes as the text has, memory grows with distinct words only"
    return f"reading {_megabytes(n)} of text: about {_megabytes(n)} on disk (4 bytes a token), memory grows with distinct words only"


def _megabytes(n: int) -> str:
    return f"{n / 1e6:,.1f} MB" if n < 1e9 else f"{n / 1e9:,.1f} GB"
