import bz2
import gzip
import hashlib
import io
import itertools
import json
import lzma
import os
import sys
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
import zstandard

import w2v.corpus.reading.sources as sources_module
from w2v.config import CorpusConfig
from w2v.corpus.reading.sources import TextReader, TextSource, estimate_bytes, find_sources
from w2v.errors import CorpusError

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")


def read(*inputs: object, **options: Any) -> str:
    config = CorpusConfig(**options)
    return b"".join(block.text for block in TextReader(find_sources([str(given) for given in inputs], config), config)).decode()


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def give_stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def refused(match: str, *inputs: object, **options: Any) -> None:
    """Looking alone finds it: nothing has to be read."""
    with pytest.raises(CorpusError, match=match):
        find_sources([str(given) for given in inputs], CorpusConfig(**options))


def fails(match: str, *inputs: object, **options: Any) -> None:
    with pytest.raises(CorpusError, match=match):
        read(*inputs, **options)


# Files, folders and what they become.


def test_sources_stay_apart_and_in_order(tmp_path: Path) -> None:
    put(tmp_path / "b" / "2.txt", "two")
    put(tmp_path / "b" / "1.txt", "one\n")
    put(tmp_path / "b" / "0.txt", "")
    put(tmp_path / "a.txt", "last ")
    assert read(tmp_path / "b", tmp_path / "a.txt", tmp_path / "b" / "1.txt") == "one\ntwo\nlast \none\n"


@pytest.mark.parametrize("size", [16, 64, 1 << 20])
def test_blocks_do_not_change_the_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sources_module, "BLOCK_BYTES", size)
    text = "one two 三四 five\n" * 100
    config = CorpusConfig()
    blocks = list(TextReader(find_sources([put(tmp_path / "a", text)], config), config))
    assert b"".join(block.text for block in blocks).decode() == text
    assert [block.offset for block in blocks] == [0, *itertools.accumulate(len(block.text) for block in blocks)][:-1]
    assert {block.source for block in blocks} == {str(tmp_path / "a")}
    assert len(blocks) >= len(text) // (2 * size)


def test_items_are_cut_at_their_separator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources_module, "BLOCK_BYTES", 16)
    path = put(tmp_path / "a", "new york、los angeles、rome\n" * 10)
    config = CorpusConfig(tokenizer="items", separator="、")
    for block in TextReader(find_sources([path], config), config):
        assert block.text.decode()[-1] in "、\n"


