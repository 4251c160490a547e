"""Copies of the rows that a span uses, for each replica: what it costs does not depend on the size of the vocabulary.

A replica lists the words of its span, with the negatives that it will draw, and copies their rows; it trains on the copies alone. They lie
side by side, in the order of the words, so that to combine several replicas is to merge sorted lists, which reads memory in its order.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError
from w2v.jit import jit
from w2v.machine import available_memory
from w2v.training.kernel.layout import aligned_zeros, row_stride
from w2v.training.kernel.simd import prefetch_row
from w2v.training.kernel.span import draw_negatives
from w2v.training.kernel.subsampling import DRAWN, draw_partners
from w2v.training.plan import Plan

_AHEAD = 4  # rows


class RowCopies:
    """Rows of `n_replicas` replicas, and how often each was used; replica r has the first n_rows[r] of its part.

    Attributes
    ----------
    places : (n_replicas, n_words) int32, the row of a word among the copies, or -1
    words : (n_replicas, capacity) int32, the word of each row, rising
    uses_in, uses_out : (n_replicas, capacity) int32, pairs that each row took part in
    inputs, outputs : (n_replicas, capacity * stride) float32; the system gives the memory when a row is first touched
    n_rows : (n_replicas,) int64
    """

    def __init__(self, plan: Plan, n_replicas: int, n_words: int) -> None:
        """Reserve the memory that a span can need at most.

        Raises
        ------
        ConfigError
            it is more than is free now.
        """
        draws = -(-plan.span_tokens // (plan.distance * (plan.config.negative_reuse or 1))) * plan.distance * plan.negatives
        most = plan.span_tokens + 2 * plan.window + draws
        capacity = n_words if plan.session else min(n_words, most)  # partners come from anywhere in a session
        needed, free = n_replicas * capacity * 2 * 4 * row_stride(plan.config.dim), available_memory()
        if free is not None and needed > free:
            raise ConfigError(
                f"{n_replicas} replicas need up to {needed / 1e9:.1f} GB for their copies of rows, {free / 1e9:.1f} GB of memory are free: "
                "fewer replicas= or a smaller dim= need less"
            )
        self.places: npt.NDArray[np.int32] = np.full((n_replicas, n_words), -1, np.int32)
        self.words, self.uses_in, self.uses_out = (_shared(n_replicas, capacity, np.int32) for _ in range(3))
        self.inputs, self.outputs = (_shared(n_replicas, capacity * row_stride(plan.config.dim), np.float32) for _ in range(2))
        self.n_rows: npt.NDArray[np.int64] = np.zeros(n_replicas, np.int64)


def _shared(n_replicas: int, size: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """A part on cache lines of its own for each replica."""
    width = -(-size // 16) * 16
    return aligned_zeros(n_replicas * width, dtype).reshape(n_replicas, width)


@jit()
def _note(word, is_context, places, words, n):  # type: ignore[no-untyped-def]
    """Add a word to the list; until it has its place, `places` says whether its input row is needed: 1 or 0."""
    if places[word] < 0:
        words[n] = word
        n += 1
    places[word] = max(places[word], is_context)
    return n


@jit()
def place_rows(text, start, windows, window, noise, n_negatives, partners, copies):  # type: ignore[no-untyped-def]
    """Give each word that a span uses a place, and write places over the words in `windows.kept`.

    Parameters
    ----------
    text, start, windows, window, noise, n_negatives : as `train_span` takes them
    partners : room for `window` intp
    copies : places, words, uses_in, uses_out of this replica, changed: uses are 1 for each row that is to be copied, 0 for others; and the
        number of words of the span before, whose places are forgotten

    Returns
    -------
    number of rows
    """
    kept, first, last, begin, end, n_kept = windows
    alias, reuse, distance, key, _ = noise
    places, words, uses_in, uses_out, n_old = copies
    for row in range(n_old):
        places[words[row]] = -1
    n = 0
    for i in range(n_kept):
        n = _note(kept[i], 1, places, words, n)
    for i in range(begin, end):
        if last[i] == DRAWN:
            for c in range(draw_partners(text, start + first[i], window, 1, partners)):
                n = _note(partners[c], 1, places, words, n)
    negatives = np.zeros(n_negatives, np.intp)
    state = key
    for period in range(0, end - begin, distance * reuse):  # the first use of each set, in the order of `train_span`
        for _ in range(period, min(period + distance, end - begin)):
            state = draw_negatives(state, alias, 1, negatives, 0, n_negatives)
            for k in range(n_negatives):
                n = _note(negatives[k], 0, places, words, n)
    words[:n].sort()
    for row in range(n):
        uses_in[row], uses_out[row] = places[words[row]], 1
        places[words[row]] = row
    for i in range(n_kept):
        kept[i] = places[kept[i]]
    return n


@jit()
def copy_rows(matrix, words, n, copies, uses, dim):  # type: ignore[no-untyped-def]
    """Copy those rows of the first `n` words whose uses are 1, and set these to 0.

    matrix, copies : flat float32; copies is changed
    dim : literal integer
    """
    stride = row_stride(dim)
    for row in range(n):
        if row + _AHEAD < n:
            prefetch_row(matrix, np.intp(words[row + _AHEAD]) * stride, False, dim)
        if uses[row] == 0:
            continue
        uses[row] = 0
        origin, copy = np.intp(words[row]) * stride, row * stride
        for column in range(stride):
            copies[copy + column] = matrix[origin + column]
