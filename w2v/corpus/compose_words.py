"""Words that are one word to Unicode become one: the spellings of a word list are composed (NFC), and equal ones are counted together.

It is done once for each distinct word, behind the pass over the text, which does not know of it.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.tokens.scanner import PADDING, TOKEN_END
from w2v.corpus.tokens.word_forms import UNSURE, combining_classes
from w2v.corpus.word_list import WordList
from w2v.corpus.word_table import WordTable
from w2v.jit import jit

_HIGH_BITS = np.uint64(0x8080808080808080)
_END = bytes([TOKEN_END])


def compose_words(words: WordList, compose: Callable[[str], str]) -> tuple[WordList, npt.NDArray[np.int32] | None]:
    """The list with composed spellings.

    Returns
    -------
    The list, and (len(words),) int32: the number there of each word; None where nothing has changed.
    """
    if not (words.arena & _HIGH_BITS).any():
        return words, None  # ASCII
    doubtful = np.empty(len(words), np.int64)
    n = find_doubtful_words(words.offsets, words.lengths, words.arena.view(np.uint8), combining_classes(), doubtful)
    if not n:
        return words, None
    spellings = words.spell(doubtful[:n])
    composed = compose("\n".join(spellings)).split("\n")  # no word holds a newline, and none composes with it
    changed = np.array([before != after for before, after in zip(spellings, composed, strict=True)], np.bool_)
    if not changed.any():
        return words, None
    numbers = doubtful[:n][changed]
    new, places = _count_words([word for word, is_new in zip(composed, changed, strict=True) if is_new], words.counts[numbers])
    merged = WordTable()
    kept = np.delete(np.arange(len(words)), numbers)
    moved = np.empty(len(words), np.int32)
    moved[kept] = merged.absorb(words, kept)
    moved[numbers] = merged.absorb(new, np.arange(len(new)))[places]
    return merged.words(), moved


def _count_words(spellings: list[str], counts: npt.NDArray[np.int64]) -> tuple[WordList, npt.NDArray[np.int32]]:
    """A list of the distinct spellings with the sums of their counts, and the number of each there."""
    canonical = np.frombuffer(_END.join(word.encode() for word in spellings) + _END + bytes(PADDING), np.uint8).copy()
    table = WordTable()
    places = table.add(canonical, len(canonical) - PADDING)
    sums = np.zeros(table.n_words, np.int64)
    np.add.at(sums, places, counts)
    return replace(table.words(), counts=sums), places


@jit()
def find_doubtful_words(offsets: Any, lengths: Any, arena_bytes: Any, classes: Any, doubtful: Any) -> Any:
    """Write into `doubtful`, (n_words,) int64, the words that may not be their own NFC; return how many (`combining_classes`)."""
    n = 0
    for word in range(offsets.shape[0]):
        i = 8 * offsets[word]
        end = i + lengths[word]
        last = 0
        while i < end:
            code = np.int64(arena_bytes[i])
            if code < 0x80:
                i += 1
                last = 0
                continue
            if code < 0xE0:
                code = (code & 31) << 6 | (arena_bytes[i + 1] & 63)
                i += 2
            elif code < 0xF0:
                code = (code & 15) << 12 | (arena_bytes[i + 1] & 63) << 6 | (arena_bytes[i + 2] & 63)
                i += 3
            else:
                code = (code & 7) << 18 | (arena_bytes[i + 1] & 63) << 12 | (arena_bytes[i + 2] & 63) << 6 | (arena_bytes[i + 3] & 63)
                i += 4
            class_ = classes[code]
            if class_ == UNSURE or (class_ != 0 and class_ < last):
                doubtful[n] = word
                n += 1
                break
            last = class_
    return n