@pytest.mark.parametrize("compress", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.zst"])
def test_first_bytes_tell_the_compression(tmp_path: Path, compress: Any, name: str) -> None:
    path = put(tmp_path / name, compress(b"one\n") + compress(b"two"))
    assert read(path) == "one\ntwo\n"
    source = find_sources([path], CorpusConfig())[0]
    assert (source.kind, source.size) == ("text", path.stat().st_size)
    assert source.compression in ("gzip", "bzip2", "xz", "zstd")


def test_a_name_does_not_make_a_compressed_file(tmp_path: Path) -> None:
    assert read(put(tmp_path / "a.gz", "plain")) == "plain\n"


def test_damaged_compression_names_the_file(tmp_path: Path) -> None:
    data = gzip.compress(b"".join(b"line %d\n" % i for i in range(100_000)))
    fails(r"a\.gz is cut off", put(tmp_path / "a.gz", data[:-9]))
    fails(r"b\.gz is (damaged|cut off)", put(tmp_path / "b.gz", data[:5000] + b"x" * 5000 + data[10_000:]))


def test_what_cannot_be_read(tmp_path: Path) -> None:
    refused(r"missing\.txt does not exist$", tmp_path / "missing.txt")
    refused("does not exist$", put(tmp_path / "a", "text") / "b")
    refused("there is nothing to read")
    (tmp_path / "empty").mkdir()
    refused("holds no files to read", tmp_path / "empty")
    put(tmp_path / "model" / "manifest.json", '{"kind": "w2v model"}')
    refused("model is a w2v model, not text", tmp_path / "a", tmp_path / "model")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no /dev/zero")
def test_devices_are_refused() -> None:
    refused("^/dev/zero must be a file, a folder or a pipe$", "/dev/zero")


@pytest.mark.parametrize("suffix", [".zip", ".pdf", ".docx", ".sqlite", ".npy", ".png"])
def test_what_is_not_text_is_refused(tmp_path: Path, suffix: str) -> None:
    put(tmp_path / "folder" / "a.txt", "text")
    put(tmp_path / "folder" / f"b{suffix}", b"PK\x03\x04\0\0")
    refused(rf"b\{suffix} is an? .*, not text: ", tmp_path / "folder")


def test_empty_files_give_nothing(tmp_path: Path) -> None:
    put(tmp_path / "a", "")
    put(tmp_path / "b", "\ufeff")
    put(tmp_path / "c.gz", gzip.compress(b""))
    assert read(tmp_path) == ""
    for suffix in ("csv", "tsv", "jsonl"):
        assert read(put(tmp_path / f"d.{suffix}", ""), text_field="text") == ""


# Kinds.

WIKI = '<doc id="1" url="https://x" title="One">\nOne\n\nText.\n</doc>\n'


def test_wikiextractor(tmp_path: Path) -> None:
    assert read(put(tmp_path / "wiki_00", WIKI * 2)) == "One\n\nText.\n" * 2
    assert read(put(tmp_path / "wiki_01.bz2", bz2.compress(WIKI.encode()))) == "One\n\nText.\n"
    assert read(put(tmp_path / "wiki_02", ("\ufeff" + WIKI).encode("utf-16-le")), encoding="utf-16-le") == "One\n\nText.\n"
    assert read(put(tmp_path / "other", "Text\n" + WIKI)) == "Text\n" + WIKI


RECORDS = {
    "csv": '\ufefflabel,review\n1,"one\ntwo, three"\n0,four\n',
    "tsv": "\ufefflabel\treview\n1\tone\n0\ttwo, three\n2\tfour\n",
    "jsonl": '\ufeff{"label": 1, "review": "one\\ntwo, three"}\n{"review": "four"}\n',
}


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("size", [16, 1 << 20])
def test_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, size: int) -> None:
    monkeypatch.setattr(sources_module, "BLOCK_BYTES", size)
    path = put(tmp_path / f"a.{kind}", RECORDS[kind] * 1)
    assert read(path, text_field="review") == "one\ntwo, three\nfour\n"
    packed = put(tmp_path / f"a.{kind.upper()}.gz", gzip.compress(RECORDS[kind].encode()))
    assert read(packed, text_field="review") == "one\ntwo, three\nfour\n"
    assert find_sources([packed], CorpusConfig(text_field="review"))[0].kind == kind
    wide = put(tmp_path / f"wide.{kind}", RECORDS[kind].encode("utf-16-le"))
    assert read(wide, text_field="review", encoding="utf-16-le") == "one\ntwo, three\nfour\n"


@pytest.mark.parametrize("kind", RECORDS)
def test_records_need_their_field(tmp_path: Path, kind: str) -> None:
    path = put(tmp_path / f"a.{kind}", RECORDS[kind])
    noun = "field" if kind == "jsonl" else "column"
    found = rf"\({noun}s: label, review\)$"
    refused(rf"a\.{kind} is a {kind} file: say which {noun} is the text with text_field {found}", path)
    refused(rf"a\.{kind} has no {noun} 'text' {found}", path, text_field="text")
    refused(rf"a\.{kind} is a {kind} file: say which {noun} is the text with text_field$", put(path, ""))


def test_json_is_known_without_its_name(tmp_path: Path) -> None:
    path = put(tmp_path / "wiki_00", RECORDS["jsonl"])
    refused(r"wiki_00 is a jsonl file: say which field", path)
    assert read(path, text_field="review") == "one\ntwo, three\nfour\n"
    refused("is a JSON array, not text", put(tmp_path / "a.json", '[{"text": "one"}]'))


def test_plain_text_has_no_field(tmp_path: Path) -> None:
    refused("a.txt is plain text and has no field 'text': text_field goes with csv", put(tmp_path / "a.txt", "x"), text_field="text")
    refused("wiki is plain text and has no field", put(tmp_path / "wiki", WIKI), text_field="text")


