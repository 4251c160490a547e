"""What the card is given to read: launches of several spans, cut into stretches, with the borders of sentences marked in the tokens."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from w2v.jit import jit
from w2v.training.kernel.held_out import piece_at
from w2v.training.kernel.subsampling import sentence_at
from w2v.training.plan import Plan

_BEGINS = np.int32(-2147483648)
_HELD_OUT = np.int32(0x7FFFFFFF)
_MOST_LAUNCH_TOKENS = 1 << 25  # 128 MB of ids, a fifteenth of a second: so long Ctrl-C waits
_LEAST_STRETCH = 1024  # tokens
# Windows reach over what subsampling drops: so many tokens before and behind a launch, times the window, are looked through for contexts.
_MARGIN_OF_WINDOW, _LEAST_MARGIN = 64, 1024


@dataclass(frozen=True)
class Launch:
    """Spans [first, end) of an epoch, trained at once: tokens [start, stop) of the corpus in stretches.

    Attributes
    ----------
    starts : (n_stretches + 1,) int64, where stretches begin, and `stop`
    staged_start, staged_stop : what the card is given, with a margin for the windows at the borders
    """

    first: int
    end: int
    start: int
    stop: int
    starts: npt.NDArray[np.int64]
    staged_start: int
    staged_stop: int

    @property
    def n_stretches(self) -> int:
        return len(self.starts) - 1

    @property
    def n_staged(self) -> int:
        return self.staged_stop - self.staged_start


@dataclass(frozen=True)
class LaunchSizes:
    """Most spans of a launch, and what the card must have room for: tokens with their margins, stretches, and tokens of a stretch."""

    spans: int
    staged: int
    stretches: int
    room: int


def margin(plan: Plan) -> int:
    """Tokens before and behind a launch that the card is given as well."""
    return max(_LEAST_MARGIN, _MARGIN_OF_WINDOW * plan.window)


def launch_sizes(plan: Plan, n_warps: int, most_tokens: int = _MOST_LAUNCH_TOKENS) -> LaunchSizes:
    """How large the launches of a training are, at most `most_tokens`, or one span."""
    spans = max(1, min(plan.n_spans, most_tokens // plan.span_tokens))
    tokens = min(plan.n_tokens, spans * plan.span_tokens)
    # any launch, also a short one, has stretches of at most so many tokens
    longest = max(-(-tokens // n_warps), min(tokens, 2 * _LEAST_STRETCH)) + 1
    return LaunchSizes(spans, min(plan.n_tokens, tokens + 2 * margin(plan)), n_warps, longest + 2 * plan.window)


def plan_launches(plan: Plan, first: int, sizes: LaunchSizes) -> list[tuple[int, int]]:
    """The spans of each launch, from span `first` of an epoch to its end: as few launches as can be, of one size."""
    left = plan.n_spans - first
    n = -(-left // sizes.spans)
    borders = [first + left * i // n for i in range(n + 1)] if n else []
    return list(pairwise(borders))


def cut_launch(plan: Plan, first: int, end: int, sizes: LaunchSizes) -> Launch:
    """A launch of the spans [first, end), cut into as many stretches as there are warps, fewer where it is short."""
    start, stop = plan.span(first)[0], plan.span(end - 1)[1]
    n = max(1, min(sizes.stretches, (stop - start) // _LEAST_STRETCH))
    starts = start + (stop - start) * np.arange(n + 1, dtype=np.int64) // n
    extra = margin(plan)
    return Launch(first, end, start, stop, starts, max(0, start - extra), min(plan.n_tokens, stop + extra))


@jit()
def stage(tokens, sentence_offsets, held_out, start, stop, staged):  # type: ignore[no-untyped-def]
    """Write tokens [start, stop) of a corpus as the card takes them.

    Parameters
    ----------
    tokens, sentence_offsets, held_out : as `kernel.subsampling.Text` has them
    staged : int32, receives words; the sign is set where a piece of text begins that no window reaches across, and what is held out
        has all other bits set
    """
    staged[: stop - start] = tokens[start:stop]
    sentence = sentence_at(sentence_offsets, start)
    position = start
    while position < stop:
        first, end, is_held_out = piece_at(sentence_offsets, sentence, position, held_out)
        last = min(end, stop)
        if is_held_out:
            staged[position - start : last - start] = _HELD_OUT
        elif first == position:
            staged[position - start] |= _BEGINS
        position = last
        if position == sentence_offsets[sentence + 1]:
            sentence += 1
