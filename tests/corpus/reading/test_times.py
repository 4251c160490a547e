import datetime

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
    assert parser.gap(gap) == numbers
    parser = TimeParser()
    assert parser.parse(["1970-01-01T00:00:01Z"]).tolist() == [1_000_000]
    assert parser.gap(gap) == moments


def test_a_gap_in_seconds_is_refused_for_milliseconds() -> None:
    parser = TimeParser()
    parser.parse(["1", "99999999999"])
    assert parser.gap("30m") == 1800.0
    parser.parse(["100000000000"])
    assert parser.gap("1800000") == 1_800_000.0
    with pytest.raises(CorpusError, match="numbers as times must be seconds, and 100000000000 is too large"):
        parser.gap("30m")


def moments(texts: list[str], time_format: str | None = None) -> list[str]:
    parser = TimeParser(time_format)
    times = parser.settle(parser.parse(texts))
    return [str(np.datetime64(time, "us")).replace(".000000", "") for time in times.tolist()]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2010-12-1 8:26", "2010-12-01T08:26:00"),
        ("2010/12/01 08:26:05.25", "2010-12-01T08:26:05.250000"),
        ("2010-12-01 08:26:00,123", "2010-12-01T08:26:00.123000"),
        ("2010-12-01 24:00:00", "2010-12-02T00:00:00"),
        ("2010-12-01 08:26:00 UTC", "2010-12-01T08:26:00"),
        ("2010-12-01 08:26:00 +0100", "2010-12-01T07:26:00"),
        ("2010-12-01T08:26:00+01:00[Europe/Berlin]", "2010-12-01T07:26:00"),
        ("2010-W48-3", "2010-12-01T00:00:00"),
        ("2024年1月2日", "2024-01-02T00:00:00"),
        ("2024年1月2日 3时4分5秒", "2024-01-02T03:04:05"),
        ("2024年1月2日下午3:04", "2024-01-02T15:04:00"),
        ("2024년 1월 2일", "2024-01-02T00:00:00"),
        ("[10/Oct/2000:13:55:36 -0700]", "2000-10-10T20:55:36"),
        ("[Wed Oct 11 14:32:52.123456 2000]", "2000-10-11T14:32:52.123456"),
        ("Wed Dec  1 08:26:00 UTC 2010", "2010-12-01T08:26:00"),
        ("Wed Dec 01 2010 08:26:00 GMT+0100 (Central European Standard Time)", "2010-12-01T07:26:00"),
        ("Wed, 01 Dec 2010 08:26:00 GMT", "2010-12-01T08:26:00"),
        ("December 1st, 2010 8:26 p.m.", "2010-12-01T20:26:00"),
        ("1-dec-2010", "2010-12-01T00:00:00"),
        ("01DEC2010:08:26:00", "2010-12-01T08:26:00"),
        ("29.02.2000 0:05 am", "2000-02-29T00:05:00"),
        ("12/13/2010 12:05 PM", "2010-12-13T12:05:00"),
    ],
)
def test_moments_that_mean_one_thing_only(text: str, moment: str) -> None:
    assert moments([text]) == [moment]


def test_a_day_over_12_anywhere_tells_which_number_is_the_month() -> None:
    assert moments(["12/1/2010 8:26", "1/1/2010", "12/13/2010 8:26"]) == [
        "2010-12-01T08:26:00",
        "2010-01-01T00:00:00",
        "2010-12-13T08:26:00",
    ]
    assert moments(["01.12.2010 8:26", "31.01.2010", "01.02.2010"]) == ["2010-12-01T08:26:00", "2010-01-31T00:00:00", "2010-02-01T00:00:00"]
    parser = TimeParser()
    pieces = [parser.parse(texts) for texts in (["1/2/2010"], ["13/2/2010", "3/2/2010"], ["4/2/2010"])]  # of several batches
    assert [str(np.datetime64(time, "us"))[:10] for piece in pieces for time in parser.settle(piece).tolist()] == [
        "2010-02-01", "2010-02-13", "2010-02-03", "2010-02-04",
    ]  # fmt: skip


def test_two_orders_in_a_column_are_refused() -> None:
    parser = TimeParser()
    parser.parse(["13/1/2010"])
    with pytest.raises(TimeError, match="the month must stand where those before have it: found '1/14/2010'") as caught:
        parser.parse(["1/2/2010", "1/14/2010"])
    assert caught.value.index == 1


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("12/1/2010 8:26", ["%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M"]),
        ("01.12.2010", ["%m.%d.%Y", "%d.%m.%Y"]),
        ("25/12/10 8:26:01 pm", ["%d/%m/%y %I:%M:%S %p", "%y/%m/%d %I:%M:%S %p"]),
        ("01-DEC-10", ["%d-%b-%y"]),
        ("Dec  1 08:26:00", ["%b  %d %H:%M:%S"]),
        ("2010-12-01 08:26 EST", ["%Y-%m-%d %H:%M EST"]),
        ("2010-335", ["%Y-%j"]),
        ("08:26:00", ["%H:%M:%S"]),
    ],
)
def test_what_can_mean_several_things_is_refused_with_formats_that_read_it(text: str, formats: list[str]) -> None:
    parser = TimeParser()
    with pytest.raises(CorpusError) as caught:
        parser.settle(parser.parse([text]))
    assert str(caught.value).endswith(" or ".join(f'time_format="{time_format}"' for time_format in formats))
    for time_format in formats:
        assert moments([text], time_format)


