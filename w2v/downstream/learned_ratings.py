"""What a recommender has learned: four tables, from which ratings follow without Keras, and their directory on disk.

RECOMMENDER/
├── manifest.json                              the recommender's options, mean and range of the ratings; size and sha256 of each file
├── user_vectors.npy, item_vectors.npy         (n_users, dim) and (n_items, dim) float32
├── user_biases.npy, item_biases.npy           (n_users, 1) and (n_items, 1) float32
└── rated.npy                                  int64, user * n_items + item of each pair that was rated, rising
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError
from w2v.npy import NpyWriter, map_matrix, map_npy, write_matrix
from w2v.storage import atomic_directory, existing_directory, read_manifest, verify_files, write_manifest

Floats = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]

KIND = "w2v recommender"
VERSION = 1
TABLES = ("user_vectors", "item_vectors", "user_biases", "item_biases")
_RATED = "rated.npy"
_NUMBERS = ("mean", "low", "high")


@dataclass(frozen=True)
class LearnedRatings:
    """Mean, lowest and highest of the ratings, the four tables, and which pairs were rated; shapes as above."""

    mean: float
    low: float
    high: float
    user_vectors: Floats
    item_vectors: Floats
    user_biases: Floats
    item_biases: Floats
    rated: Ids

    def expected(self, users: Ids, items: Ids) -> Floats:
        """mean + b_u + b_i + p_u . q_i for each pair, (n,) float32."""
        products = np.einsum("nd,nd->n", self.user_vectors[users], self.item_vectors[items])
        return np.asarray(self.mean + self.user_biases[users, 0] + self.item_biases[items, 0] + products, np.float32)

    def limited(self, ratings: Floats) -> Floats:
        """Ratings within the range of those that were learned from."""
        return np.clip(ratings, np.float32(self.low), np.float32(self.high))

    def items_rated_by(self, user: int) -> Ids:
        """Numbers of the items, rising."""
        n_items = len(self.item_vectors)
        first, last = np.searchsorted(self.rated, [user * n_items, (user + 1) * n_items])
        return np.asarray(self.rated[first:last] - user * n_items)


def write_ratings(path: Path, learned: LearnedRatings, options: dict[str, Any], overwrite: bool) -> None:
    """Write the directory, whole or not at all.

    Raises
    ------
    OutputError
        `path` exists and may not be replaced, or the disk is full.
    """
    with atomic_directory(path, overwrite=overwrite, kind=KIND) as folder:
        for name in TABLES:
            write_matrix(folder / f"{name}.npy", getattr(learned, name))
        with NpyWriter(folder / _RATED, np.int64) as file:
            file.write(learned.rated)
        numbers = {name: getattr(learned, name) for name in _NUMBERS}
        write_manifest(folder, KIND, VERSION, {"options": options, **numbers, "n_rated": len(learned.rated)})


def read_ratings(path: Path) -> tuple[LearnedRatings, dict[str, Any]]:
    """What `write_ratings` wrote, the tables memory-mapped, and the options.

    Raises
    ------
    FormatError
        no such directory, one of a newer version, or a damaged one.
    """
    folder = existing_directory(path)
    manifest = read_manifest(folder, KIND, VERSION)
    verify_files(folder, manifest)
    try:
        options = dict(manifest["options"])
        rows = {"user": int(options["n_users"]), "item": int(options["n_items"])}
        widths = {"vectors": int(options["dim"]), "biases": 1}
        values: dict[str, Any] = {name: float(manifest[name]) for name in _NUMBERS}
        n_rated = int(manifest["n_rated"])
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{folder} is damaged: its manifest lacks what a recommender needs ({error})") from None
    if not all(map(math.isfinite, values.values())):
        raise FormatError(f"{folder} is damaged: mean and range of its ratings must be finite")
    for name in TABLES:
        who, _, what = name.partition("_")
        values[name] = map_matrix(folder / f"{name}.npy", (rows[who], widths[what]))
    return LearnedRatings(**values, rated=map_npy(folder / _RATED, np.int64, (n_rated,))), options
