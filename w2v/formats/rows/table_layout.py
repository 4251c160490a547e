"""How the rows of a text of words and numbers are laid out, where it is not as word2vec does it: found in its first lines.

A row is a word and ``dim`` numbers. Tabs, ``;``, ``|``, commas or any white space may stand between them, fields may be quoted, several
numbers may share a field (``king,"[0.1, 0.2]"``), and a first line may name the columns. What most of the first rows agree on is the
layout; what could be read in two ways is none.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from w2v.formats.read_options import BYTE_ORDER_MARK, MAX_DIM

NUMBER = re.compile(rb"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")  # one road through each text: no backtracking
_NUMBERS = re.compile(rb"%b(?:\t%b)*" % (NUMBER.pattern, NUMBER.pattern))
_DECIMAL_COMMA = re.compile(rb"[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(rb"\+?[0-9]+")
_COUNTS = re.compile(rb"\s*([0-9]{1,18})[\s,;|]+([0-9]{1,18})(?:[\s,;|]+[0-9]+)?[\s,;|]*")
_SEPARATORS: tuple[bytes | None, ...] = (b"\t", b";", b"|", b",", None)  # in doubt the one that stands in fewer words
_NAMES = {b"\t": "tabs", b";": "semicolons", b"|": "bars", b",": "commas", None: "white space"}
_GLUED = re.compile(rb"[\s,;|:=][+-]?[0-9][0-9.eE+-]*$")  # a number behind something else than what separates the others
_BRACKETS = b"[](){}"
_WORD_NAMES = frozenset({b"word", b"words", b"token", b"tokens", b"term", b"key", b"item", b"text", b"label", b"name"})
_OTHER_NAMES = frozenset({b"count", b"counts", b"freq", b"frequency", b"index", b"rank", b"id"})
_MANY = 10  # numbers of a row that are 0, 1, 2 … by chance: never
_SAMPLE = 1000  # lines
_LONGEST_CELL = 1 << 20

Cells = list[bytes]


@dataclass(frozen=True)
class Layout:
    """How each row becomes a word and its numbers.

    Attributes
    ----------
    separator : between two fields; None for white space
    is_quoted : whether fields may stand in quotation marks
    is_regular : whether it is word2vec's own: one space apart, nothing else
    share : of the first rows that have it
    dim : numbers of a row
    n_front : fields before the numbers; None where they are the parts of a word
    word_column : which of them is the word
    left_out : number columns that belong to no vector, such as counts
    word_end : what stands behind every word, such as a colon
    header : whether the first line is no row
    n_rows : as the header says
    """

    separator: bytes | None
    is_quoted: bool
    is_regular: bool
    share: float
    dim: int
    n_front: int | None = None
    word_column: int = 0
    left_out: int = 0
    word_end: bytes = b""
    has_header: bool = False
    n_rows: int | None = None

    def __str__(self) -> str:
        left_out = ", without the columns of counts or ranks" if self.left_out else ""
        return f"rows of a word and {self.dim} numbers with {_NAMES[self.separator]} between{left_out}"

    def split(self, cells: Cells) -> tuple[bytes, Cells] | None:
        """A row's word and numbers; None where it has not as many, or no word."""
        wanted = self.dim + self.left_out
        n_cells, numbers = wanted, cells[max(1, len(cells) - wanted) :]
        if not _NUMBERS.fullmatch(b"\t".join(numbers)):  # 20 times as fast as one by one
            n_cells, numbers = trailing_numbers(cells, self.separator, wanted)
        front = cells[: len(cells) - n_cells]
        if len(numbers) != wanted or len(front) != (self.n_front or len(front)) or any(is_like(cell, numbers) for cell in front[1:]):
            return None
        word = (b" ".join(front) if self.n_front is None else front[self.word_column]).removesuffix(self.word_end).strip()
        return (word, numbers[self.left_out :]) if word else None


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


