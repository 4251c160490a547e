"""`w2v embed`: a vector for each line, in each format, or one line that says what to do."""

import io
import json
import sys

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.npy import Matrix
from w2v.vectors.model_directory import save_model

LINES = "The king!\n\nqueen 京 xyz\nxyz\n"
VOCABULARY = w2v.Vocabulary(["king", "queen"], [7, 5])
MATRIX = np.array([[0.5, -0.25, 1], [0.125, 2, -3.5]], np.float32)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "royal.w2v"
    settings = {"corpus_config": w2v.CorpusConfig().to_json()}
    save_model(path, vocabulary=VOCABULARY, input_vectors=MATRIX, output_vectors=MATRIX, manifest=settings)
    (tmp_path / "texts.txt").write_text(LINES, encoding="utf-8")
    return path


def rows_of(path) -> Matrix:
    if path.suffix == ".npy":
        return np.load(path)
    if path.suffix == ".jsonl":
        entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        entries = pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist()
    assert [entry["text"] for entry in entries] == LINES.splitlines()
    return np.array([entry["vector"] for entry in entries], np.float32)


@pytest.mark.parametrize("extension", ["npy", "jsonl", "parquet"])
def test_a_row_a_line_in_each_format(tmp_path, model, capsys, extension):
    goal = tmp_path / f"texts.{extension}"
    assert run(["embed", str(model), str(tmp_path / "texts.txt"), "--out", str(goal), "--sif", "0.01"]) == 0
    np.testing.assert_array_equal(rows_of(goal), w2v.load(model).encode(LINES.splitlines(), sif=0.01))
    assert "4 texts x 3 numbers, 2 of them zeros" in capsys.readouterr().err


def test_stdin_to_stdout(model, monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"king\nqueen king\n")))
    assert run(["embed", str(model), "--weighting", "mean"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines == [{"text": "king", "vector": [0.5, -0.25, 1]}, {"text": "queen king", "vector": [0.3125, 0.875, -1.25]}]


def test_nothing_is_overwritten_unless_told(tmp_path, model, capsys):
    arguments = ["embed", str(model), str(tmp_path / "texts.txt"), "--out", str(tmp_path / "texts.npy")]
    assert run(arguments) == 0
    (tmp_path / "texts.txt").write_text("king\n", encoding="utf-8")
    assert run(arguments) == 1
    assert "exists already" in capsys.readouterr().err
    assert run([*arguments, "--overwrite"]) == 0
    assert len(np.load(tmp_path / "texts.npy")) == 1


def test_an_empty_file_has_no_rows(tmp_path, model):
    (tmp_path / "texts.txt").write_bytes(b"")
    for name in ("none.npy", "none.jsonl", "none.parquet"):
        assert run(["embed", str(model), str(tmp_path / "texts.txt"), "--out", str(tmp_path / name)]) == 0
    assert np.load(tmp_path / "none.npy").shape == (0, 3)


def test_wrong_use(tmp_path, model, capsys):
    assert run(["embed", str(model), str(tmp_path / "texts.txt"), "--out", "texts.csv"]) == 2
    assert "--out must end with one of .npy, .jsonl, .parquet" in capsys.readouterr().err
    w2v.save(w2v.WordVectors(VOCABULARY, MATRIX), tmp_path / "foreign.vec")
    assert run(["embed", str(tmp_path / "foreign.vec"), str(tmp_path / "texts.txt")]) == 1
    assert "w2v import" in capsys.readouterr().err


def test_weighted_vectors_are_exported(tmp_path, model):
    assert run(["export", str(model), str(tmp_path / "royal.model2vec"), "--sif", "0.01"]) == 0
    exported = w2v.load(tmp_path / "royal.model2vec")
    np.testing.assert_array_equal(exported.matrix, w2v.load(model).weighted(sif=0.01).matrix)
    card = (tmp_path / "royal.model2vec" / "README.md").read_text(encoding="utf-8")
    assert card.startswith("---\nlibrary_name: model2vec\n")
    assert "# royal\n" in card
