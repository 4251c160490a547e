from pathlib import PurePath

import pytest

from w2v.corpus.reading.file_kinds import detect_kind, last_suffix
from w2v.errors import CorpusError


def kind(head: bytes, suffix: str = "", encoding: str = "utf-8") -> str:
    return detect_kind("a", suffix, head, encoding)


@pytest.mark.parametrize(
    ("name", "compression", "suffix"),
    [
        ("a.csv", None, ".csv"),
        ("a.CSV", None, ".csv"),
        ("a.b.csv.gz", "gzip", ".csv"),
        ("a.csv.gz", None, ".gz"),
        ("a.csv", "gzip", ".csv"),
        ("a.jsonl.zst", "zstd", ".jsonl"),
        ("a.gz", "gzip", ""),
        ("README", None, ""),
    ],
)
def test_known_suffix(name: str, compression: str | None, suffix: str) -> None:
    assert last_suffix(PurePath("folder.csv") / name, compression) == suffix


def test_text() -> None:
    for head in (b"", b"plain", b"\xff", b'"quoted"', b"[1] a note", b"{curly}", b"<p>", b'["a", he said', b"RIFF", b"MZ", b"a <doc id="):
        assert kind(head) == "text"
        assert kind(head, ".txt") == kind(head, ".pt") == "text"  # Portuguese, not PyTorch


def test_records_by_name() -> None:
    assert kind(b"a,b\n", ".csv") == "csv"
    assert kind(b"a\tb\n", ".tsv") == "tsv"
    for suffix in (".jsonl", ".ndjson", ".json"):
        assert kind(b"", suffix) == "jsonl"


def test_kinds_by_content() -> None:
    assert kind(b"PAR1\x15\x04") == "parquet"
    assert kind(b'{"text": "one"}\n') == "jsonl"
    assert kind(b' \n{ "te\\"xt" : 1') == "jsonl"
    assert kind(b'\xef\xbb\xbf{"text": "one"}\n') == "jsonl"
    assert kind('{"text": "one"}\n'.encode("utf-16"), encoding="utf-16") == "jsonl"
    assert kind('<doc id="1" url="x" title="中'.encode()[:-1]) == "wikiextractor"
    assert kind('<doc id="1">\n'.encode("utf-16"), encoding="utf-16") == "wikiextractor"
    assert kind("一".encode("utf-16-le"), encoding="utf-16") == "text"


@pytest.mark.parametrize(
    ("head", "suffix", "message"),
    [
        (b"PK\x03\x04", "", "a is a zip archive, not text: unpack it first"),
        (b"PK\x03\x04", ".csv", "a is a zip archive"),
        (b"PK\x03\x04", ".docx", "a is an Office document, not text: save it as plain text"),
        (b"PK\x03\x04", ".xlsx", "a is a spreadsheet, not text: save the sheet as csv"),
        (b"%PDF-1.7", "", "a is a PDF, not text: extract its text first"),
        (b"", ".pdf", "a is a PDF"),
        (b"SQLite format 3\0", "", "a is an SQLite database, not text: export"),
        (b"\x93NUMPY\x01", "", "a is a NumPy array"),
        (b"\x89PNG\r\n", ".txt", "a is an image"),
        (b"\xff\xd8\xff\xe0", "", "a is an image"),
        (b"x", ".mp3", "a is a sound"),
        (b"name" + bytes(253) + b"ustar\0", "", "a is a tar archive, not text: unpack it"),
        (b"\x1f\x8b\x08\0", "", "a is compressed twice"),
        (b"text", ".parquet", "a is not a parquet file"),
        (b'[{"text": "one"},', "", "a is a JSON array, not text: write one object a line"),
        (b"[\n  {\n", ".json", "a is a JSON array"),
        (b'["one"', ".json", "a is a JSON array"),
        (b'<mediawiki xmlns="', ".xml", "a is a MediaWiki dump, not text: .* w2v corpus get wikipedia-dump"),
    ],
)
def test_what_is_not_text_is_refused_with_what_to_do(head: bytes, suffix: str, message: str) -> None:
    with pytest.raises(CorpusError, match="^" + message):
        kind(head, suffix)


def test_a_list_a_line_is_told_from_one_array():
    with pytest.raises(CorpusError, match=r"is a JSON list a line, not text: make objects of them, such as with jq -c '\{tokens: \.\}'"):
        detect_kind("a.jsonl", ".jsonl", b'["a", "b"]\n["c"]\n', "utf-8")
    with pytest.raises(CorpusError, match=r"is a JSON array, not text: write one object a line"):
        detect_kind("a.json", ".json", b'["a", "b"]\n', "utf-8")
