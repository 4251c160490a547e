"""Tokenizers: what of a text is a token, the same for a corpus and for a query (docs/text-rules.md has examples of ten scripts).

words
    Runs of letters, marks, numbers and underscores in lower case (a capital sigma at the end of a word becomes the final one). One
    apostrophe of any kind between two of these characters stays, as '; so do the zero width (non-)joiners and middle dots. Soft hyphens
    and other invisible format characters are left out. All else, hyphens too, separates: `It's 3.5 co-ops` -> it's, 3, 5, co, ops.
    Words are composed (NFC), so that é is one character however it was typed. Emoji separate, or are kept as tokens.
characters
    The same, but each letter of a script without spaces (Han, kana, Thai, Lao, Burmese, Khmer) is a token, with its marks.
chinese
    The same as words after full-width forms have become ASCII and rjieba has segmented what is written without spaces.
whitespace
    What white space separates (`str.split`), as it stands.
items
    As whitespace, or with a separator: what the separator and newlines separate, without white space at its edges, as it stands.
    Where the items are cells of events, only newlines separate.
token_pattern
    With words or whitespace: what a regular expression of the caller finds, in lower case and composed, or as it stands.

With each of them a newline, and nothing else, ends a sentence. Where a corpus was read with phrases, those in its vocabulary become one
token (`phrase_joiner.py`).
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.tokens import scanner
from w2v.corpus.tokens.characters import (
    NEWLINE,
    SEPARATOR,
    SINGLE,
    CharacterTable,
    segmented_characters,
    verbatim_characters,
    word_characters,
)
from w2v.corpus.tokens.compatibility import fold_compatibility
from w2v.corpus.tokens.html_cleaning import clean_html
from w2v.corpus.tokens.phrase_joiner import PhraseJoiner
from w2v.corpus.tokens.segmentation import fold_width, make_segmenter
from w2v.corpus.tokens.token_pattern import make_matcher, require_an_end
from w2v.corpus.tokens.word_forms import compose
from w2v.errors import ConfigError
from w2v.vocabulary import Vocabulary

Bytes = npt.NDArray[np.uint8]

_INTERPRETED_BYTES = 20_000  # half a microsecond each; loading numba takes longer than all of them
_LINE_END = bytes([scanner.LINE_END])
_ENDS_TO_NEWLINES = bytes.maketrans(bytes([scanner.TOKEN_END, scanner.LINE_END]), b"\n\n")


class _Kernels(NamedTuple):
    scan_ascii: Callable[..., int]
    scan_utf8: Callable[..., tuple[int, int]]
    fold_width: Callable[..., int]


@functools.cache
def _compiled() -> _Kernels:
    from w2v.jit import jit  # here: queries do without numba

    return _Kernels(jit()(scanner.scan_ascii), jit()(scanner.scan_utf8), jit()(fold_width))


class Scanned(NamedTuple):
    """Canonical bytes of a text: an array with PADDING to spare, how many of its bytes they are, and how many emoji the text has."""

    array: Bytes
    n: int
    n_emoji: int


class Tokenizer:
    """Turns text into tokens, as `config` says; may be shared by threads.

    Parameters
    ----------
    vocabulary : whose phrases `split` joins; None: the tokens stand alone, as a corpus has them before its phrases are found
    segment : what puts breaks between Chinese words; None makes a segmenter
    match : what finds the tokens of a pattern in UTF-8; None does it here

    Attributes
    ----------
    compose : what a word becomes when all of its text was read: NFC, or nothing where tokens are as they stand

    Raises
    ------
    MissingExtraError, CorpusError
        chinese without rjieba, or with a dictionary that cannot be read.
    ConfigError
        a pattern that does not come to an end.
    """

    def __init__(
        self,
        config: CorpusConfig,
        vocabulary: Vocabulary | None = None,
        segment: Callable[[bytes], bytes] | None = None,
        match: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.config = config
        self._separator = config.separator if config.item_field is None else "\n"
        self._phrases = None if vocabulary is None else PhraseJoiner(vocabulary.words, vocabulary.ranks)
        self._segment = (segment or make_segmenter(config.dictionary)) if config.tokenizer == "chinese" else None
        self._match = match or _match_here(config)
        self._split_singles = config.tokenizer == "characters"
        self._keep_emoji, self._turkish = config.keep == "emoji", config.language is not None
        self._is_verbatim = config.tokenizer in ("whitespace", "items")
        self._bytes = None if self._separator is not None or self._turkish else scanner.byte_table(self._table(ascii_only=True))
        self.compose = None if self._is_verbatim or self._match is not None else functools.partial(compose, turkish=self._turkish)
        self._interpreted = 0

    def __repr__(self) -> str:
        return f"<Tokenizer: {self.config.tokenizer}>"

    def split(self, text: str) -> list[str]:
        """The tokens of a text, the same that a corpus with this text has; lone surrogates become question marks."""
        raw = (clean_html(text) if self.config.clean == "html" else text).encode("utf-8", "replace")
        if self._interpreted < _INTERPRETED_BYTES and self._match is None:
            self._interpreted += len(raw)
            canonical = self._interpret(raw)
        else:
            array, n = self.canonical(raw)
            canonical = array[:n].tobytes()
        if self._phrases is None:
            return self._tokens(canonical)
        lines = canonical.split(_LINE_END)  # no phrase crosses the end of a line
        return [token for line in lines for token in self._phrases.join(self._tokens(line))]

    def canonical(self, text: bytes) -> tuple[Bytes, int]:
        """Canonical bytes (`scanner.py`) of valid UTF-8, cleaned already: an array with PADDING to spare, and how many of its bytes."""
        return self.scan(np.frombuffer(text, np.uint8), text.isascii())[:2]

    def scan(self, text: Bytes, is_ascii: bool, room: Bytes | None = None) -> Scanned:
        """What `canonical` does, of (n,) uint8 and written to `room` where that is large enough; and how many emoji there are."""
        text = text[:]
        text.flags.writeable = False  # one type of array for the compiler
        if self._match is not None:
            canonical = self._match(self._fold(text.tobytes(), is_ascii))
            out = _at_least(room, len(canonical) + 1 + scanner.PADDING)
            out[: len(canonical)] = np.frombuffer(canonical, np.uint8)
            return Scanned(out, len(canonical), 0)
        kernels = _compiled()
        if is_ascii and self._bytes is not None:
            out = _at_least(room, len(text) + 1 + scanner.PADDING)
            return Scanned(out, kernels.scan_ascii(text, self._bytes, out), 0)
        if self.config.fold is not None:
            text = np.frombuffer(self._fold(text.tobytes(), is_ascii), np.uint8)
        if self._segment is not None:
            folded = np.empty(len(text), np.uint8)
            text = np.frombuffer(self._segment(folded[: kernels.fold_width(text, folded)].tobytes()), np.uint8)
        table = self._table(ascii_only=False)
        out = _at_least(room, 2 * len(text) + 1 + scanner.PADDING)
        return Scanned(out, *kernels.scan_utf8(text, table.classes, table.spellings, self._split_singles, self._keep_emoji, out))

    def _interpret(self, text: bytes) -> bytes:
        """What `canonical` does, by the same functions, which are not compiled."""
        ascii_only = text.isascii()
        text = self._fold(text, ascii_only)
        if self._segment is not None and not ascii_only:
            folded = bytearray(len(text))
            n = fold_width(text, folded)
            text = self._segment(bytes(folded[:n]))
        table = self._table(ascii_only)
        out = bytearray(2 * len(text) + 1)
        n, _ = scanner.scan_utf8(text, table.classes.data, table.spellings.data, self._split_singles, self._keep_emoji, out)
        return bytes(out[:n])

    def _fold(self, text: bytes, is_ascii: bool) -> bytes:
        return text if is_ascii or self.config.fold is None else fold_compatibility(text.decode()).encode()

    def _tokens(self, canonical: bytes) -> list[str]:
        text = canonical.translate(_ENDS_TO_NEWLINES).decode()
        return [token for token in (text if self.compose is None else self.compose(text)).split("\n") if token]

    def _table(self, ascii_only: bool) -> CharacterTable:
        if self._is_verbatim or self._match is not None:
            return verbatim_characters(self._separator, ascii_only)
        if self._segment is not None and not ascii_only:
            return segmented_characters(self._keep_emoji)
        return word_characters(ascii_only, self._keep_emoji and not ascii_only, self._turkish)

    def first_cut(self, text: bytes) -> int:
        """Where a text may be cut without changing its tokens: the first such place behind a character, 0 where there is none."""
        classes = self._table(ascii_only=False).classes
        end = single = 0
        for character in text.decode(errors="ignore"):
            class_ = classes[ord(character)]
            if class_ == SINGLE and not single:
                single = end  # before it: marks may follow
            end += len(character.encode())
            if class_ in (SEPARATOR, NEWLINE):
                return end
        return single if self._split_singles or self._segment is not None else 0

    def safe_cut(self, text: bytes) -> int:
        """Where a text may be cut without changing its tokens: the last such place, 0 where its last 64 KiB have none."""
        if self._match is not None and (line_end := text.rfind(b"\n")) >= 0:  # a pattern may join what blanks separate
            return line_end + 1
        if text and text[-1] < 0x80 and not self._keep_emoji and self._table(ascii_only=True).classes[text[-1]] in (SEPARATOR, NEWLINE):
            return len(text)  # where a reader cuts, as a rule
        classes = self._table(ascii_only=False).classes
        tail = text[-scanner.LONGEST_TOKEN :].decode(errors="ignore")
        single = 0
        end = len(text)
        for character in reversed(tail):
            class_ = classes[ord(character)]
            if class_ in (SEPARATOR, NEWLINE):
                return end
            end -= len(character.encode())
            if class_ == SINGLE and not single:
                single = end
        # Where a segmenter looks for words a cut before any character is a makeshift, for text without punctuation.
        return single if self._split_singles or self._segment is not None else 0

    def source_position(self, text: bytes, canonical_position: int) -> int:
        """Byte of `text` whose canonical byte stands at a position; found by trying, for error messages."""
        low, high = 0, len(text)
        while low < high:
            middle = (low + high) // 2
            part = text[: middle + 1].decode(errors="ignore").encode()
            if self.canonical(part)[1] > canonical_position + 1:
                high = middle
            else:
                low = middle + 1
        return low


def make_tokenizer(config: CorpusConfig, vocabulary: Vocabulary | None = None) -> Tokenizer:
    """The tokenizer of a config, for texts that are to be looked up in `vocabulary`.

    Raises
    ------
    ConfigError
        the config says that phrases are words, and there is no vocabulary to know them by.
    """
    if not config.phrases:
        return Tokenizer(config)
    if vocabulary is None:
        raise ConfigError("a tokenizer with phrases needs the vocabulary that has them: give it, or a config with phrases=0")
    return Tokenizer(config, vocabulary)


def _match_here(config: CorpusConfig) -> Callable[[bytes], bytes] | None:
    if config.token_pattern is None:
        return None
    require_an_end(config.token_pattern)
    match = make_matcher(config.token_pattern, config.tokenizer, config.language)
    return lambda text: match(text.decode())


def _at_least(room: Bytes | None, n: int) -> Bytes:
    return room if room is not None and len(room) >= n else np.empty(n, np.uint8)
