"""What the page asks about words, answered by `WordVectors` in the shapes of the commands' ``--json``."""

import functools
import threading
from collections.abc import Callable, Sequence
from typing import Any

from w2v.vectors.completion import Completer
from w2v.vectors.nearest import Neighbor
from w2v.vectors.word_vectors import WordVectors

Entry = dict[str, Any]


class Answers:
    """Answers of one model; may be shared by threads.

    Parameters
    ----------
    resolve : from what was typed to a word of the vocabulary; it raises UnknownWordError
    """

    def __init__(self, vectors: WordVectors, resolve: Callable[[str], str]) -> None:
        self._vectors = vectors
        self._resolve = resolve
        self._lock = threading.Lock()

    @functools.cached_property
    def _completer(self) -> Completer:
        return Completer(self._vectors.words)

    def complete(self, beginning: str, n: int) -> list[Entry]:
        """The most frequent words that begin as typed; first the word that was typed, if it is one."""
        with self._lock:  # the words are sorted once
            completer = self._completer
        words = [self._vectors.words[rank] for rank in completer.complete(beginning, n)]
        typed = [word for word in (beginning.strip(), beginning.strip().casefold()) if word in self._vectors]
        return [self._word(word) for word in [*dict.fromkeys([*typed, *words])][:n]]

    def neighbors(self, typed: Sequence[str], n: int, restrict_vocab: int | None) -> list[Entry]:
        """The neighbors of each word, all words in one batch."""
        words = [self._resolve(word) for word in typed]
        found = self._vectors.neighbors_of_each(words, n, restrict_vocab=restrict_vocab)
        return [
            {"query": query, **self._word(word), "neighbors": [self._scored(near, "similarity") for near in nearest]}
            for query, word, nearest in zip(typed, words, found, strict=True)
        ]

    def analogy(self, a: str, b: str, c: str, n: int, method: str, restrict_vocab: int | None) -> Entry:
        """Answers to: a is to b as c is to ?"""
        a, b, c = (self._resolve(word) for word in (a, b, c))
        found = self._vectors.analogy(a, b, c, n, method=method, restrict_vocab=restrict_vocab)
        title = "similarity" if method == "3cosadd" else "score"
        asked = {name: self._word(word) for name, word in zip("abc", (a, b, c), strict=True)}
        return {**asked, "answers": [self._scored(near, title) for near in found]}

    def similarity(self, a: str, b: str) -> Entry:
        """The cosine similarity of two words, and the place of each among the neighbors of the other."""
        a, b = self._resolve(a), self._resolve(b)
        places = [None, None] if a == b else [self._vectors.rank(a, b), self._vectors.rank(b, a)]
        return {"a": self._word(a), "b": self._word(b), "similarity": self._vectors.similarity(a, b), "places": places}

    def _word(self, word: str) -> Entry:
        rank = self._vectors.index(word)
        return {"word": word, "rank": rank, "count": int(self._vectors.counts[rank])}

    def _scored(self, near: Neighbor, title: str) -> Entry:
        return {**self._word(near.word), title: near.similarity}
