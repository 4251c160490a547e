"""Vector code emitted from Python: what LLVM cannot be trusted to find in a scalar loop is written down lane by lane.

numba compiles a loop over a row with the vector width and the order of operations that LLVM guesses; measured, plain loops reach a
quarter of the machine's multiply-adds. Here `Emitter` writes `<lanes x float>` operations through llvmlite's builder
while numba compiles the calling kernel, so the result is still one function, cached and portable: LLVM lowers the same operations
to AVX-512, AVX2, SSE or NEON.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.registry import cpu_target
from numba.extending import intrinsic

from w2v.training.kernel.layout import CACHE_LINE

F32, I8, I32, I64 = ir.FloatType(), ir.IntType(8), ir.IntType(32), ir.IntType(64)


@dataclass(frozen=True)
class Machine:
    """What the code generator needs to know of the CPU that numba compiles for."""

    lanes: int  # float32 in a vector register
    registers: int  # vector registers
    fma: bool  # fused multiply-add in hardware; without it llvm.fma becomes a library call for each lane


@functools.cache
def host() -> Machine:
    """The machine of numba's CPU target, `NUMBA_CPU_NAME` and `NUMBA_CPU_FEATURES` respected."""
    triple, _, features = cpu_target.target_context.codegen().magic_tuple()
    if triple.startswith(("aarch64", "arm64")):
        return Machine(lanes=4, registers=32, fma=True)
    has = {feature[1:] for feature in features.split(",") if feature.startswith("+")}
    if "avx512f" in has:
        return Machine(lanes=16, registers=32, fma=True)
    return Machine(lanes=8 if "avx" in has else 4, registers=16, fma="fma" in has)


