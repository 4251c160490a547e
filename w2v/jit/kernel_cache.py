"""Compiled kernels on disk, never stale and never another process's.

numba's own cache has three faults for a package of kernels: it keys an entry on one source file, so an edit in a module
whose functions were inlined goes unseen; processes that compile at the same time may store one entry's code under another's
name (they share an index and number their files from 1); and it raises at import where no folder is writable. Here an entry
lives in the folder of `kernel_folder`, has an index of its own named by its key, and a folder that cannot be written costs
one message and a compilation.

numba's names that are private or undocumented are used here alone: `w2v.jit` does without this module where a release of numba has
changed them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from numba.core.caching import CompileResultCacheImpl, FunctionCache, IndexDataCacheFile, _CacheLocator

from w2v.jit.kernel_folder import cache_folder, source_hash, warn_uncached


class _Locator(_CacheLocator):  # type: ignore[misc]
    """Puts every kernel into `cache_folder`; freshness is in the folder's name."""

    def __init__(self, py_func: Any, folder: Path) -> None:
        self._folder = folder
        self._name = f"{py_func.__module__}.{py_func.__code__.co_firstlineno}"
        self._py_file = py_func.__code__.co_filename

    def get_cache_path(self) -> str:
        return str(self._folder)

    def get_source_stamp(self) -> str:
        return source_hash()

    def get_disambiguator(self) -> str:
        return self._name

    @classmethod
    def from_function(cls, py_func: Any, py_file: str) -> _Locator | None:
        folder = cache_folder()
        return cls(py_func, folder) if folder is not None else None


class _CacheImpl(CompileResultCacheImpl):  # type: ignore[misc]
    _locator_classes: ClassVar[list[type[object]]] = [_Locator]


class _EntryFiles:
    """One index and one data file for each key, so that parallel processes cannot mix them up."""

    def __init__(self, folder: str, base: str) -> None:
        self._folder, self._base = folder, base

    def _entry(self, key: Any) -> Any:
        name = hashlib.sha256(repr(key).encode()).hexdigest()[:16]
        return IndexDataCacheFile(self._folder, f"{self._base}-{name}", source_hash())

    def load(self, key: Any) -> Any:
        return self._entry(key).load(key)

    def save(self, key: Any, data: Any) -> None:
        try:
            self._entry(key).save(key, data)
        except OSError as error:
            warn_uncached(f"{self._folder} cannot be written ({error.strerror})")


class KernelCache(FunctionCache):  # type: ignore[misc]
    """What a dispatcher of numba asks for the compiled code of one function, and gives it to.

    Parameters
    ----------
    py_func : the function
    on_failure : called where numba's classes turn out to be others than those of the releases that were tested
    """

    _impl_class = _CacheImpl

    def __init__(self, py_func: Any, on_failure: Callable[[], None]) -> None:
        super().__init__(py_func)
        self._cache_file: Any = _EntryFiles(self._cache_path, self._impl.filename_base)
        self._on_failure = on_failure

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super().load_overload(sig, target_context)
        except (AttributeError, TypeError):
            self._on_failure()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        try:
            super().save_overload(sig, data)
        except (AttributeError, TypeError):
            self._on_failure()
