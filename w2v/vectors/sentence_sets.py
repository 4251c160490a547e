"""Pairs of sentences that people have judged, such as the STS benchmark and SICK: reading them, and what vectors say of them."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from w2v.corpus.reading.tables.quoted_rows import parse_rows
from w2v.errors import FormatError
from w2v.vectors.bootstrap import pearson, spearman, spearman_interval
from w2v.vectors.evaluation import PairsResult
from w2v.vectors.evaluation_tables import parse_number
from w2v.vectors.text_vectors import SIF
from w2v.vectors.word_vectors import WordVectors

_DELIMITERS = ("\t", ",", ";", "|")  # in doubt the first
_SCORE_TITLE = re.compile(r"score|simil|relat|gold|rating|judg", re.IGNORECASE)


@dataclass(frozen=True)
class SentenceSet:
    """Pairs of sentences and how similar people found them."""

    name: str
    pairs: tuple[tuple[str, str, float], ...]

    def __repr__(self) -> str:
        return f"<SentenceSet {self.name}: {len(self.pairs):,} pairs>"


def read_sentences(path: str | Path) -> SentenceSet:
    """Read a csv or tsv with two columns of sentences and one of numbers, with or without a header; other columns may be there.

    The sentences are the first two columns whose cells are about as long as the longest; the judgment is the numeric column whose title
    says so, else the one with decimal points, else the last.

    Raises
    ------
    FormatError
        not UTF-8, or no such columns.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} must be UTF-8: {error.reason} at byte {error.start}") from None
    for delimiter in sorted(_DELIMITERS, key=lambda mark: -_count_lines(text, mark)):
        rows = [row for _, row in parse_rows(text.splitlines(keepends=True), delimiter, str(path))]
        pairs = _pairs(rows)
        if pairs:
            return SentenceSet(path.name, tuple(pairs))
    raise FormatError(f"{path} must be a csv or tsv of two columns of sentences and one of numbers: found {text[:60]!r}")


def _count_lines(text: str, delimiter: str) -> int:
    """How many of the first lines have the delimiter twice or more."""
    return sum(line.count(delimiter) > 1 for line in text.split("\n", 200)[:200])


def _pairs(rows: Sequence[Sequence[str]]) -> list[tuple[str, str, float]]:
    width = Counter(map(len, rows)).most_common(1)[0][0] if rows else 0
    rows = [row for row in rows if len(row) == width]
    if width < 3:
        return []
    body = rows[1:] if len(rows) > 1 else rows
    values = np.array([[parse_number(cell) for cell in row] for row in body])
    numeric = np.flatnonzero(np.isfinite(values).mean(axis=0) > 0.9).tolist()
    lengths = np.array([[len(cell) for cell in row] for row in body]).mean(axis=0)
    lengths[numeric] = 0
    lengths[[len(set(column)) < max(2, len(rows) / 4) for column in zip(*rows, strict=True)]] = 0  # genres, years, labels
    sentences = np.flatnonzero(lengths > lengths.max() / 2).tolist()[:2]
    if len(sentences) < 2 or not numeric:
        return []
    first, second, value = *sentences, _judgment(rows[0], body, numeric)
    found = [(row[first], row[second], parse_number(row[value])) for row in rows]
    return [pair for pair in found if math.isfinite(pair[2])]


def _judgment(header: Sequence[str], body: Sequence[Sequence[str]], numeric: Sequence[int]) -> int:
    titled = [column for column in numeric if _SCORE_TITLE.search(header[column])]
    with_points = [column for column in numeric if any("." in row[column] for row in body)]
    return (titled or with_points or numeric)[-1]


def evaluate_sentences(
    vectors: WordVectors, sentences: SentenceSet, *, weighting: str = "sif", sif: float = SIF, seed: int = 1
) -> PairsResult:
    """Correlation of the cosines of texts' vectors (`WordVectors.encode`) with human judgments.

    A pair with a text without known words has the similarity 0, and is not counted as covered. Raises what `WordVectors.encode` raises.
    """
    firsts, seconds, judgments = zip(*sentences.pairs, strict=True)
    a, b = (vectors.encode(texts, weighting=weighting, sif=sif).astype(np.float64) for texts in (firsts, seconds))
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    ours = np.divide((a * b).sum(axis=1), norms, out=np.zeros(len(norms)), where=norms > 0)
    theirs = np.array(judgments)
    interval = spearman_interval(ours, theirs, seed)
    return PairsResult(sentences.name, spearman(ours, theirs), pearson(ours, theirs), interval, int((norms > 0).sum()), len(theirs))
