"""The scanner: text -> *canonical* bytes, in which one byte ends a token.

Canonical bytes hold the tokens one after the other, already in their final spelling (lower case, apostrophes made one), each
followed by `TOKEN_END`, or by `LINE_END` where a sentence ends; neither byte occurs in UTF-8. Everything that follows
(counting, encoding, splitting a query) needs no rules of text any more and works on words of eight bytes. An end may follow
an end: there is no token between them.

Two roads lead there. `scan_ascii` replaces byte by byte through a table of 256 entries: 2.5 GB/s on one core. `scan_utf8` is a state
machine over code points: about 0.2 GB/s. Both are plain functions of integers, so that they run compiled by numba over a corpus
and as they stand over a query, for which loading numba would take longer than the work.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.corpus.tokens.characters import (
    APOSTROPHE,
    BLANK,
    BREAK,
    CAPITAL_SIGMA,
    INTERNAL,
    MARK,
    NEWLINE,
    SEPARATOR,
    SINGLE,
    UPPER,
    WORD,
    CharacterTable,
)

TOKEN_END = 0xFF
LINE_END = 0xFE
LONGEST_TOKEN = 1 << 16  # bytes
PADDING = 16  # bytes behind canonical ones that a reader of eight at a time may overwrite with ends and read
_INSIDE = 0xFD  # in byte tables only: an apostrophe if it stands between two characters of a token, else an end
_FIRST_END = 0xFD

# What `scan_utf8` remembers besides the token under way; 0 is the state after most characters.
_AFTER_INTERNAL = 1  # the next character decides whether it stays
_AFTER_SINGLE = 2
_AFTER_SIGMA = 4  # a capital sigma inside a token: its lower case has another form at a token's end
_IN_BLANKS = 8
_AFTER_BREAK = 16


def byte_table(table: CharacterTable) -> npt.NDArray[np.uint8]:
    """(256,) uint8, what `scan_ascii` puts for each byte."""
    plain = np.full(256, TOKEN_END, np.uint8)
    for code, class_ in enumerate(table.classes[:128].tolist()):
        if class_ == WORD:
            plain[code] = code
        elif class_ == UPPER:
            plain[code] = table.spellings[code]
        elif class_ == INTERNAL:
            plain[code] = _INSIDE
        elif class_ == NEWLINE:
            plain[code] = LINE_END
    return plain


def scan_ascii(text: Any, table: Any, out: Any) -> int:
    """Canonical bytes of ASCII text, one for each byte of it.

    Parameters
    ----------
    text : (n,) uint8, each below 128
    table : (256,) uint8, from `byte_table` of a table without BLANK and SINGLE
    out : (n + 1 or more,) uint8, written

    Returns
    -------
    Number of canonical bytes.
    """
    n = len(text)
    for i in range(n):
        byte = table[text[i]]
        if byte == _INSIDE:
            byte = TOKEN_END
            if 0 < i < n - 1 and table[text[i - 1]] < _FIRST_END and table[text[i + 1]] < _FIRST_END:
                byte = APOSTROPHE
        out[i] = byte
    out[n] = TOKEN_END
    return n + 1


def scan_utf8(text: Any, classes: Any, spellings: Any, split_singles: bool, out: Any) -> int:
    """Canonical bytes of any text; a token under way at its end is ended.

    Parameters
    ----------
    text : (n,) uint8, valid UTF-8
    classes, spellings : of a `CharacterTable`; one of 128 code points goes with ASCII text only
    split_singles : SINGLE characters are tokens by themselves; else they are letters like others, but for BREAKs
    out : (2n + 1 or more,) uint8, written

    Returns
    -------
    Number of canonical bytes, at most 3/2 n + 1: dotted capital I's take half as much again.
    """
    n = len(text)
    i = 0
    o = 0
    start = 0  # of the token under way: there is one when start < o
    solid = 0  # where it ends without the blanks after it
    pending = 0  # spelling of an INTERNAL character
    state = 0
    while i <= n:
        class_ = SEPARATOR
        code = 0
        size = 1
        if i < n:
            code = text[i]
            if code < 0x80:
                class_ = classes[code]
                if class_ == WORD and state == 0:
                    out[o] = code
                    o += 1
                    i += 1
                    continue
            else:
                if code < 0xE0:
                    size = 2
                    code = (code & 31) << 6 | (text[i + 1] & 63)
                elif code < 0xF0:
                    size = 3
                    code = (code & 15) << 12 | (text[i + 1] & 63) << 6 | (text[i + 2] & 63)
                else:
                    size = 4
                    code = (code & 7) << 18 | (text[i + 1] & 63) << 12 | (text[i + 2] & 63) << 6 | (text[i + 3] & 63)
                class_ = classes[code]

        is_letter = class_ in (WORD, UPPER, SINGLE)
        beside_single = state & _AFTER_SINGLE != 0 or class_ == SINGLE
        end = 0
        if is_letter:
            if beside_single and (split_singles or state & _AFTER_BREAK):
                end = TOKEN_END
        elif class_ == SEPARATOR:
            end = TOKEN_END
        elif class_ == NEWLINE:
            end = LINE_END
        elif class_ == INTERNAL:
            if start == o or pending or (beside_single and (split_singles or state & _AFTER_BREAK)):
                end = TOKEN_END
            else:
                pending = spellings[code]
                state |= _AFTER_INTERNAL
        elif class_ == BREAK:
            state |= _AFTER_BREAK

        if end != 0:
            if start < o:
                if state & _IN_BLANKS:
                    o = solid
                elif state & _AFTER_SIGMA:
                    out[o - 1] = 0x82  # small sigma, CF 83, becomes final sigma, CF 82
                out[o] = end
                o += 1
            elif end == LINE_END:
                out[o] = end
                o += 1
            start = o
            state = 0
            pending = 0

        if is_letter or (class_ == MARK and start < o):
            while pending:
                out[o] = pending & 255
                o += 1
                pending >>= 8
            if class_ == MARK:
                state &= _AFTER_SINGLE
            elif class_ == SINGLE:
                state = _AFTER_SINGLE
            else:
                state = 0
        elif class_ == BLANK and start < o:
            if state & _IN_BLANKS == 0:
                solid = o
                state |= _IN_BLANKS
        else:  # nothing to put
            i += size
            continue

        if class_ == UPPER:
            if code == CAPITAL_SIGMA and start < o:
                state = _AFTER_SIGMA
            spelling = spellings[code]
            while spelling:
                out[o] = spelling & 255
                o += 1
                spelling >>= 8
        else:
            for k in range(size):
                out[o + k] = text[i + k]
            o += size
        i += size
    return o
