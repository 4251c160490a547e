"""How well labels were predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Evaluation:
    """Predicted labels against the true ones.

    Attributes
    ----------
    classes : the labels, sorted
    confusion : (n_classes, n_classes) int64, true class by predicted class
    """

    classes: tuple[Any, ...]
    confusion: npt.NDArray[np.int64]

    @property
    def n_texts(self) -> int:
        """How many texts were judged."""
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Share of the texts with the right label."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def precision(self) -> npt.NDArray[np.float64]:
        """(n_classes,): of the texts that were given a label, the share that has it; 0 where none was."""
        return _share(np.diag(self.confusion), self.confusion.sum(axis=0))

    @property
    def recall(self) -> npt.NDArray[np.float64]:
        """(n_classes,): of the texts that have a label, the share that was given it; 0 where none has."""
        return _share(np.diag(self.confusion), self.confusion.sum(axis=1))

    @property
    def f1(self) -> npt.NDArray[np.float64]:
        """(n_classes,): harmonic mean of precision and recall."""
        return _share(2 * np.diag(self.confusion), self.confusion.sum(axis=0) + self.confusion.sum(axis=1))

    @property
    def macro_f1(self) -> float:
        """Mean of `f1` over the classes that occur, truly or predicted."""
        occurs = self.confusion.sum(axis=0) + self.confusion.sum(axis=1) > 0
        return float(self.f1[occurs].mean())


def judge(classes: Sequence[Any], targets: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]) -> Evaluation:
    """Count predictions.

    Parameters
    ----------
    targets, predicted : (n,) numbers of classes
    """
    n = len(classes)
    return Evaluation(tuple(classes), np.bincount(targets * n + predicted, minlength=n * n).reshape(n, n))


def _share(part: npt.NDArray[np.int64], whole: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    return np.asarray(part / np.maximum(whole, 1), np.float64)
