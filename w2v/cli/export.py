"""`w2v export`."""

from __future__ import annotations

from pathlib import Path

import click

from w2v.errors import ConfigError
from w2v.formats import check_goal, load, save
from w2v.formats.table import WRITTEN, format_to_write


@click.command()
@click.argument("source", metavar="IN", type=click.Path(exists=True, path_type=Path))
@click.argument("goal", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(WRITTEN), help="Format of OUT [default: by its extension].")
@click.option("--overwrite", is_flag=True, help="Replace OUT if it exists.")
def export(source: Path, goal: Path, format_name: str | None, overwrite: bool) -> None:
    """Write the vectors of IN, a model directory or a file of any known format, to OUT.

    OUT's extension says the format: .txt and .vec are word2vec text, .bin is word2vec binary, .glove is GloVe text (the same
    without a header). With .gz, .bz2, .xz or .zst behind it, OUT is compressed. IN's format is recognized by its contents.

    \b
    w2v export my.w2v my.vec.gz
    w2v export GoogleNews-vectors-negative300.bin.gz news.txt
    """
    try:
        row = format_to_write(goal, format_name)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    check_goal(goal, overwrite=overwrite)
    vectors = load(source, verify=True)
    save(vectors, goal, row.name, overwrite=overwrite)
    click.echo(f"{goal}: {len(vectors):,} words of dim {vectors.dim}, {row.title}", err=True)
