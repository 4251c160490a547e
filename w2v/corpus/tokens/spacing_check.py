"""Noticing text without spaces between words, which the tokenizer words would take for long words."""

import string
import threading

import numpy as np
import numpy.typing as npt

from w2v.corpus.tokens.characters import UNSPACED_LETTER
from w2v.errors import CorpusError

_NO_ASCII_LETTERS = bytes(set(range(256)) - set(string.ascii_letters.encode()))


class SpacingCheck:
    """Notices text without spaces between words, from samples of each piece. For several threads at once."""

    _SAMPLE = 512  # bytes
    _SAMPLES = 16  # of a piece
    _MOST_UNSPACED = 0.2
    _FIRST_PIECES = 16

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._first, self._all = np.zeros(3, np.int64), np.zeros(3, np.int64)  # pieces, letters, letters of scripts without spaces
        self._is_checked = False

    def add(self, number: int, text: npt.NDArray[np.uint8]) -> None:
        step = max(self._SAMPLE, len(text) // self._SAMPLES)
        sample = b"".join(text[start : start + self._SAMPLE].tobytes() for start in range(0, len(text), step))
        if sample.isascii():
            found = (1, len(sample.translate(None, delete=_NO_ASCII_LETTERS)), 0)
        else:
            characters = sample.decode(errors="ignore")
            found = (1, sum(map(str.isalpha, characters)), len(UNSPACED_LETTER.findall(characters)))
        with self._lock:
            self._all += found
            if number < self._FIRST_PIECES:
                self._first += found

    def check_early(self) -> None:
        """Refuse a long text as soon as its first pieces show what it is."""
        if not self._is_checked and self._first[0] == self._FIRST_PIECES:
            self._is_checked = True
            self._refuse_unspaced(self._first)

    def check(self) -> None:
        self._refuse_unspaced(self._all)

    def _refuse_unspaced(self, found: npt.NDArray[np.int64]) -> None:
        if found[2] > self._MOST_UNSPACED * found[1]:
            raise CorpusError(
                "this text has no spaces between words: use --tokenizer chinese, characters, or whitespace if it is already segmented"
            )
