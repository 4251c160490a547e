"""Random numbers as functions of integers: no state is shared, so threads never draw the same numbers by accident.

`mix` is the finalizer of SplitMix64 (Steele, Lea and Flood 2014, section 4): a bijection of 64-bit integers whose values at consecutive
arguments pass as independent. Keep decisions and window radii are `mix` of a token's position, so a window that crosses
a span's border sees the same neighbors from both sides; negatives are a stream that starts anew in every span.
"""

import numpy as np
from numba import njit

_U = np.uint64
GOLDEN = _U(0x9E3779B97F4A7C15)


@njit(inline="always")
def mix(x):  # type: ignore[no-untyped-def]
    """uint64 -> uint64, SplitMix64's finalizer."""
    x = (x ^ (x >> _U(30))) * _U(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> _U(27))) * _U(0x94D049BB133111EB)
    return x ^ (x >> _U(31))


@njit(inline="always")
def position_hash(key, position):  # type: ignore[no-untyped-def]
    """64 random bits of a token position: the upper half decides on keeping it, the lower half on the radius."""
    return mix(key + GOLDEN * _U(position))


def stream_key(*parts: int) -> int:
    """A 64-bit key for (seed, purpose, epoch, …): equal only for equal parts."""
    mask = 2**64 - 1
    key = 0
    for part in parts:
        key = (key ^ (part & mask)) * 0xD1342543DE82EF95 + int(GOLDEN) & mask
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            key = (key ^ (key >> shift)) * factor & mask
        key ^= key >> 31
    return key
