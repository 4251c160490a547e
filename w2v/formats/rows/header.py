"""The first line of a row format, ``<words> <dim>``: as it stands, or as the rows of a damaged file say it should be."""

import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

from w2v.errors import FormatError
from w2v.formats.compressed_files import VectorFile
from w2v.formats.read_options import BASE64, BYTE_ORDER_MARK, MAX_DIM, quote
from w2v.formats.rows.table_fields import NUMBER, n_numbers

READ_BYTES = 1 << 20  # of a file at once: the whole first row is in one read; larger blocks were no faster
_LINE = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18}) ?\r?\n")
_LINE_OF_THREE = re.compile(rb"([0-9]{1,18}) ([0-9]{1,18}) [0-9]{1,18} ?\r?\n")
_MAX_LINE_BYTES = 64
_SAMPLE = 1000  # lines


class Header(NamedTuple):
    """What is known of a file before its rows are read.

    Attributes
    ----------
    n_rows : as the header says; None where it says nothing
    n_bytes : length of what comes before the rows
    first_line : the number of the line of the first row
    rest : what has been read behind these bytes
    """

    n_rows: int | None
    dim: int
    n_bytes: int = 0
    first_line: int = 1
    rest: bytes = b""


def read_header(source: VectorFile, smallest_row: Callable[[int], int], hint: str = "") -> Header:
    """The line that word2vec's formats begin with.

    Parameters
    ----------
    smallest_row : the fewest bytes that a row of a dim can have
    hint : what would help where there is no such line, as the end of the message

    Raises
    ------
    FormatError
        no such line, sizes that cannot be, or more rows than the file can hold, unless the options repair that.
    """
    line = source.stream.readline(_MAX_LINE_BYTES)
    rest = source.stream.read(len(BASE64)) if _LINE_OF_THREE.fullmatch(line) else b""
    found = match_header(line, rest)
    n_rows, dim = (int(number) for number in found.groups()) if found else (0, 0)
    if not n_rows or not 1 <= dim <= MAX_DIM:
        hint = "; remove its byte order mark" * line.startswith(BYTE_ORDER_MARK) + hint
        wanted = f"the number of words and the dim (1 to {MAX_DIM}), such as '9000 100'"
        raise FormatError(f"{source.path}, line 1: expected {wanted}: found {quote(line)}{hint}")
    needed = len(line) + n_rows * smallest_row(dim)
    if needed > source.max_bytes:
        size = f"has {source.max_bytes}" if source.is_exact else f"holds at most {source.max_bytes}, compressed as it is"
        fault = f"{source.path}, line 1: {n_rows} words of dim {dim} need at least {needed} bytes: the file {size}"
        source.options.tolerate(fault, "read as far as it goes")
        n_rows = (source.max_bytes - len(line)) // smallest_row(dim)
    return Header(n_rows, dim, len(line), first_line=2, rest=rest)


def match_header(line: bytes, following: bytes) -> re.Match[bytes] | None:
    """The numbers of a header; deeplearning4j's has a third one, of documents, before rows whose words are in base 64."""
    return _LINE.fullmatch(line) or (_LINE_OF_THREE.fullmatch(line) if following.startswith(BASE64) else None)


def guess_header(source: VectorFile, head: bytes, *, has_header: bool) -> Header:
    """The header that a text file should have; the rows decide where they and its first line disagree.

    Parameters
    ----------
    head : what has been read of the file already, from its beginning
    has_header : whether the format has one: then a line "5 1" is a header, also where it could be a row of dim 1

    Raises
    ------
    FormatError
        no rows to be seen.
    """
    where, report = f"{source.path}, line 1", source.options.on_change
    mark = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    if mark:
        report(f"{where}: found a byte order mark: left out")
    line, newline, rest = head[mark:].partition(b"\n")
    found = match_header(line + newline, rest)
    dim = _usual_dim(rest if found else head[mark:], int(found[2]) if found else None)
    if found and not has_header and dim in (None, 1):
        found, dim = None, 1
    if dim is None:
        raise FormatError(f"{source.path} must hold rows of a word and 1 to {MAX_DIM} numbers: found {quote(head)}")
    wanted = "the number of words and the dim" if has_header else "a row"
    if found is None and len(_numbers(line)) >= dim:
        if has_header:
            report(f"{where}: expected {wanted}: found {quote(line)}: read as a row")
        return Header(None, dim, mark, rest=head[mark:])
    n_rows = None
    if found is None:
        report(f"{where}: expected {wanted}: found {quote(line)}: left out")
    else:
        n_rows, announced = (int(number) for number in found.groups())
        if not has_header:
            report(f"{where}: found a header: {quote(line)}: read as one")
        if announced != dim:
            report(f"{where}: the header announces dim {announced}: the rows have {dim} numbers: read so")
    return Header(n_rows, dim, mark + len(line) + 1, first_line=2, rest=rest)


def _usual_dim(rows: bytes, announced: int | None) -> int | None:
    """How many numbers most of the first lines have; where that is undecided, what the header announces."""
    dims = Counter(n_numbers(_numbers(line), announced or 0) for line in rows.split(b"\n", _SAMPLE)[:_SAMPLE])
    usual = [dim for dim in dims if 1 <= dim <= MAX_DIM]
    return max(usual, key=lambda dim: (dims[dim], dim == announced), default=None)


def _numbers(line: bytes) -> list[bytes]:
    """The numbers that a line ends with; what comes first is a word, whatever it looks like."""
    regular = line.removesuffix(b"\r").removesuffix(b" ").split(b" ")[1:]
    if regular and all(map(NUMBER.fullmatch, regular)):
        return regular
    fields = line.split()[1:]
    n = next((n for n, field in enumerate(reversed(fields)) if not NUMBER.fullmatch(field)), len(fields))
    return fields[len(fields) - n :]
