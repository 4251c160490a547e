"""Tiny texts, trained by the kernels and by their oracles: on a card, or by numba's simulator where ``NUMBA_ENABLE_CUDASIM=1``.

As a program it runs the cases that are named, or all, and prints one JSON object: for each case whether the card lists what the oracle
lists, and the largest difference of a matrix. Before anything of it is imported, the simulator needs ``fake_card.install()``.
"""

import json
import os
import sys

import numpy as np

IS_SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
if IS_SIMULATED:
    import fake_card

    fake_card.install()
else:
    from w2v.training.gpu.card import load_numba_cuda

    load_numba_cuda()

import naive  # noqa: E402
import plain_card  # noqa: E402
from numba import cuda  # noqa: E402

from w2v.training.gpu.kernels import training_kernel  # noqa: E402
from w2v.training.gpu.ring_kernel import LOSS_PAIRS, LOSS_SUM, N_STATISTICS, PAIRS  # noqa: E402
from w2v.training.gpu.shapes import KernelShape, choose_shape  # noqa: E402
from w2v.training.gpu.staging import stage  # noqa: E402
from w2v.training.gpu.subsample_kernel import BEGIN, END, FIRST, N_BORDERS, N, subsample_stretches  # noqa: E402
from w2v.training.kernel.held_out import NOTHING, HeldOut, piece_at  # noqa: E402
from w2v.training.kernel.random import stream_key  # noqa: E402
from w2v.training.kernel.span import LOSS_EVERY, MOST_CONTEXTS  # noqa: E402
from w2v.training.sampling import alias_table, keep_thresholds, noise_distribution  # noqa: E402

MOST_DIFFERENCE = 1e-4  # of exponentials to six digits
CAPABILITY = (9, 0) if IS_SIMULATED else tuple(cuda.get_current_device().compute_capability)


def pieces_of(offsets, held_out):
    """The pieces of text that are trained on."""
    found = []
    for sentence in range(len(offsets) - 1):
        position = offsets[sentence]
        while position < offsets[sentence + 1]:
            first, end, is_held_out = piece_at(offsets, sentence, position, held_out)
            if not is_held_out:
                found.append((int(first), int(end)))
            position = end
    return found


