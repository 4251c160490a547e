"""One window update: every context of a center against the same targets, as two blocks of small matrix products.

The plain version, for contexts x_c (rows of the input matrix) and targets t_k (rows of the output matrix; k = 0 is the center,
the others are negatives), Mikolov et al. 2013, equation 4:

    for c, k:  g[c, k] = rate_k * (label_k - sigmoid(x_c . t_k + bias))   label_0 = 1, the others 0
    for c:     x_c += sum_k g[c, k] * t_k                                  from the old t_k
    for k:     t_k += sum_c g[c, k] * x_c                                  from the old x_c

word2vec.c walks this pair by pair and reads every row from memory again for each. What makes it fast here:

1. All targets are shared by the contexts of a window (pWord2Vec, Ji et al. 2016), so a row that is loaded serves many
   multiply-adds: pass A keeps a tile of contexts x targets of sums in registers.
2. Logits leave the registers `lanes` at a time: a butterfly of shuffles sums that many accumulators into one vector, and the sigmoid
   runs on whole vectors, without a table, a gather or a branch.
3. Pass B holds the old targets and their gradients of two columns in registers while it walks the contexts, and reads each
   context's column once to update both sides.
4. Sizes are literals, so every loop over targets and lanes is unrolled when the code is generated.

Both passes read old values, whatever the tiles. One exception, of the second order in the learning rate: where a word stands twice
among the contexts, its second row may already carry the first one's change.
"""

from dataclasses import dataclass
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from w2v.training.kernel.simd import I64, Emitter, Machine, host

CLAMP = 20.0  # the sigmoid is 1 - 2e-9 there; beyond, float32 has nothing to add


@dataclass(frozen=True)
class Tiles:
    """How one window update is cut to fit a machine's registers.

    slots : floats that one context takes in `steps` and `logits`, at least n_targets
    contexts : contexts of a tile of pass A; the list of contexts must be readable up to a multiple of it
    columns : vectors of a row that pass B holds at a time
    targets : targets that pass B holds at a time
    """

    slots: int
    contexts: int
    columns: int
    targets: int


