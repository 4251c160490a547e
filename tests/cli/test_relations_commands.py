"""`w2v similarity`, `w2v analogy`, `w2v odd-one-out`, `w2v mean-vector`: arguments, stdin, prompt, JSON, wrong use."""

import contextlib
import io
import json
import os
import select
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.cli.shared.word_input import completer
from w2v.config import CorpusConfig
from w2v.vectors.model_directory import load_model, save_model
from w2v.vocabulary import Vocabulary

WORDS = ["king", "queen", "man", "woman", "salt", "中国"]
MATRIX = np.array([[3, 4, 1], [4, 3, 1], [3, 4, -1], [4, 3, -1], [-4, -3, 0], [0, 2, 2]], np.float32)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    path = tmp_path / "m.w2v"
    manifest = {"corpus_config": CorpusConfig().to_json()}
    save_model(path, vocabulary=Vocabulary(WORDS, range(6, 0, -1)), input_vectors=MATRIX, output_vectors=MATRIX, manifest=manifest)
    return str(path)


def vectors_of(model: str) -> w2v.WordVectors:
    return load_model(model).vectors


def give_stdin(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))


def test_similarity(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["similarity", model, "King", "salt"]) == 0
    assert capsys.readouterr().out == "King  salt  -0.9414\n"
    assert run(["similarity", model, "king", "queen", "--json", "--rank"]) == 0
    expected = vectors_of(model)
    assert json.loads(capsys.readouterr().out) == [
        {"a": "king", "b": "queen", "similarity": expected.similarity("king", "queen"), "rank": expected.rank("king", "queen")}
    ]


def test_who_is_closer(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["similarity", model, "king", "salt", "--closer", "--json"]) == 0
    assert (
        json.loads(capsys.readouterr().out)[0]["closer"]
        == vectors_of(model).closer_than("king", "salt")
        == ["queen", "man", "woman", "中国"]
    )
    assert run(["similarity", model, "king", "queen", "--closer"]) == 0
    assert capsys.readouterr().out == "king  queen  0.9615\n  closer: none\n"
    assert run(["similarity", model, "king queen", "man", "--closer"]) == 0
    assert "closer" not in capsys.readouterr().out


def test_mean_vector(model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["mean-vector", model, "King", "salt", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == [
        {"words": ["king", "salt"], "vector": vectors_of(model).mean_vector(["king", "salt"]).tolist()}
    ]
    give_stdin(monkeypatch, "king\nking nosuch\nqueen man\n")
    assert run(["mean-vector", model, "--whole"]) == 1
    out, err = capsys.readouterr()
    assert out == "3 4 1\n3.5 3.5 0\n"
    assert err.startswith("Error: 'nosuch' is not in the vocabulary")


def test_similarity_of_groups(model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["similarity", model, "king queen", "man", "--json"]) == 0
    value = json.loads(capsys.readouterr().out)[0]["similarity"]
    assert value == vectors_of(model).n_similarity(["king", "queen"], ["man"])
    give_stdin(monkeypatch, "king queen\tman\nking salt\nking queen man\n")
    assert run(["similarity", model, "--json"]) == 1
    out, err = capsys.readouterr()
    assert err == "Error: stdin, question 3: must have 2 words: found 3\n"
    assert out == ""


def test_analogy(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["analogy", model, "man", "king", "woman", "-n", "2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "man is to king as woman is to"
    assert [line.split()[0] for line in lines[1:]] == ["queen", "中国"]
    assert run(["analogy", model, "man", "king", "woman", "-n", "1", "--method", "3cosmul", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)[0]
    best = vectors_of(model).analogy("man", "king", "woman", 1, method="3cosmul")[0]
    assert found == {"a": "man", "b": "king", "c": "woman", "answers": [{"word": best.word, "score": best.similarity}]}
    assert run(["analogy", model, "man", "king", "woman", "--restrict-vocab", "1"]) == 0
    assert capsys.readouterr().out == "man is to king as woman is to\n"


def test_odd_one_out(model: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["odd-one-out", model, "king", "salt", "queen", "man"]) == 0
    assert capsys.readouterr().out.startswith("salt  (")
    assert run(["odd-one-out", model, "king", "salt", "queen", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)[0]
    assert (found["words"], found["odd"]) == (["king", "salt", "queen"], "salt")
    assert found["centrality"][-1]["word"] == "salt"


def test_questions_from_stdin_and_unknown_words(model: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, "\ufeffman king woman\n\nman kign woman\nKing\tman\tqueen\r\n")
    assert run(["analogy", model, "--json", "-n", "1"]) == 1
    out, err = capsys.readouterr()
    assert [entry["answers"][0]["word"] for entry in json.loads(out)] == ["queen", "woman"]
    assert err == "Error: 'kign' is not in the vocabulary; close matches: king\n"
    assert run(["odd-one-out", model, "king", "queen", "slat"]) == 1
    assert capsys.readouterr() == ("", "Error: 'slat' is not in the vocabulary; close matches: salt\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["similarity", "{model}", "king"], "a question has 2 words: received 1"),
        (["analogy", "{model}", "king", "man"], "a question has 3 words: received 2"),
        (["odd-one-out", "{model}", "king", "man"], "a question has at least 3 words: received 2"),
        (["analogy", "{model}", "a", "b", "c", "--method", "x"], "3cosmul"),
        (["analogy", "{model}", "a", "b", "c", "--restrict-vocab", "0"], "--restrict-vocab"),
    ],
)
def test_wrong_use_exits_2(model: str, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert run([argument.format(model=model) for argument in arguments]) == 2
    assert message in capsys.readouterr().err


def test_the_completer_offers_frequent_words() -> None:
    words = [f"b{i}" for i in range(1000, 0, -1)] + ["a", "abc", "abd", "中国"]
    complete = completer(words)

    def offered(text: str) -> list[str | None]:
        return [complete(text, state) for state in range(300)]

    assert offered("ab")[:3] == ["abc", "abd", None]
    assert offered("中")[:2] == ["中国", None]
    assert offered("x")[0] is None
    assert offered("b")[:200] == words[:200]
    assert offered("b")[200] is None


@pytest.mark.medium
def test_a_terminal_completes_answers_and_remembers(model: str, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    pytest.importorskip("readline", reason="this Python has no readline")
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "dumb"
        os.execv(sys.executable, [sys.executable, "-m", "w2v", "neighbors", model, "-n", "1"])
    shown = b""

    def read_until(wanted: bytes) -> None:
        nonlocal shown
        while wanted not in shown:
            assert select.select([terminal], [], [], 30)[0], shown
            shown += os.read(terminal, 4096)
        shown = shown.partition(wanted)[2]

    try:
        read_until(b"word> ")
        os.write(terminal, b"qu\t\n")
        read_until(b"queen\r\n")
        read_until(b"king   0.9615")
        read_until(b"word> ")
        os.write(terminal, b"kign\n")
        read_until(b"close matches: king")
        read_until(b"word> ")
        os.write(terminal, b"\x04")  # a character of the prompt's: it must be there to read it
        with contextlib.suppress(OSError):  # EIO: the other side has gone
            while select.select([terminal], [], [], 30)[0] and os.read(terminal, 4096):
                pass
    finally:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(terminal)
    assert (tmp_path / "state" / "w2v" / "history").read_text().split()[-2:] == ["queen", "kign"]
    assert os.waitstatus_to_exitcode(status) in (0, -signal.SIGKILL)  # it had closed the terminal before
