"""Keras on a backend that is installed.

Keras alone takes tensorflow unless it is told otherwise, fails where that is not installed, and writes tensorflow into the user's
``keras.json`` whatever it runs on.
"""

import contextlib
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from w2v.errors import ConfigError, FormatError, MissingExtraError, import_extra

BACKENDS = ("jax", "torch", "tensorflow")  # in this order where nothing says which
_WITHOUT_TRAINING = ("numpy", "openvino")
_VARIABLE = "KERAS_BACKEND"
_HOME = "KERAS_HOME"
_EXTRA = "keras"


def load_keras() -> ModuleType:
    """Import Keras with the backend that was asked for, else with the first of jax, torch and tensorflow that is installed.

    A Keras that is imported already is taken as it is. Else ``KERAS_BACKEND`` decides, then a ``keras.json`` whose backend is
    installed; without either the choice is put into ``os.environ["KERAS_BACKEND"]``, for this process and its children.
    Nothing is written into the user's home, and nothing there is removed.

    Raises
    ------
    MissingExtraError
        Keras or its backend is not installed.
    ConfigError, FormatError
        ``KERAS_BACKEND`` is none of Keras's, or ``keras.json`` holds no object.
    """
    loaded = sys.modules.get("keras")
    if loaded is not None:
        return loaded
    if importlib.util.find_spec("keras") is None:
        return import_extra("keras", _EXTRA, "neural networks")  # says how to install it
    chosen = os.environ.get(_VARIABLE)
    if chosen:
        _require(chosen)
    elif not _is_installed(_configured_backend()):
        chosen = next(filter(_is_installed, BACKENDS), None)
        if chosen is None:
            raise MissingExtraError(f"Keras needs one of {', '.join(BACKENDS)}, and none is installed: pip install 'w2v[{_EXTRA}]'")
        os.environ[_VARIABLE] = chosen
    with _config_unwritten():
        return import_extra("keras", _EXTRA, "neural networks")


def _require(backend: str) -> None:
    if backend not in (*BACKENDS, *_WITHOUT_TRAINING):
        raise ConfigError(f"{_VARIABLE} must be one of {', '.join((*BACKENDS, *_WITHOUT_TRAINING))}: received {backend!r}")
    if not _is_installed(backend):
        remedy = f"pip install 'w2v[{_EXTRA}]' and unset {_VARIABLE}, or pip install {backend}"
        raise MissingExtraError(f"{_VARIABLE} says that Keras is to run on {backend}, which is not installed: {remedy}")


def _is_installed(backend: str | None) -> bool:
    return backend is not None and backend.isidentifier() and importlib.util.find_spec(backend) is not None


def _config_path() -> Path:
    """Where Keras looks for ``keras.json`` (``keras/src/backend/config.py``)."""
    home = os.environ.get(_HOME)
    if home is None:
        base = os.path.expanduser("~")
        home = os.path.join(base if os.access(base, os.W_OK) else "/tmp", ".keras")  # noqa: S108
    return Path(os.path.expanduser(os.path.join(home, "keras.json")))


def _configured_backend() -> str | None:
    try:
        config = json.loads(_config_path().read_bytes())
    except (OSError, ValueError):
        return None  # so does Keras
    if not isinstance(config, dict):
        raise FormatError(f"{_config_path()} must hold a JSON object, or Keras fails: found a {type(config).__name__}; remove it")
    backend = config.get("backend")
    return backend if isinstance(backend, str) else None


@contextlib.contextmanager
def _config_unwritten() -> Iterator[None]:
    """Where there is no ``keras.json``, keep Keras from writing one while it is imported: for that time its home is a folder that goes.

    Taking away what it wrote would be no better: the file may be that of another process by then.
    """
    if _config_path().exists():
        yield
        return
    home, given = os.fspath(_config_path().parent), os.environ.get(_HOME)
    with tempfile.TemporaryDirectory(prefix="w2v-keras-") as folder:
        os.environ[_HOME] = folder
        try:
            yield
        finally:
            if given is None:
                del os.environ[_HOME]
            else:
                os.environ[_HOME] = given
            config = sys.modules.get("keras.src.backend.config")
            if config is not None:
                vars(config)["_KERAS_DIR"] = home  # where Keras's downloads go
