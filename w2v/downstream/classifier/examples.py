"""What people give to a classifier -> arrays for its network: rows of ids, numbers of classes, weights of examples."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v import checks
from w2v.downstream.classifier.fitting import Ids, Indices, Weights
from w2v.downstream.id_check import check_ids
from w2v.downstream.padding import pad_sequences
from w2v.downstream.text_encoder import TextEncoder, fill_empty_rows
from w2v.errors import ConfigError, IdError, import_extra
from w2v.formats.embedding_ids import PAD

LONGEST_USUAL = 400  # tokens; recurrent heads cost time for each of them
_COVERED = 0.95  # of the training texts fit in whole
_KINDS_OF_LABELS = "biufU"


@dataclass(frozen=True)
class Rows:
    """The ids of each text, checked, without padding at the end and none of them empty.

    Attributes
    ----------
    rows : lists or arrays of ids
    n_blank : texts that had no token, whose row is one unknown word
    """

    rows: Sequence[Any]
    n_blank: int

    def __len__(self) -> int:
        return len(self.rows)

    def n_longer(self, length: int) -> int:
        """How many rows have more ids than `length`."""
        return sum(len(row) > length for row in self.rows)

    def of_length(self, length: int) -> Ids:
        """(n, length): filled up behind, or without what is beyond."""
        return pad_sequences(self.rows, length, "int32", "post", "post", PAD)


def encode_rows(encoder: TextEncoder, texts: Iterable[Any]) -> Rows:
    """Encode texts or lists of tokens, or check an array of ids.

    Raises
    ------
    IdError
        an id that the encoder does not give, or an array that is not (n_texts, length).
    ConfigError
        something that is no text, with its number.
    """
    if isinstance(texts, np.ndarray) and texts.dtype.kind not in "OUS":
        check_ids(texts, encoder.input_dim)
        if texts.ndim != 2:
            raise IdError(f"ids must be an array (n_texts, length): received the shape {texts.shape}")
        ends = np.where(texts != PAD, np.arange(1, texts.shape[1] + 1), 0).max(axis=1, initial=0)
        rows: list[Any] = [row[:end] for row, end in zip(texts, ends.tolist(), strict=True)]
    else:
        rows = encoder.ids_of_each(texts)
    n_blank = fill_empty_rows(rows)
    return Rows(rows, n_blank)


def usual_length(rows: Rows) -> int:
    """Tokens that 95 of 100 rows do not exceed, from 1 to `LONGEST_USUAL`."""
    lengths = np.array([len(row) for row in rows.rows] or [1])
    return int(min(LONGEST_USUAL, max(1, np.quantile(lengths, _COVERED, method="higher"))))


def target_array(labels: Iterable[Any], n_texts: int, known: npt.NDArray[Any] | None = None) -> tuple[Indices, npt.NDArray[Any]]:
    """Labels -> numbers of classes, and the classes.

    Parameters
    ----------
    known : the classes, sorted; None: those that the labels have, which must be two or more

    Raises
    ------
    ConfigError
        a label that is missing or not known, with its number, or too few labels.
    """
    array = _label_array(list(labels))
    if len(array) != n_texts:
        raise ConfigError(f"there must be one label for each text: received {len(array)} labels and {n_texts} texts")
    if not n_texts:
        raise ConfigError("there must be labelled texts: received none")
    if known is None:
        classes, targets = np.unique(array, return_inverse=True)
        if len(classes) < 2:
            raise ConfigError(f"labels must be of two classes or more: all {n_texts} are {classes[0].item()!r}")
        return targets.astype(np.int64), classes
    numbers = {label: number for number, label in enumerate(known.tolist())}
    for place, label in enumerate(array.tolist()):
        if label not in numbers:
            raise ConfigError(f"labels must be among {_shown(known)}: label {place} is {label!r}, which was not there in training")
    return np.array([numbers[label] for label in array.tolist()], np.int64), known


def class_weights(given: Mapping[Any, float] | str | None, targets: Indices, classes: npt.NDArray[Any]) -> Weights | None:
    """(n,) float32, the weight of each example; None where none were given.

    Raises
    ------
    ConfigError
        neither "balanced" nor weights of at least 0 by label.
    """
    if given is None:
        return None
    if isinstance(given, Mapping):
        by_number, numbers = {}, {label: place for place, label in enumerate(classes.tolist())}
        for label, weight in given.items():
            if label not in numbers:
                raise ConfigError(f"class_weight must be given for labels that there are, {_shown(classes)}: received {label!r}")
            by_number[numbers[label]] = checks.number(
                f"class_weight of {label!r}", weight, "a number of at least 0", lambda weight: weight >= 0
            )
        given = by_number
    elif given != "balanced":
        raise ConfigError(f"class_weight must be balanced or map labels to weights: received {given!r}")
    weighting: Any = import_extra("sklearn.utils.class_weight", "keras", "class weights")
    return np.asarray(weighting.compute_sample_weight(given, targets), np.float32)


def _label_array(labels: list[Any]) -> npt.NDArray[Any]:
    for number, label in enumerate(labels):
        if isinstance(label, list | tuple | set | dict) or getattr(label, "ndim", 0) > 0:
            raise ConfigError(
                f"a label must be one text, number or truth value; of one-hot rows take argmax: label {number} is {label!r}"[:200]
            )
        if label is None or label != label or (isinstance(label, str) and not label.strip()):
            raise ConfigError(f"every text needs a label: label {number} is {label!r}")
        if isinstance(label, str) != isinstance(labels[0], str):
            raise ConfigError(f"labels must be of one kind: label 0 is {labels[0]!r}, label {number} is {label!r}")
    array = np.array(labels) if labels else np.empty(0, np.int64)
    if array.ndim != 1 or array.dtype.kind not in _KINDS_OF_LABELS:
        raise ConfigError(f"labels must be texts, numbers or truth values, one for each text: received {labels[:2]!r}"[:200])
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise ConfigError(f"labels must be finite: label {np.flatnonzero(~np.isfinite(array))[0]} is not")
    for number, (label, stored) in enumerate(zip(labels, array.tolist(), strict=True)):
        if label != stored:
            raise ConfigError(
                f"labels must be numbers of one kind, or texts without NUL at their end: label {number} would be changed, {label!r}"
            )
    return array


def _shown(classes: npt.NDArray[Any]) -> str:
    shown = ", ".join(map(repr, classes[:10].tolist()))
    return shown + (", …" if len(classes) > 10 else "")
