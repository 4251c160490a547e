"""`w2v evaluate`: bundled and own sets, several models, JSON, what is refused."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest
from gensim.test.utils import datapath

import w2v
from w2v.cli.main import run
from w2v.vectors.evaluation import evaluate_pairs
from w2v.vectors.evaluation_sets import read_pairs

WORDS = ["man", "king", "woman", "queen", "国王", "女王", "tiger", "cat"]


@pytest.fixture
def model(tmp_path: Path) -> Path:
    random = np.random.default_rng(1)
    gender, royal, chinese = 3 * np.eye(3, 6)
    rows = [gender, gender + royal, -gender, royal - gender, gender + chinese, chinese - gender, *random.standard_normal((2, 6))]
    w2v.save(w2v.WordVectors(w2v.Vocabulary(WORDS, range(8, 0, -1)), np.array(rows, np.float32)), tmp_path / "m.vec")
    return tmp_path / "m.vec"


@pytest.fixture
def analogies(tmp_path: Path) -> Path:
    path = tmp_path / "own.txt"
    path.write_text(
        ": royal\nman king woman queen\nman king woman cat\n: 中文\nman 国王 woman 女王\nman king king nosuch\n", encoding="utf-8"
    )
    return path


def test_the_sets_that_gensim_brings(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(model), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(entry["set"], entry["kind"], entry["total"]) for entry in found] == [
        ("WordSim-353", "pairs", 353),
        ("SimLex-999", "pairs", 999),
        ("Google analogies", "analogies", 19544),
    ]
    expected = evaluate_pairs(w2v.load(model), read_pairs(datapath("wordsim353.tsv")))
    assert found[0]["covered"] == expected.covered > 1
    assert found[0]["spearman"] == expected.spearman
    assert found[1]["spearman"] is None  # one pair at most is known
    assert len(found[2]["sections"]) == 14


def test_own_sets_by_section(model: Path, analogies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["evaluate", str(model), "--analogies", str(analogies), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["set"], found["correct"], found["covered"], found["total"]) == ("own.txt", 2, 3, 4)
    assert found["accuracy"] == pytest.approx(2 / 3)
    assert [(part["section"], part["correct"], part["covered"], part["total"]) for part in found["sections"]] == [
        ("royal", 1, 2, 2),
        ("中文", 1, 1, 2),
    ]


def test_a_table_of_several_models_with_their_stability(model: Path, analogies: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pairs = analogies.with_name("pairs.tsv")
    pairs.write_text("man\tking\t5\nking\tqueen\t9\ntiger\tcat\t1\n")
    options = ["--pairs", str(pairs), "--analogies", str(analogies), "--sections", "--stability", "--restrict-vocab", "6"]
    assert run(["evaluate", str(model), str(model), *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[:6]] == [str(model), "pairs.tsv", "pearson", "own.txt", "royal", "中文"]
    assert lines[1].split()[1:3] == ["spearman", "-1.0000"]  # man and king are nearer than king and queen, and judged farther
    assert lines[1].count("2/3") == 2
    assert lines[3].count("2/4") == 2  # queen and cat are known, but cat is not among the first six
    assert lines[-2] == "share of the 10 nearest neighbors in common"
    assert lines[-1] == f"{model}  {model}  1.0000  8 words"


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 2, "MODEL"),
        (["{model}", "--stability"], 2, "give two or more"),
        (["{model}", "--seed", "-1"], 2, "seed must be"),
        (["{model}", "--pairs", "nosuch"], 2, "nosuch"),
        (["{model}", "--pairs", "{model}"], 1, "must have lines of word, tab, word, tab, number: found none"),
    ],
)
def test_what_is_refused(model: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str) -> None:
    assert run(["evaluate", *(argument.format(model=model) for argument in arguments)]) == code
    assert message in capsys.readouterr().err


def test_without_gensim_it_says_how_to_get_the_sets(
    model: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "gensim.test.utils", None)
    assert run(["evaluate", str(model)]) == 1
    assert "pip install 'w2v[validate]'" in capsys.readouterr().err
