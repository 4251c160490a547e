"""A dozen words that show what vectors know: telling ones, of different subjects."""

import itertools
from collections.abc import Sequence

import numpy as np

from w2v.vectors.nearest import Neighbor
from w2v.vectors.prominence import function_words
from w2v.vectors.word_vectors import WordVectors

_LOOKED_AT = 10_000  # words, as on the explorer's map
_N_NEIGHBORS = 8


def sample_neighbors(vectors: WordVectors, names: Sequence[Sequence[str]], n_words: int = 12) -> list[tuple[str, list[Neighbor]]]:
    """Words and their nearest neighbors.

    Parameters
    ----------
    names : words that stand for each region of a map, the first ones of all of them are taken first; without regions it is frequent
        words that are no function words
    """
    rounds = [[name for name in names_of if name is not None] for names_of in itertools.zip_longest(*names)]
    words = list(itertools.chain.from_iterable(rounds)) or _frequent(vectors)
    words = words[:n_words]
    return list(zip(words, vectors.neighbors_of_each(words, _N_NEIGHBORS), strict=True))


def _frequent(vectors: WordVectors) -> list[str]:
    found = function_words(vectors.matrix[:_LOOKED_AT])
    return [vectors.words[rank] for rank in np.flatnonzero(~found)[:200:16].tolist()]
