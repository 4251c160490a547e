"""Clusters: groups that are there are found, whatever the lengths; numbering; word2vec.c's file."""

from pathlib import Path

import numpy as np
import pytest

from w2v.errors import ConfigError, FormatError
from w2v.vectors.clusters import Clusters, cluster
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

pytest.importorskip("sklearn", reason="scikit-learn is not installed")


def grouped(sizes: tuple[int, ...] = (50, 30, 20), seed: int = 1) -> tuple[WordVectors, np.ndarray]:
    """Words around a few directions, with vectors of very different lengths."""
    random = np.random.default_rng(seed)
    group = random.permutation(np.repeat(np.arange(len(sizes)), sizes))
    centers = np.linalg.qr(random.standard_normal((16, 16)))[0][: len(sizes)]
    matrix = (centers[group] + 0.1 * random.standard_normal((len(group), 16))) * random.lognormal(sigma=2, size=(len(group), 1))
    words = [f"w{i}" for i in range(len(group))]
    return WordVectors(Vocabulary(words, range(len(group), 0, -1)), matrix.astype(np.float32)), group


@pytest.mark.medium
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_groups_that_are_there_are_found_by_size(seed: int) -> None:
    vectors, group = grouped()
    found = cluster(vectors, 3, seed=seed)
    assert found.labels.tolist() == group.tolist()
    assert found.words == vectors.words
    assert {int(word[1:]) for word in found.examples(1, 100)} == set(np.flatnonzero(group == 1).tolist())
    assert 0.8 < found.similarities.min() <= found.similarities.max() <= 1


def test_examples_are_frequent_words_near_the_center() -> None:
    words = tuple(f"w{rank}" for rank in range(1000))
    similarities = np.full(1000, 0.7)
    similarities[[5, 900]] = 0.2, 0.99  # frequent and on the edge; rare and most typical
    found = Clusters(words, np.arange(1000) % 2, similarities)
    assert found.examples(0, 4) == ["w0", "w2", "w4", "w6"]
    assert found.examples(1, 4) == ["w1", "w3", "w7", "w9"]
    assert len(found.examples(1, 999)) == 500


@pytest.mark.medium
def test_the_same_seed_gives_the_same_clusters_of_the_top_words() -> None:
    vectors, _ = grouped()
    a, b = cluster(vectors, 7, top=60), cluster(vectors, 7, top=60)
    assert a.labels.tolist() == b.labels.tolist()
    assert a.words == vectors.words[:60]
    sizes = np.bincount(a.labels, minlength=7).tolist()
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.medium
def test_equal_vectors_leave_clusters_empty() -> None:
    vectors = WordVectors(Vocabulary(list("abcd"), [4, 3, 2, 1]), np.array([[1, 0], [2, 0], [3, 0], [0, 0]], np.float32))
    found = cluster(vectors, 4)
    assert found.labels[:3].tolist() == [0, 0, 0]
    assert found.similarities.tolist() == [1, 1, 1, 0]


def test_the_file_of_classes_is_word2vec_cs(tmp_path: Path) -> None:
    Clusters(("the", "中国", "b"), np.array([2, 0, 2]), np.ones(3)).save_classes(tmp_path / "classes.txt")
    assert (tmp_path / "classes.txt").read_bytes() == "the 2\n中国 0\nb 2\n".encode()
    for word in ("new york", "", "\ud800"):
        with pytest.raises(FormatError) as caught:
            Clusters((word,), np.zeros(1, np.int64), np.ones(1)).save_classes(tmp_path / "c")
        assert f"cannot carry the word {word!r}" in str(caught.value)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5])
def test_seeds_that_scikit_learn_cannot_take_are_refused(seed: int) -> None:
    vectors, _ = grouped()
    with pytest.raises(ConfigError, match="seed must be an integer from 0 to 4294967295: received"):
        cluster(vectors, 3, seed=seed)
    assert len(cluster(vectors, 3, seed=2**32 - 1).words) == len(cluster(vectors, 3, seed=np.int64(0)).words) == 100


def test_more_clusters_than_words_are_refused() -> None:
    vectors, _ = grouped()
    with pytest.raises(ConfigError, match="n_clusters must be at most the number of words, 10: received 11"):
        cluster(vectors, 11, top=10)
    with pytest.raises(ConfigError, match="n_clusters must be an integer of at least 1"):
        cluster(vectors, 0)
