"""The arrangement by t-SNE, kept in the folder of the model: the second look at the same map begins with it."""

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from w2v.storage import MANIFEST, atomic_file

FILE = "explorer-map.json"

Coordinates = dict[str, list[int]]


class KeptArrangement:
    """One arrangement a model, of the latest settings; another model in the folder or other settings make it void.

    Parameters
    ----------
    model : a model directory; of any other file nothing is kept, and neither is in a folder that cannot be written
    settings : what the arrangement depends on beside the model, as JSON has it
    """

    def __init__(self, model: Path, settings: dict[str, Any]) -> None:
        self._path = model / FILE
        self._key: str | None = None
        with contextlib.suppress(OSError):  # no manifest: nothing tells whether the vectors are still the same
            manifest = (model / MANIFEST).read_bytes()
            self._key = hashlib.sha256(manifest + json.dumps(settings, sort_keys=True).encode()).hexdigest()

    def read(self, n_words: int, largest: int) -> Coordinates | None:
        """The coordinates of `n_words` words, from -`largest` to `largest`; None where there are none of this model and these settings."""
        try:
            kept = json.loads(self._path.read_bytes())
            if self._key is None or kept["key"] != self._key:
                return None
            points = {axis: np.array(kept[axis]) for axis in "xy"}
        except (OSError, ValueError, TypeError, KeyError):  # absent, or not written by us
            return None
        for values in points.values():
            if values.shape != (n_words,) or values.dtype != np.int64 or np.abs(values).max() > largest:
                return None
        return {axis: values.tolist() for axis, values in points.items()}

    def write(self, points: Coordinates) -> None:
        """Keep an arrangement, where that is possible."""
        if self._key is None or not os.access(self._path.parent, os.W_OK):
            return
        with contextlib.suppress(OSError), atomic_file(self._path) as file:  # a full disk takes nothing from who looks at the map
            file.write(json.dumps({"key": self._key, **points}).encode())
