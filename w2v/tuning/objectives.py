"""What settings are searched for: the next item, or human judgments of word pairs.

An objective is called with a config, and whether this is the last round. It trains, and returns its score, higher is better, and what else
it measured, ready for JSON.
"""

import functools
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import FormatError
from w2v.items.baselines import Popularity
from w2v.items.held_out_items import Split
from w2v.items.method_comparison import ItemEvaluation
from w2v.items.query_rules import VECTOR_RULES, VectorScorer
from w2v.items.ranking import METRICS, NDCG
from w2v.training.run import train
from w2v.vectors.bootstrap import mean_intervals
from w2v.vectors.evaluation import evaluate_pairs
from w2v.vectors.evaluation_sets import PairSet

_BOOTSTRAP_SEED = 1


@dataclass(frozen=True)
class NextItem:
    """NDCG@10 of the next item on the validation cases; in the last round the test cases, which decide nothing, are measured too."""

    split: Split
    threads: int
    keep_seen: bool
    name: str = f"{METRICS[NDCG]} of the next item"

    def __call__(self, config: TrainConfig, is_last: bool) -> tuple[float, dict[str, Any]]:
        evaluation = self._evaluation(config)
        with tempfile.TemporaryDirectory(prefix="w2v-tune-") as folder:
            scorer = functools.partial(VectorScorer, evaluation.train_vectors(Path(folder) / "w2v", config.seed))
            by_rule = evaluation.validation_ndcg([scorer], VECTOR_RULES)
            rule = max(by_rule, key=by_rule.__getitem__)
            details: dict[str, Any] = {"rule": str(rule)}
            if is_last:
                gains = evaluation.rank(scorer(rule), self.split.test).gains[:, [NDCG]]
                details["test"] = {"value": float(gains.mean()), "interval": list(mean_intervals(gains, _BOOTSTRAP_SEED)[0])}
        return by_rule[rule], details

    def references(self) -> dict[str, float]:
        """Popularity on the validation cases, which the trials are scored on, and on the test cases."""
        evaluation, popularity = self._evaluation(TrainConfig()), Popularity(self.split.corpus.vocabulary.counts)
        cases = {"validation": self.split.validation, "test": self.split.test}
        return {f"popularity, {name} cases": float(evaluation.rank(popularity, cases[name]).gains[:, NDCG].mean()) for name in cases}

    def _evaluation(self, config: TrainConfig) -> ItemEvaluation:
        return ItemEvaluation(self.split, config, self.threads, self.keep_seen, lambda text: None)


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


Objective = NextItem | WordPairs
