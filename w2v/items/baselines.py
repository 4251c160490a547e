"""What vectors must be better than: popularity, and the cosine of two items' co-occurrence."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import ConfigError, import_extra
from w2v.items.held_out_items import Ids
from w2v.items.ranking import ItemScores
from w2v.machine import available_memory

_PAIR_BYTES = 24  # of a pair while the product is made: twice an index and a value, and a half to spare


class Popularity:
    """The most frequent items of the training part, whoever asks."""

    def __init__(self, counts: npt.NDArray[np.int64]) -> None:
        self._counts = counts.astype(np.float32)

    def scores(self, histories: Sequence[Ids]) -> ItemScores:
        """(n_histories, n_items) float32: counts."""
        return np.tile(self._counts, (len(histories), 1))


def cooccurrence_cosines(corpus: EncodedCorpus) -> Any:
    """(n_items, n_items) ``scipy.sparse.csr_array`` float32: in how many sequences two items stand together / sqrt(n_a n_b).

    n is in how many sequences an item stands; the diagonal is 0. Order and repetition within a sequence do not count. As Sarwar et al.
    2001 (section 3.1.1) on yes-or-no ratings.

    Raises
    ------
    MissingExtraError
        scipy is not installed.
    ConfigError
        it may need more memory than is free: long sequences have very many pairs.
    """
    sparse = import_extra("scipy.sparse", "validate", "the comparison with co-occurrence")
    shape = (corpus.n_sentences, len(corpus.vocabulary))
    pairs = min(int((np.diff(corpus.sentence_offsets) ** 2).sum()), shape[1] ** 2)
    needed, free = _PAIR_BYTES * pairs, available_memory()
    if free is not None and needed > free:
        raise ConfigError(f"{pairs:,} pairs of items may need {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB of memory are free")
    together = sparse.csr_array((np.ones(corpus.n_tokens, np.float32), corpus.tokens, corpus.sentence_offsets), shape, copy=True)
    together.sum_duplicates()
    together.data[:] = 1
    lengths = np.sqrt(together.sum(axis=0))
    scaled = together @ sparse.diags_array(1 / np.maximum(lengths, 1), dtype=np.float32)
    cosines = sparse.csr_array(scaled.T @ scaled)
    cosines.setdiag(0)
    cosines.eliminate_zeros()
    return cosines


class Cooccurrence:
    """Items that often stood together with those of the history: the sum of their cosines.

    Parameters
    ----------
    cosines : of `cooccurrence_cosines`
    last : so many of the last items count; None: all
    """

    def __init__(self, cosines: Any, last: int | None) -> None:
        self._cosines, self._last = cosines, last
        self._sparse = import_extra("scipy.sparse", "validate", "the comparison with co-occurrence")

    def scores(self, histories: Sequence[Ids]) -> ItemScores:
        """(n_histories, n_items) float32."""
        if self._last is not None:
            histories = [history[-self._last :] for history in histories]
        offsets = np.cumsum([0, *map(len, histories)])
        items = np.concatenate(histories)
        asked = self._sparse.csr_array((np.ones(len(items), np.float32), items, offsets), (len(histories), self._cosines.shape[0]))
        scores: ItemScores = np.asarray((asked @ self._cosines).toarray(), np.float32)
        return scores
