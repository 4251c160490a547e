"""Checking UTF-8 in a kernel, which needs no interpreter's lock: blocks are checked by as many threads as read them."""

from typing import Any

import numpy as np

from w2v.corpus.intrinsics import load8
from w2v.jit import jit

VALID, NUL, BROKEN = 0, 1, 2
ROOM = 8  # bytes that must follow those that are checked
_STRIP = 256  # bytes looked at together for ASCII, by vector code
_HIGH = np.uint64(0x8080808080808080)
_ONES = np.uint64(0x0101010101010101)
_THREE, _OF_THREE = np.uint64(0xC0C0F0), np.uint64(0x8080E0)  # a sequence of three bytes: 1110xxxx 10xxxxxx 10xxxxxx


@jit()
def check_utf8(text: Any, n: Any) -> Any:
    """Whether bytes are UTF-8 without NULs, as Python's strict decoder has it (RFC 3629: no surrogates, no overlong forms).

    Parameters
    ----------
    text : (n + ROOM or more,) uint8

    Returns
    -------
    status : VALID, NUL or BROKEN
    position : of the first NUL or of the first byte of the first broken sequence, whichever comes first; n if VALID
    is_ascii : all bytes before `position` are ASCII
    """
    i = 0
    is_ascii = True
    while i < n:
        if i + _STRIP <= n:
            marks = np.uint64(0)
            for k in range(0, _STRIP, 8):
                eight = load8(text, i + k)
                marks |= eight | ((eight - _ONES) & ~eight)  # the second is negative in a byte that is 0 or follows one
            if marks & _HIGH == 0:
                i += _STRIP
                continue
        stop = min(i + _STRIP, n)
        while i < stop:
            byte = text[i]
            if byte < 0x80:
                if byte == 0:
                    return NUL, i, is_ascii
                i += 1
                continue
            is_ascii = False
            eight = load8(text, i)
            if eight & _THREE == _OF_THREE and byte != 0xE0 and byte != 0xED and i + 3 <= n:
                i += 3
                continue
            size = _sequence(text, i, n)
            if size == 0:
                return BROKEN, i, is_ascii
            i += size
    return VALID, n, is_ascii


@jit()
def _sequence(text: Any, i: Any, n: Any) -> Any:
    """Bytes of the sequence that begins at `i` with a byte above 0x7F; 0 when it is broken."""
    byte = text[i]
    low, most = 0x80, 0xBF
    if byte < 0xC2 or byte > 0xF4:
        return 0
    if byte < 0xE0:
        size = 2
    elif byte < 0xF0:
        size = 3
        if byte == 0xE0:
            low = 0xA0
        elif byte == 0xED:
            most = 0x9F
    else:
        size = 4
        if byte == 0xF0:
            low = 0x90
        elif byte == 0xF4:
            most = 0x8F
    if i + size > n or text[i + 1] < low or text[i + 1] > most:
        return 0
    for k in range(2, size):
        if text[i + k] & 0xC0 != 0x80:
            return 0
    return size
