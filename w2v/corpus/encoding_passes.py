"""From text to files of ids: one pass over the text, one over the ids, on any number of threads.

1. The calling thread takes pieces from the input. Workers make them canonical and count their tokens, each with a `WordTable`; the
   provisional ids that come out are written in the order of the text.
2. The tables are merged and ranked, which gives each provisional id a rank, or drops it.
3. The file of ids is read, ranked and written over itself: that never takes more room than there was.

The result depends on the text alone, not on threads or on where its pieces end. Memory grows with distinct words and threads
only. Files are written by `write`, never through a mapping, so that a full disk is an OSError.
"""

from __future__ import annotations

import queue
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.counting import LINE
from w2v.corpus.encoded_corpus import TOKENS, Ids, Offsets, write_ids
from w2v.corpus.inputs import Input
from w2v.corpus.reading.sources import Block
from w2v.corpus.word_table import TokenTooLongError, WordTable
from w2v.errors import CorpusError
from w2v.jit import jit
from w2v.npy import NpyWriter
from w2v.vocabulary import Vocabulary

_CHUNK = 1 << 18  # ids ranked at once
_MOST_TABLES = 8  # each may come to hold most of the words; and reading feeds no more than four, but for Chinese segmentation
_SAMPLE_TOKENS = 5
_T = TypeVar("_T")
_R = TypeVar("_R")


def encode_into(folder: Path, source: Input, config: CorpusConfig, threads: int) -> tuple[Vocabulary, dict[str, Any]]:
    """Write the ids of a corpus.

    Returns
    -------
    The vocabulary, and the facts for the manifest.

    Raises
    ------
    CorpusError
        text that cannot be read, no tokens, or none that `config` keeps.
    """
    times = [time.perf_counter()]
    with NpyWriter(folder / TOKENS, np.int32) as file:
        tables, first_ids = _count(source, threads, file.write)
    times.append(time.perf_counter())
    table, provisional = _merge(tables)
    counts = table.counts()
    words = _rank_words(table, counts, config)
    vocabulary = Vocabulary(table.spell(words), counts[words])
    ranks = np.full(table.n_words, -1, np.int32)
    ranks[words] = np.arange(len(words), dtype=np.int32)
    facts = {
        "n_words": len(words),
        "tokens_read": int(counts.sum()),
        "distinct_words": table.n_words,
        "sample_tokens": table.spell(provisional[first_ids].astype(np.int64)),
    }
    times.append(time.perf_counter())
    n_tokens, n_sentences = _rank_ids(folder, ranks[provisional], threads)
    times.append(time.perf_counter())
    seconds = dict(zip(("count", "merge", "rank"), np.diff(times).round(4).tolist(), strict=True))
    return vocabulary, {"n_tokens": n_tokens, "n_sentences": n_sentences, **facts, **source.facts(), "seconds": seconds}


def _count(source: Input, threads: int, write: Callable[[Ids], None]) -> tuple[list[WordTable], list[int]]:
    """First pass. Returns the tables, and the provisional ids of the first tokens."""
    n_tables = min(threads, _MOST_TABLES)
    tables = [WordTable(index, n_tables) for index in range(n_tables)]
    free: queue.SimpleQueue[WordTable] = queue.SimpleQueue()
    for table in tables:
        free.put(table)

    def count(piece: Block) -> Ids:
        canonical, n = source.canonical(piece)
        table = free.get()
        try:
            return table.add(canonical, n)
        except TokenTooLongError as error:
            raise CorpusError(f"{source.place(piece, error.position)}: {error}") from None
        finally:
            free.put(table)

    first: list[int] = []
    with closing(_in_order(count, source, threads)) as results:
        for ids in results:
            if len(first) < _SAMPLE_TOKENS:
                first.extend(ids[ids != LINE][: _SAMPLE_TOKENS - len(first)].tolist())
            write(ids)
    return tables, first


def _in_order(work: Callable[[_T], _R], items: Iterable[_T], threads: int) -> Generator[_R, None, None]:
    """Results of `work` in the order of `items`, which the calling thread takes, a few ahead of the workers.

    That thread alone may thus be stopped in a slow read by Ctrl-C; and the first error in the order of the text is the one raised.
    """
    pool = ThreadPoolExecutor(threads, "w2v-encode")
    try:
        pending: deque[Future[_R]] = deque()
        for item in items:
            pending.append(pool.submit(work, item))
            if len(pending) > 2 * threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _merge(tables: list[WordTable]) -> tuple[WordTable, Ids]:
    """All words in one table, and (n_tables x most words of a table,) int32: the word there of each provisional id."""
    stride = len(tables)
    words = np.zeros(stride * max(table.n_words for table in tables), np.int32)
    first = tables[0]
    words[: stride * first.n_words : stride] = np.arange(first.n_words)
    while len(tables) > 1:
        table = tables.pop()  # and free it
        words[table.index : table.index + stride * table.n_words : stride] = first.absorb(table)
    return first, words


def _rank_words(table: WordTable, counts: npt.NDArray[np.int64], config: CorpusConfig) -> npt.NDArray[np.int64]:
    """The words that `config` keeps, by rank."""
    if not table.n_words:
        raise CorpusError("the corpus is empty: no token was found in it")
    words = table.rank(counts, config.min_count, config.max_vocabulary)
    if not len(words):
        times = "1 time" if counts.max() == 1 else f"{counts.max()} times"
        raise CorpusError(f"vocabulary is empty: the most frequent word occurs {times}, min_count is {config.min_count}")
    return words


def _rank_ids(folder: Path, ranks: Ids, threads: int) -> tuple[int, int]:
    """Second pass: replace provisional ids by ranks, drop words without one and lines without words; tokens and sentences left."""

    def rank(ids: Ids) -> tuple[Ids, Offsets]:
        ends = np.empty(np.count_nonzero(ids == LINE), np.int64)
        return ids[: rank_ids(ids, ranks, ends)], ends

    with open(folder / TOKENS, "rb") as provisional:
        provisional.seek(NpyWriter.data_start)
        with closing(_in_order(rank, _chunks(provisional), threads)) as results:
            return write_ids(folder, results, over_itself=True)


def _chunks(file: BinaryIO) -> Iterator[Ids]:
    while True:
        ids = np.empty(_CHUNK, np.int32)
        n = file.readinto(ids.data) // ids.itemsize  # type: ignore[attr-defined]
        if not n:
            return
        yield ids[:n]


@jit()
def rank_ids(ids: Any, ranks: Any, ends: Any) -> Any:
    """Replace provisional ids by ranks, in place; what has rank -1 goes.

    Parameters
    ----------
    ids : (n,) int32; the first numbers become the ranks that are left
    ranks : (n_provisional,) int32
    ends : (number of LINEs,) int64, written: how many ranks stand before the end of each line

    Returns
    -------
    number of ranks
    """
    n = 0
    n_ends = 0
    for id_ in ids:
        if id_ == LINE:
            ends[n_ends] = n
            n_ends += 1
        else:
            rank = ranks[id_]
            ids[n] = rank
            n += rank >= 0
    return n
