"""`w2v classify`: train, evaluate, predict, compare; what is said where, and what is refused."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.cli.main import run

pytestmark = pytest.mark.keras
ROWS = [("a good film", "很 好"), ("fine plot", "很 好"), ("a bad film", "bad"), ("poor plot", "bad")] * 5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("classify")
    words = ["good", "fine", "bad", "poor", "film", "plot", "a"]
    matrix = np.random.default_rng(1).standard_normal((len(words), 8)).astype(np.float32)
    w2v.save(w2v.WordVectors(w2v.Vocabulary(words, range(len(words), 0, -1)), matrix, tokenizer=w2v.CorpusConfig()), path / "m.w2v")
    (path / "data.csv").write_text("label,review\n" + "".join(f"{label},{text}\n" for text, label in ROWS), encoding="utf-8")
    train = ["--data", str(path / "data.csv"), "--vectors", str(path / "m.w2v"), "--learning-rate", "0.1", "--seed", "3"]
    assert run(["classify", "train", *train, "--out", str(path / "a.clf")]) == 0
    return path


def predict(arguments: list[str], text: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    return run(["classify", "predict", *arguments])


def test_train_says_what_it_guessed_and_found(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(folder / "data.csv"), "--vectors", str(folder / "m.w2v"), "--head", "cnn", "--epochs", "2"]
    assert run(["classify", "train", *arguments, "--length", "2", "--out", str(folder / "b.clf"), "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert found["classes"] == {"bad": 10, "很 好": 10}
    assert (found["head"], found["length"], found["epochs"]) == ("cnn", 2, 2)
    assert "csv, the text is 'review', the label 'label' (guessed" in err
    assert "20 texts, 2 labels: bad 10, 很 好 10" in err
    assert "10 of 20 texts are longer than 2 tokens" in err
    assert err.count("\nepoch ") == 2


def test_predict(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    classifier = str(folder / "a.clf")
    assert predict([classifier], b"good fine\n\nbad poor", monkeypatch) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[0] for line in (lines[0], lines[2])] == ["很 好", "bad"]
    assert len(lines) == 3  # the blank line has an answer too
    (folder / "lines.txt").write_text("good fine\n")
    assert run(["classify", "predict", classifier, str(folder / "lines.txt"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["label"] == "很 好"
    assert sum(found["probabilities"].values()) == pytest.approx(1)
    assert predict([classifier], b"\n", monkeypatch) == 0
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert predict([classifier], b"caf\xe9\n", monkeypatch) == 1
    assert "stdin, line 1, byte 3: not utf-8" in capsys.readouterr().err
    assert predict([classifier, "--encoding", "latin-1"], b"caf\xe9\n", monkeypatch) == 0
    assert predict([classifier, "--encoding", "hex"], b"", monkeypatch) == 2


def test_evaluate(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(folder / "data.csv")]
    assert run(["classify", "evaluate", str(folder / "a.clf"), *data, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["accuracy"], found["macro_f1"], found["texts"], found["confusion"]) == (1, 1, 20, [[10, 0], [0, 10]])
    assert run(["classify", "evaluate", str(folder / "a.clf"), *data]) == 0
    assert capsys.readouterr().out.startswith("accuracy 1.0000, macro F1 1.0000, 20 texts\n")


def test_compare(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--data", str(folder / "data.csv"), "--vectors", str(folder / "m.w2v"), "--head", "mean", "--seeds", "2"]
    assert run(["classify", "compare", *arguments, "--test-size", "8", "--train-sizes", "12", "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert [(row["model"], row["train_size"]) for row in found] == [
        (model, 12) for model in ("random", "frozen", "fine-tuned", "one-hot", "mean", "mean + one-hot")
    ]
    assert all(0 <= row["accuracy"]["mean"] <= 1 and row["accuracy"]["sd"] >= 0 and row["seconds"] > 0 for row in found)
    assert [row["parameters"] for row in found] == [81, 9, 81, 10, 9, 18]
    assert found[3]["accuracy"] == {"mean": 1, "sd": 0}  # one word tells the class
    assert "csv" in err


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["train", "--data", "none.csv", "--vectors", "m.w2v", "--out", "x"], 2, "none.csv"),
        (["train", "--data", "=data.csv", "--vectors", "m.w2v", "--out", "x"], 2, "blank"),
        (["train", "--data", "data.csv", "--vectors", "m.w2v", "--out", "x", "--head", "bert"], 2, "lstm"),
        (["train", "--data", "data.csv", "--vectors", "m.w2v", "--out", "a.clf"], 1, "add --overwrite"),
        (["train", "--data", "data.csv", "--vectors", "m.w2v", "--out", "x", "--text-field", "txt"], 1, "columns: label, review"),
        (["train", "--data", "one=text.txt", "--vectors", "m.w2v", "--out", "x"], 1, "two classes or more"),
        (["train", "--data", "latin.csv", "--vectors", "m.w2v", "--out", "x"], 1, "latin.csv, line 2, byte 14: not utf-8"),
        (["evaluate", "m.w2v", "--data", "data.csv"], 1, "not a w2v classifier"),
        (["evaluate", "a.clf", "--data", "good=text.txt"], 1, "'good', which was not there in training"),
        (["train", "--data", "data.csv", "--vectors", "m.vec", "--out", "x"], 1, "run w2v import m.vec MODEL --tokenizer words"),
        (["compare", "--data", "data.csv", "--vectors", "m.vec"], 1, "run w2v import m.vec MODEL --tokenizer words"),
        (["compare", "--data", "data.csv", "--vectors", "m.w2v", "--train-sizes", "x"], 2, "500,2000"),
        (["compare", "--data", "data.csv", "--vectors", "m.w2v", "--train-sizes", "17"], 1, "20 texts less 4"),
        (["compare", "--data", "data.csv", "--vectors", "m.w2v", "--test", "data.csv", "--test-size", "4"], 2, "exclude"),
    ],
)
def test_refusals(
    folder: Path, arguments: list[str], code: int, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    Path("text.txt").write_text("good\nbad\n")
    Path("latin.csv").write_bytes(b"text,label\ncaf\xe9,x\n")
    Path("m.vec").write_text("2 2\ngood 1 0\nbad 0 1\n")
    assert run(["classify", *arguments]) == code
    err = capsys.readouterr().err
    assert message in err
    assert code == 2 or err.splitlines()[-1].startswith("Error: ")
