"""Text that its tokenizer cannot be meant for: without spaces between words, or with items between something else than white space."""

import string
import threading
from abc import ABC, abstractmethod

import numpy as np

from w2v.config import CorpusConfig
from w2v.corpus.reading.file_ranges import Bytes
from w2v.corpus.tokens.characters import UNSPACED_LETTER
from w2v.errors import CorpusError, argument

_NO_ASCII_LETTERS = bytes(set(range(256)) - set(string.ascii_letters.encode()))
_FIRST_PIECES = 16


class TextCheck(ABC):
    """Counts in samples of each piece, by several threads at once, and refuses a text by what was found."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first, self._all = np.zeros(3, np.int64), np.zeros(3, np.int64)  # pieces, what was counted, how much of it is unfit
        self._is_checked = False

    @abstractmethod
    def _count(self, text: Bytes) -> tuple[int, int]:
        """What is counted, and how much of it is unfit."""

    @abstractmethod
    def _refuse(self, counted: int, found: int) -> None:
        """Raise a CorpusError where too much is unfit."""

    def add(self, number: int, text: Bytes) -> None:
        found = (1, *self._count(text))
        with self._lock:
            self._all += found
            if number < _FIRST_PIECES:
                self._first += found

    def check_early(self) -> None:
        """Refuse a long text as soon as its first pieces show what it is."""
        if not self._is_checked and self._first[0] == _FIRST_PIECES:
            self._is_checked = True
            self._refuse(int(self._first[1]), int(self._first[2]))

    def check(self) -> None:
        self._refuse(int(self._all[1]), int(self._all[2]))


class SpacingCheck(TextCheck):
    """Notices text without spaces between words, from samples of each piece."""

    _SAMPLE = 512  # bytes
    _SAMPLES = 16  # of a piece
    _MOST_UNSPACED = 0.2

    def _count(self, text: Bytes) -> tuple[int, int]:
        """Letters, and letters of scripts without spaces."""
        step = max(self._SAMPLE, len(text) // self._SAMPLES)
        sample = b"".join(text[start : start + self._SAMPLE].tobytes() for start in range(0, len(text), step))
        if sample.isascii():
            return len(sample.translate(None, delete=_NO_ASCII_LETTERS)), 0
        characters = sample.decode(errors="ignore")
        return sum(map(str.isalpha, characters)), len(UNSPACED_LETTER.findall(characters))

    def _refuse(self, counted: int, found: int) -> None:
        if found > self._MOST_UNSPACED * counted:
            raise CorpusError(
                "this text has no spaces between words: use tokenizer='chinese', tokenizer='characters', or tokenizer='whitespace' if it "
                "is already segmented"
            )


class SeparatorCheck(TextCheck):
    """Notices lines of items with commas or the like between them, which white space does not cut, or not alone."""

    _SAMPLE = 1 << 14  # bytes
    _MARKS = (b",", b";", b"|")
    _MOST_JOINED = 0.8

    def __init__(self) -> None:
        super().__init__()
        self._mark = b","

    def _count(self, text: Bytes) -> tuple[int, int]:
        """Lines, and those with a mark between their items."""
        lines = [line for line in text[: self._SAMPLE].tobytes().splitlines() if line.strip()]
        joined = [line for line in lines if self._is_joined(line.split())]
        if joined:
            self._mark = max(self._MARKS, key=b"".join(joined).count)
        return len(lines), len(joined)

    def _is_joined(self, words: list[bytes]) -> bool:
        """A mark stands between the items: in a single word, or at the end of one but the last."""
        if len(words) == 1:
            return any(mark in words[0][:-1] for mark in self._MARKS)
        return any(word.endswith(self._MARKS) for word in words[:-1])

    def _refuse(self, counted: int, found: int) -> None:
        if counted > 1 and found > self._MOST_JOINED * counted:
            mark = self._mark.decode()
            rule = f"items stand between white space, and in these lines {mark!r} stands between them"
            raise CorpusError(f"{rule}: add {argument('separator', mark)}, or {argument('separator', 'tab')} where each line is one item")


def make_text_check(config: CorpusConfig) -> TextCheck | None:
    """What is checked for a tokenizer; None where nothing is."""
    if config.tokenizer == "words":
        return SpacingCheck() if config.token_pattern is None else None
    return SeparatorCheck() if config.tokenizer == "items" and config.separator is None else None
