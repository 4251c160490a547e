"""safetensors: eight bytes of length, a JSON header, then the tensors. The tensors are those of `w2v.formats.arrays.named_arrays`.

Read by the package, written here (https://huggingface.co/docs/safetensors): the package writes whole contiguous arrays to a file's
name only, where a strided matrix would be in memory twice and nothing could be compressed, and orders its metadata at random.
"""

import functools
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, deserialize, safe_open

from w2v.errors import FormatError
from w2v.formats.arrays.named_arrays import StoredArray, arrays_to_write, block_borders, read_arrays, write_elements
from w2v.formats.compressed_files import VectorFile, create_vector_file, open_vector_file
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.vectors.word_vectors import WordVectors

_DTYPES = {f"{kind.upper()}{8 * size}": np.dtype(f"<{kind}{size}") for kind in "fiu" for size in (1, 2, 4, 8) if kind + str(size) != "f1"}
_MAX_HEADER_BYTES = 1 << 20  # thousands of tensors; the package reads up to 100 MB, which take several times as much memory
_ALIGNMENT = 8


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        a header that is no JSON, lies about sizes or leaves gaps, or tensors that make no vectors.
    """
    with open_vector_file(path, options, seekable=True) as source:
        return read_arrays(path, stored_tensors(source), options)


def stored_tensors(source: VectorFile) -> dict[str, StoredArray]:
    """The tensors of known dtypes by name; all sizes have been compared with that of the file.

    Raises
    ------
    FormatError
        a header that is no JSON, names a tensor twice, lies about sizes or leaves gaps.
    """
    n_header = int.from_bytes(source.stream.read(8), "little")
    if n_header > _MAX_HEADER_BYTES:
        raise FormatError(f"{source.path} must begin with the length of its header, at most {_MAX_HEADER_BYTES}: found {n_header}")
    try:
        tensors = _open_tensors(source)
        json.loads(source.stream.read(n_header), object_pairs_hook=_unique)  # the package takes the last of two tensors of one name
    except (SafetensorError, ValueError) as error:
        raise FormatError(f"{source.path} is damaged: it cannot be read as safetensors: {str(error)[:200]}") from None
    arrays = {}
    for name, type_name, shape, tensor in tensors:
        dtype = _DTYPES.get(type_name)
        if dtype is not None:
            arrays[name] = StoredArray(dtype, shape, functools.partial(_read_tensor, tensor, dtype, shape))
    return arrays


def _open_tensors(source: VectorFile) -> list[tuple[str, str, tuple[int, ...], Any]]:
    """Name, type, shape, and what gives rows by slices."""
    try:
        file: Any = safe_open(source.stream.name, "numpy")
    except OSError:  # a file system without maps
        place = source.stream.tell()
        source.stream.seek(0)
        found = deserialize(source.stream.read())  # type: ignore[no-untyped-call]
        source.stream.seek(place)
        known = [(name, view["dtype"], tuple(view["shape"]), view["data"]) for name, view in found if view["dtype"] in _DTYPES]
        return [(name, kind, shape, np.frombuffer(data, _DTYPES[kind]).reshape(shape)) for name, kind, shape, data in known]
    slices = ((name, file.get_slice(name)) for name in file.keys())  # noqa: SIM118 (no mapping)
    return [(name, tensor.get_dtype(), tuple(tensor.get_shape()), tensor) for name, tensor in slices]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _read_tensor(tensor: Any, dtype: np.dtype[Any], shape: tuple[int, ...], n_rows: int) -> Iterator[npt.NDArray[Any]]:
    for start, end in block_borders(n_rows, dtype, shape):
        yield tensor[start:end]


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file; ``safetensors.numpy.load_file`` reads it.

    Raises
    ------
    FormatError
        a word that is empty, too long or not Unicode, or a number that is not finite.
    """
    with create_vector_file(path) as file:
        write_tensors(file, {name: [array] for name, array in arrays_to_write(vectors, path).items()})


def write_tensors(file: IO[bytes], tensors: Mapping[str, Sequence[npt.NDArray[Any]]]) -> None:
    """Write tensors under their names, those with larger elements first.

    Parameters
    ----------
    tensors : each of one or more arrays, the rows of one behind those of the other, so that nobody has to join large ones
    """
    names = {dtype: name for name, dtype in _DTYPES.items()}
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
