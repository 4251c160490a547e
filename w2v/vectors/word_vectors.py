"""`WordVectors`: words with their vectors, read-only."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.errors import FormatError, import_extra
from w2v.vectors import neighbors
from w2v.vectors.neighbors import Item, Items, Neighbor
from w2v.vocabulary import Vocabulary


class WordVectors:
    """Words and their vectors; nothing in it changes, so threads may share it.

    Parameters
    ----------
    vocabulary : the words
    matrix : (n_words, dim) float32, a row a word; kept as it is, memory-mapped or a view, and not to be changed afterwards
    tokenizer : how the text was split that the vectors were trained on, where that is known

    Raises
    ------
    FormatError
        `matrix` has another shape or dtype.

    Examples
    --------
    >>> vectors = WordVectors(Vocabulary(["king", "queen", "salt"], [9, 7, 5]), np.array([[3, 4], [4, 3], [-4, 3]], np.float32))
    >>> vectors["king"]
    array([3., 4.], dtype=float32)
    >>> vectors.neighbors("king", n=1)
    [Neighbor(word='queen', similarity=0.96)]
    >>> round(vectors.similarity("king", "queen"), 6)
    0.96
    """

    def __init__(self, vocabulary: Vocabulary, matrix: npt.NDArray[np.float32], *, tokenizer: CorpusConfig | None = None) -> None:
        view = np.asarray(matrix).view()
        if view.dtype != np.float32 or view.ndim != 2 or len(view) != len(vocabulary) or not view.shape[1]:
            wanted = f"({len(vocabulary)} words, dim of at least 1) and dtype float32"
            raise FormatError(f"the matrix of word vectors must have shape {wanted}: received {view.shape} and {view.dtype}")
        view.setflags(write=False)
        self.vocabulary = vocabulary
        self.matrix: npt.NDArray[np.float32] = view
        self.tokenizer = tokenizer

    @property
    def words(self) -> tuple[str, ...]:
        """The words by rank."""
        return self.vocabulary.words

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """(n_words,) int64: how often each word occurred in training; 0 where unknown."""
        return self.vocabulary.counts

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return int(self.matrix.shape[1])

    @functools.cached_property
    def norms(self) -> npt.NDArray[np.float32]:
        """(n_words,) float32: Euclidean length of each vector, computed when it is first needed."""
        return neighbors.row_norms(self.matrix)

    def __len__(self) -> int:
        return len(self.vocabulary)

    def __contains__(self, word: object) -> bool:
        return word in self.vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter(self.words)

    def __getitem__(self, word: str) -> npt.NDArray[np.float32]:
        """(dim,) float32, read-only: a word's vector.

        Raises
        ------
        UnknownWordError
            with close matches.
        """
        row: npt.NDArray[np.float32] = self.matrix[self.index(word)]
        return row

    def __repr__(self) -> str:
        return f"WordVectors({len(self)} words, dim {self.dim})"

    def index(self, word: str) -> int:
        """Rank of a word: its row of `matrix`.

        Raises
        ------
        UnknownWordError
            with close matches.
        """
        return self.vocabulary.index(word)

    def similarity(self, a: str, b: str) -> float:
        """Cosine similarity of two words, -1 to 1; 0 where a vector is all zeros.

        Raises
        ------
        UnknownWordError
            with close matches.
        """
        return float(np.clip(neighbors.unit(self[a]) @ neighbors.unit(self[b]), -1, 1))

    def neighbors(self, positive: Items, negative: Items = (), n: int = 10) -> list[Neighbor]:
        """The words most similar to the mean of what is given, as gensim's ``most_similar``; without the given words themselves.

        Parameters
        ----------
        positive, negative : a word, a vector (dim,), or a list of both, counted with weight +1 and -1; words with their unit vectors,
            vectors as they are
        n : how many, at least 1

        Raises
        ------
        UnknownWordError
            with close matches.
        ConfigError
            nothing given, a vector of another shape, or `n` below 1.
        """
        return self._nearest([neighbors.direction(self.vocabulary, self.matrix, positive, negative)], n)[0]

    def neighbors_of_each(self, queries: Sequence[Item], n: int = 10) -> list[list[Neighbor]]:
        """`neighbors` of each word or vector; many at once are much faster than one by one."""
        return self._nearest([neighbors.direction(self.vocabulary, self.matrix, query) for query in queries], n)

    def analogy(self, a: str, b: str, c: str, n: int = 10) -> list[Neighbor]:
        """Answers to "`a` is to `b` as `c` is to ?": neighbors of b - a + c (Mikolov et al. 2013, 3CosAdd)."""
        return self.neighbors([b, c], [a], n)

    def _nearest(self, directions: Sequence[tuple[npt.NDArray[np.float64], list[int]]], n: int) -> list[list[Neighbor]]:
        queries = np.array([vector for vector, _ in directions]).reshape(-1, self.dim)
        found = neighbors.nearest(self.matrix, self.norms, queries, [ranks for _, ranks in directions], n)
        words = self.words
        return [
            [Neighbor(words[rank], value) for rank, value in zip(ranks.tolist(), values.tolist(), strict=True)] for ranks, values in found
        ]

    def to_gensim(self) -> Any:
        """A `gensim.models.KeyedVectors` with the same words, counts and, bit for bit, vectors; a copy, to be changed at will.

        Raises
        ------
        MissingExtraError
            gensim is not installed.
        """
        keyed = import_extra("gensim.models", "validate", "to_gensim").KeyedVectors(self.dim)
        keyed.index_to_key = list(self.words)
        keyed.key_to_index = dict(self.vocabulary.ranks)
        keyed.vectors = np.array(self.matrix, order="C")
        keyed.next_index = len(self)
        keyed.allocate_vecattrs(["count"], [int])
        keyed.expandos["count"][:] = self.counts
        return keyed
