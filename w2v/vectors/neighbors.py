"""Nearest neighbors by cosine similarity: exact, batched, in bounded memory.

Blocks of rows are compared with all queries of a batch by one matrix product in float32. The best candidates of a query, a few
more than asked for, are then compared again in float64 and sorted: a result depends on neither batch nor BLAS, and words of equal
similarity stand in order of rank.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError, FormatError
from w2v.vocabulary import Vocabulary

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]
Item = str | npt.NDArray[np.floating]
Items = Item | Sequence[Item]

_BLOCK_ROWS = 65_536
_BATCH = 1024  # queries in one product: more are not faster
_SCORES = 1 << 24  # similarities held at a time: 64 MB
_CANDIDATES = 1 << 22  # candidates held at a time: 50 MB
_SPARE = 16  # candidates beyond n: float32 may swap words whose similarities differ by less than about 1e-6


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
        a row is not finite.
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
        raise FormatError(f"word vectors must be finite float32 numbers: the one at rank {wrong[0]} is not")
    return norms


def unit(vector: npt.NDArray[np.floating]) -> Vector:
    """A vector of length 1 in the same direction, in float64; zeros stay zeros."""
    wide = vector.astype(np.float64)
    largest = np.abs(wide).max(initial=0.0)
    if largest == 0:
        return wide
    wide /= largest  # so that no square leaves the range
    return wide / np.linalg.norm(wide)


def direction(vocabulary: Vocabulary, matrix: Matrix, positive: Items, negative: Items = ()) -> tuple[Vector, list[int]]:
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
    weighted = [(1.0, item) for item in _items(positive)] + [(-1.0, item) for item in _items(negative)]
    if not weighted:
        raise ConfigError("a query must have at least one word or vector: received none")
    for weight, item in weighted:
        if isinstance(item, str):
            rank = vocabulary.index(item)
            ranks.append(rank)
            total += weight * unit(matrix[rank])
        elif isinstance(item, np.ndarray) and item.shape == total.shape and item.dtype.kind in "fiu" and np.isfinite(item).all():
            total += weight * item
        else:
            found = f"an array of shape {item.shape} and dtype {item.dtype}" if isinstance(item, np.ndarray) else repr(item)
            raise ConfigError(f"a query must hold words, or vectors of {len(total)} finite numbers: received {found}")
    return unit(total), ranks


def _items(items: Items) -> Sequence[Item]:
    return [items] if isinstance(items, str) or (isinstance(items, np.ndarray) and items.ndim == 1) else list(items)


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
    if isinstance(n, bool) or not hasattr(n, "__index__") or operator.index(n) < 1:
        raise ConfigError(f"n must be an integer of at least 1: received {n!r}")
    kept = min(len(matrix), n + max(map(len, excluded), default=0) + _SPARE)
    batch = max(1, min(_BATCH, _CANDIDATES // max(kept, 1)))
    for start in range(0, len(queries), batch):
        part = slice(start, start + batch)
        candidates = _candidates(matrix, norms, queries[part].astype(np.float32), kept)
        for query, ranks, own in zip(queries[part], candidates, excluded[part], strict=True):
            yield _sorted(matrix, query, ranks[np.isin(ranks, list(own), invert=True)], n)


def _candidates(matrix: Matrix, norms: Matrix, queries: Matrix, kept: int) -> list[npt.NDArray[np.int64]]:
    """For each query the ranks of the `kept` most similar rows, by rank; at the border equal ones with the lower rank are kept."""
    n_queries = len(queries)
    divisors = np.where(norms > 0, norms, np.float32(1))
    block_rows = min(_BLOCK_ROWS, max(1, _SCORES // n_queries))
    buffer = np.empty(n_queries * min(block_rows, len(matrix)), np.float32)
    ranks = [np.empty(0, np.int64)] * n_queries
    scores = [np.empty(0, np.float32)] * n_queries
    borders = np.full(n_queries, -np.inf, np.float32)
    for rows in _blocks(len(matrix), block_rows):
        width = rows.stop - rows.start
        block = np.matmul(queries, matrix[rows].T, out=buffer[: n_queries * width].reshape(n_queries, width))
        block /= divisors[rows]
        better = block > borders[:, None]
        for query in np.flatnonzero(better.any(axis=1)).tolist():
            columns = np.flatnonzero(better[query])
            ranks[query] = np.concatenate((ranks[query], rows.start + columns))
            scores[query] = np.concatenate((scores[query], block[query, columns]))
            if len(ranks[query]) > kept:
                largest = _largest(scores[query], kept)
                ranks[query], scores[query] = ranks[query][largest], scores[query][largest]
            if len(ranks[query]) == kept:
                borders[query] = scores[query].min()
    return ranks


def _largest(scores: Matrix, n: int) -> npt.NDArray[np.bool_]:
    border = np.partition(scores, len(scores) - n)[len(scores) - n]
    chosen: npt.NDArray[np.bool_] = scores > border
    chosen[np.flatnonzero(scores == border)[: n - np.count_nonzero(chosen)]] = True
    return chosen


def _sorted(matrix: Matrix, query: Vector, ranks: npt.NDArray[np.int64], n: int) -> tuple[npt.NDArray[np.int64], Vector]:
    similarities = np.empty(len(ranks))
    for part in _blocks(len(ranks), _BLOCK_ROWS):
        rows = matrix[ranks[part]].astype(np.float64)
        norms = np.sqrt(np.einsum("ij,ij->i", rows, rows))
        # einsum adds up each row in the same order, as BLAS does not: equal rows must get equal similarities.
        similarities[part] = np.einsum("ij,j->i", rows, query) / np.where(norms > 0, norms, 1)
    similarities = np.clip(similarities, -1, 1)
    order = np.lexsort((ranks, -similarities))[:n]
    return ranks[order], similarities[order]


def _blocks(n_rows: int, size: int) -> Iterator[slice]:
    for start in range(0, n_rows, size):
        yield slice(start, min(start + size, n_rows))
