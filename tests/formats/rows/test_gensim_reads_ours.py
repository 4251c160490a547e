"""gensim loads what we write and we load what gensim writes, bit for bit."""

import numpy as np
import pytest
from row_files import make_vectors, same

import w2v

gensim_models = pytest.importorskip("gensim.models")

# Words that trip readers: non-breaking and other Unicode spaces, line separators, control characters, numbers, long ones.
WORDS = [
    *(
        "the",
        "naïve",
        "北京",
        "🦆",
        "a\u00a0b",
        "\u2028",
        "\u2029x",
        "\x85",
        "\x1c",
        "\x1f",
        "\u3000",
        "0.5",
        "-1",
        "nan",
        "</s>",
        "e\u0301",
    ),
    *("\ufeffbom", "x" * 200, "字" * 99, '"', "'", "\\n", "#", "\u200d", "\u00ad", "1e5"),
]
BITS = np.random.default_rng(3).integers(0, 2**32, (len(WORDS), 40), dtype=np.uint32)
EDGES = np.array([0, 0x80000000, 1, 0x007FFFFF, 0x00800000, 0x7F7FFFFF, 0xFF7FFFFF, 0x3F800000, 0x3E3A0000], np.uint32)


@pytest.fixture(scope="module")
def matrix():
    bits = np.where(BITS & 0x7F800000 == 0x7F800000, BITS & 0xBFFFFFFF, BITS)  # finite ones
    bits[0, : len(EDGES)] = EDGES
    return bits.view(np.float32)


@pytest.mark.parametrize(("name", "binary"), [("v.vec", False), ("v.txt.gz", False), ("v.bin", True), ("v.bin.gz", True)])
def test_gensim_loads_ours(tmp_path, matrix, name, binary):
    w2v.save(make_vectors(WORDS, matrix), tmp_path / name)
    loaded = gensim_models.KeyedVectors.load_word2vec_format(str(tmp_path / name), binary=binary)
    assert loaded.index_to_key == WORDS
    assert np.array_equal(loaded.vectors.view(np.uint32), matrix.view(np.uint32))


# gensim leaves the file of its first pass open.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_gensim_loads_our_glove(tmp_path, matrix):
    w2v.save(make_vectors(WORDS, matrix), tmp_path / "v.glove")
    loaded = gensim_models.KeyedVectors.load_word2vec_format(str(tmp_path / "v.glove"), no_header=True)
    assert loaded.index_to_key == WORDS
    assert np.array_equal(loaded.vectors.view(np.uint32), matrix.view(np.uint32))


@pytest.mark.parametrize(
    ("name", "binary", "header"), [("v.vec", False, True), ("v.vec.bz2", False, True), ("v.bin", True, True), ("g", False, False)]
)
def test_we_load_gensims(tmp_path, matrix, name, binary, header):
    theirs = gensim_models.KeyedVectors(matrix.shape[1])
    theirs.add_vectors(WORDS, matrix)
    theirs.save_word2vec_format(str(tmp_path / name), binary=binary, write_header=header)
    assert same(w2v.load(tmp_path / name), WORDS, matrix)


def test_our_text_is_gensims_text(tmp_path):
    matrix = (np.random.default_rng(5).standard_normal((500, 30)) / 10).astype(np.float32)
    words = [f"w{i}" for i in range(500)]
    theirs = gensim_models.KeyedVectors(30)
    theirs.add_vectors(words, matrix)
    theirs.save_word2vec_format(str(tmp_path / "theirs"))
    w2v.save(make_vectors(words, matrix), tmp_path / "ours", "word2vec-text")
    assert (tmp_path / "ours").read_bytes() == (tmp_path / "theirs").read_bytes()
