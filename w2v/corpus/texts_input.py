"""What a caller has in memory: texts, as pieces of UTF-8 for the tokenizer (`train(texts=...)`, `encode(texts=...)`), and token lists."""

import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from w2v.checks import is_missing
from w2v.config import CorpusConfig
from w2v.corpus.inputs import Canonical, Input, PieceBuffers, TextInput, TextPiece, with_padding
from w2v.corpus.reading.blocks import cut_blocks
from w2v.corpus.reading.sources import BLOCK_BYTES, Block, text_breaks
from w2v.corpus.tokens.html_cleaning import clean_html
from w2v.corpus.tokens.scanner import LINE_END, LONGEST_TOKEN, TOKEN_END
from w2v.errors import CorpusError

_LONG_TEXT = LONGEST_TOKEN // 4  # bytes: no shorter text has a token that is too long, even where lower case takes more bytes
_SURROGATE = re.compile("[\ud800-\udfff]")
_SENTENCES_BYTES = 1 << 20  # of a piece made from token lists
_UNFIT = re.compile("[\n\ud800-\udfff]")
_ENDS = bytes([TOKEN_END]), bytes([LINE_END])
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


class SentencesInput(Input):
    """Token lists from Python, read once; tokens are taken as they are, spaces included."""

    def __init__(self, sentences: Iterable[Any], blanks_are_usual: bool = False) -> None:
        self._sentences = sentences
        self._blanks_are_usual = blanks_are_usual
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
        if first == 0 and not self._blanks_are_usual:
            _warn_about_blanks(text)
        self._digest.update(text)
        return Block(text, "the sentences", first)

    def canonical(self, piece: Block, scratch: PieceBuffers) -> Canonical:
        return with_padding(piece.text)

    def place(self, piece: Block, position: int) -> str:
        return f"sentence {piece.offset + piece.text.count(LINE_END, 0, position)} (the first is 0)"

    def facts(self) -> dict[str, Any]:
        return {"sources": [{"iterable": True, "sha256": self._digest.hexdigest()}], "replaced": 0}


def _warn_about_blanks(text: bytes) -> None:
    """Whole sentences where tokens are wanted would become the words of a vocabulary."""
    tokens = text.replace(_ENDS[1], _ENDS[0]).split(_ENDS[0])
    with_blanks = [token for token in tokens if b" " in token.strip()]
    n_blanks = sum(token.count(b" ") for token in with_blanks)
    if 2 * len(with_blanks) > sum(map(bool, tokens)) and n_blanks >= 2 * len(with_blanks):  # one blank is that of a name
        warnings.warn(
            f"most tokens hold blanks and look like whole sentences, such as {with_blanks[0].decode()[:60]!r}: give texts=[...], or split "
            'them into tokens; where they are names, tokenizer="items" says so',
            stacklevel=2,
        )


def _canonical_sentence(sentence: Any, number: int) -> bytes:
    """Check and join a sentence in a few C calls; its tokens are looked at one by one only after a fault."""
    if hasattr(sentence, "as_py"):  # a scalar of arrow
        sentence = sentence.as_py()
    remedy = _remedy(sentence)
    if remedy is not None:
        kind = "string" if isinstance(sentence, str) else type(sentence).__name__
        raise CorpusError(
            f"a sentence must be a list of tokens: received the {kind} {str(sentence)[:60]!r} as sentence {number} (the first is 0){remedy}"
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
                f"in sentence {number} (the first is 0){_token_remedy(token)}"
            )
    return _ENDS[1]  # an empty sentence


def _remedy(sentence: Any) -> str | None:
    """What to give instead of something that is no list of tokens; None where it may be one."""
    if isinstance(sentence, str):
        return ": give the strings as texts=[...], or split them into tokens"
    if isinstance(sentence, (bytes, bytearray, memoryview)):
        return ": decode bytes to strings, and give them as texts=[...]"
    if isinstance(sentence, Mapping):
        return ': give one field of the rows, texts=[row["text"] for row in rows], or lists of tokens'
    if isinstance(sentence, (set, frozenset)):
        return ", whose order changes from run to run: give a list, such as sorted(...)"
    if hasattr(type(sentence), "columns"):
        return ': give its column of texts, texts=frame["column"], or lists of tokens'
    return None if isinstance(sentence, Iterable) else ": leave it away"


def _token_remedy(token: Any) -> str:
    if isinstance(token, str) or is_missing(token):
        return ": leave it away"
    return ": make strings of all, [[str(token) for token in row] for row in rows]"
