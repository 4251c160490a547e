"""float32 <-> decimal text: against exact rational arithmetic and against numpy's shortest decimals."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from w2v.formats.rows.decimals import HARD, NOT_A_NUMBER, READ, WIDEST, nearest_float32, parse_float32, write_float32

BITS = st.integers(0, 2**32 - 1).filter(lambda bits: bits >> 23 & 0xFF != 0xFF)
NUMBERS = st.from_regex(r"[+-]?([0-9]{1,25}\.?[0-9]{0,25}|\.[0-9]{1,25})([eE][+-]?[0-9]{1,2})?", fullmatch=True)

repeatable = settings(deadline=None, derandomize=True, max_examples=300)


def of_bits(bits):
    return np.array([bits], np.uint32).view(np.float32)[0]


def bits_of(value):
    return int(np.array([value], np.float32).view(np.uint32)[0])


def write(value):
    out = np.zeros(WIDEST, np.uint8)
    value = np.array([value], np.float32)
    end = write_float32(value[0], value.view(np.uint32)[0], out, 0)
    return out[:end].tobytes().decode()


def parse(text):
    """Value or status, and how many bytes were read."""
    value, end, status = parse_float32(np.frombuffer(text.encode() + b"\n", np.uint8), 0)
    return (value if status == READ else status), end


def read(text):
    value, end = parse(text)
    assert end == len(text)
    return nearest_float32(text) if isinstance(value, int) and value == HARD else value


def exact_nearest(text):
    """The float32 nearest to a decimal, by comparing it with both sides in rational arithmetic."""
    exact = Fraction(text)
    with np.errstate(over="ignore", under="ignore"):
        near = np.float32(float(text))
        around = [np.nextafter(near, np.float32(-np.inf)), near, np.nextafter(near, np.float32(np.inf))]
    candidates = [candidate for candidate in around if np.isfinite(candidate)]
    largest = Fraction(float(np.finfo(np.float32).max))
    if abs(exact) >= largest + Fraction(2) ** 103:
        return np.float32(math.copysign(math.inf, exact))
    return min(candidates, key=lambda c: (abs(Fraction(float(c)) - exact), bits_of(c) & 1))


@pytest.mark.medium
@repeatable
@given(BITS)
@example(0x80000000)
@example(1)
@example(0x00800000)
@example(0x7F7FFFFF)
def test_what_is_written_reads_back_to_the_same_bits_here_in_numpy_and_in_c(bits):
    text = write(of_bits(bits))
    assert bits_of(read(text)) == bits
    assert bits_of(np.float32(text)) == bits, "numpy, and so gensim, rounds twice"
    assert bits_of(exact_nearest(text)) == bits or text == "-0.0", "C's strtof rounds once"


def test_powers_of_two_where_the_gap_below_is_half_the_gap_above():
    for field in range(1, 255):
        bits = field << 23
        assert bits_of(read(write(of_bits(bits)))) == bits


@repeatable
@given(st.floats(-999, 999, width=32).filter(lambda value: value == 0 or abs(value) > 1e-30))
@example(0.181640625)  # half way between two decimals of eight digits
def test_written_as_numpy_and_gensim_do(value):
    power_of_two = math.frexp(value)[0] == 0.5  # numpy goes beyond the smaller half gap there
    if not power_of_two and np.float32(value) != np.float32(1e-4):
        assert write(value) == str(np.float32(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (3.0, "3.0"),
        (-0.0625, "-0.0625"),
        (1e-5, "1e-05"),
        (1.5e-45, "1e-45"),
        (3.4028235e38, "3.4028235e+38"),
        (9.9999997e-5, "0.0001"),
        (0.1, "0.1"),
        (16777216.0, "16777216.0"),
        (1e15, "1000000000000000.0"),
        (1e16, "1e+16"),
    ],
)
def test_written_form(value, text):
    assert write(value) == text


@pytest.mark.medium
@repeatable
@given(NUMBERS)
@example("16777217")
@example("16777217.00000000000000000000000000000000001")
@example("16777216.99999999999999999999999999999999999")
@example("340282356779733661637539395458142568447.999")
@example("340282356779733661637539395458142568448")
@example("0.00000000000000000000000000000000000000000000070064923216240853546186479164495")
@example("1e-99")
@example("8388608.5000000000000000000001")
@example("0.0000000000000000000000000000000000000117549431578982589351")
def test_reading_is_correctly_rounded(text):
    assert bits_of(abs(read(text))) == bits_of(abs(exact_nearest(text)))


@repeatable
@given(st.floats(width=64, allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30))
@pytest.mark.medium
def test_float64_with_seventeen_digits_reads_right(value):
    assert read(repr(value)) == exact_nearest(repr(value))


@pytest.mark.medium
@repeatable
@given(BITS, st.integers(-3, 3))
def test_near_the_middle_between_two_float32_reading_is_right(bits, nudge):
    low = of_bits(bits & 0x7FFFFFFF)
    high = np.nextafter(low, np.float32(np.inf))
    middle = float(low) / 2 + float(high) / 2
    for _ in range(abs(nudge)):
        middle = math.nextafter(middle, math.copysign(math.inf, nudge))
    text = f"{middle:.40g}"
    if "e" not in text or "inf" not in text:
        assert bits_of(read(text)) == bits_of(exact_nearest(text))


@pytest.mark.parametrize("text", ["", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e-", "nan", "inf", "-inf", "x", "_1", "--1", "+-1", "0x"])
def test_not_a_number(text):
    if text == "0x":
        assert parse(text) == (0.0, 1), "what follows the number is the caller's to refuse"
    else:
        assert parse(text)[0] == NOT_A_NUMBER


@pytest.mark.medium
@pytest.mark.parametrize(("text", "end"), [("1_0", 1), ("1.2.3", 3), ("1e5e5", 3), ("1,5", 1), ("0.5f", 3), ("1 2", 1)])
def test_stops_behind_the_number(text, end):
    assert parse(text)[1] == end


def test_huge_exponents_neither_overflow_nor_take_long():
    assert np.isinf(read("1e999999999999999999999999999999"))
    assert read("1e-999999999999999999999999999999") == 0
    assert read("0e999999999999999999999999999999") == 0
    assert np.isinf(read("9" * 5000))
    assert read("0." + "0" * 5000 + "1") == 0
