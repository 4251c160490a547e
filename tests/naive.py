"""Skip-gram with negative sampling in plain Python: slow, obvious, and written from the definitions, never importing the kernels.

Everything that the kernels must reproduce is here: SplitMix64's finalizer, keep decisions, window radii, alias draws, the reuse
of negatives, the update from old values, the loss. Floats are float64, so results agree to float32's rounding.
"""

import math
from itertools import pairwise

import numpy as np

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15


def mix(x):
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


def position_hash(key, position):
    return mix((key + GOLDEN * position) & MASK)


def is_kept(key, position, word, keep):
    return position_hash(key, position) >> 32 <= int(keep[word])


def radius(key, position, window, fixed):
    return window if fixed else 1 + ((position_hash(key, position) & 0xFFFFFFFF) * window >> 32)


def partners(key, position, first, last, n):
    """n positions of [first, last) but for `position`: the others as a ring, turned, one drawn from each of n equal parts of it."""
    others = [p for p in range(first, last) if p != position]
    state = mix(position_hash(key, position))
    turn = (state >> 32) * len(others) >> 32
    drawn = []
    for part in range(n):
        low, high = part * len(others) // n, (part + 1) * len(others) // n
        state = (state + GOLDEN) & MASK
        drawn.append(others[(turn + low + ((mix(state) >> 32) * (high - low) >> 32)) % len(others)])
    return drawn


def windows(tokens, offsets, start, stop, keep, window, fixed, key, session=False):
    """[(center word, [context words in the order of the kernel])] for the kept tokens of [start, stop)."""
    result = []
    for first, last in pairwise(offsets):
        kept = [position for position in range(first, last) if is_kept(key, position, tokens[position], keep)]
        for i, position in enumerate(kept):
            if start <= position < stop:
                r = radius(key, position, window, fixed)
                around = kept[max(0, i - r) : i] + kept[i + 1 : i + 1 + r]
                if session and last - first > window + 1:
                    drawn = partners(key, position, first, last, window)
                    around = [p for p in drawn if is_kept(key, p, tokens[p], keep)]
                result.append((int(tokens[position]), [int(tokens[p]) for p in around]))
    return result


class NegativeStream:
    """The negatives of a span: set number (i mod distance) is drawn anew after `reuse` uses."""

    def __init__(self, key, alias, n_negatives, reuse, distance):
        self.state, self.alias, self.n, self.reuse, self.distance = key, alias, n_negatives, reuse, distance
        self.sets = {}

    def draw(self):
        self.state = (self.state + GOLDEN) & MASK
        bits = mix(self.state)
        column = (bits >> 32) * len(self.alias) >> 32
        threshold, other = int(self.alias[column]) >> 32, int(self.alias[column]) & 0xFFFFFFFF
        return column if (bits & 0xFFFFFFFF) <= threshold else other

    def of_window(self, i):
        slot = i % self.distance
        if i // self.distance % self.reuse == 0:
            self.sets[slot] = [self.draw() for _ in range(self.n)]
        return self.sets[slot]


def sigmoid(x):
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def update_window(inputs, outputs, contexts, center, negatives, rate):
    """Both matrices in place from the old values; a negative equal to the center takes no part."""
    targets = [(center, 1.0), *((negative, 0.0) for negative in negatives if negative != center)]
    new_inputs = [np.zeros_like(inputs[0]) for _ in contexts]
    new_outputs = [np.zeros_like(outputs[0]) for _ in targets]
    for c, context in enumerate(contexts):
        for k, (target, label) in enumerate(targets):
            step = rate * (label - sigmoid(float(np.clip(inputs[context] @ outputs[target], -20, 20))))
            new_inputs[c] += step * outputs[target]
            new_outputs[k] += step * inputs[context]
    for c, context in enumerate(contexts):
        inputs[context] += new_inputs[c]
    for k, (target, _) in enumerate(targets):
        outputs[target] += new_outputs[k]


def window_loss(inputs, outputs, contexts, center, negatives):
    """Sum over the contexts of -log s(positive) - sum log s(-negative)."""
    total = 0.0
    for context in contexts:
        total += np.logaddexp(0, -(inputs[context] @ outputs[center]))
        total += sum(np.logaddexp(0, inputs[context] @ outputs[negative]) for negative in negatives if negative != center)
    return float(total)
