"""Text files of the tools of this field, and what is wrong with a file, said with its line."""

import numpy as np
import pytest
from row_files import GOLDEN_TEXT, ROWS, WORDS, same

import w2v
from w2v.errors import FormatError
from w2v.formats.read_options import MAX_WORD_BYTES
from w2v.formats.rows.text_lines import largest_row


def load_bytes(folder, data, format="word2vec-text"):
    path = folder / "vectors.txt"
    path.write_bytes(data)
    return w2v.load(path, format)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"2 2\n</s> 0.004003 -0.004419 \nthe 0.5 1.000000 \n", id="word2vec.c and fastText: a space at the end"),
        pytest.param(b"2 2\r\n</s> 0.004003 -0.004419\r\nthe 0.5 1\r\n", id="CRLF"),
        pytest.param(b"2 2\n</s> 4.003e-3 -4419E-6\nthe +.5 1.\n", id="other spellings of numbers"),
        pytest.param(b"2 2\n</s> 0.00400299998000264167785644531250 -0.0044190000742673873901367187500\nthe 0.5 1\n", id="all digits"),
    ],
)
def test_other_tools_files(tmp_path, data):
    assert same(load_bytes(tmp_path, data), ["</s>", "the"], [[0.004003, -0.004419], [0.5, 1]])


def test_numbers_that_only_exact_arithmetic_decides(tmp_path):
    data = b"2 2\na 16777217 1e-45\nb 16777217.00000000000000000000001 -16777219\n"
    assert same(load_bytes(tmp_path, data), ["a", "b"], [[16777216, 1.4e-45], [16777218, -16777220]])


def test_more_hard_numbers_than_one_pass_holds(tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.formats.rows.text_lines._HARD_NUMBERS", 5)
    data = b"50 3\n" + b"".join(b"w%d 16777217 %d 33554434\n" % (i, i) for i in range(50))
    assert same(load_bytes(tmp_path, data), [f"w{i}" for i in range(50)], [[16777216, i, 33554432] for i in range(50)])


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"der 0.125 2.0", "line 3 (byte 23): expected a word and 3 numbers, one space apart: found 2 numbers"),
        (b"der 0.125 2.0 -3.5 1", "found 4 numbers"),
        (b"der 0.125 nan -3.5", "number 2 is 'nan'"),
        (b"der 0.125 -inf -3.5", "number 2 is '-inf'"),
        (b"der 1_0 2.0 -3.5", "number 1 is '1_0'"),
        (b"der 0x1p3 2.0 -3.5", "number 1 is '0x1p3'"),
        (b"der 0,125 2.0 -3.5", "number 1 is '0,125'"),
        (b"der 1\xd9\xa4 2.0 -3.5", "number 1 is '1٤'"),
        (b"New York 0.125 2.0 -3.5", "number 1 is 'York': a word may hold no space"),
        (b"der 0.125  2.0 -3.5", "number 2 is ''"),
        (b"der\t0.125\t2.0\t-3.5", "found 0 numbers"),
        (b"der 0.125 2.0 -3.5  ", "found 4 numbers"),
        (b" der 0.125 2.0 -3.5", "found a space first"),
        (b"", "found a blank line"),
        (b"der 0.125 2.0 -3.5\x00", "number 3 is '-3.5\\x00'"),
        (b"d\xc3r 0.125 2.0 -3.5", "line 3 (byte 24): words must be UTF-8: found 'd\\xc3r'"),
        (b"der 0.125 1e400 -3.5", "line 3: the numbers of 'der' must be finite: found a number too large for float32"),
        (b"</s> 0.125 2.0 -3.5", "line 3: each word must occur once: '</s>' is also at"),
        (b"x" * (MAX_WORD_BYTES + 1) + b" 1 2 3", "found a word of 65537 bytes, more than 65536"),
        (b"der 0." + b"1" * largest_row(3) + b" 2 3", "a line of dim 3 must be shorter than"),
    ],
)
def test_a_wrong_line_is_named(tmp_path, line, message):
    lines = GOLDEN_TEXT.split(b"\n")
    lines[2] = line
    with pytest.raises(FormatError) as caught:
        load_bytes(tmp_path, b"\n".join(lines))
    assert message in str(caught.value)
    assert "vectors.txt, line 3" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (GOLDEN_TEXT[:-1], "line 5 (byte 66): the last line must end with a newline"),
        (GOLDEN_TEXT + b"\n", "line 6 (byte 96): the header announces 4 words: more follows"),
        (GOLDEN_TEXT + b"das 1 2 3\n", "line 6 (byte 96): the header announces 4 words: more follows, 'das 1 2 3\\n'"),
        (GOLDEN_TEXT.replace(b"4 3", b"5 3"), "line 6: the header announces 5 words: the file ends after 4"),
        (b"\xef\xbb\xbf" + GOLDEN_TEXT, "remove its byte order mark"),
        (b"1000000000000 300\n" + GOLDEN_TEXT, "need at least 602000000000018 bytes: the file has 114"),
        (b"1 1\n" + b"x" * 10_000_000, "a line of dim 1 must be shorter than 65600 bytes"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path, data, message):
    with pytest.raises(FormatError) as caught:
        load_bytes(tmp_path, data)
    assert message in str(caught.value)


@pytest.mark.parametrize("end", [b"\n", b" \n", b"\r\n", b" \r\n"])
def test_ends_of_lines_in_glove(tmp_path, end):
    data = b"the 0.5 -1" + end + b"of 2 3" + end
    assert same(load_bytes(tmp_path, data, "glove"), ["the", "of"], [[0.5, -1], [2, 3]])


def test_glove_says_its_first_line(tmp_path):
    for data, message in (
        (b"", "line 1: the line must end with a newline"),
        (b"word\n", "line 1: expected a word and 1 numbers, one space apart: found 0 numbers"),
        (b"the 1.0 2.0\nof 1.0\n", "line 2 (byte 12): expected a word and 2 numbers"),
        ("\ufeffthe 1.0\n".encode(), "line 1: found a byte order mark"),
        (b"x " * 70_000 + b"\n", "line 1"),
    ):
        with pytest.raises(FormatError) as caught:
            load_bytes(tmp_path, data, "glove")
        assert message in str(caught.value)


def test_glove_cannot_begin_with_a_byte_order_mark(tmp_path):
    vectors = w2v.WordVectors(w2v.Vocabulary(["\ufeffthe"], [1]), np.ones((1, 2), np.float32))
    with pytest.raises(FormatError, match="byte order mark"):
        w2v.save(vectors, tmp_path / "vectors.glove")
    w2v.save(vectors, tmp_path / "vectors.vec")
    assert w2v.load(tmp_path / "vectors.vec").words == ("\ufeffthe",)


def test_a_file_is_closed_and_may_go(tmp_path):
    vectors = load_bytes(tmp_path, GOLDEN_TEXT)
    (tmp_path / "vectors.txt").unlink()
    assert same(vectors, WORDS, ROWS)
