"""fastText's .bin: vectors of words and of n-grams, bit for bit; files that lie, are cut, quantized or no word vectors."""

import gzip
import re
import struct

import numpy as np
import pytest
from fasttext_files import ENTRIES, fasttext_bytes, plain_vector

import w2v
from w2v.errors import FormatError, UnknownWordError
from w2v.formats.rows.fasttext_bin import load_subwords

WORDS = [word for word, _ in ENTRIES]


def put(folder, data):
    (folder / "m.bin").write_bytes(data)
    return folder / "m.bin"


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
def test_words_counts_and_vectors(tmp_path, compress):
    vectors = w2v.load(put(tmp_path, compress(fasttext_bytes())))
    assert list(zip(vectors.words, vectors.counts.tolist(), strict=True)) == ENTRIES
    assert np.array_equal(vectors.matrix, [plain_vector(word) for word in WORDS])


@pytest.mark.parametrize("word", ["king", "北", "东京塔", "naïveté", "🦆", "a b", "<", ">", "", "x" * 300, "é\u0301"])
@pytest.mark.parametrize(("min_n", "max_n"), [(1, 3), (3, 6), (2, 2)])
def test_unknown_words_by_their_ngrams(tmp_path, word, min_n, max_n):
    subwords = load_subwords(put(tmp_path, fasttext_bytes(min_n=min_n, max_n=max_n)))
    if word == "" and min_n == 3:
        with pytest.raises(UnknownWordError):
            subwords.vector(word)
    else:
        assert np.array_equal(subwords.vector(word), plain_vector(word, min_n=min_n, max_n=max_n))


def test_known_words_and_words_without_ngrams(tmp_path):
    subwords = load_subwords(put(tmp_path, fasttext_bytes()))
    assert re.fullmatch(r"<SubwordVectors: \d+ words and \d+ n-grams x \d+ dimensions>", repr(subwords))
    assert all(np.array_equal(subwords.vector(word), subwords.vectors[word]) for word in WORDS)
    without = load_subwords(put(tmp_path, fasttext_bytes(max_n=0, buckets=0)))
    assert np.array_equal(without.vector("the"), plain_vector("the", max_n=0, buckets=0))
    with pytest.raises(UnknownWordError):
        without.vector("king")
    no_end = load_subwords(put(tmp_path, fasttext_bytes([("a", 1)])))
    with pytest.raises(UnknownWordError):
        no_end.vector("</s>")


def test_cbow_and_the_older_version(tmp_path):
    for options in ({"model": 1}, {"version": 11}):
        assert np.array_equal(w2v.load(put(tmp_path, fasttext_bytes(**options))).matrix, [plain_vector(word) for word in WORDS])


def test_some_of_the_words(tmp_path):
    path = put(tmp_path, fasttext_bytes())
    assert w2v.load(path, limit=2).words == ("the", "</s>")
    vectors = w2v.load(path, words=["北京", "no"])
    assert np.array_equal(vectors["北京"], plain_vector("北京"))
    assert vectors.counts.tolist() == [5]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": 3}, "it is a classifier"),
        ({"pruned": 5}, "must not be quantized"),
        ({"quantized": True}, "must not be quantized"),
        ({"version": 13}, "must be of version 11 or 12 of fastText's format: found 13"),
        ({"dim": 0}, "dim must be 1 to"),
        ({"dim": 70_000, "entries": [("a", 1)], "buckets": 0}, "dim must be 1 to"),
        ({"max_n": 1000}, "maxn at most 64"),
        ({"labels": 1}, "all entries must be words"),
        ({"entries": []}, "all entries must be words"),
        ({"buckets": 0}, "n-grams must have buckets"),
        ({"kind": 1}, "word 1 (byte 92): expected a word of 1 to 65536 bytes, NUL, a count and the kind 0"),
        ({"entries": [("a", 1), ("", 1)]}, "word 2 (byte 103): expected a word"),
        ({"entries": [("a", -1)]}, "word 1 (byte 92): expected a word"),
        ({"entries": [("a", 1), ("a", 1)]}, "word 2: each word must occur once"),
        ({"entries": [(b"\xff", 1)]}, "words must be UTF-8"),
        ({"entries": [("x" * 70_000, 1)]}, "expected a word of 1 to 65536 bytes"),
    ],
)
def test_what_is_refused(tmp_path, options, message):
    with pytest.raises(FormatError) as caught:
        w2v.load(put(tmp_path, fasttext_bytes(**options)))
    assert message in str(caught.value)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize(("offset", "size"), [(8, "i"), (40, "i"), (64, "i"), (68, "i")])
@pytest.mark.parametrize("value", [2**31 - 1, -1, 10**9])
def test_lying_sizes_are_refused(tmp_path, offset, size, value):
    data = bytearray(fasttext_bytes())
    struct.pack_into(f"<{size}", data, offset, value)
    with pytest.raises(FormatError):
        w2v.load(put(tmp_path, bytes(data)))


def test_more_words_than_the_file_can_hold_are_refused_before_anything_is_allocated(tmp_path):
    data = bytearray(fasttext_bytes())
    struct.pack_into("<2i", data, 64, 2**31 - 1, 2**31 - 1)
    with pytest.raises(FormatError, match=r"2147483647 words and 7 buckets of dim 2 need at least \d+ bytes: the file has"):
        w2v.load(put(tmp_path, bytes(data)))


def test_each_cut_is_noticed(tmp_path):
    data = fasttext_bytes()
    for end in range(len(data)):
        with pytest.raises(FormatError):
            w2v.load(put(tmp_path, data[:end]), "fasttext-bin")


def test_repair_does_without_the_output_matrix_and_leaves_rows_out(tmp_path):
    changes = []
    data = fasttext_bytes()
    vectors = w2v.load(put(tmp_path, data[:-3]), repair=True, on_change=changes.append)
    assert np.array_equal(vectors.matrix, [plain_vector(word) for word in WORDS])
    assert len(changes) == 1
    assert "must end with the output matrix" in changes[0]
    broken = data.replace(np.float32(w2v.load(put(tmp_path, data)).matrix[1]).tobytes(), struct.pack("<2f", np.nan, 0))
    with pytest.raises(FormatError, match=r"the numbers of '</s>' must be finite"):
        w2v.load(put(tmp_path, broken))
    assert w2v.load(put(tmp_path, broken), repair=True).words == ("the", "naïve", "北京")


def test_what_gensim_writes(tmp_path):
    fasttext = pytest.importorskip("gensim.models.fasttext")
    texts = [["der", "Wortvektor", "北京", "naïve"] * 4] * 3
    model = fasttext.FastText(texts, vector_size=6, min_count=1, sg=1, bucket=50, min_n=2, max_n=4, epochs=1, seed=1, workers=1)
    fasttext.save_facebook_model(model, str(tmp_path / "m.bin"))
    subwords = load_subwords(tmp_path / "m.bin")
    assert set(subwords.vectors.words) == {"der", "Wortvektor", "北京", "naïve"}
    for word in (*subwords.vectors.words, "Wortvektoren", "北京大学", "x"):
        assert np.allclose(subwords.vector(word), model.wv[word], atol=1e-6)


def test_it_is_not_written(tmp_path):
    with pytest.raises(w2v.W2VError, match="must be one that is written"):
        w2v.save(w2v.load(put(tmp_path, fasttext_bytes())), tmp_path / "x", "fasttext-bin")
