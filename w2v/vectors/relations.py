"""How given words relate: means, similarities of pairs and of groups, the odd one out, who is closer.

Each function takes the words' vectors as `vectors.matrix` and `vectors` or its `vocabulary` have them; `WordVectors` has a method for each.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError
from w2v.vectors.nearest import Item, Matrix, Neighbor, Ranked, Vector, checked_vector, cosines, exact_cosines, unit, unit_rows

_DOUBT = 1e-5  # similarities in float32 are this exact at least; what is closer to the border is computed again


def mean_vector(
    vocabulary: Ranked,
    matrix: Matrix,
    items: Sequence[Item],
    weights: Sequence[float] | None = None,
    *,
    pre_normalize: bool = True,
    post_normalize: bool = False,
) -> Vector:
    """(dim,) float64: sum of weight * vector over sum of abs(weight); gensim's ``get_mean_vector`` without ignored words.

    Raises
    ------
    UnknownWordError
        with close matches.
    ConfigError
        no items or a bare text, another number of weights, or a vector that is not `dim` finite numbers.
    """
    if isinstance(items, str) or len(items) == 0:
        raise ConfigError(f"a mean needs a list of at least one word or vector: received {items!r}")
    factors = np.ones(len(items)) if weights is None else np.asarray(weights, np.float64)
    if factors.shape != (len(items),) or not np.isfinite(factors).all():
        raise ConfigError(f"a mean of {len(items)} vectors needs as many finite weights: received {weights!r}")
    total = np.zeros(matrix.shape[1])
    for factor, item in zip(factors, items, strict=True):
        if isinstance(item, str):
            row = matrix[vocabulary.index(item)]
            total += factor * (unit(row) if pre_normalize else row)
        else:
            total += factor * checked_vector(item, matrix.shape[1])
    divisor = float(np.abs(factors).sum())
    mean = total / divisor if divisor > 0 else total
    return unit(mean) if post_normalize else mean


def similarities(vocabulary: Ranked, matrix: Matrix, pairs: Sequence[tuple[str, str]]) -> Vector:
    """(n_pairs,) float64: cosine similarity of the two words of each pair, -1 to 1."""
    ranks = np.array([[vocabulary.index(a), vocabulary.index(b)] for a, b in pairs], np.int64).reshape(-1, 2)
    result = np.empty(len(ranks))
    for start in range(0, len(ranks), 65_536):
        part = slice(start, start + 65_536)
        left, right = (unit_rows(matrix[ranks[part, side]]) for side in (0, 1))
        result[part] = np.einsum("ij,ij->i", left, right)
    return np.clip(result, -1, 1)


def similarity_of_groups(vocabulary: Ranked, matrix: Matrix, a: Sequence[str], b: Sequence[str]) -> float:
    """Cosine similarity of the means of two groups of words, each word with its whole vector: gensim's ``n_similarity``."""
    means = [unit(mean_vector(vocabulary, matrix, words, pre_normalize=False)) for words in (a, b)]
    return float(np.clip(means[0] @ means[1], -1, 1))


def by_centrality(vocabulary: Ranked, matrix: Matrix, words: Sequence[str]) -> list[Neighbor]:
    """The words by falling similarity to the mean of their unit vectors, as gensim's ``rank_by_centrality``; equal ones by name, backwards.

    Raises
    ------
    UnknownWordError
        with close matches.
    ConfigError
        fewer than three words: of two, none is odder than the other.
    """
    if isinstance(words, str) or len(words) < 3:
        raise ConfigError(f"finding the odd one out takes at least three words: received {words!r}")
    units = unit_rows(matrix[[vocabulary.index(word) for word in words]])
    scores = np.clip(np.einsum("ij,j->i", units, unit(units.mean(axis=0))), -1, 1)
    return [Neighbor(word, score) for score, word in sorted(zip(scores.tolist(), words, strict=True), reverse=True)]


def closer_ranks(matrix: Matrix, norms: Matrix, a: int, b: int) -> npt.NDArray[np.int64]:
    """Ranks of the words, in their order, that are more similar to word `a` than word `b` is; `a` is none of them."""
    if a == b:
        return np.empty(0, np.int64)
    query = unit(matrix[a])[None]
    border = float(exact_cosines(matrix, np.array([b]), query)[0, 0])
    found = []
    for first, block in cosines(matrix, norms, query.astype(np.float32)):
        closer = block[0] > border
        doubtful = np.flatnonzero(np.abs(block[0] - border) < _DOUBT)
        closer[doubtful] = exact_cosines(matrix, first + doubtful, query)[:, 0] > border
        found.append(first + np.flatnonzero(closer))
    ranks = np.concatenate(found)
    others: npt.NDArray[np.int64] = ranks[ranks != a]
    return others