class Emitter:
    """Vector operations over an llvmlite builder, `lanes` floats at a time (None: as many as a register holds)."""

    def __init__(self, builder: ir.IRBuilder, machine: Machine, lanes: int | None = None) -> None:
        self.builder = builder
        self.machine = machine
        self.lanes = lanes or machine.lanes
        self.vector = ir.VectorType(F32, self.lanes)
        self.integers = ir.VectorType(I32, self.lanes)

    def splat(self, x: float) -> ir.Constant:
        return ir.Constant(self.vector, [x] * self.lanes)

    def at(self, pointer: Any, index: Any) -> Any:
        """Address of element `index` (a Python or an LLVM integer)."""
        return self.builder.gep(pointer, [ir.Constant(I64, index) if isinstance(index, int) else index])

    def load(self, pointer: Any) -> Any:
        return self.builder.load(pointer, typ=self.vector, align=4)

    def store(self, value: Any, pointer: Any) -> None:
        self.builder.store(value, self.builder.bitcast(pointer, self.vector.as_pointer()), align=4)

    def variable(self) -> Any:
        """A vector that loops may change: LLVM keeps it in a register."""
        slot = cgutils.alloca_once(self.builder, self.vector)
        self.builder.store(self.splat(0.0), slot)
        return slot

    def widen(self, x: Any, lanes: int) -> Any:
        """A vector of `lanes` whose first lanes are x's, the others zero."""
        index = [*range(self.lanes), *[self.lanes] * (lanes - self.lanes)]
        kind = ir.VectorType(I32, lanes)
        return self.builder.shuffle_vector(x, self.splat(0.0), ir.Constant(kind, index))

    def multiply_add(self, x: Any, y: Any, z: Any) -> Any:
        """x * y + z, rounded once where the machine can."""
        if not self.machine.fma:
            return self.builder.fadd(self.builder.fmul(x, y), z)
        kind = ir.FunctionType(self.vector, [self.vector] * 3)  # llvmlite's declare_intrinsic fails on vectors
        function = cgutils.get_or_insert_function(self.builder.module, kind, f"llvm.fma.v{self.lanes}f32")
        return self.builder.call(function, [x, y, z])

    def broadcast(self, scalar: Any) -> Any:
        undefined = ir.Constant(self.vector, ir.Undefined)
        one = self.builder.insert_element(undefined, scalar, ir.Constant(I32, 0))
        return self.builder.shuffle_vector(one, undefined, ir.Constant(self.integers, [0] * self.lanes))

    def loop(self, count: Any) -> Any:
        """A context manager that emits a loop over 0..count - 1; its value's `.index` is the counter."""
        return cgutils.for_range(self.builder, ir.Constant(I64, count) if isinstance(count, int) else count, intp=I64)

    def sum_each(self, vectors: Sequence[Any]) -> Any:
        """`lanes` vectors -> one vector; lane l is the sum over the lanes of vector l (where that is None: anything finite).

        A butterfly: each step halves the number of vectors and the lanes that belong to one sum, log2(lanes) steps in all
        instead of one horizontal sum for each vector.
        """
        step = self.lanes // 2
        while step:
            half = len(vectors) // 2
            vectors = [self._fold(vectors[i], vectors[i + half], step) for i in range(half)]
            step //= 2
        return vectors[0]

    def _fold(self, x: Any, y: Any, step: int) -> Any:
        shuffle = self.builder.shuffle_vector
        if x is None:
            return None
        if y is None:  # nobody reads y's lanes: let them double x's
            other = ir.Constant(self.integers, [lane ^ step for lane in range(self.lanes)])
            return self.builder.fadd(x, shuffle(x, x, other))
        low = [(lane & ~step) + (self.lanes if lane & step else 0) for lane in range(self.lanes)]
        high = [lane + step for lane in low]
        return self.builder.fadd(shuffle(x, y, ir.Constant(self.integers, low)), shuffle(x, y, ir.Constant(self.integers, high)))

    def clamp(self, x: Any, low: float, high: float) -> Any:
        """x between two bounds; a comparison and a selection become one vminps or vmaxps. NaN becomes a bound: check before."""
        b = self.builder
        x = b.select(b.fcmp_ordered("<", x, self.splat(high)), x, self.splat(high))
        return b.select(b.fcmp_ordered(">", x, self.splat(low)), x, self.splat(low))

    def sigmoid(self, x: Any) -> Any:
        """1 / (1 + exp(-x)) for -20 <= x <= 20, relative error below 3e-7.

        exp(-x) = 2**n * 2**f with n integer and |f| <= 1/2: adding 1.5 * 2**23 rounds -x / ln 2 to n and leaves n in the low bits,
        which a shift moves into the exponent; a polynomial of degree 5 gives 2**f.
        """
        b = self.builder
        t = b.fmul(x, self.splat(-1.4426950408889634))
        magic = self.splat(12582912.0)
        rounded = b.fadd(t, magic)
        f = b.fsub(t, b.fsub(rounded, magic))
        power = self.splat(1.3333558e-3)
        for coefficient in (9.6181291e-3, 5.5504109e-2, 2.4022651e-1, 6.9314718e-1, 1.0):
            power = self.multiply_add(power, f, self.splat(coefficient))
        exponent = b.shl(b.bitcast(rounded, self.integers), ir.Constant(self.integers, [23] * self.lanes))
        exponential = b.bitcast(b.add(b.bitcast(power, self.integers), exponent), self.vector)
        return b.fdiv(self.splat(1.0), b.fadd(exponential, self.splat(1.0)))


@intrinsic  # type: ignore[untyped-decorator]
def prefetch_row(typing_context: Any, array: Any, offset: Any, threaded: Any, dim: Any) -> Any:
    """Ask for the row of `dim` (a literal integer) floats at element `offset` to be brought near.

    threaded : bool, whether to take it from all other cores for writing, at once instead of at the first write. Among threads that is
        3 % faster, and 20 % where their cores share no cache; one thread alone is 3 % faster without.
    """
    if not isinstance(dim, types.IntegerLiteral):
        return None
    signature = types.void(array, types.intp, types.boolean, dim)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        emitter = Emitter(builder, host())
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        kind = ir.FunctionType(ir.VoidType(), [I8.as_pointer(), I32, I32, I32])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        row = emitter.at(data, arguments[1])
        keep_near, is_data = ir.Constant(I32, 3), ir.Constant(I32, 1)
        with builder.if_else(arguments[2]) as branches:
            for branch, write in zip(branches, (1, 0), strict=True):
                with branch:
                    for column in range(0, dim.literal_value, CACHE_LINE):
                        line = builder.bitcast(emitter.at(row, column), I8.as_pointer())
                        builder.call(prefetch, [line, ir.Constant(I32, write), keep_near, is_data])
        return context.get_dummy_value()

    return signature, codegen
