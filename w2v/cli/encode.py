"""`w2v encode`."""

import json
import time
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.cli.shared.option_names import with_options
from w2v.config import CorpusConfig
from w2v.text_tables import printable


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(exists=True, allow_dash=True))
@click.option("--out", required=True, metavar="CORPUS", type=click.Path(path_type=Path), help="The directory to write.")
@config_options(CorpusConfig)
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Threads. [default: the cores this process may use]")
@click.option("--overwrite", is_flag=True, help="Replace CORPUS; the old one stays until the new one is complete.")
@json_option
def encode(inputs: tuple[str, ...], out: Path, threads: int | None, overwrite: bool, as_json: bool, **options: Any) -> None:
    """Turn text into an encoded corpus: ids of words, from which training starts at once and as often as you like.

    INPUT: text files (also .gz, .bz2, .xz, .zst), folders, csv, tsv, jsonl or parquet with --text-field, - for stdin.
    A line is a sentence. Events (clicks, purchases) become sequences of items with --group-by and --item-field.

    \b
    w2v encode my.txt --out my.corpus
    w2v encode clicks.csv --group-by user --item-field item --order-by time --session-gap 30m --out clicks.corpus
    w2v train my.corpus --out my.w2v
    """
    from w2v.corpus.dropped_text import describe_dropped_text
    from w2v.corpus.encoding import encode as encode_corpus
    from w2v.corpus.events.event_sequences import describe_events
    from w2v.corpus.inputs import reading_estimate
    from w2v.corpus.reading.sources import find_sources

    config = config_from(CorpusConfig, options)
    sources = find_sources(inputs, config)
    click.echo(reading_estimate(sources), err=True)
    began = time.perf_counter()
    corpus = encode_corpus(sources, out, config, threads=threads, progress=True, overwrite=overwrite)
    seconds = time.perf_counter() - began
    facts = corpus.manifest
    megabytes = sum(source["size"] for source in facts["sources"]) / 1e6
    click.echo(printable(f"sample tokens: {' '.join(facts['sample_tokens'])}"), err=True)
    click.echo(
        f"min-count {config.min_count} keeps {corpus.n_tokens:,} of {facts['tokens_read']:,} tokens and "
        f"{len(corpus.vocabulary):,} of {facts['distinct_words']:,} words",
        err=True,
    )
    for line in describe_dropped_text(facts, config, corpus.vocabulary):
        line = with_options(line, click.get_current_context().command)
        click.echo(printable(line), err=True)
    if "phrases" in facts:
        click.echo(f"{facts['phrases']['found']:,} of these words are phrases, each one token", err=True)
    if "events" in facts:
        click.echo(describe_events(facts["events"]), err=True)
    if facts["replaced"]:
        click.echo(f"broken bytes replaced: {facts['replaced']:,}", err=True)
    if not as_json:
        click.echo(str(out))
        return
    report = {
        "path": str(out),
        "vocabulary": len(corpus.vocabulary),
        "tokens": corpus.n_tokens,
        "sentences": corpus.n_sentences,
        "tokens_read": facts["tokens_read"],
        "distinct_words": facts["distinct_words"],
        "replaced": facts["replaced"],
        **({"events": facts["events"]} if "events" in facts else {}),
        **({"text": facts["text"]} if "text" in facts else {}),
        "seconds": {**facts["seconds"], "total": round(seconds, 4)},
        "megabytes_per_second": round(megabytes / seconds, 1),
    }
    click.echo(json.dumps(report))
