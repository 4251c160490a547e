"""Our model directory: a source of vectors, and what vectors from elsewhere become."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from w2v.errors import FormatError
from w2v.formats.build_vectors import select_words
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.formats.writable_rows import encode_word
from w2v.vectors.model_directory import load_model, save_model
from w2v.vectors.word_vectors import WordVectors

_KEPT_KEYS = ("train_config", "corpus", "report", "versions", "imported")  # of a manifest; the rest of it describes the directory


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """The input vectors of a model, memory-mapped, with their counts and tokenizer.

    Raises
    ------
    FormatError
        not a model, or a damaged one; a model has a hash for each file, and nothing in it is repaired.
    """
    return select_words(path, load_model(path, verify=options.verify).vectors, options)


def write(vectors: WordVectors, path: Path, manifest: Mapping[str, Any] | None = None) -> None:
    """Make a model of vectors; its output vectors are zeros, as at the start of a training.

    Parameters
    ----------
    manifest : of the model that the vectors are from, or another origin, such as ``{"imported": {"path": ...}}``

    Raises
    ------
    FormatError
        nothing to write, or a word that is not Unicode.
    OutputError
        `path` is there and no model.
    """
    if not len(vectors):
        raise FormatError(f"{path} cannot be written: there are no words")
    for word in vectors.words:
        encode_word(word, path)
    tokenizer = None if vectors.tokenizer is None else vectors.tokenizer.to_json()
    kept = {key: (manifest or {}).get(key) for key in _KEPT_KEYS}
    save_model(
        path,
        vocabulary=vectors.vocabulary,
        input_vectors=vectors.matrix,
        output_vectors=np.broadcast_to(np.float32(0), vectors.matrix.shape),
        manifest={"corpus_config": tokenizer, **kept},
        overwrite=True,
    )
