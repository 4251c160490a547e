"""A program as its user meets it: how long the whole process takes, and how much memory."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from w2v.errors import W2VError
from w2v.machine import PeakMemory


@dataclass(frozen=True)
class ProcessRun:
    """Wall time from start to exit, seconds, and the peak of memory really allocated, bytes (0 where the system does not tell)."""

    seconds: float
    peak_anonymous_bytes: int


def run_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> ProcessRun:
    """Run a program to its end, with `environment` added to ours; what it prints is not shown.

    Raises
    ------
    W2VError
        it failed: exit code and last line of its output.
    OSError
        it cannot be started.
    """
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - programs that the user named, and our own
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})}
        )
        try:
            with PeakMemory(process.pid) as peak:
                code = process.wait()
                seconds = time.perf_counter() - began
        except BaseException:  # Ctrl-C: it must not go on alone
            process.kill()
            process.wait()
            raise
        if code != 0:
            output.seek(0)
            lines = output.read().decode(errors="replace").split("\n")
            last = next((line.strip() for line in reversed(lines) if line.strip()), "it printed nothing")
            raise W2VError(f"{' '.join(command[:4])} … must end with exit code 0: it ended with {code}: {last[-300:]}")
    return ProcessRun(seconds, peak.anonymous)
