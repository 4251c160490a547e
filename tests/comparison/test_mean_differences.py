"""Means and Welch's bounds, against examples worked by hand with the printed table of Student's distribution."""

import math

import pytest

from w2v.comparison.mean_differences import deviation, mean, welch_difference


def test_mean_and_deviation():
    assert mean([1.0, 2.0, 6.0]) == 3.0
    assert deviation([1.0, 2.0, 6.0]) == pytest.approx(math.sqrt(7))  # (4 + 1 + 9) / 2
    assert math.isnan(mean([]))
    assert math.isnan(deviation([1.0]))


def test_equal_variances_have_the_degrees_of_freedom_of_both():
    # Both variances are 2, so s = sqrt(2/2 + 2/2), freedom (1 + 1)**2 / (1/1 + 1/1) = 2, and t(0.95, 2) is 2.920.
    found = welch_difference([0.0, 2.0], [1.0, 3.0])
    assert found.value == -1.0
    assert found.upper == pytest.approx(-1 + 2.920 * math.sqrt(2), abs=1e-3)
    assert found.lower == pytest.approx(-1 - 2.920 * math.sqrt(2), abs=1e-3)


def test_a_side_without_spread_leaves_the_other_sides_freedom():
    # s = sqrt(2/2 + 0), freedom 1, t(0.95, 1) is 6.314.
    found = welch_difference([0.0, 2.0], [5.0, 5.0, 5.0])
    assert (found.lower, found.value, found.upper) == pytest.approx((-4 - 6.314, -4, -4 + 6.314), abs=1e-3)


def test_unequal_variances_and_numbers():
    # var/n are 1/3 and 4/3; freedom (5/3)**2 / ((1/3)**2 / 2 + (4/3)**2 / 2) = 2.941; the table has 2.920 for 2 and 2.353 for 3.
    found = welch_difference([1.0, 2.0, 3.0], [2.0, 4.0, 6.0])
    t = (found.upper + 2) / math.sqrt(5 / 3)
    assert 2.353 < t < 2.45


def test_nothing_is_claimed_from_one_run():
    found = welch_difference([1.0], [0.5, 0.6])
    assert found.value == pytest.approx(0.45)
    assert math.isnan(found.lower)
    assert math.isnan(found.upper)


def test_no_spread_at_all_is_certainty():
    found = welch_difference([1.0, 1.0], [0.5, 0.5])
    assert (found.lower, found.value, found.upper) == (0.5, 0.5, 0.5)


def test_an_unknown_score_stays_unknown():
    assert math.isnan(welch_difference([math.nan, 1.0], [0.5, 0.6]).upper)
