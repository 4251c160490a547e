"""One writer at a time for a directory, by the system's own file lock.

It ends with its process, however that dies, so there is no stale lock to recover. Windows and some network file systems have none.
"""

import contextlib
import errno
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from w2v.errors import OutputError

_NAME = "lock"
# What Lustre, network mounts and file systems of programs (FUSE) say where they have none.
_NO_LOCKS = (errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL, errno.ENODEV, errno.ENOTTY, errno.EPERM)


def try_lock(descriptor: int, name: Path, *, wait: bool = False, shared: bool = False) -> bool | None:
    """Lock an open file or folder until it is closed.

    Parameters
    ----------
    name : of the file or folder, for an error
    wait : until nobody else holds it
    shared : with others that lock it so

    Returns
    -------
    True: it is ours; False: another process holds it; None: there are no locks here.

    Raises
    ------
    OSError
        any other trouble.
    """
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return None
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
            return False
        error.filename = f"the lock of {name}"  # the system names none
        raise
    return True


def _print_message(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201


@contextlib.contextmanager
def lock_directory(folder: Path, on_message: Callable[[str], None] = _print_message) -> Iterator[None]:
    """Make `folder` and hold it for this process: a second one is refused, a lock whose process died holds nothing.

    The lock file names process, machine and time for people. Where there are no locks, `on_message` receives one line that says so, and
    nothing is locked.

    Raises
    ------
    OutputError
        another process holds it.
    """
    path = folder / _NAME
    while True:
        folder.mkdir(exist_ok=True)
        with open(path, "a+b", buffering=0) as file:
            is_ours = try_lock(file.fileno(), folder)
            if is_ours is None:
                break
            if not is_ours:
                raise OutputError(f"{folder} is in use by {_holder(path)}: wait for it, or choose another name")
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # the holder finished and removed the folder in between
            _write_holder(file, path)
            yield
            return
    on_message(f"{folder} is on a disk without file locks: do not start a second run with the same output")
    yield


def _write_holder(file: BinaryIO, path: Path) -> None:
    holder = f"process {os.getpid()} on {platform.node() or 'this machine'} since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    try:
        file.truncate(0)
        file.write(holder.encode())
    except OSError as error:
        error.filename = str(path)  # a failed write names no file
        path.unlink()
        with contextlib.suppress(OSError):  # there is something to keep in it
            path.parent.rmdir()
        raise


def lock_holder(folder: Path) -> str | None:
    """Who holds the lock of `folder` now, such as ``process 7 on pc since 2026-01-31 12:00:00 UTC``; None if nobody, or unknown."""
    path = folder / _NAME
    try:
        with open(path, "rb") as file:
            return _holder(path) if try_lock(file.fileno(), folder, shared=True) is False else None
    except FileNotFoundError:
        return None


def _holder(path: Path) -> str:
    return path.read_text(encoding="ascii", errors="replace")[:200].strip() or "another process"
