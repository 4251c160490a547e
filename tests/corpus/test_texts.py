"""Texts from Python: `texts=`, and everything that is given as a source by mistake."""

import itertools
import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from w2v.config import CorpusConfig
from w2v.corpus.encoding import encode
from w2v.errors import ConfigError, CorpusError

TEXTS = ["The baker sells bread.\nHe is good", "the miller sells flour", ""] * 20
ONE = CorpusConfig(min_count=1)


def sentences(corpus):
    words, ends = corpus.vocabulary.words, corpus.sentence_offsets
    return [[words[i] for i in corpus.tokens[a:b]] for a, b in itertools.pairwise(ends)]


@pytest.mark.parametrize(
    "kind", [list, iter, tuple, np.array, lambda texts: pa.chunked_array([texts]), lambda texts: np.array(texts, object)]
)
def test_texts_are_read_as_a_file_would_be(tmp_path: Path, kind) -> None:
    (tmp_path / "same.txt").write_text("\n".join(TEXTS), encoding="utf-8")
    of_file = encode(tmp_path / "same.txt", config=ONE)
    corpus = encode(texts=kind(TEXTS), config=ONE)
    assert sentences(corpus) == sentences(of_file)
    assert sentences(corpus)[:3] == [["the", "baker", "sells", "bread"], ["he", "is", "good"], ["the", "miller", "sells", "flour"]]
    assert corpus.manifest["sources"][0].keys() == {"iterable", "sha256"}


@pytest.mark.parametrize("threads", [1, 3])
def test_long_and_short_texts_come_in_order(threads: int) -> None:
    texts = ["short one", "word " * 300_000, "short two", "深圳" * 40_000, "end"]
    corpus = encode(texts=texts, tokenizer="characters", min_count=1, threads=threads)
    found = sentences(corpus)
    assert [len(sentence) for sentence in found] == [2, 300_000, 2, 80_000, 1]
    assert (found[2], found[4]) == (["short", "two"], ["end"])


def test_many_texts_make_several_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("w2v.corpus.texts_input.BLOCK_BYTES", 50)
    assert sentences(encode(texts=TEXTS, config=ONE, threads=2))[-1] == ["the", "miller", "sells", "flour"]


def test_a_token_that_is_too_long_is_named_by_its_text() -> None:
    with pytest.raises(CorpusError, match=r"text 1 \(the first is 0\), byte 0: a token may have 65536 bytes"):
        encode(texts=["a b", "x" * 70_000])


class NAType:
    """As pandas calls the type of its NA."""


@pytest.mark.parametrize("missing", [None, float("nan"), np.float64("nan"), NAType(), pa.scalar(None, pa.string())])
def test_missing_texts_are_refused_or_skipped(missing: object) -> None:
    texts = [*TEXTS, missing, "the end", missing]
    with pytest.raises(CorpusError, match=r"text 60 is .* \(the first is 0\): leave it away, or skip"):
        encode(texts=texts)
    corpus = encode(texts=texts, config=ONE, errors="replace")
    assert (corpus.manifest["replaced"], sentences(corpus)[-1]) == (2, ["the", "end"])


@pytest.mark.parametrize("fault", ["\ud800", "\0"])
def test_what_no_text_can_hold_is_refused_or_replaced(fault: str) -> None:
    with pytest.raises(CorpusError, match="text 1 holds"):
        encode(texts=["a", f"b{fault}c"])
    assert encode(texts=["a", f"b {fault} c"], config=ONE, errors="replace").manifest["replaced"] == 1


def test_text_without_spaces_is_noticed() -> None:
    with pytest.raises(CorpusError, match="no spaces between words"):
        encode(texts=["北京和深圳是中国的城市"] * 40)


