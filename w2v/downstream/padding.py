"""Sequences of several lengths as one array."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, one_of
from w2v.errors import ConfigError

ENDS = ("pre", "post")


def pad_sequences(
    sequences: Sequence[Any],
    maxlen: int | None = None,
    dtype: npt.DTypeLike = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0,
) -> npt.NDArray[Any]:
    """What ``keras.utils.pad_sequences`` does, without Keras.

    Parameters
    ----------
    sequences : lists or arrays, each of its own length; their elements may be arrays of one shape
    maxlen : length of each row; None: that of the longest sequence
    padding : where shorter ones are filled up with `value`, before (pre) or behind (post)
    truncating : where longer ones lose elements

    Returns
    -------
    (len(sequences), maxlen, ...) of `dtype`

    Raises
    ------
    ConfigError
        `padding` or `truncating` is neither pre nor post, `maxlen` is no integer of at least 1, or elements do not fit each other or
        `dtype` (Keras cuts 1.7 to 1 and wraps 2**40 around): with the number of the sequence.

    Examples
    --------
    >>> pad_sequences([[6, 2], [4, 3, 9, 1, 7]], maxlen=4, padding="post")
    array([[6, 2, 0, 0],
           [3, 9, 1, 7]], dtype=int32)
    """
    one_of("padding", padding, ENDS)
    one_of("truncating", truncating, ENDS)
    rows = [_as_sequence(sequence, number) for number, sequence in enumerate(sequences)]
    length = max(map(len, rows), default=0) if maxlen is None else integer("maxlen", maxlen)
    shape = next((np.shape(next(iter(row))) for row in rows if len(row)), ())
    padded = np.full((len(rows), length, *shape), _fitting(value, dtype, f"value must fit {dtype}: received {value!r}"))
    for number, row in enumerate(rows):
        if not len(row):
            continue
        kept = row[-length:] if truncating == "pre" else row[:length]
        kept = _fitting(kept, padded.dtype, f"elements must fit {dtype}: sequence {number} does not")
        if kept.shape[1:] != shape:
            raise ConfigError(f"elements must all have the shape {shape}: sequence {number} has {kept.shape[1:]}")
        if padding == "pre":
            padded[number, -len(kept) :] = kept
        else:
            padded[number, : len(kept)] = kept
    return padded


def _as_sequence(sequence: Any, number: int) -> Any:
    if isinstance(sequence, str | Mapping) or not (hasattr(sequence, "__len__") and hasattr(sequence, "__getitem__")):
        raise ConfigError(f"sequences must be lists or arrays: sequence {number} is {sequence!r}"[:200])
    return sequence


def _fitting(given: Any, dtype: npt.DTypeLike, refusal: str) -> npt.NDArray[Any]:
    """`given` as an array of `dtype`; nothing but a float is rounded."""
    try:
        before = np.asarray(given, object if np.dtype(dtype) == object else None)
        with np.errstate(invalid="raise", over="raise"):
            fitting = before.astype(dtype)
    except (TypeError, ValueError, OverflowError, FloatingPointError) as error:
        raise ConfigError(f"{refusal} ({error})") from None
    if fitting.dtype.kind in "biuSU" and (before != fitting).any():
        raise ConfigError(f"{refusal}: it would be changed")
    return fitting
