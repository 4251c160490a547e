"""Word vectors from text: skip-gram with negative sampling, fast.

>>> import w2v
>>> w2v.TrainConfig(dim=50).negatives
5

    encode, EncodedCorpus, CorpusConfig, make_tokenizer, Vocabulary     text to ids
    train, TrainedModel, TrainConfig, Hooks                             ids to vectors
    load, save, load_model, load_subwords                               files
    WordVectors, Neighbor                                               looking at vectors
    evaluate, read_set, PairSet, AnalogySet                             measuring them
    write_report                                                        a page about a training
    read_categories, Categories                                         rows of a table as sequences
    as_graph, Graph, WalkConfig, write_walks, walks_on_the_fly          graphs to text
    downstream                                                          Keras layers and models on top of vectors
    errors, W2VError                                                    what is raised

These names, those of `w2v.downstream` and those of `w2v.errors` are public: docs/api.md lists them. All other modules are private and may
change with any release.

`import w2v` is cheap: each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from w2v.version import __version__

if TYPE_CHECKING:
    from w2v import downstream as downstream
    from w2v import errors as errors
    from w2v.config import CorpusConfig as CorpusConfig
    from w2v.config import TrainConfig as TrainConfig
    from w2v.corpus.category_tokens import Categories as Categories
    from w2v.corpus.category_tokens import read_categories as read_categories
    from w2v.corpus.encoded_corpus import EncodedCorpus as EncodedCorpus
    from w2v.corpus.encoding import encode as encode
    from w2v.corpus.tokens.tokenizers import make_tokenizer as make_tokenizer
    from w2v.errors import W2VError as W2VError
    from w2v.formats import load as load
    from w2v.formats import save as save
    from w2v.formats.rows.fasttext_bin import load_subwords as load_subwords
    from w2v.graphs.edges import as_graph as as_graph
    from w2v.graphs.graph import Graph as Graph
    from w2v.graphs.random_walks import WalkConfig as WalkConfig
    from w2v.graphs.random_walks import write_walks as write_walks
    from w2v.graphs.walks_on_the_fly import walks_on_the_fly as walks_on_the_fly
    from w2v.training.run import Hooks as Hooks
    from w2v.training.run import TrainedModel as TrainedModel
    from w2v.training.run import train as train
    from w2v.training_report.training_page import write_report as write_report
    from w2v.vectors.evaluation import evaluate as evaluate
    from w2v.vectors.evaluation_sets import AnalogySet as AnalogySet
    from w2v.vectors.evaluation_sets import PairSet as PairSet
    from w2v.vectors.evaluation_sets import read_set as read_set
    from w2v.vectors.model_directory import load_model as load_model
    from w2v.vectors.nearest import Neighbor as Neighbor
    from w2v.vectors.word_vectors import WordVectors as WordVectors
    from w2v.vocabulary import Vocabulary as Vocabulary

_HOMES = {
    "train": "w2v.training.run",
    "TrainConfig": "w2v.config",
    "CorpusConfig": "w2v.config",
    "TrainedModel": "w2v.training.run",
    "Hooks": "w2v.training.run",
    "encode": "w2v.corpus.encoding",
    "EncodedCorpus": "w2v.corpus.encoded_corpus",
    "make_tokenizer": "w2v.corpus.tokens.tokenizers",
    "Categories": "w2v.corpus.category_tokens",
    "read_categories": "w2v.corpus.category_tokens",
    "Vocabulary": "w2v.vocabulary",
    "WordVectors": "w2v.vectors.word_vectors",
    "Neighbor": "w2v.vectors.nearest",
    "load": "w2v.formats",
    "save": "w2v.formats",
    "load_model": "w2v.vectors.model_directory",
    "load_subwords": "w2v.formats.rows.fasttext_bin",
    "evaluate": "w2v.vectors.evaluation",
    "read_set": "w2v.vectors.evaluation_sets",
    "PairSet": "w2v.vectors.evaluation_sets",
    "AnalogySet": "w2v.vectors.evaluation_sets",
    "as_graph": "w2v.graphs.edges",
    "Graph": "w2v.graphs.graph",
    "write_walks": "w2v.graphs.random_walks",
    "WalkConfig": "w2v.graphs.random_walks",
    "walks_on_the_fly": "w2v.graphs.walks_on_the_fly",
    "write_report": "w2v.training_report.training_page",
    "W2VError": "w2v.errors",
}
_PACKAGES = ("downstream", "errors")
__all__ = [*_HOMES, *_PACKAGES, "__version__"]


def __getattr__(name: str) -> Any:
    if name in _PACKAGES:
        value = importlib.import_module(f"w2v.{name}")
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        from w2v.vectors.foreign_names import module_hint

        raise AttributeError(module_hint(name) or f"module 'w2v' has no attribute {name!r}", name=name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
