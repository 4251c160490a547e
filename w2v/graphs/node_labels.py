"""How well vectors of nodes tell the nodes' labels: the protocol of DeepWalk and node2vec."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number
from w2v.errors import CorpusError, FormatError, import_extra
from w2v.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class NodeLabelsResult:
    """F1 of the labels of nodes that were not trained on.

    Attributes
    ----------
    micro, macro : one for each seed: over all labels together, and the mean of the labels' own
    n_nodes, n_labels : that have a vector and a label, and how many labels there are
    n_without : labelled nodes without a vector
    """

    micro: tuple[float, ...]
    macro: tuple[float, ...]
    n_nodes: int
    n_labels: int
    n_without: int


def read_node_labels(path: str | Path) -> dict[str, list[str]]:
    """Read lines of a node and one label or more, with blanks or tabs between; a node may have several lines.

    Raises
    ------
    FormatError
        not UTF-8, or a line without a label.
    """
    labels: dict[str, list[str]] = {}
    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise FormatError(f"{path} must be UTF-8: {error.reason}") from None
    for place, line in enumerate(lines, 1):
        node, *found = line.split() or [""]
        if node and not found:
            raise FormatError(f"{path}, line {place}: a node must have a label behind it: found {line[:60]!r}")
        if node:
            labels.setdefault(node, []).extend(label for label in found if label not in labels.get(node, ()))
    if not labels:
        raise FormatError(f"{path} must have lines of a node and its labels: it is empty")
    return labels


def evaluate_node_labels(
    vectors: WordVectors, labels: Mapping[str, Sequence[str]], *, train_share: float = 0.5, n_seeds: int = 10
) -> NodeLabelsResult:
    """Fit a logistic regression for each label on a share of the nodes, and let it label the others.

    A node gets as many labels as it has, those of the highest probability (Perozzi et al. 2014, section 6; Grover and Leskovec 2016, 4.3).

    Parameters
    ----------
    labels : node -> its labels
    train_share : of the nodes, between 0 and 1
    n_seeds : draws of that share

    Raises
    ------
    CorpusError
        too few labelled nodes that have a vector.
    MissingExtraError
        scikit-learn is not installed.
    """
    number("train_share", train_share, "a number between 0 and 1", lambda share: 0 < share < 1)
    integer("n_seeds", n_seeds)
    nodes = [node for node in labels if node in vectors]
    names = sorted({label for node in nodes for label in labels[node]})
    n_train = round(train_share * len(nodes))
    if len(names) < 2 or not 2 <= n_train <= len(nodes) - 1:
        raise CorpusError(f"labels must be two or more, of nodes that have vectors: found {len(names)} labels of {len(nodes):,} such nodes")
    columns = {label: column for column, label in enumerate(names)}
    truth = np.zeros((len(nodes), len(names)), np.bool_)
    for row, node in enumerate(nodes):
        truth[row, [columns[label] for label in labels[node]]] = True
    features = vectors.matrix[[vectors.index(node) for node in nodes]]
    scores = [_score(features, truth, n_train, seed) for seed in range(1, n_seeds + 1)]
    micro, macro = zip(*scores, strict=True)
    return NodeLabelsResult(micro, macro, len(nodes), len(names), len(labels) - len(nodes))


def _score(features: npt.NDArray[np.float32], truth: npt.NDArray[np.bool_], n_train: int, seed: int) -> tuple[float, float]:
    """Micro and macro F1."""
    linear, multiclass, metrics = (
        import_extra(f"sklearn.{name}", "clusters", "the labels of nodes") for name in ("linear_model", "multiclass", "metrics")
    )
    order = np.random.default_rng(seed).permutation(len(truth))
    train, test = order[:n_train], order[n_train:]
    model: Any = multiclass.OneVsRestClassifier(linear.LogisticRegression(solver="liblinear"))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Label .* is present in all training examples|Label not")  # a rare one may be in none
        model.fit(features[train], truth[train])
    ranked = np.argsort(-model.predict_proba(features[test]), axis=1, kind="stable")
    predicted = np.zeros((len(test), truth.shape[1]), np.bool_)
    for row, n in enumerate(truth[test].sum(axis=1).tolist()):
        predicted[row, ranked[row, :n]] = True
    return tuple(float(metrics.f1_score(truth[test], predicted, average=average, zero_division=0)) for average in ("micro", "macro"))  # type: ignore[return-value]
