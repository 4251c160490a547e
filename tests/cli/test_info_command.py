"""`w2v info`: models, corpora, vector files, unfinished trainings; what --verify finds."""

import json
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.config import CorpusConfig, TrainConfig
from w2v.storage import write_manifest
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.w2v"
    manifest = {
        "train_config": TrainConfig(dim=2).to_json(),
        "corpus_config": CorpusConfig(tokenizer="items", separator=";").to_json(),
        "corpus": {"n_tokens": 12345, "n_sentences": 7, "sources": [{"path": "a.txt"}, {"path": None}, {"path": "b"}, {"path": "c"}]},
        "report": {"seconds": {"read": 0.5, "train": 2}, "words_per_second": 1234567.8, "loss": [4.1, 3.25]},
        "versions": {"w2v": "0.1.0", "numpy": "2.0"},
    }
    matrix = np.ones((2, 2), np.float32)
    save_model(path, vocabulary=Vocabulary(["a", "b"], [2, 1]), input_vectors=matrix, output_vectors=matrix, manifest=manifest)
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_text("the king and the queen\nthe land\n")
    w2v.encode(tmp_path / "text.txt", tmp_path / "text.corpus", CorpusConfig(min_count=1))
    return tmp_path / "text.corpus"


def info(*arguments: object) -> int:
    return run(["info", *map(str, arguments)])


def lines_of(text: str) -> dict[str, str]:
    return {label: value for label, _, value in (line.partition("  ") for line in text.splitlines())}


def test_a_model_for_people(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert info(model) == 0
    shown = {label: value.strip() for label, value in lines_of(capsys.readouterr().out).items()}
    assert shown["path"] == str(model)
    assert shown["kind"] == "w2v model, format version 1"
    assert shown["words"] == "2"
    assert shown["dim"] == "2"
    assert shown["text"] == "tokenizer items, separator ;, encoding utf-8, errors strict, min_count 5"
    assert shown["corpus"] == "12,345 tokens, 7 sentences from a.txt, a stream, b and 1 more"
    assert "window 5" in shown["training"]
    assert shown["report"] == "1,234,568 words/s; seconds: read 0.5, train 2.0; loss by epoch: 4.1000 3.2500"
    assert shown["versions"] == "w2v 0.1.0, numpy 2.0"
    assert shown["files"] == "input_vectors.npy 144 bytes, output_vectors.npy 144 bytes, vocabulary.tsv 8 bytes"
    assert shown["verified"] == "sizes and vocabulary; --verify compares every byte"
    assert info(model, "--verify") == 0
    assert capsys.readouterr().out.endswith("verified  every byte, by sha256\n")


def test_a_model_as_json_is_its_manifest(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert info(model, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found.pop("path"), found.pop("verified")) == (str(model), False)
    assert found == json.loads((model / "manifest.json").read_text())


def test_verify_finds_one_changed_byte(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = bytearray((model / "output_vectors.npy").read_bytes())
    raw[-1] ^= 1
    (model / "output_vectors.npy").write_bytes(raw)
    assert info(model) == 0
    assert info(model, "--verify") == 1
    assert capsys.readouterr().err == f"Error: {model} is damaged: the contents of output_vectors.npy differ from its manifest's sha256\n"


def test_an_encoded_corpus(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert info(corpus, "--verify") == 0
    shown = {label: value.strip() for label, value in lines_of(capsys.readouterr().out).items()}
    assert (shown["kind"], shown["words"]) == ("w2v encoded corpus, format version 1", "5")
    assert shown["corpus"].startswith("7 tokens, 2 sentences from ")
    assert info(corpus, "--json") == 0
    assert json.loads(capsys.readouterr().out)["n_tokens"] == 7


@pytest.mark.parametrize("verify", [[], ["--verify"]])
def test_a_vector_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], verify: list[str]) -> None:
    (tmp_path / "v.vec").write_text("2 3\nking 1 0 2\nqueen 1 1 3\n")
    assert info(tmp_path / "v.vec", "--json", *verify) == 0
    assert json.loads(capsys.readouterr().out) == {
        "path": str(tmp_path / "v.vec"),
        "kind": "vector file",
        "format": "word2vec-text",
        "n_words": 2,
        "dim": 3,
        "size": 27,
        "verified": False,
    }
    assert info(tmp_path / "v.vec", *verify) == 0
    assert ("carries no hashes" in capsys.readouterr().out) == bool(verify)


def test_an_unfinished_training(tmp_path: Path, corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    partial = tmp_path / "m.w2v.partial"
    partial.mkdir()
    assert info(partial) == 0
    assert capsys.readouterr().out.endswith("corpus      none yet\ncheckpoint  none yet\n")
    corpus.rename(partial / "corpus")
    (partial / "checkpoint").mkdir()
    content = {"train_config": TrainConfig().to_json(), "position": {"epoch": 2, "span": 17}}
    write_manifest(partial / "checkpoint", "w2v checkpoint", 1, content)
    assert info(partial) == 0
    out = capsys.readouterr().out
    assert "corpus: words         5\n" in out
    assert "checkpoint: position  epoch 2, span 17\n" in out
    assert info(partial, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["corpus"]["n_tokens"], found["checkpoint"]["position"]["span"]) == ("w2v partial model", 7, 17)


def test_what_is_nothing_of_ours_is_refused(tmp_path: Path, model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.txt").write_text("hello world, how are you\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "manifest.json").write_text('{"kind": "web app"}')
    (model / "manifest.json").write_text("{")
    for name, message in (
        ("folder", "it has no manifest.json"),
        ("text.txt", "it begins with 'hello world"),
        ("app", "its manifest.json says 'web app'"),
        ("m.w2v", "its manifest.json is damaged"),
    ):
        assert info(tmp_path / name) == 1
        err = capsys.readouterr().err
        assert message in err
        assert err.count("\n") == 1
    assert info(tmp_path / "absent") == 2
