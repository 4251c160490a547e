"""Reading needs at most 64 MiB and twice the rows that are read, however large the file is."""

import tracemalloc

import numpy as np
import pytest
from row_files import make_vectors

import w2v

pytestmark = pytest.mark.long

N_ROWS, DIM = 30_000, 400
ROOM = 64 << 20
FORMATS = [
    "word2vec-binary",
    "word2vec-text",
    "glove",
    "npz",
    "safetensors",
    "projector",
    "parquet",
    "static-embedding",
    "word2vec-binary.zst",
]


@pytest.fixture(scope="module")
def large():
    tile = np.random.default_rng(1).integers(-8, 8, (100, DIM)).astype(np.float32)  # short as text
    return make_vectors([f"w{i}" for i in range(N_ROWS)], np.tile(tile, (N_ROWS // 100, 1)))


def peak(path, format, **options):
    tracemalloc.start()
    try:
        vectors = w2v.load(path, format, **options)
        return len(vectors), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.medium
@pytest.mark.parametrize("name", FORMATS)
def test_peak_memory(tmp_path, large, name):
    format_name = name.partition(".")[0]
    path = tmp_path / f"v.{name.rpartition('.')[2]}"
    w2v.save(large, path, format_name)
    row_bytes = 4 * DIM
    for limit in (None, 1000):
        n_rows, n_bytes = peak(path, format_name, limit=limit, max_ratio=10_000)
        assert n_rows == (limit or N_ROWS)
        assert n_bytes <= ROOM + 2 * n_rows * row_bytes
    n_rows, n_bytes = peak(path, format_name, words=[f"w{i}" for i in range(0, N_ROWS, 100)], max_ratio=10_000)
    assert n_rows == N_ROWS // 100
    assert n_bytes <= ROOM + 2 * N_ROWS * row_bytes