def test_text_in_columns(tmp_path: Path) -> None:
    for content in ("id;text\n1;one, two\n2;three\n", "id\ttext\n1\tone, two\n2\tthree\n", 'id,text\n1,"one, two"\n2,three\n'):
        path = put(tmp_path / "a.txt", content)
        assert read(path, text_field="text") == "one, two\nthree\n"
        assert read(path, text_field="2") == "text\none, two\nthree\n"
    path = put(tmp_path / "a.txt", "one-two\n")
    assert read(path, text_field="2", delimiter="-") == "two\n"
    refused("has no column '3'|numbered from 1, and 3", path, text_field="3", delimiter="-")
    refused("delimiter= is for a table: say which column is the text with text_field", path, delimiter="-")
    prose = put(tmp_path / "b.txt", "one line, here\nand another, there\nno\n")
    for field in ("1", "one line", "text"):
        refused("b.txt is plain text and has no field", prose, text_field=field)


def test_columns_by_number(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", '0,"one, two"\n1,three\n')
    assert read(path, text_field="2") == "one, two\nthree\n"
    refused(r"numbered from 1, and 3 was asked for: its first line has 2 \(0, one, two\)$", path, text_field="3")
    refused(r"name the column by its number, from 1$", path, text_field="text")


def test_lists_are_tokens(tmp_path: Path) -> None:
    lines = [["New York", "is"], [], None, ["Big"]]
    path = put(tmp_path / "a.jsonl", "".join(json.dumps({"words": words}) + "\n" for words in lines))
    config = CorpusConfig(text_field="words")
    (block,) = TextReader(find_sources([path], config), config)
    assert (block.text, block.is_tokens) == (b"New York\0is\n\nBig\n", True)
    put(tmp_path / "b.jsonl", '{"ids": [7, 9]}\n')
    assert read(tmp_path / "b.jsonl", text_field="ids", tokenizer="items") == "7\x009\n"
    for wrong in ([["a"]], [1], [""], ["a\nb"], [None], [{"a": 1}]):
        put(path, json.dumps({"words": ["fine"]}) + "\n" + json.dumps({"words": wrong}))
        fails(r"a\.jsonl, line 2: the field 'words' must hold a string, or a list of strings", path, text_field="words")
    put(path, '{"words": ["a"]}\n{"words": "b"}\n')
    fails(r"a\.jsonl, line 2: 'words' must not be strings here and lists there", path, text_field="words")


def test_lists_in_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    for kind in (pyarrow.list_(pyarrow.string()), pyarrow.large_list(pyarrow.large_string()), pyarrow.list_(pyarrow.string(), 2)):
        words = pyarrow.array([["New York", "is"], None, ["Big", "now"]], kind)
        parquet.write_table(pyarrow.table({"words": words, "nested": [[["a"]]] * 3}), path)
        assert read(path, text_field="words") == "New York\0is\nBig\0now\n"
        fails("column 'nested' must hold strings or lists of strings, found list<", path, text_field="nested")


def test_baskets(tmp_path: Path) -> None:
    path = put(tmp_path / "a.csv", 'milk,bread, white wine\n"beer, dark",,milk\n')
    assert read(path, tokenizer="items", separator=",") == "milk\0bread\0white wine\nbeer, dark\0milk\n"
    message = r"is a basket of items, name what stands between them, such as separator=\",\"; else say which column"
    refused(message, path, tokenizer="items")
    refused(r"such as separator=\"tab\"; else", put(tmp_path / "a.tsv", "1\t2\n"), tokenizer="items")
    assert read(tmp_path / "a.tsv", tokenizer="items", separator="\\t") == "1\x002\n"
    fails(r"none of its first lines holds ','", put(tmp_path / "c.csv", "a;b\nc;d;e\n"), tokenizer="items", separator=",")
    table = put(tmp_path / "b.csv", "id;items\n1;a|b c\n")  # the separator is between items, not between cells
    assert read(table, tokenizer="items", separator="|", text_field="items") == "a|b c\n"


def test_parts_of_spark(tmp_path: Path) -> None:
    put(tmp_path / "out" / "part-0.csv", "id;text\n1;one\n")
    put(tmp_path / "out" / "y=1" / "part-1.csv", "id;text\n2;two\n")
    put(tmp_path / "out" / "_SUCCESS", "")
    put(tmp_path / "out" / ".part-0.csv.crc", b"crc\0")
    assert read(tmp_path / "out", text_field="text") == "one\ntwo\n"


def test_errors_in_records_name_their_line(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", '{"text": "one"}\n{"text": 2}\n')
    fails(r"a\.jsonl, line 2: the field 'text' must be a string or a list of strings, found 2$", path, text_field="text")
    path = put(tmp_path / "a.jsonl", '{"text": "one"}\n\n{"text": "\\ud800"}\n')
    fails(r"a\.jsonl, line 3: half of a surrogate pair", path, text_field="text")
    path = put(tmp_path / "a.jsonl", '{"text": "one"}\n{"text": "a\\nb\\u0000"}\n')
    fails(r"a\.jsonl, line 3: holds NUL bytes", path, text_field="text")
    path = put(tmp_path / "a.csv", b"text\none\n\xff\n")
    fails(r"a\.csv, line 3, byte 9: not utf-8", path, text_field="text")


def test_replaced_counts_what_records_held(tmp_path: Path) -> None:
    path = put(tmp_path / "a.jsonl", b'{"text": "\\ud800 \\u0000 \xff \\ufffd"}\n')
    config = CorpusConfig(text_field="text", errors="replace")
    reader = TextReader(find_sources([path], config), config)
    assert [block.text.decode() for block in reader] == ["\ufffd   \ufffd \ufffd\n"]
    assert reader.replaced == 3


def test_parquet(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"label": [1, 2, 3], "review": ["one\ntwo", None, "three"]}), path)
    config = CorpusConfig(text_field="review")
    told: list[int] = []
    reader = TextReader(find_sources([path], config), config, told.append)
    assert b"".join(block.text for block in reader) == b"one\ntwo\nthree\n"
    data = path.read_bytes()
    assert reader.hashes() == [{"path": str(path), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}]
    assert sum(told) == len(data)
    refused(r"a\.parquet is a parquet file: say which column .* \(columns: label, review\)$", path)
    refused(r"a\.parquet has no column 'text' \(columns: label, review\)$", path, text_field="text")
    refused("is a parquet file inside gzip: unpack it first", put(tmp_path / "b.parquet.gz", gzip.compress(data)), text_field="review")


