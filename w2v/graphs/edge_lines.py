"""The lines of a file of edges, which was read as a text of words: which are comments, names of columns, weights."""

import warnings

import numpy as np
import numpy.typing as npt

from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.errors import CorpusError
from w2v.graphs.graph import Graph, Nodes, build_graph
from w2v.graphs.python_edges import SHAPES

_COMMENTS = ("#", "%")  # SNAP's and KONECT's
_MATRIX_MARKET = "%%matrixmarket"
_LOOKED_AT = 10_000  # lines, whose ends show whether nodes are numbers
_NO_DATA = "{}"  # behind an edge, as networkx writes it
_COLUMNS = frozenset(
    [
        "source",
        "target",
        "src",
        "dst",
        "from",
        "to",
        "u",
        "v",
        "head",
        "tail",
        "fromnodeid",
        "tonodeid",
        "node1",
        "node2",
        "node_1",
        "node_2",
        "id1",
        "id2",
        "id_1",
        "id_2",
    ]
)


class EdgeLines:
    """Lines that are edges, or a node and its neighbors.

    Raises
    ------
    CorpusError
        there are none.
    """

    def __init__(self, corpus: EncodedCorpus, name: str) -> None:
        self._name, self._corpus, self._words = name, corpus, corpus.vocabulary.words
        self._tokens, offsets = np.array(corpus.tokens), np.array(corpus.sentence_offsets)
        self._starts, self._lengths = offsets[:-1], np.diff(offsets)
        firsts = self._tokens[self._starts]
        is_comment = np.zeros(len(firsts), np.bool_)
        for sign in _COMMENTS:
            if sign in corpus.vocabulary.ranks:
                is_comment |= firsts == corpus.vocabulary.ranks[sign]
        n = 0
        while n < len(firsts) and self._words[firsts[n]].startswith(_COMMENTS):
            is_comment[n] = True
            n += 1
        self._is_symmetric = False
        if n < len(firsts) and self._words[firsts[0]].lower() == _MATRIX_MARKET:
            is_comment[n] = True  # number of rows, columns and entries
            self._is_symmetric = "symmetric" in map(str.lower, map(self._words.__getitem__, self._tokens[: offsets[1]].tolist()))
        self._keep(~is_comment, "all its lines are comments")

    def _keep(self, kept: npt.NDArray[np.bool_], otherwise: str) -> None:
        if kept.all():  # without copies of millions of lines
            return
        self._starts, self._lengths = self._starts[kept], self._lengths[kept]
        if not len(self._starts):
            raise CorpusError(f"{self._name} has no edges: {otherwise}")

    def edges(self, directed: bool) -> Graph:
        """A graph of lines 'u v', or 'u v weight'."""
        self._leave_columns_out()
        if directed and self._is_symmetric:
            raise CorpusError(f"{self._name} holds half of a symmetric matrix, whose edges lead both ways: leave directed=True away")
        width = int(self._lengths.min())
        if width != self._lengths.max() or width not in SHAPES:
            self._refuse_shape()
        heads, tails, weights = self._tokens[self._starts], self._tokens[self._starts + 1], None
        if width == 3:
            thirds = self._tokens[self._starts + 2]
            weights = None if (thirds == self._corpus.vocabulary.ranks.get(_NO_DATA, -1)).all() else self._parse_weights(thirds)
        return self._graph(heads, tails, weights, directed)

    def adjacency(self, directed: bool) -> Graph:
        """A graph of lines of a node and its neighbors; one without any is a node all the same."""
        nodes = self._tokens[self._starts]
        degrees = self._lengths - 1
        heads = np.repeat(nodes, degrees)
        places = np.arange(len(heads)) + np.repeat(self._starts + 1 - (np.cumsum(degrees) - degrees), degrees)
        return self._graph(heads, self._tokens[places], None, directed, nodes)

    def _leave_columns_out(self) -> None:
        """A first line that cannot be an edge, or of which both ends are usual names of columns and no other line's, is none."""
        first = self._tokens[self._starts[0] : self._starts[0] + min(3, self._lengths[0])]
        words = [self._words[token] for token in first.tolist()]
        if len(self._starts) < 2 or not len(words) >= 2 or (self._corpus.vocabulary.counts[first] > 1).any() or any(map(_is_number, words)):
            return
        is_named = all(word.lower() in _COLUMNS for word in words[:2])
        others = self._starts[1:_LOOKED_AT]
        if not is_named:
            short = self._lengths[1:_LOOKED_AT] >= 2
            ends = np.unique(np.concatenate((self._tokens[others[short]], self._tokens[others[short] + 1])))
            is_named = bool(len(ends)) and all(_is_number(self._words[token]) for token in ends.tolist())
        if is_named or (len(words) == 3 and self._lengths[1] == 3 and _is_number(self._words[self._tokens[others[0] + 2]])):
            taken = f"the first line, {' '.join(words)!r:.80}, is taken for names of columns, not for an edge"
            warnings.warn(f"{self._name}: {taken}", stacklevel=2)
            self._keep(np.arange(len(self._starts)) > 0, "its only line names columns")

    def _refuse_shape(self) -> None:
        lengths = self._lengths
        wrong = int(np.flatnonzero((lengths != lengths[0]) | ((lengths != 2) & (lengths != 3)))[0])
        start = self._starts[wrong]
        line = " ".join(self._words[token] for token in self._tokens[start : start + min(6, lengths[wrong])].tolist())
        sign = next((sign for sign in (",", ";", "|") if sign in line), None)
        hint = ""
        if "{" in line:
            hint = ": networkx.write_weighted_edgelist writes weights alone"
        elif sign is not None and lengths[wrong] != 3:
            hint = f": names with {sign} between are read with separator={sign!r}"
        elif lengths.max() > 3:
            hint = ": lists of neighbors are read with adjacency=True, the columns of a table with fields='1,2'"
        raise CorpusError(f"{self._name} must have lines 'u v', or all lines 'u v weight': found {line!r:.80}{hint}")

    def _parse_weights(self, tokens: Nodes) -> npt.NDArray[np.float64]:
        distinct, places = np.unique(tokens, return_inverse=True)
        values = np.empty(len(distinct))
        for place, token in enumerate(distinct.tolist()):
            word = self._words[token]
            if not _is_number(word):
                hint = "; names with blanks need another separator= between them" if '"' in "".join(self._words[:1000]) else ""
                raise CorpusError(f"{self._name}: the third of a line must be a weight, a number above 0: found {word!r:.80}{hint}")
            values[place] = float(word)
        return values[places]

    def _graph(
        self, heads: Nodes, tails: Nodes, weights: npt.NDArray[np.float64] | None, directed: bool, nodes: Nodes | tuple[()] = ()
    ) -> Graph:
        """A graph of the words that are nodes; others are weights and comments."""
        is_node = np.zeros(len(self._words), np.bool_)
        is_node[heads] = is_node[tails] = True
        is_node[np.asarray(nodes, np.int32)] = True
        numbers = (np.cumsum(is_node) - 1).astype(np.int32)
        names = [self._words[word] for word in np.flatnonzero(is_node).tolist()]
        return build_graph(names, numbers[heads], numbers[tails], weights, directed=directed)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
