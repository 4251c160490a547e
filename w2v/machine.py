"""How many threads to use."""

from __future__ import annotations

import os

from w2v.errors import ConfigError

_MOST_THREADS = 1024


def usable_cores() -> int:
    """Cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def checked_threads(threads: int | None) -> int:
    """`threads` when it is in range; None takes `usable_cores`.

    Raises
    ------
    ConfigError
        not an integer from 1 to 1024.
    """
    if threads is None:
        return usable_cores()
    if isinstance(threads, bool) or not isinstance(threads, int) or not 1 <= threads <= _MOST_THREADS:
        raise ConfigError(f"threads must be an integer from 1 to {_MOST_THREADS}: received {threads!r}")
    return threads
