"""Segmentation by processes gives what it gives here, and nothing is left behind."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from w2v.config import CorpusConfig
from w2v.corpus import inputs
from w2v.corpus.encoding import encode
from w2v.corpus.tokens.segmentation import make_segmenter, segmenter_processes
from w2v.errors import CorpusError

pytest.importorskip("rjieba", reason="rjieba is not installed")
pytestmark = pytest.mark.medium

TEXT = "我爱北京天安门，面包师傅在烤面包。\n他们昨天去了南京市长江大桥。\n"


def test_texts_of_several_threads_are_segmented_as_here(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("烤面包 1000\n")
    texts = [(TEXT * (i % 5)).encode() for i in range(20)]
    for dictionary in (None, str(tmp_path / "words")):
        processes = segmenter_processes(2, dictionary)
        try:
            with ThreadPoolExecutor(4) as pool:
                assert list(pool.map(processes.work, texts)) == list(map(make_segmenter(dictionary), texts))
        finally:
            processes.close()
        assert all(process.returncode is not None for process in processes._processes)


def test_a_process_that_is_killed_is_an_error() -> None:
    processes = segmenter_processes(1, None)
    processes.work(TEXT.encode())
    os.kill(processes._processes[0].pid, signal.SIGKILL)
    processes._processes[0].wait()
    with pytest.raises(CorpusError, match="a process that segments Chinese has ended"):
        processes.work(TEXT.encode() * 100_000)
    processes.close()


def test_a_corpus_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text").write_text(TEXT * 50, encoding="utf-8")
    config = CorpusConfig(tokenizer="chinese", min_count=1)
    here = encode(tmp_path / "text", config=config, threads=1)
    monkeypatch.setattr(inputs, "_SEGMENTED_HERE", 0)
    there = encode(tmp_path / "text", config=config, threads=2)
    assert there.vocabulary.words == here.vocabulary.words
    assert there.tokens.tolist() == here.tokens.tolist()


def test_a_dictionary_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes(b"\xff")
    with pytest.raises(CorpusError, match="words, byte 0"):
        segmenter_processes(1, str(tmp_path / "words"))
