"""Rows of matrices as values of a kernel: each lane of a warp holds its columns of a row in registers.

numba would keep an array of a thread in local memory wherever a loop over it is not unrolled. Here rows are tuples and the loops over their
columns run while the code is generated, as on the CPU (kernel/simd.py). A row is `lane_columns` floats, rows are `group` of them.

Here are the card's own instructions: 128-bit loads, shuffles, additions in memory whose result nobody waits for. For numba's simulator
`tests/training/gpu/fake_card.py` has the same functions in Python.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir

from w2v.training.gpu.shapes import LANES, KernelShape

_F32, _I32, _I64 = ir.FloatType(), ir.IntType(32), ir.IntType(64)
_GLOBAL, _SHARED = 1, 3  # address spaces
_ALL_LANES = ir.Constant(_I32, 0xFFFFFFFF)
_FROM_LANE, _BUTTERFLY = 0, 3  # modes of a shuffle


class LaneVectors(NamedTuple):
    """The functions of one shape.

    load_row : (matrix, start, lane) -> row; start counts floats
    load_rows : (matrix, word, lane) -> rows, of the words that the lanes of each target hold
    load_shared, store_shared : (ring, start, lane), and (ring, start, lane, row)
    add_row : (matrix, start, lane, scale, changed, old) adds scale * (changed - old)
    add_rows : (matrix, word, scale, lane, rows) adds the lanes' scale * rows, a target each
    zero_row, zero_rows : () -> zeros
    dot_products : (row, rows, lane) -> the logit of the lane's target
    update : (row, rows, gradients, step) -> row + sum of step * rows, gradients + step * row, with the lanes' steps
    """

    load_row: Any
    load_rows: Any
    load_shared: Any
    store_shared: Any
    add_row: Any
    add_rows: Any
    zero_row: Any
    zero_rows: Any
    dot_products: Any
    update: Any


def make_lane_vectors(shape: KernelShape, vector_additions: bool) -> LaneVectors:
    """Make the functions for a shape.

    Parameters
    ----------
    vector_additions : the card adds 128 bits at once (compute capability 9.0 and later)
    """
    from numba.cuda import types
    from numba.cuda.extending import intrinsic

    pieces, n_columns, group, spread = shape.pieces, shape.lane_columns, shape.group, shape.lanes_per_target
    row_type = types.UniTuple(types.float32, n_columns)
    rows_type = types.UniTuple(row_type, group)
    i32, i64, f32 = types.int32, types.int64, types.float32

    def target_lane(k: int) -> ir.Constant:
        return ir.Constant(_I32, k * spread)

    def row_starts(builder: Any, word: Any) -> list[Any]:
        stride = ir.Constant(_I64, shape.stride)
        return [builder.mul(builder.sext(_shuffle(builder, _FROM_LANE, word, target_lane(k)), _I64), stride) for k in range(group)]

    def read(builder: Any, data: Any, start: Any, lane: Any, space: int) -> list[Any]:
        values = []
        for column, width in pieces:
            pointer = _piece(builder, data, start, lane, column, width, space)
            vector = builder.load(builder.bitcast(pointer, ir.PointerType(ir.VectorType(_F32, width), space)), align=4 * width)
            values += [builder.extract_element(vector, ir.Constant(_I32, j)) for j in range(width)]
        return values

    def add(builder: Any, data: Any, start: Any, lane: Any, values: list[Any]) -> None:
        at = 0
        for column, width in pieces:
            pointer = _piece(builder, data, start, lane, column, width, _GLOBAL)
            if vector_additions:
                _add_vector(builder, pointer, values[at : at + width])
            else:
                for j in range(width):
                    _add_vector(builder, builder.gep(pointer, [ir.Constant(_I32, j)]), values[at + j : at + j + 1])
            at += width

    def pack(context: Any, builder: Any, rows: list[list[Any]]) -> Any:
        return context.make_tuple(builder, rows_type, [context.make_tuple(builder, row_type, row) for row in rows])

    @intrinsic  # type: ignore[untyped-decorator]
    def load_row(typing_context: Any, matrix: Any, start: Any, lane: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = _data(context, builder, signature, arguments)
            return context.make_tuple(builder, row_type, read(builder, data, arguments[1], arguments[2], _GLOBAL))

        return row_type(matrix, i64, i32), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def load_rows(typing_context: Any, matrix: Any, word: Any, lane: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = _data(context, builder, signature, arguments)
            return pack(
                context, builder, [read(builder, data, start, arguments[2], _GLOBAL) for start in row_starts(builder, arguments[1])]
            )

        return rows_type(matrix, i32, i32), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def load_shared(typing_context: Any, ring: Any, start: Any, lane: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = _data(context, builder, signature, arguments)
            return context.make_tuple(builder, row_type, read(builder, data, arguments[1], arguments[2], _SHARED))

        return row_type(ring, i32, i32), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def store_shared(typing_context: Any, ring: Any, start: Any, lane: Any, row: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data, values, at = _data(context, builder, signature, arguments), _values(builder, arguments[3]), 0
            for column, width in pieces:
                vector = ir.Constant(ir.VectorType(_F32, width), ir.Undefined)
                for j in range(width):
                    vector = builder.insert_element(vector, values[at + j], ir.Constant(_I32, j))
                pointer = _piece(builder, data, arguments[1], arguments[2], column, width, _SHARED)
                builder.store(vector, builder.bitcast(pointer, ir.PointerType(vector.type, _SHARED)), align=4 * width)
                at += width
            return context.get_dummy_value()

        return types.void(ring, i32, i32, row_type), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def add_row(typing_context: Any, matrix: Any, start: Any, lane: Any, scale: Any, changed: Any, old: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = _data(context, builder, signature, arguments)
            pairs = zip(_values(builder, arguments[4]), _values(builder, arguments[5]), strict=True)
            changes = [builder.fmul(arguments[3], builder.fsub(new, before)) for new, before in pairs]
            add(builder, data, arguments[1], arguments[2], changes)
            return context.get_dummy_value()

        return types.void(matrix, i64, i32, f32, row_type, row_type), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def add_rows(typing_context: Any, matrix: Any, word: Any, scale: Any, lane: Any, rows: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = _data(context, builder, signature, arguments)
            for k, (start, row) in enumerate(zip(row_starts(builder, arguments[1]), _values(builder, arguments[4]), strict=True)):
                factor = _shuffle(builder, _FROM_LANE, arguments[2], target_lane(k))
                add(builder, data, start, arguments[3], [builder.fmul(factor, value) for value in _values(builder, row)])
            return context.get_dummy_value()

        return types.void(matrix, i32, f32, i32, rows_type), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def zero_row(typing_context: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return context.make_tuple(builder, row_type, [ir.Constant(_F32, 0.0)] * n_columns)

        return row_type(), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def zero_rows(typing_context: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return pack(context, builder, [[ir.Constant(_F32, 0.0)] * n_columns] * group)

        return rows_type(), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def dot_products(typing_context: Any, row: Any, rows: Any, lane: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            x = _values(builder, arguments[0])
            sums = []
            for target in _values(builder, arguments[1]):
                t = _values(builder, target)
                total = builder.fmul(x[0], t[0])
                for j in range(1, n_columns):
                    total = builder.fma(x[j], t[j], total)
                sums.append(total)
            return _sum_over_lanes(builder, sums, arguments[2])

        return f32(row_type, rows_type, i32), codegen

    @intrinsic  # type: ignore[untyped-decorator]
    def update(typing_context: Any, row: Any, rows: Any, gradients: Any, step: Any) -> Any:
        both = types.Tuple((row_type, rows_type))

        def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            old = _values(builder, arguments[0])
            new, changed = list(old), []
            targets = [_values(builder, target) for target in _values(builder, arguments[1])]
            for k, gradient in enumerate(_values(builder, arguments[2])):
                s = _shuffle(builder, _FROM_LANE, arguments[3], target_lane(k))
                new = [builder.fma(s, t, value) for t, value in zip(targets[k], new, strict=True)]
                changed.append([builder.fma(s, x, value) for x, value in zip(old, _values(builder, gradient), strict=True)])
            return context.make_tuple(builder, both, [context.make_tuple(builder, row_type, new), pack(context, builder, changed)])

        return both(row_type, rows_type, rows_type, f32), codegen

    return LaneVectors(
        load_row, load_rows, load_shared, store_shared, add_row, add_rows, zero_row, zero_rows, dot_products, update
    )  # fmt: skip


def _data(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Address of the first element of the array that is the first argument."""
    return context.make_array(signature.args[0])(context, builder, arguments[0]).data


