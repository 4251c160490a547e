"""Copies of rows: the same training on them, and uses as the oracle counts them."""

import dataclasses
from collections import Counter

import naive
import numpy as np
import pytest

import w2v
from w2v.config import CorpusConfig, TrainConfig
from w2v.training import plan as plan_module
from w2v.training.kernel.random import stream_key
from w2v.training.model import Model
from w2v.training.plan import make_plan
from w2v.training.replicas.replica import Replica
from w2v.training.replicas.replica_trainer import ReplicaTrainer
from w2v.training.replicas.row_copies import RowCopies
from w2v.training.trainer import Trainer

KINDS = [
    pytest.param({"window": 5}, [40] * 60, id="words"),
    pytest.param({"window": 5, "sample": 1e-2}, [2400], id="one line, subsampled"),
    pytest.param({"window": "session"}, [30] * 80, id="sessions"),
    pytest.param({"window": "session"}, [25, 1500, 900], id="a session of which contexts are drawn"),
]


def corpus_of(lengths, n_words=400, seed=0):
    rng = np.random.default_rng(seed)
    weights = 1 / np.arange(1, n_words + 1)
    lines = [[f"w{word}" for word in rng.choice(n_words, length, p=weights / weights.sum())] for length in lengths]
    return w2v.encode(lines, None, CorpusConfig(min_count=1))


@pytest.fixture(autouse=True)
def short_spans(monkeypatch):
    monkeypatch.setattr(plan_module, "_LEAST_SPAN_TOKENS", 64)


@pytest.mark.medium
@pytest.mark.parametrize(("options", "lengths"), KINDS)
def test_one_replica_trains_as_the_ordinary_trainer_does(options, lengths):
    corpus = corpus_of(lengths)
    config = TrainConfig(**{"dim": 20, "negative_reuse": 2, "sample": 0.0, **options})
    plan = make_plan(corpus, config)
    one, other = (Model.start(len(corpus.vocabulary), 20, 1) for _ in range(2))
    ordinary = sorted(Trainer(corpus, one, plan, 1).spans(0), key=lambda report: report.span)
    single = dataclasses.replace(plan, config=dataclasses.replace(plan.config, deterministic=True, replicas=1))
    assert list(ReplicaTrainer(corpus, other, single, 1).spans(0)) == ordinary
    assert plan.n_spans > 8
    assert (one.inputs == other.inputs).all()
    assert (one.outputs == other.outputs).all()


@pytest.mark.medium
@pytest.mark.parametrize(("options", "lengths"), KINDS)
def test_uses_are_the_pairs_that_the_oracle_trains(options, lengths):
    corpus = corpus_of(lengths)
    config = TrainConfig(**{"dim": 20, "negative_reuse": 3, "sample": 0.0, "deterministic": True, "replicas": 2, **options})
    plan = make_plan(corpus, config)
    n_words, epoch, span = len(corpus.vocabulary), 1, min(3, plan.n_spans - 1)
    copies = RowCopies(plan, 2, n_words)
    replica, model = Replica(corpus, plan, copies, 1), Model.start(n_words, 20, 1)
    replica.compile(model)
    replica.train(model, epoch, 0, 0.01, 0.01)  # what it leaves must not matter
    report = replica.train(model, epoch, span, 0.01, 0.01)

    text = corpus.tokens.tolist(), corpus.sentence_offsets.tolist()
    key = stream_key(plan.config.seed, 1, epoch)
    listed = naive.windows(*text, *plan.span(span), plan.keep, plan.window, plan.fixed_window, key, session=plan.session)
    stream = naive.NegativeStream(stream_key(plan.config.seed, 2, epoch, span), plan.alias, plan.negatives, 3, plan.distance)
    uses_in, uses_out = Counter(), Counter()
    for i, (center, contexts) in enumerate(listed):
        uses_in.update(contexts)
        for target in [center, *(negative for negative in stream.of_window(i) if negative != center)]:
            uses_out[target] += len(contexts)
    assert sum(uses_in.values()) == report.pairs
    n = copies.n_rows[1]
    words = copies.words[1, :n].tolist()
    assert words == sorted(set(words))
    assert {word for word in range(n_words) if copies.places[1, word] >= 0} == set(words)
    assert (copies.places[1, words] == np.arange(n)).all()
    for wanted, got in ((uses_in, copies.uses_in), (uses_out, copies.uses_out)):
        assert {word: used for word, used in zip(words, got[1, :n].tolist(), strict=True) if used} == {w: u for w, u in wanted.items() if u}


def test_more_memory_than_there_is_is_refused(monkeypatch):
    corpus = corpus_of([40] * 10)
    plan = make_plan(corpus, TrainConfig(deterministic=True))
    monkeypatch.setattr("w2v.training.replicas.row_copies.available_memory", lambda: 1000)
    with pytest.raises(w2v.errors.ConfigError, match=r"4 replicas need up to .* GB .*: fewer replicas= or a smaller dim= need less"):
        RowCopies(plan, 4, len(corpus.vocabulary))
