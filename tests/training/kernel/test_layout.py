import numpy as np
import pytest

from w2v.training.kernel.layout import aligned_zeros, row_stride


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.intp])
def test_arrays_lie_on_cache_lines_of_their_own(dtype):
    assert aligned_zeros(0, dtype).shape == (0,)
    for size in (1, 15, 16, 17, 1000):
        array = aligned_zeros(size, dtype)
        assert array.shape == (size,)
        assert array.dtype == dtype
        assert array.ctypes.data % 64 == 0
        assert not array.any()
        buffer = array.base
        end = buffer.ctypes.data + buffer.nbytes
        assert end - array.ctypes.data - array.nbytes >= -(array.ctypes.data + array.nbytes) % 64  # nothing else fits into the last line


def test_rows_are_padded_to_cache_lines():
    assert [row_stride(dim) for dim in (1, 16, 17, 100, 300)] == [16, 16, 32, 112, 304]
