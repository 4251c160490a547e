"""The table of formats. A new format is one file with ``read(path, options)`` and ``write(vectors, path)``, and one row here."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import ConfigError, FormatError
from w2v.formats.compressed_files import open_content, strip_suffix
from w2v.formats.embedding_ids import ROWS
from w2v.formats.folders.projector_config import PROJECTOR_CONFIG
from w2v.formats.read_options import STRICT, ReadOptions
from w2v.formats.writable_rows import BYTE_ORDER_MARK, show
from w2v.storage import MANIFEST, existing_directory

_HEAD_BYTES = 1 << 16
_FASTTEXT_MAGIC = (793712314).to_bytes(4, "little")
_TOKENIZER = "tokenizer.json"
_MARKS = (PROJECTOR_CONFIG, ROWS, _TOKENIZER)  # files that no model directory has
_TWO_INTEGERS = re.compile(rb"[+-]?[0-9_]+ [+-]?[0-9_]+ ?\r?")
_COUNT = re.compile(rb"[0-9]+ ?\r?")
_NUMBER_FIELDS = re.compile(rb" [-+.0-9][-+.0-9eE ]*\r?")
_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True)
class Format:
    """One row a format.

    Attributes
    ----------
    name : as in ``--format`` and ``load(path, format=...)``
    title : for people
    module : where ``read(path, options)`` and ``write(vectors, path)`` are; imported when they are called
    carries : what survives besides words and float32 numbers, and what words it refuses
    extensions : names of files that are written in this format, before a compression suffix
    recognizes : whether a file is of this format, by its path and its first (decompressed) bytes; those of a folder are empty
    is_read, is_written : whether there is a ``read``, a ``write``
    is_folder : whether it is written as a folder, which is never compressed
    takes_manifest : whether ``write`` takes the manifest of the model that the vectors are from
    """

    name: str
    title: str
    module: str
    carries: str
    extensions: tuple[str, ...] = ()
    recognizes: Callable[[Path, bytes], bool] = lambda path, head: False
    is_read: bool = True
    is_written: bool = True
    is_folder: bool = False
    takes_manifest: bool = False

    def function(self, name: str) -> Callable[..., Any]:
        """``read`` or ``write`` of this format's module."""
        function: Callable[..., Any] = getattr(importlib.import_module(self.module), name)
        return function


def _is_projector(path: Path, head: bytes) -> bool:
    return (path / PROJECTOR_CONFIG).is_file()


def _is_model(path: Path, head: bytes) -> bool:
    folder = existing_directory(path)
    return (folder / MANIFEST).is_file() and not any((folder / mark).exists() for mark in _MARKS)


def _is_static_embedding(path: Path, head: bytes) -> bool:
    return (path / _TOKENIZER).is_file()


def _is_keras(path: Path, head: bytes) -> bool:
    return (existing_directory(path) / ROWS).is_file()