@pytest.mark.parametrize("text", ["12s", "300 ms", "1,290,000,000", "1 000", "1290000000,5"])
def test_numbers_with_more_are_refused_as_such(text: str) -> None:
    with pytest.raises(TimeError, match="numbers are written without a unit and without separators"):
        TimeParser().parse([text])


@pytest.mark.parametrize("text", ["2010-02-30", "30/02/2010", "2010-12-01 25:00", "13:00 am"])
def test_moments_that_do_not_exist(text: str) -> None:
    with pytest.raises(TimeError):
        TimeParser().parse([text])


FORMATS = [
    "%m/%d/%Y %H:%M", "%d.%m.%y", "%b %d %Y %I:%M%p", "%Y%m%d%H%M%S", "%d/%b/%Y:%H:%M:%S %z", "%A, %d %B %Y", "%Y/%j",
    "%H:%M:%S.%f %m-%d-%Y",
]  # fmt: skip


@pytest.mark.parametrize("time_format", FORMATS)
def test_formats_are_read_as_by_the_standard_library(time_format: str) -> None:
    first = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
    seconds = np.random.default_rng(1).integers(0, 3 * 10**9, 300).tolist()
    texts = [(first + datetime.timedelta(seconds=second)).strftime(time_format) for second in seconds]
    wanted = [datetime.datetime.strptime(text, time_format).replace(tzinfo=datetime.UTC) for text in texts]  # all offsets are 0
    parser = TimeParser(time_format)
    assert parser.settle(parser.parse(texts)).tolist() == [round(day.timestamp() * 1e6) for day in wanted]


def test_a_format_is_strptimes() -> None:
    assert moments(["31.12.69 1:2", "01.01.68 23:59"], "%d.%m.%y %H:%M") == ["1969-12-31T01:02:00", "2068-01-01T23:59:00"]
    assert moments(["20240102 0304"], "%Y%m%d %H%M") == ["2024-01-02T03:04:00"]
    assert moments(["Feb 29 12:00:01", "feb  1 00:00:00"], "%b %d %T") == ["2000-02-29T12:00:01", "2000-02-01T00:00:00"]
    assert moments(["60.2024"], "%j.%Y") == ["2024-02-29T00:00:00"]
    with pytest.raises(TimeError):
        moments(["366.2023"], "%j.%Y")
    with pytest.raises(TimeError, match=r"a time must be written as time_format says, '%d\.%m\.%Y': found '1/2/2010'") as caught:
        TimeParser("%d.%m.%Y").parse(["1.2.2010", "1/2/2010"])
    assert caught.value.index == 1


@pytest.mark.parametrize(
    ("numbers", "first"),
    [
        (["20240101", "20240131"], "2024-01-01T00:00:00"),
        (["20240101.0"], "2024-01-01T00:00:00"),
        (["2024010112"], "2024-01-01T12:00:00"),
        (["202401011530"], "2024-01-01T15:30:00"),
        (["20240101153001"], "2024-01-01T15:30:01"),
        (["202402"], "2024-02-01T00:00:00"),
    ],
)
def test_numbers_that_all_are_dates_are_dates(numbers: list[str], first: str) -> None:
    assert moments(numbers)[0] == first
    parser = TimeParser()
    parser.parse(numbers)
    assert parser.gap("30d") == 30 * 86400e6
    with pytest.raises(CorpusError, match='are dates: give the gap with a unit, such as session_gap="30d"'):
        parser.gap("30")


@pytest.mark.parametrize(
    "numbers", [["20240101", "20241301"], ["20240101", "202401"], ["20240101.5"], ["1700000000"], ["0"], ["-20240101"]]
)
def test_numbers_of_which_one_is_no_date_stay_numbers(numbers: list[str]) -> None:
    parser = TimeParser()
    times = [parser.parse([number]) for number in numbers]  # a batch each
    assert [parser.settle(time).tolist()[0] for time in times] == list(map(float, numbers))
    assert parser.gap("30d") == 30 * 86400


def test_days_of_a_spreadsheet_are_noticed() -> None:
    parser = TimeParser()
    parser.parse(["40513.35", "40514.5"])
    with pytest.warns(UserWarning, match=r'read as seconds; if they are days, as spreadsheets count them, 12h is session_gap="0\.5"'):
        parser.gap("12h")


@pytest.mark.parametrize("text", ["1 декабря 2010", "1. Dezember 2010", "décembre 1, 2010"])
def test_names_of_months_in_other_languages_get_no_format_that_cannot_read_them(text: str) -> None:
    with pytest.raises(TimeError, match="names of months and days are known in English only"):
        TimeParser().parse([text])
