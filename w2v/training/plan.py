"""What a training does, worked out before it starts: a pure function of corpus and config, so that runs can be repeated and resumed."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.config import SESSION, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import CorpusError
from w2v.training.held_out_lines import choose_held_out
from w2v.training.kernel.held_out import NOTHING, HeldOut
from w2v.training.kernel.hot_rows import MOST_USES
from w2v.training.sampling import alias_table, keep_thresholds, noise_distribution
from w2v.training.settings import settle_config

SESSION_PARTNERS = 1000  # `window = session` pairs an item with so many others of its line at most, drawn if there are more
_MOST_SPAN_TOKENS = 1 << 20
_LEAST_SPAN_TOKENS = 1 << 10
_LEAST_SPANS = 64
_HOT_SHARE = 1 / 4096  # of the negatives: 300 words of English, a quarter of all negatives
_SPAN_WORK = _MOST_SPAN_TOKENS * 5 * 6 * 100  # window x targets x dim of a million tokens at the defaults: a quarter of a second
# With replicas (training/replicas/): tokens that each trains between two combinations, and rounds of an epoch
_MOST_SYNC_TOKENS = 100_000
_LEAST_SYNC_TOKENS = 64
_LEAST_ROUNDS = 16
_LEAST_DISTANCE = 32  # centers; 16 is as fast, and no better in quality


@dataclass(frozen=True)
class Plan:
    """Everything that the kernels need besides the corpus and the matrices.

    Attributes
    ----------
    n_tokens : of the corpus
    held_out : which of them are kept from training
    span_tokens : tokens of a span; the last one may be shorter
    window, fixed_window : radius of the windows
    session : in lines of more than window + 1 tokens each center has `window` contexts drawn from the whole line
    distance : centers between two uses of one set of negatives; no two windows that far apart share a context
    keep : (n_words,) uint32 keep thresholds
    alias : (n_words,) uint64 alias table of the noise distribution
    n_hot : leading words that are used so often that each of several threads has rows of its own for them (kernel/hot_rows.py)
    """

    config: TrainConfig
    n_tokens: int
    held_out: HeldOut
    span_tokens: int
    window: int
    fixed_window: bool
    session: bool
    distance: int
    keep: npt.NDArray[np.uint32]
    alias: npt.NDArray[np.uint64]
    n_hot: int

    @property
    def n_spans(self) -> int:
        """Spans of an epoch."""
        return -(-self.n_tokens // self.span_tokens)

    @property
    def negatives(self) -> int:
        return self.config.negatives

    def span(self, index: int) -> tuple[int, int]:
        """Token positions [start, stop) of a span."""
        start = index * self.span_tokens
        return start, min(self.n_tokens, start + self.span_tokens)

    def alpha(self, epoch: int, position: int) -> float:
        """Learning rate at a token position: linear in the tokens read, from alpha to min_alpha."""
        config = self.config
        done = (epoch * self.n_tokens + position) / (config.epochs * self.n_tokens)
        return config.alpha - (config.alpha - config.min_alpha) * done


def make_plan(corpus: EncodedCorpus, config: TrainConfig) -> Plan:
    """Work out a training.

    Raises
    ------
    CorpusError
        nothing to train on: fewer than two words, no line with two tokens, or all would be held out.
    """
    config = settle_config(config, corpus)
    session = config.window == SESSION
    window, fixed = (SESSION_PARTNERS, True) if session else (int(config.window or 0), config.fixed_window)
    longest, n_positions = corpus.longest_sentence, corpus.n_positions
    if len(corpus.vocabulary) < 2 or longest < 2:
        raise CorpusError(
            f"training needs two different words that stand in one line: the vocabulary has {len(corpus.vocabulary)} words, "
            f"the longest line {longest} tokens"
        )
    per_token = min(window, longest) * (config.negatives + 1) * config.dim
    span = min(_MOST_SPAN_TOKENS, -(-n_positions // _LEAST_SPANS), _SPAN_WORK // per_token)
    if config.replicas is None:
        span_tokens = max(_LEAST_SPAN_TOKENS, span)
    else:
        sync = min(span, _MOST_SYNC_TOKENS, -(-n_positions // (config.replicas * _LEAST_ROUNDS)))
        span_tokens = max(_LEAST_SYNC_TOKENS, sync)
    counts = corpus.vocabulary.counts
    noise = noise_distribution(counts, config.noise_exponent)
    return Plan(
        config=config,
        n_tokens=n_positions,
        held_out=choose_held_out(corpus.sentence_offsets, config.held_out, config.seed, whole_lines=session)
        if config.held_out
        else NOTHING,
        span_tokens=span_tokens,
        window=window,
        fixed_window=fixed,
        session=session,
        distance=max(_LEAST_DISTANCE, min(2 * window + 1, longest)),
        keep=keep_thresholds(counts, config.sample or 0.0),
        alias=alias_table(noise),
        n_hot=_n_hot(noise, span_tokens * config.negatives),
    )


def _n_hot(noise: npt.NDArray[np.float64], draws: int) -> int:
    """Leading words to which threads would turn all the time, and often enough in a span of so many draws to be worth two merges."""
    is_hot = noise >= max(_HOT_SHARE, MOST_USES / 2 / draws)
    return int(np.argmin(is_hot)) if not is_hot.all() else len(is_hot)
