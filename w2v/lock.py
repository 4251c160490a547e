"""One writer at a time for a directory."""

from __future__ import annotations

import contextlib
import errno
import os
import platform
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from w2v.errors import OutputError

_NAME = "lock"


@contextlib.contextmanager
def lock_directory(folder: Path) -> Iterator[None]:
    """Make `folder` and hold it for this process: a second one is refused, a lock whose process died holds nothing.

    The system's own file lock ends with the process, however it dies, so there is no stale lock to recover; what the file says (process,
    machine, time) is for people. Where there is no such lock (Windows) nothing is locked.

    Raises
    ------
    OutputError
        another process holds it.
    """
    try:
        import fcntl
    except ImportError:
        folder.mkdir(exist_ok=True)
        yield
        return
    path = folder / _NAME
    while True:
        folder.mkdir(exist_ok=True)
        with open(path, "a+b", buffering=0) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise
                raise OutputError(f"{folder} is in use by {_holder(path)}: wait for it, or choose another name") from None
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # the holder finished and removed the folder in between
            holder = f"process {os.getpid()} on {platform.node() or 'this machine'} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
            try:
                file.truncate(0)
                file.write(holder.encode())
            except OSError as error:
                error.filename = str(path)  # a failed write names no file
                path.unlink()
                with contextlib.suppress(OSError):  # there is something to keep in it
                    folder.rmdir()
                raise
            yield
            return


def lock_holder(folder: Path) -> str | None:
    """Who holds the lock of `folder` at this moment, such as ``process 7 on pc since 2026-01-31 12:00:00 UTC``; None if nobody does."""
    try:
        import fcntl

        with open(folder / _NAME, encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except (ImportError, FileNotFoundError):
        return None
    except OSError:
        return _holder(folder / _NAME)
    return None


def _holder(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace")[:200].strip() or "another process"
