"""Side by side with gensim: both train on the same tokens with the same settings, in turn, and one judge scores both."""

import dataclasses
import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.comparison.gensim_evaluation import EVALUATION_SETS, EvaluationSet, Score, evaluate_by_gensim
from w2v.comparison.gensim_training import train_gensim
from w2v.comparison.mean_differences import Difference, deviation, mean, welch_difference
from w2v.comparison.word_lines import write_lines
from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.machine import describe_machine, machine_line
from w2v.text_tables import format_score, plain_table, short_number
from w2v.training.run import train
from w2v.training.settings import settle_config

BY_DEFAULT = "w2v by default"
_AS_WRITTEN = CorpusConfig(tokenizer="whitespace", min_count=1)  # reads what `write_lines` wrote


@dataclass(frozen=True)
class SeedRun:
    """One training: corpus words per second of the training call, and a score for each evaluation set."""

    words_per_second: float
    scores: dict[str, Score]


@dataclass(frozen=True)
class Validation:
    """What `validate` found; `settings` is ready for JSON.

    Attributes
    ----------
    ours, gensim : with equal settings
    by_default : ours with w2v's own defaults and as many epochs; empty where the settings are these
    """

    settings: dict[str, Any]
    machine: dict[str, Any]
    ours: list[SeedRun]
    gensim: list[SeedRun]
    by_default: list[SeedRun]

    @property
    def speed_ratio(self) -> float:
        """Our mean words/s over gensim's."""
        return mean([run.words_per_second for run in self.ours]) / mean([run.words_per_second for run in self.gensim])

    def difference(self, test: EvaluationSet) -> Difference:
        """gensim's mean minus ours on an evaluation set."""
        return welch_difference(_values(self.gensim, test), _values(self.ours, test))

    def to_json(self) -> dict[str, Any]:
        """Everything measured; what is not known is null."""
        return {
            "settings": self.settings,
            "words_per_second": {
                "w2v": [run.words_per_second for run in self.ours],
                "gensim": [run.words_per_second for run in self.gensim],
                "by_default": [run.words_per_second for run in self.by_default],
                "ratio": self.speed_ratio,
            },
            "sets": [self._set_json(test) for test in EVALUATION_SETS],
            "machine": self.machine,
        }

    def _set_json(self, test: EvaluationSet) -> dict[str, Any]:
        difference, coverage = self.difference(test), self.ours[0].scores[test.name]
        return {
            "set": test.name,
            "kind": test.kind,
            "covered": coverage.covered,
            "total": coverage.total,
            "w2v": [_or_none(value) for value in _values(self.ours, test)],
            "gensim": [_or_none(value) for value in _values(self.gensim, test)],
            "by_default": [_or_none(value) for value in _values(self.by_default, test)],
            "difference": {name: _or_none(value) for name, value in dataclasses.asdict(difference).items()},
            "allowed": test.allowed,
            "verdict": verdict(difference, test.allowed),
        }

    def table(self) -> str:
        """What people read."""
        settings = self.settings
        config = settings["train_config"]
        lines = f", in lines of {settings['line_words']} words" if settings["line_words"] else ""
        title = (
            f"{settings['text']}: {settings['tokens']:,} tokens{lines}, {settings['vocabulary']:,} words, epochs {config['epochs']}, "
            f"dim {config['dim']}, window {config['window']}, {config['negatives']} negatives, {settings['threads']} threads, "
            f"seeds 1 to {settings['seeds']}"
        )
        own = [BY_DEFAULT] if self.by_default else []
        head = ["mean ± sd", "covered", "gensim", "w2v", "difference", "at most", "allowed", "verdict", *own]
        speeds = [[run.words_per_second for run in runs] for runs in (self.gensim, self.ours, self.by_default)]
        gensim, ours, by_default = (_mean_and_spread(speed, short_number) for speed in speeds)
        rows = [["words/s", "", gensim, ours, f"{self.speed_ratio:.1f}x", "", "", "", by_default][: len(head)]]
        rows += [self._set_row(test)[: len(head)] for test in EVALUATION_SETS]
        legend = "difference: gensim's mean minus ours; at most: its one-sided 95 % bound (Welch), which must not exceed what is allowed"
        if own:
            legend += f"\n{BY_DEFAULT}: w2v's own settings where none were given, with the same epochs; the other two have word2vec's there"
        return "\n".join([title, machine_line(self.machine), "", plain_table(head, rows), "", legend])

    def _set_row(self, test: EvaluationSet) -> list[str]:
        difference, coverage = self.difference(test), self.ours[0].scores[test.name]
        return [
            test.name,
            f"{coverage.covered:,} of {coverage.total:,}",
            _mean_and_spread(_values(self.gensim, test), format_score),
            _mean_and_spread(_values(self.ours, test), format_score),
            format_score(difference.value),
            format_score(difference.upper),
            f"{test.allowed:.3f}",
            verdict(difference, test.allowed),
            _mean_and_spread(_values(self.by_default, test), format_score),
        ]


