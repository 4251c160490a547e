import json
import os
import re
import signal
import subprocess
import sys

import pytest
from topics import topic_lines, write_lines

from w2v.cli.main import run

SMALL = ["--dim", "16", "--epochs", "2", "--threads", "1"]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return str(write_lines(tmp_path_factory.mktemp("text") / "topics.txt", topic_lines(400)))


def w2v(*arguments, **options):
    return subprocess.run([sys.executable, "-m", "w2v", *arguments], capture_output=True, text=True, timeout=120, **options)


def test_prints_where_the_model_is(text, tmp_path, capsys):
    out = str(tmp_path / "m")
    assert run(["train", text, "--out", out, *SMALL]) == 0
    printed = capsys.readouterr()
    assert printed.out.strip() == out
    assert "sample tokens: t" in printed.err
    assert printed.err.startswith("threads: ")
    assert "epoch 2: loss" in printed.err


def test_the_loss_that_is_printed_does_not_mislead(text, tmp_path, capsys, monkeypatch):
    losses = iter([3.0, 2.0, 2.5, 2.75])
    monkeypatch.setattr("w2v.training.trainer.EpochLoss.mean", property(lambda self: next(losses) if self.loss_pairs else 0.0))
    monkeypatch.setattr("w2v.cli.shared.training_progress.TrainingProgress._on_span", lambda self, report: None)
    assert run(["train", text, "--out", str(tmp_path / "m"), "--dim", "16", "--epochs", "4", "--threads", "1"]) == 0
    lines = capsys.readouterr().err.splitlines()
    shown = [line for line in lines if "while training" in line]
    assert shown[:3] == [f"epoch {n}: loss {loss} while training" for n, loss in ((1, "3.0000"), (2, "2.0000"), (3, "2.5000"))]
    assert "may rise when the learning rate falls; --held-out 0.01 shows" in shown[3]
    assert shown[4:] == ["epoch 4: loss 2.7500 while training"]  # said once


def test_tokens_are_shown_as_they_are(tmp_path, capsys):
    (tmp_path / "text").write_text("min_count=5 dim=3 window_size\n" * 50, encoding="utf-8")
    arguments = ["--tokenizer", "whitespace", "--dim", "8", "--epochs", "1", "--sample", "0"]
    assert run(["train", str(tmp_path / "text"), "--out", str(tmp_path / "m"), *arguments]) == 0
    assert "\nsample tokens: min_count=5 dim=3 window_size min_count=5 dim=3\n" in capsys.readouterr().err


@pytest.mark.long
def test_the_held_out_loss_comes_first(text, tmp_path, capsys):
    assert run(["train", text, "--out", str(tmp_path / "m"), "--held-out", "0.1", "--dim", "16", "--epochs", "2", "--threads", "1"]) == 0
    printed = capsys.readouterr().err
    assert "held out, at random: 480 tokens in 40 lines" in printed
    assert re.search(r"^epoch 2: held-out loss \d\.\d{4} \(loss \d\.\d{4} while training\)$", printed, re.MULTILINE)


def test_the_first_lines_say_what_was_dropped(tmp_path, capsys):
    lines = [[*line, "&amp;", "👍"] for line in topic_lines(50)]
    text = str(write_lines(tmp_path / "text", lines))
    assert run(["train", text, "--out", str(tmp_path / "m"), *SMALL]) == 0
    first, _ = capsys.readouterr().err.split("epoch 1:")
    assert "% of the characters that are not white space\n" in first
    assert f"emoji dropped: {len(lines)} (--keep emoji makes them tokens)\n" in first
    assert "HTML entities in 100 % of the lines, such as &amp;: --clean html makes text of them\n" in first
    assert run(["train", text, "--out", str(tmp_path / "n"), *SMALL, "--keep", "emoji", "--clean", "html"]) == 0
    first, _ = capsys.readouterr().err.split("epoch 1:")
    assert "--keep" not in first
    assert "--clean" not in first
    assert run(["neighbors", str(tmp_path / "n"), "👍", "-n", "1"]) == 0


