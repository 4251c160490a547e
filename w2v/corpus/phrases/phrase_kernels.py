"""Kernels of phrase detection: count words and neighbors, then join what scores high.

A candidate is a word, any connector words, and a word; gensim knows it by its spelling, `new_york`, so that it is also the same as a word
that is spelled like it. Here the spelling's hash stands for it: the polynomial ``sum(digit[byte] * BASE**place)`` modulo 2**64, which for
two spellings one after the other follows from theirs. Two spellings of one hash would share a count; among 100 million that happens once
in 4,000 corpora.

Each kernel takes the tokens from `begin` to `end` and goes on where the one before it stopped, so that a line may be as long as it likes.
"""

from typing import Any

import numpy as np

from w2v.jit import jit

COUNT, NPMI = 0, 1  # scorings
_MIX = np.uint64(0x9E3779B97F4A7C15)  # 2**64 / golden ratio: spreads keys over the table
_NOTHING = np.uint64(0)


@jit()
def hash_words(text: Any, ends: Any, digits: Any, base: Any, hashes: Any, powers: Any) -> None:
    """Hash of each word, and BASE to the power of its length.

    Parameters
    ----------
    text, ends : (n_bytes,) uint8 and (n_words,) int64: all words one after the other, and where each ends
    digits : (256,) uint64, random
    hashes, powers : (n_words,) uint64, written
    """
    start = 0
    for word in range(len(ends)):
        hash_ = np.uint64(0)
        power = np.uint64(1)
        for place in range(start, ends[word]):
            hash_ = hash_ * base + digits[text[place]]
            power *= base
        hashes[word] = hash_
        powers[word] = power
        start = ends[word]


@jit()
def find_slot(keys: Any, key: Any) -> Any:
    """Where `key` is in a table of 2**k keys, or would be; 0 is no key."""
    mask = np.uint64(len(keys) - 1)
    slot = (key * _MIX) >> np.uint64(20) & mask
    while keys[slot] != _NOTHING and keys[slot] != key:
        slot = (slot + np.uint64(1)) & mask
    return np.int64(slot)


@jit()
def move_table(keys: Any, counts: Any, new_keys: Any, new_counts: Any) -> None:
    """Put the entries of a table into a larger, empty one."""
    for slot in range(len(keys)):
        if keys[slot] != _NOTHING:
            place = find_slot(new_keys, keys[slot])
            new_keys[place] = keys[slot]
            new_counts[place] = counts[slot]


@jit()
def place_words(keys: Any, hashes: Any, ids: Any) -> None:
    """Write the number of each word into ``ids``, (n_slots,) int32, where its spelling is a key."""
    for word in range(len(hashes)):
        slot = find_slot(keys, hashes[word])
        if keys[slot] != _NOTHING:
            ids[slot] = word


@jit()
def count_candidates(
    tokens: Any,
    offsets: Any,
    begin: Any,
    end: Any,
    state: Any,
    hashes: Any,
    powers: Any,
    connectors: Any,
    delimiter: Any,
    keys: Any,
    counts: Any,
) -> Any:
    """Count the words that are no connectors, and the candidates.

    Parameters
    ----------
    tokens, offsets : the corpus
    state : (3,) uint64, changed: sentence, whether a candidate has begun, its hash so far
    hashes, powers, connectors : (n_words,) of `hash_words`, and bool
    delimiter : (2,) uint64: its hash and power
    keys, counts : the table, changed; at least 2 * (end - begin) slots of it are free

    Returns
    -------
    number of new keys
    """
    sentence: Any = np.int64(state[0])
    begun = state[1] > _NOTHING
    so_far = state[2]
    n_new = 0
    for position in range(begin, end):
        if position == offsets[sentence + 1]:
            sentence += 1
            begun = False
        word = tokens[position]
        longer = (so_far * delimiter[1] + delimiter[0]) * powers[word] + hashes[word]
        if connectors[word]:
            so_far = longer
            continue
        slot = find_slot(keys, hashes[word])
        n_new += keys[slot] == _NOTHING
        keys[slot] = hashes[word]
        counts[slot] += 1
        if begun:
            slot = find_slot(keys, longer)
            n_new += keys[slot] == _NOTHING
            keys[slot] = longer
            counts[slot] += 1
        begun = True
        so_far = hashes[word]
    state[0] = sentence
    state[1] = begun
    state[2] = so_far
    return n_new


