"""Which words a map names."""

from __future__ import annotations

import numpy as np
import pytest
from explored import vectors_of

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from w2v.explorer.map_points import WordMap
from w2v.vectors.clusters import Clusters, cluster
from w2v.vectors.prominence import function_words, grammar_clusters, prominence
from w2v.vectors.word_vectors import WordVectors


def topics_with_function_words() -> WordVectors:
    """30 words of grammar near one another, the most frequent ones; then four topics of 60 words each, in turn."""
    random = np.random.default_rng(3)
    words = [f"grammar{i}" for i in range(30)] + [f"topic{i % 4}-{i // 4}" for i in range(240)]
    centers = random.standard_normal((5, 50))
    labels = [4] * 30 + [i % 4 for i in range(240)]
    matrix = (centers[labels] + 0.7 * random.standard_normal((270, 50))).astype(np.float32)
    return WordVectors(vectors_of(words).vocabulary, matrix)


def test_function_words_come_behind_words_of_topics():
    vectors = topics_with_function_words()
    found = cluster(vectors, 4, seed=1)  # no cluster of their own
    order = np.argsort(-prominence(vectors.matrix, found))
    assert all(vectors.words[rank].startswith("topic") for rank in order[:40])


def test_regions_are_named_by_three_frequent_words_near_their_center():
    vectors = topics_with_function_words()
    content = WordMap(vectors, 270, 4, "pca", 1).content
    assert [len(names) for names in content["names"]] == [3] * 4
    for names in content["names"]:
        topics, places = zip(*(name.split("-") for name in names), strict=True)
        assert len({*topics}) == 1
        assert max(map(int, places)) < 30  # of the more frequent half


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_words(n):
    matrix = vectors_of([f"w{i}" for i in range(n)]).matrix
    found = Clusters(tuple(f"w{i}" for i in range(n)), np.zeros(n, np.int64), np.ones(n))
    assert np.isfinite(prominence(matrix, found)).all()


def grammar_and_topics(n_grammar: int = 40, n: int = 1200):
    """The most frequent words near one another; the others in topics of words of all frequencies."""
    random = np.random.default_rng(4)
    centers = random.standard_normal((7, 50))
    labels = np.array([6] * n_grammar + [i % 6 for i in range(n - n_grammar)])
    return (centers[labels] + 0.7 * random.standard_normal((n, 50))).astype(np.float32), labels


def test_function_words_are_those_whose_neighbors_are_the_most_frequent_words():
    matrix, _ = grammar_and_topics()
    found = function_words(matrix)
    assert found[:40].all()
    assert found[40:].mean() < 0.02
    assert not function_words(matrix[:999]).any()  # too few words to tell


def test_a_cluster_of_grammar_is_told_from_one_of_a_subject():
    matrix, labels = grammar_and_topics()
    found = Clusters(tuple(f"w{i}" for i in range(len(matrix))), labels, np.ones(len(matrix)))
    assert grammar_clusters(found, function_words(matrix)) == [False] * 6 + [True]


def test_words_of_a_part_keep_the_prominence_that_they_have_among_all():
    matrix, _ = grammar_and_topics()
    ranks = [0, 5, 100, 700, 1100]
    part = Clusters(tuple(f"w{rank}" for rank in ranks), np.zeros(5, np.int64), np.ones(5))
    weights = prominence(matrix, part, ranks) / (1 + np.log(5 / np.arange(1, 6)))  # without the frequency
    assert max(weights[:2]) < min(weights[2:])
    assert np.isfinite(prominence(matrix[:200], part, ranks)).all()  # the last ones are beyond


def test_the_map_does_not_name_regions_of_grammar():
    matrix, _ = grammar_and_topics()
    vectors = WordVectors(vectors_of([f"w{i}" for i in range(len(matrix))]).vocabulary, matrix)
    content = WordMap(vectors, 1200, 7, "pca", 1).content
    of_grammar = int(np.bincount(content["clusters"][:40]).argmax())  # k-means takes some of them for words of topics
    assert [number for number, named in enumerate(content["named"]) if not named] == [of_grammar]
