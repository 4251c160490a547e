"""What a second process compiles is what training needs; and training does without that process too."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import w2v
from w2v.training import compile_ahead
from w2v.training.compile_ahead import compiling_ahead

SENTENCES = [["a", "b", "c"]] * 20
CONFIG = w2v.TrainConfig(dim=12, window=2, negatives=3, epochs=1, sample=0)

_COMPILED = """
import sys
import numba.core.event, w2v
compiled = []
class Listener(numba.core.event.Listener):
    def on_start(self, event): compiled.append(event.data["dispatcher"].py_func.__module__)
    def on_end(self, event): pass
numba.core.event.register("numba:compile", Listener())
w2v.train([["a", "b", "c"]] * 20, w2v.TrainConfig(dim=12, window=2, negatives=3, epochs=1, sample=0), min_count=1, threads=int(sys.argv[1]))
print(" ".join(sorted({name for name in compiled if name.startswith("w2v.training.kernel")})))
"""


@pytest.mark.slow
@pytest.mark.parametrize("threads", [1, 2])
def test_training_compiles_nothing_of_what_was_compiled_ahead(tmp_path: Path, threads: int) -> None:
    environment = {**os.environ, "W2V_CACHE_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "w2v.training.compile_ahead", json.dumps(CONFIG.to_json()), str(threads)]
    subprocess.run(command, check=True, env=environment)
    found = subprocess.run([sys.executable, "-c", _COMPILED, str(threads)], check=True, env=environment, capture_output=True, text=True)
    assert found.stdout.split() == []


def _not_in_cache(function: object) -> bool:
    return False


def test_no_process_is_started_where_kernels_are_in_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    w2v.train(SENTENCES, CONFIG, min_count=1)
    monkeypatch.setattr(subprocess, "Popen", lambda *arguments, **options: pytest.fail("a process was started"))
    with compiling_ahead(CONFIG, 2) as wait:
        wait()


@pytest.mark.parametrize("program", ["/nonexistent/python", "false"])
def test_training_does_without_the_process(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    monkeypatch.setattr(compile_ahead, "is_in_cache", _not_in_cache)
    monkeypatch.setattr(compile_ahead, "usable_cores", lambda: 2)
    monkeypatch.setattr(sys, "executable", program)
    assert len(w2v.train(SENTENCES, CONFIG, min_count=1).vocabulary) == 3


def test_a_process_that_hangs_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    popen = subprocess.Popen
    monkeypatch.setattr(compile_ahead, "is_in_cache", _not_in_cache)
    monkeypatch.setattr(compile_ahead, "usable_cores", lambda: 2)
    monkeypatch.setattr(compile_ahead, "_LONGEST", 0.1)
    monkeypatch.setattr(subprocess, "Popen", lambda command, **options: popen(["sleep", "60"]))
    with compiling_ahead(CONFIG, 2) as wait:
        wait()


def test_the_process_ends_when_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen
    monkeypatch.setattr(compile_ahead, "is_in_cache", _not_in_cache)
    monkeypatch.setattr(compile_ahead, "usable_cores", lambda: 2)
    monkeypatch.setattr(subprocess, "Popen", lambda *arguments, **options: started.append(popen(*arguments, **options)) or started[-1])
    with pytest.raises(w2v.errors.CorpusError, match="does not exist"):
        w2v.train("/nonexistent/text", CONFIG)
    assert [process.poll() for process in started] == [-9]
