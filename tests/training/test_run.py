import errno
import math
import signal

import numpy as np
import pytest
from topics import share_of_own_topic, topic_lines, write_lines

import w2v
from w2v.config import CorpusConfig, TrainConfig
from w2v.errors import CheckpointError, ConfigError, CorpusError, DivergedError, OutputError
from w2v.file_hashes import sha256_file
from w2v.lock import lock_directory
from w2v.training import epochs as epochs_module
from w2v.training.checkpoints.resume import partial_path
from w2v.training.model import Model
from w2v.training.run import Hooks, train
from w2v.training.stopping import InterruptedTrainingError

CONFIG = TrainConfig(dim=16, epochs=3, alpha=0.05, sample=0)


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    return write_lines(tmp_path_factory.mktemp("text") / "topics.txt", topic_lines())


def hashes(path):
    return {name: sha256_file(path / name) for name in ("vocabulary.tsv", "input_vectors.npy", "output_vectors.npy")}


def interrupt_after(n_spans):
    """Hooks that press Ctrl-C once that many spans are finished."""
    seen = []

    def on_span(report):
        seen.append(report)
        if len(seen) == n_spans:
            signal.raise_signal(signal.SIGINT)

    return Hooks(on_span=on_span)


@pytest.fixture(scope="module", params=[1, 2, 5], ids=lambda threads: f"{threads} threads")
def trained(request, text):
    return train(text, CONFIG, threads=request.param)


class TestEveryTrainer:
    """What any way of training must reach on a corpus whose answer is known."""

    def test_neighbors_are_of_the_same_topic(self, trained):
        assert share_of_own_topic(trained.vectors) > 0.95  # 20 seeds gave 1.0 each

    def test_the_loss_falls_from_its_start(self, trained):
        losses = trained.report["loss"]
        assert losses[-1] < losses[0]
        assert losses[0] < 6 * math.log(2)

    def test_the_report_counts_everything(self, trained):
        report = trained.report
        assert (report["vocabulary"], report["tokens"], report["epochs"]) == (48, 18000, 3)
        assert set(report["seconds"]) == {"read", "compile", "train", "save"}
        assert report["words_per_second"] == pytest.approx(3 * 18000 / report["seconds"]["train"])


@pytest.mark.parametrize(("bias", "loss"), [(0.0, 6 * math.log(2)), (None, math.log(6) + 5 * math.log(6 / 5))])
def test_the_first_loss_is_that_of_guesses(text, bias, loss):
    """Output vectors start at zero: every sigmoid is 1/2, or the odds of a pair among K negatives; dropped negatives cost nothing."""
    spans = []
    train(
        text,
        TrainConfig(dim=16, epochs=1, alpha=1e-9, min_alpha=0, negatives=5, logit_bias=bias),
        threads=1,
        hooks=Hooks(on_span=spans.append),
    )
    mean = sum(s.loss_sum for s in spans) / sum(s.loss_pairs for s in spans)
    assert 0.95 * loss < mean <= loss + 1e-6


def test_spans_cover_the_corpus_once_an_epoch(text):
    spans = []
    train(text, CONFIG, threads=2, hooks=Hooks(on_span=spans.append))
    for epoch in range(3):
        mine = [s for s in spans if s.epoch == epoch]
        assert sorted(s.span for s in mine) == list(range(len(mine)))
        assert sum(s.tokens for s in mine) == sum(s.centers for s in mine) == 18000
    alphas = [s.alpha for s in sorted(spans, key=lambda s: (s.epoch, s.span))]
    assert alphas == sorted(alphas, reverse=True)
    assert alphas[0] == 0.05


def test_one_thread_is_bit_reproducible(text, tmp_path):
    for name in "ab":
        train(text, CONFIG, out=tmp_path / name, threads=1)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_another_seed_is_another_model(text):
    one, two = (train(text, TrainConfig(dim=16, epochs=1, seed=seed), threads=1).vectors.matrix for seed in (1, 2))
    assert not np.allclose(one, two)


