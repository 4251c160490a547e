"""The text and the JSON of a benchmark, on made-up rows; the measuring itself runs in tests/cli/test_bench_command.py."""

import bz2
import json
import os

import pytest

from w2v.comparison.benchmark import Benchmark, BenchmarkConfig, benchmark
from w2v.comparison.measurements import Metric, add_run
from w2v.errors import CorpusError
from w2v.machine import describe_machine, machine_line


@pytest.fixture
def found():
    settings = {
        "text": "a.txt", "bytes": 1000, "tokens": 200, "vocabulary": 30, "epochs": 1, "pipeline_epochs": 5, "repeats": 3,
        "binaries": {"fastText": "/bin/fasttext"},
    }  # fmt: skip
    rows = {}
    speed = Metric("training", "speed", "words/s", dim=100, threads=2)
    for tool, value in (("w2v", 5e6), ("gensim", 4e5), ("fastText", 6e6)):
        add_run(rows, speed, tool, value)
    return Benchmark(settings, describe_machine(), list(rows.values()))


def test_text(found):
    title, machine, table, note, lost = found.text().split("\n\n")
    assert title.startswith("a.txt: 1,000 bytes, 200 tokens of 30 words; epochs: 1 in training, 5 in the pipeline. Medians of 3 runs")
    assert machine == machine_line(found.machine)
    assert table.splitlines()[1].split() == ["training:", "speed", "100", "2", "words/s", "5.00M", "400k,", "12.5x", "6.00M,", "0.8x"]
    assert note == "Training of fastText: the whole process, reading inside."
    assert lost == "Where we lose:\n- training: speed, dim 100, 2 threads: fastText is 1.20 times better"


def test_markdown(found):
    assert "| training: speed | 100 | 2 | words/s | 5.00M | 400k, 12.5x | 6.00M, 0.8x |" in found.text(markdown=True)


def test_json(found):
    content = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert set(content) == {"settings", "machine", "rows", "losses"}
    assert {"processor", "cores", "versions", "commit", "date"} <= set(content["machine"])


def test_a_compressed_text_is_refused(tmp_path):
    path = tmp_path / "text.bz2"
    path.write_bytes(bz2.compress(b"a b c\n"))
    with pytest.raises(CorpusError, match=r"needs a file of plain text, .* is bzip2"):
        benchmark(path, BenchmarkConfig(dims=(4,), threads=(1,)))


def test_a_pipe_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(CorpusError, match=r"needs a file of plain text, .* is a pipe"):
        benchmark(tmp_path / "pipe", BenchmarkConfig(dims=(4,), threads=(1,)))
