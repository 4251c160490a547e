"""What a container may take of its machine: the limits of Linux's control groups, of both versions.

A group is limited by those around it too, so all groups on the way up are asked. Inside a container they are those below its own root.
"""

from collections.abc import Iterator
from pathlib import Path

_ROOT = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")


def cpu_quota() -> float | None:
    """Cores' worth of time that this process may use; None without a limit."""
    quotas = []
    for group in _groups("cpu"):
        quota, period = (_read(group / "cpu.max") or [None, None])[:2]
        if quota is None:
            quota, period = ((_read(group / f"cpu.cfs_{name}_us") or [None])[0] for name in ("quota", "period"))
        if quota is not None and period and quota > 0:
            quotas.append(quota / period)
    return min(quotas, default=None)


def memory_left() -> int | None:
    """Bytes that the groups of this process may still take; None without a limit."""
    left = []
    for group in _groups("memory"):
        for limit_name, used_name in (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes")):
            limit, used = ((_read(group / name) or [None])[0] for name in (limit_name, used_name))
            if limit is not None and used is not None:
                left.append(max(0, limit - used))
    return min(left, default=None)


def _groups(controller: str) -> Iterator[Path]:
    """Folders of this process's groups and those around them: lines "0::/path" for version 2, "4:cpu,cpuacct:/path" for version 1."""
    try:
        lines = _OWN.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = _ROOT / controller if controllers else _ROOT
        group = root / path.strip("/")
        yield group
        yield from (parent for parent in group.parents if parent == root or root in parent.parents)


def _read(path: Path) -> list[int | None] | None:
    """The numbers of a file, None for "max"; None where there is no such file."""
    try:
        return [None if word == "max" else int(word) for word in path.read_text(encoding="ascii").split()]
    except (OSError, ValueError):
        return None
