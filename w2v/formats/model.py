"""Our model directory as a source of vectors."""

from __future__ import annotations

from pathlib import Path

from w2v.vectors.model_directory import load_model
from w2v.vectors.word_vectors import WordVectors


def read(path: Path, *, verify: bool) -> WordVectors:
    """The input vectors of a model, memory-mapped, with their counts and tokenizer.

    Parameters
    ----------
    verify : compare the sha256 of all files, the matrices included

    Raises
    ------
    FormatError
        not a model, or a damaged one.
    """
    return load_model(path, verify=verify).vectors
