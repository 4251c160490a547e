"""Limits of frequent rows, and the number of warps: rules without a card."""

import numpy as np
import pytest

from w2v.training.gpu.limits import LIMIT, choose_warps, find_usage, hot_row_scales, mean_steps, warps_of_multiprocessor
from w2v.training.gpu.shapes import choose_shape
from w2v.training.sampling import noise_distribution

SHAPE = choose_shape(100, 5, 5)


def usage_of(n_words, n_tokens, alpha=0.025, sample=1e-3, mean_length=1e6, fixed=False):
    counts = np.maximum(1, n_tokens / np.log(n_words) / np.arange(1, n_words + 1)).astype(np.int64)
    noise = noise_distribution(counts, 0.75)
    return find_usage(counts, noise, sample=sample, window=5, fixed_window=fixed, mean_length=mean_length, alpha=alpha)


def test_the_formula_of_uses_in_flight():
    """At 1,584 warps a row is used 1,584 x 11 x 6 x p times while others hold it, as an input, and 1,584 x 2 x (p + 5 q) as an output."""
    usage = usage_of(50_000, 17_000_000)
    scale_in, scale_out = hot_row_scales(usage, SHAPE, 1584)
    p, q = usage.kept, usage.noise
    np.testing.assert_allclose(scale_in, np.minimum(1, LIMIT / (1584 * 11 * 6 * p)))
    np.testing.assert_allclose(scale_out, np.minimum(1, LIMIT / (1584 * 2 * (p + 5 * q))))
    assert scale_in[0] < 0.1
    assert (scale_in == 1).mean() > 0.98, "only the most frequent words are limited"


def test_one_warp_is_never_limited():
    assert all((scale == 1).all() for scale in hot_row_scales(usage_of(50_000, 17_000_000), SHAPE, 1))


def test_a_higher_learning_rate_lowers_the_limit():
    slow, fast = (hot_row_scales(usage_of(1000, 10**6, alpha), SHAPE, 500)[0] for alpha in (0.025, 0.05))
    is_limited = fast < 1
    assert is_limited.any()
    assert (fast[is_limited] <= slow[is_limited]).all()
    assert fast[0] == pytest.approx(slow[0] / 2)


def test_short_sentences_have_fewer_contexts():
    assert usage_of(100, 10_000, mean_length=3.0).contexts == 2.0
    assert usage_of(100, 10_000).contexts == 6.0
    assert usage_of(100, 10_000, fixed=True).contexts == 10.0


@pytest.mark.parametrize(
    ("n_words", "n_tokens", "low", "high"), [(48, 18_000, 1, 4), (14_000, 10**6, 100, 300), (70_000, 17 * 10**6, 1000, 1584)]
)
def test_small_corpora_have_few_warps(n_words, n_tokens, low, high):
    usage = usage_of(n_words, n_tokens)
    n_warps = choose_warps(usage, SHAPE, n_tokens, 1584)
    assert low <= n_warps <= high
    step_in, step_out = mean_steps(usage, SHAPE, n_warps)
    assert (step_in, step_out) >= (0.6, 0.85)


def test_few_words_have_few_warps_however_long_the_text():
    assert choose_warps(usage_of(50, 10**9), SHAPE, 10**9, 1584) < 60


def test_warps_that_fit_onto_a_multiprocessor():
    """The figures of an H100: 12 warps of the default kernel, 8 at dim 300."""
    card = {"all_registers": 65536, "all_shared": 233472}
    assert warps_of_multiprocessor(SHAPE, 168, 45056, **card) == 12
    assert warps_of_multiprocessor(choose_shape(300, 5, 5), 255, 28160, **card) == 8
    assert warps_of_multiprocessor(choose_shape(100, 1000, 5), 128, 0, **card) == 16
