"""What is tried: settings drawn from a space, and who goes on after each round of successive halving (Jamieson and Talwalkar 2016)."""

from __future__ import annotations

import dataclasses
import itertools
import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from w2v.config import SESSION, TrainConfig

ROUNDS = (Fraction(1, 4), Fraction(1, 2), Fraction(1))  # share of a trial's epochs in each round; half of the trials go on to the next
AS_GIVEN = 0  # the trial that searches nothing

_ITEMS: dict[str, tuple[Any, ...]] = {
    "dim": (32, 64, 100, 150, 200),
    "window": (2, 5, 10, SESSION),
    "noise_exponent": (-0.5, 0.0, 0.5, 0.75, 1.0),
    "negatives": (5, 10, 20),
    "epochs": (10, 20, 40, 80),
}
_WORDS: dict[str, tuple[Any, ...]] = {
    "dim": (50, 100, 200, 300),
    "window": (2, 5, 8, 12),
    "noise_exponent": (0.5, 0.75, 1.0),
    "negatives": (5, 10, 15),
    "epochs": (3, 5, 10, 20),
}
SEARCHED = tuple(_ITEMS)


@dataclass(frozen=True)
class Trial:
    """Settings to try: `number` 0 is what the user gave, the defaults where nothing was said."""

    number: int
    config: TrainConfig

    def at(self, share: Fraction) -> TrainConfig:
        """The settings with a share of their epochs, at least one; the learning rate falls over those."""
        return dataclasses.replace(self.config, epochs=max(1, math.floor(self.config.epochs * share)))


def draw_trials(given: TrainConfig, fixed: Mapping[str, Any], n: int, *, for_items: bool) -> list[Trial]:
    """The given settings, and n - 1 others drawn with `given.seed`; a larger n begins with the same ones.

    Parameters
    ----------
    fixed : names of fields that keep their given value
    for_items : sequences of items, or text

    Returns
    -------
    fewer than n where less is left to search
    """
    space = _ITEMS if for_items else _WORDS
    names = [name for name in space if name not in fixed]
    points = list(itertools.product(*(space[name] for name in names)))
    random.Random(given.seed).shuffle(points)  # noqa: S311 - no secret
    drawn = (dataclasses.replace(given, **dict(zip(names, point, strict=True))) for point in points)
    others = itertools.islice((config for config in drawn if config != given), n - 1)
    return [Trial(number, config) for number, config in enumerate([given, *others])]


def going_on(trials: Sequence[Trial], scores: Mapping[int, float | None], next_round: int, n: int) -> list[Trial]:
    """Who takes part in the next round: the best ceil(n / 2**round), and always the given settings, to compare with.

    Parameters
    ----------
    trials, scores : of the round before; None where training diverged
    n : trials at the start
    """
    ranked = best_first(trials, scores)
    n_kept = math.ceil(n / 2**next_round)
    return ranked[:n_kept] + [trial for trial in ranked[n_kept:] if trial.number == AS_GIVEN]


def best_first(trials: Sequence[Trial], scores: Mapping[int, float | None]) -> list[Trial]:
    """By score; equal ones by number, those without a score last."""

    def key(trial: Trial) -> tuple[float, int]:
        value = scores[trial.number]
        return (math.inf if value is None else -value, trial.number)

    return sorted(trials, key=key)