def test_json_is_the_contract(text, tmp_path, capsys):
    assert run(["train", text, "--out", str(tmp_path / "m"), "--json", *SMALL]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "vocabulary", "tokens", "epochs", "seconds", "words_per_second", "loss", "peak_rss_bytes", "peak_anonymous_bytes",
        "device",
    ]  # fmt: skip
    assert len(report["loss"]) == report["epochs"] == 2
    assert report["peak_rss_bytes"] > report["peak_anonymous_bytes"] > 10**7


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--dim", "0"], "dim must be an integer from 1 to 1024: received 0"),
        (["--alpha", "nan"], "alpha must be a number above 0"),
        (["--tokenizer", "spacy"], "tokenizer must be one of"),
        (["--window", "all"], "window must be an integer from 1 to 1000, or session"),
        (["--threads", "0"], "threads must be an integer from 1 to 1024"),
        (["--early-stop", "2"], "--early-stop needs a held-out part"),
        (["--separator", ","], "separator goes with the tokenizer items"),
        (["--size", "100"], "size is called --dim here"),
        (["--workers", "4"], "workers is called --threads here"),
        (["--iter", "5"], "iter is called --epochs here"),
        (["--sg", "1"], "w2v trains skip-gram only"),
        (["--vector-size", "5"], "vector_size is called --dim here"),
    ],
)
def test_wrong_use_exits_2_in_one_line(text, tmp_path, capsys, arguments, message):
    assert run(["train", text, "--out", str(tmp_path / "m"), *arguments]) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert not printed.out
    assert not list(tmp_path.iterdir())


def test_missing_input_and_out_exit_2(text, capsys):
    assert run(["train", "--out", "x"]) == 2
    assert "Missing argument 'INPUT...'" in capsys.readouterr().err
    assert run(["train", text]) == 2
    assert "Missing option '--out'" in capsys.readouterr().err
    for absent in ("no such file", ""):
        assert run(["train", text, absent, "--out", "x"]) == 2
        assert f"there is no INPUT '{absent}'" in capsys.readouterr().err
    assert run(["train", text, "--out", "x", "--config", "no such file"]) == 2
    assert "'no such file' does not exist" in capsys.readouterr().err


def test_corpus_options_with_an_encoded_corpus_exit_2(text, tmp_path, capsys):
    corpus = str(tmp_path / "c")
    assert run(["encode", text, "--out", corpus]) == 0
    for option in (["--min-count", "2"], ["--min-count", "5"], ["--tokenizer", "words"]):  # the default values too
        assert run(["train", corpus, "--out", str(tmp_path / "m"), *option]) == 2
        assert "leave the corpus options away" in capsys.readouterr().err


@pytest.mark.medium
@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("one two three\n" * 3, "vocabulary is empty: the most frequent word occurs 3 times, --min-count is 5"),
        ("我爱北京天安门\n" * 50, "--tokenizer chinese"),
        ("caf\udce9 au lait\n" * 50, "--encoding"),
    ],
)
def test_wrong_content_exits_1_in_one_line_and_leaves_nothing(tmp_path, content, message):
    (tmp_path / "t.txt").write_bytes(content.encode("utf-8", "surrogateescape"))
    done = w2v("train", "t.txt", "--out", "m", cwd=tmp_path)
    assert done.returncode == 1
    assert message in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith("Error: ")]) == 1
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["t.txt"]


