"""The same kernels on lesser machines: LLVM is told of an older CPU, in a process of its own, and the oracle tests run again."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.compiles,
    pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="the lesser machines are x86-64"),
]
HERE = Path(__file__).parent

MACHINES = {
    "x86-64 without FMA": ("x86-64", "+sse2", (4, False)),
    "AVX2": ("haswell", "+sse4.2,+avx,+avx2,+fma,+bmi2", (8, True)),
}

ASSEMBLY = """
import numpy as np
import sys
sys.path.insert(0, sys.argv[1])
import kernels
from w2v.training.kernel.simd import host
from w2v.training.kernel.span import train_span
from w2v.training.kernel.subsampling import Text, Windows
text = Text(np.zeros(1, np.int32), np.zeros(1, np.int64), np.zeros(1, np.uint32), np.uint64(1))
listed = (text, 0, Windows(*(np.zeros(20, np.int32) for _ in range(3)), 0, 0, 1))
kernels.run_span(listed, np.zeros((4, 20)), np.zeros((4, 20)), np.zeros(4, np.uint64), window=5, n_negatives=5, reuse=8, distance=16,
                 key=1, alpha=0.1, alpha_step=0.0)
print(host().lanes, host().fma)
print("\\n".join(train_span.inspect_asm().values()))
"""


def run_as(machine, arguments, tmp_path):
    name, features, _ = MACHINES[machine]
    environment = {**os.environ, "NUMBA_CPU_NAME": name, "NUMBA_CPU_FEATURES": features, "W2V_CACHE_DIR": str(tmp_path)}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, timeout=280)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_oracle_tests_pass(machine, tmp_path):
    files = [str(HERE / "test_window.py"), str(HERE / "test_span.py")]
    done = run_as(machine, ["-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "oracle", *files], tmp_path)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.mark.parametrize("machine", MACHINES)
def test_no_operation_became_a_library_call(machine, tmp_path):
    done = run_as(machine, ["-c", ASSEMBLY, str(HERE)], tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    first, _, assembly = done.stdout.partition("\n")
    lanes, fma = MACHINES[machine][2]
    assert first == f"{lanes} {fma}"
    assert ("vfmadd" in assembly) == fma
    for function in ("fmaf", "rintf", "roundevenf", "expf"):
        assert function not in assembly
