"""Events (who, what, when) as sequences of items: what `encode` reads when the config names an item_field.

    sources -> batches of names and times (`event_batches`, `times`)
            -> names as numbers: two WordTables, groups in the order in which they first appear
            -> sorted by group and time (`event_sorting`)
            -> cut where the time jumps, repeats and short sequences dropped
            -> canonical bytes, as if each sequence had been a line of items

Memory grows with distinct groups and items, and with the events of the longest group, not with all events.
"""

import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.events.event_batches import BatchReader
from w2v.corpus.events.event_sorting import Events, EventSorter
from w2v.corpus.events.missing_names import MissingNames
from w2v.corpus.inputs import Canonical, Input, PieceBuffers, with_padding
from w2v.corpus.reading.raw_files import open_raw
from w2v.corpus.reading.sources import BLOCK_BYTES, STDIN, Block, TextSource
from w2v.corpus.reading.times import TimeParser
from w2v.corpus.tokens.scanner import PADDING, TOKEN_END
from w2v.corpus.word_table import TokenTooLongError, WordTable
from w2v.errors import CorpusError, argument

_PIECE = 1 << 17  # events
_TOKEN_END = bytes([TOKEN_END])

Ids = npt.NDArray[np.int32]


class EventsInput(Input):
    """Events of files and stdin, as an `Input` of `encode_into`.

    Parameters
    ----------
    sources : from `find_sources`
    config : with item_field and group_by
    folder : where a temporary folder is made when the events exceed the memory meant for them
    on_bytes : called with the number of bytes read from disk since its last call
    """

    def __init__(
        self, sources: Sequence[TextSource], config: CorpusConfig, folder: Path, on_bytes: Callable[[int], None] | None = None
    ) -> None:
        self._sources, self._config, self._folder, self._on_bytes = tuple(sources), config, folder, on_bytes
        self._hashes: list[dict[str, Any]] = []
        self._replaced = 0
        self._missing = MissingNames()
        self._range: tuple[float, float] | None = None  # of the times
        self._facts: dict[str, Any] = dict.fromkeys(
            ("events", "groups", "sequences", "repeats_dropped", "short_sequences_dropped", "events_in_them"), 0
        )

    def __iter__(self) -> Iterator[Block]:
        """Canonical bytes of many events at a time.

        Raises
        ------
        CorpusError
            an event that cannot be read, with its line.
        OSError
            a full disk, for example.
        """
        items, times = WordTable(), TimeParser(self._config.time_format)
        with tempfile.TemporaryDirectory(prefix=".events-", dir=self._folder) as folder:
            sorter = EventSorter(Path(folder))
            self._read(items, sorter, times)
            self._facts["groups"] = sorter.n_groups
            gap = None
            if self._config.session_gap is not None:
                gap = times.gap(self._config.session_gap)
            names = items.words()
            for events in sorter.sorted(times.settle):
                self._extend_range(events)
                chosen, line_ends = self._sequences(events, gap)
                for first in range(0, len(chosen), _PIECE):
                    part = slice(first, first + _PIECE)
                    text = names.canonical(chosen[part].astype(np.int64), line_ends[part])[:-PADDING].tobytes()
                    yield Block(text, "the events", 0)
        described = self._range and times.describe(*self._range, self._config.session_gap)
        if described:
            self._facts["times"] = described

    def _read(self, items: WordTable, sorter: EventSorter, times: TimeParser) -> None:
        groups = WordTable()
        for source in self._sources:
            reader = BatchReader(source, self._config, times, self._missing)
            with open_raw(source.path, source.name, BLOCK_BYTES, self._on_bytes) as raw:
                for batch in reader.batches(raw):
                    ids = [
                        _number_names(table, names, f"{source.name}, the {what} of line", batch.lines)
                        for table, names, what in ((groups, batch.groups, "group"), (items, batch.items, "item"))
                    ]
                    sorter.add(Events(ids[0], ids[1], batch.times))
                    self._facts["events"] += len(batch.items)
                self._hashes.append({"path": STDIN if source.path is None else source.name, "size": raw.size, "sha256": raw.sha256()})
            self._replaced += reader.decoder.replaced
        self._tell_missing()

    def _tell_missing(self) -> None:
        if self._config.drop_incomplete:
            if self._missing.n_events and not self._facts["events"]:
                raise CorpusError(f"no event is complete: {self._missing.describe()}")
            self._facts["incomplete_dropped"] = self._missing.n_events
            self._facts["missing"] = self._missing.describe()
        elif self._missing.n_events:
            found = self._missing.describe()
            warnings.warn(
                f"events are kept that may have no group or item: {found}; {argument('drop_incomplete', True)} drops them", stacklevel=2
            )

    def _extend_range(self, events: Events) -> None:
        if events.times is not None and len(events.times):
            low, high = self._range or (np.inf, -np.inf)
            self._range = min(low, float(events.times.min())), max(high, float(events.times.max()))

    def _sequences(self, events: Events, gap: float | None) -> tuple[Ids, npt.NDArray[np.bool_]]:
        """The items of sorted events that are kept, and behind which of them a sequence ends."""
        config, facts, items = self._config, self._facts, events.items
        begins = np.ones(len(items), np.bool_)
        begins[1:] = events.groups[1:] != events.groups[:-1]
        if gap is not None and events.times is not None:
            begins[1:] |= np.diff(events.times) > gap
        if config.drop_repeats:
            kept = begins.copy()
            kept[1:] |= items[1:] != items[:-1]
            facts["repeats_dropped"] += int(len(items) - np.count_nonzero(kept))
            items, begins = items[kept], begins[kept]
        if config.min_length is not None:
            lengths = np.diff(np.flatnonzero(begins), append=len(items))
            short = lengths < config.min_length
            facts["short_sequences_dropped"] += int(np.count_nonzero(short))
            facts["events_in_them"] += int(lengths[short].sum())
            kept = np.repeat(~short, lengths)
            items, begins = items[kept], begins[kept]
        facts["sequences"] += int(np.count_nonzero(begins))
        return items, np.append(begins[1:], True)[: len(items)]

    def canonical(self, piece: Block, scratch: PieceBuffers) -> Canonical:
        return with_padding(piece.text)

    def place(self, piece: Block, position: int) -> str:
        return piece.source

    def facts(self) -> dict[str, Any]:
        return {"sources": self._hashes, "replaced": self._replaced, "events": dict(self._facts)}


def _number_names(table: WordTable, names: Sequence[str], where: str, lines: Sequence[int]) -> Ids:
    """The number of each name; new names get the next numbers."""
    text = "\n".join((*names, "")).encode().replace(b"\n", _TOKEN_END)  # names hold no newline
    try:
        return table.add(*with_padding(text)).copy()  # a fifth of its room, as a rule
    except TokenTooLongError as error:
        raise CorpusError(f"{where} {lines[text.count(_TOKEN_END, 0, error.position)]}: {error}") from None


def describe_events(facts: dict[str, Any]) -> str:
    """What became of the events, in a line for the user."""
    text = f"{facts['events']:,} events of {facts['groups']:,} groups make {facts['sequences']:,} sequences"
    if facts["repeats_dropped"]:
        text += f"; {facts['repeats_dropped']:,} repeats dropped"
    if facts["short_sequences_dropped"]:
        text += f"; {facts['short_sequences_dropped']:,} short sequences dropped, with {facts['events_in_them']:,} events"
    if facts.get("incomplete_dropped"):
        text += f"; {facts['incomplete_dropped']:,} incomplete events dropped ({facts['missing']})"
    if "times" in facts:
        text += f"; times: {facts['times']}"
    return text
