"""docs/text-rules.md: every example is what the tokenizers give."""

import doctest
import re
from pathlib import Path

import pytest

from w2v.config import CorpusConfig
from w2v.corpus.tokens.tokenizers import make_tokenizer

PAGE = Path(__file__).parents[3] / "docs" / "text-rules.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and line.count("`") >= 4
]


def code(cell: str) -> list[str]:
    return re.findall("`([^`]+)`", cell)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_of_a_table(row: list[str]) -> None:
    *head, text, tokens = row
    options = {}
    if head[0].startswith("`--"):
        name, value = code(head[0])[0].split()
        options[name.removeprefix("--").replace("-", "_")] = value
    elif len(head) == 2:
        options["tokenizer"] = code(head[1])[0]
    if options.get("tokenizer") == "chinese":
        pytest.importorskip("rjieba", reason="rjieba is not installed")
    assert make_tokenizer(CorpusConfig(**options)).split(code(text)[0]) == code(tokens)


def test_ten_scripts_are_shown() -> None:
    assert len(ROWS) >= 14


def test_the_python_of_the_page() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert (failed, tried > 5) == (0, True)
