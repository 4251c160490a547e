"""limit, words, normalize, errors and repair, for every format that is read."""

import gzip

import numpy as np
import pytest
from golden_files import COUNTS, READABLE, bits, golden_parts, put
from row_files import GOLDEN_BINARY, GOLDEN_GLOVE, GOLDEN_TEXT, ROWS, WORDS, make_vectors, same

import w2v
from w2v.errors import ConfigError, FormatError

ROW = dict(zip(WORDS, np.array(ROWS, np.float32), strict=True))


@pytest.fixture(params=READABLE, name="format")
def format_name(request):
    return request.param


@pytest.fixture
def golden(tmp_path, format):
    put(tmp_path / "golden", golden_parts(format))
    return tmp_path / "golden"


def holds(vectors, words):
    assert vectors.words == tuple(words)
    assert np.array_equal(vectors.matrix, np.array([ROW[word] for word in words]))
    if vectors.counts.any():
        assert vectors.counts.tolist() == [COUNTS[WORDS.index(word)] for word in words]
    return True


@pytest.mark.parametrize("limit", [1, 3, 4, 99])
def test_limit(golden, format, limit):
    assert holds(w2v.load(golden, format, limit=limit), WORDS[:limit])


def test_numbers_of_numpy_are_taken(golden, format):
    assert holds(w2v.load(golden, format, limit=np.int64(3), max_ratio=np.int32(100)), WORDS[:3])


def test_what_follows_the_limit_is_not_looked_at(tmp_path):
    for data in (GOLDEN_TEXT.replace(b"2.0", b"nan"), GOLDEN_TEXT[:60], GOLDEN_BINARY[:-1], GOLDEN_BINARY + b"more", GOLDEN_GLOVE[:40]):
        (tmp_path / "v").write_bytes(data)
        assert same(w2v.load(tmp_path / "v", limit=1), WORDS[:1], ROWS[:1])


def test_words(golden, format):
    assert holds(w2v.load(golden, format, words=["北京", "der", "absent"]), ["der", "北京"])
    assert holds(w2v.load(golden, format, words=iter(WORDS)), WORDS)
    assert holds(w2v.load(golden, format, words=["北京", "der"], limit=2), ["der"])
    with pytest.raises(FormatError, match="must hold a word that is asked for: it has none of the 2"):
        w2v.load(golden, format, words=["absent", "too"])


def test_normalize(golden, format):
    matrix = w2v.load(golden, format, normalize=True).matrix
    assert np.allclose(np.linalg.norm(matrix.astype(float), axis=1), 1)
    assert np.allclose(matrix[0], ROW["</s>"] / np.linalg.norm(ROW["</s>"]))


def test_repair_changes_nothing_that_is_whole(golden, format):
    changes = []
    assert bits(w2v.load(golden, format, repair=True, on_change=changes.append)) == bits(w2v.load(golden, format))
    assert changes == []


@pytest.mark.parametrize(
    "option", [{"limit": 0}, {"limit": -1}, {"limit": 2.0}, {"limit": "2"}, {"errors": "ignore"}, {"max_ratio": 0}, {"words": "der"}]
)
def test_options_out_of_range(tmp_path, option):
    with pytest.raises(ConfigError, match=next(iter(option))):
        w2v.load(tmp_path, **option)


def repair(tmp_path, data, format=None, **options):
    """The words and rows of a repaired file, and the changes without the path."""
    path = tmp_path / "v"
    path.write_bytes(data)
    with pytest.raises(FormatError):
        w2v.load(path, format)
    changes = []
    vectors = w2v.load(path, format, repair=True, on_change=changes.append, **options)
    assert all(change.startswith(f"{path}") for change in changes)
    return vectors, [change.removeprefix(f"{path}, ").removeprefix(str(path)) for change in changes]


