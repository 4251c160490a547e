"""Texts for other tools hold exactly our tokens, in lines that they can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.comparison.word_lines import cut_lines, write_lines
from w2v.config import CorpusConfig
from w2v.corpus.encoding import encode
from w2v.errors import CorpusError

ALL = CorpusConfig(tokenizer="whitespace", min_count=1)


def lines_of(sentences, tmp_path, line_words=None):
    path = tmp_path / "lines.txt"
    write_lines(encode(sentences, None, ALL), path, line_words)
    return [line.split(" ") for line in path.read_text(encoding="utf-8").splitlines()]


def test_sentences_are_kept(tmp_path):
    sentences = [["ein", "Käse"], ["中文", "b", "c"], ["b"]]
    assert lines_of(sentences, tmp_path) == sentences


def test_only_a_line_of_over_10_000_words_is_cut(tmp_path):
    short, long = ["a", "b"] * 5000, ["c", "d"] * 5500
    lines = lines_of([short, long], tmp_path)
    assert [len(line) for line in lines] == [10_000] + [1000] * 11
    assert [word for line in lines for word in line] == short + long


def test_lines_of_n_words_run_across_sentences(tmp_path):
    assert lines_of([["a", "b"], ["c", "d", "e"]], tmp_path, line_words=2) == [["a", "b"], ["c", "d"], ["e"]]


def test_words_below_min_count_are_not_written(tmp_path):
    corpus = encode([["a", "a", "rare"]], None, CorpusConfig(tokenizer="whitespace", min_count=2))
    write_lines(corpus, tmp_path / "lines.txt")
    assert (tmp_path / "lines.txt").read_text() == "a a\n"


def test_a_token_with_white_space_is_refused(tmp_path):
    corpus = encode([["new york", "b"]], None, CorpusConfig(tokenizer="items", separator=",", min_count=1))
    with pytest.raises(CorpusError, match="'new york'"):
        write_lines(corpus, tmp_path / "lines.txt")


@given(st.lists(st.lists(st.integers(1, 3000), max_size=8), max_size=4), st.booleans(), st.sampled_from([b" ", b"\t"]))
@pytest.mark.medium
def test_cutting_raw_text_keeps_every_word(tmp_path_factory, lengths, final_newline, blank):
    folder = tmp_path_factory.mktemp("cut")
    text = b"\n".join(blank.join(bytes([97 + i]) * n for i, n in enumerate(line)) for line in lengths) + b"\n" * final_newline
    (folder / "text").write_bytes(text)
    cut_lines(folder / "text", folder / "lines")
    found = (folder / "lines").read_bytes()
    assert found.split() == text.split()
    assert all(len(line) <= 9001 for line in found.split(b"\n"))  # 6,000 bytes and the word carried from the piece before


def test_short_lines_are_not_touched(tmp_path):
    text = b"one line\n\nanother  line\nlast"
    (tmp_path / "text").write_bytes(text)
    cut_lines(tmp_path / "text", tmp_path / "lines")
    assert (tmp_path / "lines").read_bytes() == text
