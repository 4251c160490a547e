"""Names of what is being written, and how to tell what a killed process left behind: it is locked by nobody.

The system's own file lock ends with its process, however that dies. Where there is no such lock (Windows), nothing is ever removed.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from w2v.lock import try_lock

_SUFFIX = ".w2v.tmp"
_RANDOM = "[a-z0-9_]{8}"  # what tempfile puts between prefix and suffix


@contextlib.contextmanager
def temporary_directory(goal: Path, folder: Path) -> Iterator[Path]:
    """A new directory in `folder` that may become `goal`; what killed processes left there on their way to `goal` is removed.

    The caller moves it away or removes it.
    """
    remove_stale(goal, folder)
    while True:
        path = Path(tempfile.mkdtemp(prefix=_prefix(goal), suffix=_SUFFIX, dir=folder))
        with _locked(path) as is_ours:
            if is_ours:
                yield path
                return


@contextlib.contextmanager
def temporary_file(goal: Path) -> Iterator[tuple[int, Path]]:
    """A descriptor, for the caller to close, and the path of a new file beside `goal`; otherwise as `temporary_directory`."""
    remove_stale(goal, goal.parent)
    while True:
        descriptor, name = tempfile.mkstemp(prefix=_prefix(goal), suffix=_SUFFIX, dir=goal.parent)
        with _locked(Path(name)) as is_ours:
            if is_ours:
                yield descriptor, Path(name)
                return
        os.close(descriptor)


def remove_stale(goal: Path, folder: Path) -> None:
    """Remove what killed processes left in `folder` on their way to `goal`; what cannot be removed stays."""
    wanted = re.compile(re.escape(_prefix(goal)) + _RANDOM + re.escape(_SUFFIX))
    with contextlib.suppress(OSError):
        for path in [path for path in folder.iterdir() if wanted.fullmatch(path.name)]:
            with _locked(path, wait=False) as is_stale:
                if is_stale and path.is_dir():
                    shutil.rmtree(path, ignore_errors=True)
                elif is_stale:
                    path.unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(path: Path, wait: bool = True) -> Iterator[bool]:
    """Hold the lock of a file or directory; whether it is still there and, without `wait`, nobody else's.

    A file system without locks holds back nobody who writes, and lets nothing be removed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError as error:
        # an absent one was taken for stale before it could be locked; a folder cannot be opened on Windows
        yield wait and not isinstance(error, FileNotFoundError)
        return
    try:
        try:
            is_ours = try_lock(descriptor, path, wait=wait)
        except OSError:  # NFS locks only what is open for writing, which a folder cannot be
            is_ours = None
        yield (path.exists() and os.path.samestat(path.stat(), os.fstat(descriptor))) if is_ours else wait
    finally:
        os.close(descriptor)


def temporary_prefix(goal: Path) -> str:
    """How the paths of all that is made beside `goal` begin."""
    return str(goal.with_name(_prefix(goal)))


def _prefix(goal: Path) -> str:
    return f".{goal.name[:50]}."  # a longer one could pass the 255 bytes of a file name
