"""A small directory as w2v stores them, for the tests of storage."""

from pathlib import Path

from w2v.storage import read_manifest, verify_files, write_manifest

KIND = "w2v test"


def fill(folder: Path, text: str) -> None:
    """Make `folder` a directory of KIND that holds `text`."""
    (folder / "part").mkdir(parents=True)
    (folder / "a.txt").write_text(text)
    (folder / "part" / "b.txt").write_text(text * 2)
    write_manifest(folder, KIND, 1, {"text": text})


def content(path: Path) -> str:
    """What `fill` put there, after a check of every byte."""
    verify_files(path, read_manifest(path, KIND, 1))
    return (path / "a.txt").read_text()
