"""Folders for model2vec and sentence-transformers: golden bytes, round trips, the tokenizer, and what is refused."""

import json

import numpy as np
import pytest
from golden_files import FOLDER, bits, full_vectors
from row_files import make_vectors
from safetensors.numpy import load_file, save_file

import w2v
from w2v.cli.main import run
from w2v.errors import ConfigError, FormatError, OutputError
from w2v.formats.folders.hf_tokenizer import unknown_word, write_tokenizer

NAME = "v.model2vec"


@pytest.fixture(name="folder")
def saved_folder(tmp_path):
    w2v.save(full_vectors(), tmp_path / NAME)
    return tmp_path / NAME


def change(path, **values):
    path.write_text(json.dumps(json.loads(path.read_bytes()) | values))


def test_golden_bytes(folder):
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in (FOLDER / NAME).iterdir())
    assert all((folder / path.name).read_bytes() == path.read_bytes() for path in (FOLDER / NAME).iterdir())
    assert bits(w2v.load(FOLDER / NAME)) == bits(full_vectors())


def test_any_words_survive(tmp_path):
    words = ["New York", "\n", "nul\0", "\u2028", "🦆" * 99, " ", '"', "[UNK]", "[[UNK]]"]
    w2v.save(make_vectors(words, np.eye(9)), tmp_path / NAME)
    loaded = w2v.load(tmp_path / NAME)
    assert loaded.words == tuple(words)
    assert np.array_equal(loaded.matrix, np.eye(9))
    assert loaded.tokenizer is None
    assert w2v.load(tmp_path / NAME, limit=2).words == tuple(words[:2])
    assert w2v.load(tmp_path / NAME, words=[" "])[" "].tolist() == [0, 0, 0, 0, 0, 1, 0, 0, 0]


def test_unknown_words_have_the_last_row_of_zeros(folder):
    tensors = load_file(folder / "model.safetensors")
    content = json.loads((folder / "tokenizer.json").read_bytes())
    assert tensors["embeddings"].shape == (5, 3)
    assert not tensors["embeddings"][4].any()
    assert content["model"]["vocab"]["[UNK]"] == 4
    assert unknown_word(["a", "[UNK]"]) == "[[UNK]]"


@pytest.mark.parametrize("tensor", ["embeddings", "embedding.weight"])
def test_folders_of_others(tmp_path, tensor):
    save_file({tensor: np.arange(6, dtype=np.float16).reshape(3, 2)}, tmp_path / "model.safetensors")
    model = {"type": "WordLevel", "vocab": {"b": 2, "[U]": 1, "a": 0}, "unk_token": "[U]"}
    (tmp_path / "tokenizer.json").write_text(json.dumps({"model": model}))
    for limit, expected in ((None, {"a": [0, 1], "b": [4, 5]}), (2, {"a": [0, 1], "b": [4, 5]}), (1, {"a": [0, 1]})):
        vectors = w2v.load(tmp_path, limit=limit)
        assert {word: vectors[word].tolist() for word in vectors} == expected
    assert run(["info", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ({"type": "WordPiece", "vocab": {"a": 0}}, "must look whole words up (WordLevel): found WordPiece, which takes words apart"),
        ({"type": "WordLevel", "vocab": {}}, "vocab must give each word its row"),
        ({"type": "WordLevel", "vocab": {"a": "0"}}, "vocab must give each word its row"),
        ({"type": "WordLevel", "vocab": {"a": 0, "b": 0}}, "vocab must have each row from 0 to 1 once"),
        ({"type": "WordLevel", "vocab": {"a": 1}}, "vocab must have each row from 0 to 0 once"),
        ({"type": "WordLevel", "vocab": {"a": 0}}, "must have embeddings of shape (1, dim from 1 to 65536)"),
        ({"type": "WordLevel", "vocab": {"": 0}}, "word 1: a word must be Unicode and have 1 to 65536 bytes: found ''"),
        ({"type": "WordLevel", "vocab": {"\ud800": 0}}, "word 1: a word must be Unicode"),
        (None, "must look whole words up (WordLevel): found None"),
    ],
)
def test_a_wrong_tokenizer_is_explained(folder, model, message):
    change(folder / "tokenizer.json", model=model)
    with pytest.raises(FormatError) as caught:
        w2v.load(folder)
    assert message in str(caught.value)
    assert str(folder) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("tokenizer.json", b"{", "must be JSON"),
        ("tokenizer.json", b"[" * 100_000, "must be JSON"),
        ("tokenizer.json", b"\xff", "must be JSON"),
        ("config.json", b"", "must be JSON"),
        ("config.json", b'{"w2v": {"tokenizer": {"tokenizer": "no"}}}', "w2v.tokenizer must be settings that w2v knows"),
        ("config.json", b'{"w2v": {"tokenizer": 1}}', "w2v.tokenizer must be a JSON object"),
        ("model.safetensors", b"", "is damaged: it cannot be read as safetensors"),
    ],
)
def test_a_damaged_file_is_explained(folder, name, data, message):
    (folder / name).write_bytes(data)
    with pytest.raises(FormatError) as caught:
        w2v.load(folder)
    assert message in str(caught.value)
    assert str(folder / name) in str(caught.value)


def test_a_quantized_vocabulary_is_refused(folder):
    save_file({"embeddings": np.ones((5, 2), np.float32), "weights": np.ones(5)}, folder / "model.safetensors")
    with pytest.raises(FormatError, match="its vocabulary is quantized"):
        w2v.load(folder)


def test_json_beyond_measure_is_refused(folder, monkeypatch):
    monkeypatch.setattr("w2v.formats.folders.static_embedding._MAX_JSON_BYTES", 10)
    (folder / "tokenizer.json").write_bytes(b"[" + b"0," * 1000 + b"0]")
    with pytest.raises(FormatError, match=r"in keeping with model\.safetensors: it has more"):
        w2v.load(folder)


def test_only_our_own_folder_is_replaced(tmp_path, folder):
    w2v.save(make_vectors(), folder, overwrite=True)
    assert not w2v.load(folder).counts.any()
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "tokenizer.json").write_text("{}")
    with pytest.raises(OutputError, match="is not overwritten"):
        w2v.save(make_vectors(), tmp_path / "theirs", "static-embedding", overwrite=True)
    with pytest.raises(ConfigError, match="is a folder"):
        w2v.save(make_vectors(), tmp_path / "v.model2vec.gz")


def test_the_tokenizer_lowers_the_case_where_ours_does():
    for name, lowers in (("words", True), ("characters", True), ("chinese", True), ("whitespace", False), ("items", False)):
        content = json.loads(write_tokenizer(["a"], w2v.CorpusConfig(tokenizer=name)))
        kinds = [step["type"] for step in (content["normalizer"] or {"normalizers": []})["normalizers"]]
        assert ("Lowercase" in kinds) == lowers
