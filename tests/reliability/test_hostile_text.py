"""Text at its worst: it is read right, in bounded memory, or refused in one line that names the place; what was there stays."""

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from topics import topic_lines, write_lines

import w2v
from w2v.cli.main import run
from w2v.config import TrainConfig
from w2v.errors import CorpusError
from w2v.file_hashes import is_unchanged
from w2v.training.run import Hooks, train
from w2v.vectors.model_directory import load_model

resource = pytest.importorskip("resource", reason="peak memory is asked of Unix")
if not Path("/proc/self/status").exists():
    pytest.skip("peak memory is asked of Linux", allow_module_level=True)
MEGABYTE = 1 << 20
SMALL = ["--dim", "8", "--epochs", "1", "--threads", "1"]


def encode_in_process(path: Path, out: Path, *options: str) -> tuple[int, str, int]:
    """Exit code, stderr and peak memory (bytes) of `w2v encode`."""
    program = "import sys; from w2v.cli.main import run; code = run(sys.argv[1:])\n"
    # Not getrusage: the peak that it tells of a child is at least that of the parent, which has run a whole test suite.
    program += "print([1024 * int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM')][0]); sys.exit(code)"
    command = [sys.executable, "-c", program, "encode", str(path), "--out", str(out), "--threads", "2", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1500)
    return done.returncode, done.stderr, int(done.stdout.split()[-1])


def sparse_line(path: Path, size: int) -> Path:
    """One line of `size` bytes that takes no room on the disk: words, a hole of NULs, words."""
    with open(path, "wb") as file:
        file.write(b"red green blue " * 9)
        file.seek(size)
        file.write(b" red green blue\n")
    return path


def read_sparse_line(folder: Path, size: int) -> int:
    path = sparse_line(folder / "line.txt", size)
    code, err, _ = encode_in_process(path, folder / "refused", "--min-count", "1")
    assert code == 1
    assert "line.txt" in err
    assert "Traceback" not in err
    assert not (folder / "refused").exists()
    code, err, peak = encode_in_process(path, folder / "corpus", "--errors", "replace", "--min-count", "1")
    assert code == 0, err
    corpus = w2v.EncodedCorpus.open(folder / "corpus", verify=True)
    assert (corpus.n_tokens, corpus.n_sentences) == (30, 1)
    return peak


@pytest.mark.long
def test_a_sparse_line(tmp_path: Path) -> None:
    small = read_sparse_line(tmp_path, 8 * MEGABYTE)
    (tmp_path / "more").mkdir()
    assert read_sparse_line(tmp_path / "more", 72 * MEGABYTE) < small + 32 * MEGABYTE


@pytest.mark.torture
def test_a_sparse_line_of_ten_gigabytes(tmp_path: Path) -> None:
    assert read_sparse_line(tmp_path, 10 * 1024 * MEGABYTE) < 600 * MEGABYTE


@pytest.mark.medium
@pytest.mark.parametrize("n", [65_536, 300_000])
def test_an_endless_token_is_refused_at_its_byte(tmp_path: Path, n: int) -> None:
    (tmp_path / "t.txt").write_bytes(b"a b c " * 10 + b"x" * (n + 1) + b" d\n")
    code, err, _ = encode_in_process(tmp_path / "t.txt", tmp_path / "c")
    assert code == 1
    assert "t.txt, byte 60" in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.txt"]


