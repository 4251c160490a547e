"""What the commands of `w2v classify` share: the labelled texts and the vectors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.shared.config_options import StoredPath, config_from, config_options
from w2v.config import CorpusConfig
from w2v.text_tables import printable

if TYPE_CHECKING:
    from w2v.downstream.labelled_texts import LabelledTexts

_READING = frozenset({"encoding", "errors", "text_field", "delimiter"})
_SHOWN_LABELS = 10
LabelledPath = tuple[str | None, Path]
vectors_option = click.option(
    "--vectors", type=StoredPath(), required=True, metavar="MODEL", help="Word vectors: a model, or a vector file that names its tokenizer."
)


class DataPath(click.ParamType[LabelledPath]):
    """FILE, or LABEL=FILE where there is no file of that whole name."""

    name = "data"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> LabelledPath:
        file = click.Path(exists=True, dir_okay=False, path_type=Path)
        label, sign, path = str(value).partition("=")
        if not sign or Path(value).exists():
            return None, file.convert(value, param, ctx)
        if not label.strip():
            self.fail(f"the label before = is blank: {value!r}", param, ctx)
        return label.strip(), file.convert(path, param, ctx)


def corpus_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that say how files are read."""
    skipped = frozenset(CorpusConfig.__dataclass_fields__) - _READING
    label = click.option("--label-field", metavar="TEXT", help="Field of a csv, tsv or jsonl file that holds the label. [default: guessed]")
    return config_options(CorpusConfig, skip=skipped)(label(command))


def read_data(data: Sequence[LabelledPath], options: dict[str, Any], label_field: str | None) -> LabelledTexts:
    """Read the files, and say on stderr what was guessed and found."""
    from w2v.downstream.labelled_texts import read_labelled

    config = config_from(CorpusConfig, {name: options[name] for name in _READING})
    labelled = read_labelled(data, config, label_field)
    for note in labelled.notes:
        click.echo(printable(note), err=True)
    counts = labelled.counts()
    shown = ", ".join(f"{label} {n:,}" for label, n in list(counts.items())[:_SHOWN_LABELS])
    more = ", …" if len(counts) > _SHOWN_LABELS else ""
    click.echo(printable(f"{len(labelled.texts):,} texts, {len(counts):,} labels: {shown}{more}"), err=True)
    return labelled
