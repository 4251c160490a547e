"""gensim, trained as we train: the reference for speed and quality."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.config import SESSION, TrainConfig
from w2v.errors import import_extra

_LONGEST_WINDOW = 1000


@dataclass(frozen=True)
class GensimRun:
    """A finished training by gensim.

    Attributes
    ----------
    model : the `gensim.models.Word2Vec`
    tokens : corpus tokens in the vocabulary, one epoch
    read_seconds : vocabulary pass; gensim reads the text again in every epoch, inside `train_seconds`
    train_seconds : the training call alone
    words_per_second : tokens x epochs / train_seconds, as for ours. gensim's log counts words after subsampling instead
    """

    model: Any
    tokens: int
    read_seconds: float
    train_seconds: float

    @property
    def words_per_second(self) -> float:
        return self.tokens * int(self.model.epochs) / self.train_seconds


def new_gensim(config: TrainConfig, *, min_count: int, threads: int, seed: int) -> Any:
    """A `gensim.models.Word2Vec` with our settings that has read nothing yet.

    Parameters
    ----------
    config : `sample` must be known (`settle_config`); `negative_reuse`, `held_out` and `seed` do not apply

    Raises
    ------
    MissingExtraError
        gensim is not installed.
    """
    session = config.window == SESSION
    return import_extra("gensim.models", "validate", "the comparison with it").Word2Vec(
        sg=1, hs=0, vector_size=config.dim, window=_LONGEST_WINDOW if session else config.window,
        shrink_windows=not (session or config.fixed_window), negative=config.negatives, ns_exponent=config.noise_exponent,
        sample=config.sample, epochs=config.epochs, alpha=config.alpha, min_alpha=config.min_alpha,
        min_count=min_count, workers=threads, seed=seed % 2**32,
    )  # fmt: skip


def train_gensim(text: Path, config: TrainConfig, *, min_count: int, threads: int, seed: int) -> GensimRun:
    """Train gensim's skip-gram with negative sampling in its fastest mode (`corpus_file`).

    Parameters
    ----------
    text : lines of words; `write_lines` and `cut_lines` make them short enough
    config, min_count, threads, seed : of `new_gensim`
    """
    model = new_gensim(config, min_count=min_count, threads=threads, seed=seed)
    began = time.perf_counter()
    model.build_vocab(corpus_file=str(text))
    read = time.perf_counter()
    model.train(corpus_file=str(text), total_examples=model.corpus_count, total_words=model.corpus_total_words, epochs=model.epochs)
    done = time.perf_counter()
    tokens = sum(model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key)
    return GensimRun(model, tokens, read - began, done - read)
