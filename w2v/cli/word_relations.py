"""`w2v similarity`, `w2v analogy`, `w2v odd-one-out` and `w2v mean-vector`."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path

import click

from w2v.cli.shared.config_options import StoredPath, json_option
from w2v.cli.shared.word_input import Entry, Questions, restrict_option
from w2v.errors import ConfigError, UnknownWordError
from w2v.formats import load
from w2v.text_tables import aligned, printable
from w2v.vectors.word_vectors import ANALOGY_METHODS, WordVectors

_ONE_OR_MORE, _THREE_OR_MORE = range(1, 1_000_000), range(3, 1_000_000)


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("words", nargs=-1, metavar="[A B]")
@click.option("--rank", "with_rank", is_flag=True, help="Tell also which neighbor of A the word B is: 1 is the nearest.")
@click.option(
    "--closer", "with_closer", is_flag=True, help="List also the words that are more similar to A than B is, the most frequent first."
)
@json_option
@click.pass_context
def similarity(context: click.Context, model: Path, words: tuple[str, ...], with_rank: bool, with_closer: bool, as_json: bool) -> None:
    """Print the cosine similarity of two words, or of the means of two groups of words.

    MODEL is a model directory or a vector file of any known format. A group is several words in quotes. Without A and B: a prompt on a
    terminal (Ctrl-D ends it), else the lines of stdin, two words each, with a tab between them where they are groups.

    \b
    w2v similarity my.w2v king queen
    w2v similarity my.w2v "king queen" "man woman"
    w2v similarity my.w2v --json < pairs.txt
    """
    _check_number(words, (2,))
    vectors = load(model)
    resolve = vectors.find

    def parse(words: Sequence[str], origin: str) -> list[str]:
        _check_number(words, (2,), origin)
        for word in words:
            _members(vectors, resolve, word)
        return list(words)

    def answer(questions: list[list[str]]) -> list[Entry]:
        members = [[_members(vectors, resolve, side) for side in question] for question in questions]
        single = [(a[0], b[0]) for a, b in members if len(a) == len(b) == 1]
        values = iter(vectors.similarities(single).tolist())
        entries: list[Entry] = []
        for (a, b), (left, right) in zip(questions, members, strict=True):
            is_pair = len(left) == len(right) == 1
            entry: Entry = {"a": a, "b": b, "similarity": next(values) if is_pair else vectors.n_similarity(left, right)}
            if with_rank:
                entry["rank"] = vectors.rank(left[0], right[0]) if is_pair else None
            if with_closer:
                entry["closer"] = vectors.closer_than(left[0], right[0]) if is_pair else None
            entries.append(entry)
        return entries

    def show(entry: Entry) -> str:
        rank = f"  neighbor {entry['rank']:,}" if entry.get("rank") else ""
        closer = f"\n  closer: {' '.join(entry['closer']) or 'none'}" if entry.get("closer") is not None else ""
        return "\n".join(map(printable, f"{entry['a']}  {entry['b']}  {entry['similarity']:.4f}{rank}{closer}".split("\n")))

    if Questions(parse, answer, show, dict).answer_all(vectors, [words] if words else [], "two words", as_json):
        context.exit(1)


@click.command()
@click.argument("model", type=StoredPath())
@click.argument("words", nargs=-1, metavar="[A B C]")
@click.option("-n", "n", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many answers.")
@click.option(
    "--method", type=click.Choice(ANALOGY_METHODS), default=ANALOGY_METHODS[0], show_default=True, help="Sums or products of similarities."
)
@restrict_option
@json_option
@click.pass_context
def analogy(
    context: click.Context, model: Path, words: tuple[str, ...], n: int, method: str, restrict_vocab: int | None, as_json: bool
) -> None:
    """Answer: A is to B as C is to ?

    MODEL is a model directory or a vector file of any known format. Without words: a prompt on a terminal (Ctrl-D ends it), else the
    lines of stdin, three words each.

    \b
    w2v analogy my.w2v man king woman
    w2v analogy my.w2v --json --method 3cosmul < questions.txt
    """
    _check_number(words, (3,))
    vectors = load(model)
    title = "similarity" if method == "3cosadd" else "score"

    def answer(questions: list[list[str]]) -> list[Entry]:
        triples = [(a, b, c) for a, b, c in questions]
        found = vectors.analogies(triples, n, method=method, restrict_vocab=restrict_vocab)
        return [
            {"a": a, "b": b, "c": c, "answers": [{"word": word, title: value} for word, value in near]}
            for (a, b, c), near in zip(triples, found, strict=True)
        ]

    def show(entry: Entry) -> str:
        rows = [(found["word"], f"{found[title]:7.4f}") for found in entry["answers"]]
        return printable(f"{entry['a']} is to {entry['b']} as {entry['c']} is to") + f"\n{aligned(rows, '  ')}" * bool(rows)

    if Questions(_parser(vectors, (3,)), answer, show, dict).answer_all(vectors, [words] if words else [], "three words", as_json):
        context.exit(1)


@click.command("odd-one-out")
@click.argument("model", type=StoredPath())
@click.argument("words", nargs=-1, metavar="[WORD]...")
@json_option
@click.pass_context
def odd_one_out(context: click.Context, model: Path, words: tuple[str, ...], as_json: bool) -> None:
    """Print which of three words or more is least similar to their mean.

    MODEL is a model directory or a vector file of any known format. Without words: a prompt on a terminal (Ctrl-D ends it), else the
    lines of stdin, a question each.

    \b
    w2v odd-one-out my.w2v breakfast lunch dinner physics
    """
    _check_number(words, _THREE_OR_MORE)
    vectors = load(model)

    def answer(questions: list[list[str]]) -> list[Entry]:
        ordered = [vectors.by_centrality(question) for question in questions]
        return [
            {"words": question, "odd": found[-1].word, "centrality": [near._asdict() for near in found]}
            for question, found in zip(questions, ordered, strict=True)
        ]

    def show(entry: Entry) -> str:
        scores = ", ".join(f"{near['word']} {near['similarity']:.4f}" for near in entry["centrality"])
        return printable(f"{entry['odd']}  ({scores})")

    if Questions(_parser(vectors, _THREE_OR_MORE), answer, show, dict).answer_all(vectors, [words] if words else [], "words", as_json):
        context.exit(1)


@click.command("mean-vector")
@click.argument("model", type=StoredPath())
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--whole", is_flag=True, help="Take the words' vectors as they are, instead of scaled to length 1.")
@json_option
@click.pass_context
def mean_vector(context: click.Context, model: Path, words: tuple[str, ...], whole: bool, as_json: bool) -> None:
    """Print the mean of the vectors of words, numbers with a space between.

    MODEL is a model directory or a vector file of any known format. Without words: a prompt on a terminal (Ctrl-D ends it), else the
    lines of stdin, a mean each.

    \b
    w2v mean-vector my.w2v breakfast lunch dinner
    """
    vectors = load(model)

    def answer(questions: list[list[str]]) -> list[Entry]:
        means = [vectors.mean_vector(question, pre_normalize=not whole) for question in questions]
        return [{"words": question, "vector": mean.tolist()} for question, mean in zip(questions, means, strict=True)]

    def show(entry: Entry) -> str:
        return " ".join(f"{number:.9g}" for number in entry["vector"])

    if Questions(_parser(vectors, _ONE_OR_MORE), answer, show, dict).answer_all(vectors, [words] if words else [], "words", as_json):
        context.exit(1)


def _parser(vectors: WordVectors, numbers: Sequence[int]) -> Callable[[Sequence[str], str], list[str]]:
    resolve = vectors.find

    def parse(words: Sequence[str], origin: str) -> list[str]:
        _check_number(words, numbers, origin)
        return [resolve(word) for word in words]

    return parse


def _members(vectors: WordVectors, resolve: Callable[[str], str], typed: str) -> list[str]:
    """The words of a group, or the word or phrase that `typed` is as a whole."""
    parts = typed.split()
    if len(parts) < 2 or typed in vectors:
        return [resolve(typed)]
    if vectors.tokenizer is not None and vectors.tokenizer.phrases:
        with contextlib.suppress(UnknownWordError):
            return [resolve(typed)]
    return [resolve(part) for part in parts]


def _check_number(words: Sequence[str], numbers: Sequence[int], origin: str | None = None) -> None:
    """Refuse another number of words: as a wrong use of the command where no `origin` of a line is given, else as a ConfigError."""
    if len(words) in numbers or (not words and origin is None):
        return
    wanted = f"{numbers[0]} words" if len(numbers) == 1 else f"at least {numbers[0]} words"
    if origin is None:
        raise click.UsageError(f"a question has {wanted}: received {len(words)}")
    raise ConfigError(f"{origin} must have {wanted}: found {len(words)}")