@pytest.mark.parametrize("n_spans", [1, 10, 18, 30, 40])
def test_interrupted_and_resumed_equals_uninterrupted(text, tmp_path, n_spans):
    train(text, CONFIG, out=tmp_path / "whole", threads=1)
    out = tmp_path / "model"
    with pytest.raises(InterruptedTrainingError, match="resume=True to go on"):
        train(text, CONFIG, out=out, threads=1, hooks=interrupt_after(n_spans))
    assert not out.exists()
    resumed = train(text, CONFIG, out=out, threads=1, resume=True)
    assert hashes(out) == hashes(tmp_path / "whole")
    assert len(resumed.report["loss"]) == 3
    assert not partial_path(out).exists()


def test_the_loss_of_an_interrupted_epoch_is_whole(text, tmp_path):
    whole = train(text, CONFIG, threads=1).report["loss"]
    with pytest.raises(InterruptedTrainingError):
        train(text, CONFIG, out=tmp_path / "m", threads=1, hooks=interrupt_after(25))
    assert train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True).report["loss"] == pytest.approx(whole)


@pytest.mark.medium
def test_several_threads_resume_too(text, tmp_path):
    with pytest.raises(InterruptedTrainingError):
        train(text, CONFIG, out=tmp_path / "m", threads=3, hooks=interrupt_after(20))
    assert share_of_own_topic(train(text, CONFIG, out=tmp_path / "m", threads=3, resume=True).vectors) > 0.95


def test_an_interrupted_training_is_not_thrown_away_silently(text, tmp_path):
    out = tmp_path / "m"
    with pytest.raises(InterruptedTrainingError):
        train(text, CONFIG, out=out, threads=1, hooks=interrupt_after(5))
    with pytest.raises(CheckpointError, match="resume=True goes on, overwrite=True starts anew"):
        train(text, CONFIG, out=out, threads=1)
    train(text, CONFIG, out=out, threads=1, overwrite=True)
    assert out.exists()
    assert not partial_path(out).exists()


def test_resume_refuses_other_settings_and_shows_them(text, tmp_path):
    out = tmp_path / "m"
    with pytest.raises(InterruptedTrainingError):
        train(text, CONFIG, out=out, threads=1, hooks=interrupt_after(5))
    with pytest.raises(CheckpointError, match="window was 5, now 7"):
        train(text, TrainConfig(dim=16, epochs=3, alpha=0.05, sample=0, window=7), out=out, threads=1, resume=True)
    with pytest.raises(CheckpointError, match="min_count was 5, now 2"):
        train(text, CONFIG, corpus_config=CorpusConfig(min_count=2), out=out, threads=1, resume=True)


def test_resume_refuses_a_changed_file(tmp_path):
    text = write_lines(tmp_path / "t.txt", topic_lines(300))
    with pytest.raises(InterruptedTrainingError):
        train(text, CONFIG, out=tmp_path / "m", threads=1, hooks=interrupt_after(2))
    write_lines(text, topic_lines(300, seed=1))
    with pytest.raises(CheckpointError, match="the file has changed"):
        train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)


class PathLike:
    """A path that is neither str nor Path, as other libraries have them."""

    def __init__(self, path):
        self.path = path

    def __fspath__(self):
        return str(self.path)


@pytest.mark.parametrize("several", [False, True])
def test_resume_refuses_a_changed_file_that_any_path_object_names(tmp_path, several):
    text = write_lines(tmp_path / "t.txt", topic_lines(300))
    source = [PathLike(text)] if several else PathLike(text)
    with pytest.raises(InterruptedTrainingError):
        train(source, CONFIG, out=tmp_path / "m", threads=1, hooks=interrupt_after(2))
    write_lines(text, topic_lines(300, seed=1))
    with pytest.raises(CheckpointError, match="the file has changed"):
        train(source, CONFIG, out=tmp_path / "m", threads=1, resume=True)


