"""``.npy`` files of our own: written piece by piece, mapped into memory after their header was compared byte by byte."""

import contextlib
import mmap
import os
from pathlib import Path
from typing import IO, Any, Self

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError

_HEADER_BYTES = 128
_BLOCK_BYTES = 1 << 24

Matrix = npt.NDArray[np.float32]


def _header(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bytes:
    """What numpy writes for such an array (enhancement proposal 1, version 1.0); as long for every shape, so it can be written last."""
    text = f"{{'descr': '{dtype.str}', 'fortran_order': False, 'shape': {shape}, }}"
    start = b"\x93NUMPY\x01\x00" + (_HEADER_BYTES - 10).to_bytes(2, "little")
    return start + text.encode().ljust(_HEADER_BYTES - 11) + b"\n"


class NpyWriter:
    """Writes one-dimensional arrays as one, in turn or each at its place; a context manager.

    Parameters
    ----------
    path : the file; with `over_itself` an existing one, of which what is not written over is cut off
    dtype : of all arrays

    Attributes
    ----------
    length : elements so far
    """

    data_start = _HEADER_BYTES

    def __init__(self, path: Path, dtype: npt.DTypeLike, *, over_itself: bool = False) -> None:
        self.length = 0
        self._dtype = np.dtype(dtype).newbyteorder("<")
        self._file = open(path, "r+b" if over_itself else "wb", buffering=0)  # noqa: SIM115 (closed by __exit__)

    def write(self, array: npt.NDArray[Any]) -> None:
        """Append a one-dimensional array.

        Raises
        ------
        OSError
            a full disk, for example.
        """
        self.write_at(array, self.reserve(len(array)))

    def reserve(self, n: int) -> int:
        """Make room for `n` elements behind those that are there, which will be written; returns the place of the first."""
        self.length += n
        return self.length - n

    def write_at(self, array: npt.NDArray[Any], place: int) -> None:
        """Write elements from `place` on; may be called by several threads at once. Raises what `write` raises."""
        self._write(np.ascontiguousarray(array, self._dtype).data.cast("B"), _HEADER_BYTES + place * self._dtype.itemsize)

    def _write(self, data: bytes | memoryview, position: int) -> None:
        view = memoryview(data)
        while view:
            n = os.pwrite(self._file.fileno(), view, position)
            view, position = view[n:], position + n

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *rest: object) -> None:
        with self._file:
            if kind is None:
                self._file.truncate(_HEADER_BYTES + self.length * self._dtype.itemsize)
                self._write(_header(self._dtype, (self.length,)), 0)


def read_elements(file: IO[bytes], place: int, room: npt.NDArray[Any]) -> int:
    """Fill `room` with elements of a one-dimensional file from `place` on; how many there were. For several threads at once."""
    view = room.data.cast("B")
    position, start = _HEADER_BYTES + place * room.itemsize, 0
    while start < len(view) and (n := os.preadv(file.fileno(), [view[start:]], position + start)):
        start += n
    return start // room.itemsize


def write_matrix(path: Path, *parts: Matrix) -> None:
    """Write a float32 matrix in blocks of rows.

    Parameters
    ----------
    parts : (n_rows, n_columns) float32 each, one below the other; may be strided views
    """
    n_columns = parts[0].shape[1]
    rows = max(1, _BLOCK_BYTES // (4 * n_columns))
    with open(path, "wb") as file:
        file.write(_header(np.dtype("<f4"), (sum(map(len, parts)), n_columns)))
        for part in parts:
            for start in range(0, len(part), rows):
                file.write(np.ascontiguousarray(part[start : start + rows], "<f4").data)


def map_npy(path: Path, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    """Map a file that `NpyWriter` or `write_matrix` wrote, read-only; where the file system has no maps it is read.

    Raises
    ------
    FormatError
        the file's header or size is not that of such an array.
    """
    expected = np.dtype(dtype).newbyteorder("<")
    header = _header(expected, shape)
    with open(path, "rb") as file:
        found = file.read(_HEADER_BYTES)
    if found != header:
        wanted, shown = (part[10:].decode("latin-1").strip() for part in (header, found))
        raise FormatError(f"{path} is damaged: it must be a .npy file with header {wanted}: found {shown!r}")
    n_bytes = _HEADER_BYTES + expected.itemsize * int(np.prod(shape, dtype=object))
    if path.stat().st_size != n_bytes:
        raise FormatError(f"{path} is damaged: it has {path.stat().st_size} bytes, an array of shape {shape} needs {n_bytes}")
    try:
        return np.asarray(np.memmap(path, expected, "r", _HEADER_BYTES, shape))
    except OSError:
        return np.fromfile(path, expected, offset=_HEADER_BYTES).reshape(shape)


def map_or_read(file: IO[bytes]) -> mmap.mmap | bytes:
    """All of a file, mapped read-only; where the file system has no maps it is read."""
    try:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except OSError:
        file.seek(0)
        return file.read()


def map_matrix(path: Path, shape: tuple[int, int]) -> Matrix:
    """Map a file that `write_matrix` wrote, copy-on-write, as a read-only array.

    Libraries that take memory by its address, such as ``torch.from_numpy``, may write into it all the same: only they see what they wrote,
    the file stays as it is, and memory is taken for the written pages only.

    Raises
    ------
    FormatError
        as `map_npy`.
    """
    matrix = map_npy(path, np.float32, shape)
    # A system that promises memory strictly refuses such a map of a file larger than what is free: read-only always goes.
    with contextlib.suppress(OSError):
        matrix = np.asarray(np.memmap(path, matrix.dtype, "c", _HEADER_BYTES, shape))
    matrix.setflags(write=False)
    return matrix
