"""Edges are held out without cutting the graph, and told from other pairs: against sets, and on graphs whose answer is known."""

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import w2v
from w2v.cli.main import run
from w2v.errors import ConfigError, CorpusError
from w2v.graphs import edge_split
from w2v.graphs.edge_split import split_edges
from w2v.graphs.graph import Graph
from w2v.graphs.link_prediction import edge_gains, neighborhood_scores, vector_scores


def edges_of(graph: Graph) -> set[tuple[int, int]]:
    heads = np.repeat(np.arange(len(graph)), np.diff(graph.offsets))
    return set(zip(heads.tolist(), graph.neighbors.tolist(), strict=True))


def parts_of(graph: Graph) -> set[frozenset[int]]:
    parts = {node: {node} for node in range(len(graph))}
    for u, v in edges_of(graph):
        if parts[u] is not parts[v]:
            joined = parts[u] | parts[v]
            parts.update(dict.fromkeys(joined, joined))
    return {frozenset(part) for part in parts.values()}


def two_rings(directed: bool, n: int = 40, chords: int = 60) -> Graph:
    random = np.random.default_rng(1)
    rings = [(f"{ring}{i}", f"{ring}{(i + 1) % n}", 1 + i % 3) for ring in "xy" for i in range(n)]
    inside = [(f"{ring}{u}", f"{ring}{v}", 2) for ring in "xy" for u, v in random.integers(0, n, (chords, 2)).tolist()]
    return w2v.as_graph([*rings, *inside], directed=directed)


@pytest.mark.parametrize("enumerated", [0, 2000])
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_what_is_held_out_leaves_the_parts_connected(monkeypatch, directed: bool, share: float, enumerated: int) -> None:
    monkeypatch.setattr(edge_split, "_ENUMERATED", enumerated)
    graph = two_rings(directed)
    split = split_edges(graph, share, 3, most=1000)
    assert parts_of(split.graph) == parts_of(graph)
    assert list(split.graph.names) == list(graph.names)
    assert (split.graph.weights is None) == (graph.weights is None)
    before, after = edges_of(graph), edges_of(split.graph)
    listed = [tuple(pair) for pair in split.edges.tolist()]
    assert len(set(listed)) == len(listed) == split.n_held_out == len(split.others)
    assert before - after == {*listed, *(() if directed else ((v, u) for u, v in listed))}
    others = [tuple(pair) for pair in split.others.tolist()]
    assert len({*others, *(() if directed else ((v, u) for u, v in others))}) == len(others) * (1 if directed else 2)
    assert not before & {*others, *(() if directed else ((v, u) for u, v in others))}
    loops = sum(u == v for u, v in before)
    spare = graph.n_edges - loops - (len(graph) - len(parts_of(graph)))
    assert split.n_held_out == min(spare, round(share * (graph.n_edges - loops)))
    assert len(split_edges(graph, share, 3, most=7).others) == 7
    assert (split_edges(graph, share, 4, most=1000).edges != split.edges).any()


@given(st.lists(st.integers(0, 4), min_size=1), st.lists(st.integers(0, 4), min_size=1))
def test_gains_are_shares_of_what_scores_lower(edges: list[int], others: list[int]) -> None:
    expected = [sum((edge > other) + (edge == other) / 2 for other in others) / len(others) for edge in edges]
    np.testing.assert_allclose(edge_gains(np.array(edges, float), np.array(others, float)), expected)


@pytest.mark.parametrize("directed", [False, True])
def test_scores_of_neighborhoods(directed: bool) -> None:
    graph = two_rings(directed, n=12, chords=40)
    edges = edges_of(graph)
    pairs = np.array([pair for pair in itertools.permutations(range(len(graph)), 2) if pair not in edges], np.int32)
    degrees = {w: sum(u == w for u, _ in edges) + (sum(v == w for _, v in edges) if directed else 0) for w in range(len(graph))}
    found = neighborhood_scores(graph, pairs)
    for row, (u, v) in enumerate(pairs.tolist()):
        between = [w for w in range(len(graph)) if (u, w) in edges and (w, v) in edges]
        assert found["common neighbors"][row] == len(between)
        assert found["Adamic-Adar"][row] == pytest.approx(sum(1 / math.log(degrees[w]) for w in between))
        leaving, arriving = sum(a == u for a, _ in edges), sum(b == v for _, b in edges)
        assert found["preferential attachment"][row] == leaving * arriving


def test_scores_of_vectors() -> None:
    matrix = np.array([[1, 0], [2, 2], [0, 3]], np.float32)
    found = vector_scores(matrix, np.array([[0, 1], [1, 2], [0, 2]]))
    np.testing.assert_allclose(found["dot product"], [2, 6, 0])
    np.testing.assert_allclose(found["cosine"], [0.5**0.5, 0.5**0.5, 0], rtol=1e-6)


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ([("a", "b"), ("b", "c"), ("c", "d")], "has not so many cycles"),
        ([*itertools.combinations("abcde", 2)], "nearly all nodes are joined"),
    ],
)
def test_graphs_that_have_nothing_to_ask(edges: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(CorpusError, match=message):
        split_edges(w2v.as_graph(edges), 0.5, 1, 100)
    with pytest.raises(ConfigError, match="share must be a number between 0 and 1"):
        split_edges(w2v.as_graph(edges), 1.0, 1, 100)


@pytest.mark.long
@pytest.mark.medium
def test_the_command(tmp_path, capsys) -> None:
    pytest.importorskip("sklearn")
    random = np.random.default_rng(1)  # four groups of 20 nodes, dense inside
    lines = [f"{g}.{u} {g}.{v}\n" for g in range(4) for u, v in random.integers(0, 20, (90, 2)).tolist()]
    (tmp_path / "g.edges").write_text("".join([*lines, "0.0 1.0\n1.0 2.0\n2.0 3.0\n"]), encoding="utf-8")
    options = "--share 0.3 --seeds 2 --dim 16 --window 5 --epochs 3"
    arguments = ["evaluate-links", str(tmp_path / "g.edges"), *options.split()]
    assert run([*arguments, "--json", "--threads", "1"]) == 0
    found = json.loads(capsys.readouterr().out)
    scores = {method["method"]: method for method in found["methods"]}
    assert len(scores) == 9
    for name in ("cosine", "Hadamard, logistic regression", "weighted L2, logistic regression", "common neighbors"):  # one thread, one seed
        low, high = scores[name]["interval"]
        assert low < scores[name]["auc"] < high
        assert scores[name]["auc"] > 0.7
        assert len(scores[name]["seeds"]) == 2
    assert scores["preferential attachment"]["auc"] < 0.7
    assert found["settings"]["held_out"][0] > 30
    assert run([*arguments, "--markdown", "--directed"]) == 0
    out, err = capsys.readouterr()
    assert "| Adamic-Adar |" in out
    assert "directed edges" in out
    assert "edges held out" in err