def test_an_encoded_corpus_that_a_path_object_names(text, tmp_path):
    w2v.encode(text, tmp_path / "corpus")
    assert train(PathLike(tmp_path / "corpus"), TrainConfig(dim=8, epochs=1), threads=1).report["tokens"] == 18000


def test_resume_without_anything_to_resume_starts(text, tmp_path):
    train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True)
    assert (tmp_path / "m").exists()


def test_resume_of_a_finished_model_trains_nothing(text, tmp_path):
    train(text, CONFIG, out=tmp_path / "m", threads=1)
    spans, messages = [], []
    again = train(text, CONFIG, out=tmp_path / "m", threads=1, resume=True, hooks=Hooks(on_span=spans.append, on_message=messages.append))
    assert not spans
    assert "trained already" in messages[0]
    assert len(again.vectors) == 48
    with pytest.raises(CheckpointError, match="seed was 1, now 2"):
        train(text, TrainConfig(dim=16, epochs=3, alpha=0.05, sample=0, seed=2), out=tmp_path / "m", threads=1, resume=True)


def test_an_existing_model_is_refused_or_replaced(text, tmp_path):
    train(text, CONFIG, out=tmp_path / "m", threads=1)
    with pytest.raises(OutputError, match="exists already"):
        train(text, CONFIG, out=tmp_path / "m", threads=1)
    train(text, TrainConfig(dim=16, epochs=1), out=tmp_path / "m", threads=1, overwrite=True)
    assert w2v.load(tmp_path / "m").dim == 16
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m"]


def test_what_is_not_ours_is_never_replaced(text, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "thesis.txt").write_text("mine")
    with pytest.raises((OutputError, w2v.W2VError)):
        train(text, CONFIG, out=tmp_path / "m", threads=1, overwrite=True)
    assert (tmp_path / "m" / "thesis.txt").read_text() == "mine"


def test_a_failed_training_leaves_nothing(tmp_path):
    (tmp_path / "rare.txt").write_text("each word once\n")
    with pytest.raises(CorpusError, match="vocabulary is empty"):
        train(tmp_path / "rare.txt", CONFIG, out=tmp_path / "m", threads=1)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rare.txt"]


def test_two_trainings_into_one_directory(text, tmp_path):
    with lock_directory(partial_path(tmp_path / "m")), pytest.raises(OutputError, match="in use by process"):
        train(text, CONFIG, out=tmp_path / "m", threads=1)
    train(text, CONFIG, out=tmp_path / "m", threads=1)


