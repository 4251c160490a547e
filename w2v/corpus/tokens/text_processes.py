"""Work on texts by several processes: rjieba and `re` hold the interpreter's lock while they work, so threads alone do not speed them up.

Such a process is started as ``python -m MODULE ARGUMENT...``: it calls `serve`, which reads texts from stdin and writes what they become
to stdout, each behind its number of bytes (8 bytes, little-endian). It ends with its stdin, also when the parent is killed.
"""

import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO

from w2v.errors import CorpusError
from w2v.machine import own_module_environment

_SIZE_BYTES = 8


class TextProcesses:
    """Calls of `work` by several threads are worked on side by side.

    Parameters
    ----------
    n : processes
    command : module and arguments
    what : they do, for messages: "a process that segments Chinese"
    seconds : longest time for a text; None waits
    """

    def __init__(self, n: int, command: Sequence[str], what: str, seconds: float | None = None) -> None:
        self._what, self._seconds = what, seconds
        # In a session of their own, so that Ctrl-C reaches the parent only.
        self._processes = [
            subprocess.Popen(  # noqa: S603 - our own words
                [sys.executable, "-m", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
                env=own_module_environment(),
            )
            for _ in range(n)
        ]  # fmt: skip
        self._free: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        for process in self._processes:
            self._free.put(process)

    def work(self, text: bytes) -> bytes:
        """What a text becomes.

        Raises
        ------
        CorpusError
            a process has ended, or took too long.
        """
        process = self._free.get()
        too_late = threading.Event()

        def stop() -> None:
            too_late.set()
            process.kill()

        timer = threading.Timer(self._seconds or 0, stop)
        if self._seconds is not None:
            timer.start()
        try:
            if process.stdin is None or process.stdout is None:
                raise OSError("there is no pipe")
            _write(process.stdin, text)
            return _read(process.stdout)
        except (OSError, EOFError) as error:
            if too_late.is_set():
                beginning = text[:200].decode(errors="ignore").split("\n")[0][:60]
                raise CorpusError(f"{self._what} took more than {self._seconds:.0f} s for the text that begins {beginning!r}") from None
            raise CorpusError(f"{self._what} has ended ({error}): is there memory for {len(self._processes)}?") from None
        finally:
            timer.cancel()
            self._free.put(process)

    def close(self) -> None:
        for process in self._processes:
            process.kill()
        for process in self._processes:
            process.communicate()


def _write(file: IO[bytes], text: bytes) -> None:
    file.write(len(text).to_bytes(_SIZE_BYTES, "little"))
    file.write(text)
    file.flush()


def _read(file: IO[bytes]) -> bytes:
    size = file.read(_SIZE_BYTES)
    text = file.read(int.from_bytes(size, "little"))
    if len(size) < _SIZE_BYTES or len(text) < int.from_bytes(size, "little"):
        raise EOFError("its output ended")
    return text


def serve(work: Callable[[bytes], bytes]) -> None:
    """Be such a process, until stdin ends."""
    while True:
        try:
            text = _read(sys.stdin.buffer)
        except EOFError:
            return
        _write(sys.stdout.buffer, work(text))
