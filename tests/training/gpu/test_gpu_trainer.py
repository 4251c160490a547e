"""`device="cuda"` from end to end, on a card whose kernels are the oracle's."""

import signal

import numpy as np
import plain_driver
import pytest
from topics import share_of_own_topic, topic_lines

import w2v
from w2v.config import TrainConfig
from w2v.errors import CheckpointError, ConfigError, DivergedError
from w2v.training.gpu.gpu_trainer import GpuTrainer
from w2v.training.model import Model
from w2v.training.plan import make_plan
from w2v.training.run import Hooks, train
from w2v.training.stopping import InterruptedTrainingError
from w2v.training.trainer import Trainer

pytestmark = pytest.mark.long

CONFIG = TrainConfig(dim=8, window=3, negatives=3, epochs=2, alpha=0.05, sample=0)


@pytest.fixture
def card(monkeypatch):
    return plain_driver.install(monkeypatch)


@pytest.fixture(scope="module")
def corpus():
    return w2v.encode(topic_lines(120), min_count=1)


@pytest.mark.medium
def test_neighbors_are_of_the_same_topic(card, corpus):
    trained = train(
        w2v.encode(topic_lines(250), min_count=1), TrainConfig(dim=8, negatives=3, epochs=4, alpha=0.1, sample=0), device="cuda"
    )
    assert share_of_own_topic(trained.vectors) > 0.9
    assert trained.report["loss"][-1] < trained.report["loss"][0]
    assert trained.report["device"] == "cuda"
    assert trained.report["card"]["name"] == "plain card"


@pytest.mark.medium
def test_spans_count_what_the_cpu_counts(card, corpus):
    """The same tokens are kept, and the same pairs are trained, span by span but for the stretches that reach over a border."""
    plan = make_plan(corpus, TrainConfig(dim=8, window=3, negatives=3, sample=0.01, held_out=0.1))
    on_card, on_cpu = (kind(corpus, Model.start(48, 8, 1), plan, 1) for kind in (GpuTrainer, Trainer))
    ours, theirs = (sorted(trainer.spans(1), key=lambda report: report.span) for trainer in (on_card, on_cpu))
    assert [(r.span, r.tokens, r.alpha) for r in ours] == [(r.span, r.tokens, r.alpha) for r in theirs]
    assert sum(r.centers for r in ours) == sum(r.centers for r in theirs)
    assert sum(r.pairs for r in ours) == sum(r.pairs for r in theirs)
    assert sum(r.loss_sum for r in ours) / sum(r.loss_pairs for r in ours) == pytest.approx(
        sum(r.loss_sum for r in theirs) / sum(r.loss_pairs for r in theirs), rel=0.05
    )


def stop_after(n_spans):
    seen = []

    def on_span(report):
        seen.append(report.span)
        if len(seen) == n_spans:
            signal.raise_signal(signal.SIGINT)

    return Hooks(on_span=on_span)


@pytest.mark.medium
def test_interrupted_at_a_launch_and_resumed_equals_uninterrupted(card, tmp_path, monkeypatch):
    """Launches of one span of the three that an epoch has; when Ctrl-C comes, the next one runs already."""
    monkeypatch.setattr("w2v.training.gpu.gpu_trainer.launch_sizes", small_launches)
    corpus = w2v.encode(topic_lines(250), min_count=1)
    whole = train(corpus, CONFIG, out=tmp_path / "whole", device="cuda")
    with pytest.raises(InterruptedTrainingError, match="stopped in epoch 1 of 2, span 2 of 3; saved in"):
        train(corpus, CONFIG, out=tmp_path / "m", device="cuda", hooks=stop_after(1))
    resumed = train(corpus, CONFIG, out=tmp_path / "m", device="cuda", resume=True)
    np.testing.assert_allclose(resumed.vectors.matrix, whole.vectors.matrix, rtol=1e-6)
    assert resumed.report["loss"] == pytest.approx(whole.report["loss"])


def small_launches(plan, n_warps, most_tokens=1024):
    from w2v.training.gpu.staging import launch_sizes

    return launch_sizes(plan, n_warps, min(most_tokens, 1024))


@pytest.mark.medium
def test_a_training_goes_on_on_the_other_device(card, corpus, tmp_path):
    train(corpus, CONFIG, out=tmp_path / "m", device="cuda")
    more = TrainConfig(**{**CONFIG.to_json(), "epochs": 3})
    report = train(corpus, more, out=tmp_path / "m", device="cpu", resume=True).report
    assert (report["epochs"], report["device"], len(report["loss"])) == (3, "cpu", 3)
    with pytest.raises(CheckpointError, match="window was 3, now 4"):
        train(corpus, TrainConfig(**{**CONFIG.to_json(), "window": 4}), out=tmp_path / "m", device="cuda", resume=True)


@pytest.mark.medium
def test_growing_held_out_loss_and_early_stop(card, corpus, tmp_path):
    train(corpus, CONFIG, out=tmp_path / "m", device="cuda")
    lines = [["t0w1", "new", "t0w2"]] * 30
    grown = train(lines, CONFIG, min_count=1, out=tmp_path / "g", device="cuda", init_from=tmp_path / "m")
    assert "new" in grown.vectors
    held = train(corpus, TrainConfig(**{**CONFIG.to_json(), "held_out": 0.1}), device="cuda").report
    assert len(held["held_out_loss"]) == 2


@pytest.mark.medium
def test_large_windows_take_the_general_kernel(card, corpus):
    report = train(corpus, TrainConfig(dim=8, window="session", negatives=2, epochs=1, sample=0), device="cuda").report
    assert report["card"]["kernel"] == "general"


def test_sessions_of_which_the_cpu_draws_are_refused_by_name(card):
    lines = [[f"w{i % 7}" for i in range(1500)]]
    with pytest.raises(ConfigError, match=r'sessions of up to 1,001 items, the longest has 1,500: .* or use device="cpu"'):
        train(lines, TrainConfig(dim=4, window="session"), min_count=1, device="cuda")


def test_matrices_that_do_not_fit_are_refused_with_the_numbers(monkeypatch, corpus):
    plain_driver.install(monkeypatch, plain_driver.PlainCuda(free=10_000))
    with pytest.raises(ConfigError, match=r"two matrices of 48 words x 32 columns x 4 bytes need 0\.0 GB"):
        train(corpus, CONFIG, device="cuda")


def test_divergence_names_the_place(card, corpus):
    plan = make_plan(corpus, CONFIG)
    trainer = GpuTrainer(corpus, Model.start(48, 8, 1), plan, 1)
    trainer.compile()
    trainer._matrices.outputs[:] = np.nan
    with pytest.raises(DivergedError, match="non-finite values in epoch 1, span 1 of"):
        list(trainer.spans(0))


def test_an_unknown_device_is_refused(corpus):
    with pytest.raises(ConfigError, match="device must be one of cpu, cuda: received 'tpu'"):
        train(corpus, CONFIG, device="tpu")
