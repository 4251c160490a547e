"""Files and directories that exist whole or not at all: the one road by which w2v writes results.

A directory is built under a temporary name beside its goal, every file is flushed to disk, a manifest with sizes and hashes
is written last, and one rename makes it visible. A reader therefore sees the old state or the new one, never a mixture, also
after `kill -9`, a full disk or a power cut.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from w2v.errors import FormatError, OutputError

MANIFEST = "manifest.json"
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_HASH_BLOCK = 1 << 20


def sha256_file(path: Path) -> str:
    """Hexadecimal sha256 of a file's bytes, read in blocks."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush_to_disk(path: Path) -> None:
    """fsync a file or a folder; folders are left to the system where it cannot (Windows)."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        if path.is_dir() and os.name == "nt":
            return
        raise
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write `path` whole or not at all: a temporary file beside it, flushed, then renamed over it.

    Raises
    ------
    OSError
        as the system says it; nothing stays behind and an older `path` is untouched.
    """
    path = Path(path)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_to_disk(path.parent)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


@contextlib.contextmanager
def atomic_directory(path: Path, *, overwrite: bool = False) -> Iterator[Path]:
    """Build a directory under a temporary name; on leaving the block without an error it becomes `path`.

    Parameters
    ----------
    path : the goal; its parent is made when it is absent
    overwrite : exchange an existing directory for the new one; the old one exists until the new one is complete

    Raises
    ------
    OutputError
        `path` exists and `overwrite` is false.
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already: choose another name, or add --overwrite")
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent))
    try:
        os.chmod(temporary, 0o777 & ~_umask())
        yield temporary
        move_directory(temporary, path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def move_directory(source: Path, path: Path) -> None:
    """Make the complete directory `source` visible as `path`, replacing what was there in one step where the system can."""
    for file in sorted(source.rglob("*")):
        flush_to_disk(file)
    flush_to_disk(source)
    if path.exists():
        if not _exchange(source, path):
            previous = path.with_name(path.name + ".previous")
            shutil.rmtree(previous, ignore_errors=True)
            os.rename(path, previous)
            os.rename(source, path)
            source = previous
        flush_to_disk(path.parent)
        shutil.rmtree(source)
    else:
        os.rename(source, path)
    flush_to_disk(path.parent)


def _exchange(source: Path, path: Path) -> bool:
    """Swap two directories in one step (Linux); False where the system or file system cannot."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except AttributeError:
        return False
    done = renameat2(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(path), _RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM):
        return False
    raise OSError(code, os.strerror(code), str(path))


def existing_directory(path: Path) -> Path:
    """`path`, or the `.previous` one that an interrupted replacement left where `path` should be."""
    previous = path.with_name(path.name + ".previous")
    return previous if not path.exists() and previous.is_dir() else path


def write_manifest(folder: Path, kind: str, version: int, content: dict[str, Any]) -> None:
    """Write ``manifest.json`` with size and sha256 of every other file of `folder`.

    Parameters
    ----------
    kind : what the directory is, such as ``"w2v model"``
    version : version of the kind's layout
    content : further keys, JSON values
    """
    files = {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": sha256_file(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = {"kind": kind, "format_version": version, **content, "files": files}
    with open(folder / MANIFEST, "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1, ensure_ascii=False, allow_nan=False)
        file.write("\n")


def read_manifest(folder: Path, kind: str, version: int) -> dict[str, Any]:
    """Read a directory's manifest and check kind, version, and the sizes of all files.

    Raises
    ------
    FormatError
        not a directory of this kind, a newer version, a missing file or a wrong size: the message names it.
    """
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FormatError(f"{folder} is not a {kind}: it has no {MANIFEST}") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("kind") != kind:
        found = manifest.get("kind") if isinstance(manifest, dict) else None
        raise FormatError(f"{folder} is not a {kind}: its manifest says {found!r}")
    found_version = manifest.get("format_version")
    if found_version != version:
        raise FormatError(f"{folder} has format version {found_version!r}, this w2v reads version {version}: upgrade w2v")
    for name, size in _manifest_files(path, manifest):
        file = folder / name
        found_size = file.stat().st_size if file.is_file() else None
        if found_size is None:
            raise FormatError(f"{folder} is damaged: {name} is missing")
        if found_size != size:
            raise FormatError(f"{folder} is damaged: {name} has {found_size} bytes, its manifest says {size}")
    return manifest


def _manifest_files(path: Path, manifest: dict[str, Any]) -> Iterator[tuple[str, int]]:
    files = manifest.get("files")
    if not isinstance(files, dict):
        raise FormatError(f"{path} is damaged: it lists no files")
    for name, entry in files.items():
        if not isinstance(entry, dict) or not isinstance(entry.get("size"), int) or not isinstance(entry.get("sha256"), str):
            raise FormatError(f"{path} is damaged: no size and sha256 for {name!r}")
        if os.path.isabs(name) or ".." in Path(name).parts:
            raise FormatError(f"{path} is damaged: {name!r} lies outside the directory")
        yield name, entry["size"]


def verify_files(folder: Path, manifest: dict[str, Any], chosen: Callable[[str], bool] = lambda name: True) -> None:
    """Compare the sha256 of the chosen files with the manifest's.

    Raises
    ------
    FormatError
        naming the first file that differs.
    """
    for name, entry in manifest["files"].items():
        if chosen(name) and sha256_file(folder / name) != entry["sha256"]:
            raise FormatError(f"{folder} is damaged: the contents of {name} differ from its manifest's sha256")
