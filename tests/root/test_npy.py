"""Matrices as .npy files: golden bytes, numpy's own reader, and damaged headers."""

import errno
import mmap
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v import npy
from w2v.errors import FormatError
from w2v.npy import map_matrix, map_npy, map_or_read, write_matrix


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


def test_a_matrix_is_mapped_copy_on_write(tmp_path: Path) -> None:
    """Memory given away by its address may be written to: the process lives on, and the file stays; without the copy it is a SIGSEGV."""
    write_matrix(tmp_path / "m.npy", np.ones((2000, 3), np.float32))
    before = (tmp_path / "m.npy").read_bytes()
    code = (
        "import ctypes, sys; from pathlib import Path; from w2v.npy import map_matrix\n"
        "matrix = map_matrix(Path(sys.argv[1]), (2000, 3))\n"
        "ctypes.memset(matrix.ctypes.data, 0, matrix.nbytes)\n"
        "print(matrix.sum(), map_matrix(Path(sys.argv[1]), (2000, 3)).sum(), matrix.flags.writeable)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "m.npy")], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "0.0 6000.0 False\n"), done.stderr
    assert (tmp_path / "m.npy").read_bytes() == before


def test_where_memory_is_promised_strictly_a_matrix_is_mapped_read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    map_file, modes = np.memmap, []

    def map_strictly(path: Path, dtype: np.dtype, mode: str, *rest: object) -> np.memmap:
        modes.append(mode)
        if mode == "c":
            raise OSError(12, "Cannot allocate memory")
        return map_file(path, dtype, mode, *rest)

    write_matrix(tmp_path / "m.npy", np.ones((2, 3), np.float32))
    monkeypatch.setattr(np, "memmap", map_strictly)
    assert map_matrix(tmp_path / "m.npy", (2, 3)).sum() == 6
    assert modes == ["r", "c"]


def refuse_maps(*arguments: object, **options: object) -> None:
    raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))


def test_where_there_are_no_maps_files_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_matrix(tmp_path / "m.npy", np.arange(6, dtype=np.float32).reshape(2, 3))
    monkeypatch.setattr(mmap, "mmap", refuse_maps)
    matrix = map_matrix(tmp_path / "m.npy", (2, 3))
    assert matrix.tolist() == [[0, 1, 2], [3, 4, 5]]
    assert not matrix.flags.writeable
    with open(tmp_path / "m.npy", "rb") as file:
        file.seek(50)
        assert map_or_read(file) == (tmp_path / "m.npy").read_bytes()


@pytest.mark.parametrize("name", ["v.safetensors", "v.parquet", "v.npz"])
def test_vectors_are_read_where_there_are_no_maps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    if name == "v.parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    w2v.save(w2v.WordVectors(w2v.Vocabulary(["a", "b"], [2, 1]), np.eye(2, 3, dtype=np.float32)), tmp_path / name)
    monkeypatch.setattr(mmap, "mmap", refuse_maps)
    monkeypatch.setattr("w2v.formats.arrays.safetensors.safe_open", refuse_maps)
    loaded = w2v.load(tmp_path / name)
    assert (list(loaded.vocabulary.words), loaded.matrix.tolist()) == (["a", "b"], [[1, 0, 0], [0, 1, 0]])
