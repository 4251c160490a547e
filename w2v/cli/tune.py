"""`w2v tune`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from w2v.cli.shared.comparison_options import MOST_THREADS
from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.cli.shared.sequence_input import open_corpus, open_sequences
from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import MissingExtraError
from w2v.items.held_out_items import HELD_OUT, MOST_CASES

if TYPE_CHECKING:
    from w2v.tuning.search import Objective
    from w2v.tuning.trials import Trial
    from w2v.tuning.tuning_folder import Result, TuningState

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(exists=True, allow_dash=True))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="The folder of the tuning.")
@click.option("--trials", "n_trials", type=click.IntRange(min=2), default=12, show_default=True, metavar="N", help="Settings to try.")
@click.option(
    "--pairs",
    multiple=True,
    type=_FILE,
    metavar="FILE",
    help="Tune for human judgments of word pairs: lines of word, tab, word, tab, number.",
)
@click.option(
    "--hold-out", type=click.Choice(HELD_OUT), default=HELD_OUT[0], show_default=True, help="Which item of each sequence is asked for."
)
@click.option("--keep-seen", is_flag=True, help="Items of the history may come again.")
@click.option(
    "--cases", type=click.IntRange(min=2), default=MOST_CASES, show_default=True, metavar="N", help="Test with at most N sequences."
)
@config_options(CorpusConfig)
@config_options(TrainConfig, skip=frozenset({"held_out", "early_stop"}))
@click.option("--threads", type=click.IntRange(1, MOST_THREADS), metavar="N", help="Threads. [default: the cores this process may use]")
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
    **said: Any,
) -> None:
    """Search for good dim, window, noise exponent, negatives and epochs; those that you give stay as given.

    INPUT: lines of items, as for `w2v evaluate-next`, or one encoded corpus; with --pairs any text. All trials train with a quarter of
    their epochs, the better half of them with a half, the better half of those with all. The NDCG@10 of held-out next items decides, or
    the correlation with --pairs. A tuning that was stopped goes on when it is started again. One thread gives the same result again.

    \b
    w2v tune histories.txt --out tuning
    w2v train histories.txt --config tuning/best.toml --out items.w2v
    """
    from w2v.items.held_out_items import split_sequences
    from w2v.lock import lock_directory
    from w2v.machine import usable_cores
    from w2v.storage import sha256_file
    from w2v.tuning.report import TuningReport
    from w2v.tuning.search import NextItem, WordPairs
    from w2v.tuning.trials import SEARCHED, draw_trials
    from w2v.tuning.tuning_folder import CORPUS, TuningState
    from w2v.vectors.evaluation_sets import read_pairs

    corpus_said = {name: said.pop(name) for name in CorpusConfig.__dataclass_fields__}
    fixed = {name: value for name, value in said.items() if value is not None}
    if all(name in fixed for name in SEARCHED):
        raise click.UsageError(f"there is nothing to search: leave one of {', '.join(SEARCHED)} open")
    given, threads = config_from(TrainConfig, fixed), threads or usable_cores()
    asked = {
        "inputs": list(inputs), "trials": n_trials, "pairs": {str(path): sha256_file(path) for path in pairs}, "hold_out": hold_out,
        "keep_seen": keep_seen, "cases": cases, "corpus": {name: value for name, value in corpus_said.items() if value is not None},
        "train": fixed,
    }  # fmt: skip
    sets = [read_pairs(path) for path in pairs]
    out.parent.mkdir(parents=True, exist_ok=True)
    with lock_directory(out):
        state = TuningState(out, asked, overwrite=overwrite)
        objective: Objective
        if sets:
            corpus = open_corpus(inputs, corpus_said, threads, out / CORPUS)
            limits, objective = corpus.config, WordPairs(corpus, sets, threads)
        else:
            corpus, limits = open_sequences(inputs, corpus_said, threads, out / CORPUS)
            split = split_sequences(corpus, limits.min_count, limits.max_vocabulary, held_out=hold_out, most_cases=cases)
            objective = NextItem(split, threads, keep_seen)
        trials = draw_trials(given.for_tokenizer(limits.tokenizer), fixed, n_trials, for_items=not sets or limits.tokenizer == "items")
        try:
            best = _search(trials, objective, state)
        except KeyboardInterrupt:  # caught here because click would turn it into an empty line
            click.echo(f"stopped: the same command goes on after the {len(state.results)} trainings that are finished", err=True)
            raise click.exceptions.Exit(130) from None
        is_text = corpus.path == out / CORPUS
        report = TuningReport(trials, best, state, objective.name, objective.references(), limits if is_text else None)
        try:
            report.save()
        except MissingExtraError as error:
            click.echo(f"without a picture: {error}", err=True)
    click.echo(json.dumps(report.to_json()) if as_json else report.text())


def _search(trials: list[Trial], objective: Objective, state: TuningState) -> Trial:
    """Run the trials, with a bar, and a line for each on stderr."""
    from tqdm import tqdm

    from w2v.tuning.search import n_trainings, tune

    with tqdm(total=n_trainings(len(trials)), unit=" trainings", desc="tuning", file=sys.stderr, disable=None, dynamic_ncols=True) as bar:

        def on_result(result: Result) -> None:
            found = "diverged" if result.score is None else f"{result.score:.4f}"
            bar.clear()
            click.echo(f"round {result.round + 1}, trial {result.trial}, epochs {result.epochs}: {found}", err=True)
            bar.update()

        return tune(trials, objective, state, on_result)
