"""``projector_config.pbtxt``, a protocol buffer in text form: which files hold the tensors and the words."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from w2v.errors import FormatError
from w2v.storage import MANIFEST

PROJECTOR_CONFIG = "projector_config.pbtxt"

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(?P<number>-?[0-9][0-9.eE+-]*)|(?P<mark>[{}:<>\[\],;])"""
)
_SIZE = re.compile("[0-9]{1,18}")
_ESCAPE = re.compile(r"\\(.)")
_MAX_DEPTH = 20


@dataclass(frozen=True)
class ProjectorFiles:
    """Where an embedding is.

    Attributes
    ----------
    tensors, metadata : files in the folder
    shape : (n_words, dim), where the config says it
    """

    tensors: Path
    metadata: Path
    shape: tuple[int, int] | None


def parse_config(folder: Path, text: bytes) -> ProjectorFiles:
    """The first embedding of a config.

    Raises
    ------
    FormatError
        not such a config, or one that leads out of `folder`.
    """
    path = folder / PROJECTOR_CONFIG
    try:
        tokens = _tokens(path, text.decode())
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} must be UTF-8 ({error.reason})") from None
    message, end = _message(path, tokens, 0, 0)
    if end < len(tokens):
        raise FormatError(f"{path}: expected a field: found {tokens[end][1]!r}")
    embedding = next((value for name, value in message if name == "embeddings" and isinstance(value, list)), None)
    if embedding is None:
        raise FormatError(f"{path} must describe embeddings {{ … }}: found none")
    fields = {name: value for name, value in embedding if isinstance(value, str)}
    shape = tuple(int(value) for name, value in embedding if name == "tensor_shape" and isinstance(value, str) and _SIZE.fullmatch(value))
    return ProjectorFiles(
        _inside(path, fields, "tensor_path"), _inside(path, fields, "metadata_path"), (shape[0], shape[1]) if len(shape) == 2 else None
    )


def find_tables(folder: Path) -> ProjectorFiles | None:
    """The files of a folder without a config: its only two tables, the one with ``meta`` in its name being that of the words."""
    if (folder / MANIFEST).is_file() or not folder.is_dir():
        return None
    tables = sorted(folder.glob("*.tsv"), key=_is_metadata)
    return ProjectorFiles(tables[0], tables[1], None) if list(map(_is_metadata, tables)) == [False, True] else None


def _is_metadata(path: Path) -> bool:
    return "meta" in path.name.lower()


def _inside(path: Path, fields: dict[str, str], name: str) -> Path:
    """A file that the config names, in its folder: a folder from somebody else must not lead to other files."""
    if not fields.get(name) or "\0" in fields[name]:
        raise FormatError(f"{path}: the first embedding must have a {name}: found {fields.get(name)!r}")
    folder = path.parent.resolve()
    try:
        found = (folder / fields[name]).resolve()
        is_file = found.is_file()
    except (OSError, RuntimeError):  # a name that no file can have, or links in a circle
        found, is_file = folder / "?", False
    if not found.is_relative_to(folder):
        raise FormatError(f"{path}: {name} must lie in the folder of the config: found {fields[name]!r}")
    if not is_file:
        raise FormatError(f"{path}: {name} must be a file in the folder of the config: found {fields[name][:100]!r}")
    return path.parent / found.relative_to(folder)


def _tokens(path: Path, text: str) -> list[tuple[str, str]]:
    tokens = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise FormatError(
                f"{path} (character {position}): expected a name, a value or a brace: found {text[position : position + 20]!r}"
            )
        if found.lastgroup is not None:
            tokens.append((found.lastgroup, found.group()))
        position = found.end()
    return tokens


def _message(path: Path, tokens: list[tuple[str, str]], position: int, depth: int) -> tuple[list[tuple[str, Any]], int]:
    """Fields ``name: value`` and ``name { fields }`` from `position` on; a value is a text, of fields a list."""
    fields: list[tuple[str, Any]] = []
    while position < len(tokens) and tokens[position][0] == "name":
        name = tokens[position][1]
        position += 1
        has_colon = _is_mark(tokens, position, ":")
        position += has_colon
        value: Any
        if _is_mark(tokens, position, "{") and depth < _MAX_DEPTH:
            value, position = _message(path, tokens, position + 1, depth + 1)
            if not _is_mark(tokens, position, "}"):
                raise FormatError(f"{path}: {name} {{ must end with }}")
        elif has_colon and position < len(tokens) and tokens[position][0] != "mark":
            kind, value = tokens[position]
            value = _ESCAPE.sub(r"\1", value[1:-1]) if kind == "text" else value
        else:
            raise FormatError(f"{path}: expected a value of {name}: found {tokens[position][1] if position < len(tokens) else 'the end'!r}")
        position += 1
        position += _is_mark(tokens, position, ",") or _is_mark(tokens, position, ";")
        fields.append((name, value))
    return fields, position


def _is_mark(tokens: list[tuple[str, str]], position: int, mark: str) -> bool:
    return position < len(tokens) and tokens[position] == ("mark", mark)


def write_config(tensors: str, metadata: str, shape: tuple[int, ...]) -> bytes:
    """The config of one embedding; paths are relative to the folder that it lies in."""
    sizes = "".join(f"  tensor_shape: {size}\n" for size in shape)
    fields = f'  tensor_name: "w2v"\n{sizes}  tensor_path: "{tensors}"\n  metadata_path: "{metadata}"\n'
    return f"embeddings {{\n{fields}}}\n".encode()
