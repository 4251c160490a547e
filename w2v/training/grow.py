"""Growing a model: training goes on with new text, known words keep their vectors, new words are added, counts are summed."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from w2v.config import CorpusConfig, TrainConfig
from w2v.corpus.encoded_corpus import EncodedCorpus, rank_tokens, write_ids, write_vocabulary_and_manifest
from w2v.errors import CheckpointError, ConfigError, CorpusError
from w2v.storage import atomic_directory
from w2v.training.model import Model, start_width
from w2v.vectors.model_directory import StoredModel
from w2v.vocabulary import Vocabulary


def require_growable(stored: StoredModel, config: TrainConfig) -> None:
    """Refuse another number of columns than the model has.

    Raises
    ------
    ConfigError
        with the number.
    """
    dim = stored.input_vectors.shape[1]
    if config.dim != dim:
        raise ConfigError(f"dim must be {dim}, that of {stored.path}, to grow it: received {config.dim}")


def keep_logit_bias(stored: StoredModel, config: TrainConfig) -> TrainConfig:
    """`config` with the bias that the vectors of a model were trained with, where it leaves that open."""
    trained = stored.manifest.get("train_config")
    if config.logit_bias is not None or trained is None:
        return config
    return dataclasses.replace(config, logit_bias=TrainConfig.from_json(trained).logit_bias)


def require_same_initial_model(manifest: dict[str, Any], initial: StoredModel | None, what: str) -> None:
    """Refuse to go on with a training that grows another model.

    Parameters
    ----------
    manifest : of the corpus, or the report, of the earlier run

    Raises
    ------
    CheckpointError
        it names another model than `initial`.
    """
    if manifest.get("grown", {}).get("from") != (None if initial is None else manifest_hash(initial)):
        wanted = "without init_from" if initial is None else f"from {initial.path} as it is now"
        raise CheckpointError(f"{what} was not made {wanted}; overwrite=True starts anew")


def manifest_hash(stored: StoredModel) -> str:
    """Names a stored model and all of its bytes."""
    return str(stored.manifest["manifest_sha256"])


def counting_config(config: CorpusConfig) -> CorpusConfig:
    """How to read new text so that rare words which the model knows are not dropped: `grow_corpus` applies the limits."""
    return dataclasses.replace(config, min_count=1, max_vocabulary=None)


def grow_corpus(corpus: EncodedCorpus, config: CorpusConfig, stored: StoredModel, out: Path) -> EncodedCorpus:
    """A corpus with the ids of the merged vocabulary, at `out`.

    Parameters
    ----------
    corpus : the new text, encoded with `counting_config`
    config : its min_count and max_vocabulary decide which new words are added

    Raises
    ------
    CorpusError
        the new text has no word that is in the merged vocabulary.
    """
    vocabulary, n_new = merge_vocabularies(stored.vocabulary, corpus.vocabulary, config)
    ranks = np.array([vocabulary.ranks.get(word, -1) for word in corpus.vocabulary.words], np.int32)
    with atomic_directory(out, overwrite=True) as folder:
        n_tokens, n_sentences = write_ids(folder, rank_tokens(corpus.tokens, corpus.sentence_offsets, ranks))
        if not n_tokens:
            raise CorpusError(f"no word of the new text is in the model or occurs {config.min_count} times: there is nothing to train on")
        unchanged = ("tokens_read", "distinct_words", "sample_tokens", "sources", "replaced", "events", "unicode", "text")
        facts = {
            "n_tokens": n_tokens,
            "n_sentences": n_sentences,
            "n_words": len(vocabulary),
            **{key: corpus.manifest[key] for key in unchanged if key in corpus.manifest},
            "grown": {"from": manifest_hash(stored), "known_words": len(vocabulary) - n_new, "new_words": n_new},
        }
        write_vocabulary_and_manifest(folder, config, vocabulary, facts)
    return EncodedCorpus.open(out)


def merge_vocabularies(known: Vocabulary, found: Vocabulary, config: CorpusConfig) -> tuple[Vocabulary, int]:
    """All known words and the frequent new ones, ranked by the sums of their counts; and how many are new."""
    counts = dict(zip(known.words, known.counts.tolist(), strict=True))
    new: list[tuple[str, int]] = []
    for word, count in zip(found.words, found.counts.tolist(), strict=True):  # by falling count
        if word in known.ranks:
            counts[word] += count
        elif count >= config.min_count:
            new.append((word, count))
    if config.max_vocabulary is not None:
        new = new[: max(0, config.max_vocabulary - len(known))]
    counts.update(new)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return Vocabulary([word for word, _ in ranked], np.array([count for _, count in ranked], np.int64)), len(new)


def grow_model(stored: StoredModel, corpus: EncodedCorpus, config: TrainConfig) -> Model:
    """The start of the training: rows of the stored model for its words, fresh ones for the others."""
    model = Model.start(len(corpus.vocabulary), config.dim, config.seed, start_width(corpus.config.tokenizer))
    rows = np.array([corpus.vocabulary.ranks[word] for word in stored.vocabulary.words], np.intp)
    model.input_vectors[rows] = stored.input_vectors
    model.output_vectors[rows] = stored.output_vectors
    return model
