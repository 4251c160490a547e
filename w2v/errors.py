"""Everything that w2v raises on purpose.

Each error is a `W2VError` and also the built-in that a caller would expect:

    W2VError
    ├── ConfigError(ValueError)        an option outside its range, or options that exclude each other
    ├── CorpusError(ValueError)        text that cannot be read or trained on
    ├── UnknownWordError(KeyError)     a word outside the vocabulary, with close matches
    ├── IdError(ValueError)            an id that an embedding layer has no row for: the id and its place
    ├── FormatError(ValueError)        a file or directory that is not what it should be: path, and line or byte
    ├── CheckpointError(ValueError)    a training that cannot be resumed, with the difference
    ├── DivergedError(ArithmeticError) non-finite values in training
    ├── OutputError(OSError)           a result that cannot be written, or would overwrite something
    ├── DownloadError(OSError)         a corpus that cannot be fetched
    └── MissingExtraError(ImportError) an optional package that is not installed, with the pip command

A message is one sentence for a user: what must hold, what was found, what to do. Ctrl-C and SIGTERM while a model is trained are no errors
but a `KeyboardInterrupt`, whose message says what was saved.
"""

import importlib
from collections.abc import Sequence
from types import ModuleType


class W2VError(Exception):
    """Base of all errors that w2v raises on purpose."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ConfigError(W2VError, ValueError):
    """Raised when an option is outside its range, or options exclude each other."""


class CorpusError(W2VError, ValueError):
    """Raised when text cannot be read, or has nothing to train on."""


class UnknownWordError(W2VError, KeyError):
    """Raised when a word is not in the vocabulary.

    Parameters
    ----------
    word : the word that was asked for
    close_matches : vocabulary words that look like it, best first
    """

    def __init__(self, word: str, close_matches: Sequence[str] = ()) -> None:
        hint = f"; close matches: {', '.join(close_matches)}" if close_matches else ""
        super().__init__(f"{word!r} is not in the vocabulary{hint}")
        self.word = word
        self.close_matches = tuple(close_matches)


class IdError(W2VError, ValueError):
    """Raised when an embedding layer has no row for an id."""


class FormatError(W2VError, ValueError):
    """Raised when a file, a directory or an array is not what it should be."""


class CheckpointError(W2VError, ValueError):
    """Raised when a training cannot be resumed."""


class DivergedError(W2VError, ArithmeticError):
    """Raised when training gives values that are not finite."""


class OutputError(W2VError, OSError):
    """Raised when a result cannot be written, or would overwrite something."""


class DownloadError(W2VError, OSError):
    """Raised when a corpus cannot be fetched, or is not what its recipe says."""


class MissingExtraError(W2VError, ImportError):
    """Raised when an optional package is not installed."""


def argument(name: str, value: object = None) -> str:
    """An argument as a caller in Python writes it, for a message; the command line makes options of them.

    >>> argument("text_field"), argument("encoding", "cp1252"), argument("overwrite", True)
    ('text_field', 'encoding="cp1252"', 'overwrite=True')
    """
    if value is None:
        return name if "_" in name else f"{name}="
    return f'{name}="{value}"' if isinstance(value, str) else f"{name}={value}"


def import_extra(module: str, extra: str, purpose: str) -> ModuleType:
    """Import an optional package, or say how to install it.

    Parameters
    ----------
    module : dotted name, such as ``"gensim.models"``
    extra : the extra of w2v that brings it
    purpose : what it is needed for, in words that end the sentence "... is needed for"

    Raises
    ------
    MissingExtraError
        with the exact pip command.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise MissingExtraError(f"{package} is needed for {purpose}: pip install 'w2v[{extra}]' ({error})") from error
