"""Keras for the tests, on the backend that w2v chooses."""

import importlib.util

import pytest

from w2v.downstream import load_keras


@pytest.fixture(scope="session")
def keras():
    if importlib.util.find_spec("keras") is None:
        pytest.skip("keras is not installed")
    return load_keras()
