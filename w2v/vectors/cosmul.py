"""3CosMul: analogies by products of similarities instead of sums.

Levy and Goldberg, "Linguistic Regularities in Sparse and Explicit Word Representations", 2014, equation (4): the score of a word is the
product of its similarities to the positive words over the product of its similarities to the negative ones, each similarity moved from
[-1, 1] to [0, 1] (footnote 7), so that one large similarity cannot decide alone.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError
from w2v.vectors.nearest import Items, Matrix, Ranked, Vector, direction, items_of, search

_EPSILON = 1e-6  # against a division by zero, as in the paper and in gensim


def terms(vocabulary: Ranked, matrix: Matrix, positive: Items, negative: Items) -> tuple[Vector, list[int]]:
    """The unit vectors of a query, positive ones first: (n_terms, dim) float64; and the ranks of its words.

    Raises
    ------
    UnknownWordError
        with close matches.
    ConfigError
        nothing positive, or a vector that is not `dim` finite numbers.
    """
    if not items_of(positive):
        raise ConfigError("3CosMul needs at least one positive word or vector: received none")
    found = [direction(vocabulary, matrix, item) for item in items_of(positive) + items_of(negative)]
    return np.array([vector for vector, _ in found]), [rank for _, ranks in found for rank in ranks]


def nearest_by_product(
    matrix: Matrix, norms: Matrix, queries: Vector, n_positive: int, excluded: Sequence[Collection[int]], n: int
) -> Iterator[tuple[npt.NDArray[np.int64], Vector]]:
    """The `n` rows of the highest 3CosMul score for each query.

    Parameters
    ----------
    matrix, norms : (n_words, dim) float32 and its `row_norms`
    queries : (n_queries, n_terms, dim) float64 unit vectors, the positive ones first
    n_positive : how many of the terms are positive
    excluded : for each query, the ranks to leave out

    Yields
    ------
    For each query, ranks (int64) and scores (float64) by falling score, equal ones by rank.
    """
    return search(matrix, norms, queries, excluded, n, lambda similarities: _score(similarities, n_positive))


def _score(similarities: npt.NDArray[Any], n_positive: int) -> None:
    """(n_terms, n_rows) similarities, which are overwritten, to (n_rows,) scores, which stand in the first row."""
    similarities += 1
    similarities *= 0.5
    scores: npt.NDArray[Any] = similarities[0]
    for factor in similarities[1:n_positive]:
        scores *= factor
    divisor = similarities[n_positive] if n_positive < len(similarities) else np.ones_like(scores)
    for factor in similarities[n_positive + 1 :]:
        divisor *= factor
    divisor += _EPSILON
    scores /= divisor
