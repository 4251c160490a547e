import numpy as np
import pytest

from w2v.corpus.reading.times import NUMBER, NumberedTimes, TimeError, TimeParser
from w2v.errors import CorpusError


def test_whole_numbers_are_exact() -> None:
    texts = ["1700000000001", "0", str(2**62 - 1)]
    for more in ([], ["-5"], ["+5"], [str(-(2**62) + 1)]):  # a sign takes the slower road
        times = TimeParser().parse(texts + more)
        assert times.dtype == np.int64
        assert times.tolist() == list(map(int, texts + more))


def test_one_fraction_makes_all_floats() -> None:
    times = TimeParser().parse(["1", "2.5", "3e2"])
    assert times.dtype == np.float64
    assert times.tolist() == [1.0, 2.5, 300.0]


@pytest.mark.parametrize("text", ["1_000", "１７０", "nan", "infinity", "1 000", "0x10", ""])
def test_what_is_no_plain_number_is_no_time(text: str) -> None:
    with pytest.raises(TimeError, match="a time must be a number or ISO 8601"):
        TimeParser().parse([text])
    for before in ("5", "-5"):
        with pytest.raises(TimeError, match="a time must be a number, as those before are") as caught:
            TimeParser().parse([before, text, "7"])
        assert caught.value.index == 1


@pytest.mark.parametrize("text", [str(2**62), str(-(2**62)), "4611686018427387904.0", "9" * 400])
def test_a_number_that_is_too_large_is_named(text: str) -> None:
    for others in (["5"], ["5.5"]):
        with pytest.raises(TimeError, match=r"below 2\*\*62") as caught:
            TimeParser().parse([*others, text])
        assert caught.value.index == 1


def test_typed_times_have_the_same_bound() -> None:
    for values in (np.array([0, 2**62], np.int64), np.array([0.0, np.nan]), np.array([0.0, -np.inf])):
        with pytest.raises(TimeError, match=r"finite and below 2\*\*62") as caught:
            TimeParser().accept(NumberedTimes(NUMBER, values))
        assert caught.value.index == 1
    inside = np.array([-(2**61), 2**61], np.int64)
    assert TimeParser().accept(NumberedTimes(NUMBER, inside)) is inside


@pytest.mark.parametrize(
    ("gap", "numbers", "moments"),
    [("90", 90.0, 90e6), ("2s", 2.0, 2e6), ("1.5m", 90.0, 90e6), ("2h", 7200.0, 7200e6), ("1d", 86400.0, 86400e6)],
)
def test_a_gap_in_the_unit_of_the_times(gap: str, numbers: float, moments: float) -> None:
    parser = TimeParser()
    parser.parse(["1"])
    assert parser.gap(gap, 1e9) == numbers
    parser = TimeParser()
    assert parser.parse(["1970-01-01T00:00:01Z"]).tolist() == [1_000_000]
    assert parser.gap(gap, 1e18) == moments


def test_a_gap_in_seconds_is_refused_for_milliseconds() -> None:
    parser = TimeParser()
    parser.parse(["1"])
    assert parser.gap("30m", 99_999_999_999) == 1800.0
    assert parser.gap("1800000", 1e11) == 1_800_000.0
    with pytest.raises(CorpusError, match="numbers as times must be seconds, and 100000000000 is too large"):
        parser.gap("30m", 1e11)
