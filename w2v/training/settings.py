"""What a training config leaves open, filled in: by the tokenizer, and by how much text there is."""

import dataclasses
import math
from typing import Any

from w2v.config import DEFAULT_REPLICAS, DEFAULT_REUSE, DEFAULT_SAMPLE, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.training.sampling import keep_probability

_LEAST_KEPT = 100  # words of an epoch: below, many an epoch has no two of them in a line
_ENOUGH_TIMES = 2000  # two million tokens lose similarity with 1e-4, for no word of them is read too often (docs/quality.md)
_WALK_SAMPLE = 1e-3
_FEW_EPOCHS = 5  # of a corpus of walks, which is as long as it was asked to be, and of new text for a model that was trained before
LEFT_OPEN = ("window", "sample", "negative_reuse", "logit_bias", "replicas", "epochs")


def settle_config(config: TrainConfig, corpus: EncodedCorpus) -> TrainConfig:
    """`config` with what it leaves open filled in; nothing that it says is changed.

    Items are not subsampled, for the frequent ones matter; and they come in small corpora, where drawing less often costs accuracy
    (docs/evaluate-next.md). Nor is a node with many edges what "the" is in a text (docs/graphs.md).
    """
    items, walks = corpus.config.tokenizer == "items", "walks" in corpus.manifest
    chosen: dict[str, Any] = {
        "window": 10 if items else 5,
        "sample": 0.0 if items else _choose_sample(corpus, _WALK_SAMPLE if walks else _ENOUGH_TIMES / max(1, corpus.n_tokens)),
        "negative_reuse": 1 if items else DEFAULT_REUSE,
        "logit_bias": 0.0 if items else -math.log(config.negatives),
        "replicas": DEFAULT_REPLICAS if config.deterministic else None,
        "epochs": _FEW_EPOCHS if walks or "grown" in corpus.manifest else choose_epochs(corpus.n_tokens, items=items),
    }
    return dataclasses.replace(config, **{name: value for name, value in chosen.items() if getattr(config, name) is None})


def keep_open(config: TrainConfig, earlier: TrainConfig) -> TrainConfig:
    """`config` with what it leaves open as `earlier` has it, the settings of the training that goes on."""
    names = [name for name in LEFT_OPEN if getattr(config, name) is None and (name != "replicas" or config.deterministic)]
    return dataclasses.replace(config, **{name: getattr(earlier, name) for name in names})


def _choose_sample(corpus: EncodedCorpus, wanted: float) -> float:
    """`wanted`, but at least `DEFAULT_SAMPLE`, and 0 where that leaves too little of the text."""
    counts = corpus.vocabulary.counts
    sample = min(1.0, max(DEFAULT_SAMPLE, wanted))
    return sample if float(counts @ keep_probability(counts, sample)) >= _LEAST_KEPT else 0.0


def choose_epochs(n_tokens: int, *, items: bool) -> int:
    """Passes over a corpus after which more would not make better vectors; docs/quality.md has the curves that it was fitted to.

    A text of a hundred times as many tokens needs 2.5 times fewer passes. Overtraining shows in similarity (SimLex-999) first.
    """
    at_a_million, fewest, most = (24.0, 5, 60) if items else (17.0, 2, 30)
    return min(max(round(at_a_million * math.pow(1e6 / max(n_tokens, 1), 0.2)), fewest), most)
