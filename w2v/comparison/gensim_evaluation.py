"""How good vectors are, measured by gensim's own evaluators on the test sets that it carries: the same judge for both sides."""

import math
import warnings
from dataclasses import dataclass
from typing import Any

from w2v.errors import import_extra

RESTRICT_VOCABULARY = 30_000  # analogies are asked among the most frequent words, as word2vec's own script does


@dataclass(frozen=True)
class EvaluationSet:
    """A bundled test set, and by how much our mean may stay below gensim's before we call it worse."""

    name: str
    file: str
    kind: str  # "pairs": Spearman's correlation; "analogies": accuracy
    allowed: float


EVALUATION_SETS = (
    EvaluationSet("WordSim-353", "wordsim353.tsv", "pairs", 0.010),
    EvaluationSet("SimLex-999", "simlex999.txt", "pairs", 0.010),
    EvaluationSet("Google analogies", "questions-words.txt", "analogies", 0.005),
)


@dataclass(frozen=True)
class Score:
    """The result on one test set.

    Attributes
    ----------
    value : Spearman's correlation or accuracy; NaN where too few words are known
    covered, total : pairs or questions whose words are all known (among the `RESTRICT_VOCABULARY` most frequent, for analogies), and all;
        a single pair, which has no correlation, counts as none
    """

    value: float
    covered: int
    total: int


def evaluate_by_gensim(keyed: Any) -> dict[str, Score]:
    """Test set name -> score of a gensim `KeyedVectors`.

    Raises
    ------
    MissingExtraError
        gensim is not installed.
    """
    data = import_extra("gensim.test.utils", "validate", "the test sets that it carries")
    return {test.name: (_pairs if test.kind == "pairs" else _analogies)(keyed, data.datapath(test.file)) for test in EVALUATION_SETS}


def _pairs(keyed: Any, path: str) -> Score:
    with open(path, encoding="utf-8") as file:
        total = sum(not line.startswith("#") and _is_pair(line) for line in file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy's, where all similarities are equal: the result is NaN then
        try:
            _, spearman, unknown_percent = keyed.evaluate_word_pairs(path)
        except ValueError:  # fewer than two pairs are covered
            return Score(math.nan, 0, total)
    return Score(float(spearman[0]), total - round(unknown_percent / 100 * total), total)


def _is_pair(line: str) -> bool:
    """What gensim's evaluator takes for a pair: two words and a number, with tabs between."""
    fields = line.split("\t")
    try:
        float(fields[-1])
    except ValueError:
        return False
    return len(fields) == 3


def _analogies(keyed: Any, path: str) -> Score:
    with open(path, encoding="utf-8") as file:
        total = sum(len(line.split()) == 4 for line in file if not line.startswith(": "))
    accuracy, sections = keyed.evaluate_word_analogies(path, restrict_vocab=RESTRICT_VOCABULARY)
    covered = len(sections[-1]["correct"]) + len(sections[-1]["incorrect"])  # the last section is the sum
    return Score(float(accuracy) if covered else math.nan, covered, total)
