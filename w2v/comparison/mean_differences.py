"""What a few repeated runs say: mean and spread, and how sure a comparison of two means is."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from w2v.errors import import_extra

CONFIDENCE = 0.95  # one-sided


def mean(values: Sequence[float]) -> float:
    """Arithmetic mean; NaN of nothing."""
    return float(np.mean(values)) if values else math.nan


def deviation(values: Sequence[float]) -> float:
    """Standard deviation of a sample (n - 1); NaN of fewer than two values."""
    return float(np.std(values, ddof=1)) if len(values) > 1 else math.nan


@dataclass(frozen=True)
class Difference:
    """mean(a) - mean(b), with the bounds that the true difference keeps, each on its own, with 95 % confidence."""

    value: float
    lower: float
    upper: float


def welch_difference(a: Sequence[float], b: Sequence[float]) -> Difference:
    """Difference of two means with one-sided bounds (Welch 1947), which are NaN where a side has fewer than two values."""
    value = mean(a) - mean(b)
    if min(len(a), len(b)) < 2:
        return Difference(value, math.nan, math.nan)
    if deviation(a) == deviation(b) == 0:  # scipy has no interval of no spread
        return Difference(value, value, value)
    stats = import_extra("scipy.stats", "validate", "comparing with gensim")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's, where one side has no spread
        interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(2 * CONFIDENCE - 1)  # two-sided: 5 % beyond each bound
    return Difference(value, float(interval.low), float(interval.high))
