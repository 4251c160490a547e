"""Which words a map names."""

from __future__ import annotations

import numpy as np
import pytest
from explored import vectors_of

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from w2v.explorer.map_points import WordMap
from w2v.vectors.clusters import Clusters, cluster
from w2v.vectors.prominence import prominence
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
