"""What shows that work goes on: a bar in a terminal or a notebook, elsewhere a line every ten seconds; all on stderr."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any, Self

_EVERY = 10.0  # seconds
_open_lines: list[LineBar] = []  # the innermost one speaks


class LineBar:
    """The little of `tqdm.tqdm` that is used here, for a log file or a pipe: lines, and none for work of less than ten seconds.

    Parameters
    ----------
    desc : what is being done
    total : None where it is not known
    unit : of what is counted, with a blank before it
    scale : numbers are written as 1.2M
    """

    def __init__(self, desc: str, total: float | None = None, unit: str = "", *, initial: float = 0, scale: bool = False) -> None:
        self.n, self._desc, self._total, self._unit, self._scale = initial, desc, total, unit, scale
        self._postfix = ""
        self._began = time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._speak, name="w2v-progress", daemon=True)
        _open_lines.append(self)
        self._thread.start()

    def update(self, n: float = 1) -> None:
        self.n += n

    def set_postfix_str(self, text: str = "", refresh: bool = True) -> None:
        self._postfix = f", {text}" if text else ""

    def clear(self) -> None:
        """There is nothing to make room for: each line stands."""

    def close(self) -> None:
        if self in _open_lines:
            _open_lines.remove(self)
        self._stop.set()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _speak(self) -> None:
        while not self._stop.wait(_EVERY):
            if _open_lines and _open_lines[-1] is self:
                self._print(f"{self._desc}: {self._counted()}{time.monotonic() - self._began:.0f} s{self._postfix}")

    def _counted(self) -> str:
        if not self._total:
            return f"{self._shown(self.n)}{self._unit}, " if self.n else ""
        return f"{self._shown(self.n)} of {self._shown(self._total)}{self._unit} ({100 * self.n / self._total:.0f} %), "

    def _shown(self, number: float) -> str:
        from tqdm import tqdm

        return tqdm.format_sizeof(number) if self._scale else f"{number:,.0f}"

    def _print(self, line: str) -> None:
        try:
            print(line, file=sys.stderr, flush=True)  # noqa: T201
        except (OSError, ValueError):  # nobody listens any more
            self._stop.set()


def progress_bar(
    desc: str,
    total: float | None = None,
    unit: str = "",
    *,
    initial: float = 0,
    scale: bool = False,
    leave: bool = True,
    wanted: bool = True,
) -> Any:
    """A bar of `tqdm` in a terminal or a notebook, a `LineBar` elsewhere, one that shows nothing unless `wanted`; a context manager."""
    if wanted and not is_notebook() and not is_terminal():
        return LineBar(desc, total, unit, initial=initial, scale=scale)
    from tqdm.auto import tqdm

    return tqdm(
        total=total, initial=initial, unit=unit, unit_scale=scale, desc=desc, file=sys.stderr, disable=not wanted, leave=leave,
        mininterval=0.2, dynamic_ncols=True,
    )  # fmt: skip


def is_terminal() -> bool:
    """Whether somebody may be looking at stderr who sees a bar move."""
    return sys.stderr is not None and not sys.stderr.closed and sys.stderr.isatty()


def is_notebook() -> bool:
    """Whether this is a kernel of Jupyter, whose stderr is no terminal and shows bars all the same."""
    ipython = sys.modules.get("IPython")
    shell = None if ipython is None else ipython.get_ipython()
    return shell is not None and "IPKernelApp" in shell.config
