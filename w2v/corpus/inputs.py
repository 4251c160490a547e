"""What can be encoded: text, and token lists; both as pieces that become canonical bytes (`scanner.py`)."""

from __future__ import annotations

import hashlib
import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.reading.sources import Block, TextReader, TextSource, estimate_bytes
from w2v.corpus.tokens.characters import UNSPACED_LETTER
from w2v.corpus.tokens.scanner import LINE_END, PADDING, TOKEN_END
from w2v.corpus.tokens.tokenizers import Tokenizer
from w2v.errors import CorpusError

Canonical = tuple[npt.NDArray[np.uint8], int]

_SENTENCES_BYTES = 1 << 20  # of a piece made from token lists
_NO_ASCII_LETTERS = bytes(set(range(256)) - set(string.ascii_letters.encode()))
_UNFIT = re.compile("[\n\ud800-\udfff]")
_ENDS = bytes([TOKEN_END]), bytes([LINE_END])


def with_padding(text: bytes) -> Canonical:
    """Canonical bytes as a writable array with PADDING to spare, and how many they are."""
    n = len(text)
    array = np.empty(n + PADDING, np.uint8)
    array[:n] = np.frombuffer(text, np.uint8)
    return array, n


class Input(Protocol):
    """Pieces in order; `canonical` may be called by several threads at once, the rest by one."""

    def __iter__(self) -> Iterator[Block]:
        """The pieces."""

    def canonical(self, piece: Block) -> Canonical:
        """A writable array that holds a piece's canonical bytes, with PADDING to spare, and how many they are."""

    def place(self, piece: Block, position: int) -> str:
        """What a user calls the place of a canonical byte."""

    def facts(self) -> dict[str, Any]:
        """What was read, for the manifest; complete after the last piece."""


class TextInput:
    """Text of files, folders and stdin."""

    def __init__(self, sources: Sequence[TextSource], config: CorpusConfig, on_bytes: Callable[[int], None] | None = None) -> None:
        self._reader = TextReader(sources, config, on_bytes)
        self._tokenizer = Tokenizer(config)
        self._spacing = _SpacingCheck() if config.tokenizer == "words" else None

    def __iter__(self) -> Iterator[Block]:
        """Blocks that end between two tokens.

        Raises
        ------
        CorpusError
            text without spaces between words, for the tokenizer `words`.
        """
        carried = b""
        for block in self._reader:
            if self._spacing is not None:
                self._spacing.add(block.text)
            text = carried + block.text
            cut = self._tokenizer.safe_cut(text) or len(text)  # without a place to cut, a token is too long, which will be noticed
            yield Block(text[:cut], block.source, block.offset - len(carried))
            carried = text[cut:]
        if self._spacing is not None:
            self._spacing.check()

    def canonical(self, piece: Block) -> Canonical:
        return self._tokenizer.canonical(piece.text)

    def place(self, piece: Block, position: int) -> str:
        return f"{piece.source}, byte {piece.offset + self._tokenizer.source_position(piece.text, position)}"

    def facts(self) -> dict[str, Any]:
        return {"sources": self._reader.hashes(), "replaced": self._reader.replaced}


class SentencesInput:
    """Token lists from Python, read once; tokens are taken as they are, spaces included."""

    def __init__(self, sentences: Iterable[Any]) -> None:
        self._sentences = sentences
        self._digest = hashlib.sha256()

    def __iter__(self) -> Iterator[Block]:
        """Canonical bytes of many sentences at a time; `offset` is the first one's number.

        Raises
        ------
        CorpusError
            a sentence that is no list of tokens, or a token that cannot be one.
        """
        parts: list[bytes] = []
        size = first = 0
        for number, sentence in enumerate(self._sentences):
            parts.append(_canonical_sentence(sentence, number))
            size += len(parts[-1])
            if size >= _SENTENCES_BYTES:
                yield self._piece(parts, first)
                parts, size, first = [], 0, number + 1
        if parts:
            yield self._piece(parts, first)

    def _piece(self, parts: list[bytes], first: int) -> Block:
        text = b"".join(parts)
        self._digest.update(text)
        return Block(text, "the sentences", first)

    def canonical(self, piece: Block) -> Canonical:
        return with_padding(piece.text)

    def place(self, piece: Block, position: int) -> str:
        return f"sentence {piece.offset + piece.text.count(LINE_END, 0, position)} (the first is 0)"

    def facts(self) -> dict[str, Any]:
        return {"sources": [{"iterable": True, "sha256": self._digest.hexdigest()}], "replaced": 0}


def _canonical_sentence(sentence: Any, number: int) -> bytes:
    """Check and join a sentence in a few C calls; its tokens are looked at one by one only after a fault."""
    if isinstance(sentence, (str, bytes)) or not isinstance(sentence, Iterable):
        kind = "string" if isinstance(sentence, str) else type(sentence).__name__
        raise CorpusError(
            f"a sentence must be a list of tokens: received the {kind} {str(sentence)[:60]!r} as sentence {number} (the first is 0)"
        )
    tokens = list(sentence)
    try:
        text = "\n".join(tokens)
        if text.count("\n") == len(tokens) - 1 and "" not in tokens:
            return text.encode().replace(b"\n", _ENDS[0]) + _ENDS[1]
    except (TypeError, UnicodeEncodeError):
        pass
    for token in tokens:
        if not isinstance(token, str) or not token or _UNFIT.search(token):
            raise CorpusError(
                f"a token must be a string, not empty, without newlines and lone surrogates: received {token!r:.60} "
                f"in sentence {number} (the first is 0)"
            )
    return _ENDS[1]  # an empty sentence


class _SpacingCheck:
    """Refuses text without spaces between words, by samples of each block."""

    _SAMPLE = 512  # bytes
    _SAMPLES = 16  # of a block
    _MOST_UNSPACED = 0.2
    _FIRST_BLOCKS = 16

    def __init__(self) -> None:
        self._blocks = self._letters = self._unspaced = 0

    def add(self, text: bytes) -> None:
        """Count letters in samples of a block, and check after the first blocks."""
        step = max(self._SAMPLE, len(text) // self._SAMPLES)
        sample = b"".join(text[start : start + self._SAMPLE] for start in range(0, len(text), step))
        if sample.isascii():
            self._letters += len(sample.translate(None, delete=_NO_ASCII_LETTERS))
        else:
            characters = sample.decode(errors="ignore")
            self._letters += sum(map(str.isalpha, characters))
            self._unspaced += len(UNSPACED_LETTER.findall(characters))
        self._blocks += 1
        if self._blocks == self._FIRST_BLOCKS:
            self.check()

    def check(self) -> None:
        """Raise a CorpusError when too many of the letters so far belong to scripts without spaces."""
        if self._unspaced > self._MOST_UNSPACED * self._letters:
            raise CorpusError(
                "this text has no spaces between words: use --tokenizer chinese, characters, or whitespace if it is already segmented"
            )


def reading_estimate(sources: Sequence[TextSource]) -> str:
    """What reading will need, in a line for the user."""
    n = estimate_bytes(sources)
    if n is None:
        return "reading a stream: the disk takes about as many bytes as the text has, memory grows with distinct words only"
    return f"reading {_megabytes(n)} of text: about {_megabytes(n)} on disk (4 bytes a token), memory grows with distinct words only"


def _megabytes(n: int) -> str:
    return f"{n / 1e6:,.1f} MB" if n < 1e9 else f"{n / 1e9:,.1f} GB"
