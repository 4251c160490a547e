"""What a killed process leaves beside its goal is removed by the next one, and nothing else is."""

import errno
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from w2v.storage import atomic_directory, atomic_file

pytest.importorskip("fcntl", reason="there are no file locks here")

WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from w2v.storage import atomic_directory, atomic_file
with atomic_file(Path(sys.argv[1], "words.vec")) as file, atomic_directory(Path(sys.argv[1], "corpus")) as folder:
    file.write(b"half")
    (folder / "tokens.npy").write_bytes(b"half")
    if len(sys.argv) > 2:
        print(flush=True)
        sys.stdin.read()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def write_both(folder: Path) -> None:
    with atomic_file(folder / "words.vec") as file:
        file.write(b"whole")
    with atomic_directory(folder / "corpus", overwrite=True) as corpus:
        (corpus / "manifest.json").write_text('{"kind": "w2v encoded corpus"}')


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    foreign = [
        tmp_path / name for name in (".words.vec.tmp", ".words.vec.12345678.tmp", ".corpus.toolong_12.w2v.tmp", ".other.12345678.w2v.tmp")
    ]
    for path in foreign:
        path.write_text("not ours to remove")
    died = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(tmp_path)], check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == len(foreign) + 2
    write_both(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*foreign, tmp_path / "corpus", tmp_path / "words.vec"])


def test_what_a_living_process_writes_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WRITE_AND_DIE, str(tmp_path), "wait"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as living:
        living.stdout.readline()
        write_both(tmp_path)
        left = {path.name for path in tmp_path.iterdir()} - {"corpus", "words.vec"}
        assert len(left) == 2
        living.stdin.close()
    write_both(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"corpus", "words.vec"}


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK, errno.EBADF])  # the last one is what NFS says of folders
def test_without_locks_everything_is_written_and_nothing_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(code, "no locks here")

    subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(tmp_path)], check=False)
    monkeypatch.setattr("fcntl.flock", refuse)
    write_both(tmp_path)
    assert len(list(tmp_path.iterdir())) == 4
