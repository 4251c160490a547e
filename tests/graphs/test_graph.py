"""Graphs from all that people have, against a dictionary of sets."""

import gzip
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from w2v.errors import ConfigError, CorpusError
from w2v.graphs.edges import as_graph, read_graph
from w2v.graphs.graph import Graph

EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.sampled_from([0.5, 1.0, 2.0])), min_size=1, max_size=30)


def neighbors_of(graph: Graph) -> dict[str, dict[str, float]]:
    rows = {}
    for node, name in enumerate(graph.names):
        part = slice(graph.offsets[node], graph.offsets[node + 1])
        near = graph.neighbors[part]
        assert (np.diff(near) > 0).all()
        weights = np.ones(len(near)) if graph.weights is None else graph.weights[part]
        rows[name] = {graph.names[other]: float(weight) for other, weight in zip(near.tolist(), weights.tolist(), strict=True)}
    return rows


def expected(edges: list[tuple[int, int, float]], directed: bool, weighted: bool) -> dict[str, dict[str, float]]:
    rows: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for u, v, weight in edges:
        for a, b in {(u, v), (u, v) if directed else (v, u)}:
            rows[str(a)][str(b)] += weight
            rows[str(b)]
    return {node: {other: weight if weighted else 1.0 for other, weight in near.items()} for node, near in rows.items()}


@given(EDGES, st.booleans(), st.booleans())
def test_edges_become_rows_of_neighbors(edges: list[tuple[int, int, float]], directed: bool, weighted: bool) -> None:
    graph = as_graph([edge[: 3 if weighted else 2] for edge in edges], directed=directed)
    assert neighbors_of(graph) == expected(edges, directed, weighted)
    distinct = {(u, v) if directed else (min(u, v), max(u, v)) for u, v, _ in edges}
    assert graph.n_edges == len(distinct)


@pytest.mark.parametrize("separator", ["\t", " ", "  "])
def test_a_file_of_edges(tmp_path, separator: str) -> None:
    lines = ["# Directed graph", "# From To", "王 b", "b c", "", "c 10", "10 王"]
    path = tmp_path / "a.edges"
    path.write_text("\n".join(lines).replace(" ", separator), encoding="utf-8")
    assert neighbors_of(read_graph(path, directed=True)) == {"王": {"b": 1}, "b": {"c": 1}, "c": {"10": 1}, "10": {"王": 1}}
    (tmp_path / "a.edges.gz").write_bytes(gzip.compress(path.read_bytes()))
    assert neighbors_of(read_graph(tmp_path / "a.edges.gz")) == neighbors_of(read_graph(path))
    assert read_graph(path).n_edges == 4


def test_weights_are_no_nodes_unless_they_are(tmp_path) -> None:
    (tmp_path / "a").write_text("1 2 2\n2 x 0.5\nx 1 1e3\n", encoding="utf-8")
    graph = read_graph(tmp_path / "a", directed=True)
    assert neighbors_of(graph) == {"1": {"2": 2}, "2": {"x": 0.5}, "x": {"1": 1000}}


def test_lists_of_neighbors_and_names_with_blanks(tmp_path) -> None:
    (tmp_path / "a").write_text("1 2 3 4\n2 4\n", encoding="utf-8")
    assert neighbors_of(read_graph(tmp_path / "a", adjacency=True, directed=True)) == {
        "1": {"2": 1, "3": 1, "4": 1},
        "2": {"4": 1},
        "3": {},
        "4": {},
    }
    (tmp_path / "b").write_text("New York;Rome\nRome;São Paulo\n", encoding="utf-8")
    assert set(read_graph(tmp_path / "b", separator=";").names) == {"New York", "Rome", "São Paulo"}


