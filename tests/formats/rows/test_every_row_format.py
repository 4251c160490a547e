"""What every row format must do: golden bytes, bit-exact round trips, refusals by name, hostile bytes."""

import bz2
import gzip
import lzma

import numpy as np
import pytest
import zstandard
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from row_files import GOLDEN, GOLDEN_BINARY, GOLDEN_TEXT, PLAIN, ROWS, WORDS, RefusedError, make_vectors, same

import w2v
from w2v.errors import FormatError, OutputError
from w2v.formats.read_options import MAX_WORD_BYTES

FORMATS = list(GOLDEN)
UNICODE_WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=" \t\n\v\f\r\0"), min_size=1, max_size=8).filter(
    lambda word: not word.startswith("\ufeff")
)
TABLES = st.integers(1, 4).flatmap(
    lambda dim: st.dictionaries(
        UNICODE_WORDS,
        st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=dim, max_size=dim),
        min_size=1,
        max_size=6,
    )
)
MUTATIONS = st.lists(
    st.tuples(st.sampled_from(["set", "insert", "delete", "cut", "repeat"]), st.integers(0, 10_000), st.binary(min_size=1, max_size=4)),
    min_size=1,
    max_size=3,
)
PIECES = [
    b" ",
    b"\n",
    b"\r",
    b"\t",
    b"\0",
    b"nan",
    b"inf",
    b"1_0",
    b"1e400",
    b"-",
    b"\xff",
    b"\xef\xbb\xbf",
    b"9" * 20,
    b"4 3\n",
    b"\xc2\x85",
]

shared_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)


@pytest.fixture(params=FORMATS, name="format")
def format_name(request):
    return request.param


def load_bytes(folder, data, format=None):
    path = folder / "vectors"
    path.write_bytes(data)
    return w2v.load(path, format)


def test_golden_bytes_are_written(tmp_path, format):
    w2v.save(make_vectors(), tmp_path / "vectors", format)
    assert (tmp_path / "vectors").read_bytes() == GOLDEN[format]


def test_golden_bytes_are_recognized_and_read(tmp_path, format):
    assert same(load_bytes(tmp_path, GOLDEN[format]), WORDS, ROWS)


@pytest.mark.medium
@shared_folder
@given(table=TABLES)
@example(table={"a b": [0.5], "\u2028": [1.0], "🦆" * 40: [-0.0]})
@example(table={"5": [1.0], "a": [2.0]})
def test_any_words_and_finite_numbers_survive(tmp_path, format, table):
    path = tmp_path / "vectors"
    table = {word.replace(" ", "\u00a0"): row for word, row in table.items()}
    w2v.save(make_vectors(list(table), list(table.values())), path, format, overwrite=True)
    assert same(w2v.load(path, format), table.keys(), list(table.values()))


@pytest.mark.parametrize("word", ["", "New York", "a\tb", "a\nb", "\r", "\v", "\f", "nul\0", "\ud800", "x" * (MAX_WORD_BYTES + 1)])
def test_a_word_that_would_not_survive_is_refused_by_name(tmp_path, format, word):
    path = tmp_path / "vectors"
    with pytest.raises(FormatError) as caught:
        w2v.save(make_vectors(["fine", word], [[1], [2]]), path, format)
    assert repr(word[:60]) in str(caught.value)
    assert not list(tmp_path.iterdir()), "nothing half-written"


@pytest.mark.parametrize(("data", "name"), [(b"1 1\nw 5\n", "word2vec-text"), (b"1 1\nw \0\0\xa0\x40", "word2vec-binary")])
@pytest.mark.medium
def test_the_smallest_file_of_a_header(tmp_path, data, name):
    assert same(load_bytes(tmp_path, data, name), ["w"], [[5]])


