"""Lines of words and numbers, written in numba."""

from typing import IO

import numpy as np
import numpy.typing as npt

from w2v.formats.rows.decimals import WIDEST, write_float32
from w2v.jit import jit
from w2v.npy import Matrix

_NEWLINE = ord("\n")


@jit()
def format_rows(words, word_ends, separator, values, bits, out):  # type: ignore[no-untyped-def]
    """Write lines into `out`; returns how many bytes.

    Parameters
    ----------
    words : (n_bytes,) uint8, the words without separators
    word_ends : (n_rows,) int64, where each word ends in `words`; an empty word is none, and no separator follows it
    separator : the byte between two fields
    values : (n_rows, dim) float32, finite
    bits : (n_rows, dim) uint32, the same memory
    out : (n_bytes + n_rows * (1 + dim * WIDEST),) uint8 or longer, filled
    """
    position = 0
    start = 0
    for row in range(values.shape[0]):
        for source in range(start, word_ends[row]):
            out[position] = words[source]
            position += 1
        has_word = start < word_ends[row]
        start = word_ends[row]
        for column in range(values.shape[1]):
            if has_word or column > 0:
                out[position] = separator
                position += 1
            position = write_float32(values[row, column], bits[row, column], out, position)
        out[position] = _NEWLINE
        position += 1
    return position


def write_rows(file: IO[bytes], words: list[bytes], rows: Matrix, separator: bytes = b" ") -> None:
    """Write one block of lines; an empty word is left out with its separator."""
    joined = b"".join(words)
    ends = np.cumsum([len(word) for word in words], dtype=np.int64)
    out: npt.NDArray[np.uint8] = np.empty(len(joined) + len(words) * (1 + rows.shape[1] * (1 + WIDEST)), np.uint8)
    n_bytes = format_rows(np.frombuffer(joined, np.uint8), ends, ord(separator), rows, rows.view(np.uint32), out)
    file.write(out[:n_bytes].tobytes())
