import naive
import numpy as np
import pytest
from kernels import run_window

# dims around the vector widths, targets around every way of tiling (one vector, several contexts in one, several tiles)
SHAPES = [
    (1, 1, 1),
    (3, 2, 1),
    (16, 5, 3),
    (17, 6, 5),
    (100, 6, 5),
    (100, 7, 5),
    (300, 10, 5),
    (31, 4, 7),
    (40, 3, 8),
    (64, 9, 13),
    (50, 5, 14),
    (33, 7, 15),
    (20, 6, 20),
    (1024, 3, 64),
]


def random_case(dim, n_contexts, n_negatives, seed=0, scale=0.5):
    rng = np.random.default_rng(seed)
    n = n_contexts + n_negatives + 1
    inputs, outputs = (rng.normal(0, scale, (n, dim)).astype(np.float32).astype(np.float64) for _ in range(2))
    words = rng.permutation(n)
    return inputs, outputs, [int(w) for w in words[:n_contexts]], int(words[n_contexts]), [int(w) for w in words[n_contexts + 1 :]]


@pytest.mark.parametrize(("dim", "n_contexts", "n_negatives"), SHAPES)
@pytest.mark.parametrize("bias", [0.0, -1.5])
def test_equals_the_oracle(dim, n_contexts, n_negatives, bias):
    inputs, outputs, contexts, center, negatives = random_case(dim, n_contexts, n_negatives)
    got_in, got_out, logits = run_window(inputs, outputs, contexts, center, negatives, 0.1, bias)
    want_logits = [[inputs[c] @ outputs[t] for t in (center, *negatives)] for c in contexts]
    naive.update_window(inputs, outputs, contexts, center, negatives, 0.1, bias)
    np.testing.assert_allclose(logits, want_logits, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(got_in, inputs, rtol=1e-5, atol=2e-6)
    np.testing.assert_allclose(got_out, outputs, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("n_negatives", [5, 20])
def test_a_negative_equal_to_the_center_is_dropped(n_negatives):
    inputs, outputs, contexts, center, negatives = random_case(24, 4, n_negatives)
    negatives[1] = negatives[-1] = center
    got_in, got_out, _ = run_window(inputs, outputs, contexts, center, negatives, 0.1)
    naive.update_window(inputs, outputs, contexts, center, negatives, 0.1)
    np.testing.assert_allclose(got_in, inputs, rtol=1e-5, atol=2e-6)
    np.testing.assert_allclose(got_out, outputs, rtol=1e-5, atol=2e-6)


@pytest.mark.parametrize("n_negatives", [6, 30])
def test_a_negative_drawn_twice_counts_twice(n_negatives):
    inputs, outputs, contexts, center, negatives = random_case(24, 4, n_negatives)
    negatives[-1] = negatives[0]
    got_in, got_out, _ = run_window(inputs, outputs, contexts, center, negatives, 0.1)
    naive.update_window(inputs, outputs, contexts, center, negatives, 0.1)
    np.testing.assert_allclose(got_in, inputs, rtol=1e-5, atol=2e-6)
    np.testing.assert_allclose(got_out, outputs, rtol=1e-5, atol=2e-6)


def test_a_context_that_stands_twice_differs_by_the_square_of_the_rate_only():
    inputs, outputs, contexts, center, negatives = random_case(24, 4, 5)
    contexts[2] = contexts[0]
    rate = 1e-3
    got_in, got_out, _ = run_window(inputs, outputs, contexts, center, negatives, rate)
    naive.update_window(inputs, outputs, contexts, center, negatives, rate)
    np.testing.assert_allclose(got_in, inputs, atol=50 * rate**2)
    np.testing.assert_allclose(got_out, outputs, atol=50 * rate**2)


@pytest.mark.parametrize("bias", [0.0, -1.5])
def test_the_update_is_the_negative_gradient_of_the_loss(bias):
    """Two-sided differences of the oracle's loss in float64 against the kernel's step, for every coordinate."""
    inputs, outputs, contexts, center, negatives = random_case(7, 3, 4, seed=5)
    rate, h = 1.0, 1e-5
    got_in, got_out, _ = run_window(inputs, outputs, contexts, center, negatives, rate, bias)
    for matrix, got in ((inputs, got_in), (outputs, got_out)):
        gradient = np.zeros_like(matrix)
        for index in np.ndindex(*matrix.shape):
            old = matrix[index]
            losses = []
            for value in (old + h, old - h):
                matrix[index] = value
                losses.append(naive.window_loss(inputs, outputs, contexts, center, negatives, bias))
            matrix[index] = old
            gradient[index] = (losses[0] - losses[1]) / (2 * h)
        np.testing.assert_allclose(got - matrix, -rate * gradient, rtol=1e-4, atol=3e-6)


@pytest.mark.parametrize("logit", [0.0, 1e-3, -1e-3, 1.0, -1.0, 5.5, -5.5, 19.9, -19.9, 25.0, -25.0, 1e4, -1e4])
def test_sigmoid_is_accurate_and_clamped(logit):
    """With one context (x, 0, …) and an output row (0, 1, …) the step moves x's second coordinate by (1 - sigmoid(logit)) * rate."""
    inputs = np.zeros((2, 16))
    outputs = np.zeros((2, 16))
    inputs[0, 0], outputs[1, 0], outputs[1, 1] = np.float32(logit), 1.0, 1.0
    got_in, _, logits = run_window(inputs, outputs, [0], 1, [0], 1.0)
    assert logits[0, 0] == np.float32(logit), "logits are raw, before the clamp"
    want = 1 - naive.sigmoid(max(-20.0, min(20.0, logit)))
    assert got_in[0, 1] == pytest.approx(want, rel=1e-5, abs=1e-7)


def test_non_finite_rows_show_in_the_raw_logits():
    for value in (np.nan, np.inf):
        inputs, outputs, contexts, center, negatives = random_case(20, 3, 5)
        inputs[contexts[1], 4] = value
        _, _, logits = run_window(inputs, outputs, contexts, center, negatives, 0.1)
        assert not np.isfinite(logits[1]).all()
        assert np.isfinite(logits[0]).all()
