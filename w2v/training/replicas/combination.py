"""What replicas learned side by side, combined row by row: the formula is in scheme.py.

Each row is combined on its own, in the order of the replicas, so that threads may split the rows in any way.
"""

from typing import Any, NamedTuple

import numpy as np

from w2v.jit import jit
from w2v.training.kernel.layout import row_stride
from w2v.training.kernel.simd import prefetch_row
from w2v.training.replicas.scheme import LEAST_SATURATION

_AHEAD = 6  # rows


class Directions(NamedTuple):
    """The curvature that rows of one matrix move in.

    vectors : (n_directions, stride) float32, leading eigenvectors, padded with zeros
    curvatures : (n_directions,) float64, their eigenvalues, falling
    rest : float, mean of the other eigenvalues
    """

    vectors: Any
    curvatures: Any
    rest: Any


@jit()
def _relative_step(curvature, steps, n, total):  # type: ignore[no-untyped-def]
    """s(curvature) for the first `n` of `steps`, x_r of each replica, and `total`, their sum."""
    apart = 0.0
    for r in range(n):
        apart += 1.0 - np.exp(-curvature * steps[r])
    return (1.0 - np.exp(-curvature * total)) / apart if apart > 1e-9 else 1.0


@jit()
def first_from(words, n, word):  # type: ignore[no-untyped-def]
    """The first of `n` rising words that is not before `word`."""
    low, high = 0, n
    while low < high:
        middle = (low + high) // 2
        if words[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low


@jit(fastmath={"reassoc", "contract", "nsz"})
def combine_rows(matrix, copies, words, n_rows, uses, begin, end, slope, directions, dim):  # type: ignore[no-untyped-def]
    """Combine the rows of the words begin <= word < end.

    Parameters
    ----------
    matrix : flat float32, changed: the state before the round, and after it
    copies, words, n_rows, uses : of `RowCopies`, inputs or outputs
    slope : c times the learning rate, x_r for one use
    directions : `Directions`
    dim : literal integer
    """
    stride = row_stride(dim)
    n_replicas, part = copies.shape
    vectors, curvatures, rest = directions
    flat = copies.reshape(copies.size)
    change = np.zeros(stride, np.float32)
    head = np.zeros(n_replicas, np.intp)  # of each list, what is not merged yet
    active = np.zeros(n_replicas, np.intp)  # where the rows of those that used a word begin in `flat`
    steps = np.zeros(n_replicas, np.float64)
    for r in range(n_replicas):
        head[r] = first_from(words[r], n_rows[r], begin)
    while True:
        word = np.intp(end)
        for r in range(n_replicas):
            if head[r] < n_rows[r]:
                word = min(word, np.intp(words[r, head[r]]))
        if word == end:
            return
        n, total = 0, 0.0
        for r in range(n_replicas):
            row = head[r]
            if row == n_rows[r] or words[r, row] != word:
                continue
            head[r] += 1
            if row + _AHEAD < n_rows[r]:
                prefetch_row(matrix, np.intp(words[r, row + _AHEAD]) * stride, False, dim)
                prefetch_row(flat, r * part + (row + _AHEAD) * stride, False, dim)
            if uses[r, row] > 0:
                active[n] = r * part + row * stride
                steps[n] = slope * uses[r, row]
                total += steps[n]
                n += 1
        origin = word * stride
        if n == 1:
            for column in range(stride):
                matrix[origin + column] = flat[active[0] + column]
        if n < 2:
            continue
        for column in range(stride):
            change[column] = flat[active[0] + column] - matrix[origin + column]
        for i in range(1, n):
            for column in range(stride):
                change[column] += flat[active[i] + column] - matrix[origin + column]
        factor = np.float32(1.0)
        if curvatures[0] * total >= LEAST_SATURATION:
            factor = np.float32(_relative_step(rest, steps, n, total))
            for k in range(vectors.shape[0]):
                along = np.float32(0.0)
                for column in range(stride):
                    along += vectors[k, column] * change[column]
                along *= np.float32(_relative_step(curvatures[k], steps, n, total)) - factor
                for column in range(stride):
                    matrix[origin + column] += along * vectors[k, column]
        for column in range(stride):
            matrix[origin + column] += factor * change[column]
