"""How well vectors of nodes tell edges that were held out from pairs of nodes without one: AUC, beside the classic scores of pairs.

The AUC is the mean over held-out edges of the share of the other pairs that score lower (ties count half), so that it is bootstrapped
over edges as the scores of `w2v evaluate-next` are over cases.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import TrainConfig
from w2v.errors import MissingExtraError, import_extra
from w2v.graphs.edge_split import EdgeSplit, split_edges
from w2v.graphs.graph import Graph, Nodes, build_graph
from w2v.graphs.random_walks import WalkConfig
from w2v.graphs.walks_on_the_fly import walks_on_the_fly
from w2v.jit import jit
from w2v.training.run import train

MOST_PAIRS = 20_000  # of each kind; a standard error of 0.002
Scores = npt.NDArray[np.float64]
Matrix = npt.NDArray[np.float32]

# Table 1 of Grover and Leskovec 2016: features of an edge from the vectors of its ends, for logistic regression.
OPERATORS: dict[str, Callable[[Matrix, Matrix], Matrix]] = {
    "average": lambda u, v: (u + v) * np.float32(0.5),
    "Hadamard": lambda u, v: u * v,
    "weighted L1": lambda u, v: np.abs(u - v),
    "weighted L2": lambda u, v: (u - v) ** 2,
}


@dataclass(frozen=True)
class LinkEvaluation:
    """What every method did.

    Attributes
    ----------
    gains : name of a method -> for each seed, (n_edges,) float64: of each held-out edge `edge_gains`
    n_held_out : edges, for each seed
    """

    gains: dict[str, list[Scores]]
    n_held_out: list[int]


def evaluate_links(
    graph: Graph,
    config: TrainConfig,
    walks: WalkConfig,
    *,
    share: float = 0.5,
    seeds: int = 1,
    threads: int | None = None,
    on_message: Callable[[str], None] = lambda text: None,
) -> LinkEvaluation:
    """Hold edges out, train on walks over the rest, and score; for seeds 1 to `seeds`, each with edges, walks and vectors of its own.

    Raises
    ------
    CorpusError
        a graph of which no edges can be held out.
    """
    found = LinkEvaluation({}, [])
    for seed in range(1, seeds + 1):
        split = split_edges(graph, share, seed, MOST_PAIRS)
        on_message(f"seed {seed}: {split.n_held_out:,} edges held out, {len(split.edges):,} of them and as many other pairs are scored")
        corpus = walks_on_the_fly(split.graph, dataclasses.replace(walks, seed=seed), threads=threads)
        vectors = train(corpus, dataclasses.replace(config, seed=seed), threads=threads).vectors
        matrix = vectors.matrix[[vectors.index(name) for name in graph.names]]
        pairs = np.concatenate((split.edges, split.others))
        scores = {**neighborhood_scores(split.graph, pairs), **vector_scores(matrix, pairs)}
        gains = {name: edge_gains(*np.split(values, 2)) for name, values in scores.items()}
        try:
            gains |= {f"{name}, logistic regression": _regression_gains(operator, matrix, split) for name, operator in OPERATORS.items()}
        except MissingExtraError as error:
            on_message(f"without logistic regression: {error}")
        for name, values in gains.items():
            found.gains.setdefault(name, []).append(values)
        found.n_held_out.append(split.n_held_out)
    return found


def edge_gains(edges: Scores, others: Scores) -> Scores:
    """For each score of an edge the share of the others that are lower, those that are equal counting half."""
    others = np.sort(others)
    below, not_above = (np.searchsorted(others, edges, side) for side in ("left", "right"))
    return np.asarray((below + not_above) / (2 * len(others)))


def vector_scores(matrix: Matrix, pairs: Nodes) -> dict[str, Scores]:
    """Cosine and dot product of the vectors of both ends."""
    dots = np.einsum("ij,ij->i", matrix[pairs[:, 0]], matrix[pairs[:, 1]]).astype(np.float64)
    lengths = np.maximum(np.linalg.norm(matrix, axis=1), 1e-30).astype(np.float64)
    return {"cosine": dots / lengths[pairs[:, 0]] / lengths[pairs[:, 1]], "dot product": dots}


def neighborhood_scores(graph: Graph, pairs: Nodes) -> dict[str, Scores]:
    """The scores of Liben-Nowell and Kleinberg 2007 (section 3), of a directed graph on paths u -> w -> v.

    Common neighbors counts the w, Adamic-Adar 1 / log of the degree of each; preferential attachment multiplies the degrees of both ends.
    """
    leaving, arriving = np.diff(graph.offsets), np.bincount(graph.neighbors, minlength=len(graph))
    back = graph
    if graph.directed:
        heads = np.repeat(np.arange(len(graph), dtype=np.int32), leaving)
        back = build_graph(graph.names, graph.neighbors, heads, None, directed=True)
    degrees = leaving + arriving if graph.directed else leaving
    rarity = 1 / np.log(np.maximum(degrees, 2))
    common, adamic = (np.zeros(len(pairs)) for _ in range(2))
    sum_common(graph.offsets, graph.neighbors, back.offsets, back.neighbors, rarity, pairs, common, adamic)
    attachment = leaving[pairs[:, 0]].astype(np.float64) * arriving[pairs[:, 1]]
    return {"common neighbors": common, "Adamic-Adar": adamic, "preferential attachment": attachment}


@jit()
def sum_common(
    offsets: Any, neighbors: Any, back_offsets: Any, back_neighbors: Any, rarity: Any, pairs: Any, common: Any, adamic: Any
) -> None:
    """Add to (n,) float64 `common` and `adamic` what each pair has in common: 1 and the `rarity` of the node."""
    for pair in range(pairs.shape[0]):
        a, a_end = offsets[pairs[pair, 0]], offsets[pairs[pair, 0] + 1]
        b, b_end = back_offsets[pairs[pair, 1]], back_offsets[pairs[pair, 1] + 1]
        while a < a_end and b < b_end:
            u, v = neighbors[a], back_neighbors[b]
            if u == v:
                common[pair] += 1
                adamic[pair] += rarity[u]
            a += u <= v
            b += v <= u


def _regression_gains(operator: Callable[[Matrix, Matrix], Matrix], matrix: Matrix, split: EdgeSplit) -> Scores:
    """Half of the pairs is scored by what was learned on the other half, so that no pair is learned that is asked."""
    linear, preprocessing, pipeline = (
        import_extra(f"sklearn.{name}", "clusters", "links by logistic regression")
        for name in ("linear_model", "preprocessing", "pipeline")
    )
    edges, others = (operator(matrix[pairs[:, 0]], matrix[pairs[:, 1]]) for pairs in (split.edges, split.others))
    gains = np.empty(len(edges))
    for half in range(2):
        model: Any = pipeline.make_pipeline(preprocessing.StandardScaler(), linear.LogisticRegression(max_iter=1000))
        known = edges[1 - half :: 2], others[1 - half :: 2]
        model.fit(np.concatenate(known), np.repeat([1, 0], [len(known[0]), len(known[1])]))
        gains[half::2] = edge_gains(*(model.decision_function(asked[half::2]) for asked in (edges, others)))
    return gains