@pytest.mark.parametrize(
    ("old", "new", "kept", "change"),
    [
        (b"4 3\n", b"5 3\n", [0, 1, 2, 3], "line 6: the header announces 5 words: the file ends after 4: read as far as it goes"),
        (b"4 3\n", b"2 3\n", [0, 1, 2, 3], "line 6: the header announces 2 words: the file ends after 4: read as far as it goes"),
        (b"4 3\n", b"999999999999 3\n", [0, 1, 2, 3], "line 6: the header announces 999999999999 words: the file ends after 4"),
        (b"4 3\n", b"4 300\n", [0, 1, 2, 3], "line 1: the header announces dim 300: the rows have 3 numbers: read so"),
        (b"4 3\n", b"4_0 3\n", [0, 1, 2, 3], "line 1: expected the number of words and the dim: found '4_0 3': left out"),
        (b"4 3\n", b"\xef\xbb\xbf4 3\n", [0, 1, 2, 3], "line 1: found a byte order mark: left out"),
        (
            b"2.0",
            b"nan",
            [0, 2, 3],
            "line 3 (byte 23): expected a word and 3 numbers, one space apart: number 2 is 'nan': the line is left out",
        ),
        (b"2.0", b"1_0", [0, 2, 3], "number 2 is '1_0': the line is left out"),
        (b"2.0 ", b"", [0, 2, 3], "found 2 numbers: the line is left out"),
        (b"2.0", b"2.0 7", [0, 2, 3], "found 4 numbers: the line is left out"),
        (b"2.0", b"1e400", [0, 2, 3], "found a number too large for float32: the row is left out"),
        (b"der ", b"</s> ", [0, 2, 3], "line 3: each word must occur once: '</s>' is also at"),
        (b"der ", b" ", [0, 2, 3], "found a space first: the line is left out"),
        (b"2.0", b"  2.0", [0, 1, 2, 3], "number 2 is '': read as the word 'der'"),
        (
            b"der ",
            b"\nder ",
            [0, 1, 2, 3],
            "line 3 (byte 23): expected a word and 3 numbers, one space apart: found a blank line: the line is left out",
        ),
    ],
)
def test_a_repaired_text_file(tmp_path, old, new, kept, change):
    vectors, changes = repair(tmp_path, GOLDEN_TEXT.replace(old, new, 1), "word2vec-text")
    assert holds(vectors, [WORDS[row] for row in kept])
    assert any(change in found for found in changes)
    assert len(changes) == 1 + ("blank" in change)


def test_an_error_says_what_would_help(tmp_path):
    (tmp_path / "v").write_bytes(GOLDEN_TEXT.replace(b"2.0", b"nan"))
    with pytest.raises(FormatError, match=r"number 2 is 'nan'; with repair=True: the line is left out$"):
        w2v.load(tmp_path / "v")
    (tmp_path / "v").write_bytes(GOLDEN_TEXT.replace("ï".encode(), b"\xef"))
    with pytest.raises(FormatError, match=r"words must be UTF-8.*; with errors='replace'"):
        w2v.load(tmp_path / "v")


def test_where_rows_disagree_evenly_the_header_decides(tmp_path):
    vectors, changes = repair(tmp_path, b"2 2\nking 1 2 3\nqueen 3 4\n")
    assert same(vectors, ["queen"], [[3, 4]])
    assert changes[0].endswith("found 3 numbers: the line is left out")
    vectors, changes = repair(tmp_path, b"2 2\nking 1,5 2\nqueen 3 4\n")
    assert same(vectors, ["queen"], [[3, 4]])
    assert changes[0].endswith("number 1 is '1,5': the line is left out")


@pytest.mark.parametrize(
    ("data", "format", "line"),
    [
        (b"\xef\xbb\xbfking 1 2\nqueen 3 nan\nknight 5 6\n", "word2vec-text", 2),
        (b"\xef\xbb\xbf3 2\nking 1 2\nqueen 3 nan\nknight 5 6\n", "word2vec-text", 3),
        (b"junk\nking 1 2\nqueen 3 nan\nknight 5 6\n", "glove", 3),
        (b"\xef\xbb\xbfking 1 2\nqueen 3 nan\nknight 5 6\n", "glove", 2),
    ],
)
def test_a_repair_counts_lines_from_the_first(tmp_path, data, format, line):
    vectors, changes = repair(tmp_path, data, format)
    assert vectors.words == ("king", "knight")
    assert changes[-1].startswith(f"line {line} (byte {data.index(b'queen')})")


@pytest.mark.parametrize("data", [b"5 1\nking 2\nqueen nan\n", b"5 1\n"[:-1]])
def test_a_row_of_glove_that_looks_like_a_header_is_a_row(tmp_path, data):
    vectors, changes = repair(tmp_path, data, "glove")
    assert vectors.words == ("5", "king")[: len(vectors)]
    assert vectors["5"].tolist() == [1]
    assert len(changes) == 1


def test_words_of_several_parts_are_kept_as_glove_has_them(tmp_path):
    vectors, changes = repair(tmp_path, b"the 1 2\nat name@domain.com 3 4\n. . . 5 6\n", "glove")
    assert same(vectors, ["the", "at name@domain.com", ". . ."], [[1, 2], [3, 4], [5, 6]])
    assert len(changes) == 2


def test_cut_files(tmp_path):
    vectors, changes = repair(tmp_path, GOLDEN_TEXT[:-1])
    assert holds(vectors, WORDS)
    assert changes[0].endswith("read as the last line")
    vectors, changes = repair(tmp_path, GOLDEN_TEXT[:60])
    assert holds(vectors, WORDS[:2])
    assert "the line is left out" in changes[0], "its last number may be cut"
    vectors, changes = repair(tmp_path, GOLDEN_BINARY[:60])
    assert holds(vectors, WORDS[:3])
    assert len(changes) == 1


