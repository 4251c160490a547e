"""Records (csv, tsv, JSON lines) -> one field of each, a text or a list of tokens; or several fields, for events and tables.

csv and tsv have a header, unless columns are asked for by their numbers; `table_dialect` finds the delimiter and `quoted_rows` reads the
quotes. An empty cell, a null and an empty line give nothing; everything else that is not as it should be is an error with its line. Events
may also come as plain text.
"""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from w2v.corpus.reading.blocks import split_lines
from w2v.corpus.reading.file_kinds import listed, no_field
from w2v.corpus.reading.tables.json_records import json_cells, json_records, json_texts, shown
from w2v.corpus.reading.tables.quoted_rows import parse_rows
from w2v.corpus.reading.tables.table_dialect import find_dialect, is_numbered
from w2v.errors import CorpusError, argument

TOKEN_BREAK = b"\0"  # between the tokens of a record that is a list: no text holds it
_BATCH_BYTES = 1 << 16
_LISTED = 20
_SAMPLE = 200
_NULL = "\\N"  # of MySQL, Hive and others
_DIGIT = re.compile("[0-9]")
_UNFIT = re.compile("[\0\n\ud800-\udfff]")


class Table:
    """Rows of a csv, a tsv or of text in columns.

    Parameters
    ----------
    kind : ``"csv"``, ``"tsv"`` or ``"text"``
    blocks : the file as UTF-8, cut between code points, with a final newline
    name : of the file, for messages
    delimiter : between cells, one or more characters; None finds it
    fields : the columns that are asked for, if any: names, or numbers from 1 where there is no header
    in_header : numbers may be names, as `is_numbered` takes it

    Attributes
    ----------
    names : cells of the first line, without white space at their edges
    """

    def __init__(
        self,
        kind: str,
        blocks: Iterable[bytes],
        name: str,
        delimiter: str | None = None,
        fields: Sequence[str] = (),
        *,
        in_header: bool = False,
    ) -> None:
        self._kind, self._name, self._in_header = kind, name, in_header
        dialect, lines = find_dialect(kind, split_lines(blocks, name), fields, delimiter, name, in_header=in_header)
        self.delimiter = dialect.delimiter
        self._rows = parse_rows(lines, dialect.delimiter, name, dialect.skipped + 1)
        self._first = next(self._rows, None)
        self.names = [] if self._first is None else [cell.strip() for cell in self._first[1]]

    def rows(self, fields: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Line number and the fields of each row, once.

        Raises
        ------
        CorpusError
            no such column, or a row without the cells.
        """
        if self._first is None:
            return
        columns = find_columns(self._kind, fields, self.names, self._name, in_header=self._in_header)
        width, least = len(self.names), max(columns)
        pick = itemgetter(*columns) if len(columns) > 1 else itemgetter(slice(least, least + 1))
        if is_numbered(self._kind, fields, self.names, in_header=self._in_header):
            yield self._first[0], pick(self._first[1])
        for line, row in self._rows:
            if len(row) > width and not any(row[width:]):  # delimiters at the end of lines
                row = row[:width]
            if len(row) > width or len(row) <= least:
                found = f"{self._name}, line {line}: found {len(row)} cells where the first line has {width}"
                raise CorpusError(f"{found}: {self._cell_advice()}")
            yield line, pick(row)

    def _cell_advice(self) -> str:
        if self._kind == "text":
            return f"each line must be one event; name the character between its cells with {argument('delimiter')}"
        held = {",": "commas", "\t": "tabs", ";": "semicolons"}.get(self.delimiter or "", repr(self.delimiter))
        return f"quote cells that hold {held} or line breaks, or name another {argument('delimiter')}"


def read_columns(
    kind: str, blocks: Iterable[bytes], name: str, delimiter: str | None = None, fields: Sequence[str] = (), *, in_header: bool = False
) -> list[str]:
    """Names of a table's columns, or the keys of the first record of JSON lines; empty for an empty file.

    Raises
    ------
    CorpusError
        the file does not begin with a record.
    """
    if kind == "jsonl":
        return next((list(record) for _, record in json_records(blocks, name)), [])
    return Table(kind, blocks, name, delimiter, fields, in_header=in_header).names


def read_texts(
    kind: str, blocks: Iterable[bytes], field: str, name: str, delimiter: str | None = None
) -> Iterator[tuple[int, str | list[Any]]]:
    """Line number and text of one field, or its list of tokens, record after record.

    Parameters
    ----------
    kind : ``"csv"``, ``"tsv"`` or ``"jsonl"``
    blocks, name, delimiter : as `Table` takes them
    field : column or key

    Raises
    ------
    CorpusError
        a record without the field or that cannot be parsed, with its line.
    """
    if kind == "jsonl":
        return json_texts(blocks, field, name)
    rows = Table(kind, blocks, name, delimiter, [field], in_header=True).rows([field])
    return ((line, text) for line, (text,) in rows if text and text != _NULL)


def read_fields(
    kind: str,
    blocks: Iterable[bytes],
    fields: Sequence[str],
    name: str,
    delimiter: str | None = None,
    *,
    in_header: bool = False,
    may_lack: bool = False,
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Line number and several fields, record after record; an empty cell and a null are empty.

    Parameters
    ----------
    kind, blocks, name, delimiter, in_header : as `Table` takes them; or ``"jsonl"``
    fields : columns or keys; if all are numbers, a table has no header and its columns count from 1
    may_lack : JSON records without one of the keys have an empty cell there

    Raises
    ------
    CorpusError
        a record without the fields or that cannot be parsed, with its line.
    """
    if kind == "jsonl":
        return json_cells(blocks, fields, name, may_lack=may_lack)
    return Table(kind, blocks, name, delimiter, fields, in_header=in_header).rows(fields)


def read_baskets(blocks: Iterable[bytes], name: str, separator: str) -> Iterator[tuple[int, list[Any]]]:
    """Line number and items of each row of a csv or tsv, which are its cells but the empty ones; the first line is one as well.

    Raises
    ------
    CorpusError
        no row of the first ones has several items.
    """
    lines = split_lines(blocks, name)
    sample = list(itertools.islice(lines, _SAMPLE))
    if len(sample) > 1 and not any(separator in line for line in sample):
        remedy = f"name what stands between items with {argument('separator')}"
        raise CorpusError(f"{name}: none of its first lines holds {separator!r}: {remedy}")
    for line, row in parse_rows(itertools.chain(sample, lines), separator, name):
        yield line, [item for cell in row if (item := cell.strip())]


def find_columns(kind: str, fields: Sequence[str], names: Sequence[str], name: str, *, in_header: bool = False) -> list[int]:
    """Where the fields stand in a row, from 0.

    Raises
    ------
    CorpusError
        one does not, or several have the name: the columns found are named.
    """
    if is_numbered(kind, fields, names, in_header=in_header):
        for field in fields:
            if not 1 <= int(field) <= len(names):
                found = f"its first line has {len(names)} ({', '.join(names[:_LISTED])[:200]})"
                raise CorpusError(f"{name}: columns without a header are numbered from 1, and {field} was asked for: {found}")
        return [int(field) - 1 for field in fields]
    for field in fields:
        if field not in names:
            is_data = kind != "jsonl" and any(map(_DIGIT.search, names))
            raise no_field(name, field, kind, names, "; where there is no header, name the column by its number, from 1" * is_data)
        if names.count(field) > 1 and kind != "jsonl":
            raise CorpusError(f"{name} has {names.count(field)} columns {field!r} ({listed(kind, names)}): give each a name of its own")
    return [names.index(field) for field in fields]


def join_texts(texts: Iterable[tuple[int, str]], encode: Callable[[str, int], bytes]) -> Iterator[bytes]:
    """UTF-8 of the records' texts in pieces of many records, a newline after each, so that none joins the next.

    Parameters
    ----------
    texts : number and text of each record
    encode : makes UTF-8 of a text and its record's number
    """
    return _in_batches(encode(text, number) for number, text in texts)


def join_tokens(lists: Iterable[tuple[int, list[Any]]], place: str, field: str, *, are_items: bool) -> Iterator[bytes]:
    """The same for records that are lists of tokens, which stand between `TOKEN_BREAK`.

    Parameters
    ----------
    place : of a record, for messages, in front of its number
    field : that holds the lists
    are_items : whole numbers are items, too

    Raises
    ------
    CorpusError
        something else than tokens in a list.
    """
    return _in_batches(_encode_tokens(tokens, f"{place} {number}: {field}", are_items) for number, tokens in lists)


def _in_batches(lines: Iterable[bytes]) -> Iterator[bytes]:
    batch: list[bytes] = []
    length = 0
    for line in lines:
        batch.append(line + b"\n")
        length += len(batch[-1])
        if length >= _BATCH_BYTES:
            yield b"".join(batch)
            batch.clear()
            length = 0
    yield b"".join(batch)


def _encode_tokens(tokens: list[Any], place: str, are_items: bool) -> bytes:
    if are_items:
        tokens = [str(token) if type(token) is int else token for token in tokens]
    for token in tokens:
        if not isinstance(token, str) or not token or _UNFIT.search(token):
            rule = "must hold a string, or a list of strings (its tokens) that are not empty and without line breaks"
            raise CorpusError(f"{place} {rule}, found {shown(token)} in {shown(tokens)}{_token_advice(token)}")
    return TOKEN_BREAK.join(token.encode() for token in tokens)


def _token_advice(token: Any) -> str:
    if isinstance(token, list):
        return ": each list must have a record of its own"
    if type(token) is int:
        return f": whole numbers are tokens with {argument('tokenizer', 'items')}"
    return ": leave it away"
