"""`encode`: text, events or token lists become an encoded corpus."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig, refuse_unknown_options, with_options
from w2v.corpus.encoded_corpus import (
    KIND,
    VERSION,
    CorpusSource,
    EncodedCorpus,
    FilePath,
    file_paths,
    is_encoded_corpus,
    write_vocabulary_and_manifest,
)
from w2v.corpus.encoding_passes import encode_into
from w2v.corpus.events.event_sequences import EventsInput
from w2v.corpus.inputs import Input, TextInput
from w2v.corpus.phrases.phrase_detection import encode_with_phrases
from w2v.corpus.reading.sources import TextSource, find_sources
from w2v.corpus.source_checks import check_texts_config, choose_source
from w2v.corpus.texts_input import SentencesInput, Texts, TextsInput
from w2v.errors import CorpusError
from w2v.machine import checked_threads
from w2v.progress import progress_bar
from w2v.storage import atomic_directory, read_manifest


def encode(
    source: CorpusSource | Sequence[TextSource] | None = None,
    out: FilePath | None = None,
    config: CorpusConfig | None = None,
    *,
    texts: Iterable[str] | None = None,
    threads: int | None = None,
    progress: bool = False,
    overwrite: bool = False,
    **options: Any,
) -> EncodedCorpus:
    """Turn text into an encoded corpus; what was counted is in its manifest.

    Parameters
    ----------
    source : a path, several paths (files, folders, "-" for stdin) or what `find_sources` made of them, or an iterable of token
        lists, which is read once
    texts : instead of `source`, any iterable of strings: a list, a column of a frame, a generator. Each is read as the text of a file
        would be, a newline ends a sentence; ``errors="replace"`` skips None and NaN
    out : the directory to make; None makes a temporary one that lives as long as the result
    config : how text becomes tokens, and tokens a vocabulary
    threads : None takes the cores that this process may use; the result does not depend on it
    progress : a bar on stderr or in the notebook; where there is no terminal, a line every ten seconds
    overwrite : replace an encoded corpus at `out`, which stays until the new one is complete
    options : fields of `CorpusConfig`, set in `config`

    Raises
    ------
    ConfigError
        an unknown option, or both `source` and `texts`.
    CorpusError
        text that cannot be read, no tokens, or none that `config` keeps.
    OutputError, OSError
        `out` exists, or cannot be written. Nothing half-written stays.
    """
    refuse_unknown_options("encode", options, CorpusConfig)
    config = with_options(CorpusConfig, "config", config, options) or CorpusConfig()
    threads = checked_threads(threads)
    source = choose_source(source, texts)
    sources = _find_text(source, config)
    with _output(out, overwrite) as folder, _progress_bar(sources, progress) as on_bytes:
        text: Input
        if isinstance(source, Texts):
            text = TextsInput(source, config, threads)
        elif sources is None:
            text = SentencesInput(source, blanks_are_usual=config.tokenizer == "items")  # type: ignore[arg-type]
        elif config.item_field is not None:
            text = EventsInput(sources, config, folder, on_bytes)
        else:
            text = TextInput(sources, config, threads, on_bytes)
        vocabulary, facts = (encode_with_phrases if config.phrases else encode_into)(folder, text, config, threads)
        write_vocabulary_and_manifest(folder, config, vocabulary, facts)
    if out is not None:
        folder = Path(out)
    corpus = EncodedCorpus(None if out is None else folder, folder, read_manifest(folder, KIND, VERSION), vocabulary)
    if out is None:
        weakref.finalize(corpus, shutil.rmtree, folder, ignore_errors=True)
    return corpus


@contextmanager
def _output(out: FilePath | None, overwrite: bool) -> Iterator[Path]:
    """A folder that becomes `out`, or a temporary one; gone after an error."""
    if out is not None:
        with atomic_directory(Path(out), overwrite=overwrite, kind=KIND) as folder:
            yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix="w2v-corpus-"))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _find_text(source: object, config: CorpusConfig) -> list[TextSource] | None:
    """The files to read; None for an iterable of sentences or texts.

    Raises
    ------
    CorpusError
        neither, or an encoded corpus.
    """
    if isinstance(source, Texts):
        check_texts_config(config)
        return None
    given = list(source) if isinstance(source, (list, tuple)) else [source]
    sources = [entry for entry in given if isinstance(entry, TextSource)]
    if given and len(sources) == len(given):
        return sources
    paths = file_paths(source)
    if paths is not None:
        for path in paths:
            if is_encoded_corpus(path):
                raise CorpusError(f"{path} is an encoded corpus already")
        return find_sources(paths, config)
    if not isinstance(source, Iterable) or isinstance(source, bytes):
        rule = "a corpus must be a path, several paths or an iterable of token lists"
        raise CorpusError(f"{rule}: received {type(source).__name__}; strings are given as texts=[...]")
    if config.item_field is not None:
        raise CorpusError("events are read from files: give a path with item_field, or sequences of items without it")
    return None


@contextmanager
def _progress_bar(sources: Sequence[TextSource] | None, wanted: bool) -> Iterator[Callable[[int], None] | None]:
    """Something to call with bytes read; a bar on stderr if that is a terminal."""
    if not wanted or sources is None:
        yield None
        return
    sizes = [source.size for source in sources]
    total = None if None in sizes else sum(size or 0 for size in sizes)
    with progress_bar("reading", total, "B", scale=True, leave=False) as bar:
        yield bar.update
