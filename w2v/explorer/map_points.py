"""The map: the most frequent words in two dimensions, each with its count and its cluster."""

from pathlib import Path
from typing import Any

import numpy as np

from w2v.explorer.kept_arrangement import KeptArrangement
from w2v.explorer.tsne_process import Arrangement
from w2v.vectors.clusters import cluster
from w2v.vectors.projection import Points, project
from w2v.vectors.prominence import function_words, grammar_clusters, prominence
from w2v.vectors.word_vectors import WordVectors

_NAMES = 3  # words that stand for a cluster
EXTENT = 10_000  # coordinates are integers from -10,000 to 10,000: finer than any screen, and short as JSON


class WordMap:
    """Words, counts and clusters, arranged by principal components at once and by t-SNE when that is ready.

    Parameters
    ----------
    top : so many of the most frequent words, or all
    n_clusters : at most
    method : of `projection.METHODS`: tsne starts a process that arranges the map anew
    seed : of the clusters and of t-SNE
    model : the directory of the model, in which the arrangement by t-SNE is kept

    Raises
    ------
    MissingExtraError
        scikit-learn, or for tsne openTSNE, is not installed.
    FormatError
        a vector is not finite.
    """

    def __init__(self, vectors: WordVectors, top: int, n_clusters: int, method: str, seed: int, model: Path | None = None) -> None:
        n_words = min(top, len(vectors))
        vectors.norms  # noqa: B018 - computed once: checks every vector, and the first question needs it anyway
        matrix = vectors.matrix[:n_words]
        self.content: dict[str, Any] = {
            **describe_words(vectors, n_words, n_clusters, seed),
            "method": method,
            "points": to_coordinates(project(matrix, "pca")),
        }
        settings = {"method": method, "seed": seed, "top": n_words}
        self._kept = None if model is None or method != "tsne" else KeptArrangement(model, settings)
        self._points = None if self._kept is None else self._kept.read(n_words, EXTENT)
        self._arrangement = Arrangement(matrix, seed) if method == "tsne" and self._points is None else None  # last: it takes a core

    def arranged(self) -> dict[str, Any]:
        """How far t-SNE is: ``progress`` from 0 to 1, the ``points`` when it is done, or an ``error``."""
        if self._arrangement is None:
            return {"progress": 1.0, "points": self._points, "error": None}
        state = self._arrangement.state()
        if state.points is not None and self._points is None:
            self._points = to_coordinates(state.points)
            if self._kept is not None:
                self._kept.write(self._points)
        return {"progress": state.progress, "points": self._points, "error": state.error}

    def close(self) -> None:
        """End the process that arranges the map; what it has done is kept."""
        if self._arrangement is not None:
            self.arranged()
            self._arrangement.close()


def describe_words(vectors: WordVectors, n_words: int, n_clusters: int, seed: int) -> dict[str, Any]:
    """What a map tells of its words, but for where they are.

    ``words``, ``counts``, and the number of the cluster of each in ``clusters``; ``names``, words that stand for each cluster, and in
    ``named`` whether they are on the map, not so of clusters of grammar; ``prominent``: ranks, the first of which are named first.
    """
    matrix = vectors.matrix[:n_words]
    found = cluster(vectors, min(n_clusters, n_words), top=n_words, seed=seed)
    order = np.argsort(-prominence(matrix, found), kind="stable")
    is_function = function_words(matrix)
    names = []
    for number in range(int(found.labels.max()) + 1):
        ranks = order[found.labels[order] == number]
        chosen = [*ranks[~is_function[ranks]], *ranks[is_function[ranks]]][:_NAMES]
        names.append([found.words[rank] for rank in chosen])
    return {
        "words": list(found.words),
        "counts": vectors.counts[:n_words].tolist(),
        "clusters": found.labels.tolist(),
        "names": names,
        "named": [not is_grammar for is_grammar in grammar_clusters(found, is_function)],
        "prominent": order.tolist(),
    }


def to_coordinates(points: Points) -> dict[str, list[int]]:
    """x and y, the middle of the points at 0 and the outermost one at `EXTENT`."""
    low, high = points.min(axis=0), points.max(axis=0)
    largest = float((high - low).max()) / 2
    scaled = np.rint((points - (low + high) / 2) * (EXTENT / largest if largest > 0 else 0.0)).astype(np.int64)
    return {"x": scaled[:, 0].tolist(), "y": scaled[:, 1].tolist()}
