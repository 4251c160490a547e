"""What is trained on, and what is asked."""

import itertools

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.corpus.encoding import encode
from w2v.errors import ConfigError, CorpusError
from w2v.items.held_out_items import split_sequences

ITEMS = CorpusConfig(tokenizer="items", min_count=1)


def named(corpus):
    words, offsets = corpus.vocabulary.words, corpus.sentence_offsets
    return [[words[rank] for rank in corpus.tokens[start:stop]] for start, stop in itertools.pairwise(offsets)]


def asked(split):
    """(history, target) of all cases, by name; None where training does not have it."""
    words = split.corpus.vocabulary.words
    return {
        (tuple(words[rank] for rank in history), words[target] if target >= 0 else None)
        for cases in (split.validation, split.test)
        for history, target in zip(cases.histories, cases.targets.tolist(), strict=True)
    }


def lines(n=20):
    return [[f"u{i}", "a", "b", f"v{i % 3}"] for i in range(n)]


def test_the_last_item_is_asked_and_never_trained_on():
    split = split_sequences(encode([*lines(), ["alone"]], None, ITEMS), 1, None)
    assert sorted(named(split.corpus)) == sorted([*([f"u{i}", "a", "b"] for i in range(20)), ["alone"]])
    assert asked(split) == {((f"u{i}", "a", "b"), None) for i in range(20)}  # v0, v1 and v2 were only held out
    assert (split.n_sequences, len(split.validation), len(split.test), split.test.n_new) == (20, 4, 16, 16)


def test_limits_are_those_of_the_training_part():
    split = split_sequences(encode([*lines(), *[["v1", "a"]] * 9], None, ITEMS), 9, None)
    assert set(split.corpus.vocabulary.words) == {"a", "b", "v1"}  # b 20 times, v1 9 times without those held out; every u once
    assert (("a", "b"), "v1") in asked(split)
    assert (("v1",), "a") in asked(split)
    assert split_sequences(encode(lines(), None, ITEMS), 1, 2).corpus.vocabulary.words == ("a", "b")


def test_a_random_item_of_a_basket():
    baskets = [["a", "b", "c", "d"] for _ in range(200)]
    split = split_sequences(encode(baskets, None, ITEMS), 1, None, held_out="random")
    found = asked(split)
    assert found == {(tuple(x for x in "abcd" if x != target), target) for target in "abcd"}
    targets = np.bincount(np.concatenate([split.validation.targets, split.test.targets]))
    assert targets.min() > 30
    again = split_sequences(encode(baskets, None, ITEMS), 1, None, held_out="random")
    np.testing.assert_array_equal(again.test.targets, split.test.targets)


def test_most_cases_samples_the_test_only():
    split = split_sequences(encode(lines(100), None, ITEMS), 1, None, n_cases=30)
    assert (split.n_sequences, len(split.validation), len(split.test)) == (100, 20, 30)
    assert split.corpus.n_sentences == 100


@pytest.mark.medium
def test_validation_has_5000_sequences_at_most():
    split = split_sequences(encode([["a", "b"]] * 25_010, None, ITEMS), 1, None)
    assert (len(split.validation), len(split.test)) == (5000, 20_010)


def test_an_unknown_way_to_hold_out_is_refused():
    with pytest.raises(ConfigError, match="held_out must be one of last, random: received 'first'"):
        split_sequences(encode(lines(), None, ITEMS), 1, None, held_out="first")


def test_repeated_targets_are_counted():
    split = split_sequences(encode([["a", "b", "a"]] * 10 + [["a", "b"]] * 10, None, ITEMS), 1, None)
    assert split.validation.n_repeated + split.test.n_repeated == 10


def test_too_few_sequences():
    with pytest.raises(CorpusError, match=r"needs 10 sequences .* of two items or more: found 9 among 10"):
        split_sequences(encode([["a", "b"]] * 9 + [["a"]], None, ITEMS), 1, None)
