"""How good vectors are: correlation with human judgments, analogies answered, neighbors that two trainings share.

The counts are those of gensim's ``evaluate_word_pairs`` and ``evaluate_word_analogies``, question by question; the analogies are asked
in batches, by blocked matrix products.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, one_of
from w2v.vectors.bootstrap import ConfidenceInterval, accuracy_interval, pearson, spearman, spearman_interval
from w2v.vectors.cosmul import nearest_by_product
from w2v.vectors.evaluation_sets import AnalogySet, PairSet, bundled_sets, find_set
from w2v.vectors.nearest import nearest, unit
from w2v.vectors.word_vectors import ANALOGY_METHODS, WordVectors

RESTRICT_VOCAB = 300_000  # gensim's default
UNKNOWN = -1
_ANSWERS = 5  # gensim looks at so many candidates for one that is none of the question's words
_BATCH = 4096


@dataclass(frozen=True, kw_only=True)
class EvaluationOptions:
    """How the questions of a test set are asked.

    Attributes
    ----------
    restrict_vocab : look among so many of the most frequent words; questions with other words are not covered
    case_sensitive : else words are compared in upper case, and the most frequent spelling is taken
    method : of analogies: 3cosadd or 3cosmul
    seed : of the bootstrap, at least 0

    Raises
    ------
    ConfigError
        an unknown method, or a number out of range.
    """

    restrict_vocab: int = RESTRICT_VOCAB
    case_sensitive: bool = False
    method: str = ANALOGY_METHODS[0]
    seed: int = 1

    def __post_init__(self) -> None:
        integer("restrict_vocab", self.restrict_vocab)
        one_of("method", self.method, ANALOGY_METHODS)
        integer("seed", self.seed, 0)


@dataclass(frozen=True)
class PairsResult:
    """Correlations with human judgments, over the pairs whose words are known; NaN where there are fewer than two."""

    kind: ClassVar = "pairs"
    name: str
    spearman: float
    pearson: float
    interval: ConfidenceInterval
    covered: int
    total: int

    @property
    def score(self) -> float:
        """Spearman's correlation."""
        return self.spearman


@dataclass(frozen=True)
class SectionResult:
    """Answers to the analogies of a section."""

    name: str
    correct: int
    covered: int
    total: int

    @property
    def accuracy(self) -> float:
        """Share of the covered questions that were answered; NaN of none."""
        return self.correct / self.covered if self.covered else math.nan


@dataclass(frozen=True)
class AnalogiesResult:
    """Answers to all analogies of a set.

    Attributes
    ----------
    outcomes : (n_questions,) int8: 1 correct, 0 wrong, `UNKNOWN` where a word is not in the vocabulary
    """

    kind: ClassVar = "analogies"
    name: str
    accuracy: float
    interval: ConfidenceInterval
    covered: int
    total: int
    sections: tuple[SectionResult, ...] = field(repr=False)
    outcomes: npt.NDArray[np.int8] = field(repr=False)

    @property
    def score(self) -> float:
        """Share of the covered questions that were answered."""
        return self.accuracy

    @property
    def correct(self) -> int:
        """How many were answered."""
        return int((self.outcomes == 1).sum())


class HasVectors(Protocol):
    """A model: what `train` and `load_model` return."""

    @property
    def vectors(self) -> WordVectors:
        """Its word vectors."""


TestSet = PairSet | AnalogySet | str | Path


