"""One writer at a time for a directory."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from w2v.errors import OutputError


@contextlib.contextmanager
def lock_directory(folder: Path) -> Iterator[None]:
    """Make `folder` and hold it for this process: a second one is refused, a lock whose process died holds nothing.

    The system's own file lock ends with the process, however it dies, so there is no stale lock to recover. Where there is none
    (Windows) nothing is locked.

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
    path = folder / "lock"
    while True:
        folder.mkdir(exist_ok=True)
        with open(path, "a+", encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
                    raise
                file.seek(0)
                holder = file.read(20).strip() or "another process"
                raise OutputError(f"{folder} is in use by process {holder}: wait for it, or choose another name") from None
            if not path.exists() or path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                continue  # the holder finished and removed the folder in between
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            yield
            return
