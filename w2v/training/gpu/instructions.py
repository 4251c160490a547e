"""Instructions of the card that numba's simulator does not have; `tests/training/gpu/fake_card.py` has the same functions in Python."""

from typing import Any

import numpy as np
from numba import cuda
from numba.cuda import libdevice

_ALL_LANES = np.uint32(0xFFFFFFFF)
_F = np.float32


def bounded(threads: int, blocks: int) -> Any:
    """Decorates a kernel whose blocks have so many threads, and so many of which must fit onto a multiprocessor at once."""
    return cuda.jit(launch_bounds=(threads, blocks))


@cuda.jit(device=True, inline="always")
def from_lane(value, lane):  # type: ignore[no-untyped-def]
    """The `value` of another lane of the warp."""
    return cuda.shfl_sync(_ALL_LANES, value, lane)


@cuda.jit(device=True, inline="always")
def ballot(predicate):  # type: ignore[no-untyped-def]
    """uint32, bit l set: lane l says True."""
    return np.uint32(cuda.ballot_sync(_ALL_LANES, predicate))


@cuda.jit(device=True, inline="always")
def count_bits(bits):  # type: ignore[no-untyped-def]
    """Bits that are set."""
    return np.int32(cuda.popc(bits))


@cuda.jit(device=True, inline="always")
def lowest_bit(bits):  # type: ignore[no-untyped-def]
    """Number of the lowest bit that is set, 32 where none is."""
    found = np.int32(cuda.ffs(bits))  # from 1, 0 where none is
    return found - np.int32(1) if found > 0 else np.int32(32)


@cuda.jit(device=True, inline="always")
def highest_bit(bits):  # type: ignore[no-untyped-def]
    """Number of the highest bit that is set; one must be."""
    return np.int32(31) - np.int32(cuda.clz(bits))


@cuda.jit(device=True, inline="always")
def sigmoid(x):  # type: ignore[no-untyped-def]
    """1 / (1 + exp(-x)) to six digits."""
    return libdevice.fast_fdividef(_F(1.0), _F(1.0) + libdevice.fast_expf(-x))


@cuda.jit(device=True, inline="always")
def softplus(x):  # type: ignore[no-untyped-def]
    """log(1 + exp(x)); not finite where x is not."""
    return max(x, _F(0.0)) + libdevice.log1pf(libdevice.fast_expf(-abs(x))) + (x - x)
