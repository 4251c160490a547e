"""Events as sequences: against plain Python, and against the same data written as lines of items."""

import csv
import datetime
import decimal
import gzip
import io
import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import w2v.corpus.events.event_sorting as events_sorting
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.corpus.events.event_sequences import describe_events
from w2v.corpus.tokens.tokenizers import make_tokenizer
from w2v.errors import ConfigError, CorpusError

NAMES = st.text(st.sampled_from('ab0, "é中'), min_size=1, max_size=3).map(str.strip).filter(bool)


def config(**options: object) -> CorpusConfig:
    return CorpusConfig(**{"group_by": "user", "item_field": "item", **options})


def plain_sequences(
    events: list[tuple[str, str, float]], gap: float | None = None, min_length: int = 1, drop_repeats: bool = False
) -> list[list[str]]:
    """Sequences by definition: a dict of lists, each sorted by time, which keeps the order of equal times."""
    groups: dict[str, list[tuple[float, str]]] = {}
    for group, item, time in events:
        groups.setdefault(group, []).append((time, item))
    found: list[list[str]] = []
    for group in groups.values():
        before = None
        for time, item in sorted(group, key=lambda event: event[0]):
            if before is None or (gap is not None and time - before > gap):
                found.append([])
            if not (drop_repeats and found[-1] and found[-1][-1] == item):
                found[-1].append(item)
            before = time
    return [sequence for sequence in found if len(sequence) >= min_length]


def sequences(corpus: EncodedCorpus) -> list[list[str]]:
    words = [corpus.vocabulary.words[token] for token in corpus.tokens]
    offsets = corpus.sentence_offsets.tolist()
    return [words[start:stop] for start, stop in itertools.pairwise(offsets)]


def write_csv(path: Path, rows: list[tuple[object, ...]], header: str = "user,item,time") -> Path:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def read(path: Path, **options: object) -> list[list[str]]:
    return sequences(encode(path, None, config(**options), threads=1))


def write(folder: Path, text: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.medium
@settings(max_examples=60, deadline=None)
@given(
    events=st.lists(st.tuples(NAMES, NAMES, st.integers(-5, 5)), min_size=1, max_size=60),
    run_events=st.sampled_from([1, 3, 7, 1000]),
    gap=st.sampled_from([None, 1, 3]),
    min_length=st.sampled_from([None, 2]),
    drop_repeats=st.booleans(),
    as_floats=st.booleans(),
)
def test_equals_plain_python(
    tmp_path_factory, events, run_events, gap, min_length, drop_repeats, as_floats
):  # runs of few events: most are sorted outside memory
    folder = tmp_path_factory.mktemp("events")
    expected = plain_sequences(events, gap, min_length or 1, drop_repeats)
    path = write_csv(folder / "a.csv", [(u, i, f"{t}.0" if as_floats and t > 0 else t) for u, i, t in events])
    options = dict(order_by="time", session_gap=gap and str(gap), min_length=min_length, drop_repeats=drop_repeats)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events_sorting, "RUN_EVENTS", run_events)
        patch.setattr("w2v.corpus.events.event_batches._BATCH", 5)
        if not expected:
            with pytest.raises(CorpusError, match="the corpus is empty"):
                read(path, **options)
            return
        corpus = encode(path, folder / "a.corpus", config(**options), threads=1)
    assert sequences(corpus) == expected
    facts = corpus.manifest["events"]
    assert facts["events"] == len(events)
    assert facts["events"] == corpus.n_tokens + facts["repeats_dropped"] + facts["events_in_them"]
    assert facts["sequences"] == len(expected)
    assert sorted(file.name for file in (folder / "a.corpus").iterdir()) == [
        "manifest.json", "sentence_offsets.npy", "tokens.npy", "vocabulary.tsv",
    ]  # fmt: skip


