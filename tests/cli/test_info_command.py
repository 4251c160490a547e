"""`w2v info`: models, corpora, vector files, unfinished trainings; what --verify finds."""

import json
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.config import CorpusConfig, TrainConfig
from w2v.lock import lock_directory
from w2v.training.checkpoints.checkpoint import Position, checkpoint_manifest, write_checkpoint
from w2v.training.plan import make_plan
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.w2v"
    manifest = {
        "train_config": TrainConfig(dim=2, window=5).to_json(),
        "corpus_config": CorpusConfig(tokenizer="items", separator=";").to_json(),
        "corpus": {"n_tokens": 12345, "n_sentences": 7, "sources": [{"path": "a.txt"}, {"path": None}, {"path": "b"}, {"path": "c"}]},
        "report": {"seconds": {"read": 0.5, "train": 2}, "words_per_second": 1234567.8, "loss": [4.1, 3.25], "held_out_loss": [4.2, 3.5]},
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
    assert shown["text"] == "tokenizer items, separator ;, encoding utf-8, errors strict, min_count 1, phrases 0"
    assert shown["corpus"] == "12,345 tokens, 7 sentences from a.txt, a stream, b and 1 more"
    assert "window 5" in shown["training"]
    speed = "1,234,568 words/s; seconds: read 0.5, train 2.0"
    assert shown["report"] == f"{speed}; loss while training, by epoch: 4.1000 3.2500; held-out loss: 4.2000 3.5000"
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
        "has_counts": False,
        "corpus_config": None,
    }
    assert info(tmp_path / "v.vec", *verify) == 0
    assert ("carries no hashes" in capsys.readouterr().out) == bool(verify)


@pytest.fixture
def partial(tmp_path: Path, corpus: Path) -> Path:
    """Two checkpoints and what a killed third one left."""
    path = tmp_path / "m.w2v.partial"
    encoded = w2v.encode([["a", "b"]] * 9, path / "corpus")
    plan, matrix = make_plan(encoded, TrainConfig(dim=2, epochs=5)), np.ones((2, 2), np.float32)
    for span in (3, 17):
        position = Position(2, span, [4.5, 4.25], [], loss_sum=8.0, loss_pairs=2, seconds=12.34)
        write_checkpoint(path, matrix, matrix, checkpoint_manifest(position, plan, encoded))
    (path / ".checkpoint-3.x.tmp").mkdir()
    return path


def test_an_unfinished_training_tells_what_resume_goes_on_from(partial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert info(partial) == 0
    shown = {label: value.strip() for label, value in lines_of(capsys.readouterr().out).items()}
    place = "epoch 3 of 5, 17 of 1 spans of it done, 12.3 s of training, loss of epoch 2 4.2500, of this one so far 4.0000"
    assert shown["corpus: words"] == "2"
    assert shown["resume"] == f"goes on from checkpoint-2: {place}"
    assert shown["lost"].startswith("what was trained after that was saved, at 20")
    assert shown["checkpoint-1"].startswith("sound, every byte: epoch 3 of 5, 3 of")
    assert shown["unfinished"] == ".checkpoint-3.x.tmp: not used, the next run removes it"
    with lock_directory(partial):
        assert info(partial) == 0
    assert lines_of(capsys.readouterr().out)["in use"].strip().startswith("by process ")
    assert info(partial, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["corpus"]["n_tokens"], found["checkpoint"]["position"]["span"]) == ("w2v partial model", 18, 17)
    assert found["in_use_by"] is None


def test_what_is_damaged_is_never_called_safe(partial: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, told in ((2, "goes on from checkpoint-1"), (1, "refused: no checkpoint is sound")):
        matrix = partial / f"checkpoint-{number}" / "output_vectors.npy"
        matrix.write_bytes(matrix.read_bytes()[:-1] + b"\x01")
        assert info(partial) == 0
        shown = {label: value.strip() for label, value in lines_of(capsys.readouterr().out).items()}
        assert told in shown["resume"]
        assert shown[f"checkpoint-{number}"].startswith("damaged, not used: ")


def test_an_unfinished_training_without_a_checkpoint(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "m.partial").mkdir()
    assert info(tmp_path / "m.partial") == 0
    out = capsys.readouterr().out
    assert "starts from the beginning: no checkpoint was saved yet" in out
    assert "none here" in out


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


def test_a_vector_file_with_counts_and_a_tokenizer_and_a_projector_folder(tmp_path, capsys):
    matrix = np.ones((2, 3), np.float32)
    vectors = w2v.WordVectors(w2v.Vocabulary(["a", "b"], [5, 2]), matrix, tokenizer=w2v.CorpusConfig(tokenizer="items"))
    for name, title in (("v.npz", "numpy .npz"), ("v.projector", "TensorBoard projector")):
        w2v.save(vectors, tmp_path / name)
        assert info(tmp_path / name) == 0
        out = capsys.readouterr().out
        assert title in out
        assert "of each word" in out
        assert ("tokenizer items" in out) == (name == "v.npz")
