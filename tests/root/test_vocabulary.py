"""Vocabulary: ranks, and its two files."""

import random
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.errors import FormatError, UnknownWordError
from w2v.vocabulary import Vocabulary, rank_words

words_of_any_kind = st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), unique=True)


def test_words_counts_and_ranks() -> None:
    vocabulary = Vocabulary(["the", "of", "king"], [9, 7, 1])
    assert len(vocabulary) == 3
    assert list(vocabulary) == ["the", "of", "king"]
    assert "of" in vocabulary
    assert "queen" not in vocabulary
    assert vocabulary.index("king") == 2
    assert vocabulary.ranks == {"the": 0, "of": 1, "king": 2}
    assert vocabulary.counts.dtype == np.int64
    with pytest.raises(ValueError, match="read-only"):
        vocabulary.counts[0] = 1


def test_an_unknown_word_gets_close_matches() -> None:
    with pytest.raises(UnknownWordError, match=r"^'KIGN' is not in the vocabulary; close matches: king$"):
        Vocabulary(["the", "king"], [2, 1]).index("KIGN")
    with pytest.raises(UnknownWordError, match=r"^0 is not in the vocabulary$"):
        Vocabulary(["the"], [2]).index(0)  # type: ignore[arg-type]


def test_what_is_no_vocabulary_is_refused() -> None:
    with pytest.raises(FormatError, match="'b' occurs twice"):
        Vocabulary(["a", "b", "c", "b"], [1, 1, 1, 1])
    with pytest.raises(FormatError, match="as many counts"):
        Vocabulary(["a", "b"], [1])


def test_rank_is_by_count_then_by_code_point() -> None:
    words = ["b", "a", "Z", "é", "中", "\U0001f600", "\uffee", "x"]
    counts = [2, 2, 2, 2, 2, 2, 2, 9]
    for seed in range(5):
        shuffled = list(zip(words, counts, strict=True))
        random.Random(seed).shuffle(shuffled)
        order = rank_words([word for word, _ in shuffled], [count for _, count in shuffled])
        assert [shuffled[i][0] for i in order] == ["x", "Z", "a", "b", "é", "中", "\uffee", "\U0001f600"]


def test_golden_bytes(tmp_path: Path) -> None:
    Vocabulary(["the", "a\tb", "c\\n", "d\ne\r", " ", "中"], [9, 8, 7, 6, 5, 4]).save(tmp_path / "v.tsv")
    assert (tmp_path / "v.tsv").read_bytes() == "the\t9\na\\tb\t8\nc\\\\n\t7\nd\\ne\\r\t6\n \t5\n中\t4\n".encode()
    Vocabulary(["</s>", "the"], [0, 9]).save_word2vec_c(tmp_path / "v.txt")
    assert (tmp_path / "v.txt").read_bytes() == b"</s> 0\nthe 9\n"


@pytest.mark.medium
@given(words=words_of_any_kind, data=st.data())
def test_any_words_survive_a_round_trip(tmp_path_factory: pytest.TempPathFactory, words: list[str], data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, 10**18 - 1), min_size=len(words), max_size=len(words)))
    path = tmp_path_factory.getbasetemp() / "round.tsv"
    vocabulary = Vocabulary(words, counts)
    vocabulary.save(path)
    assert Vocabulary.load(path) == vocabulary
    assert Vocabulary.load(path).hash() == vocabulary.hash()


@given(words=words_of_any_kind)
def test_word2vec_c_carries_words_without_white_space_or_refuses(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / "round.txt"
    vocabulary = Vocabulary(words, range(len(words)))
    if any(set(word) & set(" \t\n\r\0") for word in words):
        with pytest.raises(FormatError, match="cannot carry the word"):
            vocabulary.save_word2vec_c(path)
    else:
        vocabulary.save_word2vec_c(path)
        assert Vocabulary.load_word2vec_c(path) == vocabulary


def test_the_last_newline_may_be_missing_and_a_file_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "v").write_bytes(b"the 9\nof 7")
    assert Vocabulary.load_word2vec_c(tmp_path / "v") == Vocabulary(["the", "of"], [9, 7])
    (tmp_path / "v").write_bytes(b"")
    assert len(Vocabulary.load(tmp_path / "v")) == 0


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"the\t9\nof\n", 2, r"expected a word, '\\t' and a count, found b'of'"),
        (b"the\t9\n\nof\t1\n", 2, "expected a word"),
        (b"the\t9\n\t5\n", 2, "expected a word"),
        (b"the\t9\nof\t\n", 2, "expected a word"),
        (b"the\t9\nof\t-1\n", 2, "expected a word"),
        (b"the\t9\nof\t1_0\n", 2, "expected a word"),
        (b"the\t9\nof\t1.5\n", 2, "expected a word"),
        ("the\t9\nof\t²\n".encode(), 2, "expected a word"),
        (b"the\t9\nof\t1234567890123456789\n", 2, "expected a word"),
        (b"the\t9\nof\t7\r\n", 2, "expected a word"),
        (b"the\t9\na\tb\t7\n", 2, "expected a word"),
        (b"the\t9\n\xff\t7\n", 2, "not UTF-8"),
        (b"the\t9\na\\x\t7\n", 2, r"unknown escape \\x"),
        (b"the\t9\na\\\t7\n", 2, "unknown escape"),
        (b"the\t9\nof\t7\nthe\t5\n", 3, "'the' occurs a second time"),
        (b"\n", 1, "expected a word"),
        (b"the\n9\n", 1, "expected a word"),
    ],
)
def test_a_damaged_file_is_refused_with_its_line(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    path = tmp_path / "v.tsv"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=f"^{re.escape(str(path))}, line {line}: .*{message}"):
        Vocabulary.load(path)


@pytest.mark.medium
@given(st.binary(max_size=40))
def test_random_bytes_are_read_or_refused_with_a_line(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.tsv"
    path.write_bytes(content)
    try:
        vocabulary = Vocabulary.load(path)
    except FormatError as error:
        message = str(error)
    else:
        message = ", line "
        assert len(vocabulary) == len(content.removesuffix(b"\n").split(b"\n")) * (content != b"")
    assert ", line " in message
