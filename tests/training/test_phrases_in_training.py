"""`train --phrases N`: the model of `w2v phrases` and `w2v train`, in one step."""

import json
from pathlib import Path

import pytest

import w2v
from w2v.cli.main import run
from w2v.errors import CheckpointError, ConfigError
from w2v.file_hashes import sha256_file
from w2v.vectors.model_directory import load_model

SMALL = ["--dim", "8", "--epochs", "2", "--threads", "1", "--sample", "0", "--min-count", "6"]
FILES = ("vocabulary.tsv", "input_vectors.npy", "output_vectors.npy")


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "my.txt"
    cities = "".join(f"in{i % 7} New York Times said{i % 6}\nthere the bird{i % 3}\n" for i in range(20))
    path.write_text(cities + "".join(f"other{i % 400} words{i % 300} here{i % 200}\n" for i in range(3000)))
    return path


def test_equal_to_phrases_and_then_train(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["train", str(text), "--out", str(tmp_path / "m"), "--phrases", "2", *SMALL]) == 0
    assert "of these words are phrases" in capsys.readouterr().err
    assert run(["phrases", str(text), "--out", str(tmp_path / "c"), "--passes", "2", "--min-count", "6"]) == 0
    assert run(["train", str(tmp_path / "c"), "--out", str(tmp_path / "n"), *SMALL[:-2]]) == 0
    one, two = load_model(tmp_path / "m"), load_model(tmp_path / "n")
    assert "new_york_times" in one.vocabulary
    assert [sha256_file(tmp_path / "m" / name) for name in FILES] == [sha256_file(tmp_path / "n" / name) for name in FILES]
    assert one.corpus_config == two.corpus_config == w2v.CorpusConfig(min_count=6, phrases=2)
    assert one.manifest["corpus"]["phrases"] == two.manifest["corpus"]["phrases"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "m", "my.txt", "n"]


def test_encode_and_python_do_the_same(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["encode", str(text), "--out", str(tmp_path / "c"), "--phrases", "2", "--min-count", "6"]) == 0
    assert "of these words are phrases" in capsys.readouterr().err
    kept = w2v.EncodedCorpus.open(tmp_path / "c", verify=True)
    assert {path.name for path in (tmp_path / "c").iterdir()} == {"manifest.json", "tokens.npy", "sentence_offsets.npy", "vocabulary.tsv"}
    temporary = w2v.encode(text, None, w2v.CorpusConfig(phrases=2, min_count=6))
    assert temporary.vocabulary == kept.vocabulary
    assert temporary.tokens.tolist() == kept.tokens.tolist()


def test_a_query_finds_a_phrase_as_it_is_written(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = str(tmp_path / "m")
    assert run(["train", str(text), "--out", model, "--phrases", "2", *SMALL]) == 0
    capsys.readouterr()
    assert run(["neighbors", model, "New York Times", "-n", "1"]) == 0
    assert capsys.readouterr().out.startswith("New York Times -> new_york_times\n")
    assert run(["similarity", model, "new york times", "here1 words1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["similarity"] == pytest.approx(
        load_model(model).vectors.n_similarity(["new_york_times"], ["here1", "words1"])
    )


def test_what_is_refused(text: Path, tmp_path: Path) -> None:
    config, corpus_config = w2v.TrainConfig(dim=8, epochs=1), w2v.CorpusConfig(min_count=6, phrases=1)
    w2v.train(text, config, corpus_config=corpus_config, out=tmp_path / "m", threads=1)
    again = w2v.train(text, config, corpus_config=corpus_config, out=tmp_path / "m", threads=1, resume=True)
    assert again.report["epochs"] == 1
    with pytest.raises(CheckpointError, match="phrases was 1, now 0"):
        w2v.train(text, config, corpus_config=w2v.CorpusConfig(min_count=6), out=tmp_path / "m", threads=1, resume=True)
    with pytest.raises(ConfigError, match="phrases of a model that grows"):
        w2v.train(text, config, corpus_config=corpus_config, out=tmp_path / "g", init_from=tmp_path / "m", threads=1)
    joined = w2v.encode(text, tmp_path / "c", corpus_config)
    grown = w2v.train(joined, config, out=tmp_path / "g", init_from=tmp_path / "m", threads=1)
    assert grown.report["grown"]["new_words"] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c", "g", "m", "my.txt"]
    with pytest.raises(ConfigError, match="phrases must be an integer from 0 to 10"):
        w2v.CorpusConfig(phrases=11)
