"""Walk one span of the corpus: subsample it, then update window after window.

The plain version of what happens to the token at `position`:

    keep it with keep_probability[word]                                    (hash of the position)
    radius = 1 .. window                                                   (hash of the position)
    contexts = kept tokens of the same sentence, at most `radius` kept tokens away
               (session: all others of the sentence, or a sample of them where they are more than `window`)
    negatives = n draws from the noise distribution                        (stream of the span)
    update(contexts, center, negatives), at most MOST_CONTEXTS at a time   (window.py)

What is done for speed (docs/performance.md has the figures):

- The kept tokens of the whole span, across sentence borders, are one list: draws, prefetching and reuse run over it, and
  a sentence only bounds the windows. Short lines are nearly as fast as long ones.
- A set of negatives serves `reuse` windows that lie `distance` centers apart. Windows that far apart share no context, so their
  gradients are as independent as with fresh draws, while the rows are still in the cache.
- The rows that a window will need are prefetched `AHEAD` windows before.
- Rows that all threads need all the time are private to each thread and merged now and then (hot_rows.py).

A replica (training/replicas/) trains on copies of the rows of its span and counts how often each is used: `CopiedRows`. Where there are
none, what concerns them is not compiled.
"""

from typing import Any, NamedTuple

import numpy as np

from w2v.jit import jit
from w2v.training.kernel.hot_rows import merge_all, use_row
from w2v.training.kernel.layout import row_stride
from w2v.training.kernel.random import GOLDEN, mix
from w2v.training.kernel.simd import prefetch_row
from w2v.training.kernel.subsampling import DRAWN, draw_partners
from w2v.training.kernel.window import window_update

AHEAD = 2  # windows; 1 is 3 % slower, 3 to 6 bring nothing
MOST_REACH = 32  # a context row is prefetched when it comes this near; with more contexts a window its miss no longer counts
# Contexts of one update, a multiple of `Tiles.contexts`; a larger window is updated part by part. A thousand at once, all against the
# targets as they were, would be a step of 25 learning rates, which diverges.
MOST_CONTEXTS = 32
LOSS_EVERY = 128  # windows from one whose loss is taken to the next, so that its logarithms stay a small share of the time
N_STATISTICS = 5
PAIRS, LOSS_SUM, LOSS_PAIRS, NON_FINITE, KEPT = range(N_STATISTICS)

_U = np.uint64


class Noise(NamedTuple):
    """How negatives are drawn: (n_words,) uint64 `sampling.alias_table`, how many windows share a set and how many centers apart they
    lie, and a uint64 key of (seed, epoch, span); and what is added to every logit, `TrainConfig.logit_bias`."""

    alias: Any
    reuse: Any
    distance: Any
    key: Any
    bias: Any


class Scratch(NamedTuple):
    """Memory of one thread.

    contexts, targets, negatives : intp: readable contexts of a window, n_targets, distance * (n_targets - 1)
    logits, steps : float32, `window.Tiles` has the sizes
    tile_contexts, slots : of `Tiles`
    """

    contexts: Any
    targets: Any
    negatives: Any
    logits: Any
    steps: Any
    tile_contexts: Any
    slots: Any


class CopiedRows(NamedTuple):
    """Where the copies of rows lie, and what counts their uses.

    places : (n_words,) int32, the row of each word in both matrices of copies; `kept` of the windows holds such rows, not words
    uses_in, uses_out : (n_rows,) int32, added to: (center, context) pairs that each row takes part in
    """

    places: Any
    uses_in: Any
    uses_out: Any


@jit(inline="always")
def draw_negatives(state, alias, stride, negatives, first, n_negatives):  # type: ignore[no-untyped-def]
    """Fill negatives[first:first + n_negatives] with element offsets of rows; Walker's alias method. Returns the next state."""
    n_words = _U(alias.shape[0])
    for k in range(n_negatives):
        state += GOLDEN
        bits = mix(state)
        word = ((bits >> _U(32)) * n_words) >> _U(32)
        entry = alias[word]
        if (bits & _U(0xFFFFFFFF)) > (entry >> _U(32)):
            word = entry & _U(0xFFFFFFFF)
        negatives[first + k] = np.intp(word) * stride
    return state


@jit(inline="always")
def window_loss(logits, n_contexts, slots, n_targets, dropped, bias):  # type: ignore[no-untyped-def]
    """Sum over a window's pairs of -log s(positive) - sum log s(-negative), float64, from logits without their bias."""
    total = 0.0
    for c in range(n_contexts):
        for k in range(n_targets):
            if k == 0 or (dropped >> _U(k - 1)) & _U(1) == _U(0):
                x = np.float64(logits[c * slots + k] + bias)
                if k == 0:
                    x = -x
                total += max(x, 0.0) + np.log1p(np.exp(-abs(x)))
    return total


