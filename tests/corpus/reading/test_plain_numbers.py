import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.corpus.reading.plain_numbers import parse_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("-17", -17), ("+3", 3), ("007", 7), ("1.", 1.0), (".5", 0.5), ("-2.5e3", -2500.0), ("1E-2", 0.01), (str(10**300), 1e300)],
)
def test_decimal_numbers(text: str, number: float) -> None:
    assert parse_number(text) == number
    assert type(parse_number(text)) is type(number)


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "+", "e5", "1_000", "1_0.5", "１７", "٣", "²", "½", " 1", "1 ", "1 000", "1,5", "0x1f", "1e", "--1", "inf", "-Infinity",
        "nan", "1e999", "True", "1\n",
    ],
)  # fmt: skip
def test_everything_else_is_none(text: str) -> None:
    assert parse_number(text) is None


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_writes_is_read_back(number: float) -> None:
    assert parse_number(repr(number)) == number
