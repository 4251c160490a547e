"""The curvature and its eigenpairs against numpy."""

import numpy as np
import pytest

import w2v
from w2v.config import CorpusConfig, TrainConfig
from w2v.training.kernel.layout import aligned_zeros, row_stride
from w2v.training.plan import make_plan
from w2v.training.replicas import curvature as module
from w2v.training.replicas.curvature import add_curvature, find_directions, use_weights, word_scales
from w2v.training.sampling import keep_probability, noise_distribution


def flat(matrix):
    n, dim = matrix.shape
    padded = aligned_zeros(n * row_stride(dim))
    padded.reshape(n, -1)[:, :dim] = matrix
    return padded


def measured(matrix, scales, parts=1):
    found = np.full((matrix.shape[1],) * 2, 9.0)
    for part in range(parts):
        add_curvature(flat(matrix), scales, row_stride(matrix.shape[1]), part, parts, found)
    return found


@pytest.mark.parametrize(("n_words", "dim"), [(1, 1), (7, 5), (100, 33), (131, 100)])
@pytest.mark.parametrize("n_directions", [1, 3])
def test_equals_numpy(n_words, dim, n_directions, monkeypatch):
    monkeypatch.setattr(module, "N_DIRECTIONS", n_directions)
    rng = np.random.default_rng(dim)
    matrix = rng.normal(size=(n_words, dim)).astype(np.float32) * np.linspace(3, 1, dim, dtype=np.float32) ** 4
    weights = rng.random(n_words)
    vectors, values, rest = find_directions(measured(matrix, np.sqrt(weights)))
    whole = (matrix.T.astype(np.float64) * weights) @ matrix.astype(np.float64)
    wanted, axes = np.linalg.eigh(whole)
    n = min(n_directions, dim)
    np.testing.assert_allclose(values, wanted[::-1][:n], rtol=1e-5, atol=1e-9)
    assert rest == pytest.approx(max(0.0, wanted[::-1][n:].sum()) / max(1, dim - n), rel=1e-4, abs=1e-5 * values[0])
    for vector, axis, value in zip(vectors, axes.T[::-1], values, strict=False):
        if value > 1e-6 * values[0]:
            assert abs(vector[:dim] @ axis) == pytest.approx(1, abs=1e-4)
    assert not vectors[:, dim:].any()


def test_the_bits_do_not_depend_on_how_threads_split_the_rows():
    rng = np.random.default_rng(0)
    matrix, scales = rng.normal(size=(500, 100)).astype(np.float32), rng.random(500)
    whole = np.triu(measured(matrix, scales))
    for parts in (2, 3, 16, 100):
        assert (np.triu(measured(matrix, scales, parts)) == whole).all()


def test_no_direction_before_anything_is_learned():
    vectors, values, rest = find_directions(np.zeros((4, 4)))
    assert not vectors.any()
    assert (values.tolist(), rest) == ([0.0], 0.0)


def test_weights_are_how_often_a_row_meets_each_word(monkeypatch):
    corpus = w2v.encode([["a"] * 60 + ["b"] * 30 + ["c"] * 10] * 20, None, CorpusConfig(min_count=1))
    plan = make_plan(corpus, TrainConfig(sample=1e-1, negatives=3))
    counts = corpus.vocabulary.counts
    kept = counts * keep_probability(counts, 0.1)
    contexts = kept / kept.sum()
    targets, found = use_weights(plan, counts)
    np.testing.assert_allclose(found, contexts, rtol=1e-6)
    np.testing.assert_allclose(targets, contexts + 3 * noise_distribution(counts, 0.75), rtol=1e-6)
    monkeypatch.setattr(module, "_MOST_WORDS", 2)
    assert [len(weights) for weights in use_weights(plan, counts)] == [2, 2]


def test_weights_of_the_words_of_a_span_sum_up_as_those_of_all_words():
    weights, words = np.array([0.5, 0.3, 0.1, 0.1]), np.array([0, 2, 3, 7, 9], np.int32)
    found = word_scales(weights, words, np.array([4, 0, 1, 1, 1], np.int32), 6.0) ** 2
    np.testing.assert_allclose(found, [5, 0, 1])
    assert not word_scales(weights, words, np.zeros(5, np.int32), 6.0).any()
    assert len(word_scales(weights, words[:0], np.zeros(0, np.int32), 6.0)) == 0
