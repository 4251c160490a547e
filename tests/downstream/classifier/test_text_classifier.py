"""`TextClassifier`: heads, padding, ids, labels, seeds, scikit-learn."""

import numpy as np
import pytest

from w2v.config import CorpusConfig
from w2v.downstream.classifier.heads import HEADS
from w2v.downstream.classifier.text_classifier import TextClassifier
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError, DivergedError, IdError
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

pytestmark = pytest.mark.keras
WORDS = ["good", "fine", "bad", "poor", "film", "plot", "the", "a"]
TEXTS = ["a good film", "the fine plot", "fine good", "the bad film", "a poor plot", "bad bad"]
LABELS = ["pos", "pos", "pos", "neg", "neg", "neg"]


def vectors() -> WordVectors:
    matrix = np.random.default_rng(1).standard_normal((len(WORDS), 8)).astype(np.float32)
    return WordVectors(Vocabulary(WORDS, range(len(WORDS), 0, -1)), matrix, tokenizer=CorpusConfig())


def classifier(**options: object) -> TextClassifier:
    return TextClassifier(vectors(), **{"patience": None, "epochs": 30, "learning_rate": 0.05, "units": 8, "batch_size": 4, **options})


@pytest.mark.parametrize("head", HEADS)
def test_every_head_learns_and_masks(head: str) -> None:
    fitted = classifier(head=head).fit(TEXTS, LABELS)
    assert fitted.score(TEXTS, LABELS) == 1
    probabilities = fitted.predict_proba(TEXTS)
    assert probabilities.shape == (6, 2)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert np.isfinite(fitted.predict_proba(["", "unheard of"])).all()
    if head != "flatten":  # the same text in longer rows has the same probabilities
        longer = classifier(head=head, length=9).fit(TEXTS, LABELS)
        longer.model_.set_weights(fitted.model_.get_weights())
        assert np.allclose(longer.predict_proba(TEXTS), probabilities, atol=1e-6)


def test_padding_stays_zero_in_a_trained_cnn() -> None:
    fitted = classifier(head="cnn", length=6).fit(TEXTS, LABELS)
    rows = np.asarray(fitted.model_.get_weights()[0])
    assert (rows[0] == 0).all()
    assert not np.array_equal(rows[2:], vectors().matrix)  # the others are trained


def test_more_than_two_classes_of_integers() -> None:
    fitted = classifier().fit([*TEXTS, "film film", "film plot"], [2, 2, 2, 5, 5, 5, 9, 9])
    assert fitted.classes_.tolist() == [2, 5, 9]
    assert fitted.predict(["good fine", "bad poor", "film"]).tolist() == [2, 5, 9]
    found = fitted.evaluate(["good", "bad", "film"], [2, 5, 5])
    assert (found.accuracy, found.n_texts) == (pytest.approx(2 / 3), 3)
    assert found.confusion.tolist() == [[1, 0, 0], [0, 1, 1], [0, 0, 0]]


def test_ids_that_no_row_has_are_refused() -> None:
    fitted = classifier(epochs=1).fit(np.array([[2, 3], [4, 5], [2, 9], [4, 8]]), ["a", "b", "a", "b"])
    for bad in (-1, 10, 11):  # the layer has rows 0 to 9
        ids = np.array([[2, 3], [4, 5], [2, 9], [4, bad]])
        for use in (
            lambda x: classifier().fit(x, LABELS[1:5]),
            fitted.predict,
            fitted.predict_proba,
            lambda x: fitted.evaluate(x, ["a"] * 4),
        ):
            with pytest.raises(IdError, match=f"found {bad} in row 3, column 1"):
                use(ids)
    with pytest.raises(IdError, match="integers"):
        fitted.predict(np.array([[2.0]]))


def test_ids_and_texts_are_the_same() -> None:
    fitted = classifier().fit(TEXTS, LABELS)
    ids = TextEncoder(vectors()).encode(TEXTS, 7)
    assert np.array_equal(fitted.predict_proba(TEXTS), fitted.predict_proba(ids))


def test_the_same_seed_gives_the_same_classifier() -> None:
    place = np.random.get_state()[2]  # noqa: NPY002
    options = {"head": "gru", "epochs": 3, "patience": 2, "validation_fraction": 0.3}
    first, second, other = (classifier(**{**options, "seed": s}).fit(TEXTS, LABELS) for s in (7, 7, 8))
    assert np.array_equal(first.predict_proba(TEXTS), second.predict_proba(TEXTS))
    assert first.history_ == second.history_
    assert not np.array_equal(first.predict_proba(TEXTS), other.predict_proba(TEXTS))
    assert np.random.get_state()[2] == place  # noqa: NPY002  # left alone


