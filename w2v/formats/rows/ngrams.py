"""fastText's character n-grams: a word in brackets, ``<word>``, cut into pieces of `min_n` to `max_n` characters, hashed into buckets.

Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information", section 3.2. The hash is FNV-1a of 32 bits with bytes
taken as signed, as fastText has had it since its first models.
"""

import numpy as np

from w2v.jit import jit

_FNV_OFFSET, _FNV_PRIME, _32_BITS = 2166136261, 16777619, 0xFFFFFFFF
_OPEN, _CLOSE = ord("<"), ord(">")
_END_OF_SENTENCE = np.frombuffer(b"</s>", np.uint8)  # has no n-grams


@jit()
def add_ngrams(word, min_n, max_n, ngrams, total):  # type: ignore[no-untyped-def]
    """Add the vectors of a word's n-grams to `total`, in fastText's order, so that the sums agree bit for bit.

    A character is a byte of UTF-8 with the continuation bytes behind it; a bracket alone is no n-gram.

    Parameters
    ----------
    word : (n,) uint8, UTF-8 with its brackets
    ngrams : (n_buckets, dim) float32
    total : (dim,) float32, changed

    Returns
    -------
    n_ngrams : how many were added
    """
    n_ngrams = 0
    for start in range(word.size):
        if word[start] & 0xC0 == 0x80:
            continue
        code = np.uint64(_FNV_OFFSET)
        end = start
        length = 0
        while end < word.size and length < max_n:
            length += 1
            is_inside = True
            while is_inside:
                signed = np.uint64(word[end]) | np.uint64(0xFFFFFF00 if word[end] >= 0x80 else 0)
                code = ((code ^ signed) * np.uint64(_FNV_PRIME)) & np.uint64(_32_BITS)
                end += 1
                is_inside = end < word.size and word[end] & 0xC0 == 0x80
            if length >= min_n and not (length == 1 and (start == 0 or end == word.size)):
                row = np.int64(code % np.uint64(len(ngrams)))
                for column in range(total.size):
                    total[column] += ngrams[row, column]
                n_ngrams += 1
    return n_ngrams


@jit()
def mean_vectors(text, bounds, min_n, max_n, matrix, n_words, out):  # type: ignore[no-untyped-def]
    """The vector of each word: the mean of its own and of its n-grams'.

    Parameters
    ----------
    text : (n,) uint8
    bounds : (n_rows, 2) int64, where the words of the first rows begin and end in `text`
    matrix : (n_words + n_buckets, dim) float32, the vectors of the words, then of the buckets
    out : (n_rows, dim) float32, filled
    """
    longest = 0
    for row in range(len(bounds)):
        longest = max(longest, bounds[row, 1] - bounds[row, 0])
    word = np.empty(longest + 2, np.uint8)
    ngrams = matrix[n_words:]
    for row in range(len(bounds)):
        n = bounds[row, 1] - bounds[row, 0]
        word[0] = _OPEN
        word[1 : n + 1] = text[bounds[row, 0] : bounds[row, 1]]
        word[n + 1] = _CLOSE
        n_vectors = 1
        for column in range(out.shape[1]):
            out[row, column] = matrix[row, column]
        if n != _END_OF_SENTENCE.size or not np.array_equal(word[1 : n + 1], _END_OF_SENTENCE):
            n_vectors += add_ngrams(word[: n + 2], min_n, max_n, ngrams, out[row])
        scale = np.float32(1.0 / n_vectors)
        for column in range(out.shape[1]):
            out[row, column] *= scale
