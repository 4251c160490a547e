"""Exact neighbors: against gensim, against all similarities in float64, and at the edges."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st

from w2v.errors import ConfigError, FormatError, UnknownWordError
from w2v.vectors import nearest as module
from w2v.vectors.nearest import nearest, row_norms, unit
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary


def some_vectors(n_words: int = 400, dim: int = 20, seed: int = 1) -> WordVectors:
    random = np.random.default_rng(seed)
    matrix = (random.standard_normal((n_words, dim)) * random.lognormal(size=(n_words, 1))).astype(np.float32)
    return WordVectors(Vocabulary([f"w{i}" for i in range(n_words)], range(n_words, 0, -1)), matrix)


def gensim_of(vectors: WordVectors) -> KeyedVectors:
    keyed = KeyedVectors(vectors.dim)
    keyed.add_vectors(list(vectors.words), np.array(vectors.matrix))
    return keyed


def assert_equal(ours: list[module.Neighbor], theirs: list[tuple[str, float]]) -> None:
    assert [word for word, _ in ours] == [word for word, _ in theirs]
    np.testing.assert_allclose([value for _, value in ours], [value for _, value in theirs], rtol=0, atol=1e-6)


QUERIES = [
    (["w3"], []),
    (["w3", "w5"], ["w7"]),
    (["w3", "w3"], []),
    ([], ["w9"]),
    (["w1", "w2", "w3", "w4"], ["w3", "w399", "w200"]),
]


@pytest.mark.parametrize("dim", [1, 3, 20, 100])
@pytest.mark.parametrize("n", [1, 10, 399, 1000])
def test_equal_to_gensim(dim: int, n: int) -> None:
    vectors = some_vectors(dim=dim)
    keyed = gensim_of(vectors)
    for positive, negative in QUERIES:
        ours, theirs = vectors.neighbors(positive, negative, n), keyed.most_similar(positive, negative, topn=n)
        if dim > 1:
            assert_equal(ours, theirs)
        else:  # all similarities are 1 or -1, and gensim's order among equals is any
            assert sorted(round(value) for _, value in ours) == sorted(round(value) for _, value in theirs)


def test_more_words_in_a_query_than_candidates_to_spare() -> None:
    vectors = some_vectors()
    asked = [neighbor.word for neighbor in vectors.neighbors("w3", n=40)]  # which are the best candidates of their mean too
    assert_equal(vectors.neighbors(asked, n=10), gensim_of(vectors).most_similar(asked, topn=10))


def test_equal_to_gensim_with_vectors_among_the_words() -> None:
    vectors = some_vectors()
    keyed = gensim_of(vectors)
    free = np.random.default_rng(5).standard_normal((2, 20)).astype(np.float32) * 3
    assert_equal(vectors.neighbors(free[0]), keyed.most_similar(free[0]))
    assert_equal(vectors.neighbors([free[0], "w3"], [free[1], "w4"]), keyed.most_similar([free[0], "w3"], [free[1], "w4"]))
    assert_equal(vectors.neighbors(vectors["w3"], n=1), [("w3", 1.0)])  # a vector excludes nothing


def test_an_analogy_is_gensims() -> None:
    vectors = some_vectors()
    assert_equal(vectors.analogy("w1", "w2", "w3", 5), gensim_of(vectors).most_similar(["w2", "w3"], ["w1"], topn=5))


def test_similarity_is_gensims() -> None:
    vectors = some_vectors()
    keyed = gensim_of(vectors)
    for a, b in (("w1", "w2"), ("w7", "w7"), ("w200", "w4")):
        assert vectors.similarity(a, b) == pytest.approx(float(keyed.similarity(a, b)), abs=1e-6)
        assert -1 <= vectors.similarity(a, b) <= 1


@pytest.mark.medium
@given(
    n_words=st.integers(1, 60),
    n_distinct=st.integers(1, 8),
    n=st.integers(1, 70),
    scores=st.integers(1, 40),
    candidates=st.integers(1, 60),
    seed=st.integers(0, 1000),
)
def test_any_blocks_and_batches_give_all_neighbors_by_similarity_then_rank(
    n_words: int, n_distinct: int, n: int, scores: int, candidates: int, seed: int
) -> None:
    # Few distinct rows, zeros among them: most similarities are ties, and their order must be that of the ranks.
    random = np.random.default_rng(seed)
    rows = random.integers(-2, 3, (n_distinct, 3)).astype(np.float32)
    matrix = rows[random.integers(0, n_distinct, n_words)]
    queries = np.array([unit(row) for row in random.standard_normal((5, 3))])
    excluded = [random.integers(0, n_words, size).tolist() for size in (0, 1, 2, 3, 0)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SCORES", scores)
        patch.setattr(module, "_CANDIDATES", candidates)
        found = list(nearest(matrix, row_norms(matrix), queries, excluded, n))
    exact = {row.tobytes(): [float(unit(row) @ query) for query in queries] for row in rows}
    for number, (ranks, similarities) in enumerate(found):
        similarity = [exact[row.tobytes()][number] for row in matrix]
        expected = sorted(set(range(n_words)) - set(excluded[number]), key=lambda rank: (-similarity[rank], rank))[:n]
        assert ranks.tolist() == expected
        np.testing.assert_allclose(similarities, [similarity[rank] for rank in expected], rtol=0, atol=1e-12)


def test_a_result_does_not_depend_on_its_batch() -> None:
    vectors = some_vectors(3000, 50)
    words = vectors.words[:40]
    assert vectors.neighbors_of_each(words) == [vectors.neighbors(word) for word in words]
    assert vectors.neighbors_of_each([]) == []


def test_what_float32_cannot_tell_apart_is_told_apart() -> None:
    # Fifteen vectors within 1e-8 of the query by similarity, far below what a product in float32 resolves.
    random = np.random.default_rng(1)
    matrix = random.standard_normal((200, 30)).astype(np.float32)
    matrix[50:65] = matrix[7] + 1e-4 * random.standard_normal((15, 30)).astype(np.float32)
    vectors = WordVectors(some_vectors(200).vocabulary, matrix)
    exact = [float(unit(row) @ unit(matrix[7])) for row in matrix]
    expected = sorted(range(50, 65), key=lambda rank: -exact[rank])
    assert [word for word, _ in vectors.neighbors("w7", n=3)] == [f"w{rank}" for rank in expected[:3]]


def test_similarities_stay_in_range() -> None:
    vectors = some_vectors(2000)
    for word, found in zip(vectors.words, vectors.neighbors_of_each(list(vectors.matrix), 1), strict=True):
        assert found[0].word == word
        assert 1 - 1e-12 < found[0].similarity <= 1


def test_padded_and_mapped_matrices_give_the_same() -> None:
    vectors = some_vectors(dim=20)
    padded = np.zeros((400, 32), np.float32)
    padded[:, :20] = vectors.matrix
    assert WordVectors(vectors.vocabulary, padded[:, :20]).neighbors("w3") == vectors.neighbors("w3")


def test_rows_of_zeros_have_similarity_0() -> None:
    vectors = WordVectors(Vocabulary(["a", "o", "b"], [3, 2, 1]), np.array([[1, 0], [0, 0], [-1, 0]], np.float32))
    assert vectors.neighbors("a") == [("o", 0.0), ("b", -1.0)]
    assert vectors.neighbors("o") == [("a", 0.0), ("b", 0.0)]
    assert vectors.neighbors("a", "a") == [("o", 0.0), ("b", 0.0)]
    assert (vectors.similarity("a", "o"), vectors.similarity("o", "o")) == (0.0, 0.0)


def test_lengths_beyond_the_squares_of_float32() -> None:
    matrix = np.array([[1e30, 0], [1e30, 1e30], [1e-30, 0], [0, 1e-42], [0, 1]], np.float32)
    vectors = WordVectors(Vocabulary(list("abcde"), [5, 4, 3, 2, 1]), matrix)
    found = vectors.neighbors("a")
    assert [word for word, _ in found] == ["c", "b", "d", "e"]
    np.testing.assert_allclose([value for _, value in found], [1, 0.5**0.5, 0, 0], atol=1e-7)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_vectors_that_are_not_finite_are_refused(bad: float) -> None:
    matrix = np.ones((3, 2), np.float32)
    matrix[1, 1] = bad
    with pytest.raises(FormatError, match="the one at rank 1 is not"):
        WordVectors(Vocabulary(["a", "b", "c"], [3, 2, 1]), matrix).neighbors("a")


@pytest.mark.parametrize("n", [0, -1, 1.5, True, None])
def test_n_must_be_at_least_1(n: object) -> None:
    with pytest.raises(ConfigError, match="n must be an integer of at least 1: received"):
        some_vectors().neighbors("w1", n=n)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ([], "at least one word or vector: received none"),
        ([3], "received 3"),
        (np.ones(19), r"vectors of 20 finite numbers: received an array of shape \(19,\)"),
        (np.full(20, np.nan), "finite numbers"),
        (np.array(["a"] * 20), "finite numbers"),
        (np.ones((2, 2, 20)), "finite numbers"),
        (np.array(1.0), r"received an array of shape \(\)"),
    ],
)
def test_what_is_no_query_is_refused(query: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        some_vectors().neighbors(query)  # type: ignore[arg-type]


def test_a_list_of_vectors_may_be_a_matrix() -> None:
    vectors = some_vectors()
    assert vectors.neighbors(vectors.matrix[:2]) == vectors.neighbors([vectors.matrix[0], vectors.matrix[1]])


def test_unknown_words_are_refused_with_close_matches() -> None:
    with pytest.raises(UnknownWordError, match="close matches: w39"):
        some_vectors().neighbors(["w1"], ["w39x"])
