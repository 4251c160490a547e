"""Columns of a parquet file (extra ``parquet``): its text, or its events."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from w2v.corpus.reading.times import MOMENT, NUMBER, NumberedTimes
from w2v.errors import CorpusError, import_extra

_BATCH_ROWS = 1 << 14
_FLOAT_TYPES = ("halffloat", "float", "double")
_EXACT = 2**53  # larger whole numbers are not told apart by doubles
_TEXT_TYPES = ("string", "large_string", "dictionary<values=string", "dictionary<values=large_string")
_LIST_OF_TOKENS = re.compile(r"(large_|fixed_size_)?list(_view)?<\w+: ((large_)?string(_view)?|u?int\d+)( not null)?>.*")


@contextlib.contextmanager
def _open(path: Path, name: str) -> Iterator[Any]:
    """A ``pyarrow.parquet.ParquetFile``; what it raises becomes a CorpusError."""
    pyarrow = import_extra("pyarrow", "parquet", "parquet files")
    parquet = import_extra("pyarrow.parquet", "parquet", "parquet files")
    try:
        with parquet.ParquetFile(path) as file:
            yield file
    except (pyarrow.ArrowException, UnicodeDecodeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's; pyarrow's own have none
            raise
        raise CorpusError(f"{name} is damaged: it cannot be read as parquet ({error})") from error


def parquet_columns(path: Path, name: str) -> list[str]:
    """Names of the columns.

    Raises
    ------
    CorpusError
        the file is damaged.
    MissingExtraError
        pyarrow is not installed.
    """
    with _open(path, name) as file:
        return list(file.schema_arrow.names)


def parquet_texts(path: Path, column: str, name: str) -> Iterator[tuple[int, str | list[Any]]]:
    """Row number, from 1, and text, or list that is to hold tokens, of each row that is not null.

    Raises
    ------
    CorpusError
        the file is damaged, or the column holds something else.
    """
    with _open(path, name) as file:
        types = None if _LIST_OF_TOKENS.fullmatch(str(file.schema_arrow.field(column).type)) else _TEXT_TYPES
        for row, batch in _batches(file, [column], name, types, "strings or lists of strings", takes_lists=types is None):
            yield from ((number, text) for number, text in enumerate(batch.column(column).to_pylist(), row) if text is not None)


def parquet_cells(path: Path, columns: Sequence[str], name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Row number, from 1, and the columns as text; a null is empty.

    Raises
    ------
    CorpusError
        the file is damaged, or a column holds lists or records.
    """
    with _open(path, name) as file:
        for row, batch in _batches(file, columns, name, None, "texts or numbers"):
            yield from enumerate(zip(*(_as_text(batch.column(column)) for column in columns), strict=True), row)


def parquet_events(
    path: Path, columns: Sequence[str], time: str | None, name: str
) -> Iterator[tuple[int, list[list[str]], NumberedTimes | list[str] | None]]:
    """Number of the first row, the columns as text, whole numbers included (a null is empty), and the times with their kind.

    Raises
    ------
    CorpusError
        the file is damaged, or a column holds something else.
    """
    with _open(path, name) as file:
        for row, batch in _batches(file, columns, name, None, "strings or whole numbers", time):
            names = [_names(batch.column(column), column, row, name) for column in columns]
            yield row, names, None if time is None else _times(batch.column(time), time, name)


def _batches(
    file: Any,
    columns: Sequence[str],
    name: str,
    types: tuple[str, ...] | None,
    holds: str,
    unchecked: str | None = None,
    *,
    takes_lists: bool = False,
) -> Iterator[tuple[int, Any]]:
    """Number of the first row and a ``pyarrow.RecordBatch``, batch by batch; `types` of None takes all but lists and records."""
    for column in columns:
        found = file.schema_arrow.field(column).type
        if not takes_lists and (found.num_fields if types is None else not str(found).startswith(types)):
            raise CorpusError(f"{name}: the column {column!r} must hold {holds}, found {found}")
    row = 1
    chosen = dict.fromkeys((*columns, *([unchecked] if unchecked else ())))
    for batch in file.iter_batches(_BATCH_ROWS, columns=list(chosen)):
        yield row, batch
        row += batch.num_rows


def _as_text(column: Any) -> list[str]:
    return ["" if value is None else str(value) for value in column.to_pylist()]


def _names(column: Any, field: str, row: int, name: str) -> list[str]:
    """Texts or whole numbers, as texts: pandas makes doubles of whole numbers where some are missing, Impala bytes of texts."""
    pyarrow = import_extra("pyarrow", "parquet", "parquet files")
    kind = str(column.type)
    if kind.startswith(("binary", "large_binary")):
        return _as_text(column.cast(pyarrow.string()))
    if kind.startswith("decimal"):
        column = column.cast(pyarrow.float64())
    elif kind not in _FLOAT_TYPES:
        return _as_text(column)
    values = column.to_numpy(zero_copy_only=False)  # a null is NaN
    fractions = np.flatnonzero(~np.isnan(values) & (values != np.floor(values)) | (np.abs(values) > _EXACT))
    if len(fractions):
        rule = f"the column {field!r} must hold strings or whole numbers, found {column.type} with {values[fractions[0]]}"
        raise CorpusError(f"{name}, row {row + int(fractions[0])}: {rule}")
    return ["" if value != value else str(int(value)) for value in values.tolist()]


def _times(column: Any, field: str, name: str) -> NumberedTimes | list[str]:
    pyarrow = import_extra("pyarrow", "parquet", "parquet files")
    kind = str(column.type)
    if kind.startswith(_TEXT_TYPES):
        return _as_text(column)
    if kind.startswith("decimal"):
        column, kind = column.cast(pyarrow.float64()), "double"
    missing = column.is_null(nan_is_null=True).to_numpy(zero_copy_only=False)
    if kind.startswith(("timestamp", "date")):
        moments = column.cast(pyarrow.timestamp("us", getattr(column.type, "tz", None)), safe=False)
        return NumberedTimes(MOMENT, moments.cast(pyarrow.int64()).fill_null(0).to_numpy(zero_copy_only=False), missing)
    if kind.startswith(("int", "uint")):
        return NumberedTimes(NUMBER, column.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64), missing)
    if kind in _FLOAT_TYPES:
        return NumberedTimes(NUMBER, column.to_numpy(zero_copy_only=False).astype(np.float64), missing)
    raise CorpusError(f"{name}: the column {field!r} must hold numbers or times, found {kind}")