def evaluate(
    model: WordVectors | HasVectors,
    sets: TestSet | Sequence[TestSet] | None = None,
    *,
    restrict_vocab: int = RESTRICT_VOCAB,
    case_sensitive: bool = False,
    method: str = ANALOGY_METHODS[0],
    seed: int = 1,
) -> list[PairsResult | AnalogiesResult]:
    """Measure word vectors on pairs of words that people have judged, and on analogies.

    Parameters
    ----------
    model : word vectors, or a model that has them
    sets : one test set or several: files, names of the sets that gensim brings (WordSim-353, SimLex-999, Google analogies), or what
        `read_set` returned. None takes the three that gensim brings
    restrict_vocab : look among so many of the most frequent words; questions with other words are not covered
    case_sensitive : take words as they are written; else case does not matter
    method : how analogies are answered, 3cosadd or 3cosmul
    seed : of the bootstrap, at least 0

    Returns
    -------
    One result for each set, in their order, with ``name``, ``kind`` (pairs or analogies), ``score`` (Spearman's correlation, or the share
    of right answers; NaN where too few questions are covered), ``interval`` (95 %, bootstrap), ``covered`` and ``total`` (questions).

    Raises
    ------
    ConfigError
        a set that is neither a file nor a name of one, or an option out of range.
    FormatError
        a file that is no test set.
    MissingExtraError
        a set that gensim brings, and gensim is not installed.

    Examples
    --------
    >>> import w2v
    >>> vectors = w2v.WordVectors(w2v.Vocabulary(["tea", "cup", "moon"], [9, 7, 5]), np.array([[3, 4], [4, 3], [-4, 3]], np.float32))
    >>> judged = w2v.PairSet("drinks", (("tea", "cup", 8.5), ("tea", "moon", 1.0), ("cup", "saucer", 7.5)))
    >>> for result in w2v.evaluate(vectors, judged):
    ...     print(result.name, result.kind, round(result.score, 2), f"{result.covered} of {result.total}")
    drinks pairs 1.0 2 of 3
    """
    vectors = model if isinstance(model, WordVectors) else model.vectors
    options = EvaluationOptions(restrict_vocab=restrict_vocab, case_sensitive=case_sensitive, method=method, seed=seed)
    if sets is None:
        pairs, analogies = bundled_sets()
        sets = [*pairs, *analogies]
    elif isinstance(sets, PairSet | AnalogySet | str | Path):
        sets = [sets]
    return [
        evaluate_pairs(vectors, found, options) if isinstance(found, PairSet) else evaluate_analogies(vectors, found, options)
        for found in map(find_set, sets)
    ]


def evaluate_pairs(vectors: WordVectors, pairs: PairSet, options: EvaluationOptions | None = None) -> PairsResult:
    """Spearman's and Pearson's correlation between cosine similarities and human judgments."""
    options = options or EvaluationOptions()
    ranks, _ = _spellings(vectors, options)
    fold = _fold(options)
    known = [(ranks[fold(a)], ranks[fold(b)], value) for a, b, value in pairs.pairs if fold(a) in ranks and fold(b) in ranks]
    words = vectors.words
    ours = vectors.similarities([(words[a], words[b]) for a, b, _ in known])
    theirs = np.array([value for _, _, value in known], np.float64)
    return PairsResult(
        pairs.name,
        spearman(ours, theirs),
        pearson(ours, theirs),
        spearman_interval(ours, theirs, options.seed),
        len(known),
        len(pairs.pairs),
    )


def evaluate_analogies(vectors: WordVectors, analogies: AnalogySet, options: EvaluationOptions | None = None) -> AnalogiesResult:
    """Share of the questions "a is to b as c is to ?" whose best answer, other than a, b and c, is the expected word."""
    options = options or EvaluationOptions()
    ranks, first_spelling = _spellings(vectors, options)
    fold = _fold(options)
    outcomes = np.full(len(analogies.questions), UNKNOWN, np.int8)
    asked, numbers = [], []
    for number, (_, *words) in enumerate(analogies.questions):
        found = [ranks.get(fold(word), UNKNOWN) for word in words]
        if UNKNOWN not in found:
            asked.append(found)
            numbers.append(number)
    questions = np.array(asked, np.int64).reshape(-1, 4)
    for number, question, candidates in zip(numbers, questions, _candidates(vectors, questions[:, :3], options), strict=True):
        outcomes[number] = _answer(first_spelling[candidates], question[:3]) == question[3]
    return _summarized(analogies, outcomes, options.seed)


