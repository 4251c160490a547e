"""Texts as vectors: the mean of their words' vectors, each word weighted by how rare it is.

Smooth inverse frequency (SIF; Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings", algorithm 1): a word
w counts with a / (a + p(w)), p(w) its share of all words in training. So "the" counts for little, and a word that most texts lack in full.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number, one_of
from w2v.errors import ConfigError

if TYPE_CHECKING:
    from w2v.vectors.word_vectors import WordVectors

WEIGHTINGS = ("sif", "mean")
SIF = 3e-4  # of the tenths from 1e-2 to 1e-5 the best, or nearly, for English and Chinese: docs/sentences.md
_BATCH_TEXTS = 4096
_BATCH_TOKENS = 1 << 15  # whose vectors are in memory at once

Rows = npt.NDArray[np.float32]


def word_weights(counts: npt.NDArray[np.int64], weighting: str = "sif", sif: float = SIF) -> npt.NDArray[np.float64]:
    """(n_words,) float64 in (0, 1]: how much each word counts in a text's vector.

    Parameters
    ----------
    counts : (n_words,) how often each word occurred in training
    weighting : sif, or mean, which weighs all words alike
    sif : the parameter a of SIF, above 0; the smaller it is, the less frequent words count

    Raises
    ------
    ConfigError
        an unknown weighting, a number out of range, or counts that are not known.
    """
    number("sif", sif, "a number above 0", lambda a: a > 0)
    if one_of("weighting", weighting, WEIGHTINGS) == "mean":
        return np.ones(len(counts))
    total = counts.sum()
    if not total:
        raise ConfigError('these vectors do not say how frequent their words are, which weighting="sif" needs: take weighting="mean"')
    return np.asarray(sif / (sif + counts / total), np.float64)


def encode_texts(
    vectors: "WordVectors", texts: Iterable[str] | Iterable[Sequence[str]], weights: npt.NDArray[np.float64], components: int = 0
) -> Rows:
    """`WordVectors.encode`, with the weights of the words."""
    if isinstance(texts, str):
        raise ConfigError(f"texts must be a list of texts: received one text, {texts[:40]!r}; put it into a list")
    if isinstance(texts, Mapping | bytes) or not isinstance(texts, Iterable):
        raise ConfigError(f"texts must be a list of texts: received {texts!r:.60}")
    integer("components", components, 0, vectors.dim)
    tokens = (_tokens(vectors, text, place) for place, text in enumerate(texts))
    batches = [_means(vectors, batch, weights) for batch in iter(lambda: list(islice(tokens, _BATCH_TEXTS)), [])]
    found = np.concatenate(batches) if batches else np.empty((0, vectors.dim), np.float32)
    return remove_components(found, components) if components else found


def _tokens(vectors: "WordVectors", text: str | Sequence[str], place: int) -> Sequence[str]:
    if isinstance(text, str):
        return vectors.split(text)
    if isinstance(text, list | tuple) and all(isinstance(token, str) for token in text):
        return text
    raise ConfigError(f"text {place} (the first is 0) must be a text or a list of tokens: received {text!r:.60}")


def _means(vectors: "WordVectors", texts: Sequence[Sequence[str]], weights: npt.NDArray[np.float64]) -> Rows:
    """(n_texts, dim) float32: weighted sums of each text's known words, divided by how many these are; zeros without any."""
    rank = vectors.vocabulary.ranks.get
    known = [[found for token in tokens if (found := rank(token)) is not None] for tokens in texts]
    lengths = np.fromiter(map(len, known), np.int64, len(known))
    ranks = np.fromiter(chain.from_iterable(known), np.int64, lengths.sum())
    owners = np.repeat(np.arange(len(texts)), lengths)
    sums = np.zeros((len(texts), vectors.dim))
    for start in range(0, len(ranks), _BATCH_TOKENS):  # however long a text is
        part, owner = ranks[start : start + _BATCH_TOKENS], owners[start : start + _BATCH_TOKENS]
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        sums[owner[begins]] += np.add.reduceat(vectors.matrix[part] * weights[part, None], begins)
    return (sums / np.maximum(lengths, 1)[:, None]).astype(np.float32)


def remove_components(rows: Rows, n: int) -> Rows:
    """Rows without their projections on the first `n` principal directions of all of them, about the origin (algorithm 1, lines 4 to 7)."""
    _, directions = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    first = directions[:, -n:]
    return np.asarray(rows - (rows @ first) @ first.T, np.float32)
