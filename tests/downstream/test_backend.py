"""Which backend Keras gets, each case in a process and a home of its own."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from w2v import downstream
from w2v.downstream import backend
from w2v.errors import ConfigError, FormatError, MissingExtraError

pytestmark = [
    pytest.mark.keras,
    pytest.mark.skipif(not all(map(importlib.util.find_spec, ("keras", "jax"))), reason="keras or jax is not installed"),
]

SHOW = """
import os
from w2v.downstream import load_keras
keras = load_keras()
print(keras.backend.backend(), os.environ.get("KERAS_BACKEND"), sep=",")
"""
STAND_IN = """
import os
class backend:
    backend = staticmethod(lambda: os.environ.get("KERAS_BACKEND", "from keras.json"))
"""


def run(code, home, folder=None, **environment):
    """What a process prints, whose home is `home`; `folder` is searched for modules first."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("KERAS_")}
    path = os.pathsep.join(filter(None, (folder and str(folder), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [sys.executable, "-c", code], env={**kept, "HOME": str(home), "PYTHONPATH": path, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def configure(home, name):
    (home / ".keras").mkdir(parents=True)
    path = home / ".keras" / "keras.json"
    path.write_text(json.dumps({"floatx": "float32", "epsilon": 1e-07, "backend": name, "image_data_format": "channels_last"}))
    return path


@pytest.fixture
def stand_in(tmp_path):
    """A folder with a `keras` that only says its backend: quicker than Keras where only our choice matters."""
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "keras.py").write_text(STAND_IN)
    return tmp_path / "modules"


def test_without_a_word_the_first_installed_is_taken_and_the_home_stays_as_it_was(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    code = f"{SHOW}from keras.src.backend.config import keras_home; print(keras_home(), os.environ.get('KERAS_HOME'))"
    assert run(code, home) == f"jax,jax\n{home / '.keras'} None"
    assert not (home / ".keras").exists()


def test_a_config_file_that_another_process_writes_meanwhile_stays(tmp_path, stand_in):
    writes = "import pathlib; p = pathlib.Path.home() / '.keras'; p.mkdir(); (p / 'keras.json').write_text('theirs')"
    (stand_in / "keras.py").write_text(
        f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {writes!r}], check=True)\n{STAND_IN}"
    )
    assert run(SHOW, tmp_path, stand_in) == "jax,jax"
    assert (tmp_path / ".keras" / "keras.json").read_text() == "theirs"


def test_a_home_that_cannot_be_written_to_is_no_obstacle(tmp_path, stand_in):
    assert run(SHOW, tmp_path / "absent", stand_in) == "jax,jax"
    assert not (tmp_path / "absent").exists()


def test_the_config_file_decides_if_its_backend_is_installed(tmp_path):
    path = configure(tmp_path, "numpy")
    written = path.read_bytes()
    assert run(SHOW, tmp_path) == "numpy,None"
    assert path.read_bytes() == written


def test_a_config_file_elsewhere_is_found(tmp_path, stand_in):
    configure(tmp_path / "elsewhere", "numpy")
    assert run(SHOW, tmp_path, stand_in, KERAS_HOME=str(tmp_path / "elsewhere" / ".keras")) == "from keras.json,None"


@pytest.mark.parametrize("name", ["no_such_backend", "", "../x"])
def test_the_config_file_does_not_decide_if_its_backend_is_absent(tmp_path, stand_in, name):
    path = configure(tmp_path, name)
    written = path.read_bytes()
    assert run(SHOW, tmp_path, stand_in) == "jax,jax"
    assert path.read_bytes() == written


@pytest.mark.parametrize("content", [b"", b"{", b'{"backend": 3}', b"{}", b"\xff"])
def test_a_broken_config_file_says_nothing(tmp_path, monkeypatch, content):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_bytes(content)
    assert backend._configured_backend() is None


def test_a_config_file_that_keras_cannot_read_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    (tmp_path / "keras.json").write_text("[1]")
    with pytest.raises(FormatError, match=r"keras\.json must hold a JSON object, or Keras fails: found a list"):
        backend._configured_backend()


def test_the_variable_counts_more_than_the_config_file(tmp_path, stand_in):
    configure(tmp_path, "jax")
    assert run(SHOW, tmp_path, stand_in, KERAS_BACKEND="numpy") == "numpy,numpy"


def test_a_keras_that_is_imported_already_is_taken_as_it_is(tmp_path, stand_in):
    assert run(f"import keras{SHOW}", tmp_path, stand_in) == "from keras.json,None"


def test_a_backend_that_was_asked_for_is_not_replaced(monkeypatch):
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    sys.modules.pop("keras", None)
    _without(monkeypatch, "tensorflow")
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    with pytest.raises(
        MissingExtraError, match=r"KERAS_BACKEND says that .* tensorflow, which is not installed: pip install 'w2v\[keras\]'"
    ):
        backend.load_keras()
    monkeypatch.setenv("KERAS_BACKEND", "theano")
    with pytest.raises(ConfigError, match="KERAS_BACKEND must be one of jax, torch, tensorflow, numpy, openvino: received 'theano'"):
        backend.load_keras()


def test_what_is_missing_is_named_with_the_pip_line(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "modules", {**sys.modules})
    sys.modules.pop("keras", None)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    _without(monkeypatch, "jax", "torch", "tensorflow")
    with pytest.raises(MissingExtraError, match=r"needs one of jax, torch, tensorflow, and none is installed: pip install 'w2v\[keras\]'"):
        backend.load_keras()
    sys.modules["keras"] = None  # so does Python make an import fail
    with pytest.raises(MissingExtraError, match=r"keras is needed for neural networks: pip install 'w2v\[keras\]'"):
        backend.load_keras()


def test_only_what_needs_keras_imports_it(tmp_path):
    code = """
import sys, w2v
w2v.downstream.one_hot("a b", 5), w2v.downstream.pad_sequences([[1]]), w2v.downstream.check_ids([1], 2)
encoder = w2v.downstream.TextEncoder(w2v.Vocabulary(["a"], [1]), w2v.CorpusConfig())
assert encoder.encode(["a"]).tolist() == [[2]]
print("keras" in sys.modules, "numba" in sys.modules, w2v.downstream.embedding.__name__)
"""
    assert run(code, tmp_path) == "False False w2v.downstream.embedding"


def test_no_module_hides_a_public_name():
    assert not set(downstream.__all__) & {path.stem for path in Path(downstream.__file__).parent.iterdir()}


def _without(monkeypatch, *names):
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *rest: None if name in names else find_spec(name, *rest))
