"""Parquet: what pyarrow sees of ours, other writers' tables, and what is refused."""

import numpy as np
import pytest
from golden_files import FOLDER, bits, full_vectors
from hypothesis import HealthCheck, example, given, settings
from row_files import ROWS, WORDS, make_vectors, same
from test_array_formats import TABLES

import w2v
from w2v.errors import FormatError
from w2v.formats.read_options import MAX_WORD_BYTES

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
FLOATS = pa.list_(pa.float32(), 2)
PAIRS = [[1.0, 2.0], [3.0, 4.0]]


def put(folder, **columns):
    pq.write_table(pa.table(columns), folder / "v.parquet")
    return folder / "v.parquet"


def vectors(rows=PAIRS, kind=FLOATS):
    return pa.array(rows, kind)


def test_a_golden_file_is_read(tmp_path):
    assert bits(w2v.load(FOLDER / "v.parquet")) == bits(full_vectors())


@pytest.mark.parametrize("name", ["v.parquet", "v.parquet.zst"])
def test_round_trip(tmp_path, name):
    w2v.save(full_vectors(), tmp_path / name)
    assert bits(w2v.load(tmp_path / name)) == bits(full_vectors())


@pytest.mark.medium
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
@given(table=TABLES)
@example(table={" ": [0.5], "a b": [1.0], "\n": [-0.0], "nul\0": [2.0], "\0": [3.0], "\ufeff": [4.0], "🦆" * 99: [5.0]})
def test_any_words_survive(tmp_path, table):
    w2v.save(make_vectors(list(table), list(table.values())), tmp_path / "v.parquet", overwrite=True)
    assert same(w2v.load(tmp_path / "v.parquet"), table.keys(), list(table.values()))


def test_the_schema(tmp_path):
    w2v.save(full_vectors(), tmp_path / "v.parquet")
    table = pq.read_table(tmp_path / "v.parquet")
    assert [f"{field.name} {field.type} {field.nullable}" for field in table.schema] == [
        "word string False",
        "count int64 False",
        "vector fixed_size_list<element: float not null>[3] False",
    ]
    assert table.column("word").to_pylist() == WORDS
    assert table.column("vector").to_pylist()[0] == ROWS[0]
    w2v.save(make_vectors(), tmp_path / "v.parquet", overwrite=True)
    assert pq.read_schema(tmp_path / "v.parquet").names == ["word", "vector"]


