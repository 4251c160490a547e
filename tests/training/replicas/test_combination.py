"""The combination against the formula in plain Python."""

import itertools
import math

import numpy as np
import pytest

from w2v.jit import specialize
from w2v.training.kernel.layout import aligned_zeros, row_stride
from w2v.training.replicas.combination import Directions, combine_rows


def combined(base, rows, uses, slope, vectors, curvatures, rest):
    """One row after a round: `rows` and `uses` of the replicas that have it, in order."""
    active = [(np.float64(row) - base, slope * n) for row, n in zip(rows, uses, strict=True) if n]
    if not active:
        return base
    change, steps = sum(d for d, _ in active), [x for _, x in active]
    if len(active) == 1 or curvatures[0] * sum(steps) < 0.02:
        return base + change

    def s(curvature):
        apart = sum(1 - math.exp(-curvature * x) for x in steps)
        return (1 - math.exp(-curvature * sum(steps))) / apart if apart > 1e-9 else 1.0

    result = base + s(rest) * change
    for q, curvature in zip(vectors, curvatures, strict=True):
        result = result + (s(curvature) - s(rest)) * (q @ change) * q
    return result


def random_round(dim, n_replicas, n_words, seed, most_uses=4000):
    """Lists of words, uses and trained rows of each replica."""
    rng = np.random.default_rng(seed)
    base = rng.normal(size=(n_words, dim)).astype(np.float32)
    lists = [np.sort(rng.choice(n_words, size=rng.integers(0, n_words + 1), replace=False)).astype(np.int32) for _ in range(n_replicas)]
    uses = [np.where(rng.random(len(words)) < 0.2, 0, rng.integers(1, most_uses, len(words))).astype(np.int32) for words in lists]
    rows = [(base[words] + rng.normal(size=(len(words), dim))).astype(np.float32) for words in lists]
    return base, lists, uses, rows


def run(base, lists, uses, rows, slope, directions, borders):
    """The kernel, called for the words between each two borders."""
    n_words, dim = base.shape
    stride, n_replicas, width = row_stride(dim), len(lists), -(-n_words // 16) * 16
    matrix, copies = aligned_zeros(n_words * stride), aligned_zeros(n_replicas * width * stride).reshape(n_replicas, -1)
    matrix.reshape(n_words, stride)[:, :dim] = base
    words, counted = (np.zeros((n_replicas, width), np.int32) for _ in range(2))
    for r in range(n_replicas):
        words[r, : len(lists[r])], counted[r, : len(lists[r])] = lists[r], uses[r]
        copies[r].reshape(width, stride)[: len(lists[r]), :dim] = rows[r]
    n_rows = np.array([len(found) for found in lists])
    padded = np.zeros((len(directions.vectors), stride), np.float32)
    padded[:, :dim] = directions.vectors
    for begin, end in itertools.pairwise(borders):
        arguments = (matrix, copies, words, n_rows, counted, begin, end, slope, directions._replace(vectors=padded))
        specialize(combine_rows, arguments, (dim,))(*arguments, dim)
    result = matrix.reshape(n_words, stride)
    assert not result[:, dim:].any(), "the padding must stay zero"
    return result[:, :dim].copy()


def some_directions(dim, n, seed=5):
    vectors = np.linalg.qr(np.random.default_rng(seed).normal(size=(dim, n)))[0].T.astype(np.float32)
    return Directions(vectors, np.array([24.0, 3.6, 2.3][:n]), 0.36)


@pytest.mark.parametrize(("dim", "n_replicas", "n_directions"), [(100, 4, 1), (20, 1, 1), (20, 3, 3), (20, 16, 2)])
def test_every_row_follows_the_formula(dim, n_replicas, n_directions):
    base, lists, uses, rows = random_round(dim, n_replicas, 150, seed=n_replicas)
    directions, slope = some_directions(dim, n_directions), 2e-4
    got = run(base, lists, uses, rows, slope, directions, [0, 150])
    for word in range(150):
        found = [(rows[r][i], uses[r][i]) for r in range(n_replicas) for i in np.flatnonzero(lists[r] == word)]
        wanted = combined(np.float64(base[word]), *zip(*found, strict=True), slope, *directions) if found else base[word]
        np.testing.assert_allclose(got[word], wanted, rtol=2e-5, atol=2e-5)


def test_the_bits_do_not_depend_on_how_threads_split_the_words():
    base, lists, uses, rows = random_round(20, 4, 300, seed=1)
    directions = some_directions(20, 1)
    whole = run(base, lists, uses, rows, 1e-3, directions, [0, 300])
    for borders in ([0, 1, 2, 299, 300], [0, 150, 300], list(range(301))):
        assert (run(base, lists, uses, rows, 1e-3, directions, borders) == whole).all()


def test_the_change_of_one_replica_is_taken_as_it_is():
    base, lists, uses, rows = random_round(20, 1, 50, seed=2)
    got = run(base, lists, uses, rows, 1.0, some_directions(20, 1), [0, 50])
    used = lists[0][uses[0] > 0]
    assert (got[used] == rows[0][uses[0] > 0]).all()
    untouched = np.setdiff1d(np.arange(50), used)
    assert (got[untouched] == base[untouched]).all()


def test_frequent_rows_are_averaged_and_rare_ones_summed():
    rng = np.random.default_rng(3)
    base, change = np.zeros((2, 20), np.float32), rng.normal(size=(2, 20)).astype(np.float32)
    lists, uses = [np.array([0, 1], np.int32)] * 4, [np.array([1, 10**8], np.int32)] * 4
    got = run(base, lists, uses, [change] * 4, 1e-5, some_directions(20, 1), [0, 2])
    np.testing.assert_allclose(got[0], 4 * change[0], rtol=1e-6)
    np.testing.assert_allclose(got[1], change[1], rtol=1e-5, atol=1e-6)
