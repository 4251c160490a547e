"""Vectors in two dimensions, for a picture: principal components, or t-SNE (van der Maaten and Hinton 2008) by openTSNE."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, one_of
from w2v.errors import import_extra
from w2v.vectors.clusters import LARGEST_SEED
from w2v.vectors.nearest import Matrix, unit_rows

METHODS = ("tsne", "pca")
_PERPLEXITY = 30.0
_NEIGHBORS_PER_PERPLEXITY = 3  # t-SNE looks at so many neighbors for each unit of perplexity
_ITERATIONS = (250, 500)  # with early exaggeration and without: openTSNE's defaults
_REPORTED = 10  # iterations between two reports of progress

Points = npt.NDArray[np.float64]


def project(
    matrix: Matrix,
    method: str = "tsne",
    *,
    seed: int = 1,
    threads: int = 1,
    on_progress: Callable[[float], None] | None = None,
    on_points: Callable[[Points], None] | None = None,
) -> Points:
    """Points whose distances follow those of the directions of the vectors.

    Parameters
    ----------
    matrix : (n, dim) float32
    method : tsne keeps neighbors together, pca the largest differences apart; fewer than 5 vectors are always drawn by pca
    seed : of t-SNE, 0 to 2**32 - 1; with one thread a picture is reproducible
    on_progress : called with the share of t-SNE's iterations that are done, 0 to 1; the search for neighbors comes before the first call
    on_points : called before that with the points as they are then; not to be changed

    Returns
    -------
    (n, 2) float64

    Raises
    ------
    MissingExtraError
        tsne without openTSNE.
    ConfigError
        an unknown method, or a seed out of range.
    """
    one_of("method", method, METHODS)
    integer("seed", seed, 0, LARGEST_SEED)
    units = unit_rows(matrix)
    if method == "pca" or len(units) < 5 or units.shape[1] < 2:  # t-SNE starts from two components, and needs neighbors
        return _principal_components(units)
    open_tsne: Any = import_extra("openTSNE", "plot", "t-SNE (or take --method pca)")
    perplexity = min(_PERPLEXITY, (len(units) - 1) / _NEIGHBORS_PER_PERPLEXITY)
    # Euclidean distances of unit vectors order pairs as cosines do.
    tsne = open_tsne.TSNE(
        perplexity=perplexity,
        initialization="pca",
        random_state=seed,
        n_jobs=threads,
        early_exaggeration_iter=_ITERATIONS[0],
        n_iter=_ITERATIONS[1],
        callbacks=None if on_progress is None else _reporter(on_progress, on_points),
        callbacks_every_iters=_REPORTED,
    )
    return np.asarray(tsne.fit(units), np.float64)


def _reporter(on_progress: Callable[[float], None], on_points: Callable[[Points], None] | None) -> Callable[[int, float, Any], None]:
    """What openTSNE calls, in both phases with a count that begins again."""
    steps = 0

    def report(iteration: int, divergence: float, points: Any) -> None:
        nonlocal steps
        steps += _REPORTED
        if on_points is not None:
            on_points(points)
        on_progress(steps / sum(_ITERATIONS))

    return report


def _principal_components(units: Points) -> Points:
    centered = units - units.mean(axis=0)
    # The signs of singular vectors are any: the largest entry of each is made positive.
    _, _, directions = np.linalg.svd(centered, full_matrices=False)
    directions = directions[:2]
    directions = directions * np.sign(directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)])[:, None]
    points = np.zeros((len(units), 2))
    points[:, : len(directions)] = centered @ directions.T
    return points
