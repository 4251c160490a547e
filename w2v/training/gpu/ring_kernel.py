"""The fast kernel: one warp walks one stretch of text, its contexts in a ring in shared memory.

The plain version is `tests/training/gpu/plain_card.py`. What is done for speed:

- A word that comes into reach of a window is read once and stays in the ring, as it was read and as it is now, until it is out of reach:
  2 window + 1 windows. Then its change alone is added to the matrix, so that nothing is lost of what other warps add meanwhile.
- Each lane reads and writes its own columns of the ring, so that the lanes never wait for each other.
- The targets and their gradients are in registers, and the next window's targets are read while this one's are trained.
- A warp draws the negatives of several windows at once, a lane each.
- Changes of the most frequent words are scaled (limits.py): thousands of warps hold them at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import cuda, float32

from w2v.training.gpu.draws import WORD, draw_negative, error_of, loss_of, piece_end, position_hash
from w2v.training.gpu.instructions import bounded, from_lane
from w2v.training.gpu.lane_vectors import LaneVectors
from w2v.training.gpu.shapes import LANES, KernelShape
from w2v.training.gpu.subsample_kernel import BEGIN, END, FIRST, N
from w2v.training.kernel.span import LOSS_EVERY

PAIRS, LOSS_SUM, LOSS_PAIRS = range(3)  # columns of `statistics`
N_STATISTICS = 3
_F = np.float32


def make_ring_kernel(shape: KernelShape, vectors: LaneVectors) -> Any:
    """The kernel of a shape; `train` inside says what it takes."""
    window, slots, stride, n_targets = shape.window, shape.slots, shape.stride, shape.n_targets
    negatives, spread, draws, ahead = shape.negatives, shape.lanes_per_target, shape.draws_of_warp, shape.ahead
    ring_floats, half = shape.warps * shape.ring_floats, slots * stride
    load_row, load_rows, load_shared, store_shared = vectors.load_row, vectors.load_rows, vectors.load_shared, vectors.store_shared
    add_row, add_rows, zero_row, zero_rows = vectors.add_row, vectors.add_rows, vectors.zero_row, vectors.zero_rows
    dot_products, update = vectors.dot_products, vectors.update

    @cuda.jit(device=True, inline="always")
    def choose_targets(kept, base, i, at, drawn, k, lane):  # type: ignore[no-untyped-def]
        """The word that a lane's target is in window i: its center, or a negative that another lane drew."""
        negative = from_lane(drawn, np.int32(at * negatives) + (k - 1 if 0 < k < n_targets else 0))
        return kept[base + i] & WORD if k == 0 else negative

    @bounded(LANES * shape.warps, shape.least_blocks)
    def train(  # type: ignore[no-untyped-def]
        kept, radii, borders, starts, room, alias, key, inputs, outputs, scale_in, scale_out, alpha_first, alpha_last, bias, statistics
    ):
        """Train every stretch, one warp each; blocks of (32, warps) threads.

        Parameters
        ----------
        kept, radii, borders, starts, room : as `subsample_stretches` takes and leaves them
        alias : (n_words,) uint64, of the noise distribution
        key : uint64 of (seed, epoch); with the position of a stretch it is the key of its stream of negatives
        inputs, outputs : float32, flat, rows of `shape.stride` floats; changed in place
        scale_in, scale_out : (n_words,) float32, `limits.hot_row_scales`
        alpha_first, alpha_last : float32, learning rate at the first center of each stretch and behind its last one
        bias : float32, added to every logit
        statistics : (n_stretches, N_STATISTICS) float64, receives PAIRS, LOSS_SUM and LOSS_PAIRS
        """
        ring = cuda.shared.array(ring_floats, float32)
        lane = np.int32(cuda.threadIdx.x)
        now = np.int32(cuda.threadIdx.y) * np.int32(2 * half)  # rows as they are, and behind them as they were read
        warp = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y
        k = lane // np.int32(spread)
        label = _F(1.0) if k == 0 else _F(0.0)
        speaks = lane % np.int32(spread) == 0 and k < n_targets
        for stretch in range(warp, borders.shape[0], cuda.gridDim.x * cuda.blockDim.y):
            first, begin, end, n = borders[stretch, FIRST], borders[stretch, BEGIN], borders[stretch, END], borders[stretch, N]
            base = np.int64(stretch) * room
            state = position_hash(key, starts[stretch])
            n_pairs, loss_sum, loss_pairs = 0, 0.0, 0
            for p in range(first, min(begin + window, n)):
                row = load_row(inputs, np.int64(kept[base + p] & WORD) * stride, lane)
                slot = np.int32(p % slots) * np.int32(stride)
                store_shared(ring, now + slot, lane, row)
                store_shared(ring, now + np.int32(half) + slot, lane, row)
            entering = zero_row()
            if end > begin and begin + window < n:
                entering = load_row(inputs, np.int64(kept[base + begin + window] & WORD) * stride, lane)
            piece, seen, next_loss = first, begin + 1, begin
            draw_at = 0
            drawn = draw_negative(state, lane, alias)
            target = np.int32(0)
            targets = zero_rows()
            if end > begin:
                target = choose_targets(kept, base, begin, draw_at, drawn, k, lane)
                targets = load_rows(outputs, target, lane)
            alpha_step = (alpha_last - alpha_first) / _F(max(end - begin, 1))
            slot_center, slot_entering = begin % slots, (begin + window) % slots
            for i in range(begin, end):
                # the word out of reach leaves, the one that comes into reach takes its place
                place = now + np.int32(slot_entering) * np.int32(stride)
                if i - window - 1 >= first:
                    word = kept[base + i - window - 1] & WORD
                    changed, old = load_shared(ring, place, lane), load_shared(ring, place + np.int32(half), lane)
                    add_row(inputs, np.int64(word) * stride, lane, scale_in[word], changed, old)
                if i + window < n:
                    store_shared(ring, place, lane, entering)
                    store_shared(ring, place + np.int32(half), lane, entering)
                if i + window + 1 < n:
                    entering = load_row(inputs, np.int64(kept[base + i + window + 1] & WORD) * stride, lane)
                # the next window's targets
                next_target, next_targets = target, targets
                draw_at += 1
                if draw_at == draws:
                    draw_at = 0
                    drawn = draw_negative(state, (i + 1 - begin) * negatives + lane, alias)
                if i + 1 < end:
                    next_target = choose_targets(kept, base, i + 1, draw_at, drawn, k, lane)
                    if ahead:
                        next_targets = load_rows(outputs, next_target, lane)
                # this window
                token = kept[base + i]
                if token < 0:
                    piece = i
                seen = max(seen, i + 1)
                radius = np.int32(radii[base + i])
                seen = piece_end(kept, base, seen, min(i + radius, n - 1))
                low, high = max(i - radius, piece), min(i + radius, seen - 1)
                n_pairs += high - low
                takes_loss = high > low and i >= next_loss
                takes_part = k < n_targets and (k == 0 or target != token & WORD)
                rate = alpha_first + alpha_step * _F(i - begin) if takes_part else _F(0.0)
                gradients = zero_rows()
                at = slot_center - (i - low)
                if at < 0:
                    at += slots
                for c in range(low, high + 1):
                    if c != i:
                        place = now + np.int32(at) * np.int32(stride)
                        row = load_shared(ring, place, lane)
                        logit = dot_products(row, targets, lane) + bias
                        if takes_loss and speaks and takes_part:
                            loss_sum += np.float64(loss_of(label, logit))
                        row, gradients = update(row, targets, gradients, rate * error_of(label, logit))
                        store_shared(ring, place, lane, row)
                    at += 1
                    if at == slots:
                        at = 0
                if takes_loss:
                    next_loss = i + LOSS_EVERY
                    loss_pairs += high - low
                if high > low:
                    add_rows(outputs, target, scale_out[target], lane, gradients)
                target, targets = next_target, next_targets
                if not ahead and i + 1 < end:
                    targets = load_rows(outputs, target, lane)
                slot_center = slot_center + 1 if slot_center + 1 < slots else 0
                slot_entering = slot_entering + 1 if slot_entering + 1 < slots else 0
            if end > begin:
                for p in range(max(first, end - 1 - window), n):
                    word = kept[base + p] & WORD
                    place = now + np.int32(p % slots) * np.int32(stride)
                    changed, old = load_shared(ring, place, lane), load_shared(ring, place + np.int32(half), lane)
                    add_row(inputs, np.int64(word) * stride, lane, scale_in[word], changed, old)
            cuda.atomic.add(statistics, (stretch, LOSS_SUM), loss_sum)
            if lane == 0:
                statistics[stretch, PAIRS] = n_pairs
                statistics[stretch, LOSS_PAIRS] = loss_pairs

    return train
