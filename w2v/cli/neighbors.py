"""`w2v neighbors`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.cli.shared.label_options import label_options, load_labels, with_labels
from w2v.cli.shared.word_input import (
    BATCH,
    Entry,
    Questions,
    Resolve,
    print_json,
    print_unknown_words,
    replace_undecodable,
    restrict_option,
)
from w2v.errors import UnknownWordError
from w2v.formats import load
from w2v.text_tables import aligned, printable
from w2v.vectors.nearest import Neighbor
from w2v.vectors.word_labels import Labels

_BATCH_NEIGHBORS = 1_000_000  # neighbors held at a time, of 130 bytes each

NeighborsOfWord = tuple[str, str, list[Neighbor]]  # query, the word that it was taken for, and its neighbors


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
    **label_options_given: Any,
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
    labels = load_labels(vectors, **label_options_given)
    resolve = with_labels(vectors.find, labels)

    def parse(words: Sequence[str], origin: str) -> tuple[str, str]:
        return words[0], resolve(words[0])

    def answer(questions: list[tuple[str, str]]) -> list[NeighborsOfWord]:
        found = vectors.neighbors_of_each([word for _, word in questions], n, restrict_vocab=restrict_vocab)
        return [(query, word, near) for (query, word), near in zip(questions, found, strict=True)]

    def show(answer: NeighborsOfWord) -> str:
        return _show(answer, labels)

    def entry(answer: NeighborsOfWord) -> Entry:
        return _entry(answer, labels)

    if together or negative:
        signed, unknown = _resolve_signed(resolve, replace_undecodable(words), replace_undecodable(negative))
        if not unknown:
            query = " ".join(f"{sign} {word}" for sign, word in signed).removeprefix("+ ")
            positive, others = ([word for sign, word in signed if sign == wanted] for wanted in "+-")
            found = (query, query, vectors.neighbors(positive, others, n, restrict_vocab=restrict_vocab))
            print_json([entry(found)]) if as_json else click.echo(show(found))
        elif as_json:
            print_json([])
        print_unknown_words(unknown)
        has_unknown = bool(unknown)
    else:
        batch = max(1, min(BATCH, _BATCH_NEIGHBORS // n))
        questions = Questions(parse, answer, show, entry, lambda line: [line], batch)
        has_unknown = questions.answer_all(vectors, [[word] for word in words], "word", as_json, separator="\n")
    if has_unknown:
        context.exit(1)


def _resolve_signed(resolve: Resolve, positive: list[str], negative: list[str]) -> tuple[list[tuple[str, str]], list[UnknownWordError]]:
    """The words with their signs, and the errors of the unknown ones."""
    signed, unknown = [], []
    for sign, words in (("+", positive), ("-", negative)):
        for word in words:
            try:
                signed.append((sign, resolve(word)))
            except UnknownWordError as error:
                unknown.append(error)
    return signed, unknown


def _show(answer: NeighborsOfWord, labels: Labels | None) -> str:
    query, word, found = answer
    title = query if query == word else f"{query} -> {word}"
    if labels is not None and labels.of(word) not in (query, word):
        title += f" ({labels.of(word)})"
    names = [(neighbor.word,) if labels is None else (labels.of(neighbor.word), neighbor.word) for neighbor in found]
    rows = [(*name, f"{neighbor.similarity:7.4f}") for name, neighbor in zip(names, found, strict=True)]
    return printable(title) + f"\n{aligned(rows, '  ')}" * bool(rows)


def _entry(answer: NeighborsOfWord, labels: Labels | None) -> Entry:
    query, word, found = answer
    if labels is None:
        return {"query": query, "neighbors": [neighbor._asdict() for neighbor in found]}
    near = [{"word": neighbor.word, "label": labels.of(neighbor.word), "similarity": neighbor.similarity} for neighbor in found]
    return {"query": query, "label": labels.of(word), "neighbors": near}
