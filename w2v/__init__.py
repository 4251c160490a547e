"""Word vectors from text: skip-gram with negative sampling, fast.

>>> import w2v
>>> w2v.TrainConfig(dim=50).window
5

`import w2v` is cheap: each name below is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from w2v.version import __version__

if TYPE_CHECKING:
    from w2v import downstream as downstream
    from w2v.config import CorpusConfig as CorpusConfig
    from w2v.config import TrainConfig as TrainConfig
    from w2v.corpus.encoded_corpus import EncodedCorpus as EncodedCorpus
    from w2v.corpus.encoding import encode as encode
    from w2v.errors import W2VError as W2VError
    from w2v.formats import load as load
    from w2v.formats import save as save
    from w2v.training.run import train as train
    from w2v.vectors.word_vectors import WordVectors as WordVectors
    from w2v.vocabulary import Vocabulary as Vocabulary

_HOMES = {
    "CorpusConfig": "w2v.config",
    "TrainConfig": "w2v.config",
    "EncodedCorpus": "w2v.corpus.encoded_corpus",
    "encode": "w2v.corpus.encoding",
    "W2VError": "w2v.errors",
    "load": "w2v.formats",
    "save": "w2v.formats",
    "train": "w2v.training.run",
    "WordVectors": "w2v.vectors.word_vectors",
    "Vocabulary": "w2v.vocabulary",
}
_PACKAGES = ("downstream",)
__all__ = [*_HOMES, *_PACKAGES, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        value = importlib.import_module(f"w2v.{name}")
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'w2v' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
