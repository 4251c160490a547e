"""`scripts/generate_graph.py` writes graphs whose degrees follow a power law; `scripts/graph_speed.py` measures on them."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import w2v

SCRIPTS = Path(__file__).parents[2] / "scripts"


def test_a_generated_graph_has_few_nodes_with_many_edges(tmp_path) -> None:
    write = runpy.run_path(str(SCRIPTS / "generate_graph.py"))["write_graph"]
    for name in ("a", "b"):
        write(tmp_path / name, 2000, 20_000)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_text(encoding="ascii").count("\n") == 20_000
    graph = w2v.as_graph(tmp_path / "a")
    assert len(graph) == 2000
    degrees = np.sort(np.diff(graph.offsets))
    assert degrees[1000] < 16  # half have little more than their own ten
    assert degrees[-1] > 150


@pytest.mark.long
@pytest.mark.medium
def test_a_stage_is_measured(tmp_path) -> None:
    (tmp_path / "g.edges").write_text("a\tb\nb\tc\nc\ta\n", encoding="ascii")
    options = ["--stage", "walk, second order", "--result", str(tmp_path / "r.json"), "--threads", "1", "--dim", "16", "--window", "5"]
    subprocess.run([sys.executable, SCRIPTS / "graph_speed.py", tmp_path / "g.edges", *options], check=True)
    found = json.loads((tmp_path / "r.json").read_text(encoding="ascii"))
    assert found["note"] == ", 10 of each node"
    assert found["wall"] > 0
