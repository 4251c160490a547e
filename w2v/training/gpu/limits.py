"""How many warps may train at once, and by how much they must hold back on the most frequent words: pure functions.

Thousands of warps read a frequent row, change their copies, and add their changes; together they overshoot as one step that is too long
would. So a change is scaled, when it is added, by ``min(1, limit / uses in flight)``. Within a warp steps stay whole. Some hundred words
are limited at all. Uses in flight are, for a word of probability p among the tokens that subsampling keeps and q as a negative:

    input rows     warps x rows of a ring x contexts of a window x p      they wait in the ring while that many windows go by
    output rows    warps x 2 x (p + negatives x q)                        this window, and the next one that is read ahead

Without any limit 1,584 warps diverge, and 528 lose a tenth of the analogies (docs/cuda.md has the figures).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.training.gpu.shapes import KernelShape
from w2v.training.sampling import keep_probability

Floats = npt.NDArray[np.float64]

LIMIT = 24.0  # 16 to 32 gave the quality of the CPU at 1,584 warps, 64 a little less
_LIMIT_ALPHA = 0.025  # the learning rate that this was measured at; a higher one makes longer steps
_LIMIT_CONTEXTS = 6  # contexts of a window, likewise: an output row's step is the sum over them
_LEAST_TOKENS = 4096  # of a warp in an epoch
# Mean share of a step that the limits must leave. On 17 million words of English 1,584 warps keep 0.63 of the inputs' steps and 0.90 of the
# outputs', at the quality of the CPU; where words are fewer, fewer warps train.
_LEAST_STEP_IN, _LEAST_STEP_OUT = 0.6, 0.85


@dataclass(frozen=True)
class Usage:
    """How often words are used.

    Attributes
    ----------
    kept : (n_words,) float64, probability among the tokens that subsampling keeps
    noise : (n_words,) float64, probability as a negative
    contexts : of a window, on the average
    alpha : learning rate at the start
    """

    kept: Floats
    noise: Floats
    contexts: float
    alpha: float


def find_usage(
    counts: npt.NDArray[np.int64], noise: Floats, *, sample: float, window: int, fixed_window: bool, mean_length: float, alpha: float
) -> Usage:
    """`Usage` of a corpus whose sentences have `mean_length` tokens."""
    kept = np.maximum(counts, 1) * keep_probability(counts, sample)
    contexts = min(2.0 * window if fixed_window else window + 1.0, max(1.0, mean_length - 1.0))
    return Usage(kept / kept.sum(), noise, contexts, alpha)


def hot_row_scales(usage: Usage, shape: KernelShape, n_warps: int) -> tuple[Floats, Floats]:
    """By what to multiply changes of input rows and of output rows: (n_words,) float64 each, above 0 and at most 1."""
    limit = LIMIT * min(1.0, _LIMIT_ALPHA / usage.alpha)
    held = shape.slots * usage.contexts if shape.in_ring else 2.0
    in_flight = n_warps * held * usage.kept
    as_targets = n_warps * 2.0 * max(1.0, usage.contexts / _LIMIT_CONTEXTS) * (usage.kept + shape.negatives * usage.noise)
    return limit / np.maximum(in_flight, limit), limit / np.maximum(as_targets, limit)


def mean_steps(usage: Usage, shape: KernelShape, n_warps: int) -> tuple[float, float]:
    """Mean share of a step that the limits leave to input rows, and to output rows."""
    scale_in, scale_out = hot_row_scales(usage, shape, n_warps)
    drawn = (usage.kept + shape.negatives * usage.noise) / (1 + shape.negatives)
    return float(scale_in @ usage.kept), float(scale_out @ drawn)


def choose_warps(usage: Usage, shape: KernelShape, n_tokens: int, most: int) -> int:
    """The most warps, up to `most`, that a corpus is large enough for and of whose steps the limits leave enough."""
    low, high = 1, max(1, min(most, n_tokens // _LEAST_TOKENS))
    while low < high:  # the shares fall with the number of warps
        middle = (low + high + 1) // 2
        step_in, step_out = mean_steps(usage, shape, middle)
        if step_in >= _LEAST_STEP_IN and step_out >= _LEAST_STEP_OUT:
            low = middle
        else:
            high = middle - 1
    return low


def warps_of_multiprocessor(shape: KernelShape, registers: int, shared_bytes: int, *, all_registers: int, all_shared: int) -> int:
    """Warps that fit onto one multiprocessor at once.

    Parameters
    ----------
    registers : of a thread of the kernel
    shared_bytes : of a block
    all_registers, all_shared : of the multiprocessor
    """
    by_registers = all_registers // (32 * (-(-registers // 8) * 8))  # they are given out eight at a time
    blocks = by_registers // shape.warps
    if shared_bytes:
        blocks = min(blocks, all_shared // (shared_bytes + 1024))  # 1 KB of each block is the system's
    return max(1, min(blocks * shape.warps, 64))
