"""Evaluation: the same counts as gensim question by question, the same correlations as scipy, intervals, stability."""

import math
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from gensim.test.utils import datapath
from scipy import stats

from w2v.errors import ConfigError, FormatError
from w2v.vectors import evaluation
from w2v.vectors.bootstrap import accuracy_interval, mean_intervals, pearson, spearman, spearman_interval
from w2v.vectors.evaluation import UNKNOWN, EvaluationOptions, evaluate, evaluate_analogies, evaluate_pairs, stability
from w2v.vectors.evaluation_sets import AnalogySet, PairSet, bundled_sets, read_analogies, read_pairs, read_set
from w2v.vectors.word_vectors import WordVectors
from w2v.vocabulary import Vocabulary


def vectors_over(words: list[str], seed: int = 1, dim: int = 20) -> WordVectors:
    """Random vectors in which words that follow each other in pairs are alike, so that some analogies hold."""
    random = np.random.default_rng(seed)
    base = np.repeat(random.standard_normal((len(words) // 2 + 1, dim)), 2, axis=0)[: len(words)]
    base[1::2] += random.standard_normal(dim)
    matrix = (base + 0.3 * random.standard_normal(base.shape)).astype(np.float32)
    return WordVectors(Vocabulary(words, range(len(words), 0, -1)), matrix)


def google_words(analogies: AnalogySet, share: float = 0.7) -> list[str]:
    """Some of the words of a set, in pairs, in several spellings."""
    random = np.random.default_rng(5)
    words: dict[str, None] = {}
    for _, *question in analogies.questions:
        for word in question:
            words[word] = None
    kept = [word for word in words if random.random() < share]
    return list(dict.fromkeys([*kept, *[word.lower() for word in kept[::3]], *[word.upper() for word in kept[::7]]]))


@pytest.fixture(scope="module")
def google() -> AnalogySet:
    return bundled_sets()[1][0]


@pytest.mark.medium
@pytest.mark.parametrize("case_sensitive", [False, True])
@pytest.mark.parametrize("restrict", [60, 400, 300_000])
def test_analogies_are_gensims_question_by_question(
    google: AnalogySet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, restrict: int, case_sensitive: bool
) -> None:
    monkeypatch.setattr(evaluation, "_BATCH", 500)
    lines, section = [], None
    for number, *words in google.questions[::9]:
        if number != section:
            section = number
            lines.append(f": {google.sections[number]}")
        lines.append(" ".join(words))
    lines[5:5] = ["three words only", "", ": empty"]
    lines += ["king king king king", "a a b b"]
    (tmp_path / "some.txt").write_text("\n".join(lines) + "\n")
    vectors = vectors_over([*google_words(google), "king", "a", "A", "b"])
    ours = evaluate_analogies(
        vectors, read_analogies(tmp_path / "some.txt"), EvaluationOptions(restrict_vocab=restrict, case_sensitive=case_sensitive)
    )
    accuracy, sections = vectors.to_gensim().evaluate_word_analogies(
        str(tmp_path / "some.txt"), restrict_vocab=restrict, case_insensitive=not case_sensitive
    )
    *sections, total = sections
    assert [(s.name, s.correct, s.covered) for s in ours.sections] == [
        (s["section"], len(s["correct"]), len(s["correct"]) + len(s["incorrect"])) for s in sections
    ]
    questions = read_analogies(tmp_path / "some.txt").questions
    fold = str if case_sensitive else str.upper
    for outcome, kind in ((1, "correct"), (0, "incorrect")):
        asked = [
            tuple(fold(word) for word in words) for found, (_, *words) in zip(ours.outcomes, questions, strict=True) if found == outcome
        ]
        assert asked == total[kind]
    assert ours.total == len(questions)
    if ours.covered:
        assert ours.accuracy == accuracy
    if restrict > 60:
        assert 0 < ours.accuracy < 1
        assert ours.interval.low <= ours.accuracy <= ours.interval.high
        assert UNKNOWN in ours.outcomes


def test_where_all_candidates_are_spellings_of_the_question_gensims_answer_is_taken(tmp_path: Path) -> None:
    (tmp_path / "set").write_text(": s\nman king king king\nman king queen king\n")
    spellings = ["king", "King", "KING", "kING", "KIng", "KInG", "kINg", "KiNg"]
    random = np.random.default_rng(1)
    matrix = random.standard_normal((10, 12)).astype(np.float32)
    matrix[:8] = matrix[0] + 0.01 * matrix[:8]
    vectors = WordVectors(Vocabulary([*spellings, "man", "queen"], range(10, 0, -1)), matrix)
    ours = evaluate_analogies(vectors, read_analogies(tmp_path / "set"))
    _, sections = vectors.to_gensim().evaluate_word_analogies(str(tmp_path / "set"))
    assert len(sections[0]["correct"]) > 0
    assert [tuple("man king king king".upper().split())] == sections[0]["correct"][:1]
    assert (ours.outcomes == 1).sum() == len(sections[0]["correct"])


def test_of_candidates_that_are_all_spellings_of_the_question_the_last_counts(tmp_path: Path) -> None:
    (tmp_path / "set").write_text(": s\nman king king king\nman king king man\n")
    random = np.random.default_rng(1)
    matrix = (0.01 * random.standard_normal((10, 12))).astype(np.float32)
    matrix[:7, 0] = [5, 4, 5, 5, 4, 4, 4]
    matrix[:7, 1] = [0, 3, 0, 0, 3, 3, 3]
    matrix[7:, 0] = -1
    vectors = WordVectors(Vocabulary(["king", "man", "King", "KING", "Man", "MAN", "mAn", "x", "y", "z"], range(10, 0, -1)), matrix)
    _, sections = vectors.to_gensim().evaluate_word_analogies(str(tmp_path / "set"))
    assert sections[0]["correct"] == [("MAN", "KING", "KING", "MAN")]
    assert evaluate_analogies(vectors, read_analogies(tmp_path / "set")).outcomes.tolist() == [0, 1]


def test_3cosmul_answers_as_the_query_does(google: AnalogySet) -> None:
    vectors = vectors_over(google_words(google))
    some = AnalogySet("some", google.sections, google.questions[:3000:10])
    found = evaluate_analogies(vectors, some, EvaluationOptions(method="3cosmul", case_sensitive=True))
    for outcome, (_, a, b, c, d) in zip(found.outcomes.tolist(), some.questions, strict=True):
        if outcome != UNKNOWN:
            assert outcome == (vectors.analogy(a, b, c, 1, method="3cosmul")[0].word == d)


@pytest.mark.parametrize("file", ["wordsim353.tsv", "simlex999.txt"])
@pytest.mark.parametrize("case_sensitive", [False, True])
@pytest.mark.parametrize("restrict", [200, 300_000])
def test_word_pairs_are_gensims(file: str, case_sensitive: bool, restrict: int) -> None:
    pairs = read_pairs(datapath(file))
    random = np.random.default_rng(2)
    words = list(dict.fromkeys(word for a, b, _ in pairs.pairs for word in (a.lower(), b, b.upper()) if random.random() < 0.8))
    vectors = vectors_over(words)
    ours = evaluate_pairs(vectors, pairs, EvaluationOptions(restrict_vocab=restrict, case_sensitive=case_sensitive))
    theirs = vectors.to_gensim().evaluate_word_pairs(datapath(file), restrict_vocab=restrict, case_insensitive=not case_sensitive)
    assert ours.pearson == pytest.approx(theirs[0][0], abs=1e-6)
    assert ours.spearman == pytest.approx(theirs[1][0], abs=1e-6)
    assert 100 * (1 - ours.covered / ours.total) == pytest.approx(theirs[2])
    assert ours.interval.low < ours.spearman < ours.interval.high


def test_the_correlations_are_scipys() -> None:
    random = np.random.default_rng(1)
    for n in (2, 3, 10, 200):
        a, b = random.integers(0, 7, n).astype(float), random.integers(0, 5, n) + random.standard_normal(n).round(1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            np.testing.assert_allclose(spearman(a, b), stats.spearmanr(a, b)[0], atol=1e-12)
            np.testing.assert_allclose(pearson(a, b), stats.pearsonr(a, b)[0], atol=1e-12)
    for series in ([], [1.0]):
        assert math.isnan(spearman(np.array(series), np.array(series)))
        assert math.isnan(pearson(np.array(series), np.array(series)))
    assert math.isnan(spearman(np.ones(5), np.arange(5.0)))


@pytest.mark.medium
def test_a_bootstrap_interval_is_that_of_plain_resampling() -> None:
    random = np.random.default_rng(1)
    a = random.standard_normal(150).round(1)
    b = a + random.standard_normal(150)
    plain = [stats.spearmanr(a[drawn], b[drawn])[0] for drawn in random.integers(0, 150, (1000, 150))]
    # 20 seeds of either side differed by less than 0.012.
    np.testing.assert_allclose(spearman_interval(a, b, 1), np.quantile(plain, [0.025, 0.975]), atol=0.02)
    assert spearman_interval(a, b, 1) == spearman_interval(a, b, 1)
    assert spearman_interval(a, b, 1) != spearman_interval(a, b, 2)
    assert math.isnan(spearman_interval(a[:1], b[:1], 1).low)


@pytest.mark.parametrize("values", [1, 700])
def test_an_interval_does_not_depend_on_how_many_resamples_are_held(monkeypatch: pytest.MonkeyPatch, values: int) -> None:
    random = np.random.default_rng(3)
    a, b = random.standard_normal((2, 60)).round(1)
    whole = spearman_interval(a, b, 1), accuracy_interval(a > 0, np.arange(60) // 3, 1)
    monkeypatch.setattr("w2v.vectors.bootstrap._BLOCK_VALUES", values)
    assert (spearman_interval(a, b, 1), accuracy_interval(a > 0, np.arange(60) // 3, 1)) == whole


def test_questions_that_hang_together_widen_the_interval() -> None:
    correct = np.repeat(np.arange(40) % 2 == 0, 25)
    alone = accuracy_interval(correct, np.arange(1000), 1)
    together = accuracy_interval(correct, np.repeat(np.arange(40), 25), 1)
    assert alone.low == pytest.approx(0.5 - 1.96 * math.sqrt(0.25 / 1000), abs=0.006)
    assert together.low == pytest.approx(0.5 - 1.96 * math.sqrt(0.25 / 40), abs=0.03)
    assert math.isnan(accuracy_interval(correct, np.zeros(1000, np.int64), 1).low)


@pytest.mark.medium
def test_an_interval_is_as_wide_as_95_percent_are() -> None:
    correct = np.arange(1000) % 2 == 0
    wanted = 2 * 1.96 * math.sqrt(0.25 / 1000)  # 94 % are 4 % narrower; ten times 20 seeds were within 2 % of it
    shares = [accuracy_interval(correct, np.arange(1000), seed) for seed in range(20)]
    means = [mean_intervals(correct[:, None].astype(float), seed)[0] for seed in range(20)]
    for intervals in (shares, means):
        assert np.mean([interval.high - interval.low for interval in intervals]) == pytest.approx(wanted, rel=0.03)
        assert np.mean([interval.high + interval.low for interval in intervals]) == pytest.approx(1, abs=0.002)


def test_questions_hang_together_by_section_and_first_pair() -> None:
    words = [f"w{i}" for i in range(12)]
    draw = np.random.default_rng(4)
    questions = [(int(draw.integers(2)), *(words[i] for i in (draw.integers(2), *draw.integers(2, 12, 3)))) for _ in range(300)]
    found = evaluate_analogies(vectors_over(words), AnalogySet("some", ("s", "t"), tuple(questions)))  # type: ignore[arg-type]
    pairs = sorted({question[:3] for question in questions})
    groups = np.array([pairs.index(question[:3]) for question in questions])
    assert 0 < found.accuracy < 1
    by_hand = accuracy_interval(found.outcomes == 1, _by_first_occurrence(groups), 1)
    assert found.interval == by_hand


def _by_first_occurrence(groups: np.ndarray) -> np.ndarray:
    return np.array([list(dict.fromkeys(groups.tolist())).index(group) for group in groups.tolist()])


def test_stability() -> None:
    words = [f"w{i}" for i in range(300)]
    a, b = vectors_over(words), vectors_over(words, seed=2)
    assert stability(a, a) == (1.0, 300)
    share, asked = stability(a, b, n_words=50)
    assert asked == 50
    assert share < 0.2
    rotation = np.linalg.qr(np.random.default_rng(1).standard_normal((20, 20)))[0].astype(np.float32)
    backwards = np.arange(299, -1, -1)
    turned = WordVectors(Vocabulary([words[i] for i in backwards], range(300)), (a.matrix @ rotation)[backwards])
    assert stability(a, turned)[0] == 1.0  # neither the order of the words nor a rotation matters
    assert stability(a, vectors_over(["w1", "x"]))[1] == 0
    near = [{found.word for found in vectors.neighbors("w7", n=10)} for vectors in (a, b)]
    one = [WordVectors(Vocabulary(["w7", *words[:7], *words[8:]], range(300)), v.matrix[[7, *range(7), *range(8, 300)]]) for v in (a, b)]
    assert stability(*one, n_words=1)[0] == len(near[0] & near[1]) / 10


def test_chinese_sets_with_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    (tmp_path / "pairs").write_text("词一\t词二\t相似度\r\n国王\t女王\t8.5\r\n国王\t盐\t0.5\r\n𠀀\t盐\t0\r\n", "utf-8-sig", newline="")
    (tmp_path / "analogies").write_text(": 首都\r\n中国 北京 日本 东京\r\n中国 北京 法国 巴黎\r\n", "utf-8-sig", newline="")
    pairs, analogies = read_pairs(tmp_path / "pairs"), read_analogies(tmp_path / "analogies")
    assert pairs.pairs == (("国王", "女王", 8.5), ("国王", "盐", 0.5), ("𠀀", "盐", 0.0))
    assert (analogies.sections, analogies.questions[0]) == (("首都",), (0, "中国", "北京", "日本", "东京"))
    matrix = np.array([[1, 0, 0], [1, 0, 1], [0, 1, 0], [0, 1, 1], [-1, 0, 0]], np.float32)
    vectors = WordVectors(Vocabulary(["中国", "北京", "日本", "东京", "盐"], [5, 4, 3, 2, 1]), matrix)
    found = evaluate_analogies(vectors, analogies)
    assert (found.accuracy, found.covered, found.total) == (1.0, 1, 2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "3CosMul"}, "method must be one of 3cosadd, 3cosmul: received '3CosMul'"),
        ({"restrict_vocab": -1}, "restrict_vocab must be an integer of at least 1: received -1"),
        ({"seed": -1}, "seed must be an integer of at least 0: received -1"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        EvaluationOptions(**options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("read", "content", "message"),
    [
        (read_pairs, b"a b\n", "must have lines of word, tab, word, tab, number: found none, but 'a b'"),
        (read_pairs, b"a b c d\ne f g h\n", r"analogies are to be given as such, analogies="),
        (read_pairs, b"a,b,7,5\nc,d,8,1\n", "whether 7,5 is one number or two is not clear"),
        (read_set, b"a,b,7,5\nc,d,8,1\n", "whether 7,5 is one number or two is not clear"),
        (read_set, b"a b\n", "must have lines of word, tab, word, tab, number: found none"),
        (read_pairs, b"a\tb\tnan\n", "found none"),
        (read_pairs, b"1\ta\tb\n", "found none"),
        (read_pairs, b"", "it is empty"),
        (read_pairs, b"a\tb\t1\n\xff\tb\t1\n", "line 2: must be UTF-8"),
        (read_analogies, b": s\na b c\n", "must have lines of four words"),
        (read_analogies, b"a b c d\n: s\n", "line 1: a line ': section' must stand before the first analogy: found 'a b c d'"),
    ],
)
def test_what_is_no_test_set_is_refused(tmp_path: Path, read: object, content: bytes, message: str) -> None:
    (tmp_path / "set").write_bytes(content)
    with pytest.raises(FormatError, match=message):
        read(tmp_path / "set")  # type: ignore[operator]


def test_without_a_known_word_there_is_no_score(google: AnalogySet) -> None:
    vectors = vectors_over(["xx", "yy"])
    pairs = evaluate_pairs(vectors, bundled_sets()[0][0])
    assert (pairs.covered, pairs.total) == (0, 353)
    analogies = evaluate_analogies(vectors, google)
    assert (analogies.covered, analogies.total) == (0, 19544)
    for value in (pairs.spearman, pairs.pearson, pairs.interval.low, analogies.accuracy, analogies.interval.high):
        assert math.isnan(value)


def test_evaluate_takes_files_names_and_sets_and_the_bundled_ones_by_default(google: AnalogySet, tmp_path: Path) -> None:
    vectors = vectors_over(google_words(google, 0.3))
    (tmp_path / "mine.tsv").write_text("Athens\tGreece\t8\nOslo\tNorway\t9\n")
    (tmp_path / "some.txt").write_text(": capitals\nAthens Greece Oslo Norway\n")
    judged = PairSet("judged", (("Athens", "Greece", 8.0), ("Oslo", "Norway", 9.0)))
    mine, some, own, named = evaluate(vectors, [tmp_path / "mine.tsv", str(tmp_path / "some.txt"), judged, "SimLex-999"])
    assert (mine.name, mine.kind, mine.total) == ("mine.tsv", "pairs", 2)
    assert (some.name, some.kind, some.total) == ("some.txt", "analogies", 1)
    assert (repr(own), named.name, named.total) == (repr(evaluate_pairs(vectors, judged)), "SimLex-999", 999)  # of NaN, unequal to itself
    pairs, analogies = bundled_sets()
    everything = evaluate(vectors)
    assert [found.score for found in everything[:2]] == [evaluate_pairs(vectors, test).spearman for test in pairs]
    assert everything[2].score == evaluate_analogies(vectors, analogies[0]).accuracy
    assert [(found.name, found.kind, found.total) for found in everything] == [
        ("WordSim-353", "pairs", 353), ("SimLex-999", "pairs", 999), ("Google analogies", "analogies", 19544),
    ]  # fmt: skip
    assert everything[2].interval.low <= everything[2].score <= everything[2].interval.high


def test_evaluate_takes_one_set_a_model_and_options(google: AnalogySet) -> None:
    @dataclass
    class Model:
        vectors: WordVectors

    vectors = vectors_over(list(dict.fromkeys(word.lower() for word in google_words(google))))
    some = AnalogySet("some", google.sections, google.questions[:3000:10])
    (plain,) = evaluate(Model(vectors), some)
    for option in ({"restrict_vocab": 60}, {"case_sensitive": True}, {"method": "3cosmul"}, {"seed": 3}):
        (found,) = evaluate(Model(vectors), some, **option)
        wanted = evaluate_analogies(vectors, some, EvaluationOptions(**option))
        assert found.outcomes.tolist() == wanted.outcomes.tolist()
        assert found.interval == wanted.interval
        assert (found.score, found.interval, found.covered) != (plain.score, plain.interval, plain.covered)


def test_a_set_that_is_neither_a_file_nor_a_name_is_refused() -> None:
    with pytest.raises(ConfigError, match="must be a file or one of WordSim-353, SimLex-999, Google analogies: received 'wordsim'"):
        evaluate(vectors_over(["a", "b"]), "wordsim")


def test_sets_and_results_are_shown_in_one_line(google: AnalogySet) -> None:
    assert repr(google) == "<AnalogySet Google analogies: 19,544 questions in 14 sections>"
    assert repr(PairSet("judged", (("a", "b", 1.0),))) == "<PairSet judged: 1 pairs>"
    assert len(repr(evaluate(vectors_over(["a", "b"]), google)[0])) < 200
