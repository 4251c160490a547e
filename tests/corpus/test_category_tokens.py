"""Rows of tables as tokens: what is a number, where ranges end, and what cannot be read."""

import bisect
import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v
from w2v.corpus.category_tokens import Categories, quantile_borders, read_categories
from w2v.errors import ConfigError, CorpusError, FormatError

CUSTOMERS = "city,job,age\n上海,teacher,31\n北京,cook,45\n深圳,cook,\n上海,teacher,22\n"


def written(path: Path, text: str, encoding="utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_each_cell_is_a_token_and_an_empty_one_is_none(tmp_path):
    categories, rows = read_categories(written(tmp_path / "customers.csv", CUSTOMERS))
    assert categories == Categories(("city", "job", "age"), {})
    assert rows == [
        ["city=上海", "job=teacher", "age=31"],
        ["city=北京", "job=cook", "age=45"],
        ["city=深圳", "job=cook"],
        ["city=上海", "job=teacher", "age=22"],
    ]
    assert rows[0][0] is rows[3][0]


def test_numbers_become_ranges(tmp_path):
    categories, rows = read_categories(written(tmp_path / "customers.csv", CUSTOMERS), ["age", "city"], numbers=["age"], bins=3)
    assert categories.borders == {"age": (31.0, 45.0)}
    assert [row[0] for row in rows] == ["age=31..45", "age=45..", "city=深圳", "age=..31"]
    for age, token in (
        (-5, "age=..31"),
        (30.999, "age=..31"),
        ("31", "age=31..45"),
        (44.9, "age=31..45"),
        (" 45 ", "age=45.."),
        (1e9, "age=45.."),
    ):
        assert categories.tokens({"city": None, "age": age, "more": 1}) == [token]


def test_a_column_holds_numbers_when_all_are_and_many_differ(tmp_path):
    lines = ["stars,price,code,half"] + [f"{i % 5},{i / 4},{'x' if i == 7 else i},{i if i % 2 else ''}" for i in range(40)]
    categories, rows = read_categories(written(tmp_path / "t.csv", "\n".join(lines)), bins=4)
    assert set(categories.borders) == {"price", "half"}
    assert rows[9] == ["stars=4", "price=..2.5", "code=9", "half=..11"]
    assert read_categories(tmp_path / "t.csv", numbers=())[0].borders == {}


def test_a_row_of_empty_cells_keeps_its_place(tmp_path):
    _, rows = read_categories(written(tmp_path / "t.csv", "a,b\n1,2\n,\n , 3 4 \n"))
    assert rows == [["a=1", "b=2"], [], ["b=3 4"]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("t.tsv", "city\tage\n上海\t3\n"),
        ("t.jsonl", '{"city": "上海", "age": 3}\n'),
        ("t.csv", '\ufeffcity,age\r\n"上海",3\r\n'),
    ],
)
def test_kinds_of_tables(tmp_path, name, text):
    assert read_categories(written(tmp_path / name, text))[1] == [["city=上海", "age=3"]]
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(text.encode()))
    assert read_categories(tmp_path / f"{name}.gz")[1] == [["city=上海", "age=3"]]


def test_delimiters_are_found_or_given(tmp_path):
    for name, content in (("t.csv", "a;b\n1;2\n3;4\n"), ("t.csv", "a|b\n1|2\n3|4\n"), ("t.txt", "a\tb\n1\t2\n3\t4\n")):
        assert read_categories(written(tmp_path / name, content))[1] == [["a=1", "b=2"], ["a=3", "b=4"]]
    assert read_categories(written(tmp_path / "t.csv", "a-b\n1-2\n"), delimiter="-")[1] == [["a=1", "b=2"]]
    assert read_categories(written(tmp_path / "t.csv", "0,1\nx,y\n"))[1] == [["0=x", "1=y"]]  # a frame without names of columns
    with pytest.raises(CorpusError, match='delimiter=";"'):
        read_categories(written(tmp_path / "t.csv", "a;b\n1;2\n"), delimiter=",")


def test_another_separator(tmp_path):
    assert read_categories(written(tmp_path / "t.csv", "a;b;\n1;2;3\n"), ["b", "a"], separator=";")[1] == [["b=2", "a=1"]]


def test_other_encodings(tmp_path):
    path = written(tmp_path / "t.csv", "city,age\n上海,3\n", "gb18030")
    assert read_categories(path, encoding="gb18030")[1] == [["city=上海", "age=3"]]
    with pytest.raises(CorpusError, match="line 2"):
        read_categories(path)


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    columns = {"city": ["上海", None, "深圳"], "price": [0.5, 1.0, None], "tags": [["a"], [], None]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "t.parquet")
    assert read_categories(tmp_path / "t.parquet", ["city", "price"])[1] == [["city=上海", "price=0.5"], ["price=1.0"], ["city=深圳"]]
    with pytest.raises(CorpusError, match="'tags' must hold texts or numbers, found list"):
        read_categories(tmp_path / "t.parquet")


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", {}, "t.csv is empty"),
        ("a,b\n", {}, "no rows"),
        ("a\n1\n", {}, r"at least two columns .*columns: a\)"),
        ("a,b\n1,2\n", {"fields": ["a"]}, "at least two columns"),
        ("a b\n1 2\n", {}, r"at least two columns .*columns: a b\)"),
        (",a\n0,1\n", {}, r"column 1 has no name: .* fields="),
        ("a,b,a\n0,1,2\n", {}, "column 3 has the same name as another one, 'a'"),
        ("a,b\n1,2\n", {"fields": ["a", "c"]}, "no column 'c'.*a, b"),
        ("a,b\n1,2\n1,x\n", {"numbers": ["b"]}, "line 3: the column 'b' must hold numbers, found 'x'"),
        ("a,b\n1,nan\n", {"numbers": ["b"]}, "must hold numbers, found 'nan'"),
        ("a,b\n1,1_000\n", {"numbers": ["b"]}, "must hold numbers, found '1_000'"),
        ("a,b\n1,３１\n", {"numbers": ["b"]}, "must hold numbers, found '３１'"),
        ("a,b\n1,2\n1,2,3\n", {}, "line 3: found 3 cells"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path, text, options, message):
    with pytest.raises(CorpusError, match=message):
        read_categories(written(tmp_path / "t.csv", text), **options)


