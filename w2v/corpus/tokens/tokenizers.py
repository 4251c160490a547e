"""Tokenizers: what of a text is a token, the same for a corpus and for a query.

words
    Runs of letters, marks, numbers and underscores in lower case (a capital sigma at the end of a word becomes the final one). One
    apostrophe, ' or U+2019, between two of these characters stays, as '; so do the zero width (non-)joiners. Soft hyphens and
    other invisible format characters are left out. All else, hyphens too, separates: `It's 3.5 co-ops` -> it's, 3, 5, co, ops.
characters
    The same, but each letter of a script without spaces (Han, kana, Thai, Lao, Burmese, Khmer) is a token, with its marks.
chinese
    The same as words after full-width forms have become ASCII and rjieba has segmented what is written without spaces.
whitespace
    What white space separates (`str.split`), as it stands.
items
    As whitespace, or with a separator: what the separator and newlines separate, without white space at its edges, as it stands.
    Where the items are cells of events, only newlines separate.

With each of them a newline, and nothing else, ends a sentence. Unicode is not normalized. Where a corpus was read with phrases, those
in its vocabulary become one token (`phrase_joiner.py`).
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
from w2v.corpus.tokens.phrase_joiner import PhraseJoiner
from w2v.corpus.tokens.segmentation import fold_width, make_segmenter
from w2v.errors import ConfigError
from w2v.vocabulary import Vocabulary

Bytes = npt.NDArray[np.uint8]

_INTERPRETED_BYTES = 20_000  # half a microsecond each; loading numba takes longer than all of them
_LINE_END = bytes([scanner.LINE_END])
_ENDS_TO_NEWLINES = bytes.maketrans(bytes([scanner.TOKEN_END, scanner.LINE_END]), b"\n\n")


class _Kernels(NamedTuple):
    scan_ascii: Callable[..., int]
    scan_utf8: Callable[..., int]
    fold_width: Callable[..., int]


@functools.cache
def _compiled() -> _Kernels:
    from w2v.jit import jit  # here: queries do without numba

    return _Kernels(jit()(scanner.scan_ascii), jit()(scanner.scan_utf8), jit()(fold_width))


class Tokenizer:
    """Turns text into tokens, as `config` says; may be shared by threads.

    Parameters
    ----------
    vocabulary : whose phrases `split` joins; None: the tokens stand alone, as a corpus has them before its phrases are found
    segment : what puts breaks between Chinese words; None makes a segmenter

    Raises
    ------
    MissingExtraError, CorpusError
        chinese without rjieba, or with a dictionary that cannot be read.
    """

    def __init__(self, config: CorpusConfig, vocabulary: Vocabulary | None = None, segment: Callable[[bytes], bytes] | None = None) -> None:
        self.config = config
        self._separator = config.separator if config.item_field is None else "\n"
        self._phrases = None if vocabulary is None else PhraseJoiner(vocabulary.words, vocabulary.ranks)
        self._segment = (segment or make_segmenter(config.dictionary)) if config.tokenizer == "chinese" else None
        self._split_singles = config.tokenizer == "characters"
        self._bytes = scanner.byte_table(self._table(ascii_only=True))
        self._interpreted = 0

    def __repr__(self) -> str:
        return f"<Tokenizer: {self.config.tokenizer}>"

    def split(self, text: str) -> list[str]:
        """The tokens of a text, the same that a corpus with this text has; lone surrogates become question marks."""
        raw = text.encode("utf-8", "replace")
        if self._interpreted < _INTERPRETED_BYTES:
            self._interpreted += len(raw)
            canonical = self._interpret(raw)
        else:
            array, n = self.canonical(raw)
            canonical = array[:n].tobytes()
        if self._phrases is None:
            return _tokens(canonical)
        lines = canonical.split(_LINE_END)  # no phrase crosses the end of a line
        return [token for line in lines for token in self._phrases.join(_tokens(line))]

    def canonical(self, text: bytes) -> tuple[Bytes, int]:
        """Canonical bytes (`scanner.py`) of valid UTF-8: an array with PADDING to spare, and how many of its bytes they are."""
        return self.scan(np.frombuffer(text, np.uint8), text.isascii())

    def scan(self, text: Bytes, is_ascii: bool, room: Bytes | None = None) -> tuple[Bytes, int]:
        """What `canonical` does, of (n,) uint8 and written to `room` where that is large enough."""
        text = text[:]
        text.flags.writeable = False  # one type of array for the compiler
        kernels = _compiled()
        if is_ascii and self._separator is None:
            out = _at_least(room, len(text) + 1 + scanner.PADDING)
            return out, kernels.scan_ascii(text, self._bytes, out)
        if self._segment is not None:
            folded = np.empty(len(text), np.uint8)
            text = np.frombuffer(self._segment(folded[: kernels.fold_width(text, folded)].tobytes()), np.uint8)
        table = self._table(ascii_only=False)
        out = _at_least(room, 2 * len(text) + 1 + scanner.PADDING)
        return out, kernels.scan_utf8(text, table.classes, table.spellings, self._split_singles, out)

    def _interpret(self, text: bytes) -> bytes:
        """What `canonical` does, by the same functions, which are not compiled."""
        ascii_only = text.isascii()
        if self._segment is not None and not ascii_only:
            folded = bytearray(len(text))
            n = fold_width(text, folded)
            text = self._segment(bytes(folded[:n]))
        table = self._table(ascii_only)
        out = bytearray(2 * len(text) + 1)
        n = scanner.scan_utf8(text, table.classes.data, table.spellings.data, self._split_singles, out)
        return bytes(out[:n])

    def _table(self, ascii_only: bool) -> CharacterTable:
        if self.config.tokenizer in ("whitespace", "items"):
            return verbatim_characters(self._separator, ascii_only)
        if self._segment is not None and not ascii_only:
            return segmented_characters()
        return word_characters(ascii_only)

    def first_cut(self, text: bytes) -> int:
        """Where a text may be cut without changing its tokens: the first such place behind a character, 0 where there is none."""
        classes = self._table(ascii_only=False).classes
        end = single = 0
        for character in text.decode(errors="ignore"):
            end += len(character.encode())
            class_ = classes[ord(character)]
            if class_ in (SEPARATOR, NEWLINE):
                return end
            if class_ == SINGLE and not single:
                single = end
        return single if self._split_singles or self._segment is not None else 0

    def safe_cut(self, text: bytes) -> int:
        """Where a text may be cut without changing its tokens: the last such place, 0 where its last 64 KiB have none."""
        if text and text[-1] < 0x80 and self._table(ascii_only=True).classes[text[-1]] in (SEPARATOR, NEWLINE):
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


def _tokens(canonical: bytes) -> list[str]:
    return [token for token in canonical.translate(_ENDS_TO_NEWLINES).decode().split("\n") if token]


def _at_least(room: Bytes | None, n: int) -> Bytes:
    return room if room is not None and len(room) >= n else np.empty(n, np.uint8)
