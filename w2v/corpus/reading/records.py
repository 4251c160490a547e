"""Records (csv, tsv, JSON lines) -> lines of text: one field of each record, each of its lines a sentence; or events: several fields.

csv is RFC 4180 with a header: quoted cells may hold commas and newlines. tsv has no quoting: quotes are text, as in the
corpora that use it. An empty cell, a null and an empty line give nothing; everything else that is not as it should be is an
error with its line. Events may also come as plain text, and without a header (`read_fields`).
"""

import csv
import itertools
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from w2v.errors import CorpusError

# Bounds memory when a quote is never closed; characters.
LARGEST_RECORD = 1 << 26
_BATCH_BYTES = 1 << 16
_LISTED = 20


def read_columns(kind: str, blocks: Iterable[bytes], name: str, separator: str | None = None) -> list[str]:
    """Names of a table's columns, or the keys of the first record of JSON lines; empty for an empty file.

    Raises
    ------
    CorpusError
        the file does not begin with a record.
    """
    if kind == "jsonl":
        return next((list(record) for _, record in _json_records(blocks, name)), [])
    return next((_header(row) for _, row in _rows(kind, blocks, name, separator)), [])


def read_field(kind: str, blocks: Iterable[bytes], field: str, name: str) -> Iterator[tuple[int, str]]:
    """Line number and text of one field, record after record.

    Parameters
    ----------
    kind : ``"csv"``, ``"tsv"`` or ``"jsonl"``
    blocks : the file as UTF-8, cut between code points, with a final newline
    field : column or key
    name : of the file, for messages

    Raises
    ------
    CorpusError
        a record without the field or that cannot be parsed, with its line.
    """
    if kind == "jsonl":
        return ((line, text) for line, (text,) in _json_cells(blocks, [field], name, numbers=False) if text is not None)
    return _column(kind, blocks, field, name)


