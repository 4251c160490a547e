"""A float32 matrix in a .npy file: written in blocks of rows, read as a memory map, its header compared byte by byte."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError

_BLOCK_BYTES = 1 << 24

Matrix = npt.NDArray[np.float32]


def write_matrix(path: Path, *parts: Matrix) -> None:
    """Write a float32 matrix as .npy (version 1.0, C order, little-endian), in blocks of rows.

    Parameters
    ----------
    parts : (n_rows, n_columns) float32 each, one below the other; may be strided views
    """
    n_columns = parts[0].shape[1]
    rows = max(1, _BLOCK_BYTES // (4 * n_columns))
    with open(path, "wb") as file:
        file.write(_npy_header((sum(map(len, parts)), n_columns)))
        for part in parts:
            for start in range(0, len(part), rows):
                file.write(np.ascontiguousarray(part[start : start + rows], "<f4").data)


def read_matrix(path: Path, shape: tuple[int, int]) -> Matrix:
    """Memory-map a matrix that `write_matrix` wrote, read-only.

    Raises
    ------
    FormatError
        the file's header or size is not that of `shape`.
    """
    header = _npy_header(shape)
    size = len(header) + 4 * shape[0] * shape[1]
    with open(path, "rb") as file:
        found = file.read(len(header))
    if found != header:
        shown = found[10:].decode("latin-1").strip()
        raise FormatError(f"{path} is damaged: it must be a .npy file with header {header[10:].decode().strip()}: found {shown!r}")
    if path.stat().st_size != size:
        raise FormatError(f"{path} is damaged: it has {path.stat().st_size} bytes, a matrix of shape {shape} needs {size}")
    return np.asarray(np.memmap(path, "<f4", "r", len(header), shape))


def _npy_header(shape: tuple[int, ...]) -> bytes:
    # NumPy enhancement proposal 1: magic, version 1.0, length of the rest, a dict padded with spaces to a multiple of 64 bytes
    text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
    padding = -(10 + len(text) + 1) % 64
    rest = f"{text}{' ' * padding}\n".encode()
    return b"\x93NUMPY\x01\x00" + len(rest).to_bytes(2, "little") + rest
