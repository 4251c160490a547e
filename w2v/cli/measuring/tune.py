"""`w2v tune`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.shared.comparison_options import held_out_options, inputs_argument, threads_option
from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.cli.shared.sequence_input import open_sequences, read_or_open_corpus
from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import MissingExtraError
from w2v.progress import progress_bar

if TYPE_CHECKING:
    from w2v.tuning.objectives import Objective
    from w2v.tuning.search import Trial

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@inputs_argument
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The folder of the tuning.")
@click.option("--trials", "n_trials", type=click.IntRange(min=2), default=12, show_default=True, metavar="N", help="Settings to try.")
@click.option(
    "--pairs",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="Tune for human judgments of word pairs: lines of word, tab, word, tab, number.",
)
@held_out_options
@config_options(CorpusConfig)
@config_options(TrainConfig, skip=frozenset({"held_out", "early_stop"}))
@threads_option
@click.option("--overwrite", is_flag=True, help="Begin anew what lies in DIR.")
@json_option
def tune(
    inputs: tuple[str, ...],
    out: Path,
    n_trials: int,
    pairs: tuple[Path, ...],
    hold_out: str,
    keep_seen: bool,
    cases: int,
    threads: int | None,
    overwrite: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Search for good dim, window, noise exponent, negatives and epochs; those that you give stay as given.

    INPUT: lines of items, as for `w2v evaluate-next`, or one encoded corpus; with --pairs any text. All trials train with a quarter of
    their epochs, the better half of them with a half, the better half of those with all. The NDCG@10 of held-out next items decides, or
    the correlation with --pairs. A tuning that was stopped goes on when it is started again. One thread gives the same result again.

    \b
    w2v tune histories.txt --out tuning
    w2v train histories.txt --config tuning/best.toml --out items.w2v
    """
    from w2v.cli.shared.word_input import print_notes
    from w2v.file_hashes import sha256_file
    from w2v.items.held_out_items import split_sequences
    from w2v.lock import lock_directory
    from w2v.machine import checked_threads
    from w2v.training.settings import settle_config
    from w2v.tuning.objectives import NextItem, WordPairs
    from w2v.tuning.search import ITEM_SPACE, SEARCHED, WORD_SPACE, add_trials, read_trials
    from w2v.tuning.study import CORPUS, open_study
    from w2v.tuning.tuning_report import TuningReport
    from w2v.vectors.evaluation_sets import read_pairs

    corpus_options = {name: options.pop(name) for name in CorpusConfig.__dataclass_fields__}
    fixed = {name: value for name, value in options.items() if value is not None}
    if all(name in fixed for name in SEARCHED):
        raise click.UsageError(f"there is nothing to search: leave one of {', '.join(SEARCHED)} open")
    given, threads = config_from(TrainConfig, fixed), checked_threads(threads)
    question = {
        "inputs": list(inputs), "trials": n_trials, "pairs": {str(path): sha256_file(path) for path in pairs}, "hold_out": hold_out,
        "keep_seen": keep_seen, "cases": cases, "corpus": {name: value for name, value in corpus_options.items() if value is not None},
        "train": fixed,
    }  # fmt: skip
    sets = print_notes([read_pairs(path) for path in pairs])
    out.parent.mkdir(parents=True, exist_ok=True)
    with lock_directory(out):
        study = open_study(out, question, overwrite=overwrite)
        objective: Objective
        if sets:
            corpus = read_or_open_corpus(inputs, corpus_options, threads, out / CORPUS)
            limits, objective = corpus.config, WordPairs(corpus, sets, threads)
        else:
            corpus, limits = open_sequences(inputs, corpus_options, threads, out / CORPUS)
            split = split_sequences(corpus, limits.min_count, limits.max_vocabulary, held_out=hold_out, n_cases=cases)
            objective = NextItem(split, threads, keep_seen)
        given = settle_config(given, corpus)
        space = ITEM_SPACE if not sets or limits.tokenizer == "items" else WORD_SPACE
        add_trials(study, given, {name: space[name] for name in SEARCHED if name not in fixed}, n_trials)
        try:
            trials = _tune_with_progress(study, given, objective)
        except KeyboardInterrupt:  # caught here because click would turn it into an empty line
            finished = sum(len(trial.rounds) for trial in read_trials(study, given))
            click.echo(f"stopped: the same command goes on after the {finished} trainings that are finished", err=True)
            raise click.exceptions.Exit(130) from None
        is_text = corpus.path == out / CORPUS
        report = TuningReport(out, trials, objective.name, objective.references(), limits if is_text else None)
        try:
            report.save()
        except MissingExtraError as error:
            click.echo(f"without a picture: {error}", err=True)
    click.echo(json.dumps(report.to_json()) if as_json else report.text())


def _tune_with_progress(study: Any, given: TrainConfig, objective: Objective) -> list[Trial]:
    """Run the trials, with a bar, and a line for each training on stderr."""
    from w2v.tuning.search import n_trainings, tune

    total = n_trainings(len(study.trials))
    with progress_bar("tuning", total, " trainings") as bar:

        def show(result: dict[str, Any]) -> None:
            found = "diverged" if result["score"] is None else f"{result['score']:.4f}"
            bar.clear()
            click.echo(f"round {result['round'] + 1}, trial {result['trial']}, epochs {result['epochs']}: {found}", err=True)
            bar.update()

        return tune(study, given, objective, show)
