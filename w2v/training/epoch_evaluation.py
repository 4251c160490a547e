"""How good the vectors are after an epoch, by the test sets that a caller names."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from w2v.errors import ConfigError
from w2v.vectors.evaluation import TestSet, evaluate_analogies, evaluate_pairs
from w2v.vectors.evaluation_sets import AnalogySet, PairSet, bundled_sets, find_set
from w2v.vectors.word_vectors import WordVectors

Scores = dict[str, dict[str, Any]]


def find_test_sets(given: TestSet | Sequence[TestSet]) -> list[PairSet | AnalogySet]:
    """Test sets by what names them: sets, files, names of bundled ones, or ``bundled`` for all of these.

    Raises
    ------
    ConfigError
        neither a set, nor a file, nor a name.
    """
    sets: list[PairSet | AnalogySet] = []
    for entry in given if isinstance(given, Iterable) and not isinstance(given, TestSet) else [given]:
        if not isinstance(entry, TestSet):
            raise ConfigError(f"evaluate takes what read_set returns, files of test sets, or 'bundled': received {type(entry).__name__}")
        if entry == "bundled":
            pairs, analogies = bundled_sets()
            sets += [*pairs, *analogies]
        else:
            sets.append(find_set(entry))
    return sets


def require_unique_names(sets: Sequence[PairSet | AnalogySet]) -> None:
    """Refuse two test sets of one name, under which a report gives their scores.

    Raises
    ------
    ConfigError
        with the name.
    """
    name, times = Counter(entry.name for entry in sets).most_common(1)[0] if sets else ("", 0)
    if times > 1:
        raise ConfigError(f"sets to evaluate must have different names: {name} is there {times} times")


def evaluate_sets(vectors: WordVectors, sets: Sequence[PairSet | AnalogySet]) -> Scores:
    """Name of a set -> ``spearman`` or ``accuracy`` (None where no question is covered), ``covered`` and ``total``."""
    found: Scores = {}
    for entry in sets:
        if isinstance(entry, PairSet):
            pairs = evaluate_pairs(vectors, entry)
            found[entry.name] = {"spearman": _finite(pairs.spearman), "covered": pairs.covered, "total": pairs.total}
        else:
            analogies = evaluate_analogies(vectors, entry)
            found[entry.name] = {"accuracy": _finite(analogies.accuracy), "covered": analogies.covered, "total": analogies.total}
    return found


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
