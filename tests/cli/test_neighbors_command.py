"""`w2v neighbors`: queries from arguments, stdin and a prompt; tables and JSON; unknown words."""

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from w2v.cli.main import run
from w2v.config import CorpusConfig
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary

WORDS = ["king", "queen", "don't", "中国", "salt"]
MATRIX = np.array([[3, 4], [4, 3], [-3, 4], [0, 2], [-4, -3]], np.float32)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.w2v"
    manifest = {"corpus_config": CorpusConfig().to_json()}
    save_model(path, vocabulary=Vocabulary(WORDS, [5, 4, 3, 2, 1]), input_vectors=MATRIX, output_vectors=MATRIX, manifest=manifest)
    return path


def neighbors(*arguments: object) -> int:
    return run(["neighbors", *map(str, arguments)])


def give_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_table_for_people(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "king", "中国", "-n", 3) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "king",
        "  queen   0.9600",
        "  中国    0.8000",
        "  don't   0.2800",
        "",
        "中国",
        "  king    0.8000",
        "  don't   0.8000",
        "  queen   0.6000",
    ]


def test_json(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "king", "salt", "-n", 2, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["query"] for entry in found] == ["king", "salt"]
    assert [neighbor["word"] for neighbor in found[0]["neighbors"]] == ["queen", "中国"]
    assert found[0]["neighbors"][0]["similarity"] == pytest.approx(0.96, abs=1e-6)
    assert [neighbor["word"] for neighbor in found[1]["neighbors"]] == ["don't", "中国"]


def test_more_neighbors_than_words_are_all_words(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "king", "-n", 1000) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_queries_go_through_the_models_tokenizer(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "KING", "Don\u2019t", "-n", 1, "--json") == 0
    assert [(entry["query"], entry["neighbors"][0]["word"]) for entry in json.loads(capsys.readouterr().out)] == [
        ("KING", "queen"),
        ("Don\u2019t", "中国"),
    ]
    assert neighbors(model, "King", "-n", 1) == 0
    assert capsys.readouterr().out == "King -> king\n  queen   0.9600\n"


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_unknown_words_come_last_with_close_matches_and_exit_1(model: Path, capsys: pytest.CaptureFixture[str], form: list[str]) -> None:
    assert neighbors(model, "kign", "king", "Queens", "two words", *form) == 1
    out, err = capsys.readouterr()
    assert err.splitlines() == [
        "Error: 'kign' is not in the vocabulary; close matches: king",
        "Error: 'Queens' is not in the vocabulary; close matches: queen",
        "Error: 'two words' is not in the vocabulary",
    ]
    assert [entry["query"] for entry in json.loads(out)] == ["king"] if form else out.startswith("king\n")


def test_only_unknown_words(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "zzz", "--json") == 1
    assert capsys.readouterr().out == "[]\n"
    assert neighbors(model, "zzz") == 1
    assert capsys.readouterr().out == ""


def test_an_argument_that_is_no_unicode_is_unknown(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "\udcff", "\x1b[31m") == 1
    assert capsys.readouterr().err.splitlines() == [
        "Error: '?' is not in the vocabulary",
        "Error: '\\x1b[31m' is not in the vocabulary",
    ]


def test_words_from_stdin_one_a_line(model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, "\ufeffking\r\n\n  中国 \nnosuch\nsalt".encode())
    assert neighbors(model, "--json") == 1
    out, err = capsys.readouterr()
    assert [entry["query"] for entry in json.loads(out)] == ["king", "中国", "salt"]
    assert err == "Error: 'nosuch' is not in the vocabulary\n"


@pytest.mark.medium
def test_many_words_from_stdin(model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, b"king\nsalt\n" * 1500)
    assert neighbors(model, "--json", "-n", 1) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 3000
    assert {entry["query"]: entry["neighbors"][0]["word"] for entry in found} == {"king": "queen", "salt": "don't"}


def test_stdin_that_is_no_utf_8_is_refused_with_its_line(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    give_stdin(monkeypatch, b"king\n\xff\n")
    assert neighbors(model) == 1
    assert capsys.readouterr().err.startswith("Error: stdin, line 2: must be UTF-8")


def test_an_empty_stdin_answers_nothing(model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, b"")
    assert neighbors(model) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("command", ["neighbors", "similarity"])
def test_without_a_stdin_words_must_be_named(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert run([command, str(model)]) == 1
    assert capsys.readouterr() == ("", "Error: there is no stdin to read words from: name them on the command line\n")
    assert run([command, str(model), "king", "queen"]) == 0


def test_a_prompt_on_a_terminal(model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = iter(["King", "  ", "nosuch\udcff", "salt "])

    def answer(prompt: str) -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    give_stdin(monkeypatch, b"")
    monkeypatch.setenv("XDG_STATE_HOME", str(model.parent))
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", answer)
    assert neighbors(model, "-n", 1) == 0
    assert (model.parent / "w2v" / "history").exists()
    out, err = capsys.readouterr()
    assert out == "King -> king\n  queen   0.9600\nsalt\n  don't   0.0000\n"
    assert err == "Error: 'nosuch?' is not in the vocabulary\n\n"


def test_a_vector_file_answers_exact_words(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "v.vec").write_text("2 2\nKing 1 0\nqueen 1 1\n")
    assert neighbors(tmp_path / "v.vec", "King") == 0
    assert capsys.readouterr().out == "King\n  queen   0.7071\n"
    assert neighbors(tmp_path / "v.vec", "king") == 1
    assert capsys.readouterr().err == "Error: 'king' is not in the vocabulary; close matches: King\n"


def test_words_together_and_words_to_go_away_from(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "KING", "queen", "--negative", "salt", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["query"] for entry in found] == ["king + queen - salt"]
    assert [near["word"] for near in found[0]["neighbors"]] == ["中国", "don't"]
    assert neighbors(model, "king", "queen", "--together", "-n", 1) == 0
    assert capsys.readouterr().out == "king + queen\n  中国   0.7071\n"
    assert neighbors(model, "--negative", "salt", "-n", 1) == 0
    assert capsys.readouterr().out == "- salt\n  queen   1.0000\n"


def test_all_unknown_words_of_a_joint_query_are_named(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "kign", "queen", "--negative", "slat", "--json") == 1
    out, err = capsys.readouterr()
    assert out == "[]\n"
    assert [line.split()[1] for line in err.splitlines()] == ["'kign'", "'slat'"]


def test_only_the_most_frequent_words(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert neighbors(model, "king", "--restrict-vocab", 3) == 0
    assert capsys.readouterr().out == "king\n  queen   0.9600\n  don't   0.2800\n"
    assert neighbors(model, "king", "--restrict-vocab", 1) == 0
    assert capsys.readouterr().out == "king\n"


def test_an_interrupted_replacement_is_read_by_the_models_name(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model.rename(model.with_name("m.w2v.previous"))
    assert neighbors(model, "king") == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent", "king"], "does not exist"),
        ([], "MODEL"),
        (["{model}", "king", "-n", "0"], "-n"),
        (["{model}", "--together"], "needs WORDs"),
    ],
)
def test_wrong_use_exits_2(model: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert neighbors(*(argument.format(model=model) for argument in arguments)) == 2
    assert message in capsys.readouterr().err


def test_a_damaged_model_exits_1_and_names_the_file(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (model / "vocabulary.tsv").write_text("king\t1\n")
    assert neighbors(model, "king") == 1
    err = capsys.readouterr().err
    assert err.startswith("Error: ")
    assert "vocabulary.tsv has 7 bytes" in err
    assert err.count("\n") == 1