def test_early_stopping_restores_the_best_epoch() -> None:
    texts, labels = TEXTS * 5, LABELS * 5
    labels[::4] = ["neg" if label == "pos" else "pos" for label in labels[::4]]  # noise, so that it overfits
    fitted = classifier(epochs=60, patience=2, learning_rate=0.3, validation_fraction=0.3).fit(texts, labels)
    losses = [epoch.validation_loss for epoch in fitted.history_]
    assert 2 < len(losses) < 60
    assert int(np.argmin(losses)) == len(losses) - 3  # the last two were no better
    best = classifier(epochs=len(losses) - 2, patience=50, learning_rate=0.3, validation_fraction=0.3).fit(texts, labels)
    assert np.allclose(fitted.predict_proba(TEXTS), best.predict_proba(TEXTS), atol=1e-6)


def test_class_weights() -> None:
    texts, labels = ["film"] * 9, ["common"] * 8 + ["rare"]  # nothing tells them apart: the weights alone decide

    def rare(class_weight: object) -> float:
        fitted = classifier(epochs=60, batch_size=9, dropout=0, class_weight=class_weight).fit(texts, labels)
        return float(fitted.predict_proba(["film"])[0, 1])

    assert rare(None) == pytest.approx(1 / 9, abs=0.02)
    assert rare("balanced") == pytest.approx(1 / 2, abs=0.02)
    assert rare({"common": 0.125}) == pytest.approx(1 / 2, abs=0.02)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"head": "flatten", "mask_zero": True}, "Flatten drops the mask"),
        ({"head": "transformer"}, "head must be one of mean"),
        ({"epochs": 0}, "epochs must be an integer of at least 1: received 0"),
        ({"length": 0}, "length must be"),
        ({"patience": True}, "patience must be"),
        ({"dropout": 1}, "dropout must be"),
        ({"learning_rate": 0}, "learning_rate must be"),
        ({"seed": -1}, "seed must be"),
        ({"class_weight": {"other": 1}}, "'other'"),
        ({"class_weight": "even"}, "balanced"),
    ],
)
def test_parameters_out_of_range(options: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        classifier(**options).fit(TEXTS, LABELS)


@pytest.mark.parametrize(
    ("texts", "labels", "message"),
    [
        (["good", "bad"], ["pos", "pos"], "two classes or more: all 2 are 'pos'"),
        (["good", "bad"], ["pos"], "1 labels and 2 texts"),
        (["good", "bad"], ["pos", None], "label 1 is None"),
        (["good", "bad"], ["pos", float("nan")], "label 1 is nan"),
        (["good", "bad"], ["pos", " "], "label 1 is ' '"),
        (["good", "bad"], ["1", 1], "of one kind"),
        (["good", "bad"], np.eye(2), "one-hot rows take argmax: label 0"),
        (["good", "bad"], [["pos"], ["pos", "neg"]], r"one text, number or truth value.* label 0 is \['pos'\]"),
        (["good", "bad"], [0.5, float("inf")], "must be finite: label 1"),
        (["good", "bad", "a"], ["x", "x\0", "y"], "label 1 would be changed"),  # numpy would make them one class
        (["good", "bad"], [2**53 + 1, 0.5], "label 0 would be changed"),
        (["good", None], ["pos", "neg"], "text 1"),
        ("good", ["pos"], "put it into a list"),
        ([], [], "received none"),
    ],
)
def test_texts_and_labels_that_are_refused(texts: list, labels: list, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        classifier().fit(texts, labels)


def test_without_vectors() -> None:
    with pytest.raises(ConfigError, match="needs vectors"):
        TextClassifier().fit(TEXTS, LABELS)
    fitted = TextClassifier(encoder=TextEncoder(vectors()), dim=4, patience=None, learning_rate=0.05).fit(TEXTS, LABELS)
    assert fitted.model_.get_weights()[0].shape == (10, 4)
    assert fitted.score(TEXTS, LABELS) == 1


def test_it_tells_of_cut_and_blank_texts() -> None:
    fitted = classifier(length=2).fit([*TEXTS, " "], [*LABELS, "neg"])
    assert (fitted.n_cut_, fitted.n_blank_) == (4, 1)


def test_divergence_is_an_error() -> None:
    broken = np.full((8, 8), 3e38, np.float32)
    given = WordVectors(vectors().vocabulary, broken, tokenizer=CorpusConfig())
    with pytest.raises(DivergedError, match="learning_rate"):  # sums of such numbers are infinite, and the first loss is no number
        TextClassifier(given, patience=None, epochs=2).fit(TEXTS, LABELS)


def test_scikit_learn() -> None:
    from sklearn.base import clone
    from sklearn.exceptions import NotFittedError
    from sklearn.model_selection import GridSearchCV
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer

    given = classifier(class_weight="balanced")
    assert clone(given).get_params().keys() == given.get_params().keys()
    assert clone(given).get_params()["class_weight"] == "balanced"
    with pytest.raises(NotFittedError):
        given.predict(TEXTS)
    pipeline = Pipeline([("lower", FunctionTransformer(lambda texts: [text.lower() for text in texts])), ("classify", given)])
    search = GridSearchCV(pipeline, {"classify__epochs": [1, 20]}, cv=2, error_score="raise").fit(TEXTS, LABELS)
    assert search.predict(["GOOD FINE", "BAD"]).tolist() == ["pos", "neg"]
