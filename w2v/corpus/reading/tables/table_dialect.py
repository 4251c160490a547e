"""Which character stands between the cells of a table: as given, else by its first line.

The delimiter that the name of a file says counts where the columns that are asked for stand in the first line. Else each usual character is
tried on the first rows: the one that gives those columns, and most rows as many cells as the first line has.
"""

import contextlib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from w2v.corpus.reading.tables.quoted_rows import parse_rows
from w2v.errors import CorpusError, argument

_OF_NAMES = {"csv": ",", "tsv": "\t"}
_CANDIDATES = (",", ";", "\t")
_RARE = (":", "^", "~", "!", "\x01", "\x02", "\x1f", "¦", "§", "¬", "；", "，")
_NO_CHARACTER = "\0"  # of text, so that it cuts nothing
_SAMPLE_LINES = 200
_SAMPLE_CHARACTERS = 1 << 16
_MOST = 0.9  # of the rows have as many cells as the first
_HALF = 0.5
_SEP_LINE = re.compile(r'"?sep=(.)"?\r?\n', re.IGNORECASE)  # what Excel writes and reads before the header
_CUTS = re.compile(r"[\x01-\x08\x0e-\x1f:;,|^~!<>=`{}\\\xa1-\xbf]")  # what names of columns hardly hold
_QUOTED = re.compile(r'"(?:[^"\\]|""|\\.)*"', re.DOTALL)
_WORDS_OF_ROWS = 3  # rows at least, to take words for columns


class Dialect(NamedTuple):
    """Attributes

    ----------
    delimiter : None for white space
    skipped : lines before the first row
    """

    delimiter: str | None
    skipped: int = 0


class _Trial(NamedTuple):
    """How well a delimiter does: what is better is larger, the first things first.

    Attributes
    ----------
    fits : it gives the columns that are asked for
    share : of the rows that have as many cells as the first one, in tenths; 1 where they are nearly all
    is_strong : a tab or several characters, which no text has
    is_blank : white space in plain text
    is_plain : it is not followed by blanks nor between digits, as punctuation is
    width : cells of the first row
    is_usual : the name of the file says it
    """

    fits: bool
    share: float
    is_strong: bool
    is_blank: bool
    is_plain: bool
    width: int
    is_usual: bool
    delimiter: str | None


def find_dialect(
    kind: str, lines: Iterator[str], fields: Sequence[str], given: str | None, name: str, *, in_header: bool = False
) -> tuple[Dialect, Iterable[str]]:
    """How a table is to be read, and its lines again, from the first.

    Parameters
    ----------
    kind : ``"csv"``; ``"tsv"``; ``"columns"``, text that may have columns; or ``"text"``, with white space between cells as a rule
    fields : the columns that are asked for, if any
    given : the delimiter that the user names
    in_header : fields that are numbers may be names, as `is_numbered` takes it

    Raises
    ------
    CorpusError
        the delimiter that is given does not stand in the first line and another one does, or none is found in it and it is no name.
    """
    sample, length = [], 0
    for line in lines:
        sample.append(line)
        length += len(line)
        if len(sample) == _SAMPLE_LINES or length > _SAMPLE_CHARACTERS:
            break
    rest = itertools.chain(sample, lines)
    head = [line for line in sample if line.strip()]
    if head and (found := _SEP_LINE.fullmatch(head[0])):
        skipped = sample.index(head[0]) + 1
        return Dialect(given or found[1], skipped), itertools.islice(rest, skipped, None)
    if not head:
        return Dialect(given or _OF_NAMES.get(kind)), rest
    return Dialect(_choose(kind, head, fields, given, name, in_header)), rest


def _choose(kind: str, head: list[str], fields: Sequence[str], given: str | None, name: str, in_header: bool) -> str | None:
    usual = _OF_NAMES.get(kind)
    if given is not None and given in head[0]:
        return given
    if given is None and usual is not None and fields and len(header := _names(_cells(head[:1], usual, name)[0])) > 1:
        is_named = not is_numbered(kind, fields, header, in_header=in_header)
        if is_named and all(field in header for field in fields):
            return usual
    repeated = [several for character in _RARE if len(several := _repeated(character, head[0])) > 1]
    candidates = (*_CANDIDATES, _repeated("|", head[0]), *repeated)
    trials = [trial for delimiter in candidates if (trial := _try(kind, head, delimiter, fields, name, in_header))]
    if kind == "text" and (trial := _try(kind, head, None, fields, name, in_header)):
        trials.append(trial)
    if not any(trial.fits for trial in trials):
        rare = (_try(kind, head, _repeated(character, head[0]), fields, name, in_header) for character in _RARE)
        trials += [trial for trial in rare if trial and (trial.fits or not trials) and (trial.share == 1 or trial.fits)]
    best = max(trials, key=lambda trial: trial[:-1], default=None)
    if given is not None:
        if best is not None and best.share == 1 and len(head) > 1:
            other = best.delimiter or "space"
            spelled = "tab" if other == "\t" else other.encode("unicode_escape").decode("ascii")
            raise CorpusError(f"{name}: its first line has no {given!r} between its cells but {other!r}: {argument('delimiter', spelled)}")
        return given
    if best is None:
        if kind == "columns":
            return _NO_CHARACTER
        _refuse_several_in_one(head, fields, name)
        return usual
    return best.delimiter


