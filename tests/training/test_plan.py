from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

import w2v
from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import CorpusError
from w2v.training.plan import make_plan
from w2v.vocabulary import Vocabulary


def corpus(n_lines=3000, length=20, tokenizer="words"):
    rng = np.random.default_rng(0)
    return w2v.encode([[f"w{i}" for i in line] for line in rng.integers(0, 50, (n_lines, length))], None, CorpusConfig(tokenizer=tokenizer))


@pytest.fixture(scope="module")
def small():
    return corpus()


def test_spans_cover_everything_once(small):
    plan = make_plan(small, TrainConfig())
    borders = [plan.span(i) for i in range(plan.n_spans)]
    assert borders[0][0] == 0
    assert borders[-1][1] == small.n_tokens
    assert all(a[1] == b[0] for a, b in pairwise(borders))


def made_of(n_tokens, line):
    """What `make_plan` asks of a corpus of so many tokens in lines of `line`, without the tokens."""
    vocabulary = Vocabulary(["a", "b"], [n_tokens - 1, 1])
    offsets = np.arange(0, n_tokens + 1, line)
    return SimpleNamespace(
        n_tokens=n_tokens, n_positions=n_tokens, longest_sentence=line, sentence_offsets=offsets, vocabulary=vocabulary,
        config=CorpusConfig(), manifest={},
    )  # fmt: skip


def test_spans_are_many():
    assert make_plan(made_of(1 << 20, 32), TrainConfig()).n_spans == 64
    assert make_plan(made_of((1 << 20) + 32, 32), TrainConfig()).n_spans == 64
    assert make_plan(made_of(1 << 14, 32), TrainConfig()).n_spans == 16  # of 1024 tokens, shorter ones are not worth it


@pytest.mark.parametrize(
    ("config", "span_tokens"),
    [
        (TrainConfig(), 1 << 20),
        (TrainConfig(dim=50), 1 << 20),  # never more
        (TrainConfig(dim=200), 1 << 19),
        (TrainConfig(window=10), 1 << 19),
        (TrainConfig(negatives=11), 1 << 19),
        (TrainConfig(window=1000), (1 << 20) * 5 // 16),  # no window is longer than a line
        (TrainConfig(dim=1024, negatives=64, window=16), 2953),
    ],
)
def test_spans_are_bounded_in_work(config, span_tokens):
    assert make_plan(made_of(1 << 27, 16), config).span_tokens == span_tokens


def test_lines_of_two_tokens_are_enough():
    assert make_plan(made_of(2000, 2), TrainConfig()).n_tokens == 2000
    with pytest.raises(CorpusError, match="the longest line 1 tokens"):
        make_plan(made_of(2000, 1), TrainConfig())


def test_the_learning_rate_is_linear_in_tokens(small):
    plan = make_plan(small, TrainConfig(alpha=0.1, min_alpha=0.02, epochs=4))
    assert plan.alpha(0, 0) == 0.1
    assert plan.alpha(2, 0) == pytest.approx(0.06)
    assert plan.alpha(3, plan.n_tokens) == pytest.approx(0.02)


def test_negatives_are_used_again_only_where_windows_share_no_context(small):
    assert make_plan(small, TrainConfig(window=5)).distance == 32
    longer = corpus(100, length=100)
    assert make_plan(longer, TrainConfig(window=30)).distance == 61
    # no window is longer than the longest line, here 100 tokens
    assert make_plan(longer, TrainConfig(window=500)).distance == 100
    assert make_plan(longer, TrainConfig(window="session")).distance == 100


def test_session_is_the_whole_line(small):
    plan = make_plan(small, TrainConfig(window="session"))
    assert plan.fixed_window
    assert plan.window >= 20


def test_sample_is_filled_in(small):
    assert make_plan(small, TrainConfig()).config.sample == min(1.0, 2000 / small.n_tokens)
    assert make_plan(corpus(50, tokenizer="items"), TrainConfig()).config.sample == 0
    assert make_plan(corpus(50, tokenizer="items"), TrainConfig(sample=0.1)).config.sample == 0.1


@pytest.mark.medium
def test_private_rows_are_for_few_frequent_words_and_long_spans():
    rng = np.random.default_rng(0)
    words = np.minimum(rng.zipf(1.3, 2_000_000), 30_000)
    long = w2v.encode([[f"w{i}" for i in line] for line in words.reshape(-1, 1000)], None, CorpusConfig())
    assert 60 < make_plan(long, TrainConfig()).n_hot < 400
    assert make_plan(corpus(), TrainConfig()).n_hot == 50  # all words of a small vocabulary
    assert make_plan(corpus(), TrainConfig(negatives=1)).n_hot == 0  # each comes 20 times in a span, not worth merging
    # noise that prefers rare words has no leading ones
    assert make_plan(long, TrainConfig(noise_exponent=-0.5)).n_hot == 0


def test_private_rows_are_for_words_of_a_4096th_of_the_negatives():
    shares = Vocabulary([f"w{i}" for i in range(8182)], [2] * 10 + [1] * 8172)  # ten words with exactly that share
    corpus = made_of(1 << 24, 32)
    corpus.vocabulary = shares
    assert make_plan(corpus, TrainConfig(noise_exponent=1.0)).n_hot == 10
