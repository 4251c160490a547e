"""Subsampling on the card: each warp lists the kept tokens of one stretch of text, 32 at a time.

The plain version is `kernel.subsampling.subsample`, of which this keeps the very same tokens and radii. A stretch is what one warp trains
at a stretch; the contexts before and behind it are listed as well, so that a window across a border is whole.
"""

import numpy as np
from numba import cuda

from w2v.training.gpu.draws import WORD, position_hash
from w2v.training.gpu.instructions import ballot, count_bits, highest_bit, lowest_bit

FIRST, BEGIN, END, N = range(4)  # columns of `borders`: what is listed, and the centers in it
N_BORDERS = 4
_ONE = np.uint32(1)
_U = np.uint64


@cuda.jit(device=True, inline="always")
def _is_kept(token, keep, bits):  # type: ignore[no-untyped-def]
    """Held-out tokens are all ones, no word."""
    word = token & WORD
    return word != WORD and (bits >> _U(32)) <= _U(keep[word])


@cuda.jit(device=True, inline="always")
def _below(lane):  # type: ignore[no-untyped-def]
    """The lanes before this one, as bits."""
    return (_ONE << np.uint32(lane)) - _ONE


@cuda.jit
def subsample_stretches(  # type: ignore[no-untyped-def]
    tokens, origin, n_staged, starts, room, keep, window, fixed_window, key, kept, radii, borders
):
    """List the kept tokens of every stretch.

    Parameters
    ----------
    tokens : (n_staged,) int32 as `staging.stage` writes them; the first one stands at position `origin` of the corpus
    starts : (n_stretches + 1,) int64, positions of the corpus where stretches begin
    room : elements of `kept` and `radii` for each stretch
    keep, window, fixed_window, key : as `subsample` takes them
    kept, radii : int32 and int16, receive words (the sign says that a piece begins) and the radii of centers
    borders : (n_stretches, N_BORDERS) int32, receives FIRST, BEGIN, END and N of each stretch, counted from its room
    """
    lane = np.int32(cuda.threadIdx.x)
    stretch = cuda.blockIdx.x * cuda.blockDim.y + cuda.threadIdx.y
    if stretch >= borders.shape[0]:
        return
    base = np.int64(stretch) * room
    start, stop = starts[stretch] - origin, starts[stretch + 1] - origin
    # contexts before the stretch, nearest first, back to where its piece begins
    n = 0
    at = start - 1
    is_open = start < stop and tokens[start] >= 0 and tokens[start] != WORD
    while is_open and at >= 0 and n < window:
        position = at - lane
        token = tokens[position] if position >= 0 else WORD
        begins = ballot(position >= 0 and token < 0)
        last = lowest_bit(begins)  # the lane whose token the piece begins with
        bits = position_hash(key, origin + position)
        takes = lane <= last and position >= 0 and _is_kept(token, keep, bits)
        taken = ballot(takes)
        rank = n + count_bits(taken & _below(lane))
        if takes and rank < window:
            kept[base + window - 1 - rank] = token & WORD
        n = min(window, n + count_bits(taken))
        is_open = last == 32
        at -= 32
    first = window - n
    # the stretch itself
    n = window
    begins_next = False  # a piece began since the last token that was kept
    at = start
    while at < stop:
        position = at + lane
        token = tokens[position] if position < stop else WORD
        begins = ballot(position < stop and token < 0)
        bits = position_hash(key, origin + position)
        takes = position < stop and _is_kept(token, keep, bits)
        taken = ballot(takes)
        if takes:
            earlier = taken & _below(lane)
            since = begins & (_below(lane) | (_ONE << np.uint32(lane)))
            if earlier != 0:  # only beginnings behind the lane that kept one before count
                previous = highest_bit(earlier)
                since &= ~(_below(previous) | (_ONE << np.uint32(previous)))
            is_first = since != 0 or (earlier == 0 and begins_next)
            here = base + n + count_bits(earlier)
            kept[here] = (token & WORD) | (np.int32(-2147483648) if is_first else np.int32(0))
            radius = np.int32(window)
            if not fixed_window:
                radius = np.int32(1) + np.int32(((bits & _U(0xFFFFFFFF)) * _U(window)) >> _U(32))
            radii[here] = np.int16(radius)
        if taken != 0:
            latest = highest_bit(taken)
            begins_next = (begins & ~(_below(latest) | (_ONE << np.uint32(latest)))) != 0
            n += count_bits(taken)
        elif begins != 0:
            begins_next = True
        at += 32
    end = n
    # contexts behind it, up to where another piece begins
    at = stop
    is_open = end > window and not begins_next
    while is_open and at < n_staged and n < end + window:
        position = at + lane
        token = tokens[position] if position < n_staged else WORD
        stops = ballot(position >= n_staged or token < 0 or (token & WORD) == WORD)
        last = lowest_bit(stops)
        bits = position_hash(key, origin + position)
        takes = lane < last and _is_kept(token, keep, bits)
        taken = ballot(takes)
        rank = n + count_bits(taken & _below(lane))
        if takes and rank < end + window:
            kept[base + rank] = token & WORD
        n = min(end + window, n + count_bits(taken))
        is_open = last == 32
        at += 32
    if lane == 0:
        borders[stretch, FIRST] = first
        borders[stretch, BEGIN] = window
        borders[stretch, END] = end
        borders[stretch, N] = n
