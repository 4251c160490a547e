"""Walks go along edges, as often as the formulas say, whoever walks."""

import itertools
from collections import Counter

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.errors import ConfigError, CorpusError
from w2v.graphs.edges import as_graph
from w2v.graphs.graph import Graph
from w2v.graphs.random_walks import WalkConfig, write_walks

TRIANGLE_AND_TAIL = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e")]


def walks_of(graph: Graph, out, **options) -> list[list[str]]:
    threads = options.pop("threads", 2)
    corpus = write_walks(graph, out, WalkConfig(**options), threads=threads, overwrite=True)
    words, offsets = corpus.vocabulary.words, corpus.sentence_offsets.tolist()
    assert (np.diff(corpus.vocabulary.counts) <= 0).all()
    np.testing.assert_array_equal(np.bincount(corpus.tokens), corpus.vocabulary.counts)
    return [[words[token] for token in corpus.tokens[start:stop].tolist()] for start, stop in itertools.pairwise(offsets)]


@pytest.mark.parametrize("options", [{}, {"p": 0.3, "q": 4.0}])
def test_each_node_starts_its_walks_and_steps_are_edges(tmp_path, options) -> None:
    graph = as_graph(TRIANGLE_AND_TAIL)
    edges = {*TRIANGLE_AND_TAIL, *((v, u) for u, v in TRIANGLE_AND_TAIL)}
    found = walks_of(graph, tmp_path / "c", walks_per_node=7, walk_length=12, **options)
    assert Counter(walk[0] for walk in found) == dict.fromkeys("abcde", 7)
    assert {len(walk) for walk in found} == {12}
    assert all(step in edges for walk in found for step in itertools.pairwise(walk))
    for number in range(7):  # each pass starts once at each node, in an order of its own
        assert {walk[0] for walk in found[5 * number : 5 * number + 5]} == set("abcde")
    assert len({tuple(walk[0] for walk in found[start : start + 5]) for start in range(0, 35, 5)}) > 1


def test_walks_end_where_no_edge_leads_on(tmp_path) -> None:
    graph = as_graph([("a", "b"), ("b", "c")], directed=True)
    found = walks_of(graph, tmp_path / "c", walks_per_node=2, walk_length=5)
    assert sorted(found) == sorted([["a", "b", "c"], ["b", "c"], ["c"]] * 2)


