"""The table of formats. A new format is one file with ``read(path, options)`` and ``write(vectors, path)``, and one row here."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import ConfigError, FormatError
from w2v.formats import detection
from w2v.formats.compressed_files import open_vector_file, strip_suffix
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.storage import existing_directory

SPACY = "spacy"  # no format of the table: spaCy makes its folder itself, of word2vec text


@dataclass(frozen=True)
class Format:
    """One row of the table.

    Attributes
    ----------
    name : as in ``--format`` and ``load(path, format=...)``
    title : for people
    module : of `w2v.formats`, where ``read(path, options)`` and ``write(vectors, path)`` are; imported when they are called
    extensions : names of files that are written in this format, before a compression suffix
    detect : whether a file or folder is of this format, see `w2v.formats.detection`; None: not to be told by its contents
    is_read, is_written : whether there is a ``read``, a ``write``
    is_folder : whether it is written as a folder, which is never compressed
    takes_manifest : whether ``write`` takes the manifest of the model that the vectors are from
    """

    name: str
    title: str
    module: str
    extensions: tuple[str, ...] = ()
    detect: Callable[[Path, bytes], bool] | None = None
    is_read: bool = True
    is_written: bool = True
    is_folder: bool = False
    takes_manifest: bool = False

    def function(self, name: str) -> Callable[..., Any]:
        """``read`` or ``write`` of this format's module."""
        function: Callable[..., Any] = getattr(importlib.import_module(f"w2v.formats.{self.module}"), name)
        return function


# In this order where several detect a file whose name does not decide.
FORMATS = (
    Format("model", "w2v model directory", "folders.model_folder", (".w2v",), detection.is_model, is_folder=True, takes_manifest=True),
    Format("word2vec-text", "word2vec text", "rows.word2vec_text", (".txt", ".vec"), detection.is_word2vec_text),
    # fastText's .vec is word2vec's text, down to the space at the end of a line: the name is known, the reader is the same.
    Format("fasttext", "fastText .vec", "rows.word2vec_text"),
    Format("word2vec-binary", "word2vec binary", "rows.word2vec_binary", (".bin",), detection.is_word2vec_binary),
    Format("fasttext-bin", "fastText .bin", "rows.fasttext_bin", detect=detection.is_fasttext_bin, is_written=False),
    Format("glove", "GloVe text (word2vec text without a header)", "rows.glove_text", (".glove",), detection.is_glove_text),
    Format("npz", "numpy .npz", "arrays.npz", (".npz",), detection.is_npz),
    Format("safetensors", "safetensors", "arrays.safetensors", (".safetensors",), detection.is_safetensors),
    Format("parquet", "Parquet", "arrays.parquet", (".parquet",), detection.is_parquet),
    Format("projector", "TensorBoard projector", "folders.projector", (".projector",), detection.is_projector, is_folder=True),
    Format("keras", "Keras embedding folder", "folders.keras_folder", detect=detection.is_keras, is_folder=True),
    Format(
        "static-embedding",
        "model2vec / sentence-transformers folder",
        "folders.static_embedding",
        (".model2vec",),
        detection.is_static_embedding,
        is_folder=True,
        takes_manifest=True,
    ),
    Format("card", "Markdown model card", "folders.model_card", (".md",), is_read=False, takes_manifest=True),
)
# Not to be asked for by name: the parts are in one of the other formats.
PARTS = Format("parts", "folder of parts", "parts_folder", detect=detection.is_parts_folder, is_written=False, is_folder=True)
READ = tuple(entry.name for entry in FORMATS if entry.is_read)
WRITTEN = tuple(entry.name for entry in FORMATS if entry.is_written)


def format_named(name: str) -> Format:
    """The format of a name.

    Raises
    ------
    ConfigError
        listing the names.
    """
    for entry in FORMATS:
        if entry.name == name:
            return entry
    raise ConfigError(f"format must be one of {', '.join(entry.name for entry in FORMATS)}: received {name!r}")


def format_to_write(path: Path, name: str | None = None) -> Format:
    """The format of a name, or of a file's extension.

    Raises
    ------
    ConfigError
        an unknown name or extension, or a format that is only read; the message lists what is written, or says what spaCy wants.
    """
    if name == SPACY or (name is None and path.suffix == f".{SPACY}"):
        text, folder = path.with_suffix(".vec"), path.with_suffix(f".{SPACY}")
        commands = f"w2v export IN {text}, then python -m spacy init vectors LANG {text} {folder}"
        raise ConfigError(f"spaCy makes its own folder of word2vec text: {commands}")
    if name is not None:
        entry = format_named(name)
        if not entry.is_written:
            raise ConfigError(f"format must be one that is written, {', '.join(WRITTEN)}: received {name!r}")
        return entry
    found = _format_by_extension(path)
    if found is None:
        known = ", ".join(f"{extension} ({entry.name})" for entry in FORMATS for extension in entry.extensions)
        raise ConfigError(
            f"the format of {path} is not clear from its name: known are {known}; or say which with format=, one of {', '.join(WRITTEN)}"
        )
    if found.is_folder and strip_suffix(path.name) != path.name:
        raise ConfigError(f"{path} must be named without {path.suffix}: a {found.title} is a folder")
    return found


def is_foreign_folder(path: Path) -> bool:
    """Whether a folder is of another program, in a format without hashes."""
    return any(is_found(path, b"") for is_found in (detection.is_projector, detection.is_static_embedding, detection.is_parts_folder))


def _format_by_extension(path: Path) -> Format | None:
    extension = Path(strip_suffix(path.name)).suffix.lower()
    return next((entry for entry in FORMATS if extension and extension in entry.extensions), None)


def detect_format(path: Path, options: ReadOptions = STRICT) -> Format:
    """The format of an existing file or folder, by its contents; its name decides where they fit several.

    Raises
    ------
    FormatError
        none of the formats that are read; the message lists them.
    """
    head = b""
    if not existing_directory(path).is_dir():
        with open_vector_file(path, options) as source:
            head = source.stream.read(detection.HEAD_BYTES)
    fitting = [entry for entry in (*FORMATS, PARTS) if entry.detect is not None and entry.detect(path, head)]
    if not fitting:
        known = ", ".join(entry.title for entry in FORMATS if entry.is_read)
        fault = f"{path} must be one of {known}: {detection.describe_unknown(path, head)}"
        layout = detection.rows_to_repair(head)
        if layout is None:
            raise FormatError(fault)
        if not options.repair:
            options.tolerate(fault, f"read as {layout}")
        return format_named("word2vec-text" if layout.has_header or not layout.is_regular else "glove")
    named = _format_by_extension(path)
    return named if named in fitting else fitting[0]
