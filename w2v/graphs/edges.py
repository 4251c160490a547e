"""Graphs from files and from Python: edge lists, adjacency lists, tables, networkx, scipy."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig
from w2v.corpus.encoding import encode
from w2v.corpus.reading.file_kinds import STRUCTURED
from w2v.corpus.reading.sources import TextSource, detect_source
from w2v.corpus.reading.table_rows import read_rows
from w2v.errors import ConfigError, CorpusError
from w2v.graphs.edge_lines import EdgeLines
from w2v.graphs.graph import Graph
from w2v.graphs.python_edges import SHAPES, from_edges, from_matrix

_READERS = {
    ".gml": "networkx.read_gml(path)",
    ".graphml": "networkx.read_graphml(path)",
    ".gexf": "networkx.read_gexf(path)",
    ".net": "networkx.read_pajek(path)",
    ".mat": "scipy.io.loadmat(path)['network']",
}


def read_graph(
    path: str | Path,
    *,
    directed: bool = False,
    adjacency: bool = False,
    separator: str | None = None,
    fields: str | Sequence[str] = (),
    threads: int | None = None,
) -> Graph:
    """Read a file of edges, which may be compressed.

    Lines are ``u v`` or, all of them, ``u v weight``, with blanks or tabs between; names of nodes are any texts without them. Lines at the
    start that begin with # or % are comments, and so is every line whose first word is one of these signs alone. A first line of names of
    columns is left out, with a warning. Of a Matrix Market file the line of sizes is left out, and of networkx's edge lists the ``{}``.

    Parameters
    ----------
    directed : an edge leads from u to v only
    adjacency : lines are a node and all its neighbors, instead
    separator : a character between names, which may then hold blanks
    fields : of a table (csv, tsv, jsonl, parquet): the columns of both ends, and of the weight if there is one; ``"u,v"`` will do

    Raises
    ------
    CorpusError
        a file that cannot be read, or a line of another shape.
    """
    if not Path(path).exists() or Path(path).is_dir():
        found = "is a folder" if Path(path).is_dir() else "does not exist"
        raise CorpusError(f"a graph must be a file of edges: {str(path) or repr(path)} {found}")
    if (reader := _READERS.get(Path(path).suffix.lower())) is not None:
        raise CorpusError(f"{path} is no list of edges: in Python w2v.as_graph({reader}) takes it")
    config = CorpusConfig(tokenizer="whitespace" if separator is None else "items", separator=separator, min_count=1)
    source = detect_source(Path(path), CorpusConfig(tokenizer="items"))
    if source.size == 0:
        raise CorpusError(f"{path} has no edges: it is empty")
    fields = fields.split(",") if isinstance(fields, str) else fields
    if fields or source.kind in STRUCTURED:
        return _read_table(source, fields, directed)
    with tempfile.TemporaryDirectory(prefix="w2v-graph-") as folder:
        corpus = encode([path], Path(folder, "edges"), config, threads=threads)
        lines = EdgeLines(corpus, str(path))
        if adjacency:
            return lines.adjacency(directed)
        return lines.edges(directed)


def _read_table(source: TextSource, fields: Sequence[str], directed: bool) -> Graph:
    if len(fields) not in SHAPES:
        rule = "name the columns of both ends of an edge, and of its weight if it has one, such as fields='user,friend'"
        raise CorpusError(f"{source.name} is a {source.kind} file: {rule}")
    return from_edges((cells for _, cells in read_rows(source, fields, CorpusConfig(tokenizer="items"))), directed)


def as_graph(source: Any, *, directed: bool | None = None, **reading: Any) -> Graph:
    """A graph of what people have in Python.

    Parameters
    ----------
    source : a `Graph`; a path, see `read_graph`; a networkx graph, of whose edges those without a ``weight`` weigh 1; a scipy sparse
        matrix, whose nodes are called by their numbers; a frame of pandas or polars or an iterable, of edges (u, v) or (u, v, weight)
    directed : whether edges lead one way; None asks the source, and takes False where it does not know
    reading : of a path, what `read_graph` takes: adjacency, separator, fields, threads

    Raises
    ------
    ConfigError
        something else.
    CorpusError
        what cannot be read as a graph.
    """
    if isinstance(source, Graph) and not reading:
        return source
    if isinstance(source, str | Path):
        return read_graph(source, directed=bool(directed), **reading)
    if reading:
        raise ConfigError(f"{next(iter(reading))} goes with a path: received {type(source).__name__}")
    if hasattr(source, "is_directed") and hasattr(source, "edges"):  # networkx
        given = [(u, v, weight) for u, v, weight in source.edges(data="weight")]
        weighted = any(weight is not None for _, _, weight in given)
        edges = [(u, v, 1 if weight is None else weight) if weighted else (u, v) for u, v, weight in given]
        return from_edges(edges, source.is_directed() if directed is None else directed, list(source.nodes))
    if hasattr(source, "tocoo"):  # scipy
        return from_matrix(source.tocoo(), bool(directed))
    if hasattr(source, "itertuples") or hasattr(source, "iter_rows"):  # pandas, polars
        rows = source.itertuples(index=False, name=None) if hasattr(source, "itertuples") else source.iter_rows()
        return from_edges(rows, bool(directed))
    if isinstance(source, Iterable) and not isinstance(source, bytes):
        return from_edges(source, bool(directed))
    raise ConfigError(
        f"a graph must be a path, a networkx graph, a scipy sparse matrix or a list of edges: received {type(source).__name__}"
    )
