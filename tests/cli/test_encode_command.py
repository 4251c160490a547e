"""`w2v encode`: what is printed where, and exit codes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from w2v.cli.main import run
from w2v.corpus.encoded_corpus import EncodedCorpus


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_bytes(b"The cat sat.\nThe dog sat, the cat ran.\n" * 5)
    return path


def test_the_corpus_is_made_and_named(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["encode", str(text), "--out", str(text.parent / "out"), "--min-count", "6"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{text.parent / 'out'}\n"
    assert EncodedCorpus.open(text.parent / "out", verify=True).vocabulary.words == ("the", "cat", "sat")
    lines = err.splitlines()
    assert re.match(r"reading 0\.0 MB of text: .* on disk .*memory", lines[0])
    assert lines[1:] == [
        "sample tokens: the cat sat the dog",
        "min-count 6 keeps 35 of 45 tokens and 3 of 5 words",
        "kept 90 % of the characters that are not white space",
    ]


def test_what_the_rules_of_text_drop_is_said_with_the_option_that_keeps_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").write_text("don&#39;t 👍 İstanbul\n", encoding="utf-8")
    command = ["encode", str(tmp_path / "text"), "--out", str(tmp_path / "out"), "--min-count", "1", "--overwrite"]
    assert run(command) == 0
    err = capsys.readouterr().err
    for part in (
        "kept 83 %",
        "emoji dropped: 1 (--keep emoji",
        "HTML entities in 100 % of the lines, such as &#39;: --clean html",
        "--language tr",
    ):
        assert part in err
    assert run([*command, "--keep", "emoji", "--clean", "html", "--language", "tr", "--fold", "compatibility"]) == 0
    assert "kept 100 %" in capsys.readouterr().err
    assert set(EncodedCorpus.open(tmp_path / "out").vocabulary.words) == {"don't", "👍", "istanbul"}
    assert run([*command, "--token-pattern", r"\w+(?:&#39;\w+)?"]) == 0
    assert "don&#39;t" in EncodedCorpus.open(tmp_path / "out").vocabulary
    assert run([*command, "--token-pattern", "("]) == 2
    assert "--token-pattern must be a regular expression" in capsys.readouterr().err
    assert run([*command, "--token-pattern", r"\p{L}+"]) == 2
    assert r"; a letter is [^\W\d_])" in capsys.readouterr().err


def test_json(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["encode", str(text), "--out", str(text.parent / "out"), "--json", "--threads", "2"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {key: report[key] for key in ("vocabulary", "tokens", "sentences", "tokens_read", "distinct_words", "replaced")} == {
        "vocabulary": 5, "tokens": 45, "sentences": 10, "tokens_read": 45, "distinct_words": 5, "replaced": 0,
    }  # fmt: skip
    assert report["megabytes_per_second"] >= 0
    assert set(report["seconds"]) == {"count", "merge", "rank", "total"}


def test_corpus_options_are_heeded(text: Path) -> None:
    text.write_bytes(b"New York; Ri\xf3\n" * 5)
    arguments = [
        "encode",
        str(text),
        "--out",
        str(text.parent / "out"),
        "--tokenizer",
        "items",
        "--separator",
        ";",
        "--encoding",
        "latin-1",
    ]
    assert run(arguments) == 0
    assert EncodedCorpus.open(text.parent / "out").vocabulary.words == ("New York", "Rió")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "Missing argument"),
        (["no such file"], 2, "does not exist"),
        (["{text}", "--min-count", "0"], 2, "--min-count must be an integer"),
        (["{text}", "--tokenizer", "magic"], 2, "tokenizer must be one of"),
        (["{text}", "--separator", ","], 2, "separator goes with the tokenizer items only"),
        (["{text}", "--threads", "0"], 2, "threads"),
        (["{text}", "--size", "100"], 2, "size is called --dim here"),
        (["{text}", "--min-count", "99"], 1, "vocabulary is empty: the most frequent word occurs 15 times, --min-count is 99"),
        (["{text}", "--text-field", "x"], 1, "plain text"),
    ],
)
def test_errors_are_one_line_and_nothing_is_written(
    text: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    given = [argument.format(text=text) for argument in arguments]
    assert run(["encode", *given, "--out", str(text.parent / "out")]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err.splitlines()[-1]
    assert os.listdir(text.parent) == ["text.txt"]


@pytest.mark.parametrize(
    ("name", "content", "arguments", "message"),
    [
        ("a.csv", "id;text\n1;b\n", [], "say which column is the text with --text-field (columns: id, text)"),
        ("a.csv", "id;text\n1;b\n", ["--text-field", "id;text"], "has no column 'id;text' (columns: id, text)"),
        ("a.csv", "id;text\n1;b\n", ["--text-field", "text", "--delimiter", ","], "between its cells but ';': --delimiter ';'"),
        ("a.csv", "id\ttext\n1\tb\n", ["--text-field", "text", "--delimiter", ","], "--delimiter tab"),
        ("a.csv", "1,2,3\n", ["--tokenizer", "items"], "such as --separator ','; else say which column is the text with --text-field"),
        ("a.txt", "a b\n", ["--delimiter", ";"], "--delimiter is for a table: say which column is the text with --text-field"),
        ("a.txt", b"Stra\xdfe\n", [], "it may be cp1252 ('Straße'): add --encoding cp1252; to go on anyway, --errors replace"),
        ("a.txt", "Straße schön übel für\n", ["--encoding", "cp1252"], "not cp1252 but UTF-8 ('Straße'): leave --encoding away"),
    ],
)
def test_messages_speak_of_options(tmp_path: Path, capsys: pytest.CaptureFixture[str], name, content, arguments, message) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert run(["encode", str(path), "--out", str(tmp_path / "out"), *arguments]) == 1
    assert message in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("delimiter", [";", "|", "\t", "::"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
def test_tables(tmp_path: Path, delimiter: str, name: str) -> None:
    path, out = tmp_path / name, tmp_path / "out"
    path.write_text(f"id{delimiter}text\n1{delimiter}the cat, sat\n2{delimiter}the dog\n", encoding="utf-8")
    for options in (["--text-field", "text"], ["--text-field", "2"], ["--text-field", "text", "--delimiter", delimiter]):
        assert run(["encode", str(path), "--out", str(out), "--min-count", "1", "--overwrite", *options]) == 0
        assert {"the", "cat", "sat", "dog"} <= set(EncodedCorpus.open(out).vocabulary.words) <= {"the", "cat", "sat", "dog", "text"}


def test_an_existing_corpus_stays_without_overwrite(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["encode", str(text), "--out", str(text.parent / "out")]
    assert run(arguments) == 0
    text.write_bytes(b"b " * 9)
    assert run(arguments) == 1
    assert "exists already" in capsys.readouterr().err
    assert run([*arguments, "--overwrite"]) == 0
    assert len(EncodedCorpus.open(text.parent / "out").vocabulary) == 1


@pytest.mark.medium
def test_stdin(text: Path) -> None:
    command = [sys.executable, "-m", "w2v", "encode", "-", "--out", str(text.parent / "out")]
    with open(text, "rb") as file:
        found = subprocess.run(command, stdin=file, capture_output=True, text=True, encoding="utf-8", check=False)
    assert found.returncode == 0, found.stderr
    assert "reading a stream" in found.stderr
    assert EncodedCorpus.open(text.parent / "out").n_tokens == 45
