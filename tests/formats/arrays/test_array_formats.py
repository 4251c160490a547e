"""npz and safetensors: what numpy and the safetensors package make of ours, what we make of theirs, and of broken ones."""

import io
import json
import struct
import zipfile

import numpy as np
import pytest
from golden_files import FILES, FOLDER, bits, full_vectors
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from row_files import ROWS, WORDS, make_vectors, same
from safetensors.numpy import load_file, save_file

import w2v
from w2v.errors import FormatError
from w2v.formats.read_options import MAX_WORD_BYTES

WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
TABLES = st.integers(1, 3).flatmap(
    lambda dim: st.dictionaries(
        WORD, st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=dim, max_size=dim), min_size=1, max_size=6
    )
)
shared_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, derandomize=True)
PLAIN_WORDS = np.array(["a", "b"])
PLAIN_VECTORS = np.array([[1, 2], [3, 4]], np.float32)


@pytest.fixture(params=["npz", "safetensors"], name="format")
def format_name(request):
    return request.param


def test_golden_bytes(tmp_path, format):
    golden = (FOLDER / FILES[format]).read_bytes()
    w2v.save(full_vectors(), tmp_path / "vectors", format)
    assert (tmp_path / "vectors").read_bytes() == golden
    assert bits(w2v.load(FOLDER / FILES[format])) == bits(full_vectors())


