"""Arrays on pages of their own, which go back to the system with the array.

What a thread frees stays with the allocator, in that thread's share of it: sixteen threads that count words left 150 MB behind.
"""

import mmap
from typing import Any

import numpy as np
import numpy.typing as npt

_HUGE_BYTES = 1 << 22  # from here on numpy asks for huge pages too


def page_zeros(n: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """(n,) zeros, beginning on a page; memory is taken for what is written only."""
    n_bytes = max(1, n * np.dtype(dtype).itemsize)
    if not hasattr(mmap, "MAP_PRIVATE"):  # Windows
        return np.zeros(n, dtype)
    pages = mmap.mmap(-1, n_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if n_bytes >= _HUGE_BYTES and hasattr(mmap, "MADV_HUGEPAGE"):
        pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, dtype, n)
