"""`w2v train`."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import click

from w2v.cli.options import config_from, config_options, json_option
from w2v.config import CorpusConfig, TrainConfig, foreign_name_hint


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model directory to write.")
@config_options(CorpusConfig)
@config_options(TrainConfig)
@click.option("--threads", type=int, default=None, metavar="N", help="Threads. [default: the cores this process may use]")
@click.option("--resume", is_flag=True, help="Go on with an interrupted training of OUT, or start one.")
@click.option("--overwrite", is_flag=True, help="Replace OUT; the old model stays until the new one is complete.")
@click.option(
    "--config", "config_file", type=click.Path(path_type=Path), help="A TOML file with options by their names; the command line wins."
)
@json_option
def train(
    inputs: tuple[str, ...],
    out: Path,
    threads: int | None,
    resume: bool,
    overwrite: bool,
    config_file: Path | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Train word vectors on text or an encoded corpus.

    INPUT: text files (also .gz, .bz2, .xz, .zst), folders, csv, tsv, jsonl or parquet with --text-field, - for stdin,
    or one encoded corpus. A line is a sentence.
    """
    from w2v.cli.training_progress import TrainingProgress
    from w2v.corpus.encoded import is_encoded_corpus
    from w2v.training.interruption import InterruptedTrainingError
    from w2v.training.run import train as run_training

    if config_file is not None:
        said = {**_read_config(config_file), **{name: value for name, value in said.items() if value is not None}}
    corpus_config: CorpusConfig | None = config_from(CorpusConfig, said)
    train_config = config_from(TrainConfig, said)
    if any(is_encoded_corpus(Path(path)) for path in inputs):
        if len(inputs) > 1:
            raise click.UsageError("an encoded corpus is trained on alone: give one")
        if corpus_config != CorpusConfig():
            raise click.UsageError("an encoded corpus knows how it was read: leave the corpus options away, or give the text")
        corpus_config = None
    if threads is not None and not 1 <= threads <= 1024:
        raise click.UsageError(f"threads must be an integer from 1 to 1024: received {threads}")
    source = inputs[0] if len(inputs) == 1 else list(inputs)
    try:
        with TrainingProgress() as progress:
            trained = run_training(
                source,
                train_config,
                corpus_config=corpus_config,
                out=out,
                threads=threads,
                overwrite=overwrite,
                resume=resume,
                progress=True,
                hooks=progress.hooks,
            )
    except InterruptedTrainingError as stopped:  # caught here because click would turn it into an empty line
        click.echo(str(stopped), err=True)
        raise click.exceptions.Exit(130) from None
    if as_json:
        click.echo(json.dumps(trained.report))
    else:
        click.echo(str(out))


def _read_config(path: Path) -> dict[str, Any]:
    """Options of a TOML file; a name that is no option is refused."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path} is not a TOML file: {error}") from None
    known = set(CorpusConfig.__dataclass_fields__) | set(TrainConfig.__dataclass_fields__)
    for name in values:
        if name not in known:
            raise click.UsageError(f"{path}: {foreign_name_hint(name) or f'{name} is not an option of training'}")
    return values
