"""fastText's .bin: a whole model, of which the vectors of the words and of their character n-grams are read. Never written.

    int32    magic number, version
    int32    dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate; float64 t
    int32    entries, words, labels; int64 tokens, pruned n-grams
    entries  each its bytes, NUL, int64 count, int8 kind
    bool     quantized; int64 rows, columns; float32 input matrix: a row a word, then a row a bucket of n-grams
    bool     quantized; int64 rows, columns; float32 output matrix

All little-endian, side by side without gaps (`FastText::saveModel` of fastText 0.9).
"""

import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError, UnknownWordError
from w2v.formats.build_vectors import build_vectors
from w2v.formats.compressed_files import VectorFile, open_vector_file
from w2v.formats.read_options import MAX_DIM, MAX_WORD_BYTES, STRICT, ReadOptions, quote
from w2v.formats.rows.ngrams import add_ngrams, mean_vectors
from w2v.jit import jit
from w2v.npy import Matrix, map_or_read
from w2v.vectors.word_vectors import WordVectors

_MAGIC = (793712314).to_bytes(4, "little")
_VERSIONS = (11, 12)
_HEADER = struct.Struct("<4si12id3i2q")
_SIZES = struct.Struct("<?qq")
_ENTRY_END = struct.Struct("<xqb")
_SUPERVISED = 3
_LONGEST_NGRAM = 64


class _Header(NamedTuple):
    """The sizes that a file announces; n-grams have `min_n` to `max_n` characters."""

    dim: int
    n_words: int
    n_buckets: int
    min_n: int
    max_n: int


class SubwordVectors:
    """Vectors of the words of a fastText model, and of any other word by its character n-grams (Bojanowski et al. 2017, section 3.2).

    Attributes
    ----------
    vectors : of the words that the model knows
    """

    def __init__(self, vectors: WordVectors, ngrams: Matrix, min_n: int, max_n: int) -> None:
        self.vectors = vectors
        self._ngrams = ngrams
        self._min_n = min_n
        self._max_n = max_n

    def __repr__(self) -> str:
        n_ngrams, dim = self._ngrams.shape
        return f"<SubwordVectors: {len(self.vectors):,} words and {n_ngrams:,} n-grams x {dim} dimensions>"

    def vector(self, word: str) -> npt.NDArray[np.float32]:
        """(dim,) float32: a known word's vector, or the mean of the vectors of an unknown word's n-grams.

        Raises
        ------
        UnknownWordError
            an unknown word that is too short to have n-grams.
        FormatError
            a number in the file that is not finite.
        """
        if word in self.vectors:
            return self.vectors[word]
        total = np.zeros(self.vectors.dim, np.float32)
        brackets = np.frombuffer(b"<%b>" % word.encode("utf-8", "replace"), np.uint8)
        n_ngrams = add_ngrams(brackets, self._min_n, self._max_n, self._ngrams, total) if word != "</s>" else 0
        if not n_ngrams:
            raise UnknownWordError(word, self.vectors.vocabulary.close_matches(word))
        if not np.isfinite(total).all():
            raise FormatError(f"the numbers of the n-grams of {word[:60]!r} must be finite: the model is damaged")
        mean: npt.NDArray[np.float32] = total * np.float32(1 / n_ngrams)
        return mean


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """The vectors of the words, each the mean of its own and of its n-grams' as fastText gives them, with counts.

    Raises
    ------
    FormatError
        no such file, a quantized model or a classifier.
    """
    return _load(path, options).vectors


def load_subwords(path: str | Path) -> SubwordVectors:
    """The vectors of the words, and a way to those of all others; the n-grams stay on disk, memory-mapped.

    Raises
    ------
    FormatError
        no such file, a quantized model or a classifier.

    Examples
    --------
    >>> subwords = load_subwords("cc.de.300.bin")  # doctest: +SKIP
    >>> subwords.vectors.neighbors(subwords.vector("Wortvektorenfreund"))  # doctest: +SKIP
    """
    return _load(Path(path), STRICT)


def _load(path: Path, options: ReadOptions) -> SubwordVectors:
    with open_vector_file(path, options, seekable=True) as source:
        header = _read_header(source)
        data = np.frombuffer(map_or_read(source.stream), np.uint8)
        bounds, counts, position = _find_words(path, data, header.n_words)
        shape = (header.n_words + header.n_buckets, header.dim)
        matrix, end = _matrix(source, data, position, shape, "input")
        _check_output_matrix(source, data, end)
    bounds, counts = bounds[: options.limit], counts[: options.limit]
    words = options.decode(
        [data[start:end].tobytes() for start, end in zip(bounds[:, 0].tolist(), bounds[:, 1].tolist(), strict=True)],
        lambda row, byte: f"{path}, word {row + 1} (byte {bounds[row, 0] + byte})",
    )
    means: Matrix = np.empty((len(words), header.dim), np.float32)
    mean_vectors(data, bounds, header.min_n, header.max_n, matrix, header.n_words, means)
    vectors = build_vectors(path, words, means, options, counts)
    return SubwordVectors(vectors, matrix[header.n_words :], header.min_n, header.max_n)