@pytest.mark.medium
@shared_folder
@given(table=TABLES)
@example(table={" ": [0.5], "a b": [1.0], "\n": [-0.0], "nul\0": [2.0], "\0": [3.0], "\ufeff": [4.0], "🦆" * (MAX_WORD_BYTES // 4): [5.0]})
def test_any_words_survive(tmp_path, format, table):
    w2v.save(make_vectors(list(table), list(table.values())), tmp_path / "vectors", format, overwrite=True)
    assert same(w2v.load(tmp_path / "vectors"), table.keys(), list(table.values()))


@pytest.mark.parametrize("word", ["", "\ud800", "x" * (MAX_WORD_BYTES + 1)])
def test_a_word_that_would_not_survive_is_refused_by_name(tmp_path, format, word):
    with pytest.raises(FormatError) as caught:
        w2v.save(make_vectors(["fine", word], [[1], [2]]), tmp_path / "vectors", format)
    assert repr(word[:60]) in str(caught.value)
    assert not list(tmp_path.iterdir())


def test_only_finite_numbers_are_written(tmp_path, format):
    with pytest.raises(FormatError, match="'bad' holds a number that is not finite"):
        w2v.save(make_vectors(["good", "bad"], [[1], [np.nan]]), tmp_path / "vectors", format)


def test_compressed_once_more(tmp_path, format):
    for suffix in (".gz", ".zst"):
        path = tmp_path / f"{FILES[format]}{suffix}"
        w2v.save(full_vectors(), path)
        assert bits(w2v.load(path)) == bits(full_vectors())


@pytest.mark.medium
def test_each_cut_is_noticed(tmp_path, format):
    golden = (FOLDER / FILES[format]).read_bytes()
    for end in range(len(golden)):
        (tmp_path / "vectors").write_bytes(golden[:end])
        with pytest.raises(FormatError, match="vectors"):
            w2v.load(tmp_path / "vectors", format)


def test_many_rows_in_several_blocks(tmp_path, format, monkeypatch):
    monkeypatch.setattr("w2v.formats.arrays.named_arrays._BLOCK_BYTES", 1000)
    monkeypatch.setattr("w2v.formats.build_vectors._BLOCK_VALUES", 100)
    padded = np.random.default_rng(1).standard_normal((500, 16)).astype(np.float32)
    words = [f"w{i}" for i in range(500)]
    w2v.save(w2v.WordVectors(w2v.Vocabulary(words, [0] * 500), padded[:, :7]), tmp_path / "vectors", format)
    assert same(w2v.load(tmp_path / "vectors"), words, padded[:, :7])


def test_numpy_loads_our_npz_without_pickle(tmp_path):
    w2v.save(full_vectors(), tmp_path / "v.npz")
    with np.load(tmp_path / "v.npz", allow_pickle=False) as arrays:
        assert np.array_equal(arrays["vectors"], np.array(ROWS, np.float32))
        parts = np.split(arrays["words"], arrays["word_ends"][:-1])
        assert [part.tobytes().decode() for part in parts] == WORDS


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("dtype", [np.float32, np.float16, ">f4"])
def test_numpys_own_strings_and_floats_are_read(tmp_path, save, dtype):
    save(tmp_path / "v.npz", words=np.array(WORDS), vectors=np.array([*ROWS[:3], [0, 1, 2]], dtype))
    assert same(w2v.load(tmp_path / "v.npz"), WORDS, np.array([*ROWS[:3], [0, 1, 2]], dtype).astype(np.float32))


def test_float64_is_rounded_only_in_a_repair(tmp_path):
    np.savez(tmp_path / "v.npz", words=PLAIN_WORDS, vectors=PLAIN_VECTORS.astype(float) / 3)
    with pytest.raises(FormatError, match="vectors must be float32: found float64"):
        w2v.load(tmp_path / "v.npz")
    changes = []
    assert same(w2v.load(tmp_path / "v.npz", repair=True, on_change=changes.append), ["a", "b"], PLAIN_VECTORS / np.float32(3))
    assert len(changes) == 1


@pytest.mark.parametrize("names", [("vocab", "embeddings"), ("arr_0", "arr_1"), ("words", "matrix"), ("index_to_key", "vectors")])
def test_arrays_of_other_names_are_read_in_a_repair(tmp_path, names):
    words, vectors = names
    np.savez(tmp_path / "v.npz", **{words: PLAIN_WORDS, vectors: PLAIN_VECTORS}, other=np.arange(3), pickled=np.array([None]))
    with pytest.raises(FormatError) as caught:
        w2v.load(tmp_path / "v.npz")
    assert "must have an array named" in str(caught.value)
    assert f"; with repair=True: {words} is read as words, {vectors} as vectors" in str(caught.value)
    assert same(w2v.load(tmp_path / "v.npz", repair=True), ["a", "b"], PLAIN_VECTORS)


@pytest.mark.parametrize(
    "arrays",
    [
        {"vocab": PLAIN_WORDS, "a": PLAIN_VECTORS, "b": PLAIN_VECTORS},
        {"arr_0": PLAIN_VECTORS},
        {"vocab": PLAIN_WORDS[:1], "a": PLAIN_VECTORS},
    ],
)
def test_arrays_of_which_not_two_can_be_meant_are_refused(tmp_path, arrays):
    np.savez(tmp_path / "v.npz", **arrays)
    for repair in (False, True):
        with pytest.raises(FormatError, match=r"it has .*\(2, 2\) float32.*; numpy\.savez\(path, words=\[\.\.\.\], vectors=matrix\)"):
            w2v.load(tmp_path / "v.npz", repair=repair)


def test_pickles_in_a_zip_file_say_what_to_save_instead(tmp_path):
    np.savez(tmp_path / "v.npz", vocab=np.array(["a"], object))
    with zipfile.ZipFile(tmp_path / "v.pt", "w") as archive:
        archive.writestr("v/data.pkl", b"")
    for name in ("v.npz", "v.pt"):
        with pytest.raises(FormatError, match=r"a pickle, which w2v never loads: numpy\.savez"):
            w2v.load(tmp_path / name)
    np.savez(tmp_path / "v.npz", words=PLAIN_WORDS.astype("S"), vectors=PLAIN_VECTORS)
    with pytest.raises(FormatError, match=r"save array\.astype\(str\)"):
        w2v.load(tmp_path / "v.npz")


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"words": PLAIN_WORDS}, "must have an array named vectors: it has words"),
        ({"vectors": PLAIN_VECTORS}, "must have an array named words"),
        ({"words": np.array(["a", "b"], object), "vectors": PLAIN_VECTORS}, "a pickle, which w2v never loads"),
        ({"words": PLAIN_WORDS[:1], "vectors": PLAIN_VECTORS}, "words must be bytes of UTF-8 beside word_ends, or 2 strings"),
        ({"words": np.array(["a", "a"]), "vectors": PLAIN_VECTORS}, "word 2: each word must occur once: 'a' is also at"),
        ({"words": np.array(["a", ""]), "vectors": PLAIN_VECTORS}, "word 2: words must not be empty"),
        ({"words": PLAIN_WORDS, "vectors": PLAIN_VECTORS[0]}, "vectors must have shape (words, dim from 1 to 65536)"),
        ({"words": PLAIN_WORDS, "vectors": PLAIN_VECTORS.astype(int)}, "vectors must be float32: found int64"),
        ({"words": PLAIN_WORDS, "vectors": np.asfortranarray(PLAIN_VECTORS)}, "must be in C order"),
        ({"words": PLAIN_WORDS, "vectors": PLAIN_VECTORS * [[1], [np.inf]]}, "word 2: the numbers of 'b' must be finite"),
        ({"words": PLAIN_WORDS, "vectors": PLAIN_VECTORS, "counts": [1, -2]}, "word 2: a count must be 0 to 999999999999999999: found -2"),
        ({"words": PLAIN_WORDS, "vectors": PLAIN_VECTORS, "counts": [1]}, "counts must be 2 integers"),
        ({"words": np.frombuffer(b"ab", np.uint8), "vectors": PLAIN_VECTORS, "word_ends": [2, 1]}, "word_ends must rise"),
        ({"words": np.frombuffer(b"ab", np.uint8), "vectors": PLAIN_VECTORS, "word_ends": [1, 9]}, "word_ends must rise"),
        ({"words": np.frombuffer(b"a", np.uint8), "vectors": PLAIN_VECTORS, "word_ends": [1, 1]}, "word_ends must rise"),
        ({"words": np.frombuffer(b"abc", np.uint8), "vectors": PLAIN_VECTORS, "word_ends": [1, 2]}, "word_ends must rise"),
        ({f"a{i}": PLAIN_WORDS for i in range(1001)}, "must have at most 1000 arrays, each of its own name: found 1001"),
        ({"words": np.frombuffer(b"a\xff", np.uint8), "vectors": PLAIN_VECTORS, "word_ends": [1, 2]}, "word 2: words must be UTF-8"),
        ({"words": PLAIN_WORDS, "vectors": PLAIN_VECTORS, "tokenizer": np.frombuffer(b"[]", np.uint8)}, "tokenizer must be a JSON object"),
    ],
)
def test_arrays_that_make_no_vectors(tmp_path, arrays, message):
    arrays = {name: array.astype(np.float32) if name == "vectors" and array.dtype == float else array for name, array in arrays.items()}
    np.savez(tmp_path / "v.npz", **arrays)
    with pytest.raises(FormatError) as caught:
        w2v.load(tmp_path / "v.npz")
    assert message in str(caught.value)
    assert "v.npz" in str(caught.value)


