"""Word vectors -> a Keras `Embedding` layer, and back."""

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, one_of
from w2v.downstream.backend import load_keras
from w2v.downstream.text_encoder import TextEncoder
from w2v.errors import ConfigError, DivergedError, FormatError
from w2v.formats.embedding_ids import FIRST_WORD, PAD, UNK, unknown_row
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

UNKNOWN_STARTS = ("mean", "random")


def embedding_layer(
    vectors: WordVectors,
    encoder: TextEncoder | None = None,
    trainable: bool = False,
    mask_zero: bool = True,
    unknown: str = "mean",
    seed: int = 1,
    name: str | None = None,
) -> Any:
    """A ``keras.layers.Embedding`` whose rows are these vectors, in the numbering of `TextEncoder`.

    Row 0 (PAD) is zeros; row 1 (UNK) and the encoder's words without a vector start as `unknown` says, with a warning that counts them.

    Parameters
    ----------
    encoder : what makes the ids; None: an encoder of the vectors' own words
    trainable : whether training the model changes the rows
    mask_zero : whether the layers behind it are told to skip padding; Flatten and Conv1D cannot, and need false
    unknown : mean, the mean of all vectors; random, normal draws with the mean and spread of each column
    seed : of these draws
    name : of the layer

    Input shape: (samples, length), integers in [0, encoder.input_dim). Output shape: (samples, length, vectors.dim).

    Raises
    ------
    ConfigError
        an unknown `unknown`, a seed below 0, or no word of the encoder has a vector.
    FormatError
        a vector that is not finite.
    MissingExtraError
        Keras is not installed.
    """
    vocabulary = vectors.vocabulary if encoder is None else encoder.vocabulary
    rows, missing = embedding_rows(vectors, vocabulary, unknown, seed)
    if missing:
        shown = ", ".join(missing[:3]) + ", ..." * (len(missing) > 3)
        warnings.warn(f"{len(missing)} of the encoder's {len(vocabulary)} words have no vector and start like UNK: {shown}", stacklevel=2)
    layers = load_keras().layers
    return layers.Embedding(*rows.shape, weights=[rows], trainable=trainable, mask_zero=mask_zero, name=name)


def embedding_rows(
    vectors: WordVectors, vocabulary: Vocabulary, unknown: str = "mean", seed: int = 1
) -> tuple[npt.NDArray[np.float32], list[str]]:
    """The weights of `embedding_layer`, without Keras.

    Returns
    -------
    (len(vocabulary) + 2, dim) float32, and the words of `vocabulary` that have no vector, by rank.

    Raises
    ------
    ConfigError, FormatError
        as `embedding_layer`.
    """
    one_of("unknown", unknown, UNKNOWN_STARTS)
    integer("seed", seed, 0)
    finite = np.isfinite(vectors.matrix).all(axis=1)
    if not finite.all():
        raise FormatError(f"word vectors must be finite to be used in a layer: that of {vectors.words[int(finite.argmin())]!r} is not")
    rows: npt.NDArray[np.float32] = np.empty((len(vocabulary) + FIRST_WORD, vectors.dim), np.float32)
    absent = np.zeros(len(rows), bool)
    absent[UNK] = True
    if vocabulary is vectors.vocabulary or vocabulary.words == vectors.words:
        rows[FIRST_WORD:] = vectors.matrix
    else:
        rank_of = vectors.vocabulary.ranks.get
        ranks = np.fromiter((rank_of(word, -1) for word in vocabulary), np.int64, len(vocabulary))
        absent[FIRST_WORD:] = ranks < 0
        rows[FIRST_WORD:] = vectors.matrix[ranks] if len(vectors) else 0
    if absent[FIRST_WORD:].all():
        raise ConfigError("an embedding layer needs vectors of its words: no word of the encoder has one")
    rows[PAD] = 0
    rows[absent] = _starts(vectors, unknown, seed, int(absent.sum()))
    return rows, [vocabulary.words[rank] for rank in np.flatnonzero(absent[FIRST_WORD:]).tolist()]


def _starts(vectors: WordVectors, unknown: str, seed: int, n: int) -> npt.NDArray[np.float32]:
    """(n, dim) rows, or (dim,) for all of them, of words without a vector."""
    mean = unknown_row(vectors.matrix)
    if unknown == "mean":
        return mean
    squares = np.einsum("ij,ij->j", vectors.matrix, vectors.matrix, dtype=np.float64, casting="safe") / len(vectors)
    spread = np.sqrt(np.maximum(0, squares - mean.astype(np.float64) ** 2))  # std() would copy the whole matrix as float64
    return np.random.default_rng(seed).normal(mean, spread, (n, vectors.dim)).astype(np.float32)


def fine_tuned_vectors(model: Any, encoder: TextEncoder) -> WordVectors:
    """The rows of a layer that was trained further, as vectors; those of PAD and UNK are left out.

    Parameters
    ----------
    model : the ``Embedding`` layer, or a model with one for this encoder
    encoder : whose ids the layer was trained on

    Raises
    ------
    ConfigError
        no such layer, or several: pass the layer itself.
    DivergedError
        the rows are not finite.
    """
    layer = _embedding_of(model, encoder.input_dim)
    rows = np.asarray(load_keras().ops.convert_to_numpy(layer.embeddings), np.float32)
    if not np.isfinite(rows).all():
        raise DivergedError(f"the layer {layer.name} holds numbers that are not finite: train again with a lower learning rate")
    return WordVectors(encoder.vocabulary, rows[FIRST_WORD:].copy(), tokenizer=encoder.tokenizer)


def _embedding_of(model: Any, input_dim: int) -> Any:
    embeddings = _embeddings_in(model)
    fitting = [layer for layer in embeddings if layer.input_dim == input_dim]
    if len(fitting) != 1:
        found = ", ".join(f"{layer.name} of {layer.input_dim}" for layer in embeddings) or "none"
        raise ConfigError(f"there must be one Embedding layer of {input_dim} rows, as the encoder has ids: found {found}")
    return fitting[0]


def _embeddings_in(model: Any) -> list[Any]:
    if isinstance(model, load_keras().layers.Embedding):
        return [model]
    return [found for layer in getattr(model, "layers", ()) for found in _embeddings_in(layer)]