@pytest.mark.parametrize("broken", [b"\xff", b"\xc3(", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf"])
def test_broken_utf8_is_refused_at_its_byte_or_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: bytes) -> None:
    (tmp_path / "t.txt").write_bytes(b"red green blue\n" * 100_000 + b"red " + broken + b" blue\n")
    assert run(["train", str(tmp_path / "t.txt"), "--out", str(tmp_path / "m"), *SMALL]) == 1
    err = capsys.readouterr().err
    assert "byte 1500004" in err.replace(",", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.txt"]
    assert run(["train", str(tmp_path / "t.txt"), "--out", str(tmp_path / "m"), "--errors", "replace", *SMALL]) == 0


def write_distinct(path: Path, n: int) -> Path:
    """n tokens, no two alike, and a few that are."""
    with open(path, "wb") as file:
        for start in range(0, n, 100_000):
            file.write(b" ".join(b"w%d" % i for i in range(start, min(n, start + 100_000))) + b"\n")
        file.write(b"red green blue\n" * 9)
    return path


def read_distinct(folder: Path, n: int) -> int:
    code, err, peak = encode_in_process(write_distinct(folder / "t.txt", n), folder / "c")
    assert code == 0, err
    corpus = w2v.EncodedCorpus.open(folder / "c", verify=True)
    assert (corpus.vocabulary.words, corpus.n_tokens, corpus.manifest["distinct_words"]) == (("blue", "green", "red"), 27, n + 3)
    return peak


@pytest.mark.medium
def test_many_distinct_tokens(tmp_path: Path) -> None:
    assert read_distinct(tmp_path, 300_000) < 500 * MEGABYTE


@pytest.mark.torture
def test_ten_million_distinct_tokens(tmp_path: Path) -> None:
    assert read_distinct(tmp_path, 10_000_000) < 3000 * MEGABYTE


def same_token(n: int, length: int = 10_000) -> Iterator[list[str]]:
    yield from itertools.repeat(["again"] * length, n // length)
    yield ["once", "again"] * 5


def read_same_token(out: Path, n: int) -> None:
    corpus = w2v.encode(same_token(n), out)
    assert (corpus.vocabulary.words, corpus.vocabulary.counts.tolist()) == (("again", "once"), [n + 5, 5])
    assert corpus.n_tokens == n + 10


def test_one_token_again_and_again(tmp_path: Path) -> None:
    read_same_token(tmp_path / "c", 2_000_000)
    trained = train(tmp_path / "c", TrainConfig(dim=8, epochs=1), threads=2)
    assert np.isfinite(trained.vectors.matrix).all()


@pytest.mark.torture
def test_one_token_a_billion_times(tmp_path: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read_same_token(tmp_path / "c", 1_000_000_000)
    # the file is verified through a mapping, whose pages count too: 4 GB would show
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < before + 1024 * 1024


@pytest.mark.medium
def test_a_file_that_grows_while_it_is_read_ends_where_it_ended(tmp_path: Path) -> None:
    path = write_lines(tmp_path / "t.txt", topic_lines(40_000))
    size, stop = path.stat().st_size, threading.Event()

    def grow() -> None:
        with open(path, "ab") as file:
            while not stop.is_set():
                file.write(b"more and more\n" * 1000)
                file.flush()

    writer = threading.Thread(target=grow)
    messages: list[str] = []

    def start_writer(text: str) -> None:
        messages.append(text)
        if not writer.ident:
            writer.start()

    try:
        train(path, TrainConfig(dim=8, epochs=1), out=tmp_path / "m", threads=1, hooks=Hooks(on_message=start_writer))
    finally:
        stop.set()
        writer.join()
    assert path.stat().st_size > size
    source = load_model(tmp_path / "m").manifest["corpus"]["sources"][0]
    assert size <= source["size"] < path.stat().st_size
    (tmp_path / "read").write_bytes(path.read_bytes()[: source["size"]])
    assert is_unchanged(tmp_path / "read", source)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_named_pipe(tmp_path: Path) -> None:
    text = write_lines(tmp_path / "t.txt", topic_lines(500)).read_bytes()
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes(text))
    writer.start()
    assert run(["train", str(tmp_path / "pipe"), "--out", str(tmp_path / "m"), *SMALL]) == 0
    writer.join()
    assert run(["train", str(tmp_path / "t.txt"), "--out", str(tmp_path / "n"), *SMALL]) == 0
    assert (tmp_path / "m" / "input_vectors.npy").read_bytes() == (tmp_path / "n" / "input_vectors.npy").read_bytes()


def test_a_file_removed_before_it_is_read_is_named(tmp_path: Path) -> None:
    paths = [write_lines(tmp_path / f"{name}.txt", topic_lines(300)) for name in "ab"]
    config = TrainConfig(dim=8, epochs=1)
    with pytest.raises((CorpusError, OSError), match=r"b\.txt"):
        train(paths, config, out=tmp_path / "m", threads=1, hooks=Hooks(on_message=lambda text: paths[1].unlink()))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]
