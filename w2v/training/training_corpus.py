"""The encoded corpus of a training: named by the caller, encoded now, or saved by an earlier run."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TypeGuard

from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import CorpusSource, EncodedCorpus, FilePath, file_paths, is_encoded_corpus
from w2v.corpus.encoding import encode
from w2v.corpus.inputs import reading_estimate
from w2v.corpus.reading.sources import TextSource, find_sources
from w2v.errors import ConfigError, FormatError
from w2v.training.checkpoints.checkpoint import require_equal
from w2v.training.checkpoints.resume import require_same_sources
from w2v.training.grow import counting_config, grow_corpus, require_same_initial_model
from w2v.training.options import RunOptions


def read_corpus(source: CorpusSource, options: RunOptions) -> EncodedCorpus:
    """The corpus to train on; what is made on the way lies in `options.partial`, or in a temporary folder."""
    initial, home = options.initial, None if options.partial is None else options.partial / "corpus"
    if is_encoded(source):
        corpus = open_corpus(source, options.corpus_config)
        return corpus if initial is None or home is None else grow_corpus(corpus, corpus.config, initial, home)
    config = options.corpus_config or CorpusConfig()
    if home is not None and options.resume and home.exists():
        saved = _open_saved(source, home, config, options)
        if saved is not None:
            return saved
    if initial is not None and config.phrases:
        raise ConfigError(
            "the phrases of a model that grows would be those of the new text alone: write a corpus with w2v phrases and "
            "train on that, or set phrases to 0"
        )
    text: CorpusSource | Sequence[TextSource] = source
    paths = file_paths(source)
    if paths is not None:
        text = files = find_sources(paths, config)
        options.hooks.on_message(reading_estimate(files))
    if initial is None or home is None:
        return encode(text, home, config, threads=options.threads, progress=options.progress, overwrite=True)
    counted = home.with_name(".counted.tmp")  # a name that `remove_unfinished` knows
    corpus = encode(text, counted, counting_config(config), threads=options.threads, progress=options.progress)
    corpus = grow_corpus(corpus, config, initial, home)
    shutil.rmtree(counted)
    return corpus


def is_encoded(source: CorpusSource) -> TypeGuard[EncodedCorpus | FilePath]:
    """`source` is an encoded corpus, or the path of one."""
    return isinstance(source, EncodedCorpus) or (isinstance(source, (str, os.PathLike)) and is_encoded_corpus(Path(source)))


def open_corpus(source: EncodedCorpus | FilePath, config: CorpusConfig | None) -> EncodedCorpus:
    """An encoded corpus that the caller named; `config` must be None.

    Raises
    ------
    ConfigError
        there are options of reading.
    """
    if config is not None:
        raise ConfigError("an encoded corpus knows how it was read: leave the corpus options away, or give the text")
    return source if isinstance(source, EncodedCorpus) else EncodedCorpus.open(Path(source), verify=True)


def _open_saved(source: CorpusSource, home: Path, config: CorpusConfig, options: RunOptions) -> EncodedCorpus | None:
    """What an earlier run encoded; None where it is damaged and can be made again."""
    try:
        corpus = EncodedCorpus.open(home, verify=True)
    except FormatError as error:
        if file_paths(source) is None:
            raise
        options.hooks.on_message(f"{error}: reading the text again")
        return None
    require_equal(corpus.config.to_json(), config.to_json(), str(home))
    require_same_sources(corpus.manifest["sources"], source, config, str(home))
    require_same_initial_model(corpus.manifest, options.initial, str(home))
    return corpus
