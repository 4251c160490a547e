"""Words, their counts and their ranks.

Rank 0 is the most frequent word; words of equal count stand in code-point order, so that a vocabulary is a function of the
counts alone and not of reading order, threads or machines.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError, UnknownWordError

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)
_UNESCAPES = {escaped[1]: plain for plain, escaped in _ESCAPES.items()}


class Vocabulary:
    """An immutable list of distinct words with counts.

    Parameters
    ----------
    words : distinct strings; ``words[rank]``
    counts : (len(words),) int64, occurrences in the corpus; 0 where unknown

    Raises
    ------
    FormatError
        a duplicate word, or another number of counts than of words.
    """

    def __init__(self, words: Sequence[str], counts: npt.ArrayLike) -> None:
        self.words: tuple[str, ...] = tuple(words)
        self.counts: npt.NDArray[np.int64] = np.array(counts, np.int64)
        self.counts.setflags(write=False)
        if self.counts.shape != (len(self.words),):
            raise FormatError(f"a vocabulary of {len(self.words)} words needs as many counts: found {self.counts.shape}")
        self._ranks: dict[str, int] | None = None
        if len(self.ranks) != len(self.words):
            seen: set[str] = set()
            duplicate = next(word for word in self.words if word in seen or seen.add(word))  # type: ignore[func-returns-value]
            raise FormatError(f"the word {duplicate!r} occurs twice in a vocabulary")

    @property
    def ranks(self) -> dict[str, int]:
        """Word -> rank."""
        if self._ranks is None:
            self._ranks = {word: rank for rank, word in enumerate(self.words)}
        return self._ranks

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return word in self.ranks

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return self.words == other.words and bool(np.array_equal(self.counts, other.counts))

    __hash__ = None  # type: ignore[assignment]

    def index(self, word: str) -> int:
        """Rank of a word.

        Raises
        ------
        UnknownWordError
            with close matches.
        """
        rank = self.ranks.get(word)
        if rank is None:
            raise UnknownWordError(word, self.close_matches(word))
        return rank

    def close_matches(self, word: str, n: int = 3) -> list[str]:
        """Frequent words that are spelled almost like `word`, best first."""
        candidates = self.words[:50_000]  # more would take longer than a user waits
        folded = word.casefold()
        return difflib.get_close_matches(folded, candidates, n, cutoff=0.75)

    def hash(self) -> str:
        """sha256 over words and counts, equal for equal vocabularies."""
        digest = hashlib.sha256()
        for line in self._lines():
            digest.update(line)
        return digest.hexdigest()

    def _lines(self) -> Iterator[bytes]:
        for word, count in zip(self.words, self.counts.tolist(), strict=True):
            yield f"{word.translate(_ESCAPE_TABLE)}\t{count}\n".encode()

    def save(self, path: Path) -> None:
        """Write ``vocabulary.tsv``: word, tab, count; backslash, tab and newline in a word are escaped."""
        with open(path, "wb") as file:
            file.writelines(self._lines())

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read ``vocabulary.tsv``.

        Raises
        ------
        FormatError
            naming path and line.
        """
        return cls(*_parse_lines(path, "\t", _unescape))

    def save_word2vec_c(self, path: Path) -> None:
        """Write the file that word2vec.c's ``-save-vocab`` writes: word, space, count.

        Raises
        ------
        FormatError
            a word holds white space, which that format cannot carry.
        """
        for word in self.words:
            if not word or any(character in word for character in " \t\n\r\0"):
                raise FormatError(f"word2vec.c's vocabulary file cannot carry the word {word!r}: it holds white space")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{word} {count}\n" for word, count in zip(self.words, self.counts.tolist(), strict=True))

    @classmethod
    def load_word2vec_c(cls, path: Path) -> Vocabulary:
        """Read the file that word2vec.c's ``-save-vocab`` writes; its order is kept.

        Raises
        ------
        FormatError
            naming path and line.
        """
        return cls(*_parse_lines(path, " ", lambda word: word))


def rank_words(words: Sequence[str], counts: Iterable[int]) -> list[int]:
    """Indices of `words` by falling count, ties in code-point order (the order of UTF-8 bytes too)."""
    by_index = list(counts)
    return sorted(range(len(words)), key=lambda i: (-by_index[i], words[i]))


def _parse_lines(path: Path, separator: str, decode: object) -> tuple[list[str], list[int]]:
    words: list[str] = []
    counts: list[int] = []
    with open(path, "rb") as file:
        for number, raw in enumerate(file, 1):
            try:
                word, found, count = raw.decode("utf-8").removesuffix("\n").rpartition(separator)
            except UnicodeDecodeError as error:
                raise FormatError(f"{path}, line {number}: not UTF-8 ({error.reason})") from None
            if not found or not word or not (count.isascii() and count.isdigit()) or len(count) > 18:
                raise FormatError(f"{path}, line {number}: expected a word, {separator!r} and a count, found {raw[:60]!r}")
            words.append(decode(word))  # type: ignore[operator]
            counts.append(int(count))
    return words, counts


def _unescape(word: str) -> str:
    if "\\" not in word:
        return word
    parts: list[str] = []
    characters = iter(word)
    for character in characters:
        if character == "\\":
            follower = next(characters, "")
            if follower not in _UNESCAPES:
                raise FormatError(f"unknown escape \\{follower} in the vocabulary word {word!r}")
            parts.append(_UNESCAPES[follower])
        else:
            parts.append(character)
    return "".join(parts)