def verdict(difference: Difference, allowed: float) -> str:
    """What the bounds of gensim's mean minus ours say: holds, worse, or that these seeds cannot tell."""
    if math.isnan(difference.value):
        return "not covered"
    if difference.upper <= allowed:
        return "holds"
    return "worse" if difference.lower > allowed else "more seeds"


def validate(
    text: Path,
    config: TrainConfig,
    corpus_config: CorpusConfig,
    *,
    threads: int,
    seeds: int = 3,
    line_words: int | None = None,
    by_default: TrainConfig | None = None,
    on_message: Callable[[str], None] = lambda text: None,
) -> Validation:
    """Train gensim and w2v on a text with seeds 1 to `seeds`, in turn, and compare them.

    Parameters
    ----------
    config : its `seed` does not apply; without a held-out part, which gensim has not
    by_default : other settings, with which w2v is trained as well
    line_words : cut the text into lines of so many words for both, whatever its own lines are
    on_message : hears of each finished training

    Raises
    ------
    MissingExtraError
        gensim or scipy is not installed.
    CorpusError
        a text that cannot be trained on, or that gensim cannot be given.
    """
    with tempfile.TemporaryDirectory(prefix="w2v-validate-") as folder:
        corpus = encode(text, None, corpus_config, threads=threads)
        config = settle_config(config, corpus)
        if by_default is not None:
            by_default = dataclasses.replace(settle_config(by_default, corpus), epochs=config.epochs)
        lines = Path(folder) / "lines.txt"
        write_lines(corpus, lines, line_words)
        if line_words is not None:
            corpus = encode(lines, None, _AS_WRITTEN, threads=threads)
        ours, gensim, others = [], [], []
        for seed in range(1, seeds + 1):
            reference = train_gensim(lines, config, min_count=corpus_config.min_count, threads=threads, seed=seed)
            gensim.append(SeedRun(reference.words_per_second, evaluate_by_gensim(reference.model.wv)))
            on_message(_progress("gensim", seed, gensim[-1]))
            ours.append(_our_run(corpus, dataclasses.replace(config, seed=seed), threads))
            on_message(_progress("w2v", seed, ours[-1]))
            if by_default is not None and by_default != config:
                others.append(_our_run(corpus, dataclasses.replace(by_default, seed=seed), threads))
                on_message(_progress(BY_DEFAULT, seed, others[-1]))
    settings = {
        "text": str(text), "tokens": corpus.n_tokens, "vocabulary": len(corpus.vocabulary), "seeds": seeds, "threads": threads,
        "line_words": line_words, "train_config": config.to_json(), "corpus_config": corpus_config.to_json(),
    }  # fmt: skip
    return Validation(settings, describe_machine(), ours, gensim, others)


def _our_run(corpus: EncodedCorpus, config: TrainConfig, threads: int) -> SeedRun:
    trained = train(corpus, config, threads=threads)
    return SeedRun(trained.report["words_per_second"], evaluate_by_gensim(trained.vectors.to_gensim()))


def _progress(side: str, seed: int, run: SeedRun) -> str:
    scores = ", ".join(f"{name} {format_score(found.value)}" for name, found in run.scores.items())
    return f"{side}, seed {seed}: {short_number(run.words_per_second)} words/s, {scores}"


def _values(runs: list[SeedRun], test: EvaluationSet) -> list[float]:
    return [run.scores[test.name].value for run in runs]


def _mean_and_spread(values: list[float], write: Callable[[float], str]) -> str:
    spread = deviation(values)
    return write(mean(values)) + ("" if math.isnan(spread) else f" ± {write(spread)}")


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None
