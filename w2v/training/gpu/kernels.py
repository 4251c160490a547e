"""The kernels of a training, made once for each shape, and the types of what they take."""

from __future__ import annotations

import functools
from typing import Any

from w2v.training.gpu.general_kernel import make_general_kernel
from w2v.training.gpu.lane_vectors import make_lane_vectors
from w2v.training.gpu.ring_kernel import make_ring_kernel
from w2v.training.gpu.shapes import KernelShape

_VECTOR_ADDITIONS = (9, 0)  # compute capability from which a card adds 128 bits at once


@functools.cache
def training_kernel(shape: KernelShape, capability: tuple[int, ...]) -> Any:
    """The kernel that trains a shape on a card of that compute capability; compiled for `training_types`."""
    vectors = make_lane_vectors(shape, vector_additions=capability >= _VECTOR_ADDITIONS)
    return make_ring_kernel(shape, vectors) if shape.in_ring else make_general_kernel(shape, vectors)


def subsampling_types() -> tuple[Any, ...]:
    """What `subsample_stretches` takes."""
    from numba.cuda import types as t

    tokens, starts, keep, radii = (_array(kind) for kind in (t.int32, t.int64, t.uint32, t.int16))
    borders = _array(t.int32, 2)
    return tokens, t.int64, t.int64, starts, t.int64, keep, t.int64, t.boolean, t.uint64, tokens, radii, borders


def training_types() -> tuple[Any, ...]:
    """What a training kernel takes."""
    from numba.cuda import types as t

    kept, radii, borders, starts = _array(t.int32), _array(t.int16), _array(t.int32, 2), _array(t.int64)
    rows = [_array(t.float32)] * 4  # both matrices, and the scales of both
    return kept, radii, borders, starts, t.int64, _array(t.uint64), t.uint64, *rows, t.float32, t.float32, t.float32, _array(t.float64, 2)


def _array(kind: Any, n_dimensions: int = 1) -> Any:
    from numba.cuda import types

    return types.Array(kind, n_dimensions, "C")
