"""`w2v phrases`."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import config_from, config_options, json_option
from w2v.config import CorpusConfig
from w2v.errors import ConfigError
from w2v.text_tables import aligned


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(exists=True, allow_dash=True))
@click.option("--out", required=True, metavar="CORPUS", type=click.Path(path_type=Path), help="The directory to write.")
@click.option("--passes", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="2 finds phrases of 3 or 4 words.")
@click.option("--scoring", type=click.Choice(["count", "npmi"]), default="count", show_default=True, help="How pairs are scored.")
@click.option("--threshold", type=float, metavar="X", help="A phrase scores higher. [default: 10 for count, 0.5 for npmi (-1 to 1)]")
@click.option(
    "--phrase-min-count", type=click.IntRange(min=1), default=5, show_default=True, metavar="N", help="Rarer pairs are no phrases."
)
@click.option(
    "--connector-words", metavar="english|FILE", help="Words that may stand inside a phrase only, such as of; a file has one on a line."
)
@click.option("-n", "n", type=click.IntRange(min=0), default=20, show_default=True, metavar="N", help="How many phrases to show.")
@config_options(CorpusConfig, skip=frozenset({"phrases"}))
@click.option("--threads", type=click.IntRange(1, 1024), metavar="N", help="Threads to read text. [default: the cores of this process]")
@click.option("--overwrite", is_flag=True, help="Replace CORPUS; the old one stays until the new one is complete.")
@json_option
def phrases(
    inputs: tuple[str, ...],
    out: Path,
    passes: int,
    scoring: str,
    threshold: float | None,
    phrase_min_count: int,
    connector_words: str | None,
    n: int,
    threads: int | None,
    overwrite: bool,
    as_json: bool,
    **options: Any,
) -> None:
    """Join words that often stand together, new york -> new_york, and write an encoded corpus to train on.

    INPUT is what w2v encode takes, or one corpus that was encoded with --min-count 1: rare words are dropped, by --min-count, after
    phrases were found. Scores, and results, are those of gensim's Phrases. Printed are the most frequent phrases.

    \b
    w2v phrases my.txt --out my.corpus --passes 2 --connector-words english
    w2v train my.corpus --out my.w2v
    """
    from w2v.corpus.encoded_corpus import EncodedCorpus, is_encoded_corpus
    from w2v.corpus.encoding import encode
    from w2v.corpus.phrases.join_phrases import join_phrases
    from w2v.corpus.phrases.phrase_detection import PhraseConfig

    config = config_from(CorpusConfig, options)
    try:
        phrase_config = PhraseConfig(
            scoring=scoring, threshold=threshold, min_count=phrase_min_count, passes=passes, connector_words=_connectors(connector_words)
        )
    except ConfigError as error:
        raise click.UsageError(str(error)) from None
    began = time.perf_counter()
    if any(is_encoded_corpus(path) for path in inputs):
        reading = {name: value for name, value in options.items() if name not in ("min_count", "max_vocabulary")}
        if len(inputs) > 1 or any(value is not None for value in reading.values()):
            raise click.UsageError("an encoded corpus is given alone, and knows how it was read: leave the other corpus options away")
        corpus = EncodedCorpus.open(inputs[0])
    else:
        corpus = encode(list(inputs), None, replace(config, min_count=1, max_vocabulary=None), threads=threads, progress=True)
    joined, found = join_phrases(
        corpus, out, phrase_config, min_count=config.min_count, max_vocabulary=config.max_vocabulary, overwrite=overwrite
    )
    if as_json:
        report = {
            "path": str(out),
            "vocabulary": len(joined.vocabulary),
            "tokens": joined.n_tokens,
            "phrases": len(found),
            "seconds": round(time.perf_counter() - began, 4),
            "most_frequent": [phrase._asdict() for phrase in found[:n]],
        }
        click.echo(json.dumps(report, ensure_ascii=False))
        return
    click.echo(f"{len(found):,} phrases among {len(joined.vocabulary):,} words, {joined.n_tokens:,} tokens", err=True)
    if found[:n]:
        click.echo(aligned([(phrase.phrase, f"{phrase.occurrences:,}", f"{phrase.score:.4g}") for phrase in found[:n]]))
    click.echo(str(out), err=True)


def _connectors(given: str | None) -> frozenset[str]:
    from w2v.corpus.phrases.phrase_detection import ENGLISH_CONNECTOR_WORDS

    if given is None:
        return frozenset()
    if given == "english":
        return ENGLISH_CONNECTOR_WORDS
    try:
        return frozenset(Path(given).read_text(encoding="utf-8-sig").split())
    except FileNotFoundError:
        raise click.UsageError(f"connector-words must be english, or a file of words: there is no file {given}") from None
    except UnicodeDecodeError as error:
        raise click.UsageError(f"connector-words: {given} must be UTF-8 ({error.reason})") from None
