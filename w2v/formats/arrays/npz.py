"""numpy's .npz: a zip file of .npy files, without pickles. The arrays are those of `w2v.formats.arrays.named_arrays`."""

import contextlib
import errno
import functools
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import numpy.typing as npt

from w2v.errors import FormatError
from w2v.formats.arrays.named_arrays import StoredArray, arrays_to_write, block_borders, read_arrays, write_elements
from w2v.formats.compressed_files import FREE_BYTES, VectorFile, create_vector_file, open_vector_file
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.vectors.word_vectors import WordVectors

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, struct.error, ValueError)
_MAGIC = b"\x93NUMPY"
_LENGTH_BYTES = {1: 2, 2: 4, 3: 4}
_MAX_HEADER_BYTES = 1 << 14
_MAX_MEMBERS = 1000
# A parser of our own: numpy's evaluates the header as Python (literal_eval, and tokenize for Python 2), which has more ways to fail.
_HEADER = re.compile(r"\{'descr': '([^']*)', 'fortran_order': (False|True), 'shape': \(((?:[0-9]{1,18}(?:, ?[0-9]{1,18})*,?)?)\), ?\}\s*")
_DTYPE = re.compile(r"[<>|](f[248]|[iu][1248]|U[0-9]{1,9})")
_LONGEST_STRING = 1 << 16
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's first day: the same vectors give the same bytes


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        no zip file, a checksum that differs, an array of Python objects (a pickle), or arrays that make no vectors.
    """
    with open_vector_file(path, options, seekable=True) as source:
        try:
            with zipfile.ZipFile(source.stream) as archive:
                return _read_archive(source, archive)
        except FormatError:
            raise
        except (*_DAMAGE, OSError) as error:
            if isinstance(error, OSError) and error.errno != errno.EINVAL:  # zipfile seeks where a broken directory points
                raise
            raise FormatError(f"{path} is damaged: it must be a zip file of .npy files: {error}") from None


def _read_archive(source: VectorFile, archive: zipfile.ZipFile) -> WordVectors:
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or len({member.filename for member in members}) < len(members):
        raise FormatError(f"{source.path} must have at most {_MAX_MEMBERS} arrays, each of its own name: found {len(members)}")
    arrays = {}
    others = []
    for member in members:
        name = member.filename.removesuffix(".npy")
        if name in ("vectors", "words", "word_ends", "counts", "tokenizer"):
            arrays[name] = _stored_array(source, archive, member)
        else:
            archive.open(member).close()  # compares its two names: ours may be broken in the directory only
            others.append(member)
    if not {"vectors", "words"} <= arrays.keys():
        for member in others:
            if member.filename.endswith(".npy"):
                with contextlib.suppress(FormatError):  # of arrays that may have nothing to do with ours
                    arrays[member.filename.removesuffix(".npy")] = _stored_array(source, archive, member)
    if others and not arrays:
        raise FormatError(f"{source.path} must be a zip file of .npy arrays: {_describe_other(others[0].filename)}")
    return read_arrays(source.path, arrays, source.options)


def _describe_other(name: str) -> str:
    """What a member of a zip file without arrays that can be read says about it, as the end of a sentence."""
    if name.endswith((".npy", ".pkl")):  # of numpy; of torch.save
        made = "numpy.savez(path, words=[...], vectors=matrix) makes one of strings and numbers"
        return f"it holds {name[:60]!r}, a pickle, which w2v never loads: {made}"
    return f"it holds {name[:60]!r}: unzip it first"  # glove.6B.zip, wiki-news-300d-1M.vec.zip


def _stored_array(source: VectorFile, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> StoredArray:
    """Look at a member's header, and compare what it announces with what the file can hold."""
    path = source.path
    most = FREE_BYTES + source.options.max_ratio * member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        most = member.compress_size
    if member.compress_size > source.max_bytes or member.file_size > most:
        raise FormatError(
            f"{path}: {member.filename} must not grow more than {source.options.max_ratio}-fold: it has {member.file_size} bytes"
        )
    with archive.open(member) as file:
        dtype, shape, data_start = _read_header(path, member.filename, file)
    n_bytes = dtype.itemsize * math.prod(shape)
    if data_start + n_bytes != member.file_size:
        found = member.file_size - data_start
        raise FormatError(f"{path}: {member.filename} must have {n_bytes} bytes for shape {shape} and dtype {dtype}: it has {found}")
    return StoredArray(dtype, shape, functools.partial(_read_member, archive, member, data_start, dtype, shape))


def _read_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, data_start: int, dtype: np.dtype[Any], shape: tuple[int, ...], n_rows: int
) -> Iterator[npt.NDArray[Any]]:
    """The first rows of an array in blocks."""
    with archive.open(member) as file:
        file.read(data_start)
        for start, end in block_borders(n_rows, dtype, shape):
            data = file.read((end - start) * math.prod(shape[1:]) * dtype.itemsize)
            yield np.frombuffer(data, dtype).reshape(-1, *shape[1:])
        if n_rows == shape[0]:
            file.read(1)  # the end of a member, where its CRC is compared


def _read_header(path: Path, name: str, file: IO[bytes]) -> tuple[np.dtype[np.generic], tuple[int, ...], int]:
    """dtype, shape and length of the header of a .npy file (numpy enhancement proposal 1)."""
    start = file.read(8)
    n_length = _LENGTH_BYTES.get(start[6] if len(start) == 8 else 0, 0)
    n_header = int.from_bytes(file.read(n_length), "little")
    if not start.startswith(_MAGIC) or not n_length or n_header > _MAX_HEADER_BYTES:
        raise FormatError(f"{path}: {name} must be a .npy file: it begins with {start!r}")
    text = file.read(n_header).decode("utf-8" if start[6] == 3 else "latin-1")
    found = _HEADER.fullmatch(text)
    if found is None:
        raise FormatError(f"{path}: {name} must have a header of descr, fortran_order and shape: found {text[:60]!r}")
    descr, is_fortran, lengths = found.groups()
    shape = tuple(int(length) for length in lengths.split(",") if length.strip())
    if "O" in descr:
        raise FormatError(f"{path}: {name} holds Python objects, a pickle, which w2v never loads: save array.astype(str), or numbers")
    if not _DTYPE.fullmatch(descr) or (descr[1] == "U" and int(descr[2:]) > _LONGEST_STRING):
        hint = ": save array.astype(str)" * descr.startswith("|S")
        raise FormatError(f"{path}: {name} must hold floats, integers or strings: found {descr!r}{hint}")
    if is_fortran == "True" and len(shape) > 1:
        raise FormatError(f"{path}: {name} must be in C order: save numpy.ascontiguousarray(array)")
    return np.dtype(descr), shape, len(start) + n_length + n_header


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file, its arrays uncompressed.

    Raises
    ------
    FormatError
        a word that is empty, too long or not Unicode, or a number that is not finite.
    """
    arrays = arrays_to_write(vectors, path)
    with create_vector_file(path) as file, zipfile.ZipFile(cast(IO[bytes], _Stream(file)), "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            with archive.open(member, "w", force_zip64=True) as goal:
                dtype = array.dtype.newbyteorder("<").str
                header = {"descr": dtype, "fortran_order": False, "shape": array.shape}
                np.lib.format.write_array_header_1_0(goal, header)
                write_elements(goal, array)


class _Stream:
    """A file that cannot be sought in, so that the bytes are the same whether they are compressed again or not."""

    def __init__(self, file: IO[bytes]) -> None:
        self.write = file.write
        self.flush = file.flush
