"""Rows of a table as sequences of tokens ``field=value``: categorical fields for the same training as words.

Numbers become ranges that hold about as many rows each (quantiles): ``age=..25``, ``age=25..31``, …, ``age=58..``, lower end included.
"""

import bisect
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from w2v.checks import integer, is_missing, number
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import FilePath
from w2v.corpus.reading.plain_numbers import parse_number
from w2v.corpus.reading.records import find_columns
from w2v.corpus.reading.sources import detect_source, file_columns
from w2v.corpus.reading.table_rows import read_rows
from w2v.errors import ConfigError, CorpusError, FormatError
from w2v.storage import atomic_file

KIND = "w2v categories"
DEFAULT_BINS = 5
_FEW = 10  # a field with no more different numbers than these holds categories: stars, months, floors


@dataclass(frozen=True)
class Categories:
    """How a row becomes tokens; nothing in it changes.

    Attributes
    ----------
    fields : columns, in the order of the tokens
    borders : of each field that holds numbers: the rising borders between its ranges
    """

    fields: tuple[str, ...]
    borders: Mapping[str, tuple[float, ...]]

    def tokens(self, row: Mapping[str, object]) -> list[str]:
        """``field=value`` for each field that is not empty.

        Parameters
        ----------
        row : field -> text or number, a mapping or a row of a frame; a field that is missing, None, NaN and an empty text are nothing, as
            an empty cell in a table

        Raises
        ------
        ConfigError
            fields are missing while there are others, which may be misspelled; none is there; or no number where the field holds numbers.
        """
        try:
            given = {str(field): value for field, value in dict(row).items()}
        except (TypeError, ValueError):
            fields = ", ".join(f"{field!r}: …" for field in self.fields)
            raise ConfigError(f"a row must be a mapping of fields, {{{fields}}}: received the {type(row).__name__} {row!r:.60}") from None
        missing = [field for field in self.fields if field not in given]
        unknown = [field for field in given if field not in self.fields]
        if missing and (unknown or not given):
            found = f"has {', '.join(map(repr, unknown))} and no {missing[0]!r}" if unknown else "is empty"
            raise ConfigError(f"a row must have fields among {', '.join(self.fields)}: it {found}; leave away what is not known")
        cells = {field: str(given[field]) for field in self.fields if not is_missing(given.get(field))}
        return [self._token(field, cell) for field, cell in cells.items() if not _is_empty(cell)]

    def _token(self, field: str, cell: str) -> str:
        if field not in self.borders:
            return f"{field}={' '.join(cell.split())}"
        value = parse_number(cell.strip())
        if value is None:
            raise ConfigError(f"the field {field!r} holds numbers: received {cell!r}")
        borders = self.borders[field]
        place = bisect.bisect_right(borders, value)
        ends = ("", *map(_format_number, borders), "")
        return f"{field}={ends[place]}..{ends[place + 1]}"

    def save(self, path: FilePath) -> None:
        """Write a JSON file, whole or not at all.

        Raises
        ------
        OutputError
            the disk is full, or `path` is no regular file.
        """
        values = {"kind": KIND, "fields": list(self.fields), "borders": {field: list(borders) for field, borders in self.borders.items()}}
        with atomic_file(Path(path)) as file:
            file.write(json.dumps(values, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n")

    @classmethod
    def load(cls, path: FilePath) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        FormatError
            something else.
        """
        try:
            values = json.loads(Path(path).read_bytes())
            if values["kind"] != KIND:
                raise ValueError(f"its kind is {values['kind']!r}")
            borders = {
                str(field): tuple(number("a border", border, "a finite number", lambda x: True) for border in numbers)
                for field, numbers in values["borders"].items()
            }
            fields = tuple(map(str, values["fields"]))
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise FormatError(f"{path} must be a file that Categories.save wrote, and it is not ({error})") from None
        rising = all(list(numbers) == sorted(set(numbers)) for numbers in borders.values())
        if not rising or not set(borders) <= set(fields):
            raise FormatError(f"{path} is damaged: it must give rising borders for some of its fields")
        return cls(fields, borders)


def read_categories(
    path: FilePath,
    fields: Sequence[str] | None = None,
    *,
    numbers: Collection[str] | None = None,
    bins: int = DEFAULT_BINS,
    delimiter: str | None = None,
    separator: str | None = None,
    encoding: str = "utf-8",
    errors: str = "strict",
) -> tuple[Categories, list[list[str]]]:
    """Read a table whole, and make tokens of its rows.

    Parameters
    ----------
    path : a csv, tsv, jsonl or parquet file, compressed or not
    fields : the columns to take, at least two: vectors come of what stands together in a row; None: all
    numbers : which of them hold numbers that become ranges; None: those in which every cell is a number, and more than 10 are different
    bins : most ranges of a field, at least 2; fewer where one number is so frequent that ranges fall together
    delimiter : what stands between two cells; None finds it by the first line
    separator : another name for it
    encoding : of the file
    errors : what broken bytes do: "strict" stops, "replace" puts U+FFFD in their place

    Returns
    -------
    How rows become tokens, also later ones, and the tokens of each row, empty rows included: ``rows[i]`` is the table's row i.

    Raises
    ------
    CorpusError
        no such file or column (those found are named), no rows, or a cell that is no number in `numbers`, with its line.
    ConfigError
        an option out of range.
    """
    bins = integer("bins", bins, 2)
    table = _Table(Path(path), fields, CorpusConfig(tokenizer="items", delimiter=delimiter or separator, encoding=encoding, errors=errors))
    for field in numbers or ():
        if field not in table.fields:
            raise ConfigError(f"numbers must name fields that are read: {field!r} is none of {', '.join(table.fields)}")
    borders = {}
    for field, column in zip(table.fields, table.columns, strict=True):
        if numbers is None or field in numbers:
            values = table.numbers(field, column, required=numbers is not None)
            if values is not None:
                borders[field] = quantile_borders(values, bins)
    categories = Categories(tuple(table.fields), borders)
    columns = []
    for field, column in zip(table.fields, table.columns, strict=True):
        # The same text object for the same cell, which saves most of the memory.
        tokens = {cell: [] if _is_empty(cell) else [categories._token(field, cell)] for cell in set(column)}
        columns.append([tokens[cell] for cell in column])
    return categories, [[token for cell in row for token in cell] for row in zip(*columns, strict=True)]


def quantile_borders(values: Iterable[float], bins: int) -> tuple[float, ...]:
    """At most ``bins - 1`` of the values, rising, between which about as many values lie; none where all are equal.

    >>> quantile_borders([1, 2, 3, 4, 5, 6, 7, 8], 4)
    (3.0, 5.0, 7.0)
    """
    ordered = np.sort(np.fromiter(values, np.float64))
    places = [len(ordered) * part // bins for part in range(1, bins)]
    return tuple(sorted({float(ordered[place]) for place in places if ordered[place] > ordered[0]}))


class _Table:
    """The cells of some columns, each as it stands there."""

    def __init__(self, path: Path, fields: Sequence[str] | None, config: CorpusConfig) -> None:
        if not path.is_file():
            raise CorpusError(f"{path} must be the file of a table" if path.exists() else f"{path} does not exist")
        source = detect_source(path, config)
        self.name = source.name
        columns = file_columns(source, path, config)
        if not columns:
            raise CorpusError(f"{self.name} is empty: a table must have a line with the names of its columns, and rows below it")
        self.fields = list(dict.fromkeys(_distinct_names(columns, self.name) if fields is None else fields))
        if len(self.fields) < 2:
            rule = "at least two columns must be read, since vectors come of what stands together"
            raise CorpusError(f"{self.name}: {rule} (columns: {', '.join(columns)})")
        find_columns(source.kind, self.fields, columns, self.name, in_header=True)
        rows = list(read_rows(source, self.fields, config))
        if not rows:
            raise CorpusError(f"{self.name} has no rows below its first line")
        lines, cells = zip(*rows, strict=True)
        self._lines: tuple[int, ...] = lines
        self.columns: list[tuple[str, ...]] = list(zip(*cells, strict=True))

    def numbers(self, field: str, column: Sequence[str], required: bool) -> list[float] | None:
        """The numbers of a column; None where it holds categories."""
        if not required and len({cell for cell in column if not _is_empty(cell)}) <= _FEW:
            return None
        values = []
        for line, cell in zip(self._lines, column, strict=True):
            if _is_empty(cell):
                continue
            value = parse_number(cell.strip())
            if value is None:
                if required:
                    raise CorpusError(f"{self.name}, line {line}: the column {field!r} must hold numbers, found {cell[:60]!r}")
                return None
            values.append(float(value))
        return values or None


def _distinct_names(columns: Sequence[str], name: str) -> Sequence[str]:
    """`columns` when each has a name of its own.

    Raises
    ------
    CorpusError
        one has no name, or the name of another.
    """
    for place, column in enumerate(columns, 1):
        if not column or column in columns[: place - 1]:
            what = f"the same name as another one, {column!r}" if column else "no name"
            raise CorpusError(f"{name}: column {place} has {what}: say which columns to read, with fields=")
    return columns


def _is_empty(cell: str) -> bool:
    return not cell or cell.isspace()


def _format_number(value: float) -> str:
    """All digits that it takes to tell two numbers apart, and no more.

    >>> _format_number(31.0), _format_number(0.25)
    ('31', '0.25')
    """
    return repr(value).removesuffix(".0")