def test_without_file_locks_a_training_goes_on_and_says_so_once(text, tmp_path, monkeypatch):
    def refuse(*arguments):
        raise OSError(errno.ENOLCK, "no locks available")

    monkeypatch.setattr("fcntl.flock", refuse)
    messages = []
    train(text, CONFIG, out=tmp_path / "m", threads=1, hooks=Hooks(on_message=messages.append))
    assert [message for message in messages if "lock" in message] == [
        f"{tmp_path / 'm.partial'} is on a disk without file locks: do not start a second run with the same output"
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_divergence_stops_training(text, tmp_path, monkeypatch):
    def poisoned(cls, n_words, dim, seed, width):
        model = cls(n_words, dim)
        model.inputs[3] = np.nan
        return model

    monkeypatch.setattr(Model, "start", classmethod(poisoned))
    with pytest.raises(DivergedError, match=r"epoch 1.*alpha="):
        train(text, CONFIG, out=tmp_path / "m", threads=1)
    assert not list(tmp_path.iterdir())


def untrained(vectors):
    """The words whose vectors are as they began."""
    start = Model.start(len(vectors), vectors.dim, 1).input_vectors
    moved = np.abs(vectors.matrix - start).max(axis=1)
    return {word for word, distance in zip(vectors.words, moved, strict=True) if distance == 0}


@pytest.mark.parametrize("threads", [1, 3])
def test_held_out_lines_are_not_trained_on(threads):
    lines = [[f"{line}w{place}" for place in range(6)] for line in range(3000)]  # each with words of its own
    once, config = CorpusConfig(min_count=1), TrainConfig(dim=16, epochs=2, sample=0, held_out=0.1)
    epochs = []
    trained = train(lines, config, corpus_config=once, threads=threads, hooks=Hooks(on_epoch=epochs.append))
    still = untrained(trained.vectors)
    held_out = sorted({int(word.partition("w")[0]) for word in still})
    assert still == {word for line in held_out for word in lines[line]}
    assert len(held_out) == 300
    assert sum(line < 1500 for line in held_out) == pytest.approx(150, abs=40)  # from everywhere, not the end
    assert [e.held_out_loss for e in epochs] == trained.report["held_out_loss"]
    other = train(lines, config, corpus_config=once, threads=1, seed=2, epochs=1)
    assert trained.report["held_out_loss"] != other.report["held_out_loss"]


def test_stretches_of_a_long_line_are_not_trained_on():
    line = [f"w{place}" for place in range(30_000)]
    config = TrainConfig(dim=16, epochs=3, sample=0, held_out=0.1, fixed_window=True)
    trained = train([line], config, corpus_config=CorpusConfig(min_count=1), threads=1)
    places = sorted(int(word[1:]) for word in untrained(trained.vectors))
    stretches = {place // 300 for place in places}  # a tenth of what is held out
    assert places == [place for stretch in sorted(stretches) for place in range(300 * stretch, 300 * stretch + 300)]
    assert len(stretches) == 10


def test_a_resumed_training_holds_the_same_lines_out(tmp_path):
    lines, config = topic_lines(2000), TrainConfig(dim=16, epochs=3, sample=0, held_out=0.1)
    whole = train(lines, config, out=tmp_path / "whole", threads=1)
    with pytest.raises(InterruptedTrainingError):
        train(lines, config, out=tmp_path / "model", threads=1, hooks=interrupt_after(30))
    resumed = train(lines, config, out=tmp_path / "model", threads=1, resume=True)
    assert hashes(tmp_path / "model") == hashes(tmp_path / "whole")
    assert resumed.report["held_out_loss"] == whole.report["held_out_loss"]


def test_held_out_loss_falls_on_text_like_the_training():
    trained = train(topic_lines(2000), TrainConfig(dim=16, epochs=6, sample=0, held_out=0.2, alpha=0.05), threads=1)
    held_out = trained.report["held_out_loss"]
    assert held_out[-1] < held_out[0] - 0.1  # 0.28 with this seed
    assert held_out[-1] == pytest.approx(trained.report["loss"][-1], rel=0.15)


def test_early_stop(monkeypatch):
    losses = iter([3.0, 2.0, 2.5, 2.4, 1.0])
    monkeypatch.setattr(epochs_module, "held_out_loss", lambda corpus, model, plan: next(losses))
    messages = []
    config = TrainConfig(dim=16, epochs=9, held_out=0.1, early_stop=2)
    trained = train(topic_lines(200), config, threads=1, hooks=Hooks(on_message=messages.append))
    assert trained.report["held_out_loss"] == [3.0, 2.0, 2.5, 2.4]
    assert trained.report["epochs"] == 4
    assert messages == [
        "stopped early, after epoch 4 of 9: the held-out loss has not fallen for 2 epochs, it was lowest after epoch 2 (2.0000); "
        "the vectors are those of epoch 4, the last one"
    ]


def test_an_encoded_corpus_trains_like_its_text(text, tmp_path):
    train(text, CONFIG, out=tmp_path / "a", threads=1)
    w2v.encode(text, tmp_path / "corpus")
    train(tmp_path / "corpus", CONFIG, out=tmp_path / "b", threads=1)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
    with pytest.raises(ConfigError, match="leave the corpus options away"):
        train(tmp_path / "corpus", CONFIG, corpus_config=CorpusConfig(), threads=1)


def test_items_are_not_subsampled_by_default():
    lines = [["a", "b"] * 5] * 300
    messages = []
    hooks = Hooks(on_start=lambda corpus, plan, position: messages.append(plan.config.sample))
    train(lines, TrainConfig(dim=16, epochs=1), corpus_config=CorpusConfig(tokenizer="items"), threads=1, hooks=hooks)
    assert messages == [0.0]


def test_long_sessions_with_drawn_partners(tmp_path, monkeypatch):
    monkeypatch.setattr("w2v.training.plan.SESSION_PARTNERS", 8)
    lines, config = topic_lines(200, 30), TrainConfig(dim=16, epochs=3, window="session", sample=0, held_out=0.1)
    pairs = []
    whole = train(lines, config, out=tmp_path / "whole", threads=1, hooks=Hooks(on_span=lambda report: pairs.append(report.pairs)))
    assert sum(pairs) == 3 * 180 * 30 * 8  # the cost of a center is bounded
    assert share_of_own_topic(whole.vectors) > 0.9
    assert whole.report["held_out_loss"][-1] < whole.report["held_out_loss"][0]
    with pytest.raises(InterruptedTrainingError):
        train(lines, config, out=tmp_path / "model", threads=1, hooks=interrupt_after(7))
    train(lines, config, out=tmp_path / "model", threads=1, resume=True)
    assert hashes(tmp_path / "model") == hashes(tmp_path / "whole")


@pytest.mark.parametrize("window", ["session", 1000])
def test_a_window_over_whole_sessions(window):
    trained = train(topic_lines(600, 30), TrainConfig(dim=16, epochs=2, window=window, sample=0), threads=1)
    assert share_of_own_topic(trained.vectors) > 0.9


@pytest.mark.parametrize("threads", [0, -1, 1025, 1.5, True])
def test_threads_out_of_range(text, threads):
    with pytest.raises(ConfigError, match="threads must be an integer"):
        train(text, CONFIG, threads=threads)


def test_nothing_to_train_on():
    with pytest.raises(CorpusError, match="two different words"):
        train([["only"]] * 10, CONFIG, threads=1)


def test_a_text_of_which_subsampling_leaves_nothing(tmp_path):
    words = [["a", "b", "c", "d", "e", "f", "g"]]
    once = CorpusConfig(min_count=1)
    with pytest.raises(CorpusError, match=r"epoch 1 had nothing to train on.*sample=0"):
        train(words, TrainConfig(dim=4, sample=1e-3), corpus_config=once, out=tmp_path / "m", threads=1)
    assert list(tmp_path.iterdir()) == []
    assert train(words, TrainConfig(dim=4, sample=0), corpus_config=once, threads=1).report["loss"][0] > 0


def test_a_first_try_on_a_few_sentences_is_not_subsampled(tmp_path):
    texts = ["the baker sells bread", "the miller sells flour"] * 20
    model = train(texts=texts, out=tmp_path / "m", threads=1)
    assert (model.config.sample, len(model.report["loss"])) == (1.0, 30)
    assert train(texts=texts, out=tmp_path / "m", threads=1, resume=True).report["loss"] == model.report["loss"]
    assert train(texts=texts * 50, dim=4, epochs=1, threads=1).config.sample == 0.25


def test_a_held_out_part_without_a_pair():
    message = "what is held out, 2 tokens in 2 lines, has no two words of a line: raise the fraction, such as held_out=0.04"
    with pytest.raises(CorpusError, match=message):
        train([["a", "b"], *[["a"]] * 150], TrainConfig(dim=4, sample=0, held_out=0.01), corpus_config=CorpusConfig(min_count=1), threads=1)


def test_a_model_that_cannot_fit_is_refused_with_the_numbers(text, monkeypatch):
    monkeypatch.setattr("w2v.training.model.available_memory", lambda: 1000)
    with pytest.raises(ConfigError, match=r"needs .* GB, .* free"):
        train(text, CONFIG, threads=1)
