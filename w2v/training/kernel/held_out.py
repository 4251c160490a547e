"""Which tokens are kept from training: lines at random, and of long lines stretches, by a hash of where each begins.

No list is kept, so a corpus of any size takes no memory for it, and every thread and every later run finds the same lines.
"""

from typing import Any, NamedTuple

import numpy as np

from w2v.jit import jit
from w2v.training.kernel.random import position_hash

_U = np.uint64


class HeldOut(NamedTuple):
    """What decides on a unit, which is a line or, of a longer one, a stretch.

    key : uint64
    below : uint64, a unit is held out when the hash of its first position is below it; 0 holds out nothing
    stretch : most tokens of a unit
    """

    key: Any
    below: Any
    stretch: Any


NOTHING = HeldOut(_U(0), _U(0), 1)


@jit()
def piece_at(sentence_offsets, sentence, position, held_out):  # type: ignore[no-untyped-def]
    """The part of a sentence around a position that is trained on as one, or held out as one.

    Returns
    -------
    first token, end, and whether it is held out
    """
    begin, end = sentence_offsets[sentence], sentence_offsets[sentence + 1]
    key, below, stretch = held_out
    if below == _U(0):
        return begin, end, False
    first = begin + (position - begin) // stretch * stretch
    last = first + stretch
    is_held_out = position_hash(key, first) < below
    while first > begin and (position_hash(key, first - stretch) < below) == is_held_out:
        first -= stretch
    while last < end and (position_hash(key, last) < below) == is_held_out:
        last += stretch
    return first, min(last, end), is_held_out


@jit()
def list_held_out(sentence_offsets, held_out, every, starts, stops):  # type: ignore[no-untyped-def]
    """Find what is held out.

    Parameters
    ----------
    every : 1 lists all units, 2 every other one, ...
    starts, stops : int64, receive where the listed units begin and end, as far as there is room

    Returns
    -------
    number of units held out, and of their tokens
    """
    key, below, stretch = held_out
    n, n_tokens = 0, 0
    for sentence in range(sentence_offsets.shape[0] - 1):
        start, end = sentence_offsets[sentence], sentence_offsets[sentence + 1]
        while start < end:
            stop = min(start + stretch, end)
            if position_hash(key, start) < below:
                if n % every == 0 and n // every < starts.shape[0]:
                    starts[n // every], stops[n // every] = start, stop
                n += 1
                n_tokens += stop - start
            start = stop
    return n, n_tokens
