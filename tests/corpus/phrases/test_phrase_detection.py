"""Phrases: sentence by sentence and score by score what gensim's `Phrases` finds."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from gensim.models.phrases import ENGLISH_CONNECTOR_WORDS as GENSIM_CONNECTOR_WORDS
from gensim.models.phrases import Phrases

from w2v.config import CorpusConfig
from w2v.corpus.encoded_corpus import EncodedCorpus
from w2v.corpus.encoding import encode
from w2v.corpus.phrases import phrase_detection as module
from w2v.corpus.phrases.join_phrases import join_phrases
from w2v.corpus.phrases.phrase_detection import ENGLISH_CONNECTOR_WORDS, PhraseConfig
from w2v.errors import ConfigError, CorpusError

ALL_WORDS = CorpusConfig(tokenizer="whitespace", min_count=1)
# Words that are spelled like a phrase, or like part of one, count with it in gensim.
WORDS = ["new", "york", "new_york", "times", "york_times", "of", "the", "bank", "america", "a", "_", "中国", "é"]


def some_sentences(n: int = 600, seed: int = 1) -> list[list[str]]:
    random = np.random.default_rng(seed)
    shares = random.dirichlet(np.full(len(WORDS), 0.5), len(WORDS))
    sentences = []
    for length in random.integers(1, 30, n):
        word, sentence = int(random.integers(len(WORDS))), []
        for _ in range(length):
            sentence.append(WORDS[word])
            word = int(random.choice(len(WORDS), p=shares[word]))
        sentences.append(sentence)
    return sentences


def sentences_of(corpus: EncodedCorpus) -> list[list[str]]:
    words, offsets = corpus.vocabulary.words, corpus.sentence_offsets
    return [[words[i] for i in corpus.tokens[a:b]] for a, b in itertools.pairwise(offsets)]


def gensims(sentences: list[list[str]], config: PhraseConfig) -> tuple[list[list[str]], dict[str, float]]:
    scores: dict[str, float] = {}
    for _ in range(config.passes):
        scoring = "default" if config.scoring == "count" else "npmi"
        found = Phrases(
            sentences,
            min_count=config.min_count,
            threshold=config.threshold,
            scoring=scoring,
            connector_words=config.connector_words,
            max_vocab_size=10**9,
        )
        scores.update(found.find_phrases(sentences))
        sentences = [found[sentence] for sentence in sentences]
    return sentences, scores


@pytest.mark.medium
@pytest.mark.parametrize("chunk", [1, 1 << 19])
@pytest.mark.parametrize(
    "config",
    [
        PhraseConfig(threshold=0.02),
        PhraseConfig(threshold=0.02, passes=3, connector_words=ENGLISH_CONNECTOR_WORDS),
        PhraseConfig(threshold=0.005, min_count=1, connector_words=frozenset({"of", "the", "a", "_", "new_york"})),
        PhraseConfig(scoring="npmi", threshold=0.2, passes=2),
        PhraseConfig(scoring="npmi", threshold=-1, min_count=40, connector_words=ENGLISH_CONNECTOR_WORDS),
    ],
    ids=lambda config: f"{config.scoring}-{config.threshold}-{config.min_count}-{config.passes}",
)
def test_equal_to_gensim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: PhraseConfig, chunk: int) -> None:
    monkeypatch.setattr(module, "_CHUNK", chunk)
    sentences = some_sentences(100 if chunk == 1 else 600)
    corpus, found = join_phrases(encode(sentences, None, ALL_WORDS), tmp_path / "c", config, min_count=1)
    expected, scores = gensims(sentences, config)
    assert sentences_of(corpus) == expected
    joined = {word for sentence in expected for word in sentence}
    assert {phrase: score for phrase, score, _ in found} == pytest.approx(
        {word: scores[word] for word in scores if word in joined}, rel=1e-12
    )
    assert chunk == 1 or len(found) > 3
    assert all(count == sum(sentence.count(phrase) for sentence in expected) for phrase, _, count in found)
    assert EncodedCorpus.open(tmp_path / "c", verify=True).vocabulary == corpus.vocabulary


@pytest.mark.parametrize("scoring", ["count", "npmi"])
def test_a_phrase_scores_more_than_the_threshold(tmp_path: Path, scoring: str) -> None:
    sentences = [["new", "york", "x"]] * 9 + [["new"], ["y"]] * 5
    corpus = encode(sentences, None, ALL_WORDS)
    score = {phrase: score for phrase, score, _ in join_phrases(corpus, tmp_path / "all", PhraseConfig(scoring=scoring, threshold=0.01))[1]}
    for threshold, is_found in ((score["new_york"], False), (np.nextafter(score["new_york"], 0), True)):
        config = PhraseConfig(scoring=scoring, threshold=threshold)
        _, found = join_phrases(corpus, tmp_path / f"{threshold}", config, min_count=1)
        assert ("new_york" in {phrase.phrase for phrase in found}) is is_found
        assert ("new_york" in gensims(sentences, config)[1]) is is_found


def test_rare_words_are_dropped_after_joining_and_the_rest_is_ranked(tmp_path: Path) -> None:
    sentences = [["new", "york", "x"]] * 9 + [["rare"], ["york", "rare", "times"]] + [["times"]] * 30
    config = PhraseConfig(threshold=0.1, min_count=5)
    corpus, found = join_phrases(encode(sentences, None, ALL_WORDS), tmp_path / "c", config, min_count=3, max_vocabulary=2)
    assert corpus.vocabulary.words == ("times", "new_york")
    assert corpus.vocabulary.counts.tolist() == [31, 9]
    assert sentences_of(corpus) == [["new_york"]] * 9 + [["times"]] * 31
    assert [(phrase, count) for phrase, _, count in found] == [("new_york", 9)]
    assert corpus.config == CorpusConfig(tokenizer="whitespace", min_count=3, max_vocabulary=2, phrases=1)
    assert corpus.manifest["phrases"]["found"] == 1


def test_a_corpus_without_its_rare_words_is_refused(tmp_path: Path) -> None:
    sentences = some_sentences(50)
    for config in (CorpusConfig(tokenizer="whitespace", min_count=2), CorpusConfig(tokenizer="whitespace", min_count=1, max_vocabulary=3)):
        with pytest.raises(CorpusError, match="encode it with min_count=1"):
            join_phrases(encode(sentences, None, config), tmp_path / "c")
    with pytest.raises(CorpusError, match="vocabulary is empty"):
        join_phrases(encode(sentences, None, ALL_WORDS), tmp_path / "c", min_count=10**6)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scoring": "pmi"}, "scoring must be one of count, npmi: received 'pmi'"),
        ({"threshold": 0.0}, "threshold must be a number above 0 for count"),
        ({"scoring": "npmi", "threshold": 1.5}, "threshold must be a number from -1 to 1 for npmi: received 1.5"),
        ({"threshold": float("nan")}, "threshold must be"),
        ({"threshold": float("inf")}, "threshold must be"),
        ({"min_count": 0}, "min_count must be an integer of at least 1"),
        ({"passes": True}, "passes must be an integer of at least 1"),
    ],
)
def test_options_out_of_range_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        PhraseConfig(**options)  # type: ignore[arg-type]


def test_the_connector_words_are_gensims() -> None:
    assert ENGLISH_CONNECTOR_WORDS == GENSIM_CONNECTOR_WORDS
