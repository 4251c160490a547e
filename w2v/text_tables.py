"""Tables for people, for a terminal and for a document: columns as wide as a terminal shows them, and no text that could steer it."""

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence

NONE = "-"  # in a cell whose number is not known
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
    """Rows of cells as lines, all columns to the left; empty for no rows."""
    return "\n".join(indent + line for line in _lines(rows, lambda cell, blanks: cell + blanks))


def plain_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of numbers: the first column to the left, the others to the right.

    >>> print(plain_table(["set", "w2v"], [["WordSim-353", "0.66"], ["词对", "0.3"]]))
    set           w2v
    WordSim-353  0.66
    词对          0.3
    """
    return "\n".join(_lines([head, *rows], lambda cell, blanks: blanks + cell))


def _lines(rows: Iterable[Sequence[str]], pad: Callable[[str, str], str]) -> list[str]:
    """Lines of cells two blanks apart; `pad` puts the blanks of a column but the first, which stands to the left."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(display_width, column)) for column in zip(*cells, strict=True)]
    blanks = [[" " * (width - display_width(cell)) for cell, width in zip(row, widths, strict=True)] for row in cells]
    return [
        "  ".join([first + blank, *map(pad, others, more)]).rstrip() for (first, *others), (blank, *more) in zip(cells, blanks, strict=True)
    ]


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The same in Markdown.

    >>> print(markdown_table(["set", "w2v"], [["WordSim-353", "0.66"]]))
    | set | w2v |
    |---|---:|
    | WordSim-353 | 0.66 |
    """
    line = "|---" + "|---:" * (len(head) - 1) + "|"
    return "\n".join([_markdown_line(head), line, *map(_markdown_line, rows)])


def _markdown_line(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def short_number(value: float) -> str:
    """Three digits and a unit prefix; `NONE` for NaN.

    >>> short_number(5_213_000.0), short_number(340_123), short_number(42.19), short_number(0.1234)
    ('5.21M', '340k', '42.2', '0.123')
    """
    if not math.isfinite(value):
        return NONE
    value = float(f"{value:.3g}")
    for limit, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k"), (1, "")):
        if abs(value) >= limit:
            scaled = value / limit
            return f"{scaled:.{2 - int(math.log10(abs(scaled)))}f}{suffix}"
    return f"{value:.3f}"


def format_score(value: float) -> str:
    """A correlation, an accuracy or their difference, with four decimals; `NONE` for NaN."""
    return f"{value:.4f}" if math.isfinite(value) else NONE