def tiles(n_targets: int, machine: Machine) -> Tiles:
    """Cut a window update with `n_targets` targets for `machine`."""
    lanes, registers = machine.lanes, machine.registers
    slots = 1 << (n_targets - 1).bit_length()
    if slots >= lanes:
        slots = -(-n_targets // lanes) * lanes
        contexts = 2 if 2 * n_targets + 3 <= registers else 1
    else:
        contexts = lanes // slots
    columns = 2 if 2 * (2 * n_targets + 2) + 1 <= registers else 1
    return Tiles(slots, contexts, columns, min(n_targets, (registers - 3) // 2))


def host_tiles(n_targets: int) -> Tiles:
    """`tiles` for the machine that numba compiles for."""
    return tiles(n_targets, host())


@intrinsic  # type: ignore[untyped-decorator]
def window_update(
    typing_context: Any,
    inputs: Any,
    outputs: Any,
    contexts: Any,
    n_contexts: Any,
    targets: Any,
    dropped: Any,
    rate: Any,
    bias: Any,
    logits: Any,
    steps: Any,
    dim: Any,
    n_targets: Any,
) -> Any:
    """Update the rows of one window in place; not atomic: threads may lose each other's updates (Hogwild, Recht et al. 2011).

    inputs, outputs : float32, flat matrices; rows padded with zeros to whole cache lines
    contexts, targets : intp, element offsets of rows; contexts readable up to a multiple of `Tiles.contexts`
    dropped : uint64, bit k set: negative k (target k + 1) takes no part
    rate, bias : float32, learning rate, and what is added to each x_c . t_k
    logits, steps : float32 scratch of `Tiles.slots` a context, whole tiles; `logits` receives the raw x_c . t_k
    dim, n_targets : literal integers
    """
    if not (isinstance(dim, types.IntegerLiteral) and isinstance(n_targets, types.IntegerLiteral)):
        return None
    numbers = types.uint64, types.float32, types.float32
    signature = types.void(inputs, outputs, contexts, types.intp, targets, *numbers, logits, steps, dim, n_targets)

    def codegen(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def data(i: int) -> Any:
            return context.make_array(signature.args[i])(context, builder, arguments[i]).data

        window = _Window(builder, dim.literal_value, n_targets.literal_value)
        window.inputs, window.contexts, window.n_contexts = data(0), data(2), arguments[3]
        window.logits, window.steps = data(8), data(9)
        window.targets = [window.emit.at(data(1), builder.load(window.emit.at(data(4), k))) for k in range(window.n_targets)]
        window.pass_a(*arguments[5:8])
        window.pass_b()
        return context.get_dummy_value()

    return signature, codegen


class _Window:
    """Emits the two passes."""

    inputs: Any
    contexts: Any
    n_contexts: Any
    targets: list[Any]
    logits: Any
    steps: Any

    def __init__(self, builder: ir.IRBuilder, dim: int, n_targets: int) -> None:
        self.builder = builder
        self.emit = Emitter(builder, host())
        self.lanes = self.emit.lanes
        self.n_targets = n_targets
        self.tiles = host_tiles(n_targets)
        # A rest of at most half a vector is done in a narrower one: 100 floats cost 6.5 vectors of 16, not 7.
        rest = dim % self.lanes
        narrow = next((lanes for lanes in (4, 8) if 0 < rest <= lanes < self.lanes), None)
        self.narrow = Emitter(builder, host(), narrow) if narrow else None
        self.n_columns = dim // self.lanes if narrow else -(-dim // self.lanes)

    def _context_row(self, index: Any) -> Any:
        return self.emit.at(self.inputs, self.builder.load(self.emit.at(self.contexts, index)))

    def _column(self, index: Any, offset: int = 0) -> Any:
        """First element of vector `index` + offset of a row."""
        b = self.builder
        return b.mul(b.add(index, ir.Constant(I64, offset)), ir.Constant(I64, self.lanes))

    # -- pass A: logits and steps ------------------------------------------------------------------------------------

    def pass_a(self, dropped: Any, rate: Any, bias: Any) -> None:
        b, tile = self.builder, self.tiles
        per_tile = ir.Constant(I64, tile.contexts)
        n_tiles = b.sdiv(b.add(self.n_contexts, ir.Constant(I64, tile.contexts - 1)), per_tile)
        with self.emit.loop(n_tiles) as loop:
            first = b.mul(loop.index, per_tile)
            rows = [self._context_row(b.add(first, ir.Constant(I64, j))) for j in range(tile.contexts)]
            slot = b.mul(first, ir.Constant(I64, tile.slots))
            if tile.contexts * self.n_targets + tile.contexts + 1 <= self.emit.machine.registers:
                sums = [self._dot_products(rows, self.targets)]
            else:  # one context at a time, as many targets as one vector of logits has lanes
                chunks = [self.targets[k : k + self.lanes] for k in range(0, self.n_targets, self.lanes)]
                sums = [self._dot_products(rows, chunk) for chunk in chunks]
            multiple = min(tile.slots, self.lanes)
            padded = [vector for chunk in sums for row in chunk for vector in row + [None] * (-len(row) % multiple)]
            for i in range(0, len(padded), self.lanes):
                self.emit.store(self.emit.sum_each(padded[i : i + self.lanes]), self.emit.at(self.logits, b.add(slot, ir.Constant(I64, i))))
        self._steps(n_tiles, dropped, rate, bias)

    def _steps(self, n_tiles: Any, dropped: Any, rate: Any, bias: Any) -> None:
        """logits -> steps, in a loop of its own: one sigmoid waits for itself most of the time, several overlap."""
        b, emit, tile = self.builder, self.emit, self.tiles
        rates, shift = self._rates(dropped, rate), emit.broadcast(bias)
        with emit.loop(n_tiles) as loop:
            slot = b.mul(loop.index, ir.Constant(I64, tile.contexts * tile.slots))
            for i in range(0, tile.contexts * tile.slots, self.lanes):
                here = b.add(slot, ir.Constant(I64, i))
                is_center = [1.0 if (i + lane) % tile.slots == 0 else 0.0 for lane in range(self.lanes)]
                logits = emit.clamp(b.fadd(emit.load(emit.at(self.logits, here)), shift), -CLAMP, CLAMP)
                error = b.fsub(ir.Constant(emit.vector, is_center), emit.sigmoid(logits))
                emit.store(b.fmul(error, rates[i % max(tile.slots, self.lanes)]), emit.at(self.steps, here))

    def _dot_products(self, rows: list[Any], targets: list[Any]) -> list[list[Any]]:
        """[context][target] -> vector of partial sums, after a loop over the columns."""
        emit = self.emit
        slots = [[emit.variable() for _ in targets] for _ in rows]
        if self.narrow is not None:
            narrow, column = self.narrow, self._column(ir.Constant(I64, self.n_columns))
            x = [narrow.load(emit.at(row, column)) for row in rows]
            for k, target in enumerate(targets):
                t = narrow.load(emit.at(target, column))
                for j in range(len(rows)):
                    self.builder.store(narrow.widen(self.builder.fmul(x[j], t), self.lanes), slots[j][k])
        with emit.loop(self.n_columns) as loop:
            column = self._column(loop.index)
            x = [emit.load(emit.at(row, column)) for row in rows]
            for k, target in enumerate(targets):
                t = emit.load(emit.at(target, column))
                for j in range(len(rows)):
                    self.builder.store(emit.multiply_add(x[j], t, self.builder.load(slots[j][k])), slots[j][k])
        return [[self.builder.load(slot) for slot in row] for row in slots]

    def _rates(self, dropped: Any, rate: Any) -> dict[int, Any]:
        """First slot of each vector of logits -> learning rate by lane, 0 for dropped negatives."""
        b, lanes, slots = self.builder, self.lanes, self.tiles.slots
        spread = self.emit.broadcast(rate)
        wide = ir.IntType(max(128, slots * 2))
        bits = b.shl(b.zext(dropped, wide), ir.Constant(wide, 1))  # slot 0 is the center
        rates = {}
        for first in range(0, max(slots, lanes), lanes):
            part = b.lshr(bits, ir.Constant(wide, first))
            for copies in range(1, max(1, lanes // slots)):  # several contexts in one vector: the same bits for each
                part = b.or_(part, b.shl(bits, ir.Constant(wide, copies * slots)))
            mask = b.bitcast(b.trunc(part, ir.IntType(lanes)), ir.VectorType(ir.IntType(1), lanes))
            rates[first] = b.select(mask, self.emit.splat(0.0), spread)
        return rates

    # -- pass B: both updates from the old values --------------------------------------------------------------------

    def pass_b(self) -> None:
        b, width = self.builder, self.tiles.columns
        update = self._update_columns if self.tiles.targets == self.n_targets else self._update_by_target_tiles
        with self.emit.loop(self.n_columns // width) as loop:
            first = b.mul(loop.index, ir.Constant(I64, width))
            update(self.emit, [self._column(first, i) for i in range(width)])
        for column in range(self.n_columns // width * width, self.n_columns):
            update(self.emit, [self._column(ir.Constant(I64, column))])
        if self.narrow is not None:
            update(self.narrow, [self._column(ir.Constant(I64, self.n_columns))])

    def _update_columns(self, emit: Emitter, columns: list[Any]) -> None:
        b = self.builder
        old = [[emit.load(emit.at(row, column)) for row in self.targets] for column in columns]
        gradients = [[emit.variable() for _ in self.targets] for _ in columns]
        with emit.loop(self.n_contexts) as loop:
            row = self._context_row(loop.index)
            x = [emit.load(emit.at(row, column)) for column in columns]
            new = list(x)
            for k in range(self.n_targets):
                step = self._step(emit, loop.index, k)
                for i in range(len(columns)):
                    new[i] = emit.multiply_add(step, old[i][k], new[i])
                    b.store(emit.multiply_add(step, x[i], b.load(gradients[i][k])), gradients[i][k])
            for value, column in zip(new, columns, strict=True):
                emit.store(value, emit.at(row, column))
        for i, column in enumerate(columns):
            self._add_to_targets(emit, [b.load(gradient) for gradient in gradients[i]], column)

    def _step(self, emit: Emitter, context: Any, k: int) -> Any:
        b = self.builder
        slot = b.add(b.mul(context, ir.Constant(I64, self.tiles.slots)), ir.Constant(I64, k))
        return emit.broadcast(b.load(emit.at(self.steps, slot)))

    def _add_to_targets(self, emit: Emitter, gradients: list[Any], column: Any) -> None:
        """One target after the other, each read again: two negatives may be the same row."""
        for target, gradient in zip(self.targets, gradients, strict=True):
            pointer = emit.at(target, column)
            emit.store(self.builder.fadd(emit.load(pointer), gradient), pointer)

    def _update_by_target_tiles(self, emit: Emitter, columns: list[Any]) -> None:
        """Pass B for more targets than the registers hold: one tile of targets after the other.

        All gradients of a column are finished before any row changes, so every tile reads old values. Then the contexts change, tile by
        tile from the old targets, and the targets last.
        """
        b, n = self.builder, self.n_targets
        parts = [range(k, min(n, k + self.tiles.targets)) for k in range(0, n, self.tiles.targets)]
        for column in columns:
            gradients = [emit.variable() for _ in range(n)]
            for part in parts:
                sums = [emit.variable() for _ in part]
                with emit.loop(self.n_contexts) as loop:
                    x = emit.load(emit.at(self._context_row(loop.index), column))
                    for slot, k in zip(sums, part, strict=True):
                        b.store(emit.multiply_add(self._step(emit, loop.index, k), x, b.load(slot)), slot)
                for slot, k in zip(sums, part, strict=True):
                    b.store(b.load(slot), gradients[k])
            for part in parts:
                old = [emit.load(emit.at(self.targets[k], column)) for k in part]
                with emit.loop(self.n_contexts) as loop:
                    pointer = emit.at(self._context_row(loop.index), column)
                    x = emit.load(pointer)
                    for value, k in zip(old, part, strict=True):
                        x = emit.multiply_add(self._step(emit, loop.index, k), value, x)
                    emit.store(x, pointer)
            self._add_to_targets(emit, [b.load(gradient) for gradient in gradients], column)
