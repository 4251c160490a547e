"""`WordVectors`: look-up, immutability, and the way to gensim."""

from pathlib import Path

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.errors import FormatError, UnknownWordError
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

VOCABULARY = Vocabulary(["the", "king", "queen"], [9, 5, 2])
MATRIX = np.array([[1, 2], [3, 4], [5, 6]], np.float32)


def test_look_up() -> None:
    vectors = WordVectors(VOCABULARY, MATRIX, tokenizer=CorpusConfig())
    assert vectors["king"].tolist() == [3, 4]
    assert "king" in vectors
    assert "kings" not in vectors
    assert len(vectors) == 3
    assert list(vectors) == ["the", "king", "queen"]
    assert vectors.words == ("the", "king", "queen")
    assert vectors.counts.tolist() == [9, 5, 2]
    assert vectors.index("queen") == 2
    assert vectors.dim == 2
    assert vectors.tokenizer == CorpusConfig()
    assert repr(vectors) == "<WordVectors: 3 words x 2 dimensions>"
    with pytest.raises(UnknownWordError, match="close matches: king"):
        vectors["kign"]


def test_nothing_can_be_changed_and_nothing_is_copied() -> None:
    matrix = MATRIX.copy()
    vectors = WordVectors(VOCABULARY, matrix)
    assert vectors.matrix.base is matrix
    assert np.shares_memory(vectors["king"], matrix)
    for array in (vectors.matrix, vectors["king"], vectors.counts):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    matrix[0, 0] = 7  # the caller's own array stays writable


@pytest.mark.parametrize("matrix", [MATRIX[:2], MATRIX[0], MATRIX.astype(np.float64), np.zeros((3, 0), np.float32)])
def test_another_shape_or_dtype_is_refused(matrix: np.ndarray) -> None:
    with pytest.raises(FormatError, match=r"must have shape \(3 words, dim of at least 1\) and dtype float32: received"):
        WordVectors(VOCABULARY, matrix)


def test_norms_are_computed_once() -> None:
    vectors = WordVectors(VOCABULARY, MATRIX)
    np.testing.assert_allclose(vectors.norms, [5**0.5, 5, 61**0.5], rtol=1e-6)
    assert vectors.norms is vectors.norms


def test_gensim_gets_the_same_bits_and_counts(tmp_path: Path) -> None:
    random = np.random.default_rng(1)
    matrix = np.zeros((1000, 16), np.float32)
    matrix[:, :10] = random.standard_normal((1000, 10))
    vectors = WordVectors(Vocabulary([f"w{i}" for i in range(1000)], range(2000, 1000, -1)), matrix[:, :10])
    keyed = vectors.to_gensim()
    assert keyed.vectors.tobytes() == np.ascontiguousarray(vectors.matrix).tobytes()
    assert tuple(keyed.index_to_key) == vectors.words
    assert keyed.get_vecattr("w3", "count") == 1997
    assert [word for word, _ in keyed.most_similar("w5", topn=3)] == [word for word, _ in vectors.neighbors("w5", n=3)]
    keyed.save(str(tmp_path / "keyed"))
    again = type(keyed).load(str(tmp_path / "keyed"))
    assert again.vectors.tobytes() == keyed.vectors.tobytes()
    assert again.get_vecattr("w999", "count") == 1001
    keyed.add_vectors(["new"], np.ones((1, 10), np.float32))  # theirs to change
    keyed.vectors[0] = 0
    assert len(vectors) == 1000
    assert vectors.matrix[0].any()
