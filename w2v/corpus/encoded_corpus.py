"""`EncodedCorpus`: a text as ranks of words in a memory-mapped file; `encode` makes one.

A directory of kind "w2v encoded corpus": ``manifest.json``, ``tokens.npy`` (int32 ranks), ``sentence_offsets.npy`` (int64) and
``vocabulary.tsv``.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import unicodedata
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.encoding import OFFSETS, TOKENS, encode_into
from w2v.corpus.events.event_sequences import EventsInput
from w2v.corpus.inputs import Input, SentencesInput, TextInput
from w2v.corpus.phrase_detection import encode_with_phrases
from w2v.corpus.reading.sources import Source, find_sources
from w2v.errors import CorpusError, FormatError
from w2v.machine import checked_threads
from w2v.npy import map_npy
from w2v.storage import atomic_directory, directory_kind, existing_directory, read_manifest, sha256_file, verify_files, write_manifest
from w2v.vocabulary import Vocabulary

KIND = "w2v encoded corpus"
VERSION = 1
_VOCABULARY = "vocabulary.tsv"


class EncodedCorpus:
    """A corpus as ids; made by `encode` or `EncodedCorpus.open`.

    Attributes
    ----------
    tokens : (n_tokens,) int32, each in [0, len(vocabulary)): ranks of words, read-only, memory-mapped
    sentence_offsets : (n_sentences + 1,) int64, rising from 0 to n_tokens: sentence i is tokens[offsets[i]:offsets[i + 1]]
    vocabulary, config : the words that were kept, and how the text was read
    path : the directory; None when it is a temporary one, which goes with this object
    manifest : what ``manifest.json`` says
    """

    def __init__(self, path: Path | None, folder: Path, manifest: dict[str, Any], vocabulary: Vocabulary) -> None:
        self.path = path
        self.manifest = manifest
        self.vocabulary = vocabulary
        try:
            self.config = CorpusConfig.from_json(manifest["config"])
            n_tokens, n_sentences = int(manifest["n_tokens"]), int(manifest["n_sentences"])
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"{folder} is damaged: its manifest lacks what a corpus needs ({error})") from None
        self.tokens: npt.NDArray[np.int32] = map_npy(folder / TOKENS, np.int32, (n_tokens,))
        self.sentence_offsets: npt.NDArray[np.int64] = map_npy(folder / OFFSETS, np.int64, (n_sentences + 1,))

    @property
    def n_tokens(self) -> int:
        """Tokens in the vocabulary, over all sentences."""
        return len(self.tokens)

    @property
    def n_sentences(self) -> int:
        """Lines that have a token in the vocabulary."""
        return len(self.sentence_offsets) - 1

    @classmethod
    def open(cls, path: str | Path, verify: bool = False) -> EncodedCorpus:
        """Map an encoded corpus.

        Parameters
        ----------
        verify : read everything and compare it with its hashes; else sizes, headers and the vocabulary are checked

        Raises
        ------
        FormatError
            no encoded corpus, a newer one, or a damaged one: which file, and what differs.
        """
        folder = existing_directory(Path(path))
        manifest = read_manifest(folder, KIND, VERSION)
        for name in (TOKENS, OFFSETS, _VOCABULARY):
            if name not in manifest["files"]:
                raise FormatError(f"{folder} is damaged: its manifest does not list {name}")
        verify_files(folder, manifest, lambda name: verify or name == _VOCABULARY)
        corpus = cls(Path(path), folder, manifest, Vocabulary.load(folder / _VOCABULARY))
        if verify:
            corpus._verify(folder)
        return corpus

    def __repr__(self) -> str:
        size = f"{self.n_tokens:,} tokens in {self.n_sentences:,} sentences, {len(self.vocabulary):,} words"
        return f"<EncodedCorpus: {size}, {'temporary' if self.path is None else f'from {self.path}'}>"

    def _verify(self, folder: Path) -> None:
        if not check_ids(self.tokens, len(self.vocabulary)):
            raise FormatError(f"{folder / TOKENS} is damaged: it has ids outside the vocabulary of {len(self.vocabulary)} words")
        offsets = self.sentence_offsets
        if offsets[0] != 0 or offsets[-1] != self.n_tokens or (np.diff(offsets) <= 0).any():
            raise FormatError(f"{folder / OFFSETS} is damaged: offsets must rise from 0 to {self.n_tokens}")


def check_ids(ids: npt.NDArray[np.int32], n_words: int) -> bool:
    """All ids are in [0, n_words); 10 GB/s, without copies."""
    return len(ids) == 0 or int(ids.view(np.uint32).max()) < n_words  # negative ones are large there


def is_encoded_corpus(path: str | Path) -> bool:
    """A directory whose manifest says that it is an encoded corpus."""
    return directory_kind(Path(path)) == KIND


def encode(
    source: Any,
    out: str | Path | None = None,
    config: CorpusConfig | None = None,
    *,
    threads: int | None = None,
    progress: bool = False,
    overwrite: bool = False,
) -> EncodedCorpus:
    """Turn text into an encoded corpus; what was counted is in its manifest.

    Parameters
    ----------
    source : a path, several paths (files, folders, "-" for stdin) or what `find_sources` made of them, or an iterable of token
        lists, which is read once
    out : the directory to make; None makes a temporary one that lives as long as the result
    config : how text becomes tokens, and tokens a vocabulary
    threads : None takes the cores that this process may use; the result does not depend on it
    progress : a bar on stderr, where that is a terminal
    overwrite : replace an encoded corpus at `out`, which stays until the new one is complete

    Raises
    ------
    CorpusError
        text that cannot be read, no tokens, or none that `config` keeps.
    OutputError, OSError
        `out` exists, or cannot be written. Nothing half-written stays.
    """
    config = config or CorpusConfig()
    threads = checked_threads(threads)
    sources = _as_sources(source, config)
    with _output(out, overwrite) as folder, _bar(sources, progress) as on_bytes:
        text: Input
        if sources is None:
            text = SentencesInput(source)
        elif config.item_field is not None:
            text = EventsInput(sources, config, folder, on_bytes)
        else:
            text = TextInput(sources, config, on_bytes)
        vocabulary, facts = (encode_with_phrases if config.phrases else encode_into)(folder, text, config, threads)
        vocabulary.save(folder / _VOCABULARY)
        content = {
            "config": config.to_json(),
            "vocabulary_sha256": sha256_file(folder / _VOCABULARY),
            **facts,
            "unicode": unicodedata.unidata_version,  # decides what is a letter
        }
        write_manifest(folder, KIND, VERSION, content)
    if out is not None:
        folder = Path(out)
    corpus = EncodedCorpus(None if out is None else folder, folder, read_manifest(folder, KIND, VERSION), vocabulary)
    if out is None:
        weakref.finalize(corpus, shutil.rmtree, folder, ignore_errors=True)
    return corpus


@contextmanager
def _output(out: str | Path | None, overwrite: bool) -> Iterator[Path]:
    """A folder that becomes `out`, or a temporary one; gone after an error."""
    if out is not None:
        with atomic_directory(Path(out), overwrite=overwrite, kind=KIND) as folder:
            yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix="w2v-corpus-"))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _as_sources(source: Any, config: CorpusConfig) -> list[Source] | None:
    """What to read; None when it is an iterable of sentences.

    Raises
    ------
    CorpusError
        neither, or an encoded corpus.
    """
    given = list(source) if isinstance(source, (list, tuple)) else [source]
    if given and all(isinstance(entry, Source) for entry in given):
        return given
    if given and all(isinstance(entry, (str, os.PathLike)) for entry in given):
        for path in given:
            if isinstance(path, str) and " " in path and not os.path.exists(path):
                raise CorpusError(f"a sentence must be a list of tokens: received the string {path[:60]!r}, which is no file's name either")
            if is_encoded_corpus(path):
                raise CorpusError(f"{path} is an encoded corpus already")
        return find_sources(given, config)
    if not isinstance(source, Iterable) or isinstance(source, bytes):
        raise CorpusError(f"a corpus must be a path, several paths or an iterable of token lists: received {type(source).__name__}")
    if config.item_field is not None:
        raise CorpusError("events are read from files: give a path with item_field, or sequences of items without it")
    return None


@contextmanager
def _bar(sources: Sequence[Source] | None, wanted: bool) -> Iterator[Callable[[int], None] | None]:
    """Something to call with bytes read; a bar on stderr if that is a terminal."""
    if not wanted or sources is None:
        yield None
        return
    from tqdm import tqdm

    sizes = [source.size for source in sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with tqdm(total=total, unit="B", unit_scale=True, desc="reading", file=sys.stderr, disable=None, leave=False) as bar:
        yield bar.update