def npz_with(header):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        text = header.encode().ljust(117) + b"\n"
        archive.writestr("vectors.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(64))
        archive.writestr("words.npy", b"")
    return file.getvalue()


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 300), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (999999999999999999, 999999999999999999), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-4, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 0), }",
        "{'descr': '<U999999999', 'fortran_order': False, 'shape': (1,), }",
        "{'descr': '<f1', 'fortran_order': False, 'shape': (4, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4 4), }",
        f"{{'descr': '<f4', 'fortran_order': False, 'shape': ({'1' * 99}x), }}",  # hours, were there two roads through the digits
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (4, 4), }",
        "__import__('os').abort()",
        "(" * 100,
    ],
)
def test_lying_npz_headers_are_refused(tmp_path, header):
    (tmp_path / "v.npz").write_bytes(npz_with(header))
    with pytest.raises(FormatError, match=r"v\.npz"):
        w2v.load(tmp_path / "v.npz")


def test_a_zip_of_text_is_to_be_unzipped(tmp_path):
    with zipfile.ZipFile(tmp_path / "glove.zip", "w") as archive:
        archive.writestr("glove.50d.txt", "the 1 2\n")
        archive.writestr("glove.100d.txt", "the 1 2 3\n")
    with pytest.raises(FormatError, match=r"it holds 'glove\.50d\.txt': unzip it first"):
        w2v.load(tmp_path / "glove.zip")


