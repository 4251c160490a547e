"""`w2v train`."""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.shared.config_options import StoredPath, config_from, config_options, json_option
from w2v.cli.shared.graph_options import graph_options, take_graph_options, walked
from w2v.cli.shared.option_names import with_options
from w2v.config import CLASSIC, CorpusConfig, TrainConfig, foreign_name_hint
from w2v.errors import ConfigError
from w2v.storage import existing_directory

if TYPE_CHECKING:
    from w2v.corpus.encoded_corpus import EncodedCorpus
    from w2v.vectors.evaluation_sets import AnalogySet, PairSet


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="The model directory to write.")
@config_options(CorpusConfig)
@config_options(TrainConfig)
@click.option(
    "--threads",
    type=int,
    default=None,
    metavar="N",
    help="Threads. [default: the cores that this process may use, or its container has the time of]",
)
@click.option(
    "--device",
    type=click.Choice(["cpu", "cuda"]),
    default="cpu",
    show_default=True,
    help="What trains: the CPU, or one NVIDIA card (docs/cuda.md).",
)
@click.option(
    "--checkpoint-every",
    default=None,
    metavar="30s|10m|5spans",
    help="Most time, or spans, between two checkpoints; one is also saved after an epoch where that is cheap. [default: 10m]",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with an interrupted training of OUT, or start one; with more --epochs also with a finished one: its learning rate then "
    "goes on along the line of all epochs.",
)
@click.option(
    "--init-from",
    type=StoredPath(),
    metavar="MODEL",
    help="Grow MODEL: its words keep their vectors to start from, new words are added. Says also the dim and how text is read.",
)
@click.option(
    "--evaluate",
    "evaluated",
    multiple=True,
    metavar="bundled|FILE",
    help="Evaluate after each epoch: the sets that gensim carries, or a file of pairs or analogies. May be given several times.",
)
@click.option("--walks", is_flag=True, help="INPUT is a graph: train on random walks (DeepWalk, node2vec); dim 128, window 10.")
@click.option("--walks-on-the-fly", is_flag=True, help="Make the walks while training, fresh ones in each epoch; none are stored.")
@graph_options
@click.option("--classic", is_flag=True, help="word2vec's own settings where you give no others: sample 1e-3, 5 epochs, no bias of logits.")
@click.option("--overwrite", is_flag=True, help="Replace OUT; the old model stays until the new one is complete.")
@click.option(
    "--config",
    "config_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with corpus and model options by their names; the command line wins.",
)
@json_option
def train(
    inputs: tuple[str, ...],
    out: Path,
    threads: int | None,
    device: str,
    checkpoint_every: str | None,
    resume: bool,
    init_from: Path | None,
    evaluated: tuple[str, ...],
    walks: bool,
    walks_on_the_fly: bool,
    classic: bool,
    overwrite: bool,
    config_file: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Train word vectors on text or an encoded corpus.

    INPUT: text files (also .gz, .bz2, .xz, .zst), folders, csv, tsv, jsonl or parquet with --text-field, - for stdin,
    or one encoded corpus. A line is a sentence. Events (clicks, purchases) become sequences of items with --group-by and --item-field.

    \b
    w2v train my.txt --out my.w2v
    w2v train friends.edges --walks --out friends.w2v
    w2v train clicks.csv --group-by user --item-field item --order-by time --window session --out items.w2v
    """
    from w2v.cli.shared.training_progress import TrainingProgress
    from w2v.corpus.encoded_corpus import is_encoded_corpus
    from w2v.corpus.reading.sources import STDIN
    from w2v.machine import checked_threads, describe_cores
    from w2v.training.checkpoints.checkpoint_writer import DEFAULT_SCHEDULE, CheckpointSchedule
    from w2v.training.run import train as run_training
    from w2v.training.stopping import InterruptedTrainingError

    for path in inputs:  # not click's own check: a training that goes on may have all it needs, wherever the text is by now
        if not path or not (resume or path == STDIN or existing_directory(Path(path)).exists()):
            raise click.UsageError(f"there is no INPUT {path!r}")
    of_graph, walks = take_graph_options(options), walks or walks_on_the_fly
    if of_graph and not walks:
        raise click.UsageError(f"{next(iter(of_graph))}= goes with walks=True")
    given = {name: value for name, value in options.items() if value is not None}
    if config_file is not None:
        given = {**_read_config(config_file), **given}
    defaults = {**(CLASSIC if classic else {}), **({"dim": 128, "window": 10} if walks else {})}  # of walks as in the papers
    given = {**defaults, **given}
    if walks:
        of_graph |= {name: given.pop(name) for name in ("separator",) if name in given}
    is_encoded = any(is_encoded_corpus(Path(path)) for path in inputs)
    if init_from is not None:
        given = {**_initial_options(init_from, is_encoded), **given}
    corpus_config: CorpusConfig | None = config_from(CorpusConfig, given)
    train_config = config_from(TrainConfig, given)
    checkpoint_every = checkpoint_every or DEFAULT_SCHEDULE
    try:
        CheckpointSchedule.parse(checkpoint_every)
        checked_threads(threads)
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    if is_encoded:
        if len(inputs) > 1:
            raise click.UsageError("an encoded corpus is trained on alone: give one")
        if any(name in given for name in CorpusConfig.__dataclass_fields__):
            raise click.UsageError("an encoded corpus knows how it was read: leave the corpus options away, or give the text")
        corpus_config = None
    source: str | list[str] | EncodedCorpus = inputs[0] if len(inputs) == 1 else list(inputs)
    try:
        click.echo(f"threads: {describe_cores() if threads is None else threads}", err=True)
        with contextlib.ExitStack() as stack, TrainingProgress() as progress:
            if walks:
                if len(inputs) > 1 or any(name in given for name in CorpusConfig.__dataclass_fields__):
                    raise click.UsageError("--walks takes one file of edges and no corpus options")
                needed = {"held_out": train_config.held_out > 0, "init_from": init_from is not None, "device": device == "cuda"}
                _refuse_unstored(walks_on_the_fly, needed)
                walking = walked(Path(inputs[0]), of_graph, train_config.seed, threads, walks_on_the_fly)
                source, corpus_config = stack.enter_context(walking), None
            trained = run_training(
                source,
                train_config,
                corpus_config=corpus_config,
                out=out,
                threads=threads,
                device=device,
                overwrite=overwrite,
                resume=resume,
                init_from=init_from,
                checkpoint_every=checkpoint_every,
                evaluate=_read_sets(evaluated),
                progress=True,
                hooks=progress.hooks,
            )
    except InterruptedTrainingError as stopped:  # caught here because click would turn it into an empty line
        click.echo(with_options(str(stopped), click.get_current_context().command), err=True)
        raise click.exceptions.Exit(130) from None
    if as_json:
        click.echo(json.dumps(trained.report))
    else:
        click.echo(str(out))


def _refuse_unstored(on_the_fly: bool, needed: dict[str, bool]) -> None:
    """What needs walks that are stored is known before any are made."""
    for name, is_needed in needed.items():
        if on_the_fly and is_needed:
            raise click.UsageError(f"{name} needs walks that are stored: leave walks_on_the_fly away")


def _read_sets(named: Sequence[str]) -> list[PairSet | AnalogySet]:
    from w2v.cli.shared.word_input import print_notes
    from w2v.vectors.evaluation_sets import bundled_sets, load_set

    sets: list[PairSet | AnalogySet] = []
    for name in named:
        if name == "bundled":
            pairs, analogies = bundled_sets()
            sets += [*pairs, *analogies]
        elif Path(name).is_file():
            sets += print_notes([load_set(name)])
        else:
            raise click.UsageError(f"evaluate must be bundled, or a file of pairs or analogies: there is no file {name}")
    return sets


def _initial_options(model: Path, is_encoded: bool) -> dict[str, Any]:
    """Defaults that come from a model that is to grow: its dim, and how its text was read."""
    from w2v.vectors.model_directory import load_model

    stored = load_model(model)
    corpus = {} if stored.corpus_config is None or is_encoded else stored.corpus_config.to_json()
    return {**corpus, "dim": stored.input_vectors.shape[1]}


def _read_config(path: Path) -> dict[str, Any]:
    """Options of a TOML file; a name that is no option is refused."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Windows writes a byte order mark
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise click.UsageError(f"{path} is not a TOML file: {error}") from None
    known = set(CorpusConfig.__dataclass_fields__) | set(TrainConfig.__dataclass_fields__)
    for name in values:
        if name not in known:
            raise click.UsageError(f"{path}: {foreign_name_hint(name) or f'{name} is not an option of training'}")
    return values
