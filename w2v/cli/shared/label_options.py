"""Labels of items from a table of the user: the options, and reading it."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.word_input import Resolve
from w2v.errors import CorpusError, UnknownWordError
from w2v.vectors.word_labels import Labels
from w2v.vectors.word_vectors import WordVectors

_Command = Callable[..., Any]

_OPTIONS = (
    click.option(
        "--labels",
        "labels_path",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Show the titles of items: a csv, tsv, jsonl or parquet file that has them.",
    ),
    click.option("--label-key", metavar="FIELD", help="Column or field of FILE that holds the items as the model knows them."),
    click.option("--label-field", metavar="FIELD", help="Column or field of FILE that holds the titles."),
    click.option("--label-delimiter", metavar="TEXT", help="What stands between the cells of FILE. [default: found by its first line]"),
    click.option("--label-encoding", default="utf-8", show_default=True, metavar="NAME", help="Encoding of FILE, such as gb18030."),
)


def label_options(command: _Command) -> _Command:
    """The options that `load_labels` takes."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def load_labels(
    vectors: WordVectors,
    *,
    labels_path: Path | None,
    label_key: str | None,
    label_field: str | None,
    label_delimiter: str | None,
    label_encoding: str,
) -> Labels | None:
    """The labels that the user asked for; how many items have none is a line on stderr.

    Raises
    ------
    click.UsageError
        an option without the others.
    CorpusError
        a file that cannot be read, or has no such column: those that it has are named.
    """
    if labels_path is None and label_key is None and label_field is None:
        return None
    if labels_path is None or label_key is None or label_field is None:
        raise click.UsageError("--labels, --label-key and --label-field go together")
    labels = Labels(vectors.vocabulary, _read(labels_path, label_key, label_field, label_encoding, label_delimiter))
    without = len(vectors) - labels.n_known
    if without:
        click.echo(f"{without:,} of {len(vectors):,} items have no label in {labels_path}: their ids are shown", err=True)
    if labels.n_conflicts:
        click.echo(f"{labels.n_conflicts:,} further labels of items that have one already in {labels_path} are not shown", err=True)
    return labels


def with_labels(resolve: Resolve, labels: Labels | None) -> Resolve:
    """What a user typed may be a label too."""
    if labels is None:
        return resolve

    def resolve_either(typed: str) -> str:
        try:
            return resolve(typed)
        except UnknownWordError:
            return labels.find(typed)

    return resolve_either


def _read(path: Path, key: str, field: str, encoding: str, delimiter: str | None) -> Iterator[tuple[str, str]]:
    from w2v.corpus.reading.table_rows import read_table

    try:
        yield from read_table(path, key, field, encoding, delimiter)
    except CorpusError as error:
        # The reader advises to take its own option, behind the name of the file.
        name = os.fsencode(path).decode(errors="replace")
        found, name, advice = str(error).partition(name)
        advice = re.sub(r"\b(encoding|delimiter)=", r"label_\1=", advice.partition("; to go on anyway")[0])
        raise CorpusError(f"{found}{name}{advice}") from None
