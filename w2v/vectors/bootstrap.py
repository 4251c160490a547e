"""Rank correlation, and how far a score would have moved with other test questions: bootstrap intervals (Efron 1979)."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_RESAMPLES = 1000
_BLOCK_VALUES = 1 << 20  # of resamples that are held at a time: tens of MB
_OUTSIDE = 0.025  # on each side: 95 %

Array = npt.NDArray[np.float64]


class ConfidenceInterval(NamedTuple):
    """Where the score lies with 95 % confidence; NaN where too few questions are known."""

    low: float
    high: float


def pearson(a: Array, b: Array) -> float:
    """Correlation of two series; NaN for fewer than two values, or where one series is constant."""
    return float(_weighted_correlations(a[None], b[None], np.ones((1, len(a))))[0]) if len(a) > 1 else math.nan


def spearman(a: Array, b: Array) -> float:
    """Correlation of the ranks of two series, equal values sharing their mean rank."""
    ones = np.ones((1, len(a)))
    return float(_weighted_correlations(_ranks(a, ones), _ranks(b, ones), ones)[0]) if len(a) > 1 else math.nan


def spearman_interval(a: Array, b: Array, seed: int) -> ConfidenceInterval:
    """Percentile interval of `spearman` over pairs drawn with replacement."""
    n = len(a)
    if n < 2:
        return ConfidenceInterval(math.nan, math.nan)
    correlations = [_weighted_correlations(_ranks(a, times), _ranks(b, times), times) for times in _resamples(n, seed)]
    return _percentiles(np.concatenate(correlations))


def accuracy_interval(correct: npt.NDArray[np.bool_], groups: npt.NDArray[np.int64], seed: int) -> ConfidenceInterval:
    """Percentile interval of the share of correct answers, over whole groups of questions drawn with replacement.

    Questions of one group stand or fall together (those that share their first pair), so that drawing single ones would promise too much.

    Parameters
    ----------
    correct, groups : (n,) whether each question was answered, and the number of its group
    """
    _, group = np.unique(groups, return_inverse=True)
    sizes = np.bincount(group).astype(np.float64)
    if len(sizes) < 2:
        return ConfidenceInterval(math.nan, math.nan)
    right = np.bincount(group, correct)
    return _percentiles(np.concatenate([(times @ right) / (times @ sizes) for times in _resamples(len(sizes), seed)]))


def mean_intervals(values: Array, seed: int) -> list[ConfidenceInterval]:
    """Percentile interval of the mean of each column, over rows drawn with replacement, the same rows for all columns.

    So a column of differences gives the interval of a paired comparison.

    Parameters
    ----------
    values : (n, m); NaN intervals where n is below 2
    """
    n = len(values)
    if n < 2:
        return [ConfidenceInterval(math.nan, math.nan)] * values.shape[1]
    random = np.random.default_rng(seed)
    means = np.array([np.bincount(random.integers(n, size=n), minlength=n) @ values / n for _ in range(_RESAMPLES)])
    return [_percentiles(column) for column in means.T]


def _resamples(n: int, seed: int) -> Iterator[Array]:
    """(n_resamples, n), some at a time: how often each of `n` things was drawn is all that a resample is."""
    random = np.random.default_rng(seed)
    block = max(1, _BLOCK_VALUES // n)
    for start in range(0, _RESAMPLES, block):
        yield random.multinomial(n, np.full(n, 1 / n), min(block, _RESAMPLES - start)).astype(np.float64)


def _ranks(values: Array, times: Array) -> Array:
    """(n_resamples, n): mean rank of each value in a series where value i occurs ``times[:, i]`` times."""
    order = np.argsort(values, kind="stable")
    starts = np.flatnonzero(np.diff(values[order], prepend=math.nan) != 0)
    sizes = np.add.reduceat(times[:, order], starts, axis=1)
    middle = np.cumsum(sizes, axis=1) - (sizes - 1) / 2
    place = np.empty(len(values), np.int64)
    place[order] = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(values)))
    return np.asarray(middle[:, place])


def _weighted_correlations(a: Array, b: Array, weights: Array) -> Array:
    total = weights.sum(axis=1, keepdims=True)
    a = a - (weights * a).sum(axis=1, keepdims=True) / total
    b = b - (weights * b).sum(axis=1, keepdims=True) / total
    with np.errstate(invalid="ignore"):  # a constant series correlates with nothing: NaN
        values = (weights * a * b).sum(axis=1) / np.sqrt((weights * a * a).sum(axis=1) * (weights * b * b).sum(axis=1))
    return np.asarray(np.clip(values, -1, 1))


def _percentiles(values: Array) -> ConfidenceInterval:
    known = values[~np.isnan(values)]
    if len(known) == 0:
        return ConfidenceInterval(math.nan, math.nan)
    low, high = np.quantile(known, [_OUTSIDE, 1 - _OUTSIDE])
    return ConfidenceInterval(float(low), float(high))
