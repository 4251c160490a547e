import hashlib
import io
import os
import sys
import threading
from pathlib import Path

import pytest

from w2v.corpus.reading.raw_files import RawFile, open_raw
from w2v.errors import CorpusError


def test_bytes_are_hashed_and_counted(tmp_path: Path) -> None:
    data = bytes(range(256)) * 1000
    (tmp_path / "a").write_bytes(data)
    told: list[int] = []
    with open_raw(tmp_path / "a", "a", 4096, told.append) as raw:
        assert raw.buffered.peek()[:3] == data[:3]
        parts = [raw.buffered.read(10), raw.buffered.read(5000), raw.buffered.read()]
        assert raw.buffered.read(10) == b""
    assert b"".join(parts) == data
    assert raw.size == sum(told) == len(data)
    assert raw.sha256() == hashlib.sha256(data).hexdigest()


def test_a_file_that_grows_ends_where_it_ended(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b"old\n" * 1000)
    with open_raw(path, "log", 64) as raw:
        data = b""
        while chunk := raw.buffered.read(100):
            data += chunk
            with open(path, "ab") as file:
                file.write(b"new\n" * 100)
    assert data == b"old\n" * 1000


def test_a_file_that_is_removed_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"text" * 1000)
    with open_raw(path, "a", 64) as raw:
        start = raw.buffered.read(100)
        path.unlink()
        assert start + raw.buffered.read() == b"text" * 1000


def test_a_file_that_shrinks_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"text" * 1000)
    with open_raw(path, "a", 64) as raw:
        os.truncate(path, 8)
        assert raw.buffered.read() == b"texttext"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_gives_little_at_a_time(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    def write() -> None:
        with open(tmp_path / "pipe", "wb", buffering=0) as file:
            for i in range(100):
                file.write(b"%d " % i)

    writer = threading.Thread(target=write)
    writer.start()
    with open_raw(tmp_path / "pipe", "pipe", 64) as raw:
        assert len(raw.buffered.peek()) == 64
        assert raw.buffered.read() == b"".join(b"%d " % i for i in range(100))
    writer.join()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no /proc/self/mem, which cannot be read at 0")
def test_errors_of_the_disk_name_the_file() -> None:
    with open_raw(Path("/proc/self/mem"), "the file", 64) as raw, pytest.raises(OSError, match="Input/output error") as caught:
        raw.buffered.read(1)
    assert caught.value.filename == "the file"


def test_non_blocking_input_is_an_error_not_an_end() -> None:
    class NonBlocking(io.RawIOBase):
        def readinto(self, buffer: object) -> None:
            return None

    with pytest.raises(BlockingIOError, match="non-blocking"):
        RawFile(NonBlocking(), "stdin", None, None, 64).buffered.read(1)


def test_no_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CorpusError, match=r"^there is no stdin"), open_raw(None, "stdin", 64):
        pass