def test_the_longest_word_survives(tmp_path, format):
    longest = "ö" * (MAX_WORD_BYTES // 2)
    w2v.save(make_vectors(["fine", longest], [[1], [2]]), tmp_path / "vectors", format)
    assert same(w2v.load(tmp_path / "vectors"), ["fine", longest], [[1], [2]])


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_only_finite_numbers_are_written(tmp_path, format, value):
    with pytest.raises(FormatError, match="'bad' holds a number that is not finite"):
        w2v.save(make_vectors(["good", "bad"], [[1], [value]]), tmp_path / "vectors", format)


def test_no_words_are_refused(tmp_path, format):
    empty = w2v.WordVectors(w2v.Vocabulary([], []), np.zeros((0, 3), np.float32))
    with pytest.raises(FormatError, match="no words"):
        w2v.save(empty, tmp_path / "vectors", format)


@pytest.mark.long
def test_many_rows_in_several_blocks(tmp_path, format, monkeypatch):
    monkeypatch.setattr("w2v.formats.writable_rows._BLOCK_VALUES", 1000)
    for module in ("text_lines", "word2vec_binary"):
        monkeypatch.setattr(f"w2v.formats.rows.{module}.READ_BYTES", 997)
    monkeypatch.setattr("w2v.formats.rows.loaded_rows._FIRST_VALUES", 64)
    rows = np.random.default_rng(1).standard_normal((3000, 7)).astype(np.float32)
    words = [f"w{'ö' * (i % 13)}{i}" for i in range(len(rows))]
    for name in ("vectors", "vectors.gz"):
        w2v.save(make_vectors(words, rows), tmp_path / name, format)
        assert same(w2v.load(tmp_path / name, format), words, rows)


def test_a_strided_matrix_is_written(tmp_path, format):
    padded = np.random.default_rng(1).standard_normal((50, 16)).astype(np.float32)
    words = [f"w{i}" for i in range(50)]
    vectors = w2v.WordVectors(w2v.Vocabulary(words, [1] * 50), padded[:, :10])
    w2v.save(vectors, tmp_path / "vectors", format)
    assert same(w2v.load(tmp_path / "vectors", format), words, padded[:, :10])


@pytest.mark.parametrize(
    ("suffix", "decompress"),
    [(".gz", gzip.decompress), (".bz2", bz2.decompress), (".xz", lzma.decompress), (".zst", lambda data: _zstd(data))],
)
def test_compressed_by_name_and_decompressed_by_content(tmp_path, format, suffix, decompress):
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix.upper()}"
    for path in (first, second):
        w2v.save(make_vectors(), path, format)
    assert decompress(first.read_bytes()) == GOLDEN[format]
    assert first.read_bytes() == second.read_bytes(), "neither name nor time inside"
    assert same(load_bytes(tmp_path, first.read_bytes()), WORDS, ROWS), "known without its name"


def _zstd(data):
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


def test_an_existing_file_is_kept_unless_overwritten(tmp_path, format):
    path = tmp_path / "vectors"
    path.write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        w2v.save(make_vectors(), path, format)
    assert path.read_text() == "mine"
    w2v.save(make_vectors(), path, format, overwrite=True)
    assert path.read_bytes() == GOLDEN[format]


def test_a_failed_overwrite_keeps_the_old_file(tmp_path, format):
    path = tmp_path / "vectors"
    path.write_text("mine")
    with pytest.raises(FormatError):
        w2v.save(make_vectors(["a b"], [[1]]), path, format, overwrite=True)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["mine"]


def test_each_cut_is_noticed(tmp_path, format):
    golden = GOLDEN[format]
    for end in range(len(golden)):
        if format == "glove" and golden[:end].endswith(b"\n"):
            continue  # without a header nothing tells how many lines there were
        with pytest.raises(FormatError):
            load_bytes(tmp_path, golden[:end], format)
        with pytest.raises(FormatError):
            load_bytes(tmp_path, gzip.compress(golden, 1)[: end % 60], format)


def mutate(data, mutations):
    for kind, where, piece in mutations:
        at = where % (len(data) + 1)
        piece = PIECES[piece[0] % len(PIECES)] if piece[0] < 200 else piece
        if kind == "set":
            data = data[:at] + piece + data[at + len(piece) :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        elif kind == "delete":
            data = data[:at] + data[at + len(piece) :]
        elif kind == "cut":
            data = data[:at]
        else:
            data = data[:at] + data[at // 2 :]
    return data


@pytest.mark.medium
@settings(shared_folder, max_examples=300)
@given(mutations=MUTATIONS)
def test_mutated_files_are_refused_or_read_right(tmp_path, format, mutations):
    data = mutate(GOLDEN[format], mutations)
    try:
        words, rows = PLAIN[format](data)
    except RefusedError:
        with pytest.raises(FormatError):
            load_bytes(tmp_path, data, format)
    else:
        assert same(load_bytes(tmp_path, data, format), words, rows)


@pytest.mark.medium
@shared_folder
@given(data=st.binary(max_size=80) | st.tuples(st.sampled_from(FORMATS), MUTATIONS).map(lambda pair: mutate(GOLDEN[pair[0]], pair[1])))
def test_unknown_and_mutated_files_raise_nothing_else(tmp_path, data):
    message = ""
    try:
        load_bytes(tmp_path, data)
    except FormatError as error:
        message = str(error)
    assert "\n" not in message
    assert not message or str(tmp_path) in message


@pytest.mark.parametrize("golden", [GOLDEN_TEXT, GOLDEN_BINARY])
@pytest.mark.parametrize(
    "header",
    [
        *(b"0 3", b"-4 3", b"4 0", b"4 -1", b"4 2147483648", b"4 9223372036854775808", b"18446744073709551616 3", b"4_0 3", b"4"),
        *(
            b"1000000000000 3",
            b"4 60000",
            b"4 3 1",
            b" 4 3",
            b"4  3",
            b"4.0 3",
            b"\xef\xbb\xbf4 3",
            b"0x4 3",
            b"4\t3",
            b"\xd9\xa4 3",
            b"5 3",
            b"3 3",
        ),
    ],
)
@pytest.mark.parametrize("compress", [bytes, lambda data: gzip.compress(data, 1)])
def test_lying_headers_are_refused(tmp_path, golden, header, compress):
    data = compress(header + b"\n" + golden.partition(b"\n")[2])
    for name in ("word2vec-text", "word2vec-binary", None):
        with pytest.raises(FormatError, match="vectors"):
            load_bytes(tmp_path, data, name)
