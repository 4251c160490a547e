"""Matrices as .npy files: golden bytes, numpy's own reader, and damaged headers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from w2v import npy
from w2v.errors import FormatError
from w2v.npy import map_npy, write_matrix


def test_golden_bytes(tmp_path: Path) -> None:
    write_matrix(tmp_path / "m.npy", np.array([[1, -2.5]], np.float32))
    header = b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }"
    assert (tmp_path / "m.npy").read_bytes() == header.ljust(127) + b"\n" + b"\x00\x00\x80\x3f\x00\x00\x20\xc0"


@pytest.mark.parametrize("shape", [(1, 1), (7, 3), (100, 33), (12345, 2)])
def test_numpy_reads_ours(tmp_path: Path, shape: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npy, "_BLOCK_BYTES", 1000)
    padded = np.random.default_rng(1).standard_normal((shape[0], shape[1] + 5)).astype(np.float32)
    for matrix in (padded[:, : shape[1]], np.asfortranarray(padded[:, : shape[1]])):
        write_matrix(tmp_path / "m.npy", matrix)
        np.testing.assert_array_equal(np.load(tmp_path / "m.npy"), matrix)
        assert (tmp_path / "m.npy").stat().st_size % 64 == matrix.nbytes % 64
        mapped = map_npy(tmp_path / "m.npy", np.float32, shape)
        assert mapped.tobytes() == matrix.tobytes()
        assert isinstance(mapped.base, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            mapped[0, 0] = 0


@pytest.mark.parametrize(
    "other", [np.zeros((2, 4)), np.zeros((4, 2), np.float32), np.zeros((2, 4), np.float32, "F"), np.zeros(8, np.float32)]
)
def test_another_matrix_is_refused(tmp_path: Path, other: np.ndarray) -> None:
    np.save(tmp_path / "m.npy", other)
    with pytest.raises(FormatError, match=r"m\.npy is damaged: it must be a \.npy file with header .*'shape': \(2, 4\).*: found .*descr"):
        map_npy(tmp_path / "m.npy", np.float32, (2, 4))


@pytest.mark.parametrize("change", [lambda raw: raw[:-1], lambda raw: raw + b"\0"])
def test_another_size_is_refused(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    write_matrix(tmp_path / "m.npy", np.zeros((2, 4), np.float32))
    (tmp_path / "m.npy").write_bytes(change((tmp_path / "m.npy").read_bytes()))
    with pytest.raises(FormatError, match="bytes, an array of shape"):
        map_npy(tmp_path / "m.npy", np.float32, (2, 4))