@pytest.mark.medium
def test_a_zip_bomb_is_refused(tmp_path):
    np.savez_compressed(tmp_path / "v.npz", words=np.arange(20_000).astype("U5"), vectors=np.zeros((20_000, 1000), np.float32))
    with pytest.raises(FormatError, match="must not grow more than 100-fold"):
        w2v.load(tmp_path / "v.npz")
    assert len(w2v.load(tmp_path / "v.npz", max_ratio=2000)) == 20_000


def test_a_flipped_byte_of_an_npz_is_noticed(tmp_path):
    golden = (FOLDER / "v.npz").read_bytes()
    at = golden.index(np.float32(-3.5).tobytes())
    (tmp_path / "v.npz").write_bytes(golden[:at] + b"\x01" + golden[at + 1 :])
    with pytest.raises(FormatError, match="Bad CRC-32"):
        w2v.load(tmp_path / "v.npz")


@pytest.mark.parametrize("number", [0, 1, 2, 3])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_each_array_of_an_npz_is_read_to_its_checksum(tmp_path, save, number):
    words = "".join(chr(0x4E00 + i) for i in range(5000)).encode()  # longer than what zipfile unpacks at least
    numbers = np.arange(5000)
    arrays = {"words": np.frombuffer(words, np.uint8), "word_ends": 3 * numbers + 3, "counts": numbers}
    save(tmp_path / "v.npz", **arrays, vectors=np.ones((5000, 2), np.float32))
    data = bytearray((tmp_path / "v.npz").read_bytes())
    entry = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"][number]
    data[entry + 16] ^= 1  # of the CRC, in the directory
    (tmp_path / "v.npz").write_bytes(data)
    with pytest.raises(FormatError, match="Bad CRC-32"):
        w2v.load(tmp_path / "v.npz")


def safetensors_with(header, data=bytes(64)):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


PACKAGE = "v.safetensors is damaged: it cannot be read as safetensors: "  # what follows is the package's
VECTORS = {"dtype": "F32", "shape": [2, 4], "data_offsets": [0, 32]}
TWICE = f'{{"vectors": {json.dumps(VECTORS)}, "vectors": {json.dumps(VECTORS)}}}'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff" * 7 + b"\x00{}", "length of its header"),
        (safetensors_with(b"{nonsense"), PACKAGE),
        (
            safetensors_with(f'{{"vectors": {json.dumps(VECTORS)}, "vectors": {json.dumps(VECTORS)}}}'.encode(), bytes(32)),
            "a name occurs twice",
        ),
        (safetensors_with(b" " * (1 << 20) + b"{}", b""), "length of its header, at most 1048576: found 1048578"),
        (b"", PACKAGE),
        (safetensors_with(b"[" * 100_000), PACKAGE),
        (safetensors_with({"vectors": {**VECTORS, "shape": [10**12, 300]}}), PACKAGE),
        (safetensors_with({"vectors": {**VECTORS, "shape": [-2, -4]}}), PACKAGE),
        (safetensors_with({"vectors": {**VECTORS, "shape": [True, 8]}}), PACKAGE),
        (safetensors_with({"vectors": VECTORS}), PACKAGE),
        (safetensors_with({"vectors": VECTORS}, bytes(31)), PACKAGE),
        (safetensors_with({"vectors": {**VECTORS, "data_offsets": [32, 64]}}), PACKAGE),
        (safetensors_with({"vectors": VECTORS, "words": VECTORS}, bytes(32)), PACKAGE),
        (safetensors_with({"vectors": VECTORS}, bytes(32)), "must have an array named words"),
    ],
)
def test_broken_safetensors_are_refused(tmp_path, data, message):
    (tmp_path / "v.safetensors").write_bytes(data)
    with pytest.raises(FormatError) as caught:
        w2v.load(tmp_path / "v.safetensors", "safetensors")
    assert message in str(caught.value)
    assert "v.safetensors" in str(caught.value)


def test_the_safetensors_package_reads_ours_and_we_read_its(tmp_path):
    w2v.save(full_vectors(), tmp_path / "ours.safetensors")
    tensors = load_file(tmp_path / "ours.safetensors")
    assert np.array_equal(tensors["vectors"].view(np.uint32), np.array(ROWS, np.float32).view(np.uint32))
    save_file(tensors, tmp_path / "theirs.safetensors")
    assert bits(w2v.load(tmp_path / "theirs.safetensors")) == bits(full_vectors())
