"""fastText's .bin as its program writes it, and a slow plain reading of n-grams to compare with."""

import struct

import numpy as np

ENTRIES = [("the", 1061396), ("</s>", 1000), ("naïve", 12), ("北京", 5)]
DIM, BUCKETS, MIN_N, MAX_N = 2, 7, 1, 3


def rows(n_rows, dim=DIM):
    """Numbers whose sums are rounded."""
    return np.random.default_rng(7).standard_normal((n_rows, dim)).astype(np.float32)


def fasttext_bytes(
    entries=ENTRIES,
    dim=DIM,
    buckets=BUCKETS,
    min_n=MIN_N,
    max_n=MAX_N,
    model=2,
    version=12,
    labels=0,
    pruned=-1,
    quantized=False,
    kind=0,
    matrix=None,
):
    """A file; the output matrix is zeros."""
    matrix = rows(len(entries) + buckets, dim) if matrix is None else matrix
    n_words = len(entries)
    data = struct.pack("<ii", 793712314, version)
    data += struct.pack("<12id", dim, 5, 5, 1, 5, 1, 2, model, buckets, min_n, max_n, 100, 1e-4)
    data += struct.pack("<3i2q", n_words + labels, n_words, labels, sum(count for _, count in entries), pruned)
    for word, count in entries:
        data += (word if isinstance(word, bytes) else word.encode()) + b"\0" + struct.pack("<qb", count, kind)
    data += struct.pack("<?qq", quantized, n_words + buckets, dim) + matrix.tobytes()
    return data + struct.pack("<?qq", quantized, n_words, dim) + bytes(4 * n_words * dim)


def plain_ngrams(word, min_n=MIN_N, max_n=MAX_N):
    """The n-grams of a word by characters, in fastText's order."""
    brackets = f"<{word}>"
    for start in range(len(brackets)):
        for length in range(1, max_n + 1):
            piece = brackets[start : start + length]
            if len(piece) == length >= min_n and not (length == 1 and start in (0, len(brackets) - 1)):
                yield piece


def plain_bucket(piece, buckets=BUCKETS):
    """FNV-1a of 32 bits, each byte taken as a signed one."""
    code = 2166136261
    for byte in piece.encode():
        code = (code ^ (byte if byte < 128 else byte | 0xFFFFFF00)) * 16777619 % 2**32
    return code % buckets


def plain_vector(word, entries=ENTRIES, min_n=MIN_N, max_n=MAX_N, buckets=BUCKETS):
    """A word's vector: the mean in float32, one row after the other."""
    words = [known for known, _ in entries]
    matrix = rows(len(words) + buckets)
    parts = [matrix[words.index(word)]] if word in words else []
    if word != "</s>":
        parts += [matrix[len(words) + plain_bucket(piece, buckets)] for piece in plain_ngrams(word, min_n, max_n)]
    total = np.zeros(DIM, np.float32)
    for part in parts:
        total += part
    return total * np.float32(1 / len(parts))
