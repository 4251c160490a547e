"""Checkpoints while a training runs, and what a resume makes of them."""

import itertools
import os
import signal
import time

import numpy as np
import pytest
from topics import topic_lines, write_lines

import w2v
from w2v.config import TrainConfig
from w2v.errors import CheckpointError, ConfigError, DivergedError, OutputError
from w2v.file_hashes import sha256_file
from w2v.training import run, stopping
from w2v.training.checkpoints import checkpoint_writer
from w2v.training.checkpoints.checkpoint import list_checkpoints, read_position
from w2v.training.checkpoints.checkpoint_writer import CheckpointSchedule, CheckpointWriter
from w2v.training.checkpoints.resume import partial_path
from w2v.training.model import Model
from w2v.training.run import Hooks, train
from w2v.training.stopping import InterruptedTrainingError
from w2v.vectors.model_directory import save_model
from w2v.vocabulary import Vocabulary

CONFIG = TrainConfig(dim=16, epochs=3, alpha=0.05, sample=0)


class PowerCutError(Exception):
    """Ends a training without a last checkpoint, as a power cut would."""


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return write_lines(tmp_path_factory.mktemp("text") / "topics.txt", topic_lines())


@pytest.fixture(scope="module")
def whole(text, tmp_path_factory):
    """The hashes of a training that nothing interrupted."""
    out = tmp_path_factory.mktemp("whole") / "m"
    train(text, CONFIG, out=out, threads=1)
    return hashes(out)


def hashes(path):
    return {name: sha256_file(path / name) for name in ("vocabulary.tsv", "input_vectors.npy", "output_vectors.npy")}


def cut_after(n_spans):
    """Hooks that end a training after so many spans; each takes 2 ms, so that checkpoints are written in between."""
    count = itertools.count(1)

    def on_span(report):
        time.sleep(0.002)
        if next(count) == n_spans:
            raise PowerCutError

    return Hooks(on_span=on_span)


def cut(text, out, n_spans, every="2spans", **options):
    with pytest.raises(PowerCutError):
        train(text, CONFIG, out=out, threads=1, hooks=cut_after(n_spans), checkpoint_every=every, **options)
    return list_checkpoints(partial_path(out))


def test_the_last_two_are_kept_and_the_newest_is_resumed(text, tmp_path, whole):
    newest, before = cut(text, tmp_path / "m", 40)
    (position, config, manifest), (earlier, *_) = read_position(newest, verify=True), read_position(before, verify=True)
    assert (earlier.epoch, earlier.span) < (position.epoch, position.span) <= (2, 4)
    assert config.epochs == 3
    assert manifest["alpha"] == pytest.approx(0.05 - 0.0499 * (position.epoch * 18 + position.span) / 54, rel=0.05)
    spans = []
    train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True, hooks=Hooks(on_span=spans.append))
    assert (spans[0].epoch, spans[0].span) == (position.epoch, position.span)
    assert hashes(tmp_path / "m") == whole
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m"]


def test_checkpoints_change_nothing(text, tmp_path, whole):
    train(text, CONFIG, out=tmp_path / "m", threads=1, checkpoint_every="1spans")
    assert hashes(tmp_path / "m") == whole


def test_without_room_for_a_copy_training_stands_still_meanwhile(text, tmp_path, whole, monkeypatch):
    monkeypatch.setattr(checkpoint_writer, "available_memory", lambda: 1000)
    train(text, CONFIG, out=tmp_path / "m", threads=1, checkpoint_every="5spans")
    assert hashes(tmp_path / "m") == whole


def test_a_damaged_checkpoint_is_told_and_the_one_before_taken(text, tmp_path, whole):
    for path in cut(text, tmp_path / "m", 40)[:1]:
        matrix = path / "input_vectors.npy"
        matrix.write_bytes(matrix.read_bytes()[:-1] + b"\x55")
    messages = []
    train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True, hooks=Hooks(on_message=messages.append))
    assert "is damaged: the contents of input_vectors.npy" in messages[0]
    assert "the one before" in messages[0]
    assert hashes(tmp_path / "m") == whole


def test_without_a_sound_checkpoint_nothing_is_resumed(text, tmp_path):
    for path in cut(text, tmp_path / "m", 40):
        (path / "input_vectors.npy").write_bytes(b"")
    with pytest.raises(CheckpointError, match=r"no checkpoint is sound.*input_vectors.npy has 0 bytes.*overwrite=True starts anew"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)


def test_a_damaged_corpus_is_made_again(text, tmp_path, whole):
    cut(text, tmp_path / "m", 40)
    tokens = partial_path(tmp_path / "m") / "corpus" / "tokens.npy"
    tokens.write_bytes(tokens.read_bytes()[:-1] + b"\x55")
    train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)
    assert hashes(tmp_path / "m") == whole


