"""`w2v categories`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.cli.shared.option_names import with_options
from w2v.config import ENCODING_ERRORS, CorpusConfig, TrainConfig
from w2v.text_tables import aligned

if TYPE_CHECKING:
    from w2v.corpus.category_tokens import Categories
    from w2v.vocabulary import Vocabulary

_DIM = 16  # a table has tens or thousands of categories, a text has a hundred times as many words


@click.command()
@click.argument("table", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model directory to write; OUT.fields.json goes beside it.")
@click.option("--fields", metavar="A,B,…", help="Columns to take, at least two. [default: all]")
@click.option(
    "--numbers", metavar="A,B,…", help="Those that become ranges. [default: where every cell is a number, and more than 10 differ]"
)
@click.option("--no-numbers", is_flag=True, help="Take every number as a category.")
@click.option("--bins", type=click.IntRange(min=2), default=5, show_default=True, metavar="N", help="Most ranges of a column of numbers.")
@click.option(
    "--delimiter", "--separator", metavar="TEXT", help="What stands between two cells, such as ; or tab. [default: found by the first line]"
)
@click.option("--encoding", default="utf-8", show_default=True, help="Encoding of the table.")
@click.option("--errors", type=click.Choice(ENCODING_ERRORS), default="strict", show_default=True, help="What broken bytes do.")
@click.option("--min-count", type=int, default=1, show_default=True, metavar="N", help="Categories of fewer rows are dropped.")
@click.option("--dim", type=int, default=_DIM, show_default=True, metavar="N", help="Length of a vector, 1 to 1024.")
@config_options(TrainConfig, skip=frozenset({"dim", "window", "fixed_window"}))
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Threads. [default: the cores this process may use]")
@click.option("--resume", is_flag=True, help="Go on with an interrupted training of OUT, or start one.")
@click.option("--overwrite", is_flag=True, help="Replace OUT; the old model stays until the new one is complete.")
@json_option
def categories(
    table: Path,
    out: Path,
    fields: str | None,
    numbers: str | None,
    no_numbers: bool,
    bins: int,
    delimiter: str | None,
    encoding: str,
    errors: str,
    min_count: int,
    dim: int,
    threads: int | None,
    resume: bool,
    overwrite: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Train vectors of the categories in a table, such as cities and jobs.

    TABLE: a csv, tsv, jsonl or parquet file, or text in columns. Each cell becomes a token, city=Berlin; numbers become ranges that hold
    about as many rows each, age=31..45; the tokens of a row are contexts of one another. What w2v does with words it then does with
    categories.

    \b
    w2v categories customers.csv --out customers.w2v
    w2v neighbors customers.w2v city=Berlin
    w2v export customers.w2v layer --format keras
    """
    from w2v.cli.shared.training_progress import TrainingProgress
    from w2v.corpus.category_tokens import read_categories
    from w2v.formats import check_goal
    from w2v.training.run import train
    from w2v.training.stopping import InterruptedTrainingError

    if numbers and no_numbers:
        raise click.UsageError("give --numbers or --no-numbers, not both")
    train_config = config_from(TrainConfig, {**options, "dim": dim, "window": "session"})
    reading: dict[str, Any] = {"delimiter": delimiter, "encoding": encoding, "errors": errors}
    corpus_config = config_from(CorpusConfig, {**reading, "tokenizer": "items", "min_count": min_count})
    wanted = () if no_numbers else _names(numbers)
    beside = out.with_name(f"{out.name}.fields.json")
    if not out.exists():  # else the training says what it thinks of it
        check_goal(beside, overwrite=overwrite or resume)
    read, rows = read_categories(table, _names(fields), numbers=wanted, bins=bins, **reading)
    try:
        with TrainingProgress() as progress:
            trained = train(
                rows,
                train_config,
                corpus_config=corpus_config,
                out=out,
                threads=threads,
                resume=resume,
                overwrite=overwrite,
                hooks=progress.hooks,
            )
    except InterruptedTrainingError as stopped:  # caught here because click would turn it into an empty line
        click.echo(with_options(str(stopped), click.get_current_context().command), err=True)
        raise click.exceptions.Exit(130) from None
    read.save(beside)
    report = _report(read, trained.vocabulary, dim)
    if as_json:
        click.echo(json.dumps({"path": str(out), "fields_path": str(beside), "rows": len(rows), "fields": report}, ensure_ascii=False))
        return
    head = ["field", "holds", "values", "bytes as one-hot", "bytes as vectors"]
    cells = [[f"{entry[key]:,}" for key in ("values", "one_hot_bytes", "vector_bytes")] for entry in report]
    click.echo(aligned([head, *([entry["field"], _holds(entry), *row] for entry, row in zip(report, cells, strict=True))]))


def _names(written: str | None) -> list[str] | None:
    return None if written is None else [name.strip() for name in written.split(",") if name.strip()]


def _report(read: Categories, vocabulary: Vocabulary, dim: int) -> list[dict[str, Any]]:
    """For each field its number of values, and the bytes of a table of them, float32."""
    report = []
    for field in read.fields:
        n = sum(word.startswith(f"{field}=") for word in vocabulary.words)
        entry = {"field": field, "values": n, "borders": list(read.borders[field]) if field in read.borders else None}
        report.append({**entry, "one_hot_bytes": 4 * n * n, "vector_bytes": 4 * n * dim})
    return report


def _holds(entry: dict[str, Any]) -> str:
    if entry["borders"] is None:
        return "categories"
    return "numbers, cut at " + ", ".join(f"{border:g}" for border in entry["borders"])
