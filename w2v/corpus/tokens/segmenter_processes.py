"""Chinese segmentation by several processes: rjieba holds the interpreter's lock while it works, so threads alone do not speed it up.

``python -m w2v.corpus.tokens.segmenter_processes [DICTIONARY]`` is such a process: it reads texts from stdin and writes them with
breaks to stdout, each behind its number of bytes (8 bytes, little-endian). It ends with its stdin, also when the parent is killed.
"""

import queue
import subprocess
import sys
from typing import IO

from w2v.corpus.tokens.segmentation import make_segmenter
from w2v.errors import CorpusError
from w2v.machine import own_module_environment

_SIZE_BYTES = 8


class SegmenterProcesses:
    """Calls of `segment` by several threads are worked on side by side.

    Parameters
    ----------
    n : processes; each takes about 100 MB for its dictionary
    dictionary : as `make_segmenter` takes it
    """

    def __init__(self, n: int, dictionary: str | None) -> None:
        make_segmenter(dictionary)  # a missing rjieba or a dictionary that cannot be read is an error here, not a process that ends
        command = [sys.executable, "-m", __name__, *([] if dictionary is None else [dictionary])]
        # In a session of their own, so that Ctrl-C reaches the parent only.
        self._processes = [
            subprocess.Popen(  # noqa: S603 - our own words
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True, env=own_module_environment()
            )
            for _ in range(n)
        ]
        self._free: queue.SimpleQueue[subprocess.Popen[bytes]] = queue.SimpleQueue()
        for process in self._processes:
            self._free.put(process)

    def segment(self, text: bytes) -> bytes:
        """Valid UTF-8 with a break between two words.

        Raises
        ------
        CorpusError
            a process has ended.
        """
        process = self._free.get()
        try:
            if process.stdin is None or process.stdout is None:
                raise OSError("there is no pipe")
            _write(process.stdin, text)
            return _read(process.stdout)
        except (OSError, EOFError) as error:
            raise CorpusError(f"a process that segments Chinese has ended ({error}): is there memory for {len(self._processes)}?") from None
        finally:
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


def _serve(dictionary: str | None) -> None:
    segment = make_segmenter(dictionary)
    while True:
        try:
            text = _read(sys.stdin.buffer)
        except EOFError:
            return
        _write(sys.stdout.buffer, segment(text))


if __name__ == "__main__":
    _serve(sys.argv[1] if len(sys.argv) > 1 else None)
