"""WikiExtractor's files: articles between lines ``<doc …>`` and ``</doc>``, which are no text."""

from typing import Any

from w2v.jit import jit

_NEWLINE, _LESS, _SLASH, _MORE, _BLANK = b"\n</> "
_D, _O, _C = b"doc"


@jit()
def remove_doc_lines(text: Any, starts_line: Any) -> Any:
    """Drop such lines, in place.

    Parameters
    ----------
    text : (n,) uint8, changed
    starts_line : its first byte begins a line

    Returns
    -------
    Number of bytes that are left.
    """
    n = text.shape[0]
    kept = 0
    i = 0
    at_start = starts_line
    while i < n:
        if at_start and text[i] == _LESS:
            k = i + 1
            if k < n and text[k] == _SLASH:
                k += 1
            if k + 3 < n and text[k] == _D and text[k + 1] == _O and text[k + 2] == _C and (text[k + 3] == _MORE or text[k + 3] == _BLANK):
                while i < n and text[i] != _NEWLINE:
                    i += 1
                i += 1
                continue
        byte = text[i]
        text[kept] = byte
        kept += 1
        at_start = byte == _NEWLINE
        i += 1
    return kept
