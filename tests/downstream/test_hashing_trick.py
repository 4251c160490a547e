"""`one_hot` against the old definition, written out."""

import hashlib
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.downstream import one_hot
from w2v.downstream.hashing_trick import FILTERS
from w2v.errors import ConfigError


def hashing_trick(text, n, filters=FILTERS, lower=True, split=" "):
    """Keras 2, `keras_preprocessing/text.py`: text_to_word_sequence, and hashing_trick with hash_function="md5"."""
    if lower:
        text = text.lower()
    for character in filters:
        text = text.replace(character, split)
    return [int(hashlib.md5(word.encode()).hexdigest(), 16) % (n - 1) + 1 for word in text.split(split) if word]


@given(st.text(st.characters(max_codepoint=0x2FFF, blacklist_categories=["Cs"])), st.integers(2, 1000), st.booleans())
def test_the_values_are_those_of_the_old_hashing_trick(text, n, lower):
    ids = one_hot(text, n, lower=lower)
    assert ids == hashing_trick(text, n, lower=lower)
    assert all(1 <= number < n for number in ids)


def test_filters_and_split():
    assert one_hot("a.b|c", 99, filters=".", split="|") == hashing_trick("a.b|c", 99, ".", split="|") == one_hot("a b c", 99)
    assert one_hot("Good", 50) == one_hot("good", 50) != one_hot("Good", 50, lower=False)
    assert one_hot("", 50) == one_hot(" .,! ", 50) == []


def test_an_analyzer_takes_the_text_as_it_stands():
    assert one_hot("Not, Good", 500, analyzer=str.split) == [
        *one_hot("Not,", 500, lower=False, filters=""),
        *one_hot("Good", 500, lower=False),
    ]


def test_every_process_has_the_same_ids():
    code = "from w2v.downstream import one_hot; print(one_hot('well done good work', 50))"
    runs = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert runs == {"[15, 31, 17, 40]\n"}


@pytest.mark.parametrize(
    "text", ["今天天气很好", "我爱北京", "这部电影, 很好看", "很好，谢谢", "我 喜欢 自然语言处理", "我 喜欢 自然语言学", "好看。"]
)
def test_unsegmented_chinese_is_refused(text):
    with pytest.raises(ConfigError, match=r"Chinese words must be separated by ' ': found '.*'; segment the text first, or give analyzer="):
        one_hot(text, 50)
    assert len(one_hot(text, 50, analyzer=list)) == len(text)


@pytest.mark.parametrize(
    ("text", "n_words"), [("我 爱 北京", 3), ("自然语言 处理", 2), ("好看", 1), ("good 电影", 2), ("好 。 我 喜欢", 4)]
)
def test_segmented_chinese_is_taken(text, n_words):
    assert len(one_hot(text, 50)) == n_words


@pytest.mark.parametrize("n", [1, 0, -3, True, 2.0, "50", None])
def test_n_must_leave_a_row_beside_padding(n):
    with pytest.raises(ConfigError, match="n must be an integer of at least 2"):
        one_hot("a", n)
    assert one_hot("a b", 2) == [1, 1]


def test_a_list_of_texts_is_refused():
    with pytest.raises(ConfigError, match="text must be one text: received list"):
        one_hot(["a", "b"], 50)
    with pytest.raises(ConfigError, match="split must be"):
        one_hot("a", 50, split="")
