"""Words are found by the spellings that Unicode has for them."""

import copy
import pickle
import unicodedata

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.errors import UnknownWordError
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

WORDS = ["café", "flour", "don't", "word", "ﬁsh", unicodedata.normalize("NFD", "việt"), "İzmir", "한국", "❤️", "hawai'i", "fish"]


def vectors(tokenizer: CorpusConfig | None = None) -> WordVectors:
    return WordVectors(Vocabulary(WORDS, range(len(WORDS), 0, -1)), np.eye(len(WORDS), dtype=np.float32), tokenizer=tokenizer)


@pytest.mark.parametrize("tokenizer", [None, CorpusConfig(), CorpusConfig(tokenizer="whitespace")], ids=["none", "words", "whitespace"])
@pytest.mark.parametrize(
    ("typed", "word"),
    [
        ("cafe\u0301", "café"), ("ﬂour", "flour"), ("ｗｏｒｄ", "word"), ("don’t", "don't"), ("don‘t", "don't"), ("donʼt", "don't"),
        ("việt", WORDS[5]), (unicodedata.normalize("NFD", "한국"), "한국"), ("I\u0307zmir", "İzmir"), ("wo\u00adrd", "word"), ("❤", "❤️"),
        ("hawaiʻi", "hawai'i"), ("fish", "fish"), ("ﬁsh", "ﬁsh"),
    ],
)  # fmt: skip
def test_a_word_is_found_by_its_other_spellings(tokenizer: CorpusConfig | None, typed: str, word: str) -> None:
    assert vectors(tokenizer).find(typed) == word
    assert vectors(tokenizer)[typed][WORDS.index(word)] == 1


def test_the_tokenizer_has_its_say_too() -> None:
    assert vectors(CorpusConfig()).find("CAFE\u0301") == "café"
    assert vectors(CorpusConfig()).find("Ｗｏｒｄ") == "word"
    assert vectors(CorpusConfig()).find("ﬂOUR") == "flour"


def test_what_is_no_word_is_none() -> None:
    for typed in ("caffé", "m²", "", "İ"):
        with pytest.raises(UnknownWordError):
            vectors(CorpusConfig()).find(typed)


def test_copies_find_too() -> None:
    original = vectors()
    assert original.find("ﬂour") == "flour"
    assert copy.copy(original).find("ﬂour") == pickle.loads(pickle.dumps(original)).find("ﬂour") == "flour"


def test_words_with_newlines_are_found_too() -> None:
    vocabulary = Vocabulary(["two\nlines", "cafe\u0301", "o`neil"], [3, 2, 1])
    found = WordVectors(vocabulary, np.eye(3, dtype=np.float32))
    assert [found.find(typed) for typed in ("two\nlines", "café", "o’neil")] == list(vocabulary.words)
