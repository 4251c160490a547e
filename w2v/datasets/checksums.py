"""Sizes and checksums of what was downloaded or made, computed in one pass."""

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from w2v.errors import DownloadError

HEX_DIGITS = {"crc32": 8, "md5": 32, "sha1": 40, "sha256": 64}
_BLOCK = 1 << 20


class Digests:
    """Running size and checksums of a stream of bytes.

    Parameters
    ----------
    names : which of `HEX_DIGITS` to compute
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.size = 0
        self._crc32 = 0
        self._names = tuple(names)
        self._hashes = {name: hashlib.new(name, usedforsecurity=False) for name in self._names if name != "crc32"}

    def update(self, block: bytes) -> None:
        """Go on with the next bytes."""
        self.size += len(block)
        if "crc32" in self._names:
            self._crc32 = zlib.crc32(block, self._crc32)
        for digest in self._hashes.values():
            digest.update(block)

    def hexdigest(self, name: str) -> str:
        """One checksum so far, in lower-case hexadecimal digits."""
        return f"{self._crc32:08x}" if name == "crc32" else self._hashes[name].hexdigest()

    def difference(self, size: int | None, checksums: Mapping[str, str]) -> str | None:
        """How the stream differs from what is expected, such as ``"it has 3 bytes instead of 4"``; None if it does not."""
        if size is not None and self.size != size:
            return f"it has {self.size:,} bytes instead of {size:,}"
        for name, expected in checksums.items():
            if self.hexdigest(name) != expected:
                return f"its {name} is {self.hexdigest(name)} instead of {expected}"
        return None


def file_difference(path: Path, size: int | None, checksums: Mapping[str, str]) -> str | None:
    """`Digests.difference` of a file; a file of the wrong size is not read."""
    found = path.stat().st_size
    if size is not None and found != size:
        return f"it has {found:,} bytes instead of {size:,}"
    digests = Digests(checksums)
    if checksums:
        with open(path, "rb") as file:
            while block := file.read(_BLOCK):
                digests.update(block)
    return digests.difference(None, checksums)


def verify_file(path: Path, size: int | None, checksums: Mapping[str, str]) -> None:
    """Check a file that was downloaded, by us or by hand.

    Raises
    ------
    DownloadError
        naming the difference and what to do.
    """
    difference = file_difference(path, size, checksums)
    if difference is not None:
        raise DownloadError(f"{path} is not the file that was meant: {difference}; delete it and run again")