def test_what_a_killed_save_left_is_removed(text, tmp_path, whole):
    newest, _ = cut(text, tmp_path / "m", 40)
    partial = newest.parent
    for name in (".checkpoint-9.abc.tmp", ".m.abc.tmp", ".corpus.abc.tmp"):
        (partial / name).mkdir()
        (partial / name / "input_vectors.npy").write_bytes(b"half")
    (partial / "checkpoint-99").mkdir()  # a removal that was killed
    with pytest.raises(InterruptedTrainingError):
        train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True, hooks=interrupt_at_once())
    assert not [path for path in partial.iterdir() if path.name.startswith(".") or path.name == "checkpoint-99"]
    train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)
    assert hashes(tmp_path / "m") == whole


def interrupt_at_once():
    """Hooks that press Ctrl-C once, after the first span."""
    first = iter([signal.SIGINT])

    def on_span(report):
        for number in first:
            signal.raise_signal(number)

    return Hooks(on_span=on_span)


def test_killed_between_the_model_and_the_removal_of_its_checkpoints(text, tmp_path):
    cut(text, tmp_path / "m", 40)
    partial = partial_path(tmp_path / "m")
    partial.rename(tmp_path / "kept")
    train(text, CONFIG, out=tmp_path / "m", threads=1)
    (tmp_path / "kept").rename(partial)
    messages = []
    train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True, hooks=Hooks(on_message=messages.append))
    assert "trained already" in messages[-1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m"]


def test_other_text_is_refused_also_under_another_name(text, tmp_path):
    cut(text, tmp_path / "m", 40)
    other = write_lines(tmp_path / "other.txt", topic_lines(seed=5))
    with pytest.raises(CheckpointError, match=r"was made from .*topics.txt .*, not from .*other.txt"):
        train(other, CONFIG, out=tmp_path / "m", threads=1, resume=True)
    with pytest.raises(CheckpointError, match="was made from 1 files, now there are 2"):
        train([text, other], CONFIG, out=tmp_path / "m", threads=1, resume=True)
    same = tmp_path / "moved.txt"
    same.write_bytes(text.read_bytes())
    train(same, CONFIG, out=tmp_path / "m", threads=1, resume=True)


def test_another_encoded_corpus_with_the_same_words_is_refused(tmp_path):
    lines = topic_lines()
    for name, order in (("a", lines), ("b", lines[::-1])):
        w2v.encode(order, tmp_path / name)
    cut(tmp_path / "a", tmp_path / "m", 40)
    with pytest.raises(CheckpointError, match=r"belongs to another corpus: its tokens.npy differ"):
        train(tmp_path / "b", CONFIG, out=tmp_path / "m", threads=1, resume=True)


def more(epochs):
    return TrainConfig(dim=16, epochs=epochs, alpha=0.05, sample=0)


def test_more_epochs_go_on_along_the_new_line(text, tmp_path):
    cut(text, tmp_path / "m", 40)
    spans = []
    trained = train(text, more(6), out=tmp_path / "m", threads=1, resume=True, hooks=Hooks(on_span=spans.append))
    done = (spans[0].epoch * 18 + spans[0].span) / (6 * 18)
    assert spans[0].alpha == pytest.approx(0.05 - 0.0499 * done, rel=0.02)
    assert (trained.report["epochs"], len(trained.report["loss"])) == (6, 6)
    with pytest.raises(CheckpointError, match="epochs was 6, now 5"):
        train(text, more(5), out=tmp_path / "m", threads=1, resume=True)


def test_a_finished_model_takes_more_epochs_too(text, tmp_path):
    train(text, CONFIG, out=tmp_path / "m", threads=1)
    with pytest.raises(CheckpointError, match=r"not from .*other.txt"):
        train(write_lines(tmp_path / "other.txt", topic_lines(seed=5)), more(5), out=tmp_path / "m", threads=1, resume=True)
    spans = []
    with pytest.raises(PowerCutError):
        train(text, more(5), out=tmp_path / "m", threads=1, resume=True, checkpoint_every="2spans", hooks=cut_after(25))
    assert w2v.load(tmp_path / "m").dim == 16  # the model before stays
    trained = train(text, more(5), out=tmp_path / "m", threads=1, resume=True, hooks=Hooks(on_span=spans.append))
    assert (spans[0].epoch, spans[0].span) > (3, 0)
    assert len(trained.report["loss"]) == trained.report["epochs"] == 5
    assert not partial_path(tmp_path / "m").exists()


def test_a_model_that_was_not_trained_is_not_resumed(text, tmp_path):
    matrix = np.ones((2, 16), np.float32)
    vocabulary = Vocabulary(["a", "b"], [2, 1])
    save_model(tmp_path / "m", vocabulary=vocabulary, input_vectors=matrix, output_vectors=matrix, manifest={"corpus_config": None})
    with pytest.raises(CheckpointError, match="is a model that w2v did not train"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)


def test_an_epochs_end_is_saved_where_that_is_cheap(text, tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(checkpoint_writer, "write_checkpoint", lambda *arguments: seen.append(arguments[-1]["position"]["epoch"]))
    for cost, wanted in ((0.0, [1, 2]), (1e9, [])):
        seen.clear()
        monkeypatch.setattr(checkpoint_writer, "_EXPECTED_SECONDS", cost)
        monkeypatch.setattr(checkpoint_writer, "_MOST_COST", 1e6)
        train(text, CONFIG, out=tmp_path / f"{cost}", threads=1, hooks=Hooks(on_epoch=lambda report: time.sleep(0.01)))
        assert seen == wanted


def test_a_disk_that_is_full_for_a_while_costs_checkpoints_and_no_training(text, tmp_path, monkeypatch):
    wanted = train(text, CONFIG, threads=1).vectors.matrix
    write, calls, messages = checkpoint_writer.write_checkpoint, [], []

    def full_at_first(*arguments):
        calls.append(None)
        if len(calls) <= 3:
            raise OutputError("checkpoint-1 cannot be written: No space left on device")
        return write(*arguments)

    monkeypatch.setattr(checkpoint_writer, "write_checkpoint", full_at_first)
    hooks = Hooks(on_message=messages.append)
    trained = train(text, CONFIG, out=tmp_path / "m", threads=1, checkpoint_every="2spans", hooks=hooks)
    assert np.array_equal(trained.vectors.matrix, wanted)
    assert [message.split(":")[0] for message in messages if "checkpoint" in message] == [
        "no checkpoint was saved",
        "checkpoints are saved again",
    ]
    assert len(calls) >= 4


def test_stopped_with_a_full_disk_it_says_what_is_left(text, tmp_path, monkeypatch):
    def full_disk(*arguments):
        raise OutputError("checkpoint-1 cannot be written: No space left on device")

    def stop_by_signal(report):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(stopping, "write_checkpoint", full_disk)
    with pytest.raises(OutputError, match=r"which could not be saved: .*No space left on device; nothing was saved before"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, hooks=Hooks(on_span=stop_by_signal))
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_broken_model_is_never_saved(tmp_path):
    model = Model.start(4, 8, 1)
    model.outputs[5] = np.inf
    with CheckpointWriter(tmp_path, CheckpointSchedule(spans=1), 1, 10, lambda position: {}) as writer:
        writer.save(model, checkpoint_writer.Position())
        with pytest.raises(DivergedError, match="not saved"):
            writer.wait()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("text", "schedule"),
    [("30s", {"seconds": 30}), ("10m", {"seconds": 600}), ("1.5h", {"seconds": 5400}), ("5spans", {"spans": 5}), ("1spans", {"spans": 1})],
)
def test_schedules(text, schedule):
    assert CheckpointSchedule.parse(text) == CheckpointSchedule(**schedule)


@pytest.mark.parametrize("text", ["", "0s", "0spans", "-5s", "10", "5 spans", "1e3s", "nans", "١s", 5, None])
def test_what_is_no_schedule(text):
    with pytest.raises(ConfigError, match="such as 30s, 10m or 5spans: received"):
        CheckpointSchedule.parse(text)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_before_training_leaves_nothing_and_says_so(text, tmp_path, number):
    with pytest.raises(InterruptedTrainingError, match="stopped before training began; nothing was kept"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, hooks=Hooks(on_message=lambda told: signal.raise_signal(number)))
    assert not list(tmp_path.iterdir())


def test_a_second_interrupt_stops_at_once_and_says_what_is_left(text, tmp_path):
    spans = iter(range(100))

    def interrupt_twice(report):
        if next(spans) == 30:
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)

    hooks = Hooks(on_span=interrupt_twice)
    with pytest.raises(
        InterruptedTrainingError, match=r"stopped at once, without saving; resume=True goes on from .*checkpoint-\d+, saved before"
    ):
        train(text, CONFIG, out=tmp_path / "m", threads=1, checkpoint_every="5spans", hooks=hooks)
    spans = itertools.cycle([30])
    with pytest.raises(InterruptedTrainingError, match="stopped at once, without saving; nothing was saved before"):
        train(text, CONFIG, out=tmp_path / "n", threads=1, hooks=hooks)
    assert [path.name for path in tmp_path.iterdir()] == ["m.partial"]


def test_a_signal_waits_for_the_finished_model(text, tmp_path, whole, monkeypatch):
    def interrupted_write(folder, **parts):
        signal.raise_signal(signal.SIGINT)
        write_model(folder, **parts)

    write_model = run.write_model
    monkeypatch.setattr(run, "write_model", interrupted_write)
    train(text, CONFIG, out=tmp_path / "m", threads=1)
    assert hashes(tmp_path / "m") == whole
