"""Files and directories that exist whole or not at all: the one road by which w2v writes results.

A directory is built under a temporary name beside its goal, every file is flushed to disk, a manifest with sizes and hashes
is written last, and one rename makes it visible. A reader therefore sees the old state or the new one, never a mixture, also
after `kill -9`, a full disk or a power cut. What a killed writer leaves beside its goal, the next one removes.
"""

import contextlib
import ctypes
import errno
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from w2v.errors import FormatError, OutputError, W2VError
from w2v.file_hashes import SHA256, file_hash, hash_ranges, is_unchanged, sha256_file
from w2v.temporaries import temporary_directory, temporary_file, temporary_prefix

MANIFEST = "manifest.json"
_HASH_KEY = b'"manifest_sha256": "'
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_NO_EXCHANGE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EXDEV)
_FREE_SPACE = "free some space, or choose another disk"
_LARGER_FILES = "choose another disk, or raise the limit that ulimit -f shows"
_REMEDIES = {errno.ENOSPC: _FREE_SPACE, errno.EDQUOT: _FREE_SPACE, errno.EFBIG: _LARGER_FILES, errno.EROFS: "choose another disk"}
# What network file systems and those of programs (FUSE) say of an fsync of a folder.
_NO_FSYNC = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF, errno.EPERM, errno.EACCES, errno.EISDIR, errno.ENODEV, errno.ENOTTY)


