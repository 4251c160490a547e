"""Recognizing files, names and extensions."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from golden_files import FOLDER, bits, full_vectors
from row_files import GOLDEN_BINARY, GOLDEN_GLOVE, GOLDEN_TEXT

import w2v
from w2v.errors import ConfigError, FormatError
from w2v.formats.table import FORMATS, WRITTEN, detect_format, format_named, format_to_write
from w2v.vectors.model_directory import load_model, save_model


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("a.txt", "word2vec-text"), ("a.vec", "word2vec-text"), ("a.VEC.GZ", "word2vec-text"), ("a.b.vec.zst", "word2vec-text")),
        *(("a.bin", "word2vec-binary"), ("a.bin.xz", "word2vec-binary"), ("a.glove.bz2", "glove")),
    ],
)
def test_format_by_extension(name, expected):
    assert format_to_write(Path(name)).name == expected


@pytest.mark.parametrize("name", ["a", "a.gz", "vec", ".vec", "a.vec.zip"])
def test_unknown_extension_lists_what_is_written(name):
    with pytest.raises(ConfigError) as caught:
        format_to_write(Path(name))
    assert all(known in str(caught.value) for known in (*WRITTEN, ".vec", ".bin", name))


def test_names():
    assert format_to_write(Path("a.bin"), "glove").name == "glove", "the name counts more than the extension"
    with pytest.raises(ConfigError, match=r"format must be one of model, .*received 'word2vec'"):
        format_named("word2vec")
    with pytest.raises(ConfigError, match="card is only written"):
        w2v.load("a.md", "card")


def test_rows_of_the_table_are_complete():
    assert len({row.name for row in FORMATS}) == len(FORMATS)
    extensions = [extension for row in FORMATS for extension in row.extensions]
    assert len(set(extensions)) == len(extensions)
    for row in FORMATS:
        assert not row.is_read or callable(row.function("read"))
        assert not row.is_written or callable(row.function("write"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        *((GOLDEN_TEXT, "word2vec-text"), (GOLDEN_GLOVE, "glove"), (GOLDEN_BINARY, "word2vec-binary")),
        (b"1 1\nw 0.5\n", "word2vec-text"),
        (b"5 1\n", "word2vec-text"),
        (b"2 2\nNew York 1 2\n", "word2vec-text"),
        (b"2 2\na nan 1\n", "word2vec-text"),
        (b"\xef\xbb\xbf4 3\na 1 2 3\n", "word2vec-text"),
        (b"-4 3\na 1 2 3\n", "word2vec-text"),
        (b"1 1\nw ABCD", "word2vec-text"),
        (b"1 2\nw \0\0\0\0\0\0\0\0", "word2vec-binary"),
        (b"\xef\xbb\xbf1 2\nw \0\0\0\0\0\0\0\0", "word2vec-binary"),
        (b"2 2\nof " + "ö".encode() * 40_000, "word2vec-text"),  # the bytes that are looked at end within a letter
        (b"\x02\0\0\0\0\0\0\0{}", "safetensors"),
        (b"the 1.0\n", "glove"),
        (b"5 1.0\n", "glove"),
        (b"the " + b"-0.123 " * 50_000 + b"\n", "glove"),
    ],
)
def test_recognized_by_content(tmp_path, data, expected):
    for name in ("file", "file.dat", "file.glove"):
        (tmp_path / name).write_bytes(data)
        assert detect_format(tmp_path / name).name == expected


def test_the_name_decides_where_the_content_cannot(tmp_path):
    (tmp_path / "tiny.bin").write_bytes(b"1 1\nw ABCD")
    assert w2v.load(tmp_path / "tiny.bin")["w"].tobytes() == b"ABCD"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "it is empty"),
        (b"word,x,y\na,1,2\n", "it begins with 'word,x,y\\na,1,2\\n'"),
        (pickle.dumps({"a": 1}), "it is a pickle, which w2v never loads"),
        (b"\x93NUMPY", "it begins with '\\x93NUMPY'"),
        (b"</s> 2782\nthe 6135\n", "as word2vec.c's lists of counts (-save-vocab) and classes do, which are no vectors"),
    ],
)
def test_what_is_not_recognized_is_described(tmp_path, data, message):
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(FormatError) as caught:
        w2v.load(path)
    assert f"{path} must be one of w2v model directory, word2vec text" in str(caught.value)
    assert message in str(caught.value)


def test_missing_files_folders_and_pipes(tmp_path):
    with pytest.raises(FileNotFoundError):
        w2v.load(tmp_path / "absent")
    with pytest.raises(FormatError, match="it is a folder without"):
        w2v.load(tmp_path)
    with pytest.raises(FormatError, match="must be a regular file: it is a folder"):
        w2v.load(tmp_path, "glove")
    (tmp_path / "file").write_bytes(b"1 1\na 1\n")
    for row in FORMATS:
        if row.is_folder and row.is_read:
            with pytest.raises(FormatError, match="file must be a folder"):
                w2v.load(tmp_path / "file", row.name)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FormatError, match="must be a regular file: it is a pipe"):
        w2v.load(tmp_path / "pipe")


def test_a_model_directory_is_a_source(tmp_path):
    matrix = np.arange(6, dtype=np.float32).reshape(3, 2)
    vocabulary = w2v.Vocabulary(["New York", "b", "c"], [9, 5, 1])
    save_model(tmp_path / "model", vocabulary=vocabulary, input_vectors=matrix, output_vectors=-matrix, manifest={"corpus_config": None})
    for name in (None, "model"):
        loaded = w2v.load(tmp_path / "model", name, verify=True)
        assert loaded.vocabulary == vocabulary
        assert np.array_equal(loaded.matrix, matrix)
    damaged = tmp_path / "model" / "output_vectors.npy"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\x01")
    w2v.load(tmp_path / "model")
    with pytest.raises(FormatError, match=r"output_vectors\.npy"):
        w2v.load(tmp_path / "model", verify=True)


def test_a_model_of_some_words_of_a_model_keeps_what_is_told_of_it(tmp_path):
    matrix = np.arange(6, dtype=np.float32).reshape(3, 2)
    vocabulary = w2v.Vocabulary(["a", "b", "c"], [9, 5, 1])
    manifest = {"corpus_config": None, "report": {"loss": [1.5]}}
    save_model(tmp_path / "model", vocabulary=vocabulary, input_vectors=matrix, output_vectors=-matrix, manifest=manifest)
    w2v.save(w2v.load(tmp_path / "model", limit=2), tmp_path / "small.w2v", manifest=load_model(tmp_path / "model").manifest)
    small = load_model(tmp_path / "small.w2v", verify=True)
    assert small.vocabulary == w2v.Vocabulary(["a", "b"], [9, 5])
    assert np.array_equal(small.input_vectors, matrix[:2])
    assert small.manifest["report"] == {"loss": [1.5]}


@pytest.mark.parametrize("word", ["", "\ud800"])
def test_a_word_that_no_model_carries_is_refused_by_name(tmp_path, word):
    vectors = w2v.WordVectors(w2v.Vocabulary(["a", word], [1, 1]), np.ones((2, 2), np.float32))
    with pytest.raises(FormatError) as caught:
        w2v.save(vectors, tmp_path / "v.w2v")
    assert repr(word) in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("count", [-1, 10**18])
def test_a_count_that_would_not_survive_is_refused(tmp_path, count):
    vectors = w2v.WordVectors(w2v.Vocabulary(["a", "b"], [1, count]), np.ones((2, 1), np.float32))
    for row in FORMATS:
        if row.is_written:
            with pytest.raises(FormatError, match=f"word 2: a count must be 0 to 999999999999999999: found {count}"):
                w2v.save(vectors, tmp_path / "out", row.name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["v.w2v", "v.npz", "v.projector"])
def test_the_largest_count_survives(tmp_path, name):
    w2v.save(w2v.WordVectors(w2v.Vocabulary(["a", "b"], [10**18 - 1, 0]), np.ones((2, 1), np.float32)), tmp_path / name)
    assert w2v.load(tmp_path / name).counts.tolist() == [10**18 - 1, 0]


def test_golden_bytes_of_a_model(tmp_path):
    w2v.save(full_vectors(), tmp_path / "v.w2v")
    golden = sorted((FOLDER / "v.w2v").iterdir())
    assert [path.name for path in golden] == sorted(path.name for path in (tmp_path / "v.w2v").iterdir())
    assert all((tmp_path / "v.w2v" / path.name).read_bytes() == path.read_bytes() for path in golden)
    assert bits(w2v.load(FOLDER / "v.w2v", verify=True)) == bits(full_vectors())
