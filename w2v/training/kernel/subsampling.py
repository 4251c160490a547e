"""The tokens that a span is trained on, and the window of each: what is kept of frequent words, and how far a window reaches."""

from typing import Any, NamedTuple

import numpy as np

from w2v.jit import jit
from w2v.training.kernel.held_out import NOTHING, piece_at
from w2v.training.kernel.random import GOLDEN, mix, position_hash

DRAWN = -1  # in place of a range of contexts

_U = np.uint64


class Text(NamedTuple):
    """What windows are made of: the encoded corpus, (n_words,) uint32 `sampling.keep_thresholds`, a uint64 key of (seed, epoch), and the
    `HeldOut` that is passed over."""

    tokens: Any
    sentence_offsets: Any
    keep: Any
    key: Any
    held_out: Any = NOTHING


class Windows(NamedTuple):
    """What `subsample` lists of a span.

    kept : (stop - start + 2 window,) int32, word ids
    first, last : like `kept`, for each center the range of `kept` (inclusive) that holds its contexts and itself; where they are to be
        drawn, its position from the start of the span, and DRAWN
    begin, end, n : the centers are kept[begin:end]; before and behind, up to n, lie contexts from outside the span
    """

    kept: Any
    first: Any
    last: Any
    begin: Any
    end: Any
    n: Any


@jit()
def sentence_at(sentence_offsets, position):  # type: ignore[no-untyped-def]
    """The sentence that a token position lies in; empty ones are passed over. np.searchsorted compiles for half a second."""
    low, high = 0, sentence_offsets.shape[0] - 1  # offsets[low] <= position < offsets[high]
    while high - low > 1:
        middle = (low + high) // 2
        if sentence_offsets[middle] <= position:
            low = middle
        else:
            high = middle
    return low


@jit()
def subsample(text, start, stop, window, fixed_window, session, kept, first, last):  # type: ignore[no-untyped-def]
    """List the kept tokens of a span and of the windows that cross its borders; nothing of what is held out.

    Parameters
    ----------
    text : `Text`
    start, stop : span of token positions
    session : sentences of more than window + 1 tokens have their contexts drawn (`draw_partners`)
    kept, first, last : receive what `Windows` holds

    Returns
    -------
    Windows
    """
    tokens, sentence_offsets, keep, key, held_out = text
    sentence = sentence_at(sentence_offsets, start)
    piece_begin, piece_end, is_held_out = piece_at(sentence_offsets, sentence, start, held_out)
    n = 0
    position = start - 1
    while position >= piece_begin and n < window:  # contexts before the span, nearest first
        word = tokens[position]
        if position_hash(key, position) >> _U(32) <= _U(keep[word]):
            kept[n] = word
            n += 1
        position -= 1
    for i in range(n // 2):
        kept[i], kept[n - 1 - i] = kept[n - 1 - i], kept[i]
    begin = n
    end = n
    sentence_first = 0
    position = start
    while position < stop:
        inside = min(piece_end, stop)
        is_drawn = session and piece_end - piece_begin > window + 1
        if is_held_out:
            position = inside
        while position < inside:
            word = tokens[position]
            bits = position_hash(key, position)
            if bits >> _U(32) <= _U(keep[word]):
                radius = np.int32(window)
                if not fixed_window:
                    radius = np.int32(1 + (((bits & _U(0xFFFFFFFF)) * _U(window)) >> _U(32)))
                kept[n] = word
                first[n] = max(sentence_first, n - radius)
                last[n] = n + radius
                if is_drawn:
                    first[n] = position - start
                    last[n] = DRAWN
                n += 1
            position += 1
        end = n
        if position < piece_end and not is_held_out:  # the span ends inside a sentence: contexts behind it
            wanted = n + window
            while position < piece_end and n < wanted:
                word = tokens[position]
                if position_hash(key, position) >> _U(32) <= _U(keep[word]):
                    kept[n] = word
                    n += 1
                position += 1
            position = stop
        for i in range(max(begin, sentence_first, n - window), end):
            last[i] = min(last[i], n - 1)
        sentence_first = n
        if position < stop:
            sentence += position == sentence_offsets[sentence + 1]
            piece_begin, piece_end, is_held_out = piece_at(sentence_offsets, sentence, position, held_out)
    return Windows(kept, first, last, begin, end, n)


@jit()
def draw_partners(text, position, n_partners, stride, contexts):  # type: ignore[no-untyped-def]
    """Contexts of a center in a long session: `n_partners` of the session's other tokens, every one equally likely.

    The others are a ring that is turned by chance and cut into `n_partners` parts; one token is drawn from each (stratified sampling),
    so that none comes twice. A drawn token that subsampling drops is no context. All is hashed from the position.

    Parameters
    ----------
    text : `Text`
    position : of the center, whose sentence has more than n_partners + 1 tokens
    contexts : receives element offsets of rows

    Returns
    -------
    number of contexts
    """
    tokens, sentence_offsets, keep, key, _ = text
    sentence = sentence_at(sentence_offsets, position)
    begin = sentence_offsets[sentence]
    n_others = sentence_offsets[sentence + 1] - begin - 1
    state = mix(position_hash(key, position))  # mixed again: the hash itself has decided on keeping the center
    turn = np.int64(((state >> _U(32)) * _U(n_others)) >> _U(32))
    m = 0
    low = 0
    for part in range(1, n_partners + 1):
        high = part * n_others // n_partners
        state += GOLDEN
        other = turn + low + np.int64(((mix(state) >> _U(32)) * _U(high - low)) >> _U(32))
        low = high
        if other >= n_others:
            other -= n_others
        other += begin
        other += other >= position
        word = tokens[other]
        if position_hash(key, other) >> _U(32) <= _U(keep[word]):
            contexts[m] = np.intp(word) * stride
            m += 1
    return m
