"""`--labels` of `w2v neighbors` and `w2v plot`."""

import json

import numpy as np
import pytest

from w2v.cli.main import run
from w2v.config import CorpusConfig
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary

WORDS = ["318", "7", "42", "9"]
MATRIX = np.array([[3, 4], [4, 3], [-3, 4], [0, 2]], np.float32)


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "films.w2v"
    manifest = {"corpus_config": CorpusConfig(tokenizer="items").to_json()}
    save_model(path, vocabulary=Vocabulary(WORDS, [4, 3, 2, 1]), input_vectors=MATRIX, output_vectors=MATRIX, manifest=manifest)
    return str(path)


@pytest.fixture
def labels(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text("id,title\n318,钢铁侠\n7,复仇者联盟\n9,Up\n1000,Dune\n", encoding="utf-8")
    return ["--labels", str(path), "--label-key", "id", "--label-field", "title"]


def test_titles_beside_ids(model, labels, capsys):
    assert run(["neighbors", model, "318", *labels]) == 0
    out, err = capsys.readouterr()
    assert out.splitlines() == ["318 (钢铁侠)", "  复仇者联盟  7    0.9600", "  Up          9    0.8000", "  42          42   0.2800"]
    assert err == f"1 of 4 items have no label in {labels[1]}: their ids are shown\n"


def test_titles_are_understood_too(model, labels, capsys):
    assert run(["neighbors", model, "Up", "钢铁侠", "-n", "1", *labels]) == 0
    assert capsys.readouterr().out.splitlines() == ["Up -> 9", "  钢铁侠  318   0.8000", "", "钢铁侠 -> 318", "  复仇者联盟  7   0.9600"]
    assert run(["neighbors", model, "Upp", *labels]) == 1
    assert "'Upp' is not in the vocabulary; close matches: Up" in capsys.readouterr().err


def test_json(model, labels, capsys):
    assert run(["neighbors", model, "7", "-n", "3", "--json", *labels]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["query"], entry["label"]) == ("7", "复仇者联盟")
    assert [(near["word"], near["label"]) for near in entry["neighbors"]] == [("318", "钢铁侠"), ("9", "Up"), ("42", "42")]


@pytest.mark.medium
def test_a_map_of_titles(model, labels, tmp_path, capsys):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    out = tmp_path / "map.svg"
    assert run(["plot", model, str(out), "--method", "pca", *labels]) == 0
    assert "4 words, " in capsys.readouterr().err
    assert "<!-- Up -->" in out.read_text(encoding="utf-8")


def test_wrong_columns_and_missing_options(model, labels, capsys):
    assert run(["neighbors", model, "7", *labels[:-1], "name"]) == 1
    assert "has no column 'name' (columns: id, title)" in capsys.readouterr().err
    assert run(["neighbors", model, "7", *labels[:2]]) == 2
    assert "--labels, --label-key and --label-field go together" in capsys.readouterr().err
    assert run(["neighbors", model, "7", "--label-field", "title"]) == 2


def test_another_encoding(model, labels, tmp_path, capsys):
    (tmp_path / "films.csv").write_bytes("id,title\n318,钢铁侠\n".encode("gb18030"))
    assert run(["neighbors", model, "7", *labels]) == 1
    assert "add --label-encoding gb18030" in capsys.readouterr().err
    named = tmp_path / "see --encoding.csv"
    (tmp_path / "films.csv").rename(named)
    assert run(["neighbors", model, "7", "--labels", str(named), *labels[2:]]) == 1
    assert f"Error: {named}, line 2, byte " in (err := capsys.readouterr().err)
    assert "add --label-encoding gb18030" in err
    named.rename(tmp_path / "films.csv")
    assert run(["neighbors", model, "7", "-n", "1", *labels, "--label-encoding", "gb18030"]) == 0
    assert "钢铁侠" in capsys.readouterr().out
