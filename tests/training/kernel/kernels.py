"""Runs the kernels on small matrices, in the form in which the tests compare them with the oracle."""

import numpy as np

from w2v.jit import jit, specialize
from w2v.training.kernel.held_out import NOTHING
from w2v.training.kernel.hot_rows import HotRows
from w2v.training.kernel.layout import aligned_zeros
from w2v.training.kernel.span import N_STATISTICS, Noise, Scratch, train_span
from w2v.training.kernel.subsampling import DRAWN, Text, draw_partners, subsample
from w2v.training.kernel.window import host_tiles, window_update


def padded(matrix):
    """A flat, aligned float32 copy with rows padded to 16 floats, and its stride."""
    n, dim = matrix.shape
    stride = -(-dim // 16) * 16
    flat = aligned_zeros(n * stride)
    flat.reshape(n, stride)[:, :dim] = matrix
    return flat, stride


def unpadded(flat, n, dim):
    rows = flat.reshape(n, -1)
    assert not rows[:, dim:].any(), "the padding must stay zero"
    return rows[:, :dim].astype(np.float64)


@jit()
def _one_window(inputs, outputs, contexts, m, targets, dropped, rate, bias, logits, steps, dim, n_targets):
    window_update(inputs, outputs, contexts, m, targets, dropped, rate, bias, logits, steps, dim, n_targets)


def run_window(inputs, outputs, contexts, center, negatives, rate, bias=0.0):
    """One window update; returns new inputs, outputs and the raw logits (n_contexts, n_targets)."""
    (n, dim), n_targets = inputs.shape, len(negatives) + 1
    (flat_in, stride), (flat_out, _) = padded(inputs), padded(outputs)
    tiles = host_tiles(n_targets)
    m = len(contexts)
    rows = np.zeros(m + tiles.contexts, np.intp)
    rows[:m] = np.array(contexts) * stride
    targets = np.array([center, *negatives], np.intp) * stride
    dropped = np.uint64(sum(1 << k for k, negative in enumerate(negatives) if negative == center))
    logits, steps = (aligned_zeros((m + tiles.contexts) * tiles.slots) for _ in range(2))
    arguments = (flat_in, flat_out, rows, m, targets, dropped, np.float32(rate), np.float32(bias), logits, steps)
    specialize(_one_window, arguments, (dim, n_targets))(*arguments, dim, n_targets)
    return unpadded(flat_in, n, dim), unpadded(flat_out, n, dim), logits[: m * tiles.slots].reshape(m, -1)[:, :n_targets]


def run_subsample(tokens, offsets, start, stop, keep, window, fixed, key, session=False, held_out=NOTHING):
    """The kernel's windows in the oracle's form, and the first arguments of `train_span`."""
    size = stop - start + 2 * window
    text = Text(tokens, offsets, keep, np.uint64(key), held_out)
    windows = subsample(text, start, stop, window, fixed, session, *(np.zeros(size, np.int32) for _ in range(3)))
    kept, first, last = windows.kept, windows.first, windows.last
    drawn = np.zeros(window, np.intp)
    listed = []
    for i in range(windows.begin, windows.end):
        if last[i] == DRAWN:
            around = drawn[: draw_partners(text, start + first[i], window, 1, drawn)].tolist()
        else:
            around = [int(kept[c]) for c in range(first[i], last[i] + 1) if c != i]
        listed.append((int(kept[i]), around))
    return listed, (text, start, windows)


def run_span(listed, inputs, outputs, alias, *, window, n_negatives, reuse, distance, key, alpha, alpha_step, bias=0.0, n_hot=0, threads=1):
    """Train the windows that `run_subsample` listed; returns new inputs, outputs and the statistics."""
    (n_words, dim), n_targets = inputs.shape, n_negatives + 1
    (flat_in, _), (flat_out, _) = padded(inputs), padded(outputs)
    tiles = host_tiles(n_targets)
    m = 2 * window + 1 + tiles.contexts
    statistics = np.zeros(N_STATISTICS)
    hot_rows = HotRows(n_hot, dim, threads)
    scratch = Scratch(
        np.zeros(m, np.intp), np.zeros(n_targets, np.intp), np.zeros(distance * n_negatives, np.intp),
        aligned_zeros(m * tiles.slots), aligned_zeros(m * tiles.slots), tiles.contexts, tiles.slots,
    )  # fmt: skip
    arguments = (
        *listed, window, Noise(alias, reuse, distance, np.uint64(key), np.float32(bias)), flat_in, flat_out, alpha, alpha_step,
        hot_rows.beside(flat_in, flat_out), scratch, statistics, None,
    )  # fmt: skip
    specialize(train_span, arguments, (dim, n_targets))(*arguments, dim, n_targets)
    return unpadded(flat_in, n_words, dim), unpadded(flat_out, n_words, dim), statistics
