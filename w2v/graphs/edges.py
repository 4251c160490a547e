"""Graphs from files and from Python: edge lists, adjacency lists, tables, networkx, scipy."""

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.corpus.reading.file_kinds import STRUCTURED
from w2v.corpus.reading.sources import TextSource, detect_source
from w2v.corpus.reading.table_rows import read_rows
from w2v.errors import ConfigError, CorpusError
from w2v.graphs.graph import Graph, Nodes, build_graph
from w2v.graphs.python_edges import SHAPES, from_edges, from_matrix

_COMMENTS = ("#", "%")  # SNAP's and KONECT's


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
    start that begin with # or % are comments.

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
    if not Path(path).exists():
        raise CorpusError(f"a graph must be a file of edges: {path} does not exist")
    config = CorpusConfig(tokenizer="whitespace" if separator is None else "items", separator=separator, min_count=1)
    source = detect_source(Path(path), CorpusConfig(tokenizer="items"))
    fields = fields.split(",") if isinstance(fields, str) else fields
    if fields or source.kind in STRUCTURED:
        return _read_table(source, fields, directed)
    with tempfile.TemporaryDirectory(prefix="w2v-graph-") as folder:
        corpus = encode([path], Path(folder, "edges"), config, threads=threads)
        tokens, starts, lengths = _lines_of_edges(corpus, str(path))
        words = corpus.vocabulary.words
        if adjacency:
            heads, tails = _adjacency(tokens, starts, lengths)
            return _with_own_numbers(words, heads, tails, None, directed)
        shapes = np.unique(lengths)
        if len(shapes) != 1 or int(shapes[0]) not in SHAPES:
            wrong = int(np.flatnonzero((lengths != lengths[0]) | ((lengths != 2) & (lengths != 3)))[0])
            line = " ".join(words[token] for token in tokens[starts[wrong] : starts[wrong] + min(6, lengths[wrong])].tolist())
            hint = ": lists of neighbors are read with adjacency=True" if lengths.max() > 3 else ""
            raise CorpusError(f"{path} must have lines 'u v', or all lines 'u v weight': found {line!r:.80}{hint}")
        weights = _parse_weights(words, tokens[starts + 2], str(path)) if shapes[0] == 3 else None
        return _with_own_numbers(words, tokens[starts], tokens[starts + 1], weights, directed)


def _read_table(source: TextSource, fields: Sequence[str], directed: bool) -> Graph:
    if len(fields) not in SHAPES:
        rule = "name the columns of both ends of an edge, and of its weight if it has one, such as fields='user,friend'"
        raise CorpusError(f"{source.name} is a {source.kind} file: {rule}")
    return from_edges((cells for _, cells in read_rows(source, fields, CorpusConfig(tokenizer="items"))), directed)


def _lines_of_edges(corpus: EncodedCorpus, name: str) -> tuple[Nodes, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Tokens, and where each line that is no comment begins, and its length."""
    tokens, offsets = np.array(corpus.tokens), np.array(corpus.sentence_offsets)
    words, n_comments = corpus.vocabulary.words, 0
    while n_comments < len(offsets) - 1 and words[tokens[offsets[n_comments]]].startswith(_COMMENTS):
        n_comments += 1
    if n_comments == len(offsets) - 1:
        raise CorpusError(f"{name} has no edges: all its lines are comments")
    return tokens, offsets[n_comments:-1], np.diff(offsets[n_comments:])


def _adjacency(tokens: Nodes, starts: npt.NDArray[np.int64], lengths: npt.NDArray[np.int64]) -> tuple[Nodes, Nodes]:
    heads = np.repeat(tokens[starts], lengths - 1)
    is_tail = np.ones(len(tokens), np.bool_)
    is_tail[starts] = False
    is_tail[: starts[0]] = False
    return heads, tokens[is_tail]


def _parse_weights(words: Sequence[str], tokens: Nodes, name: str) -> npt.NDArray[np.float64]:
    distinct, places = np.unique(tokens, return_inverse=True)
    values = np.empty(len(distinct))
    for place, token in enumerate(distinct.tolist()):
        try:
            values[place] = float(words[token])
        except ValueError:
            raise CorpusError(f"{name}: the third of a line must be a weight, a number above 0: found {words[token]!r:.80}") from None
    return values[places]


def _with_own_numbers(words: Sequence[str], heads: Nodes, tails: Nodes, weights: npt.NDArray[np.float64] | None, directed: bool) -> Graph:
    """A graph of the words that are nodes; others are weights and comments."""
    is_node = np.zeros(len(words), np.bool_)
    is_node[heads] = is_node[tails] = True
    numbers = (np.cumsum(is_node) - 1).astype(np.int32)
    names = [words[word] for word in np.flatnonzero(is_node).tolist()]
    return build_graph(names, numbers[heads], numbers[tails], weights, directed=directed)


def as_graph(source: Any, *, directed: bool | None = None, **reading: Any) -> Graph:
    """A graph of what people have in Python.

    Parameters
    ----------
    source : a `Graph`; a path, see `read_graph`; a networkx graph, whose edges' ``weight`` counts where all have one; a scipy sparse
        matrix, whose nodes are called by their numbers; or an iterable of edges (u, v) or (u, v, weight)
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
        weighted = bool(given) and all(weight is not None for _, _, weight in given)
        edges = given if weighted else [(u, v) for u, v, _ in given]
        return from_edges(edges, source.is_directed() if directed is None else directed, list(source.nodes))
    if hasattr(source, "tocoo"):  # scipy
        return from_matrix(source.tocoo(), bool(directed))
    if isinstance(source, Iterable) and not isinstance(source, bytes):
        return from_edges(source, bool(directed))
    raise ConfigError(
        f"a graph must be a path, a networkx graph, a scipy sparse matrix or a list of edges: received {type(source).__name__}"
    )
