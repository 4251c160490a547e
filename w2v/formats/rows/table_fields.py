"""The fields of a line of text, and the numbers that it ends with."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

from w2v.formats.read_options import MAX_DIM

Cells = list[bytes]

NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")  # one road through each text: no backtracking
NUMBERS = re.compile(rb"%b(?:\t%b)*" % (NUMBER.pattern, NUMBER.pattern))
_DECIMAL_COMMA = re.compile(rb"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
_BRACKETS = b"[](){}"
_LONGEST_CELL = 1 << 20


def split_lines(lines: Iterable[bytes], separator: bytes | None, *, is_quoted: bool) -> Iterator[Cells]:
    """The fields of each line; quoted ones may go over several lines.

    Parameters
    ----------
    separator : between two fields; None for white space

    Raises
    ------
    csv.Error
        a quoted field that does not end.
    """
    if not is_quoted:
        for line in lines:
            cells = line.rstrip(b"\r\n").split(separator)
            yield cells if b" " not in line else [cell.strip() for cell in cells]
        return
    csv.field_size_limit(_LONGEST_CELL)
    texts = (line.decode("latin-1") for line in lines)  # a letter a byte, and back
    for row in csv.reader(texts, delimiter=(separator or b" ").decode(), skipinitialspace=True):
        yield [cell.strip().encode("latin-1") for cell in row]


def trailing_numbers(cells: Cells, separator: bytes | None, most: int = MAX_DIM) -> tuple[int, Cells]:
    """How many fields at the end of a row hold its numbers, and these numbers, at most so many; the first field holds none."""
    end = len(cells)
    while end > 1 and not cells[end - 1]:  # a separator behind the last number
        end -= 1
    start, parts = end, []
    n_found = 0
    while start > 1 and n_found < most and (found := _numbers_of(cells[start - 1], separator)):
        start -= 1
        parts.append(found)
        n_found += len(found)
    return len(cells) - start, [number for part in reversed(parts) for number in part]


def _numbers_of(cell: bytes, separator: bytes | None) -> Cells:
    """The numbers that a field consists of; none where it holds anything else."""
    if NUMBER.fullmatch(cell):
        return [cell]
    if separator != b"," and _DECIMAL_COMMA.fullmatch(cell):
        return [cell.replace(b",", b".")]
    inner = cell.strip(_BRACKETS + b",;|")
    fields = inner.replace(b",", b" ").split() if b"." in inner or inner != cell else inner.split()
    return fields if fields and all(map(NUMBER.fullmatch, fields)) else []


def begin_with_numbers(lines: Sequence[bytes], separator: bytes | None) -> bool:
    """Whether most lines begin with a number and end with something else."""
    rows = [cells for cells in split_lines(lines, separator, is_quoted=False) if len(cells) > 1]
    return 2 * sum(is_fraction(cells[0]) and not _numbers_of(cells[-1], separator) for cells in rows) > len(lines)


def is_fraction(field: bytes) -> bool:
    """Whether a field is a number and hardly a word: with a point, a sign or an exponent."""
    return bool(NUMBER.fullmatch(field)) and not field.isdigit()


def ends_in_number(word: bytes) -> bool:
    """Whether a word ends with a tab and a number, as where a tab stands behind the word and spaces between the numbers."""
    _, tab, end = word.rpartition(b"\t")
    return bool(tab and NUMBER.fullmatch(end))


def n_numbers(numbers: Sequence[bytes], announced: int) -> int:
    """How many of the numbers at the end of a row are its vector: as many as a header announces, where the others belong to the word."""
    extra = len(numbers) - announced
    is_word = announced > 0 and extra > 0 and not any(is_like(number, numbers[extra:]) for number in numbers[:extra])
    return announced if is_word else len(numbers)


def is_like(field: bytes, numbers: Iterable[bytes]) -> bool:
    """Whether a field in front of numbers looks like one of them: a number with as many decimals as some of them, or more.

    ``10`` before ``0.3 0.4`` ends the word ``windows 10``; ``0.2`` would be a number too many.
    """
    return bool(NUMBER.fullmatch(field)) and _n_decimals(field) >= min(map(_n_decimals, numbers), default=0)


def _n_decimals(number: bytes) -> int:
    mantissa, _, power = number.lower().partition(b"e")
    return len(mantissa.partition(b".")[2]) - int((power or b"0")[:6])
