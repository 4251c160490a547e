"""Successive halving (Jamieson and Talwalkar 2016): all trials train with a quarter of their epochs, the better half of them with a half,
the better half of those with all.

A training with fewer epochs is a whole one, its learning rate falling to the end, because an interrupted one would be judged at a
learning rate that its end never has. Trials and scores are an optuna study. The halving is ours: optuna's pruner decides on a trial when
it knows the earlier ones only, and so keeps a mediocre first one and drops a good third one.
"""

import dataclasses
import itertools
import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from w2v.config import SESSION, TrainConfig
from w2v.errors import DivergedError
from w2v.tuning.objectives import Objective
from w2v.tuning.study import optuna

ROUNDS = (Fraction(1, 4), Fraction(1, 2), Fraction(1))  # share of a trial's epochs in each round; half of the trials go on to the next
GIVEN_TRIAL = 0  # searches nothing; it takes part in all rounds, to compare with
ITEM_SPACE: dict[str, tuple[Any, ...]] = {
    "dim": (32, 64, 100, 150, 200),
    "window": (2, 5, 10, SESSION),
    "noise_exponent": (-0.5, 0.0, 0.5, 0.75, 1.0),
    "negatives": (5, 10, 20),
    "epochs": (10, 20, 40, 80),
}
WORD_SPACE: dict[str, tuple[Any, ...]] = {
    "dim": (50, 100, 200, 300),
    "window": (2, 5, 8, 12),
    "noise_exponent": (0.5, 0.75, 1.0),
    "negatives": (5, 10, 15),
    "epochs": (3, 5, 10, 20),
}
SEARCHED = tuple(ITEM_SPACE)


@dataclass(frozen=True)
class Trial:
    """Settings that are tried, and what each finished round found, ready for JSON: trial, round (from 0), epochs, score (None where
    training diverged), seconds (of training and measuring), details (what else was measured)."""

    number: int
    config: TrainConfig
    rounds: list[dict[str, Any]]

    def rank(self, round_: int) -> tuple[float, int]:
        """Sorts trials by their score in a round, the best first; equal ones by number, those without a score last."""
        score = self.rounds[round_]["score"]
        return math.inf if score is None else -score, self.number


def add_trials(study: Any, given: TrainConfig, space: Mapping[str, tuple[Any, ...]], n_trials: int) -> None:
    """The given settings and `n_trials` - 1 others, drawn from a grid with `given.seed`; fewer where it has less.

    Trials that the study has are not added again. The draw is ours: none of optuna's samplers draws without repetition outside `optimize`.
    """
    points = list(itertools.product(*space.values()))
    random.Random(given.seed).shuffle(points)  # noqa: S311 - no secret
    own = tuple(getattr(given, name) for name in space)
    drawn = [own, *(point for point in points if point != own)][:n_trials]
    choices = {name: (*dict.fromkeys((*values, getattr(given, name))),) for name, values in space.items()}
    kinds = {name: optuna().distributions.CategoricalDistribution(values) for name, values in choices.items()}
    state = optuna().trial.TrialState.RUNNING
    for point in drawn[len(study.trials) :]:
        params = dict(zip(space, point, strict=True))
        study.add_trial(optuna().trial.create_trial(state=state, params=params, distributions=kinds))


def read_trials(study: Any, given: TrainConfig) -> list[Trial]:
    """All trials by number."""
    return [
        Trial(trial.number, dataclasses.replace(given, **trial.params), [found for _, found in sorted(trial.user_attrs.items())])
        for trial in study.get_trials(deepcopy=False)
    ]


def tune(study: Any, given: TrainConfig, objective: Objective, on_result: Callable[[dict[str, Any]], None]) -> list[Trial]:
    """Run all rounds of the trials in `study`; what is finished is not run again.

    Returns
    -------
    all trials: those that came farthest first, the best of them before the others

    Raises
    ------
    DivergedError
        all trainings of the last round diverged, so that there is no best one.
    """
    trials = read_trials(study, given)
    taking_part = [trial.number for trial in trials]
    for round_ in range(len(ROUNDS)):
        for number in taking_part:
            if len(trials[number].rounds) <= round_:
                _train(study, trials[number], round_, objective)
            trials = read_trials(study, given)
            on_result(trials[number].rounds[round_])
        ranked = sorted(taking_part, key=lambda number: trials[number].rank(round_))
        n_kept = math.ceil(len(trials) / 2 ** (round_ + 1))
        taking_part = [number for place, number in enumerate(ranked) if place < n_kept or number == GIVEN_TRIAL]
    _finish(study, trials)
    ordered = sorted(trials, key=lambda trial: (-len(trial.rounds), trial.rank(-1)))
    if ordered[0].rounds[-1]["score"] is None:
        raise DivergedError("all trainings of the last round diverged: try a lower --alpha, with --overwrite")
    return ordered


def n_trainings(n_trials: int) -> int:
    """Most trainings that `tune` runs: the given settings may be one more in the later rounds."""
    return sum(min(n_trials, math.ceil(n_trials / 2**round_) + (round_ > 0)) for round_ in range(len(ROUNDS)))


def _train(study: Any, trial: Trial, round_: int, objective: Objective) -> None:
    """Train and score, and keep that in the study."""
    config = dataclasses.replace(trial.config, epochs=max(1, math.floor(trial.config.epochs * ROUNDS[round_])))
    score: float | None
    began = time.perf_counter()
    try:
        score, details = objective(config, round_ == len(ROUNDS) - 1)
    except DivergedError as error:
        score, details = None, {"diverged": str(error)}
    seconds = round(time.perf_counter() - began, 3)
    found = {
        "trial": trial.number, "round": round_, "epochs": config.epochs, "score": score, "seconds": seconds, "details": details,
    }  # fmt: skip
    frozen = study.get_trials(deepcopy=False)[trial.number]
    stored = optuna().trial.Trial(study, frozen._trial_id)  # optuna hands out trials of an earlier process by this id only
    stored.set_user_attr(str(round_), found)
    stored.report(math.nan if score is None else score, round_)


def _finish(study: Any, trials: Sequence[Trial]) -> None:
    """Tell optuna what became of each trial, for its own tools."""
    for trial in trials:
        score = trial.rounds[-1]["score"] if len(trial.rounds) == len(ROUNDS) else None
        state = None if score is not None else optuna().trial.TrialState.PRUNED
        study.tell(trial.number, score, state=state, skip_if_finished=True)
