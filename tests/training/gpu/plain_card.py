"""What the card computes, in plain Python: one warp after the other, from the definitions. Oracle of the kernels in w2v/training/gpu.

It differs from `naive.train_span` in when changes are seen: a context's row is read once, changed in the ring, and its change added
when no window reaches it any more; targets are read one window ahead (fancy indexing copies); negatives are drawn afresh for each window.
"""

import naive
import numpy as np


def list_stretch(tokens, pieces, start, stop, keep, window, fixed, key):
    """The kept tokens of a stretch and of the windows across its borders.

    Parameters
    ----------
    pieces : [(first, end)], the parts of text that no window leaves

    Returns
    -------
    words, begin, end, and [(low, high)], the range of `words` that the window of each center words[begin:end] spans
    """

    def kept(first, last):
        return [p for p in range(first, last) if naive.is_kept(key, p, tokens[p], keep)]

    before, behind, centers = [], [], []
    for first, end in pieces:
        inside = kept(max(first, start), min(end, stop)) if first < stop and end > start else []
        if first < start < end:
            before = kept(first, start)[-window:] if window else []
        if inside and first < stop < end:
            behind = kept(stop, end)[:window]
        centers += [(p, first, end) for p in inside]
    listed = [*before, *[p for p, _, _ in centers], *behind]
    begin = len(before)
    ranges = []
    for i, (p, first, end) in enumerate(centers, begin):
        r = naive.radius(key, p, window, fixed)
        near = [j for j in range(max(0, i - r), min(len(listed), i + r + 1)) if first <= listed[j] < end]
        ranges.append((near[0], near[-1]))
    return [int(tokens[p]) for p in listed], begin, begin + len(centers), ranges


def negatives_of(state, alias, number, n):
    """The negatives of window `number` of a stretch."""
    stream = naive.NegativeStream((state + naive.GOLDEN * number * n) & naive.MASK, alias, n, 1, 1)
    return stream.of_window(0)


def steps_of(row, targets, words, center, first, rate, bias):
    """rate * (label - sigmoid(row . target + bias)) of each target, where the first of a window is its center; a negative that is the
    center takes no part."""
    labels, takes_part = labels_of(words, center, first)
    return rate * takes_part * (labels - 1 / (1 + np.exp(-np.clip(targets @ row + bias, -20, 20))))


def loss_of(row, targets, words, center, first, bias):
    """-log s(logit) of the center, -log s(-logit) of each negative that takes part."""
    labels, takes_part = labels_of(words, center, first)
    return float(np.logaddexp(0, (1 - 2 * labels) * (targets @ row + bias))[takes_part].sum())


def labels_of(words, center, first):
    """1 for the center, and which of the targets take part."""
    labels = np.array([1.0 if first + k == 0 else 0.0 for k in range(len(words))])
    return labels, np.array([first + k == 0 or word != center for k, word in enumerate(words)])


def train_ring(inputs, outputs, stretch, window, state, alias, n_negatives, alpha_first, alpha_last, bias, scale_in, scale_out, ahead):
    """One warp of the ring kernel; returns the windows' [(center, negatives, learning rate, loss)]."""
    words, begin, end, ranges = stretch
    n, seen = len(words), []
    if end == begin:
        return seen

    def targets_of(i):
        chosen = [words[i], *negatives_of(state, alias, i - begin, n_negatives)]
        return chosen, outputs[chosen]

    now, old = {}, {}
    for p in range(min(begin + window, n)):
        now[p], old[p] = inputs[words[p]].copy(), inputs[words[p]].copy()
    entering = inputs[words[begin + window]].copy() if begin + window < n else None
    chosen, targets = targets_of(begin)
    for i in range(begin, end):
        gone = i - window - 1
        if gone >= 0:
            inputs[words[gone]] += scale_in[words[gone]] * (now[gone] - old[gone])
        if i + window < n:
            now[i + window], old[i + window] = entering.copy(), entering.copy()
        if i + window + 1 < n:
            entering = inputs[words[i + window + 1]].copy()
        following = targets_of(i + 1) if ahead and i + 1 < end else None
        low, high = ranges[i - begin]
        rate = alpha_first + (alpha_last - alpha_first) / (end - begin) * (i - begin)
        loss, gradients = 0.0, np.zeros((len(chosen), inputs.shape[1]))
        for c in range(low, high + 1):
            if c != i:
                row = now[c].copy()
                loss += loss_of(row, targets, chosen, words[i], 0, bias)
                steps = steps_of(row, targets, chosen, words[i], 0, rate, bias)
                now[c] += steps @ targets
                gradients += np.outer(steps, row)
        seen.append((words[i], chosen[1:], rate, loss))
        for word, gradient in zip(chosen, gradients, strict=True):
            outputs[word] += scale_out[word] * gradient
        if i + 1 < end:
            chosen, targets = following or targets_of(i + 1)
    for p in range(max(0, end - 1 - window), n):
        inputs[words[p]] += scale_in[words[p]] * (now[p] - old[p])
    return seen


def train_general(inputs, outputs, stretch, part, group, state, alias, n_negatives, alpha_first, alpha_last, bias, scale_in, scale_out):
    """One warp of the general kernel; returns the windows' losses."""
    words, begin, end, ranges = stretch
    losses = [0.0] * (end - begin)
    for i in range(begin, end):
        chosen = [words[i], *negatives_of(state, alias, i - begin, n_negatives)]
        low, high = ranges[i - begin]
        rate = alpha_first + (alpha_last - alpha_first) / (end - begin) * (i - begin)
        for start in range(low, high + 1 if high > low else low, part):
            for first in range(0, len(chosen), group):
                mine = chosen[first : first + group]
                targets = outputs[mine]
                gradients = np.zeros((len(mine), inputs.shape[1]))
                for c in range(start, min(start + part, high + 1)):
                    if c == i:
                        continue
                    row = inputs[words[c]].copy()
                    losses[i - begin] += loss_of(row, targets, mine, words[i], first, bias)
                    steps = steps_of(row, targets, mine, words[i], first, rate, bias)
                    inputs[words[c]] += scale_in[words[c]] * (steps @ targets)
                    gradients += np.outer(steps, row)
                for word, gradient in zip(mine, gradients, strict=True):
                    outputs[word] += scale_out[word] * gradient
    return losses
