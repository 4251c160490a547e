"""Messages name arguments in Python and options on the command line."""

import ast
import re
from pathlib import Path

import click
import pytest

from w2v.cli.main import cli, run
from w2v.cli.shared.option_names import find_command, with_options

PACKAGE = Path(__file__).parents[3] / "w2v"
# Only the command line meets what these say.
OF_THE_COMMAND_LINE = (
    "cli/", "comparison/", "datasets/", "downstream/labelled_", "explorer/", "machine", "pictures/", "tuning/", "vectors/projection",
)  # fmt: skip


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("give overwrite=True, or another name", "give --overwrite, or another name"),
        ("resume=True goes on", "--resume goes on"),
        ("min_count must be 5 or more", "--min-count must be 5 or more"),
        ("dim must be 3: received dim 4", "--dim must be 3: received dim 4"),
        ("such as alpha=0.01, or held_out=0.04: raise it", "such as --alpha 0.01, or --held-out 0.04: raise it"),
        ("tokenizer='chinese' or tokenizer=\"items\"", "--tokenizer chinese or --tokenizer items"),
        ("separator='|'; separator=' '", "--separator '|'; --separator ' '"),
        ("a smaller dim=, a max_vocabulary", "a smaller --dim, a --max-vocabulary"),
        # no options: a path, a cell, an argument that the command has not, words of the language
        ("/tmp/min_count/x and 'text_field' are no dim", "/tmp/min_count/x and 'text_field' are no dim"),
        ("texts=[...], city=Paris, a window of it", "texts=[...], city=Paris, a window of it"),
    ],
)
def test_arguments_become_options(message: str, shown: str) -> None:
    assert with_options(message, find_command(cli, ["train", "x", "--out", "y"])) == shown


def test_the_command_is_found_within_groups() -> None:
    assert find_command(cli, ["classify", "predict", "model"]).name == "predict"
    assert find_command(cli, ["corpus", "nosuch"]).name == "corpus"
    assert find_command(cli, []) is cli
    assert with_options("dim=3", click.Command("x")) == "dim=3"


def test_files_that_are_called_as_options_keep_their_names() -> None:
    for name in ("dim.txt is no table", "seed-1.txt is no table", "min_count.txt is no table"):
        assert with_options(name, find_command(cli, ["train", "x", "--out", "y"])) == name


def test_an_option_may_have_another_name_than_its_argument() -> None:
    assert with_options("say which with format=, one of", find_command(cli, ["export", "x", "y"])) == "say which with --format, one of"


def test_an_error_speaks_the_language_of_its_caller(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import w2v

    text = tmp_path / "zh.txt"
    text.write_text("我们在北京学习中文\n" * 30, encoding="utf-8")
    with pytest.raises(w2v.errors.CorpusError, match="use tokenizer='chinese', tokenizer='characters', or tokenizer='whitespace' if it"):
        w2v.train(text)
    assert run(["train", str(text), "--out", str(tmp_path / "m")]) == 1
    assert "use --tokenizer chinese, --tokenizer characters, or --tokenizer whitespace if it" in capsys.readouterr().err
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "mine").write_text("x")
    with pytest.raises(w2v.errors.OutputError, match="or add overwrite=True"):
        w2v.train([["a", "b"]] * 30, out=tmp_path / "m")
    assert run(["train", str(text), "--out", str(tmp_path / "m")]) == 1
    assert "or add --overwrite\n" in capsys.readouterr().err
    assert run(["train", str(text), "--out", "m2", "--early-stop", "2"]) == 2
    assert "Error: --early-stop needs a held-out part: set --held-out, such as 0.01" in capsys.readouterr().err


def messages(path: Path) -> list[tuple[int, str]]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body and isinstance(node.body[0], ast.Expr)
    }
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [(node.lineno, node.value) for node in texts if id(node) not in docstrings]


def test_no_message_of_the_library_names_an_option() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{line}: {text}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not str(path.relative_to(PACKAGE)).startswith(OF_THE_COMMAND_LINE)
        for line, text in messages(path)
        if re.search(r"(?:^|[\s(;])--[a-z]", text)
    ]
    assert found == [], "write it as an argument, min_count=1: the command line makes options of those"


@pytest.mark.parametrize(
    "message",
    [
        "sample.txt, line 1: not utf-8",
        "keep does not exist",
        "min_count.csv is a csv file",
        "window-data.txt, line 2: found 2 cells",
        "out.w2v exists already: choose another name",
        "a.csv has no column 'x' (columns: text_field, group_by); where there is no header",
        "https://example.org/?seed=5&min_count=2 does not exist here",
    ],
)
def test_names_of_files_and_columns_are_no_arguments(message):
    assert with_options(message, find_command(cli, ["train"])) == message
