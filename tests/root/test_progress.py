"""Bars in terminals and notebooks; lines in log files."""

import io
import re
import sys
import time
import types
from collections.abc import Callable

import pytest

from w2v import progress
from w2v.progress import LineBar, progress_bar


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0.02)


def wait_for(found: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not found() and time.monotonic() < end:
        time.sleep(0.01)


@pytest.mark.usefixtures("quick")
def test_without_a_terminal_a_line_says_how_far_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    written = ""
    with progress_bar("reading", 2e9, "B", initial=5e8, scale=True) as bar:
        bar.update(5e8)
        bar.set_postfix_str("a.txt")
        bar.clear()
        while written.count("\n") < 2:
            written += capsys.readouterr().err
    assert re.search(r"reading: 1.00G of 2.00GB \(50 %\), \d+ s, a.txt\n", written)
    assert "\r" not in written


@pytest.mark.usefixtures("quick")
def test_of_two_the_inner_one_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    with LineBar("w2v plot"):
        with LineBar("placing", 10):
            time.sleep(0.1)
            capsys.readouterr()  # the outer one may have spoken before the inner one was there
            inner = ""
            while not inner:
                inner = capsys.readouterr().err
        outer = ""
        while not outer:
            outer = capsys.readouterr().err
    assert inner.startswith("placing: 0 of 10 (0 %), ")
    assert "w2v plot" not in inner
    assert "w2v plot: " in outer


def test_short_work_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bar("reading", 10) as bar:
        bar.update(10)
    with progress_bar("reading", 10, wanted=False) as bar:
        bar.update(10)
    assert capsys.readouterr().err == ""


@pytest.mark.usefixtures("quick")
def test_a_stderr_that_is_closed_ends_the_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    with progress_bar("reading", 10) as bar:
        wait_for(bar._stop.is_set)
        assert bar._stop.is_set()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress_bar("reading", 10, "B") as bar:
        bar.update(10)
    assert "reading: 100%" in terminal.getvalue()


def test_a_notebook_has_a_bar_though_its_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    shell = types.SimpleNamespace(config={"IPKernelApp": {}})
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=lambda: shell))
    with progress_bar("training", 10) as bar:
        bar.update(10)
    assert "training: 100%" in capsys.readouterr().err