def test_tables_of_edges(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("id;from;to;times\n1;王;b c;2\n2;b c;d;0.5\n", encoding="utf-8")
    graph = read_graph(tmp_path / "a.csv", fields=["from", "to", "times"], directed=True)
    assert neighbors_of(graph) == {"王": {"b c": 2}, "b c": {"d": 0.5}, "d": {}}
    assert as_graph(tmp_path / "a.csv", fields="from,to").weights is None
    with pytest.raises(ConfigError, match="fields goes with a path"):
        as_graph([("a", "b")], fields="from,to")
    (tmp_path / "a.jsonl").write_text('{"u": "a", "v": "b"}\n{"u": "b", "v": "c"}\n', encoding="utf-8")
    assert read_graph(tmp_path / "a.jsonl", fields=["u", "v"]).n_edges == 2
    with pytest.raises(CorpusError, match=r"a\.csv is a csv file: name the columns of both ends .* fields="):
        read_graph(tmp_path / "a.csv")
    with pytest.raises(CorpusError, match="no column 'nope'"):
        read_graph(tmp_path / "a.csv", fields=["from", "nope"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b\nc\n", "found 'c'"),
        ("a b\na b 2\n", "found 'a b 2'"),
        ("1 2 3 4 5\n", "found '1 2 3 4 5': lists of neighbors are read with adjacency=True"),
        ("a b x\n", "the third of a line must be a weight, a number above 0: found 'x'"),
        ("a b 0\n", "found 0 of the edge a b"),
        ("a b -1\n", "found -1 of the edge a b"),
        ("a b nan\n", "found nan of the edge a b"),
        ("a b inf\n", "must be a number above 0: found inf of the edge a b"),
        ("a b 1e39\nb c 1\n", "must be from 1e-30 to 1e\\+30: found 1e\\+39 of the edge a b"),
        ("a b 1e-46\nb c 1\n", "must be from 1e-30 to 1e\\+30: found 1e-46 of the edge a b"),
        ('"a x" b\nb "c y"\n', "found 'b'; names with blanks need another separator="),
        ("a,b\nb,c\n", "found 'a,b': names with , between are read with separator=','"),
        ("1 2 {'weight': 3}\n", "networkx.write_weighted_edgelist writes weights alone"),
        ("1 2 1 1082040961\n", "adjacency=True, the columns of a table with fields='1,2'"),
        ("# nothing\n", "all its lines are comments"),
        ("", "has no edges: it is empty"),
        ("\n\n", "empty"),
    ],
)
def test_what_is_no_list_of_edges_is_refused(tmp_path, text: str, message: str) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_graph(tmp_path / "a")


def test_matrices_of_scipy() -> None:
    sparse = pytest.importorskip("scipy.sparse")
    matrix = sparse.csr_array(np.array([[0, 2.0, 0], [2.0, 0, 1.0], [0, 1.0, 0]]))
    assert neighbors_of(as_graph(matrix)) == {"0": {"1": 2}, "1": {"0": 2, "2": 1}, "2": {"1": 1}}
    assert neighbors_of(as_graph(matrix, directed=True)) == neighbors_of(as_graph(matrix))
    with pytest.raises(CorpusError, match=r"must be square: received 3$"):
        as_graph(sparse.coo_array(np.array([1, 0, 2])))
    with pytest.raises(CorpusError, match="symmetric: give directed=True"):
        as_graph(sparse.csr_array(np.array([[0, 1.0], [0, 0]])))


def test_graphs_of_networkx() -> None:
    networkx = pytest.importorskip("networkx")
    assert as_graph(networkx.karate_club_graph()).n_edges == 78
    assert as_graph(networkx.DiGraph([("a", "b")])).directed


@pytest.mark.parametrize(
    ("source", "error", "message"),
    [
        (3, ConfigError, "a graph must be a path, a networkx graph"),
        ([], CorpusError, "a graph must have edges"),
        ([("a", "b"), ("a",)], CorpusError, "edge 1 .* received"),
        (["ab"], CorpusError, "edge 0 .* received 'ab'"),
        ([("a", "b", "c")], CorpusError, "the weight of edge 0 .* must be a number: received 'c'"),
        ([("a", "b", float("inf"))], CorpusError, "a number above 0"),
    ],
)
def test_what_is_no_graph_is_refused(source: object, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        as_graph(source)


def test_a_file_that_is_not_there_and_nodes_that_are_none(tmp_path) -> None:
    with pytest.raises(CorpusError, match=r"a graph must be a file of edges: .*nope does not exist$"):
        as_graph(str(tmp_path / "nope"))
    for none in (None, float("nan")):
        with pytest.raises(CorpusError, match=r"edge 1 \(the first is 0\) must lead from node to node: .* leave it out"):
            as_graph([("a", "b"), ("a", none)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b\n# middle\nb c\n% x y z\n", {"a": ["b"], "b": ["a", "c"], "c": ["b"]}),
        ("#a #b\n", None),
        ("a b\n#a b\n", {"a": ["b"], "b": ["#a", "a"], "#a": ["b"]}),  # no bare sign: a tag
        ("1 2 {}\n2 3 {}\n", {"1": ["2"], "2": ["1", "3"], "3": ["2"]}),  # networkx
        ("\ufeff王 b\r\nb c\r\n", {"王": ["b"], "b": ["c", "王"], "c": ["b"]}),
        ("%%MatrixMarket matrix coordinate pattern symmetric\n% c\n3 3 2\n2 1\n3 2\n", {"1": ["2"], "2": ["1", "3"], "3": ["2"]}),
    ],
)
def test_lines_as_other_programs_write_them(tmp_path, text: str, expected: dict[str, list[str]] | None) -> None:
    (tmp_path / "a").write_bytes(text.encode())
    if expected is None:
        with pytest.raises(CorpusError, match="all its lines are comments"):
            read_graph(tmp_path / "a")
    else:
        assert {node: sorted(near) for node, near in neighbors_of(read_graph(tmp_path / "a")).items()} == expected


@pytest.mark.parametrize(
    ("text", "is_header"),
    [
        ("source target\n1 2\n2 3\n", True),
        ("Source\tTarget\na\tb\n", True),
        ("name other weight\n1 2 3\n2 3 4\n", True),
        ("x y\n1 2\n2 3\n", True),
        ("x y\ny z\n", False),
        ("a b\nc d\n", False),
        ("u v\nv w\n", False),
        ("7 8\n1 2\n", False),
    ],
)
def test_a_first_line_of_names_of_columns(tmp_path, text: str, is_header: bool) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8")
    if is_header:
        with pytest.warns(UserWarning, match="is taken for names of columns"):
            graph = read_graph(tmp_path / "a")
        assert graph.n_edges == text.count("\n") - 1
    else:
        assert read_graph(tmp_path / "a").n_edges == text.count("\n")


def test_files_that_are_no_lists_of_edges(tmp_path) -> None:
    (tmp_path / "a.gml").write_text("graph [ ]\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"as_graph\(networkx.read_gml\(path\)\) takes it"):
        read_graph(tmp_path / "a.gml")
    with pytest.raises(CorpusError, match="is a folder"):
        read_graph(tmp_path)
    (tmp_path / "a.mtx").write_text("%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"half of a symmetric matrix, .* leave directed=True away"):
        read_graph(tmp_path / "a.mtx", directed=True)
    (tmp_path / "a").write_text("1 2 5 1082040961\n2 3 5 1082040962\n", encoding="utf-8")
    assert read_graph(tmp_path / "a", fields="1,2").n_edges == 2


def test_a_node_alone_in_a_list_of_neighbors_is_a_node(tmp_path) -> None:
    (tmp_path / "a").write_text("a b\nc\n", encoding="utf-8")
    assert neighbors_of(read_graph(tmp_path / "a", adjacency=True)) == {"a": {"b": 1}, "b": {"a": 1}, "c": {}}


def test_names_of_nodes_from_python() -> None:
    graph = as_graph(np.array([[1, 2, 0.5], [2, 30, 1]]))
    assert neighbors_of(graph) == {"1": {"2": 0.5}, "2": {"1": 0.5, "30": 1}, "30": {"2": 1}}
    with pytest.raises(CorpusError, match="must lead from node to node"):
        as_graph([("a", "b"), ("", "b")])

    class Frame:  # of pandas
        def itertuples(self, index: bool, name: None) -> list[tuple[str, str]]:
            assert not index
            return [("a", "b"), ("b", "c")]

    class Polars:
        def iter_rows(self) -> list[tuple[str, str, float]]:
            return [("a", "b", 2.0)]

    assert as_graph(Frame()).n_edges == 2
    assert neighbors_of(as_graph(Polars())) == {"a": {"b": 2}, "b": {"a": 2}}


class NetworkX:
    """As much of a graph of networkx as is asked for."""

    def __init__(self, nodes: list[object], edges: list[tuple[object, object, object]]) -> None:
        self.nodes, self._edges = nodes, edges

    def is_directed(self) -> bool:
        return False

    def edges(self, data: str) -> list[tuple[object, object, object]]:
        assert data == "weight"
        return self._edges


def test_edges_of_networkx_without_a_weight_weigh_one() -> None:
    graph = as_graph(NetworkX(["a", "b", "c", "alone"], [("a", "b", 2), ("b", "c", None)]))
    assert neighbors_of(graph) == {"a": {"b": 2}, "b": {"a": 2, "c": 1}, "c": {"b": 1}, "alone": {}}
    assert as_graph(NetworkX(["a", "b"], [("a", "b", None)])).weights is None
    with pytest.raises(CorpusError, match="two are called '1'"):
        as_graph(NetworkX([1, "1"], [(1, "1", None)]))
