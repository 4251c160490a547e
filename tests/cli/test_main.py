"""The command line as a whole: its table of commands, exit codes, one-line errors, options of other tools."""

import errno
import importlib
import os
import re
import subprocess
import sys
import time
from types import ModuleType

import click
import pytest

from w2v.cli import main
from w2v.cli.main import run
from w2v.errors import CorpusError, W2VError


@pytest.fixture
def failing_command(monkeypatch: pytest.MonkeyPatch) -> dict[str, BaseException]:
    """A command `fail` that raises what is put into the dict, or exits 0."""
    box: dict[str, BaseException] = {}

    @click.command()
    @click.option("--min-count", type=int)
    @click.option("-n", "n", type=int)
    def fail(min_count: int | None, n: int | None) -> None:
        if "error" in box:
            raise box["error"]

    module = ModuleType("failing_command_module")
    module.fail = fail  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "failing_command_module", module)
    monkeypatch.setitem(main._COMMANDS, "fail", ("failing_command_module:fail", "Fails."))
    return box


@pytest.mark.parametrize("name", list(main._COMMANDS))
def test_every_command_of_the_table_exists_and_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    module, _, attribute = main._COMMANDS[name][0].partition(":")
    command = getattr(importlib.import_module(module), attribute)
    assert command.name == name
    assert run([name, "-h"]) == 0
    out = capsys.readouterr().out
    assert f"Usage: w2v {name}" in out
    assert command.help


def test_help_lists_the_commands_and_imports_none_of_them() -> None:
    code = (
        "import sys; from w2v.cli.main import run; code = run(['--help']); "
        "heavy = {'numpy', 'numba', 'gensim', 'scipy', 'tqdm', 'w2v.cli.train'} & set(sys.modules); sys.exit(code or str(heavy or '') or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for name, (_, text) in main._COMMANDS.items():
        assert f" {name} {text} " in f"{' '.join(done.stdout.split())} "


def test_wrong_use_exits_2(failing_command: dict[str, BaseException], capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["nosuch"], ["fail", "extra"], ["fail", "--min-count", "x"], ["fail", "--nonsense", "1"]):
        assert run(arguments) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert "Error: " in err


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--size", "100"], "size is called --dim here"),
        (["--vector-size=100"], "vector_size is called --dim here"),
        (["--workers", "4"], "workers is called --threads here"),
        (["--topn", "4"], "topn is called -n here"),
        (["--sg", "1"], "there is no sg here: w2v trains skip-gram only"),
        (["-size", "100"], "size is called --dim here"),
        (["-iter", "3"], "iter is called --epochs here"),
        (["-min-count", "3"], "-min-count has two dashes here: --min-count"),
        (["-minCount", "3"], "mincount is called --min-count here"),
    ],
)
@pytest.mark.parametrize("place", ["group", "command"])
def test_options_of_other_tools_are_translated(
    failing_command: dict[str, BaseException], capsys: pytest.CaptureFixture[str], arguments: list[str], hint: str, place: str
) -> None:
    if place == "group" and "two dashes" in hint:
        pytest.skip("the group has no such option")
    assert run([*arguments, "fail"] if place == "group" else ["fail", *arguments]) == 2
    if place == "command":  # which has these as options
        hint = hint.replace("called min_count", "called --min-count")
    assert capsys.readouterr().err.endswith(f"Error: {hint}\n")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("trian", "did you mean w2v train?"),
        ("Train", "did you mean w2v train?"),
        ("neighbours", "did you mean w2v neighbors?"),
        ("odd_one_out", "did you mean w2v odd-one-out?"),
        ("most_similar", "did you mean w2v neighbors?"),
        ("evalute-next", "did you mean w2v evaluate-next or w2v evaluate?"),
        ("predict", "did you mean w2v classify predict?"),
        ("help", "did you mean w2v --help?"),
        (__file__, f"to train on this file, w2v train {__file__} --out MODEL"),
        ("qqq", f"the commands are {', '.join(main._COMMANDS)}"),
    ],
)
def test_a_command_that_is_not_there(capsys: pytest.CaptureFixture[str], typed: str, hint: str) -> None:
    assert run([typed, "my.txt"]) == 2
    assert capsys.readouterr().err.endswith(f"Error: there is no command {typed!r}: {hint}\n")


