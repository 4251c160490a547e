"""What people give to a classifier as arrays: rows, lengths, classes; without a network."""

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.downstream.classifier.examples import class_weights, encode_rows, target_array, usual_length
from w2v.downstream.classifier.scores import score_predictions
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError
from w2v.vocabulary import Vocabulary

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

ENCODER = TextEncoder(Vocabulary(["good", "bad"], [2, 1]), CorpusConfig())


def test_rows_of_texts_and_of_ids_are_the_same() -> None:
    for texts in (["good bad good", "", "new bad"], np.array([[2, 3, 2, 0], [0, 0, 0, 0], [1, 3, 0, 0]])):
        rows = encode_rows(ENCODER, texts)
        assert (len(rows), rows.n_blank) == (3, 1)
        assert [list(row) for row in rows.rows] == [[2, 3, 2], [1], [1, 3]]
        assert [rows.n_longer(length) for length in (1, 2, 3)] == [2, 1, 0]
        assert rows.of_length(2).tolist() == [[2, 3], [1, 0], [1, 3]]


def test_the_usual_length_is_that_of_95_texts_in_100_at_most_400() -> None:
    texts = [["good"] * n for n in range(1, 101)]
    assert usual_length(encode_rows(ENCODER, texts)) == 96
    assert usual_length(encode_rows(ENCODER, [["good"] * n for n in range(350, 900)])) == 400
    assert usual_length(encode_rows(ENCODER, [])) == 1


def test_classes_are_sorted_and_words_for_nothing_are_names() -> None:
    targets, classes = target_array(["nan", "None", "NA", "nan"], 4)
    assert (targets.tolist(), classes.tolist()) == ([2, 1, 0, 2], ["NA", "None", "nan"])
    assert target_array(["None", "NA"], 2, known=classes)[0].tolist() == [1, 0]
    for missing in (float("nan"), np.float64("nan"), None, "", " \t"):
        with pytest.raises(ConfigError, match="every text needs a label: label 1 is"):
            target_array(["a", missing], 2)
    with pytest.raises(ConfigError, match="two classes or more: all 2 are 'a'"):
        target_array(["a", "a"], 2)


def test_weights_of_classes() -> None:
    targets, classes = np.array([0, 0, 0, 1]), np.array(["common", "rare"])
    assert class_weights(None, targets, classes) is None
    balanced = class_weights("balanced", targets, classes)
    assert balanced is not None
    assert balanced.dtype == np.float32
    np.testing.assert_allclose(balanced, [4 / 6, 4 / 6, 4 / 6, 2])
    np.testing.assert_array_equal(class_weights({"rare": np.int64(3)}, targets, classes), [1, 1, 1, 3])
    for weight in (-1, np.inf, True, "2"):
        with pytest.raises(ConfigError, match="class_weight of 'rare' must be a number of at least 0: received"):
            class_weights({"rare": weight}, targets, classes)


def test_scores_by_hand() -> None:
    found = score_predictions(["a", "b", "c", "d"], np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 0]))
    assert found.confusion.tolist() == [[2, 1, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert (found.n_texts, found.accuracy) == (6, 0.5)
    np.testing.assert_allclose(found.precision, [1 / 2, 1 / 2, 0, 0])
    np.testing.assert_allclose(found.recall, [2 / 3, 1 / 2, 0, 0])
    np.testing.assert_allclose(found.f1, [4 / 7, 1 / 2, 0, 0])
    assert found.macro_f1 == pytest.approx((4 / 7 + 1 / 2) / 3)  # d is neither true nor predicted