@pytest.mark.medium
@settings(max_examples=20, deadline=None)
@given(events=st.lists(st.tuples(NAMES, NAMES, st.integers(0, 9)), min_size=1, max_size=80), min_count=st.integers(1, 2))
def test_the_same_corpus_as_lines_of_items(tmp_path_factory, events, min_count):
    folder = tmp_path_factory.mktemp("events")
    lines = ["\t".join(sequence) for sequence in plain_sequences(events)]
    (folder / "lines.txt").write_text("\n".join(lines), encoding="utf-8")
    as_lines = CorpusConfig(tokenizer="items", separator="\t", min_count=min_count)
    path = write_csv(folder / "a.csv", events)
    try:
        by_lines = encode(folder / "lines.txt", folder / "lines", as_lines)
    except CorpusError:
        with pytest.raises(CorpusError, match="vocabulary is empty"):
            encode(path, folder / "events", config(order_by="time", min_count=min_count))
        return
    by_events = encode(path, folder / "events", config(order_by="time", min_count=min_count))
    for name in ("tokens.npy", "sentence_offsets.npy", "vocabulary.tsv"):
        assert (folder / "events" / name).read_bytes() == (folder / "lines" / name).read_bytes()
    assert by_events.vocabulary == by_lines.vocabulary


ROWS = [("u1", "007", 2), ("u2", "new york", 1), ("u1", "7", 1), ("u2", "中", 3)]
FOUND = [["7", "007"], ["new york", "中"]]


def test_every_kind_of_file_gives_the_same(tmp_path):
    table = ["user\titem\ttime", *("\t".join(map(str, row)) for row in ROWS)]
    objects = [json.dumps({"time": t, "item": i, "user": u, "other": [1]}) for u, i, t in ROWS]
    files = {
        "a.csv": "user,item,time\n" + "".join(f'{u},"{i}",{t}\n' for u, i, t in ROWS),
        "windows.csv": "\ufeffuser,item,title,time\r\n" + "".join(f'{u},{i},"a\r\nb",{t}\r\n' for u, i, t in ROWS),
        "a.tsv": "\n".join(table),
        "a.jsonl": "\n".join(objects) + "\n\n",
    }
    for name, text in files.items():
        assert read(write(tmp_path, text, name), order_by="time") == FOUND, name
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(files["a.csv"].encode()))
    assert read(packed, order_by="time") == FOUND
    semicolons = write(tmp_path, files["a.csv"].replace(",", ";"), "b.csv")
    assert read(semicolons, order_by="time", separator=";") == FOUND
    parts = [write(tmp_path, "\n".join([table[0], *table[1:3]]), "b1.tsv"), write(tmp_path, "\n".join([table[0], *table[3:]]), "b2.tsv")]
    assert read(parts, order_by="time") == FOUND  # type: ignore[arg-type]


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t", "::"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
def test_delimiters_are_found(tmp_path, delimiter, name):
    rows = [("user", "item", "time"), *ROWS]
    path = write(tmp_path, "".join(delimiter.join(map(str, row)) + "\n" for row in rows), name)
    assert read(path, order_by="time") == FOUND
    assert read(path, order_by="time", delimiter=delimiter) == FOUND
    headless = write(tmp_path, path.read_text(encoding="utf-8").split("\n", 1)[1], name)
    assert read(headless, group_by="1", item_field="2", order_by="3") == FOUND


def test_files_without_a_header_have_columns_by_number(tmp_path):
    plain = write(tmp_path, "u1 a 5\nu2 b 1\n\nu1  c 2 \n", "a.txt")
    assert read(plain, group_by="1", item_field="2") == [["a", "c"], ["b"]]
    assert read(plain, group_by="1", item_field="2", order_by="3") == [["c", "a"], ["b"]]
    ratings = write(tmp_path, "1::1193::5::978300760\n1::661::3::978302109\n", "ratings.dat")
    assert read(ratings, group_by="1", item_field="3", order_by="7", separator=":") == [["1193", "661"]]
    assert read(write(tmp_path, "u,a\nu,b\n"), group_by="1", item_field="2") == [["a", "b"]]
    with_header = write(tmp_path, "user item\nu a\nu b\n", "b.txt")
    assert read(with_header) == [["a", "b"]]
    with pytest.raises(CorpusError, match=r"numbered from 1, and 4 was asked for: its first line has 3 \(u1, a, 5\)$"):
        read(plain, group_by="1", item_field="4")