def test_any_number_of_threads_makes_the_same_walks(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("w2v.graphs.random_walks._WALKED_AT_ONCE", 100)
    random = np.random.default_rng(1)
    graph = as_graph(
        [(int(u), int(v), float(w)) for u, v, w in zip(*random.integers(0, 300, (2, 3000)), random.random(3000) + 0.1, strict=True)]
    )
    one = walks_of(graph, tmp_path / "1", threads=1, walks_per_node=3, walk_length=20, p=2, q=0.5)
    assert one == walks_of(graph, tmp_path / "3", threads=3, walks_per_node=3, walk_length=20, p=2, q=0.5)
    assert one != walks_of(graph, tmp_path / "s", seed=2, walks_per_node=3, walk_length=20, p=2, q=0.5)


def steps_after(found: list[list[str]], before: tuple[str, ...]) -> Counter[str]:
    n = len(before)
    return Counter(walk[i + n] for walk in found for i in range(len(walk) - n) if tuple(walk[i : i + n]) == before)


def assert_shares(found: Counter[str], expected: dict[str, float]) -> None:
    total, whole = found.total(), sum(expected.values())
    assert set(found) == {name for name, share in expected.items() if share}
    for name, share in expected.items():
        p = share / whole
        assert abs(found[name] / total - p) < 5 * (p * (1 - p) / total) ** 0.5 + 1e-9


def test_weights_decide_first_order_steps(tmp_path) -> None:
    graph = as_graph([("a", "b", 1.0), ("a", "c", 2.5), ("a", "d", 0.1), ("b", "c", 1.0)])
    found = walks_of(graph, tmp_path / "c", walks_per_node=800, walk_length=20)
    assert_shares(steps_after(found, ("a",)), {"b": 1, "c": 2.5, "d": 0.1})
    assert_shares(steps_after(found, ("b",)), {"a": 1, "c": 1})


@pytest.mark.parametrize(("p", "q"), [(0.25, 4.0), (4.0, 0.25), (2.0, 3.0), (0.5, 0.5), (1.0, 0.2)])
@pytest.mark.parametrize("weights", [(1.0, 1.0, 1.0), (3.0, 1.0, 0.5)])
def test_second_order_steps_are_those_of_node2vec(tmp_path, p: float, q: float, weights: tuple[float, float, float]) -> None:
    """From a to c: back to a weighs 1/p, b is a neighbor of a and weighs 1, d is none and weighs 1/q."""
    to_a, to_b, to_d = weights
    graph = as_graph([("a", "b", 1.0), ("c", "b", to_b), ("c", "a", to_a), ("c", "d", to_d), ("d", "e", 1.0)])
    found = walks_of(graph, tmp_path / "c", walks_per_node=1500, walk_length=20, p=p, q=q)
    assert_shares(steps_after(found, ("a", "c")), {"a": to_a / p, "b": to_b, "d": to_d / q})
    assert_shares(steps_after(found, ("d", "c")), {"a": to_a / q, "b": to_b / q, "d": to_d / p})
    assert_shares(steps_after(found, ("d", "e")), {"d": 1})


def test_wrong_numbers_are_refused(tmp_path) -> None:
    for options, message in (({"p": 0}, "p must be a number from 0.001"), ({"walk_length": 1}, "walk_length"), ({"seed": -1}, "seed")):
        with pytest.raises(ConfigError, match=message):
            WalkConfig(**options)
    with pytest.raises(CorpusError, match="two nodes or more"):
        write_walks(as_graph([("a", "a")]), tmp_path / "c")


def test_two_halves_of_a_graph_are_told_apart(tmp_path, capsys) -> None:
    random = np.random.default_rng(1)
    inside = [(f"{half}{u}", f"{half}{v}") for half in "xy" for u, v in random.integers(0, 40, (300, 2)).tolist()]
    (tmp_path / "g.edges").write_text("".join(f"{u} {v}\n" for u, v in [*inside, ("x0", "y0")]), encoding="utf-8")
    assert run(["walks", str(tmp_path / "g.edges"), "--out", str(tmp_path / "g.corpus"), "--walk-length", "30"]) == 0
    out, err = capsys.readouterr()
    assert out == f"{tmp_path / 'g.corpus'}\n"
    assert "80 nodes" in err
    assert "800 walks, 24,000 steps" in err
    model = w2v.train(tmp_path / "g.corpus", dim=16, window=5, epochs=10)
    near = model.neighbors("x5", n=20)
    assert sum(word.startswith("x") for word, _ in near) >= 18
    assert run(["walks", str(tmp_path / "g.edges"), "--out", str(tmp_path / "g.corpus")]) == 1
    assert "--overwrite" in capsys.readouterr().err


def test_a_graph_is_trained_on_at_once(tmp_path, capsys) -> None:
    (tmp_path / "g.edges").write_text("a b\nb c\nc a\n", encoding="utf-8")
    assert run(["train", str(tmp_path / "g.edges"), "--walks", "--out", str(tmp_path / "g.w2v"), "--epochs", "1"]) == 0
    model = w2v.load_model(tmp_path / "g.w2v")
    assert sorted(model.vocabulary.words) == ["a", "b", "c"]
    assert model.vectors.dim == 128
    assert model.manifest["train_config"]["window"] == 10
    arguments = ["train", str(tmp_path / "g.edges"), "--walks", "--out", str(tmp_path / "h.w2v")]
    assert run([*arguments, "--min-count", "2"]) == 2
    assert "--walks takes one file of edges" in capsys.readouterr().err
    assert run([*arguments, "--epochs", "1", "--resume"]) == 0
    assert run([*arguments, "--epochs", "2", "--resume"]) == 0


def test_edges_are_walked_on_as_they_are_given(tmp_path) -> None:
    corpus = w2v.write_walks([("a", "b")], tmp_path / "c", WalkConfig(walks_per_node=1, walk_length=3))
    assert set(corpus.vocabulary.words) == {"a", "b"}
    with pytest.raises(CorpusError, match=r"edge 0 .*'c'|weight of edge 0"):
        w2v.write_walks([("a", "b", "c")], tmp_path / "d")
