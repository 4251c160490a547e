"""The tests of the layer once more, with Keras on torch."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.keras
@pytest.mark.skipif(not all(map(importlib.util.find_spec, ("keras", "torch"))), reason="keras or torch is not installed")
def test_the_layer_on_torch():
    tests = Path(__file__).with_name("test_embedding_layer.py")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tests)],
        env={**os.environ, "KERAS_BACKEND": "torch"}, capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
