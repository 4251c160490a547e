"""The map: the most frequent words in two dimensions, each with its count and its cluster."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.explorer.kept_arrangement import KeptArrangement
from w2v.explorer.tsne_process import Arrangement
from w2v.vectors.clusters import cluster
from w2v.vectors.projection import project
from w2v.vectors.prominence import function_words, grammar_clusters, prominence
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

_LOOKED_AT = 10_000  # most frequent words: whose neighbors these are tells function words from others
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
            **describe_words(vectors, range(n_words), n_clusters, seed),
            "method": method,
            "points": to_coordinates(project(matrix, "pca")),
        }
        settings = {"method": method, "seed": seed, "top": n_words}
        self._kept = None if model is None or method != "tsne" else KeptArrangement(model, settings)
        self._points = None if self._kept is None else self._kept.read(n_words, EXTENT)
        self._arrangement = Arrangement(matrix, seed) if method == "tsne" and self._points is None else None  # last: it takes a core

    def arranged(self) -> dict[str, Any]:
        """How far t-SNE is: ``progress`` from 0 to 1, the ``points`` when it is done, those that are ``moving`` before, or an ``error``."""
        if self._arrangement is None:
            return {"progress": 1.0, "points": self._points, "moving": None, "error": None}
        state = self._arrangement.state()
        if state.points is not None and self._points is None:
            self._points = to_coordinates(state.points)
            if self._kept is not None:
                self._kept.write(self._points)
        moving = None if state.moving is None or self._points is not None else to_coordinates(state.moving)
        return {"progress": state.progress, "points": self._points, "moving": moving, "error": state.error}

    def close(self) -> None:
        """End the process that arranges the map; what it has done is kept."""
        if self._arrangement is not None:
            self.arranged()
            self._arrangement.close()


def part_of(vectors: WordVectors, ranks: Sequence[int]) -> WordVectors:
    """Some of the words, by rising ranks, with their vectors."""
    return WordVectors(Vocabulary([vectors.words[rank] for rank in ranks], vectors.counts[ranks]), vectors.matrix[ranks])


def describe_words(vectors: WordVectors, ranks: Sequence[int], n_clusters: int, seed: int) -> dict[str, Any]:
    """What a map tells of its words, which have rising ranks, but for where they are.

    ``words``, ``counts``, and the number of the cluster of each in ``clusters``; ``names``, words that stand for each cluster, and in
    ``named`` whether they are on the map, not so of clusters of grammar; ``prominent``: indices of words, in the order of their naming.
    """
    part, frequent = part_of(vectors, ranks), vectors.matrix[:_LOOKED_AT]
    found = cluster(part, min(n_clusters, len(part)), seed=seed)
    order = np.argsort(-prominence(frequent, found, ranks), kind="stable")
    is_function = np.append(function_words(frequent), False)[np.minimum(ranks, len(frequent))]
    names = []
    for number in range(int(found.labels.max()) + 1):
        members = order[found.labels[order] == number]
        chosen = [*members[~is_function[members]], *members[is_function[members]]][:_NAMES]
        names.append([found.words[i] for i in chosen])
    return {
        "words": list(found.words),
        "counts": part.counts.tolist(),
        "clusters": found.labels.tolist(),
        "names": names,
        "named": [not is_grammar for is_grammar in grammar_clusters(found, is_function)],
        "prominent": order.tolist(),
    }


def to_coordinates(points: npt.NDArray[np.floating]) -> dict[str, list[int]]:
    """x and y, the middle of the points at 0 and the outermost one at `EXTENT`."""
    low, high = points.min(axis=0), points.max(axis=0)
    largest = float((high - low).max()) / 2
    scaled = np.rint((points - (low + high) / 2) * (EXTENT / largest if largest > 0 else 0.0)).astype(np.int64)
    return {"x": scaled[:, 0].tolist(), "y": scaled[:, 1].tolist()}
