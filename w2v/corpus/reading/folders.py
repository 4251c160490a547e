"""Files of a folder, in an order that does not depend on the machine."""

import difflib
import errno
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from w2v.errors import CorpusError
from w2v.storage import directory_kind


def list_files(folder: Path) -> list[Path]:
    """All regular files below `folder`, sorted name by name; pipes are skipped, links followed.

    Names that begin with ``.`` or ``_`` are passed over, too: marks of Spark and Hadoop such as ``_SUCCESS``, and hidden files.

    Raises
    ------
    CorpusError
        there are none, a link leads nowhere, or a folder is one of w2v's own.
    """
    files = list(_walk(folder))
    if not files:
        raise CorpusError(f"the folder {folder} holds no files to read (names that begin with . or _ are passed over)")
    return files


def _walk(folder: Path) -> Iterator[Path]:
    seen: set[tuple[int, int]] = set()  # folders by device and inode: a link back up would never end
    waiting = [folder]
    while waiting:
        path = waiting.pop()
        try:
            status = path.stat()
        except FileNotFoundError:
            raise CorpusError(f"{path} does not exist: the link leads nowhere, or the file was removed just now") from None
        except OSError as error:
            if error.errno == errno.ELOOP:  # a link to itself holds nothing
                continue
            raise
        if stat.S_ISREG(status.st_mode):
            yield path
        elif stat.S_ISDIR(status.st_mode) and (status.st_dev, status.st_ino) not in seen:
            seen.add((status.st_dev, status.st_ino))
            _refuse_own(path)
            names = sorted(name for name in os.listdir(path) if not name.startswith((".", "_")))
            waiting.extend(path / name for name in reversed(names))


def _refuse_own(folder: Path) -> None:
    """An encoded corpus or a model among texts is a mistake: its vocabulary would be read as prose."""
    kind = directory_kind(folder)
    if kind is not None and kind.startswith("w2v "):
        raise CorpusError(f"{folder} is a {kind}, not text: an encoded corpus is read alone, and a model not at all")


def missing_file(name: str) -> CorpusError:
    """The error that an input does not exist, with what may be meant."""
    path = Path(name)
    shown = os.fsencode(name).decode(errors="replace")
    if re.match(r"[a-z][a-z0-9]+:/", name):  # of an address `Path` leaves one slash
        return CorpusError(f"{shown} does not exist here: files are not downloaded, get it first")
    if name.startswith("~"):
        return CorpusError(f"{shown} does not exist: the sign ~ is not expanded here, write the whole path")
    if any(sign in name for sign in "*?["):
        return CorpusError(f"{shown} does not exist: no file is found by a pattern here, give names or a folder")
    try:
        others = [entry.name for entry in os.scandir(path.parent)]
    except OSError:
        others = []
    close = difflib.get_close_matches(path.name, others, 1, 0.75)
    return CorpusError(f"{shown} does not exist" + (f": did you mean {path.parent / close[0]}?" if close else ""))
