"""The table of formats. A new format is one file with ``read(path)`` and ``write(vectors, path)``, and one row here."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import ConfigError, FormatError
from w2v.formats.compression import open_content, strip_suffix
from w2v.formats.rows import show
from w2v.storage import MANIFEST, existing_directory

_HEAD_BYTES = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_TWO_INTEGERS = re.compile(rb"[+-]?[0-9_]+ [+-]?[0-9_]+ ?\r?")
_NUMBER_FIELDS = re.compile(rb" [-+.0-9][-+.0-9eE ]*\r?")
_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Format:
    """One row a format.

    Attributes
    ----------
    name : as in ``--format`` and ``load(path, format=...)``
    title : for people
    extensions : names of files that are written in this format, before a compression suffix
    recognizes : whether a file is of this format, by its path and its first (decompressed) bytes; those of a folder are empty
    module : where ``read`` and ``write`` are; imported when they are called
    is_written : whether there is a ``write``
    is_hashed : whether ``read`` takes ``verify``
    carries : what survives besides words and float32 numbers, and what words it refuses
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    recognizes: Callable[[Path, bytes], bool]
    module: str
    is_written: bool
    is_hashed: bool
    carries: str

    def function(self, name: str) -> Callable[..., Any]:
        """``read`` or ``write`` of this format's module."""
        function: Callable[..., Any] = getattr(importlib.import_module(self.module), name)
        return function


def _is_model(path: Path, head: bytes) -> bool:
    return (existing_directory(path) / MANIFEST).is_file()


def _is_word2vec_text(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be binary."""
    header, _, row = head.removeprefix(_BYTE_ORDER_MARK).partition(b"\n")
    if not _TWO_INTEGERS.fullmatch(header):
        return False
    _, _, numbers = row.partition(b"\n")[0].partition(b" ")
    return not _UNPRINTABLE.search(numbers) and _is_utf8(numbers)


def _is_word2vec_binary(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be text."""
    header, _, row = head.removeprefix(_BYTE_ORDER_MARK).partition(b"\n")
    _, space, numbers = row.partition(b"\n")[0].partition(b" ")
    return bool(_TWO_INTEGERS.fullmatch(header) and not _NUMBER_FIELDS.fullmatch(space + numbers))


def _is_glove_text(path: Path, head: bytes) -> bool:
    """A first line that is a row and no header."""
    line = head.removeprefix(_BYTE_ORDER_MARK).partition(b"\n")[0]
    word, space, numbers = line.partition(b" ")
    return bool(word and _NUMBER_FIELDS.fullmatch(space + numbers) and not _TWO_INTEGERS.fullmatch(line))


def _is_utf8(cut: bytes) -> bool:
    try:
        cut.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


_ROW_WORDS = "words without ASCII white space and NUL; no counts, no tokenizer"

# In this order where several recognize a file whose name does not decide.
FORMATS = (
    Format("model", "w2v model directory", (), _is_model, "w2v.formats.model", False, True, "all words; counts and tokenizer"),
    Format("word2vec-text", "word2vec text", (".txt", ".vec"), _is_word2vec_text, "w2v.formats.word2vec_text", True, False, _ROW_WORDS),
    Format("word2vec-binary", "word2vec binary", (".bin",), _is_word2vec_binary, "w2v.formats.word2vec_binary", True, False, _ROW_WORDS),
    Format("glove", "GloVe text", (".glove",), _is_glove_text, "w2v.formats.glove_text", True, False, _ROW_WORDS),
)
WRITTEN = tuple(row.name for row in FORMATS if row.is_written)


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
    if name is not None:
        row = format_named(name)
        if not row.is_written:
            raise ConfigError(f"format must be one that is written, {', '.join(WRITTEN)}: received {name!r}")
        return row
    found = _by_extension(path)
    if found is None:
        known = ", ".join(f"{extension} ({row.name})" for row in FORMATS for extension in row.extensions)
        raise ConfigError(f"the format of {path} is not clear from its name: known are {known}; or say --format {'|'.join(WRITTEN)}")
    return found


def _by_extension(path: Path) -> Format | None:
    extension = Path(strip_suffix(path.name)).suffix.lower()
    return next((row for row in FORMATS if extension and extension in row.extensions), None)


def recognize(path: Path) -> Format:
    """The format of an existing file or folder, by its contents; its name decides where they fit several.

    Raises
    ------
    FormatError
        none of the formats that are read; the message lists them.
    """
    head = b""
    if not existing_directory(path).is_dir():
        with open_content(path) as content:
            head = content.file.read(_HEAD_BYTES)
    fitting = [row for row in FORMATS if row.recognizes(path, head)]
    if not fitting:
        raise FormatError(f"{path} must be one of {', '.join(row.title for row in FORMATS)}: {_describe(path, head)}")
    named = _by_extension(path)
    return named if named is not None and named in fitting else fitting[0]


def _describe(path: Path, head: bytes) -> str:
    if path.is_dir():
        return f"it is a folder without {MANIFEST}"
    if not head:
        return "it is empty"
    if head.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return "it is a pickle, which w2v never loads: write it with gensim's save_word2vec_format first"
    return f"it begins with {show(head)}"
