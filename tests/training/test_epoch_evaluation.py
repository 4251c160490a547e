"""Evaluation after each epoch: in the report, across kills, and drawn."""

import json
from pathlib import Path

import pytest
from topics import topic_lines, write_lines

import w2v
from w2v.cli.main import run
from w2v.errors import ConfigError
from w2v.training.epoch_evaluation import evaluate_sets
from w2v.training.run import EpochReport, Hooks, train
from w2v.vectors.evaluation_sets import AnalogySet, PairSet, read_set
from w2v.vectors.model_directory import load_model

CONFIG = w2v.TrainConfig(dim=8, epochs=4, sample=0)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_lines(tmp_path / "topics.txt", topic_lines(600))


@pytest.fixture
def sets(text: Path, tmp_path: Path) -> list[PairSet | AnalogySet]:
    words = w2v.encode(text, None).vocabulary.words[:12]
    (tmp_path / "pairs.txt").write_text("".join(f"{a}\t{b}\t{i}\n" for i, (a, b) in enumerate(zip(words, words[3:], strict=False))))
    (tmp_path / "analogies.txt").write_text(": s\n" + "".join(f"{' '.join(words[i : i + 4])}\n" for i in range(6)))
    (tmp_path / "foreign.txt").write_text("nosuch\tword\t1\n")
    return [read_set(tmp_path / f"{name}.txt") for name in ("pairs", "analogies", "foreign")]


def test_each_epoch_is_scored_and_trained_as_without(text: Path, tmp_path: Path, sets: list[PairSet | AnalogySet]) -> None:
    heard: list[EpochReport] = []
    trained = train(text, CONFIG, out=tmp_path / "m", threads=1, evaluate=sets, hooks=Hooks(on_epoch=heard.append))
    found = trained.report["evaluation"]
    assert [report.scores for report in heard] == found
    assert len(found) == 4
    assert found[-1] == evaluate_sets(trained.vectors, sets)
    assert found[0]["pairs.txt"]["spearman"] != found[-1]["pairs.txt"]["spearman"]
    assert found[0]["foreign.txt"] == {"spearman": None, "covered": 0, "total": 1}
    assert found[0]["analogies.txt"]["total"] == 6
    plain = train(text, CONFIG, out=tmp_path / "n", threads=1)
    assert "evaluation" not in plain.report
    assert "evaluate" not in plain.report["seconds"]
    assert (tmp_path / "m" / "input_vectors.npy").read_bytes() == (tmp_path / "n" / "input_vectors.npy").read_bytes()


def test_a_resumed_training_keeps_the_scores(text: Path, tmp_path: Path, sets: list[PairSet | AnalogySet]) -> None:
    whole = train(text, CONFIG, out=tmp_path / "whole", threads=1, evaluate=sets).report["evaluation"]

    def stop(report: EpochReport) -> None:
        if report.epoch == 2:
            raise RuntimeError

    options = {"out": tmp_path / "m", "threads": 1, "resume": True, "checkpoint_every": "1spans"}
    with pytest.raises(RuntimeError):
        train(text, CONFIG, evaluate=sets, hooks=Hooks(on_epoch=stop), **options)
    assert train(text, CONFIG, evaluate=sets, **options).report["evaluation"] == whole
    more = w2v.TrainConfig(dim=8, epochs=6, sample=0)
    found = train(text, more, **options).report["evaluation"]  # not evaluated any more
    assert found[:4] == whole
    assert found[4:] == [{}, {}]


def test_an_interrupted_evaluation_loses_nothing_else(
    text: Path, tmp_path: Path, sets: list[PairSet | AnalogySet], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("w2v.training.epochs.evaluate_sets", interrupt)
    messages: list[str] = []
    with pytest.raises(KeyboardInterrupt, match="stopped in epoch 2 of 4"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, evaluate=sets, hooks=Hooks(on_message=messages.append))
    assert "epoch 1 is left without its evaluation" in messages[-1]
    monkeypatch.undo()
    found = train(text, CONFIG, out=tmp_path / "m", threads=1, evaluate=sets, resume=True).report["evaluation"]
    assert [bool(epoch) for epoch in found] == [False, True, True, True]


@pytest.mark.medium
def test_on_the_command_line(text: Path, tmp_path: Path, sets: list[PairSet | AnalogySet], capsys: pytest.CaptureFixture[str]) -> None:
    model, files = str(tmp_path / "m"), [part for name in ("pairs", "foreign") for part in ("--evaluate", str(tmp_path / f"{name}.txt"))]
    options = ["--dim", "8", "--epochs", "2", "--sample", "0"]
    assert run(["train", str(text), "--out", model, *files, *options, "--json"]) == 0
    told = capsys.readouterr()
    assert len(json.loads(told.out)["evaluation"]) == 2
    assert "foreign.txt none (0 of 1 covered)" in told.err
    assert len(load_model(model).manifest["report"]["evaluation"]) == 2
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    assert run(["plot", model, str(tmp_path / "a.png"), "--evaluation"]) == 0
    assert run(["plot", model, str(tmp_path / "b.png"), "--evaluation", "--loss"]) == 2
    assert run(["plot", model, str(tmp_path / "b.html"), "--evaluation"]) == 2
    assert run(["train", str(text), "--out", model, "--evaluate", "nosuch", *options]) == 2
    assert "there is no file nosuch" in capsys.readouterr().err


def test_sets_of_one_name_are_refused(text: Path, sets: list[PairSet | AnalogySet]) -> None:
    with pytest.raises(ConfigError, match=r"pairs\.txt is there 2 times"):
        train(text, CONFIG, evaluate=[sets[0], sets[0]])
