"""Where the held-out item stands among all items: ranks with fair ties, HitRate@10, NDCG@10, MRR and catalogue coverage."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from w2v.items.held_out_items import Cases, Ids
from w2v.jit import jit

TOP = 10
METRICS = (f"HitRate@{TOP}", f"NDCG@{TOP}", "MRR")
HIT_RATE, NDCG, MRR = range(3)
_MOST_ROWS = 1024
_SCORES = 1 << 24  # held at a time: 64 MB

ItemScores = npt.NDArray[np.float32]


class ItemScorer(Protocol):
    """Anything that can say how well each item goes on with a history."""

    def scores(self, histories: Sequence[Ids]) -> ItemScores:
        """(n_histories, n_items) float32, an array of the caller's own; higher is better."""


@dataclass(frozen=True)
class RankingQuality:
    """What a scorer did.

    Attributes
    ----------
    gains : (n_cases, 3) float64: `METRICS` of each case
    coverage : share of the catalogue, the items of the training part, that is in the top 10 of a case
    """

    gains: npt.NDArray[np.float64]
    coverage: float


def rank_targets(scorer: ItemScorer, cases: Cases, n_items: int, keep_seen: bool) -> RankingQuality:
    """Rank all items for each case.

    Parameters
    ----------
    n_items : of the training part: all are ranked, none is sampled
    keep_seen : items of the history may come again; else they are no candidates, and a target among them is a miss
    """
    above, same = np.empty(len(cases), np.int64), np.empty(len(cases), np.int64)
    shown = np.zeros(n_items, np.bool_)
    step = max(1, min(_MOST_ROWS, _SCORES // n_items))
    for start in range(0, len(cases), step):
        rows = slice(start, start + step)
        histories = cases.histories[rows]
        offsets = np.cumsum([0, *map(len, histories)])
        _rank(
            scorer.scores(histories), cases.targets[rows], np.concatenate(histories), offsets, keep_seen,
            above[rows], same[rows], shown, np.empty(TOP, np.int64),
        )  # fmt: skip
    return RankingQuality(expected_gains(above, same, n_items), float(shown.mean()))


def expected_gains(above: npt.NDArray[np.int64], same: npt.NDArray[np.int64], n_items: int) -> npt.NDArray[np.float64]:
    """`METRICS` of each case, as the mean over all orders of items with the target's score.

    Parameters
    ----------
    above : (n_cases,) items with a higher score than the target; -1 where the target is no candidate, which gains nothing
    same : (n_cases,) items with its score, itself included

    Returns
    -------
    (n_cases, 3) float64. At place p a target gains 1, 1 / log2(1 + p) (both up to place 10 only) and 1 / p.
    """
    places = np.arange(1, n_items + 1)
    near = places <= TOP
    sums = np.zeros((n_items + 1, 3))
    sums[1:] = np.cumsum(np.stack([near, near / np.log2(places + 1), 1 / places], axis=1), axis=0)
    first = np.maximum(above, 0)
    gains = (sums[first + same] - sums[first]) / np.maximum(same, 1)[:, None]
    return np.where((above >= 0)[:, None], gains, 0.0)


@jit()
def _rank(scores, targets, items, offsets, keep_seen, above, same, shown, best):  # type: ignore[no-untyped-def]
    """One pass over the scores of each row: fills `above` and `same`, marks the `TOP` best in `shown`; changes scores of seen items.

    Of equal scores the item with the lower rank is shown.
    """
    n_rows, n_items = scores.shape
    for row in range(n_rows):
        line = scores[row]
        if not keep_seen:
            for place in range(offsets[row], offsets[row + 1]):
                line[items[place]] = -np.inf
        target = targets[row]
        wanted = line[target] if target >= 0 else np.float32(-np.inf)
        n_above = n_same = n_best = 0
        least = np.float32(-np.inf)  # of the best ones; seen items are never above it
        for item in range(n_items):
            score = line[item]
            n_above += score > wanted
            n_same += score == wanted
            if score > least:
                place = n_best if n_best < len(best) else len(best) - 1
                while place > 0 and line[best[place - 1]] < score:
                    best[place] = best[place - 1]
                    place -= 1
                best[place] = item
                n_best = min(n_best + 1, len(best))
                if n_best == len(best):
                    least = line[best[-1]]
        above[row] = n_above if wanted > -np.inf else -1
        same[row] = n_same
        for place in range(n_best):
            shown[best[place]] = True