def flush_to_disk(path: Path) -> None:
    """fsync a file or a folder; folders are left to the system where it cannot (Windows, some network file systems), or may not be read."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except PermissionError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno in _NO_FSYNC and path.is_dir():
            return
        error.filename = str(path)  # the system names none
        raise
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Write `path` whole or not at all: a temporary file beside it, flushed, then renamed over it.

    Raises
    ------
    OutputError
        `path` is there and is no regular file, or the disk is full.
    OSError
        as the system says it; nothing stays behind and an older `path` is untouched.
    """
    path = Path(os.path.realpath(path))  # a link stays, and what it points to is replaced
    if path.exists() and not path.is_file():
        raise OutputError(f"{path} is not a regular file, so it is not overwritten: choose another name")
    path.parent.mkdir(parents=True, exist_ok=True)
    with _disk_trouble_named(path), temporary_file(path) as (descriptor, temporary):
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            _open_to_others(temporary, 0o666)
            _install(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def atomic_directory(path: Path, *, overwrite: bool = False, kind: str | None = None, inside: Path | None = None) -> Iterator[Path]:
    """Build a directory under a temporary name; on leaving the block without an error it becomes `path`.

    Parameters
    ----------
    path : the goal; its parent is made when it is absent
    overwrite : exchange an existing directory for the new one; the old one exists until the new one is complete
    kind : what may be overwritten, see `check_output`
    inside : a folder of the same file system to build it in; None takes the goal's parent

    Raises
    ------
    OutputError
        `check_output` refuses `path`, or the disk is full.
    """
    path = Path(os.path.realpath(path))
    check_output(path, overwrite=overwrite, kind=kind)
    path.parent.mkdir(parents=True, exist_ok=True)
    with _disk_trouble_named(path), temporary_directory(path, inside or path.parent) as temporary:
        try:
            _open_to_others(temporary, 0o777)
            yield temporary
            check_output(path, overwrite=overwrite, kind=kind)  # again: somebody else may have written it meanwhile
            move_directory(temporary, path)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def check_output(path: Path, *, overwrite: bool, kind: str | None = None) -> None:
    """Refuse to write a directory where it would destroy something.

    Parameters
    ----------
    overwrite : an empty directory, or one that w2v made, may be replaced
    kind : only a directory of this kind, such as ``"w2v model"``; None: of any kind of ours

    Raises
    ------
    OutputError
        `path` exists and may not be replaced.
    """
    if not path.exists():
        return
    if not overwrite:
        raise OutputError(f"{path} exists already: choose another name, or add overwrite=True")
    if path.is_dir():
        found = directory_kind(path)
        if (found is not None and found.startswith("w2v ") and kind in (None, found)) or not any(path.iterdir()):
            return
    raise OutputError(f"{path} is not a {kind or 'directory that w2v made'}, so it is not overwritten: choose another name")


def move_directory(source: Path, path: Path) -> None:
    """Make the complete directory `source` visible as `path`, replacing what was there in one step where the system can.

    Raises
    ------
    OSError
        and then nothing has changed: the old directory is at `path`, the new one at `source`.
    OutputError
        the new directory is at `path` and safe, and only the old one could not be removed.
    """
    path = Path(os.path.realpath(path))
    for file in sorted(source.rglob("*")):
        flush_to_disk(file)
    flush_to_disk(source)
    old = _install(source, path)
    if old is not None:
        try:
            shutil.rmtree(old)
        except OSError as error:
            raise OutputError(f"{path} is complete, but the old one could not be removed from {old}: {error.strerror}") from error


def _install(source: Path, path: Path) -> Path | None:
    """Rename a file or directory to `path`, durably; returns where the old one lies now, None if there is none.

    Each step has its opposite, so that an error at any of them, the last fsync included, leaves everything as it was.
    """
    with contextlib.ExitStack() as undo:
        old = None
        if not path.exists():
            os.rename(source, path)
            undo.callback(os.rename, path, source)
        elif _exchange(source, path):
            undo.callback(_exchange, source, path)
            old = source
        elif path.is_file():
            os.replace(source, path)  # in one step too, but without a way back
        else:
            old = _previous(path)
            if old.exists():
                raise OutputError(f"{old} is in the way of replacing {path}: remove it, or give it another name")
            try:
                os.rename(path, old)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                raise OutputError(f"{path} belongs to the image of a container, which cannot be replaced: choose another name") from error
            undo.callback(os.rename, old, path)
            os.rename(source, path)
            undo.callback(os.rename, path, source)
        flush_to_disk(path.parent)
        undo.pop_all()
    return old


def _exchange(source: Path, path: Path) -> bool:
    """Swap two files or directories in one step (Linux); False where the system or file system cannot."""
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
    if code in _NO_EXCHANGE:
        return False
    raise OSError(code, os.strerror(code), str(path))


def _previous(path: Path) -> Path:
    return path.with_name(path.name + ".previous")


def existing_directory(path: Path) -> Path:
    """`path`, or the `.previous` one that an interrupted replacement left where `path` should be."""
    path = Path(path)
    return _previous(path) if path.name and not path.exists() and _previous(path).is_dir() else path


@contextlib.contextmanager
def _disk_trouble_named(path: Path) -> Iterator[None]:
    # A failed write() names no file: the user would read only "Input/output error".
    try:
        yield
    except OSError as error:
        if isinstance(error, PermissionError) and str(error.filename).startswith(temporary_prefix(path)):
            raise OutputError(f"{path} cannot be written: {error.strerror}: choose a folder that you may write to") from error
        if isinstance(error, W2VError) or (error.errno not in _REMEDIES and error.filename is not None):
            raise
        remedy = _REMEDIES.get(error.errno or 0, "choose another disk")
        raise OutputError(f"{path} cannot be written: {error.strerror}; nothing was changed: {remedy}") from error


def list_temporaries(folder: Path) -> list[Path]:
    """What is being written into `folder`; with no writer alive, what a killed one left."""
    return sorted(folder.glob(".*.tmp"))


def _open_to_others(path: Path, mode: int) -> None:
    """Give the usual permissions to what was made for us alone; some network and removable disks know none."""
    with contextlib.suppress(OSError):
        os.chmod(path, mode & ~_umask())


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_manifest(folder: Path, kind: str, version: int, content: dict[str, Any], by_ranges: Collection[str] = ()) -> None:
    """Write ``manifest.json`` with size and sha256 of every other file of `folder`, and its own hash as the last line.

    Parameters
    ----------
    kind : what the directory is, such as ``"w2v model"``
    version : version of the kind's layout
    content : further keys, JSON values
    by_ranges : files to hash by ranges
    """
    files = {
        path.relative_to(folder).as_posix(): {
            "size": path.stat().st_size,
            **(hash_ranges(path) if path.name in by_ranges else {SHA256: sha256_file(path)}),
        }
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST
    }
    manifest = {"kind": kind, "format_version": version, **content, "files": files}
    text = json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False)
    # A file name that is not Unicode holds lone surrogates: backslashreplace turns them into JSON's own escape.
    head = text.removesuffix("\n}").encode("utf-8", "backslashreplace") + b",\n " + _HASH_KEY
    (folder / MANIFEST).write_bytes(head + hashlib.sha256(head).hexdigest().encode() + b'"\n}\n')


