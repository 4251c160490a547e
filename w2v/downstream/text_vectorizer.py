"""`TextVectorizer`: texts as the weighted means of their word vectors, as a scikit-learn transformer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from w2v.errors import ConfigError, import_extra
from w2v.vectors.text_vectors import SIF, word_weights
from w2v.vectors.word_model import WordModel
from w2v.vectors.word_vectors import WordVectors

_base: Any = import_extra("sklearn.base", "clusters", "the vectorizer")

if TYPE_CHECKING:
    # What scikit-learn's classes bring, for mypy: they carry no types.
    class _Transformer:
        def __sklearn_tags__(self) -> Any: ...
else:

    class _Transformer(_base.ClassNamePrefixFeaturesOutMixin, _base.TransformerMixin, _base.BaseEstimator):
        pass


class TextVectorizer(_Transformer):
    """Gives each text a row of `dim` numbers, by `WordVectors.encode`. There is nothing to learn, so `fit` only checks.

    Parameters
    ----------
    vectors : word vectors that know their tokenizer, or a model; lists of tokens need no tokenizer
    weighting : sif, or mean
    sif : the parameter of sif, above 0

    Examples
    --------
    >>> import numpy as np, w2v
    >>> vectors = w2v.WordVectors(w2v.Vocabulary(["tea", "cup"], [2, 1]), np.eye(2, dtype=np.float32), tokenizer=w2v.CorpusConfig())
    >>> TextVectorizer(vectors, weighting="mean").fit_transform(["A cup of tea", "Tea!", ""]).tolist()
    [[0.5, 0.5], [1.0, 0.0], [0.0, 0.0]]
    """

    def __init__(self, vectors: WordVectors | WordModel | None = None, *, weighting: str = "sif", sif: float = SIF) -> None:
        self.vectors = vectors
        self.weighting = weighting
        self.sif = sif

    def fit(self, texts: Any = None, labels: Any = None) -> Self:
        """Check the parameters; texts and labels are not looked at.

        Raises
        ------
        ConfigError
            a parameter out of range, or vectors that do not know how frequent their words are, for sif.
        """
        vectors = self._word_vectors()
        word_weights(vectors.counts, self.weighting, self.sif)
        return self

    def transform(self, texts: Iterable[str] | Iterable[Sequence[str]]) -> npt.NDArray[np.float32]:
        """(n_texts, dim) float32; zeros for a text without a word that has a vector. Raises what `WordVectors.encode` raises."""
        return self._word_vectors().encode(texts, weighting=self.weighting, sif=self.sif)

    def _word_vectors(self) -> WordVectors:
        vectors = self.vectors.vectors if isinstance(self.vectors, WordModel) else self.vectors
        if not isinstance(vectors, WordVectors):
            raise ConfigError(f"vectors must be word vectors or a model: received {vectors!r:.80}")
        return vectors

    @property
    def _n_features_out(self) -> int:
        return self._word_vectors().dim

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array, tags.input_tags.string = False, True
        tags.requires_fit = False
        return tags
