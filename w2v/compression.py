"""gzip, bzip2, xz and zstd: recognized by their first bytes, unpacked in pieces of bounded size.

Files of several members (pigz, pbzip2, Wikipedia's multistream dumps, zstd with several frames) are one text. Data that ends
early or does not check is an error: half a corpus is never taken for a whole one. The readers of the libraries do not say so:
bz2's and lzma's pass over what follows the data, zstandard's takes a cut file for a whole one.
"""

import bz2
import lzma
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from typing import Any, BinaryIO

import zstandard

from w2v.errors import CorpusError

# zlib and zstd unpack all that they are given, at most 1 to 1,032 and 4 to 131,072 bytes: pieces this small bound a block
# that was made to explode to 32 MiB, and cost under a tenth of zstd's speed.
_PIECE_BYTES = 1024
_ZSTD_LARGEST_WINDOW = 1 << 31  # what zstd --long=31 writes, as the Reddit dumps do

_MAGIC = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    *((bytes([low]) + b"\x2a\x4d\x18", "zstd") for low in range(0x50, 0x60)),  # a skippable frame first
    *((b"BZh%d" % level + mark, "bzip2") for level in range(1, 10) for mark in (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")),
)
_UNPACKERS: dict[str, Callable[[], Any]] = {
    "gzip": lambda: zlib.decompressobj(wbits=31),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ),
    "zstd": lambda: zstandard.ZstdDecompressor(max_window_size=_ZSTD_LARGEST_WINDOW).decompressobj(),
}
_DAMAGE = (zlib.error, lzma.LZMAError, zstandard.ZstdError)
SUFFIXES = frozenset({".gz", ".gzip", ".bz2", ".xz", ".zst", ".zstd"})


def detect_compression(head: bytes) -> str | None:
    """``"gzip"``, ``"bzip2"``, ``"xz"``, ``"zstd"`` or None, by a file's first bytes (ten are enough)."""
    return next((name for magic, name in _MAGIC if head.startswith(magic)), None)


def unpack(file: BinaryIO, compression: str | None, name: str, size: int) -> Iterator[bytes]:
    """The bytes of a file in chunks, unpacked.

    Parameters
    ----------
    file : open for reading
    compression : as `detect_compression` says it; None reads the bytes as they are
    name : of the file, for messages
    size : of a chunk, in bytes, or more; only the last one, or the last one before an error, is shorter

    Raises
    ------
    CorpusError
        the compressed data ends early, does not check, or is followed by something else.
    """
    if compression is None:
        while chunk := file.read(size):
            yield chunk
        return
    try:
        yield from _gather(_unpack_members(file, compression, name, size), size)
    except _DAMAGE as error:
        raise _damaged(name, compression, error) from error
    except OSError as error:
        if error.errno is not None:
            raise
        raise _damaged(name, compression, error) from error  # bz2 says it with a bare OSError


def _damaged(name: str, compression: str, error: Exception) -> CorpusError:
    return CorpusError(f"{name} is damaged: its {compression} data cannot be unpacked ({error}): get or compress it again")


def _gather(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    parts: list[bytes] = []
    length = 0
    try:
        for piece in pieces:
            parts.append(piece)
            length += len(piece)
            if length >= size:
                yield b"".join(parts)
                parts.clear()
                length = 0
    except (CorpusError, OSError, *_DAMAGE):
        if parts:  # a reader that repairs takes what was unpacked before the damage
            yield b"".join(parts)
        raise
    if parts:
        yield b"".join(parts)


def _unpack_members(file: BinaryIO, compression: str, name: str, size: int) -> Iterator[bytes]:
    data = b""
    while True:
        data = data.lstrip(b"\0")  # padding between members is allowed
        if not data:
            data = file.read(_PIECE_BYTES)
            if not data:
                return
        else:
            data = yield from _unpack_member(file, data, compression, name, size)


def _unpack_member(file: BinaryIO, data: bytes, compression: str, name: str, size: int) -> Generator[bytes, None, bytes]:
    """Unpack one member that begins with `data`; returns the bytes after it that were read already."""
    unpacker = _UNPACKERS[compression]()
    bounded = hasattr(unpacker, "needs_input")  # bz2 and lzma stop at a length: one piece of theirs may hold gigabytes
    while True:
        yield unpacker.decompress(data, size) if bounded else unpacker.decompress(data)
        if unpacker.eof:
            rest: bytes = unpacker.unused_data
            return rest
        data = b""
        if not bounded or unpacker.needs_input:
            data = file.read(_PIECE_BYTES)
            if not data:
                raise CorpusError(f"{name} is cut off: its {compression} data ends before its end mark: get it again")
