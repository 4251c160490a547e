import csv
import io
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v.corpus.reading.blocks as blocks_module
import w2v.corpus.reading.tables.quoted_rows as quoted_rows
from w2v.corpus.reading.file_kinds import listed
from w2v.corpus.reading.records import join_texts, join_tokens, read_columns, read_fields
from w2v.corpus.reading.records import read_texts as read_field
from w2v.errors import CorpusError


def field(kind: str, text: str, name: str = "text", size: int = 7) -> list[tuple[int, str]]:
    text = text if text.endswith("\n") else text + "\n"
    blocks = [text[i : i + size].encode() for i in range(0, len(text), size)]
    return list(read_field(kind, blocks, name, f"a.{kind}"))


def fails(kind: str, text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        field(kind, text)


def test_csv() -> None:
    assert field("csv", "label,text\n1,one two\n\n0,three\n") == [(2, "one two"), (4, "three")]
    assert field("csv", 'text,label\r\n"one, ""two""",1\r\n') == [(2, 'one, "two"')]
    assert field("csv", 'text,label\n"first\nsecond",1\nthird,0\n') == [(2, "first\nsecond"), (4, "third")]
    assert field("csv", "label, text\n1,one\n2,\n") == [(2, "one")]
    assert field("csv", "a,text,c\n1,one\n") == [(2, "one")]  # cells at the end may be missing
    assert field("csv", "text\n") == []
    assert field("csv", "\n") == []


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=("Cs",))), st.text(st.sampled_from('a,"\n é中'))), max_size=8))
def test_csv_as_python_writes_it(rows: list[tuple[str, str]]) -> None:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["other", "text"])
    writer.writerows(rows)
    assert [text for _, text in field("csv", file.getvalue(), size=1 << 20)] == [text for _, text in rows if text]


def test_broken_csv() -> None:
    fails("csv", "label,review\n1,one\n", r"^a\.csv has no column 'text' \(columns: label, review\)$")
    fails("csv", "label,text\n1,one\n2,two,three\n", r"^a\.csv, line 3: found 3 cells where the first line has 2: quote cells")
    fails("csv", "label,text\n1,one\n\n2\n", r"^a\.csv, line 4: found 1 cells where the first line has 2")
    fails("csv", 'label,text\n1,"one\n2,two\n', r"^a\.csv, line 2: the record cannot be parsed as csv \(unexpected end of data\)")
    fails("csv", 'label,text\n1,"one", two" three\n', r"^a\.csv, line 2: found 3 cells where the first line has 2: quote cells")
    fails("csv", 'label,text\n1,"one" two, "three\n', r"^a\.csv, line 2: the record cannot be parsed as csv .*must be quoted")
    fails("csv", "label,text\r1,one\r", r"^a\.csv, line 1: the record cannot be parsed as csv")


def test_tsv_has_no_quoting() -> None:
    assert field("tsv", 'label\ttext\r\n1\t"one" he said\r\n2\t"two\r\n\r\n3\t\n') == [(2, '"one" he said'), (3, '"two')]
    fails("tsv", "label\ttext\n1\tone\ttwo\n", r"^a\.tsv, line 2: found 3 cells where the first line has 2: quote cells that hold tabs")
    fails("tsv", "label\ttext\n1\n", r"^a\.tsv, line 2: found 1 cells")
    fails("tsv", "label\treview\n", r"^a\.tsv has no column 'text' \(columns: label, review\)$")


def test_jsonl() -> None:
    lines = [{"text": "one\ntwo 中"}, {"n": 1, "text": "three"}, {"text": None}, {"text": ""}]
    text = "\n".join(json.dumps(line) for line in lines) + "\n \n" + json.dumps({"text": "é"}, ensure_ascii=False) + "\r\n"
    assert field("jsonl", text) == [(1, "one\ntwo 中"), (2, "three"), (4, ""), (6, "é")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"text": "two"', "not one JSON object a line"),
        ('{"text": "two"} {"text": "three"}', "not one JSON object a line"),
        ("[" * 100_000, "not one JSON object a line"),
        ('{"text": ' + "1" * 5000 + "}", "not one JSON object a line"),
        ('["text"]', r"every line must be a JSON object, found \[\"text\"\]: make one of it, such as with jq -c '\{text: \.\}'$"),
        ('"text"', "every line must be a JSON object"),
        ('{"text": 12}', "the field 'text' must be a string or a list of strings, found 12$"),
        (
            '{"text": {"en": "one"}}',
            r"the field 'text' must be a string or a list of strings, found \{.en.: .one.\}: take what is in it out, such as with jq -c "
            r"'\{text: \.\[\"text\"\]\[\"en\"\]\}'$",
        ),
        ('{"text": {"en": ' + str(list(range(100))) + "}}", "the field 'text' must be a string or a list of strings, found .{57}…: take"),
    ],
)
def test_broken_jsonl(line: str, message: str) -> None:
    with pytest.raises(CorpusError, match=r"^a\.jsonl, line 3: " + message):
        field("jsonl", '{"text": "one"}\n\n' + line, size=1 << 20)


