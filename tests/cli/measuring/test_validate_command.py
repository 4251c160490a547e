"""`w2v validate`, end to end on a tiny text."""

import json

import pytest
from tiny_texts import WORDS, write_text

from w2v.cli.main import run


@pytest.fixture
def text(tmp_path):
    return str(write_text(tmp_path / "text.txt"))


@pytest.mark.medium
def test_table(text, capsys):
    assert run(["validate", text, "--seeds", "2", "--dim", "8", "--epochs", "1", "--threads", "1", "--line-words", "7"]) == 0
    out, err = capsys.readouterr()
    assert f"{400 * 12:,} tokens, in lines of 7 words, {len(WORDS)} words, epochs 1, dim 8" in out
    assert "WordSim-353" in out
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        f"{side}, seed {seed}" for seed in (1, 2) for side in ("gensim", "w2v", "w2v by default")
    ]
    assert out.count("w2v by default") == 2, "a column and what it means"


def test_json(text, capsys):
    assert run(["validate", text, "--seeds", "1", "--dim", "8", "--epochs", "1", "--min-count", "3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["settings"]["corpus_config"]["min_count"] == 3
    assert found["settings"]["train_config"]["sample"] == 0.001
    for entry in found["sets"]:
        assert len(entry["w2v"]) == len(entry["gensim"]) == 1
        assert 0 < entry["covered"] < entry["total"]


@pytest.mark.parametrize("options", [["--dim", "0"], ["--seeds", "0"], ["--seed", "3"], ["--threads", "0"], ["--held-out", "0.1"]])
def test_wrong_options(text, options, capsys):
    assert run(["validate", text, *options]) == 2
    assert capsys.readouterr().out == ""


def test_a_missing_text_is_a_wrong_use(tmp_path):
    assert run(["validate", str(tmp_path / "no.txt")]) == 2


def test_an_empty_text_is_wrong_content(tmp_path, capsys):
    (tmp_path / "empty.txt").touch()
    assert run(["validate", str(tmp_path / "empty.txt")]) == 1
    assert "the corpus is empty" in capsys.readouterr().err
