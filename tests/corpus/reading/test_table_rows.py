"""Two columns of a table."""

import gzip
import json

import pytest

from w2v.corpus.reading.table_rows import read_table
from w2v.errors import CorpusError

ROWS = [("7", "钢铁侠"), ("9", 'a "b", c'), ("10", "")]


def test_csv(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text('\ufeffkind,id,title\nfilm,7, 钢铁侠\nfilm,9,"a ""b"", c"\nfilm,10,\n', encoding="utf-8")
    assert list(read_table(path, "id", "title")) == ROWS
    with pytest.raises(CorpusError, match=r"has no column 'name' \(columns: kind, id, title\)"):
        list(read_table(path, "id", "name"))


def test_compressed_tsv_in_gb18030(tmp_path):
    path = tmp_path / "items.tsv.gz"
    path.write_bytes(gzip.compress("title\tid\n钢铁侠\t7\n".encode("gb18030")))
    assert list(read_table(path, "id", "title", "gb18030")) == ROWS[:1]
    with pytest.raises(CorpusError, match='encoding="gb18030"'):
        list(read_table(path, "id", "title"))


def test_json_lines_with_numbers(tmp_path):
    path = tmp_path / "items.jsonl"
    path.write_text("".join(json.dumps({"id": int(key), "title": value or None}) + "\n" for key, value in ROWS), encoding="utf-8")
    assert list(read_table(path, "id", "title")) == ROWS
    with pytest.raises(CorpusError, match=r"no field 'name' \(fields: id, title\)"):
        list(read_table(path, "id", "name"))


def test_parquet(tmp_path):
    pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    parquet = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "items.parquet"
    parquet.write_table(pyarrow.table({"id": [7, 9, 10], "title": ["钢铁侠", 'a "b", c', None]}), path)
    assert list(read_table(path, "id", "title")) == ROWS
    with pytest.raises(CorpusError, match=r"columns: id, title"):
        list(read_table(path, "id", "name"))


def test_nothing_in_it(tmp_path):
    path = tmp_path / "items.csv"
    path.touch()
    assert list(read_table(path, "id", "title")) == []


def test_delimiters_and_numbers(tmp_path):
    path = tmp_path / "movies.dat"
    path.write_text("7::Iron Man, 2008::A|B\n9::Up (2009)::C\n", encoding="utf-8")
    assert list(read_table(path, "1", "2")) == [("7", "Iron Man, 2008"), ("9", "Up (2009)")]
    path = tmp_path / "items.csv"
    path.write_text("id;title\n7;Iron Man, 2008\n", encoding="utf-8")
    assert list(read_table(path, "id", "title")) == [("7", "Iron Man, 2008")]
    path.write_text("id-title\n7-Up\n", encoding="utf-8")
    assert list(read_table(path, "id", "title", delimiter="-")) == [("7", "Up")]
