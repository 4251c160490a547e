"""Archives: good, damaged and hostile."""

from __future__ import annotations

import bz2
import random
import stat
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from w2v.datasets.archives import unpacked
from w2v.errors import DownloadError

TEXT = b"the quick brown fox " * 5000


def read(path: Path, *arguments) -> bytes:
    blocks = []
    with unpacked(path, *arguments) as stream:
        while block := stream.read(4096):
            blocks.append(block)
    return b"".join(blocks)


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("../../evil", b"x")
        file.writestr("text", TEXT)
    return path


def patched(path: Path, find: bytes, replace: bytes) -> Path:
    content = path.read_bytes()
    assert content.count(find) >= 1
    path.write_bytes(content.replace(find, replace))
    return path


class TestZip:
    def test_one_member_and_nothing_else(self, archive):
        assert read(archive, "zip", "text", len(TEXT)) == TEXT
        assert [path.name for path in archive.parent.iterdir()] == ["a.zip"]

    @pytest.mark.parametrize("member", ["tex", "Text", "evil", "/text", "./text"])
    def test_the_exact_name_only(self, archive, member):
        with pytest.raises(DownloadError, match=r"a\.zip is damaged .*it has 0 members named"):
            read(archive, "zip", member, len(TEXT))

    @pytest.mark.filterwarnings("ignore:Duplicate name")
    def test_two_members_of_the_name(self, archive):
        with zipfile.ZipFile(archive, "a") as file:
            file.writestr("text", TEXT)
        with pytest.raises(DownloadError, match="it has 2 members named 'text'"):
            read(archive, "zip", "text", len(TEXT))

    @pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR])
    def test_links_and_devices(self, tmp_path, kind):
        entry = zipfile.ZipInfo("text")
        entry.external_attr = (kind | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as file:
            file.writestr(entry, b"/etc/passwd")
        with pytest.raises(DownloadError, match="'text' is not a plain file in it"):
            read(tmp_path / "a.zip", "zip", "text", 11)

    def test_a_bomb_that_says_so(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("text", bytes(10_000_000))
        with pytest.raises(DownloadError, match="'text' has 10,000,000 bytes in it instead of 1,000"):
            read(tmp_path / "a.zip", "zip", "text", 1000)

    def test_a_bomb_that_lies_is_stopped_at_the_size(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("text", bytes(10_000_000))
        path = patched(tmp_path / "a.zip", struct.pack("<I", 10_000_000), struct.pack("<I", 1000))
        with unpacked(path, "zip", "text", 1000) as stream:
            tracemalloc.start()
            with pytest.raises(DownloadError, match="Bad CRC-32"):
                stream.read()
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 2_000_000

    def test_encrypted(self, archive):
        flags = struct.pack("<HHH", 20, 1, 8)
        with pytest.raises(DownloadError, match="encrypted"):
            read(patched(archive, struct.pack("<HHH", 20, 0, 8), flags), "zip", "text", len(TEXT))

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_unusual_methods(self, tmp_path, method):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", method) as file:
            file.writestr("text", TEXT)
        with pytest.raises(DownloadError, match="packed in an unusual way"):
            read(tmp_path / "a.zip", "zip", "text", len(TEXT))

    def test_not_a_zip(self, tmp_path):
        (tmp_path / "a.zip").write_bytes(b"<html>not found</html>")
        with pytest.raises(DownloadError, match=r"not a zip file.*delete it and run again"):
            read(tmp_path / "a.zip", "zip", "text", 3)

    def test_mutated_archives_are_refused_or_right(self, archive):
        good = archive.read_bytes()
        chance = random.Random(3)
        refused = 0
        for _ in range(400):
            content = bytearray(good)
            for _ in range(chance.randint(1, 4)):
                content[chance.randrange(len(content))] = chance.randrange(256)
            if chance.random() < 0.2:
                del content[chance.randrange(len(content)) :]
            archive.write_bytes(content)
            try:
                assert read(archive, "zip", "text", len(TEXT)) == TEXT
            except DownloadError:
                refused += 1
        assert refused > 200


class TestBzip2:
    def test_one_stream_and_many(self, tmp_path):
        (tmp_path / "a.bz2").write_bytes(bz2.compress(TEXT) + bz2.compress(b"end"))
        assert read(tmp_path / "a.bz2", "bz2") == TEXT + b"end"

    def test_a_bomb_is_stopped_at_the_size(self, tmp_path):
        (tmp_path / "a.bz2").write_bytes(bz2.compress(bytes(20_000_000)))
        with unpacked(tmp_path / "a.bz2", "bz2", None, 1000) as stream:
            tracemalloc.start()
            with pytest.raises(DownloadError, match="it holds more bytes than it should"):
                stream.read()
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
        assert peak < 5_000_000

    def test_fewer_bytes_than_expected(self, tmp_path):
        (tmp_path / "a.bz2").write_bytes(bz2.compress(TEXT))
        with pytest.raises(DownloadError, match=r"a\.bz2 is damaged .*1 bytes are missing in it"):
            read(tmp_path / "a.bz2", "bz2", None, len(TEXT) + 1)
        assert read(tmp_path / "a.bz2", "bz2", None, len(TEXT)) == TEXT

    @pytest.mark.parametrize("cut", [5, 60])
    def test_truncated(self, tmp_path, cut):
        (tmp_path / "a.bz2").write_bytes(bz2.compress(TEXT)[:cut])
        with pytest.raises(DownloadError, match=r"a\.bz2 is damaged"):
            read(tmp_path / "a.bz2", "bz2")

    def test_a_flipped_bit(self, tmp_path):
        content = bytearray(bz2.compress(TEXT))
        content[len(content) // 2] ^= 1
        (tmp_path / "a.bz2").write_bytes(content)
        with pytest.raises(DownloadError, match=r"a\.bz2 is damaged"):
            read(tmp_path / "a.bz2", "bz2")


def test_a_file_as_it_is(tmp_path):
    (tmp_path / "a.txt").write_bytes(TEXT)
    with unpacked(tmp_path / "a.txt", None) as stream:
        assert stream.read() == TEXT
        assert stream.position() == len(TEXT)
