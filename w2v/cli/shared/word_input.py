"""What the commands that answer questions about words share: typed words, stdin, the prompt, JSON as it comes."""

from __future__ import annotations

import bisect
import contextlib
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import click

from w2v.errors import ConfigError, FormatError, UnknownWordError
from w2v.text_tables import printable
from w2v.vectors.word_vectors import WordVectors

BATCH = 1024  # queries answered at a time, and at most so many
BLANKS = " \t\r\n"  # around a query; other white space may belong to a word
_COMPLETIONS = 200  # words offered for a beginning
_HISTORY = 1000  # lines remembered

Resolve = Callable[[str], str]
Entry = dict[str, object]

restrict_option = click.option(
    "--restrict-vocab", type=click.IntRange(min=1), metavar="N", help="Look among the N most frequent words only."
)


def resolver(vectors: WordVectors) -> Resolve:
    """A function from what a user typed to a word of the vocabulary; it raises UnknownWordError."""
    split: Callable[[str], list[str]] | None = None

    def resolve(typed: str) -> str:
        nonlocal split
        word = typed
        if word not in vectors and vectors.tokenizer is not None:
            if split is None:
                from w2v.corpus.tokens.tokenizers import make_tokenizer

                split = make_tokenizer(vectors.tokenizer, vectors.vocabulary).split
            tokens = split(typed)
            word = tokens[0] if len(tokens) == 1 else typed
        if word not in vectors:
            raise UnknownWordError(typed, vectors.vocabulary.close_matches(word))
        return word

    return resolve


def spoken(arguments: Sequence[str]) -> list[str]:
    """Arguments as Unicode: one of other bytes is none."""
    return [argument.encode("utf-8", "replace").decode() for argument in arguments]


def print_unknown(errors: Iterable[UnknownWordError]) -> None:
    """A line on stderr for each unknown word."""
    for error in errors:
        click.echo(printable(f"Error: {error}"), err=True)


def print_json(entries: Iterable[Entry]) -> None:
    """A list, an entry a line, written as the entries come."""
    lead = "["
    for entry in entries:
        click.echo(lead + json.dumps(entry, ensure_ascii=False), nl=False)
        lead = ",\n "
    click.echo("[]" if lead == "[" else "]")


def on_terminal() -> bool:
    """Whether a person is at the other end of stdin."""
    return sys.stdin is not None and sys.stdin.isatty()


def stdin_lines() -> Iterator[str]:
    """The lines of stdin that are not blank.

    Raises
    ------
    FormatError
        a line that is no UTF-8, or no stdin.
    """
    if sys.stdin is None:  # closed by who started us
        raise FormatError("there is no stdin to read words from: name them on the command line")
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            word = line.decode("utf-8-sig" if number == 1 else "utf-8").strip(BLANKS)
        except UnicodeDecodeError as error:
            raise FormatError(f"stdin, line {number}: must be UTF-8 ({error.reason})") from None
        if word:
            yield word


def prompt(label: str, vectors: WordVectors) -> Iterator[str]:
    """Lines typed at a prompt, with those of earlier times and completion of words; Ctrl-D ends it."""
    with _line_editing(vectors):
        while True:
            try:
                line = input(f"{label}> " if sys.stdout.isatty() else "").strip(BLANKS)
            except EOFError:
                click.echo(err=True)
                return
            if line:
                yield from spoken([line])


@contextlib.contextmanager
def _line_editing(vectors: WordVectors) -> Iterator[None]:
    try:
        import readline
    except ImportError:  # Windows has none
        yield
        return
    state = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local", "state")
    history = Path(state) / "w2v" / "history"
    with contextlib.suppress(OSError):
        readline.read_history_file(history)
    readline.set_history_length(_HISTORY)
    readline.set_completer_delims(" \t\n")
    readline.set_completer(completer(vectors.words))
    is_libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(None)
        with contextlib.suppress(OSError):  # a history is a comfort: where it cannot be kept, it is not
            history.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(history)


def completer(words: Sequence[str]) -> Callable[[str, int], str | None]:
    """What readline asks for the words that begin as typed: the most frequent `_COMPLETIONS` ones; sorted when first asked."""
    in_order: list[str] = []
    found: list[str] = []

    def complete(text: str, state: int) -> str | None:
        nonlocal in_order, found
        if state == 0:
            if not in_order:
                in_order = sorted(words)
            start = bisect.bisect_left(in_order, text)
            matching = list(itertools.takewhile(lambda word: word.startswith(text), itertools.islice(in_order, start, None)))
            if len(matching) > _COMPLETIONS:
                chosen = set(matching)
                matching = list(itertools.islice((word for word in words if word in chosen), _COMPLETIONS))
            found = matching
        return found[state] if state < len(found) else None

    return complete


def answer_questions(
    vectors: WordVectors,
    words: Sequence[str],
    label: str,
    as_json: bool,
    parse: Callable[[Sequence[str], str], list[str]],
    answer: Callable[[list[list[str]]], list[Entry]],
    show: Callable[[Entry], str],
) -> bool:
    """Answer one question of `words`, or without words those of the prompt or of stdin, a line each, in batches.

    Parameters
    ----------
    parse : words and where they are from, to known words; it raises UnknownWordError, or ConfigError for a wrong number of words
    answer : questions to entries of the JSON output
    show : an entry to lines for people

    Returns
    -------
    Whether a word was unknown.
    """
    if not words and on_terminal():
        for line in prompt(label, vectors):
            try:
                for entry in answer([parse(split_line(line), "the line")]):
                    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else show(entry))
            except (UnknownWordError, ConfigError) as error:
                click.echo(printable(f"Error: {error}"), err=True)
        return False
    unknown: list[UnknownWordError] = []
    if words:
        questions = iter([(spoken(words), "the question")])
    else:
        questions = ((split_line(line), f"stdin, question {number}:") for number, line in enumerate(stdin_lines(), 1))
    entries = _entries(questions, parse, answer, unknown)
    if as_json:
        print_json(entries)
    else:
        for entry in entries:
            click.echo(show(entry))
    print_unknown(unknown)
    return bool(unknown)


def split_line(line: str) -> list[str]:
    """The words of a line: between tabs where it has one, else between blanks."""
    return [word.strip(BLANKS) for word in line.split("\t")] if "\t" in line else line.split()


def _entries(
    questions: Iterator[tuple[list[str], str]],
    parse: Callable[[Sequence[str], str], list[str]],
    answer: Callable[[list[list[str]]], list[Entry]],
    unknown: list[UnknownWordError],
) -> Iterator[Entry]:
    while batch := list(itertools.islice(questions, BATCH)):
        known = []
        for words, origin in batch:
            try:
                known.append(parse(words, origin))
            except UnknownWordError as error:
                unknown.append(error)
        yield from answer(known)
