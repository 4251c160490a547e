"""How well vectors say which item comes next: ours, gensim's at equal settings, co-occurrence and popularity on the same held-out items.

Every method is asked by the rule (`query_rules.py`) that is best for it on the validation cases, which are sequences of their own;
the numbers are of the test cases.
"""

import dataclasses
import functools
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from w2v.config import TrainConfig
from w2v.errors import ConfigError, MissingExtraError, import_extra
from w2v.items.baselines import Cooccurrence, Popularity, cooccurrence_cosines
from w2v.items.gensim_items import gensim_item_vectors, write_ranks
from w2v.items.held_out_items import Cases, Split
from w2v.items.query_rules import HISTORIES, VECTOR_RULES, ItemVectors, QueryRule, VectorScorer
from w2v.items.ranking import METRICS, NDCG, ItemScorer, RankingQuality, rank_targets
from w2v.training.run import train
from w2v.vectors.model_directory import load_model

POPULARITY, COOCCURRENCE, GENSIM, OURS = "popularity", "co-occurrence", "gensim", "w2v"

ScorerForRule = Callable[[QueryRule], ItemScorer]


@dataclass(frozen=True)
class MethodResult:
    """What one method did on the test cases.

    Attributes
    ----------
    by_rule : NDCG@10 on the validation cases for each way to ask; empty where there is one way only
    gains : (n_seeds, n_cases, 3) float64: `METRICS` of each case for each training
    coverage : share of the catalogue shown, for each training
    """

    name: str
    by_rule: dict[QueryRule, float]
    gains: npt.NDArray[np.float64]
    coverage: tuple[float, ...]

    @property
    def rule(self) -> QueryRule | None:
        """How it was asked."""
        return max(self.by_rule, key=self.by_rule.__getitem__, default=None)


@dataclass(frozen=True)
class ItemEvaluation:
    """One way to hold out and to train, for all methods.

    Attributes
    ----------
    config : of the trainings; its seed does not apply
    keep_seen : items of the history may be recommended again
    """

    split: Split
    config: TrainConfig
    threads: int
    keep_seen: bool
    on_message: Callable[[str], None]

    def compare_methods(self, seeds: int, with_gensim: bool) -> list[MethodResult]:
        """Train with seeds 1 to `seeds` and measure everything that is installed."""
        popularity = Popularity(self.split.corpus.vocabulary.counts)
        found = [self._test(POPULARITY, {}, [popularity])]
        try:
            cosines = cooccurrence_cosines(self.split.corpus)
            rules = [QueryRule("", last) for last in HISTORIES]
            found.append(self._test_best_rule(COOCCURRENCE, rules, [lambda rule: Cooccurrence(cosines, rule.last)]))
        except (MissingExtraError, ConfigError) as error:
            self.on_message(f"without {COOCCURRENCE}: {error}")
        with tempfile.TemporaryDirectory(prefix="w2v-next-item-") as name:
            folder = Path(name)
            if with_gensim:
                try:
                    import_extra("gensim", "validate", "the comparison with it")
                    write_ranks(self.split.corpus, folder / "lines.txt")
                    found.append(self._train_and_test(GENSIM, self._train_gensim, folder, seeds))
                except MissingExtraError as error:
                    self.on_message(f"without {GENSIM}: {error}")
            found.append(self._train_and_test(OURS, self.train_vectors, folder, seeds))
        return found

    def train_vectors(self, out: Path, seed: int) -> ItemVectors:
        """Our vectors of the training part, mapped from `out`."""
        train(self.split.corpus, dataclasses.replace(self.config, seed=seed), out=out, threads=self.threads)
        stored = load_model(out)
        return self._item_vectors(stored.input_vectors, stored.output_vectors)

    def validation_ndcg(self, trainings: Sequence[ScorerForRule], rules: Sequence[QueryRule]) -> dict[QueryRule, float]:
        """NDCG@10 on the validation cases, in the mean over trainings, of each rule."""
        cases = self.split.validation
        return {rule: float(np.mean([self.rank(scorer(rule), cases).gains[:, NDCG].mean() for scorer in trainings])) for rule in rules}

    def rank(self, scorer: ItemScorer, cases: Cases) -> RankingQuality:
        """Where a method puts the held-out items among all."""
        return rank_targets(scorer, cases, len(self.split.corpus.vocabulary), self.keep_seen)

    def _train_gensim(self, out: Path, seed: int) -> ItemVectors:
        config = dataclasses.replace(self.config, seed=seed)
        return self._item_vectors(*gensim_item_vectors(out.parent / "lines.txt", out, config, self.threads))

    def _item_vectors(self, inputs: npt.NDArray[np.float32], outputs: npt.NDArray[np.float32]) -> ItemVectors:
        counts = self.split.corpus.vocabulary.counts
        return ItemVectors(inputs, outputs, (self.config.noise_exponent * np.log(counts)).astype(np.float32))

    def _train_and_test(self, name: str, train_one: Callable[[Path, int], ItemVectors], folder: Path, seeds: int) -> MethodResult:
        trainings = []
        for seed in range(1, seeds + 1):
            self.on_message(f"training {name}, seed {seed}")
            trainings.append(functools.partial(VectorScorer, train_one(folder / f"{name}-{seed}", seed)))
        return self._test_best_rule(name, VECTOR_RULES, trainings)

    def _test_best_rule(self, name: str, rules: Sequence[QueryRule], trainings: Sequence[ScorerForRule]) -> MethodResult:
        by_rule = self.validation_ndcg(trainings, rules)
        rule = max(by_rule, key=by_rule.__getitem__)
        found = self._test(name, by_rule, [scorer(rule) for scorer in trainings])
        means = found.gains.mean(axis=(0, 1))
        self.on_message(f"{name}: {', '.join(f'{metric} {value:.4f}' for metric, value in zip(METRICS, means, strict=True))} ({rule})")
        return found

    def _test(self, name: str, by_rule: dict[QueryRule, float], scorers: Sequence[ItemScorer]) -> MethodResult:
        found = [self.rank(scorer, self.split.test) for scorer in scorers]
        return MethodResult(name, by_rule, np.stack([one.gains for one in found]), tuple(one.coverage for one in found))
