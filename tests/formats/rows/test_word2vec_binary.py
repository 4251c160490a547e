"""Binary files with and without newlines behind the rows, and what is wrong with a file, said with its word and byte."""

import struct

import numpy as np
import pytest
from row_files import GOLDEN_BINARY, ROWS, WORDS, make_vectors, same

import w2v
from w2v.errors import FormatError
from w2v.formats.read_options import MAX_WORD_BYTES


def load_bytes(folder, data):
    path = folder / "vectors.bin"
    path.write_bytes(data)
    return w2v.load(path, "word2vec-binary")


def row(word, *numbers, gap=b"\n"):
    return word + b" " + struct.pack(f"<{len(numbers)}f", *numbers) + gap


def test_gensims_rows_without_newlines(tmp_path):
    data = b"4 3\n" + b"".join(row(word.encode(), *numbers, gap=b"") for word, numbers in zip(WORDS, ROWS, strict=True))
    assert same(load_bytes(tmp_path, data), WORDS, ROWS)


def test_one_row_with_and_without_newline(tmp_path):
    for gap in (b"", b"\n"):
        assert same(load_bytes(tmp_path, b"1 2\n" + row(b"a", 1, 2, gap=gap)), ["a"], [[1, 2]])


def test_numbers_that_look_like_spaces_newlines_and_text(tmp_path):
    matrix = np.frombuffer(b"    \n\n\n\n 0.5\n \n a1 2", np.float32).reshape(-1, 1)
    words = [f"w{i}" for i in range(len(matrix))]
    w2v.save(make_vectors(words, matrix), tmp_path / "vectors.bin")
    assert same(w2v.load(tmp_path / "vectors.bin"), words, matrix)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"2 1\n" + row(b"a", 1) + row(b"b", float("nan")), "word 2: the numbers of 'b' must be finite: found the number nan"),
        (b"2 1\n" + row(b"a", 1) + row(b"b", float("-inf")), "word 2: the numbers of 'b' must be finite: found the number -inf"),
        (b"2 1\n" + row(b"a", 1) + row(b"a", 2), "word 2: each word must occur once: 'a' is also at"),
        (b"2 1\n" + row(b"a", 1) + row(b"\xff", 2), "word 2 (byte 11): words must be UTF-8: found '\\xff'"),
        (b"2 1\n" + row(b"a", 1) + row(b"", 2), "word 2 (byte 11): expected a word of 1 to 65536 bytes"),
        (b"2 1\n" + row(b"a", 1) + row(b"b\nc", 2), "word 2 (byte 11): expected a word of 1 to 65536 bytes"),
        (b"2 1\n" + row(b"a", 1) + row(b"b", 2, gap=b"!"), "word 2 (byte 11): expected"),
        (b"1 1\n" + row(b"x" * (MAX_WORD_BYTES + 1), 1), "word 1 (byte 4): expected a word of 1 to 65536 bytes"),
        (b"1 1\n" + row(b"a", 1) + b"b", "word 2 (byte 11): the header announces 1 words: more follows, 'b'"),
        (
            b"2 1\n" + row(b"abcdef", 1) + b"b \0\0",
            "word 2 (byte 16): the header announces 2 words of dim 1: the file ends 4 bytes into this",
        ),
        (GOLDEN_BINARY[:-1], "word 4 (byte 59): the header announces 4 words of dim 3: the file ends 19 bytes into this one"),
        (b"4 300\n" + GOLDEN_BINARY, "need at least 4814 bytes: the file has"),
        (b"1 1\n" + b"x" * 10_000_000, "word 1 (byte 4): expected a word of 1 to 65536 bytes, a space and 4 bytes"),
    ],
)
def test_a_wrong_file_is_explained(tmp_path, data, message):
    with pytest.raises(FormatError) as caught:
        load_bytes(tmp_path, data)
    assert message in str(caught.value)
    assert "vectors.bin" in str(caught.value)
