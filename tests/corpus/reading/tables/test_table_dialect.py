"""Delimiters, as the first line has them."""

import pytest

from w2v.corpus.reading.records import Table, find_columns
from w2v.corpus.reading.tables.table_dialect import is_numbered
from w2v.errors import CorpusError


def table(kind: str, text: str, *fields: str, delimiter: str | None = None) -> Table:
    return Table(kind, [text.encode()], f"a.{kind}", delimiter, fields, in_header=len(fields) == 1)


def column(kind: str, text: str, field: str, delimiter: str | None = None) -> list[str]:
    return [cell for _, (cell,) in table(kind, text, field, delimiter=delimiter).rows([field])]


@pytest.mark.parametrize("kind", ["csv", "tsv", "columns", "text"])
@pytest.mark.parametrize("delimiter", [";", "|", "\t", ",", "::", "||", "^", "~", "\x01"])
def test_named_columns(kind: str, delimiter: str) -> None:
    rows = [["id", "text", "label"], ["1", "the baker sells", "0"], ["2", "flour", "1"], ["3", "and more", "1"]]
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    assert table(kind, text, "text").delimiter == delimiter
    assert column(kind, text, "text") == ["the baker sells", "flour", "and more"]
    assert column(kind, text.split("\n", 1)[1], "2") == ["the baker sells", "flour", "and more"]  # without a header


@pytest.mark.parametrize(
    ("kind", "text", "field", "cells"),
    [
        ("csv", "id;text, long;label\n1;a, b;0\n2;c;1\n", "text, long", ["a, b", "c"]),
        ("csv", "1;a film, good;x\n2;the film, bad;y\n", "2", ["a film, good", "the film, bad"]),  # a comma in every text
        ("csv", "1;2,5;x y\n2;3,75;z\n", "3", ["x y", "z"]),  # decimal commas
        ("csv", "sep=;\nid;text\n1;a\n", "text", ["a"]),
        ("csv", '"sep=|"\r\nid|text\r\n1|a\r\n', "text", ["a"]),
        ("csv", '"id";"text"\n"1";"a; b"\n', "text", ["a; b"]),
        ("csv", '"0"|"a; b, c"|"p"\n"1"|"d; e, f"|"q"\n', "2", ["a; b, c", "d; e, f"]),  # they stand in quotes
        ("csv", "text\nhello, world\na; b\n", "text", ["hello, world", "a; b"]),
        ("csv", ",0,1\n0,x,one two\n1,y,three\n", "1", ["one two", "three"]),  # pandas without names of columns
        ("csv", "0,1\nx,one two\ny,three\n", "1", ["one two", "three"]),
        ("csv", "id,text\n1,a,\n2,b,,\n", "text", ["a", "b"]),
        ("tsv", "id\tthe text, all of it\n1\ta, b\n", "the text, all of it", ["a, b"]),
    ],
)
def test_more_of_them(kind: str, text: str, field: str, cells: list[str]) -> None:
    assert column(kind, text, field) == cells


@pytest.mark.parametrize("delimiter", ["::", "\t"])
def test_strong_delimiters_before_white_space(delimiter: str) -> None:
    text = "".join(f"i{n}{delimiter}Film {n}{delimiter}5\n" for n in range(5))
    assert [cells for _, cells in table("text", text, "1", "2").rows(["1", "2"])] == [(f"i{n}", f"Film {n}") for n in range(5)]
    assert table("text", "u1 a 5\nu2 b 1\n", "1", "2").delimiter is None


def test_one_column_with_an_odd_name() -> None:
    with pytest.raises(CorpusError, match="or tab where it is one column"):
        column("csv", "Review: text\nvery good\n", "Review: text")
    assert column("csv", "Review: text\nvery good\n", "Review: text", "\t") == ["very good"]


def test_a_delimiter_that_is_given() -> None:
    assert column("csv", "id;text\n1;a,b\n", "text", ";") == ["a,b"]
    assert column("csv", "text\na;b\n", "text", "\t") == ["a;b"]
    for field in ("text", "id;text"):
        with pytest.raises(CorpusError, match=r"its first line has no ',' between its cells but ';': delimiter=\";\""):
            column("csv", "id;text\n1;a\n2;b\n", field, ",")
    with pytest.raises(CorpusError, match='delimiter="tab"'):
        column("csv", "id\ttext\n1\ta\n2\tb\n", "text", ";")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("id;text;label\n1;a;0\n", "id;text;label"),
        ("id^text\n1^a\n", "id^text"),
        ("a b\n1 2\n3 4\n5 6\n", "a b"),
        ("a¤b\n1¤2\n", "a¤b"),
        ('"a" "b"\n1 2\n', 'a" "b'),
    ],
)
def test_a_whole_line_is_no_column(text: str, offered: str) -> None:
    with pytest.raises(CorpusError, match=r"has no column|no delimiter is found"):
        column("csv", text, offered)


def test_prose_is_no_table() -> None:
    for field in ("text", "1", "one line"):
        assert len(table("columns", "one line, here\nand another, there\nno\n", field).names) == 1


def test_is_numbered() -> None:
    assert is_numbered("csv", ["1", "3"])
    assert not is_numbered("csv", ["1", "text"])
    assert not is_numbered("jsonl", ["1"])
    assert not is_numbered("csv", ["1"], ["0", "1"], in_header=True)
    assert is_numbered("csv", ["1"], ["0", "1"])
    assert is_numbered("csv", ["1"], ["5", "a text"], in_header=True)


def test_columns_that_are_not_there() -> None:
    with pytest.raises(CorpusError, match=r"^a has 2 columns 'x' \(columns: x, x\): give each a name of its own$"):
        find_columns("csv", ["x"], ["x", "x"], "a")
    with pytest.raises(CorpusError, match=r"columns: 0, the baker\); where there is no header, name the column by its number, from 1$"):
        find_columns("csv", ["text"], ["0", "the baker"], "a")
