"""Phrases: words that stand together far more often than chance become one word, `new york` -> `new_york`.

Mikolov et al., "Distributed Representations of Words and Phrases", 2013, section 4; results equal those of gensim's ``Phrases``. It works
on an encoding of all words (min_count 1): a word dropped earlier would make neighbors of words that are none. Afterwards rare words are
dropped, and the rest is ranked as in any encoded corpus.
"""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.checks import integer, number, one_of
from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import Ids, Offsets, map_ids, rank_tokens, write_ids
from w2v.corpus.encoding_passes import encode_into
from w2v.corpus.inputs import Input
from w2v.corpus.phrases import phrase_kernels as kernels
from w2v.errors import CorpusError
from w2v.vocabulary import Vocabulary, rank_words

# The words that gensim calls ENGLISH_CONNECTOR_WORDS: articles, prepositions, conjunctions.
ENGLISH_CONNECTOR_WORDS = frozenset(("a", "an", "the", "for", "of", "with", "without", "at", "from", "to", "in", "on", "by", "and", "or"))
SCORINGS = {"count": 10.0, "npmi": 0.5}  # with the threshold that is taken where none is given
_CHUNK = 1 << 19  # tokens at a time
_FULL = 0.6  # of a hash table

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True)
class PhraseConfig:
    """What makes two words a phrase.

    Attributes
    ----------
    scoring : count, ``(together - min_count) / (a * b) * distinct words and pairs``, or npmi, normalized pointwise mutual information
    threshold : a phrase scores higher; 10 for count, 0.5 for npmi (which is from -1 to 1) where None
    min_count : pairs that occur less often are no phrases
    passes : each after the first may join what the ones before it joined: new_york + times
    connector_words : may stand inside a phrase, but not at its ends, and count for nothing: bank_of_america
    """

    scoring: str = "count"
    threshold: float | None = None
    min_count: int = 5
    passes: int = 1
    connector_words: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        one_of("scoring", self.scoring, tuple(SCORINGS))
        meaning = "a number above 0" if self.scoring == "count" else "a number from -1 to 1"
        threshold = SCORINGS[self.scoring] if self.threshold is None else self.threshold
        in_range = (lambda x: x > 0) if self.scoring == "count" else (lambda x: -1 <= x <= 1)
        object.__setattr__(self, "threshold", number("threshold", threshold, f"{meaning} for {self.scoring}", in_range))
        for name in ("min_count", "passes"):
            object.__setattr__(self, name, integer(name, getattr(self, name)))


class Phrase(NamedTuple):
    """A phrase with its score and how often it is in the joined corpus."""

    phrase: str
    score: float
    occurrences: int


class CorpusTokens(NamedTuple):
    """A corpus of all its words: their spellings and counts, the tokens as int32 numbers of words, and sentence offsets, int64."""

    words: Sequence[str]
    counts: npt.NDArray[np.int64]
    tokens: Ids
    offsets: Offsets


def encode_with_phrases(folder: Path, source: Input, config: CorpusConfig, threads: int) -> tuple[Vocabulary, dict[str, Any]]:
    """`encode_into` with phrases as words: `config.phrases` passes, by the default settings of `PhraseConfig`."""
    with tempfile.TemporaryDirectory(prefix="counted-", dir=folder) as counted:
        vocabulary, facts = encode_into(Path(counted), source, replace(config, min_count=1, max_vocabulary=None), threads)
        ids = map_ids(Path(counted), facts["n_tokens"], facts["n_sentences"])
        corpus = CorpusTokens(vocabulary.words, vocabulary.counts, *ids)
        vocabulary, facts_of_phrases, _ = join_into(folder, corpus, PhraseConfig(passes=config.phrases), config)
    return vocabulary, {**facts, **facts_of_phrases}


def join_into(
    folder: Path, corpus: CorpusTokens, config: PhraseConfig, kept: CorpusConfig
) -> tuple[Vocabulary, dict[str, Any], list[Phrase]]:
    """Write the ids of a corpus in which phrases are words.

    Parameters
    ----------
    folder : where to; what is needed on the way lies there too, and goes
    kept : its min_count and max_vocabulary say which words and phrases are kept

    Returns
    -------
    The vocabulary, the facts for the manifest, and the phrases that are kept by falling count.

    Raises
    ------
    CorpusError
        no word is kept.
    """
    scores: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="passes-", dir=folder) as scratch:
        for number in range(config.passes):
            folder_of_pass = Path(scratch, str(number))
            folder_of_pass.mkdir()
            corpus, found = _join_once(corpus, config, folder_of_pass)
            scores.update(found)
        counts = corpus.counts
        order = [i for i in rank_words(corpus.words, counts.tolist()) if counts[i] >= kept.min_count][: kept.max_vocabulary]
        if not order:
            raise CorpusError(f"vocabulary is empty: the most frequent word occurs {counts.max()} times, min_count is {kept.min_count}")
        vocabulary = Vocabulary([corpus.words[i] for i in order], counts[order])
        ranks = np.full(len(counts), -1, np.int32)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        n_tokens, n_sentences = write_ids(folder, rank_tokens(corpus.tokens, corpus.offsets, ranks))
    phrases = [
        Phrase(word, scores[word], count) for word, count in zip(vocabulary, vocabulary.counts.tolist(), strict=True) if word in scores
    ]
    detection = {**asdict(config), "connector_words": sorted(config.connector_words), "found": len(phrases)}
    return vocabulary, {"n_words": len(vocabulary), "n_tokens": n_tokens, "n_sentences": n_sentences, "phrases": detection}, phrases


