"""Texts as weighted means: against the formula in plain Python, and the texts that people have."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v
from w2v.errors import ConfigError
from w2v.vectors.text_vectors import encode_texts, remove_components, word_weights

WORDS = ("the", "king", "queen", "salt")
VECTORS = w2v.WordVectors(
    w2v.Vocabulary(WORDS, [96, 2, 1, 1]), np.array([[1, 1], [3, 4], [4, 3], [-4, 3]], np.float32), tokenizer=w2v.CorpusConfig()
)


def by_formula(text: list[str], sif: float | None) -> list[float]:
    known = [word for word in text if word in WORDS]
    share = dict(zip(WORDS, (0.96, 0.02, 0.01, 0.01), strict=True))
    total = [0.0, 0.0]
    for word in known:
        weight = 1.0 if sif is None else sif / (sif + share[word])
        total = [old + weight * float(new) for old, new in zip(total, VECTORS[word], strict=True)]
    return [part / max(1, len(known)) for part in total]


@given(st.lists(st.lists(st.sampled_from([*WORDS, "unknown"]), max_size=9), max_size=9), st.sampled_from([None, 1e-3, 0.1]))
def test_each_text_is_the_mean_of_the_formula(texts: list[list[str]], sif: float | None) -> None:
    found = VECTORS.encode(texts, weighting="mean") if sif is None else VECTORS.encode(texts, sif=sif)
    assert found.shape == (len(texts), 2)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.array([by_formula(text, sif) for text in texts]).reshape(-1, 2), rtol=1e-5, atol=1e-6)


def test_texts_are_split_as_in_training_and_tokens_are_taken() -> None:
    np.testing.assert_array_equal(VECTORS.encode(["The King!"]), VECTORS.encode([["the", "king"]]))
    assert not VECTORS.encode([["The", "King"]]).any()


def test_a_text_without_known_words_is_zeros_wherever_it_stands() -> None:
    found = VECTORS.encode(["", "king", "!!!", "", "queen xyz", "\u3000"], weighting="mean")
    assert found.tolist() == [[0, 0], [3, 4], [0, 0], [0, 0], [4, 3], [0, 0]]
    assert VECTORS.encode([]).shape == (0, 2)


def test_many_texts_are_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["the king", "", "salt", "queen the salt"] * 3
    whole = VECTORS.encode(texts)
    monkeypatch.setattr("w2v.vectors.text_vectors._BATCH_TEXTS", 5)
    np.testing.assert_array_equal(VECTORS.encode(iter(texts)), whole)
    monkeypatch.setattr("w2v.vectors.text_vectors._BATCH_TOKENS", 2)  # a text is cut
    np.testing.assert_allclose(VECTORS.encode(iter(texts)), whole, rtol=1e-6)


def test_common_directions_are_taken_out() -> None:
    random = np.random.default_rng(1)
    common = np.array([3.0, 0, 4, 0]) / 5
    rows = (random.normal(size=(50, 4)) + 20 * common).astype(np.float32)
    left = remove_components(rows, 1)
    mean_direction = np.linalg.svd(rows.astype(np.float64))[2][0]
    np.testing.assert_allclose(left @ mean_direction, 0, atol=1e-4)
    np.testing.assert_allclose(left, rows - np.outer(rows @ mean_direction, mean_direction), atol=1e-4)
    assert not remove_components(np.zeros((3, 4), np.float32), 2).any()
    assert VECTORS.encode(["king", "queen"], components=2).round(5).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        ("the king", {}, "one text, 'the king'; put it into a list"),
        (["king", None], {}, r"text 1 \(the first is 0\) must be a text or a list of tokens: received None"),
        ([["king", 1]], {}, "text 0 .* received"),
        ([b"king"], {}, "text 0 .* received b'king'"),
        (["king"], {"weighting": "tfidf"}, "weighting must be one of sif, mean: received 'tfidf'"),
        (["king"], {"sif": 0}, "sif must be a number above 0: received 0"),
        (["king"], {"sif": float("nan")}, "sif must be a number above 0"),
        (["king"], {"components": -1}, "components must be an integer from 0 to 2"),
        (["king"], {"components": 3}, "components must be an integer from 0 to 2"),
    ],
)
def test_what_cannot_be_encoded_is_refused(texts: object, options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        VECTORS.encode(texts, **options)


def test_vectors_that_do_not_know_enough_say_so() -> None:
    unknown = w2v.WordVectors(w2v.Vocabulary(["king"], [0]), np.ones((1, 2), np.float32))
    with pytest.raises(ConfigError, match="how frequent their words are"):
        unknown.encode([["king"]])
    with pytest.raises(ConfigError, match="how their text became tokens: give lists of tokens"):
        unknown.encode(["king"], weighting="mean")
    assert unknown.encode([["king"]], weighting="mean").tolist() == [[1, 1]]


def test_weighted_vectors_need_plain_means_only() -> None:
    texts = ["the king", "the salt the queen"]
    weighted = VECTORS.weighted(sif=1e-2)
    assert weighted.tokenizer == VECTORS.tokenizer
    np.testing.assert_allclose(weighted.encode(texts, weighting="mean"), VECTORS.encode(texts, sif=1e-2), rtol=1e-6)


def test_a_model_encodes_too() -> None:
    model = w2v.train([["a", "b"]] * 50, dim=4, epochs=1, min_count=1, sample=0)
    np.testing.assert_array_equal(model.encode([["a"]], weighting="mean")[0], model["a"])


def test_a_copy_is_the_same_object() -> None:
    assert copy.deepcopy(VECTORS) is VECTORS
    assert encode_texts(VECTORS, [["king"]], word_weights(VECTORS.counts)).any()


@pytest.mark.parametrize("texts", [None, {"a": "b"}, b"salt", 3])
def test_what_is_no_list_of_texts_is_refused(texts) -> None:
    vectors = w2v.WordVectors(w2v.Vocabulary(["salt"], [1]), np.ones((1, 2), np.float32))
    with pytest.raises(ConfigError, match=r"^texts must be a list of texts: received "):
        vectors.encode(texts)


def test_weighted_vectors_need_counts() -> None:
    vectors = w2v.WordVectors(w2v.Vocabulary(["salt"], [0]), np.ones((1, 2), np.float32))
    with pytest.raises(ConfigError, match=r"which sif needs: give a model that w2v trained$"):
        vectors.weighted()
