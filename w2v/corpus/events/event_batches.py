"""Events of one source in batches: columns of names and times, checked, with the lines where they stand."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from w2v.config import CorpusConfig
from w2v.corpus.events.missing_names import MissingNames
from w2v.corpus.reading.decoding import TextDecoder
from w2v.corpus.reading.parquet_columns import parquet_events
from w2v.corpus.reading.raw_files import RawFile
from w2v.corpus.reading.records import read_fields
from w2v.corpus.reading.source_fields import wanted_fields
from w2v.corpus.reading.sources import BLOCK_BYTES, TextSource, decoded_blocks
from w2v.corpus.reading.times import NumberedTimes, TimeError, TimeParser, Times
from w2v.errors import CorpusError, argument

_BATCH = 1 << 14


class Batch(NamedTuple):
    """Events as they stand in a file.

    Attributes
    ----------
    lines : of each event; rows, for parquet
    groups, items : neither empty nor with line breaks or white space at their edges
    times : None without order_by
    """

    lines: Sequence[int]
    groups: list[str]
    items: list[str]
    times: Times | None


class BatchReader:
    """Reads the events of one source.

    Parameters
    ----------
    times, missing : shared by all sources, since their times are to be compared, and what is missing is told in one sentence
    """

    def __init__(self, source: TextSource, config: CorpusConfig, times: TimeParser, missing: MissingNames) -> None:
        self._source, self._config, self._times = source, config, times
        self.decoder = TextDecoder(source.name, config.encoding, config.errors)
        self.missing = missing

    def batches(self, raw: RawFile) -> Iterator[Batch]:
        """All events of the opened source.

        Raises
        ------
        CorpusError
            a row without its cells, an empty one, a time that cannot be read: with its line.
        """
        if self._source.kind == "parquet" and self._source.path is not None:
            while raw.buffered.read(BLOCK_BYTES):  # for its hash: pyarrow reads here and there
                pass
            return self._of_parquet(self._source.path)
        return self._of_text(raw)

    def _of_parquet(self, path: Path) -> Iterator[Batch]:
        config, name = self._config, self._source.name
        for first, names, moments in parquet_events(path, wanted_fields(config)[:2], config.order_by, name):
            yield self._batch(range(first, first + len(names[0])), names[0], names[1], moments)

    def _of_text(self, raw: RawFile) -> Iterator[Batch]:
        source, blocks = decoded_blocks(self._source, raw, self.decoder, self._config, (b"\n",))
        texts = (text for _, text in blocks)
        fields, config = wanted_fields(self._config), self._config
        rows = read_fields(source.kind, texts, fields, source.name, config.cell_delimiter, may_lack=config.drop_incomplete)
        while batch := list(itertools.islice(rows, _BATCH)):
            # zip(*…) of so many rows takes more time than all the rest
            groups, items, *moments = ([cells[column] for _, cells in batch] for column in range(len(fields)))
            yield self._batch([line for line, _ in batch], groups, items, moments[0] if moments else None)

    def _batch(
        self, lines: Sequence[int], groups: Sequence[str], items: Sequence[str], moments: Sequence[str] | NumberedTimes | None
    ) -> Batch:
        columns = {"group": self._names("group", lines, groups), "item": self._names("item", lines, items)}
        typed = moments if isinstance(moments, NumberedTimes) else None
        if moments is not None and not isinstance(moments, NumberedTimes):
            columns["time"] = self._names("time", lines, moments)
        incomplete = self._find_incomplete(lines, columns, typed)
        if incomplete:
            kept = np.delete(np.arange(len(lines)), incomplete)
            lines = [lines[index] for index in kept.tolist()]
            columns = {what: [names[index] for index in kept.tolist()] for what, names in columns.items()}
            typed = None if typed is None else NumberedTimes(typed.kind, typed.values[kept])
        return Batch(lines, columns["group"], columns["item"], self._parsed(lines, columns.get("time") if typed is None else typed))

    def _find_incomplete(self, lines: Sequence[int], columns: dict[str, list[str]], typed: NumberedTimes | None) -> list[int]:
        """Indices of the events to drop; without drop_incomplete an empty cell is an error, and a word that stands for none is counted."""
        found = {what: self.missing.find(names) for what, names in columns.items()}
        if typed is not None and typed.missing is not None:
            found["time"] = {int(index): "" for index in np.flatnonzero(typed.missing)}
        if not self._config.drop_incomplete:
            for what, places in found.items():
                for index, name in places.items():
                    if not name or what == "time":
                        fault = f"a time must be there: found {name!r}" if name else f"the {what} is empty"
                        remedy = f"remove the event, or fill it in, or {argument('drop_incomplete', True)} drops all such events"
                        raise CorpusError(f"{self._place(lines[index])}: {fault}: {remedy}")
        self.missing.count(found)
        return sorted(set().union(*found.values())) if self._config.drop_incomplete else []

    def _names(self, what: str, lines: Sequence[int], cells: Sequence[str]) -> list[str]:
        """The cells without white space at their edges."""
        together = "\n".join(cells)
        if "\0" in together or not _is_unicode(together):
            cells = [self.decoder.encode_field(cell, line).decode() for cell, line in zip(cells, lines, strict=True)]
        names = [cell.strip() for cell in cells]
        if together.count("\n") != len(names) - 1:
            for line, name in zip(lines, names, strict=True):
                if "\n" in name:
                    raise CorpusError(f"{self._place(line)}: the {what} must not hold a line break: found {name!r:.60}")
        return names

    def _parsed(self, lines: Sequence[int], moments: Sequence[str] | NumberedTimes | None) -> Times | None:
        if moments is None:
            return None
        try:
            return self._times.accept(moments) if isinstance(moments, NumberedTimes) else self._times.parse(moments)
        except TimeError as error:
            raise CorpusError(f"{self._place(lines[error.index])}: {error}{self._header_advice(lines[error.index])}") from None

    def _header_advice(self, line: int) -> str:
        """Columns by number take the first line for an event."""
        if line > 1 or not all(field.isdecimal() for field in wanted_fields(self._config)):
            return ""
        return "; if that is the name of the column, call all columns by their names instead of numbers"

    def _place(self, line: int) -> str:
        return f"{self._source.name}, {'row' if self._source.kind == 'parquet' else 'line'} {line}"


def _is_unicode(text: str) -> bool:
    """No half of a surrogate pair is in it, as escapes of JSON may give."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
