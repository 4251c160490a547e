"""Phrases of a vocabulary in a new text."""

import pytest

from w2v.config import CorpusConfig
from w2v.corpus.tokens.phrase_joiner import PhraseJoiner
from w2v.corpus.tokens.tokenizers import make_tokenizer
from w2v.errors import ConfigError
from w2v.vocabulary import Vocabulary

WORDS = ["new_york", "new_york_times", "bank_of_america", "a_b", "b_c", "x_y_z", "new", "york", "_", "__a", "北京_大学"]


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("", ""),
        ("the new york times", "the new_york_times"),
        ("new york new york time", "new_york new_york time"),
        ("a bank of america", "a bank_of_america"),
        ("bank of england", "bank of england"),
        ("a b c", "a_b c"),  # the first from the left
        ("x_y z", "x_y_z"),  # a token that holds a delimiter
        ("x y", "x y"),
        ("_ a", "__a"),  # spelled like it, as in the corpus
        ("new", "new"),
    ],
)
def test_the_longest_known_phrase_from_the_left(text: str, joined: str) -> None:
    assert PhraseJoiner(WORDS, set(WORDS)).join(text.split()) == joined.split()


def test_a_tokenizer_joins_within_a_line() -> None:
    vocabulary = Vocabulary(WORDS, range(len(WORDS), 0, -1))
    split = make_tokenizer(CorpusConfig(phrases=1), vocabulary).split
    assert split("In New York, new\nYork: New   York Times!") == ["in", "new_york", "new", "york", "new_york_times"]
    assert split("new york " * 3000)[-2:] == ["new_york", "new_york"]  # compiled by now
    assert make_tokenizer(CorpusConfig(), vocabulary).split("New York") == ["new", "york"]


def test_without_a_vocabulary_nothing_is_silently_left_apart() -> None:
    with pytest.raises(ConfigError, match="needs the vocabulary"):
        make_tokenizer(CorpusConfig(phrases=1))
