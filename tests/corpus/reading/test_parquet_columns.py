from pathlib import Path

import pytest

from w2v.corpus.reading.parquet_columns import parquet_columns, parquet_texts
from w2v.errors import CorpusError

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed (extra parquet)")
parquet = pytest.importorskip("pyarrow.parquet")


def write(path: Path, **columns: object) -> Path:
    parquet.write_table(pyarrow.table(columns), path, row_group_size=3)
    return path


@pytest.mark.medium
@pytest.mark.parametrize("kind", [pyarrow.string(), pyarrow.large_string(), pyarrow.dictionary(pyarrow.int32(), pyarrow.string())])
def test_texts_are_numbered_and_nulls_left_out(tmp_path: Path, kind: object) -> None:
    texts = ["one", None, "two\n中", "", "three"] * 2000
    path = write(tmp_path / "a.parquet", label=list(range(10_000)), text=pyarrow.array(texts).cast(kind))
    assert parquet_columns(path, "a") == ["label", "text"]
    assert list(parquet_texts(path, "text", "a")) == [(i, text) for i, text in enumerate(texts, 1) if text is not None]


def test_a_column_that_is_not_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", label=[1, 2], words=[[["one"]], [["two"]]], parts=[{"a": "b"}, {"a": "c"}])
    for column, kind in (("label", "int64"), ("words", "list<"), ("parts", "struct<")):
        with pytest.raises(CorpusError, match=rf"^a: the column '{column}' must hold strings or lists of strings, found {kind}"):
            list(parquet_texts(path, column, "a"))


def test_damaged_files(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", text=[f"text {i * i}" for i in range(1000)])
    data = path.read_bytes()
    path.write_bytes(data[:100])
    with pytest.raises(CorpusError, match=r"^a is damaged: it cannot be read as parquet"):
        parquet_columns(path, "a")
    path.write_bytes(data[:4] + bytes(2000) + data[2004:])
    with pytest.raises(CorpusError, match=r"^a is damaged: it cannot be read as parquet"):
        list(parquet_texts(path, "text", "a"))


def test_strings_that_are_not_utf8(tmp_path: Path) -> None:
    broken = pyarrow.array([b"one", b"\xff"], pyarrow.binary()).view(pyarrow.string())
    path = write(tmp_path / "a.parquet", text=broken)
    with pytest.raises(CorpusError, match=r"^a is damaged: .*utf-8"):
        list(parquet_texts(path, "text", "a"))
