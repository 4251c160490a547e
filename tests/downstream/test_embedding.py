"""`embedding_layer` and the way back, on whichever backend Keras runs."""

import numpy as np
import pytest

import w2v
from w2v.downstream import TextEncoder, check_ids, embedding_layer, fine_tuned_vectors
from w2v.downstream.embedding import embedding_rows
from w2v.errors import ConfigError, DivergedError, FormatError, IdError

WORDS = ["the", "king", "queen"]
MATRIX = np.array([[1, 2], [3, 4], [5, 9]], np.float32)
VECTORS = w2v.WordVectors(w2v.Vocabulary(WORDS, [9, 5, 2]), MATRIX, tokenizer=w2v.CorpusConfig())
ENCODER = TextEncoder(VECTORS)


def numpy(keras, tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_it_is_a_real_layer_with_our_rows(keras):
    layer = embedding_layer(VECTORS, name="words")
    assert type(layer) is keras.layers.Embedding
    assert (layer.name, layer.input_dim, layer.output_dim, layer.trainable, layer.mask_zero) == ("words", 5, 2, False, True)
    assert layer.get_weights()[0].tolist() == [[0, 0], [3, 5], [1, 2], [3, 4], [5, 9]]
    ids = ENCODER.encode(["The king", "queen nobody knows"], length=4)
    output = numpy(keras, layer(ids))
    assert output.shape == (2, 4, 2)
    assert output.tolist() == [[[1, 2], [3, 4], [0, 0], [0, 0]], [[5, 9], [3, 5], [3, 5], [0, 0]]]
    assert numpy(keras, layer.compute_mask(ids)).tolist() == [[True, True, False, False], [True, True, True, False]]
    assert np.shares_memory(VECTORS.matrix, MATRIX)
    assert embedding_layer(VECTORS, mask_zero=False).compute_mask(ids) is None


def test_a_text_without_a_word_has_a_mean(keras):
    ids = ENCODER.encode(["", "!!!", "the king"])
    mean = keras.Sequential([keras.Input((2,), dtype="int32"), embedding_layer(VECTORS), keras.layers.GlobalAveragePooling1D()])
    assert numpy(keras, mean(ids)).tolist() == [[3, 5], [3, 5], [2, 3]]


def test_training_changes_the_rows_only_if_asked_to(keras):
    ids, labels = ENCODER.encode(["the king", "queen"]), np.array([0.0, 1.0])
    for trainable in (False, True):
        model = keras.Sequential(
            [
                keras.Input((2,), dtype="int32"),
                embedding_layer(VECTORS, ENCODER, trainable=trainable),
                keras.layers.GlobalAveragePooling1D(),
                keras.layers.Dense(1, activation="sigmoid"),
            ]
        )
        model.compile("adam", "binary_crossentropy")
        model.fit(ids, labels, epochs=2, verbose=0)
        tuned = fine_tuned_vectors(model, ENCODER)
        assert tuned.words == VECTORS.words
        assert tuned.counts.tolist() == [9, 5, 2]
        assert tuned.tokenizer == VECTORS.tokenizer
        assert (tuned.matrix.tolist() == MATRIX.tolist()) is not trainable
        assert tuned.neighbors("king", n=1)
    kept = tuned.matrix.copy()
    model.fit(ids, labels, epochs=2, verbose=0)
    assert np.array_equal(tuned.matrix, kept), "vectors do not change any more"


def test_words_without_a_vector_start_like_unk_and_that_is_said(keras):
    encoder = TextEncoder(w2v.Vocabulary(["queen", "salt", "the", "a", "b", "c"], [6, 5, 4, 3, 2, 1]), w2v.CorpusConfig())
    with pytest.warns(UserWarning, match=r"4 of the encoder's 6 words have no vector and start like UNK: salt, a, b, \.\.\.") as caught:
        layer = embedding_layer(VECTORS, encoder)
    assert caught[0].filename == __file__
    assert layer.get_weights()[0].tolist() == [[0, 0], [3, 5], [5, 9], [3, 5], [1, 2], [3, 5], [3, 5], [3, 5]]
    assert fine_tuned_vectors(layer, encoder)["queen"].tolist() == [5, 9]


def test_random_starts_have_the_spread_of_the_vectors():
    chance = np.random.default_rng(7)
    matrix = (chance.standard_normal((4000, 3)) * [1, 2, 0] + [0, 5, -1]).astype(np.float32)
    words = [f"w{i}" for i in range(4000)]
    vectors = w2v.WordVectors(w2v.Vocabulary(words, [0] * 4000), matrix)
    other = w2v.Vocabulary([*words, *(f"new{i}" for i in range(4000))], [0] * 8000)
    rows, missing = embedding_rows(vectors, other, "random", seed=3)
    assert missing == [f"new{i}" for i in range(4000)]
    assert np.array_equal(rows[2:4002], matrix)
    assert not rows[0].any()
    drawn = np.vstack([rows[1], rows[4002:]])
    np.testing.assert_allclose(drawn.mean(0), [0, 5, -1], atol=0.15)  # 4 standard errors of the mean: 0.13
    np.testing.assert_allclose(drawn.std(0), [1, 2, 0], atol=0.1)
    assert len({tuple(row) for row in drawn.tolist()}) == 4001
    assert np.array_equal(rows, embedding_rows(vectors, other, "random", seed=3)[0])
    assert not np.array_equal(rows, embedding_rows(vectors, other, "random", seed=4)[0])


def test_what_makes_no_layer_is_refused():
    with pytest.raises(ConfigError, match="unknown must be one of mean, random: received 'zeros'"):
        embedding_rows(VECTORS, VECTORS.vocabulary, "zeros")
    with pytest.raises(ConfigError, match="no word of the encoder has one"):
        embedding_rows(VECTORS, w2v.Vocabulary(["x"], [1]))
    empty = w2v.WordVectors(w2v.Vocabulary([], []), np.empty((0, 2), np.float32))
    with pytest.raises(ConfigError, match="no word of the encoder has one"):
        embedding_rows(empty, VECTORS.vocabulary)
    broken = MATRIX.copy()
    broken[1, 1] = np.nan
    with pytest.raises(FormatError, match="must be finite to be used in a layer: that of 'king' is not"):
        embedding_rows(w2v.WordVectors(VECTORS.vocabulary, broken), VECTORS.vocabulary)


def test_the_layer_is_found_in_nested_models_or_asked_for(keras):
    layer = embedding_layer(VECTORS, name="text")
    inner = keras.Sequential([keras.Input((4,), dtype="int32"), layer, keras.layers.GlobalAveragePooling1D()])
    city = keras.layers.Embedding(9, 2, name="city")
    outer = keras.Sequential([keras.Input((4,), dtype="int32"), inner, keras.layers.Dense(1)])
    assert np.array_equal(fine_tuned_vectors(outer, ENCODER).matrix, MATRIX)
    with pytest.raises(ConfigError, match=r"one Embedding layer of 5 rows, as the encoder has ids: found city of 9"):
        fine_tuned_vectors(city, ENCODER)
    with pytest.raises(ConfigError, match="found none"):
        fine_tuned_vectors(keras.Sequential([keras.layers.Dense(1)]), ENCODER)
    twins = keras.Sequential([keras.layers.Embedding(5, 2, name="a"), keras.layers.Embedding(5, 2, name="b")])
    with pytest.raises(ConfigError, match="found a of 5, b of 5"):
        fine_tuned_vectors(twins, ENCODER)


def test_a_diverged_layer_makes_no_vectors(keras):
    layer = embedding_layer(VECTORS)
    layer.set_weights([np.full((5, 2), np.nan, np.float32)])
    with pytest.raises(DivergedError, match="numbers that are not finite: train again with a lower learning rate"):
        fine_tuned_vectors(layer, ENCODER)


@pytest.mark.parametrize("wrong", [-1, 5, 6])
def test_ids_out_of_range_are_refused_for_any_layer(keras, wrong):
    with pytest.raises(IdError, match=f"from 0 to 4, as the layer has 5 rows: found {wrong} in row 0, column 1"):
        check_ids([[4, wrong]], embedding_layer(VECTORS))
    check_ids(np.arange(5), embedding_layer(VECTORS))
