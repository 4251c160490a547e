"""How a graph is read, and how walks over it go: what the commands about graphs ask for alike."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from w2v.corpus.encoded_corpus import EncodedCorpus
    from w2v.graphs.graph import Graph

_NUMBER = click.FloatRange(1e-3, 1e3)
_READING = (
    click.option("--directed", is_flag=True, default=None, help="Edges lead from the first node to the second only."),
    click.option("--adjacency", is_flag=True, default=None, help="Each line is a node and all its neighbors."),
    click.option(
        "--fields", metavar="U,V[,W]", help="Of a csv, tsv, jsonl or parquet file: the columns of both ends of an edge, and of its weight."
    ),
)
_WALKING = (
    click.option("--walks-per-node", type=click.IntRange(1, 1 << 20), metavar="N", help="That start at each node. [default: 10]"),
    click.option("--walk-length", type=click.IntRange(2, 1 << 20), metavar="N", help="Nodes of a walk. [default: 80]"),
    click.option("--p", type=_NUMBER, metavar="X", help="node2vec: the lower, the more often a walk turns back. [default: 1]"),
    click.option("--q", type=_NUMBER, metavar="X", help="node2vec: the lower, the further away a walk goes. [default: 1]"),
)
_READING_NAMES, _WALKING_NAMES = ("directed", "adjacency", "fields"), ("walks_per_node", "walk_length", "p", "q")

separator_option = click.option("--separator", metavar="TEXT", help="The character between two names. [default: blanks and tabs]")


def graph_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--directed, --adjacency and --fields, and those of walks; what is not given is None."""
    for option in reversed((*_READING, *_WALKING)):
        command = option(command)
    return command


def take_graph_options(options: dict[str, Any]) -> dict[str, Any]:
    """The options of `graph_options` that were given, which are taken out of `options`."""
    values = {name: options.pop(name) for name in (*_READING_NAMES, *_WALKING_NAMES)}
    return {name: value for name, value in values.items() if value is not None}


def read_graph_as_told(path: Path, given: Mapping[str, Any], threads: int | None) -> "Graph":
    """The graph of a file; `given` may have a separator too. Its size is told."""
    from w2v.graphs.edges import read_graph

    reading = {name: given[name] for name in (*_READING_NAMES, "separator") if given.get(name) is not None}
    graph = read_graph(path, **reading, threads=threads)
    click.echo(f"{path}: {len(graph):,} nodes, {graph.n_edges:,} edges", err=True)
    return graph


def walk_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `given` that say how walks go."""
    return {name: given[name] for name in _WALKING_NAMES if given.get(name) is not None}


@contextlib.contextmanager
def walked(path: Path, given: Mapping[str, Any], seed: int, threads: int | None, on_the_fly: bool) -> "Iterator[EncodedCorpus]":
    """Walks over a graph, for as long as they are needed; the same each time, so that a training that goes on finds them again."""
    from w2v.graphs.random_walks import WalkConfig, write_walks
    from w2v.graphs.walks_on_the_fly import walks_on_the_fly

    config = WalkConfig(seed=seed, **walk_options(given))
    graph = read_graph_as_told(path, given, threads)
    if on_the_fly:
        yield walks_on_the_fly(graph, config, threads=threads)
        return
    with tempfile.TemporaryDirectory(prefix="w2v-walks-") as folder:
        yield write_walks(graph, Path(folder, "walks"), config, threads=threads)
