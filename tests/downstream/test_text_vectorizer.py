"""`TextVectorizer` among scikit-learn's tools."""

import numpy as np
import pytest

import w2v
from w2v.errors import ConfigError

pytest.importorskip("sklearn")
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.utils.estimator_checks import check_estimator

from w2v.downstream import TextVectorizer

VECTORS = w2v.WordVectors(
    w2v.Vocabulary(["the", "good", "bad"], [90, 5, 5]), np.array([[1, 1], [2, 0], [0, 2]], np.float32), tokenizer=w2v.CorpusConfig()
)
TEXTS = ["The good", "bad, bad", "", "good"]


def test_rows_are_those_of_encode():
    for options in ({}, {"weighting": "mean"}, {"sif": 0.1}):
        np.testing.assert_array_equal(TextVectorizer(VECTORS, **options).fit_transform(TEXTS), VECTORS.encode(TEXTS, **options))
    np.testing.assert_array_equal(TextVectorizer(VECTORS).transform(np.array(TEXTS)), VECTORS.encode(TEXTS))


@pytest.mark.filterwarnings("ignore:Can't test estimator")
def test_scikit_learn_finds_nothing_wrong():
    check_estimator(TextVectorizer(VECTORS))


def test_clones_share_the_vectors():
    copy = clone(TextVectorizer(VECTORS, sif=0.1))
    assert copy.vectors is VECTORS
    assert copy.get_params() == {"vectors": VECTORS, "weighting": "sif", "sif": 0.1}


def test_features_have_names_and_frames_are_made():
    vectorizer = TextVectorizer(VECTORS)
    assert vectorizer.get_feature_names_out().tolist() == ["textvectorizer0", "textvectorizer1"]
    pandas = pytest.importorskip("pandas")
    frame = vectorizer.set_output(transform="pandas").fit_transform(pandas.Series(TEXTS))
    assert list(frame.columns) == ["textvectorizer0", "textvectorizer1"]


def test_a_search_over_weightings():
    pipeline = make_pipeline(TextVectorizer(VECTORS), LogisticRegression())
    search = GridSearchCV(pipeline, {"textvectorizer__weighting": ["sif", "mean"]}, cv=2)
    search.fit(["good the", "bad the"] * 6, [1, 0] * 6)
    assert search.predict(["the good", "the bad"]).tolist() == [1, 0]


def test_a_model_is_taken():
    model = w2v.train([["a", "b"]] * 50, dim=4, epochs=1, min_count=1, sample=0)
    np.testing.assert_array_equal(TextVectorizer(model).transform([["a", "b"]]), model.encode([["a", "b"]]))


@pytest.mark.parametrize(
    ("vectorizer", "message"),
    [
        (TextVectorizer(), "vectors must be word vectors or a model: received None"),
        (TextVectorizer(VECTORS, weighting="tfidf"), "weighting must be one of sif, mean"),
        (TextVectorizer(VECTORS, sif=-1), "sif must be a number above 0"),
    ],
)
def test_wrong_parameters_are_refused_by_fit(vectorizer, message):
    with pytest.raises(ConfigError, match=message):
        vectorizer.fit(TEXTS)