def split_lines(lines: Iterable[bytes], separator: bytes | None, *, is_quoted: bool) -> Iterator[Cells]:
    """The fields of each line; quoted ones may go over several lines.

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
    n_numbers = 0
    while start > 1 and n_numbers < most and (found := _numbers(cells[start - 1], separator)):
        start -= 1
        parts.append(found)
        n_numbers += len(found)
    return len(cells) - start, [number for part in reversed(parts) for number in part]


def _numbers(cell: bytes, separator: bytes | None) -> Cells:
    """The numbers that a field consists of; none where it holds anything else."""
    if NUMBER.fullmatch(cell):
        return [cell]
    if separator != b"," and _DECIMAL_COMMA.fullmatch(cell):
        return [cell.replace(b",", b".")]
    inner = cell.strip(_BRACKETS + b",;|")
    fields = inner.replace(b",", b" ").split() if b"." in inner or inner != cell else inner.split()
    return fields if fields and all(map(NUMBER.fullmatch, fields)) else []


def guess_layout(head: bytes) -> tuple[Layout | None, str]:
    """The layout that the most of the first rows have, or why it is not clear, as the end of a sentence (empty: there are no rows)."""
    lines = head.removeprefix(BYTE_ORDER_MARK).split(b"\n")[:_SAMPLE]
    if len(lines) > 1 and lines[-1] != b"":  # may be cut
        lines.pop()
    lines = [line for line in (line.rstrip(b"\r") for line in lines) if line.strip()]
    best: tuple[float, Layout | None, str] = (0.0, None, "")
    for separator in _SEPARATORS:
        for is_quoted in (True, False) if b'"' in b"".join(lines) else (False,):
            share, layout, reason = _try(lines, separator, is_quoted)
            if share > best[0]:
                best = share, layout, reason
    if best[0] <= 1 / 2 and any(_begin_with_numbers(lines, separator) for separator in _SEPARATORS):
        return None, "a row must begin with its word"
    return best[1], best[2]


def _begin_with_numbers(lines: Sequence[bytes], separator: bytes | None) -> bool:
    rows = [cells for cells in split_lines(lines, separator, is_quoted=False) if len(cells) > 1]
    return 2 * sum(is_fraction(cells[0]) and not _numbers(cells[-1], separator) for cells in rows) > len(lines)


def _try(lines: Sequence[bytes], separator: bytes | None, is_quoted: bool) -> tuple[float, Layout | None, str]:
    """The share of the lines that a separator makes rows of one dim of, and their layout or why it is not clear."""
    try:
        rows = [cells for cells in split_lines(lines, separator, is_quoted=is_quoted) if cells]
    except csv.Error:
        return 0, None, ""
    counts = _COUNTS.fullmatch(lines[0]) if len(lines) > 1 else None
    announced = int(counts[2]) if counts else 0
    found = [trailing_numbers(cells, separator) for cells in rows]
    dims = Counter(n_numbers(numbers, announced) for _, numbers in found[bool(counts) :] if numbers)
    dim = max(dims, key=lambda dim: (dims[dim], dim == announced), default=0)
    if not 1 <= dim <= MAX_DIM:
        return 0, None, ""
    has_header = len(rows) > 1 and ((counts is not None and announced == dim) or _names_columns(rows[0], found[0][1], dim))
    body = [(cells, *trailing_numbers(cells, separator, dim)) for cells in rows[has_header:]]
    agreeing = [(cells[: len(cells) - n_cells], numbers) for cells, n_cells, numbers in body if len(numbers) == dim]
    agreeing = [(front, numbers) for front, numbers in agreeing if not any(is_like(cell, numbers) for cell in front[1:])]
    agreeing = [] if 2 * sum(bool(_GLUED.search(front[-1])) for front, _ in agreeing) > len(agreeing) else agreeing
    if not agreeing:
        return 0, None, ""
    ((n_front, n_usual),) = Counter(len(front) for front, _ in agreeing).most_common(1)
    if separator is None and dim == 1:  # in prose a number is behind several words, and most words of vectors have one part
        share = sum(len(front) == 1 for front, _ in agreeing) / len(body)
    else:
        agreeing = [(front, numbers) for front, numbers in agreeing if len(front) == n_front]
        share = n_usual / len(body)
    names = rows[0] if has_header and not counts else []
    fronts = [front for front, _ in agreeing]
    if reason := _why_not_clear(agreeing, separator, names, rows[has_header:]):
        return share, None, reason
    column = _word_column(fronts, names) if separator is not None else 0
    if column == -1:
        return share, None, "which column holds the words is not clear: call it word in a first line of names"
    behind = names[len(fronts[0]) - (len(names) < len(rows[-1])) :] if len(names) > 1 else []
    left_out = next((i for i, name in enumerate(behind) if name.lower() not in _OTHER_NAMES), 0)
    word_end = _word_end([front[-1] for front in fronts])
    is_odd = separator is not None or is_quoted or word_end or (names and len(found[0][1]) == dim)
    return (
        share,
        Layout(
            separator=separator,
            is_quoted=is_quoted,
            is_regular=not is_odd and sum(_is_regular(line, dim) for line in lines[has_header:]) >= len(body) / 2,
            share=share,
            dim=dim - left_out,
            n_front=None if separator is None else n_front,
            word_column=column,
            left_out=left_out,
            word_end=word_end,
            has_header=has_header,
            n_rows=int(counts[1]) if counts and has_header else None,
        ),
        "",
    )


def _why_not_clear(rows: Sequence[tuple[Cells, Cells]], separator: bytes | None, names: Cells, whole: Sequence[Cells]) -> str:
    """Why rows of fields before the numbers and numbers could be read in two ways; empty where they cannot."""
    if all(is_fraction(front[0]) and len(front) == 1 for front, _ in rows):
        return "its rows hold numbers and no words: put a word before each row, or give a folder in which metadata.tsv has them"
    dim = len(rows[0][1])
    if dim == 1 and separator != b"," and all(b"," in cells[-1] for cells in whole):
        return "whether 0,1 is one number or two is not clear: write decimal points"
    all_whole = all(_WHOLE.fullmatch(number) for _, numbers in rows for number in numbers)
    if separator == b"," and not names and all_whole and dim % 2 == 0:
        return "whether 0,1 is one number or two is not clear: write decimal points, or name the columns in a first line"
    return ""


def has_odd_words(head: bytes) -> bool:
    """Whether what stands in the place of the words is none: numbers, words that a separator ends, or a first line of names."""
    *lines, cut = head.split(b"\n")[:_SAMPLE]
    first, *others = [line.split() for line in lines or [cut] if line.strip()] or [[b""]]
    words = [row[0] for row in (first, *others)]
    is_header = len(first) > 2 and first[0].lower() in _WORD_NAMES and _names_columns(first, first[1:], len(first) - 1)
    return all(map(is_fraction, words)) or bool(_word_end(words)) or is_header


def ends_in_number(word: bytes) -> bool:
    """Whether a word ends with a tab and a number, as where a tab stands behind the word and spaces between the numbers."""
    _, tab, end = word.rpartition(b"\t")
    return bool(tab and NUMBER.fullmatch(end))


def _word_end(words: Sequence[bytes]) -> bytes:
    """The separator that ends each of several words; empty where there is none."""
    ends = {word[-1:] for word in words}
    return ends.pop() if len(words) > 1 and len(ends) == 1 and ends <= {b":", b",", b";", b"|", b"="} else b""


def is_fraction(field: bytes) -> bool:
    """Whether a field is a number and hardly a word: with a point, a sign or an exponent."""
    return bool(NUMBER.fullmatch(field)) and not field.isdigit()


def _word_column(fronts: Sequence[Cells], names: Cells) -> int:
    """Which of several fields before the numbers is the word; -1 where that is not clear."""
    width = len(fronts[0])
    named = [i for i, name in enumerate(names[:width]) if name.lower() in _WORD_NAMES]
    texts = [i for i in range(width) if not all(NUMBER.fullmatch(front[i]) for front in fronts)]
    return (named or (texts if len(texts) == 1 else [-1 if width > 1 else 0]))[0]


def _names_columns(row: Cells, numbers: Cells, dim: int) -> bool:
    """Whether a first row holds names: no row of so many numbers, or 0, 1, 2 … or 1, 2, 3 …, which tables call columns without a name."""
    if len(numbers) != dim:
        return not any(map(is_fraction, row))
    sure = dim >= _MANY or row[0].lower() in _WORD_NAMES | {b""}
    return sure and numbers in ([b"%d" % (i + start) for i in range(dim)] for start in (0, 1))


def _is_regular(line: bytes, dim: int) -> bool:
    """Whether the fields of a line are one space apart and its last ones numbers; a word may have several parts."""
    fields = line.removesuffix(b" ").split(b" ")
    return len(fields) > dim and all(fields) and all(map(NUMBER.fullmatch, fields[-dim:])) and not ends_in_number(fields[-dim - 1])
