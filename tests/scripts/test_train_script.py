"""`scripts/train.sh`: which commands it runs, seen by a stand-in for python."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "train.sh"
STAND_IN = """#!/usr/bin/env bash
for argument in "$@"; do printf '%s\\0' "$argument"; done >> "$CALLS"
printf '\\n' >> "$CALLS"
case "$3" in
    corpus) echo "downloads/starter/starter.txt" ;;
    train) [[ ${FAIL:-} ]] && exit 3; exit 0 ;;
    neighbors) echo "the neighbors" ;;
    report) echo "$7"; [[ ! ${NO_PAGE:-} ]] ;;
esac
"""


@pytest.fixture
def script(tmp_path):
    stand_in = tmp_path / "a python"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)

    def run(*arguments: str, **environment: str) -> tuple[subprocess.CompletedProcess[str], list[list[str]]]:
        calls = tmp_path / "calls"
        calls.write_bytes(b"")
        env = {
            "PATH": os.environ["PATH"],
            "PYTHON": str(stand_in),
            "CALLS": str(calls),
            "CORPUS": "",
            "TOKENIZER": "",
            "DIM": "",
            "MODEL": "",
        }
        done = subprocess.run([SCRIPT, *arguments], cwd=tmp_path, env={**env, **environment}, capture_output=True, text=True)
        lines = [line.split("\0")[:-1] for line in calls.read_text().splitlines()]
        assert all(line[:2] == ["-m", "w2v"] for line in lines)
        return done, [line[2:] for line in lines]

    return run


def vocabulary(folder: Path, n_words: int) -> None:
    folder.mkdir(parents=True)
    (folder / "vocabulary.tsv").write_text("".join(f"word{rank}\t{9999 - rank}\n" for rank in range(1, n_words + 1)))


def test_starter(script):
    done, calls = script()
    assert done.returncode == 0
    assert done.stdout.split("\n") == [
        *("", "the neighbors", "", "a page about this training, to open in a browser:", "models/starter.report.html", "")
    ]
    assert calls == [
        ["corpus", "get", "starter"],
        ["train", "--resume", "--out", "models/starter", "--", "downloads/starter/starter.txt"],
        ["neighbors", "models/starter", "--", "anarchism", "music", "war", "language", "computer"],
        ["report", "--overwrite", "--", "models/starter", "models/starter.report.html"],
    ]


def test_further_words_come_after_the_defaults(script):
    _, calls = script("--epochs", "3", DIM="50")
    options = ["--resume", "--dim", "50", "--out", "models/starter", "--epochs", "3"]
    assert calls[1] == ["train", *options, "--", "downloads/starter/starter.txt"]


@pytest.mark.parametrize(
    ("corpus", "model"),
    [("my text.txt", "models/my text"), ("a/b.c/wiki.txt.gz", "models/wiki"), ("folder/", "models/folder"), ("-x.txt", "models/-x")],
)
def test_own_corpus(script, tmp_path, corpus, model):
    vocabulary(tmp_path / model, 1000)
    done, calls = script(CORPUS=corpus, TOKENIZER="chinese")
    assert done.returncode == 0, done.stderr
    assert calls == [
        ["train", "--resume", "--tokenizer", "chinese", "--out", model, "--", corpus],
        ["neighbors", model, "--", "word100", "word200", "word300", "word400", "word500"],
        ["report", "--overwrite", "--", model, f"{model}.report.html"],
    ]


@pytest.mark.parametrize(("n_words", "ranks"), [(1, [1]), (3, [1, 2, 3]), (100, [20, 40, 60, 80, 100])])
def test_a_small_vocabulary(script, tmp_path, n_words, ranks):
    vocabulary(tmp_path / "a model", n_words)
    _, calls = script(CORPUS="x", MODEL="a model")
    assert calls[1] == ["neighbors", "a model", "--", *(f"word{rank}" for rank in ranks)]


def test_the_page_of_a_model_that_was_not_trained_again_stays(script, tmp_path):
    vocabulary(tmp_path / "a model", 10)
    manifest, page = tmp_path / "a model" / "manifest.json", tmp_path / "a model.report.html"
    for newer, is_written in ((page, False), (manifest, True)):
        for path in (manifest, page):
            path.touch()
            os.utime(path, (1e9, 1e9 + (path == newer)))
        done, calls = script(CORPUS="x", MODEL="a model")
        assert ([call[0] for call in calls] == ["train", "neighbors", "report"]) == is_written
        assert done.stdout.endswith("a model.report.html\n")


def test_a_page_that_cannot_be_written_is_no_failure(script):
    done, _ = script(NO_PAGE="1")
    assert (done.returncode, done.stderr) == (0, "there is no page: the model is complete nevertheless\n")


def test_a_failed_training_ends_it(script):
    done, calls = script(FAIL="1")
    assert done.returncode == 3
    assert len(calls) == 2
