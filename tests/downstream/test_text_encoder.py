"""`TextEncoder`: numbering, lengths, what it takes and refuses, and its file."""

import copy
import json
import pickle

import numpy as np
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v
from w2v.corpus.tokens.tokenizers import make_tokenizer
from w2v.downstream import TextEncoder, pad_sequences
from w2v.errors import ConfigError, FormatError, IdError, OutputError

VOCABULARY = w2v.Vocabulary(["is", "deep", "learning", "new york", "北京"], [9, 7, 5, 2, 0])
VECTORS = w2v.WordVectors(VOCABULARY, np.arange(10, dtype=np.float32).reshape(5, 2), tokenizer=w2v.CorpusConfig())


@pytest.fixture
def encoder():
    return TextEncoder(VECTORS)


def test_rank_r_has_id_r_plus_2(encoder):
    assert encoder.input_dim == 7
    assert encoder.ids(list(VOCABULARY)) == [2, 3, 4, 5, 6]
    assert encoder.ids("Deep learning is VERY deep") == [3, 4, 2, 1, 3]
    assert encoder.vocabulary is VOCABULARY
    assert encoder.tokenizer == w2v.CorpusConfig()


def test_texts_become_rows(encoder):
    texts = ["Deep learning is very deep", "", "is"]
    whole = encoder.encode(texts)
    assert whole.dtype == np.int32
    assert whole.tolist() == [[3, 4, 2, 1, 3], [1, 0, 0, 0, 0], [2, 0, 0, 0, 0]]
    assert encoder.encode(texts, 3).tolist() == [[3, 4, 2], [1, 0, 0], [2, 0, 0]]
    assert encoder.encode(texts, 3, "pre", "pre").tolist() == [[2, 1, 3], [0, 0, 1], [0, 0, 2]]
    assert encoder.encode(texts, 7).shape == (3, 7)
    assert encoder.encode(np.array(texts)).tolist() == encoder.encode(iter(texts)).tolist() == whole.tolist()
    assert encoder.encode([]).shape == encoder.encode([], 1).shape == (0, 1)


def test_a_text_without_tokens_is_one_unknown_word(encoder):
    ids = encoder.encode(["", "!!!", [], "is"], length=2)
    assert ids.tolist() == [[1, 0], [1, 0], [1, 0], [2, 0]]
    assert encoder.encode(["", "?"]).tolist() == [[1], [1]]
    assert (ids != 0).any(axis=1).all()  # what a mean over the words divides by
    assert encoder.decode(ids[0]) == ["[UNK]"]
    assert encoder.ids("") == encoder.tokens("!!!") == []


def test_lists_of_tokens_are_taken_as_they_are(encoder):
    assert encoder.encode([["new york", "Is"], ("deep",)]).tolist() == [[5, 1], [3, 0]]
    assert encoder.encode([["deep"], "Deep"]).tolist() == [[3], [3]]


@given(st.lists(st.lists(st.sampled_from(["is", "deep", "x"]), max_size=8), max_size=5), st.none() | st.integers(1, 9))
def test_rows_are_padded_ids(texts, length):
    encoder = TextEncoder(VECTORS)
    for padding in ("pre", "post"):
        for truncating in ("pre", "post"):
            wanted = pad_sequences(
                [encoder.ids(text) or [1] for text in texts], length or max([1, *map(len, texts)]), "int32", padding, truncating
            )
            assert encoder.encode(texts, length, padding, truncating).tolist() == wanted.tolist()


@pytest.mark.parametrize("name", ["words", "whitespace", "characters", "items"])
def test_any_tokenizer_goes(name):
    config = w2v.CorpusConfig(tokenizer=name)
    text = "Deep  learning is\tnew york 北京 x"
    encoder = TextEncoder(VECTORS, config)
    assert encoder.ids(text) == encoder.ids(make_tokenizer(config).split(text))


def test_phrases_of_the_vocabulary_are_joined():
    vocabulary = w2v.Vocabulary(["new_york", "is", "new"], [3, 2, 1])
    assert TextEncoder(vocabulary, w2v.CorpusConfig(phrases=1)).encode(["New York is\nnew\nYork"]).tolist() == [[2, 3, 4, 1]]


def test_chinese_is_segmented():
    pytest.importorskip("rjieba")
    encoder = TextEncoder(VOCABULARY, w2v.CorpusConfig(tokenizer="chinese"))
    assert 6 in encoder.ids("我爱北京")


def test_a_source_without_a_tokenizer_needs_one():
    silent = w2v.WordVectors(VOCABULARY, VECTORS.matrix)
    for source, name in ((silent, "these vectors do"), (VOCABULARY, "a vocabulary does")):
        with pytest.raises(ConfigError, match=rf"{name} not say it: give tokenizer, such as CorpusConfig\(tokenizer='words'\)"):
            TextEncoder(source)
        assert TextEncoder(source, w2v.CorpusConfig()).input_dim == 7
    with pytest.raises(ConfigError, match=r"tokenizer must be a CorpusConfig, such as .* received 'words'"):
        TextEncoder(silent, "words")


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "texts must be a list of texts: received one text, 'one text'"),
        (["a", None], "text 1: a text must be a text or a list of tokens: received None"),
        (["a", float("nan")], "text 1: .* received nan"),
        ([b"a"], "text 0: .* received b'a'"),
        ([["a"], [3, 4]], r"text 1: .* received \[3, 4\]"),
        ([[["a"]]], "text 0: "),
    ],
)
def test_what_is_no_text_is_refused_by_number(encoder, texts, message):
    with pytest.raises(ConfigError, match=message):
        encoder.encode(texts)