@jit()
def score(a: Any, b: Any, together: Any, scoring: Any, n_keys: Any, min_count: Any, n_tokens: Any) -> Any:
    """Mikolov et al. 2013, equation (6), times the vocabulary's size as in word2phrase.c; or Bouma 2009, normalized to [-1, 1]."""
    if scoring == COUNT:
        return (together - min_count) / float(a * b) * n_keys
    if together < min_count or together >= n_tokens:
        return -np.inf
    p_together = together / n_tokens
    return np.log(p_together / ((a / n_tokens) * (b / n_tokens))) / -np.log(p_together)


@jit()
def join_candidates(
    tokens: Any,
    offsets: Any,
    begin: Any,
    end: Any,
    state: Any,
    hashes: Any,
    powers: Any,
    connectors: Any,
    delimiter: Any,
    keys: Any,
    counts: Any,
    ids: Any,
    limits: Any,
    scoring: Any,
    new: Any,
    scores: Any,
    uses: Any,
    out: Any,
    ends: Any,
) -> Any:
    """Write the tokens with phrases joined, the first that fits from the left.

    Parameters
    ----------
    state : (4,) uint64, changed: sentence, position + 1 where a candidate has begun or 0, its hash so far, number of ids
    ids : (n_slots,) int32, changed: id of what is spelled as the key; -1 of none yet
    limits : (4,) float64: number of keys, min_count, tokens in the corpus, threshold
    new : (n_ids, 2) int64, changed: for an id that is new, where the phrase begins and ends in `tokens`
    scores, uses : (n_ids,) float64 and int64, changed: last score as a phrase, and how often the id was written
    out, ends : written: ids, and how many ids stand before the end of each sentence

    Returns
    -------
    number of ids written, number of sentences that ended
    """
    sentence: Any = np.int64(state[0])
    first: Any = np.int64(state[1]) - 1
    so_far = state[2]
    n_ids: Any = np.int64(state[3])
    n_out = 0
    n_ends = 0
    for position in range(begin, end):
        if position == offsets[sentence + 1]:
            if first >= 0:
                for place in range(first, position):
                    out[n_out] = tokens[place]
                    n_out += 1
                first = -1
            ends[n_ends] = n_out
            n_ends += 1
            sentence += 1
        word = tokens[position]
        longer = (so_far * delimiter[1] + delimiter[0]) * powers[word] + hashes[word]
        if connectors[word]:
            so_far = longer
            if first < 0:
                out[n_out] = word
                n_out += 1
            continue
        so_far = hashes[word]
        if first < 0:
            first = position
            continue
        slot = find_slot(keys, longer)
        a = counts[find_slot(keys, hashes[tokens[first]])]
        b = counts[find_slot(keys, hashes[word])]
        value = score(a, b, counts[slot], scoring, limits[0], limits[1], limits[2])
        if value > limits[3]:
            if ids[slot] < 0:
                ids[slot] = n_ids
                new[n_ids, 0] = first
                new[n_ids, 1] = position + 1
                n_ids += 1
            scores[ids[slot]] = value
            out[n_out] = ids[slot]
            n_out += 1
            first = -1
        else:
            for place in range(first, position):
                out[n_out] = tokens[place]
                n_out += 1
            first = position
    if end == len(tokens):
        if first >= 0:
            for place in range(first, end):
                out[n_out] = tokens[place]
                n_out += 1
        ends[n_ends] = n_out
        n_ends += 1
    for place in range(n_out):
        uses[out[place]] += 1
    state[0] = sentence
    state[1] = first + 1
    state[2] = so_far
    state[3] = n_ids
    return n_out, n_ends
