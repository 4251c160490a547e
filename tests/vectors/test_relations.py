"""Means, groups, odd ones, ranks, 3CosMul and restricted vocabularies: equal to gensim's."""

import numpy as np
import pytest
from gensim.models import KeyedVectors

from w2v.errors import ConfigError, UnknownWordError
from w2v.vectors import nearest as neighbors
from w2v.vectors.nearest import Neighbor
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary


def some_vectors(n_words: int = 500, dim: int = 20, seed: int = 1) -> WordVectors:
    random = np.random.default_rng(seed)
    matrix = (random.standard_normal((n_words, dim)) * random.lognormal(size=(n_words, 1))).astype(np.float32)
    return WordVectors(Vocabulary([f"w{i}" for i in range(n_words)], range(n_words, 0, -1)), matrix)


@pytest.fixture(scope="module")
def vectors() -> WordVectors:
    return some_vectors()


@pytest.fixture(scope="module")
def keyed(vectors: WordVectors) -> KeyedVectors:
    return vectors.to_gensim()


def assert_equal(ours: list[Neighbor], theirs: list[tuple[str, float]]) -> None:
    assert [word for word, _ in ours] == [word for word, _ in theirs]
    np.testing.assert_allclose([value for _, value in ours], [value for _, value in theirs], rtol=1e-6, atol=1e-6)


QUERIES = [(["w3"], []), (["w3", "w5"], ["w7"]), (["w3", "w3"], ["w9"]), (["w1", "w2", "w3"], ["w4", "w499"])]


@pytest.mark.filterwarnings("ignore:Call to deprecated .init_sims:DeprecationWarning")  # gensim calls it itself
@pytest.mark.parametrize("n", [1, 10, 1000])
def test_3cosmul_is_gensims(vectors: WordVectors, keyed: KeyedVectors, n: int) -> None:
    for positive, negative in QUERIES:
        assert_equal(vectors.neighbors_by_product(positive, negative, n), keyed.most_similar_cosmul(positive, negative, topn=n))
    assert_equal(vectors.analogy("w1", "w2", "w3", n, method="3cosmul"), keyed.most_similar_cosmul(["w2", "w3"], ["w1"], topn=n))


@pytest.mark.parametrize("restrict", [1, 4, 50, 10_000])
def test_a_restricted_vocabulary_is_gensims(vectors: WordVectors, keyed: KeyedVectors, restrict: int) -> None:
    for positive, negative in QUERIES:
        theirs = keyed.most_similar(positive, negative, topn=20, restrict_vocab=restrict)
        assert_equal(vectors.neighbors(positive, negative, 20, restrict_vocab=restrict), theirs)
        everything = vectors.neighbors_by_product(positive, negative, 1000)
        frequent = [found for found in everything if vectors.index(found.word) < restrict]  # gensim's 3CosMul ignores the restriction
        assert vectors.neighbors_by_product(positive, negative, 20, restrict_vocab=restrict) == frequent[:20]
    assert vectors.neighbors_of_each(["w3"], restrict_vocab=restrict) == [vectors.neighbors("w3", restrict_vocab=restrict)]


@pytest.mark.parametrize("method", ["3cosadd", "3cosmul"])
def test_many_analogies_are_each_one(vectors: WordVectors, monkeypatch: pytest.MonkeyPatch, method: str) -> None:
    questions = [(f"w{i}", f"w{2 * i + 1}", f"w{3 * i}") for i in range(40)]
    each = [vectors.analogy(*question, 7, method=method, restrict_vocab=300) for question in questions]
    monkeypatch.setattr(neighbors, "_BATCH", 10)
    monkeypatch.setattr(neighbors, "_SCORES", 500)
    assert vectors.analogies(questions, 7, method=method, restrict_vocab=300) == each
    assert vectors.analogies([], method=method) == []


def test_similarities_are_gensims(vectors: WordVectors, keyed: KeyedVectors) -> None:
    pairs = [("w1", "w2"), ("w7", "w7"), ("w200", "w4")]
    np.testing.assert_allclose(vectors.similarities(pairs), [keyed.similarity(*pair) for pair in pairs], rtol=0, atol=1e-6)
    assert vectors.similarities([]).shape == (0,)
    for a, b in ((["w1"], ["w2"]), (["w1", "w5", "w1"], ["w2", "w9"]), (["w3", "w4"], ["w4", "w3"])):
        assert vectors.n_similarity(a, b) == pytest.approx(float(keyed.n_similarity(a, b)), abs=1e-6)


