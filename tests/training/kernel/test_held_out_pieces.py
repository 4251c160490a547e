"""What is held out: no window is made of it, and none reaches into it."""

from itertools import pairwise

import naive
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels import run_subsample

from w2v.training.kernel.held_out import HeldOut, list_held_out, piece_at
from w2v.training.sampling import keep_thresholds


def plain_pieces(offsets, key, below, stretch):
    """[(first, end, is held out)]: units of each line, neighbors of one kind joined."""
    pieces = []
    for begin, end in pairwise(offsets):
        units = [(first, min(first + stretch, end), naive.position_hash(key, first) < below) for first in range(begin, end, stretch)]
        joined = units[:1]
        for first, last, is_held_out in units[1:]:
            if is_held_out == joined[-1][2]:
                joined[-1] = (joined[-1][0], last, is_held_out)
            else:
                joined.append((first, last, is_held_out))
        pieces += joined
    return pieces


@settings(max_examples=100, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 60), min_size=1, max_size=20),
    stretch=st.sampled_from([1, 3, 20, 1000]),
    share=st.sampled_from([0.1, 0.5, 0.9]),
    window=st.integers(1, 12),
    sample=st.sampled_from([0.0, 1e-2]),
    key=st.integers(0, 2**64 - 1),
    cuts=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_windows_are_those_of_the_other_pieces_wherever_a_span_is_cut(lengths, stretch, share, window, sample, key, cuts):
    tokens = np.arange(sum(lengths), dtype=np.int32)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    keep = keep_thresholds(np.ones(len(tokens), np.int64), sample)
    start, stop = sorted(int(cut * len(tokens)) for cut in cuts)
    below = int(share * 2**64)
    held_out = HeldOut(np.uint64(key ^ 1), np.uint64(below), stretch)
    pieces = plain_pieces(offsets.tolist(), key ^ 1, below, stretch)

    got, _ = run_subsample(tokens, offsets, start, stop, keep, window, False, key, held_out=held_out)
    borders = [first for first, _, _ in pieces] + [len(tokens)]
    windows = naive.windows(tokens.tolist(), borders, start, stop, keep, window, False, key)
    inside = {position for first, end, is_held_out in pieces if is_held_out for position in range(first, end)}  # each token is its position
    assert got == [(center, contexts) for center, contexts in windows if center not in inside]

    starts, stops = np.zeros(len(tokens), np.int64), np.zeros(len(tokens), np.int64)
    n, n_tokens = list_held_out(offsets, held_out, 1, starts, stops)
    assert n_tokens == len(inside) == sum((stops - starts)[:n])
    assert {p for first, end in zip(starts[:n], stops[:n], strict=True) for p in range(first, end)} == inside
    for sentence, (begin, end) in enumerate(pairwise(offsets.tolist())):
        found = {tuple(map(int, piece_at(offsets, sentence, position, held_out))) for position in range(begin, end)}
        assert found == {(a, b, int(c)) for a, b, c in pieces if begin <= a < end}
