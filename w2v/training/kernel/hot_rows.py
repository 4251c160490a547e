"""Private rows for the most frequent words, so that threads do not fight for them.

Three hundred words are a quarter of all negatives. Shared, their rows are mostly in another core's cache, changed: to fetch them from
there and to take them away for writing costs each of two threads an eighth of its time, and more than half of it where their
cores share no cache. So every thread works on rows of its own for these words, and merges each with the shared one after a
number of uses:

    shared += private - base                               what this thread has changed since its last merge
    private = base = shared                                and what the others have

No update is averaged away, and fewer are lost than on shared rows (Hogwild); other threads see them a little later. One thread alone
needs none of this, and its results do not depend on it. All rows are element offsets from the first element of a matrix, also those
of private rows, which are in an array of their own: private row w lies `shift` behind shared row w, its base `end` further.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from w2v.jit import jit
from w2v.training.kernel.layout import aligned_zeros, row_stride
from w2v.training.kernel.simd import I64, Emitter, host

# Times that all threads together use a row before they see each other's changes, 64 each for two: with 32 each they are 1-2 % slower,
# with 128 no faster. Had each thread so many, the steps of many threads would add up to one that is too long.
MOST_USES = 128


class PrivateRows(NamedTuple):
    """What `train_span` takes of `HotRows`.

    threaded : there are other threads
    end : rows before it are hot
    most_uses : of a row between two merges
    shift_in, shift_out : from a shared row of inputs and of outputs to its private one
    uses_in, uses_out : int64 for each hot word, since its last merge
    """

    threaded: Any
    end: Any
    most_uses: Any
    shift_in: Any
    uses_in: Any
    shift_out: Any
    uses_out: Any


class HotRows:
    """What one of `threads` threads needs for its private rows of the first `n_hot` words, in both matrices."""

    def __init__(self, n_hot: int, dim: int, threads: int) -> None:
        self._threads, self._end = threads, n_hot * row_stride(dim)
        self._inputs, self._outputs = aligned_zeros(2 * self._end), aligned_zeros(2 * self._end)  # private rows, then their bases
        self._uses_in, self._uses_out = aligned_zeros(n_hot, np.int64), aligned_zeros(n_hot, np.int64)

    def beside(self, inputs: npt.NDArray[np.float32], outputs: npt.NDArray[np.float32]) -> PrivateRows:
        """Where they lie from these matrices. Shifts are addresses: both matrices and this object must outlive their use."""
        shifts = [(private.ctypes.data - shared.ctypes.data) // 4 for private, shared in ((self._inputs, inputs), (self._outputs, outputs))]
        return PrivateRows(self._threads > 1, self._end, MOST_USES // self._threads, shifts[0], self._uses_in, shifts[1], self._uses_out)


@intrinsic  # type: ignore[untyped-decorator]
def use_row(typing_context: Any, matrix: Any, row: Any, times: Any, end: Any, most_uses: Any, shift: Any, uses: Any, dim: Any) -> Any:
    """The row to work on for a word that will be used about `times` times; a private one is merged first when it is due.

    An intrinsic, since numba counts references to arrays around calls, and threads fight for these counters as for the rows.

    matrix : float32, flat
    row : intp, shared row
    end : intp, rows before it are hot
    most_uses, uses : a row is merged when it would have more uses since its last merge; uses: int64 for each hot word
    shift : intp, from a shared row to its private one
    dim : literal integer
    """
    if not isinstance(dim, types.IntegerLiteral):
        return None
    signature = types.intp(matrix, types.intp, types.intp, types.intp, types.intp, types.intp, uses, dim)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        b, emit = builder, Emitter(builder, host())
        data, counts = (context.make_array(signature.args[i])(context, b, arguments[i]).data for i in (0, 6))
        _, row, times, end, most_uses, shift, _, _ = arguments
        chosen = cgutils.alloca_once_value(b, row)
        with b.if_then(b.icmp_signed("<", row, end)):
            count = emit.at(counts, b.udiv(row, ir.Constant(I64, row_stride(dim.literal_value))))
            n = b.add(b.load(count), times)
            is_due = b.icmp_signed(">", n, most_uses)
            b.store(b.select(is_due, times, n), count)
            private = b.add(row, shift)
            b.store(private, chosen)
            with b.if_then(is_due, likely=False):
                _merge(emit, data, row, private, b.add(private, end), dim.literal_value)
        return b.load(chosen)

    return signature, codegen


@intrinsic  # type: ignore[untyped-decorator]
def _merge_row(typing_context: Any, matrix: Any, row: Any, end: Any, shift: Any, dim: Any) -> Any:
    if not isinstance(dim, types.IntegerLiteral):
        return None
    signature = types.void(matrix, types.intp, types.intp, types.intp, dim)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        _, row, end, shift, _ = arguments
        private = builder.add(row, shift)
        _merge(Emitter(builder, host()), data, row, private, builder.add(private, end), dim.literal_value)
        return context.get_dummy_value()

    return signature, codegen


@jit()
def merge_all(matrix, end, shift, uses, dim):  # type: ignore[no-untyped-def]
    """Merge every private row: before a span to see what the others did, after it to leave nothing behind."""
    for row in range(0, end, row_stride(dim)):
        _merge_row(matrix, row, end, shift, dim)
    uses[:] = 0


def _merge(emit: Emitter, data: Any, row: Any, private: Any, base: Any, dim: int) -> None:
    b = emit.builder
    for column in range(0, dim, emit.lanes):  # the last vector reaches into the padding, zeros
        shared, mine, old = (emit.at(data, b.add(offset, ir.Constant(I64, column))) for offset in (row, private, base))
        merged = b.fadd(emit.load(shared), b.fsub(emit.load(mine), emit.load(old)))
        for pointer in (shared, mine, old):
            emit.store(merged, pointer)
