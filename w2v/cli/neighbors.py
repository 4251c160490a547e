"""`w2v neighbors`."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.cli.shared.label_options import label_options, load_labels, with_labels
from w2v.cli.shared.word_input import (
    BATCH,
    Entry,
    Resolve,
    on_terminal,
    print_json,
    print_unknown,
    prompt,
    resolver,
    restrict_option,
    spoken,
    stdin_lines,
)
from w2v.errors import UnknownWordError
from w2v.formats import load
from w2v.text_tables import aligned, printable
from w2v.vectors.nearest import Neighbor
from w2v.vectors.word_labels import Labels
from w2v.vectors.word_vectors import WordVectors

_BATCH_NEIGHBORS = 1_000_000  # neighbors held at a time, of 130 bytes each

Answer = tuple[str, str, list[Neighbor]]  # query, the word that it was taken for, and its neighbors


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many neighbors of each word.")
@click.option("--together", is_flag=True, help="Ask once, for neighbors of the mean of all WORDs.")
@click.option("--negative", multiple=True, metavar="WORD", help="A word to go away from: with --together, which it implies.")
@restrict_option
@label_options
@json_option
@click.pass_context
def neighbors(
    context: click.Context,
    /,
    model: Path,
    words: tuple[str, ...],
    n: int,
    together: bool,
    negative: tuple[str, ...],
    restrict_vocab: int | None,
    as_json: bool,
    **label_said: Any,
) -> None:
    """Print the words whose vectors are most similar to a word's, with their cosine similarities.

    MODEL is a model directory or a vector file of any known format. A WORD that is not in the vocabulary as it stands is put through
    the model's tokenizer, so that King finds king. Without a WORD: a prompt on a terminal (Tab completes words, Ctrl-D ends it), else
    the lines of stdin, a word each.

    \b
    w2v neighbors my.w2v king queen
    w2v neighbors my.w2v king woman --negative man
    w2v neighbors my.w2v --json < words.txt
    w2v neighbors films.w2v 318 --labels films.csv --label-key id --label-field title
    """
    if together and not words:
        raise click.UsageError("--together needs WORDs")
    vectors = load(model)
    labels = load_labels(vectors, **label_said)
    resolve = with_labels(resolver(vectors), labels)
    if together or negative:
        answers, unknown = _together(vectors, resolve, spoken(words), spoken(negative), n, restrict_vocab)
        _print(answers, as_json, labels)
        print_unknown(unknown)
        if unknown:
            context.exit(1)
        return
    if not words and on_terminal():
        for line in prompt("word", vectors):
            _print_answers(vectors, resolve, [line], n, restrict_vocab, as_json, labels)
        return
    if _print_answers(vectors, resolve, spoken(words) or stdin_lines(), n, restrict_vocab, as_json, labels):
        context.exit(1)


def _together(
    vectors: WordVectors, resolve: Resolve, positive: list[str], negative: list[str], n: int, restrict_vocab: int | None
) -> tuple[list[Answer], list[UnknownWordError]]:
    """One answer to all words, or none and the errors of the unknown ones."""
    unknown, signed = [], []
    for sign, words in (("+", positive), ("-", negative)):
        for word in words:
            try:
                signed.append((sign, resolve(word)))
            except UnknownWordError as error:
                unknown.append(error)
    if unknown:
        return [], unknown
    query = " ".join(f"{sign} {word}" for sign, word in signed).removeprefix("+ ")
    parts = [[word for sign, word in signed if sign == wanted] for wanted in "+-"]
    return [(query, query, vectors.neighbors(parts[0], parts[1], n, restrict_vocab=restrict_vocab))], []


def _print_answers(
    vectors: WordVectors,
    resolve: Resolve,
    queries: Iterable[str],
    n: int,
    restrict_vocab: int | None,
    as_json: bool,
    labels: Labels | None,
) -> bool:
    """Print the neighbors of the known words, then a line on stderr for each unknown one; whether there were any."""
    unknown: list[UnknownWordError] = []
    _print(_answers(vectors, resolve, queries, n, restrict_vocab, unknown), as_json, labels)
    print_unknown(unknown)
    return bool(unknown)


def _print(answers: Iterable[Answer], as_json: bool, labels: Labels | None) -> None:
    if as_json:
        print_json(_entry(answer, labels) for answer in answers)
        return
    for number, (query, word, found) in enumerate(answers):
        title = query if query == word else f"{query} -> {word}"
        if labels is not None and labels.of(word) not in (query, word):
            title += f" ({labels.of(word)})"
        names = [(neighbor.word,) if labels is None else (labels.of(neighbor.word), neighbor.word) for neighbor in found]
        rows = [(*name, f"{neighbor.similarity:7.4f}") for name, neighbor in zip(names, found, strict=True)]
        click.echo("\n" * (number > 0) + printable(title) + f"\n{aligned(rows, '  ')}" * bool(rows))


def _entry(answer: Answer, labels: Labels | None) -> Entry:
    query, word, found = answer
    if labels is None:
        return {"query": query, "neighbors": [neighbor._asdict() for neighbor in found]}
    near = [{"word": neighbor.word, "label": labels.of(neighbor.word), "similarity": neighbor.similarity} for neighbor in found]
    return {"query": query, "label": labels.of(word), "neighbors": near}


def _answers(
    vectors: WordVectors,
    resolve: Resolve,
    queries: Iterable[str],
    n: int,
    restrict_vocab: int | None,
    unknown: list[UnknownWordError],
) -> Iterator[Answer]:
    """Query, word and neighbors of each known word; the errors of the others are appended to `unknown`."""
    remaining, size = iter(queries), max(1, min(BATCH, _BATCH_NEIGHBORS // n))
    while batch := list(itertools.islice(remaining, size)):
        known = []
        for query in batch:
            try:
                known.append((query, resolve(query)))
            except UnknownWordError as error:
                unknown.append(error)
        found = vectors.neighbors_of_each([word for _, word in known], n, restrict_vocab=restrict_vocab)
        yield from ((query, word, near) for (query, word), near in zip(known, found, strict=True))
