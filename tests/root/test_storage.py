"""Writing whole or not at all: also when any single step of a save fails."""

import errno
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stored_directories import KIND, content, fill

from w2v import storage
from w2v.errors import OutputError
from w2v.storage import (
    atomic_directory,
    atomic_file,
    check_output,
    directory_kind,
    existing_directory,
    move_directory,
    write_manifest,
)


class FailingCalls:
    """Counts the calls of every fsync and rename, and makes one of them fail."""

    def __init__(self) -> None:
        self.calls, self.fail_at = 0, -1

    def wrap(self, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            self.calls += 1
            if self.calls - 1 == self.fail_at:
                raise OSError(errno.EIO, "Input/output error")
            return function(*arguments)

        return call


@pytest.fixture(params=["exchange", "renames"])
def failing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingCalls]:
    """Once with the system's exchange of two names, once as on systems without it."""
    calls = FailingCalls()
    for name in ("fsync", "rename", "replace"):
        monkeypatch.setattr(os, name, calls.wrap(getattr(os, name)))
    exchange = storage._exchange if request.param == "exchange" else lambda source, path: False
    monkeypatch.setattr(storage, "_exchange", calls.wrap(exchange))
    yield calls
    calls.fail_at = -1


def save(path: Path, text: str) -> None:
    with atomic_directory(path, overwrite=True) as folder:
        (folder / "a.txt").write_text(text)
        write_manifest(folder, KIND, 1, {})


@pytest.mark.parametrize("is_new", [True, False])
def test_a_failure_at_any_step_leaves_the_old_directory_and_nothing_else(tmp_path: Path, failing: FailingCalls, is_new: bool) -> None:
    path = tmp_path / "model"
    if not is_new:
        fill(path, "old")
    for failing.fail_at in range(100):
        failing.calls = 0
        try:
            save(path, "new")
        except OSError:
            assert list(tmp_path.iterdir()) == ([] if is_new else [path])
            assert is_new or content(path) == "old"
        else:
            break
    assert failing.fail_at >= 5
    assert content(path) == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_fsync_is_told_with_its_file(tmp_path: Path, failing: FailingCalls) -> None:
    failing.fail_at = 0
    with pytest.raises(OSError, match=r"a\.txt"):
        save(tmp_path / "model", "new")


def refuse_fsync_of(is_wanted: Callable[[int], bool], code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def refuse(descriptor: int) -> None:
        if is_wanted(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse)


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be opened there")
@pytest.mark.parametrize("code", [errno.EINVAL, errno.ENOTSUP])
def test_a_disk_that_cannot_fsync_folders_is_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    refuse_fsync_of(stat.S_ISDIR, code, monkeypatch)
    save(tmp_path / "model", "new")
    assert content(tmp_path / "model") == "new"


def test_a_file_that_cannot_be_flushed_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_fsync_of(stat.S_ISREG, errno.EINVAL, monkeypatch)
    with pytest.raises(OSError, match=r"a\.txt"):
        save(tmp_path / "model", "new")


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        (errno.ENOSPC, "free some space, or choose another disk"),
        (errno.EDQUOT, "free some space, or choose another disk"),
        (errno.EROFS, "nothing was changed: choose another disk"),
        (errno.EIO, "nothing was changed: choose another disk"),
    ],
)
def test_space_is_asked_for_where_it_is_missing(tmp_path: Path, code: int, remedy: str) -> None:
    with pytest.raises(OutputError, match=f"words.vec cannot be written: .*{remedy}$"), atomic_file(tmp_path / "words.vec"):
        raise OSError(code, os.strerror(code))


