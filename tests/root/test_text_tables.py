"""Tables for people: widths, numbers, and words that would steer a terminal."""

import math

import pytest

from w2v.text_tables import aligned, display_width, format_score, markdown_table, plain_table, printable, short_number

HEAD = ["set", "w2v"]
ROWS = [["WordSim-353", "0.66"], ["a|b", "12.5"]]


def test_plain():
    assert plain_table(HEAD, ROWS) == "set           w2v\nWordSim-353  0.66\na|b          12.5"


def test_wide_characters_keep_numbers_under_each_other():
    assert plain_table(HEAD, [["词", "0.5"], ["e\u0301te\u0301", "12.5"]]).splitlines() == [
        "set   w2v",
        "词    0.5",
        "e\u0301te\u0301  12.5",
    ]
    assert plain_table(HEAD, [["\x1b[2J", "1"]]).splitlines() == ["set      w2v", "\\x1b[2J    1"]


def test_markdown():
    assert markdown_table(HEAD, ROWS) == "| set | w2v |\n|---|---:|\n| WordSim-353 | 0.66 |\n| a\\|b | 12.5 |"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5_213_000.0, "5.21M"),
        (340_123.0, "340k"),
        (42.19, "42.2"),
        (1.0, "1.00"),
        (0.1234, "0.123"),
        (99.96, "100"),
        (999.7, "1.00k"),
        (-2500.0, "-2.50k"),
        (0.0, "0.000"),
        (math.nan, "-"),
    ],
)
def test_short_numbers(value, text):
    assert short_number(value) == text


def test_scores():
    assert (format_score(0.65432), format_score(-0.01), format_score(math.nan)) == ("0.6543", "-0.0100", "-")


def test_widths_are_those_of_a_terminal() -> None:
    assert display_width("king") == 4
    assert display_width("中国") == 4
    assert display_width("ｋ") == 2
    assert display_width("e\u0301te\u0301") == 3
    assert display_width("a\u200db") == 2
    assert display_width("") == 0


def test_columns_stand_under_each_other() -> None:
    assert aligned([("king", "0.9"), ("中国人", "0.8"), ("e\u0301", "-0.7")], "  ").splitlines() == [
        "  king    0.9",
        "  中国人  0.8",
        "  e\u0301       -0.7",
    ]
    assert aligned([]) == ""


def test_what_is_invisible_or_steers_is_escaped() -> None:
    assert printable("naïve 中 \U0001f600") == "naïve 中 \U0001f600"
    assert printable("\x1b[2J\x07a\tb\n") == "\\x1b[2J\\x07a\\tb\\n"
    assert printable("a\u00a0b\u200b\u202e\udcff") == "a\\xa0b\\u200b\\u202e\\udcff"
    assert printable("می\u200cخواهم") == "می\u200cخواهم"