@pytest.mark.parametrize("pre", [True, False])
@pytest.mark.parametrize("post", [True, False])
@pytest.mark.parametrize("weights", [None, [1.0, -0.5, 2.0]])
def test_a_mean_is_gensims(vectors: WordVectors, keyed: KeyedVectors, pre: bool, post: bool, weights: list[float] | None) -> None:
    items = ["w1", "w7", np.arange(20, dtype=np.float32)]
    ours = vectors.mean_vector(items, weights, pre_normalize=pre, post_normalize=post)
    theirs = keyed.get_mean_vector(items, weights, pre_normalize=pre, post_normalize=post)
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_the_odd_one_out_is_gensims(vectors: WordVectors, keyed: KeyedVectors) -> None:
    random = np.random.default_rng(3)
    for _ in range(30):
        words = [f"w{i}" for i in random.integers(0, 500, random.integers(3, 9))]
        assert vectors.odd_one_out(words) == keyed.doesnt_match(words)
        assert_equal(vectors.by_centrality(words), [(word, float(value)) for value, word in keyed.rank_by_centrality(words)])


def test_ranks_and_closer_words_are_gensims(vectors: WordVectors, keyed: KeyedVectors) -> None:
    for a, b in (("w1", "w2"), ("w300", "w0"), ("w5", "w499"), ("w5", "w5")):
        assert vectors.closer_than(a, b) == ([] if a == b else keyed.closer_than(a, b))
        assert vectors.rank(a, b) == (1 if a == b else keyed.rank(a, b))
    for place, found in enumerate(vectors.neighbors("w9", n=1000), 1):
        assert vectors.rank("w9", found.word) == place


def test_equal_vectors_are_not_closer_than_each_other() -> None:
    row = np.random.default_rng(1).standard_normal(30).astype(np.float32)
    near = row + np.float32(1e-4) * np.random.default_rng(2).standard_normal(30).astype(np.float32)
    vectors = WordVectors(Vocabulary(list("abcd"), [4, 3, 2, 1]), np.array([row, near, near, -row]))
    assert (vectors.rank("a", "b"), vectors.rank("a", "c"), vectors.rank("a", "d")) == (1, 1, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda v: v.neighbors("w1", restrict_vocab=0), "restrict_vocab must be an integer of at least 1: received 0"),
        (lambda v: v.analogy("w1", "w2", "w3", method="cosadd"), "method must be one of 3cosadd, 3cosmul: received 'cosadd'"),
        (lambda v: v.neighbors_by_product([], "w1"), "at least one positive"),
        (lambda v: v.neighbors_by_product(np.ones(3)), r"vectors of 20 finite numbers: received an array of shape \(3,\)"),
        (lambda v: v.mean_vector([]), "at least one word or vector"),
        (lambda v: v.mean_vector(["w1"], [1, 2]), "a mean of 1 vectors needs as many finite weights"),
        (lambda v: v.mean_vector([np.ones(3)]), "vectors of 20 finite numbers"),
        (lambda v: v.n_similarity([], ["w1"]), "at least one word or vector"),
        (lambda v: v.odd_one_out(["w1", "w2"]), "at least three words"),
        (lambda v: v.odd_one_out("w1 w2 w3"), "at least three words"),
        (lambda v: v.mean_vector("w1"), "a mean needs a list of at least one word or vector: received 'w1'"),
        (lambda v: v.n_similarity("w1", ["w2"]), "a mean needs a list"),
        (lambda v: v.neighbors_of_each("w1"), "queries must be a list of words and vectors: received the text 'w1'"),
    ],
)
def test_what_cannot_be_asked_is_refused(vectors: WordVectors, call: object, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        call(vectors)  # type: ignore[operator]


def test_unknown_words_are_refused(vectors: WordVectors) -> None:
    for call in (
        lambda: vectors.similarities([("w1", "w39x")]),
        lambda: vectors.odd_one_out(["w1", "w2", "w39x"]),
        lambda: vectors.rank("w1", "w39x"),
        lambda: vectors.mean_vector(["w39x"]),
        lambda: vectors.neighbors_by_product(["w39x"]),
    ):
        with pytest.raises(UnknownWordError, match="close matches: w39"):
            call()