def _join_once(corpus: CorpusTokens, config: PhraseConfig, folder: Path) -> tuple[CorpusTokens, dict[str, float]]:
    """One pass: the corpus with phrases joined, in `folder`, and the scores of these phrases."""
    random = np.random.default_rng(0x77327670)  # any numbers will do, and always the same ones are reproducible
    digits, base = random.integers(1, 2**64, 256, np.uint64), random.integers(2**32, 2**64, 1, np.uint64)[0] | np.uint64(1)
    hashes, powers = _hash_words(corpus.words, digits, base)
    (delimiter_hash,), (delimiter_power,) = _hash_words(["_"], digits, base)
    connectors = np.array([word in config.connector_words for word in corpus.words], np.bool_)
    spelled = (hashes, powers, connectors, np.array([delimiter_hash, delimiter_power]))
    keys, counts, n_keys = _count_candidates(corpus, spelled)

    ids = np.full(len(keys), -1, np.int32)
    kernels.place_words(keys, hashes, ids)
    n_words = len(corpus.words)
    room = n_words + int(((counts >= config.min_count) & (ids < 0)).sum())
    new, scores, uses = np.zeros((room, 2), np.int64), np.full(room, np.nan), np.zeros(room, np.int64)
    limits = np.array([n_keys, config.min_count, len(corpus.tokens), config.threshold], np.float64)
    scoring = kernels.NPMI if config.scoring == "npmi" else kernels.COUNT
    state = np.array([0, 0, 0, n_words], np.uint64)

    def join() -> Iterator[tuple[Ids, Offsets]]:
        for begin, end in _chunks(len(corpus.tokens)):
            waiting = begin - (int(state[1]) - 1) if state[1] else 0
            written, ends = np.empty(end - begin + waiting, np.int32), np.empty(end - begin + 1, np.int64)
            table = (keys, counts, ids)
            sizes = kernels.join_candidates(
                corpus.tokens, corpus.offsets, begin, end, state, *spelled, *table, limits, scoring, new, scores, uses, written, ends
            )
            yield written[: sizes[0]], ends[: sizes[1]]

    n_tokens, n_sentences = write_ids(folder, join())
    n_ids = int(state[3])
    phrases = ["_".join([corpus.words[word] for word in corpus.tokens[first:last]]) for first, last in new[n_words:n_ids].tolist()]
    words = [*corpus.words, *phrases]
    found = {words[i]: float(scores[i]) for i in np.flatnonzero(~np.isnan(scores[:n_ids])).tolist()}
    return CorpusTokens(words, uses[:n_ids], *map_ids(folder, n_tokens, n_sentences)), found


def _hash_words(
    words: Sequence[str], digits: npt.NDArray[np.uint64], base: np.uint64
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
    hashes, powers = np.empty(len(words), np.uint64), np.empty(len(words), np.uint64)
    kernels.hash_words(np.frombuffer(b"".join(encoded), np.uint8), ends, digits, base, hashes, powers)
    return hashes, powers


def _count_candidates(corpus: CorpusTokens, spelled: tuple[Any, ...]) -> tuple[Hashes, npt.NDArray[np.int64], int]:
    """The table of words and candidates, and how many keys it holds."""
    keys, counts, n_keys = np.zeros(1 << 10, np.uint64), np.zeros(1 << 10, np.int64), 0
    state = np.zeros(3, np.uint64)
    for begin, end in _chunks(len(corpus.tokens)):
        size = len(keys)
        while n_keys + 2 * (end - begin) > _FULL * size:
            size *= 2
        if size > len(keys):
            larger = np.zeros(size, np.uint64), np.zeros(size, np.int64)
            kernels.move_table(keys, counts, *larger)
            keys, counts = larger
        n_keys += kernels.count_candidates(corpus.tokens, corpus.offsets, begin, end, state, *spelled, keys, counts)
    return keys, counts, n_keys


def _chunks(n: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, n, _CHUNK):
        yield begin, min(begin + _CHUNK, n)
