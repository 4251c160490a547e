"""Projections: groups stay together, directions matter and lengths do not, results repeat."""

import numpy as np
import pytest

from w2v.errors import ConfigError
from w2v.vectors.projection import project


def groups(n: int = 40, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    group = np.arange(n) % 3
    matrix = np.eye(3, 12)[group] + 0.1 * random.standard_normal((n, 12))
    return (matrix * random.lognormal(size=(n, 1))).astype(np.float32), group


@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_groups_stay_together(method: str) -> None:
    if method == "tsne":
        pytest.importorskip("openTSNE", reason="openTSNE is not installed")
    matrix, group = groups()
    points = project(matrix, method)
    assert points.shape == (40, 2)
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + np.diag(np.full(40, np.inf))
    assert (group[distances.argmin(axis=1)] == group).all()
    np.testing.assert_array_equal(points, project(matrix, method))


def test_progress_of_tsne() -> None:
    pytest.importorskip("openTSNE", reason="openTSNE is not installed")
    shares: list[float] = []
    points = project(groups()[0], on_progress=shares.append)
    assert shares == sorted(shares)
    assert (len(shares), shares[-1]) == (75, 1.0)
    np.testing.assert_array_equal(points, project(groups()[0]))


def test_principal_components_are_the_largest_differences() -> None:
    matrix, _ = groups()
    points = project(matrix, "pca")
    units = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
    variances = np.sort(np.linalg.eigvalsh(np.cov(units.T)))[::-1][:2]
    np.testing.assert_allclose(points.var(axis=0, ddof=1), variances, rtol=1e-4)
    np.testing.assert_allclose(project(matrix * np.float32(7), "pca"), points, atol=1e-6)


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("dim", [1, 2, 9])
def test_few_vectors_of_few_dimensions(n: int, dim: int) -> None:
    points = project(np.random.default_rng(1).standard_normal((n, dim)).astype(np.float32))
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()


def test_many_vectors_of_one_dimension() -> None:
    points = project(np.random.default_rng(1).standard_normal((40, 1)).astype(np.float32))
    assert points.shape == (40, 2)
    assert len(np.unique(points, axis=0)) == 2  # there are two directions


def test_zeros_are_points_too() -> None:
    assert np.isfinite(project(np.zeros((6, 3), np.float32), "pca")).all()


@pytest.mark.parametrize("seed", [-1, 2**40, None])
def test_seeds_that_opentsne_cannot_take_are_refused(seed: int) -> None:
    with pytest.raises(ConfigError, match="seed must be an integer from 0 to 4294967295: received"):
        project(groups()[0], seed=seed)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ConfigError, match="method must be one of tsne, pca: received 'umap'"):
        project(np.zeros((2, 2), np.float32), "umap")