def _values(builder: Any, aggregate: Any) -> list[Any]:
    return [builder.extract_value(aggregate, i) for i in range(aggregate.type.count)]


def _piece(builder: Any, data: Any, start: Any, lane: Any, column: int, width: int, space: int) -> Any:
    """Address of a lane's piece of the row that begins `start` floats behind `data`."""
    lane = builder.sext(lane, _I64)
    start = start if start.type == _I64 else builder.sext(start, _I64)
    offset = builder.add(builder.mul(lane, ir.Constant(_I64, width)), ir.Constant(_I64, column))
    pointer = builder.gep(data, [builder.add(start, offset)])
    return builder.addrspacecast(pointer, ir.PointerType(_F32, space))


def _shuffle(builder: Any, mode: int, value: Any, lane: Any) -> Any:
    """What another lane holds: lane number `lane`, or with `_BUTTERFLY` the one whose number differs in the bits of `lane`."""
    from numba.cuda import cgutils

    kind = ir.FunctionType(ir.LiteralStructType((_I32, ir.IntType(1))), (_I32,) * 5)
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.nvvm.shfl.sync.i32")
    bits = value if value.type == _I32 else builder.bitcast(value, _I32)
    found = builder.call(function, (_ALL_LANES, ir.Constant(_I32, mode), bits, lane, ir.Constant(_I32, LANES - 1)))
    found = builder.extract_value(found, 0)
    return found if value.type == _I32 else builder.bitcast(found, value.type)


