"""What a caller gives as a source: texts or something else, and objects that are neither refused with what to give."""

import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from w2v.config import CorpusConfig
from w2v.corpus.reading.sources import STDIN
from w2v.corpus.texts_input import Texts
from w2v.errors import ConfigError, CorpusError
from w2v.storage import existing_directory

_REMEDIES = "give texts=[...], or split each text into tokens, [text.split() for text in texts]"


def choose_source(source: Any, texts: Any, *, resume: bool = False) -> Any:
    """The source of a corpus, checked as far as can be without reading it; `texts` become `Texts`.

    Parameters
    ----------
    source, texts : exactly one of them is given
    resume : files that are gone are no fault

    Raises
    ------
    ConfigError
        both are given.
    CorpusError
        neither, or one that is of no use: what to give instead.
    """
    if texts is not None:
        if source is not None:
            raise ConfigError("give source or texts, not both")
        return _check_texts(texts)
    refuse_unordered_or_table(source, "a corpus")
    _refuse_missing_files(source, resume)
    return source


def check_texts_config(config: CorpusConfig) -> None:
    """Refuse options that name columns of files.

    Raises
    ------
    ConfigError
        with the option.
    """
    for option in ("text_field", "item_field", "delimiter"):
        if getattr(config, option) is not None:
            raise ConfigError(f"{option} is for files: leave it away with texts")


def _check_texts(texts: Any) -> Texts:
    if isinstance(texts, (str, bytes, os.PathLike)):
        kind = type(texts).__name__
        raise CorpusError(f"texts must be a list of strings: received the {kind} {str(texts)[:60]!r}; one text is texts=[text]")
    refuse_unordered_or_table(texts, "texts")
    if not isinstance(texts, Iterable) or getattr(texts, "ndim", 1) == 0:
        raise CorpusError(f"texts must be an iterable of strings, such as a list or a column: received {type(texts).__name__}")
    return Texts(texts)


def refuse_unordered_or_table(value: Any, what: str) -> None:
    """Refuse frames, mappings and sets, which are iterable and yet no lists.

    Raises
    ------
    CorpusError
        with the kind of `value`, and what to give.
    """
    kind = type(value).__name__
    if hasattr(type(value), "columns"):  # of pandas, polars or arrow
        raise CorpusError(f'{what} cannot be a {kind}: give its column of texts, texts=frame["column"], or one of token lists as source')
    if isinstance(value, Mapping):
        raise CorpusError(f"{what} cannot be a mapping ({kind}): give its texts, texts=list(mapping.values()), or a list of token lists")
    if isinstance(value, (set, frozenset)):
        raise CorpusError(f"{what} cannot be a {kind}, whose order changes from run to run: give a list, such as sorted(...)")


def _refuse_missing_files(source: Any, resume: bool) -> None:
    """Strings that are texts, or tokens, where names of files are wanted."""
    is_list = isinstance(source, (list, tuple))
    given = source if is_list else [source]
    if not all(isinstance(entry, (str, os.PathLike)) for entry in given):
        return
    for entry in given:
        if not isinstance(entry, str) or not _names_nothing(entry, resume):
            continue
        looks_like_text = len(entry.split()) > 1 or len(entry) > 255 or "\0" in entry
        if is_list and looks_like_text:
            raise CorpusError(
                f"a sentence must be a list of tokens: received the string {entry[:60]!r}, which is no file's name either: {_REMEDIES}"
            )
        if is_list:
            raise CorpusError(f"{entry[:60]} does not exist: if these are no files, {_REMEDIES}")
        if looks_like_text or not entry:
            raise CorpusError(f"{entry[:60]!r} does not exist: if it is no file but a text, give texts=[...]")


def _names_nothing(entry: str, resume: bool) -> bool:
    """No file has this name, or none can have it; other errors are left to who opens it."""
    if not entry:
        return True
    if entry == STDIN:
        return False
    try:
        os.stat(entry)
    except (FileNotFoundError, NotADirectoryError):
        return not (resume and entry) and not existing_directory(Path(entry)).exists()
    except ValueError:  # a NUL, or a lone surrogate
        return True
    except OSError as error:
        return error.errno == errno.ENAMETOOLONG
    return False
