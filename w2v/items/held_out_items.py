"""Sequences of items cut into what is trained on and what is asked: one item of each sequence is held out, and never trained on."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from w2v.checks import one_of
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.errors import CorpusError

HOLD_OUT_KINDS = ("last", "random")
DEFAULT_CASES = 50_000
_MOST_VALIDATION = 5_000
_VALIDATION_SHARE = 5  # one case in so many
_LEAST_SEQUENCES = 10
_UNKNOWN = -1

Ids = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Cases:
    """Questions: after these items, which one came next?

    Attributes
    ----------
    histories : for each case its other items, in order, (n,) int32 ranks in the training part; items that it does not have are left out
    targets : (n_cases,) int32, the items that were held out; -1 where the training part does not have it
    """

    histories: tuple[Ids, ...]
    targets: Ids

    def __len__(self) -> int:
        return len(self.targets)

    @property
    def n_new(self) -> int:
        """Targets that training has never seen."""
        return int((self.targets == _UNKNOWN).sum())

    @property
    def n_repeated(self) -> int:
        """Targets that stand in their own history."""
        return sum(bool((history == target).any()) for history, target in zip(self.histories, self.targets.tolist(), strict=True))


@dataclass(frozen=True)
class Split:
    """What is trained on, and what is asked.

    Attributes
    ----------
    corpus : the training part
    validation, test : sequences of their own: one chooses how vectors are asked, the other measures
    n_sequences : of two items or more
    """

    corpus: EncodedCorpus
    validation: Cases
    test: Cases
    n_sequences: int


def split_sequences(
    corpus: EncodedCorpus,
    min_count: int,
    max_vocabulary: int | None,
    *,
    held_out: str = "last",
    n_cases: int = DEFAULT_CASES,
    seed: int = 1,
) -> Split:
    """Hold out one item of each sequence that has two or more ("leave one out").

    Parameters
    ----------
    corpus : whole sequences, in order of time
    min_count, max_vocabulary : what the training part drops, by its own counts: an item that was only held out is unknown to it
    held_out : ``last``, the time-ordered split; ``random`` for baskets, whose order says nothing (or is sorted)
    n_cases : of the test; more sequences than that are sampled. One case in five, at most 5,000, is for validation
    seed : of the sample, and of the random places

    Raises
    ------
    ConfigError
        another way to hold out.
    CorpusError
        too few sequences, or nothing left to train on.
    """
    one_of("held_out", held_out, HOLD_OUT_KINDS)
    random = np.random.default_rng(seed)
    starts, lengths = corpus.sentence_offsets[:-1], np.diff(corpus.sentence_offsets)
    asked = np.flatnonzero(lengths >= 2)
    if len(asked) < _LEAST_SEQUENCES:
        found = f"found {len(asked)} among {len(lengths)}"
        raise CorpusError(f"asking for the next item needs {_LEAST_SEQUENCES} sequences (lines) of two items or more: {found}")
    places = np.full(len(lengths), _UNKNOWN, np.int64)  # of the held-out item in its sequence
    places[asked] = lengths[asked] - 1 if held_out == "last" else random.integers(lengths[asked])
    config = CorpusConfig(tokenizer=corpus.config.tokenizer, min_count=min_count, max_vocabulary=max_vocabulary)
    trained = encode(_training_part(corpus, places), None, config)
    drawn = random.permutation(asked)
    n_validation = min(_MOST_VALIDATION, len(asked) // _VALIDATION_SHARE)
    ranks = np.array([trained.vocabulary.ranks.get(word, _UNKNOWN) for word in corpus.vocabulary.words], np.int32)

    def cases(chosen: npt.NDArray[np.int64]) -> Cases:
        histories, targets = [], []
        for start, length, place in zip(starts[chosen].tolist(), lengths[chosen].tolist(), places[chosen].tolist(), strict=True):
            items = ranks[corpus.tokens[start : start + length]]
            targets.append(items[place])
            others = np.delete(items, place)
            histories.append(others[others != _UNKNOWN])
        return Cases(tuple(histories), np.array(targets, np.int32))

    return Split(trained, cases(drawn[:n_validation]), cases(drawn[n_validation : n_validation + n_cases]), len(asked))


def _training_part(corpus: EncodedCorpus, places: npt.NDArray[np.int64]) -> Iterator[list[str]]:
    """The sequences without what is held out."""
    words, offsets = corpus.vocabulary.words, corpus.sentence_offsets.tolist()
    for start, stop, place in zip(offsets[:-1], offsets[1:], places.tolist(), strict=True):
        items = corpus.tokens[start:stop].tolist()
        if place != _UNKNOWN:
            del items[place]
        yield [words[rank] for rank in items]