def _repeated(character: str, line: str) -> str:
    """The character as often as it stands together everywhere, such as ``::``."""
    runs = {len(run) for run in re.findall(re.escape(character) + "+", line)}
    return character * (runs.pop() if len(runs) == 1 else 1)


def _try(kind: str, head: list[str], delimiter: str | None, fields: Sequence[str], name: str, in_header: bool) -> _Trial | None:
    """None where the delimiter does not cut the first line, or hardly one as it cuts the others."""
    if delimiter is not None and delimiter not in _QUOTED.sub("", head[0]):
        return None
    rows = _cells(head, delimiter, name)
    width = len(rows[0])
    if width < 2:
        return None
    share = sum(len(row) == width for row in rows[1:]) / len(rows[1:]) if len(rows) > 1 else 1.0
    if len(rows) < _HALF * len(head) and sum(line.count('"') % 2 for line in head) < _HALF * len(head):  # one that cannot be parsed
        share *= len(rows) / len(head)
    header = _names(rows[0])
    by_number = is_numbered(kind, fields, header, in_header=in_header)
    fits = all(1 <= int(field) <= width for field in fields) if by_number else all(field in header for field in fields)
    is_named = fits and bool(fields) and not by_number
    if kind == "columns" and (share < _MOST or (len(rows) == 1 and not is_named)):  # prose has commas, too
        return None
    if share < _HALF and (delimiter is None or delimiter != _OF_NAMES.get(kind)):
        return None
    usual = _OF_NAMES.get(kind, "")
    is_strong = delimiter is not None and (delimiter == "\t" or len(delimiter) > 1)
    tenths = round(min(1.0, share / _MOST), 1)
    return _Trial(fits, tenths, is_strong, delimiter is None, not _is_punctuation(delimiter, head), width, delimiter == usual, delimiter)


def _is_punctuation(delimiter: str | None, head: list[str]) -> bool:
    """Followed by a blank, or between digits, nearly everywhere."""
    if delimiter is None:
        return False
    mark, text = re.escape(delimiter), _QUOTED.sub('""', "".join(head))
    return len(re.findall(rf"{mark} |(?<=[0-9]){mark}(?=[0-9])", text)) > _MOST * text.count(delimiter)


def _cells(head: list[str], delimiter: str | None, name: str) -> list[list[str]]:
    """Rows of a sample, up to one that cannot be parsed, such as the last one that is not all there."""
    rows: list[list[str]] = []
    with contextlib.suppress(CorpusError):
        rows.extend(cells for _, cells in parse_rows(head, delimiter, name))
    return rows or [[head[0].strip()]]


def _refuse_several_in_one(head: list[str], fields: Sequence[str], name: str) -> None:
    """A first line that no delimiter cuts is the name of one column, or several columns between something else."""
    header = head[0].strip()
    words = {len(line.split()) for line in head}
    if "\r" in header:  # the reader says it
        return
    if not _CUTS.search(header) and '" "' not in header and not (len(words) == 1 < max(words) and len(head) > _WORDS_OF_ROWS):
        return
    if fields and not all(field.isdigit() for field in fields):
        remedy = f"name the character between its columns with {argument('delimiter')}, or tab where it is one column"
        raise CorpusError(f"{name}: no delimiter is found in its first line, {header[:80]!r}: {remedy}")


def _names(row: Sequence[str]) -> list[str]:
    return [column.strip() for column in row]


def is_numbered(kind: str, fields: Sequence[str], header: Sequence[str] = (), *, in_header: bool = False) -> bool:
    """Whether `fields` are numbers of columns, so that a table has no header.

    Parameters
    ----------
    header : cells of the first line
    in_header : a header of numbers, as frames without names of columns are written, has names: texts are no numbers, items may be
    """
    if kind not in ("csv", "tsv", "columns", "text") or not all(field.isascii() and field.isdigit() for field in fields) or not fields:
        return False
    if in_header:
        written = [cell for cell in header if cell]
        return not written or all(written != [str(first + place) for place in range(len(written))] for first in (0, 1))
    return True
