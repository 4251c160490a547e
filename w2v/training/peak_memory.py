"""Peak memory of a process, this one or another, sampled while a block runs."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Self

_PERIOD = 0.05  # seconds


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
        while not self._stop.wait(_PERIOD):
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
