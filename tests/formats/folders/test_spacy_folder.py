"""spaCy folders: golden bytes, spaCy's numbers of words, rules, and what is refused."""

import json
import re

import numpy as np
import pytest
from golden_files import FOLDER, full_vectors
from row_files import make_vectors

import w2v
from w2v.errors import ConfigError, FormatError
from w2v.formats.folders.spacy_keys import SYMBOLS, spacy_keys


def packed_map(data):
    """A map of MessagePack, of texts or of integers, as spacy_folder.py writes it."""
    assert data[0] == 0xDF
    items, position = [], 5
    for _ in range(2 * int.from_bytes(data[1:5], "big")):
        kind, position = data[position], position + 1
        if kind == 0xCF:
            items.append(int.from_bytes(data[position : position + 8], "big"))
            position += 8
        else:
            assert kind == 0xDB
            end = position + 4 + int.from_bytes(data[position : position + 4], "big")
            items.append(data[position + 4 : end].decode())
            position = end
    assert position == len(data)
    return dict(zip(items[::2], items[1::2], strict=True))


def test_golden_bytes(tmp_path):
    w2v.save(full_vectors(), tmp_path / "v.spacy")
    golden = [path for path in (FOLDER / "v.spacy").rglob("*") if path.is_file()]
    assert len(golden) == 8
    for path in golden:
        assert (tmp_path / "v.spacy" / path.relative_to(FOLDER / "v.spacy")).read_bytes() == path.read_bytes()


def test_numbers_of_words():
    """As spacy.strings.get_string_id says them."""
    known = {"the": 7425985699627899538, "case": 8110129090154140942, "mark": SYMBOLS["mark"], "ORG": SYMBOLS["ORG"]}
    assert spacy_keys(["the", "mark", "ORG"]).tolist() == [known["the"], known["mark"], known["ORG"]]
    assert "case" not in SYMBOLS
    assert spacy_keys(["case"]).tolist() == [known["case"]]
    assert (SYMBOLS["LOWER"], SYMBOLS["DEPRECATED276"], SYMBOLS["_"], len(SYMBOLS)) == (66, 379, 456, 457)


def test_what_is_where(tmp_path):
    words = ["king", "北京", "a b", "root"]
    vectors = w2v.WordVectors(w2v.Vocabulary(words, [4, 3, 2, 1]), np.eye(4, 3, dtype=np.float32), tokenizer=w2v.CorpusConfig())
    w2v.save(vectors, tmp_path / "v.spacy")
    vocab = tmp_path / "v.spacy" / "vocab"
    assert np.array_equal(np.load(vocab / "vectors", allow_pickle=False), np.eye(4, 3))
    assert json.loads((vocab / "strings.json").read_bytes()) == words
    assert packed_map((vocab / "key2row").read_bytes()) == {key: row for row, key in enumerate(spacy_keys(words).tolist())}
    assert json.loads((vocab / "vectors.cfg").read_bytes()) == {"mode": "default", "attr": 66}


def test_rules_cut_what_is_in_no_word(tmp_path):
    vectors = w2v.WordVectors(w2v.Vocabulary(["a"], [1]), np.ones((1, 2), np.float32), tokenizer=w2v.CorpusConfig())
    w2v.save(vectors, tmp_path / "v.spacy")
    rules = packed_map((tmp_path / "v.spacy" / "tokenizer").read_bytes())
    assert re.search(rules["prefix_search"], "(a").group() == "("
    assert re.search(rules["suffix_search"], "a!").group() == "!"
    assert [found.group() for found in re.finditer(rules["infix_finditer"], "co-op's हिन्दी/b_c")] == ["-", " ", "/"]


@pytest.mark.parametrize(("tokenizer", "words"), [("whitespace", ["a"]), ("words", ["a", "King"]), (None, ["a"])])
def test_words_with_capitals_and_other_tokenizers_are_looked_up_as_they_stand(tmp_path, tokenizer, words):
    config = None if tokenizer is None else w2v.CorpusConfig(tokenizer=tokenizer)
    matrix = np.ones((len(words), 2), np.float32)
    w2v.save(w2v.WordVectors(w2v.Vocabulary(words, [1] * len(words)), matrix, tokenizer=config), tmp_path / "v.spacy")
    assert json.loads((tmp_path / "v.spacy" / "vocab" / "vectors.cfg").read_bytes()) == {"mode": "default"}
    assert packed_map((tmp_path / "v.spacy" / "tokenizer").read_bytes()) == {}


@pytest.mark.parametrize("word", ["", "\ud800"])
def test_a_word_that_would_not_survive_is_refused_by_name(tmp_path, word):
    with pytest.raises(FormatError) as caught:
        w2v.save(make_vectors(["fine", word], [[1], [2]]), tmp_path / "v.spacy")
    assert repr(word) in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_words_of_one_number_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.formats.folders.spacy_folder.spacy_keys", lambda words: np.zeros(len(words), np.uint64))
    with pytest.raises(FormatError, match="spaCy has one number for the words 'a' and 'b'"):
        w2v.save(make_vectors(["a", "b"], [[1], [2]]), tmp_path / "v.spacy")


def test_it_is_not_read(tmp_path):
    w2v.save(make_vectors(), tmp_path / "v.spacy")
    with pytest.raises(ConfigError, match="spacy is only written"):
        w2v.load(tmp_path / "v.spacy", "spacy")
    with pytest.raises(FormatError, match="is not a w2v model"):
        w2v.load(tmp_path / "v.spacy")
