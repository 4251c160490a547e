"""The general kernel, for shapes whose ring would not fit: each change of a context is added to the matrix at once.

It takes any window, any number of negatives and any dim, at a fraction of the ring's speed: targets come in groups as large as the
registers hold, and each group walks the contexts again, `MOST_CONTEXTS` of them against the targets as they were.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda

from w2v.training.gpu.draws import WORD, draw_negative, error_of, loss_of, piece_end, position_hash
from w2v.training.gpu.lane_vectors import LaneVectors
from w2v.training.gpu.ring_kernel import LOSS_PAIRS, LOSS_SUM, PAIRS
from w2v.training.gpu.shapes import KernelShape
from w2v.training.gpu.subsample_kernel import BEGIN, END, FIRST, N
from w2v.training.kernel.span import LOSS_EVERY, MOST_CONTEXTS

_F = np.float32


def make_general_kernel(shape: KernelShape, vectors: LaneVectors) -> Any:
    """The kernel of a shape; `train` inside takes what that of `make_ring_kernel` takes."""
    stride, n_targets, negatives = shape.stride, shape.n_targets, shape.negatives
    group, n_groups, spread = shape.group, shape.n_groups, shape.lanes_per_target
    load_row, load_rows, add_row, add_rows = vectors.load_row, vectors.load_rows, vectors.add_row, vectors.add_rows
    zero_rows, dot_products, update = vectors.zero_rows, vectors.dot_products, vectors.update

    @cuda.jit
    def train(  # type: ignore[no-untyped-def]
        kept, radii, borders, starts, room, alias, key, inputs, outputs, scale_in, scale_out, alpha_first, alpha_last, bias, statistics
    ):
        lane = np.int32(cuda.threadIdx.x)
        warp = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y
        in_group = lane // np.int32(spread)
        for stretch in range(warp, borders.shape[0], cuda.gridDim.x * cuda.blockDim.y):
            first, begin, end, n = borders[stretch, FIRST], borders[stretch, BEGIN], borders[stretch, END], borders[stretch, N]
            base = np.int64(stretch) * room
            state = position_hash(key, starts[stretch])
            n_pairs, loss_sum, loss_pairs = 0, 0.0, 0
            piece, seen, next_loss = first, begin + 1, begin
            alpha_step = (alpha_last - alpha_first) / _F(max(end - begin, 1))
            for i in range(begin, end):
                token = kept[base + i]
                center = token & WORD
                if token < 0:
                    piece = i
                seen = max(seen, i + 1)
                radius = np.int32(radii[base + i])
                seen = piece_end(kept, base, seen, min(i + radius, n - 1))
                low, high = max(i - radius, piece), min(i + radius, seen - 1)
                n_pairs += high - low
                takes_loss = high > low and i >= next_loss
                for part in range(low, high + 1 if high > low else low, MOST_CONTEXTS):
                    for g in range(n_groups):
                        k = g * group + in_group
                        is_target = in_group < group and k < n_targets
                        label = _F(1.0) if k == 0 else _F(0.0)
                        target = center
                        if is_target and k > 0:
                            target = draw_negative(state, (i - begin) * negatives + k - 1, alias)
                        takes_part = is_target and (k == 0 or target != center)
                        rate = alpha_first + alpha_step * _F(i - begin) if takes_part else _F(0.0)
                        targets = load_rows(outputs, target, lane)
                        gradients = zero_rows()
                        for c in range(part, min(part + MOST_CONTEXTS, high + 1)):
                            if c != i:
                                word = kept[base + c] & WORD
                                row = load_row(inputs, np.int64(word) * stride, lane)
                                logit = dot_products(row, targets, lane) + bias
                                if takes_loss and takes_part and lane % np.int32(spread) == 0:
                                    loss_sum += np.float64(loss_of(label, logit))
                                changed, gradients = update(row, targets, gradients, rate * error_of(label, logit))
                                add_row(inputs, np.int64(word) * stride, lane, scale_in[word], changed, row)
                        add_rows(outputs, target, scale_out[target], lane, gradients)
                if takes_loss:
                    next_loss = i + LOSS_EVERY
                    loss_pairs += high - low
            cuda.atomic.add(statistics, (stretch, LOSS_SUM), loss_sum)
            if lane == 0:
                statistics[stretch, PAIRS] = n_pairs
                statistics[stretch, LOSS_PAIRS] = loss_pairs

    return train
