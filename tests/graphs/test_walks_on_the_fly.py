"""Walks made while a model trains are those that would be stored, and a training on them can stop and go on."""

import itertools
import signal

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.config import TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import CheckpointError, CorpusError
from w2v.graphs.graph import Graph
from w2v.graphs.random_walks import WalkConfig
from w2v.training.model import Model
from w2v.training.options import Hooks
from w2v.training.plan import make_plan
from w2v.training.stopping import InterruptedTrainingError
from w2v.training.trainer import Trainer

SETTINGS = {"dim": 16, "window": 5, "threads": 1}


def random_graph(directed: bool, seed: int = 1) -> Graph:
    random = np.random.default_rng(seed)
    ends = random.integers(0, 60, (150, 2)) if directed else random.integers(0, 60, (300, 2))
    return w2v.as_graph([(int(u), int(v), 1 + int(u + v) % 3) for u, v in ends], directed=directed)


def sentences(words: object, tokens: np.ndarray, offsets: np.ndarray) -> list[list[str]]:
    return [[words[token] for token in tokens[start:stop].tolist()] for start, stop in itertools.pairwise(offsets.tolist())]  # type: ignore[index]


def part_sentences(corpus: EncodedCorpus, epoch: int, start: int, stop: int) -> list[list[str]]:
    part = corpus.part(epoch, start, stop)
    return sentences(corpus.vocabulary.words, part.tokens, part.sentence_offsets)


@pytest.mark.parametrize("directed", [False, True])
def test_an_epoch_is_what_would_be_stored_and_the_next_one_goes_on(tmp_path, directed: bool) -> None:
    graph = random_graph(directed)
    stored = w2v.write_walks(graph, tmp_path / "c", WalkConfig(walks_per_node=6, walk_length=9, p=0.5, q=2))
    expected = sentences(stored.vocabulary.words, stored.tokens, stored.sentence_offsets)
    corpus = w2v.walks_on_the_fly(graph, WalkConfig(walks_per_node=3, walk_length=9, p=0.5, q=2), threads=2)
    assert corpus.n_sentences * 2 == stored.n_sentences
    starts = range(0, corpus.n_positions, 27)
    found = [walk for epoch in range(2) for start in starts for walk in part_sentences(corpus, epoch, start, start + 27)]
    assert found == expected
    assert any(len(walk) < 9 for walk in found) == directed


def test_spans_take_every_step_once_wherever_they_are_cut() -> None:
    corpus = w2v.walks_on_the_fly(random_graph(True), WalkConfig(walks_per_node=2, walk_length=7))
    whole = corpus.part(0, 0, corpus.n_positions)
    for step in (1, 5, 7, 50):
        taken = []
        for start in range(0, corpus.n_positions, step):
            part = corpus.part(0, start, min(start + step, corpus.n_positions))
            taken += part.tokens[part.start : part.stop].tolist()
        assert taken == whole.tokens.tolist()


def test_vectors_are_those_of_stored_walks(tmp_path) -> None:
    graph, config = random_graph(False), WalkConfig(walks_per_node=1, walk_length=90)  # spans end within walks
    stored = w2v.write_walks(graph, tmp_path / "c", config)
    corpus = w2v.walks_on_the_fly(graph, config)
    assert corpus.vocabulary.words == stored.vocabulary.words
    np.testing.assert_array_equal(corpus.vocabulary.counts, stored.vocabulary.counts)
    for options in ({}, {"sample": 1e-3}):
        one, other = (w2v.train(source, **SETTINGS, epochs=1, **options) for source in (stored, corpus))
        np.testing.assert_array_equal(one.vectors.matrix, other.vectors.matrix)
        assert one.report["loss"] == pytest.approx(other.report["loss"])  # added up in the order in which spans are finished


def test_counts_are_those_of_walks() -> None:
    """Of an undirected graph whose walks are long, a node is visited as often as it has edges, by their weights."""
    random = np.random.default_rng(3)
    edges = [(int(u), int(v), float(w)) for u, v, w in zip(*random.integers(0, 30, (2, 200)), random.random(200) + 0.2, strict=True)]
    graph = w2v.as_graph(edges)
    corpus = w2v.walks_on_the_fly(graph, WalkConfig(walks_per_node=2, walk_length=20_000))
    assert graph.weights is not None
    strength = np.add.reduceat(graph.weights.astype(float), graph.offsets[:-1])
    expected = dict(zip(graph.names, strength / strength.sum(), strict=True))
    shares = corpus.vocabulary.counts / corpus.vocabulary.counts.sum()
    for word, share in zip(corpus.vocabulary.words, shares.tolist(), strict=True):
        assert abs(share / expected[word] - 1) < 0.05  # of ten seeds the worst was 0.016
    assert (corpus.vocabulary.counts % 2 == 0).all()


