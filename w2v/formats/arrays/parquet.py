"""Parquet (extra ``parquet``): a table of words, as pandas, polars, DuckDB and Spark read it.

    word    string, not null
    count   int64, not null; absent where unknown
    vector  fixed_size_list<float32>[dim], not null

The settings of the tokenizer, where they are known, are JSON under the key ``w2v.tokenizer`` of the file's metadata.
Tools without lists of a fixed size write plain lists: these are read where all are of one length. Other columns are not looked at.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.errors import FormatError, import_extra
from w2v.formats.arrays.named_arrays import parse_tokenizer, tokenizer_json
from w2v.formats.build_vectors import build_vectors
from w2v.formats.compressed_files import FREE_BYTES, VectorFile, create_vector_file, open_vector_file
from w2v.formats.read_options import MAX_DIM, MAX_WORD_BYTES, STRICT, ReadOptions
from w2v.formats.writable_rows import blocks_to_write
from w2v.npy import Matrix, map_or_read
from w2v.vectors.word_vectors import WordVectors

_TOKENIZER_KEY = b"w2v.tokenizer"
_GROUP_VALUES = 1 << 22  # of a row group, which a reader holds at once: 16 MiB
_BATCH_VALUES = 1 << 20
_TEXTS = ("string", "large_string", "string_view")
_COUNTS = ("", "int64", "int32", "uint32")  # no column, ours, and what polars counts in


def read(path: Path, options: ReadOptions = STRICT) -> WordVectors:
    """Read a file.

    Raises
    ------
    FormatError
        no Parquet file, a damaged one, or a table of another schema.
    MissingExtraError
        pyarrow is not installed.
    """
    with _named_errors(path), open_vector_file(path, options, seekable=True) as source:
        pyarrow, parquet = (import_extra(name, "parquet", "Parquet files") for name in ("pyarrow", "pyarrow.parquet"))
        if not source.max_bytes:
            raise FormatError(f"{path} must be a Parquet file: it is empty")
        # Mapped, so that whole column chunks of large row groups are not in memory twice.
        mapped = pyarrow.BufferReader(pyarrow.py_buffer(map_or_read(source.stream)))
        with parquet.ParquetFile(mapped, page_checksum_verification=True) as file:
            return _read_table(source, file)


@contextlib.contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """What pyarrow raises about a file becomes a FormatError with its name."""
    pyarrow = import_extra("pyarrow", "parquet", "Parquet files")
    try:
        yield
    except (pyarrow.ArrowException, UnicodeDecodeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:  # the disk's; pyarrow's own have none
            raise
        reason = " ".join(str(error).split())
        raise FormatError(f"{path} is damaged: it cannot be read as Parquet: {reason[:300]}") from None


def _read_table(source: VectorFile, file: Any) -> WordVectors:
    path, options = source.path, source.options
    schema = file.schema_arrow
    word, vector, has_counts = _find_columns(path, schema, options)
    n_rows = file.metadata.num_rows
    if n_rows < 1:
        raise FormatError(f"{path} must have rows: it has {n_rows}")
    dim = getattr(schema.field(vector).type, "list_size", None) or _first_length(path, file, vector)
    if not 1 <= dim <= MAX_DIM:
        raise FormatError(f"{path}: the column 'vector' must hold lists of 1 to {MAX_DIM} numbers: found {dim}")
    # Repeated values take no room in Parquet, so that a small file may announce any number of rows.
    if 4 * n_rows * dim > FREE_BYTES + options.max_ratio * source.max_bytes:
        what = f"{n_rows} rows of dim {dim} need {4 * n_rows * dim} bytes: the file has {source.max_bytes}"
        raise FormatError(f"{path} must not grow more than {options.max_ratio}-fold: {what}")
    n_rows = n_rows if options.limit is None else min(n_rows, options.limit)
    matrix: Matrix = np.empty((n_rows, dim), np.float32)
    counts = np.zeros(n_rows, np.int64) if has_counts else None
    words: list[str] = []
    columns = [word, vector] + ["count"] * has_counts
    for batch in file.iter_batches(max(1, _BATCH_VALUES // dim), columns=columns, use_threads=False):
        batch = batch.slice(0, n_rows - len(words))
        rows = slice(len(words), len(words) + len(batch))
        matrix[rows] = _vectors(path, batch.column(vector), rows.start, dim)
        if counts is not None:
            _refuse_null(path, batch.column("count"), "count", rows.start)
            counts[rows] = batch.column("count").to_numpy(zero_copy_only=False)
        words += _words(source, batch.column(word), rows.start)
        if len(words) == n_rows:
            break
    if len(words) != n_rows:
        raise FormatError(f"{path} is damaged: it announces {n_rows} rows and has {len(words)}")
    return build_vectors(path, words, matrix, options, counts, _tokenizer(path, schema))


def _find_columns(path: Path, schema: Any, options: ReadOptions) -> tuple[str, str, bool]:
    """The columns of the words and the vectors, and whether there are counts; other names serve in a repair where only two can be meant."""
    kinds = {field.name: str(field.type) for field in schema}
    words = [name for name, kind in kinds.items() if kind.removeprefix("dictionary<values=").split(",")[0] in _TEXTS]
    vectors = [name for name, kind in kinds.items() if _holds_floats(kind)]
    wanted = "word (string), vector (fixed_size_list<float>) and, if you like, count (int64)"
    found = ", ".join(f"{name[:40]} ({kind[:60]})" for name, kind in list(kinds.items())[:20]) or "none"
    fault = f"{path} must have the columns {wanted}: found {found}"
    if len(kinds) < len(schema) or kinds.get("count", "") not in _COUNTS:
        raise FormatError(fault)
    if "word" not in words or "vector" not in vectors:
        if {"word", "vector"} <= kinds.keys() or len(words) != 1 or len(vectors) != 1:
            is_spark = "values: list" in str(schema)
            hint = "make lists of Spark's vectors with vector_to_array" if is_spark else "name them so, the numbers of a row in one list"
            raise FormatError(f"{fault}; {hint}")
        options.tolerate(fault, f"{words[0]} is read as word, {vectors[0]} as vector")
    else:
        words, vectors = ["word"], ["vector"]
    kind = kinds[vectors[0]]
    if "double" in kind:
        options.tolerate(f"{path}: the column {vectors[0]!r} must hold float32: found {kind}", "rounded to float32")
    return words[0], vectors[0], bool(kinds.get("count"))


def _holds_floats(kind: str) -> bool:
    is_list = kind.startswith(("fixed_size_list<", "list<", "large_list<"))
    return is_list and kind.partition(": ")[2].split(">")[0].split(" ")[0] in ("float", "double", "halffloat")


def _first_length(path: Path, file: Any, name: str) -> int:
    batch = next(file.iter_batches(1, columns=[name]), None)
    if batch is None or not len(batch) or batch.column(0).null_count:
        raise FormatError(f"{path}, word 1: the column {name!r} must not be null: it is, or there is none")
    return int(batch.column(0).value_lengths()[0].as_py())


def _vectors(path: Path, column: Any, start: int, dim: int) -> npt.NDArray[Any]:
    """(n, dim): the numbers of a batch."""
    _refuse_null(path, column, "vector", start)
    if not hasattr(column.type, "list_size"):
        lengths = column.value_lengths().to_numpy(zero_copy_only=False)
        if (lengths != dim).any():
            row = int(np.argmax(lengths != dim))
            raise FormatError(f"{path}, word {start + row + 1}: the vector must have {dim} numbers, as the first: found {lengths[row]}")
    values = column.flatten()
    _refuse_null(path, values, "vector", start, dim)
    with np.errstate(over="ignore"):
        return np.asarray(values.to_numpy(zero_copy_only=False).reshape(-1, dim).astype(np.float32, copy=False))


def _words(source: VectorFile, column: Any, start: int) -> list[str]:
    path, pyarrow = source.path, import_extra("pyarrow", "parquet", "Parquet files")
    _refuse_null(path, column, "word", start)
    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    encoded = column.cast(pyarrow.large_binary()).to_pylist()
    for row, word in enumerate(encoded, start + 1):
        if not 0 < len(word) <= MAX_WORD_BYTES:
            raise FormatError(f"{path}, word {row}: a word must have 1 to {MAX_WORD_BYTES} bytes: found {len(word)}")
    return source.options.decode(encoded, lambda row, _: f"{path}, word {start + row + 1}")


def _refuse_null(path: Path, column: Any, name: str, start: int, per_row: int = 1) -> None:
    if column.null_count:
        row = start + int(np.argmax(column.is_null().to_numpy(zero_copy_only=False))) // per_row
        raise FormatError(f"{path}, word {row + 1}: the column {name!r} must not be null")


def _tokenizer(path: Path, schema: Any) -> CorpusConfig | None:
    text = (schema.metadata or {}).get(_TOKENIZER_KEY)
    return None if text is None else parse_tokenizer(path, text)


def write(vectors: WordVectors, path: Path) -> None:
    """Write a file, with a checksum for each page.

    Raises
    ------
    FormatError
        a word that is empty, too long or not Unicode, or a number that is not finite.
    MissingExtraError
        pyarrow is not installed.
    """
    pyarrow = import_extra("pyarrow", "parquet", "Parquet files")
    parquet = import_extra("pyarrow.parquet", "parquet", "Parquet files")
    has_counts = bool(vectors.counts.any())
    fields = [pyarrow.field("word", pyarrow.string(), False)]
    fields += [pyarrow.field("count", pyarrow.int64(), False)] * has_counts
    fields.append(pyarrow.field("vector", pyarrow.list_(pyarrow.field("element", pyarrow.float32(), False), vectors.dim), False))
    metadata = None if vectors.tokenizer is None else {_TOKENIZER_KEY: tokenizer_json(vectors.tokenizer)}
    schema = pyarrow.schema(fields, metadata)
    # Neither dictionaries nor statistics shrink numbers or serve anyone; words shrink to a half.
    options = {"use_dictionary": False, "write_statistics": False, "compression": "ZSTD", "write_page_checksum": True}
    with create_vector_file(path) as file, parquet.ParquetWriter(file, schema, **options) as writer:
        start = 0
        waiting: list[Any] = []
        for words, rows in blocks_to_write(vectors, path):
            columns = [pyarrow.array(words, pyarrow.string())]
            columns += [pyarrow.array(vectors.counts[start : start + len(words)])] * has_counts
            columns.append(pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(rows.ravel()), type=schema.field("vector").type))
            waiting.append(pyarrow.record_batch(columns, schema=schema))
            start += len(words)
            if sum(map(len, waiting)) * vectors.dim >= _GROUP_VALUES or start == len(vectors):
                writer.write_table(pyarrow.Table.from_batches(waiting))
                waiting = []
