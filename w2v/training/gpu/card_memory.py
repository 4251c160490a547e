"""What a training keeps on the card: both matrices, tables by word, and for two launches the text."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.training.gpu.ring_kernel import N_STATISTICS
from w2v.training.gpu.shapes import KernelShape
from w2v.training.gpu.staging import LaunchSizes
from w2v.training.gpu.subsample_kernel import N_BORDERS
from w2v.training.model import Model

_BLOCK_FLOATS = 1 << 22  # of a matrix at a time between host and card


def bytes_besides_matrices(n_words: int, sizes: LaunchSizes) -> int:
    """Bytes of the tables by word and of the text."""
    by_word = 4 + 8 + 4 + 4  # keep, alias, two scales
    by_stretch = sizes.room * (4 + 2) + 4 * N_BORDERS + 8 * N_STATISTICS + 8
    return n_words * by_word + 2 * 4 * sizes.staged + 2 * sizes.stretches * by_stretch


class CardMatrices:
    """The model's matrices on the card, whose rows are padded to 32 columns."""

    def __init__(self, cuda: Any, model: Model, shape: KernelShape) -> None:
        self._model, self._stride = model, shape.stride
        self.inputs, self.outputs = (cuda.device_array(model.n_words * shape.stride, np.float32) for _ in range(2))
        self._rows = max(1, _BLOCK_FLOATS // shape.stride)
        self._block: npt.NDArray[np.float32] = cuda.pinned_array(self._rows * shape.stride, np.float32)
        self._block[:] = 0

    def upload(self) -> None:
        """The card gets what the host has."""
        for card, host in self._pairs():
            for row in range(0, len(host), self._rows):
                rows = host[row : row + self._rows]
                block = self._block[: len(rows) * self._stride]
                block.reshape(len(rows), self._stride)[:, : rows.shape[1]] = rows
                card[row * self._stride : row * self._stride + len(block)].copy_to_device(block)

    def download(self) -> None:
        """The host gets what the card has."""
        for card, host in self._pairs():
            for row in range(0, len(host), self._rows):
                rows = host[row : row + self._rows]
                block = self._block[: len(rows) * self._stride]
                card[row * self._stride : row * self._stride + len(block)].copy_to_host(block)
                rows[:] = block.reshape(len(rows), self._stride)[:, : rows.shape[1]]
        self._block[:] = 0  # the padding of an upload

    def _pairs(self) -> list[tuple[Any, npt.NDArray[np.float32]]]:
        return [(self.inputs, self._model.input_vectors), (self.outputs, self._model.output_vectors)]


class LaunchMemory:
    """What one launch needs on host and card; two take turns, so that one is filled while the other is trained."""

    def __init__(self, cuda: Any, sizes: LaunchSizes) -> None:
        n = sizes.stretches
        self.host_tokens: npt.NDArray[np.int32] = cuda.pinned_array(sizes.staged, np.int32)
        self.host_starts: npt.NDArray[np.int64] = cuda.pinned_array(n + 1, np.int64)
        self.host_borders: npt.NDArray[np.int32] = cuda.pinned_array((n, N_BORDERS), np.int32)
        self.host_statistics: npt.NDArray[np.float64] = cuda.pinned_array((n, N_STATISTICS), np.float64)
        self.tokens, self.starts = cuda.device_array(sizes.staged, np.int32), cuda.device_array(n + 1, np.int64)
        self.kept, self.radii = cuda.device_array(n * sizes.room, np.int32), cuda.device_array(n * sizes.room, np.int16)
        self.borders, self.statistics = cuda.device_array((n, N_BORDERS), np.int32), cuda.device_array((n, N_STATISTICS), np.float64)
        self.began, self.trained = cuda.event(), cuda.event()
        self.copied = cuda.event(timing=False)
