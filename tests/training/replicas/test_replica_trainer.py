"""The same bits: with any number of threads, from run to run, interrupted and resumed, on words, sessions, grown models."""

import signal

import pytest
from topics import share_of_own_topic, topic_lines, write_lines

from w2v.config import TrainConfig
from w2v.errors import CheckpointError, ConfigError
from w2v.file_hashes import sha256_file
from w2v.training.run import Hooks, train
from w2v.training.stopping import InterruptedTrainingError

CONFIG = TrainConfig(dim=16, epochs=3, alpha=0.05, sample=0, deterministic=True)


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return write_lines(tmp_path_factory.mktemp("text") / "topics.txt", topic_lines(4000))


def hashes(path):
    return [sha256_file(path / name) for name in ("input_vectors.npy", "output_vectors.npy")]


def replaced(**options):
    return TrainConfig.from_json({**CONFIG.to_json(), **options})


@pytest.fixture(scope="module")
def whole(text, tmp_path_factory):
    out = tmp_path_factory.mktemp("whole") / "m"
    train(text, CONFIG, out=out, threads=1)
    return out


def interrupt_after(n_spans):
    seen = []

    def on_span(report):
        seen.append(report)
        if len(seen) == n_spans:
            signal.raise_signal(signal.SIGINT)

    return Hooks(on_span=on_span)


@pytest.mark.medium
@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_any_number_of_threads_gives_the_same_bits(text, whole, tmp_path, threads, monkeypatch):
    monkeypatch.setattr("w2v.training.run.usable_cores", lambda: 8)
    trained = train(text, CONFIG, out=tmp_path / "m", threads=threads)
    assert hashes(tmp_path / "m") == hashes(whole)
    assert trained.config.replicas == 4
    assert share_of_own_topic(trained.vectors) > 0.95


@pytest.mark.medium
def test_another_number_of_replicas_is_another_model(text, whole, tmp_path):
    train(text, replaced(replicas=3), out=tmp_path / "m")
    assert hashes(tmp_path / "m") != hashes(whole)


@pytest.mark.medium
@pytest.mark.parametrize("n_spans", [1, 50, 130])
def test_interrupted_and_resumed_with_other_threads_equals_uninterrupted(text, whole, tmp_path, n_spans):
    out = tmp_path / "m"
    with pytest.raises(InterruptedTrainingError, match="resume=True to go on"):
        train(text, CONFIG, out=out, threads=1, hooks=interrupt_after(n_spans))
    with pytest.raises(CheckpointError, match="replicas was 4, now 2"):
        train(text, replaced(replicas=2), out=out, resume=True)
    with pytest.raises(CheckpointError, match="deterministic was True, now False"):
        train(text, replaced(deterministic=False), out=out, resume=True)
    train(text, CONFIG, out=out, threads=2, resume=True)
    assert hashes(out) == hashes(whole)


@pytest.mark.medium
def test_checkpoints_lie_between_rounds(text, whole, tmp_path):
    class PowerCutError(Exception):
        pass

    def cut(report):
        if (report.epoch, report.span) == (1, 25):
            raise PowerCutError

    out = tmp_path / "m"
    with pytest.raises(PowerCutError):
        train(text, CONFIG, out=out, threads=2, checkpoint_every="1spans", hooks=Hooks(on_span=cut))
    train(text, CONFIG, out=out, threads=1, resume=True)
    assert hashes(out) == hashes(whole)


@pytest.mark.medium
@pytest.mark.parametrize("options", [{"window": "session"}, {"held_out": 0.1, "early_stop": 2}, {"negative_reuse": 1}], ids=str)
def test_all_that_trainings_do_is_the_same_with_two_threads(text, tmp_path, options, monkeypatch):
    monkeypatch.setattr("w2v.training.run.usable_cores", lambda: 2)
    reports = []
    for threads in (1, 2):
        trained = train(text, replaced(**options), out=tmp_path / str(threads), threads=threads)
        reports.append((trained.report["loss"], trained.report.get("held_out_loss")))
        assert share_of_own_topic(trained.vectors) > 0.95
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")
    assert reports[0] == reports[1]


@pytest.mark.medium
def test_a_model_grows(text, whole, tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.training.run.usable_cores", lambda: 2)
    new = write_lines(tmp_path / "new.txt", [[*line, "brandnew"] for line in topic_lines(600, seed=3)])
    for threads in (1, 2):
        grown = train(new, CONFIG, out=tmp_path / str(threads), threads=threads, init_from=whole)
        assert "brandnew" in grown.vectors
    assert hashes(tmp_path / "1") == hashes(tmp_path / "2")


@pytest.mark.medium
def test_an_ordinary_model_of_an_earlier_version_is_found_finished(text, tmp_path, monkeypatch):
    """Its manifest does not know of replicas."""
    plain = TrainConfig(dim=16, epochs=1, sample=0)
    to_json = TrainConfig.to_json
    with monkeypatch.context() as patch:
        patch.setattr(
            TrainConfig, "to_json", lambda self: {k: v for k, v in to_json(self).items() if k not in ("deterministic", "replicas")}
        )
        train(text, plain, out=tmp_path / "m", threads=1)
    messages = []
    train(text, plain, out=tmp_path / "m", resume=True, hooks=Hooks(on_message=messages.append))
    assert "is trained already" in messages[0]


def test_replicas_are_for_a_deterministic_training():
    with pytest.raises(ConfigError, match="replicas are for a deterministic training: set deterministic=True"):
        TrainConfig(replicas=2)
    with pytest.raises(ConfigError, match="replicas must be an integer from 1 to 64"):
        TrainConfig(deterministic=True, replicas=0)
