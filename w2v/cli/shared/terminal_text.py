"""Text in columns for people: widths as a terminal shows them, and nothing in a word that could steer the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

_JOINERS = "\u200c\u200d"  # invisible, and part of the spelling of Persian and Indic words and of emoji


def printable(text: str) -> str:
    """`text` with control characters, odd spaces and invisible characters as escapes such as ``\\x1b``."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in _JOINERS else c.encode("unicode_escape").decode() for c in text)


def display_width(text: str) -> int:
    """Columns that a terminal gives to a printable text: two for wide East Asian characters, none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if character in _JOINERS or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def aligned(rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """Rows of cells as lines, each column but the last as wide as its widest cell."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)][:-1]
    lines = []
    for *firsts, last in cells:
        padded = [cell + " " * (width - display_width(cell)) for cell, width in zip(firsts, widths, strict=True)]
        lines.append(indent + "  ".join([*padded, last]))
    return "\n".join(lines)
