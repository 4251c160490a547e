"""The kernels: compiled for three generations of cards without one, run by numba's simulator, and on a card where there is one."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
HAS_EXTRA = importlib.util.find_spec("numba_cuda") is not None
DEFAULT = "100,5,5"


def run_program(name, *arguments, **environment):
    paths = os.pathsep.join(map(str, (ROOT, ROOT / "tests", HERE)))
    command = [sys.executable, "-W", "ignore", str(HERE / name), *arguments]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths, **environment}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.compiles
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not HAS_EXTRA, reason="numba-cuda is not installed: pip install 'w2v[cuda]'")
def test_kernels_compile_without_a_card():
    found = run_program("compile_kernels.py", DEFAULT, "1024,30,20")
    for name, kernel in found.items():
        if name.startswith("subsample"):
            continue
        assert {"ld.global.v4.f32", "shfl.sync"} <= set(kernel["has"]), name
        assert ("red.global.add.v4.f32" in kernel["has"]) == name.endswith("sm_90"), name
    for architecture in ("sm_70", "sm_80", "sm_90"):
        default = found[f"{DEFAULT} {architecture}"]
        assert not default["local"], "nothing of the default shape lies in local memory"
        if "registers" not in default:
            pytest.skip("compiled, but no ptxas is here to count registers: pip install nvidia-cuda-nvcc-cu12")
        assert default["spilled"] == 0
        assert default["registers"] <= 168, "three blocks of four warps must fit onto a multiprocessor"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("case", ["one sentence", "short sentences", "wide rows", "held out", "inside a text", "general in groups"])
def test_simulated_kernels_equal_the_oracle(case):
    found = run_program("card_cases.py", case, NUMBA_ENABLE_CUDASIM="1")[case]
    assert (found["listed"], found["pairs"], found["loss"], found["padding"]) == (True, True, True, True)
    assert found["difference"] < 1e-5


@pytest.mark.skipif(not HAS_EXTRA, reason="numba-cuda is not installed: pip install 'w2v[cuda]'")
@pytest.mark.skipif(not Path("/dev/nvidiactl").exists(), reason="there is no card here")
def test_kernels_on_a_card_equal_the_oracle():
    for case, found in run_program("card_cases.py").items():
        assert (case, found["listed"], found["pairs"], found["loss"], found["padding"]) == (case, True, True, True, True)
        assert found["difference"] < 1e-4, case
