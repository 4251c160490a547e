"""`w2v plot`: which words are drawn, what is said, what is refused."""

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from w2v.cli import plot
from w2v.cli.main import run
from w2v.config import CorpusConfig
from w2v.pictures.word_map import WordMapSummary
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary


@pytest.fixture
def model(tmp_path: Path) -> Path:
    path = tmp_path / "m.w2v"
    matrix = np.random.default_rng(1).standard_normal((50, 8)).astype(np.float32)
    manifest = {"corpus_config": CorpusConfig().to_json(), "report": {"loss": [4.0, 3.0]}}
    words = Vocabulary([f"w{i}" for i in range(50)], range(50, 0, -1))
    save_model(path, vocabulary=words, input_vectors=matrix, output_vectors=matrix, manifest=manifest)
    return path


@pytest.mark.medium
def test_pictures(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    pytest.importorskip("openTSNE", reason="openTSNE is not installed")
    out = tmp_path / "map.png"
    assert run(["plot", str(model), str(out), "--top", "30"]) == 0
    found = capsys.readouterr()
    assert found.out == f"{out}\n"
    assert found.err.startswith("30 words, ")
    assert run(["plot", str(model), str(out)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert run(["plot", str(model), str(out), "W3", "w7", "nosuch", "-n", "4", "--method", "pca", "--overwrite"]) == 1
    err = capsys.readouterr().err
    assert 6 <= int(err.split()[0]) <= 10
    assert "Error: 'nosuch' is not in the vocabulary" in err
    assert run(["plot", str(model), str(tmp_path / "one.svg"), "w3", "-n", "0"]) == 0
    assert run(["plot", str(model), str(tmp_path / "loss.pdf"), "--loss"]) == 0
    assert run(["plot", str(model), str(tmp_path / "none.png"), "nosuch"]) == 1
    assert not (tmp_path / "none.png").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.jpg"], "must end in .png, .svg, .pdf, .html"),
        (["a.png", "w1", "--top", "5"], "give WORDs or --top"),
        (["a.png", "--loss", "w1"], "--loss goes without"),
    ],
)
def test_wrong_use_exits_2(model: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    assert run(["plot", str(model), *arguments]) == 2
    assert message in capsys.readouterr().err


def test_without_matplotlib_it_says_how_to_get_it(
    model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("matplotlib", "matplotlib.font_manager"):
        monkeypatch.setitem(sys.modules, module, None)
    for options in (["--method", "pca"], ["--loss"]):
        assert run(["plot", str(model), str(tmp_path / "a.png"), *options]) == 1
        assert "matplotlib is needed for pictures: pip install 'w2v[plot]'" in capsys.readouterr().err
    assert not (tmp_path / "a.png").exists()


@pytest.mark.medium
def test_a_page(model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    out = tmp_path / "map.html"
    assert run(["plot", str(model), str(out), "--method", "pca"]) == 0
    assert capsys.readouterr() == (f"{out}\n", "50 words\n")
    assert run(["plot", str(model), str(out), "--method", "pca"]) == 1
    assert "exists already: choose another name, or add --overwrite" in capsys.readouterr().err
    assert run(["plot", str(model), str(out), "W3", "w7", "-n", "4", "--method", "pca", "--overwrite"]) == 0
    data = json.loads(re.search(r'id="carried">(.*?)</script>', out.read_text(encoding="utf-8"), re.DOTALL)[1])
    assert data["names"] == [["w3"], ["w7"]]
    assert {"w3", "w7"} <= {*data["words"]}
    assert [f"w{rank}" for rank in data["ranks"]] == data["words"]


@pytest.mark.medium
def test_a_page_with_titles(model: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    (tmp_path / "titles.csv").write_text("id,title\nw0,Alien\nw1,Alien\nw2,</script>\n")
    labels = ["--labels", str(tmp_path / "titles.csv"), "--label-key", "id", "--label-field", "title"]
    assert run(["plot", str(model), str(tmp_path / "map.html"), "--method", "pca", "--top", "5", *labels]) == 0
    text = (tmp_path / "map.html").read_text(encoding="utf-8")
    data = json.loads(re.search(r'id="carried">(.*?)</script>', text, re.DOTALL)[1])
    assert data["words"] == ["Alien (w0)", "Alien (w1)", "</script>", "w3", "w4"]


@pytest.mark.medium
def test_pictures_leave_out_function_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    drawn: list[tuple[list[str], dict[str, object]]] = []

    def draw(path: Path, words: list[str], *others: object, **named: object) -> WordMapSummary:
        drawn.append((words, named))
        return WordMapSummary(len(words), len(words), ())

    monkeypatch.setattr(plot, "draw_word_map", draw)
    random = np.random.default_rng(4)
    labels = np.array([6] * 40 + [i % 6 for i in range(1160)])  # 40 words of grammar, near one another
    matrix = (random.standard_normal((7, 50))[labels] + 0.7 * random.standard_normal((1200, 50))).astype(np.float32)
    words = Vocabulary([f"w{i}" for i in range(1200)], range(1200, 0, -1))
    for name, tokenizer in (("text", "words"), ("items", "items")):
        manifest = {"corpus_config": CorpusConfig(tokenizer=tokenizer).to_json()}
        save_model(tmp_path / name, vocabulary=words, input_vectors=matrix, output_vectors=matrix, manifest=manifest)
    for model, options in (("text", []), ("text", ["--function-words"]), ("items", [])):
        assert run(["plot", str(tmp_path / model), str(tmp_path / "a.png"), "--method", "pca", "--top", "50", *options]) == 0
    assert [sum(int(word[1:]) < 40 for word in words) for words, _ in drawn] == [0, 40, 40]
    assert drawn[0][1]["subtitle"].endswith("the most frequent words, function words left out, colored by cluster")
    assert "left out" not in drawn[1][1]["subtitle"]
    assert len(drawn[0][1]["regions"]) > 3