@pytest.mark.parametrize("kind", ["timestamp[us]", "timestamp[ns, UTC]", "int64", "double", "string"])
def test_parquet(tmp_path, kind):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    parquet = pytest.importorskip("pyarrow.parquet")
    users, items = [1, 2, 1, 2], pyarrow.array(["007", "new york", "7", "中"]).dictionary_encode()
    times = pyarrow.array([1_700_002_000, 1_700_001_000, 1_700_001_000, 1_700_003_000])
    if kind.startswith("timestamp"):
        times = pyarrow.array([t * 10**6 for t in times.to_pylist()], pyarrow.timestamp("us", "UTC" if "UTC" in kind else None))
        times = times.cast(pyarrow.timestamp("ns", "UTC")) if "ns" in kind else times
    else:
        times = times.cast(kind)
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"user": users, "item": items, "time": times}), path)
    assert read(path, order_by="time", session_gap="20m") == [["7", "007"], ["new york"], ["中"]]
    parquet.write_table(pyarrow.table({"user": users, "item": [1, None, 3, 4]}), path)
    with pytest.raises(CorpusError, match=r"a\.parquet, row 2: the item is empty"):
        read(path)
    parquet.write_table(pyarrow.table({"user": users, "item": [1.0, 2.0, 3.5, 4.0]}), path)
    with pytest.raises(CorpusError, match=r"row 3: the column 'item' must hold strings or whole numbers, found double with 3\.5"):
        read(path)


def test_whole_doubles_of_parquet_are_numbers(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    parquet = pytest.importorskip("pyarrow.parquet")
    users = pyarrow.array([17850.0, None, 17850.0, float("nan"), 3.0])  # as pandas has ids of which some are missing
    times = pyarrow.array([3.0, 1.0, 1.0, 2.0, None])
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"user": users, "item": users, "time": times}), path)
    with pytest.raises(CorpusError, match=r"a\.parquet, row 2: the group is empty: .* drop_incomplete=True drops all such events"):
        read(path)
    corpus = encode(path, None, config(order_by="time", drop_incomplete=True))
    assert sequences(corpus) == [["17850", "17850"]]
    assert "3 incomplete events dropped (2 without a group, 2 without an item, 1 without a time)" in describe_events(
        corpus.manifest["events"]
    )
    parquet.write_table(pyarrow.table({"user": users, "item": users, "time": pyarrow.array([20240101] * 5)}), path)
    dated = encode(path, None, config(order_by="time", time_format="%Y%m%d", drop_incomplete=True))
    assert dated.manifest["events"]["times"] == "2024-01-01 00:00:00 to 2024-01-01 00:00:00"


