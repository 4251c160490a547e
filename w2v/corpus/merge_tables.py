"""Merging the word tables of several threads: a word's hash says in which part it is, and parts are merged side by side."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from w2v.corpus.counting import part_words
from w2v.corpus.word_list import Map, WordList
from w2v.corpus.word_table import WordTable


def merge_tables(lists: Sequence[WordList], in_parallel: Map) -> tuple[WordList, npt.NDArray[np.int32]]:
    """All words of several tables in one list.

    Parameters
    ----------
    lists : the words of the table of each index
    in_parallel : like `map`: results in order

    Returns
    -------
    The list, and (n_tables x most words of a table,) int32: the number there of each id that `WordTable.add` gave.
    """
    n_tables = len(lists)
    numbers = np.zeros(n_tables * max(map(len, lists)), np.int32)
    if n_tables == 1:
        numbers[:] = np.arange(len(numbers), dtype=np.int32)
        return lists[0], numbers
    chosen = list(in_parallel(lambda words: _by_part(words, n_tables), lists))
    merged = list(in_parallel(lambda part: _merge_part(lists, [parts[part] for parts in chosen]), range(n_tables)))
    start = 0
    for part, (words, places) in enumerate(merged):
        for index, (parts, place) in enumerate(zip(chosen, places, strict=True)):
            numbers[parts[part] * n_tables + index] = place + np.int32(start)
        start += len(words)
    return _concatenate([words for words, _ in merged]), numbers


def _by_part(words: WordList, n_parts: int) -> list[npt.NDArray[np.int64]]:
    """The words of each part, in their order."""
    parts = np.empty(len(words), np.uint16)
    part_words(words.offsets, words.lengths, words.arena, n_parts, parts)
    order = np.argsort(parts, kind="stable")
    return np.split(order, np.searchsorted(parts[order], np.arange(1, n_parts)))


def _merge_part(lists: Sequence[WordList], chosen: Sequence[npt.NDArray[np.int64]]) -> tuple[WordList, list[npt.NDArray[np.int32]]]:
    """The chosen words of all lists in one, and their numbers there."""
    merged = WordTable()
    places = [merged.absorb(words, some) for words, some in zip(lists, chosen, strict=True)]
    return merged.words(), places


def _concatenate(parts: Sequence[WordList]) -> WordList:
    starts = np.cumsum([0, *(len(part.arena) for part in parts)])
    return WordList(
        np.concatenate([part.offsets + start for part, start in zip(parts, starts[:-1], strict=True)]),
        np.concatenate([part.lengths for part in parts]),
        np.concatenate([part.arena for part in parts]),
        np.concatenate([part.counts for part in parts]),
    )
