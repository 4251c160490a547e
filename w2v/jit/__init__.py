"""`jit`: numba's `njit` with the on-disk cache of `kernel_cache`; `specialize`: a kernel for given types and sizes."""

import contextlib
import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numba

from w2v.jit.kernel_folder import cache_folder


def jit(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`numba.njit(**options)`, cached on disk; ``nogil=True`` unless told otherwise, and nothing compiled for callers from C."""

    def decorate(function: Callable[..., Any]) -> Any:
        dispatcher = numba.njit(**{"nogil": True, "no_cfunc_wrapper": True, **options})(function)
        _use_cache(dispatcher)
        return dispatcher

    return decorate


def _use_cache(dispatcher: Any) -> None:
    """Give a kernel its cache on disk where there is a folder for it: ours, or numba's own if numba is not as `kernel_cache` knows it."""
    folder = cache_folder()
    if folder is None:
        return
    try:
        from w2v.jit.kernel_cache import KernelCache

        dispatcher._cache = KernelCache(dispatcher.py_func, _warn_other_numba)
    except (ImportError, AttributeError, TypeError, RuntimeError):
        _warn_other_numba()
        if not numba.config.CACHE_DIR:
            numba.config.CACHE_DIR = str(folder)
        with contextlib.suppress(AttributeError, TypeError, RuntimeError):  # there is no place for it, or another way again
            dispatcher.enable_caching()


@functools.cache
def _warn_other_numba() -> None:
    sys.stderr.write(
        f"w2v: numba {numba.__version__} caches compiled code in another way than this w2v knows: numba's own cache is used, which may mix "
        "up what several processes compile at once; install the numba that w2v asks for\n"
    )


def specialize(kernel: Any, arguments: Sequence[Any], literals: Sequence[int]) -> Callable[..., Any]:
    """Compile `kernel` for the types of `arguments` followed by `literals` as compile-time integers; return its entry point.

    The entry point is called with the same kinds of arguments, literals included; nothing is checked or compiled again. (A kernel
    that asks for literals by `numba.literally` would run type inference at every call, with the GIL held.)
    """
    signature = tuple(numba.typeof(argument) for argument in arguments) + tuple(numba.types.literal(value) for value in literals)
    entry_point: Callable[..., Any] = kernel.compile(signature)
    return entry_point
