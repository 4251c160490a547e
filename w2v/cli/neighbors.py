"""`w2v neighbors`."""

from __future__ import annotations

import contextlib
import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from w2v.cli.options import StoredPath, json_option
from w2v.cli.tables import aligned, printable
from w2v.errors import FormatError, UnknownWordError
from w2v.formats import load
from w2v.vectors.neighbors import Neighbor
from w2v.vectors.word_vectors import WordVectors

_BATCH = 1024  # queries answered at a time, and at most so many
_BATCH_NEIGHBORS = 1_000_000  # neighbors, of 130 bytes each
_BLANKS = " \t\r\n"  # around a query; other white space may belong to a word


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many neighbors of each word.")
@json_option
@click.pass_context
def neighbors(context: click.Context, model: Path, words: tuple[str, ...], n: int, as_json: bool) -> None:
    """Print the words whose vectors are most similar to a word's, with their cosine similarities.

    MODEL is a model directory or a vector file of any known format. A WORD that is not in the vocabulary as it stands is put through
    the model's tokenizer, so that King finds king. Without a WORD: a prompt on a terminal (Ctrl-D ends it), else the lines of stdin,
    a word each.

    \b
    w2v neighbors my.w2v king queen
    w2v neighbors my.w2v --json < words.txt
    """
    vectors = load(model)
    resolve = _resolver(vectors)
    if not words and sys.stdin.isatty():
        for line in _prompt():
            _print_answers(vectors, resolve, [line], n, as_json)
        return
    spoken = [word.encode("utf-8", "replace").decode() for word in words]  # an argument of other bytes is no Unicode
    if _print_answers(vectors, resolve, spoken or _stdin_lines(), n, as_json):
        context.exit(1)


def _resolver(vectors: WordVectors) -> Callable[[str], str]:
    """A function from what a user typed to a word of the vocabulary; it raises UnknownWordError."""
    split: Callable[[str], list[str]] | None = None

    def resolve(typed: str) -> str:
        nonlocal split
        word = typed
        if word not in vectors and vectors.tokenizer is not None:
            if split is None:
                from w2v.corpus.tokenizers import make_tokenizer

                split = make_tokenizer(vectors.tokenizer).split
            tokens = split(typed)
            word = tokens[0] if len(tokens) == 1 else typed
        if word not in vectors:
            raise UnknownWordError(typed, vectors.vocabulary.close_matches(word))
        return word

    return resolve


def _print_answers(vectors: WordVectors, resolve: Callable[[str], str], queries: Iterable[str], n: int, as_json: bool) -> bool:
    """Print the neighbors of the known words, then a line on stderr for each unknown one; whether there were any."""
    unknown: list[UnknownWordError] = []
    answers = _answers(vectors, resolve, queries, n, unknown)
    if as_json:
        _print_json({"query": query, "neighbors": [neighbor._asdict() for neighbor in found]} for query, _, found in answers)
    else:
        for number, (query, word, found) in enumerate(answers):
            title = query if query == word else f"{query} -> {word}"
            rows = [(neighbor.word, f"{neighbor.similarity:7.4f}") for neighbor in found]
            click.echo("\n" * (number > 0) + f"{printable(title)}\n{aligned(rows, '  ')}")
    for error in unknown:
        click.echo(printable(f"Error: {error}"), err=True)
    return bool(unknown)


def _answers(
    vectors: WordVectors, resolve: Callable[[str], str], queries: Iterable[str], n: int, unknown: list[UnknownWordError]
) -> Iterator[tuple[str, str, list[Neighbor]]]:
    """Query, word and neighbors of each known word; the errors of the others are appended to `unknown`."""
    remaining, size = iter(queries), max(1, min(_BATCH, _BATCH_NEIGHBORS // n))
    while batch := list(itertools.islice(remaining, size)):
        known = []
        for query in batch:
            try:
                known.append((query, resolve(query)))
            except UnknownWordError as error:
                unknown.append(error)
        found = vectors.neighbors_of_each([word for _, word in known], n)
        yield from ((query, word, near) for (query, word), near in zip(known, found, strict=True))


def _print_json(entries: Iterable[dict[str, object]]) -> None:
    """A list, an entry a line, written as the entries come."""
    lead = "["
    for entry in entries:
        click.echo(lead + json.dumps(entry, ensure_ascii=False), nl=False)
        lead = ",\n "
    click.echo("[]" if lead == "[" else "]")


def _stdin_lines() -> Iterator[str]:
    for number, line in enumerate(sys.stdin.buffer, 1):
        try:
            word = line.decode("utf-8-sig" if number == 1 else "utf-8").strip(_BLANKS)
        except UnicodeDecodeError as error:
            raise FormatError(f"stdin, line {number}: must be UTF-8 ({error.reason})") from None
        if word:
            yield word


def _prompt() -> Iterator[str]:
    with contextlib.suppress(ImportError):  # Windows has none
        import readline  # noqa: F401  (input() then edits lines and remembers them)
    while True:
        try:
            line = input("word> " if sys.stdout.isatty() else "").strip(_BLANKS)
        except EOFError:
            click.echo(err=True)
            return
        if line:
            yield line
