"""Which spans are begun, and which are taken back when training stops."""

from concurrent.futures import Future

import pytest

import w2v
from w2v.config import TrainConfig
from w2v.training import trainer as module
from w2v.training.model import Model
from w2v.training.plan import make_plan
from w2v.training.trainer import Trainer


class Pool:
    """Finishes the first span at once and begins no other."""

    def __init__(self, threads, name):
        self.begun, self.cancelled = [], []

    def __enter__(self):
        pools.append(self)
        return self

    def __exit__(self, *exception):
        pass

    def submit(self, function, epoch, span):
        pool, future = self, Future()
        if not self.begun:
            future.set_result(span)
        else:
            future.cancel = lambda: pool.cancelled.append(span) or True
        self.begun.append(span)
        return future


pools = []


def test_the_last_spans_are_taken_back_first_so_that_none_is_left_out(monkeypatch):
    """Threads take the earliest: were that one taken back first, a later one could begin before it is taken back too."""
    monkeypatch.setattr(module, "ThreadPoolExecutor", Pool)
    corpus = w2v.encode([["a", "b", "c", "d"] * 500] * 5)
    plan = make_plan(corpus, TrainConfig(dim=4))
    trainer = Trainer(corpus, Model.start(4, 4, 1), plan, 2)
    stops = iter([False, True])
    assert list(trainer.spans(0, 1, lambda: next(stops))) == [1]
    (pool,) = pools
    assert pool.begun == [1, 2, 3]  # one more than there are threads, so that none idles
    assert pool.cancelled == [3, 2]


def test_the_learning_rate_of_a_span_ends_where_the_next_one_begins():
    corpus = w2v.encode([["a", "b", "c", "d"] * 500] * 5)
    plan = make_plan(corpus, TrainConfig(dim=4, sample=0))
    trainer, calls = Trainer(corpus, Model.start(4, 4, 1), plan, 1), []
    trainer._train_span = lambda *arguments: calls.append(arguments)
    list(trainer.spans(1))
    assert len(calls) == plan.n_spans
    for span, (_, start, windows, _, _, _, _, alpha, alpha_step, *_) in enumerate(calls):
        begin, stop = plan.span(span)
        assert (start, windows.end - windows.begin) == (begin, stop - begin)
        assert alpha == plan.alpha(1, begin)
        assert alpha + alpha_step * (stop - begin) == pytest.approx(plan.alpha(1, stop), rel=1e-12)
