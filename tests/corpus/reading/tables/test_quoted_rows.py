"""Rows of cells, with the quotes of RFC 4180, of Spark, and stray ones."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.corpus.reading.tables.quoted_rows import parse_rows
from w2v.errors import CorpusError

CELLS = st.text(st.sampled_from('a, ";\t\\\n\r é'), max_size=6)


def rows(text: str, delimiter: str | None = ",") -> list[list[str]]:
    lines = [line + "\n" for line in text.removesuffix("\n").split("\n")]
    return [cells for _, cells in parse_rows(lines, delimiter, "a.csv")]


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.sampled_from(",;|"))
def test_what_python_writes(table: list[list[str]], delimiter: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow(["one", "two", "three"])
    writer.writerows(table)
    assert rows(file.getvalue(), delimiter) == [["one", "two", "three"], *table]


@pytest.mark.parametrize(
    ("record", "cells"),
    [
        ('0,"he said \\"a, b\\" x"', ["0", 'he said "a, b" x']),  # Spark
        ('0,"\\"yes\\" and, more"', ["0", '"yes" and, more']),
        ('0,"it ends \\"so\\""', ["0", 'it ends "so"']),
        ('0,"ends \\", so"', ["0", 'ends ", so']),
        ('0,"C:\\\\dir \\"x\\", y"', ["0", 'C:\\dir "x", y']),
        ('0,"C:\\"', ["0", "C:\\"]),  # a backslash of its own
        ('0,"Bread" is sold', ["0", '"Bread" is sold']),
        ('0,"Bread, fresh" is sold', ["0", '"Bread, fresh" is sold']),
        ('0,5" disc', ["0", '5" disc']),
        ('0,the "best" bread', ["0", 'the "best" bread']),
        ('0,"he said "a, b" x"', ["0", 'he said "a, b" x']),
        ('0, "a, b"', ["0", "a, b"]),
        ('0, "a b"', ["0", "a b"]),
        ('0," ""a"""', ["0", ' "a"']),
        ('"0","a ""b"", c"', ["0", 'a "b", c']),
        ('0,""', ["0", ""]),
        ('0,"a\nb, c"', ["0", "a\nb, c"]),
    ],
)
def test_one_record(record: str, cells: list[str]) -> None:
    assert rows(f"label,text\n{record}\n1,plain\n") == [["label", "text"], cells, ["1", "plain"]]


def test_quotes_between_tabs() -> None:
    text = 'label\ttext\n0\t"a\tb"\n1\t"first\nsecond"\n0\t"one" he said\n1\t"two\n0\tthree"\n1\t"four ""five"""\n'
    assert [cells[1] for cells in rows(text, "\t")] == ["text", "a\tb", "first\nsecond", '"one" he said', '"two', 'three"', 'four "five"']


def test_delimiters_of_several_characters_and_white_space() -> None:
    assert rows("a::b\n1::x:y\n2::z\n", "::") == [["a", "b"], ["1", "x:y"], ["2", "z"]]
    assert rows("u1  a 5\n", None) == [["u1", "a", "5"]]


def test_a_single_column_needs_no_quotes() -> None:
    assert rows('text\nhello, world\n"a, b"\n"a" b, c\n') == [["text"], ["hello, world"], ["a, b"], ['"a" b, c']]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('a,b\n1,"one\n2,two\n', r"line 2: the record cannot be parsed as csv \(unexpected end of data\)"),
        ('a,b\n1,"x" y, "z\n2,two\n', "line 2: the record cannot be parsed as csv"),
        ("a,b\r1,2\r", r"line 1: .*a carriage return alone must end with a newline: tr"),
    ],
)
def test_what_cannot_be_parsed(text: str, message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        rows(text)


def test_blanks_before_the_quotes_of_a_header() -> None:
    assert rows('"id", "text"\n"1", "a ""b"""\n') == [["id", "text"], ["1", 'a "b"']]


def test_numbers_of_lines() -> None:
    lines = ["a,b\n", "\n", '1,"x\n', 'y"\n', "2,z\n"]
    assert [number for number, _ in parse_rows(lines, ",", "a", first_line=3)] == [3, 5, 7]


def test_who_wrote_one_backslash_wrote_them_all() -> None:
    text = 'a|b|c\n1|"one \\"two\\""|x\n2|"5\\""|x\n3|"| z"|x\n4|"first\n\\"second\\" 5\\" "|x\n'
    assert rows(text, "|")[1:] == [["1", 'one "two"', "x"], ["2", '5"', "x"], ["3", "| z", "x"], ["4", 'first\n"second" 5" ', "x"]]
