"""`w2v bench`, end to end on a tiny text with a stand-in for a peer's binary."""

import json

import pytest
from tiny_texts import write_fake_binary, write_text

from w2v.cli.main import run
from w2v.comparison.benchmark import Benchmark
from w2v.machine import describe_machine

SETTINGS = {
    "text": "a.txt", "bytes": 1000, "tokens": 200, "vocabulary": 30, "epochs": 1, "pipeline_epochs": 5, "repeats": 3, "binaries": {},
}  # fmt: skip
SMALL = ["--dims", "8", "--threads", "1", "--repeats", "1", "--pipeline-epochs", "1"]


@pytest.fixture
def text(tmp_path):
    return write_text(tmp_path / "text.txt")


@pytest.mark.compiles
def test_every_part_is_measured_for_every_tool(text, tmp_path, capsys):
    program = write_fake_binary(tmp_path / "word2vec")
    out = tmp_path / "bench.json"
    assert run(["bench", str(text), *SMALL, "--word2vec-c", str(program), "--out", str(out), "--markdown"]) == 0
    printed, err = capsys.readouterr()
    found = json.loads(out.read_text())
    rows = {(row["part"], row["measure"]): row for row in found["rows"]}
    three = {"w2v", "gensim", "word2vec.c"}
    assert set(rows["reading", "whole"]["tools"]) == {"w2v", "gensim"}
    assert {"count", "merge", "rank"} <= {measure for part, measure in rows if part == "reading"}
    assert set(rows["training", "speed"]["tools"]) == three
    assert set(rows["pipeline", "text to saved vectors"]["tools"]) == three
    assert set(rows["pipeline", "peak anonymous memory"]["tools"]) == three
    share = rows["training", "arithmetic"]["tools"]["w2v"]["median"] / rows["training", "peak of the machine"]["tools"]["w2v"]["median"]
    assert rows["training", "share of the peak"]["tools"]["w2v"]["median"] == pytest.approx(100 * share)
    cold, warm = (rows["cold start", f"{state} JIT cache, 1 epoch"]["tools"]["w2v"]["median"] for state in ("empty", "warm"))
    assert min(cold, warm) > 0
    assert found["settings"]["tokens"] == 400 * 12
    assert (tmp_path / "word2vec.calls").read_text().count("-size 8") == 2  # training and pipeline
    assert "| training: speed | 8 | 1 | words/s |" in printed
    assert "training: speed, dim 8, 1 thread: gensim" in err


@pytest.mark.parametrize(
    "options", [["--dims", "0"], ["--dims", "8,x"], ["--threads", "0"], ["--repeats", "0"], ["--fasttext", "/no/such"]]
)
def test_wrong_options(text, options, capsys):
    assert run(["bench", str(text), *options]) == 2
    assert capsys.readouterr().out == ""


def test_an_existing_result_is_not_replaced_unasked(text, tmp_path, capsys):
    out = tmp_path / "bench.json"
    out.write_text("precious")
    assert run(["bench", str(text), *SMALL, "--out", str(out)]) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert out.read_text() == "precious"


def test_what_was_measured_is_printed_also_where_it_cannot_be_written(text, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("w2v.comparison.benchmark.benchmark", lambda *arguments, **options: Benchmark(SETTINGS, describe_machine(), []))
    (tmp_path / "file").touch()
    assert run(["bench", str(text), "--out", str(tmp_path / "file" / "b.json")]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("a.txt: 1,000 bytes")
    assert "Error: " in err
