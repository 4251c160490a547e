"""`EncodedCorpus`: a text as ranks of words in a memory-mapped file, and the one place that writes its files.

A directory of kind "w2v encoded corpus": ``manifest.json``, ``tokens.npy`` (int32 ranks), ``sentence_offsets.npy`` (int64) and
``vocabulary.tsv``.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from w2v.checks import integer
from w2v.config import CorpusConfig
from w2v.errors import FormatError
from w2v.file_hashes import sha256_file
from w2v.npy import NpyWriter, map_npy
from w2v.storage import directory_kind, existing_directory, read_manifest, verify_files, write_manifest
from w2v.vocabulary import Vocabulary

KIND = "w2v encoded corpus"
VERSION = 1
TOKENS, _OFFSETS, _VOCABULARY = "tokens.npy", "sentence_offsets.npy", "vocabulary.tsv"
# Keys of a manifest that are not facts about the text: each manifest has its own.
_OWN_KEYS = ("kind", "format_version", "files", "manifest_sha256", "config", "vocabulary_sha256")

_CHUNK = 1 << 16  # tokens at a time; larger arrays leave the cache

Ids = npt.NDArray[np.int32]
Offsets = npt.NDArray[np.int64]
FilePath = str | os.PathLike[str]
_NO_ENDS: Offsets = np.empty(0, np.int64)


class Part(NamedTuple):
    """Ids of a corpus that hold a range of positions, and the sentences that they are.

    tokens, sentence_offsets : as of an `EncodedCorpus`, which may be the whole of it
    start, stop : the range, in `tokens`
    first_position : of tokens[0] in the corpus
    """

    tokens: Ids
    sentence_offsets: Offsets
    start: int
    stop: int
    first_position: int


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
            n_tokens, n_sentences = (integer(key, manifest[key], 0) for key in ("n_tokens", "n_sentences"))
        except (KeyError, TypeError, ValueError) as error:
            raise FormatError(f"{folder} is damaged: its manifest lacks what a corpus needs ({error})") from None
        self.tokens, self.sentence_offsets = map_ids(folder, n_tokens, n_sentences)

    @property
    def n_tokens(self) -> int:
        """Tokens in the vocabulary, over all sentences."""
        return len(self.tokens)

    @property
    def n_sentences(self) -> int:
        """Lines that have a token in the vocabulary."""
        return len(self.sentence_offsets) - 1

    @property
    def n_positions(self) -> int:
        """Places of tokens in an epoch, which are cut into spans."""
        return self.n_tokens

    @property
    def longest_sentence(self) -> int:
        """Most tokens of a sentence."""
        return int(np.diff(self.sentence_offsets).max(initial=0))

    def part(self, epoch: int, start: int, stop: int) -> Part:
        """The positions [start, stop) of an epoch, which are the same in each."""
        return Part(self.tokens, self.sentence_offsets, start, stop, 0)

    @classmethod
    def open(cls, path: FilePath, verify: bool = False) -> EncodedCorpus:
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
        for name in (TOKENS, _OFFSETS, _VOCABULARY):
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
        if not _are_ids(self.tokens, len(self.vocabulary)):
            raise FormatError(f"{folder / TOKENS} is damaged: it has ids outside the vocabulary of {len(self.vocabulary)} words")
        offsets = self.sentence_offsets
        if offsets[0] != 0 or offsets[-1] != self.n_tokens or (np.diff(offsets) <= 0).any():
            raise FormatError(f"{folder / _OFFSETS} is damaged: offsets must rise from 0 to {self.n_tokens}")


# What `encode` and `train` read: a path, several paths, token lists, or what is encoded already.
CorpusSource = FilePath | Sequence[FilePath] | Iterable[Iterable[str]] | EncodedCorpus


def file_paths(source: object) -> list[Path] | None:
    """The paths that a `CorpusSource` names: of one path or of a list or tuple of them; None for everything else."""
    given = source if isinstance(source, (list, tuple)) else [source]
    paths = [Path(os.fsdecode(entry)) for entry in given if isinstance(entry, (str, os.PathLike))]
    return paths if given and len(paths) == len(given) else None


def is_encoded_corpus(path: FilePath) -> bool:
    """A directory whose manifest says that it is an encoded corpus."""
    return directory_kind(Path(path)) == KIND


class IdWriter:
    """Writes the ids of a corpus and where its sentences end, from pieces that come in any order; a context manager.

    Parameters
    ----------
    over_itself : ``tokens.npy`` is there, and each piece was read from it at or behind the place where it will stand
    with_offsets : False writes ``tokens.npy`` alone

    Attributes
    ----------
    n_tokens, n_sentences : written so far
    """

    def __init__(self, folder: Path, *, over_itself: bool = False, with_offsets: bool = True) -> None:
        self.n_tokens = self.n_sentences = 0
        self._tokens = NpyWriter(folder / TOKENS, np.int32, over_itself=over_itself)
        self._offsets = NpyWriter(folder / _OFFSETS, np.int64) if with_offsets else None
        self._last_end = -1  # so that the first piece's own 0 stays
        self._lock = threading.Lock()
        self._number = 0  # of the next piece in order
        self._waiting: dict[int, tuple[Ids, Offsets]] = {}

    def put(self, number: int, ids: Ids, ends: Offsets = _NO_ENDS) -> None:
        """Write a piece, or keep a copy of it until all before it have come. For several threads at once.

        Parameters
        ----------
        number : of the piece, from 0
        ids : (n,) int32
        ends : (n_ends,) int64, changed: how many of these ids stand before the end of each sentence that ends here, rising, of
            which the first may be 0, for a sentence that has its ids in earlier pieces, or none

        Raises
        ------
        OSError
            a full disk, for example: files are written by `write`, never through a mapping.
        """
        with self._lock:
            if number != self._number:
                self._waiting[number] = ids.copy(), ends.copy()
                return
            placed = [self._place(ids, ends)]
            while self._number in self._waiting:
                placed.append(self._place(*self._waiting.pop(self._number)))
        for ids, place, ends, end_place in placed:
            self._tokens.write_at(ids, place)
            if self._offsets is not None and len(ends):
                self._offsets.write_at(ends, end_place)

    def _place(self, ids: Ids, ends: Offsets) -> tuple[Ids, int, Offsets, int]:
        """The next piece in order, and where it goes."""
        place = self._tokens.reserve(len(ids))
        ends += place
        if self._number == 0:
            ends = np.concatenate((np.zeros(1, np.int64), ends[ends > 0]))
        if len(ends) and ends[0] == self._last_end:
            ends = ends[1:]  # of a sentence that is ended already, or has no ids
        if len(ends):
            self._last_end = int(ends[-1])
        self._number += 1
        return ids, place, ends, 0 if self._offsets is None else self._offsets.reserve(len(ends))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> None:
        with ExitStack() as files:
            for file in (self._tokens, self._offsets):
                if file is not None:
                    files.push(file)
            self.n_tokens = self._tokens.length
            self.n_sentences = 0 if self._offsets is None else self._offsets.length - 1
            if exception[0] is not None:
                raise exception[1]


def write_ids(folder: Path, pieces: Iterable[tuple[Ids, Offsets]]) -> tuple[int, int]:
    """Write the ids of a corpus; a sentence without ids is left out.

    Parameters
    ----------
    pieces : ids, and how many of the piece's ids stand before the end of each sentence that ends in it, rising

    Returns
    -------
    Number of tokens, and of sentences.

    Raises
    ------
    OSError
        a full disk, for example.
    """
    with IdWriter(folder) as writer:
        for number, (ids, ends) in enumerate(pieces):
            writer.put(number, ids, ends[np.diff(ends, prepend=-1) > 0])
    return writer.n_tokens, writer.n_sentences


def rank_tokens(tokens: Ids, sentence_offsets: Offsets, ranks: Ids) -> Iterator[tuple[Ids, Offsets]]:
    """Other ids for a corpus, piece by piece as `write_ids` takes them; ids with rank -1 are dropped.

    Parameters
    ----------
    tokens, sentence_offsets : as in `EncodedCorpus`
    ranks : (n_words,) int32, the new id of each old one
    """
    for start in range(0, len(tokens), _CHUNK):
        ids = ranks[tokens[start : start + _CHUNK]]
        kept = ids >= 0
        n_before = np.concatenate(([0], np.cumsum(kept)))
        first, stop = np.searchsorted(sentence_offsets, (start, start + len(ids)), "right")
        yield ids[kept], n_before[sentence_offsets[first:stop] - start]


def map_ids(folder: Path, n_tokens: int, n_sentences: int) -> tuple[Ids, Offsets]:
    """Map what `write_ids` wrote: tokens, and the offsets of sentences.

    Raises
    ------
    FormatError
        a file that is not what `write_ids` wrote.
    """
    return map_npy(folder / TOKENS, np.int32, (n_tokens,)), map_npy(folder / _OFFSETS, np.int64, (n_sentences + 1,))


def write_vocabulary_and_manifest(folder: Path, config: CorpusConfig, vocabulary: Vocabulary, facts: Mapping[str, Any]) -> None:
    """Make an encoded corpus of a folder that holds the ids already.

    Parameters
    ----------
    config : how the text was read, and which words are kept
    facts : about the text, with at least ``n_tokens`` and ``n_sentences``; a manifest of the corpus that this one comes from will do, and
        then says by which version of Unicode the text was read
    """
    vocabulary.save(folder / _VOCABULARY)
    content = {
        "config": config.to_json(),
        "vocabulary_sha256": sha256_file(folder / _VOCABULARY),
        **{key: value for key, value in facts.items() if key not in _OWN_KEYS},
    }
    content.setdefault("unicode", unicodedata.unidata_version)  # decides what is a letter
    write_manifest(folder, KIND, VERSION, content, by_ranges=(TOKENS, _OFFSETS))


def _are_ids(ids: Ids, n_words: int) -> bool:
    """All are in [0, n_words); 10 GB/s, without copies."""
    return len(ids) == 0 or int(ids.view(np.uint32).max()) < n_words  # negative ones are large there
