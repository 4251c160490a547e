"""Of which format a file or folder is: one question a format, answered by its files' names or its first (decompressed) bytes."""

import re
from collections.abc import Callable
from pathlib import Path

from w2v.formats.embedding_ids import EMBEDDING_FILE
from w2v.formats.folders.projector_config import PROJECTOR_CONFIG
from w2v.formats.read_options import BYTE_ORDER_MARK, quote
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
is_projector = _holds(PROJECTOR_CONFIG)
is_static_embedding = _holds(TOKENIZER)


def is_keras(path: Path, head: bytes) -> bool:
    return (existing_directory(path) / EMBEDDING_FILE).is_file()


def is_model(path: Path, head: bytes) -> bool:
    is_other = is_projector(path, head) or is_static_embedding(path, head) or is_keras(path, head)
    return (existing_directory(path) / MANIFEST).is_file() and not is_other


def is_safetensors(path: Path, head: bytes) -> bool:
    return len(head) > 9 and head[8:9] == b"{" and head[4:8] == bytes(4)


def is_word2vec_text(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be binary."""
    header, _, row = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    _, _, numbers = row.partition(b"\n")[0].partition(b" ")
    return bool(_TWO_INTEGERS.fullmatch(header)) and not _UNPRINTABLE.search(numbers) and _is_utf8(numbers)


def is_word2vec_binary(path: Path, head: bytes) -> bool:
    """A header, and no first row that can only be text."""
    header, _, row = head.removeprefix(BYTE_ORDER_MARK).partition(b"\n")
    _, space, numbers = row.partition(b"\n")[0].partition(b" ")
    return bool(_TWO_INTEGERS.fullmatch(header) and not _NUMBER_FIELDS.fullmatch(space + numbers))


def is_glove_text(path: Path, head: bytes) -> bool:
    """A first line that is a row, no header and no word with its count, nor text in a zip file."""
    if is_npz(path, head):
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


def describe_unknown(path: Path, head: bytes) -> str:
    """What lies at a path that is of no format, as the end of a sentence."""
    if path.is_dir():
        return f"it is a folder without {MANIFEST}, {PROJECTOR_CONFIG} or {TOKENIZER}"
    if not head:
        return "it is empty"
    if head.startswith((b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")):
        return "it is a pickle, which w2v never loads: write it with gensim's save_word2vec_format first"
    word, _, number = head.partition(b"\n")[0].partition(b" ")
    if word and _COUNT.fullmatch(number):
        return f"it begins with {quote(head)}, as word2vec.c's lists of counts (-save-vocab) and classes do, which are no vectors"
    return f"it begins with {quote(head)}"
