"""The folder for Keras: golden bytes, what it refuses, and its snippet where w2v cannot be imported."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from golden_files import FOLDER, bits, full_vectors
from row_files import make_vectors

import w2v
from w2v.cli.main import run
from w2v.errors import FormatError, OutputError
from w2v.formats.folders.keras_folder import loading_snippet

GOLDEN = FOLDER / "v_keras"
VECTORS = full_vectors()


def test_golden_bytes(tmp_path):
    w2v.save(VECTORS, tmp_path / "layer", "keras")
    golden = sorted(GOLDEN.iterdir())
    assert [path.name for path in golden] == ["embedding.npy", "encoder.json", "load.py", "manifest.json"]
    assert sorted(path.name for path in (tmp_path / "layer").iterdir()) == [path.name for path in golden]
    assert all((tmp_path / "layer" / path.name).read_bytes() == path.read_bytes() for path in golden)
    assert bits(w2v.load(GOLDEN)) == bits(w2v.load(GOLDEN, "keras", verify=True)) == bits(VECTORS)


def test_numpy_and_json_read_it():
    rows = np.load(GOLDEN / "embedding.npy")
    encoder = json.loads((GOLDEN / "encoder.json").read_text(encoding="utf-8"))
    assert not rows[encoder["pad"]].any()
    np.testing.assert_array_equal(rows[encoder["unknown"]], VECTORS.matrix.mean(axis=0, dtype=np.float64).astype(np.float32))
    np.testing.assert_array_equal(rows[encoder["first_word"] :], VECTORS.matrix)
    assert encoder["words"] == list(VECTORS.words)


def test_any_word_and_no_tokenizer(tmp_path):
    words = ["", " ", "a b", "\n", "\0", "\ud800", "\u2028", '"\\', "🦆" * 99]
    w2v.save(make_vectors(words, [[i] for i in range(9)]), tmp_path / "layer", "keras")
    loaded = w2v.load(tmp_path / "layer")
    assert list(loaded.words) == words
    assert loaded.tokenizer is None
    assert w2v.load(tmp_path / "layer", limit=2).words == ("", " ")
    assert w2v.load(tmp_path / "layer", words=["a b"]).matrix.tolist() == [[2]]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_only_finite_numbers_are_written(tmp_path, number):
    with pytest.raises(FormatError, match="all numbers must be finite, and 'bad' has one that is not"):
        w2v.save(make_vectors(["good", "bad", "bad too"], [[1], [number], [-number]]), tmp_path / "layer", "keras")
    with pytest.raises(FormatError, match="there are no words"):
        w2v.save(w2v.WordVectors(w2v.Vocabulary([], []), np.empty((0, 1), np.float32)), tmp_path / "layer", "keras")
    assert not list(tmp_path.iterdir())


def test_only_its_own_kind_is_replaced(tmp_path):
    w2v.save(VECTORS, tmp_path / "layer", "keras")
    with pytest.raises(OutputError, match="exists already"):
        w2v.save(VECTORS, tmp_path / "layer", "keras")
    w2v.save(make_vectors(["a"], [[1]]), tmp_path / "layer", "keras", overwrite=True)
    assert w2v.load(tmp_path / "layer").words == ("a",)
    w2v.save(VECTORS, tmp_path / "model.w2v")
    with pytest.raises(OutputError, match="is not a w2v keras folder, so it is not overwritten"):
        w2v.save(VECTORS, tmp_path / "model.w2v", "keras", overwrite=True)


def damaged(folder, name, change):
    w2v.save(VECTORS, folder, "keras")
    path = folder / name
    path.write_bytes(change(path.read_bytes()))


def test_damage_is_found(tmp_path):
    damaged(tmp_path / "a", "encoder.json", lambda data: data.replace(b"der", b"dem"))
    with pytest.raises(FormatError, match=r"the contents of encoder\.json differ from its manifest's sha256"):
        w2v.load(tmp_path / "a")
    damaged(tmp_path / "b", "embedding.npy", lambda data: data[:-1])
    with pytest.raises(FormatError, match=r"embedding\.npy has 199 bytes, its manifest says 200"):
        w2v.load(tmp_path / "b")
    damaged(tmp_path / "c", "embedding.npy", lambda data: data[:-1] + b"\x01")
    w2v.load(tmp_path / "c")
    with pytest.raises(FormatError, match=r"the contents of embedding\.npy differ"):
        w2v.load(tmp_path / "c", verify=True)
    damaged(tmp_path / "d", "manifest.json", lambda data: b"{")
    with pytest.raises(FormatError, match=r"manifest\.json is damaged"):
        w2v.load(tmp_path / "d")


def test_info_and_export_know_it(tmp_path, capsys):
    w2v.save(VECTORS, tmp_path / "model.w2v")
    assert run(["export", str(tmp_path / "model.w2v"), str(tmp_path / "layer"), "--format", "keras"]) == 0
    printed = capsys.readouterr()
    assert printed.err == f"{tmp_path / 'layer'}: 4 words of dim 3, Keras embedding folder\n"
    assert printed.out == loading_snippet(f"Path({str(tmp_path / 'layer')!r})")
    assert len(printed.out.splitlines()) == 10
    assert "KERAS_BACKEND" in printed.out.splitlines()[0]
    assert run(["info", str(tmp_path / "layer"), "--verify"]) == 0
    shown = capsys.readouterr().out
    assert "w2v keras folder, format version 1" in shown
    assert "tokenizer whitespace" in shown
    assert run(["export", str(tmp_path / "layer"), str(tmp_path / "back.npz")]) == 0
    assert bits(w2v.load(tmp_path / "back.npz")) == bits(VECTORS)


@pytest.mark.keras
@pytest.mark.skipif(not all(map(find_spec, ("keras", "jax"))), reason="keras or jax is not installed")
def test_the_snippet_runs_without_w2v(tmp_path, capsys):
    vectors = make_vectors(["words", "a"], [[1, 2], [3, 4]])
    w2v.save(vectors, tmp_path / "v.npz")
    (tmp_path / "w2v.py").write_text("raise ImportError('w2v is not installed here')")
    assert run(["export", str(tmp_path / "v.npz"), str(tmp_path / "layer"), "--format", "keras"]) == 0
    printed = tmp_path / "printed.py"
    printed.write_text(capsys.readouterr().out + "print(layer(np.array([[0, 1, 2, 3]])).tolist())\n")
    shutil.copytree(tmp_path / "layer", tmp_path / "elsewhere")
    shown = "(1, 4, 2)\n[[[0.0, 0.0], [2.0, 3.0], [1.0, 2.0], [3.0, 4.0]]]\n"
    assert output_of(tmp_path, printed, tmp_path / "elsewhere" / "load.py") == shown + "(1, 4, 2)\n"


def output_of(home, *scripts):
    """What scripts print in a process whose only w2v is the one in `home`, which cannot be imported."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(home), os.environ.get("PYTHONPATH", "")]), "HOME": str(home)}
    code = f"""
import runpy
try:
    import w2v
except ImportError:
    for script in {[str(script) for script in scripts]}:
        runpy.run_path(script, run_name="__main__")
"""
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=home)
    assert done.returncode == 0, done.stderr
    return done.stdout