def _sum_over_lanes(builder: Any, sums: list[Any], lane: Any) -> Any:
    """A butterfly: of `sums` each lane ends with one, summed over all lanes; six sums take nine shuffles instead of thirty."""
    half, values = LANES // 2, [*sums, *[None] * ((1 << (len(sums) - 1).bit_length()) - len(sums))]
    while len(values) > 1:
        upper = builder.icmp_signed("!=", builder.and_(lane, ir.Constant(_I32, half)), ir.Constant(_I32, 0))
        zero, middle = ir.Constant(_F32, 0.0), len(values) // 2
        merged = []
        for low, high in zip(values[:middle], values[middle:], strict=True):
            low, high = low if low is not None else zero, high if high is not None else zero
            given = _shuffle(builder, _BUTTERFLY, builder.select(upper, low, high), ir.Constant(_I32, half))
            merged.append(builder.fadd(builder.select(upper, high, low), given))
        values, half = merged, half // 2
    total = values[0]
    while half:
        total = builder.fadd(total, _shuffle(builder, _BUTTERFLY, total, ir.Constant(_I32, half)))
        half //= 2
    return total


def _add_vector(builder: Any, pointer: Any, values: list[Any]) -> None:
    """``memory += values``, whose result nobody reads: the lane goes on at once. Plain stores would wait, and be three times slower."""
    width = len(values)
    kind = ir.FunctionType(ir.VoidType(), [pointer.type] + [_F32] * width)
    names = ", ".join(f"${i + 1}" for i in range(width))
    text = f"red.global.add.v{width}.f32 [$0], {{{names}}};" if width > 1 else "red.global.add.f32 [$0], $1;"
    code = ir.InlineAsm(kind, text, ",".join(["l", *["f"] * width, "~{memory}"]), side_effect=True)
    builder.call(code, [pointer, *values])
