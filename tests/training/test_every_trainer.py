"""The contract of `w2v.training.contract.SpanTrainer`: each trainer passes this one class, on text whose right answer is known."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from topics import share_of_own_topic, topic_lines

import w2v
from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import DivergedError
from w2v.training.contract import SpanTrainer, make_trainer
from w2v.training.held_out_lines import count_held_out
from w2v.training.model import Model
from w2v.training.plan import make_plan
from w2v.vectors.word_vectors import WordVectors

EPOCHS = 3


@dataclass(frozen=True)
class Kind:
    """A way to train: its options, on so many threads, and whether it gives the same bits each time."""

    options: dict[str, object]
    threads: int
    is_exact: bool = True

    def trainer(self, corpus: EncodedCorpus, model: Model | None = None, **options: object) -> SpanTrainer:
        settings = {"dim": 16, "epochs": EPOCHS, "alpha": 0.05, "sample": 0.0, **self.options, **options}
        plan = make_plan(corpus, TrainConfig(**settings))  # type: ignore[arg-type]
        return make_trainer("cpu", corpus, model or Model.start(len(corpus.vocabulary), 16, 1), plan, self.threads)


KINDS = {
    "one thread": Kind({}, 1),
    "several threads": Kind({}, 3, is_exact=False),
    "replicas": Kind({"deterministic": True}, 2),
    "many replicas": Kind({"deterministic": True, "replicas": 7}, 3),
}


@pytest.fixture(scope="module")
def corpus() -> EncodedCorpus:
    return w2v.encode(topic_lines(4000))


def after(n: int) -> tuple[list[object], Callable[[], bool]]:
    """A list for reports, and a `should_stop` that says so once it has `n`."""
    reports: list[object] = []
    return reports, lambda: len(reports) >= n


@pytest.mark.medium
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
class TestEveryTrainer:
    def test_it_reports_every_span_once(self, corpus, kind):
        trainer = kind.trainer(corpus)
        reports = sorted(trainer.spans(1), key=lambda report: report.span)
        assert [(report.epoch, report.span) for report in reports] == [(1, span) for span in range(trainer.plan.n_spans)]
        assert sum(report.tokens for report in reports) == sum(report.centers for report in reports) == corpus.n_tokens
        alphas = [report.alpha for report in reports]
        assert alphas == sorted(alphas, reverse=True)

    def test_it_learns(self, corpus, kind):
        trainer = kind.trainer(corpus)
        losses = []
        for epoch in range(EPOCHS):
            reports = list(trainer.spans(epoch))
            losses.append(sum(report.loss_sum for report in reports) / sum(report.loss_pairs for report in reports))
        assert losses[-1] < losses[0] < 6 * math.log(2)
        assert share_of_own_topic(WordVectors(corpus.vocabulary, trainer.model.input_vectors)) > 0.95

    @pytest.mark.parametrize("n", [0, 1, 7, 30])
    def test_stopped_it_leaves_no_gap_and_another_one_goes_on(self, corpus, kind, n):
        whole = kind.trainer(corpus)
        list(whole.spans(0))
        first = kind.trainer(corpus)
        reports, should_stop = after(n)
        for report in first.spans(0, 0, should_stop):
            reports.append(report)
        done = sorted(report.span for report in reports)
        assert done == list(range(len(done)))
        assert len(done) >= min(n, whole.plan.n_spans)
        rest = [report.span for report in kind.trainer(corpus, first.model).spans(0, len(done))]
        assert sorted(rest) == list(range(len(done), whole.plan.n_spans))
        if kind.is_exact:
            assert (first.model.inputs == whole.model.inputs).all()
            assert (first.model.outputs == whole.model.outputs).all()

    def test_nothing_is_left_to_do_at_the_end_of_an_epoch(self, corpus, kind):
        trainer = kind.trainer(corpus)
        assert list(trainer.spans(0, trainer.plan.n_spans)) == []
        assert list(trainer.spans(0, 0, lambda: True)) == []
        assert not trainer.model.outputs.any()

    def test_what_is_held_out_is_not_trained(self, kind):
        lines = topic_lines(1000)
        corpus = w2v.encode(lines, None, w2v.CorpusConfig(min_count=1))
        trainer = kind.trainer(corpus, held_out=0.2)
        n_lines, n_tokens = count_held_out(corpus.sentence_offsets, trainer.plan.held_out)
        assert n_lines > 100
        assert sum(report.centers for report in trainer.spans(0)) == corpus.n_tokens - n_tokens

    def test_a_divergence_is_named(self, corpus, kind):
        trainer = kind.trainer(corpus)
        trainer.model.input_vectors[:] = np.nan
        with pytest.raises(DivergedError, match=r"epoch 2, span \d+ of \d+, learning rate .*: try a lower alpha="):
            list(trainer.spans(1))