# Stdin and pipes.


def test_stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, text in (
        (b"one\ntwo", "one\ntwo\n"),
        (b"", ""),
        (gzip.compress(b"one"), "one\n"),
        (zstandard.compress(WIKI.encode()), "One\n\nText.\n"),
        ("\ufeff".encode() + WIKI.encode(), "One\n\nText.\n"),
    ):
        give_stdin(monkeypatch, content)
        assert read("-") == text


def test_stdin_with_records(monkeypatch: pytest.MonkeyPatch) -> None:
    records = RECORDS["jsonl"].encode()
    give_stdin(monkeypatch, records)
    assert read("-", text_field="review") == "one\ntwo, three\nfour\n"
    give_stdin(monkeypatch, records)
    fails("^stdin is a jsonl file: say which field is the text with text_field$", "-")
    for table in (b"text,label\n'one, two',1\n", b"label;text\n1;one\n2;two, three\n", b"label\ttext\n1\tone\n"):
        give_stdin(monkeypatch, table.replace(b"'", b'"'))
        assert read("-", text_field="text").startswith("one")
    give_stdin(monkeypatch, b"some text\nand more\n")
    fails("^stdin is plain text and has no field 'text': text_field goes with csv", "-", text_field="text")
    for content, message in ((b"PK\x03\x04", "stdin is a zip archive"), (b"PAR1", "stdin gives a parquet file")):
        give_stdin(monkeypatch, content)
        fails(message, "-")


def test_stdin_is_one_of_the_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    give_stdin(monkeypatch, b"two")
    assert read(put(tmp_path / "a", "one"), "-", put(tmp_path / "b", "three")) == "one\ntwo\nthree\n"
    refused("give - once", "-", "-")


