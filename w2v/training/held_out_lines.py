"""Lines that are kept from training, so that the loss on them can be measured: chosen at random by the seed."""

import bisect

import numpy as np

from w2v.corpus.encoded_corpus import Ids, Offsets
from w2v.errors import CorpusError
from w2v.training.kernel.held_out import NOTHING, HeldOut, list_held_out
from w2v.training.kernel.random import stream_key

_CHOICE = 5  # the purpose of a random stream, see `stream_key`
_LONGEST_STRETCH, _SHORTEST_STRETCH, _FEWEST_STRETCHES = 1000, 50, 10
_MOST_COUNTED = 1 << 20  # lines, in which counting exactly what is held out takes a tenth of a second
_MOST_TOKENS = 1 << 18  # to measure on: enough for three digits of the loss, in a fraction of a second
_NO_ROOM = np.empty(0, np.int64)


def choose_held_out(sentence_offsets: Offsets, fraction: float, seed: int, *, whole_lines: bool) -> HeldOut:
    """What to keep from training: about `fraction` of the tokens, in lines at random.

    A line of over 1,000 tokens gives stretches, so that a text of one line has a held-out part as well; in a small text
    these are shorter, that there are ten. No window reaches from what is trained on into a stretch.

    Parameters
    ----------
    whole_lines : long lines are not cut

    Raises
    ------
    CorpusError
        nothing would be left to train on.
    """
    if not fraction:
        return NOTHING
    n_tokens = int(sentence_offsets[-1])
    goal = fraction * n_tokens
    stretch = n_tokens if whole_lines else min(_LONGEST_STRETCH, max(_SHORTEST_STRETCH, int(goal) // _FEWEST_STRETCHES))
    key = np.uint64(stream_key(seed, _CHOICE))

    def chosen(below: int) -> HeldOut:
        return HeldOut(key, np.uint64(below << 32), stretch)

    below = int(fraction * 2**32)
    if len(sentence_offsets) + n_tokens // stretch <= _MOST_COUNTED:  # of few lines, exactly so many that they suffice
        below = bisect.bisect_left(range(2**32 - 1), goal, key=lambda below: count_held_out(sentence_offsets, chosen(below))[1])
    held_out = chosen(below)
    if count_held_out(sentence_offsets, held_out)[1] == n_tokens:
        raise CorpusError(f"to hold some lines out a text must have several: all {n_tokens:,} tokens would be held out, give more text")
    return held_out


def count_held_out(sentence_offsets: Offsets, held_out: HeldOut) -> tuple[int, int]:
    """Number of lines (or stretches) that are held out, and of their tokens."""
    n, n_tokens = list_held_out(sentence_offsets, held_out, 1, _NO_ROOM, _NO_ROOM)
    return int(n), int(n_tokens)


def held_out_text(tokens: Ids, sentence_offsets: Offsets, held_out: HeldOut) -> tuple[Ids, Offsets]:
    """Tokens and sentence offsets of what is held out, or of every n-th part of it where that is enough to measure on."""
    n, n_tokens = count_held_out(sentence_offsets, held_out)
    every = max(1, n_tokens // _MOST_TOKENS)
    starts, stops = (np.zeros(-(-n // every), np.int64) for _ in range(2))
    list_held_out(sentence_offsets, held_out, every, starts, stops)
    parts = [tokens[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    return np.concatenate([np.empty(0, np.int32), *parts]), np.concatenate(([0], np.cumsum(stops - starts)))
