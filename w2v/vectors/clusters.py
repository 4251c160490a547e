"""Clusters of words: k-means over directions (spherical up to rounding), and word2vec.c's file of classes."""

import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer
from w2v.errors import ConfigError, FormatError, import_extra
from w2v.storage import atomic_file
from w2v.vectors.nearest import Matrix
from w2v.vectors.word_vectors import WordVectors

LARGEST_SEED = 2**32 - 1  # of scikit-learn and openTSNE
_BATCH = 4096
_UNWRITABLE = re.compile("[ \t\n\r\0\ud800-\udfff]")


@dataclass(frozen=True)
class Clusters:
    """Which cluster each word is in; clusters are numbered by falling size.

    Attributes
    ----------
    words : the clustered words by rank
    labels : (n_words,) int64, each in [0, n_clusters)
    similarities : (n_words,) float64, cosine similarity of each word to its cluster's mean
    """

    words: tuple[str, ...]
    labels: npt.NDArray[np.int64]
    similarities: npt.NDArray[np.float64]

    def examples(self, cluster: int, n: int) -> list[str]:
        """At most `n` words that show people what a cluster is about: frequent ones near its center.

        The most typical words are mostly rare ones, which nobody knows. Here the similarity counts times 1 + log(number of words / rank),
        about the logarithm of a word's frequency.
        """
        ranks = np.flatnonzero(self.labels == cluster)
        weights = 1 + np.log(len(self.words) / (ranks + 1))
        return [self.words[rank] for rank in ranks[np.argsort(-self.similarities[ranks] * weights, kind="stable")[:n]].tolist()]

    def save_classes(self, path: str | Path) -> None:
        """Write the file that word2vec.c's ``-classes`` writes: word, space, class, by rank.

        Raises
        ------
        FormatError
            a word that is empty, holds white space or is not Unicode: that format cannot carry it.
        OSError
            the file cannot be written.
        """
        for word in self.words:
            if not word or _UNWRITABLE.search(word):
                raise FormatError(
                    f"word2vec.c's classes file cannot carry the word {word!r}: it is empty, holds white space or is not Unicode; "
                    "leave it out first with words=[...] of w2v.load"
                )
        lines = [f"{word} {label}\n" for word, label in zip(self.words, self.labels.tolist(), strict=True)]
        with atomic_file(Path(path)) as file:
            file.write("".join(lines).encode())


def cluster(vectors: WordVectors, n_clusters: int, *, top: int | None = None, seed: int = 1) -> Clusters:
    """Cluster words by scikit-learn's MiniBatchKMeans over their unit vectors.

    Parameters
    ----------
    n_clusters : from 1 to the number of words
    top : so many of the most frequent words only
    seed : of the start and of the batches, 0 to 2**32 - 1

    Raises
    ------
    MissingExtraError
        scikit-learn is not installed.
    ConfigError
        a number out of range, or more clusters than words.
    """
    integer("seed", seed, 0, LARGEST_SEED)
    rows = slice(None if top is None else integer("top", top))
    words = vectors.words[rows]
    if integer("n_clusters", n_clusters) > len(words):
        raise ConfigError(f"n_clusters must be at most the number of words, {len(words):,}: received {n_clusters:,}")
    norms = vectors.norms[rows]
    units: Matrix = (vectors.matrix[rows] / np.where(norms > 0, norms, np.float32(1))[:, None]).astype(np.float32, copy=False)
    sklearn: Any = import_extra("sklearn.cluster", "clusters", "clusters")
    kmeans = sklearn.MiniBatchKMeans(n_clusters, batch_size=_BATCH, n_init=3, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=import_extra("sklearn.exceptions", "clusters", "clusters").ConvergenceWarning)
        found = kmeans.fit_predict(units)  # it warns where equal vectors leave clusters empty: those get the highest numbers here
    sizes = np.bincount(found, minlength=n_clusters)
    numbers = np.empty(n_clusters, np.int64)
    numbers[np.lexsort((np.arange(n_clusters), -sizes))] = np.arange(n_clusters)
    labels = numbers[found]
    return Clusters(words, labels, _similarities(units, labels, n_clusters))


def _similarities(units: Matrix, labels: npt.NDArray[np.int64], n_clusters: int) -> npt.NDArray[np.float64]:
    order = np.argsort(labels, kind="stable")
    filled, starts = np.unique(labels[order], return_index=True)
    means = np.zeros((n_clusters, units.shape[1]))
    means[filled] = np.add.reduceat(units[order], starts, axis=0)
    lengths = np.linalg.norm(means, axis=1, keepdims=True)
    means /= np.where(lengths > 0, lengths, 1)
    return np.asarray(np.clip(np.einsum("ij,ij->i", units, means[labels]), -1, 1))