def _is_npz(path: Path, head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


def _is_fasttext_bin(path: Path, head: bytes) -> bool:
    return head.startswith(_FASTTEXT_MAGIC)


def _is_parquet(path: Path, head: bytes) -> bool:
    return head.startswith(b"PAR1")


def _is_safetensors(path: Path, head: bytes) -> bool:
    return len(head) > 9 and head[8:9] == b"{" and head[4:8] == bytes(4)


def _is_word2vec_text(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be binary."""
    header, _, row = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    if not _TWO_INTEGERS.fullmatch(header):
        return False
    _, _, numbers = row.partition(b"\n")[0].partition(b" ")
    return not _UNPRINTABLE.search(numbers) and _is_utf8(numbers)


def _is_word2vec_binary(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be text."""
    header, _, row = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    _, space, numbers = row.partition(b"\n")[0].partition(b" ")
    return bool(_TWO_INTEGERS.fullmatch(header) and not _NUMBER_FIELDS.fullmatch(space + numbers))


def _is_glove_text(path: Path, head: bytes) -> bool:
    """A first line that is a row, no header and no word with its count, nor text in a zip file."""
    if _is_npz(path, head):
        return False
    line = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0]
    word, space, numbers = line.partition(b" ")
    return bool(word and _NUMBER_FIELDS.fullmatch(space + numbers) and not _TWO_INTEGERS.fullmatch(line) and not _COUNT.fullmatch(numbers))


def _is_utf8(cut: bytes) -> bool:
    try:
        cut.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


_ROW_WORDS = "words without ASCII white space and NUL; no counts, no tokenizer"
_ALL = "all words; counts and tokenizer"

# In this order where several recognize a file whose name does not decide.
FORMATS = (
    Format(
        name="model",
        title="w2v model directory",
        module="w2v.formats.folders.model_folder",
        carries=_ALL,
        extensions=(".w2v",),
        recognizes=_is_model,
        is_folder=True,
        takes_manifest=True,
    ),
    Format(
        name="word2vec-text",
        title="word2vec text",
        module="w2v.formats.rows.word2vec_text",
        carries=_ROW_WORDS,
        extensions=(".txt", ".vec"),
        recognizes=_is_word2vec_text,
    ),
    # fastText's .vec is word2vec's text, down to the space at the end of a line: the name is known, the reader is the same.
    Format(name="fasttext", title="fastText .vec", module="w2v.formats.rows.word2vec_text", carries=_ROW_WORDS),
    Format(
        name="word2vec-binary",
        title="word2vec binary",
        module="w2v.formats.rows.word2vec_binary",
        carries=_ROW_WORDS,
        extensions=(".bin",),
        recognizes=_is_word2vec_binary,
    ),
    Format(
        name="fasttext-bin",
        title="fastText .bin",
        module="w2v.formats.rows.fasttext_bin",
        carries="all words; counts",
        recognizes=_is_fasttext_bin,
        is_written=False,
    ),
    Format(
        name="glove",
        title="GloVe text (word2vec text without a header)",
        module="w2v.formats.rows.glove_text",
        carries=_ROW_WORDS,
        extensions=(".glove",),
        recognizes=_is_glove_text,
    ),
    Format(
        name="npz",
        title="numpy .npz",
        module="w2v.formats.arrays.npz",
        carries=_ALL,
        extensions=(".npz",),
        recognizes=_is_npz,
    ),
    Format(
        name="safetensors",
        title="safetensors",
        module="w2v.formats.arrays.safetensors",
        carries=_ALL,
        extensions=(".safetensors",),
        recognizes=_is_safetensors,
    ),
    Format(
        name="parquet",
        title="Parquet",
        module="w2v.formats.arrays.parquet",
        carries=_ALL,
        extensions=(".parquet",),
        recognizes=_is_parquet,
    ),
    Format(
        name="projector",
        title="TensorBoard projector",
        module="w2v.formats.folders.projector",
        carries="words without tabs and line ends, not of white space alone; counts",
        extensions=(".projector",),
        recognizes=_is_projector,
        is_folder=True,
    ),
    Format(
        name="keras",
        title="Keras embedding folder",
        module="w2v.formats.folders.keras_folder",
        carries=_ALL,
        recognizes=_is_keras,
        is_folder=True,
    ),
    Format(
        name="static-embedding",
        title="model2vec / sentence-transformers folder",
        module="w2v.formats.folders.static_embedding",
        carries=_ALL,
        extensions=(".model2vec",),
        recognizes=_is_static_embedding,
        is_folder=True,
    ),
    Format(
        name="card",
        title="Markdown model card",
        module="w2v.formats.folders.model_card",
        carries="corpus, settings, scores and hashes; no vectors",
        extensions=(".md",),
        is_read=False,
        takes_manifest=True,
    ),
)
READ = tuple(row.name for row in FORMATS if row.is_read)
WRITTEN = tuple(row.name for row in FORMATS if row.is_written)
SPACY = "spacy"  # written by spaCy itself, from our text


def format_named(name: str) -> Format:
    """The format of a name.

    Raises
    ------
    ConfigError
        listing the names.
    """
    for row in FORMATS:
        if row.name == name:
            return row
    raise ConfigError(f"format must be one of {', '.join(row.name for row in FORMATS)}: received {name!r}")


def format_to_write(path: Path, name: str | None = None) -> Format:
    """The format of a name, or of a file's extension.

    Raises
    ------
    ConfigError
        an unknown name or extension, or a format that is only read; the message lists what is written.
    """
    if SPACY in (name, path.suffix.removeprefix(".")):
        raise ConfigError(_spacy_commands(path))
    if name is not None:
        row = format_named(name)
        if not row.is_written:
            raise ConfigError(f"format must be one that is written, {', '.join(WRITTEN)}: received {name!r}")
        return row
    found = _by_extension(path)
    if found is not None and found.is_folder and strip_suffix(path.name) != path.name:
        raise ConfigError(f"{path} must be named without {path.suffix}: a {found.title} is a folder")
    if found is None:
        known = ", ".join(f"{extension} ({row.name})" for row in FORMATS for extension in row.extensions)
        raise ConfigError(f"the format of {path} is not clear from its name: known are {known}; or say --format {'|'.join(WRITTEN)}")
    return found


def _spacy_commands(path: Path) -> str:
    text, folder = path.with_suffix(".vec"), path.with_suffix(f".{SPACY}")
    return f"spaCy makes its own folder of word2vec text: w2v export IN {text}, then python -m spacy init vectors LANG {text} {folder}"


def is_foreign_folder(path: Path) -> bool:
    """Whether a folder is in a format of another program, which has no hashes."""
    return any((path / mark).is_file() for mark in (PROJECTOR_CONFIG, _TOKENIZER))


def _by_extension(path: Path) -> Format | None:
    extension = Path(strip_suffix(path.name)).suffix.lower()
    return next((row for row in FORMATS if extension and extension in row.extensions), None)


def recognize(path: Path, options: ReadOptions = STRICT) -> Format:
    """The format of an existing file or folder, by its contents; its name decides where they fit several.

    Raises
    ------
    FormatError
        none of the formats that are read; the message lists them.
    """
    head = b""
    if not existing_directory(path).is_dir():
        with open_content(path, options) as content:
            head = content.file.read(_HEAD_BYTES)
    fitting = [row for row in FORMATS if row.recognizes(path, head)]
    if not fitting:
        raise FormatError(f"{path} must be one of {', '.join(row.title for row in FORMATS if row.is_read)}: {_describe(path, head)}")
    named = _by_extension(path)
    return named if named is not None and named in fitting else fitting[0]


def _describe(path: Path, head: bytes) -> str:
    if path.is_dir():
        return f"it is a folder without {MANIFEST}, {PROJECTOR_CONFIG} or {_TOKENIZER}"
    if not head:
        return "it is empty"
    if head.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return "it is a pickle, which w2v never loads: write it with gensim's save_word2vec_format first"
    word, _, number = head.partition(b"\n")[0].partition(b" ")
    if word and _COUNT.fullmatch(number):
        return f"it begins with {show(head)}, as word2vec.c's lists of counts (-save-vocab) and classes do, which are no vectors"
    return f"it begins with {show(head)}"
