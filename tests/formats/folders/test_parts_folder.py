"""Folders of parts, as Spark writes one table, and what other folders are told."""

import gzip

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from row_files import same

import w2v
from w2v.cli.main import run
from w2v.errors import FormatError

ROWS = [[0.1, 0.2], [0.3, 0.4]]


def put(folder, parts):
    for name, content in parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def parquet(word, row):
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"word": [word], "vector": pa.array([row], pa.list_(pa.float32()))}), sink)
    return sink.getvalue().to_pybytes()


@pytest.mark.parametrize(
    "parts",
    [
        {"part-00000": "king 0.1 0.2\n", "part-00001": "queen 0.3 0.4\n", "part-00002": ""},
        {"part-00001": "queen 0.3 0.4\n", "part-00000": "king 0.1 0.2\n", "_SUCCESS": "", ".part-00000.crc": b"\0\1", "_committed_1": "x"},
        {"part-00000.gz": gzip.compress(b"king 0.1 0.2\n"), "part-00001.gz": gzip.compress(b"queen 0.3 0.4\n")},
        {"part-0-c000.snappy.parquet": parquet("king", ROWS[0]), "part-1-c000.snappy.parquet": parquet("queen", ROWS[1])},
        {"metadata/part-00000": "{}", "data/part-0.parquet": parquet("king", ROWS[0]), "data/part-1.parquet": parquet("queen", ROWS[1])},
    ],
)
def test_parts_are_read_in_their_order(tmp_path, parts, capsys):
    folder = put(tmp_path / "words", parts)
    assert same(w2v.load(folder), ["king", "queen"], ROWS)
    assert same(w2v.load(folder, limit=1), ["king"], ROWS[:1])
    assert same(w2v.load(folder, words=["queen"]), ["queen"], ROWS[1:])
    assert run(["info", str(folder)]) == 0
    assert "2" in capsys.readouterr().out


def test_parts_of_a_table_are_repaired(tmp_path):
    parts = {"part-0.csv": "word,a,b\nking,0.1,0.2\n", "part-1.csv": "word,a,b\nqueen,0.3,0.4\n"}
    folder = put(tmp_path / "words", parts)
    with pytest.raises(FormatError, match=r"part-0\.csv .*; with repair=True"):
        w2v.load(folder)
    assert same(w2v.load(folder, repair=True), ["king", "queen"], ROWS)


def test_parts_that_do_not_go_together_are_refused(tmp_path):
    folder = put(tmp_path / "dims", {"part-0": "king 0.1 0.2\n", "part-1": "queen 0.3 0.4 0.5\n"})
    with pytest.raises(FormatError, match=r"part-1 must be GloVe text .* of dim 2, as the first part: it is GloVe text .* of dim 3"):
        w2v.load(folder)
    folder = put(tmp_path / "twice", {"part-0": "king 0.1 0.2\n", "part-1": "king 0.3 0.4\n"})
    with pytest.raises(FormatError, match="word 2: each word must occur once"):
        w2v.load(folder)


def test_a_folder_with_other_files_says_which_to_give(tmp_path):
    put(tmp_path, {"x.vec": "1 1\na 1\n", "y.txt": "", "_z": ""})
    with pytest.raises(FormatError, match=r"it is a folder without .*: give one of its files, x\.vec, y\.txt$"):
        w2v.load(tmp_path)


@pytest.mark.parametrize("names", [("vectors.tsv", "metadata.tsv"), ("vecs.tsv", "meta.tsv"), ("my_tensors.tsv", "my_metadata.tsv")])
def test_tables_for_the_projector_need_no_config(tmp_path, names):
    put(tmp_path, dict(zip(names, ("0.1\t0.2\n0.3\t0.4\n", "king\nNew York\n"), strict=True)))
    assert same(w2v.load(tmp_path), ["king", "New York"], ROWS)
    put(tmp_path, {names[1]: "word\tcount\nking\t4\nqueen\t3\n"})
    assert w2v.load(tmp_path).counts.tolist() == [4, 3]


@pytest.mark.parametrize("words", ["word\nking\nqueen\n", "king\n"])
def test_tables_of_unequal_length_are_never_matched(tmp_path, words):
    put(tmp_path, {"vectors.tsv": "0.1\t0.2\n0.3\t0.4\n", "metadata.tsv": words})
    for repair in (False, True):
        with pytest.raises(FormatError, match="as which line is of which word is not clear, both files must have as many lines"):
            w2v.load(tmp_path, repair=repair)


def test_a_matrix_alone_is_told_where_its_words_go(tmp_path):
    put(tmp_path, {"vectors.tsv": "0.1\t0.2\n0.3\t0.4\n"})
    with pytest.raises(FormatError, match=r"numbers and no words: .* a folder in which metadata\.tsv has them"):
        w2v.load(tmp_path / "vectors.tsv", repair=True)


def test_a_part_may_be_larger_than_the_first_words(tmp_path):
    rows = np.random.default_rng(1).standard_normal((50, 3)).astype(np.float32)
    words = [f"w{i}" for i in range(50)]
    for number, chosen in enumerate((slice(0, 20), slice(20, 50))):
        part = w2v.WordVectors(w2v.Vocabulary(words[chosen], [1] * len(words[chosen])), rows[chosen])
        w2v.save(part, tmp_path / f"part-{number}.npz")
    assert np.array_equal(w2v.load(tmp_path, limit=30).matrix, rows[:30])
    assert w2v.load(tmp_path).counts.tolist() == [1] * 50
