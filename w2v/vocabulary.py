"""Words, their counts and their ranks.

Rank 0 is the most frequent word; words of equal count stand in code-point order, so that a vocabulary is a function of the
counts alone and not of reading order, threads or machines.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError, UnknownWordError
from w2v.spelling import Speller

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_ESCAPE_TABLE = str.maketrans(_ESCAPES)
_SEPARATOR = "\t"
_MAX_DIGITS = 18  # of a count: fits int64
_SPELLED_WORDS = 50_000  # the most frequent words are offered as close matches
_UNESCAPES = {escaped[1]: plain for plain, escaped in _ESCAPES.items()}


class Vocabulary:
    """An immutable list of distinct words with counts.

    Parameters
    ----------
    words : distinct strings; ``words[rank]``
    counts : (len(words),) int64, occurrences in the corpus; 0 where unknown

    Attributes
    ----------
    counts : as given, read-only

    Raises
    ------
    FormatError
        a duplicate word, or another number of counts than of words.
    """

    _text: bytes | None = None

    def __init__(self, words: Sequence[str], counts: npt.ArrayLike) -> None:
        self.words = tuple(words)
        self.counts: npt.NDArray[np.int64] = np.array(counts, np.int64)
        self.counts.setflags(write=False)
        if self.counts.shape != (len(self.words),):
            raise FormatError(f"a vocabulary of {len(self.words)} words needs as many counts: found {self.counts.shape}")
        if len(self.ranks) != len(self.words):
            duplicate = next(word for rank, word in enumerate(self.words) if self.ranks[word] != rank)
            raise FormatError(f"the word {duplicate!r} occurs twice in a vocabulary")

    @classmethod
    def from_text(cls, text: bytes, counts: npt.NDArray[np.int64]) -> Vocabulary:
        """The vocabulary of these counts whose ``vocabulary.tsv`` is `text`; neither is checked, and words are made for who asks only."""
        vocabulary = cls.__new__(cls)
        vocabulary._text, vocabulary.counts = text, counts
        counts.setflags(write=False)
        return vocabulary

    @functools.cached_property
    def words(self) -> tuple[str, ...]:
        """By rank."""
        return tuple(_parse(self.text(), _SEPARATOR, _unescape)[0])

    @functools.cached_property
    def ranks(self) -> dict[str, int]:
        """Rank of each word; not to be changed."""
        return dict(zip(self.words, range(len(self.words)), strict=True))

    def __len__(self) -> int:
        return len(self.counts)

    def __contains__(self, word: object) -> bool:
        return word in self.ranks

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Vocabulary):
            return NotImplemented
        return self.words == other.words and bool(np.array_equal(self.counts, other.counts))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        n_tokens = int(self.counts.sum())
        return f"<Vocabulary: {len(self):,} words{f', {n_tokens:,} tokens' if n_tokens else ''}>"

    def index(self, word: str) -> int:
        """Rank of a word.

        Raises
        ------
        UnknownWordError
            with close matches.
        """
        rank = self.ranks.get(word)
        if rank is None:
            raise UnknownWordError(word, self.close_matches(word) if isinstance(word, str) else ())
        return rank

    def close_matches(self, word: str, n: int = 3) -> list[str]:
        """Frequent words that are spelled almost like `word`, best first."""
        return [self.words[rank] for rank in self._speller.closest(word, n)]

    @functools.cached_property
    def _speller(self) -> Speller:
        return Speller(self.words[:_SPELLED_WORDS])

    def hash(self) -> str:
        """sha256 of ``vocabulary.tsv``, equal for equal vocabularies."""
        return hashlib.sha256(self.text()).hexdigest()

    def text(self) -> bytes:
        """The bytes of ``vocabulary.tsv``."""
        if self._text is not None:
            return self._text
        words: Sequence[str] = self.words
        together = "".join(words)
        if any(character in together for character in _ESCAPES):
            words = [word.translate(_ESCAPE_TABLE) for word in words]
        return "".join([f"{word}\t{count}\n" for word, count in zip(words, self.counts.tolist(), strict=True)]).encode()

    def save(self, path: Path) -> None:
        """Write ``vocabulary.tsv``: word, tab, count; backslash, tab and newline in a word are escaped."""
        path.write_bytes(self.text())

    @classmethod
    def load(cls, path: Path) -> Vocabulary:
        """Read ``vocabulary.tsv``.

        Raises
        ------
        FormatError
            naming path and line.
        """
        return _load(path, _SEPARATOR, _unescape)

    def save_word2vec_c(self, path: Path) -> None:
        """Write the file that word2vec.c's ``-save-vocab`` writes: word, space, count.

        Raises
        ------
        FormatError
            a word holds white space, which that format cannot carry.
        """
        for word in self.words:
            if not word or any(character in word for character in " \t\n\r\0"):
                raise FormatError(f"word2vec.c's vocabulary file cannot carry the word {word!r}: it is empty or holds white space")
        lines = [f"{word} {count}\n" for word, count in zip(self.words, self.counts.tolist(), strict=True)]
        path.write_bytes("".join(lines).encode())

    @classmethod
    def load_word2vec_c(cls, path: Path) -> Vocabulary:
        """Read the file that word2vec.c's ``-save-vocab`` writes; its order is kept.

        Raises
        ------
        FormatError
            naming path and line.
        """
        return _load(path, " ", lambda word: word)


def rank_words(words: Sequence[str], counts: Iterable[int]) -> list[int]:
    """Indices of `words` by falling count, ties in code-point order (the order of UTF-8 bytes too)."""
    by_index = list(counts)
    return sorted(range(len(words)), key=lambda i: (-by_index[i], words[i]))


def _load(path: Path, separator: str, decode: Callable[[str], str]) -> Vocabulary:
    raw = path.read_bytes()
    try:
        return Vocabulary(*_parse(raw, separator, decode))
    except ValueError:
        raise _first_fault(path, raw, separator, decode) from None


def _parse(raw: bytes, separator: str, decode: Callable[[str], str]) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Words and counts of lines ``word separator count``, all at once (1M lines in 0.3 s); a ValueError for any fault."""
    if raw and not raw.endswith(b"\n"):
        raw += b"\n"
    codes = np.frombuffer(raw, np.uint8)
    marks = np.flatnonzero((codes == ord(separator)) | (codes == ord("\n")))
    separators, ends = marks[0::2], marks[1::2]
    if len(marks) % 2 or (codes[separators] == ord("\n")).any() or (codes[ends] != ord("\n")).any():
        raise ValueError
    counts = _parse_digits(codes, separators + 1, ends)
    borders = np.zeros(len(codes), np.int8)
    borders[separators], borders[ends] = 1, -1
    words = codes[np.cumsum(borders, dtype=np.int8) == 0].tobytes().decode().split("\n")[:-1]  # from separator to end: cut out
    if not all(words):
        raise ValueError
    return (list(map(decode, words)) if b"\\" in raw else words), counts