def directory_kind(path: Path) -> str | None:
    """The kind that a directory's manifest names, such as ``"w2v model"``; None where no manifest can be read."""
    try:
        manifest = json.loads((existing_directory(path) / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    kind = manifest.get("kind") if isinstance(manifest, dict) else None
    return kind if isinstance(kind, str) else None


def read_manifest(folder: Path, kind: str, version: int) -> dict[str, Any]:
    """Read a directory's manifest and check kind, version, its own hash, and the sizes of all files.

    Raises
    ------
    FormatError
        not a directory of this kind, a newer version, a missing file or a wrong size: the message names it.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
        manifest = json.loads(raw)
    except (FileNotFoundError, NotADirectoryError):
        raise FormatError(f"{folder} is not a {kind}: {f'it has no {MANIFEST}' if folder.is_dir() else 'no such directory'}") from None
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{path} is damaged: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("kind") != kind:
        found = manifest.get("kind") if isinstance(manifest, dict) else None
        raise FormatError(f"{folder} is not a {kind}: its manifest says {found!r}")
    found_version = manifest.get("format_version")
    if isinstance(found_version, int) and found_version > version:
        raise FormatError(f"{folder} has format version {found_version}, and this w2v reads up to version {version}: upgrade w2v")
    head, key, tail = raw.rpartition(_HASH_KEY)
    if found_version != version or tail != hashlib.sha256(head + key).hexdigest().encode() + b'"\n}\n':
        raise FormatError(f"{path} is damaged: it differs from the sha256 in its last line")
    files = manifest.get("files")
    if not isinstance(files, dict) or not all(_is_file_entry(name, entry) for name, entry in files.items()):
        raise FormatError(f"{path} is damaged: it must give size and sha256 of files inside the directory")
    for name, entry in files.items():
        _check_size(folder, name, entry["size"])
    return manifest


def _is_file_entry(name: str, entry: Any) -> bool:
    inside = not os.path.isabs(name) and ".." not in Path(name).parts
    return inside and isinstance(entry, dict) and isinstance(entry.get("size"), int) and isinstance(file_hash(entry), str)


def _check_size(folder: Path, name: str, size: int) -> None:
    try:
        found = (folder / name).stat().st_size
    except (OSError, ValueError):
        raise FormatError(f"{folder} is damaged: {name} is missing") from None
    if found != size:
        raise FormatError(f"{folder} is damaged: {name} has {found} bytes, its manifest says {size}")


def verify_files(folder: Path, manifest: dict[str, Any], chosen: Callable[[str], bool] = lambda name: True) -> None:
    """Compare the sha256 of the chosen files with the manifest's.

    Raises
    ------
    FormatError
        naming the first file that differs.
    """
    for name, entry in manifest["files"].items():
        if chosen(name) and not is_unchanged(folder / name, entry):
            raise FormatError(f"{folder} is damaged: the contents of {name} differ from its manifest's sha256")