def test_what_is_no_table(tmp_path):
    with pytest.raises(CorpusError, match="does not exist"):
        read_categories(tmp_path / "none.csv")
    with pytest.raises(CorpusError, match="must be the file of a table"):
        read_categories(tmp_path)
    path = written(tmp_path / "t.csv", CUSTOMERS)
    with pytest.raises(ConfigError, match="bins must be an integer of at least 2: received 1"):
        read_categories(path, bins=1)
    with pytest.raises(ConfigError, match="'price' is none of city, job, age"):
        read_categories(path, numbers=["price"])


def test_of_later_rows_fields_may_be_missing_but_not_misspelled():
    categories = Categories(("city", "age"), {"age": (30.0,)})
    assert categories.tokens({"city": "上海"}) == ["city=上海"]
    assert categories.tokens({"age": 31, "city": float("nan")}) == ["age=30.."]
    with pytest.raises(ConfigError, match="fields among city, age: it has 'town' and no 'city'; leave away what is not known"):
        categories.tokens({"town": "上海", "age": 31})
    with pytest.raises(ConfigError, match="it is empty"):
        categories.tokens({})
    for row in ("上海", ["上海", 31], None):
        with pytest.raises(ConfigError, match=r"a row must be a mapping of fields, \{'city': …, 'age': …\}: received"):
            categories.tokens(row)


def test_a_row_of_a_frame():
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    categories = Categories(("city", "age"), {"age": (30.0,)})
    frame = pandas.DataFrame({"city": ["上海", None], "age": [31, 29], "more": [1, 2]})
    assert [categories.tokens(row) for _, row in frame.iterrows()] == [["city=上海", "age=30.."], ["age=..30"]]


def test_later_rows_need_numbers_where_there_were_numbers():
    categories = Categories(("city", "age"), {"age": (30.0,)})
    with pytest.raises(ConfigError, match="'age' holds numbers: received 'old'"):
        categories.tokens({"city": "上海", "age": "old"})


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.integers(2, 8))
def test_ranges_hold_about_as_many_values_each(values, bins):
    borders = quantile_borders(values, bins)
    assert list(borders) == sorted(set(borders))
    assert len(borders) < bins
    assert set(borders) <= set(values)
    sizes = np.bincount([bisect.bisect_right(borders, value) for value in values], minlength=len(borders) + 1)
    assert sizes.min() > 0
    if len(set(values)) == len(values):
        assert sizes.max() <= math.ceil(len(values) / bins) + 1


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=30, unique=True))
def test_two_ranges_never_have_the_same_token(values):
    borders = quantile_borders(values, len(values))
    categories = Categories(("x", "y"), {"x": borders})
    tokens = {categories.tokens({"x": value, "y": ""})[0] for value in values}
    assert len(tokens) == len(borders) + 1


def test_saved_and_loaded(tmp_path):
    categories = Categories(("城市", "age"), {"age": (0.1, 30.0)})
    categories.save(tmp_path / "c.json")
    assert Categories.load(tmp_path / "c.json") == categories


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"kind": "w2v model"}',
        '{"kind": "w2v categories", "fields": ["a"], "borders": {"b": [1]}}',
        '{"kind": "w2v categories", "fields": ["a"], "borders": {"a": [2, 1]}}',
        '{"kind": "w2v categories", "fields": ["a"], "borders": {"a": ["x"]}}',
        '{"kind": "w2v categories", "fields": ["a"], "borders": {"a": [NaN]}}',
        '{"kind": "w2v categories", "fields": 3, "borders": {}}',
    ],
)
def test_a_damaged_file_is_refused(tmp_path, text):
    with pytest.raises(FormatError, match=r"c\.json"):
        Categories.load(written(tmp_path / "c.json", text))


def test_categories_of_rows_alike_come_near(tmp_path):
    random = np.random.default_rng(1)
    lines = ["city,buys"]
    for _ in range(1500):
        north = random.random() < 0.5
        city, bought = (["北京", "哈尔滨"], ["coat", "scarf"]) if north else (["深圳", "广州"], ["fan", "hat"])
        lines.append(f"{random.choice(city)},{random.choice(bought)}")
    _, rows = read_categories(written(tmp_path / "t.csv", "\n".join(lines)))
    config = w2v.TrainConfig(dim=4, window="session", epochs=20)
    vectors = w2v.train(rows, config, corpus_config=w2v.CorpusConfig(tokenizer="items"), threads=1).vectors
    assert vectors.similarity("city=北京", "city=哈尔滨") > 0.9
    assert vectors.similarity("city=北京", "city=深圳") < 0.5
