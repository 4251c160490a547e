"""From text to files of ids: one pass over the text, one over the ids, on any number of threads.

1. Workers take pieces of the input, make them canonical and count their tokens, each with a `WordTable` of its own; the provisional ids
   that come out are written in the order of the text.
2. The tables are merged and ranked, which gives each provisional id a rank, or drops it.
3. Workers read the file of ids, rank them and write them over itself: that never takes more room than there was.

The calling thread waits. The result depends on the text alone, not on threads or on where its pieces end.
Memory grows with distinct words and threads only. Files are written by `write`, never through a mapping, so that a full disk is
an OSError.
"""

import itertools
import queue
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.compose_words import compose_words
from w2v.corpus.counting import LINE
from w2v.corpus.encoded_corpus import TOKENS, Ids, IdWriter
from w2v.corpus.inputs import Input, PieceBuffers
from w2v.corpus.merge_tables import merge_tables
from w2v.corpus.page_memory import page_zeros
from w2v.corpus.word_list import WordList
from w2v.corpus.word_table import TokenTooLongError, WordTable
from w2v.corpus.workers import Workers
from w2v.errors import CorpusError
from w2v.jit import jit
from w2v.npy import NpyWriter, read_elements
from w2v.vocabulary import Vocabulary

_CHUNK = 1 << 18  # ids ranked at once
_MOST_TABLES = 64  # ids are numbers of words times tables, and must stay below 2^31
_SAMPLE_TOKENS = 5
_SAMPLED_IDS = 1 << 10  # of each piece


class _Counter:
    """What a worker counts with: a table, and room for a piece on its way through it."""

    def __init__(self, index: int, n_tables: int) -> None:
        self.table, self.scratch, self.ids = WordTable(index, n_tables), PieceBuffers(), page_zeros(0, np.int32)

    def count(self, canonical: npt.NDArray[np.uint8], n: int) -> Ids:
        """Provisional ids, valid until the next call."""
        if len(self.ids) < n:
            self.ids = page_zeros(n, np.int32)
        return self.table.add(canonical, n, self.ids)

    def finish(self) -> WordList:
        """The words that were counted; all else is freed, before as much is needed for merging."""
        words = self.table.words()
        del self.table, self.scratch, self.ids
        return words


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
    with Workers(threads) as workers:
        with closing(source):
            lists, first_ids = _count(folder, source, threads, workers)
            source.finish()
        times.append(time.perf_counter())
        words, numbers = merge_tables(lists, workers.map)
        del lists
        if source.compose is not None:
            words, moved = compose_words(words, source.compose)
            numbers = numbers if moved is None else moved[numbers]
        kept = _rank_words(words, config, workers, threads)
        vocabulary = Vocabulary.from_text(words.vocabulary_text(kept, workers.map, threads), words.counts[kept])
        ranks = np.full(len(words), -1, np.int32)
        ranks[kept] = np.arange(len(kept), dtype=np.int32)
        facts = {
            "n_words": len(kept),
            "tokens_read": int(words.counts.sum()),
            "distinct_words": len(words),
            "sample_tokens": words.spell(numbers[first_ids].astype(np.int64)),
        }
        times.append(time.perf_counter())
        n_tokens, n_sentences = rank_written_ids(folder, ranks[numbers], workers)
        times.append(time.perf_counter())
    seconds = dict(zip(("count", "merge", "rank"), np.diff(times).round(4).tolist(), strict=True))
    return vocabulary, {"n_tokens": n_tokens, "n_sentences": n_sentences, **facts, **source.facts(), "seconds": seconds}


def _count(folder: Path, source: Input, threads: int, workers: Workers) -> tuple[list[WordList], list[int]]:
    """First pass. Returns the words of each table, and the provisional ids of the first tokens."""
    n_tables = min(threads, _MOST_TABLES)
    counters = [_Counter(index, n_tables) for index in range(n_tables)]
    free: queue.SimpleQueue[_Counter] = queue.SimpleQueue()
    for counter in counters:
        free.put(counter)

    def count(piece: tuple[int, Any]) -> Any:
        counter = free.get()
        try:
            canonical, n = source.canonical(piece[1], counter.scratch)
            ids = counter.count(canonical, n)
            writer.put(piece[0], ids)
            head = ids[:_SAMPLED_IDS]
            return head[head != LINE][:_SAMPLE_TOKENS].tolist()
        except TokenTooLongError as error:
            raise CorpusError(f"{source.place(piece[1], error.position)}: {error}") from None
        finally:
            free.put(counter)

    with IdWriter(folder, with_offsets=False) as writer:
        first = workers.map(count, enumerate(source), slow_items=source.is_slow)
    return workers.map(_Counter.finish, counters), list(itertools.islice(itertools.chain.from_iterable(first), _SAMPLE_TOKENS))


def _rank_words(words: WordList, config: CorpusConfig, workers: Workers, threads: int) -> npt.NDArray[np.int64]:
    """The words that `config` keeps, by rank."""
    if not len(words):
        what = "no token was found" if config.token_pattern is None else f"token_pattern {config.token_pattern!r} matches nothing"
        raise CorpusError(f"the corpus is empty: {what} in it")
    kept = words.rank(config.min_count, config.max_vocabulary, workers.map, threads)
    if not len(kept):
        most = words.counts.max()
        times = "1 time" if most == 1 else f"{most} times"
        raise CorpusError(f"vocabulary is empty: the most frequent word occurs {times}, min_count is {config.min_count}")
    return kept


def rank_written_ids(folder: Path, ranks: Ids, workers: Workers) -> tuple[int, int]:
    """Second pass: replace the ids in ``tokens.npy`` by ranks, drop words without one (-1), LINEs, and lines without words.

    Parameters
    ----------
    ranks : (n_ids,) int32

    Returns
    -------
    Tokens and sentences that are left.
    """
    rooms: queue.SimpleQueue[tuple[Ids, npt.NDArray[np.int64]]] = queue.SimpleQueue()

    def rank(number: int) -> None:
        try:
            room, ends = rooms.get_nowait()
        except queue.Empty:
            room, ends = page_zeros(_CHUNK, np.int32), page_zeros(_CHUNK, np.int64)
        ids = room[: read_elements(provisional, number * _CHUNK, room)]
        n, n_ends = rank_ids(ids, ranks, ends)
        writer.put(number, ids[:n], ends[:n_ends])
        rooms.put((room, ends))

    n_ids = ((folder / TOKENS).stat().st_size - NpyWriter.data_start) // 4
    with open(folder / TOKENS, "rb") as provisional, IdWriter(folder, over_itself=True) as writer:
        workers.map(rank, range(-(-n_ids // _CHUNK)))
    return writer.n_tokens, writer.n_sentences


@jit()
def rank_ids(ids: Any, ranks: Any, ends: Any) -> Any:
    """Replace provisional ids by ranks, in place; what has rank -1 goes.

    Parameters
    ----------
    ids : (n,) int32; the first numbers become the ranks that are left
    ranks : (n_provisional,) int32
    ends : (number of LINEs or more,) int64, written: how many ranks stand before the end of each line, but for lines without any;
        the first one may be 0

    Returns
    -------
    number of ranks, number of ends
    """
    n = 0
    n_ends = 0
    last = -1
    for id_ in ids:
        if id_ == LINE:
            if n != last:
                ends[n_ends] = n
                n_ends += 1
                last = n
        else:
            rank = ranks[id_]
            ids[n] = rank
            n += rank >= 0
    return n, n_ends
