"""R1: killed at any moment, inside a save too, a training resumes; with one thread to the very bytes of a run that was not killed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kills are tested where processes fork")
SCRIPT = Path(__file__).with_name("kill_and_resume.py")


def killed(folder: Path, seed: int, n_kills: int) -> dict[str, int]:
    command = [sys.executable, "-W", "error", str(SCRIPT), str(folder), str(seed), str(n_kills)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.long
@pytest.mark.medium
def test_killed_and_resumed_is_the_same_model(tmp_path: Path) -> None:
    seen = killed(tmp_path, seed=1, n_kills=16)
    assert seen["finished_models"] >= 1


@pytest.mark.torture
def test_two_hundred_kills(tmp_path: Path) -> None:
    seen = killed(tmp_path, seed=2, n_kills=200)
    assert seen["with_checkpoint"] >= 50
    assert seen["inside_a_save"] >= 40
