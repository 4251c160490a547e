"""Labelled texts: fields that are named and guessed, lines of a class, labels at the start, what is refused."""

import gzip
from pathlib import Path

import pytest
import zstandard

from w2v.config import CorpusConfig
from w2v.downstream.labelled_texts import read_labelled, read_lines
from w2v.errors import CorpusError


def read(path: Path, label_field: str | None = None, **config: str) -> list[tuple[str, str]]:
    found = read_labelled([(None, path)], CorpusConfig(**config), label_field)
    return list(zip(found.labels, found.texts, strict=True))


def written(tmp_path: Path, name: str, content: str, encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", 'id,label,review\n1,pos,"good, ""very"""\n2,neg,bad\n'),
        ("a.csv", 'id,label,review,text_length\r\n1,pos,"good, ""very""",3\r\n2,neg,bad,1\r\n'),
        ("a.tsv", 'text\tlabel\ngood, "very"\tpos\nbad\tneg\n'),
        ("a.jsonl", '{"id": 1, "sentiment": "pos", "text": "good, \\"very\\""}\n{"id": 2, "sentiment": "neg", "text": "bad"}\n'),
        ("a.csv", '评价,标签\n"good, ""very""",pos\nbad,neg\n'),
    ],
)
def test_fields_by_name(name: str, content: str, tmp_path: Path) -> None:
    assert read(written(tmp_path, name, content)) == [("pos", 'good, "very"'), ("neg", "bad")]


def test_fields_by_contents(tmp_path: Path) -> None:
    rows = "".join(f"{number},{'up' if number % 2 else 'down'},the phrase number {number}\n" for number in range(20))
    without = written(tmp_path, "no_header.csv", rows)
    found = read_labelled([(None, without)], CorpusConfig())
    assert found.notes == (
        f"{without}: csv, no header; the text is '3', the label '2' (guessed: text_field and label_field say it otherwise)",
    )
    assert found.counts() == {"down": 10, "up": 10}
    assert read(written(tmp_path, "header.csv", "n,way,phrase\n" + rows)) == list(zip(found.labels, found.texts, strict=True))


def test_numbers_in_json_are_labels_and_compression_does_not_matter(tmp_path: Path) -> None:
    raw = b'{"label": 1, "text": "good"}\n{"label": 0, "text": null}\n'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(raw))
    (tmp_path / "a.jsonl.zst").write_bytes(zstandard.compress(raw))
    for name in ("a.jsonl.gz", "a.jsonl.zst"):
        assert read(tmp_path / name) == [("1", "good"), ("0", "")]


def test_fields_that_are_named(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "text,label,title,topic\none,a,T,x y\ntwo,b,U,中文\n")
    assert read(path, "topic", text_field="title") == [("x y", "T"), ("中文", "U")]
    with pytest.raises(CorpusError, match=r"no column 'topics' \(columns: text, label, title, topic\)"):
        read(path, "topics")
    with pytest.raises(CorpusError, match="two fields: both are 'text'"):
        read(path, "text", text_field="text")


def test_a_file_for_each_class(tmp_path: Path) -> None:
    good, bad = written(tmp_path, "g.txt", "good\x85 film\n\nfine\r\n"), written(tmp_path, "b.txt", "bad")
    found = read_labelled([("很 好", good), ("bad", bad)], CorpusConfig())
    assert list(zip(found.labels, found.texts, strict=True)) == [("很 好", "good\x85 film"), ("很 好", "fine"), ("bad", "bad")]
    assert found.notes == (f"{good}: 1 blank lines left out",)


def test_labels_at_the_start_of_lines(tmp_path: Path) -> None:
    lines = "".join(f"{'NUM:count' if number % 2 else 'DESC'} How many of {number} ?\n" for number in range(8))
    assert read(written(tmp_path, "t.train", lines))[0] == ("DESC", "How many of 0 ?")
    fasttext = written(tmp_path, "t.txt", "__label__a one\n__label__b two\n")
    assert read(fasttext) == [("a", "one"), ("b", "two")]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", "", "has no texts"),
        ("a.csv", "text,label\n", "has no texts"),
        ("a.csv", "text,label\ngood,pos\nbad,\n", "line 3: every text needs a label"),
        ("a.csv", "text,label\ngood,pos\nbad, \n", "line 3: every text needs a label"),
        ("a.jsonl", '{"text": "x", "label": NaN}\n', "must be a string or a number"),
        ("a.jsonl", '{"text": "x", "label": null}\n', "line 1: every text needs a label"),
        ("a.jsonl", '{"text": "x", "label": [1]}\n', "must be a string or a number"),
        ("a.jsonl", '{"p": "x", "q": "y"}\n', r"text_field and label_field \(fields: p, q\)"),
        ("a.csv", "text,label\ngood,pos,more\n", "line 2: found 3 cells"),
        ("a.csv", "only\none\ntwo\n", r"text_field and label_field \(columns: only\)"),
        ("a.txt", "some plain text\nof any kind\n", "without a label at the start"),
        ("a.txt", "__label__a one\n__label__a __label__b two\n", "line 2: a text must have one label"),
    ],
)
def test_refusals(name: str, content: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=message):
        read(written(tmp_path, name, content))


def test_words_for_nothing_may_be_names(tmp_path: Path) -> None:
    names = ["nan", "NaN", "None", "NULL", "NA", "null"]
    lines = "".join(f"text {number},{name}\n" for number, name in enumerate(names))
    assert [label for label, _ in read(written(tmp_path, "a.csv", f"text,label\n{lines}"))] == names
    lines = "".join(f'{{"text": "x", "label": "{name}"}}\n' for name in names)
    assert [label for label, _ in read(written(tmp_path, "a.jsonl", lines))] == names


def test_encodings(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "text,label\ncafé,x\nthé,y\n", "latin-1")
    with pytest.raises(CorpusError, match=r"a\.csv, line 2, byte 14: not utf-8 .* encoding=\"cp1252\".* errors=\"replace\""):
        read(path)
    assert read(path, encoding="latin-1")[0] == ("x", "café")
    found = read_labelled([(None, path)], CorpusConfig(errors="replace"))
    assert found.texts == ("caf\ufffd", "th\ufffd")
    assert f"{path}: 2 broken bytes replaced" in found.notes


def test_lines_to_predict(tmp_path: Path) -> None:
    assert read_lines(written(tmp_path, "a.txt", "one\n\ntwo\u2028b"), CorpusConfig()) == ["one", "", "two\u2028b"]
    assert read_lines(written(tmp_path, "e.txt", ""), CorpusConfig()) == []
    assert read_lines(written(tmp_path, "b.txt", "\n"), CorpusConfig()) == [""]
    assert read_lines(written(tmp_path, "c.txt", "\r\n\n"), CorpusConfig()) == ["", ""]
    with pytest.raises(CorpusError, match="plain text"):
        read_lines(written(tmp_path, "a.csv", "text,label\n"), CorpusConfig())


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
@pytest.mark.parametrize("delimiter", [";", "|", "\t"])
def test_delimiters(name: str, delimiter: str, tmp_path: Path) -> None:
    rows = [("label", "review"), ("pos", "good, very"), ("neg", "bad")]
    path = written(tmp_path, name, "".join(delimiter.join(row) + "\n" for row in rows))
    assert read(path, "label", text_field="review") == rows[1:]
    assert read(path, delimiter=delimiter) == rows[1:]
    assert read(path, "1", text_field="2") == rows[1:]  # the names of a header are no example
    if name != "a.txt":
        assert read(path) == rows[1:]
    with pytest.raises(CorpusError, match=r"columns: label, review|has no field"):
        read(path, text_field="text")
