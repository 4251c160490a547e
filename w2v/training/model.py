"""Both matrices of skip-gram: input vectors (the word vectors) and output vectors (what contexts predict with)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError
from w2v.jit import jit
from w2v.machine import available_memory
from w2v.training.kernel.layout import aligned_zeros, row_stride
from w2v.training.kernel.random import GOLDEN, mix, stream_key

_START = 3  # the purpose of a random stream, see `stream_key`
_BLOCK_ROWS = 1 << 14
WORDS_WIDTH, ITEMS_WIDTH = 0.5, 2.0


class Model:
    """Two (n_words, dim) float32 matrices whose rows start on cache lines, padded with zeros.

    Attributes
    ----------
    inputs, outputs : (n_words * stride,) float32, flat and padded, as the kernels take them
    input_vectors, output_vectors : (n_words, dim) float32 views without the padding
    """

    def __init__(self, n_words: int, dim: int) -> None:
        """Allocate zeros; the system gives the memory when a row is first touched.

        Raises
        ------
        ConfigError
            the matrices are larger than the memory that is free now.
        """
        self.n_words, self.dim = n_words, dim
        self.stride = row_stride(dim)
        needed, free = 2 * 4 * n_words * self.stride, available_memory()
        if free is not None and needed > free:
            raise ConfigError(
                f"a model of {n_words:,} words and dim {dim} needs {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB of memory are free: "
                "a smaller dim=, a higher min_count or a max_vocabulary need less"
            )
        self.inputs = aligned_zeros(n_words * self.stride)
        self.outputs = aligned_zeros(n_words * self.stride)

    @classmethod
    def start(cls, n_words: int, dim: int, seed: int, width: float = WORDS_WIDTH) -> Model:
        """Input vectors uniform in (-width, width) / dim, output vectors zero; `start_width` says which width."""
        model = cls(n_words, dim)
        _fill_uniform(model.inputs, n_words, dim, model.stride, width, np.uint64(stream_key(seed, _START)))
        return model

    @property
    def input_vectors(self) -> npt.NDArray[np.float32]:
        return self.inputs.reshape(self.n_words, self.stride)[:, : self.dim]

    @property
    def output_vectors(self) -> npt.NDArray[np.float32]:
        return self.outputs.reshape(self.n_words, self.stride)[:, : self.dim]

    def is_finite(self) -> bool:
        """No NaN and no infinity in either matrix."""
        rows = range(0, self.n_words, _BLOCK_ROWS)
        matrices = (self.input_vectors, self.output_vectors)
        return all(bool(np.isfinite(matrix[row : row + _BLOCK_ROWS]).all()) for matrix in matrices for row in rows)


def start_width(tokenizer: str) -> float:
    """How wide input vectors start: word2vec.c's width for words, four times as wide for items (gensim: 1 for both).

    All begin at a saddle, where no vector tells words apart, and a wider start leaves it sooner. That shows where there is little to train
    on, as among items (docs/evaluate-next.md). On 17 million words WordSim-353 gains 0.015 from it and SimLex-999 loses 0.002.
    """
    return ITEMS_WIDTH if tokenizer == "items" else WORDS_WIDTH


@jit()
def _fill_uniform(matrix, n_words, dim, stride, width, key):  # type: ignore[no-untyped-def]
    """Two numbers of 24 bits from each hash of (row, pair of columns); the loop over pairs becomes vector code."""
    scale, half = np.float32(2.0 * width / (16777216.0 * dim)), np.float32(width / dim)
    n_pairs = (dim + 1) // 2
    for row in range(n_words):
        line = matrix[row * stride : row * stride + dim]
        first = key + GOLDEN * np.uint64(row * n_pairs)
        for pair in range(dim // 2):
            bits = mix(first + GOLDEN * np.uint64(pair))
            line[2 * pair] = np.float32(np.int32(bits >> np.uint64(40))) * scale - half
            line[2 * pair + 1] = np.float32(np.int32(bits >> np.uint64(8) & np.uint64(0xFFFFFF))) * scale - half
        if dim % 2:
            bits = mix(first + GOLDEN * np.uint64(n_pairs - 1))
            line[dim - 1] = np.float32(np.int32(bits >> np.uint64(40))) * scale - half
