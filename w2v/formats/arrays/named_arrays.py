"""Vectors as a few named arrays: what npz and safetensors files hold.

    vectors    (n_words, dim) float32, a row a word
    words      (n_bytes,) uint8, the words in UTF-8, one behind the other
    word_ends  (n_words,) int64, where each word ends in `words`
    counts     (n_words,) int64, occurrences in training; absent where unknown
    tokenizer  (n_bytes,) uint8, the settings of the tokenizer in JSON; absent where unknown

numpy's own arrays of strings would lose NULs at the end of a word and need four bytes for each letter of the longest word in
each row. They are read, though: ``numpy.savez(path, words=[...], vectors=...)`` makes such a file.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.errors import ConfigError, FormatError
from w2v.formats.build_vectors import build_vectors
from w2v.formats.read_options import MAX_DIM, MAX_WORD_BYTES, ReadOptions
from w2v.formats.writable_rows import words_to_write
from w2v.npy import Matrix
from w2v.vectors.word_vectors import WordVectors

_BLOCK_BYTES = 1 << 22
_MAX_TOKENIZER_BYTES = 1 << 16
_EXACT_IN_FLOAT32 = ("f2", "f4")


@dataclass(frozen=True)
class StoredArray:
    """An array in a file whose size has been compared with that of the file.

    Attributes
    ----------
    read : ``read(n)`` gives the first n rows of the array in blocks, see `block_borders`
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    read: Callable[[int], Iterator[npt.NDArray[Any]]]


def block_borders(n_rows: int, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Begin and end of blocks of some MB, in rows, of the first rows of an array of this dtype and shape."""
    block = max(1, _BLOCK_BYTES // (dtype.itemsize * math.prod(shape[1:])))
    for start in range(0, n_rows, block):
        yield start, min(start + block, n_rows)


def read_arrays(path: Path, arrays: Mapping[str, StoredArray], options: ReadOptions) -> WordVectors:
    """The vectors that named arrays make; other arrays are not looked at.

    Raises
    ------
    FormatError
        an array that is missing, or has another shape or dtype than it must have.
    """
    arrays = _with_names(path, arrays, options)
    vectors = arrays["vectors"]
    if len(vectors.shape) != 2 or not vectors.shape[0] or not 1 <= vectors.shape[1] <= MAX_DIM:
        raise FormatError(f"{path}: vectors must have shape (words, dim from 1 to {MAX_DIM}): found {vectors.shape}")
    n_rows = vectors.shape[0] if options.limit is None else min(vectors.shape[0], options.limit)
    words = _read_words(path, arrays, options, n_rows)
    counts = None
    if "counts" in arrays:
        counts = read_integers(path, "counts", arrays["counts"], vectors.shape[0], n_rows)
    tokenizer = _read_tokenizer(path, arrays)
    return build_vectors(path, words, read_matrix(path, vectors, n_rows, options), options, counts, tokenizer)


def _with_names(path: Path, arrays: Mapping[str, StoredArray], options: ReadOptions) -> Mapping[str, StoredArray]:
    """The arrays, `vectors` and `words` among them; in a repair under other names, where only two arrays can be meant."""
    missing = [name for name in ("vectors", "words") if name not in arrays]
    if not missing:
        return arrays
    has = ", ".join(f"{name} {stored.shape} {stored.dtype}" for name, stored in sorted(arrays.items())[:20]) or "none"
    fault = f"{path} must have {' and '.join(f'an array named {name}' for name in missing)}: it has {has}"
    meant = [
        (matrix, words)
        for matrix, numbers in arrays.items()
        for words, texts in arrays.items()
        if len(numbers.shape) == 2 and numbers.dtype.kind == "f" and texts.dtype.kind == "U" and texts.shape == numbers.shape[:1]
    ]
    if len(meant) != 1:
        raise FormatError(f"{fault}; numpy.savez(path, words=[...], vectors=matrix) makes such a file")
    ((matrix, words),) = meant
    options.tolerate(fault, f"{words} is read as words, {matrix} as vectors")
    return {"words": arrays[words], "vectors": arrays[matrix]}


def _read_words(path: Path, arrays: Mapping[str, StoredArray], options: ReadOptions, n_rows: int) -> list[str]:
    """The first words of as many as there are vectors."""
    n_words = arrays["vectors"].shape[0]
    words = arrays["words"]
    if words.dtype.kind == "U" and words.shape == (n_words,) and words.dtype.itemsize:
        return _read_unicode(path, words, n_rows)
    if words.dtype != np.uint8 or len(words.shape) != 1 or "word_ends" not in arrays:
        wanted = f"bytes of UTF-8 beside word_ends, or {n_words} strings"
        raise FormatError(f"{path}: words must be {wanted}: found shape {words.shape} and dtype {words.dtype}")
    ends = read_integers(path, "word_ends", arrays["word_ends"], n_words, n_rows)
    lengths = np.diff(ends, prepend=0)
    reaches_end = ends[-1] == words.shape[0] if n_rows == n_words else ends[-1] <= words.shape[0]
    if ends[0] < 1 or (lengths < 1).any() or (lengths > MAX_WORD_BYTES).any() or not reaches_end:
        what = f"rise from above 0 to {words.shape[0]}, by at most {MAX_WORD_BYTES} each"
        raise FormatError(f"{path}: word_ends must {what}: found {ends[:3].tolist()} to {ends[-1]}")
    text = _read_bytes(words, int(ends[-1]))
    return options.decode(
        [text[end - length : end] for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)],
        lambda row, _: f"{path}, word {row + 1}",
    )


def _read_unicode(path: Path, words: StoredArray, n_rows: int) -> list[str]:
    """Words of numpy's string arrays, which the file holds with four bytes a letter."""
    result: list[str] = []
    for block in words.read(n_rows):
        try:
            found = block.tolist()
            "".join(found).encode()
        except ValueError as error:
            raise FormatError(f"{path}: words must be Unicode: {error}") from None
        result += found
    if not all(result):
        raise FormatError(f"{path}, word {result.index('') + 1}: words must not be empty")
    return result


def read_integers(path: Path, name: str, stored: StoredArray, n: int, n_read: int) -> npt.NDArray[np.int64]:
    """The first `n_read` of `n` integers.

    Raises
    ------
    FormatError
        another shape or dtype.
    """
    if stored.shape != (n,) or stored.dtype.kind not in "iu" or stored.dtype == np.uint64:
        raise FormatError(f"{path}: {name} must be {n} integers: found shape {stored.shape} and dtype {stored.dtype}")
    return np.concatenate([block.astype(np.int64) for block in stored.read(n_read)])


def _read_bytes(stored: StoredArray, n_read: int) -> bytes:
    return b"".join(block.tobytes() for block in stored.read(n_read))


def _read_tokenizer(path: Path, arrays: Mapping[str, StoredArray]) -> CorpusConfig | None:
    stored = arrays.get("tokenizer")
    if stored is None:
        return None
    if stored.dtype != np.uint8 or len(stored.shape) != 1 or stored.shape[0] > _MAX_TOKENIZER_BYTES:
        raise FormatError(f"{path}: tokenizer must be bytes of JSON: found shape {stored.shape} and dtype {stored.dtype}")
    return parse_tokenizer(path, _read_bytes(stored, stored.shape[0]))


def parse_tokenizer(path: Path, text: bytes) -> CorpusConfig:
    """The settings that `tokenizer_json` wrote.

    Raises
    ------
    FormatError
        no JSON object, or settings that this w2v does not know.
    """
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path}: tokenizer must be JSON: {error}") from None
    return tokenizer_from_json(path, "tokenizer", values)