def test_a_training_that_was_stopped_goes_on_to_the_same_vectors(tmp_path) -> None:
    graph, config = random_graph(True), WalkConfig(walks_per_node=20, walk_length=12)

    def train_on(graph: Graph, config: WalkConfig, name: str = "m", **options) -> w2v.TrainedModel:
        return w2v.train(w2v.walks_on_the_fly(graph, config, threads=2), out=tmp_path / name, epochs=3, **SETTINGS, **options)

    whole = train_on(graph, config, "whole")
    n_spans = itertools.count(1)

    def stop(report: object) -> None:
        if next(n_spans) == 20:
            signal.raise_signal(signal.SIGINT)

    with pytest.raises(InterruptedTrainingError):
        train_on(graph, config, checkpoint_every="3spans", hooks=Hooks(on_span=stop))
    for other in ((graph, WalkConfig(walks_per_node=20, walk_length=12, q=2)), (random_graph(True, 2), config)):
        with pytest.raises(CheckpointError, match=r"belongs to another corpus: its (walks|graph) differ"):
            train_on(*other, resume=True)
    resumed = train_on(graph, config, resume=True)
    np.testing.assert_array_equal(resumed.vectors.matrix, whole.vectors.matrix)
    assert resumed.report["loss"] == pytest.approx(whole.report["loss"])


def test_what_needs_stored_walks_says_so(tmp_path) -> None:
    corpus = w2v.walks_on_the_fly(random_graph(False))
    with pytest.raises(CorpusError, match="not stored, which held_out and init_from need: write_walks stores them"):
        w2v.train(corpus, held_out=0.1, **SETTINGS)
    with pytest.raises(CorpusError, match="two nodes or more"):
        w2v.walks_on_the_fly([("a", "a")])
    assert not hasattr(corpus, "nothing")


def test_all_threads_train_all_walks() -> None:
    corpus = w2v.walks_on_the_fly(random_graph(True), WalkConfig(walks_per_node=40))
    plan = make_plan(corpus, TrainConfig(dim=16, window=5, sample=0.0))
    trainer = Trainer(corpus, Model.start(len(corpus.vocabulary), 16, 1), plan, 2)
    assert sum(report.centers for report in trainer.spans(0)) == len(corpus.part(0, 0, corpus.n_positions).tokens)


def test_the_command(tmp_path, capsys) -> None:
    (tmp_path / "g.edges").write_text("a b\nb c\nc a\nc d\n", encoding="utf-8")
    arguments = ["train", str(tmp_path / "g.edges"), "--out", str(tmp_path / "g.w2v"), "--epochs", "1"]
    options = ["--walks-on-the-fly", "--p", "0.5", "--walk-length", "30", "--walks-per-node", "20"]
    assert run([*arguments, *options]) == 0
    model = w2v.load_model(tmp_path / "g.w2v")
    assert model.vectors.dim == 128
    assert model.manifest["corpus"]["n_tokens"] == 4 * 20 * 30
    assert run([*arguments, *options, "--epochs", "2", "--resume"]) == 0
    capsys.readouterr()
    assert run([*arguments, *options, "--epochs", "2", "--q", "2", "--resume"]) == 1
    assert "its walks differ" in capsys.readouterr().err
    assert run([*arguments, "--overwrite", *options, "--held-out", "0.1"]) == 2
    assert "--held-out needs walks that are stored: leave --walks-on-the-fly away" in capsys.readouterr().err
    assert run([*arguments, "--overwrite", "--p", "2"]) == 2
    assert "--p goes with --walks" in capsys.readouterr().err
    (tmp_path / "h.edges").write_text("a x;b\nb;c\n", encoding="utf-8")
    arguments = ["train", str(tmp_path / "h.edges"), "--out", str(tmp_path / "h.w2v"), "--epochs", "1"]
    assert run([*arguments, "--walks", "--directed", "--separator", ";"]) == 0
    assert set(w2v.load_model(tmp_path / "h.w2v").vocabulary.words) == {"a x", "b", "c"}
