"""INPUT of the commands that train several times on it: read once, or an encoded corpus."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from w2v.cli.shared.config_options import config_from
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus, is_encoded_corpus
from w2v.corpus.encoding import encode
from w2v.training.checkpoints.resume import require_same_sources


def read_or_open_corpus(inputs: Sequence[str], options: Mapping[str, Any], threads: int | None, saved: Path | None = None) -> EncodedCorpus:
    """The encoded corpus of INPUT.

    Parameters
    ----------
    options : the corpus options, None where they were not given
    saved : where text is encoded to, and found again by the next run; None: a temporary place

    Raises
    ------
    click.UsageError
        options that do not go with INPUT.
    CheckpointError
        `saved` was made from other text.
    """
    if _is_encoded(inputs, options):
        return EncodedCorpus.open(inputs[0], verify=True)
    return _read(inputs, config_from(CorpusConfig, dict(options)), threads, saved)


def open_sequences(
    inputs: Sequence[str], options: Mapping[str, Any], threads: int | None, saved: Path | None = None
) -> tuple[EncodedCorpus, CorpusConfig]:
    """The same for sequences of items, one of which is held out: with all items, and with the config that says which the rest keeps.

    The tokenizer is items unless another one was given. What an encoded corpus has dropped is gone.
    """
    if _is_encoded(inputs, options):
        corpus = EncodedCorpus.open(inputs[0], verify=True)
        return corpus, corpus.config
    config = config_from(CorpusConfig, {**options, "tokenizer": options["tokenizer"] or "items"})
    return _read(inputs, dataclasses.replace(config, min_count=1, max_vocabulary=None), threads, saved), config


def _is_encoded(inputs: Sequence[str], options: Mapping[str, Any]) -> bool:
    if not any(is_encoded_corpus(path) for path in inputs):
        return False
    if len(inputs) > 1:
        raise click.UsageError("an encoded corpus is taken alone: give one")
    if any(value is not None for value in options.values()):
        raise click.UsageError("an encoded corpus knows how it was read: leave the corpus options away, or give the text")
    return True


def _read(inputs: Sequence[str], config: CorpusConfig, threads: int | None, saved: Path | None) -> EncodedCorpus:
    if saved is None or not saved.exists():
        return encode(list(inputs), saved, config, threads=threads, progress=True)
    corpus = EncodedCorpus.open(saved, verify=True)
    require_same_sources(corpus.manifest["sources"], list(inputs), config, str(saved))
    return corpus
