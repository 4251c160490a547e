"""What a measurement was made on: machine, versions, commit, date."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from w2v.machine import usable_cores
from w2v.training.report import versions

_CHECKOUT = Path(__file__).parents[2]
_PEERS = ("gensim", "scipy")


def describe_machine() -> dict[str, Any]:
    """Processor, cores, memory (bytes), versions, commit of the checkout (None outside one) and date (UTC), ready for JSON."""
    return {
        "processor": _first("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
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
