"""Successive halving, a tuning that was killed, and what is written of it."""

import dataclasses
import json
import math
import sys
import tomllib

import pytest
from next_items import walks

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoding import encode
from w2v.errors import CheckpointError, DivergedError, FormatError, MissingExtraError, OutputError
from w2v.items.held_out_items import split_sequences
from w2v.tuning.objectives import NextItem, WordPairs
from w2v.tuning.search import GIVEN_TRIAL, ITEM_SPACE, WORD_SPACE, add_trials, n_trainings, read_trials, tune
from w2v.tuning.study import open_study
from w2v.tuning.tuning_report import TuningReport, config_toml
from w2v.vectors.evaluation_sets import PairSet

pytest.importorskip("optuna", reason="optuna is not installed")

GIVEN = TrainConfig(dim=10, window=5, epochs=8)
DIMS = {"dim": (40, 30, 20)}
SETTINGS = {"inputs": ["a.txt"], "trials": 4}


class Dims:
    """Scores a training by its dim and epochs; diverges where told; remembers what was trained."""

    name = "dim"

    def __init__(self, diverging=(), stop_after=None):
        self.trained, self.diverging, self.stop_after = [], diverging, stop_after

    def __call__(self, config, is_last):
        if len(self.trained) == self.stop_after:
            raise KeyboardInterrupt
        self.trained.append((config.dim, config.epochs))
        if config.dim in self.diverging:
            raise DivergedError("training diverged")
        return self.score(config), {"test": {"value": 0.5, "interval": [0.4, 0.6]}, "rule": "cosine"} if is_last else {}

    def score(self, config):
        return config.dim + config.epochs / 1000


def run(folder, objective, n_trials=4, question=SETTINGS):
    """Tune the dims 10 (as given), and 30, 20, 40, which the seed draws in this order."""
    seen, study = [], open_study(folder, question)
    add_trials(study, GIVEN, DIMS, n_trials)
    return tune(study, GIVEN, objective, seen.append), seen


def test_the_better_half_goes_on(tmp_path):
    objective = Dims()
    trials, seen = run(tmp_path, objective)
    assert [trial.number for trial in trials] == [3, 0, 1, 2]
    assert objective.trained == [(10, 2), (30, 2), (20, 2), (40, 2), (40, 4), (30, 4), (10, 4), (40, 8), (10, 8)]  # 10 is as given
    assert [(result["trial"], result["round"]) for result in seen][-2:] == [(3, 2), (0, 2)]
    assert len(seen) <= n_trainings(4) == 4 + 3 + 2


def test_half_is_rounded_up_and_the_given_settings_are_one_more(tmp_path):
    study, objective = open_study(tmp_path, SETTINGS), Dims()
    add_trials(study, GIVEN, {"dim": (20, 30, 40), "negatives": (2, 3)}, 5)
    trials = tune(study, GIVEN, objective, lambda result: None)
    assert [len(trial.rounds) for trial in trials] == [3, 3, 3, 2, 1]  # of five 3 and 2 go on; the last of all is 0, as given
    assert trials[2].number == GIVEN_TRIAL


def test_equal_scores_stand_in_the_order_of_the_draw(tmp_path):
    objective = Dims()
    objective.score = lambda config: 1.0
    assert [trial.number for trial in run(tmp_path, objective)[0]] == [0, 1, 2, 3]


@pytest.mark.parametrize("stop_after", range(9))
def test_a_killed_tuning_goes_on(tmp_path, stop_after):
    for name in ("stopped", "whole"):
        (tmp_path / name).mkdir()
    first, second, whole = Dims(stop_after=stop_after), Dims(), Dims()
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "stopped", first)
    trials, seen = run(tmp_path / "stopped", second)
    expected, all_seen = run(tmp_path / "whole", whole)
    assert first.trained + second.trained == whole.trained
    assert [without_seconds(result) for result in seen] == [without_seconds(result) for result in all_seen]
    assert [trial.number for trial in trials] == [trial.number for trial in expected]
    run(tmp_path / "stopped", third := Dims())
    assert third.trained == []


def without_seconds(result):
    return {name: value for name, value in result.items() if name != "seconds"}


def test_a_line_that_was_not_written_to_its_end_is_dropped(tmp_path):
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, Dims(stop_after=5))
    journal = tmp_path / "study.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])  # the score of the fifth training: the training itself is kept
    run(tmp_path, second := Dims())
    assert second.trained == [(30, 4), (10, 4), (40, 8), (10, 8)]
    run(tmp_path, third := Dims())
    assert third.trained == []


