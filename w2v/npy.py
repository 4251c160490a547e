"""One-dimensional ``.npy`` files: written piece by piece, mapped into memory after a look at their headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError

_HEADER_BYTES = 128


def _header(dtype: np.dtype[Any], length: int) -> bytes:
    """Magic, version 1.0, and what numpy writes for such an array; of one size for every length, so that it can be written last."""
    text = f"{{'descr': '{dtype.str}', 'fortran_order': False, 'shape': ({length},), }}"
    start = b"\x93NUMPY\x01\x00" + (_HEADER_BYTES - 10).to_bytes(2, "little")
    return start + text.encode().ljust(_HEADER_BYTES - 11) + b"\n"


class NpyWriter:
    """Writes arrays one after the other as one; a context manager.

    Parameters
    ----------
    path : the file; with `over_itself` an existing one, of which what is not written over is cut off
    dtype : of all arrays

    Attributes
    ----------
    length : elements written so far
    """

    data_start = _HEADER_BYTES

    def __init__(self, path: Path, dtype: npt.DTypeLike, *, over_itself: bool = False) -> None:
        self.length = 0
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._file = open(path, "r+b" if over_itself else "wb")  # noqa: SIM115 (closed by __exit__)
        self._file.write(_header(self._dtype, 0))

    def write(self, array: npt.NDArray[Any]) -> None:
        """Append a one-dimensional array.

        Raises
        ------
        OSError
            a full disk, for example.
        """
        self._file.write(np.ascontiguousarray(array, self._dtype).data)
        self.length += len(array)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        with self._file:
            if kind is None:
                self._file.truncate()
                self._file.seek(0)
                self._file.write(_header(self._dtype, self.length))


def map_npy(path: Path, dtype: npt.DTypeLike, length: int) -> npt.NDArray[Any]:
    """Map the file that `NpyWriter` wrote, read-only.

    Raises
    ------
    FormatError
        the file is not such an array of `length` elements.
    """
    expected = np.dtype(dtype).newbyteorder("<")
    n_bytes = _HEADER_BYTES + length * expected.itemsize
    if path.stat().st_size != n_bytes:
        raise FormatError(f"{path} must have {n_bytes} bytes for {length} numbers of type {expected}: it has {path.stat().st_size}")
    with open(path, "rb") as file:
        header = file.read(_HEADER_BYTES)
    if header != _header(expected, length):
        raise FormatError(f"{path} must begin with the header of {length} numbers of type {expected}: it begins with {header[:90]!r}")
    return np.asarray(np.memmap(path, expected, "r", _HEADER_BYTES, (length,)))