def tokenizer_from_json(path: Path, name: str, values: Any) -> CorpusConfig:
    """The settings of a tokenizer that lie in a file under `name`.

    Raises
    ------
    FormatError
        no JSON object, or settings that this w2v does not know.
    """
    if not isinstance(values, dict):
        raise FormatError(f"{path}: {name} must be a JSON object: found {str(values)[:40]}")
    try:
        return CorpusConfig.from_json(values)
    except ConfigError as error:
        raise FormatError(f"{path}: {name} must be settings that w2v knows: {error}") from None


def tokenizer_json(tokenizer: CorpusConfig) -> bytes:
    """The settings of a tokenizer as JSON in UTF-8."""
    return json.dumps(tokenizer.to_json(), ensure_ascii=False).encode()


def read_matrix(path: Path, stored: StoredArray, n_rows: int, options: ReadOptions) -> Matrix:
    """The first rows; whole blocks are converted, so that the matrix is in memory once.

    Raises
    ------
    FormatError
        no floats, or float64 unless the options repair.
    """
    if stored.dtype.kind != "f":
        raise FormatError(f"{path}: vectors must be float32: found {stored.dtype}")
    if stored.dtype.newbyteorder("=").str[1:] not in _EXACT_IN_FLOAT32:
        options.tolerate(f"{path}: vectors must be float32: found {stored.dtype}", "rounded to float32")
    matrix: Matrix = np.empty((n_rows, stored.shape[1]), np.float32)
    start = 0
    for block in stored.read(n_rows):
        with np.errstate(over="ignore"):
            matrix[start : start + len(block)] = block
        start += len(block)
    return matrix


def arrays_to_write(vectors: WordVectors, path: Path) -> dict[str, npt.NDArray[Any]]:
    """The arrays of the module docstring, `vectors` last, as it is.

    Raises
    ------
    FormatError
        nothing to write, a word that is empty, too long or not Unicode, or a number that is not finite.
    """
    encoded = words_to_write(vectors, path)
    arrays: dict[str, npt.NDArray[Any]] = {
        "words": np.frombuffer(b"".join(encoded), np.uint8),
        "word_ends": np.cumsum([len(word) for word in encoded], dtype=np.int64),
    }
    if vectors.counts.any():
        arrays["counts"] = vectors.counts
    if vectors.tokenizer is not None:
        arrays["tokenizer"] = np.frombuffer(tokenizer_json(vectors.tokenizer), np.uint8)
    return {**arrays, "vectors": vectors.matrix}


def write_elements(file: IO[bytes], array: npt.NDArray[Any]) -> None:
    """Write the elements in C order, little-endian, in blocks of rows."""
    little = array.dtype.newbyteorder("<")
    for start, end in block_borders(len(array), array.dtype, array.shape):
        file.write(np.ascontiguousarray(array[start:end], little).tobytes())
