"""Classifying networks: an embedding layer, a head that makes one vector of a text, and a dense layer of probabilities.

| head | between the embedding and the probabilities |
|---|---|
| mean | the average of the words' vectors, padding left out (a "bag of vectors", as fastText's) |
| flatten | all vectors behind each other, each place with weights of its own |
| cnn | a convolution over three words, its largest value in the text (Kim 2014, with one width) |
| lstm, gru | a recurrent layer, its state after the last word |
"""

from dataclasses import dataclass
from typing import Any

from w2v.checks import one_of
from w2v.downstream.backend import load_keras
from w2v.errors import ConfigError
from w2v.formats.embedding_ids import PAD

HEADS = ("mean", "flatten", "cnn", "lstm", "gru")
_KERNEL_WORDS = 3
_FLATTEN_REFUSAL = (
    "mask_zero must be off with the head flatten: Flatten drops the mask, so that padding would count as words; "
    "the heads mean, cnn, lstm and gru leave padding out"
)


@dataclass(frozen=True, kw_only=True)
class Network:
    """The form of a network, all of it but the embedding layer.

    Attributes
    ----------
    head : one of `HEADS`
    length : of each row of ids
    n_classes : at least 2; two share one output
    units : of a recurrent layer, or filters of the convolution
    dropout : share of the head's outputs that a training step leaves out, 0 to below 1
    mask_zero : whether padding is left out
    seed : of the weights that the network starts with, and of dropout
    """

    head: str
    length: int
    n_classes: int
    units: int
    dropout: float
    mask_zero: bool
    seed: int


def masks_padding(head: str, mask_zero: bool | None) -> bool:
    """Whether a head leaves padding out; None: whether it can.

    Raises
    ------
    ConfigError
        an unknown head, or a mask that the head would drop.
    """
    one_of("head", head, HEADS)
    if head == "flatten" and mask_zero:
        raise ConfigError(_FLATTEN_REFUSAL)
    return head != "flatten" if mask_zero is None else bool(mask_zero)


def build_network(embedding: Any, network: Network) -> Any:
    """The Keras model, not compiled.

    Input shape: (samples, network.length), int32 ids. Output shape: (samples, 1), the probability of the second class, for two classes;
    (samples, n_classes) for more.

    Parameters
    ----------
    embedding : a ``keras.layers.Embedding`` whose `mask_zero` is `keras_mask` of the head
    """
    layers = load_keras().layers
    inputs = layers.Input((network.length,), dtype="int32", name="ids")
    words = embedding(inputs)
    match network.head:
        case "mean":
            text = layers.GlobalAveragePooling1D(name="mean")(words)
        case "flatten":
            text = layers.Flatten(name="flatten")(words)
        case "cnn":
            text = _convolve(inputs, words, network)
        case _:
            text = _recur(words, network)
    text = layers.Dropout(network.dropout, seed=network.seed, name="dropout")(text)
    n_outputs = 1 if network.n_classes == 2 else network.n_classes
    activation = "sigmoid" if n_outputs == 1 else "softmax"
    outputs = layers.Dense(n_outputs, activation=activation, kernel_initializer=_start(network, 1), name="probabilities")(text)
    return load_keras().Model(inputs, outputs, name=network.head)


def keras_mask(network: Network) -> bool:
    """`mask_zero` of the embedding layer: Keras has no mask for convolutions, so that head leaves padding out by itself."""
    return network.mask_zero and network.head != "cnn"


def _start(network: Network, number: int) -> Any:
    """An initializer with a seed of its own: Keras's global seed would be the whole process's."""
    return load_keras().initializers.GlorotUniform(seed=network.seed + number)


def _convolve(inputs: Any, words: Any, network: Network) -> Any:
    keras = load_keras()
    layer = keras.layers.Conv1D(
        network.units, _KERNEL_WORDS, padding="same", activation="relu", kernel_initializer=_start(network, 2), name="cnn"
    )
    if not network.mask_zero:
        return keras.layers.GlobalMaxPooling1D(name="largest")(layer(words))
    is_word = keras.ops.expand_dims(keras.ops.cast(keras.ops.not_equal(inputs, PAD), words.dtype), -1)
    # relu's values are 0 or more, so what padding gives may be 0 without being the largest: the same text has the same
    # probabilities in rows of any length. The first product keeps PAD's row of the embedding at zero when it is trained.
    return keras.layers.GlobalMaxPooling1D(name="largest")(layer(words * is_word) * is_word)


def _recur(words: Any, network: Network) -> Any:
    keras = load_keras()
    layer = keras.layers.LSTM if network.head == "lstm" else keras.layers.GRU
    return layer(
        network.units,
        kernel_initializer=_start(network, 2),
        recurrent_initializer=keras.initializers.Orthogonal(seed=network.seed + 3),
        seed=network.seed,
        name=network.head,
    )(words)
