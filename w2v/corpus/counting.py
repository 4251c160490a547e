"""Kernels that find, hash, count and number the tokens of canonical bytes, without a Python object for any of them.

The table is an open-addressing one. A slot holds a word's first 16 bytes, its count and its id, so that nearly every token is
found, compared and counted in one cache line; a longer word is compared with all its bytes in the arena: no decision rests
on a hash. Tokens go through in batches, one pass to find and hash them and to prefetch their slots, a second one to look
them up, so that many cache misses are waited for at once. English text takes 11 ns a token; without batches 17, and 14 with
slots of 16 bytes and counts apart.

    slots      (4 x n_slots,) uint64   bytes 0-7; bytes 8-15; tag (16 bits), length (17), id + 1 (31), all 0 if free; count
    offsets    (capacity,) int64       where a word begins in the arena
    lengths    (capacity,) int32       its bytes
    arena      (n,) uint64             the words; each begins a new element, the rest of its last element is 0
"""

from typing import Any

import numpy as np

from w2v.corpus.intrinsics import load8, prefetch, trailing_zeros
from w2v.corpus.tokens.scanner import LINE_END, LONGEST_TOKEN
from w2v.jit import jit

LINE = -1  # the end of a line, among ids
DONE, FULL, TOO_LONG = 0, 1, 2

MOST_DIGITS = 19  # of an int64

_BATCH = 64
_BACKSLASH, _TAB, _RETURN, _NEWLINE, _LETTER_T, _LETTER_R, _DIGIT_0 = b"\\\t\r\ntr0"
_HIGH_BITS = np.uint64(0x8080808080808080)
ID_BITS = np.uint64((1 << 31) - 1)
_TAG_BITS = np.uint64((1 << 16) - 1)
_PART_BITS = np.uint64((1 << 20) - 1)  # below those of the tag
# Odd numbers with well mixed bits: 2^64 / golden ratio, and the second prime of xxHash64.
_MIX1 = np.uint64(0x9E3779B97F4A7C15)
_MIX2 = np.uint64(0xC2B2AE3D27D4EB4F)
_1, _2, _3, _4, _8, _17, _20, _31, _32 = (np.uint64(n) for n in (1, 2, 3, 4, 8, 17, 20, 31, 32))


@jit()
def _ends(eight: Any) -> Any:
    """The high bit of each byte that is LINE_END or TOKEN_END: 0xF8 and above have their five high bits set, UTF-8 has no such byte."""
    bits = eight & (eight << _1)
    bits &= bits << _2
    return bits & (eight << _4) & _HIGH_BITS


@jit()
def _hash_start(first: Any) -> Any:
    return first * _MIX1


@jit()
def _hash_step(hash_: Any, eight: Any) -> Any:
    return (hash_ ^ (hash_ >> _32) ^ eight) * _MIX2


@jit()
def _hash_end(hash_: Any, length: Any) -> Any:
    return (hash_ ^ (hash_ >> _32) ^ np.uint64(length)) * _MIX1


@jit()
def _below(n_bytes: Any) -> Any:
    """A uint64 that selects the first `n_bytes` of eight; 0 of 0, as shifting by 64 would not."""
    return ~np.uint64(0) >> (_8 * np.uint64(8 - n_bytes)) if n_bytes > 0 else np.uint64(0)


@jit()
def _elements(length: Any) -> Any:
    return (length + 7) >> 3


@jit()
def _is_word(canonical: Any, position: Any, length: Any, arena: Any, offset: Any) -> Any:
    """The token of more than 16 bytes, the first 16 of which are the word's, is the word."""
    last = _elements(length) - 1
    for k in range(2, last):
        if arena[offset + k] != load8(canonical, position + 8 * k):
            return False
    return arena[offset + last] == load8(canonical, position + 8 * last) & _below(length - 8 * last)


