"""Skip-gram with negative sampling in plain Python, top-down: the algorithm in one sitting, and the oracle of the kernels.

Slow, obvious, and written from the definitions; it never imports the kernels. docs/algorithm.md walks through it. Floats are float64, so
the kernels agree to float32's rounding. Sources: Mikolov, Sutskever, Chen, Corrado and Dean 2013, "Distributed Representations of Words
and Phrases and their Compositionality" (below: Mikolov), and their program word2vec.c.
"""

import math
from itertools import pairwise

import numpy as np

MASK = 2**64 - 1
GOLDEN = 0x9E3779B97F4A7C15
MOST_CONTEXTS = 32


def train_span(inputs, outputs, pairs, negatives, alpha, alpha_step, bias=0.0):
    """Stochastic gradient ascent over the windows of a span of text, the learning rate falling linearly as in word2vec.c."""
    for i, (center, contexts) in enumerate(pairs):
        drawn = negatives.of_window(i)
        for first in range(0, len(contexts), MOST_CONTEXTS):
            update_window(inputs, outputs, contexts[first : first + MOST_CONTEXTS], center, drawn, alpha + alpha_step * i, bias)


def update_window(inputs, outputs, contexts, center, negatives, rate, bias=0.0):
    """One step up the gradient of minus `window_loss`, both matrices from their old values.

    With v = inputs[context], u = outputs[target], y = 1 for the center and 0 for a negative, g = y - sigmoid(v . u + bias):
    v += rate * sum of g u over the targets, u += rate * sum of g v over the contexts. A negative that is the center takes no part.
    """
    targets = [(center, 1.0), *((negative, 0.0) for negative in negatives if negative != center)]
    new_inputs = [np.zeros_like(inputs[0]) for _ in contexts]
    new_outputs = [np.zeros_like(outputs[0]) for _ in targets]
    for c, context in enumerate(contexts):
        for k, (target, label) in enumerate(targets):
            step = rate * (label - sigmoid(float(np.clip(inputs[context] @ outputs[target] + bias, -20, 20))))
            new_inputs[c] += step * outputs[target]
            new_outputs[k] += step * inputs[context]
    for c, context in enumerate(contexts):
        inputs[context] += new_inputs[c]
    for k, (target, _) in enumerate(targets):
        outputs[target] += new_outputs[k]


def window_loss(inputs, outputs, contexts, center, negatives, bias=0.0):
    """Sum over the contexts of -log s(v . u_center) - sum over the negatives of log s(-v . u): Mikolov, section 2.2, equation 4."""
    total = 0.0
    for context in contexts:
        total += np.logaddexp(0, -(inputs[context] @ outputs[center] + bias))
        total += sum(np.logaddexp(0, inputs[context] @ outputs[negative] + bias) for negative in negatives if negative != center)
    return float(total)


def sigmoid(x):
    """s(x) = 1 / (1 + exp(-x)), without overflow on either side."""
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


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


def keep_probability(count, total, sample):
    """min(1, (sqrt(f / t) + 1) t / f) with f = count / total, t = sample: word2vec.c; Mikolov, section 2.3, has sqrt(t / f) alone."""
    ratio = count / total / sample
    return min(1.0, (math.sqrt(ratio) + 1) / ratio)


def is_kept(key, position, word, keep):
    """True with `keep_probability`, of which keep[word] is the 32-bit form: kept when 32 random bits are not above it."""
    return position_hash(key, position) >> 32 <= int(keep[word])


def radius(key, position, window, fixed):
    """Uniform in 1 ... window, so that near words count more: word2vec.c."""
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


def noise_distribution(counts, exponent):
    """P(w) = count(w)^exponent / sum of all count^exponent, the exponent 3/4: Mikolov, section 2.2."""
    weights = [count**exponent for count in counts]
    return [weight / sum(weights) for weight in weights]


class NegativeStream:
    """The negatives of a span, shared by the contexts of a window (Ji et al. 2016): set i mod distance is drawn anew after `reuse` uses."""

    def __init__(self, key, alias, n_negatives, reuse, distance):
        self.state, self.alias, self.n, self.reuse, self.distance = key, alias, n_negatives, reuse, distance
        self.sets = {}

    def draw(self):
        """A word of the noise distribution by the alias method (Walker 1977, Vose 1991): a column, then itself or its alias."""
        self.state = (self.state + GOLDEN) & MASK
        bits = mix(self.state)
        column = (bits >> 32) * len(self.alias) >> 32
        threshold, other = int(self.alias[column]) >> 32, int(self.alias[column]) & 0xFFFFFFFF
        return column if (bits & 0xFFFFFFFF) <= threshold else other

    def of_window(self, i):
        """The negatives of window i."""
        slot = i % self.distance
        if i // self.distance % self.reuse == 0:
            self.sets[slot] = [self.draw() for _ in range(self.n)]
        return self.sets[slot]


def position_hash(key, position):
    """64 random bits of a token: the upper half decides on keeping it, the lower half on its radius."""
    return mix((key + GOLDEN * position) & MASK)


def mix(x):
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014): integers that follow each other become independent bits."""
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)
