"""Tables of numbers, for a terminal and for a document."""

from __future__ import annotations

import math
from collections.abc import Sequence

Row = Sequence[str]

NONE = "-"


def plain_table(head: Row, rows: Sequence[Row]) -> str:
    """Columns as wide as their widest cell; the first to the left, the others to the right.

    >>> print(plain_table(["set", "w2v"], [["WordSim-353", "0.66"], ["SimLex", "0.3"]]))
    set           w2v
    WordSim-353  0.66
    SimLex        0.3
    """
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]).rstrip()
        for row in (head, *rows)
    )


def markdown_table(head: Row, rows: Sequence[Row]) -> str:
    """The same in Markdown.

    >>> print(markdown_table(["set", "w2v"], [["WordSim-353", "0.66"]]))
    | set | w2v |
    |---|---:|
    | WordSim-353 | 0.66 |
    """
    line = "|---" + "|---:" * (len(head) - 1) + "|"
    return "\n".join([_markdown_line(head), line, *map(_markdown_line, rows)])


def _markdown_line(row: Row) -> str:
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


def score(value: float) -> str:
    """A correlation, an accuracy or their difference, with four decimals; `NONE` for NaN."""
    return f"{value:.4f}" if math.isfinite(value) else NONE
