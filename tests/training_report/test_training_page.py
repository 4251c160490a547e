"""The page of a training: what it says, and what it says is missing."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from explored import ATTACKS, hostile_words, vectors_of

import w2v
from w2v.cli.main import run
from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import MissingExtraError, OutputError
from w2v.formats import save
from w2v.training_report import training_page
from w2v.training_report.loss_chart import loss_chart
from w2v.training_report.training_page import write_report
from w2v.vectors.model_directory import save_model
from w2v.vectors.projection import project

REPORT = {
    "vocabulary": 60,
    "tokens": 12_345,
    "epochs": 3,
    "seconds": {"read": 0.5, "train": 2.25, "save": 0.0},
    "words_per_second": 16_460.0,
    "loss": [4.1, 3.2, 3.0],
    "held_out_loss": [4.0, 3.5, 3.4],
    "evaluation": [{"mine": {"spearman": 0.25}}, {}, {"mine": {"spearman": 0.5}}],
    "peak_anonymous_bytes": 219_000_000,
}
CORPUS = {"n_tokens": 12_345, "n_sentences": 678, "sources": [{"path": "/home/me/private/<b>.txt", "size": 9_000}]}


@pytest.fixture(autouse=True)
def quick_map(monkeypatch):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    monkeypatch.setattr(training_page, "project", lambda matrix, on_progress: project(matrix, "pca"))


def model_at(path: Path, words, **manifest) -> Path:
    vectors = vectors_of(words)
    matrices = {"input_vectors": vectors.matrix, "output_vectors": vectors.matrix}
    told = {"corpus_config": CorpusConfig(min_count=2).to_json(), **manifest}
    save_model(path, vocabulary=vectors.vocabulary, **matrices, manifest=told)
    return path


def report_of(model: Path) -> str:
    return write_report(model, model.with_suffix(".html")).read_text(encoding="utf-8")


def told(page: str) -> str:
    """What a page says, without its script and style."""
    visible = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", visible))


def test_it_tells_all_that_the_model_knows(tmp_path):
    manifest = {"report": REPORT, "corpus": CORPUS, "train_config": TrainConfig(dim=12).to_json(), "versions": {"w2v": "0.1.0"}}
    page = report_of(model_at(tmp_path / "my.w2v", [f"word{i}" for i in range(60)], **manifest))
    text = told(page)
    for line in (
        "60 words, 12 dimensions; 3 epochs of 12,345 tokens in 2.2 s",
        "epoch while training held out 1 4.1000 4.0000 2 3.2000 3.5000",
        "epoch mine 1 0.2500 2 - 3 0.5000",
        "tokens 12,345",
        "lines 678",
        "tokenizer words",
        "min count 2",
        "negatives 5",
        "training 16,460 words/s",
        "peak memory 219 MB",
        "w2v 0.1.0",
        "word0 180",
    ):
        assert line in text, line
    assert len(re.findall(r"\b[0-9a-f]{64}\b", text)) == 3
    assert page.count('class="card"') == 12
    assert page.count('class="curve') == 2
    assert "&lt;b&gt;.txt (9,000 bytes)" in page
    assert "private" not in page  # no paths on a page to send
    assert 'class="embedded"' in page
    assert "default-src 'none'" in page
    assert 'style="' not in page  # its policy forbids them


def test_vectors_without_a_training(tmp_path):
    save(vectors_of([f"w{i}" for i in range(20)]), tmp_path / "v.npz")
    text = told(report_of(tmp_path / "v.npz"))
    assert "come without a report of a training" in text
    for absent in ("Loss", "Settings", "Files"):
        assert f" {absent} " not in text
    assert "w0" in text


@pytest.mark.parametrize("n", [1, 2, 5])
def test_few_words(tmp_path, n):
    assert "Neighbors" in told(report_of(model_at(tmp_path / "few.w2v", [f"w{i}" for i in range(n)])))


def test_words_are_text(tmp_path):
    page = report_of(model_at(tmp_path / "hostile.w2v", [*hostile_words(40), "שלום", "a\nb", "\u202e"]))
    visible = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    assert not re.search(r"<(img|svg|iframe|b|script)\b", visible)
    assert len(re.findall("<script", page)) == 2
    assert all(re.escape(attack.format("x"))[:4] not in visible for attack in ATTACKS[:2])


def test_without_the_packages_of_the_map_it_says_so(tmp_path, monkeypatch):
    def missing(*arguments, **options):
        raise MissingExtraError("openTSNE is needed for t-SNE: pip install 'w2v[plot]'")

    monkeypatch.setattr(training_page, "project", missing)
    monkeypatch.setattr(training_page, "bundled_sets", missing)
    page = report_of(model_at(tmp_path / "m.w2v", [f"w{i}" for i in range(30)]))
    assert "There is no map here: openTSNE is needed for t-SNE: pip install &#x27;w2v[plot]&#x27;" in page
    assert "Not measured on test sets: openTSNE" in page
    assert "<script" not in page
    assert page.count('class="card"') == 2
    assert "script-src 'none'" in page


@pytest.mark.long
def test_scores_of_bundled_sets_where_the_words_are_known(tmp_path):
    sets = pytest.importorskip("w2v.vectors.evaluation_sets")
    try:
        pairs, _ = sets.bundled_sets()
    except MissingExtraError:
        pytest.skip("gensim is not installed")
    words = sorted({word.lower() for pair in pairs[0].pairs for word in pair[:2]})
    text = told(report_of(model_at(tmp_path / "en.w2v", words)))
    assert re.search(r"WordSim-353 Spearman -?0\.\d{4} -?0\.\d{4} to 0\.\d{4} 353 of 353", text)
    assert "Not measured on the test sets at hand (WordSim-353, " in told(report_of(model_at(tmp_path / "zh.w2v", ["北京", "上海"])))


def test_what_is_refused(tmp_path, capsys):
    model = model_at(tmp_path / "m.w2v", ["a", "b", "c"])
    page = tmp_path / "m.html"
    assert run(["report", str(model), str(page)]) == 0
    assert capsys.readouterr().out == f"{page}\n"
    assert run(["report", str(model), str(page)]) == 1
    assert capsys.readouterr().err == f"Error: {page} exists already: choose another name, or add --overwrite\n"
    assert run(["report", str(model), str(page), "--overwrite"]) == 0
    assert run(["report", str(model), str(tmp_path / "m.pdf")]) == 2
    assert "the name of a report must end in .html: received m.pdf" in capsys.readouterr().err
    assert run(["report", str(tmp_path / "none.w2v"), str(page)]) == 2
    (tmp_path / "file").write_text("")
    assert run(["report", str(model), str(tmp_path / "file" / "a.html")]) == 1
    assert capsys.readouterr().err.count("\n") < 8
    with pytest.raises(OutputError, match="overwrite=True"):
        w2v.write_report(model, page)


@pytest.mark.parametrize(
    "series", [{"a": [1.0]}, {"a": [2.5] * 4}, {"<b>": [4.0, float("nan"), 3.0], "c": [4, 3.9]}, {"a": np.linspace(9, 1, 500).tolist()}]
)
def test_loss_chart(series):
    drawn = loss_chart(series)
    assert drawn.count("<polyline") == len(series)
    assert "nan" not in re.sub(r'aria-label="[^"]*"', "", drawn)
    assert "<b>" not in drawn
    heights = [float(y) for points in re.findall(r'points="([^"]*)"', drawn) for y in re.findall(r",([\d.]+)", points)]
    assert all(0 <= y <= 240 for y in heights)
