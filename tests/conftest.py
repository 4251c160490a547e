"""What holds for every test: markers that follow from fixtures, one cache of kernels for all processes, no deadlines."""

import contextlib
import os

import pytest

with contextlib.suppress(ImportError):  # `make test-peers` has no hypothesis
    from hypothesis import HealthCheck, settings

    settings.register_profile("w2v", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("w2v")


def pytest_configure() -> None:
    """Name the cache of compiled kernels for tests that give their processes another home."""
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    os.environ.setdefault("W2V_CACHE_DIR", os.path.join(caches, "w2v"))


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No line says after ten seconds that a command is at work: what it prints does not depend on how fast the machine is."""
    monkeypatch.setattr("w2v.progress._EVERY", 3600.0)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "keras" in getattr(item, "fixturenames", ()) or item.name.startswith("w2v.downstream.classifier."):  # an example that trains
            item.add_marker(pytest.mark.keras)
