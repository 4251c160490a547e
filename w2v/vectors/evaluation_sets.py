"""Test sets of word vectors: pairs of words with a human judgment, and analogies by section; read as gensim reads them."""

import math
from dataclasses import dataclass
from pathlib import Path

from w2v.errors import ConfigError, FormatError, import_extra

_BUNDLED_PAIRS = (("WordSim-353", "wordsim353.tsv"), ("SimLex-999", "simlex999.txt"))
_BUNDLED_ANALOGIES = (("Google analogies", "questions-words.txt"),)


@dataclass(frozen=True)
class PairSet:
    """Pairs of words and how similar people found them."""

    name: str
    pairs: tuple[tuple[str, str, float], ...]

    def __repr__(self) -> str:
        return f"<PairSet {self.name}: {len(self.pairs):,} pairs>"


@dataclass(frozen=True)
class AnalogySet:
    """Questions "a is to b as c is to d", by section.

    Attributes
    ----------
    sections : names
    questions : (index of the section, a, b, c, d)
    """

    name: str
    sections: tuple[str, ...]
    questions: tuple[tuple[int, str, str, str, str], ...]

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
    """Read pairs, or analogies where a line begins a section of them.

    Raises
    ------
    FormatError
        neither.
    """
    has_section = any(line.startswith(": ") for line in _lines(Path(path)))
    return read_analogies(path) if has_section else read_pairs(path)


def read_pairs(path: str | Path, name: str | None = None) -> PairSet:
    """Read lines of two words and a number with tabs between; others, and those that begin with #, are skipped.

    Raises
    ------
    FormatError
        not UTF-8, or no such line.
    """
    pairs = []
    for line in _lines(Path(path)):
        fields = line.split("\t")
        if line.startswith("#") or len(fields) != 3:
            continue
        try:
            value = float(fields[2])
        except ValueError:
            continue
        if math.isfinite(value):
            pairs.append((fields[0], fields[1], value))
    if not pairs:
        raise FormatError(f"{path} must have lines of word, tab, word, tab, number: found none")
    return PairSet(name or Path(path).name, tuple(pairs))


def read_analogies(path: str | Path, name: str | None = None) -> AnalogySet:
    """Read lines of four words, after lines ``: section``; other lines are skipped.

    Raises
    ------
    FormatError
        not UTF-8, no such line, or one before the first section.
    """
    sections: list[str] = []
    questions = []
    for number, line in enumerate(_lines(Path(path)), 1):
        words = line.split()
        if line.startswith(": "):
            sections.append(line.lstrip(": ").strip())
        elif len(words) == 4:
            if not sections:
                raise FormatError(f"{path}, line {number}: a line ': section' must stand before the first analogy: found {line[:60]!r}")
            a, b, c, d = words
            questions.append((len(sections) - 1, a, b, c, d))
    if not questions:
        raise FormatError(f"{path} must have lines of four words below lines ': section': found none")
    return AnalogySet(name or Path(path).name, tuple(sections), tuple(questions))


def _lines(path: Path) -> list[str]:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FormatError(f"{path}, line {line}: must be UTF-8 ({error.reason})") from None
