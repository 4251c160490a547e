"""The machine's own limit: how many fused multiply-adds it does when nothing else is in the way."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from w2v.jit import jit
from w2v.training.kernel.simd import Emitter, host

_CHAINS = 12  # independent sums: more than latency x throughput of any machine, fewer than its registers
_ROUNDS = 2_000_000


@intrinsic  # type: ignore[untyped-decorator]
def _multiply_adds(typing_context: Any, rounds: Any) -> Any:
    """`rounds` times one multiply-add on each of `_CHAINS` vectors; returns a sum so that nothing is optimised away."""
    signature = types.float32(types.intp)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emit = Emitter(builder, host())
        scalar = builder.sitofp(arguments[0], ir.FloatType())
        factor = emit.broadcast(builder.fdiv(ir.Constant(ir.FloatType(), 1.0), scalar))
        chains = [emit.variable() for _ in range(_CHAINS)]
        with emit.loop(arguments[0]):
            for chain in chains:
                builder.store(emit.multiply_add(builder.load(chain), factor, factor), chain)
        total = builder.load(chains[0])
        for chain in chains[1:]:
            total = builder.fadd(total, builder.load(chain))
        return builder.extract_element(total, ir.Constant(ir.IntType(32), 0))

    return signature, codegen


@jit()
def _spin(rounds):  # type: ignore[no-untyped-def]
    return _multiply_adds(rounds)


def peak_gflops(threads: int = 1) -> float:
    """10**9 float32 operations a second that `threads` threads reach with multiply-adds on registers alone (a multiply-add is two)."""
    _spin(1000)
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(_spin, [_ROUNDS] * threads))
    seconds = time.perf_counter() - began
    return 2 * host().lanes * _CHAINS * _ROUNDS * threads / seconds / 1e9
