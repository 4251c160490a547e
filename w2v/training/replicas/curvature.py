"""The curvature that rows move in, and its leading eigenvectors: C = sum over words w of p(w) o_w o_w^T, scheme.py says what for.

It is that of the state which a round leads to, as the first replica has it: before the first round there is none at all, and sixteen
replicas that all move from there in the same direction would end far out.

All sums are float64 and in a fixed order. A BLAS would take other orders for other numbers of threads, and give other bits.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.jit import jit
from w2v.training.kernel.layout import row_stride
from w2v.training.plan import Plan
from w2v.training.replicas.combination import Directions
from w2v.training.sampling import noise_distribution

N_DIRECTIONS = 1  # 8 do no better
_MOST_WORDS = 10_000  # the most frequent ones: nine tenths of all uses
_ITERATIONS = 64


def use_weights(plan: Plan, counts: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """How often a row meets each of the most frequent words of the other matrix.

    Parameters
    ----------
    counts : of the vocabulary, falling

    Returns
    -------
    for rows of the input matrix, which meet 1 + n targets in each pair, and for rows of the output matrix, which meet one context:
    (n_words,) float64
    """
    kept = counts * ((plan.keep.astype(np.float64) + 1.0) / 2.0**32)
    contexts = kept / kept.sum()
    targets = contexts + plan.negatives * noise_distribution(counts, plan.config.noise_exponent)
    return targets[:_MOST_WORDS], contexts[:_MOST_WORDS]


def word_scales(weights: npt.NDArray[np.float64], words: npt.NDArray[np.int32], uses: npt.NDArray[np.int32], total: float) -> Any:
    """Square roots of the weights of those words that were used, which sum to `total`; (n,) float64 for the first n of `words`, rising."""
    words = words[: np.searchsorted(words, len(weights))]
    found = np.where(uses[: len(words)] > 0, weights[words], 0.0)
    return np.sqrt(found * (total / max(float(found.sum()), 1e-300)))


@jit(fastmath={"contract"})
def add_curvature(matrix, scales, stride, first, every, curvature):  # type: ignore[no-untyped-def]
    """Write the rows first, first + every, ... of C, from its diagonal on.

    Eight words at a time: a row of C is read and written once for all of them, a sixth of the time that one word at a time takes.

    Parameters
    ----------
    matrix : flat float32, rows of `stride`
    scales : (n_words,) float64, square roots of the weights
    curvature : (dim, dim) float64, these rows are changed
    """
    dim = curvature.shape[0]
    for i in range(first, dim, every):
        for j in range(dim):
            curvature[i, j] = 0.0
    x = np.zeros((8, stride))
    for begin in range(0, scales.shape[0], 8):
        for k in range(8):
            scale = scales[begin + k] if begin + k < scales.shape[0] else 0.0
            row = min(begin + k, scales.shape[0] - 1) * stride
            for j in range(stride):
                x[k, j] = scale * np.float64(matrix[row + j])
        for i in range(first, dim, every):
            a, b, c, d, e, f, g, h = x[0, i], x[1, i], x[2, i], x[3, i], x[4, i], x[5, i], x[6, i], x[7, i]
            for j in range(i // 8 * 8, dim):
                front = (a * x[0, j] + b * x[1, j]) + (c * x[2, j] + d * x[3, j])
                curvature[i, j] += front + ((e * x[4, j] + f * x[5, j]) + (g * x[6, j] + h * x[7, j]))


@jit(fastmath={"contract"})
def iterate(curvature, vectors, values):  # type: ignore[no-untyped-def]
    """Leading eigenpairs of a symmetric matrix by subspace iteration.

    Parameters
    ----------
    curvature : (dim, dim) float64
    vectors : (n, dim) float64, where it starts, changed into orthonormal eigenvectors
    values : (n,) float64, receives the eigenvalues
    """
    n, dim = vectors.shape
    moved = np.zeros(dim)
    for _ in range(_ITERATIONS):
        for k in range(n):
            moved[:] = 0.0
            for i in range(dim):
                for j in range(dim):
                    moved[j] += vectors[k, i] * curvature[i, j]
            values[k] = 0.0
            for j in range(dim):
                values[k] += vectors[k, j] * moved[j]
            for earlier in range(k):
                along = 0.0
                for j in range(dim):
                    along += vectors[earlier, j] * moved[j]
                for j in range(dim):
                    moved[j] -= along * vectors[earlier, j]
            length = 0.0
            for j in range(dim):
                length += moved[j] * moved[j]
            length = np.sqrt(length)
            for j in range(dim):
                vectors[k, j] = moved[j] / length if length > 0.0 else 0.0


def find_directions(curvature: npt.NDArray[np.float64]) -> Directions:
    """Leading eigenpairs of C, of which the part from the diagonal on is given; (dim, dim) float64."""
    dim = len(curvature)
    whole = np.triu(curvature) + np.triu(curvature, 1).T
    n = min(N_DIRECTIONS, dim)
    vectors, values = whole[np.argsort(-whole.diagonal(), kind="stable")[:n]], np.zeros(n)
    iterate(whole, vectors, values)
    values = np.maximum(values, 0.0)
    rest = max(0.0, float(whole.diagonal().sum() - values.sum())) / max(1, dim - n)
    padded = np.zeros((n, row_stride(dim)), np.float32)
    padded[:, :dim] = vectors
    return Directions(padded, values, rest)