def test_decimals_bytes_and_dates_of_parquet_are_names(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
    parquet = pytest.importorskip("pyarrow.parquet")
    users = pyarrow.array([b"ann", b"bob"])  # of writers that do not say that their bytes are texts
    items = pyarrow.array([decimal.Decimal("7.00"), decimal.Decimal("8.00")])
    days = pyarrow.array([datetime.date(2010, 1, 1)] * 2)
    path = tmp_path / "a.parquet"
    parquet.write_table(pyarrow.table({"user": users, "item": items, "time": items, "day": days}), path)
    assert read(path, order_by="time") == [["7"], ["8"]]
    assert read(path, group_by="day", item_field="user") == [["ann", "bob"]]


MISSING = "user,item,time\nu,b,20240301\n,b,20240102\n\\N,a,20240102\nnan,a,20240203\nu,,20240203\nu,b,NULL\nu,a,20240101\n"


def test_incomplete_events_are_dropped_and_counted(tmp_path):
    corpus = encode(write(tmp_path, MISSING), None, config(order_by="time", session_gap="30d", drop_incomplete=True))
    assert sequences(corpus) == [["a"], ["b"]]
    assert describe_events(corpus.manifest["events"]) == (
        "2 events of 1 groups make 2 sequences; 5 incomplete events dropped (1 without a group, 1 with the group '\\N', "
        "1 with the group 'nan', "
        "1 without an item, 1 with the time 'NULL'); times: 2024-01-01 00:00:00 to 2024-03-01 00:00:00, dates such as 20240301"
    )
    objects = '{"user": 1, "item": "a"}\n{"item": "b"}\n{"user": null, "item": "b"}\n'
    assert read(write(tmp_path, objects, "a.jsonl"), drop_incomplete=True) == [["a"]]
    with pytest.raises(CorpusError, match="no event is complete: 1 without a group"):
        read(write(tmp_path, "user,item\n,a\n"), drop_incomplete=True)


def test_words_for_nothing_are_named(tmp_path):
    path = write(tmp_path, "user,item,time\nnan,a,1\nnan,b,2\n\\N,a,3\nu,a,4\n")
    with pytest.warns(UserWarning, match=r"2 with the group 'nan', 1 with the group '\\N'; drop_incomplete=True drops them"):
        assert read(path) == [["a", "b"], ["a"], ["a"]]
    with pytest.raises(CorpusError, match=r"line 2: a time must be there: found 'NULL': .*drop_incomplete=True"):
        read(write(tmp_path, "user,item,time\nu,a,NULL\n"), order_by="time")


def test_the_month_is_found_by_a_later_row_in_runs_outside_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(events_sorting, "RUN_EVENTS", 2)
    monkeypatch.setattr("w2v.corpus.events.event_batches._BATCH", 2)
    text = "user,item,time\nu,c,3/2/2010\nu,a,1/3/2009\nv,d,1/1/2010\nu,d,13/2/2010\nu,b,2/4/2009\n"
    assert read(write(tmp_path, text), order_by="time") == [["a", "b", "c", "d"], ["d"]]
    with pytest.raises(CorpusError, match="no row has a day over 12"):
        read(write(tmp_path, text.replace("13/2", "12/2")), order_by="time")
    with pytest.raises(CorpusError, match=r"line 6: the month must stand where"):
        read(write(tmp_path, text.replace("2/4/2009", "2/14/2009")), order_by="time")


def test_sessions_begin_after_a_longer_gap(tmp_path):
    text = "user,item,time\nu,a,2026-11-21T14:00:00\nu,b,2026-11-21 14:30:00\nu,c,2026-11-21T15:00:01\nu,d,2026-11-22\n"
    assert read(write(tmp_path, text), order_by="time", session_gap="30m") == [["a", "b"], ["c"], ["d"]]
    assert read(write(tmp_path, text), order_by="time", session_gap="1d") == [["a", "b", "c", "d"]]
    zones = "user,item,time\nu,b,2026-11-21T14:00:00+01:00\nu,a,2026-11-21T12:59:59Z\n"
    assert read(write(tmp_path, zones), order_by="time") == [["a", "b"]]
    milliseconds = write(tmp_path, "user,item,time\nu,a,1700000000000\nu,b,1700001800001\n")
    with pytest.raises(CorpusError, match=r"must be seconds, and 1700001800001 is too large .* such as 1800000"):
        read(milliseconds, order_by="time", session_gap="30m")
    assert read(milliseconds, order_by="time", session_gap="1800000") == [["a"], ["b"]]


def test_times_of_nanoseconds_are_exact(tmp_path):
    text = "user,item,time\nu,c,1700000000000000003\nu,a,1700000000000000001\nu,b,1700000000000000002\n"
    assert read(write(tmp_path, text), order_by="time") == [["a", "b", "c"]]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("who,what,time\nu,a,1\n", r"a\.csv has no column 'user' \(columns: who, what, time\)"),
        ("user,item,when\nu,a,1\n", r"a\.csv has no column 'time' \(columns: user, item, when\)"),
        ('user,item,time\n"u\n",a,1\n,b,1\n', r"a\.csv, line 4: the group is empty: remove the event, or fill it in"),
        ("user,item,time\nu,a,1\nu, ,1\n", r"a\.csv, line 3: the item is empty"),
        ("user,item,time\nu,a,\n", r"a\.csv, line 2: the time is empty"),
        ('user,item,time\nu,"a\nb",1\n', r"a\.csv, line 2: the item must not hold a line break"),
        ("user,item,time\nu,a,1\nu,b,soon\n", r"a\.csv, line 3: a time must be a number, as those before are.*found 'soon'"),
        ("user,item,time\nu,a,soon\n", r"a\.csv, line 2: a time must be a number or ISO 8601, such as .*: found 'soon'"),
        ("user,item,time\nu,a,nan\n", r"a\.csv, line 2: a time must be"),
        ("user,item,time\nu,a,2026-01-01\nu,a,7\n", r"a\.csv, line 3: a time must be ISO 8601, as those before are"),
        ("user,item,time\nu,a,2026-01-01\nu,a,2026-01-01T00:00Z\n", r"a\.csv, line 3: all times or none must have an offset"),
        ("user,item,time\nu,a\n", r"a\.csv, line 2: found 2 cells where the first line has 3: quote cells that hold commas"),
        ("user,item,time\nu,a,1,2\n", r"a\.csv, line 2: found 4 cells"),
        ("user,item,time\nu," + "x" * 70_000 + ",1\n", r"a\.csv, the item of line 2: a token may have 65536 bytes"),
        ("user,item,time\n", "the corpus is empty"),
        ("", "the corpus is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path, text, message):
    with pytest.raises(CorpusError, match=message):
        read(write(tmp_path, text), order_by="time")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"user": 1}\n', r"a\.jsonl has no field 'item' \(fields: user\)"),
        ('{"user": 1, "item": 1}\n{"user": 1}\n', r"line 2, has no field 'item' \(fields: user\)"),
        ('{"user": 1, "item": null}\n', r"line 1: the item is empty"),
        ('{"user": 1, "item": true}\n', r"line 1: the field 'item' must be a string or a number, found true"),
        ('{"user": 1, "item": "a\\u0000"}\n', r"line 1: holds NUL bytes"),
        ('{"user": 1, "item": "a"}\n{"user": 1, "item": "\\ud800"}\n', r"line 2: half of a surrogate pair"),
    ],
)
def test_objects_that_are_no_events(tmp_path, text, message):
    with pytest.raises(CorpusError, match=message):
        read(write(tmp_path, text, "a.jsonl"))