@jit()
def count_tokens(
    canonical: Any, position: Any, end: Any, slots: Any, offsets: Any, lengths: Any, arena: Any, n_words: Any, arena_used: Any,
    ids: Any, stride: Any, offset_of_ids: Any,
) -> Any:  # fmt: skip
    """Count tokens, add new words to the table, and write an id for each token.

    Parameters
    ----------
    canonical : (end + PADDING or more,) uint8; what is behind `end` are ends too
    position, end : range of canonical bytes to read; `end` follows an end of a token
    slots, offsets, lengths, arena : the table, changed in place; there are more slots than `offsets` has room for words
    n_words, arena_used : how much of the table is in use
    ids : (end - position or more,) int32, written: word x stride + offset_of_ids for a token, LINE for the end of a line
    stride, offset_of_ids : make the ids of several tables distinct

    Returns
    -------
    status : DONE, FULL (make the table larger, and go on from `position`), or TOO_LONG (the token at `position`)
    position, number of ids written, n_words, arena_used
    """
    positions, sizes = np.empty(_BATCH, np.int64), np.empty(_BATCH, np.int64)
    firsts, seconds, hashes = np.empty(_BATCH, np.uint64), np.empty(_BATCH, np.uint64), np.empty(_BATCH, np.uint64)
    n_slots = slots.shape[0] // 4
    shift = np.uint64(64) - trailing_zeros(np.uint64(n_slots))
    n_ids = 0
    while position < end:
        n = 0
        while position < end and n < _BATCH:
            first, second = load8(canonical, position), np.uint64(0)
            ends = _ends(first)
            if ends != 0:
                length = np.int64(trailing_zeros(ends) >> _3)
                first &= _below(length)
                hash_ = _hash_start(first)
            else:
                hash_ = _hash_start(first)
                length = np.int64(8)
                eight = second = load8(canonical, position + 8)
                ends = _ends(eight)
                while ends == 0:
                    hash_ = _hash_step(hash_, eight)
                    length += 8
                    eight = load8(canonical, position + length)
                    ends = _ends(eight)
                rest = np.int64(trailing_zeros(ends) >> _3)
                if length == 8:
                    second &= _below(rest)
                if rest:
                    hash_ = _hash_step(hash_, eight & _below(rest))
                    length += rest
            hash_ = _hash_end(hash_, length)
            prefetch(slots, 4 * np.int64(hash_ >> shift))
            positions[n], sizes[n], firsts[n], seconds[n], hashes[n] = position, length, first, second, hash_
            n += 1
            position += length + 1
        for k in range(n):
            at, length, first, second, hash_ = positions[k], sizes[k], firsts[k], seconds[k], hashes[k]
            if length > LONGEST_TOKEN:
                return TOO_LONG, at, n_ids, n_words, arena_used
            if length > 0:
                slot = 4 * np.int64(hash_ >> shift)
                label = (hash_ >> _20 & _TAG_BITS) << _17 | np.uint64(length)
                while True:
                    found = slots[slot + 2]
                    if slots[slot] == first and slots[slot + 1] == second and found >> _31 == label:
                        word = np.int64(found & ID_BITS) - 1
                        if length <= 16 or _is_word(canonical, at, length, arena, offsets[word]):
                            break
                    if found == 0:
                        used = arena_used + _elements(length)
                        if n_words == offsets.shape[0] or used > arena.shape[0]:
                            return FULL, at, n_ids, n_words, arena_used
                        word = n_words
                        n_words += 1
                        slots[slot], slots[slot + 1], slots[slot + 2] = first, second, label << _31 | np.uint64(n_words)
                        offsets[word], lengths[word] = arena_used, length
                        for element in range(arena_used, used):
                            arena[element] = load8(canonical, at + 8 * (element - arena_used))
                        arena[used - 1] &= _below(length - 8 * (used - 1 - arena_used))
                        arena_used = used
                        break
                    slot = (slot + 4) & (4 * n_slots - 1)
                slots[slot + 3] += _1
                ids[n_ids] = word * stride + offset_of_ids
                n_ids += 1
            if canonical[at + length] == LINE_END:
                ids[n_ids] = LINE
                n_ids += 1
    return DONE, position, n_ids, n_words, arena_used


@jit()
def _hash_word(offset: Any, length: Any, arena: Any) -> Any:
    """The hash of a word in the arena, as `count_tokens` computes it."""
    hash_ = _hash_start(arena[offset])
    for element in range(offset + 1, offset + _elements(length)):
        hash_ = _hash_step(hash_, arena[element])
    return _hash_end(hash_, length)


@jit()
def part_words(offsets: Any, lengths: Any, arena: Any, n_parts: Any, parts: Any) -> None:
    """Write into `parts`, (n_words,) uint16, a part below `n_parts` for each word: bits of its hash that choose neither slot nor tag."""
    for word in range(parts.shape[0]):
        parts[word] = (_hash_word(offsets[word], np.int64(lengths[word]), arena) & _PART_BITS) * np.uint64(n_parts) >> _20


@jit()
def move_slots(old: Any, slots: Any, offsets: Any, lengths: Any, arena: Any) -> None:
    """Put all words of `old` slots into others, which are free and more."""
    n_slots = slots.shape[0] // 4
    shift = np.uint64(64) - trailing_zeros(np.uint64(n_slots))
    for source in range(0, old.shape[0], 4):
        if old[source + 2] == 0:
            continue
        word = np.int64(old[source + 2] & ID_BITS) - 1
        slot = 4 * np.int64(_hash_word(offsets[word], np.int64(lengths[word]), arena) >> shift)
        while slots[slot + 2] != 0:
            slot = (slot + 4) & (4 * n_slots - 1)
        for k in range(4):  # assigning slices compiles for two seconds
            slots[slot + k] = old[source + k]


@jit()
def spell_words(words: Any, offsets: Any, lengths: Any, arena_bytes: Any, end: Any, out: Any) -> Any:
    """Write the bytes of the chosen words into `out`, an `end` behind each; return how many bytes."""
    n = 0
    for word in words:
        offset = 8 * offsets[word]
        for k in range(lengths[word]):
            out[n + k] = arena_bytes[offset + k]
        n += lengths[word]
        out[n] = end
        n += 1
    return n


@jit()
def write_counted_words(words: Any, offsets: Any, lengths: Any, arena_bytes: Any, counts: Any, out: Any) -> Any:
    """Write the chosen words as lines of ``vocabulary.tsv`` (`Vocabulary.save`) into `out`; return how many bytes.

    `out` has room for two bytes for each of theirs, and MOST_DIGITS + 2 for each word.
    """
    digits = np.empty(MOST_DIGITS, np.uint8)
    n = 0
    for word in words:
        offset = 8 * offsets[word]
        for k in range(offset, offset + lengths[word]):
            byte = arena_bytes[k]
            escape = 0
            if byte == _BACKSLASH:
                escape = _BACKSLASH
            elif byte == _TAB:
                escape = _LETTER_T
            elif byte == _RETURN:
                escape = _LETTER_R
            if escape:
                out[n] = _BACKSLASH
                n += 1
                byte = np.uint8(escape)
            out[n] = byte
            n += 1
        out[n] = _TAB
        n += 1
        rest = counts[word]
        n_digits = 0
        while rest or not n_digits:
            digits[n_digits] = _DIGIT_0 + rest % 10
            rest //= 10
            n_digits += 1
        for k in range(n_digits):
            out[n + k] = digits[n_digits - 1 - k]
        n += n_digits
        out[n] = _NEWLINE
        n += 1
    return n
