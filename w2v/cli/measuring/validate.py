"""`w2v validate`."""

import json
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.comparison_options import text_argument, text_or_starter, threads_option
from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.config import CLASSIC, CorpusConfig, TrainConfig


@click.command()
@text_argument
@click.option(
    "--seeds", type=click.IntRange(min=1), default=3, show_default=True, metavar="N", help="Trainings of each side, seeds 1 to N."
)
@click.option("--line-words", type=click.IntRange(min=2), metavar="N", help="Cut the text into lines of N words, for both.")
@config_options(CorpusConfig)
@config_options(TrainConfig, skip=frozenset({"seed", "held_out", "early_stop"}))
@threads_option
@json_option
def validate(text: Path | None, seeds: int, line_words: int | None, threads: int | None, as_json: bool, **options: Any) -> None:
    """Compare quality and speed with gensim, side by side.

    TEXT is trained on by gensim and by w2v with the same settings, word2vec's where you say nothing, several seeds each, in turn, and
    by w2v with its own defaults as well; without one it is the corpus `starter`,
    which is small: few words of the test sets are covered. Both get the same tokens, and gensim's evaluator judges both. Speed is
    corpus words per second of the training call.

    A set `holds` when we are 95 % sure that our mean is not below gensim's by more than what is allowed.
    """
    from w2v.comparison.validation import validate as run_validation
    from w2v.machine import checked_threads

    corpus_config, said = config_from(CorpusConfig, options), {name: value for name, value in options.items() if value is not None}
    found = run_validation(
        text_or_starter(text), config_from(TrainConfig, {**CLASSIC, **said}), corpus_config, by_default=config_from(TrainConfig, said),
        threads=checked_threads(threads), seeds=seeds, line_words=line_words, on_message=lambda line: click.echo(line, err=True),
    )  # fmt: skip
    click.echo(json.dumps(found.to_json()) if as_json else found.table())