def _read_header(source: VectorFile) -> _Header:
    """What a file announces; all sizes are compared with that of the file."""
    path = source.path
    head = source.stream.read(_HEADER.size)
    if len(head) < _HEADER.size or not head.startswith(_MAGIC):
        raise FormatError(f"{path} must begin with the {_HEADER.size} bytes of a fastText model's header: found {quote(head)}")
    fields = _HEADER.unpack(head)
    dim, model, n_buckets, min_n, max_n = (fields[index] for index in (2, 9, 10, 11, 12))
    n_entries, n_words, n_labels, _, n_pruned = fields[15:]
    if fields[1] not in _VERSIONS:
        raise FormatError(f"{path} must be of version {' or '.join(map(str, _VERSIONS))} of fastText's format: found {fields[1]}")
    if model == _SUPERVISED:
        raise FormatError(
            f"{path} must be a skip-gram or CBOW model: it is a classifier (supervised), whose vectors are made for its labels: "
            "fasttext print-word-vectors writes them as text, if they are wanted"
        )
    if n_pruned != -1:
        raise FormatError(f"{path} must not be quantized (.ftz): its vectors are approximations, use the .bin that it was made from")
    if not (1 <= dim <= MAX_DIM and model in (1, 2) and n_buckets >= 0 and min_n >= 0 and 0 <= max_n <= _LONGEST_NGRAM):
        found = f"dim {dim}, model {model}, bucket {n_buckets}, minn {min_n}, maxn {max_n}"
        raise FormatError(f"{path}: dim must be 1 to {MAX_DIM}, model 1 or 2, bucket, minn and maxn at least 0, maxn at most 64: {found}")
    if n_entries != n_words or n_labels or n_words < 1 or (max_n >= max(min_n, 1) and not n_buckets):
        found = f"{n_entries} entries, {n_words} words, {n_labels} labels, {n_buckets} buckets"
        raise FormatError(f"{path}: all entries must be words, and n-grams must have buckets: found {found}")
    needed = _HEADER.size + n_words * (1 + _ENTRY_END.size) + 2 * _SIZES.size + 4 * dim * (n_words + n_buckets)
    if needed > source.max_bytes:
        what = f"{n_words} words and {n_buckets} buckets of dim {dim}"
        raise FormatError(f"{path}: {what} need at least {needed} bytes: the file has {source.max_bytes}")
    return _Header(dim, n_words, n_buckets, min_n, max_n)


def _find_words(path: Path, data: npt.NDArray[np.uint8], n_words: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Where each word begins and ends in the file, (n_words, 2), their counts, and where the matrices begin."""
    bounds, counts = np.empty((n_words, 2), np.int64), np.empty(n_words, np.int64)
    n_found, position = scan_entries(data, _HEADER.size, bounds, counts)
    if n_found < n_words:
        wanted = f"a word of 1 to {MAX_WORD_BYTES} bytes, NUL, a count and the kind 0"
        raise FormatError(f"{path}, word {n_found + 1} (byte {position}): expected {wanted}: found {quote(data[position:][:80].tobytes())}")
    return bounds, counts, position


def _matrix(source: VectorFile, data: npt.NDArray[np.uint8], start: int, shape: tuple[int, int], name: str) -> tuple[Matrix, int]:
    """The float32 matrix at a byte, and where it ends."""
    first = start + _SIZES.size
    end = first + 4 * shape[0] * shape[1]
    if end > len(data):
        raise FormatError(f"{source.path}: the {name} matrix needs {end - start} bytes from byte {start} on: {len(data) - start} are left")
    is_quantized, *found = _SIZES.unpack(data[start:first].tobytes())
    if is_quantized:
        raise FormatError(f"{source.path} must not be quantized: use the .bin that it was made from")
    if tuple(found) != shape:
        raise FormatError(f"{source.path} (byte {start}): the {name} matrix must have shape {shape}: found {tuple(found)}")
    return data[first:end].view("<f4").reshape(shape).view(np.float32), end


def _check_output_matrix(source: VectorFile, data: npt.NDArray[np.uint8], start: int) -> None:
    """What follows is not read, but its end tells whether the file is whole."""
    sizes = data[start:][: _SIZES.size].tobytes()
    n_rows, dim = _SIZES.unpack(sizes)[1:] if len(sizes) == _SIZES.size else (-1, -1)
    found = len(data) - start
    if min(n_rows, dim) < 0 or _SIZES.size + 4 * n_rows * dim != found:
        source.options.tolerate(
            f"{source.path}: the file must end with the output matrix from byte {start} on: {found} bytes are left", "it is not needed"
        )


@jit()
def scan_entries(data, start, bounds, counts):  # type: ignore[no-untyped-def]
    """Find the words of the dictionary.

    Parameters
    ----------
    data : (n,) uint8, the file
    start : where the first entry begins
    bounds : (n_words, 2) int64, filled: where each word begins and ends
    counts : (n_words,) int64, filled

    Returns
    -------
    n_words : words found, fewer where an entry is wrong or the file ends
    position : where the next entry, or the wrong one, begins
    """
    position = start
    for row in range(len(bounds)):
        end = position
        while end < data.size and data[end] != 0 and end - position <= MAX_WORD_BYTES:
            end += 1
        after = end + 10  # NUL, count, kind
        if after > data.size or data[end] != 0 or end == position or data[after - 1] != 0:
            return row, position
        count = np.uint64(0)
        for byte in range(8):
            count |= np.uint64(data[end + 1 + byte]) << np.uint64(8 * byte)
        counts[row] = np.int64(count)
        if counts[row] < 0:
            return row, position
        bounds[row, 0] = position
        bounds[row, 1] = end
        position = after
    return len(bounds), position
