"""Events without a group, an item or a time: empty cells, and the words by which programs write that there is nothing."""

from collections import Counter
from collections.abc import Mapping, Sequence

# Of databases, pandas, R, JavaScript, spreadsheets and logs, and MySQL's dates. Not "Null" and "none", which are a name and a word.
_WORDS = (
    "nan",
    "NaN",
    "NAN",
    "null",
    "NULL",
    "(null)",
    "None",
    "nil",
    "\\N",
    "<NA>",
    "NA",
    "N/A",
    "n/a",
    "#N/A",
    "NaT",
    "undefined",
    "-",
    "0000-00-00",
    "0000-00-00 00:00:00",
)
_MISSING = frozenset(("", *_WORDS))


class MissingNames:
    """Finds and counts them, for all files of a corpus.

    Attributes
    ----------
    n_events : how many lack something
    """

    def __init__(self) -> None:
        self.n_events = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    @staticmethod
    def find(names: Sequence[str]) -> dict[int, str]:
        """Index -> name of those that are missing."""
        if _MISSING.isdisjoint(names):
            return {}
        return {index: name for index, name in enumerate(names) if name in _MISSING}

    def count(self, found: Mapping[str, Mapping[int, str]]) -> None:
        """Add what `find` gave for each column: group, item, time."""
        self.n_events += len(set().union(*found.values()))
        for what, places in found.items():
            self._counts.update((what, name) for name in places.values())

    def describe(self) -> str:
        """Such as ``3 with the group 'nan', 1 without an item``."""
        parts = []
        for (what, name), n in self._counts.most_common(5):
            without = f"without {'an' if what == 'item' else 'a'} {what}"
            parts.append(f"{n:,} with the {what} {name!r}" if name else f"{n:,} {without}")
        return ", ".join(parts).replace("\\\\", "\\")
