"""`compare`: which texts each model gets, what is refused; the models themselves are tested as classifiers."""

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.downstream.classifier import compare as comparison
from w2v.downstream.classifier.fitting import stratified_split
from w2v.errors import ConfigError
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

pytestmark = pytest.mark.usefixtures("keras")

VECTORS = WordVectors(Vocabulary(["good", "bad", "film"], [3, 2, 1]), np.eye(3, 4, dtype=np.float32), tokenizer=CorpusConfig())
TEXTS, LABELS = ["good film", "bad film"] * 20, ["pos", "neg"] * 20


@pytest.fixture
def fitted(monkeypatch):
    """The training data that `compare` hands to each model, and no training."""
    seen = []

    def fit(model, vectors, weights, data, head, seed):
        seen.append((model, data))
        return lambda ids: np.zeros(len(ids), np.int64), 7

    monkeypatch.setattr(comparison, "_fit", fit)
    return seen


def test_every_model_gets_the_same_texts_and_other_ones_with_each_seed(fitted):
    rows = comparison.compare(VECTORS, (TEXTS, LABELS), train_sizes=[8, 12], n_seeds=2)
    assert [(row.model, row.train_size, row.parameters) for row in rows] == [(m, n, 7) for n in (8, 12) for m in comparison.MODELS]
    assert [len(row.accuracies) for row in rows] == [2] * 12
    assert all(accuracy == 0.5 for row in rows for accuracy in row.accuracies)  # half of the test texts are of the first class
    for start, size in zip(range(0, 24, 6), (8, 12, 8, 12), strict=True):
        ids = [data.ids.tolist() for _, data in fitted[start : start + 6]]
        assert len(ids[0]) == size
        assert ids == [ids[0]] * 6
        assert np.bincount(fitted[start][1].targets).tolist() == [size // 2] * 2
    assert fitted[0][1].ids.tolist() != fitted[12][1].ids.tolist()


def test_as_many_texts_as_the_table_says(fitted):
    labels = ["common"] * 100 + [f"rare {number}" for number in range(9)]  # a class of one text is not divided
    texts = ["good film"] * len(labels)
    rows = comparison.compare(VECTORS, (texts, labels), n_seeds=1)
    assert rows[0].train_size == len(fitted[0][1].targets) == 109 - 20  # 21 were to be kept, and common has 20 of them
    assert len(np.unique(fitted[0][1].targets)) == 10
    fitted.clear()
    comparison.compare(VECTORS, (texts, labels), n_seeds=1, train_sizes=[60, 88])
    assert [len(data.targets) for _, data in fitted] == [60] * 6 + [88] * 6


def test_a_size_that_is_given_twice_is_one_row(fitted):
    rows = comparison.compare(VECTORS, (TEXTS, LABELS), train_sizes=[8, 8], n_seeds=2)
    assert [len(row.accuracies) for row in rows] == [2] * 6


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"test_size": 0}, "test_size must be at least 1 and leave texts to train on: received 0 of 40"),
        ({"test_size": 40}, "received 40 of 40"),
        ({"n_seeds": 0}, "n_seeds must be an integer of at least 1: received 0"),
        ({"train_sizes": [33]}, r"from 4, twice the classes, to 32 \(40 texts less 8 for the test\): received 33"),
        ({"train_sizes": [3]}, "received 3"),
        ({"test": (["good"], ["other"])}, "'other', which was not there in training"),
    ],
)
def test_refusals(fitted, options, message):
    with pytest.raises(ConfigError, match=message):
        comparison.compare(VECTORS, (TEXTS, LABELS), **options)


def test_texts_of_another_language(fitted):
    with pytest.raises(ConfigError, match="no word of the 2 texts has a vector"):
        comparison.compare(VECTORS, (["国王", "王后"], ["a", "b"]))


def test_a_split_keeps_the_shares_of_the_classes():
    targets = np.repeat([0, 1, 2], [60, 30, 1])
    first, second = stratified_split(targets, 30, seed=3)
    assert np.bincount(targets[second], minlength=3).tolist() == [20, 10, 0]
    assert sorted([*first, *second]) == list(range(91))
    assert stratified_split(targets, 30, seed=4)[1].tolist() != second.tolist()


def test_a_mean_tells_texts_apart_by_the_vectors_of_their_words():
    random = np.random.default_rng(1)
    words = [f"{kind}{chr(97 + number // 10)}{chr(97 + number % 10)}" for kind in ("good", "bad") for number in range(40)]
    matrix = random.normal(size=(80, 6)).astype(np.float32)
    matrix[:40, 0] += 3  # what the words of a class have in common
    vectors = WordVectors(Vocabulary(words, [5] * 80), matrix, tokenizer=CorpusConfig())
    texts = [f"{words[number]} {words[(number // 40) * 40 + (number + 7) % 40]}" for number in range(80)]
    rows = comparison.compare(vectors, (texts, ["good"] * 40 + ["bad"] * 40), train_sizes=[20], test_size=20, n_seeds=1)
    found = {row.model: (row.accuracies[0], row.parameters) for row in rows}
    assert found["mean"][0] >= 0.9 > found["one-hot"][0]
    assert found["mean"][1] == 7
    assert found["mean + one-hot"][1] == found["one-hot"][1] + 6
