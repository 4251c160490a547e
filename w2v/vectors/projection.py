"""Vectors in two dimensions, for a picture: principal components, or t-SNE (van der Maaten and Hinton 2008) by openTSNE."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError, import_extra

METHODS = ("tsne", "pca")
_PERPLEXITY = 30.0
_NEIGHBORS_PER_PERPLEXITY = 3  # t-SNE looks at so many neighbors for each unit of perplexity

Matrix = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]


def project(matrix: Matrix, method: str = "tsne", *, seed: int = 1, threads: int = 1) -> Points:
    """Points whose distances follow those of the directions of the vectors.

    Parameters
    ----------
    matrix : (n, dim) float32
    method : tsne keeps neighbors together, pca the largest differences apart; fewer than 5 vectors are always drawn by pca
    seed : of t-SNE; with one thread a picture is reproducible

    Returns
    -------
    (n, 2) float64

    Raises
    ------
    MissingExtraError
        tsne without openTSNE.
    ConfigError
        an unknown method.
    """
    if method not in METHODS:
        raise ConfigError(f"method must be one of {', '.join(METHODS)}: received {method!r}")
    norms = np.linalg.norm(matrix.astype(np.float64), axis=1, keepdims=True)
    units = matrix / np.where(norms > 0, norms, 1)
    if method == "pca" or len(units) < 5:
        return _principal_components(units)
    open_tsne: Any = import_extra("openTSNE", "plot", "t-SNE (or take --method pca)")
    perplexity = min(_PERPLEXITY, (len(units) - 1) / _NEIGHBORS_PER_PERPLEXITY)
    # Euclidean distances of unit vectors order pairs as cosines do.
    tsne = open_tsne.TSNE(perplexity=perplexity, initialization="pca", random_state=seed, n_jobs=threads)
    return np.asarray(tsne.fit(units), np.float64)


def _principal_components(units: Points) -> Points:
    centered = units - units.mean(axis=0)
    # The signs of singular vectors are any: the largest entry of each is made positive.
    _, _, directions = np.linalg.svd(centered, full_matrices=False)
    directions = directions[:2]
    directions = directions * np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])[:, None]
    points = np.zeros((len(units), 2))
    points[:, : len(directions)] = centered @ directions.T
    return points