def stability(a: WordVectors, b: WordVectors, n: int = 10, n_words: int = 1000) -> tuple[float, int]:
    """Share of the `n` nearest neighbors that two trainings agree on, 0 to 1, among the words that both have.

    Asked for at most `n_words` words, evenly spread over the ranks of `a`.

    Returns
    -------
    The mean share (NaN without two common words), and how many words were asked for.
    """
    common = [word for word in a.words if word in b]
    if len(common) < 2:
        return math.nan, 0
    sampled = np.unique(np.linspace(0, len(common) - 1, min(n_words, len(common))).astype(np.int64))
    near = []
    for vectors in (a, b):
        rows = np.array([vectors.index(word) for word in common])
        matrix = vectors.matrix if np.array_equal(rows, np.arange(len(vectors))) else vectors.matrix[rows]
        norms = vectors.norms[rows]
        queries = np.array([unit(matrix[rank]) for rank in sampled])
        near.append([set(found.tolist()) for found, _ in nearest(matrix, norms, queries, [[rank] for rank in sampled.tolist()], n)])
    return float(np.mean([len(x & y) / len(x) for x, y in zip(*near, strict=True)])), len(sampled)


def _fold(options: EvaluationOptions) -> Callable[[str], str]:
    return str if options.case_sensitive else str.upper


def _spellings(vectors: WordVectors, options: EvaluationOptions) -> tuple[dict[str, int], npt.NDArray[np.int64]]:
    """Folded word -> rank of its most frequent spelling; and for each rank the rank of that spelling."""
    fold = _fold(options)
    folded = [fold(word) for word in vectors.words[: options.restrict_vocab]]
    ranks: dict[str, int] = {}
    first = np.array([ranks.setdefault(word, rank) for rank, word in enumerate(folded)], np.int64)
    return ranks, first


def _candidates(vectors: WordVectors, triples: npt.NDArray[np.int64], options: EvaluationOptions) -> Iterator[npt.NDArray[np.int64]]:
    """For each question (a, b, c) the ranks of the `_ANSWERS` best candidates."""
    rows = slice(options.restrict_vocab)
    matrix, norms = vectors.matrix[rows], vectors.norms[rows]
    for start in range(0, len(triples), _BATCH):
        part = triples[start : start + _BATCH]
        words, places = np.unique(part, return_inverse=True)
        units = np.array([unit(matrix[word]) for word in words])[places.reshape(part.shape)]
        excluded = part.tolist()
        if options.method == "3cosmul":
            found = nearest_by_product(matrix, norms, units[:, [1, 2, 0]], 2, excluded, _ANSWERS)
        else:
            found = nearest(matrix, norms, np.array([unit(b + c - a) for a, b, c in units]), excluded, _ANSWERS)
        yield from (ranks for ranks, _ in found)


def _answer(candidates: npt.NDArray[np.int64], question: npt.NDArray[np.int64]) -> int:
    """The first candidate that is none of the question's words, in any spelling; as in gensim, the last one where all are."""
    others = candidates[np.isin(candidates, question, invert=True)]
    if len(others):
        return int(others[0])
    return int(candidates[-1]) if len(candidates) else UNKNOWN


def _summarized(analogies: AnalogySet, outcomes: npt.NDArray[np.int8], seed: int) -> AnalogiesResult:
    section = np.array([number for number, *_ in analogies.questions], np.int64)
    groups: dict[tuple[int, str, str], int] = {}
    group = np.array([groups.setdefault((number, a, b), len(groups)) for number, a, b, _, _ in analogies.questions], np.int64)
    covered = outcomes != UNKNOWN
    correct = outcomes == 1
    sections = [
        SectionResult(name, int(correct[section == i].sum()), int(covered[section == i].sum()), int((section == i).sum()))
        for i, name in enumerate(analogies.sections)
    ]
    n_covered = int(covered.sum())
    return AnalogiesResult(
        analogies.name,
        int(correct.sum()) / n_covered if n_covered else math.nan,
        accuracy_interval(correct[covered], group[covered], seed),
        n_covered,
        len(outcomes),
        tuple(sections),
        outcomes,
    )
