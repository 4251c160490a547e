"""How vectors are asked for the next item: what the query is, and what an item is compared by.

Two scores. `cosine`: between the mean of the history's unit vectors and an item's vector, as item2vec is used. `prediction`: what the
training itself predicts. Skip-gram with negative sampling drives input . output towards log P(item | center) - log noise(item)
(Levy and Goldberg 2014, section 3.1, without the constant log k), so the log of the noise, exponent x log count, is added back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.items.held_out_items import Ids
from w2v.items.ranking import ItemScores
from w2v.vectors.nearest import row_norms

COSINE, PREDICTION = "cosine", "prediction"
HISTORIES = (1, 3, None)  # the last one, the last three, all


@dataclass(frozen=True)
class QueryRule:
    """One way to ask.

    Attributes
    ----------
    score : ``cosine`` or ``prediction``; empty where a method has only one
    last : so many of the last items of the history make the query; None: all
    """

    score: str
    last: int | None

    def __str__(self) -> str:
        history = "all items" if self.last is None else "last item" if self.last == 1 else f"last {self.last} items"
        return f"{self.score}, {history}" if self.score else history


VECTOR_RULES = tuple(QueryRule(score, last) for score in (COSINE, PREDICTION) for last in HISTORIES)


@dataclass(frozen=True)
class ItemVectors:
    """What a training learned, ours or another's.

    Attributes
    ----------
    inputs, outputs : (n_items, dim) float32
    log_noise : (n_items,) float32, the log of the noise distribution up to a constant
    """

    inputs: npt.NDArray[np.float32]
    outputs: npt.NDArray[np.float32]
    log_noise: npt.NDArray[np.float32]


class VectorScorer:
    """Recommends by vectors and a rule."""

    def __init__(self, vectors: ItemVectors, rule: QueryRule) -> None:
        self._last = rule.last
        self._bias: npt.NDArray[np.float32] | None = None
        queries = vectors.inputs
        if rule.score == COSINE:
            norms = row_norms(queries)
            norms[norms == 0] = 1
            queries = queries / norms[:, None]
            self._items = queries
        else:
            self._items, self._bias = vectors.outputs, vectors.log_noise
        self._queries = np.vstack([queries, np.zeros((1, queries.shape[1]), np.float32)])  # the last row: of an empty history

    def scores(self, histories: Sequence[Ids]) -> ItemScores:
        """(n_histories, n_items) float32; see the module."""
        means = np.stack([self._queries[items].mean(axis=0) for items in _shortened(histories, self._last, len(self._items))])
        scores: ItemScores = means @ self._items.T
        if self._bias is not None:
            scores += self._bias
        return scores


def _shortened(histories: Sequence[Ids], last: int | None, empty: int) -> list[Ids]:
    """The last items of each history; `empty` where there are none."""
    nothing = np.array([empty], np.int32)
    return [(history if last is None else history[-last:]) if len(history) else nothing for history in histories]
