import naive
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels import run_span, run_subsample

from w2v.training.kernel.random import stream_key
from w2v.training.kernel.span import KEPT, LOSS_EVERY, LOSS_PAIRS, LOSS_SUM, MOST_CONTEXTS, NON_FINITE, PAIRS
from w2v.training.sampling import alias_table, keep_thresholds, noise_distribution


def corpus(lengths, n_words=200, seed=0):
    """Tokens without a repetition within any window of 10, so that kernel and oracle agree to rounding."""
    rng = np.random.default_rng(seed)
    n = sum(lengths)
    order = rng.permutation(n_words)
    tokens = np.array([order[i % n_words] for i in range(n)], np.int32)
    return tokens, np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 40), min_size=1, max_size=20),
    window=st.integers(1, 12),
    fixed=st.booleans(),
    sample=st.sampled_from([0.0, 1e-2, 1e-3]),
    key=st.integers(0, 2**64 - 1),
    cuts=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_windows_equal_the_oracle_wherever_a_span_is_cut(lengths, window, fixed, sample, key, cuts):
    tokens, offsets = corpus(lengths)
    keep = keep_thresholds(np.bincount(tokens, minlength=200), sample)
    start, stop = sorted(int(cut * len(tokens)) for cut in cuts)
    got, _ = run_subsample(tokens, offsets, start, stop, keep, window, fixed, key)
    assert got == naive.windows(tokens.tolist(), offsets.tolist(), start, stop, keep, window, fixed, key)


@settings(max_examples=60, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=12),
    window=st.integers(1, 20),
    sample=st.sampled_from([0.0, 1e-2]),
    key=st.integers(0, 2**64 - 1),
    cuts=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_partners_in_a_session_equal_the_oracle_wherever_a_span_is_cut(lengths, window, sample, key, cuts):
    tokens, offsets = corpus(lengths)
    keep = keep_thresholds(np.bincount(tokens, minlength=200), sample)
    start, stop = sorted(int(cut * len(tokens)) for cut in cuts)
    got, _ = run_subsample(tokens, offsets, start, stop, keep, window, True, key, session=True)
    assert got == naive.windows(tokens.tolist(), offsets.tolist(), start, stop, keep, window, True, key, session=True)


@pytest.mark.parametrize(("length", "window"), [(9, 8), (10, 8), (30, 8), (41, 20)])
def test_every_partner_in_a_session_is_equally_likely_and_comes_once(length, window):
    tokens, offsets = np.arange(length, dtype=np.int32), np.array([0, length])
    keep = keep_thresholds(np.ones(length, np.int64), 0.0)
    times = np.zeros((length, length))
    n_keys = 500
    for key in range(n_keys):
        for center, contexts in run_subsample(tokens, offsets, 0, length, keep, window, True, 7919 * key, session=True)[0]:
            assert len(set(contexts)) == len(contexts) == min(window, length - 1)
            times[center, contexts] += 1
    assert not times.diagonal().any()
    share = min(window, length - 1) / (length - 1)
    others = times[~np.eye(length, dtype=bool)] / n_keys
    assert abs(others - share).max() <= 5 * np.sqrt(share * (1 - share) / n_keys)


@pytest.mark.medium
# Alone, a thread with private rows computes what it would without; 128 threads have one merge each row before every use.
@pytest.mark.parametrize(("n_hot", "threads"), [(0, 1), (0, 2), (13, 2), (200, 2), (200, 128)])
@pytest.mark.parametrize(
    ("lengths", "reuse", "distance", "n_negatives", "dim", "window", "session"),
    [
        ([600], 8, 16, 5, 100, 5, False),
        ([10] * 40, 8, 16, 5, 24, 5, False),
        ([5] * 60, 1, 16, 5, 16, 5, False),
        ([300], 3, 21, 12, 33, 10, False),
        ([90], 2, 16, 40, 8, 2, False),
        ([5, 60, 7, 90, 11, 12, 1, 40], 8, 16, 5, 24, 10, True),
        ([60, 150, 70], 8, 16, 5, 16, 70, True),
        ([120], 4, 16, 1, 20, 45, False),
    ],
)
def test_training_a_span_equals_the_oracle(lengths, reuse, distance, n_negatives, dim, window, session, n_hot, threads):
    n_words = 200
    tokens, offsets = corpus(lengths, n_words)
    counts = np.random.default_rng(1).integers(1, 1000, n_words)
    keep, alias = keep_thresholds(counts, 5e-3), alias_table(noise_distribution(counts, 0.75))
    rng = np.random.default_rng(2)
    inputs, outputs = (rng.normal(0, 0.3, (n_words, dim)).astype(np.float32).astype(np.float64) for _ in range(2))
    start, stop, alpha, alpha_step, bias, key = 7, len(tokens) - 3, 0.05, -1e-5, -1.2, 99
    windows, listed = run_subsample(tokens, offsets, start, stop, keep, window, session, 42, session)
    options = dict(window=window, n_negatives=n_negatives, reuse=reuse, distance=distance, key=key, alpha=alpha, alpha_step=alpha_step)
    got_in, got_out, statistics = run_span(listed, inputs, outputs, alias, bias=bias, n_hot=n_hot, threads=threads, **options)

    negatives = naive.NegativeStream(key, alias, n_negatives, reuse, distance)
    loss, loss_pairs, pairs, next_loss = 0.0, 0, 0, 0
    for i, (center, contexts) in enumerate(windows):
        drawn = negatives.of_window(i)
        pairs += len(contexts)
        takes_loss = bool(contexts) and i >= next_loss
        if takes_loss:
            next_loss, loss_pairs = i + LOSS_EVERY, loss_pairs + len(contexts)
        for first in range(0, len(contexts), MOST_CONTEXTS):
            part = contexts[first : first + MOST_CONTEXTS]
            if takes_loss:
                loss += naive.window_loss(inputs, outputs, part, center, drawn, bias)
            naive.update_window(inputs, outputs, part, center, drawn, alpha + alpha_step * i, bias)
    np.testing.assert_allclose(got_in, inputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(got_out, outputs, rtol=1e-3, atol=2e-5)
    assert statistics[KEPT] == len(windows)
    assert statistics[PAIRS] == pairs
    assert statistics[LOSS_PAIRS] == loss_pairs
    assert statistics[LOSS_SUM] == pytest.approx(loss, rel=1e-4)
    assert statistics[NON_FINITE] == 0


def test_non_finite_values_are_counted_not_clamped_away():
    tokens, offsets = corpus([300])
    counts = np.ones(200, np.int64)
    inputs, outputs = np.full((200, 16), np.nan), np.zeros((200, 16))
    _, listed = run_subsample(tokens, offsets, 0, 300, keep_thresholds(counts, 0), 5, False, 1)
    options = dict(window=5, n_negatives=5, reuse=8, distance=16, key=1, alpha=0.1, alpha_step=0.0)
    _, _, statistics = run_span(listed, inputs, outputs, alias_table(noise_distribution(counts, 0.75)), **options)
    assert statistics[NON_FINITE] > 0


def test_stream_keys_differ_by_every_part():
    keys = {stream_key(seed, purpose, epoch, span) for seed in range(5) for purpose in range(3) for epoch in range(5) for span in range(50)}
    assert len(keys) == 5 * 3 * 5 * 50
    assert stream_key(1, 2) != stream_key(2, 1)
