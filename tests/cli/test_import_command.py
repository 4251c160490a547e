"""`w2v import`, and the options that it shares with `w2v export`."""

import json

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.vectors.model_directory import load_model

GOLDEN = b"3 2\nking 3.0 4.0\nqueen 4.0 3.0\nsalt -4.0 3.0\n"


@pytest.fixture
def royal(tmp_path):
    (tmp_path / "royal.vec").write_bytes(GOLDEN)
    return tmp_path / "royal.vec"


def w2v_run(*arguments):
    return run([str(argument) for argument in arguments])


def test_a_model_of_a_vector_file(tmp_path, royal, capsys):
    assert w2v_run("import", royal, tmp_path / "m", "--tokenizer", "words") == 0
    stored = load_model(tmp_path / "m", verify=True)
    assert stored.vocabulary.words == ("king", "queen", "salt")
    assert stored.input_vectors.tolist() == [[3, 4], [4, 3], [-4, 3]]
    assert not stored.output_vectors.any()
    assert stored.corpus_config == w2v.CorpusConfig(tokenizer="words")
    assert stored.manifest["imported"]["path"] == str(royal)
    assert stored.manifest["imported"]["size"] == len(GOLDEN)
    assert len(stored.manifest["imported"]["sha256"]) == 64
    assert w2v_run("neighbors", tmp_path / "m", "King", "-n", 1) == 0
    assert "queen   0.9600" in capsys.readouterr().out
    assert w2v_run("info", tmp_path / "m", "--verify") == 0
    assert f"imported  path {royal}" in capsys.readouterr().out


def test_without_a_tokenizer_none_is_made_up(tmp_path, royal):
    assert w2v_run("import", royal, tmp_path / "m") == 0
    assert w2v.load(tmp_path / "m").tokenizer is None
    assert w2v_run("export", tmp_path / "m", tmp_path / "again.vec") == 0
    assert (tmp_path / "again.vec").read_bytes() == GOLDEN


def test_a_tokenizer_of_the_file_is_kept(tmp_path, royal):
    assert w2v_run("import", royal, tmp_path / "m", "--tokenizer", "items", "--separator", ";") == 0
    assert w2v_run("export", tmp_path / "m", tmp_path / "v.npz") == 0
    assert w2v_run("import", tmp_path / "v.npz", tmp_path / "again") == 0
    assert w2v.load(tmp_path / "again").tokenizer == w2v.CorpusConfig(tokenizer="items", separator=";")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--tokenizer", "nonsense"], "nonsense"),
        (["--separator", ";"], "go with --tokenizer items"),
        (["--tokenizer", "words", "--separator", ";"], "separator goes with the tokenizer items only"),
        (["--limit", "0"], "--limit"),
        (["--errors", "ignore"], "--errors"),
        (["--format", "card"], "card"),
        (["--words", "absent.txt"], "absent.txt"),
    ],
)
def test_wrong_use_exits_2(tmp_path, royal, capsys, arguments, message):
    assert w2v_run("import", royal, tmp_path / "m", *arguments) == 2
    assert message in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [royal]


def test_only_a_model_is_replaced(tmp_path, royal, capsys):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").touch()
    assert w2v_run("import", royal, tmp_path / "folder", "--overwrite") == 1
    assert w2v_run("import", royal, tmp_path / "m") == 0
    assert w2v_run("import", royal, tmp_path / "m") == 1
    assert "add --overwrite" in capsys.readouterr().err
    assert w2v_run("import", royal, tmp_path / "m", "--overwrite", "--limit", 1) == 0
    assert w2v.load(tmp_path / "m").words == ("king",)


