"""The oracle itself: its page shows it whole, its probabilities are the library's, and its top function is the kernel's."""

import re
from pathlib import Path

import naive
import numpy as np
import pytest
from kernels import run_span, run_subsample

from w2v.training.sampling import alias_table, keep_probability, keep_thresholds, noise_distribution

ROOT = Path(__file__).parent.parent
SOURCE = Path(naive.__file__).read_text(encoding="utf-8")


def test_the_page_shows_the_file_in_its_order_and_whole() -> None:
    page = (ROOT / "docs" / "algorithm.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)\n```", page, re.DOTALL)
    _, docstring, code = SOURCE.split('"""', 2)
    assert docstring.startswith("Skip-gram with negative sampling")
    assert "\n\n\n".join(blocks) == code.strip()


def test_it_is_as_short_as_the_page_says() -> None:
    assert sum(1 for line in SOURCE.splitlines() if line.strip()) <= 110


def test_it_imports_nothing_that_it_checks() -> None:
    assert re.findall(r"^(?:from|import) (\w+)", SOURCE, re.MULTILINE) == ["math", "itertools", "numpy"]


def test_the_probabilities_are_the_library_s() -> None:
    counts = np.array([50_000, 1_000, 10])
    kept = [naive.keep_probability(count, 51_010, 1e-3) for count in counts.tolist()]
    np.testing.assert_allclose(keep_probability(counts, 1e-3), kept)
    np.testing.assert_allclose(noise_distribution(counts, 0.75), naive.noise_distribution(counts.tolist(), 0.75))


@pytest.mark.medium
def test_training_a_span_from_the_top_is_the_kernel_s() -> None:
    n_words, dim, window, n_negatives, key = 80, 12, 20, 5, 7
    rng = np.random.default_rng(3)
    tokens = rng.permutation(n_words)[np.arange(240) % n_words].astype(np.int32)  # no word twice in a window
    offsets = np.array([0, 100, 240])
    counts = rng.integers(1, 1000, n_words)
    keep, alias = keep_thresholds(counts, 1e-2), alias_table(noise_distribution(counts, 0.75))
    inputs, outputs = (rng.normal(0, 0.3, (n_words, dim)).astype(np.float32).astype(np.float64) for _ in range(2))
    _, listed = run_subsample(tokens, offsets, 0, 240, keep, window, True, 42)
    drawing = dict(n_negatives=n_negatives, reuse=8, distance=41, key=key)
    got_in, got_out, _ = run_span(listed, inputs, outputs, alias, window=window, alpha=0.05, alpha_step=-1e-4, bias=-1.2, **drawing)

    pairs = naive.windows(tokens.tolist(), offsets.tolist(), 0, 240, keep, window, True, 42)
    assert max(len(contexts) for _, contexts in pairs) > naive.MOST_CONTEXTS
    before = inputs.copy()
    naive.train_span(inputs, outputs, pairs, naive.NegativeStream(key, alias, n_negatives, 8, 41), 0.05, -1e-4, -1.2)
    assert abs(inputs - before).max() > 0.01
    np.testing.assert_allclose(got_in, inputs, rtol=1e-3, atol=2e-5)
    np.testing.assert_allclose(got_out, outputs, rtol=1e-3, atol=2e-5)
