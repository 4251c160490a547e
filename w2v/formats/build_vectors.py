"""From words and rows to `WordVectors`: the rows that were asked for, finite, each word once."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.errors import FormatError
from w2v.formats.read_options import ReadOptions
from w2v.npy import Matrix
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

_BLOCK_VALUES = 1 << 20
_LARGEST_COUNT = 10**18 - 1  # a vocabulary's file has no counts of more digits


def first_occurrences(words: Sequence[str], options: ReadOptions, location: Callable[[int], str]) -> npt.NDArray[np.int64]:
    """Indices of the words without later repetitions.

    Raises
    ------
    FormatError
        a repetition, unless `options` repair.
    """
    if len(set(words)) == len(words):
        return np.arange(len(words))
    first: dict[str, int] = {}
    for row, word in enumerate(words):
        if first.setdefault(word, row) != row:
            found = f"{location(row)}: each word must occur once: {word!r} is also at {location(first[word])}"
            options.tolerate(found, "the later row is left out")
    return np.fromiter(first.values(), np.int64, len(first))


def refuse_no_words(path: Path, words: Sequence[str], options: ReadOptions) -> None:
    """Refuse to go on with nothing.

    Raises
    ------
    FormatError
        no words.
    """
    if words:
        return
    if options.words is not None:
        raise FormatError(f"{path} must hold a word that is asked for: it has none of the {len(options.words)}")
    raise FormatError(f"{path} must hold a row that can be read: there is none")


def check_counts(path: Path, counts: npt.NDArray[np.int64]) -> None:
    """Refuse counts that some format could not give back.

    Raises
    ------
    FormatError
        a count that is negative or has more than 18 digits.
    """
    wrong = np.flatnonzero((counts < 0) | (counts > _LARGEST_COUNT))
    if len(wrong):
        raise FormatError(f"{path}, word {wrong[0] + 1}: a count must be 0 to {_LARGEST_COUNT}: found {counts[wrong[0]]}")


def build_vectors(
    path: Path,
    words: Sequence[str],
    matrix: Matrix,
    options: ReadOptions,
    counts: npt.NDArray[np.int64] | None = None,
    tokenizer: CorpusConfig | None = None,
) -> WordVectors:
    """Vectors of what a file holds: the rows that were asked for, checked.

    Parameters
    ----------
    matrix : (n_words, dim) float32; a memory map is read in blocks, and only the chosen rows are copied, if any are left out
    counts : (n_words,) int64; None where the file has none

    Raises
    ------
    FormatError
        a number that is not finite, or a word that occurs twice, among the rows asked for, unless `options` repair; a count out of range.
    """
    words, matrix = words[: options.limit], matrix[: options.limit]
    counts = np.zeros(len(words), np.int64) if counts is None else counts[: options.limit]
    check_counts(path, counts)
    rows = np.arange(len(words))  # of the file, that are kept
    if options.words is not None:
        rows = np.flatnonzero([word in options.words for word in words])
    finite = _are_finite(matrix, rows)
    for row in rows[~finite].tolist():
        options.tolerate(f"{path}, word {row + 1}: the numbers of {words[row]!r} must be finite", "the row is left out")
    rows = rows[finite]
    kept = [words[row] for row in rows.tolist()]
    refuse_no_words(path, kept, options)
    unique = first_occurrences(kept, options, lambda index: f"{path}, word {rows[index] + 1}")
    if len(unique) < len(kept):
        rows, kept = rows[unique], [kept[index] for index in unique.tolist()]
    if len(rows) < len(words):
        matrix, counts = matrix[rows], counts[rows]
    return WordVectors(Vocabulary(kept, counts), matrix, tokenizer=tokenizer)


def _are_finite(matrix: Matrix, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """(len(rows),) whether all numbers of these rows are finite."""
    finite = np.empty(len(rows), bool)
    block = max(1, _BLOCK_VALUES // matrix.shape[1])
    for start in range(0, len(rows), block):
        part = slice(start, start + block)
        finite[part] = np.isfinite(matrix[rows[part]] if len(rows) < len(matrix) else matrix[part]).all(axis=1)
    return finite


def select_words(path: Path, vectors: WordVectors, options: ReadOptions) -> WordVectors:
    """The rows of `vectors` that were asked for; the first ones stay where they are, in memory or on disk.

    Raises
    ------
    FormatError
        none of the words.
    """
    if options.limit is None and options.words is None:
        return vectors
    return build_vectors(path, vectors.words, vectors.matrix, options, vectors.counts, vectors.tokenizer)


def normalized(vectors: WordVectors) -> WordVectors:
    """The same words with vectors of length 1; a vector of zeros stays one.

    >>> vectors = WordVectors(Vocabulary(["a", "b"], [2, 1]), np.array([[3, 4], [0, 0]], np.float32))
    >>> normalized(vectors).matrix.tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    matrix: Matrix = np.empty(vectors.matrix.shape, np.float32)
    block = max(1, _BLOCK_VALUES // vectors.dim)
    for start in range(0, len(vectors), block):
        rows = vectors.matrix[start : start + block].astype(np.float64)  # squares of float32 overflow and vanish in float32
        lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        lengths[lengths == 0] = 1
        matrix[start : start + block] = rows / lengths[:, np.newaxis]
    return WordVectors(vectors.vocabulary, matrix, tokenizer=vectors.tokenizer)
