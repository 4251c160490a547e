"""docs/formats.md has a row for each format, with its extensions and an example that runs."""

import shlex
from pathlib import Path

import numpy as np
import pytest
from fasttext_files import fasttext_bytes

import w2v
from w2v.cli.main import run
from w2v.formats.table import FORMATS

DOCUMENT = Path(__file__).parents[2] / "docs" / "formats.md"


@pytest.fixture(scope="module")
def rows():
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.count("|") == 8 and "`" in line and not line.startswith("| format")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_each_format_has_its_row(rows):
    found = [(title, name.strip("`"), tuple(ends.replace("`", "").split()), read, write) for title, name, ends, read, write, *_ in rows]
    yes = {True: "yes", False: ""}
    assert found == [(row.title, row.name, row.extensions, yes[row.is_read], yes[row.is_written]) for row in FORMATS]


def test_each_example_runs(rows, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    vectors = w2v.WordVectors(w2v.Vocabulary(["king", "queen"], [0, 0]), np.ones((2, 3), np.float32))
    for name, format_name in (("my.w2v", None), ("cc.de.300.vec.gz", None), ("glove.6B.100d.txt", "glove")):
        w2v.save(vectors, name, format_name)
    Path("cc.de.300.bin").write_bytes(fasttext_bytes())
    for row in rows:
        program, *arguments = shlex.split(row[5].strip("`"))
        assert program == "w2v"
        assert run(arguments) == 0


def test_the_python_example(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = DOCUMENT.read_text().partition("```python\n")[2].partition("```")[0]
    w2v.save(w2v.WordVectors(w2v.Vocabulary(["a b", "ü"], [1, 1]), np.eye(2, dtype=np.float32)), "my.npz")
    found = {}
    exec(code, found)
    found["arrays"].close()
    assert {word: vector.tolist() for word, vector in found["vectors"].items()} == {"a b": [1, 0], "ü": [0, 1]}
