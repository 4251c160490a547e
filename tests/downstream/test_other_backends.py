"""The tests of the layer once more, with Keras on the other backends, where they are installed; `make test-tensorflow` runs all on one."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.keras
@pytest.mark.parametrize("backend", ["torch", "tensorflow"])
def test_the_layer_on(backend):
    if not all(map(importlib.util.find_spec, ("keras", backend))):
        pytest.skip(f"keras or {backend} is not installed")
    if os.environ.get("KERAS_BACKEND") == backend:
        pytest.skip("these tests run on it already")
    tests = Path(__file__).with_name("test_embedding.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)],
        env={**os.environ, "KERAS_BACKEND": backend}, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