def test_a_failed_move_leaves_both_directories(tmp_path: Path, failing: FailingCalls) -> None:
    fill(tmp_path / "new", "new")
    fill(tmp_path / "model", "old")
    for failing.fail_at in range(100):
        failing.calls = 0
        try:
            move_directory(tmp_path / "new", tmp_path / "model")
        except OSError:
            assert (content(tmp_path / "new"), content(tmp_path / "model")) == ("new", "old")
            assert len(list(tmp_path.iterdir())) == 2
        else:
            break
    assert failing.fail_at > 5
    assert content(tmp_path / "model") == "new"
    assert list(tmp_path.iterdir()) == [tmp_path / "model"]


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, failing: FailingCalls, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "words.vec"
    path.write_text("old")
    is_exchanged = "exchange" in request.node.name
    for failing.fail_at in range(100):
        failing.calls = 0
        try:
            with atomic_file(path) as file:
                file.write(b"new")
        except OSError:
            assert list(tmp_path.iterdir()) == [path]
            # Without an exchange the last fsync, of the folder, comes when there is no way back: the file is whole all the same.
            assert path.read_text() == "old" or (not is_exchanged and failing.fail_at == 3)
        else:
            break
    assert failing.fail_at == (3 if is_exchanged else 4)
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_an_error_in_the_block_leaves_nothing(tmp_path: Path, error: type[BaseException]) -> None:
    def fail_in_directory() -> None:
        with atomic_directory(tmp_path / "model") as folder:
            (folder / "a").write_text("x")
            raise error

    def fail_in_file() -> None:
        with atomic_file(tmp_path / "file") as file:
            file.write(b"x")
            raise error

    for fail in (fail_in_directory, fail_in_file):
        with pytest.raises(error):
            fail()
        assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told_with_the_name_of_the_goal(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="limits of file sizes are Unix's")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / "model"
    fill(path, "old")
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 16, limits[1]))
    try:
        with pytest.raises(OutputError, match=r"model cannot be written: File too large; nothing was changed"):
            save(path, "x" * (1 << 17))
        with pytest.raises(OutputError, match=r"x\.vec cannot be written"), atomic_file(tmp_path / "x.vec") as file:
            file.write(bytes(1 << 17))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert content(path) == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_old_directory_that_cannot_be_removed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "new", "new")
    fill(tmp_path / "model", "old")

    def refuse(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(storage.shutil, "rmtree", refuse)
    with pytest.raises(OutputError, match="is complete, but the old one could not be removed from"):
        move_directory(tmp_path / "new", tmp_path / "model")
    assert content(tmp_path / "model") == "new"


def test_what_exists_is_not_overwritten_unasked(tmp_path: Path) -> None:
    fill(tmp_path / "model", "old")
    with pytest.raises(OutputError, match="exists already: choose another name, or add overwrite=True"):
        check_output(tmp_path / "model", overwrite=False)
    check_output(tmp_path / "absent", overwrite=False)


def test_what_is_not_ours_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    check_output(tmp_path / "folder", overwrite=True)  # empty: nothing to lose
    (tmp_path / "folder" / "thesis.txt").write_text("precious")
    (tmp_path / "file").write_text("precious")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.json").write_text('{"kind": "web app"}')
    for name in ("folder", "file", "other"):
        with pytest.raises(OutputError, match="is not a directory that w2v made, so it is not overwritten"):
            check_output(tmp_path / name, overwrite=True)
    fill(tmp_path / "ours", "old")
    check_output(tmp_path / "ours", overwrite=True)
    check_output(tmp_path / "ours", overwrite=True, kind=KIND)
    with pytest.raises(OutputError, match="is not a w2v model, so"):
        check_output(tmp_path / "ours", overwrite=True, kind="w2v model")


def test_what_appears_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="exists already"), atomic_directory(tmp_path / "model"):
        fill(tmp_path / "model", "of another process")
    assert content(tmp_path / "model") == "of another process"
    assert list(tmp_path.iterdir()) == [tmp_path / "model"]


def test_devices_and_folders_are_no_files_to_replace(tmp_path: Path) -> None:
    for path in (Path(os.devnull), tmp_path):
        with pytest.raises(OutputError, match="is not a regular file"), atomic_file(path):
            pass


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_stay_and_what_they_point_to_is_replaced(tmp_path: Path) -> None:
    fill(tmp_path / "disk" / "model", "old")
    (tmp_path / "model").symlink_to(tmp_path / "disk" / "model")
    save(tmp_path / "model", "new")
    (tmp_path / "disk" / "x.vec").write_text("old")
    (tmp_path / "x.vec").symlink_to(tmp_path / "disk" / "x.vec")
    with atomic_file(tmp_path / "x.vec") as file:
        file.write(b"new")
    assert (tmp_path / "model").is_symlink()
    assert (tmp_path / "x.vec").is_symlink()
    assert content(tmp_path / "disk" / "model") == "new"
    assert (tmp_path / "disk" / "x.vec").read_text() == "new"
    assert len(list(tmp_path.rglob("*"))) == 7


def test_results_have_the_usual_permissions(tmp_path: Path) -> None:
    mask = os.umask(0o027)
    try:
        save(tmp_path / "model", "x")
        with atomic_file(tmp_path / "file") as file:
            file.write(b"x")
    finally:
        os.umask(mask)
    assert (tmp_path / "model").stat().st_mode & 0o777 == 0o750
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


def test_long_names_and_missing_parents(tmp_path: Path) -> None:
    save(tmp_path / "a" / "b" / ("模" * 80), "x")
    with atomic_file(tmp_path / "c" / ("x" * 250)) as file:
        file.write(b"x")
    assert sorted(path.name for path in tmp_path.rglob("*") if len(path.name) > 50) == ["x" * 250, "模" * 80]


def test_readers_recover_what_an_interrupted_replacement_left(tmp_path: Path) -> None:
    fill(tmp_path / "model.previous", "old")
    assert existing_directory(tmp_path / "model") == tmp_path / "model.previous"
    assert directory_kind(tmp_path / "model") == KIND
    fill(tmp_path / "model", "new")
    assert existing_directory(tmp_path / "model") == tmp_path / "model"
    assert existing_directory(tmp_path / "absent") == tmp_path / "absent"


def test_a_directory_called_previous_is_never_destroyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "_exchange", lambda source, path: False)
    fill(tmp_path / "model", "old")
    fill(tmp_path / "model.previous", "precious")
    with pytest.raises(OutputError, match=r"model\.previous is in the way"):
        save(tmp_path / "model", "new")
    assert (content(tmp_path / "model"), content(tmp_path / "model.previous")) == ("old", "precious")
