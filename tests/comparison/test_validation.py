"""The table and the verdicts of a validation, on made-up runs."""

import json
import math

import pytest

from w2v.comparison.gensim_evaluation import EVALUATION_SETS, Score
from w2v.comparison.mean_differences import Difference
from w2v.comparison.validation import SeedRun, Validation, verdict
from w2v.config import CorpusConfig, TrainConfig
from w2v.machine import describe_machine

WORDSIM, SIMLEX, ANALOGIES = EVALUATION_SETS


def seed_run(speed, wordsim, simlex, analogies):
    scores = {
        "WordSim-353": Score(wordsim, 260, 353),
        "SimLex-999": Score(simlex, 0, 999),
        "Google analogies": Score(analogies, 4000, 19_544),
    }
    return SeedRun(speed, scores)


@pytest.fixture
def validation():
    settings = {
        "text": "a.txt", "tokens": 470_988, "vocabulary": 9819, "seeds": 3, "threads": 2, "line_words": 20,
        "train_config": TrainConfig(window=5, epochs=5).to_json(), "corpus_config": CorpusConfig().to_json(),
    }  # fmt: skip
    ours = [seed_run(4.0e6, 0.66, math.nan, 0.30), seed_run(5.0e6, 0.67, math.nan, 0.31), seed_run(6.0e6, 0.68, math.nan, 0.29)]
    gensim = [seed_run(0.4e6, 0.65, math.nan, 0.40), seed_run(0.5e6, 0.64, math.nan, 0.41), seed_run(0.3e6, 0.66, math.nan, 0.39)]
    return Validation(settings, describe_machine(), ours, gensim, [])


def test_table(validation):
    lines = validation.table().splitlines()
    assert lines[0].startswith("a.txt: 470,988 tokens, in lines of 20 words, 9,819 words, epochs 5, dim 100, window 5")
    words, wordsim, simlex, analogies = (line.split("  ") for line in lines[4:8])
    cells = [[cell.strip() for cell in line if cell.strip()] for line in (words, wordsim, simlex, analogies)]
    assert cells[0] == ["words/s", "400k ± 100k", "5.00M ± 1.00M", "12.5x"]
    # s**2 = 2 * 1e-4 / 3, freedom 4, t(0.95, 4) = 2.132: -0.02 + 2.132 * 0.008165
    assert cells[1] == ["WordSim-353", "260 of 353", "0.6500 ± 0.0100", "0.6700 ± 0.0100", "-0.0200", "-0.0026", "0.010", "holds"]
    assert cells[2] == ["SimLex-999", "0 of 999", "-", "-", "-", "-", "0.010", "not covered"]
    assert cells[3] == ["Google analogies", "4,000 of 19,544", "0.4000 ± 0.0100", "0.3000 ± 0.0100", "0.1000", "0.1174", "0.005", "worse"]


def test_json(validation):
    found = json.loads(json.dumps(validation.to_json(), allow_nan=False))
    assert found["words_per_second"] == {"w2v": [4e6, 5e6, 6e6], "gensim": [4e5, 5e5, 3e5], "by_default": [], "ratio": pytest.approx(12.5)}
    wordsim, simlex, _ = found["sets"]
    assert (wordsim["set"], wordsim["kind"], wordsim["covered"], wordsim["total"]) == ("WordSim-353", "pairs", 260, 353)
    assert wordsim["gensim"] == [0.65, 0.64, 0.66]
    assert wordsim["difference"]["value"] == pytest.approx(-0.02)
    assert (simlex["w2v"], simlex["difference"]["upper"]) == ([None] * 3, None)
    assert found["machine"]["versions"]["gensim"]
    assert found["settings"]["line_words"] == 20


@pytest.mark.parametrize(
    ("difference", "expected"),
    [
        (Difference(0.0, -0.01, 0.01), "holds"),
        (Difference(0.0, -0.01, 0.011), "more seeds"),
        (Difference(0.02, 0.009, 0.03), "more seeds"),
        (Difference(0.02, 0.01, 0.03), "more seeds"),
        (Difference(0.02, 0.011, 0.03), "worse"),
        (Difference(0.0, math.nan, math.nan), "more seeds"),  # one seed
        (Difference(math.nan, math.nan, math.nan), "not covered"),
    ],
)
def test_verdicts(difference, expected):
    assert verdict(difference, 0.01) == expected
