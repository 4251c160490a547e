"""`w2v evaluate-next`."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.comparison_options import held_out_options, inputs_argument, threads_option
from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.cli.shared.sequence_input import open_sequences
from w2v.config import CorpusConfig, TrainConfig


@click.command("evaluate-next")
@inputs_argument
@click.option(
    "--seeds", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Trainings of each side, seeds 1 to N."
)
@held_out_options
@click.option("--no-gensim", is_flag=True, help="Leave gensim away.")
@config_options(CorpusConfig)
@config_options(TrainConfig, skip=frozenset({"seed", "held_out", "early_stop"}))
@threads_option
@click.option("--markdown", is_flag=True, help="Print the table in Markdown.")
@json_option
def evaluate_next(
    inputs: tuple[str, ...],
    seeds: int,
    hold_out: str,
    keep_seen: bool,
    cases: int,
    no_gensim: bool,
    threads: int | None,
    markdown: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Measure how well vectors say which item comes next, against gensim's item2vec, co-occurrence and popularity.

    INPUT: lines of items in order of time, as `w2v train` reads them with --tokenizer items (which is the default here), or one encoded
    corpus. The last item of every line is held out; training never sees it. It is then ranked among all items.

    \b
    HitRate@10  share of lines whose next item is among the first ten
    NDCG@10     the same, a place counting 1 / log2(1 + place)
    MRR         mean of 1 / place
    coverage    share of all items that anybody is shown among the first ten

    \b
    w2v evaluate-next histories.txt --window session --epochs 20 --seeds 3
    w2v evaluate-next baskets.txt --separator , --window session --hold-out random
    """
    from w2v.items.held_out_items import split_sequences
    from w2v.items.method_comparison import ItemEvaluation
    from w2v.items.next_item_report import NextItemReport
    from w2v.machine import checked_threads
    from w2v.training.settings import settle_config

    train_config = config_from(TrainConfig, options)
    corpus, limits = open_sequences(inputs, {name: options[name] for name in CorpusConfig.__dataclass_fields__}, threads)
    split = split_sequences(corpus, limits.min_count, limits.max_vocabulary, held_out=hold_out, n_cases=cases)
    config = settle_config(train_config, split.corpus)
    comparison = ItemEvaluation(split, config, checked_threads(threads), keep_seen, lambda line: click.echo(line, err=True))
    settings = {
        "input": [str(Path(path)) for path in inputs],
        "sequences": split.n_sequences,
        "items": len(split.corpus.vocabulary),
        "tokens": split.corpus.n_tokens,
        "held_out": hold_out,
        "keep_seen": keep_seen,
        "cases": len(split.test),
        "new_targets": split.test.n_new,
        "repeated_targets": split.test.n_repeated,
        "validation_cases": len(split.validation),
        "seeds": seeds,
        "threads": comparison.threads,
        "corpus_config": dataclasses.replace(corpus.config, min_count=limits.min_count, max_vocabulary=limits.max_vocabulary).to_json(),
        "train_config": config.to_json(),
    }
    found = NextItemReport(settings, comparison.compare_methods(seeds, with_gensim=not no_gensim))
    click.echo(json.dumps(found.to_json()) if as_json else found.table(markdown))
