"""Phrases: words that stand together far more often than chance become one word, `new york` -> `new_york`.

Mikolov et al., "Distributed Representations of Words and Phrases", 2013, section 4; results equal those of gensim's ``Phrases``. It works
on an encoding of all words (min_count 1): a word dropped earlier would make neighbors of words that are none. Afterwards rare words are
dropped, and the rest is ranked as in any encoded corpus.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from w2v.config import CorpusConfig
from w2v.corpus import phrase_kernels as kernels
from w2v.corpus.encoding_passes import OFFSETS, TOKENS, encode_into
from w2v.corpus.inputs import Input
from w2v.errors import ConfigError, CorpusError
from w2v.npy import NpyWriter, map_npy
from w2v.vocabulary import Vocabulary, rank_words

# The words that gensim calls ENGLISH_CONNECTOR_WORDS: articles, prepositions, conjunctions.
ENGLISH_CONNECTOR_WORDS = frozenset(("a", "an", "the", "for", "of", "with", "without", "at", "from", "to", "in", "on", "by", "and", "or"))
SCORINGS = {"count": 10.0, "npmi": 0.5}  # with the threshold that is taken where none is given
_CHUNK = 1 << 19  # tokens at a time
_FULL = 0.6  # of a hash table


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
        if self.scoring not in SCORINGS:
            raise ConfigError(f"scoring must be one of {', '.join(SCORINGS)}: received {self.scoring!r}")
        threshold = SCORINGS[self.scoring] if self.threshold is None else self.threshold
        if not (0 < threshold < math.inf if self.scoring == "count" else -1 <= threshold <= 1):
            wanted = "above 0" if self.scoring == "count" else "from -1 to 1"
            raise ConfigError(f"threshold must be a number {wanted} for {self.scoring}: received {threshold!r}")
        object.__setattr__(self, "threshold", float(threshold))
        for name in ("min_count", "passes"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value < 2**31:
                raise ConfigError(f"{name} must be an integer of at least 1: received {value!r}")


class Phrase(NamedTuple):
    """A phrase with its score and how often it is in the joined corpus."""

    phrase: str
    score: float
    occurrences: int


class Tokens(NamedTuple):
    """A corpus of all its words: their spellings and counts, the tokens as int32 numbers of words, and sentence offsets, int64."""

    words: Sequence[str]
    counts: npt.NDArray[np.int64]
    tokens: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]


def encode_with_phrases(folder: Path, source: Input, config: CorpusConfig, threads: int) -> tuple[Vocabulary, dict[str, Any]]:
    """`encode_into` with phrases as words: `config.phrases` passes, by the default settings of `PhraseConfig`."""
    with tempfile.TemporaryDirectory(prefix="counted-", dir=folder) as counted:
        vocabulary, facts = encode_into(Path(counted), source, replace(config, min_count=1, max_vocabulary=None), threads)
        tokens = map_npy(Path(counted, TOKENS), np.int32, (facts["n_tokens"],))
        offsets = map_npy(Path(counted, OFFSETS), np.int64, (facts["n_sentences"] + 1,))
        corpus = Tokens(vocabulary.words, vocabulary.counts, tokens, offsets)
        vocabulary, joined, _ = join_into(folder, corpus, PhraseConfig(passes=config.phrases), config)
    return vocabulary, {**facts, **joined}


def join_into(folder: Path, corpus: Tokens, config: PhraseConfig, kept: CorpusConfig) -> tuple[Vocabulary, dict[str, Any], list[Phrase]]:
    """Write ``tokens.npy`` and ``sentence_offsets.npy`` of a corpus in which phrases are words.

    Parameters
    ----------
    folder : where to; what is needed on the way lies there too, and goes
    kept : its min_count and max_vocabulary say which words and phrases are kept

    Returns
    -------
    The vocabulary, what the manifest tells, and the phrases that are kept by falling count.

    Raises
    ------
    CorpusError
        no word is kept.
    """
    scores: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="passes-", dir=folder) as scratch:
        for number in range(config.passes):
            corpus, found = _pass(corpus, config, Path(scratch), str(number))
            scores.update(found)
        counts = corpus.counts
        order = [i for i in rank_words(corpus.words, counts.tolist()) if counts[i] >= kept.min_count][: kept.max_vocabulary]
        if not order:
            raise CorpusError(f"vocabulary is empty: the most frequent word occurs {counts.max()} times, min_count is {kept.min_count}")
        vocabulary = Vocabulary([corpus.words[i] for i in order], counts[order])
        ranks = np.full(len(counts), -1, np.int32)
        ranks[order] = np.arange(len(order), dtype=np.int32)
        n_tokens, n_sentences = _write_ranked(corpus, ranks, folder)
    phrases = [
        Phrase(word, scores[word], count) for word, count in zip(vocabulary, vocabulary.counts.tolist(), strict=True) if word in scores
    ]
    told = {**asdict(config), "connector_words": sorted(config.connector_words), "found": len(phrases)}
    return vocabulary, {"n_words": len(vocabulary), "n_tokens": n_tokens, "n_sentences": n_sentences, "phrases": told}, phrases


def _pass(corpus: Tokens, config: PhraseConfig, scratch: Path, name: str) -> tuple[Tokens, dict[str, float]]:
    """Join phrases once: the new corpus, and the scores of its phrases."""
    random = np.random.default_rng(0x77327670)  # any numbers will do, and always the same ones are reproducible
    digits, base = random.integers(1, 2**64, 256, np.uint64), random.integers(2**32, 2**64, 1, np.uint64)[0] | np.uint64(1)
    hashes, powers = _hashed(corpus.words, digits, base)
    (delimiter_hash,), (delimiter_power,) = _hashed(["_"], digits, base)
    connectors = np.array([word in config.connector_words for word in corpus.words], np.bool_)
    spelled = (hashes, powers, connectors, np.array([delimiter_hash, delimiter_power]))
    keys, counts, n_keys = _counted(corpus, spelled)

    ids = np.full(len(keys), -1, np.int32)
    kernels.place_words(keys, hashes, ids)
    n_words = len(corpus.words)
    room = n_words + int(((counts >= config.min_count) & (ids < 0)).sum())
    new, scores, uses = np.zeros((room, 2), np.int64), np.full(room, np.nan), np.zeros(room, np.int64)
    limits = np.array([n_keys, config.min_count, len(corpus.tokens), config.threshold], np.float64)
    scoring = kernels.NPMI if config.scoring == "npmi" else kernels.COUNT
    state = np.array([0, 0, 0, n_words], np.uint64)

    def join(begin: int, end: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        waiting = begin - (int(state[1]) - 1) if state[1] else 0
        written, ends = np.empty(end - begin + waiting, np.int32), np.empty(end - begin + 1, np.int64)
        table = (keys, counts, ids)
        sizes = kernels.join_candidates(
            corpus.tokens, corpus.offsets, begin, end, state, *spelled, *table, limits, scoring, new, scores, uses, written, ends
        )
        return written[: sizes[0]], ends[: sizes[1]]

    tokens_path, offsets_path = scratch / f"{name}-{TOKENS}", scratch / f"{name}-{OFFSETS}"
    n_tokens, n_sentences = _write(tokens_path, offsets_path, len(corpus.tokens), join)
    n_ids = int(state[3])
    phrases = ["_".join([corpus.words[word] for word in corpus.tokens[first:last]]) for first, last in new[n_words:n_ids].tolist()]
    words = [*corpus.words, *phrases]
    found = {words[i]: float(scores[i]) for i in np.flatnonzero(~np.isnan(scores[:n_ids])).tolist()}
    tokens, offsets = map_npy(tokens_path, np.int32, (n_tokens,)), map_npy(offsets_path, np.int64, (n_sentences + 1,))
    return Tokens(words, uses[:n_ids], tokens, offsets), found


def _hashed(words: Sequence[str], digits: npt.NDArray[np.uint64], base: np.uint64) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]:
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    ends = np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)))
    hashes, powers = np.empty(len(words), np.uint64), np.empty(len(words), np.uint64)
    kernels.hash_words(np.frombuffer(b"".join(encoded), np.uint8), ends, digits, base, hashes, powers)
    return hashes, powers


def _counted(corpus: Tokens, spelled: tuple[Any, ...]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64], int]:
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


def _write_ranked(corpus: Tokens, ranks: npt.NDArray[np.int32], folder: Path) -> tuple[int, int]:
    state = np.zeros(2, np.int64)

    def rank(begin: int, end: int) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        written, ends = np.empty(end - begin, np.int32), np.empty(end - begin, np.int64)
        sizes = kernels.keep_ranked(corpus.tokens, corpus.offsets, begin, end, state, ranks, written, ends)
        return written[: sizes[0]], ends[: sizes[1]]

    return _write(folder / TOKENS, folder / OFFSETS, len(corpus.tokens), rank)


def _write(
    tokens_path: Path, offsets_path: Path, n_read: int, work: Callable[[int, int], tuple[npt.NDArray[Any], npt.NDArray[Any]]]
) -> tuple[int, int]:
    """Write what `work` makes of each chunk; tokens and sentences written."""
    with NpyWriter(tokens_path, np.int32) as tokens, NpyWriter(offsets_path, np.int64) as offsets:
        offsets.write(np.zeros(1, np.int64))
        for begin, end in _chunks(n_read):
            ids, ends = work(begin, end)
            offsets.write(ends + tokens.length)
            tokens.write(ids)
        return tokens.length, offsets.length - 1


def _chunks(n: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, n, _CHUNK):
        yield begin, min(begin + _CHUNK, n)
