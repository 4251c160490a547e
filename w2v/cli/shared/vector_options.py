"""Options of the commands that read a vector file to write another: which rows, and what to do with a damaged file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from w2v.config import ENCODING_ERRORS
from w2v.errors import ConfigError, FormatError
from w2v.formats import load
from w2v.formats.read_options import DEFAULT_RATIO
from w2v.text_tables import printable
from w2v.vectors.word_vectors import WordVectors

_Command = Callable[..., Any]

_OPTIONS = (
    click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read the first N words only."),
    click.option(
        "--words",
        "words_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Keep only the words of FILE, one a line, in UTF-8.",
    ),
    click.option("--normalize", is_flag=True, help="Scale each vector to length 1."),
    click.option("--repair", is_flag=True, help="Load what can be loaded of a damaged file, and print every change."),
    click.option(
        "--errors",
        type=click.Choice(ENCODING_ERRORS),
        default="strict",
        show_default=True,
        help="What bytes that are not UTF-8 do: stop, or become U+FFFD.",
    ),
    click.option(
        "--max-ratio",
        type=click.IntRange(min=1),
        default=DEFAULT_RATIO,
        show_default=True,
        metavar="N",
        help="Compressed content larger than N times its file is refused as a decompression bomb.",
    ),
)


def read_options(command: _Command) -> _Command:
    """The options that `load_vectors` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def load_vectors(path: Path, format_name: str | None, *, words_path: Path | None, repair: bool, **options: Any) -> WordVectors:
    """Load vectors with the options of a command; each change of a repair is a line on stderr.

    Parameters
    ----------
    options : the others of `read_options`, as `load` takes them

    Raises
    ------
    FormatError
        a damaged file, or one that has none of the words.
    """
    words = None if words_path is None else _read_words(words_path)
    n_changes = 0

    def report(change: str) -> None:
        nonlocal n_changes
        n_changes += 1
        click.echo(printable(f"Changed: {change}"), err=True)

    vectors = load(path, format_name, words=words, repair=repair, on_change=report, verify=True, **options)
    if n_changes:
        click.echo(f"{n_changes:,} {'change' if n_changes == 1 else 'changes'} to {path}", err=True)
    elif repair:
        click.echo(f"nothing to repair in {path}", err=True)
    if words is not None and len(vectors) < len(words):
        click.echo(f"{len(words) - len(vectors):,} of the {len(words):,} words of {words_path} are not in {path}", err=True)
    return vectors


def _read_words(path: Path) -> frozenset[str]:
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} must be UTF-8, a word a line: byte {error.start} is not ({error.reason})") from None
    words = frozenset(line.removesuffix("\r") for line in lines) - {""}
    if not words:
        raise FormatError(f"{path} must hold words, one a line: it has none")
    return words


def load_tokenized_vectors(path: Path, option: str) -> WordVectors:
    """Vectors that say how texts become tokens; a ConfigError tells how others are made to. `option` is how they were given."""
    vectors = load(path)
    if vectors.tokenizer is None:
        remedy = f"run w2v import {path} MODEL --tokenizer words (or as they were trained), and give {option}"
        raise ConfigError(f"word vectors must say how texts become tokens, which {path} does not: {remedy}")
    return vectors
