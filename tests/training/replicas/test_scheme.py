"""Rounds: which spans, at which learning rate, and where a training may stop."""

import itertools

import numpy as np
import pytest

import w2v
from w2v.config import TrainConfig
from w2v.errors import CheckpointError
from w2v.training.plan import make_plan
from w2v.training.replicas.scheme import rounds


@pytest.fixture(scope="module")
def plan():
    corpus = w2v.encode([["a", "b", "c", "d"] * 500] * 100)
    return make_plan(corpus, TrainConfig(dim=4, sample=0, epochs=2, deterministic=True, replicas=3))


def test_rounds_cover_the_spans_in_order(plan):
    assert plan.n_spans % 3
    for first in (0, 12):
        assert [span for turn in rounds(plan, 3, 1, first) for span in turn.spans] == list(range(first, plan.n_spans))


def test_the_learning_rate_falls_by_what_all_replicas_have_read(plan):
    found = [turn for epoch in range(2) for turn in rounds(plan, 3, epoch, 0)]
    factor = 3**0.16
    assert found[0].alpha == pytest.approx(factor * plan.config.alpha)
    assert found[-1].alpha_stop == pytest.approx(factor * 0.0001)
    for turn, after in itertools.pairwise(found):
        assert turn.alpha_stop == after.alpha
    assert found[1].alpha == pytest.approx(factor * plan.alpha(0, 3 * plan.span_tokens))


def test_one_replica_has_the_learning_rate_of_one_thread(plan):
    assert [turn.alpha for turn in rounds(plan, 1, 0, 0)] == [plan.alpha(0, plan.span(span)[0]) for span in range(plan.n_spans)]


def test_directions_are_renewed_often_at_first(plan):
    first = [turn.is_renewal for turn in rounds(plan, 1, 0, 0)]
    assert all(first[:40])
    later = np.flatnonzero([turn.is_renewal for turn in rounds(plan, 1, 1, 0)])
    assert later.tolist() == list(range(0, plan.n_spans, 4))


@pytest.mark.parametrize("first", [1, 3, 14])
def test_nothing_goes_on_in_the_middle(plan, first):
    with pytest.raises(CheckpointError, match=f"3 replicas does not go on from span {first}: overwrite=True"):
        list(rounds(plan, 3, 1, first))