@pytest.mark.parametrize("length", [0, -1, 2.5, True, "3"])
def test_a_length_is_at_least_1(encoder, length):
    with pytest.raises(ConfigError, match="length must be an integer of at least 1"):
        encoder.encode(["a"], length)
    with pytest.raises(ConfigError, match="padding must be one of pre, post"):
        encoder.encode(["a"], padding="left")
    with pytest.raises(ConfigError, match="truncating must be one of pre, post"):
        encoder.encode(["a"], truncating="right")


def test_ids_become_words_again(encoder):
    row = encoder.encode(["Deep learning is very deep"], 8)[0]
    assert encoder.decode(row) == ["deep", "learning", "is", "[UNK]", "deep"]
    assert encoder.decode([]) == []
    with pytest.raises(IdError, match=r"one text, \(length,\): received the shape \(2, 3\); call decode for each row"):
        encoder.decode([[2, 3, 0], [4, 1, 0]])
    for number in (-1, 7, 8):
        with pytest.raises(IdError, match=rf"ids must be from 0 to 6, as the layer has 7 rows: found {number} in place 1"):
            encoder.decode([2, number])


@pytest.mark.parametrize("config", [w2v.CorpusConfig(), w2v.CorpusConfig(tokenizer="items", separator="|", min_count=1)])
def test_a_file_holds_all_of_it(tmp_path, config):
    words = ["is", 'quo"te', "new york", "tab\tnewline\n", "北京", "", "\ud800", "\U0001f600"]
    encoder = TextEncoder(w2v.Vocabulary(words, range(8, 0, -1)), config)
    path = tmp_path / "new" / "encoder.json"
    encoder.save(path)
    for again in (TextEncoder.load(path), TextEncoder.load(str(path)), TextEncoder.from_json(json.loads(json.dumps(encoder.to_json())))):
        assert again.vocabulary == encoder.vocabulary
        assert again.tokenizer == config
        assert again.input_dim == 10
    with pytest.raises(OutputError, match="exists already"):
        encoder.save(path)
    TextEncoder(VECTORS).save(path, overwrite=True)
    assert TextEncoder.load(path).vocabulary == VOCABULARY
    assert [file.name for file in path.parent.iterdir()] == ["encoder.json"]


def test_the_file_byte_for_byte(tmp_path):
    TextEncoder(w2v.Vocabulary(["is", "北京"], [9, 0]), w2v.CorpusConfig()).save(tmp_path / "e.json")
    values = json.loads((tmp_path / "e.json").read_text(encoding="utf-8"))
    assert values.pop("tokenizer") == w2v.CorpusConfig().to_json()
    assert values == {
        "kind": "w2v text encoder",
        "format_version": 1,
        "pad": 0,
        "unknown": 1,
        "first_word": 2,
        "words": ["is", "北京"],
        "counts": [9, 0],
    }


GOOD = TextEncoder(VECTORS).to_json()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kind": "w2v model"}, "is not a w2v text encoder: its kind is 'w2v model'"),
        ({"format_version": 2}, "has format version 2, and this w2v reads version 1: upgrade w2v"),
        ({"first_word": 1}, r"pad, unknown and first_word must be 0, 1 and 2: found \(0, 1, 1\)"),
        ({"words": "is"}, "words must be a list of texts"),
        ({"words": [1, 2, 3, 4, 5]}, "words must be a list of texts"),
        ({"words": ["a", "b", "c", "a", "d"]}, "the word 'a' occurs twice"),
        ({"words": ["a"]}, "needs as many counts"),
        ({"counts": [1, 2, 3, 4, -5]}, "counts must be a list of integers of at least 0"),
        ({"counts": [1, 2, 3, 4, 2**63]}, "counts must be a list of integers of at least 0"),
        ({"counts": [1, 2, 3, 4, True]}, "counts must be a list of integers"),
        ({"tokenizer": "words"}, "tokenizer must be an object or null: found 'words'"),
        ({"tokenizer": {"tokenizer": "nosuch"}}, "tokenizer must be one of words"),
        ({"tokenizer": {"nosuch": 1}}, "has no option 'nosuch'"),
        ({"tokenizer": None}, r"must say how texts become tokens, and its tokenizer is null: load its vectors with w2v\.load"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, change, message):
    path = tmp_path / "encoder.json"
    path.write_text(json.dumps({**GOOD, **change}))
    with pytest.raises(FormatError, match=message) as caught:
        TextEncoder.load(path)
    assert str(path) in str(caught.value)
    with pytest.raises(FormatError, match=message):
        TextEncoder.from_json({**GOOD, **change})


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"3", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(tmp_path, content):
    path = tmp_path / "encoder.json"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"encoder\.json"):
        TextEncoder.load(path)


def test_copies_for_grid_search_and_other_processes(encoder):
    encoder.encode(["deep"])  # makes the tokenizer
    for again in (copy.deepcopy(encoder), pickle.loads(pickle.dumps(encoder))):
        assert again.encode(["Deep x"]).tolist() == [[3, 1]]
    assert repr(encoder) == "TextEncoder(5 words, tokenizer words)"


@pytest.mark.parametrize("texts", [{"text": ["a b"]}, {"a b"}, pyarrow.table({"text": ["a b"]})], ids=["mapping", "set", "frame"])
def test_names_of_columns_are_no_texts(texts):
    with pytest.raises(ConfigError, match=r"texts must be a list of texts: received a \w+; give a list, or one column"):
        TextEncoder(VOCABULARY, w2v.CorpusConfig()).encode(texts)


@pytest.mark.parametrize(("row", "message"), [({"text": "a"}, "received {'text'"), ({"a"}, "received {'a'}"), (None, "leave it away")])
def test_rows_that_are_no_texts(row, message):
    with pytest.raises(ConfigError, match=f"text 1: .*{message}"):
        TextEncoder(VOCABULARY, w2v.CorpusConfig()).encode(["a", row])
