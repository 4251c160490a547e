"""Scores by gensim's evaluators, on vectors whose right answers are known."""

import math

import numpy as np

from w2v.comparison.gensim_evaluation import EVALUATION_SETS, evaluate_by_gensim
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

NAMES = [test.name for test in EVALUATION_SETS]


def keyed(words_and_vectors):
    words = list(words_and_vectors)
    matrix = np.array([words_and_vectors[word] for word in words], np.float32)
    return WordVectors(Vocabulary(words, range(len(words), 0, -1)), matrix).to_gensim()


def test_nothing_covered_is_unknown_and_counted():
    scores = evaluate_by_gensim(keyed({"qqq": [1, 0], "zzz": [0, 1]}))
    assert [(score.covered, score.total) for score in scores.values()] == [(0, 353), (0, 999), (0, 19_544)]
    assert all(math.isnan(score.value) for score in scores.values())


def test_equal_similarities_have_no_correlation():
    score = evaluate_by_gensim(keyed({"tiger": [1, 0], "cat": [1, 0], "book": [1, 0], "paper": [1, 0]}))["WordSim-353"]
    assert (score.covered, math.isnan(score.value)) == (3, True)


def test_one_pair_has_no_correlation():
    assert math.isnan(evaluate_by_gensim(keyed({"book": [1, 0], "paper": [1, 1]}))["WordSim-353"].value)


def test_spearman_of_covered_pairs():
    # In WordSim-353: tiger-tiger 10, tiger-cat 7.35, book-paper 7.46. Cosines 1, 0.8 and 0.6 agree with it but for the last two.
    vectors = {"tiger": [1, 0, 0, 0], "cat": [0.8, 0.6, 0, 0], "book": [0, 0, 1, 0], "paper": [0, 0, 0.6, 0.8]}
    score = evaluate_by_gensim(keyed(vectors))["WordSim-353"]
    assert score.covered == 3
    np.testing.assert_allclose(score.value, 0.5)  # ranks 3 2 1 against 3 1 2: 1 - 6 * 2 / 24


def test_accuracy_of_covered_questions():
    greece, iraq, capital = np.array([1, 1, 0, 0]), np.array([1, 0, 1, 0]), np.array([0, 0, 0, 2])
    words = {"greece": greece, "athens": greece + capital, "iraq": iraq, "baghdad": iraq + capital}
    score = evaluate_by_gensim(keyed(words))["Google analogies"]
    assert (score.value, score.covered) == (1.0, 3)  # both directions in one section, one in another
    words["salt"], words["baghdad"] = words["baghdad"], -words["baghdad"]
    assert evaluate_by_gensim(keyed(words))["Google analogies"].value < 1
