"""The lock of a folder: held by one process, and no obstacle where the system has no locks."""

import errno
from pathlib import Path

import pytest

from w2v.errors import OutputError
from w2v.lock import lock_directory, lock_holder

pytest.importorskip("fcntl", reason="there are no file locks here")


def refuse_with(code: int) -> object:
    def flock(*arguments: object) -> None:
        raise OSError(code, "no locks here")

    return flock


def test_one_process_holds_a_folder_and_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "m.partial"
    with lock_directory(folder):
        assert str(lock_holder(folder)).startswith("process ")
        with (
            pytest.raises(OutputError, match=r"m\.partial is in use by process \d+ on .* UTC: wait for it"),
            lock_directory(folder),
        ):
            pass
    assert lock_holder(folder) is None
    assert lock_holder(tmp_path / "absent") is None


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL, errno.ENODEV])
def test_without_locks_it_goes_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    monkeypatch.setattr("fcntl.flock", refuse_with(code))
    messages: list[str] = []
    with lock_directory(tmp_path / "m.partial", messages.append):
        assert (tmp_path / "m.partial").is_dir()
        assert lock_holder(tmp_path / "m.partial") is None
    assert len(messages) == 1
    assert "is on a disk without file locks" in messages[0]


def test_without_a_hook_it_is_said_on_stderr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("fcntl.flock", refuse_with(errno.ENOSYS))
    with lock_directory(tmp_path / "out"):
        pass
    out, err = capsys.readouterr()
    assert (out, err.count("without file locks")) == ("", 1)


def test_other_trouble_with_the_lock_is_not_hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fcntl.flock", refuse_with(errno.EIO))
    with pytest.raises(OSError, match=r"no locks here.*the lock of .*out"), lock_directory(tmp_path / "out"):
        pass
