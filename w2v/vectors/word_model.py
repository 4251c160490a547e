"""`WordModel`: what stored and freshly trained models do as their word vectors do."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from w2v.npy import Matrix
from w2v.vectors.foreign_names import missing_attribute, model_hint, translate_options
from w2v.vectors.nearest import Items, Neighbor
from w2v.vectors.word_vectors import Words, WordVectors


class WordModel:
    """A model with `vectors`, which answer for it: ``model["king"]``, ``"king" in model``, ``len(model)``, ``model.neighbors("king")``."""

    if TYPE_CHECKING:  # subclasses have it

        @property
        def vectors(self) -> WordVectors:
            """The word vectors."""

    else:  # unseen by type checkers, which would take any name for an attribute

        def __getattr__(self, name: str) -> Any:
            raise missing_attribute(self, name, model_hint(name, WordVectors))

    def __len__(self) -> int:
        return len(self.vectors)

    def __contains__(self, word: object) -> bool:
        return word in self.vectors

    def __iter__(self) -> Iterator[str]:
        return iter(self.vectors)

    def __getitem__(self, words: Words) -> Matrix:
        return self.vectors[words]

    def encode(self, texts: Iterable[str] | Iterable[Sequence[str]], **options: Any) -> Matrix:
        """`WordVectors.encode` of its vectors."""
        return self.vectors.encode(texts, **options)

    @translate_options
    def neighbors(self, positive: Items, negative: Items = (), n: int = 10, *, restrict_vocab: int | None = None) -> list[Neighbor]:
        """`WordVectors.neighbors` of its vectors."""
        return self.vectors.neighbors(positive, negative, n, restrict_vocab=restrict_vocab)
