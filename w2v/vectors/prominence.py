"""Which words tell people most about a map: frequent, in the middle of their cluster, and with a meaning of their own."""

import numpy as np
import numpy.typing as npt

from w2v.vectors.clusters import Clusters
from w2v.vectors.nearest import Matrix, unit_rows

_LOOKED_AT = 2000  # words so frequent that they may be function words
_NEIGHBORS = 10


def prominence(matrix: Matrix, found: Clusters) -> npt.NDArray[np.float64]:
    """A weight for each word: the higher, the rather it is named on the map.

    As in `Clusters.examples`, the similarity to the center of the cluster counts times 1 + log(number of words / rank). That alone
    names many function words. Their neighbors are function words too, the most frequent words there are, while the neighbors of *church*
    or *software* are much rarer than these themselves: so it also counts times the square of the mean logarithm of the ranks of a word's
    neighbors. That asks for no list of words, in any language.

    Parameters
    ----------
    matrix : (n, dim) float32, by rank
    found : the clusters of these words

    Returns
    -------
    (n,) float64
    """
    n_words = len(matrix)
    frequency = 1 + np.log(n_words / np.arange(1, n_words + 1))
    return np.asarray(found.similarities * frequency * _neighbor_ranks(matrix) ** 2)


def _neighbor_ranks(matrix: Matrix) -> npt.NDArray[np.float64]:
    """Mean of 1 + log(rank) over the nearest neighbors; of a rarer word, what it is on the average."""
    units = unit_rows(matrix)
    n_near = min(_NEIGHBORS, len(units) - 1)
    if n_near < 1:
        return np.ones(len(units))
    looked_at = min(_LOOKED_AT, len(units))
    means = np.empty(looked_at)
    for first in range(0, looked_at, 200):  # 200 x 50,000 similarities are 40 MB
        similarities = units[first : first + 200] @ units.T
        rows = np.arange(len(similarities))
        similarities[rows, first + rows] = -2  # not the word itself
        nearest = np.argpartition(-similarities, n_near - 1, axis=1)[:, :n_near]
        means[first : first + 200] = 1 + np.log(nearest + 1).mean(axis=1)
    result = np.full(len(units), means[looked_at // 2 :].mean())
    result[:looked_at] = means
    return result