@jit()
def train_span(  # type: ignore[no-untyped-def]
    text, start, windows, window, noise, inputs, outputs, alpha, alpha_step, private_rows, scratch, statistics, copied, dim, n_targets
):  # fmt: skip
    """Update both matrices in place for the windows of the centers kept[begin:end] of `windows`.

    Parameters
    ----------
    text, start, windows, window : as `subsample` takes and leaves them
    noise : `Noise`
    inputs, outputs : flat float32 matrices, rows of `dim` padded to whole cache lines
    alpha, alpha_step : learning rate at the first center, and its change from center to center
    private_rows : `hot_rows.PrivateRows`
    scratch : `Scratch`
    statistics : (N_STATISTICS,) float64, added to: pairs, loss sum, loss pairs, non-finite losses, centers
    copied : `CopiedRows`, or None where the matrices have a row for each word
    dim, n_targets : literal integers (`jit.specialize`)
    """
    stride = row_stride(dim)
    n_negatives = n_targets - 1
    # unpacked here, once: taken from a tuple in the loop, an array's references would be counted in every window
    kept, first, last, begin, end, n = windows
    alias, reuse, distance, key, bias = noise
    threaded, hot_end, most_uses, shift_in, uses_in, shift_out, uses_out = private_rows
    contexts, targets, negatives, logits, steps, tile_contexts, slots = scratch
    if copied is not None:
        places, uses_in_span, uses_out_span = copied
    reach = min(window, MOST_REACH)
    merge_all(inputs, hot_end, shift_in, uses_in, dim)
    merge_all(outputs, hot_end, shift_out, uses_out, dim)
    state = key
    draw_slot, draw_use = 0, 0  # of the set that the window `ahead` takes
    slot = 0
    n_pairs = 0
    next_loss = begin
    for i in range(begin - AHEAD, end):
        ahead = i + AHEAD
        if ahead < end:
            row = use_row(outputs, np.intp(kept[ahead]) * stride, 1, hot_end, most_uses, shift_out, uses_out, dim)
            prefetch_row(outputs, row, threaded, dim)
            if draw_use == 0:
                state = draw_negatives(state, alias, stride, negatives, draw_slot * n_negatives, n_negatives)
                for k in range(draw_slot * n_negatives, (draw_slot + 1) * n_negatives):
                    if copied is not None:
                        negatives[k] = np.intp(places[negatives[k] // stride]) * stride
                    negatives[k] = use_row(outputs, negatives[k], reuse, hot_end, most_uses, shift_out, uses_out, dim)
                    prefetch_row(outputs, negatives[k], threaded, dim)
            draw_slot += 1
            if draw_slot == distance:
                draw_slot = 0
                draw_use += 1
                if draw_use == reuse:
                    draw_use = 0
            row = np.intp(kept[min(ahead + reach, n - 1)]) * stride
            prefetch_row(inputs, use_row(inputs, row, window + 1, hot_end, most_uses, shift_in, uses_in, dim), threaded, dim)
        if i < begin:
            continue
        m = 0
        if last[i] == DRAWN:  # in a function of its own, inlined, this and the loop cost 10 %: references to arrays are counted there
            m = draw_partners(text, start + first[i], window, stride, contexts)
            for c in range(m):
                if copied is not None:
                    contexts[c] = np.intp(places[contexts[c] // stride]) * stride
                contexts[c] += shift_in if contexts[c] < hot_end else 0
        else:
            for c in range(first[i], last[i] + 1):
                row = np.intp(kept[c]) * stride
                contexts[m] = row + (shift_in if row < hot_end else 0)
                m += c != i
        center = np.intp(kept[i]) * stride
        center += shift_out if center < hot_end else 0
        targets[0] = center
        dropped = _U(0)
        for k in range(n_negatives):
            negative = negatives[slot + k]
            targets[k + 1] = negative
            if negative == center:
                dropped |= _U(1) << _U(k)
        slot += n_negatives
        if slot == distance * n_negatives:
            slot = 0
        n_pairs += m
        if copied is not None:
            for c in range(m):
                uses_in_span[contexts[c] // stride] += 1
            for k in range(n_targets):
                uses_out_span[targets[k] // stride] += m if k == 0 or targets[k] != center else 0
        rate = np.float32(alpha + alpha_step * (i - begin))
        takes_loss = m > 0 and i >= next_loss  # some loss is taken wherever there are pairs
        if takes_loss:
            next_loss = i + LOSS_EVERY
        done = 0
        while done < m:
            part = min(m - done, MOST_CONTEXTS)
            if done > 0:
                for c in range(part):
                    contexts[c] = contexts[done + c]
            done += part
            if done == m:
                for spare in range(part, part + tile_contexts - 1):  # the last tile is read whole
                    contexts[spare] = contexts[part - 1]
            window_update(inputs, outputs, contexts, part, targets, dropped, rate, bias, logits, steps, dim, n_targets)
            if takes_loss:
                loss = window_loss(logits, part, slots, n_targets, dropped, bias)
                if np.isfinite(loss):
                    statistics[LOSS_SUM] += loss
                    statistics[LOSS_PAIRS] += part
                else:
                    statistics[NON_FINITE] += 1
    merge_all(inputs, hot_end, shift_in, uses_in, dim)
    merge_all(outputs, hot_end, shift_out, uses_out, dim)
    statistics[PAIRS] += n_pairs
    statistics[KEPT] += end - begin
