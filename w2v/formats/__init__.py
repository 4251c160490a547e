"""Vectors in every format: `load` recognizes the file, `save` goes by the name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from w2v.errors import ConfigError, FormatError, OutputError
from w2v.formats.read_options import DEFAULT_RATIO, ReadOptions
from w2v.formats.table import detect_format, format_named, format_to_write
from w2v.vectors.foreign_names import translate_options

if TYPE_CHECKING:
    from w2v.vectors.word_model import WordModel
    from w2v.vectors.word_vectors import WordVectors

__all__ = ["load", "save"]


@translate_options
def load(
    path: str | Path,
    format: str | None = None,
    *,
    limit: int | None = None,
    words: Iterable[str] | None = None,
    normalize: bool = False,
    errors: str = "strict",
    repair: bool = False,
    on_change: Callable[[str], None] | None = None,
    max_ratio: int = DEFAULT_RATIO,
    verify: bool = False,
) -> WordVectors:
    """Load vectors from a model directory or a file of any known format, compressed or not.

    Parameters
    ----------
    path : what to load; plain, gzip, bzip2, xz or zstd
    format : a name in the table of formats; None recognizes the format by the contents
    limit : load only the first so many words of the file; what follows them is not checked
    words : load only these words, in the file's order; with `limit`, those of them that are among the first
    normalize : scale each vector to length 1
    errors : ``"replace"`` puts U+FFFD in the place of bytes that are not UTF-8
    repair : load what can be loaded of a damaged file
    on_change : called with a line of text for each thing that `repair` or `errors` changed or left out, such as ``print``
    max_ratio : compressed content larger than this times the file is refused as a decompression bomb
    verify : compare the sha256 of a model directory's matrices too; vector files carry no hashes

    Raises
    ------
    FormatError
        not one of the formats, or damaged: names file and line or byte.
    ConfigError
        an unknown `format`, or an option out of range.
    """
    from w2v.formats.build_vectors import normalized

    path = Path(path)
    found = None if format is None else format_named(format)
    if isinstance(words, str):
        raise ConfigError(f"words must be a list of words: received the text {words[:60]!r}")
    options = ReadOptions(
        verify=verify,
        limit=limit,
        words=None if words is None else frozenset(words),
        errors=errors,
        repair=repair,
        max_ratio=max_ratio,
        on_change=on_change or (lambda text: None),
    )
    if found is None:
        found = detect_format(path, options)
    elif not found.is_read:
        raise ConfigError(f"format must be one that is read: {found.name} is only written")
    elif found.is_folder and path.is_file():
        raise FormatError(f"{path} must be a folder, as a {found.title} is: it is a file")
    vectors = cast("WordVectors", found.function("read")(path, options))
    vectors = normalized(vectors) if normalize else vectors
    vectors.path = path
    return vectors


def save(
    vectors: WordVectors | WordModel,
    path: str | Path,
    format: str | None = None,
    *,
    overwrite: bool = False,
    manifest: Mapping[str, Any] | None = None,
) -> None:
    """Save vectors to a file, whole or not at all.

    Parameters
    ----------
    vectors : word vectors, or a model, of which its vectors and what its manifest tells are saved
    path : its extension names the format, .gz, .bz2, .xz or .zst behind it the compression
    format : a name in the table of formats, instead of the extension
    overwrite : replace an existing file
    manifest : of the model that the vectors are from, for the formats that tell about it: model card and model directory

    Raises
    ------
    ConfigError
        an unknown format, or no vectors.
    FormatError
        a word that the format cannot carry, or a count that is negative or has more than 18 digits.
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
    from w2v.formats.build_vectors import check_counts
    from w2v.vectors.word_model import WordModel
    from w2v.vectors.word_vectors import WordVectors

    if isinstance(vectors, WordModel):
        manifest = getattr(vectors, "manifest", None) if manifest is None else manifest
        vectors = vectors.vectors
    if not isinstance(vectors, WordVectors):
        raise ConfigError(f"vectors must be word vectors or a model, such as w2v.save(model, path): received {vectors!r:.80}")
    path = Path(path)
    found = format_to_write(path, format)
    check_goal(path, overwrite=overwrite)
    check_counts(path, vectors.counts)
    write = found.function("write")
    if found.takes_manifest:
        write(vectors, path, manifest)
    else:
        write(vectors, path)


def check_goal(path: Path, *, overwrite: bool) -> None:
    """Refuse to save over something, before the vectors are even loaded.

    Raises
    ------
    OutputError
        `path` exists and `overwrite` is false.
    """
    if path.exists() and not overwrite:
        raise OutputError(f"{path} exists already: choose another name, or add overwrite=True")
