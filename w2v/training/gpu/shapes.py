"""Which kernel a training takes on a card, and how its rows lie in a warp's registers: pure functions of the sizes.

A warp's 32 lanes share a row: each holds `lane_columns` floats of it, in pieces of four, two and one that lie side by side, so that a piece
is read by one instruction of 128, 64 or 32 bits a lane. Rows are padded to 32 columns, or 128 bytes, the unit of the card's memory.
"""

from __future__ import annotations

from dataclasses import dataclass

from w2v.errors import ConfigError

LANES = 32
MOST_RING_WINDOW = 16  # twice this is the part of a window that is updated at once, as on the CPU
_WARPS_OF_BLOCK = 4
_SHARED_OF_BLOCK = 48 * 1024  # bytes, what every card gives without being asked for more
# Floats of a thread that rows may take: of 255 registers the rest is for addresses, counters and what the compiler wants.
_ROW_REGISTERS = 208
_TWELVE_WARPS = 80  # row registers of the default shape, of whose warps twelve fit
_MOST_GROUP = 8  # targets of the general kernel at a time: three rounds of the butterfly


@dataclass(frozen=True)
class KernelShape:
    """Sizes that a kernel is compiled for.

    Attributes
    ----------
    dim, window, negatives : of the training
    in_ring : contexts wait in a ring in shared memory until no window reaches them; else each change is added at once
    group : targets that the registers hold at a time
    ahead : the next window's targets are read while this one's are trained
    warps : of a block
    """

    dim: int
    window: int
    negatives: int
    in_ring: bool
    group: int
    ahead: bool
    warps: int

    @property
    def lane_columns(self) -> int:
        return -(-self.dim // LANES)

    @property
    def stride(self) -> int:
        """Floats of a row in the card's memory."""
        return LANES * self.lane_columns

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """(first column of a piece for all lanes, floats of it a lane), together `lane_columns`."""
        pieces, column, left = [], 0, self.lane_columns
        for width in (4, 2, 1):
            while left >= width:
                pieces.append((column, width))
                column, left = column + LANES * width, left - width
        return tuple(pieces)

    @property
    def n_targets(self) -> int:
        return self.negatives + 1

    @property
    def n_groups(self) -> int:
        return -(-self.n_targets // self.group)

    @property
    def lanes_per_target(self) -> int:
        """Lanes that end up with one target's logit: lane l has that of target l // lanes_per_target."""
        return LANES >> (self.group - 1).bit_length()

    @property
    def slots(self) -> int:
        """Rows of a ring."""
        return 2 * self.window + 1

    @property
    def ring_floats(self) -> int:
        """Floats of shared memory of a warp: each row as it was read and as it is now."""
        return 2 * self.slots * self.stride if self.in_ring else 0

    @property
    def least_blocks(self) -> int:
        """Blocks that a multiprocessor must hold at once: twelve warps of up to 168 registers, eight where rows take more."""
        return max(1, (12 if (3 * self.n_targets + 2) * self.lane_columns <= _TWELVE_WARPS else 8) // self.warps)

    @property
    def draws_of_warp(self) -> int:
        """Windows whose negatives a warp draws at once, a lane each."""
        return max(1, LANES // self.negatives)


def choose_shape(dim: int, window: int, negatives: int) -> KernelShape:
    """The fastest kernel for these sizes: the ring where its rows fit into shared memory and its targets into registers."""
    columns, n_targets = -(-dim // LANES), negatives + 1
    ring_bytes = 2 * (2 * window + 1) * LANES * columns * 4
    # targets, their gradients, one context, and the context that enters next; the targets of the next window
    held, ahead = (2 * n_targets + 2) * columns, n_targets * columns
    if window <= MOST_RING_WINDOW and ring_bytes <= _SHARED_OF_BLOCK and n_targets <= LANES and held <= _ROW_REGISTERS:
        warps = max(1, min(_WARPS_OF_BLOCK, _SHARED_OF_BLOCK // ring_bytes))
        return KernelShape(dim, window, negatives, True, n_targets, held + ahead <= _ROW_REGISTERS, warps)
    group = max(1, min(n_targets, _MOST_GROUP, (_ROW_REGISTERS // columns - 2) // 2))
    return KernelShape(dim, window, negatives, False, group, False, _WARPS_OF_BLOCK)


def refuse_long_sessions(longest: int, window: int) -> None:
    """Sessions of which the CPU draws a sample are beyond the card's kernels.

    Raises
    ------
    ConfigError
        with the length.
    """
    if longest > window + 1:
        raise ConfigError(
            f"device cuda trains sessions of up to {window + 1:,} items, the longest has {longest:,}: "
            'cut sessions (session_gap), give a window in numbers, or use device="cpu"'
        )