def test_optuna_reads_the_study(tmp_path):
    run(tmp_path, Dims(diverging={20}))
    study = open_study(tmp_path, SETTINGS)
    assert (study.best_params, study.best_value) == ({"dim": 40}, 40.008)
    assert [trial.state.name for trial in study.trials] == ["COMPLETE", "PRUNED", "PRUNED", "COMPLETE"]
    assert study.trials[1].intermediate_values == {0: 30.002, 1: 30.004}
    assert math.isnan(study.trials[2].intermediate_values[0])


def test_without_optuna(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(MissingExtraError, match=r"optuna is needed for w2v tune: pip install 'w2v\[tune\]'"):
        open_study(tmp_path, SETTINGS)


def test_a_diverged_trial_is_last(tmp_path):
    trials, _ = run(tmp_path, Dims(diverging={40, 30}))
    assert trials[0].config.dim == 20
    assert [(trial.number, trial.rounds[0]["score"]) for trial in trials[2:]] == [(1, None), (3, None)]
    assert run(tmp_path, again := Dims())[0] == trials
    assert again.trained == []


def test_where_all_diverge_there_is_no_best_one(tmp_path):
    with pytest.raises(DivergedError, match="all trainings of the last round diverged: try a lower --alpha"):
        run(tmp_path, Dims(diverging={10, 20, 30, 40}))


def test_another_question_is_refused_once_there_are_results(tmp_path):
    open_study(tmp_path, {**SETTINGS, "trials": 5})
    with pytest.raises(KeyboardInterrupt):  # nothing was trained yet: a mistyped option is no harm
        run(tmp_path, Dims(stop_after=1))
    with pytest.raises(CheckpointError, match=r"was begun with trials 4, not 5: .* --overwrite"):
        open_study(tmp_path, {**SETTINGS, "trials": 5})
    (tmp_path / "corpus").mkdir()
    assert open_study(tmp_path, {**SETTINGS, "trials": 5}, overwrite=True).trials == []
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("content", ["no JSON\n", "{}\n", "1\n", "\n"])
def test_foreign_and_damaged_folders(tmp_path, content):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(OutputError, match=r"must be empty or hold a tuning: found thesis\.tex"):
        open_study(tmp_path, SETTINGS, overwrite=True)
    (tmp_path / "study.jsonl").write_text(content, encoding="utf-8")
    with pytest.raises(FormatError, match=r"study\.jsonl must be a journal of w2v tune .* --overwrite starts anew"):
        open_study(tmp_path, SETTINGS)
    assert open_study(tmp_path, SETTINGS, overwrite=True).trials == []


def draw(folder, given, space, n_trials):
    folder.mkdir()
    study = open_study(folder, SETTINGS)
    add_trials(study, given, space, n_trials)
    return [trial.config for trial in read_trials(study, given)]


def test_trials_are_drawn_by_the_seed(tmp_path):
    given = TrainConfig(seed=5, window=5, epochs=5)
    drawn = draw(tmp_path / "1", given, ITEM_SPACE, 12)
    assert drawn == draw(tmp_path / "2", given, ITEM_SPACE, 20)[:12]
    assert drawn[GIVEN_TRIAL] == given
    assert len(set(drawn)) == 12
    others = draw(tmp_path / "3", TrainConfig(seed=6, window=5, epochs=5), ITEM_SPACE, 12)
    assert [dataclasses.replace(config, seed=5) for config in others] != drawn
    fixed = draw(tmp_path / "4", TrainConfig(dim=48), {name: WORD_SPACE[name] for name in WORD_SPACE if name != "dim"}, 12)
    assert {config.dim for config in fixed} == {48}
    assert all(config.window != "session" and config.noise_exponent > 0 for config in fixed)
    assert len(draw(tmp_path / "5", given, {"epochs": ITEM_SPACE["epochs"]}, 12)) == 5
    assert len(draw(tmp_path / "6", given, {"epochs": WORD_SPACE["epochs"]}, 12)) == 4  # 5 is what is given


def test_the_first_round_has_one_epoch_at_least(tmp_path):
    study, objective = open_study(tmp_path, SETTINGS), Dims()
    add_trials(study, TrainConfig(dim=10, epochs=1), {"epochs": (10,)}, 2)
    tune(study, TrainConfig(dim=10, epochs=1), objective, lambda result: None)
    assert objective.trained == [(10, 1), (10, 2), (10, 5), (10, 1), (10, 10), (10, 1)]


def test_the_report(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    trials, _ = run(tmp_path, Dims())
    report = TuningReport(tmp_path, trials, "dim", {"popularity": 0.1}, CorpusConfig(tokenizer="items", min_count=3))
    report.save()
    rows = report.text().splitlines()
    assert rows[3].split() == ["3", "40", "5", "0.75", "5", "8", "40.0020", "40.0040", "40.0080", "0.0"]
    assert rows[4].startswith("0 (as given)")
    assert "best (trial 3), on the test cases, which decided nothing: 0.5000 [0.4000, 0.6000], asked by cosine" in rows
    assert "popularity: 0.1000" in rows
    assert (tmp_path / "trials.md").read_text(encoding="utf-8").count("\n|") == 6
    assert (tmp_path / "scores.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert (found["best"]["trial"], found["best"]["score"], len(found["results"])) == (3, 40.008, 9)
    assert tomllib.loads((tmp_path / "best.toml").read_text(encoding="utf-8"))["dim"] == 40


def test_the_table_tells_a_diverged_trial_from_one_that_was_out(tmp_path):
    trials, _ = run(tmp_path, Dims(diverging={30}))
    rows = [line.split() for line in TuningReport(tmp_path, trials, "dim", {}, None).text().splitlines()[3:7]]
    assert [row[6 if row[1] != "(as" else 8 :] for row in rows] == [
        ["40.0020", "40.0040", "40.0080", "0.0"], ["10.0020", "10.0040", "10.0080", "0.0"], ["20.0020", "20.0040", "0.0"], ["-", "0.0"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "corpus_config",
    [
        CorpusConfig(),
        CorpusConfig(tokenizer="items", min_count=5, separator='"'),
        CorpusConfig(tokenizer="items", separator="\t"),
        CorpusConfig(tokenizer="items", separator="\x7f"),
        CorpusConfig(tokenizer="chinese", dictionary="C:\\词典\u2028.txt", encoding="gb18030"),
        CorpusConfig(group_by="用户", item_field="item", order_by="time", session_gap="30m", drop_repeats=True),
    ],
)
def test_toml_round_trip(corpus_config):
    config = TrainConfig(window="session", noise_exponent=-0.5, alpha=1e-5, min_alpha=1e-7, fixed_window=True, held_out=0.1, early_stop=2)
    values = tomllib.loads(config_toml(config, corpus_config, "two\nlines"))
    fields = CorpusConfig.__dataclass_fields__
    assert CorpusConfig(**{name: value for name, value in values.items() if name in fields}) == corpus_config
    assert TrainConfig(**{name: value for name, value in values.items() if name not in fields}) == config
    assert set(tomllib.loads(config_toml(config, None, ""))) <= set(TrainConfig.__dataclass_fields__)


def test_next_items():
    split = split_sequences(encode(walks(), None, CorpusConfig(tokenizer="items")), 1, None)
    objective = NextItem(split, 1, False)
    config = TrainConfig(dim=16, window=2, epochs=20, sample=0.0, alpha=0.05)
    value, details = objective(config, True)
    assert value > 0.5
    low, high = details["test"]["interval"]
    assert low <= details["test"]["value"] <= high
    assert objective(config, False) == (value, {"rule": details["rule"]})
    assert objective.references()["popularity, test cases"] < 0.4


def test_word_pairs():
    corpus = encode(walks(), None, CorpusConfig(tokenizer="items"))
    near = PairSet("rings", tuple((f"r0i{i}", f"r{ring}i{i + 1}", 1.0 - ring) for i in range(5) for ring in (0, 1)))
    value, details = WordPairs(corpus, [near], 1)(TrainConfig(dim=16, window=2, epochs=20, sample=0.0, alpha=0.05), True)
    assert value > 0.5
    assert details["sets"]["rings"]["covered"] == 10
    with pytest.raises(FormatError, match=r"nothing must have two pairs of words in the vocabulary or more, not all judged alike: found 0"):
        WordPairs(corpus, [PairSet("nothing", (("x", "y", 1.0),))], 1)(TrainConfig(dim=4, epochs=1), False)
