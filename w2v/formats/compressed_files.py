"""Vector files behind gzip, bzip2, xz or zstd: known by their first bytes on reading, by the name on writing."""

import bz2
import contextlib
import gzip
import io
import lzma
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import zstandard

from w2v.compression import detect_compression, unpack
from w2v.errors import CorpusError, FormatError
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.storage import atomic_file

# A decompression bomb is content of more than `max_ratio` times the compressed bytes read so far, beyond these.
FREE_BYTES = 16 << 20

_MAGIC_BYTES = 10
_PIECE_BYTES = 1 << 20

# Levels: vectors hardly shrink further, and the usual levels write gzip at 12 MB/s instead of 100, xz at 0.7 instead of 17.
_ENCODERS: dict[str, Callable[[BinaryIO], Any]] = {
    ".gz": lambda file: gzip.GzipFile("", "wb", 1, file, mtime=0),
    ".bz2": lambda file: bz2.BZ2File(file, "wb"),
    ".xz": lambda file: lzma.LZMAFile(file, "wb", preset=0),  # noqa: SIM115 (closed where it is opened)
    ".zst": lambda file: zstandard.ZstdCompressor().stream_writer(file, closefd=False),
}


def strip_suffix(name: str) -> str:
    """A file's name without the suffix that says how it is compressed."""
    return next((name[: -len(suffix)] for suffix in _ENCODERS if name.lower().endswith(suffix)), name)


@dataclass(frozen=True)
class VectorFile:
    """The decompressed bytes of a file.

    Attributes
    ----------
    stream : ``read(n)`` gives n bytes, fewer only at the end
    max_bytes : the content is not longer; what a header announces is compared with it before anything is allocated
    is_exact : `max_bytes` is the very size of the content (the file is not compressed)
    options : how it is read
    """

    path: Path
    stream: BinaryIO
    max_bytes: int
    is_exact: bool
    options: ReadOptions


@contextlib.contextmanager
def open_vector_file(path: Path, options: ReadOptions = STRICT, *, seekable: bool = False) -> Iterator[VectorFile]:
    """Open a file for reading, decompressed if its first bytes say so.

    Parameters
    ----------
    seekable : for formats that are not read from front to end, or by the name of a file, ``stream.name``; compressed content goes
        through a temporary file

    Raises
    ------
    FormatError
        not a regular file; while reading: compressed data that are damaged, cut off or followed by something else, or a bomb.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise FormatError(f"{path} must be a regular file: it is a {'folder' if stat.S_ISDIR(status.st_mode) else 'pipe or device'}")
    with open(path, "rb") as file:
        compression = detect_compression(file.read(_MAGIC_BYTES))
        file.seek(0)
        if compression is None:
            yield VectorFile(path, file, status.st_size, True, options)
        else:
            pieces = _decompress(path, file, compression, options)
            if seekable:
                with tempfile.NamedTemporaryFile() as plain:
                    plain.writelines(pieces)
                    plain.flush()
                    size = plain.tell()
                    plain.seek(0)
                    yield VectorFile(path, cast(BinaryIO, plain), size, True, options)
                return
            stream = io.BufferedReader(_Pieces(pieces), _PIECE_BYTES)
            yield VectorFile(path, cast(BinaryIO, stream), FREE_BYTES + options.max_ratio * status.st_size, False, options)


def _decompress(path: Path, file: BinaryIO, compression: str, options: ReadOptions) -> Iterator[bytes]:
    n_bytes = 0
    try:
        for piece in unpack(file, compression, str(path), _PIECE_BYTES):
            n_bytes += len(piece)
            if n_bytes > FREE_BYTES + options.max_ratio * file.tell():
                raise FormatError(
                    f"{path} must not grow more than {options.max_ratio}-fold: its first {file.tell():,} bytes decompress to {n_bytes:,}; "
                    "set a higher max_ratio if it is meant to"
                )
            yield piece
    except CorpusError as error:
        options.tolerate(str(error), f"read as far as it goes, {n_bytes:,} bytes")


class _Pieces(io.RawIOBase):
    """The raw file that an iterator of byte strings makes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, target: Any, /) -> int:
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = memoryview(piece)
        n = min(len(target), len(self._piece))
        target[:n] = self._piece[:n]
        self._piece = self._piece[n:]
        return n


@contextlib.contextmanager
def create_vector_file(path: Path) -> Iterator[IO[bytes]]:
    """Write a file whole or not at all, compressed as the end of its name says; the same content gives the same bytes.

    Raises
    ------
    OSError
        as the system says it; nothing stays behind and an older `path` is untouched.
    """
    encoder = next((encoder for suffix, encoder in _ENCODERS.items() if path.name.lower().endswith(suffix)), None)
    with atomic_file(path) as file:
        if encoder is None:
            yield file
        else:
            with encoder(file) as encoded:
                yield encoded