def read_fields(
    kind: str, blocks: Iterable[bytes], fields: Sequence[str], name: str, separator: str | None = None, *, may_lack: bool = False
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and several fields, record after record; an empty cell and a null are empty.

    Parameters
    ----------
    kind, blocks, name : as `read_field` takes them; ``"text"`` too, whose cells stand between `separator` or white space
    fields : two or more columns or keys; if all are numbers, a table has no header and its columns count from 1
    separator : between cells, instead of a csv's comma and a tsv's tab; but for the tab, cells may then be quoted
    may_lack : JSON records without one of the keys have an empty cell there

    Raises
    ------
    CorpusError
        a record without the fields or that cannot be parsed, with its line.
    """
    if kind == "jsonl":
        for line, cells in _json_cells(blocks, fields, name, numbers=True, may_lack=may_lack):
            yield line, tuple(cell or "" for cell in cells)
        return
    rows = _rows(kind, blocks, name, separator)
    first = next(rows, None)
    if first is None:
        return
    columns = find_columns(kind, fields, first[1], name)
    if is_numbered(kind, fields):
        rows = itertools.chain((first,), rows)
    width, least, pick = len(first[1]), max(columns), itemgetter(*columns)
    for line, row in rows:
        if len(row) > width or len(row) <= least:
            raise CorpusError(f"{name}, line {line}: found {len(row)} cells where the first line has {width}: {_cell_advice(kind)}")
        yield line, pick(row)


def is_numbered(kind: str, fields: Sequence[str]) -> bool:
    """Whether `fields` are numbers of columns, so that a table has no header."""
    return kind in ("csv", "tsv", "text") and all(field.isascii() and field.isdigit() for field in fields)


def find_columns(kind: str, fields: Sequence[str], first: Sequence[str], name: str) -> list[int]:
    """Where the fields stand in a row, from 0.

    Raises
    ------
    CorpusError
        one does not: the columns of the `first` row are named.
    """
    names = _header(first)
    if is_numbered(kind, fields):
        for field in fields:
            if not 1 <= int(field) <= len(names):
                found = f"its first line has {len(names)} ({', '.join(names[:_LISTED])[:200]})"
                raise CorpusError(f"{name}: columns without a header are numbered from 1, and {field} was asked for: {found}")
        return [int(field) - 1 for field in fields]
    for field in fields:
        if field not in names:
            raise no_field(name, field, kind, names)
    return [names.index(field) for field in fields]


def join_texts(texts: Iterable[tuple[int, str]], encode: Callable[[str, int], bytes]) -> Iterator[bytes]:
    """UTF-8 of the records' texts in pieces of many records, a newline after each, so that none joins the next.

    Parameters
    ----------
    texts : number and text of each record
    encode : makes UTF-8 of a text and its record's number
    """
    batch: list[bytes] = []
    length = 0
    for number, text in texts:
        batch.append(encode(text, number) + b"\n")
        length += len(batch[-1])
        if length >= _BATCH_BYTES:
            yield b"".join(batch)
            batch.clear()
            length = 0
    yield b"".join(batch)


def no_field(where: str, field: str, kind: str, found: Sequence[str]) -> CorpusError:
    """The error that `field` is not among the columns or keys found."""
    return CorpusError(f"{where} has no {noun(kind)} {field!r} ({listed(kind, found)})")


def noun(kind: str) -> str:
    """What a field is called there."""
    return "field" if kind == "jsonl" else "column"


def listed(kind: str, found: Sequence[str]) -> str:
    """Names of columns or keys for a message: the first of very many."""
    more = ", …" if len(found) > _LISTED else ""
    return f"{noun(kind)}s: {', '.join(found[:_LISTED])}{more}"


def _lines(blocks: Iterable[bytes], name: str) -> Iterator[str]:
    parts: list[str] = []
    length = 0
    number = 1
    for block in blocks:
        *whole, last = block.decode().split("\n")
        for line in whole:
            parts.append(line)
            yield "".join(parts) + "\n"
            number += 1
            parts.clear()
            length = 0
        parts.append(last)
        length += len(last)
        if length > LARGEST_RECORD:
            raise CorpusError(f"{name}, line {number}: a record must not be longer than {LARGEST_RECORD} characters")


def _header(row: Sequence[str]) -> list[str]:
    return [column.strip() for column in row]


def _rows(kind: str, blocks: Iterable[bytes], name: str, separator: str | None = None) -> Iterator[tuple[int, list[str]]]:
    """First line and cells of each row."""
    lines = _lines(blocks, name)
    if separator is None:
        separator = {"csv": ",", "tsv": "\t"}.get(kind)
    if separator in (None, "\t"):
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\r\n")
            if line and (cells := line.split(separator)):
                yield number, cells
        return
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line_number = 1
    try:
        with _LARGE_FIELDS:
            for row in reader:
                if row:
                    yield line_number, row
                line_number = reader.line_num + 1
    except csv.Error as error:
        found = f"{name}, line {line_number}: the record cannot be parsed as csv ({error})"
        rule = "cells that hold commas, quotes or line breaks must be quoted, and the quotes inside them doubled"
        raise CorpusError(f"{found}: {rule}") from None


class _LargeFields:
    """While one reader or more is open, csv takes fields of `LARGEST_RECORD`: its limit of 128 KiB is one for the whole process."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a generator may be closed by the garbage collector in the middle of this
        self._n_readers = 0
        self._usual_limit = 0

    def __enter__(self) -> None:
        with self._lock:
            if not self._n_readers:
                self._usual_limit = csv.field_size_limit(LARGEST_RECORD)
            self._n_readers += 1

    def __exit__(self, *exception: object) -> None:
        with self._lock:
            self._n_readers -= 1
            if not self._n_readers:
                csv.field_size_limit(self._usual_limit)


_LARGE_FIELDS = _LargeFields()


def _column(kind: str, blocks: Iterable[bytes], field: str, name: str) -> Iterator[tuple[int, str]]:
    rows = _rows(kind, blocks, name)
    header = next((_header(row) for _, row in rows), None)
    if header is None:
        return
    if field not in header:
        raise no_field(name, field, kind, header)
    column = header.index(field)
    for line, row in rows:
        if len(row) > len(header) or len(row) <= column:
            raise CorpusError(f"{name}, line {line}: found {len(row)} cells where the header has {len(header)}: {_cell_advice(kind)}")
        if row[column]:
            yield line, row[column]


def _cell_advice(kind: str) -> str:
    if kind == "text":
        return "each line must be one event; name the character between its cells, such as separator=';'"
    return "quote cells that hold commas" if kind == "csv" else "cells must not hold tabs or newlines; a csv may"


def _json_records(
    blocks: Iterable[bytes], name: str, number_type: Callable[[str], Any] | None = None
) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(_lines(blocks, name), 1):
        if line.isspace():
            continue
        try:
            record = json.loads(line, parse_int=number_type, parse_float=number_type)
        except (ValueError, RecursionError) as error:
            raise CorpusError(f"{name}, line {number}: not one JSON object a line ({error})") from None
        if not isinstance(record, dict):
            raise CorpusError(f"{name}, line {number}: every line must be a JSON object, found {_shown(record)}")
        yield number, record


def _json_cells(
    blocks: Iterable[bytes], fields: Sequence[str], name: str, *, numbers: bool, may_lack: bool = False
) -> Iterator[tuple[int, list[str | None]]]:
    """Strings of each record, and with `numbers` also numbers as they are written; a null is None."""
    for line, record in _json_records(blocks, name, str if numbers else None):
        for field in fields:
            if field not in record and may_lack:
                record[field] = None
            if field not in record:
                raise no_field(f"{name}, line {line},", field, "jsonl", list(record))
            if record[field] is not None and not isinstance(record[field], str):
                rule = "a string or a number" if numbers else "a string"
                raise CorpusError(f"{name}, line {line}: the field {field!r} must be {rule}, found {_shown(record[field])}")
        yield line, [record[field] for field in fields]


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
