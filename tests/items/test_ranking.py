"""Ranks, ties and the metrics made of them, against sorting in plain Python."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from w2v.items.held_out_items import Cases
from w2v.items.ranking import expected_gains, rank_targets


class Fixed:
    """Scores that are given."""

    def __init__(self, rows):
        self.rows = iter(rows)

    def scores(self, histories):
        return np.array([next(self.rows) for _ in histories], np.float32)


def cases(histories, targets):
    return Cases(tuple(np.array(history, np.int32) for history in histories), np.array(targets, np.int32))


def gains_at(place):
    return [place <= 10, 1 / math.log2(1 + place) if place <= 10 else 0, 1 / place]


def slow_gains(scores, history, target, keep_seen):
    """Mean over all orders of the candidates in which none stands before a better one."""
    if target < 0 or (not keep_seen and target in history):
        return [0, 0, 0]
    candidates = [item for item in range(len(scores)) if keep_seen or item not in history]
    above = sum(scores[item] > scores[target] for item in candidates)
    same = sum(scores[item] == scores[target] for item in candidates)
    return np.mean([gains_at(above + 1 + i) for i in range(same)], axis=0)


@settings(deadline=None)  # the first example compiles
@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=25),
    st.lists(st.integers(0, 24), max_size=5),
    st.integers(-1, 24),
    st.booleans(),
)
def test_one_case(scores, history, target, keep_seen):
    history, target = [item % len(scores) for item in history], min(target, len(scores) - 1)
    found = rank_targets(Fixed([scores]), cases([history], [target]), len(scores), keep_seen)
    np.testing.assert_allclose(found.gains, [slow_gains(scores, history, target, keep_seen)], rtol=1e-12)
    candidates = sum(keep_seen or item not in history for item in range(len(scores)))
    assert found.coverage == pytest.approx(min(10, candidates) / len(scores))


def test_many_cases_and_what_they_show():
    random = np.random.default_rng(1)
    rows = [random.permutation(40).astype(float) for _ in range(3000)]  # several batches
    histories = [random.choice(20, i % 3, replace=False) for i in range(3000)]
    targets = random.integers(-1, 40, 3000)
    found = rank_targets(Fixed(rows), cases(histories, targets), 40, keep_seen=False)
    expected = [
        slow_gains(row, set(history.tolist()), target, False) for row, history, target in zip(rows, histories, targets, strict=True)
    ]
    np.testing.assert_allclose(found.gains, expected, rtol=1e-12)
    assert found.coverage == 1


def test_coverage_is_what_is_shown():
    rows = [range(100), range(100), range(100, 0, -1)]
    found = rank_targets(Fixed(rows), cases([[], [99], []], [0, 0, 0]), 100, keep_seen=False)
    assert found.coverage == pytest.approx((11 + 10) / 100)  # 89 to 99, and 0 to 9


def test_of_equal_scores_the_lower_rank_is_shown():
    rows = [[1] * 10 + [2] + [0] * 9, [0] * 9 + [1] * 10 + [0]]  # shows 0 to 8 and 10; 9 to 18
    found = rank_targets(Fixed(rows), cases([[], []], [0, 0]), 20, keep_seen=True)
    assert found.coverage == pytest.approx(19 / 20)


def test_ties_are_the_mean_of_their_orders():
    found = expected_gains(np.array([9, 0, -1]), np.array([2, 3, 1]), 12)
    np.testing.assert_allclose(found[0], [0.5, 0.5 / math.log2(11), (1 / 10 + 1 / 11) / 2])
    orders = [gains_at(order.index(0) + 1) for order in itertools.permutations(range(3))]
    np.testing.assert_allclose(found[1], np.mean(orders, axis=0))
    assert not found[2].any()
