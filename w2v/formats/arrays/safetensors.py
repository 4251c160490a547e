"""safetensors: eight bytes of length, a JSON header, then the tensors. The tensors are those of `w2v.formats.arrays.named_arrays`.

The format is small enough to be read and written here, without the package: https://huggingface.co/docs/safetensors
"""

from __future__ import annotations

import contextlib
import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError
from w2v.formats.arrays.named_arrays import StoredArray, arrays_to_write, read_arrays, write_elements
from w2v.formats.compressed_files import Content, create_content, open_content
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.vectors.word_vectors import WordVectors

_DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U64": "<u8",
    "U32": "<u4",
    "U16": "<u2",
    "U8": "|u1",
}
_ITEM_BYTES = {**{name: int(dtype[2:]) for name, dtype in _DTYPES.items()}, "BOOL": 1, "BF16": 2, "F8_E4M3": 1, "F8_E5M2": 1}
_MAX_HEADER_BYTES = 1 << 20  # thousands of tensors; the format allows 100 MB, which take long to parse
_ALIGNMENT = 8


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        a header that is no JSON, lies about sizes or leaves gaps, or tensors that make no vectors.
    """
    with open_content(path, options, seekable=True) as content:
        return read_arrays(path, stored_tensors(content), options)


def stored_tensors(content: Content) -> dict[str, StoredArray]:
    """The tensors of known dtypes by name; all sizes have been compared with that of the file.

    Raises
    ------
    FormatError
        a header that is no JSON, lies about sizes or leaves gaps.
    """
    header_end, header = _read_header(content)
    return _stored_arrays(content, header, header_end)


def _read_header(content: Content) -> tuple[int, dict[str, Any]]:
    start = content.file.read(8)
    n_header = int.from_bytes(start, "little")
    if len(start) < 8 or not 2 <= n_header <= min(_MAX_HEADER_BYTES, content.max_bytes - 8):
        raise FormatError(
            f"{content.path} must begin with the length of its header, at most {_MAX_HEADER_BYTES} and inside the file: found {n_header}"
        )
    text = content.file.read(n_header)
    try:
        header = json.loads(text.decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{content.path}: the header must be JSON: {error}") from None
    if len(text) < n_header or not isinstance(header, dict):
        raise FormatError(f"{content.path}: the header must be a JSON object of {n_header} bytes: found {text[:40]!r}")
    return 8 + n_header, header


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _stored_arrays(content: Content, header: dict[str, Any], header_end: int) -> dict[str, StoredArray]:
    """The tensors of known dtypes; all of them must lie side by side to the end of the file, as the format demands."""
    path = content.path
    spans = []
    arrays = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        dtype, shape, first, last = _check_entry(path, name, entry)
        spans.append((first, last))
        if dtype in _DTYPES:
            opener = functools.partial(_open_data, content, header_end + first)
            arrays[name] = StoredArray(np.dtype(_DTYPES[dtype]), shape, opener)
    end = 0
    for first, last in sorted(spans):
        if first != end:
            raise FormatError(f"{path}: the tensors must lie side by side: one begins at byte {first}, the one before ends at {end}")
        end = last
    size = content.max_bytes - header_end
    if end != size:
        raise FormatError(
            f"{path}: the tensors must end with the file: they end at byte {header_end + end}, the file at {content.max_bytes}"
        )
    return arrays


def _check_entry(path: Path, name: str, entry: Any) -> tuple[str, tuple[int, ...], int, int]:
    entry = entry if isinstance(entry, dict) else {}
    dtype, shape, offsets = entry.get("dtype"), entry.get("shape"), entry.get("data_offsets")
    if not (isinstance(dtype, str) and dtype in _ITEM_BYTES and _are_sizes(shape) and _are_sizes(offsets) and len(offsets) == 2):
        raise FormatError(f"{path}: the tensor {name[:60]!r} must have dtype, shape and data_offsets: found {str(entry)[:80]}")
    n_bytes = _ITEM_BYTES[dtype]
    for length in shape:
        n_bytes *= length
    if offsets[1] - offsets[0] != n_bytes:
        found = f"data_offsets {offsets} are not"
        raise FormatError(f"{path}: the tensor {name[:60]!r} of shape {shape} and dtype {dtype} needs {n_bytes} bytes: its {found}")
    return dtype, tuple(shape), offsets[0], offsets[1]


def _are_sizes(values: Any) -> bool:
    return isinstance(values, list) and len(values) < 64 and all(type(value) is int and 0 <= value < 2**63 for value in values)


@contextlib.contextmanager
def _open_data(content: Content, start: int) -> Iterator[BinaryIO]:
    content.file.seek(start)
    yield content.file


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; ``safetensors.numpy.load_file`` reads it.

    Raises
    ------
    FormatError
        a word that is empty, too long or not Unicode, or a number that is not finite.
    """
    with create_content(path) as file:
        write_tensors(file, {name: [array] for name, array in arrays_to_write(vectors, path).items()})


def write_tensors(file: IO[bytes], tensors: Mapping[str, Sequence[npt.NDArray[Any]]]) -> None:
    """Write tensors under their names, those with larger elements first.

    Parameters
    ----------
    tensors : each of one or more arrays, the rows of one behind those of the other, so that nobody has to join large ones
    """
    names = {np.dtype(dtype): name for name, dtype in _DTYPES.items()}
    header: dict[str, Any] = {"__metadata__": {"format": "w2v", "version": "1"}}
    end = 0
    ordered = sorted(tensors.items(), key=lambda item: -item[1][0].itemsize)  # each begins at a multiple of its element's size
    for name, (array, *more) in ordered:
        first, end = end, end + array.nbytes + sum(part.nbytes for part in more)
        shape = [len(array) + sum(map(len, more)), *array.shape[1:]]
        header[name] = {"dtype": names[array.dtype.newbyteorder("<")], "shape": shape, "data_offsets": [first, end]}
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    file.write(len(text).to_bytes(8, "little") + text)
    for _, parts in ordered:
        for part in parts:
            write_elements(file, part)