def test_subsets(tmp_path, royal, capsys):
    (tmp_path / "words.txt").write_bytes("\ufeffsalt\r\n\nking\nabsent\n".encode())
    assert w2v_run("export", royal, tmp_path / "a.vec", "--words", tmp_path / "words.txt", "--normalize") == 0
    assert np.allclose(w2v.load(tmp_path / "a.vec").matrix, [[0.6, 0.8], [-0.8, 0.6]])
    assert w2v.load(tmp_path / "a.vec").words == ("king", "salt")
    assert f"1 of the 3 words of {tmp_path / 'words.txt'} are not in" in capsys.readouterr().err
    assert w2v_run("export", royal, tmp_path / "b.vec", "--limit", 2) == 0
    assert w2v.load(tmp_path / "b.vec").words == ("king", "queen")
    (tmp_path / "words.txt").write_bytes(b"\n")
    assert w2v_run("export", royal, tmp_path / "c.vec", "--words", tmp_path / "words.txt") == 1
    assert "must hold words" in capsys.readouterr().err


def test_repair_prints_every_change(tmp_path, royal, capsys):
    royal.write_bytes(GOLDEN.replace(b"queen 4.0", b"queen nan").replace(b"salt", b"s\xfflt"))
    assert w2v_run("export", royal, tmp_path / "a.vec") == 1
    capsys.readouterr()
    assert w2v_run("export", royal, tmp_path / "a.vec", "--repair") == 0
    *changes, total, _ = capsys.readouterr().err.splitlines()
    assert [change.startswith(f"Changed: {royal}, line {line} ") for change, line in zip(changes, (3, 4), strict=True)] == [True, True]
    assert total == f"2 changes to {royal}"
    assert w2v.load(tmp_path / "a.vec").words == ("king", "s\ufffdlt")
    assert w2v_run("export", tmp_path / "a.vec", tmp_path / "b.vec", "--repair") == 0
    assert f"nothing to repair in {tmp_path / 'a.vec'}" in capsys.readouterr().err


def test_errors_replace_says_what_it_replaced(tmp_path, royal, capsys):
    royal.write_bytes(GOLDEN.replace(b"salt", b"s\xfflt"))
    assert w2v_run("export", royal, tmp_path / "a.vec", "--errors", "replace") == 0
    assert "1 change to" in capsys.readouterr().err


def test_from_says_the_format_of_in(tmp_path, capsys):
    (tmp_path / "v").write_bytes(b"5 1\n6 2\n")
    assert w2v_run("export", tmp_path / "v", tmp_path / "a.vec") == 1
    assert w2v_run("export", tmp_path / "v", tmp_path / "a.vec", "--from", "glove") == 0
    assert (tmp_path / "a.vec").read_bytes() == b"2 1\n5 1.0\n6 2.0\n"


def test_model_card_with_scores(tmp_path, royal, capsys):
    assert w2v_run("import", royal, tmp_path / "m", "--tokenizer", "words") == 0
    scores = [
        {"set": "wordsim|353", "kind": "pairs", "spearman": 0.7, "covered": 3, "total": 9},
        {"set": "google", "kind": "analogies", "accuracy": None, "covered": 0, "total": 9},
    ]
    (tmp_path / "scores.json").write_text(json.dumps(scores))
    assert w2v_run("export", tmp_path / "m", tmp_path / "card.md", "--scores", tmp_path / "scores.json") == 0
    card = (tmp_path / "card.md").read_text()
    manifest = load_model(tmp_path / "m").manifest
    assert "3 words, 2 dimensions" in card
    assert all(entry["sha256"] in card for entry in manifest["files"].values())
    assert manifest["imported"]["sha256"] in card
    assert "| `wordsim\\|353` | spearman | 0.7000 | 3 of 9 |" in card
    assert "| tokenizer | `words` |" in card
    assert w2v_run("export", tmp_path / "m", tmp_path / "b.vec", "--scores", tmp_path / "scores.json") == 2
    for wrong in ("{", "[1]", "{}"):
        (tmp_path / "scores.json").write_text(wrong)
        assert w2v_run("export", tmp_path / "m", tmp_path / "c.md", "--scores", tmp_path / "scores.json") == 1
        assert "must be what w2v evaluate --json prints" in capsys.readouterr().err
    assert w2v_run("info", tmp_path / "card.md") == 1
