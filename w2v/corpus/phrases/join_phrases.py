"""From an encoded corpus to one in which phrases are words."""

from dataclasses import replace
from pathlib import Path

from w2v.corpus.encoded_corpus import KIND, EncodedCorpus, FilePath, write_vocabulary_and_manifest
from w2v.corpus.phrases.phrase_detection import CorpusTokens, Phrase, PhraseConfig, join_into
from w2v.errors import CorpusError
from w2v.storage import atomic_directory


def join_phrases(
    corpus: EncodedCorpus,
    out: FilePath,
    config: PhraseConfig | None = None,
    *,
    min_count: int = 5,
    max_vocabulary: int | None = None,
    overwrite: bool = False,
) -> tuple[EncodedCorpus, list[Phrase]]:
    """Write a copy of a corpus in which phrases are words.

    Parameters
    ----------
    corpus : encoded with min_count 1 and no max_vocabulary
    out : the directory of the new corpus
    min_count, max_vocabulary : which words and phrases the new corpus keeps

    Returns
    -------
    The new corpus, and the phrases that it keeps by falling count.

    Raises
    ------
    CorpusError
        a corpus without its rare words, or nothing left of it.
    OutputError, OSError
        `out` exists, or cannot be written.
    """
    config = config or PhraseConfig()
    if corpus.config.min_count != 1 or corpus.config.max_vocabulary is not None:
        raise CorpusError("phrases need a corpus of all its words: encode it with min_count=1 and without max_vocabulary")
    passes = corpus.config.phrases + config.passes
    kept = replace(corpus.config, min_count=min_count, max_vocabulary=max_vocabulary, phrases=passes)
    tokens = CorpusTokens(corpus.vocabulary.words, corpus.vocabulary.counts, corpus.tokens, corpus.sentence_offsets)
    with atomic_directory(Path(out), overwrite=overwrite, kind=KIND) as folder:
        vocabulary, facts, phrases = join_into(folder, tokens, config, kept)
        write_vocabulary_and_manifest(folder, kept, vocabulary, {**corpus.manifest, **facts})
    return EncodedCorpus.open(out), phrases
