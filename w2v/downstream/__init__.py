"""Vectors at work in Keras: text to ids, ids to an `Embedding` layer, and models on top of it.

Each name below is imported when it is first used, and Keras with the first function that needs it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from w2v.downstream.backend import load_keras as load_keras
    from w2v.downstream.classifier.compare import compare as compare
    from w2v.downstream.classifier.text_classifier import TextClassifier as TextClassifier
    from w2v.downstream.embedding import embedding_layer as embedding_layer
    from w2v.downstream.embedding import fine_tuned_vectors as fine_tuned_vectors
    from w2v.downstream.hashing_trick import one_hot as one_hot
    from w2v.downstream.id_check import check_ids as check_ids
    from w2v.downstream.padding import pad_sequences as pad_sequences
    from w2v.downstream.recommender import Recommender as Recommender
    from w2v.downstream.text_encoder import TextEncoder as TextEncoder
    from w2v.downstream.text_vectorizer import TextVectorizer as TextVectorizer

_HOMES = {
    "TextClassifier": "classifier.text_classifier",
    "compare": "classifier.compare",
    "load_keras": "backend",
    "embedding_layer": "embedding",
    "fine_tuned_vectors": "embedding",
    "TextEncoder": "text_encoder",
    "TextVectorizer": "text_vectorizer",
    "one_hot": "hashing_trick",
    "check_ids": "id_check",
    "pad_sequences": "padding",
    "Recommender": "recommender",
}
__all__ = [*_HOMES]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    elif name in _HOMES.values():
        value = importlib.import_module(f"{__name__}.{name}")
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_HOMES.values()})