def test_help_of_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["help", "train"]) == 2
    assert capsys.readouterr().err.endswith("Error: there is no command 'help': did you mean w2v train --help?\n")


def test_what_commands_are_called_elsewhere_is_a_command_here() -> None:
    for here in main._FOREIGN_COMMANDS.values():
        assert here.startswith("--") or here.split()[0] in main._COMMANDS


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (W2VError("a must be b: received c"), 1, r"Error: a must be b: received c\n"),
        (CorpusError("two\nlines"), 1, r"Error: two lines\n"),
        (W2VError("the word \x1b[31m"), 1, r"Error: the word \\x1b\[31m\n"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a.txt"), 1, r"Error: a\.txt: No such file or directory\n"),
        (OSError("without a number"), 1, r"Error: without a number\n"),
        (MemoryError(), 1, r"Error: out of memory: fewer words .*\n"),
        (click.UsageError("dim must be 1"), 2, r"(Usage: .*\n)?(Try .*\n\n)?Error: dim must be 1\n"),
        (click.exceptions.Exit(7), 7, ""),
    ],
)
def test_exit_codes_and_one_line_errors(
    failing_command: dict[str, BaseException], capsys: pytest.CaptureFixture[str], error: BaseException, code: int, message: str
) -> None:
    failing_command["error"] = error
    assert run(["fail"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(message, err)


def test_an_interrupt_exits_130(failing_command: dict[str, BaseException]) -> None:
    failing_command["error"] = KeyboardInterrupt()
    assert run(["fail"]) == 130


def test_a_fault_of_ours_is_not_hidden(failing_command: dict[str, BaseException]) -> None:
    failing_command["error"] = ZeroDivisionError("a bug")
    with pytest.raises(ZeroDivisionError):
        run(["fail"])


def run_python(code: str, **environment: str) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-c", "import click, sys; from w2v.cli import main\n" + code]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, **environment})


def test_success_is_0_and_words_survive_a_terminal_of_few_letters() -> None:
    code = "main.run = lambda arguments: click.echo('k\\xf6nig \\u4e2d') or 0; main.main()"
    with run_python(code, PYTHONIOENCODING="latin-1") as process:
        assert process.communicate() == (b"k\xf6nig \\u4e2d\n", b"")
    assert process.returncode == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    code = "main.cli.add_command(click.Command('x', callback=lambda: [click.echo('x' * 1000) for _ in range(9999)]))\n" + (
        "main._LazyGroup.get_command = click.Group.get_command; sys.exit(main.run(['x']))"
    )
    with run_python(code) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == b"x" * 1000 + b"\n"
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 1


def test_closed_streams_are_no_fault() -> None:
    code = "main.run = lambda arguments: sys.stderr.write('a') + sys.stdout.write('b'); sys.stdout = sys.stderr = sys.stdin = None; " + (
        "main.main()"
    )
    with run_python(code) as process:
        assert process.communicate() == (b"", b"")
    assert process.returncode == 2  # of the characters written


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_messages_that_find_no_room_do_not_end_the_work() -> None:
    code = "main.run = lambda arguments: print('message ' * 10_000, file=sys.stderr) or print('result') or 0; main.main()"
    arguments = [sys.executable, "-c", "import sys; from w2v.cli import main\n" + code]
    with open("/dev/full", "w") as full:
        done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=full, check=False)
    assert (done.returncode, done.stdout) == (0, b"result\n")


def test_typed_bytes_that_are_no_text_do_not_end_a_prompt() -> None:
    code = "main.run = lambda arguments: click.echo(ascii(input())) or 0; main.main()"
    arguments = [sys.executable, "-c", "import click, sys; from w2v.cli import main\n" + code]
    done = subprocess.run(
        arguments, input=b"caf\xe9\n", capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"'caf\\udce9'\n", b"")


def test_a_long_command_speaks_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("w2v.progress._EVERY", 0.02)
    monkeypatch.setattr("w2v.cli.main.cli.main", lambda *arguments, **options: time.sleep(0.3))
    assert run(["plot", "m.w2v", "map.png"]) == 0
    assert "w2v plot: " in capsys.readouterr().err
    for others in (["train", "my.txt"], ["neighbors", "m.w2v"], ["--help"], []):
        assert run(others) == 0
        assert capsys.readouterr().err == ""
