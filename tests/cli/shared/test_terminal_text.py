"""Columns for people: widths, and words that would steer a terminal."""

from w2v.cli.shared.terminal_text import aligned, display_width, printable


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
