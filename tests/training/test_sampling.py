import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.training.sampling import alias_table, keep_probability, keep_thresholds, noise_distribution


def distribution_of(table):
    """The exact distribution that an alias table draws from."""
    n = len(table)
    probability = np.zeros(n)
    for column, entry in enumerate(table.tolist()):
        threshold, alias = entry >> 32, entry & 0xFFFFFFFF
        share = (threshold + 1) / 2**32
        probability[column] += share / n
        probability[alias] += (1 - share) / n
    return probability


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=300), st.sampled_from([0.75, 0.0, 1.0, -0.5, -1.0]))
def test_alias_table_draws_the_noise_distribution(counts, exponent):
    wanted = noise_distribution(np.array(counts), exponent)
    np.testing.assert_allclose(distribution_of(alias_table(wanted)), wanted, atol=len(counts) * 2**-31)


def test_noise_distribution_is_counts_to_the_exponent():
    np.testing.assert_allclose(noise_distribution(np.array([16, 1]), 0.75), [8 / 9, 1 / 9])
    np.testing.assert_allclose(noise_distribution(np.array([3, 1]), -1.0), [0.25, 0.75])


def test_keep_probability_is_word2vec_c_s():
    counts = np.array([50_000, 1_000, 10])
    total, sample = counts.sum(), 1e-3
    wanted = [min(1, ((c / (sample * total)) ** 0.5 + 1) * (sample * total) / c) for c in counts]
    np.testing.assert_allclose(keep_probability(counts, sample), wanted)
    assert keep_probability(counts, sample)[2] == 1
    np.testing.assert_allclose(keep_probability(np.array([1, 1]), sample), (500**0.5 + 1) / 500)


def test_without_subsampling_everything_is_kept():
    assert keep_thresholds(np.array([10**9, 5, 0]), 0).tolist() == [2**32 - 1] * 3


def test_thresholds_are_probabilities_in_32_bits():
    counts = np.array([10**6, 10**3])
    np.testing.assert_allclose((keep_thresholds(counts, 1e-3) + 1.0) / 2**32, keep_probability(counts, 1e-3), atol=2**-31)


@pytest.mark.parametrize("sample", [0.0, 1e-3])
def test_words_without_counts_are_kept(sample):
    assert keep_probability(np.array([0, 10]), sample)[0] == 1
