"""The folder of compiled kernels: named by the hash of all that they are made of, so that what lies in it is never stale.

It is below ``$W2V_CACHE_DIR``, or ``$XDG_CACHE_HOME/w2v``, or ``~/.cache/w2v``.
"""

import functools
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import llvmlite
import numba

_PACKAGE = Path(__file__).parents[1]


@functools.cache
def source_hash() -> str:
    """Hash of every Python file under w2v that mentions numba or llvmlite, and of their versions."""
    digest = hashlib.sha256(f"numba {numba.__version__} llvmlite {llvmlite.__version__}".encode())
    for path in sorted(_PACKAGE.rglob("*.py")):
        source = path.read_bytes()
        if b"w2v.jit" in source or b"llvmlite" in source or b"numba" in source:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + source + b"\0")
    return digest.hexdigest()[:16]


@functools.cache
def cache_folder() -> Path | None:
    """The folder of compiled kernels, made when it is absent; None (said once) where none can be written."""
    base = os.environ.get("W2V_CACHE_DIR") or os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "w2v")
    folder = Path(base) / f"kernels-{source_hash()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        warn_uncached(f"{base} cannot be written ({error.strerror})")
        return None
    return folder


def is_in_cache(function: Callable[..., object]) -> bool:
    """Code of a kernel, for whichever types, is on disk."""
    folder = cache_folder()
    name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}-"
    return folder is not None and any(path.name.startswith(name) for path in folder.iterdir())


@functools.cache
def warn_uncached(reason: str) -> None:
    sys.stderr.write(f"w2v: {reason}: kernels are compiled anew in each process; set W2V_CACHE_DIR to a writable folder\n")