def test_options_from_a_file_and_the_command_line_wins(text, tmp_path, capsys):
    (tmp_path / "c.toml").write_text('dim = 16\nepochs = 9\ntokenizer = "whitespace"\n')
    out = str(tmp_path / "m")
    assert run(["train", text, "--out", out, "--config", str(tmp_path / "c.toml"), "--epochs", "1", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 1
    assert run(["info", out, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["corpus_config"]["tokenizer"] == "whitespace"


def test_options_from_a_file_of_windows(text, tmp_path, capsys):
    (tmp_path / "c.toml").write_bytes(b"\xef\xbb\xbfepochs = 1\r\ndim = 8\r\n")
    assert run(["train", text, "--out", str(tmp_path / "m"), "--config", str(tmp_path / "c.toml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["epochs"] == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"vector_size = 16\n", "vector_size is called dim here"),
        (b"out = 'm'\n", "out is not an option of training"),
        (b"dim = [\n", "is not a TOML file"),
        (b"dim = '\xff'\n", "is not a TOML file"),
        (b"dim = " + b"[" * 5000, "is not a TOML file"),
        (b"dim = 'many'\n", "dim must be an integer"),
    ],
)
def test_a_wrong_file_of_options_exits_2(text, tmp_path, capsys, content, message):
    (tmp_path / "bad.toml").write_bytes(content)
    assert run(["train", text, "--out", str(tmp_path / "m"), "--config", str(tmp_path / "bad.toml")]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.medium
def test_standard_input(text, tmp_path):
    with open(text, "rb") as file:
        done = w2v("train", "-", "--out", str(tmp_path / "m"), *SMALL, stdin=file)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "m" / "input_vectors.npy").exists()


def test_sample_tokens_do_not_steer_the_terminal(tmp_path, capsys):
    (tmp_path / "t.txt").write_bytes(b"\x1b[2J red\n" * 50)
    assert run(["train", str(tmp_path / "t.txt"), "--tokenizer", "whitespace", "--out", str(tmp_path / "m"), *SMALL, "--sample", "0"]) == 0
    err = capsys.readouterr().err
    assert "sample tokens: \\x1b[2J red" in err
    assert "\x1b" not in err


@pytest.mark.medium
def test_one_thread_is_the_same_in_every_process(text, tmp_path):
    matrices = []
    for hash_seed in ("0", "1"):
        out = tmp_path / hash_seed
        w2v("train", text, "--out", str(out), *SMALL, env={**os.environ, "PYTHONHASHSEED": hash_seed})
        matrices.append((out / "input_vectors.npy").read_bytes() + (out / "output_vectors.npy").read_bytes())
    assert matrices[0] == matrices[1]


@pytest.mark.medium
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_and_says_how_to_go_on(text, tmp_path, number):
    out = tmp_path / "m"
    command = [sys.executable, "-m", "w2v", "train", text, "--out", str(out), "--dim", "16", "--epochs", "100000"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stderr:
            if line.startswith("epoch 3"):
                break
        process.send_signal(number)
        rest = process.stderr.read()
        assert process.wait(timeout=60) == 130
    assert "--resume to go on" in rest
    assert not out.exists()
    assert run(["info", str(out) + ".partial"]) == 0


@pytest.mark.compiles
def test_the_second_process_compiles_nothing(text, tmp_path):
    """numba's own cache statistics: every kernel of the second process is a hit."""
    script = (
        "import sys; from w2v.cli.main import run; code = run(sys.argv[1:]);"
        "import gc; from numba.core.dispatcher import Dispatcher;"
        "found = [d for d in gc.get_objects() if isinstance(d, Dispatcher) and d.py_func.__module__.startswith('w2v.')];"
        "missed = [d.py_func.__name__ for d in found if sum(d.stats.cache_misses.values())];"
        "print(code, missed)"
    )
    environment = {**os.environ, "W2V_CACHE_DIR": str(tmp_path / "cache")}
    for name in "ab":
        command = [sys.executable, "-c", script, "train", text, "--out", str(tmp_path / name), *SMALL]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
    assert done.stdout.splitlines()[-1] == "0 []", done.stdout + done.stderr


@pytest.mark.compiles
def test_a_read_only_cache_is_said_once_and_costs_only_time(text, tmp_path):
    (tmp_path / "file").write_text("a file where the cache folder should be")
    environment = {**os.environ, "W2V_CACHE_DIR": str(tmp_path / "file")}
    done = w2v("train", text, "--out", str(tmp_path / "m"), *SMALL, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("kernels are compiled anew") == 1
