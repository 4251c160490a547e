"""`w2v cluster`: a table, JSON, the file of classes, what is refused."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.cli.main import run


@pytest.fixture
def model(tmp_path: Path) -> str:
    matrix = np.array([[1, 0], [9, 1], [0, 2], [1, 0.1]], np.float32)
    w2v.save(w2v.WordVectors(w2v.Vocabulary(["red", "blue", "中国", "green"], [4, 3, 2, 1]), matrix), tmp_path / "m.vec")
    return str(tmp_path / "m.vec")


@pytest.mark.medium
def test_clusters(model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    out = tmp_path / "classes.txt"
    assert run(["cluster", model, "-k", "2", "--out", str(out), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(entry["cluster"], entry["size"], set(entry["words"])) for entry in found] == [
        (0, 3, {"red", "blue", "green"}),
        (1, 1, {"中国"}),
    ]
    assert out.read_text(encoding="utf-8") == "red 0\nblue 0\n中国 1\ngreen 0\n"
    assert run(["cluster", model, "-k", "2", "-n", "1"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == "1  1  中国"
    assert run(["cluster", model, "-k", "2", "--out", str(out)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert run(["cluster", model, "-k", "3", "--top", "2"]) == 2
    assert "at most the number of words, 2" in capsys.readouterr().err


def test_without_scikit_learn_it_says_how_to_get_it(
    model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    assert run(["cluster", model, "-k", "2"]) == 1
    assert "sklearn is needed for clusters: pip install 'w2v[clusters]'" in capsys.readouterr().err
