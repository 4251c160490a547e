"""Whether there is an NVIDIA card, and what is missing to train on it. Nothing here imports numba.cuda but `load_numba_cuda`."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np

from w2v.errors import ConfigError, MissingExtraError, W2VError, import_extra

DEVICES = ("cpu", "cuda")
_LEAST_CAPABILITY = (7, 0)
_LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_SIGNS = ("/dev/nvidiactl", "/dev/dxg")  # of NVIDIA's driver on Linux, and of Windows' under Linux


def is_card_likely() -> bool:
    """A card seems to be there: looks at two names only, as every training on the CPU asks."""
    return any(Path(sign).exists() for sign in _SIGNS)


def require_card() -> None:
    """Refuse to go on where nothing can be trained on a card: asked before any text is read.

    Raises
    ------
    ConfigError
        no driver, or no card.
    MissingExtraError
        numba-cuda is not installed.
    """
    if os.environ.get("NUMBA_ENABLE_CUDASIM") == "1":
        return
    version = _driver_version()
    if not _is_installed():
        extra = "cuda12" if version < 13000 else "cuda13"
        raise MissingExtraError(f"numba-cuda is needed to train on a card: pip install 'w2v[{extra}]' (or use device=\"cpu\")")


def _is_installed() -> bool:
    return importlib.util.find_spec("numba_cuda") is not None


def _open_driver() -> ctypes.CDLL:
    return ctypes.CDLL(_LIBRARY)


def _driver_version() -> int:
    """Of CUDA, 12040 for 12.4, as the driver has it."""
    try:
        driver = _open_driver()
    except OSError:
        raise ConfigError(
            f'device cuda needs an NVIDIA card and its driver: {_LIBRARY} is not there; use device="cpu", or install the driver'
        ) from None
    found, version = ctypes.c_int(0), ctypes.c_int(0)
    code = driver.cuInit(0)
    if code == 0:
        code = driver.cuDeviceGetCount(ctypes.byref(found))
    if code != 0 or found.value == 0:
        reason = "it finds no card" if code in (0, 100) else f"it answers with error {code}"
        raise ConfigError(f'device cuda needs an NVIDIA card: the driver is there, but {reason}; use device="cpu"')
    driver.cuDriverGetVersion(ctypes.byref(version))
    return version.value


def load_numba_cuda() -> ModuleType:
    """`numba.cuda` of the package numba-cuda.

    Raises
    ------
    ConfigError
        a card too old.
    MissingExtraError
        the package or one of its libraries is missing.
    """
    require_card()
    os.environ.setdefault("NUMBA_CUDA_LOW_OCCUPANCY_WARNINGS", "0")  # a small corpus is meant to have few warps
    if not hasattr(np, "row_stack"):  # numba-cuda asks for it, numpy 2.5 has it no more
        vars(np)["row_stack"] = np.vstack
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that numpy is about to drop
        module = import_extra("numba.cuda", "cuda", "training on a card")
    capability = tuple(module.get_current_device().compute_capability)
    if capability < _LEAST_CAPABILITY:
        least, found = (".".join(map(str, pair)) for pair in (_LEAST_CAPABILITY, capability))
        raise ConfigError(f'device cuda needs a card of compute capability {least} or later: this one has {found}; use device="cpu"')
    return module


@contextlib.contextmanager
def explain_card_errors() -> Iterator[None]:
    """Turn what numba-cuda raises into one line: a card that fails or is full, a library that is not there."""
    from numba.cuda.cudadrv.error import CudaDriverError, CudaRuntimeError

    try:
        yield
    except (CudaDriverError, CudaRuntimeError) as error:
        reason = " ".join(str(error).split())
        raise W2VError(f'the card failed: {reason}; resume=True goes on from the last checkpoint, also with device="cpu"') from error
    except MissingExtraError:
        raise
    except ImportError as error:  # how numba-cuda says that a library is not there
        reason = " ".join(str(error).split())
        raise MissingExtraError(f"numba-cuda lacks a library: pip install 'w2v[cuda12]', or cuda13 ({reason})") from error


def require_memory(n_words: int, stride: int, other_bytes: int, free: int) -> None:
    """Refuse matrices that the card has no room for.

    Parameters
    ----------
    stride : floats of a row on the card
    other_bytes : what training needs besides
    free : bytes of the card

    Raises
    ------
    ConfigError
        with the numbers.
    """
    matrices = 2 * n_words * stride * 4
    if matrices + other_bytes > free:
        raise ConfigError(
            f"the card has {free / 1e9:.1f} GB free, and two matrices of {n_words:,} words x {stride} columns x 4 bytes need "
            f"{matrices / 1e9:.1f} GB, {other_bytes / 1e9:.1f} GB more are for the text: a smaller dim=, a higher min_count or a "
            'max_vocabulary need less, or use device="cpu"'
        )
