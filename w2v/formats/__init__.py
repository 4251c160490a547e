"""Vectors in every format: `load` recognizes the file, `save` goes by the name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from w2v.errors import OutputError
from w2v.formats.table import format_named, format_to_write, recognize

if TYPE_CHECKING:
    from w2v.vectors.word_vectors import WordVectors

__all__ = ["load", "save"]


def load(path: str | Path, format: str | None = None, *, verify: bool = False) -> WordVectors:
    """Load vectors from a model directory or a file of any known format, compressed or not.

    Parameters
    ----------
    path : what to load; plain text, gzip, bzip2, xz or zstd
    format : a name in the table of formats; None recognizes the format by the contents
    verify : compare the sha256 of a model directory's matrices too; vector files carry no hashes

    Raises
    ------
    FormatError
        not one of the formats, or damaged: names file and line or byte.
    ConfigError
        an unknown `format`.
    """
    path = Path(path)
    row = recognize(path) if format is None else format_named(format)
    read = row.function("read")
    return cast("WordVectors", read(path, verify=verify) if row.is_hashed else read(path))


def save(vectors: WordVectors, path: str | Path, format: str | None = None, *, overwrite: bool = False) -> None:
    """Save vectors to a file, whole or not at all.

    Parameters
    ----------
    path : its extension names the format, .gz, .bz2, .xz or .zst behind it the compression
    format : a name in the table of formats, instead of the extension
    overwrite : replace an existing file

    Raises
    ------
    ConfigError
        an unknown format.
    FormatError
        a word that the format cannot carry.
    OutputError
        `path` exists and `overwrite` is false.

    Examples
    --------
    >>> import tempfile
    >>> import numpy as np
    >>> import w2v
    >>> vectors = w2v.WordVectors(w2v.Vocabulary(["king", "queen"], [2, 1]), np.array([[0.5, 1], [0.25, 2]], np.float32))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     w2v.save(vectors, f"{folder}/royals.vec.gz")
    ...     w2v.load(f"{folder}/royals.vec.gz")["queen"].tolist()
    [0.25, 2.0]
    """
    path = Path(path)
    row = format_to_write(path, format)
    check_goal(path, overwrite=overwrite)
    row.function("write")(vectors, path)


def check_goal(path: Path, *, overwrite: bool) -> None:
    """Refuse to save over something, before the vectors are even loaded.

    Raises
    ------
    OutputError
        `path` exists and `overwrite` is false.
    """
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already: choose another name, or add --overwrite")
