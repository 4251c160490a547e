"""`get_corpus`: from a recipe to a text, once."""

from __future__ import annotations

import bz2
import hashlib
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from misbehaving_server import fails, running_server, whole

from w2v.datasets import get_corpus as get
from w2v.datasets.get_corpus import find_corpus, get_corpus
from w2v.datasets.recipe_files import find_recipe, read_recipe
from w2v.errors import ConfigError, CorpusError, DownloadError, MissingExtraError, OutputError

TEXT = b"some words to train on\n" * 100


def zipped(text: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("text", text)
    return buffer.getvalue()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    with running_server() as running:
        yield running


@pytest.fixture
def small(server, tmp_path):
    """A recipe of one zip and one plain file that lacks its last newline."""
    archive, plain = zipped(TEXT), b"plain"
    server.serve("/a.zip", whole(archive))
    server.serve("/b", whole(plain))
    path = tmp_path / "small.toml"
    path.write_text(
        f"""
        name = "small"
        description = "d"
        language = "en"
        licence = "l"
        homepage = "h"
        [[sources]]
        urls = ["{server.url("/b")}"]
        file = "b"
        size = {len(plain)}
        sha256 = "{hashlib.sha256(plain).hexdigest()}"
        [[sources]]
        urls = ["{server.url("/a.zip")}"]
        file = "a.zip"
        size = {len(archive)}
        sha256 = "{hashlib.sha256(archive).hexdigest()}"
        unpack = "zip"
        member = "text"
        unpacked_size = {len(TEXT)}
        [result]
        file = "small.txt"
        size = {len(TEXT) + len(plain) + 1}
        """
    )
    return path


def test_sources_are_joined_in_order(small, tmp_path):
    path = get_corpus(read_recipe(small), tmp_path / "out")
    assert path == tmp_path / "out" / "small" / "small.txt"
    assert path.read_bytes() == b"plain\n" + TEXT
    assert sorted(file.name for file in path.parent.iterdir()) == [".small.txt.json", "a.zip", "b", "small.txt"]


def test_the_second_time_takes_no_work(small, server, tmp_path):
    recipe = read_recipe(small)
    assert find_corpus(recipe, tmp_path) is None
    path = get_corpus(recipe, tmp_path)
    server.requests.clear()
    before = path.stat()
    assert get_corpus(recipe, tmp_path) == path == find_corpus(recipe, tmp_path)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert server.requests == []


def test_archives_may_be_deleted(small, server, tmp_path):
    path = get_corpus(read_recipe(small), tmp_path)
    (path.parent / "a.zip").unlink()
    server.routes.clear()
    assert get_corpus(read_recipe(small), tmp_path) == path


def test_a_changed_recipe_is_followed_again(small, tmp_path):
    path = get_corpus(read_recipe(small), tmp_path)
    small.write_text(small.read_text().replace('"d"', '"other"'))
    assert find_corpus(read_recipe(small), tmp_path) is None
    assert get_corpus(read_recipe(small), tmp_path) == path


@pytest.mark.parametrize("damage", ["text", "stamp", "no stamp"])
def test_a_text_that_is_not_ours_is_left_alone(small, tmp_path, damage):
    path = get_corpus(read_recipe(small), tmp_path)
    stamp = path.with_name(".small.txt.json")
    if damage == "text":
        path.write_bytes(path.read_bytes().replace(b"some", b"SOME"))
    elif damage == "stamp":
        stamp.write_text("{")
    else:
        stamp.unlink()
    content = path.read_bytes()
    with pytest.raises(OutputError, match=r"small\.txt is not what `w2v corpus get small` wrote: move or delete it"):
        get_corpus(read_recipe(small), tmp_path)
    assert path.read_bytes() == content


def test_a_stamp_with_a_damaged_size_still_names_the_text(small, tmp_path):
    path = get_corpus(read_recipe(small), tmp_path)
    stamp = path.with_name(".small.txt.json")
    stamp.write_text(json.dumps({**json.loads(stamp.read_text()), "size": "many"}))
    assert find_corpus(read_recipe(small), tmp_path) == path


def test_a_text_put_there_by_hand_is_taken_if_the_recipe_knows_its_checksum(small, server, tmp_path):
    text = b"plain\n" + TEXT
    small.write_text(small.read_text() + f'sha256 = "{hashlib.sha256(text).hexdigest()}"\n')
    path = tmp_path / "small" / "small.txt"
    path.parent.mkdir()
    path.write_bytes(text)
    assert get_corpus(read_recipe(small), tmp_path) == path
    assert server.requests == []


def test_another_result_than_the_recipe_says_is_not_written(small, tmp_path):
    small.write_text(small.read_text() + f'crc32 = "{"0" * 8}"\n')
    with pytest.raises(CorpusError, match="is not what the recipe small says: its crc32 is"):
        get_corpus(read_recipe(small), tmp_path / "out")
    assert sorted(file.name for file in (tmp_path / "out" / "small").iterdir()) == ["a.zip", "b"]


def test_an_archive_of_another_size_leaves_no_text(small, tmp_path):
    small.write_text(small.read_text().replace(f"unpacked_size = {len(TEXT)}", "unpacked_size = 7"))
    with pytest.raises(DownloadError, match="bytes in it instead of 7"):
        get_corpus(read_recipe(small), tmp_path / "out")
    assert sorted(file.name for file in (tmp_path / "out" / "small").iterdir()) == ["a.zip", "b"]


def test_an_archive_downloaded_by_hand(small, server, tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "a.zip").write_bytes(zipped(TEXT))
    server.serve("/a.zip", fails(404))
    assert get_corpus(read_recipe(small), tmp_path).read_bytes() == b"plain\n" + TEXT


def test_no_server(small, server, tmp_path):
    server.serve("/b", fails(404))
    with pytest.raises(DownloadError, match=rf"cannot reach .*404.*; download it by hand to {tmp_path}/small/b and run again"):
        get_corpus(read_recipe(small), tmp_path)


def test_a_full_disk_leaves_the_old_text(small, tmp_path, monkeypatch):
    path = get_corpus(read_recipe(small), tmp_path)
    content = path.read_bytes()
    small.write_text(small.read_text().replace('"d"', '"other"'))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        get_corpus(read_recipe(small), tmp_path)
    assert path.read_bytes() == content
    assert not list(path.parent.glob("*.tmp"))
    assert not list(path.parent.glob(".*.tmp"))


class TestWikipedia:
    DAY = "20260301"

    @pytest.fixture
    def recipe(self, server, tmp_path):
        """The recipe of the dumps, asked of our server; http, since a test has no certificate."""
        article = "'''Word''' and [[other]] words. " * 20
        page = f"<page><title>T</title><ns>0</ns><id>1</id><revision><text>{article}</text></revision></page>"
        head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.10/"><siteinfo></siteinfo>'
        self.dump = bz2.compress(f"{head}{page}</mediawiki>".encode())
        text = (Path(__file__).parents[2] / "corpora" / "wikipedia-dump.toml").read_text()
        text = text.replace("https://dumps.wikimedia.org/", server.url("/")).replace('"bz2"', f'"bz2"\nsha256 = "{self.digest("sha256")}"')
        path = tmp_path / "wikipedia-dump.toml"
        path.write_text(text)
        return path

    def digest(self, name: str) -> str:
        return hashlib.new(name, self.dump).hexdigest()

    def serve(self, server, sums: str) -> None:
        for day in ("latest", self.DAY):
            server.serve(f"/simplewiki/{day}/simplewiki-{day}-sha1sums.txt", whole(sums.encode()))
        server.serve(f"/simplewiki/{self.DAY}/simplewiki-{self.DAY}-pages-articles.xml.bz2", whole(self.dump))

    def sums(self) -> str:
        return (
            f"{'0' * 40}  simplewiki-{self.DAY}-pages-articles-multistream.xml.bz2\n"
            f"{self.digest('sha1')}  simplewiki-{self.DAY}-pages-articles.xml.bz2\n"
        )

    @pytest.fixture(autouse=True)
    def http_is_enough(self, monkeypatch):
        monkeypatch.setattr("w2v.datasets.recipe_files.url_fault", lambda url, size, checksums: None)

    @pytest.mark.medium
    @pytest.mark.parametrize("day", ["latest", DAY])
    def test_the_day_is_found_in_the_list(self, server, recipe, tmp_path, day):
        self.serve(server, self.sums())
        path = get_corpus(read_recipe(recipe), tmp_path, parameters={"language": "simple", "date": day})
        assert path.name == f"simplewiki-{day}.txt"
        assert path.read_text() == " ".join(["Word and other words."] * 20) + "\n"
        assert (path.parent / f"simplewiki-{self.DAY}-pages-articles.xml.bz2").exists()

    def test_another_sha1_is_refused(self, server, recipe, tmp_path):
        self.serve(server, self.sums().replace(self.digest("sha1"), "1" * 40))
        with pytest.raises(DownloadError, match=f"its sha1 is {self.digest('sha1')} instead of {'1' * 40}"):
            get_corpus(read_recipe(recipe), tmp_path, parameters={"language": "simple"})

    @pytest.mark.parametrize("sums", ["", "<html>", f"{'0' * 39}  simplewiki-20260301-pages-articles.xml.bz2"])
    def test_a_dump_that_is_still_being_made(self, server, recipe, tmp_path, sums):
        self.serve(server, sums)
        with pytest.raises(DownloadError, match=r"sha1sums\.txt does not list simplewiki-.*: choose an earlier date"):
            get_corpus(read_recipe(recipe), tmp_path, parameters={"language": "simple"})

    def test_gensim_is_missed_before_the_download(self, server, recipe, tmp_path, monkeypatch):
        self.serve(server, self.sums())
        monkeypatch.setitem(__import__("sys").modules, "gensim.corpora.wikicorpus", None)
        with pytest.raises(MissingExtraError):
            get_corpus(read_recipe(recipe), tmp_path)
        assert server.requests == []


def test_enwiki8_is_whole_articles_of_the_first_part_of_a_dump(server, tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.datasets.recipe_files.url_fault", lambda url, size, checksums: None)
    pages = "".join(f'<page><text bytes="9">Article number {n}</text></page>' for n in range(1, 9))
    dump = bz2.compress(f"<mediawiki>{pages}</mediawiki>".encode())
    sha1, name = hashlib.sha1(dump).hexdigest(), "pages-articles1.xml-p1p41242.bz2"
    sums = f"{'0' * 40}  enwiki-20260301-pages-articles2.xml-p41243p151573.bz2\n{sha1}  enwiki-20260301-{name}\n"
    server.serve("/enwiki/latest/enwiki-latest-sha1sums.txt", whole(sums.encode()))
    server.serve(f"/enwiki/20260301/enwiki-20260301-{name}", whole(dump))
    shipped = (Path(__file__).parents[2] / "corpora" / "enwiki8.toml").read_text()
    assert "cut = 100_000_000" in shipped
    recipe = tmp_path / "enwiki8.toml"
    sha256 = hashlib.sha256(dump).hexdigest()
    recipe.write_text(
        shipped.replace("https://dumps.wikimedia.org/", server.url("/"))
        .replace('"bz2"', f'"bz2"\nsha256 = "{sha256}"')
        .replace("cut = 100_000_000", "cut = 40")
    )
    path = get_corpus(read_recipe(recipe), tmp_path)
    assert path.name == "enwiki8-latest.txt"
    assert path.read_text() == "article number one\narticle number two\n"  # 38 bytes; the third would end beyond 40


class TestStarter:
    @pytest.mark.medium
    def test_needs_no_network(self, tmp_path, monkeypatch):
        monkeypatch.setattr(get, "fetch", None)
        path = get_corpus("starter", tmp_path)
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) == 106 + 300
        assert abs(len(text.split()) - 513_000) < 3_000
        assert "anarchism" in text[:300]
        stamp = json.loads((path.parent / ".starter.txt.json").read_text())
        assert stamp["recipe"] == find_recipe("starter").sha256

    def test_without_gensim(self, tmp_path, monkeypatch):
        monkeypatch.setitem(__import__("sys").modules, "gensim.corpora.wikicorpus", None)
        with pytest.raises(MissingExtraError, match=r"gensim is needed for .*: pip install 'w2v\[validate\]'"):
            get_corpus("starter", tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_a_gensim_without_its_test_files(self, tmp_path, monkeypatch):
        monkeypatch.setattr("gensim.test.utils.datapath", lambda name: str(tmp_path / name))
        with pytest.raises(DownloadError, match="this gensim carries no enwiki"):
            get_corpus("starter", tmp_path)


def test_unknown_names_and_parameters(tmp_path):
    with pytest.raises(ConfigError, match="there is no corpus 'text9'"):
        get_corpus("text9", tmp_path)
    with pytest.raises(ConfigError, match="text8 has no parameter language"):
        get_corpus("text8", tmp_path, parameters={"language": "zh"})
