"""Labels: what people call the items whose ids a model was trained on."""

import functools
from collections.abc import Iterable

from w2v.errors import UnknownWordError
from w2v.vocabulary import Vocabulary


class Labels:
    """Labels of the words of a vocabulary; a word without one is its own.

    Parameters
    ----------
    pairs : word and label, as they come; words outside the vocabulary and empty labels are passed over, the first label of a word counts

    Attributes
    ----------
    n_known : words with a label
    n_conflicts : further, different labels of words that had one

    Examples
    --------
    >>> labels = Labels(Vocabulary(["7", "9"], [5, 3]), [("7", "Iron Man"), ("8", "Up")])
    >>> labels.of("7"), labels.of("9"), labels.n_known
    ('Iron Man', '9', 1)
    >>> labels.find("Iron Man")
    '7'
    """

    def __init__(self, vocabulary: Vocabulary, pairs: Iterable[tuple[str, str]]) -> None:
        self._vocabulary = vocabulary
        self._labels: dict[str, str] = {}
        self.n_conflicts = 0
        for word, label in pairs:
            if label and word in vocabulary:
                self.n_conflicts += self._labels.setdefault(word, label) != label
        self.n_known = len(self._labels)
        by_frequency = sorted(self._labels, key=vocabulary.index)
        self._words: dict[str, str] = {self._labels[word]: word for word in reversed(by_frequency)}

    def of(self, word: str) -> str:
        """The label of a word, or the word."""
        return self._labels.get(word, word)

    def find(self, label: str) -> str:
        """The most frequent word with a label.

        Raises
        ------
        UnknownWordError
            no word has it; close matches are labels.
        """
        if label in self._words:
            return self._words[label]
        raise UnknownWordError(label, self._known.close_matches(label) or self._vocabulary.close_matches(label))

    @functools.cached_property
    def _known(self) -> Vocabulary:
        return Vocabulary(list(self._words), [1] * len(self._words))
