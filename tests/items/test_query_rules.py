"""Queries and scores, and the baselines, against the same in plain numpy."""

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.corpus.encoding import encode
from w2v.errors import ConfigError
from w2v.items import baselines
from w2v.items.baselines import Cooccurrence, Popularity, cooccurrence_cosines
from w2v.items.query_rules import VECTOR_RULES, ItemVectors, QueryRule, VectorScorer

HISTORIES = [np.array(items, np.int32) for items in ([0, 1, 2, 3], [4], [2, 2, 1], [])]


@pytest.fixture
def vectors():
    random = np.random.default_rng(5)
    inputs, outputs = random.normal(size=(2, 6, 4)).astype(np.float32)
    inputs[5] = 0
    return ItemVectors(inputs, outputs, np.log(np.arange(6, 0, -1)).astype(np.float32))


@pytest.mark.parametrize("rule", VECTOR_RULES, ids=str)
def test_scores(vectors, rule):
    found = VectorScorer(vectors, rule).scores(HISTORIES)
    for row, history in zip(found, HISTORIES, strict=True):
        items = history[-rule.last :] if rule.last else history
        matrix = vectors.inputs
        if rule.score == "cosine":
            matrix = matrix / np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
        query = matrix[items].mean(axis=0) if len(items) else np.zeros(4)
        expected = matrix @ query if rule.score == "cosine" else vectors.outputs @ query + vectors.log_noise
        np.testing.assert_allclose(row, expected, atol=1e-5)


def test_names_of_rules():
    assert [str(rule) for rule in (QueryRule("cosine", 1), QueryRule("prediction", 3), QueryRule("", None))] == [
        "cosine, last item", "prediction, last 3 items", "all items",
    ]  # fmt: skip


def test_popularity():
    np.testing.assert_array_equal(Popularity(np.array([9, 4])).scores(HISTORIES[:2]), [[9, 4], [9, 4]])


@pytest.mark.parametrize(
    ("sequences", "pairs"),
    [
        ([["a", "b", "c"]], 9),
        ([["a", "b"], ["c"]], 5),  # no more than the pairs of places within sequences
        ([["a", "b"] * 10], 4),  # nor than the pairs of items
    ],
)
def test_cooccurrence_that_does_not_fit_into_memory(monkeypatch, sequences, pairs):
    monkeypatch.setattr(baselines, "available_memory", lambda: 90)
    with pytest.raises(ConfigError, match=rf"{pairs} pairs of items may need 0\.0 GB"):
        cooccurrence_cosines(encode(sequences, None, CorpusConfig(tokenizer="items", min_count=1)))


def test_cooccurrence():
    corpus = encode([["a", "b", "a"], ["b", "c"], ["a", "c"], ["b"]], None, CorpusConfig(tokenizer="items", min_count=1))
    a, b, c = (corpus.vocabulary.ranks[word] for word in "abc")
    cosines = cooccurrence_cosines(corpus)
    dense = cosines.toarray()
    assert dense[a, b] == dense[b, a] == pytest.approx(1 / np.sqrt(2 * 3))  # one line in common, of 2 and 3
    assert dense[b, c] == pytest.approx(1 / np.sqrt(3 * 2))
    assert not dense.diagonal().any()
    histories = [np.array([a, b], np.int32), np.array([], np.int32)]
    whole, last = Cooccurrence(cosines, None).scores(histories), Cooccurrence(cosines, 1).scores(histories)
    np.testing.assert_allclose(whole, [dense[a] + dense[b], [0, 0, 0]])
    np.testing.assert_allclose(last, [dense[b], [0, 0, 0]])
