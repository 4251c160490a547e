"""Nearest neighbors by cosine similarity: exact, batched, in bounded memory.

Blocks of rows are compared with all queries of a batch by one matrix product in float32. The best candidates of a query, a few
more than asked for, are then compared again in float64 and sorted: a result depends on neither batch nor BLAS, and words of equal
similarity stand in order of rank, unless more words than are spare lie within float32's rounding of the last one.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from w2v.checks import integer
from w2v.errors import ConfigError, FormatError

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]
Item = str | npt.NDArray[np.floating]
Items = Item | Sequence[Item]

_BLOCK_ROWS = 65_536
_BATCH = 1024  # queries in one product: more are not faster
_SCORES = 1 << 24  # similarities held at a time: 64 MB
_CANDIDATES = 1 << 22  # candidates held at a time: 50 MB
_SPARE = 16  # candidates beyond n: float32 may swap words whose similarities differ by less than about 1e-6


class Ranked(Protocol):
    """Words with ranks: a `Vocabulary`, or `WordVectors`, which also find what their tokenizer makes a word of."""

    def index(self, word: str) -> int:
        """Rank of a word."""


class Neighbor(NamedTuple):
    """A word and its cosine similarity to the query, -1 to 1."""

    word: str
    similarity: float


def row_norms(matrix: Matrix) -> Matrix:
    """Euclidean length of each row, by blocks: a memory-mapped matrix is read, not copied.

    Parameters
    ----------
    matrix : (n_words, dim) float32

    Returns
    -------
    (n_words,) float32

    Raises
    ------
    FormatError
        a row, or its length in float32, is not finite.
    """
    norms = np.empty(len(matrix), np.float32)
    for rows in _blocks(len(matrix), _BLOCK_ROWS):
        with np.errstate(over="ignore", invalid="ignore"):
            squares = np.einsum("ij,ij->i", matrix[rows], matrix[rows])
            norms[rows] = np.sqrt(squares)
            # Squares may leave the range of float32 where the vector does not.
            doubtful = rows.start + np.flatnonzero(~((squares > 1e-30) & (squares < 1e30)))
            norms[doubtful] = np.linalg.norm(matrix[doubtful].astype(np.float64), axis=1)
    wrong = np.flatnonzero(~np.isfinite(norms))
    if len(wrong):
        raise FormatError(f"word vectors must be finite float32 numbers of finite length: the one at rank {wrong[0]} is not")
    return norms


def unit(vector: npt.NDArray[np.floating]) -> Vector:
    """A vector of length 1 in the same direction, in float64; zeros stay zeros."""
    wide = vector.astype(np.float64)
    largest = np.abs(wide).max(initial=0.0)
    if largest == 0:
        return wide
    wide /= largest  # so that no square leaves the range
    return wide / np.linalg.norm(wide)


def unit_rows(rows: npt.NDArray[np.floating]) -> Vector:
    """Rows of length 1 in float64; zeros stay zeros."""
    wide = rows.astype(np.float64)
    norms = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.asarray(wide / np.where(norms > 0, norms, 1))


def direction(vocabulary: Ranked, matrix: Matrix, positive: Items, negative: Items = ()) -> tuple[Vector, list[int]]:
    """What a query looks for, as gensim's ``most_similar`` forms it: the mean of weighted vectors, scaled to length 1.

    Parameters
    ----------
    positive, negative : a word, a vector (dim,), or a list of both; weights +1 and -1. Words count with their unit vectors, vectors as
        they are.

    Returns
    -------
    (dim,) float64 of length 1 or 0, and the ranks of the query's words, which are no neighbors of it

    Raises
    ------
    UnknownWordError
        with close matches.
    ConfigError
        nothing to look for, or a vector that is not `dim` finite numbers.
    """
    total, ranks = np.zeros(matrix.shape[1]), []
    weighted = [(1.0, item) for item in items_of(positive)] + [(-1.0, item) for item in items_of(negative)]
    if not weighted:
        raise ConfigError("a query must have at least one word or vector: received none")
    for weight, item in weighted:
        if isinstance(item, str):
            rank = vocabulary.index(item)
            ranks.append(rank)
            total += weight * unit(matrix[rank])
        else:
            total += weight * checked_vector(item, len(total))
    return unit(total), ranks


def checked_vector(item: object, dim: int) -> npt.NDArray[np.floating]:
    """A vector that may be asked for; a ConfigError where it is not `dim` finite numbers."""
    if isinstance(item, int | np.integer | bytes):
        raise ConfigError(words_are_texts(item))
    if isinstance(item, np.ndarray) and item.shape == (dim,) and item.dtype.kind in "fiu" and np.isfinite(item).all():
        return item
    found = f"an array of shape {item.shape} and dtype {item.dtype}" if isinstance(item, np.ndarray) else repr(item)
    remedy = "; numbers become a vector by np.array([...])" if isinstance(item, float) else ""
    raise ConfigError(f"a query must hold words, or vectors of {dim} finite numbers: received {found}{remedy}")


def items_of(items: Items) -> list[Item]:
    """A word or a vector as a list of one, as is what is neither; a list as it is."""
    if isinstance(items, Mapping):
        raise ConfigError(f"a query must be words or vectors; weights are given to mean_vector(words, weights): received {items!r:.80}")
    is_one = isinstance(items, str | bytes) or not isinstance(items, Iterable) or (isinstance(items, np.ndarray) and items.ndim < 2)
    return [items] if is_one else list(items)  # type: ignore[list-item]


def words_are_texts(item: object) -> str:
    """The message for something else than a text in the place of a word."""
    if isinstance(item, bytes):
        return f"words are texts, which .decode() makes of bytes: received {item!r:.80}"
    return f"words are texts: {str(item)!r}, but received {item!r}" if np.isscalar(item) else f"words are texts: received {item!r:.80}"


def nearest(
    matrix: Matrix, norms: Matrix, queries: Vector, excluded: Sequence[Collection[int]], n: int
) -> Iterator[tuple[npt.NDArray[np.int64], Vector]]:
    """The `n` rows most similar to each query.

    Parameters
    ----------
    matrix : (n_words, dim) float32, memory-mapped or a view of padded rows if you like; never copied
    norms : (n_words,) float32, from `row_norms`; a row of zeros has similarity 0
    queries : (n_queries, dim) float64 of length 1 or 0
    excluded : for each query, the ranks to leave out
    n : at least 1; fewer are returned where the vocabulary ends

    Yields
    ------
    For each query, ranks (int64) and similarities (float64) by falling similarity, equal ones by rank.

    Raises
    ------
    ConfigError
        `n` is no integer of at least 1.
    """
    return search(matrix, norms, queries[:, None], excluded, n)


def search(
    matrix: Matrix,
    norms: Matrix,
    queries: Vector,
    excluded: Sequence[Collection[int]],
    n: int,
    score: Callable[[npt.NDArray[Any]], None] = lambda similarities: None,
) -> Iterator[tuple[npt.NDArray[np.int64], Vector]]:
    """The `n` rows of the highest score for each query; the other parameters, and what is yielded, are those of `nearest`.

    Parameters
    ----------
    queries : (n_queries, n_terms, dim) float64
    score : puts the scores, (n_rows,), into the first row of (n_terms, n_rows) cosine similarities
    """
    n_terms = queries.shape[1]
    kept = min(len(matrix), integer("n", n) + max(map(len, excluded), default=0) + _SPARE)
    batch = max(1, min(_BATCH, _CANDIDATES // max(kept, 1)) // n_terms)
    for start in range(0, len(queries), batch):
        part = queries[start : start + batch]
        best = _Best(len(part), kept)
        for first, block in cosines(matrix, norms, part.reshape(-1, part.shape[2]).astype(np.float32)):
            by_query = block.reshape(len(part), n_terms, -1)
            for similarities in by_query:  # one query at a time stays in the processor's cache: half the time of all at once
                score(similarities)
            best.add(first, by_query[:, 0])
        for query, ranks, own in zip(part, best.ranks, excluded[start : start + batch], strict=True):
            others = ranks[np.isin(ranks, list(own), invert=True)]
            exact = np.ascontiguousarray(exact_cosines(matrix, others, query).T)
            score(exact)
            order = np.lexsort((others, -exact[0]))[:n]
            yield others[order], exact[0][order]


class _Best:
    """The highest scores of each query, block after block; at the border equal ones with the lower rank are kept."""

    def __init__(self, n_queries: int, kept: int) -> None:
        self._kept = kept
        self.ranks = [np.empty(0, np.int64)] * n_queries
        self._scores = [np.empty(0, np.float32)] * n_queries
        self._borders = np.full(n_queries, -np.inf, np.float32)

    def add(self, start: int, block: Matrix) -> None:
        """Take the scores of the next rows, (n_queries, n_rows) float32, from row `start` on."""
        better = block > self._borders[:, None]
        for query in np.flatnonzero(better.any(axis=1)).tolist():
            columns = np.flatnonzero(better[query])
            ranks = np.concatenate((self.ranks[query], start + columns))
            scores = np.concatenate((self._scores[query], block[query, columns]))
            if len(ranks) > self._kept:
                largest = _largest(scores, self._kept)
                ranks, scores = ranks[largest], scores[largest]
            if len(ranks) == self._kept:
                self._borders[query] = scores.min()
            self.ranks[query], self._scores[query] = ranks, scores


def cosines(matrix: Matrix, norms: Matrix, units: Matrix) -> Iterator[tuple[int, Matrix]]:
    """Cosine similarities in float32 to all rows, by blocks of rows.

    Parameters
    ----------
    matrix, norms : (n_words, dim) float32 and its `row_norms`
    units : (n_units, dim) float32 of length 1 or 0; at most a thousand or so

    Yields
    ------
    The first row of a block, and (n_units, n_rows) float32 that the next block overwrites.
    """
    divisors = np.where(norms > 0, norms, np.float32(1))
    block_rows = min(_BLOCK_ROWS, max(1, _SCORES // len(units)))
    buffer = np.empty(len(units) * min(block_rows, len(matrix)), np.float32)
    for rows in _blocks(len(matrix), block_rows):
        width = rows.stop - rows.start
        out = buffer[: len(units) * width].reshape(len(units), width)
        if len(units) > matrix.shape[1]:  # fewer numbers to divide in the rows than in the products
            np.matmul(units, (matrix[rows] / divisors[rows, None]).T, out=out)
        else:
            np.matmul(units, matrix[rows].T, out=out)
            out /= divisors[rows]
        yield rows.start, out


def exact_cosines(matrix: Matrix, ranks: npt.NDArray[np.int64], units: Vector) -> Vector:
    """(n_ranks, n_units) float64: cosine similarities of a few rows to vectors of length 1 or 0, -1 to 1."""
    similarities = np.empty((len(ranks), len(units)))
    for part in _blocks(len(ranks), _BLOCK_ROWS):
        rows = matrix[ranks[part]].astype(np.float64)
        norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        for column, vector in enumerate(units):
            # einsum adds up each row in the same order, as BLAS does not: equal rows must get equal similarities.
            similarities[part, column] = np.einsum("ij,j->i", rows, vector) / np.where(norms > 0, norms, 1)
    return np.clip(similarities, -1, 1)


def _largest(scores: Matrix, n: int) -> npt.NDArray[np.bool_]:
    border = np.partition(scores, len(scores) - n)[len(scores) - n]
    chosen: npt.NDArray[np.bool_] = scores > border
    chosen[np.flatnonzero(scores == border)[: n - np.count_nonzero(chosen)]] = True
    return chosen


def _blocks(n_rows: int, size: int) -> Iterator[slice]:
    for start in range(0, n_rows, size):
        yield slice(start, min(start + size, n_rows))