@needs_pipes
@pytest.mark.parametrize("content", [b"one\ntwo\n" * 20_000, gzip.compress(b"one\ntwo\n" * 20_000)])
def test_a_pipe_is_not_touched_before_it_is_read(tmp_path: Path, content: bytes) -> None:
    pipe = tmp_path / "a.csv"
    os.mkfifo(pipe)
    config = CorpusConfig()
    sources = find_sources([pipe], config)
    assert sources == [TextSource(pipe)]
    writer = threading.Thread(target=pipe.write_bytes, args=(content,))
    writer.start()
    assert b"".join(block.text for block in TextReader(sources, config)) == b"one\ntwo\n" * 20_000
    writer.join()


# What the reader tells.


def test_hashes_and_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources_module, "BLOCK_BYTES", 64)
    plain = put(tmp_path / "a", "text\n" * 100)
    packed = put(tmp_path / "b", gzip.compress(b"text\n" * 1000))
    give_stdin(monkeypatch, b"more")
    config = CorpusConfig()
    told: list[int] = []
    reader = TextReader(find_sources([plain, packed, "-"], config), config, told.append)
    assert reader.hashes() == []
    for _ in reader:
        pass
    contents = {str(plain): plain.read_bytes(), str(packed): packed.read_bytes(), "-": b"more"}
    assert reader.hashes() == [
        {"path": path, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for path, data in contents.items()
    ]
    assert sum(told) == sum(len(data) for data in contents.values())
    assert len(told) > 8
    json.dumps(reader.hashes())


def test_replaced_counts_over_all_sources(tmp_path: Path) -> None:
    paths = [put(tmp_path / "a", b"one \xff\n"), put(tmp_path / "b", b"two \xff\xff\0 \xef\xbf\xbd\n")]
    config = CorpusConfig(errors="replace")
    reader = TextReader(find_sources(paths, config), config)
    assert reader.replaced == 0
    seen = [(block.text.decode(), reader.replaced) for block in reader]
    assert seen == [("one \ufffd\n", 1), ("two \ufffd\ufffd  \ufffd\n", 4)]
    assert len(list(reader)) == 2  # once more from the start
    assert reader.replaced == 4
    assert len(reader.hashes()) == 2


def test_replaced_counts_in_lines_that_are_dropped(tmp_path: Path) -> None:
    config = CorpusConfig(errors="replace")
    reader = TextReader(find_sources([put(tmp_path / "a", b'<doc id="\xff">\n')], config), config)
    assert list(reader) == []
    assert reader.replaced == 1


def test_broken_text_stops_with_its_place(tmp_path: Path) -> None:
    path = put(tmp_path / "a.txt", "北京\n".encode() + "北京\n".encode("gb18030"))
    fails(r"a\.txt, line 2, byte 7: not utf-8 .*it may be gb18030 \('北京'\).*: add encoding=\"gb18030\"", path)
    assert read(put(path, "北京\n".encode("gb18030")), encoding="gb18030") == "北京\n"


def test_estimate_bytes() -> None:
    plain = TextSource(Path("a"), size=100)
    packed = TextSource(Path("b"), compression="xz", size=10)
    assert estimate_bytes([plain, packed]) == 130
    assert estimate_bytes([plain, TextSource(None)]) is None
    assert estimate_bytes([]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are not Unicode")
def test_names_that_are_not_unicode(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))
    path.write_bytes(b"\xff")
    fails("a\ufffd, line 1, byte 0", path)


# Memory.


def peak_memory(path: Path, **options: Any) -> int:
    config = CorpusConfig(**options)
    tracemalloc.start()
    try:
        for _ in TextReader(find_sources([path], config), config):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("piece", ["word ", "中文。", "中", "x"])
def test_a_long_line_needs_little_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, piece: str) -> None:
    monkeypatch.setattr(sources_module, "BLOCK_BYTES", 1 << 17)
    path = put(tmp_path / "a", piece * ((32 << 20) // len(piece.encode())))
    assert peak_memory(path) < 2 << 20


def test_a_sparse_file_needs_little_memory(tmp_path: Path) -> None:
    path = put(tmp_path / "a", "text\n")
    os.truncate(path, 10 << 30)
    fails(r"a, line 2, byte 5: holds NUL bytes", path)
    config = CorpusConfig(errors="replace")
    reader = TextReader(find_sources([path], config), config)
    for block in itertools.islice(reader, 3):
        assert len(block.text) < 2 << 20
    assert reader.replaced > 2 << 20