def test_many_rows_in_several_groups(tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.formats.arrays.parquet._GROUP_VALUES", 3000)
    monkeypatch.setattr("w2v.formats.arrays.parquet._BATCH_VALUES", 1000)
    monkeypatch.setattr("w2v.formats.writable_rows._BLOCK_VALUES", 700)
    rows = np.random.default_rng(1).standard_normal((2000, 16)).astype(np.float32)[:, :7]
    words = [f"w{i}" for i in range(len(rows))]
    w2v.save(w2v.WordVectors(w2v.Vocabulary(words, range(2000)), rows), tmp_path / "v.parquet")
    loaded = w2v.load(tmp_path / "v.parquet")
    assert pq.ParquetFile(tmp_path / "v.parquet").num_row_groups > 3
    assert np.array_equal(loaded.matrix, rows)
    assert loaded.counts.tolist() == list(range(2000))
    assert w2v.load(tmp_path / "v.parquet", limit=501).words == tuple(words[:501])
    assert w2v.load(tmp_path / "v.parquet", words=["w7", "w1999"]).words == ("w7", "w1999")


@pytest.mark.parametrize(
    "columns",
    [
        {"word": ["a", "b"], "vector": vectors()},
        {"extra": [1, 2], "vector": vectors(kind=pa.list_(pa.float32())), "word": pa.array(["a", "b"], pa.large_string())},
        {"word": ["a", "b"], "vector": vectors(np.array(PAIRS, np.float16).tolist(), pa.list_(pa.float16(), 2))},
        {"word": ["a", "b"], "vector": vectors(kind=pa.large_list(pa.float32())), "count": pa.array([0, 0], pa.int32())},
        {"word": ["a", "b"], "vector": vectors(), "count": pa.array([0, 0], pa.uint32())},
        {"word": pa.array(["a", "b"]).dictionary_encode(), "vector": vectors()},
    ],
)
def test_tables_of_others(tmp_path, columns):
    assert same(w2v.load(put(tmp_path, **columns)), ["a", "b"], PAIRS)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"text": ["a"]},
            "must have the columns word (string), vector (fixed_size_list<float>) and, if you like, count (int64): found text",
        ),
        ({"word": [1], "vector": [[1.0]]}, "found word (int64), vector (list<"),
        ({"word": ["a"], "vector": [[1]]}, "found word (string), vector (list<"),
        ({"word": ["a"], "vector": [[[1.0]]]}, "found word (string), vector (list<"),
        ({"word": ["a"], "vector": [1.0]}, "found word (string), vector (double)"),
        ({"word": ["a"], "vector": [[1.0]]}, "the column 'vector' must hold float32: found list<"),
        ({"word": ["a"], "vector": vectors(PAIRS[:1]), "count": ["1"]}, "count (string)"),
        ({"word": ["a", None], "vector": vectors()}, "word 2: the column 'word' must not be null"),
        ({"word": ["a", "b"], "vector": vectors([PAIRS[0], None])}, "word 2: the column 'vector' must not be null"),
        ({"word": ["a", "b"], "vector": vectors([PAIRS[0], [1.0, None]])}, "word 2: the column 'vector' must not be null"),
        ({"word": ["a", "b"], "vector": vectors([PAIRS[0], [1.0]], pa.list_(pa.float32()))}, "word 2: the vector must have 2 numbers"),
        ({"word": ["a"], "vector": vectors([None], pa.list_(pa.float32()))}, "word 1: the column 'vector' must not be null"),
        ({"word": ["a"], "vector": vectors([[]], pa.list_(pa.float32()))}, "lists of 1 to 65536 numbers: found 0"),
        ({"word": ["a", "a"], "vector": vectors()}, "word 2: each word must occur once"),
        ({"word": ["a", ""], "vector": vectors()}, "word 2: a word must have 1 to 65536 bytes: found 0"),
        ({"word": ["x" * (MAX_WORD_BYTES + 1)], "vector": vectors(PAIRS[:1])}, "word 1: a word must have 1 to 65536 bytes: found 65537"),
        ({"word": ["a"], "vector": vectors([[1.0, np.nan]])}, "the numbers of 'a' must be finite"),
        ({"word": ["a"], "count": [-1], "vector": vectors(PAIRS[:1])}, "word 1: a count must be 0 to 999999999999999999: found -1"),
        ({"word": pa.array([], pa.string()), "vector": vectors([])}, "must have rows: it has 0"),
    ],
)
def test_what_is_refused(tmp_path, columns, message):
    path = put(tmp_path, **columns)
    with pytest.raises(FormatError) as caught:
        w2v.load(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_float64_is_rounded_only_in_a_repair(tmp_path):
    changes = []
    path = put(tmp_path, word=["a", "b"], vector=[[1 / 3, 2.0], PAIRS[1]])
    loaded = w2v.load(path, repair=True, on_change=changes.append)
    assert same(loaded, ["a", "b"], [[1 / 3, 2.0], PAIRS[1]])
    assert len(changes) == 1


def test_columns_of_other_names_are_read_in_a_repair(tmp_path):
    path = put(tmp_path, rank=[1, 2], text=["a", "b"], embedding=vectors())
    with pytest.raises(FormatError, match=r"found rank .*; with repair=True: text is read as word, embedding as vector"):
        w2v.load(path)
    assert same(w2v.load(path, repair=True), ["a", "b"], PAIRS)


@pytest.mark.parametrize(
    ("columns", "hint"),
    [
        ({"word": ["a"], "other": ["b"], "embedding": vectors(PAIRS[:1])}, "name them so"),
        ({"word": ["a"], "0": [1.0], "1": [2.0]}, "name them so, the numbers of a row in one list"),
        ({"word": ["a"], "vector": [{"type": 1, "values": [1.0]}]}, "vector_to_array"),
    ],
)
def test_columns_that_are_not_clear_say_what_to_do(tmp_path, columns, hint):
    path = put(tmp_path, **columns)
    for repair in (False, True):
        with pytest.raises(FormatError, match=hint):
            w2v.load(path, repair=repair)


@pytest.mark.medium
def test_a_table_that_unfolds_is_refused_before_it_does(tmp_path):
    zeros = pa.FixedSizeListArray.from_arrays(pa.array(np.zeros(20_000_000, np.float32)), 20_000)
    path = put(tmp_path, word=[f"w{i}" for i in range(1000)], vector=zeros)
    with pytest.raises(FormatError, match=r"must not grow more than 100-fold: 1000 rows of dim 20000 need 80000000 bytes"):
        w2v.load(path)


def test_each_cut_is_noticed(tmp_path):
    data = (FOLDER / "v.parquet").read_bytes()
    for end in range(0, len(data), 7):
        (tmp_path / "v").write_bytes(data[:end])
        with pytest.raises(FormatError):
            w2v.load(tmp_path / "v", "parquet")


@pytest.mark.parametrize("word", ["", "\ud800", "x" * (MAX_WORD_BYTES + 1)])
def test_a_word_that_would_not_survive_is_refused_by_name(tmp_path, word):
    with pytest.raises(FormatError) as caught:
        w2v.save(make_vectors(["fine", word], [[1], [2]]), tmp_path / "v.parquet")
    assert repr(word[:60]) in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_without_pyarrow_the_pip_command_is_said(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    for work in (lambda: w2v.save(make_vectors(), tmp_path / "v.parquet"), lambda: w2v.load(FOLDER / "v.parquet")):
        with pytest.raises(w2v.errors.MissingExtraError, match=r"pip install 'w2v\[parquet\]'"):
            work()
