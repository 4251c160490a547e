"""Reading bytes from files, pipes and stdin, hashed and counted on the way."""

import contextlib
import errno
import hashlib
import io
import os
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from w2v.errors import CorpusError


class RawFile(io.RawIOBase):
    """The bytes of one input, in order.

    Attributes
    ----------
    size : bytes read so far
    buffered : the reader to read from
    """

    def __init__(self, file: Any, name: str, limit: int | None, on_bytes: Callable[[int], None] | None, buffer_bytes: int) -> None:
        super().__init__()
        self._file = file
        self._name = name
        self._limit = limit
        self._on_bytes = on_bytes
        self._digest = hashlib.sha256()
        self.size = 0
        self.buffered = io.BufferedReader(self, buffer_bytes)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the whole buffer unless the input ends: a pipe gives a few bytes at a time."""
        view = memoryview(buffer).cast("B")
        if self._limit is not None:
            view = view[: self._limit - self.size]
        filled = 0
        while filled < len(view):
            try:
                n = self._file.readinto(view[filled:])
                if n is None:
                    raise BlockingIOError(errno.EAGAIN, "it is set to non-blocking")
            except OSError as error:
                raise OSError(error.errno, error.strerror, self._name) from error
            if n == 0:
                break
            filled += n
        self._digest.update(view[:filled])
        self.size += filled
        if filled and self._on_bytes is not None:
            self._on_bytes(filled)
        return filled

    def sha256(self) -> str:
        """Hexadecimal sha256 of the bytes read so far."""
        return self._digest.hexdigest()


@contextlib.contextmanager
def open_raw(path: Path | None, name: str, buffer_bytes: int, on_bytes: Callable[[int], None] | None = None) -> Iterator[RawFile]:
    """Open a file or pipe, or stdin for None.

    Of a regular file exactly those bytes are read that it has now, so that a log that grows all the time comes to an end.

    Raises
    ------
    OSError
        with the file's name.
    """
    if path is None:
        if sys.stdin is None:
            raise CorpusError("there is no stdin to read from: name a file")
        yield RawFile(sys.stdin.buffer, name, None, on_bytes, buffer_bytes)
        return
    with open(path, "rb", buffering=0) as file:
        status = os.fstat(file.fileno())
        # Files of /proc say that they hold 0 bytes, so 0 bounds nothing.
        limit = status.st_size or None if stat.S_ISREG(status.st_mode) else None
        yield RawFile(file, name, limit, on_bytes, buffer_bytes)
