"""`WordList`: distinct words with their counts, to be spelled and ranked."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.counting import MOST_DIGITS, spell_words, write_counted_words
from w2v.corpus.tokens.scanner import LINE_END, PADDING, TOKEN_END

Map = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class WordList:
    """Words by number.

    Attributes
    ----------
    offsets, lengths, arena : for each of n_words words as in `counting.py`
    counts : (n_words,) int64, occurrences
    """

    offsets: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int32]
    arena: npt.NDArray[np.uint64]
    counts: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.counts)

    def spell(self, words: npt.NDArray[np.int64]) -> list[str]:
        """The chosen words as strings."""
        if not len(words):
            return []
        return self._bytes(words, ord("\n"))[: -PADDING - 1].tobytes().decode().split("\n")  # no token holds a newline

    def canonical(self, words: npt.NDArray[np.int64], line_ends: npt.NDArray[np.bool_] | None = None) -> npt.NDArray[np.uint8]:
        """Canonical bytes of the chosen words, and PADDING; where `line_ends` says so, a line ends behind the word."""
        out = self._bytes(words, TOKEN_END)
        if line_ends is not None:
            ends = np.cumsum(self.lengths[words], dtype=np.int64) + np.arange(len(words))
            out[ends[line_ends]] = LINE_END
        return out

    def vocabulary_text(self, words: npt.NDArray[np.int64], in_parallel: Map = map, n_parts: int = 1) -> bytes:
        """The chosen words and their counts as ``vocabulary.tsv`` has them; `n_parts` are written side by side."""
        return b"".join(in_parallel(self._vocabulary_text, np.array_split(words, n_parts)))

    def _vocabulary_text(self, words: npt.NDArray[np.int64]) -> bytes:
        room = np.empty(2 * int(self.lengths[words].sum(dtype=np.int64)) + (MOST_DIGITS + 2) * len(words), np.uint8)
        n = write_counted_words(words, self.offsets, self.lengths, self.arena.view(np.uint8), self.counts, room)
        return room[:n].tobytes()

    def _bytes(self, words: npt.NDArray[np.int64], end: int) -> npt.NDArray[np.uint8]:
        """Their bytes, an `end` behind each, and PADDING."""
        out = np.empty(int(self.lengths[words].sum(dtype=np.int64)) + len(words) + PADDING, np.uint8)
        spell_words(words, self.offsets, self.lengths, self.arena.view(np.uint8), end, out)
        return out

    def rank(self, least: int = 1, most: int | None = None, in_parallel: Map = map, n_parts: int = 1) -> npt.NDArray[np.int64]:
        """Words that occur `least` times or more, at most `most` of them, by falling count, ties in code-point order.

        Parameters
        ----------
        in_parallel, n_parts : like `map`, and how many parts of the words it ranks side by side
        """
        words = np.flatnonzero(self.counts >= least)
        counts = self.counts[words]
        if not len(words):
            return words
        borders = np.unique(np.quantile(counts, np.arange(1, n_parts) / n_parts, method="lower"))
        part_of = np.searchsorted(borders, counts, "right")
        ranked = in_parallel(self._rank, [words[part_of == part] for part in range(len(borders), -1, -1)])
        return np.concatenate(list(ranked))[:most]

    def _rank(self, words: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """The words by falling count, ties in code-point order."""
        offsets, lengths = self.offsets[words], self.lengths[words]
        first = self.arena[offsets].byteswap()  # as numbers they now stand in the order of their bytes
        second = np.zeros_like(first)
        longer = lengths > 8
        second[longer] = self.arena[offsets[longer] + 1].byteswap()
        falling = -self.counts[words]
        order = np.lexsort((second, first, falling))
        equal = np.ones(max(0, len(words) - 1), np.bool_)
        for key in (falling, first, second):
            equal &= key[order[1:]] == key[order[:-1]]
        # Few have all of that in common, and Python compares these.
        edges = np.flatnonzero(np.diff(equal, prepend=False, append=False)).tolist()
        for start, stop in zip(edges[0::2], edges[1::2], strict=True):
            tied = order[start : stop + 1]
            spellings = self.spell(words[tied])
            order[start : stop + 1] = tied[sorted(range(len(tied)), key=spellings.__getitem__)]
        return words[order]
