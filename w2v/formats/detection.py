"""Of which format a file or folder is: one question a format, answered by its files' names or its first (decompressed) bytes."""

import re
from collections.abc import Callable
from pathlib import Path

from w2v.formats.embedding_ids import EMBEDDING_FILE
from w2v.formats.folders.projector_config import PROJECTOR_CONFIG, find_tables
from w2v.formats.read_options import BYTE_ORDER_MARK, quote
from w2v.formats.rows.header import match_header
from w2v.formats.rows.table_fields import ends_in_number
from w2v.formats.rows.table_guess import guess_layout, has_odd_words
from w2v.formats.rows.table_layout import Layout
from w2v.storage import MANIFEST, existing_directory

HEAD_BYTES = 1 << 16  # of a file, to look at; those of a folder are none
TOKENIZER = "tokenizer.json"
_TWO_INTEGERS = re.compile(rb"[+-]?[0-9_]+ [+-]?[0-9_]+ ?\r?")
_COUNT = re.compile(rb"[0-9]+ ?\r?")
_NUMBER_FIELDS = re.compile(rb" [-+.0-9][-+.0-9eE ]*\r?")
_UNPRINTABLE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _starts_with(magic: bytes) -> Callable[[Path, bytes], bool]:
    return lambda path, head: head.startswith(magic)


def _holds(name: str) -> Callable[[Path, bytes], bool]:
    return lambda path, head: (path / name).is_file()


is_npz = _starts_with(b"PK\x03\x04")
is_parquet = _starts_with(b"PAR1")
is_fasttext_bin = _starts_with((793712314).to_bytes(4, "little"))
is_static_embedding = _holds(TOKENIZER)


def is_projector(path: Path, head: bytes) -> bool:
    return (path / PROJECTOR_CONFIG).is_file() or find_tables(path) is not None


def is_parts_folder(path: Path, head: bytes) -> bool:
    return bool(list_parts(path))


def list_parts(path: Path) -> list[Path]:
    """The parts of a table in a folder, by name, without those that are empty; of a model that Spark saved, those of its data."""
    if (path / "metadata").is_dir() and (path / "data").is_dir():
        path = path / "data"
    if not path.is_dir():
        return []
    return [part for part in sorted(path.glob("part-*")) if part.is_file() and part.stat().st_size]


def is_keras(path: Path, head: bytes) -> bool:
    return (existing_directory(path) / EMBEDDING_FILE).is_file()


def is_model(path: Path, head: bytes) -> bool:
    is_other = is_projector(path, head) or is_static_embedding(path, head) or is_keras(path, head)
    return (existing_directory(path) / MANIFEST).is_file() and not is_other


def is_safetensors(path: Path, head: bytes) -> bool:
    return len(head) > 9 and head[8:9] == b"{" and head[4:8] == bytes(4)


def is_word2vec_text(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be binary, nor words in quotation marks."""
    header, _, row = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    _, space, numbers = row.partition(b"\n")[0].partition(b" ")
    is_header = _TWO_INTEGERS.fullmatch(header) or match_header(header + b"\n", row)
    is_table = _NUMBER_FIELDS.fullmatch(space + numbers) and has_odd_words(row, has_header=True)
    return bool(is_header) and not is_table and not _UNPRINTABLE.search(numbers) and _is_utf8(numbers)


def is_word2vec_binary(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be text."""
    header, _, row = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    _, space, numbers = row.partition(b"\n")[0].partition(b" ")
    return bool(_TWO_INTEGERS.fullmatch(header) and not _NUMBER_FIELDS.fullmatch(space + numbers))


def is_glove_text(path: Path, head: bytes) -> bool:
    """A first line that is a row, no header and no word with its count, nor text in a zip file; rows have words."""
    if is_npz(path, head) or has_odd_words(head):
        return False
    line = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0]
    word, space, numbers = line.partition(b" ")
    is_row = word and _NUMBER_FIELDS.fullmatch(space + numbers) and not ends_in_number(word)
    return bool(is_row and not _TWO_INTEGERS.fullmatch(line) and not _COUNT.fullmatch(numbers))


def _is_utf8(cut: bytes) -> bool:
    try:
        cut.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def rows_to_repair(head: bytes) -> Layout | None:
    """How rows of words and numbers are laid out that are of no format but can be read; None where it is not clear that they are."""
    if _UNPRINTABLE.search(head) or head.startswith(_OTHER_STARTS) or _is_list_of_counts(head) or _ends_with_returns(head):
        return None
    layout, _ = guess_layout(head)
    return layout if layout is not None and layout.share > 1 / 2 else None


def _ends_with_returns(head: bytes) -> bool:
    return b"\r" in head and b"\n" not in head


def _is_list_of_counts(head: bytes) -> bool:
    lines = [line.partition(b" ") for line in head.split(b"\n", 2)[:2] if line]
    return bool(lines) and all(word and _COUNT.fullmatch(number) for word, _, number in lines)


# What other files begin with -> what they are and what to do.
_NEVER_LOADED = "which w2v never loads"
_FROM_PYTHON = "save its words and numbers with numpy.savez(path, words=[...], vectors=matrix)"
_OTHER_FILES = (
    *((b"\x80" + bytes([n]), f"a pickle, {_NEVER_LOADED}: write it with gensim's save_word2vec_format first") for n in range(2, 6)),
    (b"\x93NUMPY", f"a numpy array without words: {_FROM_PYTHON}"),
    (b"\x89HDF", f"HDF5: {_FROM_PYTHON}"),
    (b"SQLite format 3", f"an SQLite database: {_FROM_PYTHON}"),
    (b"ARROW1", "Arrow or Feather: save the table as Parquet"),
    (b"version https://git-lfs", "what git keeps of a large file in its place: fetch it with git lfs pull"),
    *((mark, "UTF-16: save it as UTF-8") for mark in (b"\xff\xfe", b"\xfe\xff")),
    *((start, "a web page, not what it links to: download the file itself") for start in (b"<!DOCTYPE", b"<!doctype", b"<html", b"<HTML")),
    *((start, f"JSON: {_FROM_PYTHON}") for start in (b'{"', b"{'", b"{\n", b"[{", b"[[", b'["')),
)
_OTHER_STARTS = tuple(start for start, _ in _OTHER_FILES)


def describe_unknown(path: Path, head: bytes) -> str:
    """What lies at a path that is of no format, as the end of a sentence."""
    if path.is_dir():
        names = sorted(entry.name for entry in path.iterdir() if not entry.name.startswith(("_", ".")))
        give = f": give one of its files, {', '.join(names[:3])}{' …' * (len(names) > 3)}" if names else ""
        return f"it is a folder without {MANIFEST}, {PROJECTOR_CONFIG} or {TOKENIZER}{give}"
    if not head.removeprefix(BYTE_ORDER_MARK).strip():
        return "it is empty"
    begins = f"it begins with {quote(head)}"
    for start, what in _OTHER_FILES:
        if head.startswith(start):
            return f"it is {what}" if start[:1] == b"\x80" else f"{begins}, as {what}"
    if head[257:262] == b"ustar":
        return "it is a tar archive: unpack it first"
    if _is_list_of_counts(head):
        return f"{begins}, as word2vec.c's lists of counts (-save-vocab) and classes do, which are no vectors"
    if _ends_with_returns(head):
        return f"{begins}: a line must end with a newline, not with a carriage return alone"
    if rows_to_repair(head) is not None:
        return begins
    return f"{begins}: {guess_layout(head)[1] or f'{_FROM_PYTHON}, or train on a text with w2v train'}"
