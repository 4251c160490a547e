"""What the lanes of a warp draw, from the very hashes of the CPU, and small arithmetic that both kernels of training share."""

import numpy as np
from numba import cuda

from w2v.training.gpu.instructions import sigmoid, softplus
from w2v.training.kernel import random
from w2v.training.kernel.random import GOLDEN
from w2v.training.kernel.window import CLAMP

WORD = np.int32(0x7FFFFFFF)  # the bits of a token that say which word it is; the sign says that a piece of text begins with it
_U, _F = np.uint64, np.float32
_CLAMP = _F(CLAMP)

mix = cuda.jit(device=True, inline="always")(random.mix.py_func)


@cuda.jit(device=True, inline="always")
def position_hash(key, position):  # type: ignore[no-untyped-def]
    """As `kernel.random.position_hash`."""
    return mix(key + GOLDEN * _U(position))


@cuda.jit(device=True, inline="always")
def draw_negative(state, number, alias):  # type: ignore[no-untyped-def]
    """Draw `number` of a stream, from 0: the word that `kernel.span.draw_negatives` comes to after so many others."""
    bits = mix(state + GOLDEN * _U(number + 1))
    column = ((bits >> _U(32)) * _U(alias.shape[0])) >> _U(32)
    entry = alias[column]
    word = column if (bits & _U(0xFFFFFFFF)) <= (entry >> _U(32)) else entry & _U(0xFFFFFFFF)
    return np.int32(word)


@cuda.jit(device=True, inline="always")
def error_of(label, logit):  # type: ignore[no-untyped-def]
    """label - sigmoid(logit)."""
    return label - sigmoid(min(max(logit, -_CLAMP), _CLAMP))


@cuda.jit(device=True, inline="always")
def loss_of(label, logit):  # type: ignore[no-untyped-def]
    """-log s(logit) of the center, -log s(-logit) of a negative; not finite where the logit is not."""
    return softplus(-logit if label > _F(0.0) else logit)


@cuda.jit(device=True, inline="always")
def piece_end(kept, base, seen, furthest):  # type: ignore[no-untyped-def]
    """First index from `seen` on, at most `furthest` + 1, with which another piece begins; what is seen once is not looked at again."""
    while seen <= furthest and kept[base + seen] >= 0:
        seen += 1
    return seen
