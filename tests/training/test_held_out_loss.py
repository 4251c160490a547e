"""The held-out loss against the oracle: the same windows, the same negatives, the same sum."""

import naive
import numpy as np
import pytest

import w2v
from w2v.config import CorpusConfig, TrainConfig
from w2v.training import held_out_loss as module
from w2v.training.held_out_lines import count_held_out, held_out_text
from w2v.training.held_out_loss import held_out_loss
from w2v.training.kernel.random import stream_key
from w2v.training.model import Model
from w2v.training.plan import make_plan

STRETCH = 4096


def oracle(corpus, model, plan, starts):
    """Mean loss over the windows of the stretches from `starts`, each with negatives of its own stream, drawn afresh for every window."""
    total, n_pairs = 0.0, 0
    tokens, offsets = (found.tolist() for found in held_out_text(corpus.tokens, corpus.sentence_offsets, plan.held_out))
    inputs, outputs = model.input_vectors.astype(np.float64), model.output_vectors.astype(np.float64)
    for i, start in enumerate(starts):
        key = stream_key(4, i)
        negatives = naive.NegativeStream(key, plan.alias, plan.negatives, 1, 1)
        stop = min(start + STRETCH, len(tokens))
        windows = naive.windows(tokens, offsets, start, stop, plan.keep, plan.window, plan.fixed_window, key)
        for center, contexts in windows:
            total += naive.window_loss(inputs, outputs, contexts, center, negatives.of_window(0), plan.config.logit_bias)
            n_pairs += len(contexts)
    return total / n_pairs


@pytest.mark.parametrize(("n_lines", "most_stretches", "n_starts"), [(100, 64, 1), (400, 64, 2), (1500, 3, 3)])
@pytest.mark.medium
def test_equals_the_oracle(n_lines, most_stretches, n_starts, monkeypatch):
    monkeypatch.setattr(module, "_MOST_TOKENS", most_stretches * STRETCH)
    rng = np.random.default_rng(0)
    lines = [[f"w{i}" for i in line] for line in rng.integers(0, 12, (n_lines, 30))]  # few words: many negatives are the center
    corpus = w2v.encode(lines, None, CorpusConfig(min_count=1))
    plan = make_plan(corpus, TrainConfig(dim=4, window=3, negatives=3, held_out=0.5, sample=1e-2))
    model = Model.start(len(corpus.vocabulary), 4, 1, width=8.0)
    model.output_vectors[:] = rng.normal(0, 1, model.output_vectors.shape)
    n_tokens = count_held_out(corpus.sentence_offsets, plan.held_out)[1]
    starts = np.linspace(0, max(0, n_tokens - STRETCH), n_starts).astype(int).tolist()
    assert held_out_loss(corpus, model, plan) == pytest.approx(oracle(corpus, model, plan, starts), rel=1e-6)