def _parse_digits(codes: npt.NDArray[np.uint8], starts: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    lengths = ends - starts
    if len(lengths) and not 1 <= lengths.min() <= lengths.max() <= _MAX_DIGITS:
        raise ValueError
    values = np.zeros(len(starts), np.int64)
    for place in range(lengths.max(initial=0)):
        here = np.flatnonzero(lengths > place)
        digits = codes[starts[here] + place] - np.uint8(ord("0"))  # wraps around for what is below "0"
        if (digits > 9).any():
            raise ValueError
        values[here] = values[here] * 10 + digits
    return values


def _first_fault(path: Path, raw: bytes, separator: str, decode: Callable[[str], str]) -> FormatError:
    """The slow second look, only at a file that `_parse` or `Vocabulary` refused: which line is wrong, and why."""
    seen: set[str] = set()
    for number, line in enumerate(raw.removesuffix(b"\n").split(b"\n"), 1):
        try:
            word, _, count = line.decode().partition(separator)
            word = decode(word)
        except UnicodeDecodeError as error:
            return FormatError(f"{path}, line {number}: not UTF-8 ({error.reason})")
        except FormatError as error:
            return FormatError(f"{path}, line {number}: {error}")
        if not word or not (count.isascii() and count.isdigit()) or len(count) > _MAX_DIGITS:
            return FormatError(f"{path}, line {number}: expected a word, {separator!r} and a count, found {line[:60]!r}")
        if word in seen:
            return FormatError(f"{path}, line {number}: the word {word!r} occurs a second time")
        seen.add(word)
    return FormatError(f"{path} is not a vocabulary file")


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
