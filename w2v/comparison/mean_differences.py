"""What a few repeated runs say: mean and spread, and how sure a comparison of two means is."""

from __future__ import annotations

import math
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
    """Difference of two means with one-sided bounds: Welch 1947, with Welch-Satterthwaite degrees of freedom.

    The bounds are value -+ t * s, where s**2 = var(a) / len(a) + var(b) / len(b), t is the 95 % point of Student's distribution, and the
    degrees of freedom are ``s**4 / sum((var / n)**2 / (n - 1))``. They are NaN where a side has fewer than two values.
    """
    value = mean(a) - mean(b)
    if min(len(a), len(b)) < 2:
        return Difference(value, math.nan, math.nan)
    shares = [(deviation(values) ** 2 / len(values), len(values)) for values in (a, b)]
    variance = sum(share for share, _ in shares)
    if variance == 0:
        return Difference(value, value, value)
    freedom = variance**2 / sum(share**2 / (n - 1) for share, n in shares)
    t = float(import_extra("scipy.stats", "validate", "comparing with gensim").t.ppf(CONFIDENCE, freedom))
    return Difference(value, value - t * math.sqrt(variance), value + t * math.sqrt(variance))
