"""The cache of compiled kernels, and what is left of it when a release of numba has other private names."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from numba.core import caching
{change}
import w2v, w2v.training.model
from w2v.jit import jit, specialize

@jit()
def double(x):
    return 2 * x

@jit()
def sized(x, n):
    return x + n

print(double(21), specialize(sized, (1,), (2,))(1, 2))
"""

CHANGES = {
    "a name is gone": "del caching._CacheLocator",
    "a method more is asked for": "from abc import ABC, abstractmethod\n"
    "caching._CacheLocator = type('Other', (caching._CacheLocator, ABC), {'other': abstractmethod(lambda self: None)})",
    "another constructor": "caching.FunctionCache.__init__ = lambda self, py_func, options: None",
    "other files": "caching.IndexDataCacheFile.load = caching.IndexDataCacheFile.save = None",
}


def run_with(change: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "W2V_CACHE_DIR": str(folder)}
    command = [sys.executable, "-c", SCRIPT.format(change=change)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)


@pytest.mark.medium
@pytest.mark.parametrize("change", CHANGES)
def test_another_numba_costs_a_message_and_the_cache_only(change: str, tmp_path: Path) -> None:
    done = run_with(CHANGES[change], tmp_path)
    assert (done.returncode, done.stdout) == (0, "42 3\n"), done.stderr
    assert done.stderr.count("caches compiled code in another way than this w2v knows") == 1
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.medium
def test_another_numba_uses_its_own_cache_in_our_folder(tmp_path: Path) -> None:
    done = run_with(CHANGES["a name is gone"] + "\nfrom w2v.training.model import Model; Model.start(3, 2, 1, 0.5)", tmp_path)
    assert (done.returncode, done.stdout) == (0, "42 3\n"), done.stderr
    assert list(tmp_path.glob("kernels-*/**/*.nbi"))


@pytest.mark.medium
def test_this_numba_is_the_one_that_the_cache_knows(tmp_path: Path) -> None:
    done = run_with("", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "42 3\n", "")
    assert list(tmp_path.glob("kernels-*/*.nbi"))
