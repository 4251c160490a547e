"""Tables for people."""

import math

import pytest

from w2v.comparison.number_tables import markdown_table, plain_table, score, short_number

HEAD = ["set", "w2v"]
ROWS = [["WordSim-353", "0.66"], ["a|b", "12.5"]]


def test_plain():
    assert plain_table(HEAD, ROWS) == "set           w2v\nWordSim-353  0.66\na|b          12.5"


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
    assert (score(0.65432), score(-0.01), score(math.nan)) == ("0.6543", "-0.0100", "-")
