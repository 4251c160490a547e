"""Successive halving, a tuning that was killed, and what is written of it."""

import dataclasses
import json
import tomllib
from fractions import Fraction

import pytest
from next_items import walks

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import encode
from w2v.errors import CheckpointError, DivergedError, FormatError, OutputError
from w2v.items.held_out_items import split_sequences
from w2v.tuning.report import TuningReport, config_toml, trial_table
from w2v.tuning.search import NextItem, WordPairs, n_trainings, tune
from w2v.tuning.trials import AS_GIVEN, Trial, draw_trials, going_on
from w2v.tuning.tuning_folder import Result, TuningState
from w2v.vectors.evaluation_sets import PairSet

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
        return config.dim + config.epochs / 1000, {"test": {"value": 0.5, "interval": [0.4, 0.6]}, "rule": "cosine"} if is_last else {}

    def references(self):
        return {"popularity": 0.1}


def trials(*dims):
    return [Trial(number, TrainConfig(dim=dim, epochs=8)) for number, dim in enumerate(dims)]


def run(state, objective, some=None):
    seen = []
    best = tune(some or trials(10, 30, 20, 40), objective, state, seen.append)
    return best, seen


def test_the_better_half_goes_on(tmp_path):
    objective = Dims()
    best, seen = run(TuningState(tmp_path, SETTINGS), objective)
    assert best.number == 3
    assert objective.trained == [(10, 2), (30, 2), (20, 2), (40, 2), (40, 4), (30, 4), (10, 4), (40, 8), (10, 8)]  # 10 is as given
    assert [(result.trial, result.round) for result in seen][-2:] == [(3, 2), (0, 2)]
    assert len(seen) <= n_trainings(4) == 4 + 3 + 2


def test_who_goes_on():
    some = trials(1, 2, 3, 4, 5)
    scores = {0: 0.1, 1: 0.5, 2: None, 3: 0.5, 4: 0.6}
    assert [trial.number for trial in going_on(some, scores, 1, 5)] == [4, 1, 3, 0]
    assert [trial.number for trial in going_on(some, scores, 2, 5)] == [4, 1, 0]


def test_a_killed_tuning_goes_on(tmp_path):
    first = Dims(stop_after=5)
    with pytest.raises(KeyboardInterrupt):
        run(TuningState(tmp_path, SETTINGS), first)
    second = Dims()
    best, _ = run(TuningState(tmp_path, SETTINGS), second)
    other, whole = tmp_path / "other", Dims()
    other.mkdir()
    assert run(TuningState(other, SETTINGS), whole)[0] == best
    assert first.trained + second.trained == whole.trained
    assert run(TuningState(tmp_path, SETTINGS), third := Dims())[0] == best
    assert third.trained == []


def test_a_diverged_trial_is_last(tmp_path):
    state = TuningState(tmp_path, SETTINGS)
    best, _ = run(state, Dims(diverging={40, 30}))
    assert best.config.dim == 20
    assert state.results[3, 0].score is None
    assert "\n3" in trial_table(trials(10, 30, 20, 40), state)
    reread = TuningState(tmp_path, SETTINGS)
    assert reread.results == state.results


def test_where_all_diverge_there_is_no_best_one(tmp_path):
    with pytest.raises(DivergedError, match="all trainings of the last round diverged: try a lower --alpha"):
        run(TuningState(tmp_path, SETTINGS), Dims(diverging={10, 20, 30, 40}))


def test_other_settings_are_refused_once_there_are_results(tmp_path):
    TuningState(tmp_path, SETTINGS)
    state = TuningState(tmp_path, {**SETTINGS, "trials": 5})  # nothing was trained yet: a mistyped option is no harm
    state.add(Result(0, 0, 2, 0.5, 1.0, {}))
    with pytest.raises(CheckpointError, match=r"was begun with trials 5, not 4: .* --overwrite"):
        TuningState(tmp_path, SETTINGS)
    assert TuningState(tmp_path, SETTINGS, overwrite=True).results == {}
    assert not (tmp_path / "results.jsonl").exists()


def test_foreign_and_damaged_folders(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(OutputError, match=r"must be empty or hold a tuning: found thesis\.tex"):
        TuningState(tmp_path, SETTINGS, overwrite=True)
    ours = tmp_path / "ours"
    ours.mkdir()
    TuningState(ours, SETTINGS).add(Result(0, 0, 2, 0.5, 1.0, {}))
    with open(ours / "results.jsonl", "a", encoding="utf-8") as file:
        file.write('{"trial": 1}\n')
    with pytest.raises(FormatError, match=r"results\.jsonl, line 2"):
        TuningState(ours, SETTINGS)
    (ours / "tuning.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OutputError, match="is of something else"):
        TuningState(ours, SETTINGS)


def test_trials_are_drawn_by_the_seed():
    given = TrainConfig(seed=5)
    drawn = draw_trials(given, {}, 12, for_items=True)
    assert drawn == draw_trials(given, {}, 20, for_items=True)[:12]
    assert drawn[AS_GIVEN].config == given
    assert len({trial.config for trial in drawn}) == 12
    others = draw_trials(TrainConfig(seed=6), {}, 12, for_items=True)
    assert [dataclasses.replace(trial.config, seed=5) for trial in others] != [trial.config for trial in drawn]
    fixed = draw_trials(TrainConfig(dim=48), {"dim": 48}, 12, for_items=False)
    assert {trial.config.dim for trial in fixed} == {48}
    assert all(trial.config.window != "session" and trial.config.noise_exponent > 0 for trial in fixed)
    assert len(draw_trials(given, dict.fromkeys(("dim", "window", "noise_exponent", "negatives")), 12, for_items=True)) == 5


def test_shares_of_epochs():
    assert [Trial(1, TrainConfig(epochs=epochs)).at(Fraction(1, 4)).epochs for epochs in (1, 4, 10)] == [1, 1, 2]


def test_the_report(tmp_path):
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    state, some = TuningState(tmp_path, SETTINGS), trials(10, 30, 20, 40)
    best, _ = run(state, Dims(), some)
    report = TuningReport(some, best, state, "dim", {"popularity": 0.1}, CorpusConfig(tokenizer="items", min_count=3))
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
