"""Test sets of word vectors: pairs of words with a human judgment, and analogies by section; read as gensim reads them."""

import math
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

from w2v.errors import ConfigError, FormatError, import_extra
from w2v.vectors.evaluation_tables import Line, describe_left_out, find_columns, may_be_decimal_commas, parse_number, read_lines, split_best

_BUNDLED_PAIRS = (("WordSim-353", "wordsim353.tsv"), ("SimLex-999", "simlex999.txt"))
_FOUR = 4  # words of an analogy
_TITLE = re.compile(r"(?:word|term|w)[ _-]?[1-4a-d]", re.IGNORECASE)
_BUNDLED_ANALOGIES = (("Google analogies", "questions-words.txt"),)


@dataclass(frozen=True)
class PairSet:
    """Pairs of words and how similar people found them.

    Attributes
    ----------
    notes : sentences about lines of its file that were left out
    """

    name: str
    pairs: tuple[tuple[str, str, float], ...]
    notes: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<PairSet {self.name}: {len(self.pairs):,} pairs>"


@dataclass(frozen=True)
class AnalogySet:
    """Questions "a is to b as c is to d", by section.

    Attributes
    ----------
    sections : names
    questions : (index of the section, a, b, c, d)
    notes : sentences about lines of its file that were left out
    """

    name: str
    sections: tuple[str, ...]
    questions: tuple[tuple[int, str, str, str, str], ...]
    notes: tuple[str, ...] = field(default=(), repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<AnalogySet {self.name}: {len(self.questions):,} questions in {len(self.sections)} sections>"


def bundled_sets() -> tuple[list[PairSet], list[AnalogySet]]:
    """WordSim-353, SimLex-999 and the Google analogies, as gensim carries them.

    Raises
    ------
    MissingExtraError
        gensim is not installed.
    """
    data = import_extra("gensim.test.utils", "validate", "the test sets that it carries (or name files of your own)")
    pairs = [read_pairs(data.datapath(file), name) for name, file in _BUNDLED_PAIRS]
    return pairs, [read_analogies(data.datapath(file), name) for name, file in _BUNDLED_ANALOGIES]


def find_set(which: PairSet | AnalogySet | str | Path) -> PairSet | AnalogySet:
    """A set as it is, the bundled one of that name, or the one in the file of that path.

    Raises
    ------
    ConfigError
        neither a name nor a file.
    FormatError, MissingExtraError
        see `read_set` and `bundled_sets`.
    """
    if isinstance(which, PairSet | AnalogySet):
        return which
    names = [name for name, _ in (*_BUNDLED_PAIRS, *_BUNDLED_ANALOGIES)]
    if which in names:
        pairs, analogies = bundled_sets()
        bundled: list[PairSet | AnalogySet] = [*pairs, *analogies]
        return bundled[names.index(str(which))]
    if not Path(which).is_file():
        raise ConfigError(f"a test set must be a file or one of {', '.join(names)}: received {str(which)!r}")
    return read_set(which)


def read_set(path: str | Path) -> PairSet | AnalogySet:
    """Read pairs of words with a judgment, or analogies; which of them a file holds, its lines say.

    Pairs are lines of two words and a number, analogies lines of four words, in sections below lines ``: section`` or without. Tabs,
    commas, ``;``, ``|`` or blanks stand between the fields. A warning names the lines that are left out.

    Raises
    ------
    FormatError
        neither.
    """
    found = load_set(path)
    for note in found.notes:
        warnings.warn(note, stacklevel=2)
    return found


def load_set(path: str | Path) -> PairSet | AnalogySet:
    """As `read_set`, without warnings: what is to be said is in the set's `notes`."""
    if any(line.startswith(":") for _, line in read_lines(Path(path))):
        return read_analogies(path)
    try:
        return read_pairs(path)
    except FormatError as error:
        try:
            found = read_analogies(path)
        except FormatError:
            raise error from None
        if any(math.isfinite(parse_number(word)) for word in found.questions[-1][1:]):
            raise
        return found


def read_pairs(path: str | Path, name: str | None = None) -> PairSet:
    """Read lines of two words and a number; others, and those that begin with #, are left out.

    Raises
    ------
    FormatError
        not UTF-8, no such line, or numbers that could be read in two ways.
    """
    path = Path(path)
    lines = split_best(read_lines(path), _count_pairs)
    pairs, columns = _pairs(lines), find_columns(lines)
    if columns is None or not pairs:
        found = f"found none, but {lines[0].text[:60]!r}" if lines else "it is empty"
        fours = sum(len(line.text.split()) == 4 for line in lines)
        hint = ": analogies are to be given as such, analogies=" if 2 * fours > len(lines) else ""
        wanted = f"{path} must have lines of word, tab, word, tab, number"
        raise FormatError(f"{wanted}: {found} (commas, ; or blanks serve as well as tabs){hint}")
    if may_be_decimal_commas(lines, columns):
        raise FormatError(f"{path}: whether 7,5 is one number or two is not clear: write decimal points, or ; between the columns")
    left_out = [line for line in lines if columns.pair(line.fields) is None]
    notes = describe_left_out(path, lines, left_out, "pair of words with a number")
    return PairSet(name or path.name, tuple(pairs), tuple(notes))


def _count_pairs(lines: list[Line]) -> int:
    """How many lines are pairs; of a title such as Word 1 blanks would make a word and a number."""
    return sum(not any(math.isfinite(parse_number(word)) for word in pair[:2]) for pair in _pairs(lines))


def _pairs(lines: list[Line]) -> list[tuple[str, str, float]]:
    columns = find_columns(lines)
    return [] if columns is None else [pair for line in lines if (pair := columns.pair(line.fields)) is not None]


def read_analogies(path: str | Path, name: str | None = None) -> AnalogySet:
    """Read lines of four words, after lines ``: section``; without any such line all are of one section. Other lines are left out.

    Raises
    ------
    FormatError
        not UTF-8, no such line, or one before the first section.
    """
    path = Path(path)
    name = name or path.name
    lines = split_best(read_lines(path), lambda lines: sum(len(line.fields) == _FOUR for line in lines))
    has_sections = any(line.text.startswith(":") for line in lines)
    sections = [] if has_sections else [name]
    questions = []
    left_out = []
    for line in lines:
        if line.text.startswith(":"):
            sections.append(line.text.lstrip(": ").strip())
        elif len(line.fields) != _FOUR or not all(line.fields) or all(map(_TITLE.fullmatch, line.fields)):
            left_out.append(line)
        elif not sections:
            wanted = "a line ': section' must stand before the first analogy"
            raise FormatError(f"{path}, line {line.number}: {wanted}: found {line.text[:60]!r}")
        else:
            a, b, c, d = line.fields
            questions.append((len(sections) - 1, a, b, c, d))
    if not questions:
        found = f"found none, but {lines[0].text[:60]!r}" if lines else "it is empty"
        raise FormatError(f"{path} must have lines of four words, in sections below lines ': section' or without: {found}")
    return AnalogySet(name, tuple(sections), tuple(questions), tuple(describe_left_out(path, lines, left_out, "analogy of four words")))
