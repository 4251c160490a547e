"""R3: a failure at every write, fsync and rename: what was there stays, nothing else does, one line names path and cause."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def failing_disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("a C compiler on Linux is needed to build the disk that fails")
    library = tmp_path_factory.mktemp("disk") / "failing_disk.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", str(HERE / "failing_disk.c"), "-o", str(library), "-ldl"], check=True)
    return library


@pytest.mark.long
@pytest.mark.parametrize(("command", "least_steps"), [("encode", 15), ("export", 5), ("train", 25), ("checkpoint", 25)])
def test_every_step_fails_in_turn(failing_disk: Path, tmp_path: Path, command: str, least_steps: int) -> None:
    environment = {**os.environ, "LD_PRELOAD": str(failing_disk)}
    script = [sys.executable, str(HERE / "fail_every_step.py"), str(tmp_path), command]
    done = subprocess.run(script, capture_output=True, text=True, timeout=250, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    steps = json.loads(done.stdout.splitlines()[-1])
    assert steps["EIO"] >= least_steps
    assert steps["ENOSPC"] >= least_steps