class Frame:
    """As far as a frame of pandas or polars shows what it is."""

    @property
    def columns(self):
        return ["text"]

    def __iter__(self):
        return iter(self.columns)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", r"received the str 'one text'; one text is texts=\[text\]"),
        (Frame(), r'texts cannot be a Frame: give its column of texts, texts=frame\["column"\]'),
        (pa.table({"text": TEXTS}), "texts cannot be a Table"),
        ({"a": "b"}, r"texts cannot be a mapping \(dict\)"),
        ({"a", "b"}, "texts cannot be a set, whose order changes"),
        (7, "received int"),
        ([["a", "b"]], "text 0 is no string but list"),
        (["a", b"b"], "text 1 is no string but bytes"),
    ],
)
def test_what_are_no_texts_is_refused_by_name(texts: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        encode(texts=texts)


def test_one_of_source_and_texts_is_given() -> None:
    with pytest.raises(ConfigError, match="source or texts, not both"):
        encode([["a"]], texts=["a"])
    with pytest.raises(CorpusError, match="a corpus must be a path"):
        encode()
    with pytest.raises(ConfigError, match="text_field is for files"):
        encode(texts=TEXTS, text_field="text")


@pytest.mark.parametrize("text", ["the baker sells bread", "x" * 300, "long " * 100, "a\0b", "\ud800 x"])
def test_texts_given_as_files_are_refused_with_both_remedies(text: str) -> None:
    with pytest.raises(CorpusError, match=r"which is no file's name either: give texts=\[\.\.\.\], or split each") as refused:
        encode([text] * 3)
    assert "\n" not in str(refused.value)
    with pytest.raises(CorpusError, match=r"does not exist: if it is no file but a text, give texts="):
        encode(text)
    with pytest.raises(CorpusError, match=re.escape("hello does not exist: if these are no files, give texts=[...]")):
        encode(["hello", "world"])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (Frame(), "a corpus cannot be a Frame"),
        ({"a": ["b"]}, "a corpus cannot be a mapping"),
        ({("a", "b")}, "a corpus cannot be a set"),
        ([{"text": "a b", "label": 1}], r'received the dict .*: give one field of the rows, texts=\[row\["text"\] for row in rows\]'),
        ([{"a", "b"}], "received the set .* order changes from run to run"),
        ([b"a b"], "received the bytes .*: decode bytes"),
        (iter(["a b"]), r"received the string 'a b' as sentence 0 .*: give the strings as texts="),
        ([Frame()], "received the Frame"),
    ],
)
def test_rows_and_tables_are_refused_with_what_to_give(source: object, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        encode(source)


def test_tokens_that_look_like_sentences_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="most tokens hold blanks and look like whole sentences, such as 'the baker sells bread'") as found:
        encode([["the baker sells bread"]] * 200)
    assert len(found) == 1
    encode([["the baker sells bread"]] * 200, tokenizer="items")  # names, as it says; warnings are errors in tests
    encode([["new york", "is", "large"], ["san francisco"]] * 200)


def test_what_numpy_and_arrow_hide_or_wrap():
    masked = np.ma.array(["a b", "c d", "a d"], mask=[True, False, False])
    with pytest.raises(CorpusError, match=r'text 0 is -- .*errors="replace"'):
        encode(texts=masked, config=ONE)
    assert sorted(encode(texts=masked, min_count=1, errors="replace").vocabulary.words) == ["a", "c", "d"]
    with pytest.raises(CorpusError, match="texts must be an iterable of strings"):
        encode(texts=np.array("a b"), config=ONE)
    assert sentences(encode(pa.array([["a", "b"], ["c"]]), config=ONE)) == [["a", "b"], ["c"]]
    with pytest.raises(CorpusError, match="give the strings as texts="):
        encode(pa.array(["a b"]), config=ONE)


@pytest.mark.parametrize(
    ("rows", "remedy"),
    [
        ([[1, 2]], r"make strings of all, \[\[str\(token\)"),
        ([["a", None]], "leave it away"),
        ([["a", float("nan")]], "leave it away"),
        ([["a"], None], "leave it away"),
    ],
)
def test_tokens_that_are_none_say_what_to_do(rows, remedy):
    with pytest.raises(CorpusError, match=remedy):
        encode(rows, config=ONE)


def test_an_empty_name_is_no_folder():
    with pytest.raises(CorpusError, match="'' does not exist"):
        encode("", config=ONE)
