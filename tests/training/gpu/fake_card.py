"""What numba's simulator of CUDA lacks, in Python: lanes of one warp speak through shared memory, with a barrier on either side.

`install()` puts these in the place of `w2v.training.gpu.instructions` and `w2v.training.gpu.lane_vectors`, before a kernel is imported.
"""

import sys
from types import SimpleNamespace

import numpy as np
from numba import cuda, float64
from numba.cuda.simulator.kernel import _get_kernel_context

_F = np.float32


def exchange(value):
    """The values of all lanes.

    No device function: the first lane that left one would put the real `cuda` back while the others are still in it.
    """
    card = _get_kernel_context()
    board = card.shared.array(32, float64)
    board[card.threadIdx.x] = value
    card.syncthreads()
    values = [board[lane] for lane in range(32)]
    card.syncthreads()
    return values


def bounded(threads, blocks):
    return cuda.jit


def from_lane(value, lane):
    return type(value)(exchange(value)[int(lane)])


def ballot(predicate):
    return np.uint32(sum(int(value) << lane for lane, value in enumerate(exchange(1 if predicate else 0))))


def count_bits(bits):
    return np.int32(int(bits).bit_count())


def lowest_bit(bits):
    return np.int32((int(bits) & -int(bits)).bit_length() - 1 if bits else 32)


def highest_bit(bits):
    return np.int32(int(bits).bit_length() - 1)


def sigmoid(x):
    return _F(1 / (1 + np.exp(-np.float64(x))))


def softplus(x):
    return _F(np.logaddexp(0.0, np.float64(x)))


def exchange_many(values):
    card = _get_kernel_context()
    board = card.shared.array((32, 64), float64)
    for k, value in enumerate(values):
        board[card.threadIdx.x, k] = value
    card.syncthreads()
    sums = [sum(board[lane, k] for lane in range(32)) for k in range(len(values))]
    card.syncthreads()
    return sums


def make_lane_vectors(shape, vector_additions):
    """Rows are arrays here, and sums are exact."""

    def columns(start, lane):
        return [int(start) + column + int(lane) * width + j for column, width in shape.pieces for j in range(width)]

    def load_row(matrix, start, lane):
        return np.array([matrix[at] for at in columns(start, lane)], np.float32)

    def words(word):
        found = exchange(word)
        return [int(found[k * shape.lanes_per_target]) for k in range(shape.group)]

    def load_rows(matrix, word, lane):
        return [load_row(matrix, at * shape.stride, lane) for at in words(word)]

    def store_shared(ring, start, lane, row):
        for at, value in zip(columns(start, lane), row, strict=True):
            ring[at] = value

    def add(matrix, start, lane, row):
        for at, value in zip(columns(start, lane), row, strict=True):
            matrix[at] += value

    def add_row(matrix, start, lane, scale, changed, old):
        add(matrix, start, lane, scale * (changed - old))

    def add_rows(matrix, word, scale, lane, rows):
        factors = exchange(scale)
        for k, (at, row) in enumerate(zip(words(word), rows, strict=True)):
            add(matrix, at * shape.stride, lane, _F(factors[k * shape.lanes_per_target]) * row)

    def zero_row():
        return np.zeros(shape.lane_columns, np.float32)

    def zero_rows():
        return [zero_row() for _ in range(shape.group)]

    def dot_products(row, rows, lane):
        sums = exchange_many([np.dot(row.astype(np.float64), target) for target in rows])
        return _F(sums[min(int(lane) // shape.lanes_per_target, shape.group - 1)])

    def update(row, rows, gradients, step):
        found = exchange(step)
        steps = [_F(found[k * shape.lanes_per_target]) for k in range(shape.group)]
        new = row + sum(s * target for s, target in zip(steps, rows, strict=True))
        return new.astype(np.float32), [gradient + s * row for s, gradient in zip(steps, gradients, strict=True)]

    return SimpleNamespace(
        load_row=load_row, load_rows=load_rows, load_shared=load_row, store_shared=store_shared, add_row=add_row, add_rows=add_rows,
        zero_row=zero_row, zero_rows=zero_rows, dot_products=dot_products, update=update,
    )  # fmt: skip


LaneVectors = SimpleNamespace


def install():
    here = sys.modules[__name__]
    sys.modules["w2v.training.gpu.instructions"] = sys.modules["w2v.training.gpu.lane_vectors"] = here
