"""The machine: how many threads it may run, how much memory it has and a process takes, and what a measurement was made on."""

import datetime
import importlib.metadata
import os
import platform
import subprocess
import threading
from pathlib import Path
from typing import Any, Self

import numpy as np

from w2v.checks import integer
from w2v.control_groups import cpu_quota, memory_left
from w2v.version import __version__

_MOST_THREADS = 1024
_SAMPLED_EVERY = 0.05  # seconds
_CHECKOUT = Path(__file__).parents[1]
_PEERS = ("gensim", "scipy")


def usable_cores() -> int:
    """Cores that this process may run on, or has the time of: a container's share may be smaller than its machine, and rounds down."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = cpu_quota()
    return cores if quota is None else max(1, min(cores, int(quota)))


def describe_cores() -> str:
    """`usable_cores` and why, such as ``2 of 16 cores (the container's share is 2.5)``."""
    quota, usable, cores = cpu_quota(), usable_cores(), os.cpu_count() or 1
    share = "" if quota is None or quota >= cores else f" (the container's share is {quota:.3g})"
    return f"{usable} of {cores} cores{share}"


def checked_threads(threads: int | None) -> int:
    """`threads` when it is in range; None takes `usable_cores`.

    Raises
    ------
    ConfigError
        not an integer from 1 to 1024.
    """
    return usable_cores() if threads is None else integer("threads", threads, 1, _MOST_THREADS)


def own_module_environment() -> dict[str, str]:
    """The environment for a process ``python -m w2v…`` that runs this w2v, from wherever this one was imported."""
    path = os.pathsep.join([str(_CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path}


def available_memory() -> int | None:
    """Bytes that a process may still take without swapping; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    free = next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), None)
    left = memory_left()  # a container may have less than its machine
    return left if free is None else free if left is None else min(free, left)


class PeakMemory:
    """``with PeakMemory() as peak: …`` then `peak.rss` and `peak.anonymous`, bytes; 0 where the system does not tell (not Linux).

    `anonymous` counts what the process really allocated (RssAnon); `rss` also counts mapped files, which the system may drop.
    `process` is the number of another process, which may end meanwhile.
    """

    def __init__(self, process: int | None = None) -> None:
        self._status = Path(f"/proc/{process or 'self'}/status")
        self.rss = self.anonymous = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="w2v-memory", daemon=True)

    def __enter__(self) -> Self:
        self._sample()
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._stop.set()
        self._thread.join()
        self._sample()

    def _watch(self) -> None:
        while not self._stop.wait(_SAMPLED_EVERY):
            self._sample()

    def _sample(self) -> None:
        try:
            lines = self._status.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return
        found = {
            name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines) if name in ("VmRSS", "RssAnon")
        }
        self.rss = max(self.rss, found.get("VmRSS", 0))
        self.anonymous = max(self.anonymous, found.get("RssAnon", 0))


def versions() -> dict[str, str]:
    """What made a model: w2v, Python, numpy, numba, llvmlite, the system, the processor."""
    import llvmlite
    import numba

    return {
        "w2v": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "numba": numba.__version__,
        "llvmlite": llvmlite.__version__,
        "platform": platform.platform(),
        "processor": _processor(),
    }


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory (bytes), versions, commit of the checkout (None outside one) and date (UTC), ready for JSON."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "usable_cores": usable_cores(),
        "memory_bytes": int((_first("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) * 1024 or None,
        "versions": {**versions(), **{name: version for name in _PEERS if (version := _version(name))}},
        "commit": _commit(),
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def machine_line(machine: dict[str, Any]) -> str:
    """`describe_machine` in one line for people."""
    parts = [
        f"{machine['processor']}, {machine['usable_cores']} of {machine['cores']} cores",
        *(f"{name} {machine['versions'][name]}" for name in ("python", "numpy", "numba", *_PEERS) if name in machine["versions"]),
        f"w2v {machine['versions']['w2v']}" + (f" ({machine['commit']})" if machine["commit"] else ""),
        machine["date"][:10],
    ]
    return ", ".join(parts)


def _processor() -> str:
    return _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _first(path: str, name: str) -> str | None:
    """The value of the first line "name : value" of a file of /proc; None on other systems."""
    try:
        lines = Path(path).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    return next((value.strip() for key, _, value in (line.partition(":") for line in lines) if key.strip() == name), None)


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _commit() -> str | None:
    """Abbreviated commit, with -dirty after it where files differ from it."""
    if not (_CHECKOUT / ".git").exists():
        return None
    command = ["git", "-C", str(_CHECKOUT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    except OSError:  # no git here
        return None
    return done.stdout.strip() or None
