"""How well labels were predicted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import import_extra


@dataclass(frozen=True)
class Evaluation:
    """Predicted labels against the true ones, by scikit-learn's metrics.

    Attributes
    ----------
    classes : the labels, sorted
    confusion : (n_classes, n_classes) int64, true class by predicted class
    accuracy : share of the texts with the right label
    precision : (n_classes,) of the texts that were given a label, the share that has it; 0 where none was
    recall : (n_classes,) of the texts that have a label, the share that was given it; 0 where none has
    f1 : (n_classes,) harmonic mean of precision and recall
    macro_f1 : mean of `f1` over the classes that occur, truly or predicted
    """

    classes: tuple[Any, ...]
    confusion: npt.NDArray[np.int64]
    accuracy: float
    precision: npt.NDArray[np.float64]
    recall: npt.NDArray[np.float64]
    f1: npt.NDArray[np.float64]
    macro_f1: float

    @property
    def n_texts(self) -> int:
        """How many texts were scored."""
        return int(self.confusion.sum())


def score_predictions(classes: Sequence[Any], targets: npt.NDArray[np.int64], predicted: npt.NDArray[np.int64]) -> Evaluation:
    """Compare predictions with the truth.

    Parameters
    ----------
    targets, predicted : (n,) numbers of classes, n at least 1
    """
    metrics: Any = import_extra("sklearn.metrics", "keras", "the scores of a classifier")
    numbers = np.arange(len(classes))
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(targets, predicted, labels=numbers, zero_division=0)
    confusion = metrics.confusion_matrix(targets, predicted, labels=numbers)
    accuracy, macro_f1 = metrics.accuracy_score(targets, predicted), metrics.f1_score(targets, predicted, average="macro")
    return Evaluation(tuple(classes), confusion, float(accuracy), precision, recall, f1, float(macro_f1))
