"""Labels of words."""

import pytest

from w2v.errors import UnknownWordError
from w2v.vectors.word_labels import Labels
from w2v.vocabulary import Vocabulary

VOCABULARY = Vocabulary(["7", "9", "3", "x"], [9, 7, 5, 1])


def test_labels_of_known_words():
    labels = Labels(VOCABULARY, [("9", "钢铁侠"), ("8", "nobody's"), ("3", ""), ("9", "Iron Man"), ("9", "钢铁侠")])
    assert [labels.of(word) for word in ("7", "9", "3", "8")] == ["7", "钢铁侠", "3", "8"]
    assert (labels.n_known, labels.n_conflicts) == (1, 1)


def test_the_most_frequent_of_equal_labels_is_found():
    labels = Labels(VOCABULARY, [("3", "Dune"), ("7", "Dune"), ("9", "Up")])
    assert (labels.find("Dune"), labels.find("Up")) == ("7", "9")
    with pytest.raises(UnknownWordError, match=r"'Duen' is not in the vocabulary; close matches: Dune"):
        labels.find("Duen")


def test_without_a_label():
    labels = Labels(VOCABULARY, [])
    assert labels.of("7") == "7"
    with pytest.raises(UnknownWordError):
        labels.find("7th")
