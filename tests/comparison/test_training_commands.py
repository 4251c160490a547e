"""Command lines of whole programs, and what is measured of a process."""

import json
import sys

import pytest
from tiny_texts import write_fake_binary

from w2v.comparison.process_runs import run_process
from w2v.comparison.training_commands import Job, binary_command, gensim_command, our_command
from w2v.errors import W2VError


@pytest.fixture
def job(tmp_path):
    return Job(tmp_path / "text.txt", tmp_path / "out", dim=30, epochs=2, threads=3)


def options_of(words):
    return dict(zip(words[::2], words[1::2], strict=True))


@pytest.mark.parametrize("name", ["word2vec.c", "pWord2Vec"])
def test_word2vec_c(job, tmp_path, name):
    program, *options = binary_command(name, tmp_path / "program")(job)
    assert program == str(tmp_path / "program")
    assert options_of(options) == {
        "-train": str(job.text), "-output": str(job.out), "-size": "30", "-window": "5", "-negative": "5", "-sample": "0.001",
        "-iter": "2", "-threads": "3", "-cbow": "0", "-hs": "0", "-binary": "1", "-min-count": "5", "-alpha": "0.025",
    }  # fmt: skip


def test_fasttext(job, tmp_path):
    _, command, *options = binary_command("fastText", tmp_path / "program")(job)
    assert command == "skipgram"
    assert options_of(options) == {
        "-input": str(job.text), "-output": str(job.out), "-dim": "30", "-ws": "5", "-neg": "5", "-t": "0.001",
        "-epoch": "2", "-thread": "3", "-minCount": "5", "-lr": "0.025", "-maxn": "0",
    }  # fmt: skip


def test_ours_and_gensims(job):
    assert our_command(job)[1:4] == ["-m", "w2v", "train"]
    *_, text, out, settings = gensim_command(job)
    assert (text, out) == (str(job.text), str(job.out))
    chosen = json.loads(settings)
    assert (chosen["threads"], chosen["min_count"], chosen["train_config"]["sample"]) == (3, 5, 0.001)


def test_a_binary_is_run_with_its_command_line(job, tmp_path):
    program = write_fake_binary(tmp_path / "word2vec")
    found = run_process(binary_command("word2vec.c", program)(job))
    assert job.out.read_text() == "vectors"
    assert found.seconds > 0
    assert "-cbow 0" in (tmp_path / "word2vec.calls").read_text()


def test_a_program_that_fails_is_an_error_with_its_last_words(job, tmp_path):
    program = write_fake_binary(tmp_path / "word2vec", exit_code=3)
    with pytest.raises(W2VError, match=r"word2vec .* it ended with 3: no memory left"):
        run_process(binary_command("word2vec.c", program)(job))


@pytest.mark.skipif(sys.platform != "linux", reason="memory of a process is read from /proc")
@pytest.mark.medium
def test_peak_memory_is_the_programs_own():
    ours = b"x" * 300_000_000  # must not be counted
    found = run_process([sys.executable, "-c", "import time; a = b'x' * 100_000_000; time.sleep(0.3)"])
    assert 100e6 < found.peak_anonymous_bytes < 250e6
    assert len(ours) == 300_000_000


def test_the_environment_is_added_to_ours():
    command = [sys.executable, "-c", "import os; assert os.environ['W2V_TEST'] == '1' and 'PATH' in os.environ"]
    run_process(command, {"W2V_TEST": "1"})
