"""Ids that an embedding layer has rows for."""

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer
from w2v.errors import ConfigError, IdError


def check_ids(ids: npt.ArrayLike, layer: Any) -> None:
    """Refuse ids that a layer has no row for.

    Keras does not look: on jax an id that is too large becomes a row of NaN and -1 the last row, without a word.

    Parameters
    ----------
    ids : of any shape, ``(n_texts, length)`` as a rule
    layer : a ``keras.layers.Embedding``, or its `input_dim`

    Raises
    ------
    IdError
        an id below 0 or not below `input_dim`, or something that is no integer: names the first one and its place.
    ConfigError
        `layer` is neither.

    Examples
    --------
    >>> check_ids([[4, 20], [7, 50]], 50)
    Traceback (most recent call last):
    ...
    w2v.errors.IdError: ids must be from 0 to 49, as the layer has 50 rows: found 50 in row 1, column 1
    """
    try:
        input_dim = integer("input_dim", getattr(layer, "input_dim", layer))
    except ConfigError:
        raise ConfigError(f"layer must be an Embedding layer or its input_dim: received {layer!r}") from None
    try:
        array = np.asarray(ids)
    except ValueError:
        raise IdError("ids must be an array, with rows of the same length: pad them with pad_sequences") from None
    if not array.size:
        return
    if array.dtype.kind not in "iu":
        raise IdError(f"ids must be integers: found {array.flat[0]!r} in {_place((0,) * array.ndim)}, dtype {array.dtype}")
    wrong = (array < 0) | (array >= input_dim)
    if wrong.any():
        first = np.unravel_index(int(wrong.argmax()), wrong.shape)
        found = f"found {array[first]} in {_place(first)}"
        raise IdError(f"ids must be from 0 to {input_dim - 1}, as the layer has {input_dim} rows: {found}")


def _place(index: tuple[Any, ...]) -> str:
    if len(index) == 2:
        return f"row {index[0]}, column {index[1]}"
    return f"place {', '.join(str(int(number)) for number in index)}"
