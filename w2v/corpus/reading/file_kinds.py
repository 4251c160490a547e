"""What a file is, by its first bytes and its name: text, records, or nothing to train on; and what its fields are called."""

import codecs
import re
from collections.abc import Sequence
from pathlib import PurePath

from w2v.compression import SUFFIXES, detect_compression
from w2v.errors import CorpusError, argument

HEAD_BYTES = 4096
_LISTED = 20  # names of columns in a message
STRUCTURED = ("csv", "tsv", "jsonl", "parquet")

_UNPACK = "unpack it first and give the files or the folder"
_SAVE_TEXT = "save it as plain text first"
_SAVE_CSV = "save the sheet as csv and name the column with {text_field}"
_EXPORT = "export the text as csv and name the column with {text_field}"
_NOT_TEXT = "give the text itself"
_TO_PARQUET = "convert it to parquet or csv first"

# first bytes -> what the file is, what to do
_MAGIC = (
    (b"PK\x03\x04", "a zip archive", _UNPACK),
    (b"PK\x05\x06", "an empty zip archive", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (b"\x04\x22\x4d\x18", "lz4 data", "unpack it first, or compress it with gzip, bzip2, xz or zstd"),
    (b"%PDF-", "a PDF", "extract its text first, such as with pdftotext"),
    (b"{\\rtf", "an RTF document", _SAVE_TEXT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document", _SAVE_TEXT),
    (b"SQLite format 3\0", "an SQLite database", _EXPORT),
    (b"\x93NUMPY", "a NumPy array", _NOT_TEXT),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", _NOT_TEXT),
    (b"ARROW1", "an Arrow file", _TO_PARQUET),
    (b"ORC", "an ORC file", _TO_PARQUET),
    (b"\xff\x06\x00\x00sNaPpY", "snappy data", "unpack it first, or compress it with gzip, bzip2, xz or zstd"),
    (b"Obj\x01", "an Avro file", _TO_PARQUET),
    (b"\x89PNG", "an image", _NOT_TEXT),
    (b"\xff\xd8\xff", "an image", _NOT_TEXT),
    (b"GIF87a", "an image", _NOT_TEXT),
    (b"GIF89a", "an image", _NOT_TEXT),
)
_TAR_MAGIC = b"ustar"
_TAR_MAGIC_AT = 257

# Names say more than bytes where many formats share a container (zip), and where the format has no magic.
_SUFFIXES = {
    ".pdf": ("a PDF", "extract its text first, such as with pdftotext"),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".odp", ".pages"), ("an Office document", _SAVE_TEXT)),
    **dict.fromkeys((".xls", ".xlsx", ".ods"), ("a spreadsheet", _SAVE_CSV)),
    ".epub": ("an e-book", _SAVE_TEXT),
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".jar"), ("an archive", _UNPACK)),
    **dict.fromkeys((".db", ".sqlite", ".sqlite3"), ("a database", _EXPORT)),
    **dict.fromkeys((".npy", ".npz", ".h5", ".hdf5", ".keras", ".safetensors", ".pkl", ".pickle"), ("an array file", _NOT_TEXT)),
    **dict.fromkeys((".feather", ".arrow", ".avro", ".orc"), ("a table", _TO_PARQUET)),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp", ".tif", ".tiff", ".bmp", ".ico"), ("an image", _NOT_TEXT)),
    **dict.fromkeys((".mp3", ".wav", ".ogg", ".flac", ".mp4", ".avi", ".mkv", ".webm"), ("a sound or video file", _NOT_TEXT)),
}
_RECORD_SUFFIXES = {".csv": "csv", ".psv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"}

# Beginnings that no prose has: WikiExtractor's --json files, for one, have no suffix to know them by.
_JSON_OBJECT = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:')
_JSON_ARRAY = re.compile(r'\s*\[\s*(?:\{\s*"|\[)')
_JSON_LIST_LINE = re.compile(r'\s*\["[^\n{]*\]\s*\n\s*\[')  # of strings, and so is the next one
_WIKIEXTRACTOR = "<doc id="
_MEDIAWIKI = "<mediawiki "


def last_suffix(path: PurePath, compression: str | None) -> str:
    """The lower-case suffix that tells the kind: ``.csv`` of ``Reviews.CSV.gz``."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if compression is not None and suffixes and suffixes[-1] in SUFFIXES:
        suffixes.pop()
    return suffixes[-1] if suffixes else ""


def detect_kind(name: str, suffix: str, head: bytes, encoding: str) -> str:
    """The kind of a file.

    Parameters
    ----------
    name : for messages
    suffix : as `last_suffix` says it; empty where there is no name
    head : the first bytes, unpacked, `HEAD_BYTES` or all
    encoding : of the text

    Returns
    -------
    ``"text"``, ``"wikiextractor"``, ``"csv"``, ``"tsv"``, ``"jsonl"`` or ``"parquet"``.

    Raises
    ------
    CorpusError
        it is something else, with what to do.
    """
    if suffix in _SUFFIXES:
        raise _refusal(name, *_SUFFIXES[suffix])
    for magic, what, remedy in _MAGIC:
        if head.startswith(magic):
            raise _refusal(name, what, remedy)
    if head.startswith(_TAR_MAGIC, _TAR_MAGIC_AT):
        raise _refusal(name, "a tar archive", _UNPACK)
    if detect_compression(head) is not None:
        raise _refusal(name, "compressed twice", "unpack it once")
    if head.startswith(b"PAR1"):
        return "parquet"
    if suffix == ".parquet":
        raise CorpusError(f"{name} is not a parquet file: it must begin with the bytes PAR1")
    if suffix in (".csv", ".psv", ".tsv", ".tab"):
        return _RECORD_SUFFIXES[suffix]
    text = _decoded(head, encoding)
    if _JSON_ARRAY.match(text) or (suffix in _RECORD_SUFFIXES and text.lstrip().startswith("[")):
        if _JSON_LIST_LINE.match(text):
            raise _refusal(
                name, "a JSON list a line", "make objects of them, such as with jq -c '{tokens: .}', and name the field with {text_field}"
            )
        raise _refusal(name, "a JSON array", "write one object a line, such as with jq -c '.[]', and name the field with {text_field}")
    if _JSON_OBJECT.match(text):
        return "jsonl"
    if text.startswith(_MEDIAWIKI):
        raise _refusal(name, "a MediaWiki dump", "extract its text first: w2v corpus get wikipedia-dump does, and so does WikiExtractor")
    if text.startswith(_WIKIEXTRACTOR):
        return "wikiextractor"
    return _RECORD_SUFFIXES.get(suffix, "text")


def _decoded(head: bytes, encoding: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)("ignore").decode(head).removeprefix("\ufeff")
    except UnicodeError:  # reading says what is wrong, and where
        return ""


def _refusal(name: str, what: str, remedy: str) -> CorpusError:
    remedy = remedy.replace("{text_field}", argument("text_field"))  # the tables above are made before it is known who calls
    return CorpusError(f"{name} is {what}, not text: {remedy}")


def no_field(where: str, field: str, kind: str, found: Sequence[str], more: str = "") -> CorpusError:
    """The error that `field` is not among the columns or keys found."""
    return CorpusError(f"{where} has no {noun(kind)} {field!r} ({listed(kind, found)}){more}")


def noun(kind: str) -> str:
    """What a field is called there."""
    return "field" if kind == "jsonl" else "column"


def listed(kind: str, found: Sequence[str]) -> str:
    """Names of columns or keys for a message: the first of very many."""
    more = ", …" if len(found) > _LISTED else ""
    return f"{noun(kind)}s: {', '.join(found[:_LISTED])}{more}"
