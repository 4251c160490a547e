"""`WordVectors`: words with their vectors, read-only."""

import functools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from w2v import checks
from w2v.config import CorpusConfig
from w2v.errors import ConfigError, FormatError, UnknownWordError, W2VError, import_extra
from w2v.vectors import cosmul, relations, text_vectors
from w2v.vectors import nearest as neighbors
from w2v.vectors.foreign_names import NO_ASSIGNMENT, missing_attribute, translate_options, vectors_hint
from w2v.vectors.nearest import Item, Items, Neighbor, words_are_texts
from w2v.vectors.spelling_variants import SpellingVariants, plain_spelling
from w2v.vectors.text_vectors import SIF
from w2v.vocabulary import Vocabulary

if TYPE_CHECKING:
    from w2v.corpus.tokens.tokenizers import Tokenizer

ANALOGY_METHODS = ("3cosadd", "3cosmul")
Words = str | list[str] | tuple[str, ...] | npt.NDArray[np.str_]


class WordVectors:
    """Words and their vectors; nothing in it changes, so threads may share it.

    Parameters
    ----------
    vocabulary : the words
    matrix : (n_words, dim) float32, a row a word; kept as it is, memory-mapped or a view, and not to be changed afterwards
    tokenizer : how the text was split that the vectors were trained on, where that is known

    Attributes
    ----------
    path : the file or directory that they were loaded from, where there is one

    Raises
    ------
    FormatError
        `matrix` has another shape or dtype.

    Examples
    --------
    >>> vectors = WordVectors(Vocabulary(["king", "queen", "salt"], [9, 7, 5]), np.array([[3, 4], [4, 3], [-4, 3]], np.float32))
    >>> vectors["king"]
    array([3., 4.], dtype=float32)
    >>> vectors[["king", "salt"]].shape
    (2, 2)
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
        self.path: Path | None = None

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

    def __getitem__(self, words: Words) -> npt.NDArray[np.float32]:
        """(dim,) float32, read-only: a word's vector; of a list of words (n_words, dim), a copy. Words are found as `find` finds them.

        Raises
        ------
        UnknownWordError
            with close matches.
        ConfigError
            something that is no text.
        """
        if isinstance(words, list | tuple | np.ndarray):
            return self.matrix[np.array([self.index(word) for word in words], np.int64)]
        row: npt.NDArray[np.float32] = self.matrix[self.index(words)]
        return row

    if not TYPE_CHECKING:  # type checkers would take any name for an attribute

        def __getattr__(self, name: str) -> Any:
            raise missing_attribute(self, name, vectors_hint(name))

        def __setitem__(self, word: object, vector: object) -> None:
            raise TypeError(NO_ASSIGNMENT)

    def __getstate__(self) -> dict[str, Any]:
        # For copies and other processes: the tokenizer, compiled functions in it, is made again where it is needed.
        return {name: value for name, value in vars(self).items() if name not in ("_tokenizer", "_variants")}

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self  # nothing in it changes; scikit-learn's `clone` copies an estimator's parameters at each fit of a search

    def __repr__(self) -> str:
        origin = "" if self.path is None else f", from {self.path}"
        return f"<WordVectors: {len(self):,} words x {self.dim:,} dimensions{origin}>"

    def index(self, word: str) -> int:
        """Rank of a word: its row of `matrix`. It is found as `find` finds it, and raises what `find` raises."""
        return self.vocabulary.ranks[self.find(word)]

    def find(self, text: str) -> str:
        """The word of the vocabulary that a text stands for: itself, else what the tokenizer makes of it, such as king of King.

        A word is also found by other spellings that Unicode has for it: accents of their own, ligatures, full-width letters, apostrophes.
        All methods that take words find them so; ``in`` asks for the very word.

        Raises
        ------
        UnknownWordError
            with close matches.
        ConfigError
            something that is no text.
        """
        if not isinstance(text, str):
            raise ConfigError(words_are_texts(text))
        if text in self.vocabulary:
            return text
        word = self._token(text)
        if word in self.vocabulary:
            return word
        for spelling in (text, word, self._token(plain_spelling(text))):
            if (found := self._variants.find(spelling)) is not None:
                return found
        raise UnknownWordError(text, self.vocabulary.close_matches(word))

    def _token(self, text: str) -> str:
        try:
            tokens = self.split(text)
        except (W2VError, OSError):
            tokens = ()
        return tokens[0] if len(tokens) == 1 else text

    @functools.cached_property
    def _variants(self) -> SpellingVariants:
        return SpellingVariants(self.words, self.vocabulary.ranks)

    def split(self, text: str) -> Sequence[str]:
        """The tokens of a text, made as those were that the vectors were trained on; words of the vocabulary or not.

        Raises
        ------
        ConfigError
            it is not known how.
        MissingExtraError, CorpusError
            what that needs (a package, a dictionary) is not there.
        """
        return self._tokenizer.split(text)

    @functools.cached_property
    def _tokenizer(self) -> "Tokenizer":
        if self.tokenizer is None:
            raise ConfigError("these vectors do not say how their text became tokens: give lists of tokens, or tokenizer=CorpusConfig(...)")
        from w2v.corpus.tokens.tokenizers import make_tokenizer  # numba: not before a text is split

        return make_tokenizer(self.tokenizer, self.vocabulary)

    def encode(
        self, texts: Iterable[str] | Iterable[Sequence[str]], *, weighting: str = "sif", sif: float = SIF, components: int = 0
    ) -> npt.NDArray[np.float32]:
        """Texts as vectors: the weighted mean of their words' vectors.

        Parameters
        ----------
        texts : texts, or lists of tokens, which are taken as they are
        weighting : sif, by which a word that makes up the share p of all words counts sif / (sif + p) (Arora et al. 2017), or mean, by
            which all count alike
        sif : above 0; the smaller it is, the less frequent words count
        components : so many common directions of all these texts are taken out of each (there, the step after the mean)

        Returns
        -------
        (n_texts, dim) float32; zeros for a text without a word that has a vector.

        Raises
        ------
        ConfigError
            one text instead of a list, something that is no text (with its number), an option out of range, vectors without counts
            (for sif), or without a tokenizer (for texts).
        """
        return text_vectors.encode_texts(self, texts, text_vectors.word_weights(self.counts, weighting, sif), components)

    def weighted(self, *, sif: float = SIF) -> "WordVectors":
        """These vectors, each multiplied by its word's weight in `encode`, which it raises the errors of: for programs of plain means."""
        if not self.counts.any():
            raise ConfigError("these vectors do not say how frequent their words are, which sif needs: give a model that w2v trained")
        weights = text_vectors.word_weights(self.counts, "sif", sif)
        return WordVectors(self.vocabulary, (self.matrix * weights[:, None]).astype(np.float32), tokenizer=self.tokenizer)

    def similarity(self, a: str, b: str) -> float:
        """Cosine similarity of two words, -1 to 1; 0 where a vector is all zeros.

        Raises
        ------
        UnknownWordError
            with close matches.
        """
        return float(self.similarities([(a, b)])[0])

    def similarities(self, pairs: Sequence[tuple[str, str]]) -> npt.NDArray[np.float64]:
        """(n_pairs,) float64: `similarity` of each pair; many at once are much faster than one by one."""
        return relations.similarities(self, self.matrix, pairs)

    def n_similarity(self, a: Sequence[str], b: Sequence[str]) -> float:
        """Cosine similarity of the means of two groups of words, each word with its whole vector (gensim's ``n_similarity``)."""
        return relations.similarity_of_groups(self, self.matrix, a, b)

    def mean_vector(
        self, items: Sequence[Item], weights: Sequence[float] | None = None, *, pre_normalize: bool = True, post_normalize: bool = False
    ) -> npt.NDArray[np.float32]:
        """(dim,) float32: the weighted mean of words and vectors (gensim's ``get_mean_vector``).

        Parameters
        ----------
        weights : one for each item, 1 by default; the sum is divided by the sum of their absolute values
        pre_normalize : words count with their unit vectors, else with their whole ones; vectors always count as they are
        post_normalize : scale the mean to length 1
        """
        mean = relations.mean_vector(self, self.matrix, items, weights, pre_normalize=pre_normalize, post_normalize=post_normalize)
        return mean.astype(np.float32)

    def by_centrality(self, words: Sequence[str]) -> list[Neighbor]:
        """Three words or more by falling similarity to their mean; the last is the odd one out (gensim's ``rank_by_centrality``)."""
        return relations.by_centrality(self, self.matrix, words)

    def odd_one_out(self, words: Sequence[str]) -> str:
        """The word that is least similar to the mean of all (gensim's ``doesnt_match``)."""
        return self.by_centrality(words)[-1].word

    def closer_than(self, a: str, b: str) -> list[str]:
        """The words that are more similar to `a` than `b` is, by rank in the vocabulary (gensim's ``closer_than``)."""
        closer = relations.closer_ranks(self.matrix, self.norms, self.index(a), self.index(b))
        return [self.words[rank] for rank in closer.tolist()]

    def rank(self, a: str, b: str) -> int:
        """Place of `b` among the neighbors of `a`, from 1 on (gensim's ``rank``)."""
        return 1 + len(relations.closer_ranks(self.matrix, self.norms, self.index(a), self.index(b)))

    @translate_options
    def neighbors(self, positive: Items, negative: Items = (), n: int = 10, *, restrict_vocab: int | None = None) -> list[Neighbor]:
        """The words most similar to the mean of what is given, as gensim's ``most_similar``; without the given words themselves.

        Parameters
        ----------
        positive, negative : a word, a vector (dim,), or a list of both, counted with weight +1 and -1; words with their unit vectors,
            vectors as they are
        n : how many, at least 1
        restrict_vocab : look among so many of the most frequent words only

        Raises
        ------
        UnknownWordError
            with close matches.
        ConfigError
            nothing given, a vector of another shape, or `n` or `restrict_vocab` below 1.
        """
        return self._nearest([neighbors.direction(self, self.matrix, positive, negative)], n, restrict_vocab)[0]

    @translate_options
    def neighbors_of_each(self, queries: Sequence[Item], n: int = 10, *, restrict_vocab: int | None = None) -> list[list[Neighbor]]:
        """`neighbors` of each word or vector of a list; many at once are much faster than one by one."""
        if isinstance(queries, str):
            raise ConfigError(f"queries must be a list of words and vectors: received the text {queries!r}")
        directions = [neighbors.direction(self, self.matrix, query) for query in queries]
        return self._nearest(directions, n, restrict_vocab)

    @translate_options
    def neighbors_by_product(
        self, positive: Items, negative: Items = (), n: int = 10, *, restrict_vocab: int | None = None
    ) -> list[Neighbor]:
        """The words of the highest 3CosMul score (Levy and Goldberg 2014), as gensim's ``most_similar_cosmul``.

        The parameters are those of `neighbors`; vectors count with length 1, and a score takes the place of the similarity.
        """
        vectors, ranks = cosmul.terms(self, self.matrix, positive, negative)
        n_positive = len(neighbors.items_of(positive))
        rows = self._most_frequent(restrict_vocab)
        found = cosmul.nearest_by_product(self.matrix[rows], self.norms[rows], vectors[None], n_positive, [ranks], n)
        return self._named(found)[0]

    @translate_options
    def analogy(self, a: str, b: str, c: str, n: int = 10, *, method: str = "3cosadd", restrict_vocab: int | None = None) -> list[Neighbor]:
        """Answers to "`a` is to `b` as `c` is to ?"; see `analogies`."""
        return self.analogies([(a, b, c)], n, method=method, restrict_vocab=restrict_vocab)[0]

    @translate_options
    def analogies(
        self, questions: Sequence[tuple[str, str, str]], n: int = 10, *, method: str = "3cosadd", restrict_vocab: int | None = None
    ) -> list[list[Neighbor]]:
        """Answers to "a is to b as c is to ?" for each (a, b, c), best first and without a, b and c.

        Parameters
        ----------
        method : 3cosadd, the neighbors of b - a + c (Mikolov et al. 2013), or 3cosmul (Levy and Goldberg 2014)
        restrict_vocab : look among so many of the most frequent words only

        Raises
        ------
        UnknownWordError
            with close matches.
        ConfigError
            an unknown method, or `n` or `restrict_vocab` below 1.
        """
        if checks.one_of("method", method, ANALOGY_METHODS) == "3cosadd":
            directions = [neighbors.direction(self, self.matrix, [b, c], [a]) for a, b, c in questions]
            return self._nearest(directions, n, restrict_vocab)
        terms = [cosmul.terms(self, self.matrix, [b, c], [a]) for a, b, c in questions]
        rows = self._most_frequent(restrict_vocab)
        queries = np.array([vectors for vectors, _ in terms]).reshape(-1, 3, self.dim)
        excluded = [ranks for _, ranks in terms]
        return self._named(cosmul.nearest_by_product(self.matrix[rows], self.norms[rows], queries, 2, excluded, n))

    def _most_frequent(self, restrict_vocab: int | None) -> slice:
        return slice(None if restrict_vocab is None else checks.integer("restrict_vocab", restrict_vocab))

    def _nearest(
        self, directions: Sequence[tuple[npt.NDArray[np.float64], list[int]]], n: int, restrict_vocab: int | None
    ) -> list[list[Neighbor]]:
        queries = np.array([vector for vector, _ in directions]).reshape(-1, self.dim)
        rows = self._most_frequent(restrict_vocab)
        return self._named(neighbors.nearest(self.matrix[rows], self.norms[rows], queries, [ranks for _, ranks in directions], n))

    def _named(self, found: Iterable[tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]]) -> list[list[Neighbor]]:
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
