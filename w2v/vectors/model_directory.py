"""The model directory: what a training leaves on disk, and what everything after it reads.

    MODEL/
    ├── manifest.json        kind, format version, n_words, dim, what the writer adds; size and sha256 of each file
    ├── vocabulary.tsv       word, tab, count; by rank
    ├── input_vectors.npy    (n_words, dim) float32, the word vectors
    └── output_vectors.npy   (n_words, dim) float32, needed to train on

The matrices are memory-mapped: loading a model costs the time of reading its vocabulary.
"""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from w2v.config import CorpusConfig
from w2v.errors import ConfigError, FormatError
from w2v.npy import Matrix, map_matrix, write_matrix
from w2v.storage import atomic_directory, existing_directory, read_manifest, verify_files, write_manifest
from w2v.vectors.word_model import WordModel
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary

KIND = "w2v model"
FORMAT_VERSION = 1
VOCABULARY = "vocabulary.tsv"
INPUT_VECTORS = "input_vectors.npy"
OUTPUT_VECTORS = "output_vectors.npy"


@dataclass(frozen=True)
class StoredModel(WordModel):
    """A model as it lies on disk.

    Attributes
    ----------
    path : the directory that was read
    manifest : its ``manifest.json``
    vocabulary : the words with their counts
    input_vectors, output_vectors : (n_words, dim) float32, memory-mapped and read-only
    corpus_config : how the text was split that it was trained on, where that is known
    """

    path: Path
    manifest: dict[str, Any]
    vocabulary: Vocabulary
    input_vectors: Matrix
    output_vectors: Matrix
    corpus_config: CorpusConfig | None

    @functools.cached_property
    def vectors(self) -> WordVectors:
        """The word vectors, memory-mapped."""
        vectors = WordVectors(self.vocabulary, self.input_vectors, tokenizer=self.corpus_config)
        vectors.path = self.path
        return vectors

    def __repr__(self) -> str:
        n_words, dim = self.input_vectors.shape
        return f"<StoredModel: {n_words:,} words x {dim:,} dimensions, from {self.path}>"


def save_model(
    path: str | Path,
    *,
    vocabulary: Vocabulary,
    input_vectors: Matrix,
    output_vectors: Matrix,
    manifest: dict[str, Any],
    overwrite: bool = False,
) -> None:
    """Write a model directory, whole or not at all.

    Parameters
    ----------
    input_vectors, output_vectors : (n_words, dim) float32; a view of padded rows is written in blocks, without a copy of the whole
    manifest : what else the manifest says: ``train_config``, ``corpus_config``, ``corpus``, ``report``, ``versions``
    overwrite : replace a model that is there already; nothing but a model or an empty directory is ever replaced

    Raises
    ------
    OutputError
        `path` exists and may not be replaced, or the disk is full.
    FormatError
        a matrix has another shape or dtype.
    """
    with atomic_directory(Path(path), overwrite=overwrite, kind=KIND) as folder:
        write_model(folder, vocabulary=vocabulary, input_vectors=input_vectors, output_vectors=output_vectors, manifest=manifest)


def write_model(folder: Path, *, vocabulary: Vocabulary, input_vectors: Matrix, output_vectors: Matrix, manifest: dict[str, Any]) -> None:
    """Write the files of a model into an existing folder, which the caller makes visible; see `save_model`."""
    shape = (len(vocabulary), input_vectors.shape[-1])
    for name, matrix in ((INPUT_VECTORS, input_vectors), (OUTPUT_VECTORS, output_vectors)):
        if matrix.shape != shape or matrix.dtype != np.float32:
            raise FormatError(f"{name} must have shape {shape} and dtype float32: received {matrix.shape} and {matrix.dtype}")
        write_matrix(folder / name, matrix)
    vocabulary.save(folder / VOCABULARY)
    write_manifest(folder, KIND, FORMAT_VERSION, {"n_words": shape[0], "dim": shape[1], **manifest})


def load_model(path: str | Path, verify: bool = False) -> StoredModel:
    """Open a model directory; its matrices stay on disk.

    Parameters
    ----------
    verify : compare the sha256 of all files with the manifest's, instead of the vocabulary's only

    Raises
    ------
    FormatError
        no model, one of a newer version, or a damaged one: the message names the file and what differs.
    """
    folder = existing_directory(Path(path))
    manifest = read_manifest(folder, KIND, FORMAT_VERSION)
    n_words, dim = manifest.get("n_words"), manifest.get("dim")
    if not (isinstance(n_words, int) and n_words > 0 and isinstance(dim, int) and dim > 0):
        raise FormatError(f"{folder} is damaged: its manifest must give n_words and dim above 0: found {n_words!r} and {dim!r}")
    for name in (VOCABULARY, INPUT_VECTORS, OUTPUT_VECTORS):
        if name not in manifest["files"]:
            raise FormatError(f"{folder} is damaged: its manifest must list {name}")
    verify_files(folder, manifest, lambda name: verify or name == VOCABULARY)
    vocabulary = Vocabulary.load(folder / VOCABULARY)
    if len(vocabulary) != n_words:
        raise FormatError(f"{folder} is damaged: {VOCABULARY} has {len(vocabulary)} words, its manifest says {n_words}")
    return StoredModel(
        path=folder,
        manifest=manifest,
        vocabulary=vocabulary,
        input_vectors=map_matrix(folder / INPUT_VECTORS, (n_words, dim)),
        output_vectors=map_matrix(folder / OUTPUT_VECTORS, (n_words, dim)),
        corpus_config=_corpus_config(folder, manifest),
    )


def _corpus_config(folder: Path, manifest: dict[str, Any]) -> CorpusConfig | None:
    values = manifest.get("corpus_config")
    if values is None:
        return None
    if not isinstance(values, dict):
        raise FormatError(f"{folder} is damaged: corpus_config in its manifest must be an object: found {values!r}")
    try:
        return CorpusConfig.from_json(values)
    except ConfigError as error:
        raise FormatError(f"{folder} is damaged: corpus_config in its manifest: {error}") from None
