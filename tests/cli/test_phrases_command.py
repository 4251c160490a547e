"""`w2v phrases`: text or an encoded corpus in, a corpus to train on out."""

import json
from pathlib import Path

import pytest

from w2v.cli.main import run
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "my.txt"
    path.write_text("We saw New York.\nthe Bank of America in New York\nrare\n" * 12 + "other words here\nsaw the bank\n" * 12)
    return path


def test_from_text_to_a_corpus(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "c"
    assert run(["phrases", str(text), "--out", str(out), "--threshold", "0.2", "--connector-words", "english", "--min-count", "12"]) == 0
    found = capsys.readouterr()
    assert [line.split()[:2] for line in found.out.splitlines()][:2] == [["new_york", "24"], ["bank_of_america", "12"]]
    assert found.err.endswith(f"{out}\n")
    corpus = EncodedCorpus.open(out, verify=True)
    assert {"new_york", "bank_of_america", "rare"} <= set(corpus.vocabulary.words)
    assert corpus.config.min_count == 12


def test_from_an_encoded_corpus_with_json(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["encode", str(text), "--out", str(tmp_path / "all"), "--min-count", "1"]) == 0
    capsys.readouterr()
    options = ["--scoring", "npmi", "--threshold", "0.9", "--passes", "2", "-n", "1", "--json"]
    assert run(["phrases", str(tmp_path / "all"), "--out", str(tmp_path / "c"), *options]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["most_frequent"][0]["phrase"] == "new_york"
    assert report["tokens"] == EncodedCorpus.open(tmp_path / "c").n_tokens
    connectors = tmp_path / "words.txt"
    connectors.write_text("new\n")
    assert run(["phrases", str(text), "--out", str(tmp_path / "d"), "--connector-words", str(connectors), "--json"]) == 0
    assert "new" in EncodedCorpus.open(tmp_path / "d").vocabulary.words


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        (["--scoring", "npmi", "--threshold", "2"], 2, "threshold must be a number from -1 to 1"),
        (["--connector-words", "nosuch"], 2, "there is no file nosuch"),
        (["--out", "{text}"], 1, "exists"),
        (["--min-count", "100"], 1, "vocabulary is empty"),
    ],
)
def test_what_is_refused(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, message: str
) -> None:
    arguments = ["phrases", str(text), "--out", str(tmp_path / "c"), *(option.format(text=text) for option in options)]
    assert run(arguments) == code
    assert message in capsys.readouterr().err


def test_a_corpus_is_given_alone_and_with_all_its_words(text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    encode(text, tmp_path / "some")
    assert run(["phrases", str(tmp_path / "some"), "--out", str(tmp_path / "c")]) == 1
    assert "encode it with --min-count 1" in capsys.readouterr().err
    for more in ([str(text)], ["--tokenizer", "whitespace"], ["--tokenizer", "words"]):
        assert run(["phrases", str(tmp_path / "some"), *more, "--out", str(tmp_path / "c")]) == 2
        assert "leave the other corpus options away" in capsys.readouterr().err