def test_binary_faults(tmp_path):
    vectors, changes = repair(tmp_path, GOLDEN_BINARY + b"more")
    assert holds(vectors, WORDS)
    assert changes[0].endswith("left out, with all that follows")
    nan = np.array(np.nan, np.float32).tobytes()
    vectors, changes = repair(tmp_path, GOLDEN_BINARY.replace(b"\x00\x00\x00\x40", nan))
    assert holds(vectors, [WORDS[0], *WORDS[2:]])
    vectors, changes = repair(tmp_path, GOLDEN_BINARY.replace(b"4 3", b"1000000000000 3"))
    assert holds(vectors, WORDS)
    assert len(changes) == 2


def test_a_damaged_compression_is_read_as_far_as_it_goes(tmp_path):
    rows = np.random.default_rng(1).standard_normal((3000, 5)).astype(np.float32)
    words = [f"w{i}" for i in range(3000)]
    w2v.save(make_vectors(words, rows), tmp_path / "whole.vec")
    data = gzip.compress((tmp_path / "whole.vec").read_bytes())
    vectors, changes = repair(tmp_path, data[: len(data) // 2])
    assert 1000 < len(vectors) < 2000
    assert same(vectors, words[: len(vectors)], rows[: len(vectors)])
    assert "read as far as it goes" in changes[0]


@pytest.mark.parametrize("data", [b"", b"1 1\nw n\n", b"no numbers\nhere\n", b"\xff" * 9, b"PK\x03\x04", b"\x02\0\0\0\0\0\0\0{}"])
@pytest.mark.parametrize("name", ["word2vec-text", "word2vec-binary", "npz", "safetensors"])
def test_nothing_left(tmp_path, data, name):
    (tmp_path / "v").write_bytes(data)
    with pytest.raises(FormatError):
        w2v.load(tmp_path / "v", name, repair=True)


@pytest.mark.parametrize("golden", [GOLDEN_TEXT, GOLDEN_BINARY, GOLDEN_GLOVE])
def test_errors_replace(tmp_path, golden):
    path = tmp_path / "v"
    path.write_bytes(golden.replace("ï".encode(), b"\xef"))
    with pytest.raises(FormatError, match="words must be UTF-8"):
        w2v.load(path)
    changes = []
    assert same(w2v.load(path, errors="replace", on_change=changes.append), ["</s>", "der", "na\ufffdve", "北京"], ROWS)
    assert [change.partition("found ")[2] for change in changes] == ["'na\\xefve': read as 'na\ufffdve'"]
    assert "na\ufffdve" in w2v.load(path, repair=True)
    path.write_bytes(golden.replace(b"2.0", b"nan").replace(b"\x00\x00\x00\x40", b"\x00\x00\xc0\x7f"))
    with pytest.raises(FormatError):
        w2v.load(path, errors="replace")


def test_a_line_keeps_its_number_in_every_block(tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.formats.rows.text_lines.READ_BYTES", 12)
    (tmp_path / "v").write_bytes(b"6 1\na 1\nb 2\nc 3\nd 4\ne 5\nd 6\n")
    with pytest.raises(FormatError, match=r"line 7: each word must occur once: 'd' is also at .*, line 5;"):
        w2v.load(tmp_path / "v", words=["a", "d"])


@pytest.mark.parametrize("save", ["npz", "safetensors"])
def test_a_row_keeps_its_number_when_others_are_left_out(tmp_path, save):
    words, rows = ["a", "b", "c", "d", "e"], [[1, 2], [3, 4], [5, 6], [7, 8], [9, 0]]
    w2v.save(make_vectors(words, rows), tmp_path / "v", save)
    data = (tmp_path / "v").read_bytes().replace(b"abcde", b"abcdd")
    if save == "npz":
        np.savez(tmp_path / "v.npz", words=np.array([*"abcdd"]), vectors=np.array(rows, np.float32))
        data = (tmp_path / "v.npz").read_bytes()
    (tmp_path / "v").write_bytes(data)
    with pytest.raises(FormatError, match=r"word 5: each word must occur once: 'd' is also at .*word 4;"):
        w2v.load(tmp_path / "v", words=["b", "d"])
    with pytest.raises(FormatError, match="word 5: each word must occur once"):
        w2v.load(tmp_path / "v")
    assert same(w2v.load(tmp_path / "v", words=["c", "b"]), ["b", "c"], [rows[1], rows[2]])
    assert same(w2v.load(tmp_path / "v", words=["b", "d"], repair=True), ["b", "d"], [rows[1], rows[3]])
