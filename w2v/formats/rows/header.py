"""Which header a damaged text file should have: how many numbers a row has, and whether the first line is a row."""

from __future__ import annotations

from collections import Counter

from w2v.errors import FormatError
from w2v.formats.compressed_files import Content
from w2v.formats.writable_rows import BYTE_ORDER_MARK, HEADER, MAX_DIM, NUMBER, READ_BYTES, show

_SAMPLE = 1000  # lines


def guess_header(content: Content, *, is_usual: bool) -> tuple[int | None, int, int, bytes]:
    """What `read_header` would say of a whole file; the rows decide where they and the header disagree.

    Parameters
    ----------
    is_usual : whether the format has a header: then a line "5 1" is one, also where it could be a row of dim 1

    Returns
    -------
    n_rows : as the header says; None if it says nothing
    dim : of most of the first rows
    header_bytes : length of what comes before the rows
    head : what has been read behind these bytes

    Raises
    ------
    FormatError
        no rows to be seen.
    """
    report = content.options.on_change
    head = content.file.read(READ_BYTES)
    mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    if mark:
        report(f"{content.path}, line 1: found a byte order mark: left out")
    line, newline, rest = head[mark:].partition(b"\n")
    found = HEADER.fullmatch(line + newline)
    dim = _usual_dim(rest if found else head[mark:], int(found[2]) if found else None)
    if found and not is_usual and dim in (None, 1):
        found, dim = None, 1
    if dim is None:
        raise FormatError(f"{content.path} must hold rows of a word and 1 to {MAX_DIM} numbers: found {show(head)}")
    if found is None and _n_numbers(line) >= dim:
        if is_usual:
            report(f"{content.path}, line 1: expected the number of words and the dim: found {show(line)}: read as a row")
        return None, dim, mark, head[mark:]
    if found is None:
        report(
            f"{content.path}, line 1: expected {'the number of words and the dim' if is_usual else 'a row'}: found {show(line)}: left out"
        )
        return None, dim, mark + len(line) + 1, rest
    if not is_usual:
        report(f"{content.path}, line 1: found a header: {show(line)}: read as one")
    n_rows, announced = (int(number) for number in found.groups())
    if announced != dim:
        report(f"{content.path}, line 1: the header announces dim {announced}: the rows have {dim} numbers: read so")
    return n_rows, dim, mark + len(line) + 1, rest


def _usual_dim(rows: bytes, announced: int | None) -> int | None:
    """How many numbers most of the first lines have; where that is undecided, what the header announces."""
    dims = Counter(_n_numbers(line) for line in rows.split(b"\n", _SAMPLE)[:_SAMPLE])
    usual = [dim for dim in dims if 1 <= dim <= MAX_DIM]
    return max(usual, key=lambda dim: (dims[dim], dim == announced), default=None)


def _n_numbers(line: bytes) -> int:
    """How many numbers a line ends with; what comes first is a word, whatever it looks like."""
    regular = line.removesuffix(b"\r").removesuffix(b" ").split(b" ")[1:]
    if regular and all(map(NUMBER.fullmatch, regular)):
        return len(regular)
    fields = line.split()[1:]
    return next((n for n, field in enumerate(reversed(fields)) if not NUMBER.fullmatch(field)), len(fields))
