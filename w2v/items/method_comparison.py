"""How well vectors say which item comes next: ours, gensim's at equal settings, co-occurrence and popularity on the same held-out items.

Every method is asked by the rule (`next_item_rules.py`) that is best for it on the validation cases, which are sequences of their own;
the numbers are of the test cases.
"""

from __future__ import annotations

import dataclasses
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
from w2v.items.held_out_items import Split
from w2v.items.query_rules import HISTORIES, VECTOR_RULES, ItemVectors, Rule, VectorRecommender
from w2v.items.ranking import METRICS, NDCG, Measured, Recommender, measure
from w2v.training.run import train
from w2v.vectors.model_directory import load_model

POPULARITY, COOCCURRENCE, GENSIM, OURS = "popularity", "co-occurrence", "gensim", "w2v"

Ask = Callable[[Rule], Recommender]


@dataclass(frozen=True)
class Method:
    """What one method did on the test cases.

    Attributes
    ----------
    by_rule : NDCG@10 on the validation cases for each way to ask; empty where there is one way only
    gains : (n_seeds, n_cases, 3) float64: `METRICS` of each case for each training
    coverage : share of the catalogue shown, for each training
    """

    name: str
    by_rule: dict[Rule, float]
    gains: npt.NDArray[np.float64]
    coverage: tuple[float, ...]

    @property
    def rule(self) -> Rule | None:
        """How it was asked."""
        return max(self.by_rule, key=self.by_rule.__getitem__, default=None)


@dataclass(frozen=True)
class Comparison:
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

    def methods(self, seeds: int, with_gensim: bool) -> list[Method]:
        """Train with seeds 1 to `seeds` and measure everything that is installed."""
        corpus = self.split.corpus
        popularity = Popularity(corpus.vocabulary.counts)
        found = [_method(POPULARITY, {}, [self._measure(popularity)])]
        try:
            cosines = cooccurrence_cosines(corpus)
            found.append(self._best(COOCCURRENCE, [Rule("", last) for last in HISTORIES], [lambda rule: Cooccurrence(cosines, rule.last)]))
        except (MissingExtraError, ConfigError) as error:
            self.on_message(f"without {COOCCURRENCE}: {error}")
        with tempfile.TemporaryDirectory(prefix="w2v-next-item-") as folder:
            if with_gensim and self._has_gensim():
                found.append(self._learner(GENSIM, self._gensim(Path(folder), seeds)))
            found.append(self._learner(OURS, [self.train(Path(folder) / f"w2v-{seed}", seed) for seed in range(1, seeds + 1)]))
        return found

    def train(self, out: Path, seed: int) -> ItemVectors:
        """Our vectors of the training part, mapped from `out`."""
        self.on_message(f"training {OURS}, seed {seed}")
        train(self.split.corpus, dataclasses.replace(self.config, seed=seed), out=out, threads=self.threads)
        stored = load_model(out)
        return self._item_vectors(stored.input_vectors, stored.output_vectors)

    def by_rule(self, trainings: Sequence[Ask], rules: Sequence[Rule]) -> dict[Rule, float]:
        """NDCG on the validation cases, in the mean over trainings, of each rule."""
        cases, n_items = self.split.validation, len(self.split.corpus.vocabulary)
        return {
            rule: float(np.mean([measure(ask(rule), cases, n_items, self.keep_seen).gains[:, NDCG].mean() for ask in trainings]))
            for rule in rules
        }

    def _has_gensim(self) -> bool:
        try:
            import_extra("gensim", "validate", "the comparison with it")
        except MissingExtraError as error:
            self.on_message(f"without {GENSIM}: {error}")
            return False
        return True

    def _gensim(self, folder: Path, seeds: int) -> list[ItemVectors]:
        lines, found = folder / "lines.txt", []
        write_ranks(self.split.corpus, lines)
        for seed in range(1, seeds + 1):
            self.on_message(f"training {GENSIM}, seed {seed}")
            config = dataclasses.replace(self.config, seed=seed)
            found.append(self._item_vectors(*gensim_item_vectors(lines, folder / f"gensim-{seed}", config, self.threads)))
        return found

    def _item_vectors(self, inputs: npt.NDArray[np.float32], outputs: npt.NDArray[np.float32]) -> ItemVectors:
        counts = self.split.corpus.vocabulary.counts
        return ItemVectors(inputs, outputs, (self.config.noise_exponent * np.log(counts)).astype(np.float32))

    def _learner(self, name: str, trainings: Sequence[ItemVectors]) -> Method:
        return self._best(name, VECTOR_RULES, [ask_vectors(vectors) for vectors in trainings])

    def _best(self, name: str, rules: Sequence[Rule], trainings: Sequence[Ask]) -> Method:
        by_rule = self.by_rule(trainings, rules)
        rule = max(by_rule, key=by_rule.__getitem__)
        method = _method(name, by_rule, [self._measure(ask(rule)) for ask in trainings])
        means = method.gains.mean(axis=(0, 1))
        self.on_message(f"{name}: {', '.join(f'{metric} {value:.4f}' for metric, value in zip(METRICS, means, strict=True))} ({rule})")
        return method

    def _measure(self, recommender: Recommender) -> Measured:
        return measure(recommender, self.split.test, len(self.split.corpus.vocabulary), self.keep_seen)


def ask_vectors(vectors: ItemVectors) -> Ask:
    """Vectors as something that a rule asks."""
    return lambda rule: VectorRecommender(vectors, rule)


def _method(name: str, by_rule: dict[Rule, float], measured: Sequence[Measured]) -> Method:
    return Method(name, by_rule, np.stack([one.gains for one in measured]), tuple(one.coverage for one in measured))
