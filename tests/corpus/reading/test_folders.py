import json
import os
from pathlib import Path

import pytest

from w2v.config import CorpusConfig
from w2v.corpus.reading.folders import list_files, missing_file
from w2v.corpus.reading.sources import find_sources
from w2v.errors import CorpusError


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in list_files(folder)]


def test_all_files_sorted_without_hidden_ones(tmp_path: Path) -> None:
    make(tmp_path, "b/2", "b/10", "b.txt", "a/z/1", "c", ".hidden", ".git/config", "a/.DS_Store")
    make(tmp_path, "_SUCCESS", "_temporary/0/part-0", "a/_metadata")
    assert found(tmp_path) == ["a/z/1", "b/10", "b/2", "b.txt", "c"]


def test_links_are_followed_once(tmp_path: Path) -> None:
    make(tmp_path / "outside", "one")
    make(tmp_path / "folder", "sub/two")
    folder = tmp_path / "folder"
    (folder / "link").symlink_to(tmp_path / "outside", target_is_directory=True)
    (folder / "again").symlink_to(tmp_path / "outside", target_is_directory=True)
    (folder / "three").symlink_to(tmp_path / "outside" / "one")
    (folder / "sub" / "up").symlink_to(folder, target_is_directory=True)
    (folder / "self").symlink_to(folder / "self")
    assert found(folder) == ["again/one", "sub/two", "three"]


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    make(tmp_path, "a")
    (tmp_path / "b").symlink_to(tmp_path / "missing")
    with pytest.raises(CorpusError, match=r"/b does not exist: the link leads nowhere"):
        list_files(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipes_in_a_folder_are_skipped(tmp_path: Path) -> None:
    make(tmp_path, "a")
    os.mkfifo(tmp_path / "pipe")
    assert found(tmp_path) == ["a"]


def test_empty_folder(tmp_path: Path) -> None:
    make(tmp_path, ".hidden")
    (tmp_path / "sub").mkdir()
    with pytest.raises(CorpusError, match=r"holds no files to read \(names that begin with \. or _ are passed over\)$"):
        list_files(tmp_path)


@pytest.mark.parametrize("kind", ["w2v encoded corpus", "w2v model"])
def test_own_directories_are_refused(tmp_path: Path, kind: str) -> None:
    make(tmp_path, "a", "sub/b")
    (tmp_path / "sub" / "manifest.json").write_text(json.dumps({"kind": kind}))
    with pytest.raises(CorpusError, match=rf"/sub is a {kind}, not text: an encoded corpus is read alone"):
        list_files(tmp_path)


@pytest.mark.parametrize("content", ["text", "[]", '{"kind": 1}', '{"kind": "of something"}', "[" * 100_000])
def test_other_manifests_are_text(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content)
    assert found(tmp_path) == ["manifest.json"]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("my.tx", "did you mean my.txt?"),
        ("https://example.org/a.txt", "https://example.org/a.txt does not exist here: files are not downloaded, get it first"),
        ("https:/example.org/a.txt", "files are not downloaded, get it first"),
        ("~/my.txt", "write the whole path"),
        ("*.txt", "no file is found by a pattern here"),
        ("else", "else does not exist"),
    ],
)
def test_a_missing_file_is_named_with_what_may_be_meant(tmp_path, monkeypatch, name, remedy):
    (tmp_path / "my.txt").write_text("a b\n")
    monkeypatch.chdir(tmp_path)
    assert str(missing_file(name)).endswith(remedy) or remedy in str(missing_file(name))
    with pytest.raises(CorpusError, match="does not exist"):
        find_sources([name], CorpusConfig())


def test_an_empty_name_is_not_the_folder_where_the_program_runs(tmp_path, monkeypatch):
    (tmp_path / "my.txt").write_text("a b\n")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CorpusError, match="the name of an input is empty"):
        find_sources([""], CorpusConfig())