def test_numbers_of_json_are_items_as_they_are_written(tmp_path):
    text = '{"user": 1, "item": 12345678901234567890123}\n{"user": "1", "item": 1.50}\n'
    assert read(write(tmp_path, text, "a.jsonl")) == [["12345678901234567890123", "1.50"]]


def test_a_word_asked_for_is_one_item():
    split = make_tokenizer(config(separator=";")).split
    assert split(" New York; 007 ") == ["New York; 007"]
    assert split("中 é") == ["中 é"]


def test_what_was_dropped_is_told(tmp_path):
    path = write(tmp_path, "user,item\nu,a\nu,a\nu,b\nv,c\n")
    corpus = encode(path, None, config(drop_repeats=True, min_length=2))
    assert describe_events(corpus.manifest["events"]) == (
        "4 events of 2 groups make 1 sequences; 1 repeats dropped; 1 short sequences dropped, with 1 events"
    )


def test_sentences_from_python_are_no_events():
    with pytest.raises(CorpusError, match="events are read from files"):
        encode([["a", "b"]], None, config())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"group_by": None}, "item_field needs group_by"),
        ({"item_field": None}, "group_by is for events: name the column of the items with item_field"),
        ({"item_field": None, "group_by": None, "drop_repeats": True}, "drop_repeats is for events"),
        ({"tokenizer": "words"}, "leave tokenizer words away"),
        ({"text_field": "t"}, "give one of them"),
        ({"session_gap": "30m"}, "session_gap needs order_by"),
        ({"order_by": "time", "session_gap": "30 minutes"}, "such as 90s, 30m, 2h, 1d or 1800: received '30 minutes'"),
        ({"order_by": "time", "session_gap": "0m"}, "session_gap must be above 0"),
        ({"time_format": "%Y"}, "time_format needs order_by"),
        ({"order_by": "time", "time_format": "dd.MM.yyyy"}, "time_format must have directives such as .*'dd.MM.yyyy', it has none"),
        ({"order_by": "time", "time_format": "%Y %q"}, "%q is not known"),
        ({"order_by": "time", "time_format": "%d %d"}, "%d comes twice"),
        ({"drop_incomplete": 1}, "drop_incomplete must be True or False"),
        ({"min_length": 0}, "min_length must be an integer from 1"),
        ({"drop_repeats": 1}, "drop_repeats must be True or False"),
        ({"phrases": 1}, "phrases are for text"),
    ],
)
def test_options_that_do_not_go_together(options, message):
    with pytest.raises(ConfigError, match=message):
        config(**options)


