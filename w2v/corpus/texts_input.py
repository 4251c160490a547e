"""Texts that a caller has in memory, as pieces of UTF-8 for the tokenizer: `train(texts=...)` and `encode(texts=...)`."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from w2v.config import CorpusConfig
from w2v.corpus.inputs import TextInput, TextPiece
from w2v.corpus.reading.blocks import cut_blocks
from w2v.corpus.reading.sources import BLOCK_BYTES, Block, text_breaks
from w2v.corpus.tokens.html_cleaning import clean_html
from w2v.corpus.tokens.scanner import LONGEST_TOKEN
from w2v.errors import CorpusError

_LONG_TEXT = LONGEST_TOKEN // 4  # bytes: no shorter text has a token that is too long, even where lower case takes more bytes
_SURROGATE = re.compile("[\ud800-\udfff]")
_MISSING = ("NAType", "NaTType")  # what pandas calls the types of its NA and NaT
_FIRST = "(the first is 0)"


class Texts:
    """Strings, each of one or more lines, in contrast to an iterable of token lists; read once."""

    def __init__(self, texts: Iterable[Any]) -> None:
        self._texts, self.is_slow = texts, True

    def __iter__(self) -> Iterator[Any]:
        return iter(self._texts)


class TextsInput(TextInput):
    """Strings from Python. Many short ones make a piece; a long one has pieces of its own, so that a message can name it."""

    def __init__(self, texts: Texts, config: CorpusConfig, threads: int = 1) -> None:
        super().__init__((), config, threads)
        self._texts = texts
        self._strict = config.errors == "strict"
        self._digest = hashlib.sha256()
        self._replaced = 0

    def __iter__(self) -> Iterator[TextPiece]:
        """Pieces that end between two tokens.

        Raises
        ------
        CorpusError
            what is no string, with its number; text without spaces between words, for the tokenizer `words`.
        """
        for number, block in enumerate(self._blocks()):
            if self._check is not None:
                self._check.check_early()
            self._digest.update(block.text)
            yield TextPiece(number, block)

    def _blocks(self) -> Iterator[Block]:
        parts: list[bytes] = []
        size = 0
        for number, value in enumerate(self._texts):
            text = self._read_text(value, number)
            if text is None:
                continue
            is_long = len(text) >= _LONG_TEXT
            if parts and (is_long or size >= BLOCK_BYTES):
                yield Block(b"".join(parts), "the texts", 0)
                parts, size = [], 0
            if is_long:
                yield from self._cut(self._cut_long(text, number))
            else:
                parts.append(text)
                size += len(text)
        if parts:
            yield Block(b"".join(parts), "the texts", 0)

    def _cut_long(self, text: bytes, number: int) -> Iterator[Block]:
        offset = 0
        for part in cut_blocks([text], BLOCK_BYTES, text_breaks(self._config)):
            yield Block(part, f"text {number} {_FIRST}", offset)
            offset += len(part)

    def _read_text(self, value: Any, number: int) -> bytes | None:
        """UTF-8 of a text, with a newline at its end; None where there is none and it may be skipped."""
        if hasattr(value, "as_py"):  # a scalar of arrow
            value = value.as_py()
        if isinstance(value, str):
            return self._encode(clean_html(value) if self._config.clean == "html" else value, number) + b"\n"
        if not is_missing(value):
            kind = type(value).__name__
            raise CorpusError(f"text {number} is no string but {kind} {_FIRST}: texts takes strings; token lists are given as source")
        if self._strict:
            raise CorpusError(f'text {number} is {value} {_FIRST}: leave it away, or skip all of them with errors="replace"')
        self._replaced += 1
        return None

    def _encode(self, text: str, number: int) -> bytes:
        try:
            encoded = text.encode()
        except UnicodeEncodeError:
            self._refuse_if_strict(number, "half of a surrogate pair, which is no character")
            text, n = _SURROGATE.subn("\ufffd", text)
            self._replaced += n
            encoded = text.encode()
        if b"\0" in encoded:
            self._refuse_if_strict(number, "NUL characters, which no text has")
            self._replaced += encoded.count(b"\0")
            encoded = encoded.replace(b"\0", b" ")
        return encoded

    def _refuse_if_strict(self, number: int, fault: str) -> None:
        if self._strict:
            raise CorpusError(f'text {number} holds {fault} {_FIRST}: to go on anyway, errors="replace"')

    def finish(self) -> None:
        super().finish()
        if self._dropped is not None and self._config.clean is None:
            self._dropped.warn()

    def facts(self) -> dict[str, Any]:
        return {"sources": [{"iterable": True, "sha256": self._digest.hexdigest()}], "replaced": self._replaced, **self._text_facts()}


def is_missing(value: Any) -> bool:
    """None, NaN, or what pandas has in their place."""
    return value is None or type(value).__name__ in _MISSING or (isinstance(value, float) and value != value)
