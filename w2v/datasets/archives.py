"""Archives opened as streams: one member, by its exact name, never more bytes than were announced.

Nothing is unpacked by a name from the archive, so there is no path to traverse and no link to follow.
"""

import bz2
import contextlib
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

from w2v.errors import DownloadError

# What the readers of damaged or hostile archives raise; an OSError without errno is bz2's "Invalid data stream".
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Stream(Protocol):
    """What has bytes to read."""

    def read(self, n: int = -1, /) -> bytes:
        """The next bytes, none at the end."""


class UnpackedStream:
    """A binary stream to read from, with errors that name the archive.

    Parameters
    ----------
    stream : the unpacked bytes
    file : the archive's own bytes
    size : how many bytes `stream` must have; None if that is not known
    """

    def __init__(self, stream: Stream, file: BinaryIO, path: Path, size: int | None) -> None:
        self._stream, self._file, self._path, self._left = stream, file, path, size

    def read(self, n: int = -1) -> bytes:
        """The next bytes, at most `n`; all that are left if `n` is negative.

        Raises
        ------
        DownloadError
            the archive is damaged, or holds more or fewer bytes than it should.
        """
        if self._left is not None:
            n = self._left + 1 if n < 0 else min(n, self._left + 1)
        try:
            block = self._stream.read(n)
        except _DAMAGE as error:
            if isinstance(error, OSError) and error.errno is not None:  # the disk's fault, not the archive's
                raise
            raise _damaged(self._path, error) from error
        if self._left is not None:
            self._left -= len(block)
            if self._left < 0:
                raise _damaged(self._path, "it holds more bytes than it should")
            if not block and n and self._left:
                raise _damaged(self._path, f"{self._left:,} bytes are missing in it")
        return block

    def position(self) -> int:
        """How many bytes of the archive were read, for progress."""
        return self._file.tell()


@contextlib.contextmanager
def unpacked(path: Path, unpack: str | None, member: str | None = None, unpacked_size: int | None = None) -> Iterator[UnpackedStream]:
    """Open a file, a bz2 file (one stream or many) or one member of a zip file.

    Parameters
    ----------
    unpack : ``"zip"``, ``"bz2"``, or None for a file as it is
    member : name of the member of a zip file
    unpacked_size : bytes to come out; None if that is not known

    Raises
    ------
    DownloadError
        no such archive, no such member, or more than one of the name; a link, an encrypted member or one of another size.
    """
    with open(path, "rb") as file, contextlib.ExitStack() as stack:
        stream: Stream = file
        if unpack == "zip":
            stream = _open_member(stack, file, path, str(member), unpacked_size)
        elif unpack == "bz2":
            stream = stack.enter_context(bz2.BZ2File(file))
        yield UnpackedStream(stream, file, path, unpacked_size)


def _open_member(stack: contextlib.ExitStack, file: BinaryIO, path: Path, member: str, unpacked_size: int | None) -> Stream:
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        entries = [entry for entry in archive.infolist() if entry.filename == member]
        if len(entries) != 1:
            raise _damaged(path, f"it has {len(entries)} members named {member!r} instead of one")
        entry = entries[0]
        mode = entry.external_attr >> 16
        if entry.is_dir() or (stat.S_IFMT(mode) and not stat.S_ISREG(mode)):
            raise _damaged(path, f"{member!r} is not a plain file in it")
        if entry.flag_bits & 1 or entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _damaged(path, f"{member!r} is encrypted in it, or packed in an unusual way")
        if unpacked_size is not None and entry.file_size != unpacked_size:
            raise _damaged(path, f"{member!r} has {entry.file_size:,} bytes in it instead of {unpacked_size:,}")
        return stack.enter_context(archive.open(entry))
    except DownloadError:
        raise
    except _DAMAGE as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, why: object) -> DownloadError:
    return DownloadError(f"{path} is damaged or not the file that was meant ({why}): delete it and run again")
