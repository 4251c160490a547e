"""From what a caller names to the encoded corpus of a training: read now, or saved by the run before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus, is_encoded_corpus
from w2v.corpus.encoding import encode
from w2v.corpus.inputs import reading_estimate
from w2v.corpus.reading.sources import find_sources
from w2v.errors import CheckpointError, ConfigError, FormatError
from w2v.training.checkpoint import require_equal
from w2v.training.grow import counting_config, grow_corpus, manifest_hash
from w2v.training.resume import names_files, require_same_sources
from w2v.vectors.model_directory import StoredModel

Source = Any  # a path, several paths, an iterable of token lists, or an EncodedCorpus


@dataclass(frozen=True)
class CorpusReader:
    """Makes the corpus of one run.

    Attributes
    ----------
    config : how to read text; None with an encoded corpus, which knows
    base : the model to grow
    resume : take what the run before encoded
    """

    config: CorpusConfig | None
    base: StoredModel | None
    resume: bool
    threads: int
    progress: bool
    on_message: Callable[[str], None]

    def read(self, source: Source, partial: Path | None) -> EncodedCorpus:
        """The corpus; what is made on the way lies in `partial` (None: in a temporary folder)."""
        if names_corpus(source):
            corpus = self.open(source)
            return corpus if self.base is None else grow_corpus(corpus, corpus.config, self.base, _needed(partial) / "corpus")
        config, home = self.config or CorpusConfig(), None if partial is None else partial / "corpus"
        if home is not None and self.resume and home.exists():
            saved = self._saved(source, home, config)
            if saved is not None:
                return saved
        if self.base is not None and config.phrases:
            raise ConfigError(
                "the phrases of a model that grows would be those of the new text alone: write a corpus with w2v phrases and "
                "train on that, or set phrases to 0"
            )
        if names_files(source):
            source = find_sources([source] if isinstance(source, (str, Path)) else source, config)
            self.on_message(reading_estimate(source))
        if self.base is None:
            return encode(source, home, config, threads=self.threads, progress=self.progress, overwrite=True)
        counted = _needed(partial) / ".counted.tmp"  # named as what `clean` removes after a kill
        corpus = encode(source, counted, counting_config(config), threads=self.threads, progress=self.progress)
        corpus = grow_corpus(corpus, config, self.base, _needed(partial) / "corpus")
        shutil.rmtree(counted)
        return corpus

    def open(self, source: Source) -> EncodedCorpus:
        """An encoded corpus that the caller named."""
        if self.config is not None:
            raise ConfigError("an encoded corpus knows how it was read: leave the corpus options away, or give the text")
        return source if isinstance(source, EncodedCorpus) else EncodedCorpus.open(Path(source), verify=True)

    def _saved(self, source: Source, home: Path, config: CorpusConfig) -> EncodedCorpus | None:
        """What the run before encoded; None where it is damaged and can be made again."""
        try:
            corpus = EncodedCorpus.open(home, verify=True)
        except FormatError as error:
            if not names_files(source):
                raise
            self.on_message(f"{error}: reading the text again")
            return None
        require_equal(corpus.config.to_json(), config.to_json(), str(home))
        require_same_sources(corpus.manifest["sources"], source, config, str(home))
        require_same_base(corpus.manifest, self.base, str(home))
        return corpus


def names_corpus(source: Source) -> bool:
    """`source` is an encoded corpus, or the path of one."""
    return isinstance(source, EncodedCorpus) or (isinstance(source, (str, Path)) and is_encoded_corpus(Path(source)))


def require_same_base(manifest: dict[str, Any], base: StoredModel | None, what: str) -> None:
    """Refuse to go on with a training that grows another model.

    Raises
    ------
    CheckpointError
        `manifest`, of a corpus or of a report, names another one.
    """
    if manifest.get("grown", {}).get("from") != (None if base is None else manifest_hash(base)):
        wanted = "without --init-from" if base is None else f"from {base.path} as it is now"
        raise CheckpointError(f"{what} was not made {wanted}; --overwrite starts anew")


def _needed(partial: Path | None) -> Path:
    if partial is None:
        raise ConfigError("init_from needs out, the directory of the grown model")
    return partial