def test_jsonl_may_lack_fields() -> None:
    blocks = [b'{"a": 1}\n{"a": "x", "b": 2.50}\n']
    assert list(read_fields("jsonl", blocks, ["a", "b"], "n", may_lack=True)) == [(1, ("1", "")), (2, ("x", "2.50"))]
    with pytest.raises(CorpusError, match="line 1, has no field 'b'"):
        list(read_fields("jsonl", blocks, ["a", "b"], "n"))


def test_jsonl_without_the_field() -> None:
    fails("jsonl", '{"text": "one"}\n{"label": 1, "review": ""}\n', r"^a\.jsonl, line 2, has no field 'text' \(fields: label, review\)$")


@pytest.mark.parametrize(("kind", "message"), [("csv", "field larger than field limit"), ("jsonl", "a record must not be longer than 100")])
def test_records_have_a_largest_length(kind: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = csv.field_size_limit()
    monkeypatch.setattr(blocks_module, "LARGEST_RECORD", 100)
    monkeypatch.setattr(quoted_rows, "LARGEST_RECORD", 100)
    short = {"csv": "text\n" + "one\n" * 99, "jsonl": '{"text": "one"}\n' * 100}[kind]
    long = {"csv": '"' + "a\n" * 100, "jsonl": '{"text": "' + "a" * 200}[kind]
    try:
        assert field(kind, short)
        fails(kind, short + long, rf"^a\.{kind}, line 101: .*{message}")
    finally:
        csv.field_size_limit(limit)


def test_csv_cells_may_be_long() -> None:
    assert len(field("csv", "text\n" + "a" * 1_000_000, size=1 << 20)[0][1]) == 1_000_000


def test_read_columns() -> None:
    assert read_columns("csv", [b'label,"text, long"\n1,2\n'], "a") == ["label", "text, long"]
    assert read_columns("tsv", [b"label\ttext \r\n"], "a") == ["label", "text"]
    assert read_columns("jsonl", [b'\n{"text": "one", "label": 1}\n{}\n'], "a") == ["text", "label"]
    assert read_columns("csv", [], "a") == read_columns("jsonl", [b"\n"], "a") == []


def test_long_lists_are_cut() -> None:
    assert listed("csv", ["a", "b"]) == "columns: a, b"
    assert listed("jsonl", [str(i) for i in range(30)]).endswith("18, 19, …")


def test_join_texts() -> None:
    texts = [(i, "é\n" * 1000) for i in range(100)]
    pieces = list(join_texts(texts, lambda text, number: text.encode()))
    assert len(pieces) > 2
    assert b"".join(pieces) == ("é\n" * 1000 + "\n").encode() * 100
    assert b"".join(join_texts([], lambda text, number: text.encode())) == b""


class TestFieldSizeLimit:
    """Python's csv module has one limit for the whole process: it is raised only while one of our tables is read."""

    LONG = "text\n" + "x" * 200_000 + "\ny\n"

    def rows(self, text: str):
        return read_field("csv", [text.encode()], "text", "a.csv")

    def test_is_restored_after_the_last_row(self) -> None:
        before = csv.field_size_limit()
        assert [len(text) for _, text in self.rows(self.LONG)] == [200_000, 1]
        assert csv.field_size_limit() == before

    def test_is_restored_after_an_error_and_an_abandoned_generator(self) -> None:
        before = csv.field_size_limit()
        with pytest.raises(CorpusError, match="cannot be parsed as csv"):
            list(self.rows('text\n"a\n'))
        assert csv.field_size_limit() == before
        rows = self.rows(self.LONG)
        next(rows)
        del rows
        assert csv.field_size_limit() == before
        assert read_columns("csv", [b"a,b\n1,2\n3,4\n"], "a.csv") == ["a", "b"]
        assert csv.field_size_limit() == before

    def test_holds_until_the_last_of_several_readers_is_done(self) -> None:
        before = csv.field_size_limit()
        first, second = self.rows(self.LONG), self.rows("text\na\n" + "x" * 200_000 + "\n")
        next(first)
        next(second)
        first.close()
        assert len(next(second)[1]) == 200_000
        assert list(second) == []
        assert csv.field_size_limit() == before

    def test_in_many_threads(self) -> None:
        before = csv.field_size_limit()
        with ThreadPoolExecutor(8) as pool:
            assert set(pool.map(lambda _: sum(len(text) for _, text in self.rows(self.LONG)), range(64))) == {200_001}
        assert csv.field_size_limit() == before


def test_lists_that_hold_no_tokens_say_what_to_do():
    for token, remedy in ((1, 'tokenizer="items"'), (["a"], "a record of its own"), (None, "leave it away")):
        with pytest.raises(CorpusError, match=remedy):
            list(join_tokens([(1, ["a", token])], "a.jsonl, line", "the field 'tokens'", are_items=False))
