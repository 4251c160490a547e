"""Compressed vector files that lie, end early or explode."""

import bz2
import gzip
import lzma

import pytest
import zstandard

from w2v.errors import FormatError
from w2v.formats.compressed_files import FREE_BYTES, open_vector_file, strip_suffix
from w2v.formats.read_options import ReadOptions

COMPRESS = {
    "gzip": lambda data: gzip.compress(data, 6),
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, preset=0),
    "zstd": lambda data: zstandard.ZstdCompressor().compress(data),
}
TEXT = b"".join(b"word%d 0.5 0.25\n" % i for i in range(3000))


@pytest.fixture(params=COMPRESS)
def compress(request):
    return COMPRESS[request.param]


def read(path):
    with open_vector_file(path) as content:
        data = b"".join(iter(lambda: content.stream.read(1000), b""))
        assert len(data) <= content.max_bytes
        return data


def test_several_members_are_one_content(tmp_path, compress):
    path = tmp_path / "file"
    path.write_bytes(compress(TEXT) + compress(b"") + compress(b"end"))
    assert read(path) == TEXT + b"end"


def test_each_cut_is_an_error(tmp_path, compress):
    path = tmp_path / "file"
    data = compress(TEXT)
    for end in {*range(10, len(data), len(data) // 40), len(data) - 1}:
        path.write_bytes(data[:end])
        with pytest.raises(FormatError, match="file"):
            read(path)


def test_bytes_behind_the_data_are_an_error(tmp_path, compress):
    path = tmp_path / "file"
    path.write_bytes(compress(TEXT) + b"and more")
    with pytest.raises(FormatError, match="file"):
        read(path)


@pytest.mark.medium
def test_a_bomb_stops_soon_after_the_free_bytes(tmp_path, compress):
    path = tmp_path / "file"
    path.write_bytes(compress(bytes(FREE_BYTES * 3 // 2)))
    with pytest.raises(FormatError, match="must not grow more than 100-fold"):
        read(path)


def test_a_little_of_the_same_is_no_bomb(tmp_path, compress):
    path = tmp_path / "file"
    path.write_bytes(compress(bytes(FREE_BYTES - 1)))
    assert read(path) == bytes(FREE_BYTES - 1)


def test_plain_content_knows_its_size(tmp_path):
    path = tmp_path / "file.gz"
    path.write_bytes(TEXT)
    with open_vector_file(path) as content:
        assert content.is_exact
        assert content.max_bytes == len(TEXT)
    assert read(path) == TEXT, "the name says nothing about the content"


def test_suffixes():
    assert [strip_suffix(name) for name in ("a.vec.gz", "a.vec", "A.VEC.XZ", "a.zst", "b.bz2.vec")] == [
        "a.vec",
        "a.vec",
        "A.VEC",
        "a",
        "b.bz2.vec",
    ]


@pytest.mark.medium
def test_the_ratio_can_be_raised(tmp_path, compress):
    path = tmp_path / "file"
    path.write_bytes(compress(bytes(FREE_BYTES * 3 // 2)))
    with open_vector_file(path, ReadOptions(max_ratio=1_000_000)) as content:
        assert sum(map(len, iter(lambda: content.stream.read(1 << 20), b""))) == FREE_BYTES * 3 // 2


def test_seekable_content_is_the_same(tmp_path, compress):
    path = tmp_path / "file"
    path.write_bytes(compress(TEXT))
    with open_vector_file(path, seekable=True) as content:
        content.stream.seek(5)
        assert content.stream.read() == TEXT[5:]
        assert (content.max_bytes, content.is_exact) == (len(TEXT), True)
