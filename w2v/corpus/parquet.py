"""The text column of a parquet file (extra ``parquet``)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from w2v.errors import CorpusError, import_extra

_BATCH_ROWS = 4096
_TEXT_TYPES = ("string", "large_string", "dictionary<values=string", "dictionary<values=large_string")


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


def parquet_texts(path: Path, column: str, name: str) -> Iterator[tuple[int, str]]:
    """Row number, from 1, and text of each row that is not null.

    Raises
    ------
    CorpusError
        the file is damaged, or the column does not hold text.
    """
    with _open(path, name) as file:
        kind = file.schema_arrow.field(column).type
        if not str(kind).startswith(_TEXT_TYPES):
            raise CorpusError(f"{name}: the column {column!r} must hold strings, found {kind}")
        row = 1
        for batch in file.iter_batches(_BATCH_ROWS, columns=[column]):
            for number, text in enumerate(batch.column(0).to_pylist(), row):
                if text is not None:
                    yield number, text
            row += batch.num_rows
