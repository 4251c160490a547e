"""Search for settings: every trial with a quarter of its epochs, the better half with a half, the better half of those with all.

A training with fewer epochs is a whole one, its learning rate falling to the end, because an interrupted one would be judged at a
learning rate that its end never has.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import DivergedError, FormatError
from w2v.items.baselines import Popularity
from w2v.items.held_out_items import Split
from w2v.items.method_comparison import Comparison, ask_vectors
from w2v.items.query_rules import VECTOR_RULES
from w2v.items.ranking import METRICS, NDCG, measure
from w2v.training.run import train
from w2v.tuning.trials import ROUNDS, Trial, best_first, going_on
from w2v.tuning.tuning_folder import Result, TuningState
from w2v.vectors.bootstrap import mean_intervals
from w2v.vectors.evaluation import evaluate_pairs
from w2v.vectors.evaluation_sets import PairSet

_BOOTSTRAP_SEED = 1


class Objective(Protocol):
    """What is tuned for."""

    @property
    def name(self) -> str:
        """The measure, as people read it."""

    def __call__(self, config: TrainConfig, is_last: bool) -> tuple[float, dict[str, Any]]:
        """Train and score: higher is better; and what else to tell of it, in the last round more."""

    def references(self) -> dict[str, float]:
        """The same measure of what needs no training, by name."""


@dataclass(frozen=True)
class NextItem:
    """NDCG@10 of the next item on the validation cases; in the last round the test cases, which decide nothing, are measured too."""

    split: Split
    threads: int
    keep_seen: bool
    name: str = f"{METRICS[NDCG]} of the next item"

    def __call__(self, config: TrainConfig, is_last: bool) -> tuple[float, dict[str, Any]]:
        comparison = Comparison(self.split, config, self.threads, self.keep_seen, lambda text: None)
        with tempfile.TemporaryDirectory(prefix="w2v-tune-") as folder:
            ask = ask_vectors(comparison.train(Path(folder) / "w2v", config.seed))
            by_rule = comparison.by_rule([ask], VECTOR_RULES)
            rule = max(by_rule, key=by_rule.__getitem__)
            details: dict[str, Any] = {"rule": str(rule)}
            if is_last:
                gains = measure(ask(rule), self.split.test, len(self.split.corpus.vocabulary), self.keep_seen).gains[:, [NDCG]]
                details["test"] = {"value": float(gains.mean()), "interval": list(mean_intervals(gains, _BOOTSTRAP_SEED)[0])}
        return by_rule[rule], details

    def references(self) -> dict[str, float]:
        """Popularity on the validation cases, which the trials are scored on, and on the test cases."""
        popularity, n_items = Popularity(self.split.corpus.vocabulary.counts), len(self.split.corpus.vocabulary)
        cases = {"validation": self.split.validation, "test": self.split.test}
        return {
            f"popularity, {name} cases": float(measure(popularity, asked, n_items, self.keep_seen).gains[:, NDCG].mean())
            for name, asked in cases.items()
        }


@dataclass(frozen=True)
class WordPairs:
    """Spearman's correlation with human judgments of word pairs, in the mean over sets."""

    corpus: EncodedCorpus
    sets: Sequence[PairSet]
    threads: int
    name: str = "Spearman's correlation, word pairs"

    def __call__(self, config: TrainConfig, is_last: bool) -> tuple[float, dict[str, Any]]:
        vectors = train(self.corpus, config, threads=self.threads).vectors
        found = [evaluate_pairs(vectors, pairs) for pairs in self.sets]
        for result in found:
            if math.isnan(result.spearman):
                wanted = "two pairs of words in the vocabulary or more, not all judged alike"
                raise FormatError(f"{result.name} must have {wanted}: found {result.covered}")
        sets = {result.name: {"value": result.spearman, "interval": list(result.interval), "covered": result.covered} for result in found}
        return sum(result.spearman for result in found) / len(found), {"sets": sets}

    def references(self) -> dict[str, float]:
        """None."""
        return {}


def tune(trials: Sequence[Trial], objective: Objective, state: TuningState, on_result: Callable[[Result], None]) -> Trial:
    """Run all rounds; what `state` has is not run again. Returns the best trial of the last round.

    Raises
    ------
    DivergedError
        all trainings of the last round diverged, so that there is no best one.
    """
    taking_part = list(trials)
    for number in range(len(ROUNDS)):
        if number:
            taking_part = going_on(taking_part, scores_of(state, number - 1), number, len(trials))
        for trial in taking_part:
            if (trial.number, number) not in state.results:
                state.add(_run(trial, number, objective))
            on_result(state.results[trial.number, number])
    scores = scores_of(state, len(ROUNDS) - 1)
    best = best_first(taking_part, scores)[0]
    if scores[best.number] is None:
        raise DivergedError("all trainings of the last round diverged: try a lower --alpha, with --overwrite")
    return best


def n_trainings(n_trials: int) -> int:
    """Most trainings that `tune` runs: the given settings may be one more in the later rounds."""
    return sum(min(n_trials, math.ceil(n_trials / 2**number) + (number > 0)) for number in range(len(ROUNDS)))


def scores_of(state: TuningState, round_: int) -> dict[int, float | None]:
    """Trial -> its score in a round."""
    return {result.trial: result.score for result in state.results.values() if result.round == round_}


def _run(trial: Trial, number: int, objective: Objective) -> Result:
    config = trial.at(ROUNDS[number])
    began = time.perf_counter()
    try:
        value, details = objective(config, number == len(ROUNDS) - 1)
    except DivergedError as error:
        value, details = None, {"diverged": str(error)}
    return Result(trial.number, number, config.epochs, value, round(time.perf_counter() - began, 3), details)