def test_items_are_counted_from_one_and_events_are_items():
    assert (CorpusConfig().tokenizer, CorpusConfig().min_count) == ("words", 5)
    assert (config().tokenizer, config().min_count) == ("items", 1)
    assert CorpusConfig(tokenizer="items").min_count == 1
    assert CorpusConfig(tokenizer="items", min_count=3).min_count == 3


def test_a_group_longer_than_a_run_is_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(events_sorting, "RUN_EVENTS", 100)
    monkeypatch.setattr("w2v.corpus.events.event_batches._BATCH", 64)
    rng = np.random.default_rng(0)
    times = rng.permutation(1000)
    path = write_csv(tmp_path / "a.csv", [("u" if t % 3 else f"v{t}", f"i{t}", t) for t in times.tolist()])
    found = {tuple(sequence) for sequence in read(path, order_by="time")}
    assert tuple(f"i{t}" for t in range(1000) if t % 3) in found
    assert len(found) == 335


@pytest.mark.parametrize("options", [{}, {"order_by": "time"}])
def test_events_of_equal_time_stay_as_they_came(tmp_path, options):
    groups = np.random.default_rng(0).integers(0, 3, 3000).tolist()
    events = [(f"u{group}", f"i{place}", 7) for place, group in enumerate(groups)]
    assert read(write_csv(tmp_path / "a.csv", events), **options) == plain_sequences(events)


@pytest.mark.parametrize("times", [(10**11, 10**11 + 5), (-(10**11), -5), (5, -(10**11))])
def test_a_gap_in_minutes_is_refused_for_times_too_large_for_seconds_on_either_side_of_1970(tmp_path: Path, times: tuple[int, int]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("".join(["user,item,time\n", *(f"u,a,{time}\n" for time in times)]))
    config = CorpusConfig(group_by="user", item_field="item", order_by="time", session_gap="30m")
    with pytest.raises(CorpusError, match=r"numbers as times must be seconds, and 10000000000[05] is too large"):
        encode(path, config=config)


def test_a_header_taken_for_an_event_is_named(tmp_path):
    path = write_csv(tmp_path / "a.csv", [("u", "a", "2010-12-01")])
    with pytest.raises(CorpusError, match=r"line 1: .*found 'time'.*call all columns by their names instead of numbers"):
        encode(path, config=CorpusConfig(group_by="1", item_field="2", order_by="3"))
    path.write_text("u1,a,2010-12-01\n")
    with pytest.raises(CorpusError, match=r"has no column 'who'.*where there is no header, name the column by its number"):
        encode(path, config=CorpusConfig(group_by="who", item_field="2", order_by="3"))
