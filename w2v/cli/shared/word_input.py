"""What the commands that answer questions about words share: typed words, stdin, the prompt, JSON as it comes."""

import contextlib
import functools
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import click

from w2v.errors import ConfigError, FormatError, UnknownWordError
from w2v.text_tables import printable
from w2v.vectors.completion import Completer
from w2v.vectors.evaluation_sets import AnalogySet, PairSet
from w2v.vectors.word_vectors import WordVectors

BATCH = 1024  # queries answered at a time, and at most so many
BLANKS = " \t\r\n"  # around a query; other white space may belong to a word
_COMPLETIONS = 200  # words offered for a beginning
_HISTORY = 1000  # lines remembered

Resolve = Callable[[str], str]
Entry = dict[str, Any]
Question = TypeVar("Question")
Answer = TypeVar("Answer")
TestSetT = TypeVar("TestSetT", bound=PairSet | AnalogySet)

restrict_option = click.option(
    "--restrict-vocab", type=click.IntRange(min=1), metavar="N", help="Look among the N most frequent words only."
)


def split_line(line: str) -> list[str]:
    """The words of a line: between tabs where it has one, else between blanks."""
    return [word.strip(BLANKS) for word in line.split("\t")] if "\t" in line else line.split()


def replace_undecodable(arguments: Sequence[str]) -> list[str]:
    """Arguments of the command line as Unicode: what stands for bytes of no encoding becomes a question mark."""
    return [argument.encode("utf-8", "replace").decode() for argument in arguments]


def print_unknown_words(errors: Iterable[UnknownWordError]) -> None:
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


def print_notes(sets: list[TestSetT]) -> list[TestSetT]:
    """A line on stderr for what is to be said about the files of test sets; the sets."""
    for entry in sets:
        for note in entry.notes:
            click.echo(printable(note), err=True)
    return sets


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
                yield from replace_undecodable([line])


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
    """What readline calls for the words that begin as typed, whatever the case: the most frequent `_COMPLETIONS` ones."""
    sort = functools.cache(lambda: Completer(words))  # at the first call: it takes two seconds for 1,000,000 words
    found: list[int] = []

    def complete(text: str, state: int) -> str | None:
        if state == 0:
            found[:] = sort().complete(text, _COMPLETIONS)
        return words[found[state]] if state < len(found) else None

    return complete


@dataclass(frozen=True)
class Questions(Generic[Question, Answer]):
    """What a command does with the questions that it is given.

    Attributes
    ----------
    parse : words, and where they are from, to a question; it raises UnknownWordError, or ConfigError for a wrong number of words
    answer : questions to their answers
    show : an answer to lines for people
    entry : an answer to an entry of the JSON output
    split : a line to the words of its question
    batch : questions answered at a time
    """

    parse: Callable[[Sequence[str], str], Question]
    answer: Callable[[list[Question]], Iterable[Answer]]
    show: Callable[[Answer], str]
    entry: Callable[[Answer], Entry]
    split: Callable[[str], list[str]] = split_line
    batch: int = BATCH

    def answer_all(self, vectors: WordVectors, given: Sequence[Sequence[str]], label: str, as_json: bool, separator: str = "") -> bool:
        """Answer the given questions, or without one those of the prompt or of stdin, a line each, in batches.

        Parameters
        ----------
        label : of the prompt
        separator : between two answers for people

        Returns
        -------
        Whether a word was unknown; at the prompt its message was printed at once.
        """
        if not given and on_terminal():
            for line in prompt(label, vectors):
                try:
                    for answer in self.answer([self.parse(self.split(line), "the line")]):
                        click.echo(json.dumps(self.entry(answer), ensure_ascii=False) if as_json else self.show(answer))
                except (UnknownWordError, ConfigError) as error:
                    click.echo(printable(f"Error: {error}"), err=True)
            return False
        unknown: list[UnknownWordError] = []
        questions = ((replace_undecodable(words), "the question") for words in given)
        lines = ((self.split(line), f"stdin, question {number}:") for number, line in enumerate(() if given else stdin_lines(), 1))
        answers = self._answers(itertools.chain(questions, lines), unknown)
        if as_json:
            print_json(map(self.entry, answers))
        else:
            for number, answer in enumerate(answers):
                click.echo(separator * (number > 0) + self.show(answer))
        print_unknown_words(unknown)
        return bool(unknown)

    def _answers(self, questions: Iterator[tuple[list[str], str]], unknown: list[UnknownWordError]) -> Iterator[Answer]:
        while batch := list(itertools.islice(questions, self.batch)):
            known = []
            for words, origin in batch:
                try:
                    known.append(self.parse(words, origin))
                except UnknownWordError as error:
                    unknown.append(error)
            yield from self.answer(known)