def run(shape, lengths, n_stretches, *, n_words=11, sample=0.05, fixed=False, held_out=NOTHING, seed=1, margin=10_000, inside=None):
    rng = np.random.default_rng(seed)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    tokens = (n_words * rng.random(offsets[-1]) ** 2).astype(np.int32)
    counts = np.maximum(1, np.bincount(tokens, minlength=n_words)).astype(np.int64)
    keep, alias = keep_thresholds(counts, sample), alias_table(noise_distribution(counts, 0.75))
    key, noise_key = np.uint64(stream_key(seed, 1, 0)), np.uint64(stream_key(seed, 2, 0))
    start, stop = inside or (0, len(tokens))
    starts = start + (stop - start) * np.arange(n_stretches + 1, dtype=np.int64) // n_stretches
    origin, staged_stop = max(0, start - margin), min(len(tokens), stop + margin)
    staged = np.zeros(staged_stop - origin, np.int32)
    stage(tokens, offsets, held_out, origin, staged_stop, staged)
    room = int(np.diff(starts).max()) + 2 * shape.window
    kept, radii = np.full(n_stretches * room, -7, np.int32), np.zeros(n_stretches * room, np.int16)
    borders = np.zeros((n_stretches, N_BORDERS), np.int32)
    subsample_stretches[n_stretches, (32, 1)](
        staged, origin, len(staged), starts, room, keep, shape.window, fixed, key, kept, radii, borders
    )
    pieces = pieces_of(offsets, held_out)
    stretches = [
        plain_card.list_stretch(tokens, pieces, int(starts[s]), int(starts[s + 1]), keep, shape.window, fixed, int(key))
        for s in range(n_stretches)
    ]
    listed = True
    for s, (words, begin, end, _) in enumerate(stretches):
        first, last = borders[s, FIRST], borders[s, N]
        found = (kept[s * room + first : s * room + last] & 0x7FFFFFFF).tolist()
        centers = borders[s, END] - borders[s, BEGIN]
        listed &= centers == end - begin
        listed &= not centers or (found == words and borders[s, BEGIN] - first == begin)
    scale_in, scale_out = (rng.uniform(0.3, 1.0, n_words).astype(np.float32) for _ in range(2))
    inputs, outputs = (rng.normal(0, 0.5, (n_words, shape.dim)) for _ in range(2))
    flat = [np.zeros((n_words, shape.stride), np.float32) for _ in range(2)]
    flat[0][:, : shape.dim], flat[1][:, : shape.dim] = inputs, outputs
    flat_in, flat_out = flat[0].reshape(-1), flat[1].reshape(-1)
    statistics = np.zeros((n_stretches, N_STATISTICS))
    with np.errstate(over="ignore"):
        training_kernel(shape, CAPABILITY)[1, (32, 1)](
            kept, radii, borders, starts, room, alias, noise_key, flat_in, flat_out, scale_in, scale_out,
            np.float32(0.1), np.float32(0.05), np.float32(-1.2), statistics,
        )  # fmt: skip
    pairs, losses, loss_pairs = [], 0.0, 0
    for s, stretch in enumerate(stretches):
        state = naive.position_hash(int(noise_key), int(starts[s]))
        common = state, alias, shape.negatives, 0.1, 0.05, -1.2, scale_in, scale_out
        if shape.in_ring:
            of_windows = [window[-1] for window in plain_card.train_ring(inputs, outputs, stretch, shape.window, *common, shape.ahead)]
        else:
            of_windows = plain_card.train_general(inputs, outputs, stretch, MOST_CONTEXTS, shape.group, *common)
        next_loss = 0
        for i, (low, high) in enumerate(stretch[3]):
            if high > low and i >= next_loss:
                next_loss, losses, loss_pairs = i + LOSS_EVERY, losses + of_windows[i], loss_pairs + high - low
        pairs.append(sum(high - low for low, high in stretch[3]))
    found = flat_in.reshape(n_words, -1), flat_out.reshape(n_words, -1)
    return {
        "listed": bool(listed),
        "pairs": statistics[:, PAIRS].tolist() == pairs,
        "n_pairs": sum(pairs),
        "loss": bool(np.isclose(statistics[:, LOSS_SUM].sum(), losses, rtol=1e-4) and statistics[:, LOSS_PAIRS].sum() == loss_pairs),
        "difference": max(float(np.abs(m[:, : shape.dim] - w).max()) for m, w in zip(found, (inputs, outputs), strict=True)),
        "padding": not any(bool(m[:, shape.dim :].any()) for m in found),
    }


def one_warp(shape, **changes):
    return KernelShape(**{**shape.__dict__, "warps": 1, **changes})


CASES = {
    "one sentence": lambda: run(one_warp(choose_shape(5, 2, 3)), [60], 2),
    "short sentences": lambda: run(one_warp(choose_shape(5, 3, 2)), [1, 4, 2, 9, 1, 1, 14, 3, 2, 8], 3),
    "wide rows": lambda: run(one_warp(choose_shape(100, 2, 5)), [9, 12], 1),
    "fixed window": lambda: run(one_warp(choose_shape(7, 2, 1)), [30], 1, fixed=True),
    "held out": lambda: run(one_warp(choose_shape(5, 2, 2)), [40, 35, 5], 2, held_out=HeldOut(np.uint64(5), np.uint64(1 << 62), 7)),
    "not read ahead": lambda: run(one_warp(choose_shape(5, 2, 2), ahead=False), [40], 1),
    "inside a text": lambda: run(one_warp(choose_shape(5, 2, 2)), [100, 60], 2, inside=(45, 110)),
    "hardly anything kept": lambda: run(one_warp(choose_shape(5, 2, 2)), [200, 100], 3, sample=1e-4, n_words=5),
    "long stretches of 32": lambda: run(one_warp(choose_shape(3, 2, 1)), [70, 33, 31, 1], 1, sample=0.3),
    "general": lambda: run(one_warp(choose_shape(5, 20, 3)), [50, 3], 2),
    "general in groups": lambda: run(one_warp(choose_shape(5, 17, 9), group=4), [30], 1),
}


def failures(found):
    """Of one case: what is not as it must be."""
    wrong = [name for name in ("listed", "pairs", "loss", "padding") if not found[name]]
    return wrong + (["difference"] if not found["difference"] < MOST_DIFFERENCE else [])


if __name__ == "__main__":
    with np.errstate(over="ignore"):
        print(json.dumps({name: CASES[name]() for name in sys.argv[1:] or CASES}))
