"""Hashes of files: sha256 of all bytes, or for files of which many are written at once that of the sha256 of their ranges.

The second one is computed by as many threads as there are cores, where the first is one thread's work however many there are.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from w2v.machine import usable_cores

RANGE_BYTES = 1 << 20
SHA256, RANGES_SHA256 = "sha256", "ranges_sha256"  # keys of manifests


def sha256_file(path: Path) -> str:
    """Hexadecimal sha256 of a file's bytes, read in blocks."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hash_ranges(path: Path) -> dict[str, str]:
    """The key and the value of `combine` for a file as it is now."""
    threads = usable_cores()
    with open(path, "rb") as file, ThreadPoolExecutor(threads) as pool:
        starts = range(0, os.fstat(file.fileno()).st_size, RANGE_BYTES)

        def every_nth(first: int) -> list[bytes]:
            return [hashlib.sha256(os.pread(file.fileno(), RANGE_BYTES, start)).digest() for start in starts[first::threads]]

        digests = [b""] * len(starts)
        for first, some in enumerate(pool.map(every_nth, range(threads))):
            digests[first::threads] = some
    return combine(digests)


def combine(digests: Iterable[bytes]) -> dict[str, str]:
    """What a manifest says of a file by the sha256 of its ranges of `RANGE_BYTES`: of one range, that is the file's own."""
    parts = list(digests)
    if len(parts) < 2:
        return {SHA256: parts[0].hex() if parts else hashlib.sha256().hexdigest()}
    return {RANGES_SHA256: hashlib.sha256(b"".join(parts)).hexdigest()}


def is_unchanged(path: Path, entry: Mapping[str, Any]) -> bool:
    """Whether a file has the hash that a manifest gives."""
    if RANGES_SHA256 in entry:
        return hash_ranges(path) == {RANGES_SHA256: entry[RANGES_SHA256]}
    return sha256_file(path) == entry.get(SHA256)


def file_hash(entry: Mapping[str, Any]) -> Any:
    """The hash that a manifest gives of a file, of either kind; None without one."""
    return entry.get(RANGES_SHA256, entry.get(SHA256))
