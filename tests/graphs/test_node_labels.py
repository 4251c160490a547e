"""Labels of nodes: read from files, and learned from vectors by the papers' protocol."""

import json

import numpy as np
import pytest

import w2v
from w2v.cli.main import run
from w2v.errors import ConfigError, CorpusError, FormatError
from w2v.graphs.node_labels import evaluate_node_labels, read_node_labels

pytest.importorskip("sklearn")


def make_vectors(noise: float) -> tuple[w2v.WordVectors, dict[str, list[str]]]:
    random = np.random.default_rng(1)
    groups = random.integers(0, 3, 90)
    second = random.random(90) < 0.3
    matrix = np.eye(4, dtype=np.float32)[groups] + second[:, None] * np.eye(4, dtype=np.float32)[3]
    matrix += random.normal(size=matrix.shape).astype(np.float32) * noise
    names = [f"n{number}" for number in range(90)]
    labels = {name: [f"g{group}", *(["both"] * bool(also))] for name, group, also in zip(names, groups, second, strict=True)}
    return w2v.WordVectors(w2v.Vocabulary(names, [1] * 90), matrix.astype(np.float32) * 5), labels


def test_labels_that_vectors_hold_are_found_and_others_are_not() -> None:
    vectors, labels = make_vectors(0.05)
    found = evaluate_node_labels(vectors, {**labels, "unknown": ["g0"]}, n_seeds=2)
    assert found.n_nodes == 90
    assert found.n_labels == 4
    assert found.n_without == 1
    assert min(*found.micro, *found.macro) > 0.95
    worse, _ = make_vectors(20.0)
    assert max(evaluate_node_labels(worse, labels, n_seeds=2).macro) < 0.6


def test_lines_of_labels(tmp_path) -> None:
    (tmp_path / "a").write_text("n1 x y\nn2\tz\n\nn1 z\nn1 x\n", encoding="utf-8")
    assert read_node_labels(tmp_path / "a") == {"n1": ["x", "y", "z"], "n2": ["z"]}
    (tmp_path / "b").write_text("n1 x\nn2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="line 2: a node must have a label behind it: found 'n2'"):
        read_node_labels(tmp_path / "b")
    (tmp_path / "c").write_text("\n", encoding="utf-8")
    with pytest.raises(FormatError, match="it is empty"):
        read_node_labels(tmp_path / "c")


def test_the_command(tmp_path, capsys) -> None:
    vectors, labels = make_vectors(0.05)
    w2v.save(vectors, tmp_path / "g.vec")
    (tmp_path / "labels").write_text("".join(f"{node} {' '.join(own)}\n" for node, own in labels.items()), encoding="utf-8")
    assert run(["evaluate", str(tmp_path / "g.vec"), "--node-labels", str(tmp_path / "labels"), "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert entry["kind"] == "node labels"
    assert entry["micro_f1"] > 0.95
    assert run(["evaluate", str(tmp_path / "g.vec"), "--node-labels", str(tmp_path / "labels")]) == 0
    assert "micro F1" in capsys.readouterr().out


def test_what_cannot_be_evaluated(tmp_path) -> None:
    vectors, labels = make_vectors(1.0)
    with pytest.raises(ConfigError, match="train_share must be a number between 0 and 1"):
        evaluate_node_labels(vectors, labels, train_share=1.0)
    with pytest.raises(CorpusError, match="found 0 labels of 0 such nodes"):
        evaluate_node_labels(vectors, {"x": ["a"], "y": ["b"]})
