"""How arrays lie in memory: rows start on cache lines, and what one thread writes shares no line with what another one does."""

from typing import Any

import numpy as np
import numpy.typing as npt
from numba.extending import register_jitable

CACHE_LINE = 16  # floats
_BYTES = 64


@register_jitable  # type: ignore[untyped-decorator]
def row_stride(dim: int) -> int:
    """Floats from a row of a matrix to the next: `dim`, and padding to whole cache lines."""
    return (dim + CACHE_LINE - 1) // CACHE_LINE * CACHE_LINE


def aligned_zeros(size: int, dtype: npt.DTypeLike = np.float32) -> npt.NDArray[Any]:
    """(size,) zeros on cache lines of their own.

    Small arrays that an allocator puts side by side may share a line; where two threads write to them, both can take twice as long.
    """
    n_bytes = size * np.dtype(dtype).itemsize
    buffer = np.zeros(n_bytes + 2 * _BYTES, np.uint8)
    first = -buffer.ctypes.data % _BYTES
    return buffer[first : first + n_bytes].view(dtype)
