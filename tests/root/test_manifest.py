"""Manifests: what they say, and that no change of a byte goes unnoticed."""

import hashlib
import json
from pathlib import Path

import pytest
from stored_directories import KIND, content, fill

from w2v.errors import FormatError
from w2v.file_hashes import sha256_file
from w2v.storage import directory_kind, read_manifest, verify_files, write_manifest


def test_the_manifest(tmp_path: Path) -> None:
    fill(tmp_path / "d", "text")
    manifest = read_manifest(tmp_path / "d", KIND, 1)
    assert list(manifest) == ["kind", "format_version", "text", "files", "manifest_sha256"]
    assert manifest["files"] == {
        "a.txt": {"size": 4, "sha256": hashlib.sha256(b"text").hexdigest()},
        "part/b.txt": {"size": 8, "sha256": hashlib.sha256(b"texttext").hexdigest()},
    }
    raw = (tmp_path / "d" / "manifest.json").read_bytes()
    assert manifest["manifest_sha256"] == hashlib.sha256(raw[: raw.rindex(b'"manifest_sha256"') + 20]).hexdigest()
    assert sha256_file(tmp_path / "d" / "a.txt") == manifest["files"]["a.txt"]["sha256"]


def test_the_manifest_carries_any_text(tmp_path: Path) -> None:
    texts = ["中文", "\udcff", '\x00\n"\\', "\U0001f600"]
    (tmp_path / "a").write_text("x")
    write_manifest(tmp_path, KIND, 1, {"texts": texts})
    assert read_manifest(tmp_path, KIND, 1)["texts"] == texts
    assert "中文".encode() in (tmp_path / "manifest.json").read_bytes()


def test_every_flipped_byte_is_noticed(tmp_path: Path) -> None:
    fill(tmp_path / "d", "text")
    for path in sorted(path for path in (tmp_path / "d").rglob("*") if path.is_file()):
        raw = path.read_bytes()
        for place in range(len(raw)):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
            with pytest.raises(FormatError):
                content(tmp_path / "d")
        path.write_bytes(raw)
    assert content(tmp_path / "d") == "text"


def test_what_is_wrong_with_a_directory_is_said(tmp_path: Path) -> None:
    path = tmp_path / "d"
    with pytest.raises(FormatError, match="d is not a w2v test: no such directory"):
        read_manifest(path, KIND, 1)
    path.mkdir()
    with pytest.raises(FormatError, match=r"it has no manifest.json"):
        read_manifest(path, KIND, 1)
    path.rmdir()
    fill(path, "text")
    with pytest.raises(FormatError, match=r"d is not a w2v model: its manifest says 'w2v test'"):
        read_manifest(path, "w2v model", 1)
    (path / "a.txt").write_text("texts")
    with pytest.raises(FormatError, match=r"a.txt has 5 bytes, its manifest says 4"):
        read_manifest(path, KIND, 1)
    (path / "a.txt").write_text("test")
    with pytest.raises(FormatError, match=r"the contents of a.txt differ from its manifest's sha256"):
        content(path)
    verify_files(path, read_manifest(path, KIND, 1), lambda name: name != "a.txt")
    (path / "a.txt").unlink()
    with pytest.raises(FormatError, match=r"a.txt is missing"):
        read_manifest(path, KIND, 1)


def test_a_newer_version_is_refused_before_anything_else(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": KIND, "format_version": 2, "anything": "else"}))
    with pytest.raises(FormatError, match="has format version 2, and this w2v reads up to version 1: upgrade w2v"):
        read_manifest(tmp_path, KIND, 1)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"kind": ' + b"9" * 5000 + b"}", b'{"kind": "w2v test"}'],
    ids=lambda raw: raw[:12].decode("latin-1"),
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(FormatError, match=r"is damaged|its manifest says"):
        read_manifest(tmp_path, KIND, 1)
    assert directory_kind(tmp_path) in (None, KIND)


@pytest.mark.parametrize(
    "files", [None, {"../a": {"size": 1, "sha256": ""}}, {"/etc/passwd": {"size": 1, "sha256": ""}}, {"a": {"size": 1}}, {"a": 1}]
)
def test_a_forged_list_of_files_is_refused(tmp_path: Path, files: object) -> None:
    forge(tmp_path, {"kind": KIND, "format_version": 1, "files": files})
    with pytest.raises(FormatError, match="it must give size and sha256 of files inside the directory"):
        read_manifest(tmp_path, KIND, 1)


@pytest.mark.parametrize("version", [0, "1", None])
def test_an_unknown_version_is_refused(tmp_path: Path, version: object) -> None:
    forge(tmp_path, {"kind": KIND, "format_version": version, "files": {}})
    with pytest.raises(FormatError, match="is damaged"):
        read_manifest(tmp_path, KIND, 1)


def forge(folder: Path, manifest: dict[str, object]) -> None:
    """Any manifest with its right hash."""
    head = json.dumps(manifest).removesuffix("}").encode() + b', "manifest_sha256": "'
    (folder / "manifest.json").write_bytes(head + hashlib.sha256(head).hexdigest().encode() + b'"\n}\n')
