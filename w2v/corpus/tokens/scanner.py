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
    EMOJI,
    IGNORED,
    INTERNAL,
    MARK,
    MAYBE_EMOJI,
    NEWLINE,
    QUOTE,
    REGIONAL,
    SEPARATOR,
    SINGLE,
    SKIN_TONE,
    TAG,
    UPPER,
    WORD,
    ZERO_WIDTH_JOINER,
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
_IN_EMOJI = 32
_AFTER_REGIONAL = 64  # the first half of a flag
_GERSHAYIM = 0xB4D7  # U+05F4, as `spellings` has it
_SELECTOR, _KEYCAP = 0xEFB88F, 0xE283A3  # bytes of U+FE0F and U+20E3, first byte highest


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


def scan_utf8(text: Any, classes: Any, spellings: Any, split_singles: bool, keep_emoji: bool, out: Any) -> tuple[int, int]:
    """Canonical bytes of any text; a token under way at its end is ended.

    Parameters
    ----------
    text : (n,) uint8, valid UTF-8
    classes, spellings : of a `CharacterTable`; one of 128 code points goes with ASCII text only
    split_singles : SINGLE characters are tokens by themselves; else they are letters like others, but for BREAKs
    keep_emoji : they are tokens, a sequence is one; else they separate
    out : (2n + 1 or more,) uint8, written

    Returns
    -------
    Number of canonical bytes, at most 2n + 1 (Turkish I's take twice as much), and number of emoji.
    """
    n = len(text)
    i = 0
    o = 0
    start = 0  # of the token under way: there is one when start < o
    solid = 0  # where it ends without the blanks after it
    pending = 0  # spelling of an INTERNAL character
    state = 0
    n_emoji = 0
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
                if class_ == SEPARATOR and state == 0:
                    if start < o:
                        out[o] = TOKEN_END
                        o += 1
                        start = o
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
                if (class_ == SINGLE and state & ~_AFTER_SINGLE == 0) or (class_ == WORD and state == 0):  # most, in few steps
                    if class_ == SINGLE:
                        state = _AFTER_SINGLE
                        if split_singles and start < o:
                            out[o] = TOKEN_END
                            o += 1
                            start = o
                    for k in range(size):
                        out[o + k] = text[i + k]
                    o += size
                    i += size
                    continue

        if class_ == MAYBE_EMOJI:
            follower = i + size
            says_so = follower + 2 < n and text[follower] << 16 | text[follower + 1] << 8 | text[follower + 2] == _SELECTOR
            if code < 0x80:
                if says_so:
                    follower += 3
                says_so = follower + 2 < n and text[follower] << 16 | text[follower + 1] << 8 | text[follower + 2] == _KEYCAP
            if says_so:
                class_ = EMOJI
            else:
                class_ = WORD if 0x30 <= code <= 0x39 else SEPARATOR
        elif class_ == TAG:
            class_ = MARK if state & _IN_EMOJI else IGNORED
        is_emoji = class_ >= EMOJI
        is_letter = class_ in (WORD, UPPER, SINGLE)
        beside_single = state & _AFTER_SINGLE != 0 or class_ == SINGLE
        end = 0
        if is_letter:
            if state & _IN_EMOJI or (beside_single and (split_singles or state & _AFTER_BREAK)):
                end = TOKEN_END
        elif class_ == SEPARATOR:
            end = TOKEN_END
        elif class_ == NEWLINE:
            end = LINE_END
        elif is_emoji:
            end = TOKEN_END
            if state & _IN_EMOJI:
                if class_ == EMOJI:
                    joins = pending != 0
                elif class_ == SKIN_TONE:
                    joins = pending == 0
                else:
                    joins = state & _AFTER_REGIONAL != 0 and pending == 0
                if joins:
                    end = 0
        elif class_ == INTERNAL:
            if (
                start == o or pending or (state & _IN_EMOJI and code != ZERO_WIDTH_JOINER)
                or (beside_single and (split_singles or state & _AFTER_BREAK))
            ):  # fmt: skip
                end = TOKEN_END
            else:
                pending = spellings[code]
                state |= _AFTER_INTERNAL
        elif class_ == QUOTE:
            is_inside = start < o and pending == 0 and i + 2 < n and text[i + 1] == 0xD7 and 0x90 <= text[i + 2] <= 0xAA
            if is_inside and text[i - 2] == 0xD7 and 0x90 <= text[i - 1] <= 0xAA:  # between two Hebrew letters
                pending = _GERSHAYIM
                state |= _AFTER_INTERNAL
            else:
                end = TOKEN_END
        elif class_ == MARK:
            if state & _IN_EMOJI and pending:
                end = TOKEN_END
        elif class_ == BREAK:
            state |= _AFTER_BREAK

        if end != 0:
            if state & _IN_EMOJI:
                n_emoji += 1
                if not keep_emoji:
                    o = start
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

        if is_letter or is_emoji or (class_ == MARK and start < o):
            while pending:
                out[o] = pending & 255
                o += 1
                pending >>= 8
            if is_emoji:
                state = _IN_EMOJI
                if class_ == REGIONAL and end != 0:
                    state |= _AFTER_REGIONAL
            elif class_ == MARK:
                state &= _AFTER_SINGLE | _IN_EMOJI
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
    return o, n_emoji
