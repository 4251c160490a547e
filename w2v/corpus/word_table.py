"""`WordTable`: distinct words with their counts, grown by canonical bytes (`scanner.py`)."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from w2v.corpus.counting import FULL, ID_BITS, TOO_LONG, count_tokens, move_slots
from w2v.corpus.page_memory import page_zeros
from w2v.corpus.tokens.scanner import LONGEST_TOKEN, PADDING, TOKEN_END
from w2v.corpus.word_list import WordList
from w2v.errors import CorpusError

_FIRST_SLOTS = 1 << 16
_MOST_IDS = 1 << 31
_ABSORBED_AT_ONCE = 1 << 16  # words
_T = TypeVar("_T", bound=np.generic)


class TokenTooLongError(CorpusError):
    """A token is longer than `scanner.LONGEST_TOKEN`; `position` is its canonical byte."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"a token may have {LONGEST_TOKEN} bytes, and the one here has more: is this text, and is the tokenizer the right one?"
        )
        self.position = position


class WordTable:
    """Counts words and numbers them in the order in which they come. Not for several threads at once.

    Parameters
    ----------
    index, stride : the ids that `add` returns are ``word * stride + index``, so that `stride` tables have ids apart
    n_slots : to begin with, a power of two; three of four can be used
    """

    def __init__(self, index: int = 0, stride: int = 1, n_slots: int = _FIRST_SLOTS) -> None:
        self.n_words = 0
        self._index, self._stride = index, stride
        self._used = 0  # of the arena
        capacity = n_slots * 3 // 4
        self._slots = page_zeros(4 * n_slots, np.uint64)
        self._offsets: npt.NDArray[np.int64] = page_zeros(capacity, np.int64)
        self._lengths: npt.NDArray[np.int32] = page_zeros(capacity, np.int32)
        self._arena: npt.NDArray[np.uint64] = page_zeros(capacity, np.uint64)

    def add(self, canonical: npt.NDArray[np.uint8], n: int, room: npt.NDArray[np.int32] | None = None) -> npt.NDArray[np.int32]:
        """Count the tokens of canonical bytes.

        Parameters
        ----------
        canonical : (n + PADDING or more,) uint8; the first n matter, what follows is overwritten
        room : (n or more,) int32, for the result; None makes some

        Returns
        -------
        (n_tokens + n_lines,) int32 : the id of each token, ``counting.LINE`` for each end of a line

        Raises
        ------
        TokenTooLongError
        """
        canonical[n : n + PADDING] = TOKEN_END
        ids = np.empty(n, np.int32) if room is None else room
        position = n_ids = 0
        while True:
            status, position, n_more, self.n_words, self._used = count_tokens(
                canonical, position, n, self._slots, self._offsets, self._lengths, self._arena, self.n_words, self._used,
                ids[n_ids:], self._stride, self._index,
            )  # fmt: skip
            n_ids += n_more
            if status == TOO_LONG:
                raise TokenTooLongError(position)
            if status != FULL:
                return ids[:n_ids]
            self._grow()

    def absorb(self, other: WordList, words: npt.NDArray[np.int64]) -> npt.NDArray[np.int32]:
        """Add some words of a list, and their counts; returns (len(words),) int32, the number of each of them here."""
        numbers = np.empty(len(words), np.int32)
        for first in range(0, len(words), _ABSORBED_AT_ONCE):
            part = slice(first, first + _ABSORBED_AT_ONCE)
            canonical = other.canonical(words[part])
            numbers[part] = self.add(canonical, len(canonical) - PADDING) // self._stride
        more = np.zeros(self.n_words, np.int64)
        more[numbers] = other.counts[words] - 1  # `add` has counted each of them once
        slots, here = self._words_in_slots()
        self._slots.reshape(-1, 4)[slots, 3] += more[here].view(np.uint64)
        return numbers

    def words(self) -> WordList:
        """The words so far and their counts; what is added later may show in it or not."""
        slots, words = self._words_in_slots()
        counts = np.empty(self.n_words, np.int64)
        counts[words] = self._slots.reshape(-1, 4)[slots, 3]
        return WordList(self._offsets[: self.n_words], self._lengths[: self.n_words], self._arena[: self._used], counts)

    def _words_in_slots(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """The slots in use, and the word in each."""
        labels = self._slots[2::4]
        slots = np.flatnonzero(labels)
        return slots, (labels[slots] & ID_BITS).astype(np.int64) - 1

    def _grow(self) -> None:
        """Make room for twice as many words, or twice their bytes."""
        if self.n_words < len(self._offsets):
            self._arena = _doubled(self._arena)
            return
        if 2 * len(self._offsets) * self._stride > _MOST_IDS:
            raise CorpusError(f"with {self._stride} threads a text may have {_MOST_IDS // self._stride:,} distinct words: it has more")
        self._offsets, self._lengths = _doubled(self._offsets), _doubled(self._lengths)
        slots = page_zeros(2 * len(self._slots), np.uint64)
        move_slots(self._slots, slots, self._offsets, self._lengths, self._arena)
        self._slots = slots


def _doubled(array: npt.NDArray[_T]) -> npt.NDArray[_T]:
    larger: npt.NDArray[_T] = page_zeros(2 * len(array), array.dtype)
    larger[: len(array)] = array
    return larger
